/* What the coordinator makes of one submitted envelope (WIRE.md sections 1, 3, 4 and 7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/leaf.h"
#include "base/time.h"
#include "core/refusal.h"
#include "unit/coordinator/desk.h"

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	return 0;
}

static void expect_refused(struct desk *desk, const struct desk_letter *letter, uint16_t code)
{
	struct sf_receipt receipt = desk_record(desk, letter);
	assert_int_equal(receipt.outcome, SF_OUTCOME_REFUSED);
	assert_int_equal(receipt.code, code);
}

/* Nothing is recorded and the submitter hears why (WIRE section 7.2). */
static void expect_error(struct desk *desk, const struct sf_sim_machine *from,
	struct sf_view envelope, enum sf_frame_error error)
{
	int64_t leaves = desk_leaves(desk);
	desk_submit(desk, from, &envelope, 1);
	const struct sf_frame *frame = desk_heard(desk, from, SF_FRAME_ERROR, 0);
	assert_non_null(frame);
	assert_int_equal(frame->error, error);
	assert_int_equal(desk_receipt_count(desk, from), 0);
	assert_int_equal(desk_leaves(desk), leaves);
}

static void test_first_event_gets_a_receipt_that_says_where_it_stands(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_receipt receipt = desk_record(desk, &letter);
	assert_true(sf_id_equal(receipt.message_id, letter.message.id));
	assert_int_equal(receipt.epoch, 1);
	assert_int_equal(receipt.leaf_index, leaves);
	assert_int_equal(receipt.recorded_ms, desk->world.now_ms);
	assert_int_equal(receipt.sequence, 1);
	assert_true(sf_digest_is_none(&receipt.previous_head));
	assert_false(sf_digest_is_none(&receipt.r));
	assert_int_equal(receipt.outcome, SF_OUTCOME_APPLIED);
	assert_int_equal(receipt.code, 0);
	assert_int_equal(receipt.kind_class, SF_CLASS_FACT);
	assert_int_equal(desk_leaves(desk), leaves + 1);
}

/* Whoever has the receipts can follow the chain without the coordinator. */
static void test_heads_chain_from_receipt_to_receipt(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_receipt first = desk_record(desk, &letter);
	letter = desk_admission(desk);
	struct sf_receipt second = desk_record(desk, &letter);
	assert_int_equal(second.sequence, 2);
	const struct sf_leaf_event event = {.digest = first.digest,
		.transition = desk->transition,
		.recorded_ms = first.recorded_ms,
		.sequence = first.sequence,
		.outcome = first.outcome,
		.code = first.code,
		.previous_head = first.previous_head,
		.kind_class = first.kind_class};
	struct sf_crypto crypto;
	sf_crypto_port(desk->hospital->keyring, &crypto);
	uint8_t leaf[SF_LEAF_SIZE];
	struct sf_digest head;
	sf_log_leaf(&crypto, &event, &first.r, leaf);
	sf_log_head(&crypto, &first.previous_head, leaf, &head);
	assert_true(sf_digest_equal(&second.previous_head, &head));
}

static void test_same_bytes_again_get_the_same_receipt_bytes(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	struct sf_signed_receipt first = *desk_signed_receipt(desk, desk->hospital, 0);
	int64_t leaves = desk_leaves(desk);
	desk->world.now_ms += SF_HOUR_MS;
	for (size_t i = 0; i < 3; i++) {
		desk_submit(desk, desk->hospital, &envelope, 1);
		assert_int_equal(desk_receipt_count(desk, desk->hospital), 1);
		const struct sf_signed_receipt *again =
			desk_signed_receipt(desk, desk->hospital, 0);
		assert_true(sf_view_equal(again->receipt, first.receipt));
		assert_true(sf_view_equal(again->signature, first.signature));
		assert_int_equal(desk_leaves(desk), leaves);
	}
	assert_int_equal(sf_coordinator_counters(desk->coordinator->coordinator).repeated, 3);
}

static void test_same_bytes_twice_in_one_turn_are_one_leaf(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	const struct sf_view both[] = {envelope, envelope};
	desk_submit(desk, desk->hospital, both, 2);
	assert_int_equal(desk_leaves(desk), leaves + 1);
	assert_true(desk_receipt_count(desk, desk->hospital) >= 1);
	assert_int_equal(desk_receipt(desk, desk->hospital, 0).sequence, 1);
}

/* WIRE section 7.7: a number and the head, the outcome of the first sending, no second effect. */
static void test_resend_is_recorded_with_the_first_outcome(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	assert_int_equal(desk_record(desk, &letter).sequence, 2);
	struct desk_letter again = desk_again(desk, &letter);
	struct sf_receipt receipt = desk_record(desk, &again);
	assert_int_equal(receipt.kind_class, SF_CLASS_RESEND);
	assert_int_equal(receipt.outcome, SF_OUTCOME_APPLIED);
	assert_int_equal(receipt.sequence, 3);
	assert_true(sf_id_equal(receipt.message_id, letter.message.id));
}

static void test_envelope_id_reused_is_refused(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	struct desk_letter other = desk_admission(desk);
	other.envelope_id = letter.envelope_id;
	expect_refused(desk, &other, SF_REFUSAL_ENVELOPE_REUSED);
	/* It still took a number: no refusal can be hidden (WIRE section 4). */
	other.envelope_id = desk_id(desk);
	struct sf_receipt receipt = desk_record(desk, &other);
	assert_int_equal(receipt.outcome, SF_OUTCOME_APPLIED);
	assert_int_equal(receipt.sequence, 3);
}

static void test_message_id_with_another_content_is_refused(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	struct desk_letter other = desk_again(desk, &letter);
	other.message.fact.stay.event_ms += 1;
	expect_refused(desk, &other, SF_REFUSAL_CONTENT_CONFLICT);
	/* The first content is still the message's: it can be sent again. */
	other = desk_again(desk, &letter);
	assert_int_equal(desk_record(desk, &other).kind_class, SF_CLASS_RESEND);
}

static void test_two_messages_on_one_author_number_equivocate(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	struct desk_letter other = desk_admission(desk);
	other.message.author_sequence = letter.message.author_sequence;
	struct sf_receipt receipt = desk_record(desk, &other);
	assert_int_equal(receipt.outcome, SF_OUTCOME_DEVIATION);
	assert_int_equal(receipt.code, SF_DEVIATION_EQUIVOCATION);
	/* A resend of one of them is no second one. */
	struct desk_letter again = desk_again(desk, &letter);
	receipt = desk_record(desk, &again);
	assert_int_equal(receipt.outcome, SF_OUTCOME_APPLIED);
}

static void test_number_of_a_refused_message_stays_free(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_ACCEPT);
	letter.message.fact.accept.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE);
	assert_int_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_REFUSED);
	struct desk_letter other = desk_parties(desk, false);
	other.message.author_sequence = letter.message.author_sequence;
	assert_int_equal(desk_record(desk, &other).outcome, SF_OUTCOME_APPLIED);
}

static void test_recipient_that_nobody_knows_is_refused(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	letter.message.recipients[0] = desk_id(desk);
	expect_refused(desk, &letter, SF_REFUSAL_RECIPIENT_UNKNOWN);
}

/* WIRE section 7.7: a message whose first sending was refused is decided anew. */
static void test_refused_message_is_decided_anew(void **state)
{
	struct desk *desk = *state;
	struct desk_letter early = desk_letter(desk, desk->hospital, SF_KIND_OFFER);
	early.message.fact.offer =
		(struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_CARE), SF_ROLE_MUNICIPALITY};
	assert_int_equal(desk_record(desk, &early).outcome, SF_OUTCOME_REFUSED);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	struct desk_letter again = desk_again(desk, &early);
	struct sf_receipt receipt = desk_record(desk, &again);
	assert_int_equal(receipt.outcome, SF_OUTCOME_APPLIED);
	assert_int_equal(receipt.kind_class, SF_CLASS_FACT);
}

static void test_author_that_is_not_the_keys_party_is_forged(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	letter.message.author = desk->municipality->party;
	expect_error(desk, desk->hospital, desk_seal(desk, &letter), SF_FRAME_ERROR_FORGED_AUTHOR);
	assert_int_equal(sf_coordinator_counters(desk->coordinator->coordinator).forged, 1);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_ERROR, 0);
	assert_true(sf_id_equal(frame->error_envelope_id, letter.envelope_id));
	assert_false(sf_digest_is_none(&frame->error_digest));
}

/* Author of a submitted envelope = the link's party (WIRE section 3). */
static void test_envelope_of_another_party_is_not_taken_from_a_link(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->municipality);
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	expect_error(desk, desk->municipality, envelope, SF_FRAME_ERROR_FORGED_AUTHOR);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(desk_receipt(desk, desk->hospital, 0).outcome, SF_OUTCOME_APPLIED);
}

/* Derived facts and statements only under the coordinator's key, nothing else: from nobody. */
static void test_coordinators_key_says_nothing_on_a_link(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->coordinator);
	struct desk_letter letter = desk_letter(desk, desk->coordinator, SF_KIND_CLOSE);
	letter.message.fact.close.code = SF_CLOSE_OTHER;
	expect_error(
		desk, desk->coordinator, desk_seal(desk, &letter), SF_FRAME_ERROR_FORGED_AUTHOR);
}

static void test_key_outside_the_directory_is_unknown(void **state)
{
	struct desk *desk = *state;
	uint8_t secret[SF_KEY_SECRET_SIZE] = {9};
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(SF_KEY_IDENTITY, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(desk->hospital->keyring, &key), SF_OK);
	struct desk_letter letter = desk_parties(desk, false);
	letter.signing_key_id = key.id;
	expect_error(desk, desk->hospital, desk_seal(desk, &letter), SF_FRAME_ERROR_KEY_UNKNOWN);
	sf_key_fini(&key);
}

static void test_revocation_acts_on_the_next_message_of_an_open_link(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view before = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &before, 1);
	desk_revoke(desk, desk->hospital);
	letter = desk_admission(desk);
	expect_error(desk, desk->hospital, desk_seal(desk, &letter), SF_FRAME_ERROR_KEY_UNKNOWN);
	/* Nor one that was sealed before, when it is recorded only now. */
	letter.sent_ms -= SF_HOUR_MS;
	expect_error(desk, desk->hospital, desk_seal(desk, &letter), SF_FRAME_ERROR_KEY_UNKNOWN);
}

static void test_key_outside_its_period_is_not_valid(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	letter.sent_ms = SF_SIM_START_MS - 31 * SF_DAY_MS;
	expect_error(desk, desk->hospital, desk_seal(desk, &letter), SF_FRAME_ERROR_KEY_UNKNOWN);
}

/* WIRE section 1, time: later than now + 5 min is retry-later, never dropped. */
static void test_message_from_the_future_waits(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	int64_t leaves = desk_leaves(desk);
	/* The turn is a millisecond later than now. */
	letter.sent_ms = desk->world.now_ms + 1 + 5 * SF_MINUTE_MS + 250;
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_RETRY_LATER, 0);
	assert_non_null(frame);
	assert_int_equal(frame->retry_code, SF_RETRY_FUTURE);
	assert_int_equal(frame->retry_after_ms, 250);
	assert_int_equal(frame->count, 1);
	assert_true(sf_id_equal(frame->envelope_ids[0], letter.envelope_id));
	assert_int_equal(desk_leaves(desk), leaves);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_ERROR, 0));
	desk->world.now_ms += 249;
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(desk_receipt(desk, desk->hospital, 0).outcome, SF_OUTCOME_APPLIED);
}

/* WIRE section 7.6. */
static void test_authentic_header_that_does_not_parse_is_recorded_as_refused(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	letter.header = sf_view_text("no header at all");
	int64_t leaves = desk_leaves(desk);
	struct sf_receipt receipt = desk_record(desk, &letter);
	assert_int_equal(receipt.outcome, SF_OUTCOME_REFUSED);
	assert_int_equal(receipt.code, SF_REFUSAL_HEADER);
	assert_int_equal(receipt.sequence, 0);
	assert_true(sf_id_is_none(receipt.message_id));
	assert_true(sf_digest_is_none(&receipt.previous_head));
	assert_int_equal(desk_leaves(desk), leaves + 1);
}

static void test_bad_framing_and_bad_signature_are_dropped(void **state)
{
	struct desk *desk = *state;
	expect_error(desk, desk->hospital, sf_view_text("STF1?"), SF_FRAME_ERROR_FRAMING);
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	uint8_t *bytes = sf_arena_take(&desk->arena, envelope.size);
	memcpy(bytes, envelope.data, envelope.size);
	bytes[envelope.size - 1] ^= 1;
	expect_error(
		desk, desk->hospital, sf_view_of(bytes, envelope.size), SF_FRAME_ERROR_SIGNATURE);
	expect_error(desk, desk->hospital, sf_view_of(envelope.data, envelope.size - 1),
		SF_FRAME_ERROR_FRAMING);
	assert_int_equal(sf_coordinator_counters(desk->coordinator->coordinator).dropped, 3);
}

/* A kind of a later version is recorded without effect and delivered (WIRE section 1). */
static void test_unknown_kind_is_a_deviation_and_is_delivered(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	letter.message.fact = (struct sf_fact){.kind = 4711};
	struct sf_receipt receipt = desk_record(desk, &letter);
	assert_int_equal(receipt.outcome, SF_OUTCOME_DEVIATION);
	assert_int_equal(receipt.code, SF_DEVIATION_UNKNOWN_KIND);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	assert_true(desk_item(desk, desk->municipality, 1)->envelope.size > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_event_gets_a_receipt_that_says_where_it_stands),
		TEST(test_heads_chain_from_receipt_to_receipt),
		TEST(test_same_bytes_again_get_the_same_receipt_bytes),
		TEST(test_same_bytes_twice_in_one_turn_are_one_leaf),
		TEST(test_resend_is_recorded_with_the_first_outcome),
		TEST(test_envelope_id_reused_is_refused),
		TEST(test_message_id_with_another_content_is_refused),
		TEST(test_two_messages_on_one_author_number_equivocate),
		TEST(test_number_of_a_refused_message_stays_free),
		TEST(test_recipient_that_nobody_knows_is_refused),
		TEST(test_refused_message_is_decided_anew),
		TEST(test_author_that_is_not_the_keys_party_is_forged),
		TEST(test_envelope_of_another_party_is_not_taken_from_a_link),
		TEST(test_coordinators_key_says_nothing_on_a_link),
		TEST(test_key_outside_the_directory_is_unknown),
		TEST(test_revocation_acts_on_the_next_message_of_an_open_link),
		TEST(test_key_outside_its_period_is_not_valid),
		TEST(test_message_from_the_future_waits),
		TEST(test_authentic_header_that_does_not_parse_is_recorded_as_refused),
		TEST(test_bad_framing_and_bad_signature_are_dropped),
		TEST(test_unknown_kind_is_a_deviation_and_is_delivered),
	};
	return cmocka_run_group_tests_name("coordinator/record", tests, NULL, NULL);
}
