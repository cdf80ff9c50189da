/* What people ask of the coordinator's log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/state.h"
#include "log/policy.h"
#include "log/proof.h"
#include "unit/coordinator/desk.h"

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_sign(desk);
	return 0;
}

static struct sf_reply ask_log(struct desk *desk, bool verify)
{
	const struct sf_request request = {.kind = SF_REQUEST_LOG, .log = {.verify = verify}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	assert_int_equal(reply.kind, SF_REPLY_LOG);
	return reply;
}

static struct desk_letter record_one(struct desk *desk)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
	desk_record(desk, &letter);
	return letter;
}

static void test_status_says_what_is_signed_and_what_is_not(void **state)
{
	struct desk *desk = *state;
	uint64_t size = desk->coordinator->coordinator->log.size;
	record_one(desk);
	struct sf_reply reply = ask_log(desk, false);
	assert_string_equal(reply.log.origin, "coordinator.example/log/sim/1");
	assert_int_equal(reply.log.size, size);
	assert_int_equal(reply.log.leaf_count, size + 1);
	assert_int_equal(reply.log.unproven_count, 1);
	assert_true(reply.log.unproven_since_ms > 0);
	assert_int_equal(desk_open_note(desk, reply.log.note).size, size);
	assert_string_equal(reply.log.fault, "");
	assert_false(reply.log.behind);
	desk_sign(desk);
	reply = ask_log(desk, false);
	assert_int_equal(reply.log.size, size + 1);
	assert_int_equal(reply.log.unproven_count, 0);
	assert_int_equal(reply.log.unproven_since_ms, 0);
}

static void test_sound_log_is_verified_from_its_events(void **state)
{
	struct desk *desk = *state;
	record_one(desk);
	desk_sign(desk);
	record_one(desk);
	struct sf_reply reply = ask_log(desk, true);
	assert_string_equal(reply.log.fault, "");
	assert_true(reply.log.verified);
	assert_int_equal(reply.log.checked, desk_leaves(desk));
}

static void change_event(struct desk *desk, int64_t leaf_index, bool leaf)
{
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_event row = {.leaf_index = leaf_index};
	uint8_t bytes[SF_LEAF_SIZE];
	assert_int_equal(store->get(store->self, &sf_table_event, 0, &row, NULL), SF_OK);
	memcpy(bytes, row.leaf.data, sizeof(bytes));
	bytes[SF_LEAF_SIZE - 1] ^= 1;
	if (leaf)
		row.leaf = sf_view_of(bytes, sizeof(bytes));
	else
		row.recorded_ms++;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_table_event, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static void test_event_that_was_changed_is_found(void **state)
{
	struct desk *desk = *state;
	change_event(desk, 2, false);
	struct sf_reply reply = ask_log(desk, true);
	assert_false(reply.log.verified);
	assert_string_equal(reply.log.fault, "an event is not what its leaf commits to");
	assert_int_equal(reply.log.checked, 2);
}

static void test_leaf_that_was_changed_is_found(void **state)
{
	struct desk *desk = *state;
	change_event(desk, 1, true);
	struct sf_reply reply = ask_log(desk, true);
	assert_false(reply.log.verified);
	assert_true(reply.log.fault[0] != '\0');
}

static void test_message_is_proven_by_a_text_that_stands_alone(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = record_one(desk);
	const struct sf_request request = {
		.kind = SF_REQUEST_PROOF, .proof = {.message = letter.message.id}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	assert_true(reply.proof.pending);
	assert_int_equal(reply.proof.proof.size, 0);
	desk_sign(desk);
	reply = desk_ask(desk, &request);
	assert_false(reply.proof.pending);
	assert_int_equal(reply.proof.epoch, 1);
	struct sf_proof *proof = calloc(1, sizeof(*proof));
	assert_non_null(proof);
	assert_int_equal(sf_proof_parse(reply.proof.proof, proof, NULL), SF_OK);
	assert_int_equal(proof->index, reply.proof.index);
	struct sf_checkpoint checkpoint = desk_open_note(desk, proof->checkpoint);
	/* The leaf follows from the receipt alone. */
	struct sf_signed_receipt receipt;
	struct sf_receipt said;
	assert_int_equal(sf_signed_receipt_decode(
				 sf_view_of(proof->extra, proof->extra_size), &receipt, NULL),
		SF_OK);
	assert_int_equal(sf_receipt_decode(receipt.receipt, &said, NULL), SF_OK);
	const struct sf_leaf_event event = {.digest = said.digest,
		.transition = letter.message.transition,
		.recorded_ms = said.recorded_ms,
		.sequence = said.sequence,
		.outcome = said.outcome,
		.code = said.code,
		.previous_head = said.previous_head,
		.kind_class = said.kind_class};
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	uint8_t leaf[SF_LEAF_SIZE];
	struct sf_digest hash;
	sf_log_leaf(&crypto, &event, &said.r, leaf);
	sf_tree_leaf_hash(&crypto, sf_view_of(leaf, sizeof(leaf)), &hash);
	assert_int_equal(sf_tree_check_inclusion(&crypto, proof->index, checkpoint.size, &hash,
				 proof->hashes, proof->count, &checkpoint.root),
		SF_OK);
	free(proof);
}

static void test_proof_of_an_unknown_message_is_not_found(void **state)
{
	struct desk *desk = *state;
	const struct sf_request request = {
		.kind = SF_REQUEST_PROOF, .proof = {.message = {{1, 2, 3}}}};
	assert_int_equal(desk_ask(desk, &request).err, SF_ERR_NOT_FOUND);
}

/* What is left of it does not say where it stood: least of all, where another stands. */
static void test_proof_of_an_erased_message_is_not_found(void **state)
{
	struct desk *desk = *state;
	const struct desk_letter letter = record_one(desk);
	desk_sign(desk);
	const struct sf_request erase = {.kind = SF_REQUEST_ERASE,
		.erase = {.transition = desk->transition, .ground = SF_GROUND_MISTAKE}};
	assert_int_equal(desk_ask(desk, &erase).err, SF_OK);
	desk_sign(desk);
	const struct sf_request request = {
		.kind = SF_REQUEST_PROOF, .proof = {.message = letter.message.id}};
	assert_int_equal(desk_ask(desk, &request).err, SF_ERR_NOT_FOUND);
}

static void test_policy_names_log_quorum_and_registrars(void **state)
{
	struct desk *desk = *state;
	struct sf_reply reply = ask_log(desk, false);
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	struct sf_policy *policy;
	struct sf_diag diag = {{0}};
	if (sf_policy_parse(&crypto, sf_view_text(reply.log.policy), &policy, &diag))
		fail_msg("%s", diag.text);
	const struct sf_note_key *log = sf_policy_log(policy, "coordinator.example/log/sim/1");
	assert_non_null(log);
	assert_memory_equal(log->public_key, desk->coordinator->log_key, 32);
	uint8_t keys[SF_POLICY_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE];
	size_t threshold = 0;
	assert_int_equal(sf_policy_registrars(policy, keys, &threshold), 1);
	assert_int_equal(threshold, 1);
	assert_memory_equal(keys[0], desk->world.registrar_key, 32);
	sf_policy_close(&policy);
}

/* A long poll is answered when there is a larger checkpoint, not before. */
static void test_who_waits_for_a_larger_checkpoint_waits(void **state)
{
	struct desk *desk = *state;
	struct sf_reply reply = ask_log(desk, false);
	struct sf_request request = {
		.kind = SF_REQUEST_LOG, .log = {.after_size = reply.log.size, .wait_ms = 500}};
	uint32_t wait_ms = 0;
	assert_true(sf_local_request_waits(&request, &reply, &wait_ms));
	assert_int_equal(wait_ms, 500);
	record_one(desk);
	desk_sign(desk);
	reply = ask_log(desk, false);
	assert_false(sf_local_request_waits(&request, &reply, &wait_ms));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_status_says_what_is_signed_and_what_is_not),
		TEST(test_sound_log_is_verified_from_its_events),
		TEST(test_event_that_was_changed_is_found),
		TEST(test_leaf_that_was_changed_is_found),
		TEST(test_message_is_proven_by_a_text_that_stands_alone),
		TEST(test_proof_of_an_unknown_message_is_not_found),
		TEST(test_proof_of_an_erased_message_is_not_found),
		TEST(test_policy_names_log_quorum_and_registrars),
		TEST(test_who_waits_for_a_larger_checkpoint_waits),
	};
	return cmocka_run_group_tests_name("coordinator/log_service", tests, NULL, NULL);
}
