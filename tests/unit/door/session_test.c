/* Sessions: how they end, and that what is kept of them opens nothing. */
#include "door/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/door/doorstep.h"

static const char *begin(struct doorstep *step)
{
	struct sf_reply reply = doorstep_sign_in(step, "anna", DOORSTEP_PASSWORD);
	assert_int_equal(reply.kind, SF_REPLY_SESSION);
	assert_int_equal(strlen(reply.session.secret), 43);
	return reply.session.secret;
}

static enum sf_err admit(struct doorstep *step, const char *secret)
{
	struct sf_asker asker = doorstep_asker(step, secret);
	return doorstep_admit(step, &asker);
}

static struct sf_reply act(struct doorstep *step, const char *secret, enum sf_session_act act)
{
	return doorstep_ask_over_http(
		step, (struct sf_request){.asker = doorstep_asker(step, secret),
			      .kind = SF_REQUEST_SESSION,
			      .session = {act}});
}

static void test_a_session_ends_when_nobody_asks(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *secret = begin(step);
	for (size_t i = 0; i < 4; i++) {
		doorstep_wait(step, SF_SESSION_IDLE_MS - 1);
		assert_int_equal(admit(step, secret), SF_OK);
	}
	doorstep_wait(step, SF_SESSION_IDLE_MS);
	assert_int_equal(admit(step, secret), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(sf_memory_count(step->memory, &sf_door_table_session), 0);
}

static void test_a_page_that_asks_by_itself_is_nobody(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *secret = begin(step);
	struct sf_asker asker = doorstep_asker(step, secret);
	asker.background = true;
	doorstep_wait(step, SF_SESSION_IDLE_MS - 1);
	assert_int_equal(doorstep_admit(step, &asker), SF_OK);
	doorstep_wait(step, 1);
	asker = doorstep_asker(step, secret);
	assert_int_equal(doorstep_admit(step, &asker), SF_ERR_KEY_UNKNOWN);
}

static void test_a_session_ends_after_twelve_hours_whatever_is_asked(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *secret = begin(step);
	for (int64_t gone_ms = 10 * SF_MINUTE_MS; gone_ms < SF_SESSION_LIFE_MS;
		gone_ms += 10 * SF_MINUTE_MS) {
		doorstep_wait(step, 10 * SF_MINUTE_MS);
		assert_int_equal(act(step, secret, SF_SESSION_RENEW).session.user[0], 'a');
	}
	doorstep_wait(step, 10 * SF_MINUTE_MS);
	assert_int_equal(admit(step, secret), SF_ERR_KEY_UNKNOWN);
}

static void test_a_session_is_read_renewed_and_ended(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *secret = begin(step);
	struct sf_reply reply = act(step, secret, SF_SESSION_READ);
	assert_string_equal(reply.session.user, "anna");
	assert_string_equal(reply.session.full_name, "Anna Hansen");
	assert_string_equal(reply.session.program, "node");
	assert_string_equal(reply.session.secret, "");
	assert_int_equal(reply.session.roles, SF_API_ROLE_BIT(SF_API_CLERK));
	assert_int_equal(reply.session.until_ms, step->door.now_ms + SF_SESSION_LIFE_MS);
	assert_int_equal(act(step, secret, SF_SESSION_END).kind, SF_REPLY_DONE);
	assert_string_equal(act(step, secret, SF_SESSION_READ).session.user, "");
	assert_int_equal(act(step, secret, SF_SESSION_END).kind, SF_REPLY_DONE);
	assert_int_equal(admit(step, secret), SF_ERR_KEY_UNKNOWN);
}

static void test_what_is_kept_opens_nothing(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *secret = begin(step);
	char kept[SF_DIGEST_TEXT_SIZE];
	struct sf_asker asker = doorstep_asker(step, secret);
	sf_digest_format(&asker.session, kept);
	assert_int_equal(admit(step, kept), SF_ERR_KEY_UNKNOWN);
}

static void test_signing_in_again_ends_the_session_that_was_shown(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *first = begin(step), *other = begin(step);
	const struct sf_asker asker = doorstep_asker(step, first);
	struct sf_reply reply = doorstep_sign_in_as(step, &asker, "anna", DOORSTEP_PASSWORD);
	assert_string_not_equal(reply.session.secret, first);
	assert_int_equal(admit(step, first), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(admit(step, other), SF_OK);
	assert_int_equal(admit(step, reply.session.secret), SF_OK);
}

static void test_one_more_than_sixteen_ends_the_oldest(void **state)
{
	struct doorstep *step = *state;
	const char *secrets[SF_SESSIONS_OF_USER_MAX + 1];
	doorstep_make(step, "anna");
	for (size_t i = 0; i < SF_COUNT(secrets); i++) {
		secrets[i] = begin(step);
		doorstep_wait(step, 1);
	}
	assert_int_equal(admit(step, secrets[0]), SF_ERR_KEY_UNKNOWN);
	for (size_t i = 1; i < SF_COUNT(secrets); i++)
		assert_int_equal(admit(step, secrets[i]), SF_OK);
	/* What is over makes room first. */
	doorstep_wait(step, SF_SESSION_IDLE_MS);
	begin(step);
	assert_int_equal(sf_memory_count(step->memory, &sf_door_table_session), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_a_session_ends_when_nobody_asks),
		TEST(test_a_page_that_asks_by_itself_is_nobody),
		TEST(test_a_session_ends_after_twelve_hours_whatever_is_asked),
		TEST(test_a_session_is_read_renewed_and_ended),
		TEST(test_what_is_kept_opens_nothing),
		TEST(test_signing_in_again_ends_the_session_that_was_shown),
		TEST(test_one_more_than_sixteen_ends_the_oldest),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
