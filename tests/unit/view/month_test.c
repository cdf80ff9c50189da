#include "view/month.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/time.h"
#include "core/calendar.h"

static int64_t utc(const char *text)
{
	int64_t ms = 0;
	assert_int_equal(sf_time_parse(sf_view_text(text), &ms), SF_OK);
	return ms;
}

static bool whole(const char *from, const char *to)
{
	return sf_month_is_whole(utc(from), utc(to));
}

static void test_a_month_is_of_the_danish_calendar_in_summer_and_winter(void **state)
{
	(void)state;
	assert_true(whole("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"));
	assert_true(whole("2026-12-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00"));
	assert_true(whole("2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00"));
	assert_true(whole("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"));
	assert_true(whole("2028-02-01T00:00:00+01:00", "2028-03-01T00:00:00+01:00"));
	for (int32_t year = SF_MONTH_YEAR_MIN; year < SF_MONTH_YEAR_MAX; year++)
		for (int32_t month = 1; month <= 12; month++)
			assert_true(sf_month_is_whole(sf_month_begin_ms(year, month),
				sf_month_begin_ms(year + month / 12, month % 12 + 1)));
}

/* The rule of summer time in month.c against the machine's tzdata, as far as tzdata names years
 * itself. */
static void test_midnights_are_those_of_tzdata(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "Europe/Copenhagen", 1), 0);
	tzset();
	struct tm summer = {.tm_year = 126, .tm_mon = 6, .tm_mday = 1, .tm_isdst = -1};
	assert_int_equal(mktime(&summer), utc("2026-06-30T22:00:00Z") / SF_SECOND_MS);
	for (int32_t year = SF_MONTH_YEAR_MIN; year <= 2037; year++)
		for (int32_t month = 1; month <= 12; month++) {
			struct tm first = {.tm_year = year - 1900,
				.tm_mon = month - 1,
				.tm_mday = 1,
				.tm_isdst = -1};
			assert_int_equal((int64_t)mktime(&first) * SF_SECOND_MS,
				sf_month_begin_ms(year, month));
		}
}

/* Two answers to periods that overlap would differ by what happened in the rest of one. */
static void test_nothing_but_one_month_is_a_period(void **state)
{
	(void)state;
	static const char *const wrong[][2] = {
		{"2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
		{"2026-10-31T23:00:00Z", "2026-11-30T22:59:59.999Z"},
		{"2026-10-31T23:00:00.001Z", "2026-11-30T23:00:00Z"},
		{"2026-10-31T22:00:00Z", "2026-11-30T23:00:00Z"},
		{"2026-10-31T23:00:00Z", "2026-12-31T23:00:00Z"},
		{"2026-10-31T23:00:00Z", "2026-11-29T23:00:00Z"},
		{"2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"},
		{"2026-11-14T23:00:00Z", "2026-12-14T23:00:00Z"},
		{"2026-11-30T23:00:00Z", "2026-10-31T23:00:00Z"},
		{"2026-10-31T23:00:00Z", "2026-10-31T23:00:00Z"},
		{"1999-11-30T23:00:00Z", "1999-12-31T23:00:00Z"},
		{"2101-01-31T23:00:00Z", "2101-02-28T23:00:00Z"},
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		if (whole(wrong[i][0], wrong[i][1]))
			fail_msg("%s to %s was taken for a month", wrong[i][0], wrong[i][1]);
	assert_false(sf_month_is_whole(INT64_MIN, INT64_MAX));
}

static void test_a_month_by_its_first_and_last_day(void **state)
{
	(void)state;
	int64_t from_ms = 0, to_ms = 0;
	int32_t first = sf_day_from_date(2026, 11, 1);
	assert_true(sf_month_of_days(first, first + 29, &from_ms, &to_ms));
	assert_int_equal(from_ms, utc("2026-10-31T23:00:00Z"));
	assert_int_equal(to_ms, utc("2026-11-30T23:00:00Z"));
	assert_false(sf_month_of_days(first, first + 28, &from_ms, &to_ms));
	assert_false(sf_month_of_days(first, first + 30, &from_ms, &to_ms));
	assert_false(sf_month_of_days(first + 1, first + 29, &from_ms, &to_ms));
	assert_false(sf_month_of_days(first, first, &from_ms, &to_ms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_month_is_of_the_danish_calendar_in_summer_and_winter),
		cmocka_unit_test(test_midnights_are_those_of_tzdata),
		cmocka_unit_test(test_nothing_but_one_month_is_a_period),
		cmocka_unit_test(test_a_month_by_its_first_and_last_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
