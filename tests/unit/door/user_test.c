/* People are made, listed, changed and revoked. */
#include "door/user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/door/doorstep.h"

static enum sf_err create(struct doorstep *step, const char *name, const char *full_name,
	const char *password, sf_api_roles roles)
{
	return doorstep_ask(step, (struct sf_request){.kind = SF_REQUEST_USER_CREATE,
					  .user_create = {name, full_name, password, roles}})
		.err;
}

static struct sf_reply list(struct doorstep *step, bool only_valid)
{
	struct sf_reply reply = doorstep_ask(
		step, (struct sf_request){.kind = SF_REQUEST_USERS, .users = {only_valid}});
	assert_int_equal(reply.kind, SF_REPLY_USERS);
	return reply;
}

static void test_unusable_people_are_not_made(void **state)
{
	struct doorstep *step = *state;
	const sf_api_roles clerk = SF_API_ROLE_BIT(SF_API_CLERK);
	static const char *const names[] = {
		"", "Anna", "a b", "a/b", "a@b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	static const char *const full_names[] = {"a\nb", "\x7f", "\xc2\x85", "\x1b[2J"};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		assert_int_equal(create(step, names[i], "", "", clerk), SF_ERR_USAGE);
	for (size_t i = 0; i < SF_COUNT(full_names); i++)
		assert_int_equal(create(step, "anna", full_names[i], "", clerk), SF_ERR_USAGE);
	assert_int_equal(create(step, "anna", "", "kort", clerk), SF_ERR_USAGE);
	assert_int_equal(create(step, "anna", "", "", 0), SF_ERR_USAGE);
	/* What systems are, people are not. */
	assert_int_equal(create(step, "anna", "", "", SF_API_ROLES_ALL), SF_ERR_USAGE);
	assert_int_equal(create(step, "anna", "", "", SF_API_ANYBODY | clerk), SF_ERR_USAGE);
	assert_int_equal(list(step, false).users.row_count, 0);
	assert_int_equal(create(step, "anna",
				 "\xc3\x86"
				 "bel",
				 "", clerk),
		SF_OK);
}

static void test_a_list_says_who_is_signed_in(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	assert_int_equal(create(step, "bent", "", "", SF_API_ROLE_BIT(SF_API_AUDITOR)), SF_OK);
	doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD);
	doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD);
	struct sf_reply reply = list(step, true);
	assert_int_equal(reply.users.row_count, 2);
	const struct sf_user_row *anna = &reply.users.rows[0], *bent = &reply.users.rows[1];
	assert_string_equal(anna->name, "anna");
	assert_int_equal(anna->sessions, 2);
	assert_true(anna->has_password);
	assert_int_equal(anna->signed_in_ms, step->door.now_ms);
	assert_false(bent->has_password);
	assert_int_equal(bent->sessions, 0);
	doorstep_wait(step, SF_SESSION_IDLE_MS);
	assert_int_equal(list(step, true).users.rows[0].sessions, 0);
}

static void test_another_password_ends_what_the_old_one_opened(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *secret = doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD).session.secret;
	struct sf_request request = {.kind = SF_REQUEST_USER_PASSWORD,
		.user_password = {"anna", "en anden adgangskode"}};
	assert_int_equal(doorstep_ask(step, request).err, SF_OK);
	struct sf_asker asker = doorstep_asker(step, secret);
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD).err, SF_ERR_KEY_UNKNOWN);
	assert_int_equal(doorstep_sign_in(step, "anna", "en anden adgangskode").err, SF_OK);
	request.user_password.password = "kort";
	assert_int_equal(doorstep_ask(step, request).err, SF_ERR_USAGE);
	request.user_password = (struct sf_request_user_password){"bent", "en anden adgangskode"};
	assert_int_equal(doorstep_ask(step, request).err, SF_ERR_NOT_FOUND);
}

static void test_who_is_revoked_is_out_and_the_name_is_nobodys(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *secret = doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD).session.secret;
	struct sf_asker asker = doorstep_asker(step, secret);
	assert_int_equal(doorstep_admit(step, &asker), SF_OK);
	const struct sf_request revoke = {.kind = SF_REQUEST_USER_REVOKE, .user_revoke = {"anna"}};
	assert_int_equal(doorstep_ask(step, revoke).err, SF_OK);
	assert_int_equal(doorstep_ask(step, revoke).err, SF_OK);
	asker = doorstep_asker(step, secret);
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD).err, SF_ERR_KEY_UNKNOWN);
	assert_int_equal(
		create(step, "anna", "", "", SF_API_ROLE_BIT(SF_API_CLERK)), SF_ERR_EXISTS);
	assert_int_equal(list(step, true).users.row_count, 0);
	struct sf_reply all = list(step, false);
	assert_int_equal(all.users.rows[0].revoked_ms, step->door.now_ms);
	assert_false(all.users.rows[0].has_password);
}

static void test_nobody_settles_it_over_the_network(void **state)
{
	struct doorstep *step = *state;
	static const enum sf_request_kind kinds[] = {SF_REQUEST_USERS, SF_REQUEST_USER_CREATE,
		SF_REQUEST_USER_PASSWORD, SF_REQUEST_USER_REVOKE, SF_REQUEST_USER_LINK};
	for (size_t i = 0; i < SF_COUNT(kinds); i++)
		assert_int_equal(
			doorstep_ask_over_http(step, (struct sf_request){.kind = kinds[i]}).err,
			SF_ERR_AUTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_unusable_people_are_not_made),
		TEST(test_a_list_says_who_is_signed_in),
		TEST(test_another_password_ends_what_the_old_one_opened),
		TEST(test_who_is_revoked_is_out_and_the_name_is_nobodys),
		TEST(test_nobody_settles_it_over_the_network),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
