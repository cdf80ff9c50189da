/* What opens no more is told to who has let it in. */
#include "door/ended.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "door/secret.h"
#include "unit/door/doorstep.h"

static struct sf_reply_ended read_behind(struct doorstep *step, uint64_t after)
{
	const struct sf_request request = {.kind = SF_REQUEST_ENDED, .ended = {.after = after}};
	struct sf_reply reply = doorstep_ask(step, request);
	assert_int_equal(reply.kind, SF_REPLY_ENDED);
	return reply.ended;
}

static struct sf_digest begin(struct doorstep *step, const char *name)
{
	struct sf_reply reply = doorstep_sign_in(step, name, DOORSTEP_PASSWORD);
	assert_int_equal(reply.err, SF_OK);
	return sf_door_digest(&step->door, "session", reply.session.secret);
}

static void expect_one(struct doorstep *step, uint64_t after, const struct sf_digest *digest)
{
	const struct sf_reply_ended ended = read_behind(step, after);
	assert_false(ended.all);
	assert_int_equal(ended.newest, after + 1);
	assert_int_equal(ended.digests.size, SF_DIGEST_SIZE);
	assert_memory_equal(ended.digests.data, digest->bytes, SF_DIGEST_SIZE);
}

static void test_a_session_that_ends_is_told_however_it_ends(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	assert_int_equal(read_behind(step, 0).newest, 0);
	/* Signed out. */
	struct sf_digest session = begin(step, "anna");
	const struct sf_request out = {.asker = {.session = session},
		.kind = SF_REQUEST_SESSION,
		.session = {SF_SESSION_END}};
	assert_int_equal(doorstep_ask_over_http(step, out).err, SF_OK);
	expect_one(step, 0, &session);
	/* What has ended does not end again. */
	assert_int_equal(doorstep_ask_over_http(step, out).err, SF_OK);
	assert_int_equal(read_behind(step, 1).newest, 1);
	/* Another password. */
	session = begin(step, "anna");
	const struct sf_request password = {
		.kind = SF_REQUEST_USER_PASSWORD, .user_password = {"anna", DOORSTEP_PASSWORD}};
	assert_int_equal(doorstep_ask(step, password).err, SF_OK);
	expect_one(step, 1, &session);
	/* Too long without a request. */
	session = begin(step, "anna");
	doorstep_wait(step, SF_SESSION_IDLE_MS);
	struct sf_asker late = {.over_http = true,
		.allowed_roles = SF_API_ROLE_BIT(SF_API_CLERK),
		.session = session};
	assert_int_equal(doorstep_admit(step, &late), SF_ERR_KEY_UNKNOWN);
	expect_one(step, 2, &session);
	/* Revoked. */
	session = begin(step, "anna");
	const struct sf_request revoke = {.kind = SF_REQUEST_USER_REVOKE, .user_revoke = {"anna"}};
	assert_int_equal(doorstep_ask(step, revoke).err, SF_OK);
	expect_one(step, 3, &session);
	/* Who asks from the start hears of all. */
	assert_int_equal(read_behind(step, 0).digests.size, 4 * SF_DIGEST_SIZE);
}

static void test_a_token_that_is_revoked_is_told(void **state)
{
	struct doorstep *step = *state;
	const struct sf_request create = {.kind = SF_REQUEST_TOKEN_CREATE,
		.token_create = {"eoj", SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)}};
	struct sf_reply reply = doorstep_ask(step, create);
	assert_int_equal(reply.kind, SF_REPLY_TOKEN_CREATED);
	const struct sf_digest token =
		sf_door_digest(&step->door, "token", reply.token_created.secret);
	const struct sf_request revoke = {.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {"eoj"}};
	assert_int_equal(doorstep_ask(step, revoke).err, SF_OK);
	expect_one(step, 0, &token);
	assert_int_equal(doorstep_ask(step, revoke).err, SF_OK);
	assert_int_equal(read_behind(step, 0).newest, 1);
}

static void test_who_is_too_far_behind_hears_that_it_may_be_anybody(void **state)
{
	struct doorstep *step = *state;
	struct sf_digest digest = {{0}};
	for (size_t i = 0; i < SF_DOOR_ENDED_MAX; i++) {
		digest.bytes[0] = (uint8_t)i;
		sf_door_ended_note(&step->door, &digest);
	}
	struct sf_reply_ended ended = read_behind(step, 0);
	assert_false(ended.all);
	assert_int_equal(ended.digests.size, SF_DOOR_ENDED_MAX * SF_DIGEST_SIZE);
	sf_door_ended_note(&step->door, &digest);
	assert_true(read_behind(step, 0).all);
	ended = read_behind(step, 1);
	assert_false(ended.all);
	assert_int_equal(ended.digests.data[0], 1);
	/* A cursor of another life of the daemon. */
	assert_true(read_behind(step, SF_DOOR_ENDED_MAX + 2).all);
}

static void test_over_the_network_nobody_asks(void **state)
{
	struct doorstep *step = *state;
	const struct sf_request request = {.kind = SF_REQUEST_ENDED};
	assert_int_equal(doorstep_ask_over_http(step, request).err, SF_ERR_AUTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_a_session_that_ends_is_told_however_it_ends),
		TEST(test_a_token_that_is_revoked_is_told),
		TEST(test_who_is_too_far_behind_hears_that_it_may_be_anybody),
		TEST(test_over_the_network_nobody_asks),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
