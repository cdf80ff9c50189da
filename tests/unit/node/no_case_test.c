/* A municipality says that it has no case: what it was told about the citizen goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/terms.h"

static struct sf_reply_message read_message(
	struct region *region, struct sf_sim_machine *machine, struct sf_id message)
{
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {message}};
	return region_get(region, machine, request, SF_REPLY_MESSAGE).message;
}

static void say_no_case(struct region *region, struct sf_id transition)
{
	const struct sf_fact fact = {
		.kind = SF_KIND_PLAN_ANSWER, .plan_answer = {.code = SF_PLAN_ANSWER_NO_CASE}};
	terms_said(region, region->municipality, transition, &fact);
}

static void test_content_goes_and_what_happened_stays(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	assert_true(read_message(region, region->municipality, sent.message).content.size > 0);
	say_no_case(region, sent.transition);
	struct sf_reply_message kept = read_message(region, region->municipality, sent.message);
	assert_int_equal(kept.content.size, 0);
	assert_string_equal(kept.cpr, "");
	assert_string_equal(kept.patient_name, "");
	assert_int_equal(kept.row.ack, SF_ACK_OK);
	assert_true(kept.row.handled);
	assert_int_equal(kept.row.activity, SF_ACTIVITY_ADMIT_INPATIENT);
	/* The hospital keeps its own, and its answer. */
	assert_true(read_message(region, region->hospital, sent.message).content.size > 0);
	const struct sf_request ask = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = sent.message, .recipient = ""}};
	assert_int_equal(region_get(region, region->hospital, ask, SF_REPLY_ACKNOWLEDGEMENT)
				 .acknowledgement.ack,
		SF_ACK_OK);
	assert_true(
		sf_transition_course(terms_replica(region->hospital, sent.transition))->no_case);
}

/* Another citizen's, and another kind of letter, are nobody's business here. */
static void test_nothing_else_goes(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent other = region_send(region, "STAA_E");
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_fact letter = {
		.kind = SF_KIND_LETTER, .letter = {SF_LETTER_CORRESPONDENCE, SF_MARK_NONE}};
	struct sf_request request = terms_say(region, sent.transition, &letter);
	request.say.content_type = "text/plain";
	request.say.content = sf_view_text("good day");
	struct sf_id message =
		region_get(region, region->hospital, request, SF_REPLY_SAID).said.message;
	region_run(region, 5 * SF_SECOND_MS);
	say_no_case(region, sent.transition);
	assert_int_equal(read_message(region, region->municipality, sent.message).content.size, 0);
	assert_true(read_message(region, region->municipality, message).content.size > 0);
	assert_true(read_message(region, region->municipality, other.message).content.size > 0);
}

/* It comes again as long as the hospital waits, and must not come back into the house. */
static void test_same_notification_again_is_a_duplicate(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	say_no_case(region, sent.transition);
	region_run(region, SF_HOUR_MS);
	assert_int_equal(read_message(region, region->municipality, sent.message).content.size, 0);
	const struct sf_request inbox = {
		.kind = SF_REQUEST_INBOX, .inbox = {.only_unhandled = true}};
	assert_int_equal(
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_content_goes_and_what_happened_stays),
		TEST(test_nothing_else_goes),
		TEST(test_same_notification_again_is_a_duplicate),
	};
	return cmocka_run_group_tests_name("node/no_case", tests, NULL, NULL);
}
