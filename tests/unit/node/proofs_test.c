/* Receipts become proofs (WIRE.md section 4, release). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/logbook.h"

static uint64_t alarms(const struct logbook *book)
{
	return sf_node_counters(book->counter->node).alarms;
}

static bool find_proof(struct logbook *book, int64_t index, struct sf_node_row_proof *ret_row)
{
	const struct sf_store *store = sf_memory_port(book->counter->side->memory);
	*ret_row = (struct sf_node_row_proof){.epoch = 1, .leaf_index = index};
	enum sf_err err = store->get(store->self, &sf_node_table_proof, 0, ret_row, NULL);
	assert_true(!err || err == SF_ERR_NOT_FOUND);
	return !err;
}

/* The letter is recorded at the counter's next index, delivered, and in the book. */
static uint64_t deliver(struct logbook *book)
{
	struct counter *counter = book->counter;
	const struct desk_letter letter = desk_admission(counter->desk);
	const struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	struct sf_node_row_proof row;
	assert_true(find_proof(book, (int64_t)item.receipt.leaf_index, &row));
	assert_int_equal(row.open, item.receipt.leaf_index + 1);
	assert_int_equal(row.own, 0);
	logbook_put(book, item.receipt.leaf_index, row.leaf);
	return item.receipt.leaf_index;
}

static struct desk_letter offer(struct desk *desk)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_OFFER);
	letter.message.fact.offer =
		(struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_CARE), SF_ROLE_MUNICIPALITY};
	return letter;
}

static const struct sf_frame *asked(const struct logbook *book)
{
	return counter_heard(book->counter, SF_FRAME_PROOF, 0);
}

static void answer(struct logbook *book, const struct sf_frame *frame)
{
	counter_say(book->counter, frame);
	counter_turn(book->counter);
}

static void test_receipt_is_asked_about_and_proven(void **state)
{
	struct logbook *book = *state;
	int64_t index = (int64_t)deliver(book);
	assert_null(asked(book));
	logbook_grow(book, 7);
	logbook_say(book, 0, book->count);
	assert_non_null(asked(book));
	assert_int_equal(asked(book)->log.size, book->count);
	assert_int_equal(asked(book)->log.index_count, 1);
	assert_int_equal(asked(book)->log.indexes[0], index);
	const struct sf_frame proof = logbook_proof(book, asked(book));
	answer(book, &proof);
	struct sf_node_row_proof row;
	assert_true(find_proof(book, index, &row));
	assert_int_equal(row.open, 0);
	assert_int_equal(row.size, book->count);
	assert_true(sf_view_equal(row.path, proof.log.inclusions[0].path));
	assert_int_equal(sf_node_counters(book->counter->node).proven, 1);
	/* The answer again, and the checkpoint again, are no news. */
	answer(book, &proof);
	logbook_say(book, 0, book->count);
	assert_null(asked(book));
	assert_int_equal(sf_node_counters(book->counter->node).proven, 1);
	assert_int_equal(alarms(book), 0);
}

/* What this node has said itself is proven as well; its receipt ends the submitting. */
static void test_own_receipt_is_proven(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	deliver(book); /* it answers ok: an envelope of its own */
	struct sf_view envelope = sf_view_of(NULL, 0);
	assert_int_equal(counter_answer(counter, &envelope).ack, SF_ACK_OK);
	struct sf_envelope parsed;
	struct sf_header header;
	struct sf_envelope_names names;
	struct sf_crypto crypto;
	sf_crypto_port(counter->side->keyring, &crypto);
	assert_int_equal(sf_envelope_parse(envelope, &parsed, NULL), SF_OK);
	assert_int_equal(sf_header_decode(parsed.header, &header, NULL), SF_OK);
	assert_int_equal(
		crypto.verify(crypto.self, &parsed, counter->side->identity_key, &names), SF_OK);
	const struct counter_item item = {.envelope = envelope,
		.signer = counter->desk->coordinator,
		.receipt = {.message_id = header.message.id,
			.digest = names.digest,
			.epoch = 1,
			.leaf_index = 9,
			.recorded_ms = counter->desk->world.now_ms,
			.sequence = 2,
			.previous_head = counter->head,
			.r = {{8}},
			.outcome = SF_OUTCOME_APPLIED,
			.kind_class = SF_CLASS_ACKNOWLEDGEMENT}};
	const struct sf_item signed_item = counter_sign(counter, &item);
	const struct sf_frame stored = {
		.kind = SF_FRAME_STORED, .count = 1, .receipts = &signed_item.receipt};
	answer(book, &stored);
	struct sf_node_row_proof row;
	assert_true(find_proof(book, 9, &row));
	assert_int_equal(row.own, 1);
	logbook_put(book, 9, row.leaf);
	logbook_say(book, 0, book->count);
	const struct sf_frame proof = logbook_proof(book, asked(book));
	assert_int_equal(proof.log.inclusion_count, 2);
	answer(book, &proof);
	assert_true(find_proof(book, 9, &row));
	assert_int_equal(row.size, book->count);
	assert_int_equal(alarms(book), 0);
}

/* WIRE section 7: what the receipt promised is not in the tree. */
static void test_path_that_does_not_hold_is_an_omission(void **state)
{
	struct logbook *book = *state;
	int64_t index = (int64_t)deliver(book);
	logbook_grow(book, 7);
	logbook_forge(book, (size_t)index);
	logbook_say(book, 0, book->count);
	const struct sf_frame proof = logbook_proof(book, asked(book));
	answer(book, &proof);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_int_equal(row.kind, SF_CONTRADICTION_OMISSION);
	assert_int_equal(row.size, index);
	struct sf_receipt receipt;
	assert_int_equal(sf_receipt_decode(row.note, &receipt, NULL), SF_OK);
	assert_int_equal(receipt.leaf_index, index);
	assert_true(sf_view_equal(row.other, logbook_note(book, book->count)));
	assert_int_equal(alarms(book), 1);
	assert_false(book->counter->node->log.halted);
	struct sf_node_row_proof kept;
	assert_true(find_proof(book, index, &kept));
	assert_int_equal(kept.open, index + 1);
	/* Not asked in a circle, and not told twice. */
	assert_null(asked(book));
	answer(book, &proof);
	assert_int_equal(alarms(book), 1);
}

static void test_silence_about_a_receipt_is_an_omission(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	int64_t index = (int64_t)deliver(book);
	logbook_grow(book, 7);
	logbook_say(book, 0, book->count);
	for (int64_t passed = 0; passed < counter->node->options.log_patience_ms;
		passed += counter->node->options.log_timeout_ms) {
		assert_int_equal(alarms(book), 0);
		assert_non_null(asked(book));
		counter->desk->world.now_ms += counter->node->options.log_timeout_ms;
		counter_turn(counter);
	}
	assert_int_equal(alarms(book), 1);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_int_equal(row.kind, SF_CONTRADICTION_OMISSION);
	assert_int_equal(row.size, index);
}

/* Time without a connection is nobody's fault. */
static void test_patience_counts_connected_time(void **state)
{
	struct logbook *book = *state;
	deliver(book);
	logbook_say(book, 0, book->count);
	book->counter->desk->world.now_ms += SF_DAY_MS;
	logbook_greet(book, book->count);
	assert_non_null(asked(book));
	assert_int_equal(alarms(book), 0);
}

static void test_two_receipts_for_one_place_contradict_each_other(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	deliver(book);
	counter->leaf--;
	const struct desk_letter letter = offer(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 2);
	item.cover = true;
	counter_deliver(counter, &item);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_int_equal(row.kind, SF_CONTRADICTION_HISTORY);
	assert_int_equal(row.size, item.receipt.leaf_index);
	struct sf_receipt note, other;
	assert_int_equal(sf_receipt_decode(row.note, &note, NULL), SF_OK);
	assert_int_equal(sf_receipt_decode(row.other, &other, NULL), SF_OK);
	assert_int_equal(note.leaf_index, other.leaf_index);
	assert_false(sf_digest_equal(&note.digest, &other.digest));
}

static void test_receipt_that_does_not_follow_is_told_as_history(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	deliver(book);
	const struct desk_letter letter = offer(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 2);
	item.cover = true;
	item.receipt.previous_head.bytes[0] ^= 1;
	counter_deliver(counter, &item);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_int_equal(row.kind, SF_CONTRADICTION_HISTORY);
	struct sf_receipt note;
	assert_int_equal(sf_receipt_decode(row.note, &note, NULL), SF_OK);
	assert_int_equal(note.sequence, 2);
}

/* Rows as if receipts had come; leaves that the book has. */
static void add_receipts(struct logbook *book, size_t first, size_t count)
{
	const struct sf_store *store = sf_memory_port(book->counter->side->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	for (size_t i = first; i < first + count; i++) {
		uint8_t leaf[SF_LEAF_SIZE] = {0x01, (uint8_t)i, (uint8_t)(i >> 8)};
		const struct sf_node_row_proof row = {.epoch = 1,
			.leaf_index = (int64_t)i,
			.message_id = {{1, (uint8_t)i}},
			.leaf = sf_view_of(leaf, sizeof(leaf)),
			.open = (int64_t)i + 1};
		assert_int_equal(
			store->insert(store->self, &sf_node_table_proof, &row, NULL), SF_OK);
		logbook_put(book, i, sf_view_of(leaf, sizeof(leaf)));
	}
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	book->counter->node->log.proofs_open = true;
}

static void test_many_receipts_are_asked_about_in_batches(void **state)
{
	struct logbook *book = *state;
	add_receipts(book, 0, 600);
	logbook_say(book, 0, 600);
	static const size_t batches[] = {256, 256, 88};
	for (size_t i = 0; i < SF_COUNT(batches); i++) {
		assert_non_null(asked(book));
		assert_int_equal(asked(book)->log.index_count, batches[i]);
		assert_null(counter_heard(book->counter, SF_FRAME_PROOF, 1));
		const struct sf_frame proof = logbook_proof(book, asked(book));
		answer(book, &proof);
	}
	assert_null(asked(book));
	assert_int_equal(sf_node_counters(book->counter->node).proven, 600);
	assert_int_equal(alarms(book), 0);
}

/* An answer that is lost is asked for again, after a restart at once. */
static void test_proofs_go_on_after_a_restart(void **state)
{
	struct logbook *book = *state;
	add_receipts(book, 0, 300);
	logbook_say(book, 0, 300);
	const struct sf_frame first = logbook_proof(book, asked(book));
	answer(book, &first);
	logbook_restart(book);
	assert_non_null(asked(book));
	assert_int_equal(asked(book)->log.index_count, 44);
	answer(book, &first); /* late, of another life: nobody asked */
	assert_int_equal(sf_node_counters(book->counter->node).proven, 0);
	book->counter->desk->world.now_ms += book->counter->node->options.log_timeout_ms;
	counter_turn(book->counter);
	const struct sf_frame second = logbook_proof(book, asked(book));
	answer(book, &second);
	assert_int_equal(sf_node_counters(book->counter->node).proven, 44);
	assert_int_equal(alarms(book), 0);
}

/* Receipts of some seconds are proven against one checkpoint; others need not be kept. */
static void test_proofs_of_some_seconds_lead_to_one_checkpoint(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	add_receipts(book, 0, 3);
	logbook_say(book, 0, 3);
	const struct sf_frame first = logbook_proof(book, asked(book));
	answer(book, &first);
	add_receipts(book, 3, 3);
	logbook_say(book, 3, 6);
	assert_null(asked(book)); /* the anchor is still that of 3 */
	counter->desk->world.now_ms += counter->node->options.proof_ms;
	counter_turn(counter);
	assert_non_null(asked(book));
	assert_int_equal(asked(book)->log.size, 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, logbook_open, logbook_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_receipt_is_asked_about_and_proven),
		TEST(test_own_receipt_is_proven),
		TEST(test_path_that_does_not_hold_is_an_omission),
		TEST(test_silence_about_a_receipt_is_an_omission),
		TEST(test_patience_counts_connected_time),
		TEST(test_two_receipts_for_one_place_contradict_each_other),
		TEST(test_receipt_that_does_not_follow_is_told_as_history),
		TEST(test_many_receipts_are_asked_about_in_batches),
		TEST(test_proofs_go_on_after_a_restart),
		TEST(test_proofs_of_some_seconds_lead_to_one_checkpoint),
	};
	return cmocka_run_group_tests_name("node/proofs", tests, NULL, NULL);
}
