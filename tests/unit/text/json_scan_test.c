#include "text/json_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_scanned(const char *json, const char *expected)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 1000);
	assert_int_equal(sf_json_scan(sf_view_text(json), &buf, NULL), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_view_text(expected)));
	sf_buf_fini(&buf);
}

static void test_numbers_are_dressed_and_nothing_else_changes(void **state)
{
	(void)state;
	assert_scanned("", "");
	assert_scanned("[0]", "[\"\\u00010\"]");
	assert_scanned("{\"a1\":-1.50E-2}", "{\"a1\":\"\\u0001-1.50E-2\"}");
	assert_scanned("[\"12 \\\" 3\",true]", "[\"12 \\\" 3\",true]");
	assert_scanned("[\"\\\\\",1]", "[\"\\\\\",\"\\u00011\"]");
	assert_scanned("\"\\", "\"\\");
}

static void test_forged_marks_and_bad_numbers_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"[\"\\u0001\"]", "[-]", "[1.]", "[1e+]", "[-a]"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_buf buf;
		sf_buf_init(&buf, 1000);
		assert_int_equal(sf_json_scan(sf_view_text(wrong[i]), &buf, NULL), SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
	/* An escaped backslash before u0001 is no escape. */
	assert_scanned("[\"\\\\u0001\"]", "[\"\\\\u0001\"]");
}

static void test_ceiling_of_the_buffer_holds(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 5);
	assert_int_equal(sf_json_scan(sf_view_text("[1,2]"), &buf, NULL), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_dressed_and_nothing_else_changes),
		cmocka_unit_test(test_forged_marks_and_bad_numbers_are_refused),
		cmocka_unit_test(test_ceiling_of_the_buffer_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
