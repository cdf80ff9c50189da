/* Receipts of a turn are signed as one batch, and each can be shown alone (WIRE sections 3, 7.3).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coordinator/tables.h"
#include "unit/coordinator/desk.h"

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	return 0;
}

/* count letters of the hospital, none of them submitted. */
static const struct sf_view *seal_many(struct desk *desk, size_t count)
{
	struct sf_view *envelopes = sf_arena_take_many(&desk->arena, count, sizeof(*envelopes));
	assert_non_null(envelopes);
	for (size_t i = 0; i < count; i++) {
		struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
		envelopes[i] = desk_seal(desk, &letter);
	}
	return envelopes;
}

static void test_receipts_of_a_turn_share_a_signature_and_stand_alone(void **state)
{
	struct desk *desk = *state;
	const struct sf_view *envelopes = seal_many(desk, 5);
	desk_submit(desk, desk->hospital, envelopes, 5);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 5);
	struct sf_view signature = desk_signed_receipt(desk, desk->hospital, 0)->signature;
	uint64_t sequence = 1;
	for (size_t i = 0; i < 5; i++) {
		const struct sf_signed_receipt *proof =
			desk_signed_receipt(desk, desk->hospital, i);
		assert_int_equal(proof->index, i);
		assert_int_equal(proof->count, 5);
		assert_true(sf_view_equal(proof->signature, signature));
		assert_int_equal(desk_receipt(desk, desk->hospital, i).sequence, ++sequence);
	}
}

static void test_receipt_of_another_place_or_text_does_not_hold(void **state)
{
	struct desk *desk = *state;
	desk_submit(desk, desk->hospital, seal_many(desk, 3), 3);
	struct sf_crypto crypto;
	sf_crypto_port(desk->hospital->keyring, &crypto);
	const uint8_t *key = desk->coordinator->identity_key;
	const struct sf_signed_receipt *first = desk_signed_receipt(desk, desk->hospital, 0);
	const struct sf_signed_receipt *second = desk_signed_receipt(desk, desk->hospital, 1);
	assert_int_equal(crypto.check_receipt(crypto.self, key, second->receipt, first->index,
				 first->count, first->path, first->signature.data),
		SF_ERR_AUTH);
	assert_int_equal(crypto.check_receipt(crypto.self, key, first->receipt, first->index, 4,
				 first->path, first->signature.data),
		SF_ERR_AUTH);
	assert_int_equal(
		crypto.check_receipt(crypto.self, desk->hospital->identity_key, first->receipt,
			first->index, first->count, first->path, first->signature.data),
		SF_ERR_AUTH);
}

static void test_more_receipts_than_a_frame_holds_take_another(void **state)
{
	struct desk *desk = *state;
	size_t count = SF_FRAME_ITEM_COUNT_MAX + 44;
	const struct sf_view *envelopes = seal_many(desk, count);
	const struct sf_frame first = {
		.kind = SF_FRAME_SUBMIT, .count = SF_FRAME_ITEM_COUNT_MAX, .envelopes = envelopes};
	desk_say(desk, desk->hospital, &first);
	desk_submit(desk, desk->hospital, envelopes + SF_FRAME_ITEM_COUNT_MAX, 44);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), count);
	assert_int_equal(desk_heard(desk, desk->hospital, SF_FRAME_STORED, 0)->count,
		SF_FRAME_ITEM_COUNT_MAX);
	assert_int_equal(desk_heard(desk, desk->hospital, SF_FRAME_STORED, 1)->count, 44);
	assert_int_equal(desk_signed_receipt(desk, desk->hospital, count - 1)->count, count);
	for (size_t i = 0; i < count; i += 97)
		assert_int_equal(desk_receipt(desk, desk->hospital, i).sequence, i + 2);
}

static void test_everyone_gets_the_receipts_of_what_they_said(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->municipality);
	struct desk_letter theirs = desk_letter(desk, desk->municipality, 4000);
	struct sf_view envelope = desk_seal(desk, &theirs);
	const struct sf_view *ours = seal_many(desk, 2);
	const struct sf_frame first = {.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &ours[0]};
	const struct sf_frame second = {
		.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &envelope};
	desk_say(desk, desk->hospital, &first);
	desk_say(desk, desk->municipality, &second);
	desk_submit(desk, desk->hospital, &ours[1], 1);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 2);
	assert_int_equal(desk_receipt_count(desk, desk->municipality), 1);
	assert_true(sf_id_equal(
		desk_receipt(desk, desk->municipality, 0).message_id, theirs.message.id));
}

/* A turn that is not committed has given no receipt, no leaf and no number. */
/* What comes behind what was lost is not recorded before it: the author says hello first. */
static void test_lost_turn_leaves_no_trace(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	const struct sf_view *envelopes = seal_many(desk, 2);
	const struct sf_frame frame = {.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = envelopes};
	desk_say(desk, desk->hospital, &frame);
	sf_memory_next_commit(desk->coordinator->memory, SF_MEMORY_FULL);
	assert_int_equal(desk_try_turn(desk), SF_ERR_DISK_FULL);
	assert_int_equal(desk->heard_count, 0);
	assert_int_equal(desk_leaves(desk), leaves);
	desk_submit(desk, desk->hospital, envelopes + 1, 1);
	assert_int_equal(desk_leaves(desk), leaves);
	const struct sf_frame *error = desk_heard(desk, desk->hospital, SF_FRAME_ERROR, 0);
	assert_non_null(error);
	assert_int_equal(error->error, SF_FRAME_ERROR_HELLO);
	const struct sf_frame hello = {
		.kind = SF_FRAME_HELLO, .hello = {.version = 1, .software = "desk"}};
	desk_say(desk, desk->hospital, &hello);
	desk_submit(desk, desk->hospital, envelopes, 2);
	assert_int_equal(desk_receipt(desk, desk->hospital, 0).sequence, 2);
	assert_int_equal(desk_receipt(desk, desk->hospital, 0).leaf_index, leaves);
	assert_int_equal(desk_receipt(desk, desk->hospital, 1).sequence, 3);
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_event), leaves + 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_receipts_of_a_turn_share_a_signature_and_stand_alone),
		TEST(test_receipt_of_another_place_or_text_does_not_hold),
		TEST(test_more_receipts_than_a_frame_holds_take_another),
		TEST(test_everyone_gets_the_receipts_of_what_they_said),
		TEST(test_lost_turn_leaves_no_trace),
	};
	return cmocka_run_group_tests_name("coordinator/receipts", tests, NULL, NULL);
}
