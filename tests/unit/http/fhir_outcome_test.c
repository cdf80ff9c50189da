#include "http/fhir_outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fhir_document.h"
#include "http/problem.h"

/* FHIR R4 value set issue-type, as far as it is used here. */
static bool is_issue_type(const char *type)
{
	static const char *const types[] = {"invalid", "structure", "required", "login",
		"forbidden", "processing", "not-supported", "duplicate", "not-found", "deleted",
		"too-long", "conflict", "transient", "no-store", "exception", "timeout",
		"throttled", "informational"};
	for (size_t i = 0; i < SF_COUNT(types); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

/* Whatever goes wrong below /fhir is an OperationOutcome, in the syntax that was asked for. */
static void test_every_problem_is_an_outcome_in_either_syntax(void **state)
{
	(void)state;
	static const unsigned statuses[] = {
		400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 422, 429, 500, 503};
	for (size_t i = 0; i < 2 * SF_COUNT(statuses); i++) {
		struct told told;
		told_init(&told, "/fhir/Task");
		told.request.accept = i % 2 ? "application/fhir+xml" : "application/fhir+json";
		sf_problem(&told.exchange, statuses[i / 2], i % 3 ? "why & <what>" : NULL);
		assert_int_equal(told.response.status, statuses[i / 2]);
		assert_string_equal(told.response.content_type, told.request.accept);
		const struct sf_element *outcome = fhir_document(&told, "OperationOutcome");
		assert_int_equal(sf_element_count(outcome, "issue"), 1);
		assert_string_equal(fhir_text(outcome, "issue.severity"), "error");
		assert_true(is_issue_type(fhir_text(outcome, "issue.code")));
		assert_true(strlen(fhir_text(outcome, "issue.diagnostics")) > 0);
		if (i % 3)
			assert_string_equal(
				fhir_text(outcome, "issue.diagnostics"), "why & <what>");
		told_fini(&told);
	}
}

static void test_other_paths_have_problems_as_before(void **state)
{
	(void)state;
	struct told told;
	told_init(&told, "/api/v1/status");
	sf_problem(&told.exchange, 404, "");
	assert_string_equal(told.response.content_type, "application/problem+json");
	told_fini(&told);
}

/* A request so broken that it has no path yet. */
static void test_request_without_a_path_has_a_problem(void **state)
{
	(void)state;
	struct told told;
	told_init(&told, NULL);
	sf_problem(&told.exchange, 400, "");
	assert_string_equal(told.response.content_type, "application/problem+json");
	told_fini(&told);
}

static void test_posted_syntax_is_answered_in_when_both_will_do(void **state)
{
	(void)state;
	struct told told;
	told_init(&told, "/fhir/$process-message");
	told.request.content_type = "application/fhir+xml";
	sf_fhir_problem(&told.exchange, 422, "no");
	assert_string_equal(told.response.content_type, "application/fhir+xml");
	told_fini(&told);
}

static void test_issues_of_medcom_have_their_system_and_element(void **state)
{
	(void)state;
	static const struct sf_issue_row rows[] = {
		{true, "MSG_Receiver_Identifier_UNKNOWN", "MessageHeader.destination", "who?"},
		{false, "MSG_DUPLICATE_ID", "", "again"},
	};
	struct told told;
	told_init(&told, "/fhir/$process-message");
	sf_fhir_issues(&told.exchange, 422, rows, SF_COUNT(rows));
	const struct sf_element *outcome = fhir_document(&told, "OperationOutcome");
	assert_int_equal(sf_element_count(outcome, "issue"), 2);
	struct sf_element_items items = sf_element_items(outcome, "issue");
	const struct sf_element *issue = sf_element_next(&items);
	assert_string_equal(fhir_text(issue, "severity"), "error");
	assert_string_equal(fhir_text(issue, "code"), "not-found");
	assert_string_equal(
		fhir_text(issue, "details.coding.code"), "MSG_Receiver_Identifier_UNKNOWN");
	assert_non_null(strstr(fhir_text(issue, "details.coding.system"), "medcomfhir.dk"));
	issue = sf_element_next(&items);
	assert_string_equal(fhir_text(issue, "severity"), "information");
	assert_null(sf_element_one(issue, "expression"));
	told_fini(&told);
}

static void test_errors_of_replies_have_their_status(void **state)
{
	(void)state;
	static const struct {
		enum sf_err err;
		unsigned status;
	} cases[] = {{SF_ERR_NOT_FOUND, 404}, {SF_ERR_USAGE, 400}, {SF_ERR_REFUSED, 409},
		{SF_ERR_MEMORY, 503}, {SF_ERR_DISK_FULL, 507}};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		const struct sf_reply reply = {.err = cases[i].err, .text = "why"};
		told_init(&told, "/fhir/Task");
		sf_fhir_reply_problem(&told.exchange, &reply);
		assert_int_equal(told.response.status, cases[i].status);
		assert_int_equal(told.response.retry_after_s > 0, cases[i].status == 503);
		told_fini(&told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_problem_is_an_outcome_in_either_syntax),
		cmocka_unit_test(test_other_paths_have_problems_as_before),
		cmocka_unit_test(test_request_without_a_path_has_a_problem),
		cmocka_unit_test(test_posted_syntax_is_answered_in_when_both_will_do),
		cmocka_unit_test(test_issues_of_medcom_have_their_system_and_element),
		cmocka_unit_test(test_errors_of_replies_have_their_status),
	};
	return cmocka_run_group_tests_name("http/fhir_outcome", tests, NULL, NULL);
}
