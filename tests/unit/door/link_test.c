/* One-time links. */
#include "door/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/door/doorstep.h"

static const char *make(struct doorstep *step, const char *name)
{
	struct sf_reply reply = doorstep_ask(
		step, (struct sf_request){.kind = SF_REQUEST_USER_LINK, .user_link = {name}});
	assert_int_equal(reply.kind, SF_REPLY_USER_LINKED);
	assert_int_equal(reply.user_linked.until_ms, step->door.now_ms + 10 * SF_MINUTE_MS);
	return reply.user_linked.code;
}

static enum sf_err enter(struct doorstep *step, const char *code)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_SIGN_IN, .sign_in = {.user = "", .password = "", .code = code}};
	return doorstep_ask_over_http(step, request).err;
}

static void test_a_link_opens_once(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *code = make(step, "anna");
	assert_int_equal(enter(step, "AAAA"), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(enter(step, code), SF_OK);
	assert_int_equal(enter(step, code), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(sf_memory_count(step->memory, &sf_door_table_link), 0);
}

static void test_a_link_is_too_late_after_ten_minutes(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *code = make(step, "anna");
	doorstep_wait(step, 10 * SF_MINUTE_MS - 1);
	assert_int_equal(enter(step, code), SF_OK);
	code = make(step, "anna");
	doorstep_wait(step, 10 * SF_MINUTE_MS);
	assert_int_equal(enter(step, code), SF_ERR_KEY_UNKNOWN);
}

static void test_one_person_has_one_link_at_a_time(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	doorstep_make(step, "bent");
	const char *bent = make(step, "bent"), *older = make(step, "anna");
	const char *newer = make(step, "anna");
	assert_int_equal(enter(step, older), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(enter(step, newer), SF_OK);
	assert_int_equal(enter(step, bent), SF_OK);
}

static void test_nobody_has_no_link(void **state)
{
	struct doorstep *step = *state;
	doorstep_make(step, "anna");
	const char *code = make(step, "anna");
	doorstep_ask(
		step, (struct sf_request){.kind = SF_REQUEST_USER_REVOKE, .user_revoke = {"anna"}});
	assert_int_equal(enter(step, code), SF_ERR_KEY_UNKNOWN);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
			doorstep_ask(step, (struct sf_request){.kind = SF_REQUEST_USER_LINK,
						   .user_link = {i ? "anna" : "bent"}})
				.err,
			SF_ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, doorstep_open, doorstep_close)
		TEST(test_a_link_opens_once),
		TEST(test_a_link_is_too_late_after_ten_minutes),
		TEST(test_one_person_has_one_link_at_a_time),
		TEST(test_nobody_has_no_link),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
