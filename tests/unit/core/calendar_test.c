#include "unit/core/check.h"

#include "base/check.h"
#include "core/calendar.h"

static int32_t day_of(int32_t year, int32_t month, int32_t day_of_month)
{
	return sf_day_from_date(year, month, day_of_month);
}

static bool is_holiday(int32_t year, int32_t month, int32_t day_of_month)
{
	return sf_day_is_public_holiday(day_of(year, month, day_of_month));
}

static void test_day_and_date_are_one(void **state)
{
	(void)state;
	assert_int_equal(day_of(1970, 1, 1), 0);
	assert_int_equal(day_of(1969, 12, 31), -1);
	assert_int_equal(day_of(2026, 11, 22), 20779);
	for (int32_t day = -200000; day < 200000; day += 37) {
		int32_t year = 0, month = 0, day_of_month = 0;
		sf_day_to_date(day, &year, &month, &day_of_month);
		assert_int_equal(day_of(year, month, day_of_month), day);
	}
}

static void test_weekday_begins_with_monday(void **state)
{
	(void)state;
	assert_int_equal(sf_day_weekday(day_of(1970, 1, 1)), 3);
	assert_int_equal(sf_day_weekday(day_of(2026, 11, 22)), 6);
	assert_int_equal(sf_day_weekday(day_of(2026, 11, 23)), 0);
	assert_int_equal(sf_day_weekday(day_of(1969, 12, 28)), 6);
	assert_int_equal(sf_day_weekday(day_of(1969, 12, 29)), 0);
}

/* The earliest and the latest there are, and some that people remember. */
static void test_easter_of_known_years(void **state)
{
	(void)state;
	assert_int_equal(sf_easter(1818), day_of(1818, 3, 22));
	assert_int_equal(sf_easter(1943), day_of(1943, 4, 25));
	assert_int_equal(sf_easter(1954), day_of(1954, 4, 18));
	assert_int_equal(sf_easter(1981), day_of(1981, 4, 19));
	assert_int_equal(sf_easter(2000), day_of(2000, 4, 23));
	assert_int_equal(sf_easter(2024), day_of(2024, 3, 31));
	assert_int_equal(sf_easter(2026), day_of(2026, 4, 5));
	assert_int_equal(sf_easter(2038), day_of(2038, 4, 25));
}

static void test_public_holidays_of_2026(void **state)
{
	(void)state;
	static const int32_t dates[][2] = {{1, 1}, {4, 2}, {4, 3}, {4, 5}, {4, 6}, {5, 14}, {5, 24},
		{5, 25}, {12, 25}, {12, 26}};
	size_t found = 0;
	for (size_t i = 0; i < SF_COUNT(dates); i++)
		assert_true(is_holiday(2026, dates[i][0], dates[i][1]));
	for (int32_t day = day_of(2026, 1, 1); day <= day_of(2026, 12, 31); day++)
		found += sf_day_is_public_holiday(day);
	assert_int_equal(found, SF_COUNT(dates));
}

/* Lov nr. 214 af 06/03/2023. */
static void test_bededag_is_a_holiday_until_2023(void **state)
{
	(void)state;
	assert_true(is_holiday(2022, 5, 13));
	assert_true(is_holiday(2023, 5, 5));
	assert_false(is_holiday(2024, 4, 26));
	assert_false(is_holiday(2026, 5, 1));
}

static void test_days_off_without_a_law_are_no_holidays(void **state)
{
	(void)state;
	assert_false(is_holiday(2026, 5, 1));
	assert_false(is_holiday(2026, 6, 5));
	assert_false(is_holiday(2026, 12, 24));
	assert_false(is_holiday(2026, 12, 31));
	assert_false(is_holiday(2026, 5, 15));
}

static void test_working_day_knows_weekends_holidays_and_suspension(void **state)
{
	(void)state;
	struct sf_calendar calendar = {.danish = true, .suspended_count = 1};
	calendar.suspended[0] = (struct sf_period){day_of(2026, 12, 21), day_of(2026, 12, 23)};
	assert_true(sf_calendar_is_working_day(&calendar, day_of(2026, 12, 18)));
	assert_false(sf_calendar_is_working_day(&calendar, day_of(2026, 12, 19)));
	assert_true(sf_calendar_is_suspended(&calendar, day_of(2026, 12, 21)));
	assert_false(sf_calendar_is_working_day(&calendar, day_of(2026, 12, 21)));
	assert_true(sf_calendar_is_suspended(&calendar, day_of(2026, 12, 23)));
	assert_false(sf_calendar_is_suspended(&calendar, day_of(2026, 12, 24)));
	assert_true(sf_calendar_is_working_day(&calendar, day_of(2026, 12, 24)));
	assert_false(sf_calendar_is_working_day(&calendar, day_of(2026, 12, 25)));
	assert_int_equal(sf_calendar_next_working_day(&calendar, day_of(2026, 12, 18)),
		day_of(2026, 12, 24));
	assert_int_equal(sf_calendar_next_working_day(&calendar, day_of(2026, 12, 24)),
		day_of(2026, 12, 28));
	calendar.danish = false;
	assert_true(sf_calendar_is_working_day(&calendar, day_of(2026, 12, 25)));
	assert_false(sf_calendar_is_working_day(&calendar, day_of(2026, 12, 22)));
}

/* Maundy Thursday to Easter Monday: five days off. */
static void test_next_working_day_after_easter(void **state)
{
	(void)state;
	const struct sf_calendar calendar = {.danish = true};
	assert_int_equal(
		sf_calendar_next_working_day(&calendar, day_of(2026, 4, 1)), day_of(2026, 4, 7));
	assert_int_equal(
		sf_calendar_next_open_day(&calendar, day_of(2026, 4, 1)), day_of(2026, 4, 2));
}

static void test_next_day_behind_overlapping_periods(void **state)
{
	(void)state;
	const struct sf_calendar calendar = {
		.suspended_count = 3, .suspended = {{20, 30}, {10, 22}, {31, 31}}};
	assert_int_equal(sf_calendar_next_open_day(&calendar, 8), 9);
	assert_int_equal(sf_calendar_next_open_day(&calendar, 9), 32);
	assert_int_equal(sf_calendar_next_working_day(&calendar, 9), 32);
}

static void test_suspended_for_ever_has_no_next_day(void **state)
{
	(void)state;
	const struct sf_calendar calendar = {
		.danish = true, .suspended_count = 1, .suspended = {{10, INT32_MAX}}};
	assert_true(sf_calendar_next_open_day(&calendar, 9) >= SF_DAY_MAX);
	assert_true(sf_calendar_next_working_day(&calendar, 9) >= SF_DAY_MAX);
	assert_true(sf_calendar_next_working_day(&calendar, INT32_MAX) >= SF_DAY_MAX);
}

static void test_holidays_before_the_reform_are_the_fixed_ones(void **state)
{
	(void)state;
	assert_true(is_holiday(1500, 12, 25));
	size_t found = 0;
	for (int32_t day = day_of(1500, 1, 1); day <= day_of(1500, 12, 31); day++)
		found += sf_day_is_public_holiday(day);
	assert_int_equal(found, 3);
	assert_false(sf_day_is_public_holiday(-SF_DAY_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_day_and_date_are_one),
		cmocka_unit_test(test_weekday_begins_with_monday),
		cmocka_unit_test(test_easter_of_known_years),
		cmocka_unit_test(test_public_holidays_of_2026),
		cmocka_unit_test(test_bededag_is_a_holiday_until_2023),
		cmocka_unit_test(test_days_off_without_a_law_are_no_holidays),
		cmocka_unit_test(test_working_day_knows_weekends_holidays_and_suspension),
		cmocka_unit_test(test_next_working_day_after_easter),
		cmocka_unit_test(test_next_day_behind_overlapping_periods),
		cmocka_unit_test(test_suspended_for_ever_has_no_next_day),
		cmocka_unit_test(test_holidays_before_the_reform_are_the_fixed_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
