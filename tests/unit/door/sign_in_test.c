/* Who signs in, and what is told to who does not. */
#include "door/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/door/doorstep.h"

static void test_wrong_name_and_wrong_password_are_told_alike(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	uint32_t before = step->hashes;
	struct sf_reply wrong = doorstep_sign_in(step, "anna", "en forkert adgangskode");
	struct sf_reply nobody = doorstep_sign_in(step, "bent", "en forkert adgangskode");
	assert_int_equal(wrong.err, SF_ERR_KEY_UNKNOWN);
	assert_int_equal(nobody.err, SF_ERR_KEY_UNKNOWN);
	assert_string_equal(wrong.text, nobody.text);
	assert_int_equal(step->hashes, before + 2);
}

static void test_names_wait_alike_whether_they_are_anybodys(void **state)
{
	struct doorstep *step = *state;
	static const char *const names[] = {"anna", "bent"};
	doorstep_make(step, "anna");
	for (size_t i = 0; i < SF_COUNT(names); i++) {
		for (size_t j = 0; j < 5; j++)
			assert_int_equal(doorstep_sign_in(step, names[i], "x x x x x x x").err,
				SF_ERR_KEY_UNKNOWN);
		uint32_t before = step->hashes;
		/* The right one has to wait too, and nothing is computed for who waits. */
		assert_int_equal(
			doorstep_sign_in(step, names[i], DOORSTEP_PASSWORD).err, SF_ERR_AGAIN);
		assert_int_equal(step->hashes, before);
	}
	doorstep_wait(step, SF_SECOND_MS);
	assert_int_equal(doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD).err, SF_OK);
	assert_int_equal(doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD).err, SF_OK);
}

static void test_what_cannot_be_a_name_is_not_tried(void **state)
{
	struct doorstep *step = *state;
	static const char *const names[] = {"", "Anna", "a b", "anna\n", "\xc3\xa6"};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		assert_int_equal(doorstep_sign_in(step, names[i], DOORSTEP_PASSWORD).err,
			SF_ERR_KEY_UNKNOWN);
	assert_int_equal(doorstep_sign_in(step, "anna", "").err, SF_ERR_KEY_UNKNOWN);
	assert_int_equal(step->hashes, 0);
	assert_int_equal(sf_memory_count(step->memory, &sf_door_table_attempt), 0);
}

static void test_where_a_proxy_says_who_comes_nobody_signs_in(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	struct sf_request request = {.asker = {.over_http = true},
		.kind = SF_REQUEST_SIGN_IN,
		.sign_in = {"anna", DOORSTEP_PASSWORD, ""}};
	assert_int_equal(doorstep_ask(step, request).err, SF_ERR_AUTH);
	/* And never through the socket of this machine. */
	request.asker = (struct sf_asker){.by_password = true};
	assert_int_equal(doorstep_ask(step, request).err, SF_ERR_AUTH);
	assert_int_equal(sf_memory_count(step->memory, &sf_door_table_session), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_wrong_name_and_wrong_password_are_told_alike),
		TEST(test_names_wait_alike_whether_they_are_anybodys),
		TEST(test_what_cannot_be_a_name_is_not_tried),
		TEST(test_where_a_proxy_says_who_comes_nobody_signs_in),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
