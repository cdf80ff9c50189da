/* Nobody says whether there is a case: after the agreed time what was told of the citizen goes. */
#include "node/unanswered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/terms.h"

static struct sf_reply_message read_message(struct region *region, struct sf_id message)
{
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {message}};
	return region_get(region, region->municipality, request, SF_REPLY_MESSAGE).message;
}

static struct sf_inbox_row in_the_inbox(struct region *region, struct sf_id message)
{
	const struct sf_request request = {.kind = SF_REQUEST_INBOX};
	struct sf_reply_inbox inbox =
		region_get(region, region->municipality, request, SF_REPLY_INBOX).inbox;
	for (size_t i = 0; i < inbox.row_count; i++)
		if (sf_id_equal(inbox.rows[i].message, message))
			return inbox.rows[i];
	fail_msg("the message is not in the inbox any more");
	return (struct sf_inbox_row){0};
}

static const char *deletion_in_trace(struct region *region, struct sf_id message)
{
	const struct sf_request request = {.kind = SF_REQUEST_TRACE, .trace = {message}};
	struct sf_reply_trace trace =
		region_get(region, region->municipality, request, SF_REPLY_TRACE).trace;
	for (size_t i = 0; i < trace.row_count; i++)
		if (strcmp(trace.rows[i].step, "content-deleted") == 0)
			return trace.rows[i].detail;
	return NULL;
}

static void agree_on(struct region *region, int64_t time_ms)
{
	region->municipality->node->options.unanswered_ms = time_ms;
	region->municipality->node->unanswered.due_ms = 0;
}

static void test_content_goes_after_the_agreed_time_and_what_is_known_stays(void **state)
{
	struct region *region = *state;
	agree_on(region, 14 * SF_DAY_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 13 * SF_DAY_MS);
	assert_true(read_message(region, sent.message).content.size > 0);
	assert_int_equal(in_the_inbox(region, sent.message).deleted_ms, 0);
	assert_null(deletion_in_trace(region, sent.message));
	region_run(region, 2 * SF_DAY_MS);
	struct sf_reply_message kept = read_message(region, sent.message);
	assert_int_equal(kept.content.size, 0);
	assert_string_equal(kept.cpr, "");
	assert_int_equal(kept.row.ack, SF_ACK_OK);
	assert_int_equal(kept.row.activity, SF_ACTIVITY_ADMIT_INPATIENT);
	struct sf_inbox_row row = in_the_inbox(region, sent.message);
	assert_true(row.handled);
	assert_true(row.deleted_ms > row.received_ms + 14 * SF_DAY_MS);
	assert_true(row.deleted_ms < row.received_ms + 14 * SF_DAY_MS + 2 * SF_HOUR_MS);
	assert_true(kept.row.deleted_ms == row.deleted_ms);
	assert_string_equal(deletion_in_trace(region, sent.message), "unanswered");
	/* It is known after a restart, too; and systems that watch are told. */
	sf_sim_power_off(region->municipality);
	sf_sim_power_on(region->municipality);
	assert_true(in_the_inbox(region, sent.message).deleted_ms == row.deleted_ms);
	assert_true(sf_feed_is_kept(SF_FEED_DELETED));
}

static void test_what_was_answered_stays(void **state)
{
	struct region *region = *state;
	agree_on(region, 14 * SF_DAY_MS);
	struct sf_reply_sent other = region_send(region, "STAA_E");
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_HOUR_MS);
	const struct sf_fact fact = {
		.kind = SF_KIND_LETTER, .letter = {SF_LETTER_CORRESPONDENCE, 0}};
	struct sf_request request = terms_say(region, sent.transition, &fact);
	request.say.content_type = "text/plain";
	request.say.content = sf_view_text("we have a case");
	region_get(region, region->municipality, request, SF_REPLY_SAID);
	region_run(region, 15 * SF_DAY_MS);
	assert_true(read_message(region, sent.message).content.size > 0);
	assert_int_equal(read_message(region, other.message).content.size, 0);
}

/* Who said that there is no case is told of the citizen's stay all the same. */
static void test_what_comes_after_no_case_goes_too(void **state)
{
	struct region *region = *state;
	agree_on(region, 14 * SF_DAY_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_HOUR_MS);
	const struct sf_fact fact = {
		.kind = SF_KIND_PLAN_ANSWER, .plan_answer = {.code = SF_PLAN_ANSWER_NO_CASE}};
	terms_said(region, region->municipality, sent.transition, &fact);
	struct sf_reply_sent later = region_send(region, "SLHJ_H");
	region_run(region, SF_DAY_MS);
	assert_true(read_message(region, later.message).content.size > 0);
	region_run(region, 14 * SF_DAY_MS);
	assert_int_equal(read_message(region, later.message).content.size, 0);
	assert_string_equal(deletion_in_trace(region, later.message), "unanswered");
}

/* It said "no case" and is back for the training alone: what it is told of is there to be read. */
static void test_what_comes_to_who_trains_the_citizen_stays(void **state)
{
	struct region *region = *state;
	agree_on(region, 14 * SF_DAY_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_HOUR_MS);
	const struct sf_fact none = {
		.kind = SF_KIND_PLAN_ANSWER, .plan_answer = {.code = SF_PLAN_ANSWER_NO_CASE}};
	terms_said(region, region->municipality, sent.transition, &none);
	const struct sf_fact plan = {
		.kind = SF_KIND_LETTER, .letter = {.code = SF_LETTER_REHABILITATION_PLAN}};
	struct sf_request letter = terms_say(region, sent.transition, &plan);
	letter.say.content = sf_view_text("trains twice a week");
	letter.say.content_type = "text/plain";
	region_get(region, region->hospital, letter, SF_REPLY_SAID);
	region_run(region, SF_HOUR_MS);
	struct sf_reply_sent later = region_send(region, "SLHJ_H");
	region_run(region, 15 * SF_DAY_MS);
	assert_true(read_message(region, later.message).content.size > 0);
}

static void test_nothing_goes_where_nothing_is_agreed(void **state)
{
	struct region *region = *state;
	assert_int_equal(sf_node_options_default().unanswered_ms, 0);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 60 * SF_DAY_MS);
	assert_true(read_message(region, sent.message).content.size > 0);
}

static void test_no_case_says_so_in_trace_and_inbox(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_HOUR_MS);
	const struct sf_fact fact = {
		.kind = SF_KIND_PLAN_ANSWER, .plan_answer = {.code = SF_PLAN_ANSWER_NO_CASE}};
	terms_said(region, region->municipality, sent.transition, &fact);
	assert_string_equal(deletion_in_trace(region, sent.message), "no-case");
	assert_true(in_the_inbox(region, sent.message).deleted_ms > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_content_goes_after_the_agreed_time_and_what_is_known_stays),
		TEST(test_what_was_answered_stays),
		TEST(test_what_comes_after_no_case_goes_too),
		TEST(test_what_comes_to_who_trains_the_citizen_stays),
		TEST(test_nothing_goes_where_nothing_is_agreed),
		TEST(test_no_case_says_so_in_trace_and_inbox),
	};
	return cmocka_run_group_tests_name("node/unanswered", tests, NULL, NULL);
}
