#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static void say_time(struct desk *desk, const struct sf_sim_machine *from, int64_t ahead_ms)
{
	const struct sf_frame hello = {.kind = SF_FRAME_HELLO,
		.hello = {
			.version = 1, .software = "desk", .now_ms = desk->world.now_ms + ahead_ms}};
	desk->routes[from->index] = ++desk->last_route;
	desk_say(desk, from, &hello);
	desk_turn(desk);
}

static size_t count_troubles(const struct desk *desk)
{
	struct sf_feed_row rows[64];
	size_t count = sf_feed_read(desk->coordinator->coordinator->feed, 0, SF_COUNT(rows), rows);
	size_t troubles = 0;
	for (size_t i = 0; i < count; i++)
		troubles += rows[i].what == SF_FEED_TROUBLE;
	return troubles;
}

static void test_clock_that_leaves_the_nodes_is_told_once(void **state)
{
	struct desk *desk = *state;
	const struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	say_time(desk, desk->hospital, -10 * SF_MINUTE_MS);
	say_time(desk, desk->municipality, -10 * SF_MINUTE_MS);
	assert_int_equal(sf_coordinator_clock_ahead_ms(coordinator), 0);
	assert_int_equal(count_troubles(desk), 0);
	say_time(desk, desk->gp, 0);
	assert_true(sf_coordinator_clock_ahead_ms(coordinator) < -9 * SF_MINUTE_MS);
	assert_true(coordinator->clock_apart);
	say_time(desk, desk->gp, -10 * SF_MINUTE_MS);
	assert_int_equal(count_troubles(desk), 1);
	say_time(desk, desk->hospital, SF_MINUTE_MS);
	say_time(desk, desk->municipality, 0);
	assert_false(coordinator->clock_apart);
}

static void test_one_node_with_a_wrong_clock_is_not_believed(void **state)
{
	struct desk *desk = *state;
	say_time(desk, desk->hospital, 0);
	say_time(desk, desk->municipality, 0);
	say_time(desk, desk->gp, 365 * SF_DAY_MS);
	assert_int_equal(count_troubles(desk), 0);
	/* Nor one that says nothing. */
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	assert_int_equal(sf_coordinator_clock_ahead_ms(desk->coordinator->coordinator), 0);
	assert_int_equal(count_troubles(desk), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_clock_that_leaves_the_nodes_is_told_once),
		TEST(test_one_node_with_a_wrong_clock_is_not_believed),
	};
	return cmocka_run_group_tests_name("coordinator/clock", tests, NULL, NULL);
}
