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

static void test_message_without_a_proof_is_submitted_again(void **state)
{
	struct region *region = *state;
	region_run(region, SF_MINUTE_MS);
	region->world.limits.checkpoint_ms = SF_DAY_MS;
	sf_sim_power_off(region->coordinator);
	sf_sim_power_on(region->coordinator);
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_MINUTE_MS);
	const struct sf_reply_sent sent = region_send(region, "SLHJ_H");
	region_run(region, 5 * SF_MINUTE_MS);
	assert_true(proof_of(region, sent.message).open > 0);
	leave(region, 1000);
	assert_int_equal(open_sendings(region, sent.message), 1);
	/* Nothing is asked any more about an epoch that is over. */
	assert_int_equal(proof_of(region, sent.message).open, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_proven_message_is_never_sent_again),
		TEST(test_message_beyond_the_common_size_is_submitted_again),
		TEST(test_message_without_a_proof_is_submitted_again),
	};
	return cmocka_run_group_tests_name("node/release", tests, NULL, NULL);
}
