/* What a node knows when it starts anew on its store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/region.h"

static void restart(struct sf_sim_machine *machine)
{
	sf_sim_power_off(machine);
	sf_sim_power_on(machine);
}

static void test_counters_directory_and_agreements_survive(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	struct sf_node *node = region->hospital->node;
	int64_t values[SF_COUNT(node->counter_values)];
	memcpy(values, node->counter_values, sizeof(values));
	struct sf_digest head = *sf_directory_head(node->directory);
	uint64_t version = sf_directory_version(node->directory);
	struct sf_digest agreement, again;
	assert_int_equal(sf_node_ruling_agreement(node, &agreement, NULL), SF_OK);
	assert_false(sf_digest_is_none(&agreement));
	assert_true(values[SF_NODE_COUNTER_AUTHOR_SEQUENCE] > 0);
	restart(region->hospital);
	node = region->hospital->node;
	assert_memory_equal(node->counter_values, values, sizeof(values));
	assert_int_equal(sf_directory_version(node->directory), version);
	assert_true(sf_digest_equal(sf_directory_head(node->directory), &head));
	assert_int_equal(sf_book_view(node->book)->count, 1);
	assert_int_equal(sf_node_ruling_agreement(node, &again, NULL), SF_OK);
	assert_true(sf_digest_equal(&again, &agreement));
}

/* What was promised before the power went is sent after it is back. */
static void test_letter_stored_before_a_power_cut_is_sent_after_it(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	restart(region->hospital);
	region_run(region, SF_MINUTE_MS);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	struct sf_reply_inbox rows =
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox;
	assert_int_equal(rows.row_count, 1);
	assert_true(sf_id_equal(rows.rows[0].message, sent.message));
}

static void test_resend_that_was_due_is_still_due(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_MINUTE_MS);
	struct sf_node *node = region->hospital->node;
	const struct sf_store *store = &node->ports.store;
	const struct sf_notice notice = {sent.message, region->municipality->party};
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_notice(node, &notice, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	restart(region->hospital);
	region_run(region, 40 * SF_MINUTE_MS);
	struct sf_node_row_outbox row = {.message_id = sent.message};
	store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_outbox, 0, &row, NULL), SF_OK);
	assert_int_equal(row.sending, 2);
}

static void test_entry_that_no_pinned_registrar_signed_ends_the_start(void **state)
{
	struct region *region = *state;
	struct sf_node *node = region->gp->node;
	node->options.registrars.keys[0][0] ^= 1;
	struct sf_diag diag = {{0}};
	assert_int_equal(sf_node_load(node, &diag), SF_ERR_AUTH);
	assert_non_null(strstr(diag.text, "directory entry 1"));
	node->options.registrars.keys[0][0] ^= 1;
	assert_int_equal(sf_node_load(node, &diag), SF_OK);
}

/* A turn that is lost takes the counters back to what the store says. */
static void test_lost_turn_gives_its_numbers_back(void **state)
{
	struct region *region = *state;
	struct sf_node *node = region->hospital->node;
	int64_t sequence = node->counter_values[SF_NODE_COUNTER_AUTHOR_SEQUENCE];
	sf_memory_next_commit(region->hospital->memory, SF_MEMORY_FULL);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(sf_node_next(node, SF_NODE_COUNTER_AUTHOR_SEQUENCE), sequence + 1);
	struct sf_reply reply;
	assert_int_equal(
		sf_sim_call(region->hospital, &inbox, &region->arena, &reply), SF_ERR_DISK_FULL);
	assert_int_equal(node->counter_values[SF_NODE_COUNTER_AUTHOR_SEQUENCE], sequence);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(region_send(region, "STIN_H").answer, SF_SEND_STORED);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(sf_node_counters(node).acknowledged, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_counters_directory_and_agreements_survive),
		TEST(test_letter_stored_before_a_power_cut_is_sent_after_it),
		TEST(test_resend_that_was_due_is_still_due),
		TEST(test_entry_that_no_pinned_registrar_signed_ends_the_start),
		TEST(test_lost_turn_gives_its_numbers_back),
	};
	return cmocka_run_group_tests_name("node/load", tests, NULL, NULL);
}
