/* What can be a password, and that a wrong one costs as much as a right one. */
#include "door/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/door/doorstep.h"

static void test_what_is_guessed_first_is_none(void **state)
{
	(void)state;
	char longest[SF_PASSWORD_SIZE_MAX + 2];
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "bcd", 3);
	longest[SF_PASSWORD_SIZE_MAX] = '\0';
	assert_null(sf_password_fault("anna", longest));
	longest[SF_PASSWORD_SIZE_MAX] = 'a';
	longest[SF_PASSWORD_SIZE_MAX + 1] = '\0';
	assert_non_null(sf_password_fault("anna", longest));
	assert_non_null(sf_password_fault("anna", ""));
	assert_non_null(sf_password_fault("anna", "elleve tegn"));
	assert_null(sf_password_fault("anna", "tolv tegn er"));
	assert_non_null(sf_password_fault("anna", "abcabcabcabcabc"));
	assert_non_null(sf_password_fault("anna-af-ribe-by", "anna-af-ribe-by"));
}

static void test_only_the_right_one_is_right(void **state)
{
	struct doorstep *step = *state;
	struct sf_door_row_user row = {.name = sf_view_text("anna")};
	bool right = false;
	assert_int_equal(
		sf_password_set(&step->door, DOORSTEP_PASSWORD, &step->arena, &row), SF_OK);
	assert_int_equal(row.salt.size, SF_PASSWORD_SALT_SIZE);
	assert_int_equal(sf_password_check(&step->door, &row, DOORSTEP_PASSWORD, &right), SF_OK);
	assert_true(right);
	assert_int_equal(
		sf_password_check(&step->door, &row, "en anden adgangskode", &right), SF_OK);
	assert_false(right);
	/* Costs are of the row: an old password stays good when they have grown. */
	row.passes++;
	assert_int_equal(sf_password_check(&step->door, &row, DOORSTEP_PASSWORD, &right), SF_OK);
	assert_false(right);
}

static void test_two_of_the_same_password_are_kept_as_two(void **state)
{
	struct doorstep *step = *state;
	struct sf_door_row_user one = {.roles = 0}, other = {.roles = 0};
	assert_int_equal(
		sf_password_set(&step->door, DOORSTEP_PASSWORD, &step->arena, &one), SF_OK);
	assert_int_equal(
		sf_password_set(&step->door, DOORSTEP_PASSWORD, &step->arena, &other), SF_OK);
	assert_false(sf_digest_equal(&one.hash, &other.hash));
}

static void test_nobody_costs_as_much(void **state)
{
	struct doorstep *step = *state;
	const struct sf_door_row_user without = {.salt = sf_view_text("")};
	bool right = true;
	assert_int_equal(sf_password_check(&step->door, NULL, DOORSTEP_PASSWORD, &right), SF_OK);
	assert_false(right);
	right = true;
	assert_int_equal(
		sf_password_check(&step->door, &without, DOORSTEP_PASSWORD, &right), SF_OK);
	assert_false(right);
	assert_int_equal(step->hashes, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_what_is_guessed_first_is_none),
		TEST(test_only_the_right_one_is_right),
		TEST(test_two_of_the_same_password_are_kept_as_two),
		TEST(test_nobody_costs_as_much),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
