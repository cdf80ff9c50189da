#include "unit/core/check.h"

#include "core/array.h"

#include <stdlib.h>

static void test_room_is_what_was_asked(void **state)
{
	(void)state;
	void *items = NULL;
	size_t capacity = 0;
	assert_int_equal(sf_array_reserve(&items, &capacity, 3, 8), SF_OK);
	assert_int_equal(capacity, 3);
	memset(items, 7, 24);
	assert_int_equal(sf_array_reserve(&items, &capacity, 2, 8), SF_OK);
	assert_int_equal(capacity, 3); /* never less */
	assert_int_equal(sf_array_reserve(&items, &capacity, 5, 8), SF_OK);
	assert_int_equal(capacity, 5);
	assert_int_equal(((unsigned char *)items)[23], 7);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_room_is_what_was_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
