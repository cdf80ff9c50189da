/* What people ask a node of the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "log/leaf.h"
#include "log/proof.h"
#include "node/tables.h"
#include "unit/node/region.h"
#include "wire/frame.h"

static struct sf_reply_log ask_log(
	struct region *region, struct sf_sim_machine *machine, bool verify)
{
	const struct sf_request request = {.kind = SF_REQUEST_LOG, .log = {.verify = verify}};
	return region_get(region, machine, request, SF_REPLY_LOG).log;
}

static void test_status_shows_the_newest_checkpoint(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	const struct sf_reply_log here = ask_log(region, region->municipality, false);
	const struct sf_reply_log there = ask_log(region, region->coordinator, false);
	assert_true(here.size > 0);
	assert_string_equal(here.origin, there.origin);
	assert_int_equal(here.epoch, 1);
	assert_int_equal(here.size, there.size);
	assert_true(sf_digest_equal(&here.root, &there.root));
	assert_true(here.note.size > 0);
	assert_true(here.leaf_count > 0);
	assert_int_equal(here.unproven_count, 0);
	assert_int_equal(here.contradiction_count, 0);
	assert_false(here.verified);
	assert_string_equal(here.fault, "");
}

static void test_everything_kept_is_verified_again(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	const struct sf_reply_log log = ask_log(region, region->municipality, true);
	assert_true(log.verified);
	assert_string_equal(log.fault, "");
	assert_true(log.checked > log.leaf_count);
}

static bool take_first(void *context, const void *row)
{
	*(struct sf_node_row_proof *)context = *(const struct sf_node_row_proof *)row;
	return false;
}

/* A disk that changed one bit. */
static void test_leaf_that_was_changed_on_disk_is_a_fault(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	const struct sf_scan scan = {.table = &sf_node_table_proof, .count_max = 1};
	struct sf_node_row_proof row = {.epoch = 0};
	assert_int_equal(store->scan(store->self, &scan, take_first, &row, NULL), SF_OK);
	row = (struct sf_node_row_proof){.epoch = row.epoch, .leaf_index = row.leaf_index};
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->get(store->self, &sf_node_table_proof, 0, &row, NULL), SF_OK);
	uint8_t leaf[SF_LEAF_SIZE];
	memcpy(leaf, row.leaf.data, sizeof(leaf));
	leaf[20] ^= 1;
	row.leaf = sf_view_of(leaf, sizeof(leaf));
	assert_int_equal(store->replace(store->self, &sf_node_table_proof, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	const struct sf_reply_log log = ask_log(region, region->municipality, true);
	assert_false(log.verified);
	assert_non_null(strstr(log.fault, "leaf"));
}

static void test_proof_of_a_message_is_a_text_that_reads_again(void **state)
{
	struct region *region = *state;
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	const struct sf_request request = {
		.kind = SF_REQUEST_PROOF, .proof = {.message = sent.message}};
	struct sf_sim_machine *asked[] = {region->hospital, region->municipality};
	for (size_t i = 0; i < SF_COUNT(asked); i++) {
		const struct sf_reply_proof reply =
			region_get(region, asked[i], request, SF_REPLY_PROOF).proof;
		assert_false(reply.pending);
		struct sf_proof *proof = sf_arena_take(&region->arena, sizeof(*proof));
		assert_non_null(proof);
		assert_int_equal(sf_proof_parse(reply.proof, proof, NULL), SF_OK);
		assert_int_equal(proof->index, reply.index);
		struct sf_signed_receipt receipt;
		struct sf_receipt decoded;
		assert_int_equal(
			sf_signed_receipt_decode(
				sf_view_of(proof->extra, proof->extra_size), &receipt, NULL),
			SF_OK);
		assert_int_equal(sf_receipt_decode(receipt.receipt, &decoded, NULL), SF_OK);
		assert_true(sf_id_equal(decoded.message_id, sent.message));
		assert_int_equal(decoded.leaf_index, reply.index);
	}
}

static void test_receipt_before_its_checkpoint_is_pending(void **state)
{
	struct region *region = *state;
	region_run(region, SF_MINUTE_MS);
	region->world.limits.checkpoint_ms = SF_DAY_MS;
	sf_sim_power_off(region->coordinator);
	sf_sim_power_on(region->coordinator);
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_MINUTE_MS); /* the one checkpoint of the day is signed */
	const struct sf_reply_sent second = region_send(region, "SLHJ_H");
	region_run(region, 5 * SF_MINUTE_MS);
	const struct sf_request request = {
		.kind = SF_REQUEST_PROOF, .proof = {.message = second.message}};
	const struct sf_reply_proof reply =
		region_get(region, region->hospital, request, SF_REPLY_PROOF).proof;
	const struct sf_reply_log log = ask_log(region, region->hospital, false);
	assert_true(reply.pending);
	assert_int_equal(reply.proof.size, 0);
	assert_true(log.unproven_count > 0);
	assert_true(log.unproven_since_ms > 0);
}

static void test_unknown_message_has_no_proof(void **state)
{
	struct region *region = *state;
	const struct sf_request request = {
		.kind = SF_REQUEST_PROOF, .proof = {.message = {{0x42}}}};
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_status_shows_the_newest_checkpoint),
		TEST(test_everything_kept_is_verified_again),
		TEST(test_leaf_that_was_changed_on_disk_is_a_fault),
		TEST(test_proof_of_a_message_is_a_text_that_reads_again),
		TEST(test_receipt_before_its_checkpoint_is_pending),
		TEST(test_unknown_message_has_no_proof),
	};
	return cmocka_run_group_tests_name("node/log_service", tests, NULL, NULL);
}
