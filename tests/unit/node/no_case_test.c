/* A municipality says that it has no case: what it was told about the citizen goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/attaching.h"
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

static void put(struct region *region, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, table, row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

/* An admission with two attachments, the first whole here, the second as it is said. */
static struct sf_reply_sent attached(struct region *region, int64_t second, bool answered)
{
	const struct sf_id uploads[] = {attaching_upload(region), attaching_upload(region)};
	struct sf_reply_sent sent =
		attaching_send(region, sf_view_of(uploads, sizeof(uploads))).sent;
	region_run(region, SF_MINUTE_MS);
	struct sf_node_row_attachment row = {
		.author = region->hospital->party, .message_id = sent.message, .number = 1};
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_attachment, 0, &row, NULL), SF_OK);
	assert_int_equal(row.state, SF_NODE_ATTACHMENT_WHOLE);
	row.enclosure = sf_arena_copy(&region->arena, row.enclosure);
	row.state = second;
	put(region, &sf_node_table_attachment, &row);
	struct sf_node_row_inbox inbox = {
		.author = region->hospital->party, .message_id = sent.message};
	assert_int_equal(store->get(store->self, &sf_node_table_inbox, 0, &inbox, NULL), SF_OK);
	assert_false(sf_id_is_none(inbox.acknowledgement));
	inbox.body = sf_arena_copy(&region->arena, inbox.body);
	if (!answered)
		inbox.acknowledgement = (struct sf_id){{0}};
	put(region, &sf_node_table_inbox, &inbox);
	return sent;
}

/* The name of a file says something about the citizen, though the file is missing. */
static void test_the_name_of_a_missing_attachment_goes_too(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = attached(region, SF_NODE_ATTACHMENT_BROKEN, true);
	say_no_case(region, sent.transition);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_attachment), 0);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_chunk), 0);
}

/* Its answer of an earlier life stands, so that none was given here (chunks.c). */
static void test_what_is_missing_of_an_incomplete_letter_goes_too(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = attached(region, SF_NODE_ATTACHMENT_BROKEN, false);
	say_no_case(region, sent.transition);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_attachment), 0);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_chunk), 0);
}

/* It is answered when all of it is here, and that is seen by its rows. */
static void test_nothing_goes_while_an_attachment_is_on_its_way(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = attached(region, SF_NODE_ATTACHMENT_COMING, false);
	say_no_case(region, sent.transition);
	assert_int_equal(read_message(region, region->municipality, sent.message).content.size, 0);
	assert_int_equal(attaching_chunks(region->municipality, &sf_node_table_attachment), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_content_goes_and_what_happened_stays),
		TEST(test_nothing_else_goes),
		TEST(test_same_notification_again_is_a_duplicate),
		TEST(test_the_name_of_a_missing_attachment_goes_too),
		TEST(test_what_is_missing_of_an_incomplete_letter_goes_too),
		TEST(test_nothing_goes_while_an_attachment_is_on_its_way),
	};
	return cmocka_run_group_tests_name("node/no_case", tests, NULL, NULL);
}
