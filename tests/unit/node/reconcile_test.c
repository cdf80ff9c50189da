/* Once a day both sides compare what they derived (daily reconciliation). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/counter.h"
#include "unit/node/terms.h"

static struct sf_node_row_transition get_row(struct sf_sim_machine *machine, struct sf_id id)
{
	const struct sf_store *store = sf_memory_port(machine->memory);
	struct sf_node_row_transition row = {.id = id};
	assert_int_equal(store->get(store->self, &sf_node_table_transition, 0, &row, NULL), SF_OK);
	return row;
}

/* As a fault of this program or its disk would: what stands in the row is not what was derived. */
static void put_row(struct sf_sim_machine *machine, const struct sf_node_row_transition *row)
{
	const struct sf_store *store = sf_memory_port(machine->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_transition, row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static bool stands_on_board(struct region *region, struct sf_sim_machine *machine, struct sf_id id)
{
	const struct sf_request request = {.kind = SF_REQUEST_BOARD, .board = {.party = ""}};
	struct sf_reply_board board = region_get(region, machine, request, SF_REPLY_BOARD).board;
	for (size_t i = 0; i < board.row_count; i++)
		if (board.rows[i].what == SF_BOARD_DIFFERENCE &&
			sf_id_equal(board.rows[i].transition, id))
			return true;
	return false;
}

static void test_equal_views_are_compared_daily_without_a_word(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	region_run(region, 2 * SF_DAY_MS);
	struct sf_sim_machine *nodes[] = {region->hospital, region->municipality, region->gp};
	for (size_t i = 0; i < SF_COUNT(nodes); i++) {
		const struct sf_node *node = nodes[i]->node;
		int64_t last_ms = node->counter_values[SF_NODE_COUNTER_RECONCILED];
		assert_true(last_ms > 0);
		assert_true(region->world.now_ms - last_ms <= SF_DAY_MS + SF_MINUTE_MS);
		assert_int_equal(sf_node_counters(node).alarms, 0);
		assert_int_equal(get_row(nodes[i], id).difference_ms, 0);
		assert_false(stands_on_board(region, nodes[i], id));
	}
}

static void test_difference_is_an_alarm_until_both_agree_again(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	region_run(region, SF_HOUR_MS);
	struct sf_node_row_transition row = get_row(region->hospital, id);
	struct sf_digest right = row.summary;
	row.summary.bytes[3] ^= 1;
	put_row(region->hospital, &row);
	region_run(region, SF_DAY_MS);
	assert_true(get_row(region->hospital, id).difference_ms > 0);
	assert_true(sf_node_counters(region->hospital->node).alarms > 0);
	assert_true(stands_on_board(region, region->hospital, id));
	assert_true(stands_on_board(region, region->coordinator, id));
	assert_false(stands_on_board(region, region->municipality, id));
	row = get_row(region->hospital, id);
	row.summary = right;
	put_row(region->hospital, &row);
	region_run(region, SF_DAY_MS + SF_HOUR_MS);
	assert_int_equal(get_row(region->hospital, id).difference_ms, 0);
	assert_false(stands_on_board(region, region->hospital, id));
	assert_false(stands_on_board(region, region->coordinator, id));
}

/* Rows of an earlier program have no summary: it is made before anything is compared. */
static void test_rows_without_a_summary_get_one_first(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	struct sf_node_row_transition row = get_row(region->municipality, id);
	struct sf_digest right = row.summary;
	assert_false(sf_digest_is_none(&right));
	row.summary = (struct sf_digest){{0}};
	put_row(region->municipality, &row);
	region_run(region, SF_DAY_MS + SF_HOUR_MS);
	row = get_row(region->municipality, id);
	assert_true(sf_digest_equal(&row.summary, &right));
	assert_int_equal(sf_node_counters(region->municipality->node).alarms, 0);
}

static void deliver_events(struct counter *counter)
{
	const struct desk_letter letters[] = {
		desk_parties(counter->desk, false), desk_admission(counter->desk)};
	for (size_t i = 0; i < SF_COUNT(letters); i++) {
		struct counter_item item = counter_item(counter, &letters[i], i + 1);
		item.cover = true;
		counter_deliver(counter, &item);
	}
}

static void test_rows_are_said_when_they_are_asked_for(void **state)
{
	struct counter *counter = *state;
	deliver_events(counter);
	const struct sf_frame wanted = {.kind = SF_FRAME_RECONCILE, .want_rows = true};
	counter_say(counter, &wanted);
	counter_turn(counter);
	const struct sf_frame *said = counter_heard(counter, SF_FRAME_RECONCILE, 0);
	assert_non_null(said);
	assert_int_equal(said->count, 1);
	assert_int_equal(said->reconcile_count, 1);
	assert_int_equal(said->reconcile_rows[0].sequence, 2);
	assert_true(sf_id_equal(said->reconcile_rows[0].transition, counter->desk->transition));
	struct sf_node_row_transition row = get_row(counter->side, counter->desk->transition);
	assert_true(sf_digest_equal(&said->reconcile_rows[0].summary, &row.summary));
}

static void test_row_that_this_node_lacks_is_an_alarm(void **state)
{
	struct counter *counter = *state;
	deliver_events(counter);
	struct sf_reconcile_row rows[] = {
		{{{0, 9}}, 1, {{1}}}, {counter->desk->transition, 2, {{1}}}};
	const struct sf_frame frame = {
		.kind = SF_FRAME_RECONCILE, .count = SF_COUNT(rows), .reconcile_rows = rows};
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(sf_node_counters(counter->node).alarms, 2);
	assert_true(get_row(counter->side, counter->desk->transition).difference_ms > 0);
	/* The same view as ours is none. */
	rows[1].summary = get_row(counter->side, counter->desk->transition).summary;
	const struct sf_frame same = {
		.kind = SF_FRAME_RECONCILE, .count = 1, .reconcile_rows = rows + 1};
	counter_say(counter, &same);
	counter_turn(counter);
	assert_int_equal(sf_node_counters(counter->node).alarms, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)
#define ALONE(name) cmocka_unit_test_setup_teardown(name, counter_open, counter_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_equal_views_are_compared_daily_without_a_word),
		TEST(test_difference_is_an_alarm_until_both_agree_again),
		TEST(test_rows_without_a_summary_get_one_first),
		ALONE(test_rows_are_said_when_they_are_asked_for),
		ALONE(test_row_that_this_node_lacks_is_an_alarm),
	};
	return cmocka_run_group_tests_name("node/reconcile", tests, NULL, NULL);
}
