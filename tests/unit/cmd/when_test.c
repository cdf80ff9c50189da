#include "cmd/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "base/time.h"

/* 2026-11-20 is a Friday in winter: local time is one hour ahead. */
#define NOON_MS ((int64_t)1795172400000) /* 2026-11-20T11:00:00Z */

static int use_denmark(void **state)
{
	(void)state;
	int code = setenv("TZ", "Europe/Copenhagen", 1);
	tzset();
	return code;
}

static int64_t read(const char *text)
{
	int64_t ms = -1;
	return sf_when_read(text, SF_WHEN_NO_DAY, NOON_MS, &ms) ? -1 : ms;
}

static int64_t utc(const char *text)
{
	int64_t ms = 0;
	assert_int_equal(sf_time_parse(sf_view_text(text), &ms), SF_OK);
	return ms;
}

static void test_times_are_read_as_people_write_them(void **state)
{
	(void)state;
	assert_int_equal(utc("2026-11-20T11:00:00Z"), NOON_MS);
	assert_int_equal(read("now"), NOON_MS);
	assert_int_equal(read("2026-11-20T11:00:00Z"), NOON_MS);
	assert_int_equal(read("2026-11-20T12:00:00+01:00"), NOON_MS);
	assert_int_equal(read("2026-11-20 12:00"), NOON_MS);
	assert_int_equal(read("2026-11-20T12:00"), NOON_MS);
	assert_int_equal(read("16:00"), utc("2026-11-20T15:00:00Z"));
	assert_int_equal(read("2026-07-01 12:00"), utc("2026-07-01T10:00:00Z"));
}

static void test_distances_count_from_now(void **state)
{
	(void)state;
	assert_int_equal(read("+90min"), NOON_MS + 90 * SF_MINUTE_MS);
	assert_int_equal(read("-2h"), NOON_MS - 2 * SF_HOUR_MS);
	assert_int_equal(read("+3d"), NOON_MS + 3 * SF_DAY_MS);
	assert_int_equal(read("+1w"), NOON_MS + 7 * SF_DAY_MS);
	/* Over the change of the clock a day keeps the wall clock and an hour is an hour. */
	int64_t summer = utc("2026-10-24T10:00:00Z"), ms = 0;
	assert_int_equal(sf_when_read("+1d", SF_WHEN_NO_DAY, summer, &ms), SF_OK);
	assert_int_equal(ms, utc("2026-10-25T11:00:00Z"));
	assert_int_equal(sf_when_read("+24h", SF_WHEN_NO_DAY, summer, &ms), SF_OK);
	assert_int_equal(ms, utc("2026-10-25T10:00:00Z"));
}

static void test_what_is_no_time_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "tomorrow", "2026-11-20", "2026-11-31 12:00",
		"2026-13-01 12:00", "2026-11-20 24:00", "2026-11-20 12:60", "2026-11-20 12:00 ",
		"2026-11-20  12:00", "12", "+3", "+d", "+3y", "3d", "+1000000000d",
		"2026-11-20T12:00Z", "1969-01-01 12:00"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		if (read(wrong[i]) != -1)
			fail_msg("'%s' was read", wrong[i]);
}

static void test_hour_of_the_spring_is_skipped_and_of_the_autumn_is_the_first(void **state)
{
	(void)state;
	assert_int_equal(read("2026-03-29 02:30"), -1);
	assert_int_equal(read("2026-03-29 03:30"), utc("2026-03-29T01:30:00Z"));
	assert_int_equal(read("2026-10-25 02:30"), utc("2026-10-25T00:30:00Z"));
	assert_int_equal(read("2026-10-25 03:30"), utc("2026-10-25T02:30:00Z"));
}

static void test_intervals_have_an_order(void **state)
{
	(void)state;
	struct sf_interval interval = {0};
	assert_int_equal(
		sf_when_read_interval("2026-11-20 08:00/2026-11-21", NOON_MS, &interval), SF_OK);
	assert_int_equal(interval.from_ms, utc("2026-11-20T07:00:00Z"));
	assert_int_equal(interval.until_ms, utc("2026-11-21T22:59:00Z"));
	assert_int_equal(sf_when_read_interval("2026-11-20", NOON_MS, &interval), SF_OK);
	assert_int_equal(interval.from_ms, utc("2026-11-19T23:00:00Z"));
	assert_int_equal(interval.until_ms, utc("2026-11-20T22:59:00Z"));
	assert_int_equal(sf_when_read_interval("+1d", NOON_MS, &interval), SF_OK);
	assert_int_equal(interval.from_ms, interval.until_ms);
	assert_int_equal(sf_when_read_interval("+2d/+1d", NOON_MS, &interval), SF_ERR_FORMAT);
	assert_int_equal(sf_when_read_interval("/+1d", NOON_MS, &interval), SF_ERR_FORMAT);
	assert_int_equal(sf_when_read_interval("+1d/", NOON_MS, &interval), SF_ERR_FORMAT);
	assert_int_equal(sf_when_read_interval("+1d/+2d/+3d", NOON_MS, &interval), SF_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_are_read_as_people_write_them),
		cmocka_unit_test(test_distances_count_from_now),
		cmocka_unit_test(test_what_is_no_time_is_refused),
		cmocka_unit_test(test_hour_of_the_spring_is_skipped_and_of_the_autumn_is_the_first),
		cmocka_unit_test(test_intervals_have_an_order),
	};
	return cmocka_run_group_tests(tests, use_denmark, NULL);
}
