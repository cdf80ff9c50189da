#include "os/zone_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

static enum sf_err parse(const char *text, struct sf_zone_rule *ret_rule)
{
	return sf_zone_rule_parse(sf_view_text(text), ret_rule);
}

static void assert_change(struct sf_zone_change change, const char *time, int32_t offset_s)
{
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(change.at_ms, text);
	assert_string_equal(text, time);
	assert_int_equal(change.offset_s, offset_s);
}

static void assert_year(const char *text, int32_t year, const char *first, int32_t first_offset_s,
	const char *second, int32_t second_offset_s)
{
	struct sf_zone_rule rule;
	struct sf_zone_change changes[2];
	assert_int_equal(parse(text, &rule), SF_OK);
	assert_true(rule.has_daylight);
	sf_zone_rule_changes(&rule, year, changes);
	assert_change(changes[0], first, first_offset_s);
	assert_change(changes[1], second, second_offset_s);
}

static void test_rule_of_denmark_changes_on_last_sundays(void **state)
{
	(void)state;
	assert_year("CET-1CEST,M3.5.0,M10.5.0/3", 2026, "2026-03-29T01:00:00.000Z", 7200,
		"2026-10-25T01:00:00.000Z", 3600);
	assert_year("CET-1CEST,M3.5.0,M10.5.0/3", 2100, "2100-03-28T01:00:00.000Z", 7200,
		"2100-10-31T01:00:00.000Z", 3600);
}

static void test_rule_of_new_york_counts_sundays_from_the_front(void **state)
{
	(void)state;
	assert_year("EST5EDT,M3.2.0,M11.1.0", 2026, "2026-03-08T07:00:00.000Z", -14400,
		"2026-11-01T06:00:00.000Z", -18000);
}

static void test_rule_of_the_south_ends_daylight_first(void **state)
{
	(void)state;
	assert_year("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026, "2026-04-04T15:00:00.000Z", 37800,
		"2026-10-03T15:30:00.000Z", 39600);
}

/* Ireland's winter is its daylight time, an hour back. */
static void test_rule_with_negative_daylight(void **state)
{
	(void)state;
	assert_year("IST-1GMT0,M10.5.0,M3.5.0/1", 2026, "2026-03-29T01:00:00.000Z", 3600,
		"2026-10-25T01:00:00.000Z", 0);
}

/* RFC 8536 section 3.3.1: hours from -167 to 167. */
static void test_rule_with_a_time_on_another_day(void **state)
{
	(void)state;
	assert_year("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026, "2026-03-29T01:00:00.000Z", -3600,
		"2026-10-25T01:00:00.000Z", -7200);
	assert_year("EET-2EEST,M4.4.5/50,M10.4.4/50", 2026, "2026-04-26T00:00:00.000Z", 10800,
		"2026-10-23T23:00:00.000Z", 7200);
}

static void test_rule_by_day_of_the_year(void **state)
{
	(void)state;
	/* J60 is 1 March in every year, day 59 only in common ones. */
	assert_year("AAA0BBB,J60/0,J365/0", 2024, "2024-03-01T00:00:00.000Z", 3600,
		"2024-12-30T23:00:00.000Z", 0);
	assert_year("AAA0BBB,59/0,365/0", 2024, "2024-02-29T00:00:00.000Z", 3600,
		"2024-12-30T23:00:00.000Z", 0);
	assert_year("AAA0BBB,J59/0,J60/0", 2023, "2023-02-28T00:00:00.000Z", 3600,
		"2023-02-28T23:00:00.000Z", 0);
}

static void test_rule_without_daylight_is_an_offset(void **state)
{
	(void)state;
	struct sf_zone_rule rule;
	assert_int_equal(parse("<+0545>-5:45", &rule), SF_OK);
	assert_false(rule.has_daylight);
	assert_int_equal(rule.standard_s, 20700);
	assert_int_equal(parse("ABC+1:2:3", &rule), SF_OK);
	assert_int_equal(rule.standard_s, -3723);
}

static void test_what_is_no_rule_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "CET", "CE-1", "C1T-1", "CET-25", "CET-1:60",
		"CET-1:", "CET-", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,",
		"CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J365",
		"CET-1CEST,J1,J366", "CET-1CEST,0,366", "CET-1CEST,M3.5.0,M10.5.0/168",
		"CET-1CEST,M3.5.0,M10.5.0/3 ", "CET-1CEST;M3.5.0;M10.5.0", "<+01-1", "<>-1",
		"CET--1", "CET-99999999999999999999", "CET-1CEST,M3.5.0,M10.5.0,"};
	struct sf_zone_rule rule = {.standard_s = 17};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_int_equal(parse(wrong[i], &rule), SF_ERR_FORMAT);
	assert_int_equal(rule.standard_s, 17);
	assert_int_equal(sf_zone_rule_parse(sf_view_of("CET-1\0", 6), &rule), SF_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rule_of_denmark_changes_on_last_sundays),
		cmocka_unit_test(test_rule_of_new_york_counts_sundays_from_the_front),
		cmocka_unit_test(test_rule_of_the_south_ends_daylight_first),
		cmocka_unit_test(test_rule_with_negative_daylight),
		cmocka_unit_test(test_rule_with_a_time_on_another_day),
		cmocka_unit_test(test_rule_by_day_of_the_year),
		cmocka_unit_test(test_rule_without_daylight_is_an_offset),
		cmocka_unit_test(test_what_is_no_rule_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
