/* What happened stays told: over restarts, once, and never of a turn that was lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/terms.h"

#define KEPT_MAX ((size_t)100000) /* as in src/node/feed.c */

static void restart(struct sf_sim_machine *machine)
{
	sf_sim_power_off(machine);
	sf_sim_power_on(machine);
}

static struct sf_reply_feed read_feed(
	struct region *region, struct sf_sim_machine *machine, uint64_t after, uint32_t count_max)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_FEED, .feed = {.after = after, .count_max = count_max}};
	return region_get(region, machine, request, SF_REPLY_FEED).feed;
}

static size_t count_what(const struct sf_reply_feed *feed, enum sf_feed_what what)
{
	size_t count = 0;
	for (size_t i = 0; i < feed->row_count; i++)
		count += feed->rows[i].what == what;
	return count;
}

static void test_what_matters_is_told_after_a_restart_in_order(void **state)
{
	struct region *region = *state;
	struct sf_sim_machine *municipality = region->municipality;
	uint64_t before = read_feed(region, municipality, 0, 0).cursor;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_reply_feed live = read_feed(region, municipality, before, 0);
	assert_true(count_what(&live, SF_FEED_RECEIVED) == 2);
	restart(municipality);
	region_run(region, SF_SECOND_MS);
	struct sf_reply_feed again = read_feed(region, municipality, before, 0);
	assert_int_equal(count_what(&again, SF_FEED_RECEIVED), 2);
	assert_int_equal(count_what(&again, SF_FEED_OFFERED), count_what(&live, SF_FEED_OFFERED));
	assert_int_equal(count_what(&again, SF_FEED_STARTED), 1);
	bool found = false;
	for (size_t i = 0; i < again.row_count; i++) {
		assert_true(again.rows[i].cursor > (i > 0 ? again.rows[i - 1].cursor : before));
		if (again.rows[i].what != SF_FEED_RECEIVED ||
			!sf_id_equal(again.rows[i].message, sent.message))
			continue;
		found = true;
		assert_true(sf_id_equal(again.rows[i].transition, sent.transition));
		assert_true(sf_id_equal(again.rows[i].party, region->hospital->party));
		assert_string_equal(again.rows[i].party_name, "hospital 0");
		assert_int_equal(again.rows[i].activity, SF_ACTIVITY_DISCHARGE_HOME);
	}
	assert_true(found);
}

static void test_pages_lead_from_the_table_into_the_ring(void **state)
{
	struct region *region = *state;
	uint64_t after = read_feed(region, region->municipality, 0, 0).cursor;
	region_discharge(region);
	restart(region->municipality);
	region_run(region, SF_SECOND_MS);
	struct sf_reply_feed whole = read_feed(region, region->municipality, after, 0);
	for (size_t i = 0; i < whole.row_count; i++) {
		struct sf_reply_feed page = read_feed(region, region->municipality, after, 1);
		assert_int_equal(page.row_count, 1);
		assert_true(page.rows[0].cursor == whole.rows[i].cursor);
		assert_true(page.cursor == whole.cursor);
		after = page.rows[0].cursor;
	}
	assert_int_equal(read_feed(region, region->municipality, after, 1).row_count, 0);
}

static void test_lost_turn_keeps_no_row_and_gives_none_twice(void **state)
{
	struct region *region = *state;
	struct sf_sim_machine *hospital = region->hospital;
	size_t kept = sf_memory_count(hospital->memory, &sf_node_table_feed);
	sf_node_alarm(hospital->node);
	sf_memory_next_commit(hospital->memory, SF_MEMORY_FULL);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	struct sf_reply reply;
	assert_int_equal(sf_sim_call(hospital, &inbox, &region->arena, &reply), SF_ERR_DISK_FULL);
	assert_int_equal(sf_memory_count(hospital->memory, &sf_node_table_feed), kept);
	assert_int_equal(hospital->node->feed_kept_count, kept);
	sf_node_alarm(hospital->node);
	assert_int_equal(sf_sim_call(hospital, &inbox, &region->arena, &reply), SF_OK);
	assert_int_equal(sf_sim_call(hospital, &inbox, &region->arena, &reply), SF_OK);
	assert_int_equal(sf_memory_count(hospital->memory, &sf_node_table_feed), kept + 1);
	struct sf_reply_feed feed = read_feed(region, hospital, 0, 0);
	assert_int_equal(count_what(&feed, SF_FEED_TROUBLE), 1);
}

static void test_cursors_do_not_go_back_with_the_clock(void **state)
{
	struct region *region = *state;
	const struct sf_node_row_feed ahead = {.cursor = INT64_C(1) << 52, .what = SF_FEED_TROUBLE};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->insert(store->self, &sf_node_table_feed, &ahead, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	restart(region->hospital);
	assert_true(sf_feed_cursor(region->hospital->node->feed) > (uint64_t)ahead.cursor);
	struct sf_reply_feed feed =
		read_feed(region, region->hospital, (uint64_t)ahead.cursor - 1, 0);
	assert_true(feed.row_count >= 2);
	assert_true(feed.rows[0].cursor == (uint64_t)ahead.cursor);
	assert_int_equal(feed.rows[1].what, SF_FEED_STARTED);
}

static void test_oldest_rows_go_when_there_are_too_many(void **state)
{
	struct region *region = *state;
	struct sf_sim_machine *hospital = region->hospital;
	const struct sf_store *store = sf_memory_port(hospital->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	for (int64_t i = 1; i <= (int64_t)KEPT_MAX + 255; i++) {
		const struct sf_node_row_feed row = {.cursor = i, .what = SF_FEED_RECEIVED};
		assert_int_equal(
			store->insert(store->self, &sf_node_table_feed, &row, NULL), SF_OK);
	}
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	restart(hospital);
	sf_node_alarm(hospital->node);
	struct sf_reply_feed feed = read_feed(region, hospital, 0, 1);
	assert_int_equal(feed.rows[0].cursor, 1);
	/* The row of the alarm was kept at the end of that turn, and 256 went for it. */
	assert_int_equal(sf_memory_count(hospital->memory, &sf_node_table_feed), KEPT_MAX);
	assert_int_equal(read_feed(region, hospital, 0, 1).rows[0].cursor, 257);
}

static bool is_of_time(enum sf_feed_what what)
{
	return what == SF_FEED_EXPIRED || what == SF_FEED_ALARM || what == SF_FEED_WINDOW ||
	       what == SF_FEED_CLOSED;
}

/* Rows of what time made are the coordinator's own, one by one; how many there are. */
static size_t assert_told_as_at_coordinator(struct region *region, struct sf_sim_machine *machine)
{
	struct sf_reply_feed wanted = read_feed(region, region->coordinator, 0, 0);
	struct sf_reply_feed feed = read_feed(region, machine, 0, 0);
	size_t count = 0, next = 0;
	for (size_t i = 0; i < wanted.row_count; i++) {
		const struct sf_feed_row *row = &wanted.rows[i];
		if (!is_of_time(row->what))
			continue;
		while (next < feed.row_count && !is_of_time(feed.rows[next].what))
			next++;
		assert_true(next < feed.row_count);
		const struct sf_feed_row *told = &feed.rows[next++];
		assert_int_equal(told->what, row->what);
		assert_true(told->at_ms == row->at_ms);
		assert_true(sf_id_equal(told->message, row->message));
		assert_true(sf_id_equal(told->transition, row->transition));
		assert_true(sf_id_equal(told->party, row->party));
		assert_true(sf_id_equal(told->peer, row->peer));
		assert_int_equal(told->kind, row->kind);
		assert_int_equal(told->outcome, row->outcome);
		count++;
	}
	for (; next < feed.row_count; next++)
		assert_false(is_of_time(feed.rows[next].what));
	return count;
}

/* Nobody writes the letter that the hospital owes within a day; its window ends after three. */
static void test_what_time_makes_is_told_where_it_is_followed_and_once(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	struct sf_id id = region_discharge(region).transition;
	region_run(region, 5 * SF_DAY_MS);
	size_t count = assert_told_as_at_coordinator(region, region->municipality);
	assert_int_equal(assert_told_as_at_coordinator(region, region->hospital), count);
	struct sf_reply_feed feed = read_feed(region, region->municipality, 0, 0);
	assert_int_equal(count_what(&feed, SF_FEED_EXPIRED), 1);
	assert_int_equal(count_what(&feed, SF_FEED_WINDOW), 1);
	for (size_t i = 0; i < feed.row_count; i++) {
		if (feed.rows[i].what != SF_FEED_EXPIRED)
			continue;
		assert_true(sf_id_equal(feed.rows[i].transition, id));
		assert_true(sf_id_equal(feed.rows[i].party, region->hospital->party));
	}
	/* A fold from the store is no news. */
	restart(region->municipality);
	region_run(region, SF_MINUTE_MS);
	assert_non_null(terms_replica(region->municipality, id));
	assert_int_equal(assert_told_as_at_coordinator(region, region->municipality), count);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_matters_is_told_after_a_restart_in_order),
		TEST(test_pages_lead_from_the_table_into_the_ring),
		TEST(test_lost_turn_keeps_no_row_and_gives_none_twice),
		TEST(test_cursors_do_not_go_back_with_the_clock),
		TEST(test_oldest_rows_go_when_there_are_too_many),
		TEST(test_what_time_makes_is_told_where_it_is_followed_and_once),
	};
	return cmocka_run_group_tests_name("node/feed", tests, NULL, NULL);
}
