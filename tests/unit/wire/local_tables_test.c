#include "wire/local_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_tables_and_schema_have_the_same_fields(void **state)
{
	(void)state;
	static const size_t requests[] = {
#define X(symbol, number, member) symbol,
		SF_REQUEST_LIST(X)
#undef X
	};
	static const size_t replies[] = {
#define X(symbol, number, member) symbol,
		SF_REPLY_LIST(X)
#undef X
	};
	for (size_t i = 0; i < SF_COUNT(requests); i++) {
		const struct sf_mirror *mirror = sf_local_request_mirror(requests[i]);
		assert_non_null(mirror);
		assert_true(sf_mirror_fits(mirror));
	}
	for (size_t i = 0; i < SF_COUNT(replies); i++) {
		const struct sf_mirror *mirror = sf_local_reply_mirror(replies[i]);
		assert_non_null(mirror);
		assert_true(sf_mirror_fits(mirror));
	}
	assert_null(sf_local_request_mirror(0));
	assert_null(sf_local_request_mirror(199));
	assert_null(sf_local_reply_mirror(SF_REPLY_DONE));
	assert_null(sf_local_reply_mirror(199));
}

static void test_a_table_that_differs_does_not_fit(void **state)
{
	(void)state;
	const struct sf_mirror *good = sf_local_request_mirror(SF_REQUEST_OFFER);
	struct sf_mirror_field fields[3] = {good->fields[0], good->fields[1], good->fields[2]};
	struct sf_mirror mirror = *good;
	mirror.fields = fields;
	assert_true(sf_mirror_fits(&mirror));
	fields[2].name = "from";
	assert_false(sf_mirror_fits(&mirror));
	fields[2] = good->fields[2];
	fields[2].type = SF_MIRROR_U64;
	assert_false(sf_mirror_fits(&mirror));
	fields[2] = good->fields[2];
	fields[2].size = 8;
	assert_false(sf_mirror_fits(&mirror));
	mirror.field_count = 2;
	assert_false(sf_mirror_fits(&mirror));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_and_schema_have_the_same_fields),
		cmocka_unit_test(test_a_table_that_differs_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
