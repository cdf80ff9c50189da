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

/* As the face does it: on the terms that are told. */
static bool is_right(
	struct doorstep *step, const struct sf_door_row_user *row, const char *password)
{
	const struct sf_reply_password terms = sf_password_terms(row);
	struct sf_digest hash;
	assert_int_equal(step->crypto.password_hash(step->crypto.self, sf_view_text(password),
				 terms.salt.data, terms.passes, terms.memory_kib, &hash),
		SF_OK);
	return sf_password_is(row, &hash);
}

static void test_only_the_right_one_is_right(void **state)
{
	struct doorstep *step = *state;
	struct sf_door_row_user row = {.name = sf_view_text("anna")};
	assert_int_equal(
		sf_password_set(&step->door, DOORSTEP_PASSWORD, &step->arena, &row), SF_OK);
	assert_int_equal(row.salt.size, SF_PASSWORD_SALT_SIZE);
	assert_true(is_right(step, &row, DOORSTEP_PASSWORD));
	assert_false(is_right(step, &row, "en anden adgangskode"));
	/* Costs are of the row: an old password stays good when they have grown. */
	row.passes++;
	assert_false(is_right(step, &row, DOORSTEP_PASSWORD));
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
	struct sf_door_row_user anna = {.roles = 0};
	assert_int_equal(
		sf_password_set(&step->door, DOORSTEP_PASSWORD, &step->arena, &anna), SF_OK);
	const struct sf_reply_password hers = sf_password_terms(&anna);
	const struct sf_door_row_user *const nobody[] = {NULL, &without};
	for (size_t i = 0; i < SF_COUNT(nobody); i++) {
		const struct sf_reply_password terms = sf_password_terms(nobody[i]);
		assert_int_equal(terms.salt.size, hers.salt.size);
		assert_int_equal(terms.passes, hers.passes);
		assert_int_equal(terms.memory_kib, hers.memory_kib);
		assert_false(is_right(step, nobody[i], DOORSTEP_PASSWORD));
	}
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
