/* What a proof ends, and what a new epoch begins again (WIRE.md sections 4 and 7.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/region.h"

static bool count_open(void *context, const void *row)
{
	*(size_t *)context += ((const struct sf_node_row_sending *)row)->open != 0;
	return true;
}

/* Sendings of the message that wait for a receipt. */
static size_t open_sendings(struct region *region, struct sf_id message)
{
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	const struct sf_node_row_sending key = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_sending,
		.index = SF_NODE_SENDING_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	size_t count = 0;
	assert_int_equal(store->scan(store->self, &scan, count_open, &count, NULL), SF_OK);
	return count;
}

static bool take_proof(void *context, const void *row)
{
	*(struct sf_node_row_proof *)context = *(const struct sf_node_row_proof *)row;
	return false;
}

static struct sf_node_row_proof proof_of(struct region *region, struct sf_id message)
{
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	struct sf_node_row_proof row = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_proof,
		.index = SF_NODE_PROOF_BY_MESSAGE,
		.equal_count = 1,
		.from = &row};
	struct sf_node_row_proof found = {.epoch = 0};
	assert_int_equal(store->scan(store->self, &scan, take_proof, &found, NULL), SF_OK);
	assert_int_equal(found.epoch, 1);
	return found;
}

static void leave(struct region *region, uint64_t common_size)
{
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_leave_epoch(region->hospital->node, 1, common_size, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static void test_proven_message_is_never_sent_again(void **state)
{
	struct region *region = *state;
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	const struct sf_node_row_proof proof = proof_of(region, sent.message);
	assert_true(proof.size > 0);
	assert_true(proof.own);
	leave(region, (uint64_t)proof.leaf_index + 1);
	assert_int_equal(open_sendings(region, sent.message), 0);
}

static void test_message_beyond_the_common_size_is_submitted_again(void **state)
{
	struct region *region = *state;
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	const struct sf_node_row_proof proof = proof_of(region, sent.message);
	leave(region, (uint64_t)proof.leaf_index);
	assert_int_equal(open_sendings(region, sent.message), 1);
	/* The same bytes: the coordinator of this log has them, and says so. */
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(open_sendings(region, sent.message), 0);
	assert_int_equal(sf_node_counters(region->hospital->node).contradictions, 0);
}

/* A letter of which no checkpoint tells: the coordinator signs none any more. */
static struct sf_node_row_proof send_unproven(struct region *region, struct sf_id *ret_message)
{
	region_run(region, SF_MINUTE_MS);
	region->world.limits.checkpoint_ms = SF_DAY_MS;
	sf_sim_power_off(region->coordinator);
	sf_sim_power_on(region->coordinator);
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_MINUTE_MS);
	*ret_message = region_send(region, "SLHJ_H").message;
	region_run(region, 5 * SF_MINUTE_MS);
	const struct sf_node_row_proof proof = proof_of(region, *ret_message);
	assert_true(proof.open > 0);
	assert_int_equal(open_sendings(region, *ret_message), 0);
	return proof;
}

static size_t void_count(struct region *region)
{
	return sf_memory_count(region->hospital->memory, &sf_node_table_void);
}

/* It is among what stands: nothing is to be sent, and its proof is asked for again. */
static void test_message_that_stands_without_a_proof_is_asked_for_again(void **state)
{
	struct region *region = *state;
	struct sf_id message;
	const struct sf_node_row_proof before = send_unproven(region, &message);
	leave(region, 1000);
	assert_int_equal(open_sendings(region, message), 0);
	const struct sf_node_row_proof proof = proof_of(region, message);
	assert_int_equal(proof.open, before.leaf_index + 1);
	assert_int_equal(proof.size, 0);
	assert_int_equal(void_count(region), 0);
}

static void test_receipt_beyond_the_common_size_is_void_and_kept(void **state)
{
	struct region *region = *state;
	struct sf_id message;
	const struct sf_node_row_proof before = send_unproven(region, &message);
	leave(region, (uint64_t)before.leaf_index);
	assert_int_equal(open_sendings(region, message), 1);
	/* Nothing is asked any more about a tail that is lost. */
	assert_int_equal(proof_of(region, message).open, 0);
	struct sf_node_row_void row = {.epoch = 1, .leaf_index = before.leaf_index};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_void, 0, &row, NULL), SF_OK);
	assert_true(sf_id_equal(row.message_id, message));
	struct sf_receipt receipt;
	assert_int_equal(sf_receipt_decode(row.receipt, &receipt, NULL), SF_OK);
	assert_int_equal(receipt.leaf_index, before.leaf_index);
	assert_true(row.cover.size > 0);
	assert_true(row.receipt_signature.size > 0);
}

#define TAIL ((size_t)2000)
#define PATH_SIZE ((size_t)2048)

/* A proof of somebody's event that is not here any more, in a lost tail. */
static struct sf_node_row_proof lost_proof(size_t number, const uint8_t path[PATH_SIZE])
{
	struct sf_id id = {{0}};
	sf_put_u64(id.bytes, number + 1);
	return (struct sf_node_row_proof){.epoch = 1,
		.leaf_index = (int64_t)(100000 + number),
		.message_id = id,
		.transition = id,
		.leaf = sf_view_of(path, SF_LEAF_SIZE),
		.path = sf_view_of(path, PATH_SIZE),
		.size = 200000,
		.open = 1};
}

/* However long the tail is, the turn holds little of it. */
static void test_a_long_tail_is_left_a_piece_at_a_time(void **state)
{
	struct region *region = *state;
	static const uint8_t path[PATH_SIZE];
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	struct sf_node *node = region->hospital->node;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	for (size_t i = 0; i < TAIL; i++) {
		const struct sf_node_row_proof row = lost_proof(i, path);
		assert_int_equal(
			store->insert(store->self, &sf_node_table_proof, &row, NULL), SF_OK);
	}
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	size_t before = node->arena.size;
	leave(region, 0);
	assert_true(node->arena.size - before < TAIL * PATH_SIZE / 8);
	for (size_t i = 0; i < TAIL; i++) {
		struct sf_node_row_proof row = lost_proof(i, path);
		assert_int_equal(
			store->get(store->self, &sf_node_table_proof, 0, &row, NULL), SF_OK);
		assert_int_equal(row.open, 0);
		assert_int_equal(row.path.size, PATH_SIZE);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_proven_message_is_never_sent_again),
		TEST(test_message_beyond_the_common_size_is_submitted_again),
		TEST(test_message_that_stands_without_a_proof_is_asked_for_again),
		TEST(test_receipt_beyond_the_common_size_is_void_and_kept),
		TEST(test_a_long_tail_is_left_a_piece_at_a_time),
	};
	return cmocka_run_group_tests_name("node/release", tests, NULL, NULL);
}
