/* Who is admitted, as whom and with which roles. */
#include "door/door.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/door/doorstep.h"

static void test_a_person_is_admitted_under_the_name(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	struct sf_asker asker = doorstep_asker(
		step, doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD).session.secret);
	assert_int_equal(doorstep_admit(step, &asker), SF_OK);
	assert_string_equal(asker.account, "user:anna");
	assert_int_equal(asker.role, SF_READER_CLINICAL);
	assert_int_equal(asker.purpose, SF_PURPOSE_CARE);
	asker.allowed_roles = SF_API_ROLES_ALL & ~SF_API_ROLE_BIT(SF_API_CLERK);
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_AUTH);
	asker.allowed_roles = 0;
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_AUTH);
}

static void test_whom_a_proxy_names_has_the_roles_of_people_alone(void **state)
{
	struct doorstep *step = *state;
	struct sf_asker asker = {.over_http = true,
		.asserted_user = "Anna@region.dk",
		.asserted_roles = SF_API_ROLES_ALL,
		.allowed_roles = SF_API_ROLE_BIT(SF_API_AUDITOR)};
	assert_int_equal(doorstep_admit(step, &asker), SF_OK);
	assert_string_equal(asker.account, "sso:Anna@region.dk");
	assert_int_equal(asker.role, SF_READER_AUDITOR);
	asker.allowed_roles = SF_API_ROLE_BIT(SF_API_SYSTEM_IN);
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_AUTH);
	asker.asserted_roles = 0;
	asker.allowed_roles = SF_API_ROLES_ALL;
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_AUTH);
}

static void test_without_anything_nothing_opens(void **state)
{
	struct doorstep *step = *state;
	struct sf_asker asker = {.over_http = true, .allowed_roles = SF_API_ROLES_ALL};
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_KEY_UNKNOWN);
	asker.allowed_roles = SF_API_ANYBODY;
	assert_int_equal(doorstep_admit(step, &asker), SF_OK);
	/* This machine's own people are not asked here. */
	asker = (struct sf_asker){.account = "root"};
	assert_int_equal(doorstep_admit(step, &asker), SF_OK);
	assert_string_equal(asker.account, "root");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_a_person_is_admitted_under_the_name),
		TEST(test_whom_a_proxy_names_has_the_roles_of_people_alone),
		TEST(test_without_anything_nothing_opens),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
