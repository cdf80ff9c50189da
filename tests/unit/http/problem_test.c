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
	sf_problem(&told.exchange, 404, "no message of this id");
	assert_int_equal(told.response.status, 404);
	assert_string_equal(told.response.content_type, "application/problem+json");
	assert_true(
		told_is(&told, "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
			       "\"detail\":\"no message of this id\"}"));
	/* A later word replaces the first. */
	sf_problem(&told.exchange, 409, "");
	assert_true(
		told_is(&told, "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409}"));
	told_fini(&told);
}

static void test_text_that_cannot_be_written_leaves_the_status(void **state)
{
	(void)state;
	struct told told;
	told_init(&told, "/");
	sf_problem(&told.exchange, 400, "\xff");
	assert_int_equal(told.response.status, 400);
	assert_string_equal(told.response.content_type, "");
	assert_int_equal(told.response.body.size, 0);
	told_fini(&told);
}

static void test_errors_of_the_engine_have_one_status_each(void **state)
{
	(void)state;
	static const struct {
		enum sf_err err;
		unsigned status, retry_after_s;
	} rows[] = {{SF_ERR_NOT_FOUND, 404, 0}, {SF_ERR_USAGE, 422, 0}, {SF_ERR_REFUSED, 409, 0},
		{SF_ERR_CONFLICT, 409, 0}, {SF_ERR_AGAIN, 503, 5}, {SF_ERR_DISK_FULL, 507, 5},
		{SF_ERR_CORRUPT, 500, 0}};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		const struct sf_request request = {.kind = SF_REQUEST_STATUS};
		const struct sf_reply reply = {.err = rows[i].err, .text = "why"};
		struct told told;
		told_init(&told, "/x");
		sf_problem_reply(&told.exchange, &request, &reply);
		assert_int_equal(told.response.status, rows[i].status);
		assert_int_equal(told.response.retry_after_s, rows[i].retry_after_s);
		assert_true(told_has(&told, "\"code\":"));
		assert_true(told_has(&told, "\"detail\":\"why\""));
		told_fini(&told);
	}
	/* What is asked of a state that is no more is a precondition that failed. */
	const struct sf_request request = {.expected = {.said = true}};
	assert_int_equal(
		sf_problem_status(&request, &(struct sf_reply){.err = SF_ERR_CONFLICT}), 412);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_problem_says_status_title_and_detail),
		cmocka_unit_test(test_text_that_cannot_be_written_leaves_the_status),
		cmocka_unit_test(test_errors_of_the_engine_have_one_status_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
