/*
 * Facts by themselves (src/wire/fact.h): the first byte is the kind. What is read can be written,
 * and what was written reads as the same again; what is not read names its place.
 */
#include "fuzz/fuzz.h"

#include "wire/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_fact fact, again;
	struct sf_diag diag = {{0}};
	if (size == 0)
		return 0;
	if (sf_fact_decode(bytes[0], sf_view_of(bytes + 1, size - 1), &fact, &diag) != SF_OK) {
		SF_ASSERT(diag.text[0] != '\0');
		return 0;
	}
	struct sf_buf first, second;
	sf_buf_init(&first, size + 64);
	sf_buf_init(&second, size + 64);
	SF_ASSERT(sf_fact_encode(&fact, &first) == SF_OK);
	SF_ASSERT(sf_fact_decode(fact.kind, sf_buf_view(&first), &again, NULL) == SF_OK);
	SF_ASSERT(sf_fact_encode(&again, &second) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
	sf_buf_fini(&first);
	sf_buf_fini(&second);
	return 0;
}
