#include "wire/api_role.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_roles_are_read_as_they_are_written(void **state)
{
	(void)state;
	sf_api_roles roles = 0;
	for (size_t role = 0; role < SF_API_ROLE_COUNT; role++) {
		assert_int_equal(
			sf_api_roles_parse(sf_api_role_text((enum sf_api_role)role), &roles),
			SF_OK);
		assert_int_equal(roles, SF_API_ROLE_BIT(role));
	}
	assert_int_equal(sf_api_roles_parse("clerk,system-in", &roles), SF_OK);
	assert_int_equal(roles, SF_API_ROLE_BIT(SF_API_CLERK) | SF_API_ROLE_BIT(SF_API_SYSTEM_IN));
	assert_string_equal(sf_api_role_text((enum sf_api_role)SF_API_ROLE_COUNT), "unknown");
}

static void test_a_word_that_is_no_role_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"", ",", "clerk,", ",clerk", "Clerk", "clerk operator", "system", "unknown"};
	sf_api_roles roles = 99;
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_int_equal(sf_api_roles_parse(wrong[i], &roles), SF_ERR_USAGE);
	assert_int_equal(roles, 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roles_are_read_as_they_are_written),
		cmocka_unit_test(test_a_word_that_is_no_role_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
