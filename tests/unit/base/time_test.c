#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int64_t parsed(const char *text)
{
	int64_t time_ms = -1;
	assert_int_equal(sf_time_parse(sf_view_text(text), &time_ms), SF_OK);
	return time_ms;
}

static void test_zones_name_the_same_instant(void **state)
{
	(void)state;
	assert_true(parsed("1970-01-01T00:00:00Z") == 0);
	assert_true(parsed("2023-11-14T22:13:20Z") == 1700000000000);
	assert_true(parsed("2023-11-14T23:13:20+01:00") == 1700000000000);
	assert_true(parsed("2023-11-14T17:43:20-04:30") == 1700000000000);
	assert_true(parsed("2023-11-14T22:13:20.1239Z") == 1700000000123);
	assert_true(parsed("1969-12-31T23:59:59.999Z") == -1);
	assert_true(parsed("2016-12-31T23:59:60Z") == parsed("2016-12-31T23:59:59.999Z"));
}

static void test_what_is_no_instant_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "2023", "2023-11-14", "2023-11-14T22:13:20",
		"2023-11-14T22:13Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
		"2023-13-01T00:00:00Z", "2023-00-01T00:00:00Z", "2023-01-00T00:00:00Z",
		"2023-01-01T24:00:00Z", "2023-01-01T00:60:00Z", "2023-01-01T00:00:61Z",
		"1899-12-31T23:59:59Z", "2023-01-01T00:00:00.Z", "2023-01-01T00:00:00.1234567890Z",
		"2023-01-01T00:00:00+15:00", "2023-01-01T00:00:00+0100", "2023-01-01T00:00:00Z ",
		" 2023-01-01T00:00:00Z", "2023-01-01 00:00:00Z", "-2023-01-01T00:00:00Z"};
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		int64_t time_ms = 42;
		assert_int_equal(sf_time_parse(sf_view_text(bad[i]), &time_ms), SF_ERR_FORMAT);
		assert_true(time_ms == 42);
	}
}

/* Every day of 800 years around now, against counting days one by one. */
static void test_civil_days_count_without_a_gap(void **state)
{
	(void)state;
	struct sf_civil before = sf_time_civil(-150000 * SF_DAY_MS);
	for (int64_t day = -149999; day < 150000; day++) {
		struct sf_civil civil = sf_time_civil(day * SF_DAY_MS);
		bool next_day = civil.day == before.day + 1 && civil.month == before.month;
		bool next_month =
			civil.day == 1 && before.day >= 28 && civil.month == before.month % 12 + 1;
		assert_true(next_day || next_month);
		assert_int_equal(civil.year - before.year, civil.day == 1 && civil.month == 1);
		assert_true(sf_time_from_civil(&civil) == day * SF_DAY_MS);
		before = civil;
	}
}

static void test_format_and_parse_are_inverse(void **state)
{
	(void)state;
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(1700000000123, text);
	assert_string_equal(text, "2023-11-14T22:13:20.123Z");
	sf_time_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	for (int64_t time_ms = -2000000000000; time_ms < 4000000000000; time_ms += 86399999 * 7) {
		sf_time_format(time_ms, text);
		assert_true(parsed(text) == time_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones_name_the_same_instant),
		cmocka_unit_test(test_what_is_no_instant_is_refused),
		cmocka_unit_test(test_civil_days_count_without_a_gap),
		cmocka_unit_test(test_format_and_parse_are_inverse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
