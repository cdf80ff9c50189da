#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/padme.h"

/* Computed with Python from the definition in WIRE section 1. */
static void test_sizes_are_those_of_the_definition(void **state)
{
	(void)state;
	static const size_t sizes[][2] = {{0, 4096}, {4095, 4096}, {4096, 4352}, {65535, 65536},
		{65536, 67584}, {1032191, 1032192}, {104857599, 104857600}, {104857600, 106954752}};
	for (size_t i = 0; i < SF_COUNT(sizes); i++)
		assert_int_equal(sf_padme(sizes[i][0]), sizes[i][1]);
}

static void test_there_is_always_room_for_the_mark(void **state)
{
	(void)state;
	size_t before = 0;
	for (size_t size = 0; size < 300000; size++) {
		size_t padded = sf_padme(size);
		assert_true(padded > size && padded >= before);
		/* What is padded has no other length: its last content fits it, too. */
		assert_int_equal(sf_padme(padded - 1), padded);
		before = padded;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_are_those_of_the_definition),
		cmocka_unit_test(test_there_is_always_room_for_the_mark),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
