/* What becomes of a message that was sent (DOMAIN.md section 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/region.h"

#define ANSWER_MS (30 * SF_MINUTE_MS)

/* A letter for a municipality that is away: recorded, and not taken. */
static struct sf_id send_to_nobody(struct region *region)
{
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, SF_MINUTE_MS);
	return sent.message;
}

static struct sf_node_row_delivery delivery_of(struct region *region, struct sf_id message)
{
	struct sf_node_row_delivery row = {
		.message_id = message, .recipient = region->municipality->party};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_delivery, 0, &row, NULL), SF_OK);
	return row;
}

static struct sf_node_row_outbox outbox_of(struct region *region, struct sf_id message)
{
	struct sf_node_row_outbox row = {.message_id = message};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_outbox, 0, &row, NULL), SF_OK);
	return row;
}

/* The engine's time is that of its last turn: one that does nothing else brings it up to now. */
static void wake(struct region *region)
{
	const struct sf_request status = {.kind = SF_REQUEST_STATUS};
	region_get(region, region->hospital, status, SF_REPLY_STATUS);
}

/* An answer of party, as inbox.c hands it on; in a transaction of its own. */
static void answer(struct region *region, struct sf_id message, struct sf_id party, enum sf_ack ack)
{
	struct sf_node *node = region->hospital->node;
	const struct sf_store *store = &node->ports.store;
	struct sf_message acknowledgement = {.id = {{(uint8_t)ack, 9}},
		.transition = outbox_of(region, message).transition,
		.author = party,
		.fact = {.kind = SF_KIND_ACKNOWLEDGEMENT,
			.acknowledgement = {.message_id = message,
				.content_id = outbox_of(region, message).content_id,
				.ack = ack,
				.code = ack == SF_ACK_OK ? 0 : SF_ACK_CODE_TROUBLE}}};
	wake(region);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(
		sf_node_acknowledged(node, &acknowledgement, sf_view_of("", 0), NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static void notice(struct region *region, struct sf_id message)
{
	struct sf_node *node = region->hospital->node;
	const struct sf_store *store = &node->ports.store;
	const struct sf_notice said = {message, region->municipality->party};
	wake(region);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_notice(node, &said, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static void test_recipient_that_is_away_is_waited_for(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	region_run(region, 3 * SF_DAY_MS);
	assert_int_equal(outbox_of(region, message).sending, 1);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_SENT);
	assert_int_equal(delivery_of(region, message).open, 1);
	sf_sim_part(region->municipality, false);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	assert_int_equal(delivery_of(region, message).open, 0);
	assert_int_equal(outbox_of(region, message).sending, 1);
}

/* Taken and silent: a new envelope each 30 connected minutes, at most three, then a person. */
static void test_taken_and_unanswered_is_sent_again_three_times_then_a_person_is_asked(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	for (int64_t sending = 1; sending <= 4; sending++) {
		assert_int_equal(outbox_of(region, message).sending, sending);
		assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_SENT);
		notice(region, message);
		assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_TAKEN);
		region_run(region, ANSWER_MS - SF_MINUTE_MS);
		assert_int_equal(outbox_of(region, message).sending, sending);
		region_run(region, 2 * SF_MINUTE_MS);
	}
	assert_int_equal(outbox_of(region, message).sending, 4);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_ASK_PERSON);
	assert_int_equal(sf_node_counters(region->hospital->node).resent, 3);
	region_run(region, 10 * ANSWER_MS);
	assert_int_equal(outbox_of(region, message).sending, 4);
	/* An answer that comes after all still counts. */
	answer(region, message, region->municipality->party, SF_ACK_OK);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
}

/* The 30 minutes are connected ones: a node that is off the line has heard nothing. */
static void test_only_connected_minutes_count(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	notice(region, message);
	sf_sim_part(region->hospital, true);
	region_run(region, SF_DAY_MS);
	assert_int_equal(outbox_of(region, message).sending, 1);
	sf_sim_part(region->hospital, false);
	region_run(region, ANSWER_MS / 2);
	assert_int_equal(outbox_of(region, message).sending, 1);
	region_run(region, ANSWER_MS);
	assert_int_equal(outbox_of(region, message).sending, 2);
}

static void test_resend_is_a_new_envelope_of_the_same_message(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	struct sf_node_row_outbox before = outbox_of(region, message);
	struct sf_digest content = before.content_id;
	int64_t author_sequence = before.author_sequence;
	size_t sendings = sf_memory_count(region->hospital->memory, &sf_node_table_sending);
	const struct sf_request resend = {.kind = SF_REQUEST_RESEND, .resend = {message}};
	region_get(region, region->hospital, resend, SF_REPLY_DONE);
	region_run(region, SF_MINUTE_MS);
	struct sf_node_row_outbox after = outbox_of(region, message);
	assert_true(sf_digest_equal(&after.content_id, &content));
	assert_int_equal(after.author_sequence, author_sequence);
	assert_int_equal(after.sending, 2);
	assert_int_equal(
		sf_memory_count(region->hospital->memory, &sf_node_table_sending), sendings + 1);
	sf_sim_part(region->municipality, false);
	region_run(region, SF_MINUTE_MS);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count, 1);
}

static void test_transient_error_waits_and_a_later_ok_wins(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	answer(region, message, region->municipality->party, SF_ACK_TRANSIENT_ERROR);
	struct sf_node_row_delivery row = delivery_of(region, message);
	assert_int_equal(row.state, SF_DELIVERY_WAITING);
	assert_int_equal(row.code, SF_ACK_CODE_TROUBLE);
	assert_int_equal(row.open, 1);
	assert_true(row.due > 0);
	answer(region, message, region->municipality->party, SF_ACK_OK);
	row = delivery_of(region, message);
	assert_int_equal(row.state, SF_DELIVERY_OK);
	assert_int_equal(row.open, 0);
	assert_int_equal(row.due, 0);
	region_run(region, SF_DAY_MS);
	assert_int_equal(outbox_of(region, message).sending, 1);
}

static void test_transient_error_brings_a_new_envelope_after_its_time(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	answer(region, message, region->municipality->party, SF_ACK_TRANSIENT_ERROR);
	int64_t retry_ms = region->hospital->node->options.retry_ms;
	region_run(region, retry_ms + SF_MINUTE_MS);
	assert_int_equal(outbox_of(region, message).sending, 2);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_SENT);
}

static void test_first_final_answer_stands(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	answer(region, message, region->municipality->party, SF_ACK_OK);
	answer(region, message, region->municipality->party, SF_ACK_FATAL_ERROR);
	answer(region, message, region->municipality->party, SF_ACK_TRANSIENT_ERROR);
	struct sf_node_row_delivery row = delivery_of(region, message);
	assert_int_equal(row.state, SF_DELIVERY_OK);
	assert_int_equal(row.acknowledged_by.bytes[0], SF_ACK_OK);
	assert_int_equal(sf_node_counters(region->hospital->node).acknowledged, 1);
}

/* Back to the author; never resent by itself. */
static void test_fatal_error_is_never_resent(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	answer(region, message, region->municipality->party, SF_ACK_FATAL_ERROR);
	answer(region, message, region->municipality->party, SF_ACK_OK);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_FATAL_ERROR);
	assert_int_equal(delivery_of(region, message).failed, 1);
	notice(region, message);
	region_run(region, SF_DAY_MS);
	assert_int_equal(outbox_of(region, message).sending, 1);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_FATAL_ERROR);
}

static void test_answer_about_another_content_is_an_alarm(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	struct sf_node *node = region->hospital->node;
	const struct sf_store *store = &node->ports.store;
	struct sf_message wrong = {.id = {{9}},
		.transition = outbox_of(region, message).transition,
		.author = region->municipality->party,
		.fact = {.kind = SF_KIND_ACKNOWLEDGEMENT,
			.acknowledgement = {
				.message_id = message, .content_id = {{1}}, .ack = SF_ACK_OK}}};
	uint64_t alarms = sf_node_counters(node).alarms;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_acknowledged(node, &wrong, sf_view_of("", 0), NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_counters(node).alarms, alarms + 1);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_SENT);
}

static void test_answer_of_a_party_that_was_not_asked_changes_nothing(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	answer(region, message, region->gp->party, SF_ACK_OK);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_SENT);
	/* Nor does one about a message that was never sent. */
	struct sf_node *node = region->hospital->node;
	struct sf_message unknown = {.author = region->municipality->party,
		.fact = {.kind = SF_KIND_ACKNOWLEDGEMENT,
			.acknowledgement = {.message_id = {{0xee}}, .ack = SF_ACK_OK}}};
	const struct sf_store *store = &node->ports.store;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_acknowledged(node, &unknown, sf_view_of("", 0), NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static void test_notice_after_the_answer_is_no_news(void **state)
{
	struct region *region = *state;
	struct sf_id message = send_to_nobody(region);
	answer(region, message, region->municipality->party, SF_ACK_OK);
	notice(region, message);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
	assert_int_equal(delivery_of(region, message).due, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_recipient_that_is_away_is_waited_for),
		TEST(test_taken_and_unanswered_is_sent_again_three_times_then_a_person_is_asked),
		TEST(test_only_connected_minutes_count),
		TEST(test_resend_is_a_new_envelope_of_the_same_message),
		TEST(test_transient_error_waits_and_a_later_ok_wins),
		TEST(test_transient_error_brings_a_new_envelope_after_its_time),
		TEST(test_first_final_answer_stands),
		TEST(test_fatal_error_is_never_resent),
		TEST(test_answer_about_another_content_is_an_alarm),
		TEST(test_answer_of_a_party_that_was_not_asked_changes_nothing),
		TEST(test_notice_after_the_answer_is_no_news),
	};
	return cmocka_run_group_tests_name("node/outbox", tests, NULL, NULL);
}
