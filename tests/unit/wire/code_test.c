#include "wire/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Every list of code.h: each of its numbers is read as itself, and no other below 40 is. */
#define IS_IN_LIST(symbol, number, text) in_list = in_list || value == (number);
#define CHECK(noun, type, LIST)                                                                    \
	for (uint32_t value = 0; value < 40; value++) {                                            \
		bool in_list = false;                                                              \
		type code = (type)0;                                                               \
		LIST(IS_IN_LIST)                                                                   \
		assert_int_equal(sf_code_##noun(value, #noun, &code, NULL),                        \
			in_list ? SF_OK : SF_ERR_FORMAT);                                          \
		assert_int_equal(code, in_list ? value : 0);                                       \
	}
#define CHECK_OPTIONAL(noun, type, LIST)                                                           \
	for (uint32_t value = 0; value < 40; value++) {                                            \
		bool in_list = value == 0;                                                         \
		type code = (type)1;                                                               \
		LIST(IS_IN_LIST)                                                                   \
		assert_int_equal(sf_code_##noun##_or_none(value, #noun, &code, NULL),              \
			in_list ? SF_OK : SF_ERR_FORMAT);                                          \
		assert_int_equal(code, in_list ? value : 1);                                       \
	}

static void test_the_numbers_of_each_list_are_known_and_no_other(void **state)
{
	(void)state;
	SF_CODE_LISTS(CHECK)
}

static void test_where_nothing_may_be_said_zero_is_known_too(void **state)
{
	(void)state;
	SF_CODE_OPTIONAL_LISTS(CHECK_OPTIONAL)
}

static void test_numbers_beside_the_lists_are_refused(void **state)
{
	(void)state;
	enum sf_role role = SF_ROLE_GP;
	enum sf_activity activity = SF_ACTIVITY_DEATH;
	const uint32_t not_roles[] = {0, 8, 31, 34, UINT32_MAX};
	struct sf_diag diag;
	for (size_t i = 0; i < SF_COUNT(not_roles); i++)
		assert_int_equal(sf_code_role(not_roles[i], "to", &role, &diag), SF_ERR_FORMAT);
	assert_string_equal(diag.text, "to has a value that is not known");
	assert_int_equal(role, SF_ROLE_GP);
	assert_int_equal(sf_code_activity(0, "x", &activity, NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_code_activity(7, "x", &activity, NULL), SF_ERR_FORMAT);
	assert_int_equal(activity, SF_ACTIVITY_DEATH);
}

static void test_domains_are_any_set_of_the_known_ones(void **state)
{
	(void)state;
	sf_domain_set domains = 9;
	assert_int_equal(sf_code_domains(0, "x", &domains, NULL), SF_OK);
	assert_int_equal(domains, 0);
	assert_int_equal(sf_code_domains(SF_DOMAIN_ALL, "x", &domains, NULL), SF_OK);
	assert_int_equal(domains, SF_DOMAIN_ALL);
	assert_int_equal(sf_code_domains(SF_DOMAIN_ALL + 1, "x", &domains, NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_code_domains(UINT32_MAX, "x", &domains, NULL), SF_ERR_FORMAT);
	assert_int_equal(domains, SF_DOMAIN_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_numbers_of_each_list_are_known_and_no_other),
		cmocka_unit_test(test_where_nothing_may_be_said_zero_is_known_too),
		cmocka_unit_test(test_numbers_beside_the_lists_are_refused),
		cmocka_unit_test(test_domains_are_any_set_of_the_known_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
