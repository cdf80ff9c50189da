#include "wire/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_every_number_of_the_lists_is_known(void **state)
{
	(void)state;
	enum sf_role role;
	enum sf_pathway pathway;
	enum sf_activity activity;
	enum sf_mode mode;
	enum sf_stay_class stay_class;
	enum sf_ack ack;
	enum sf_key_use use;
#define KNOWN(call, expected)                                                                      \
	assert_int_equal(call, SF_OK);                                                             \
	assert_int_equal(expected, number)
	for (uint32_t number = SF_ROLE_HOSPITAL; number <= SF_ROLE_OUT_OF_HOURS; number++) {
		KNOWN(sf_code_role(number, "x", &role, NULL), role);
	}
	for (uint32_t number = 1; number <= 2; number++) {
		KNOWN(sf_code_pathway(number, "x", &pathway, NULL), pathway);
		KNOWN(sf_code_stay_class(number, "x", &stay_class, NULL), stay_class);
	}
	for (uint32_t number = 1; number <= 3; number++) {
		KNOWN(sf_code_mode(number, "x", &mode, NULL), mode);
		KNOWN(sf_code_ack(number, "x", &ack, NULL), ack);
	}
	for (uint32_t number = 1; number <= 6; number++) {
		KNOWN(sf_code_activity(number, "x", &activity, NULL), activity);
	}
	for (uint32_t number = 1; number <= 5; number++) {
		KNOWN(sf_code_key_use(number, "x", &use, NULL), use);
	}
#undef KNOWN
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
		cmocka_unit_test(test_every_number_of_the_lists_is_known),
		cmocka_unit_test(test_numbers_beside_the_lists_are_refused),
		cmocka_unit_test(test_domains_are_any_set_of_the_known_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
