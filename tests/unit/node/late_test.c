/* Deliveries that become late are told to those who watch: when they do, and not again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/listing.h"
#include "node/state.h"
#include "unit/node/region.h"

#define LOOK_MS (10 * SF_SECOND_MS) /* as in src/node/late.c */

/* Rows that say late at the hospital; the newest of them. */
static size_t told(struct region *region, struct sf_feed_row *ret_row)
{
	const struct sf_request request = {.kind = SF_REQUEST_FEED};
	struct sf_reply_feed feed =
		region_get(region, region->hospital, request, SF_REPLY_FEED).feed;
	size_t count = 0;
	for (size_t i = 0; i < feed.row_count; i++) {
		if (feed.rows[i].what != SF_FEED_LATE)
			continue;
		*ret_row = feed.rows[i];
		count++;
	}
	return count;
}

static struct sf_reply_sent send_to_nobody(struct region *region)
{
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	return sent;
}

static struct sf_node_row_delivery delivery_of(struct region *region, struct sf_id message)
{
	struct sf_node_row_delivery row = {
		.message_id = message, .recipient = region->municipality->party};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_delivery, 0, &row, NULL), SF_OK);
	return row;
}

static void restart(struct region *region)
{
	sf_sim_power_off(region->hospital);
	sf_sim_power_on(region->hospital);
	region_run(region, SF_MINUTE_MS);
}

static void test_letter_that_nobody_answers_is_told_when_its_time_is_over(void **state)
{
	struct region *region = *state;
	struct sf_feed_row row;
	struct sf_reply_sent sent = send_to_nobody(region);
	int64_t sent_ms = region->world.now_ms;
	region_run(region, SF_LATE_MS - SF_SECOND_MS);
	assert_int_equal(told(region, &row), 0);
	region_run(region, SF_SECOND_MS + LOOK_MS);
	assert_int_equal(told(region, &row), 1);
	assert_true(sf_id_equal(row.message, sent.message));
	assert_true(sf_id_equal(row.transition, sent.transition));
	assert_true(sf_id_equal(row.party, region->hospital->party));
	assert_true(sf_id_equal(row.peer, region->municipality->party));
	assert_int_equal(row.activity, SF_ACTIVITY_ADMIT_INPATIENT);
	assert_in_range(row.at_ms - sent_ms, SF_LATE_MS, SF_LATE_MS + LOOK_MS);
	region_run(region, SF_DAY_MS);
	assert_int_equal(told(region, &row), 1);
}

/* The coordinator is away: a hospital hears of it all the same. */
static void test_node_without_a_link_tells_it_too(void **state)
{
	struct region *region = *state;
	struct sf_feed_row row;
	sf_sim_part(region->hospital, true);
	region_send(region, "STIN_H");
	region_run(region, SF_LATE_MS + LOOK_MS);
	assert_int_equal(told(region, &row), 1);
}

static void test_start_tells_nothing_again_and_nothing_less(void **state)
{
	struct region *region = *state;
	struct sf_feed_row row;
	send_to_nobody(region);
	restart(region);
	assert_int_equal(told(region, &row), 0);
	region_run(region, SF_LATE_MS);
	assert_int_equal(told(region, &row), 1);
	restart(region);
	region_run(region, SF_LATE_MS);
	assert_int_equal(told(region, &row), 1);
	/* What becomes late while the program stands still is told when it runs. */
	region_send(region, "STAA_E");
	region_run(region, SF_SECOND_MS);
	sf_sim_power_off(region->hospital);
	region_run(region, SF_HOUR_MS);
	sf_sim_power_on(region->hospital);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(told(region, &row), 2);
}

static void test_letter_that_was_answered_is_never_late(void **state)
{
	struct region *region = *state;
	struct sf_feed_row row;
	region_discharge(region);
	region_run(region, SF_DAY_MS);
	assert_int_equal(told(region, &row), 0);
}

static void test_lost_turn_tells_it_in_the_next(void **state)
{
	struct region *region = *state;
	struct sf_feed_row row;
	send_to_nobody(region);
	region_run(region, SF_LATE_MS - SF_SECOND_MS);
	sf_memory_next_commit(region->hospital->memory, SF_MEMORY_FULL);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(told(region, &row), 1);
}

static void change(struct region *region, struct sf_node_row_delivery *row,
	enum sf_delivery_state after, enum sf_ack_code code)
{
	struct sf_node *node = region->hospital->node;
	enum sf_delivery_state before = (enum sf_delivery_state)row->state;
	row->state = after;
	row->code = (int64_t)code;
	assert_int_equal(sf_node_late_answer(node, before, row, NULL), SF_OK);
	sf_feed_settle(node->feed);
}

/* An answer that a person must look at is late at once (SF_LATE_MS is for none). */
static void test_answer_that_is_an_error_is_told_at_once_and_not_behind_the_time(void **state)
{
	struct region *region = *state;
	struct sf_feed_row row;
	struct sf_reply_sent sent = send_to_nobody(region);
	struct sf_node_row_delivery delivery = delivery_of(region, sent.message);
	change(region, &delivery, SF_DELIVERY_TAKEN, 0);
	assert_int_equal(told(region, &row), 0);
	change(region, &delivery, SF_DELIVERY_FATAL_ERROR, SF_ACK_CODE_TROUBLE);
	assert_int_equal(told(region, &row), 1);
	assert_int_equal(row.code, SF_ACK_CODE_TROUBLE);
	assert_true(sf_id_equal(row.peer, region->municipality->party));
	change(region, &delivery, SF_DELIVERY_ASK_PERSON, 0);
	assert_int_equal(told(region, &row), 1);
	region_run(region, SF_LATE_MS + LOOK_MS);
	assert_int_equal(told(region, &row), 2); /* the store has none of these answers */
	delivery = delivery_of(region, sent.message);
	change(region, &delivery, SF_DELIVERY_ASK_PERSON, 0);
	assert_int_equal(told(region, &row), 2);
}

/* The coordinator will not have it: nobody gets it, and no time makes that worse. */
static void test_message_that_was_refused_is_told_at_once_and_once(void **state)
{
	struct region *region = *state;
	struct sf_feed_row row;
	struct sf_reply_sent sent = send_to_nobody(region);
	region_run(region, SF_SECOND_MS); /* its receipt has come */
	struct sf_node *node = region->hospital->node;
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	struct sf_node_row_outbox outbox = {.message_id = sent.message};
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->get(store->self, &sf_node_table_outbox, 0, &outbox, NULL), SF_OK);
	outbox.outcome = SF_OUTCOME_REFUSED;
	outbox.code = SF_REFUSAL_CONTENT_CONFLICT;
	outbox.message = sf_arena_copy(&region->arena, outbox.message);
	outbox.salted_body = sf_arena_copy(&region->arena, outbox.salted_body);
	assert_int_equal(store->replace(store->self, &sf_node_table_outbox, &outbox, NULL), SF_OK);
	assert_int_equal(sf_node_late_refused(node, sent.message, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	sf_feed_settle(node->feed);
	assert_int_equal(told(region, &row), 1);
	assert_int_equal(row.outcome, SF_OUTCOME_REFUSED);
	assert_int_equal(row.code, SF_REFUSAL_CONTENT_CONFLICT);
	assert_true(sf_id_equal(row.peer, region->municipality->party));
	region_run(region, 2 * SF_LATE_MS);
	assert_int_equal(told(region, &row), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letter_that_nobody_answers_is_told_when_its_time_is_over),
		TEST(test_node_without_a_link_tells_it_too),
		TEST(test_start_tells_nothing_again_and_nothing_less),
		TEST(test_letter_that_was_answered_is_never_late),
		TEST(test_lost_turn_tells_it_in_the_next),
		TEST(test_answer_that_is_an_error_is_told_at_once_and_not_behind_the_time),
		TEST(test_message_that_was_refused_is_told_at_once_and_once),
	};
	return cmocka_run_group_tests_name("node/late", tests, NULL, NULL);
}
