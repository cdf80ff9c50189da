/* Sealing a turn's envelopes and submitting them until each has its receipt (WIRE.md section 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/counter.h"

#define LETTER_COUNT 5

static size_t submitted_count(const struct counter *counter)
{
	size_t count = 0;
	const struct sf_frame *frame;
	for (size_t i = 0; (frame = counter_heard(counter, SF_FRAME_SUBMIT, i)); i++)
		count += frame->count;
	return count;
}

static struct sf_view submitted(const struct counter *counter, size_t index)
{
	const struct sf_frame *frame;
	for (size_t i = 0; (frame = counter_heard(counter, SF_FRAME_SUBMIT, i)); i++) {
		if (index < frame->count)
			return frame->envelopes[index];
		index -= frame->count;
	}
	fail_msg("no such envelope was submitted");
	return sf_view_of(NULL, 0);
}

/* Letters that the node answers: so many acknowledgements are to be sent. */
static void deliver_letters(struct counter *counter, size_t count)
{
	struct sf_item *items = sf_arena_take_many(&counter->desk->arena, count, sizeof(*items));
	for (size_t i = 0; i < count; i++) {
		struct desk_letter letter = desk_admission(counter->desk);
		letter.message.transition = desk_id(counter->desk);
		counter->head = (struct sf_digest){{0}};
		struct counter_item item = counter_item(counter, &letter, 1);
		items[i] = counter_sign(counter, &item);
	}
	counter_deliver_items(counter, items, count);
}

/* The receipt of an envelope of this node, as the second event of its transition. */
static struct sf_signed_receipt receipt_for(struct counter *counter, struct sf_view bytes)
{
	struct sf_envelope envelope;
	struct sf_header header;
	struct sf_envelope_names names;
	struct sf_crypto crypto;
	sf_crypto_port(counter->side->keyring, &crypto);
	assert_int_equal(sf_envelope_parse(bytes, &envelope, NULL), SF_OK);
	assert_int_equal(sf_header_decode(envelope.header, &header, NULL), SF_OK);
	assert_int_equal(
		crypto.verify(crypto.self, &envelope, counter->side->identity_key, &names), SF_OK);
	const struct counter_item item = {.envelope = bytes,
		.signer = counter->desk->coordinator,
		.receipt = {.message_id = header.message.id,
			.digest = names.digest,
			.epoch = 1,
			.leaf_index = ++counter->leaf,
			.recorded_ms = counter->desk->world.now_ms,
			.sequence = 2,
			.previous_head = header.message.seen_head,
			.r = {{8}},
			.outcome = SF_OUTCOME_APPLIED,
			.kind_class = SF_CLASS_ACKNOWLEDGEMENT}};
	return counter_sign(counter, &item).receipt;
}

static void say_stored(struct counter *counter, const struct sf_signed_receipt *receipt)
{
	const struct sf_frame frame = {.kind = SF_FRAME_STORED, .count = 1, .receipts = receipt};
	counter_say(counter, &frame);
	counter_turn(counter);
}

static void test_envelopes_of_a_turn_are_one_batch(void **state)
{
	struct counter *counter = *state;
	deliver_letters(counter, LETTER_COUNT);
	assert_int_equal(submitted_count(counter), LETTER_COUNT);
	struct sf_view signature = {0};
	for (size_t i = 0; i < LETTER_COUNT; i++) {
		struct sf_envelope envelope;
		assert_int_equal(sf_envelope_parse(submitted(counter, i), &envelope, NULL), SF_OK);
		assert_int_equal(envelope.leaf_count, LETTER_COUNT);
		assert_int_equal(envelope.leaf_index, i);
		if (i > 0)
			assert_true(sf_view_equal(envelope.signature, signature));
		signature = envelope.signature;
	}
}

static void test_no_more_than_the_window_is_on_the_way(void **state)
{
	struct counter *counter = *state;
	counter->node->options.window_max = 2;
	deliver_letters(counter, LETTER_COUNT);
	assert_int_equal(submitted_count(counter), 2);
	struct sf_signed_receipt first = receipt_for(counter, submitted(counter, 0));
	struct sf_signed_receipt second = receipt_for(counter, submitted(counter, 1));
	counter_turn(counter);
	assert_int_equal(submitted_count(counter), 0);
	say_stored(counter, &first);
	assert_int_equal(submitted_count(counter), 1);
	struct sf_signed_receipt third = receipt_for(counter, submitted(counter, 0));
	say_stored(counter, &second);
	assert_int_equal(submitted_count(counter), 1);
	/* A receipt that was given before makes no room. */
	say_stored(counter, &second);
	assert_int_equal(submitted_count(counter), 0);
	say_stored(counter, &third);
	assert_int_equal(submitted_count(counter), 1);
	assert_int_equal(sf_node_counters(counter->node).stored, 3);
}

static void test_silence_brings_everything_again_in_order(void **state)
{
	struct counter *counter = *state;
	deliver_letters(counter, LETTER_COUNT);
	struct sf_view bytes[LETTER_COUNT];
	for (size_t i = 0; i < LETTER_COUNT; i++)
		bytes[i] = submitted(counter, i);
	struct sf_signed_receipt receipt = receipt_for(counter, bytes[1]);
	say_stored(counter, &receipt);
	counter->desk->world.now_ms += counter->node->options.stored_timeout_ms - 2;
	counter_turn(counter);
	assert_int_equal(submitted_count(counter), 0);
	counter_turn(counter);
	assert_int_equal(submitted_count(counter), LETTER_COUNT - 1);
	assert_true(sf_view_equal(submitted(counter, 0), bytes[0]));
	for (size_t i = 2; i < LETTER_COUNT; i++)
		assert_true(sf_view_equal(submitted(counter, i - 1), bytes[i]));
}

static void test_new_connection_brings_what_has_no_receipt(void **state)
{
	struct counter *counter = *state;
	deliver_letters(counter, 2);
	struct sf_view bytes[] = {submitted(counter, 0), submitted(counter, 1)};
	struct sf_signed_receipt receipt = receipt_for(counter, bytes[0]);
	say_stored(counter, &receipt);
	counter_restart(counter);
	counter_say_up(counter);
	counter_turn(counter);
	/* Nothing before the coordinator has answered. */
	assert_int_equal(submitted_count(counter), 0);
	struct sf_frame hello = counter_hello(counter);
	counter_say(counter, &hello);
	counter_turn(counter);
	assert_int_equal(submitted_count(counter), 1);
	assert_true(sf_view_equal(submitted(counter, 0), bytes[1]));
}

static void test_receipt_that_is_not_the_coordinators_counts_for_nothing(void **state)
{
	struct counter *counter = *state;
	deliver_letters(counter, 1);
	struct sf_view bytes = submitted(counter, 0);
	struct sf_signed_receipt receipt = receipt_for(counter, bytes), bad = receipt;
	uint8_t signature[SF_SIGNATURE_SIZE];
	memcpy(signature, receipt.signature.data, sizeof(signature));
	signature[5] ^= 1;
	bad.signature = sf_view_of(signature, sizeof(signature));
	uint64_t alarms = sf_node_counters(counter->node).alarms;
	say_stored(counter, &bad);
	assert_int_equal(sf_node_counters(counter->node).alarms, alarms + 1);
	assert_int_equal(sf_node_counters(counter->node).stored, 0);
	say_stored(counter, &receipt);
	assert_int_equal(sf_node_counters(counter->node).stored, 1);
}

/* retry-later of an envelope: it comes again after its time, others go on meanwhile. */
static void test_retry_later_puts_off_what_it_names(void **state)
{
	struct counter *counter = *state;
	deliver_letters(counter, 1);
	struct sf_view bytes = submitted(counter, 0);
	struct sf_envelope envelope;
	struct sf_header header;
	assert_int_equal(sf_envelope_parse(bytes, &envelope, NULL), SF_OK);
	assert_int_equal(sf_header_decode(envelope.header, &header, NULL), SF_OK);
	const struct sf_frame later = {.kind = SF_FRAME_RETRY_LATER,
		.count = 1,
		.envelope_ids = &header.envelope_id,
		.retry_code = SF_RETRY_FUTURE,
		.retry_after_ms = 10 * SF_SECOND_MS};
	counter_say(counter, &later);
	counter_turn(counter);
	deliver_letters(counter, 1);
	assert_int_equal(submitted_count(counter), 1);
	assert_false(sf_view_equal(submitted(counter, 0), bytes));
	counter->desk->world.now_ms += 10 * SF_SECOND_MS;
	counter_turn(counter);
	assert_true(submitted_count(counter) >= 1);
	assert_true(sf_view_equal(submitted(counter, 0), bytes));
}

static void test_retry_later_of_everything_stops_all(void **state)
{
	struct counter *counter = *state;
	const struct sf_frame later = {.kind = SF_FRAME_RETRY_LATER,
		.retry_code = SF_RETRY_QUOTA,
		.retry_after_ms = 10 * SF_SECOND_MS};
	counter_say(counter, &later);
	counter_turn(counter);
	deliver_letters(counter, 2);
	assert_int_equal(submitted_count(counter), 0);
	assert_int_equal(counter_taken(counter), 2);
	counter->desk->world.now_ms += 10 * SF_SECOND_MS;
	counter_turn(counter);
	assert_int_equal(submitted_count(counter), 2);
}

/* Envelope ids are new, acknowledgements have no author number and never expire (WIRE 1 and 3). */
static void test_header_says_what_the_wire_asks_for(void **state)
{
	struct counter *counter = *state;
	deliver_letters(counter, 2);
	struct sf_id seen = {{0}};
	for (size_t i = 0; i < 2; i++) {
		struct sf_envelope envelope;
		struct sf_header header;
		assert_int_equal(sf_envelope_parse(submitted(counter, i), &envelope, NULL), SF_OK);
		assert_int_equal(sf_header_decode(envelope.header, &header, NULL), SF_OK);
		assert_false(sf_id_equal(header.envelope_id, seen));
		seen = header.envelope_id;
		assert_int_equal(header.sent_ms, counter->desk->world.now_ms);
		assert_int_equal(header.expires_ms, 0);
		assert_int_equal(header.message.author_sequence, 0);
		assert_int_equal(header.message.seen_sequence, 1);
		assert_int_equal(header.directory_version,
			sf_directory_version(sf_node_directory(counter->node)));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, counter_open, counter_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_envelopes_of_a_turn_are_one_batch),
		TEST(test_no_more_than_the_window_is_on_the_way),
		TEST(test_silence_brings_everything_again_in_order),
		TEST(test_new_connection_brings_what_has_no_receipt),
		TEST(test_receipt_that_is_not_the_coordinators_counts_for_nothing),
		TEST(test_retry_later_puts_off_what_it_names),
		TEST(test_retry_later_of_everything_stops_all),
		TEST(test_header_says_what_the_wire_asks_for),
	};
	return cmocka_run_group_tests_name("node/sending", tests, NULL, NULL);
}
