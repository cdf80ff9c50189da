#include "unit/core/check.h"

#include <stdlib.h>

#include "base/time.h"
#include "core/calendar.h"
#include "core/zone.h"

/* Europe/Copenhagen in 2026: 29 March and 25 October at 01:00 UTC. */
#define SPRING_MS 1774746000000
#define AUTUMN_MS 1792890000000

static const struct sf_zone_change changes[] = {{SPRING_MS, 7200}, {AUTUMN_MS, 3600}};
static const struct sf_zone copenhagen = {
	.name = "Europe/Copenhagen", .first_offset_s = 3600, .change_count = 2, .changes = changes};

static void assert_local(int64_t time_ms, int32_t year_day, int32_t minute, int32_t ms)
{
	struct sf_local_time local = sf_zone_local(&copenhagen, time_ms);
	assert_int_equal(local.day, year_day);
	assert_int_equal(local.minute, minute);
	assert_int_equal(local.ms, ms);
}

static void test_offset_changes_at_the_instant(void **state)
{
	(void)state;
	assert_int_equal(sf_zone_offset_s(&copenhagen, 0), 3600);
	assert_int_equal(sf_zone_offset_s(&copenhagen, SPRING_MS - 1), 3600);
	assert_int_equal(sf_zone_offset_s(&copenhagen, SPRING_MS), 7200);
	assert_int_equal(sf_zone_offset_s(&copenhagen, AUTUMN_MS - 1), 7200);
	assert_int_equal(sf_zone_offset_s(&copenhagen, AUTUMN_MS), 3600);
	assert_int_equal(sf_zone_offset_s(NULL, SPRING_MS), 0);
}

static void test_local_time_jumps_in_spring(void **state)
{
	(void)state;
	int32_t day = sf_day_from_date(2026, 3, 29);
	assert_local(SPRING_MS - 1, day, 119, 59999);
	assert_local(SPRING_MS, day, 180, 0);
}

static void test_local_time_repeats_an_hour_in_autumn(void **state)
{
	(void)state;
	int32_t day = sf_day_from_date(2026, 10, 25);
	assert_local(AUTUMN_MS - SF_HOUR_MS, day, 120, 0);
	assert_local(AUTUMN_MS - 1, day, 179, 59999);
	assert_local(AUTUMN_MS, day, 120, 0);
}

static void test_local_time_before_1970_counts_whole_days_down(void **state)
{
	(void)state;
	struct sf_local_time local = sf_zone_local(NULL, -1);
	assert_int_equal(local.day, -1);
	assert_int_equal(local.minute, 1439);
	assert_int_equal(local.ms, 59999);
}

static void test_instant_of_a_skipped_time_is_the_change(void **state)
{
	(void)state;
	int32_t day = sf_day_from_date(2026, 3, 29);
	assert_int_equal(sf_zone_instant(&copenhagen, day, 119), SPRING_MS - SF_MINUTE_MS);
	assert_int_equal(sf_zone_instant(&copenhagen, day, 120), SPRING_MS);
	assert_int_equal(sf_zone_instant(&copenhagen, day, 150), SPRING_MS);
	assert_int_equal(sf_zone_instant(&copenhagen, day, 180), SPRING_MS);
	assert_int_equal(sf_zone_instant(&copenhagen, day, 181), SPRING_MS + SF_MINUTE_MS);
}

static void test_instant_of_a_repeated_time_is_the_first(void **state)
{
	(void)state;
	int32_t day = sf_day_from_date(2026, 10, 25);
	assert_int_equal(sf_zone_instant(&copenhagen, day, 150), AUTUMN_MS - 30 * SF_MINUTE_MS);
	assert_int_equal(sf_zone_instant(&copenhagen, day, 180), AUTUMN_MS + SF_HOUR_MS);
}

static void test_days_have_23_and_25_hours(void **state)
{
	(void)state;
	int32_t spring = sf_day_from_date(2026, 3, 29);
	int32_t autumn = sf_day_from_date(2026, 10, 25);
	assert_int_equal(sf_zone_instant(&copenhagen, spring + 1, 0) -
				 sf_zone_instant(&copenhagen, spring, 0),
		23 * SF_HOUR_MS);
	assert_int_equal(sf_zone_instant(&copenhagen, autumn + 1, 0) -
				 sf_zone_instant(&copenhagen, autumn, 0),
		25 * SF_HOUR_MS);
}

/* Samoa left out 30 December 2011: every time of that day is the change. */
static void test_instant_of_a_skipped_day_is_the_change(void **state)
{
	(void)state;
	const struct sf_zone_change over = {1325239200000, 50400};
	const struct sf_zone apia = {.first_offset_s = -36000, .change_count = 1, .changes = &over};
	int32_t day = sf_day_from_date(2011, 12, 30);
	assert_int_equal(sf_zone_instant(&apia, day, 0), over.at_ms);
	assert_int_equal(sf_zone_instant(&apia, day, 1439), over.at_ms);
	assert_int_equal(sf_zone_instant(&apia, day + 1, 0), over.at_ms);
	assert_int_equal(sf_zone_instant(&apia, day, -1), over.at_ms - SF_MINUTE_MS);
}

static void test_every_minute_that_is_shown_is_found_again(void **state)
{
	(void)state;
	const int64_t around[] = {SPRING_MS, AUTUMN_MS};
	for (size_t i = 0; i < SF_COUNT(around); i++) {
		for (int64_t minute = -1500; minute <= 1500; minute++) {
			int64_t time_ms = around[i] + minute * SF_MINUTE_MS;
			struct sf_local_time local = sf_zone_local(&copenhagen, time_ms);
			int64_t found_ms = sf_zone_instant(&copenhagen, local.day, local.minute);
			bool second = time_ms >= AUTUMN_MS && time_ms < AUTUMN_MS + SF_HOUR_MS;
			assert_int_equal(found_ms, second ? time_ms - SF_HOUR_MS : time_ms);
		}
	}
}

static void test_local_time_saturates(void **state)
{
	(void)state;
	const int64_t far[] = {INT64_MIN, INT64_MAX, INT64_MIN + 1, INT64_MAX - 1};
	for (size_t i = 0; i < SF_COUNT(far); i++) {
		struct sf_local_time local = sf_zone_local(&copenhagen, far[i]);
		assert_true(abs(local.day) >= SF_DAY_MAX - 1 && abs(local.day) <= SF_DAY_MAX);
	}
	assert_true(sf_zone_instant(&copenhagen, INT32_MAX, 1439) > 0);
	assert_true(sf_zone_instant(&copenhagen, INT32_MIN, 0) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offset_changes_at_the_instant),
		cmocka_unit_test(test_local_time_jumps_in_spring),
		cmocka_unit_test(test_local_time_repeats_an_hour_in_autumn),
		cmocka_unit_test(test_local_time_before_1970_counts_whole_days_down),
		cmocka_unit_test(test_instant_of_a_skipped_time_is_the_change),
		cmocka_unit_test(test_instant_of_a_repeated_time_is_the_first),
		cmocka_unit_test(test_days_have_23_and_25_hours),
		cmocka_unit_test(test_instant_of_a_skipped_day_is_the_change),
		cmocka_unit_test(test_every_minute_that_is_shown_is_found_again),
		cmocka_unit_test(test_local_time_saturates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
