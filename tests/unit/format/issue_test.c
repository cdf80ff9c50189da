#include "format/issue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_issues_beyond_the_room_are_dropped(void **state)
{
	(void)state;
	struct sf_issues issues = {0};
	assert_false(sf_issues_fatal(&issues));
	for (int i = 0; i < SF_ISSUE_MAX + 3; i++)
		sf_issue_add(&issues, SF_MSG_NO_MATCH, "A.b", "text");
	assert_int_equal(issues.count, SF_ISSUE_MAX);
	assert_true(sf_issues_fatal(&issues));
}

static void test_information_alone_is_not_fatal(void **state)
{
	(void)state;
	struct sf_issues issues = {0};
	sf_issue_add(&issues, SF_MSG_DUPLICATE_ID, "MessageHeader.id", "received before");
	issues.items[0].fatal = false;
	assert_false(sf_issues_fatal(&issues));
}

static void test_codes_have_their_system_and_type(void **state)
{
	(void)state;
	assert_string_equal(sf_issue_system("MSG_DUPLICATE_ID"),
		"http://terminology.hl7.org/CodeSystem/operation-outcome");
	assert_string_equal(sf_issue_system("MSG_VALUESET_VALUE_UNKNOWN"),
		"http://medcomfhir.dk/ig/terminology/CodeSystem/"
		"medcom-acknowledgement-error-codes");
	assert_string_equal(sf_issue_type("MSG_RESOURCE_REQUIRED"), "required");
	assert_string_equal(sf_issue_type("MSG_VALUESET_VALUE_UNKNOWN"), "structure");
	assert_string_equal(sf_issue_type("MSG_Receiver_Identifier_UNKNOWN"), "not-found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_issues_beyond_the_room_are_dropped),
		cmocka_unit_test(test_information_alone_is_not_fatal),
		cmocka_unit_test(test_codes_have_their_system_and_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
