#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "turn/clock.h"

#define WALL INT64_C(1795000000000)
#define STEADY INT64_C(5000) /* monotonic clocks start anywhere */

static struct sf_clock started(void)
{
	struct sf_clock clock = {.started = false};
	assert_int_equal(sf_clock_read(&clock, WALL, STEADY), WALL);
	assert_false(clock.jumped);
	return clock;
}

static void test_clocks_that_agree_give_wall_time(void **state)
{
	(void)state;
	struct sf_clock clock = started();
	for (int64_t passed_ms = 0; passed_ms < 3 * SF_CLOCK_JUMP_MS; passed_ms += 7919) {
		assert_int_equal(sf_clock_read(&clock, WALL + passed_ms, STEADY + passed_ms),
			WALL + passed_ms);
		assert_false(clock.jumped);
	}
}

static void test_first_reading_is_believed_whatever_it_is(void **state)
{
	(void)state;
	struct sf_clock clock = {.started = false};
	assert_int_equal(sf_clock_read(&clock, 0, STEADY), 0);
	assert_int_equal(sf_clock_read(&clock, 10, STEADY + 10), 10);
	assert_false(clock.jumped);
}

static void test_long_quiet_is_no_jump(void **state)
{
	(void)state;
	struct sf_clock clock = started();
	int64_t passed_ms = INT64_C(86400000);
	assert_int_equal(
		sf_clock_read(&clock, WALL + passed_ms, STEADY + passed_ms), WALL + passed_ms);
	assert_false(clock.jumped);
}

static void test_small_step_back_holds_time_still(void **state)
{
	(void)state;
	struct sf_clock clock = started();
	assert_int_equal(sf_clock_read(&clock, WALL + 1000, STEADY + 1000), WALL + 1000);
	assert_int_equal(sf_clock_read(&clock, WALL + 600, STEADY + 1100), WALL + 1000);
	assert_false(clock.jumped);
	assert_int_equal(sf_clock_read(&clock, WALL + 999, STEADY + 1499), WALL + 1000);
	assert_int_equal(sf_clock_read(&clock, WALL + 1001, STEADY + 1501), WALL + 1001);
	assert_false(clock.jumped);
}

/* Just inside the limit is drift that NTP corrects, just beyond it is a jump: both ways. */
static void test_limit_of_a_jump_is_exact(void **state)
{
	(void)state;
	struct sf_clock clock = started();
	assert_int_equal(
		sf_clock_read(&clock, WALL + SF_CLOCK_JUMP_MS, STEADY), WALL + SF_CLOCK_JUMP_MS);
	assert_false(clock.jumped);
	clock = started();
	assert_int_equal(sf_clock_read(&clock, WALL + SF_CLOCK_JUMP_MS + 1, STEADY), WALL);
	assert_true(clock.jumped);
	clock = started();
	assert_int_equal(sf_clock_read(&clock, WALL - SF_CLOCK_JUMP_MS, STEADY), WALL);
	assert_false(clock.jumped);
	clock = started();
	assert_int_equal(sf_clock_read(&clock, WALL - SF_CLOCK_JUMP_MS - 1, STEADY), WALL);
	assert_true(clock.jumped);
}

static void jump_and_come_back(int64_t jump_ms)
{
	struct sf_clock clock = started();
	int64_t passed_ms = 0;
	for (size_t i = 0; i < 500; i++) {
		passed_ms += 1000;
		assert_int_equal(
			sf_clock_read(&clock, WALL + jump_ms + passed_ms, STEADY + passed_ms),
			WALL + passed_ms);
		assert_true(clock.jumped);
	}
	passed_ms += 1000;
	assert_int_equal(
		sf_clock_read(&clock, WALL + passed_ms, STEADY + passed_ms), WALL + passed_ms);
	assert_false(clock.jumped);
}

static void test_jump_forward_goes_on_by_the_monotonic_clock_until_wall_is_back(void **state)
{
	(void)state;
	jump_and_come_back(INT64_C(2) * 86400000);
}

static void test_jump_back_goes_on_by_the_monotonic_clock_until_wall_is_back(void **state)
{
	(void)state;
	jump_and_come_back(-INT64_C(3600000));
}

/* A suspended machine: wall time went on, the monotonic clock (CLOCK_MONOTONIC) did not. */
static void test_suspend_is_a_jump_that_ends_at_restart_only(void **state)
{
	(void)state;
	struct sf_clock clock = started();
	int64_t asleep_ms = INT64_C(8) * 3600000;
	assert_int_equal(sf_clock_read(&clock, WALL + asleep_ms, STEADY + 20), WALL + 20);
	assert_true(clock.jumped);
	assert_int_equal(sf_clock_read(&clock, WALL + asleep_ms + 80, STEADY + 100), WALL + 100);
	assert_true(clock.jumped);
	clock = (struct sf_clock){.started = false};
	assert_int_equal(
		sf_clock_read(&clock, WALL + asleep_ms + 90, STEADY + 110), WALL + asleep_ms + 90);
	assert_false(clock.jumped);
}

/* Slow drift below the limit is followed for ever: what is compared is the last believed time. */
static void test_drift_never_adds_up_to_a_jump(void **state)
{
	(void)state;
	struct sf_clock clock = started();
	for (int64_t i = 1; i <= 1000; i++) {
		int64_t wall_ms = WALL + i * 1100;
		assert_int_equal(sf_clock_read(&clock, wall_ms, STEADY + i * 1000), wall_ms);
		assert_false(clock.jumped);
	}
}

/* Many small steps back must not hold time still for longer than the limit without an alarm. */
static void test_time_held_still_is_told_after_a_minute(void **state)
{
	(void)state;
	struct sf_clock clock = started();
	int64_t still_ms = 0;
	for (int64_t passed_ms = 0; passed_ms <= 2 * SF_CLOCK_JUMP_MS && !clock.jumped;
		passed_ms += 1000) {
		int64_t now_ms = sf_clock_read(&clock, WALL - 1, STEADY + passed_ms);
		if (!clock.jumped)
			assert_int_equal(now_ms, WALL);
		still_ms = passed_ms;
	}
	assert_true(clock.jumped);
	assert_int_equal(still_ms, SF_CLOCK_JUMP_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clocks_that_agree_give_wall_time),
		cmocka_unit_test(test_first_reading_is_believed_whatever_it_is),
		cmocka_unit_test(test_long_quiet_is_no_jump),
		cmocka_unit_test(test_small_step_back_holds_time_still),
		cmocka_unit_test(test_limit_of_a_jump_is_exact),
		cmocka_unit_test(
			test_jump_forward_goes_on_by_the_monotonic_clock_until_wall_is_back),
		cmocka_unit_test(test_jump_back_goes_on_by_the_monotonic_clock_until_wall_is_back),
		cmocka_unit_test(test_suspend_is_a_jump_that_ends_at_restart_only),
		cmocka_unit_test(test_drift_never_adds_up_to_a_jump),
		cmocka_unit_test(test_time_held_still_is_told_after_a_minute),
	};
	return cmocka_run_group_tests_name("turn/clock", tests, NULL, NULL);
}
