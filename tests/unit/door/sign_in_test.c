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

/* What was asked before the name began to wait, and is hashed meanwhile. */
static void test_passwords_on_their_way_wait_as_well(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	struct sf_request request = {.kind = SF_REQUEST_SIGN_IN,
		.sign_in = {.user = "anna", .password = DOORSTEP_PASSWORD, .code = ""}};
	struct sf_reply terms = doorstep_ask_over_http(step, request);
	assert_int_equal(terms.kind, SF_REPLY_PASSWORD);
	assert_int_equal(
		step->crypto.password_hash(step->crypto.self, sf_view_text(DOORSTEP_PASSWORD),
			terms.password.salt.data, terms.password.passes, terms.password.memory_kib,
			&request.sign_in.hash),
		SF_OK);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(
			doorstep_sign_in(step, "anna", "x x x x x x x").err, SF_ERR_KEY_UNKNOWN);
	assert_int_equal(doorstep_ask_over_http(step, request).err, SF_ERR_AGAIN);
	doorstep_wait(step, SF_SECOND_MS);
	assert_int_equal(doorstep_ask_over_http(step, request).err, SF_OK);
}

/* The hash of nothing, and one on the terms of nobody, is nobody's password. */
static void test_a_hash_opens_nothing_where_there_is_no_password(void **state)
{
	struct doorstep *step = *state;
	const struct sf_request create = {.kind = SF_REQUEST_USER_CREATE,
		.user_create = {"bent", "Bent", "", SF_API_ROLE_BIT(SF_API_CLERK)}};
	assert_int_equal(doorstep_ask(step, create).err, SF_OK);
	struct sf_reply terms[2];
	static const char *const names[] = {"bent", "nobody"};
	for (size_t i = 0; i < 2; i++) {
		const struct sf_request request = {.kind = SF_REQUEST_SIGN_IN,
			.sign_in = {.user = names[i], .password = "x", .code = ""}};
		terms[i] = doorstep_ask_over_http(step, request);
		assert_int_equal(
			doorstep_sign_in(step, names[i], "x x x x x x x").err, SF_ERR_KEY_UNKNOWN);
	}
	/* And nobody learns from the terms which of the two there is. */
	assert_true(sf_view_equal(terms[0].password.salt, terms[1].password.salt));
	assert_int_equal(terms[0].password.passes, terms[1].password.passes);
	assert_int_equal(terms[0].password.memory_kib, terms[1].password.memory_kib);
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
		.sign_in = {.user = "anna", .password = DOORSTEP_PASSWORD, .code = ""}};
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
		TEST(test_passwords_on_their_way_wait_as_well),
		TEST(test_a_hash_opens_nothing_where_there_is_no_password),
		TEST(test_what_cannot_be_a_name_is_not_tried),
		TEST(test_where_a_proxy_says_who_comes_nobody_signs_in),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
