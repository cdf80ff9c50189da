#include "http/problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "exchange.h"

static void test_problem_says_status_title_and_detail(void **state)
{
	(void)state;
	struct told told;
	told_init(&told, "/");
	sf_problem(&told.exchange, 404, NULL, "no message of this id");
	assert_int_equal(told.response.status, 404);
	assert_string_equal(told.response.content_type, "application/problem+json");
	assert_true(
		told_is(&told, "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
			       "\"detail\":\"no message of this id\"}"));
	/* A later word replaces the first. */
	sf_problem(&told.exchange, 409, "In Use", "");
	assert_true(
		told_is(&told, "{\"type\":\"about:blank\",\"title\":\"In Use\",\"status\":409}"));
	told_fini(&told);
}

static void test_text_that_cannot_be_written_leaves_the_status(void **state)
{
	(void)state;
	struct told told;
	told_init(&told, "/");
	sf_problem(&told.exchange, 400, NULL, "\xff");
	assert_int_equal(told.response.status, 400);
	assert_string_equal(told.response.content_type, "");
	assert_int_equal(told.response.body.size, 0);
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_problem_says_status_title_and_detail),
		cmocka_unit_test(test_text_that_cannot_be_written_leaves_the_status),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
