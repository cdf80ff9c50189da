/* Names that peers give: a name that is called printable is UTF-8 without anything that hides. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/bytes.h"
#include "base/printable.h"

#define NAME_SIZE_MAX 4096

static void hold(const char *name, size_t size)
{
	size_t walked = 0;
	bool all_good = true;
	while (walked < size) {
		bool good = false;
		size_t step = sf_printable_step(name + walked, &good);
		SF_ASSERT(step >= 1 && step <= 4 && walked + step <= size);
		/* What is good is a character by itself, whatever stands beside it. */
		SF_ASSERT(!good || sf_utf8_valid(sf_view_of(name + walked, step)));
		all_good &= good;
		walked += step;
	}
	SF_ASSERT(sf_printable(name) == all_good);
	SF_ASSERT(!all_good || sf_utf8_valid(sf_view_of(name, size)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[NAME_SIZE_MAX + 1] = "";
	size_t taken = size < NAME_SIZE_MAX ? size : NAME_SIZE_MAX;
	if (taken > 0)
		memcpy(name, data, taken);
	hold(name, strlen(name));
	return 0;
}
