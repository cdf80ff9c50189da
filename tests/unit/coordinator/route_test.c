/* Queues, deliveries and what is taken (WIRE.md section 3, DOMAIN.md section 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

#define REDELIVER_MS (30 * SF_MINUTE_MS)

static int connect_hospital(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	return 0;
}

static int open_connected(void **state)
{
	return desk_open(state) ? -1 : connect_hospital(state);
}

static int open_small(void **state)
{
	return desk_open_small(state) ? -1 : connect_hospital(state);
}

/* Parties and an admission for the municipality, recorded. */
static struct desk_letter admit(struct desk *desk)
{
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	return letter;
}

static void take(struct desk *desk, const struct sf_sim_machine *from, uint64_t first, size_t count)
{
	uint64_t positions[SF_FRAME_ITEM_COUNT_MAX];
	for (size_t i = 0; i < count; i++)
		positions[i] = first + i;
	const struct sf_frame frame = {
		.kind = SF_FRAME_TAKEN, .count = count, .positions = positions};
	desk_say(desk, from, &frame);
	desk_turn(desk);
}

static struct sf_row_delivery delivery_of(struct desk *desk, const struct desk_letter *letter)
{
	struct sf_row_delivery row = {.author = letter->message.author,
		.message_id = letter->message.id,
		.recipient = desk->municipality->party};
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	assert_int_equal(store->get(store->self, &sf_table_delivery, 0, &row, NULL), SF_OK);
	return row;
}

static size_t sealed_count(const struct desk *desk)
{
	return sf_memory_count(desk->coordinator->memory, &sf_table_sealed);
}

static void test_recipient_gets_the_envelope_others_its_cover_in_order(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, true);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	assert_true(desk_item(desk, desk->municipality, 0)->cover.size > 0);
	const struct sf_item *item = desk_item(desk, desk->municipality, 1);
	assert_true(sf_view_equal(item->envelope, envelope));
	assert_int_equal(item->cover.size, 0);
	assert_int_equal(item->position, 2);
	desk_hello(desk, desk->gp);
	assert_int_equal(desk_item_count(desk, desk->gp), 2);
	for (size_t i = 0; i < 2; i++) {
		item = desk_item(desk, desk->gp, i);
		assert_int_equal(item->envelope.size, 0);
		assert_true(item->cover.size > 0 && item->cover.size < envelope.size);
		assert_int_equal(item->position, i + 1);
	}
	/* Nothing goes back to its author. */
	desk_hello(desk, desk->hospital);
	assert_int_equal(desk_item_count(desk, desk->hospital), 0);
}

/* WIRE section 1: every party gets each event's cover, earlier ones on joining. */
static void test_late_joiner_receives_earlier_covers_first(void **state)
{
	struct desk *desk = *state;
	admit(desk);
	struct desk_letter letter = desk_parties(desk, true);
	letter.message.fact.parties.version = 2;
	desk_record(desk, &letter);
	desk_hello(desk, desk->gp);
	assert_int_equal(desk_item_count(desk, desk->gp), 3);
	for (size_t i = 0; i < 3; i++) {
		const struct sf_item *item = desk_item(desk, desk->gp, i);
		struct sf_receipt receipt;
		assert_int_equal(sf_receipt_decode(item->receipt.receipt, &receipt, NULL), SF_OK);
		assert_int_equal(receipt.sequence, i + 1);
		assert_int_equal(item->envelope.size, 0);
	}
}

/*
 * What somebody says of a transition before its parties are known is refused, and has a number: who
 * then opens it must hear of that, or its replica waits for it for ever (simulation, seed 804).
 */
static void test_who_opens_a_transition_hears_what_stood_before_it(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	struct desk_letter admission = desk_admission(desk);
	struct desk_letter answer = desk_answer(desk, desk->municipality, &admission, SF_ACK_OK);
	assert_int_equal(desk_record(desk, &answer).outcome, SF_OUTCOME_REFUSED);
	struct desk_letter parties = desk_parties(desk, false);
	assert_int_equal(desk_record(desk, &parties).sequence, 2);
	assert_int_equal(desk_item_count(desk, desk->hospital), 1);
	struct sf_receipt receipt;
	assert_int_equal(sf_receipt_decode(desk_item(desk, desk->hospital, 0)->receipt.receipt,
				 &receipt, NULL),
		SF_OK);
	assert_int_equal(receipt.sequence, 1);
	assert_true(sf_id_equal(receipt.message_id, answer.message.id));
}

/* All of it in one turn: what joins is caught up from events that are not in the store yet. */
static void test_late_joiner_of_the_same_turn_misses_nothing(void **state)
{
	struct desk *desk = *state;
	struct desk_letter parties = desk_parties(desk, false), stay = desk_admission(desk),
			   later = desk_parties(desk, true);
	later.message.fact.parties.version = 2;
	const struct sf_view envelopes[] = {
		desk_seal(desk, &parties), desk_seal(desk, &stay), desk_seal(desk, &later)};
	desk_submit(desk, desk->hospital, envelopes, 3);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 3);
	desk_hello(desk, desk->gp);
	assert_int_equal(desk_item_count(desk, desk->gp), 3);
	for (size_t i = 0; i < 3; i++) {
		struct sf_receipt receipt;
		assert_int_equal(sf_receipt_decode(desk_item(desk, desk->gp, i)->receipt.receipt,
					 &receipt, NULL),
			SF_OK);
		assert_int_equal(receipt.sequence, i + 1);
	}
}

static void test_what_is_not_taken_comes_again_on_reconnect_and_taken_not(void **state)
{
	struct desk *desk = *state;
	admit(desk);
	desk_hello(desk, desk->municipality);
	struct sf_view first = desk_item(desk, desk->municipality, 1)->envelope;
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 0);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	assert_true(sf_view_equal(desk_item(desk, desk->municipality, 1)->envelope, first));
	take(desk, desk->municipality, 1, 1);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 1);
	assert_int_equal(desk_item(desk, desk->municipality, 0)->position, 2);
	take(desk, desk->municipality, 2, 1);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 0);
}

/* A hello again on the same connection starts the queue over (WIRE section 7.2). */
static void test_hello_again_starts_the_queue_over(void **state)
{
	struct desk *desk = *state;
	admit(desk);
	desk_hello(desk, desk->municipality);
	const struct sf_frame hello = {
		.kind = SF_FRAME_HELLO, .hello = {.version = 1, .software = "desk"}};
	desk_say(desk, desk->municipality, &hello);
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
}

/* DOMAIN section 8: the same bytes after 30 connected minutes, until taken. */
static void test_silence_of_thirty_minutes_brings_the_same_bytes_again(void **state)
{
	struct desk *desk = *state;
	admit(desk);
	desk_hello(desk, desk->municipality);
	struct sf_view first = desk_item(desk, desk->municipality, 1)->envelope;
	desk->world.now_ms += REDELIVER_MS - 2;
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 0);
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	assert_true(sf_view_equal(desk_item(desk, desk->municipality, 1)->envelope, first));
	take(desk, desk->municipality, 1, 2);
	desk->world.now_ms += 2 * REDELIVER_MS;
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 0);
}

static void test_taken_is_told_to_the_author_and_kept(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = admit(desk);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_QUEUED);
	desk_hello(desk, desk->municipality);
	take(desk, desk->municipality, 1, 2);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_TAKEN, 0);
	assert_non_null(frame);
	assert_int_equal(frame->notice_count, 1);
	assert_true(sf_id_equal(frame->notices[0].message_id, letter.message.id));
	assert_true(sf_id_equal(frame->notices[0].party, desk->municipality->party));
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_TAKEN);
	assert_int_equal(sealed_count(desk), 1);
	/* Taken twice after a redelivery is taken once. */
	take(desk, desk->municipality, 1, 2);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_TAKEN, 0));
}

static void test_positions_of_others_and_of_nobody_take_nothing(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = admit(desk);
	desk_hello(desk, desk->gp);
	take(desk, desk->gp, 1, 2);
	desk_hello(desk, desk->municipality);
	take(desk, desk->municipality, 3, 5);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_QUEUED);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
}

static void test_no_more_goes_out_than_the_credit_allows(void **state)
{
	struct desk *desk = *state;
	admit(desk);
	for (size_t i = 0; i < 3; i++) {
		struct desk_letter more = desk_admission(desk);
		more.message.fact.stay.mode = SF_MODE_REVISE;
		desk_record(desk, &more);
	}
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 0);
	take(desk, desk->municipality, 1, 1);
	assert_int_equal(desk_item_count(desk, desk->municipality), 1);
	assert_int_equal(desk_item(desk, desk->municipality, 0)->position, 3);
	take(desk, desk->municipality, 2, 2);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	assert_int_equal(desk_item(desk, desk->municipality, 0)->position, 4);
	assert_int_equal(desk_item(desk, desk->municipality, 1)->position, 5);
}

/* WIRE section 3: a node may ask for less at a time than the coordinator would send. */
static void test_node_that_gives_less_credit_gets_less_at_a_time(void **state)
{
	struct desk *desk = *state;
	admit(desk);
	struct desk_letter more = desk_admission(desk);
	more.message.fact.stay.mode = SF_MODE_REVISE;
	desk_record(desk, &more);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	const struct sf_frame credit = {.kind = SF_FRAME_CREDIT, .credit = 1};
	desk_say(desk, desk->municipality, &credit);
	desk_turn(desk);
	take(desk, desk->municipality, 1, 2);
	assert_int_equal(desk_item_count(desk, desk->municipality), 1);
	assert_int_equal(desk_item(desk, desk->municipality, 0)->position, 3);
}

/* The sealed bytes are kept until every delivery is final, and no longer. */
static void test_sealed_bytes_go_with_the_last_final_answer(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = admit(desk);
	desk_hello(desk, desk->municipality);
	take(desk, desk->municipality, 1, 2);
	struct desk_letter answer =
		desk_answer(desk, desk->municipality, &letter, SF_ACK_TRANSIENT_ERROR);
	desk_record(desk, &answer);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_TRANSIENT_ERROR);
	assert_int_equal(sealed_count(desk), 1);
	answer = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	desk_record(desk, &answer);
	struct sf_row_delivery row = delivery_of(desk, &letter);
	assert_int_equal(row.state, SF_DELIVERY_OK);
	assert_int_equal(row.open, 0);
	assert_int_equal(sealed_count(desk), 0);
	/* ok and fatal-error never both: the first final answer stands. */
	answer = desk_answer(desk, desk->municipality, &letter, SF_ACK_FATAL_ERROR);
	desk_record(desk, &answer);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_OK);
	/* A resend that crossed the answer leaves no sealed bytes behind. */
	struct desk_letter again = desk_again(desk, &letter);
	desk_record(desk, &again);
	assert_int_equal(sealed_count(desk), 0);
}

static void test_answer_about_another_content_changes_nothing(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = admit(desk);
	desk_hello(desk, desk->municipality);
	struct desk_letter answer = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	answer.message.fact.acknowledgement.content_id.bytes[0] ^= 1;
	desk_record(desk, &answer);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_QUEUED);
	/* Nor does one by a party that the letter was not for. */
	desk_hello(desk, desk->gp);
	answer = desk_answer(desk, desk->gp, &letter, SF_ACK_OK);
	desk_record(desk, &answer);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_QUEUED);
	assert_int_equal(sealed_count(desk), 1);
}

/* WIRE section 1: an acknowledgement is of one transition, whose parties see it. */
static void test_answer_in_another_transition_changes_nothing(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = admit(desk);
	desk->transition = desk_id(desk);
	admit(desk);
	desk_hello(desk, desk->municipality);
	struct desk_letter answer = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	assert_true(sf_id_equal(answer.message.transition, desk->transition));
	assert_int_equal(desk_record(desk, &answer).outcome, SF_OUTCOME_DEVIATION);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_QUEUED);
	answer = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	answer.message.transition = letter.message.transition;
	desk_record(desk, &answer);
	assert_int_equal(delivery_of(desk, &letter).state, SF_DELIVERY_OK);
}

/* A resend replaces the ciphertext that is queued (WIRE section 1): the old place gets a cover. */
static void test_resend_replaces_what_is_queued(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = admit(desk);
	struct desk_letter again = desk_again(desk, &letter);
	struct sf_view envelope = desk_seal(desk, &again);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(sealed_count(desk), 1);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 3);
	assert_int_equal(desk_item(desk, desk->municipality, 1)->envelope.size, 0);
	assert_true(sf_view_equal(desk_item(desk, desk->municipality, 2)->envelope, envelope));
}

/* WIRE section 3: a repeated identical acknowledgement is passed on again without a new leaf. */
static void test_repeated_acknowledgement_is_passed_on_without_a_leaf(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = admit(desk);
	desk_hello(desk, desk->municipality);
	take(desk, desk->municipality, 1, 2);
	struct desk_letter answer = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	struct sf_view envelope = desk_seal(desk, &answer);
	desk_submit(desk, desk->municipality, &envelope, 1);
	assert_int_equal(desk_item_count(desk, desk->hospital), 1);
	struct sf_view first = desk_item(desk, desk->hospital, 0)->cover;
	int64_t leaves = desk_leaves(desk);
	desk_submit(desk, desk->municipality, &envelope, 1);
	assert_int_equal(desk_leaves(desk), leaves);
	assert_int_equal(desk_receipt_count(desk, desk->municipality), 1);
	assert_int_equal(desk_item_count(desk, desk->hospital), 1);
	assert_true(sf_view_equal(desk_item(desk, desk->hospital, 0)->cover, first));
	assert_int_equal(desk_item(desk, desk->hospital, 0)->position, 2);
	/* Any other message repeated is not. */
	envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(desk_item_count(desk, desk->municipality), 0);
}

static void test_route_that_is_gone_waits_for_the_next_hello(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->municipality);
	desk->deaf_route = desk->routes[desk->municipality->index];
	desk->deaf_err = SF_ERR_UNREACHABLE;
	admit(desk);
	desk->deaf_err = SF_OK;
	desk_turn(desk);
	desk->world.now_ms += SF_HOUR_MS;
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 0);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
}

static void test_route_that_is_full_is_tried_again(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->municipality);
	desk->deaf_route = desk->routes[desk->municipality->index];
	desk->deaf_err = SF_ERR_AGAIN;
	admit(desk);
	desk->deaf_err = SF_OK;
	desk->world.now_ms += SF_MINUTE_MS;
	desk_turn(desk);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_recipient_gets_the_envelope_others_its_cover_in_order),
		TEST(test_late_joiner_receives_earlier_covers_first),
		TEST(test_who_opens_a_transition_hears_what_stood_before_it),
		TEST(test_late_joiner_of_the_same_turn_misses_nothing),
		TEST(test_what_is_not_taken_comes_again_on_reconnect_and_taken_not),
		TEST(test_hello_again_starts_the_queue_over),
		TEST(test_silence_of_thirty_minutes_brings_the_same_bytes_again),
		TEST(test_taken_is_told_to_the_author_and_kept),
		TEST(test_positions_of_others_and_of_nobody_take_nothing),
		cmocka_unit_test_setup_teardown(
			test_no_more_goes_out_than_the_credit_allows, open_small, desk_close),
		cmocka_unit_test_setup_teardown(
			test_node_that_gives_less_credit_gets_less_at_a_time, open_small,
			desk_close),
		TEST(test_sealed_bytes_go_with_the_last_final_answer),
		TEST(test_answer_about_another_content_changes_nothing),
		TEST(test_answer_in_another_transition_changes_nothing),
		TEST(test_resend_replaces_what_is_queued),
		TEST(test_repeated_acknowledgement_is_passed_on_without_a_leaf),
		TEST(test_route_that_is_gone_waits_for_the_next_hello),
		TEST(test_route_that_is_full_is_tried_again),
	};
	return cmocka_run_group_tests_name("coordinator/route", tests, NULL, NULL);
}
