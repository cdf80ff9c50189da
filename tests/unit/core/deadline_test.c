#include "unit/core/check.h"

#include "base/time.h"
#include "core/deadline.h"

#define NOON 720
#define LAST_MINUTE 1439

/* Europe/Copenhagen in 2026: 29 March and 25 October at 01:00 UTC. */
static const struct sf_zone_change changes[] = {{1774746000000, 7200}, {1792890000000, 3600}};
static const struct sf_zone copenhagen = {
	.name = "Europe/Copenhagen", .first_offset_s = 3600, .change_count = 2, .changes = changes};
static const struct sf_calendar denmark = {.zone = &copenhagen, .danish = true};
static const struct sf_discharge_times unknown = {SF_NEVER_MS, SF_NEVER_MS};

/* A wall clock of 2026. */
static int64_t at(int32_t month, int32_t day_of_month, int32_t hour, int32_t minute)
{
	return sf_zone_instant(
		&copenhagen, sf_day_from_date(2026, month, day_of_month), hour * 60 + minute);
}

static struct sf_deadline one(enum sf_deadline_rule rule, int32_t amount, int32_t minute)
{
	return (struct sf_deadline){.part_count = 1, .parts = {{rule, amount, minute, -1}}};
}

static int64_t due(const struct sf_calendar *calendar, enum sf_deadline_rule rule, int32_t amount,
	int32_t minute, int64_t base_ms)
{
	struct sf_deadline deadline = one(rule, amount, minute);
	return sf_deadline_due_ms(&deadline, calendar, base_ms, &unknown);
}

/* 24 to 27 December stand still. */
static struct sf_calendar christmas(void)
{
	struct sf_calendar calendar = denmark;
	calendar.suspended_count = 1;
	calendar.suspended[0] =
		(struct sf_period){sf_day_from_date(2026, 12, 24), sf_day_from_date(2026, 12, 27)};
	return calendar;
}

static void test_hours_are_elapsed_time_across_the_change(void **state)
{
	(void)state;
	assert_int_equal(
		due(&denmark, SF_DEADLINE_MINUTES, 24 * 60, 0, at(3, 28, 14, 0)), at(3, 29, 15, 0));
	assert_int_equal(due(&denmark, SF_DEADLINE_MINUTES, 24 * 60, 0, at(10, 24, 14, 0)),
		at(10, 25, 13, 0));
	assert_int_equal(
		due(&denmark, SF_DEADLINE_MINUTES, 0, 0, at(5, 1, 0, 0) + 7), at(5, 1, 0, 0) + 7);
}

static void test_days_keep_the_wall_clock(void **state)
{
	(void)state;
	assert_int_equal(due(&denmark, SF_DEADLINE_DAYS, 1, 0, at(3, 28, 14, 0) + 17),
		at(3, 29, 14, 0) + 17);
	assert_int_equal(
		due(&denmark, SF_DEADLINE_DAYS, 7, 0, at(10, 20, 9, 30)), at(10, 27, 9, 30));
	/* 02:30 is skipped on that day. */
	assert_int_equal(due(&denmark, SF_DEADLINE_DAYS, 1, 0, at(3, 28, 2, 30)), at(3, 29, 3, 0));
}

static void test_no_days_never_turn_the_clock_back(void **state)
{
	(void)state;
	int64_t second_half_past_two = at(10, 25, 2, 30) + SF_HOUR_MS;
	assert_int_equal(
		due(&denmark, SF_DEADLINE_DAYS, 0, 0, second_half_past_two), second_half_past_two);
	assert_int_equal(due(&denmark, SF_DEADLINE_WORKING_DAYS, 0, 0, second_half_past_two),
		second_half_past_two);
}

static void test_working_days_leave_out_weekends_and_holidays(void **state)
{
	(void)state;
	/* Friday; then the Wednesday before Easter; then a Saturday. */
	assert_int_equal(due(&denmark, SF_DEADLINE_WORKING_DAYS, 1, 0, at(11, 20, 13, 5)),
		at(11, 23, 13, 5));
	assert_int_equal(
		due(&denmark, SF_DEADLINE_WORKING_DAYS, 2, 0, at(4, 1, 8, 0)), at(4, 8, 8, 0));
	assert_int_equal(due(&denmark, SF_DEADLINE_WORKING_DAYS, 1, 0, at(11, 21, 23, 0)),
		at(11, 23, 23, 0));
}

static void test_same_and_next_day_have_their_minute(void **state)
{
	(void)state;
	assert_int_equal(due(&denmark, SF_DEADLINE_DAY_AT, 0, LAST_MINUTE, at(5, 1, 0, 0)),
		at(5, 1, 23, 59));
	assert_int_equal(due(&denmark, SF_DEADLINE_DAY_AT, 1, LAST_MINUTE, at(5, 1, 23, 59)),
		at(5, 2, 23, 59));
	/* Passed already: it is due in the past, and said so at once. */
	assert_int_equal(
		due(&denmark, SF_DEADLINE_DAY_AT, 0, NOON, at(5, 1, 13, 0)), at(5, 1, 12, 0));
	assert_int_equal(due(&denmark, SF_DEADLINE_WORKING_DAY_AT, 1, NOON, at(4, 1, 23, 59)),
		at(4, 7, 12, 0));
}

/* H 5.1: the day after discharge, on the day itself when discharged before 12. */
static void test_last_part_whose_condition_holds_rules(void **state)
{
	(void)state;
	const struct sf_deadline letter = {.part_count = 2,
		.parts = {{SF_DEADLINE_DAY_AT, 1, LAST_MINUTE, -1},
			{SF_DEADLINE_DAY_AT, 0, LAST_MINUTE, NOON}}};
	assert_int_equal(sf_deadline_due_ms(&letter, &denmark, at(5, 1, 11, 59), &unknown),
		at(5, 1, 23, 59));
	assert_int_equal(
		sf_deadline_due_ms(&letter, &denmark, at(5, 1, 12, 0), &unknown), at(5, 2, 23, 59));
	struct sf_deadline only_before = letter;
	only_before.parts[0].if_before_minute = 1;
	assert_int_equal(
		sf_deadline_due_ms(&only_before, &denmark, at(5, 1, 12, 0), &unknown), SF_NEVER_MS);
	const struct sf_deadline none = {.part_count = 0};
	assert_int_equal(
		sf_deadline_due_ms(&none, &denmark, at(5, 1, 12, 0), &unknown), SF_NEVER_MS);
}

static void test_reading_hours_count_when_people_read(void **state)
{
	(void)state;
	struct sf_calendar ward = denmark;
	ward.reading_from_minute = 8 * 60;
	ward.reading_to_minute = 15 * 60;
	enum sf_deadline_rule rule = SF_DEADLINE_READING_HOURS;
	assert_int_equal(due(&ward, rule, 2, 0, at(11, 20, 9, 30)), at(11, 20, 11, 30));
	/* To the last minute of the day, and not into the next. */
	assert_int_equal(due(&ward, rule, 2, 0, at(11, 20, 13, 0)), at(11, 20, 15, 0));
	assert_int_equal(due(&ward, rule, 2, 0, at(11, 20, 14, 0)), at(11, 23, 9, 0));
	assert_int_equal(due(&ward, rule, 2, 0, at(11, 20, 6, 0)), at(11, 20, 10, 0));
	assert_int_equal(due(&ward, rule, 2, 0, at(11, 20, 15, 1)), at(11, 23, 10, 0));
	assert_int_equal(due(&ward, rule, 9, 0, at(4, 1, 8, 0)), at(4, 7, 10, 0));
	ward.reading_daily = true;
	assert_int_equal(due(&ward, rule, 2, 0, at(11, 20, 14, 0)), at(11, 21, 9, 0));
}

static void test_reading_all_day_counts_the_hours_of_that_day(void **state)
{
	(void)state;
	struct sf_calendar always = denmark;
	always.reading_daily = true;
	assert_int_equal(
		due(&always, SF_DEADLINE_READING_HOURS, 24, 0, at(3, 29, 0, 0)), at(3, 30, 1, 0));
	/* The hours of the long Sunday do not count when only working days are read on. */
	assert_int_equal(due(&denmark, SF_DEADLINE_READING_HOURS, 2, 0, at(10, 23, 23, 0)),
		at(10, 26, 1, 0));
}

static void test_reading_hours_that_never_open_are_never(void **state)
{
	(void)state;
	struct sf_calendar ward = denmark;
	ward.reading_from_minute = 900;
	ward.reading_to_minute = 480;
	assert_int_equal(due(&ward, SF_DEADLINE_READING_HOURS, 1, 0, at(5, 1, 8, 0)), SF_NEVER_MS);
}

static void test_discharge_rules_wait_for_what_they_measure(void **state)
{
	(void)state;
	struct sf_discharge_times times = unknown;
	struct sf_deadline before = one(SF_DEADLINE_DISCHARGE, 0, 0);
	struct sf_deadline on_day = one(SF_DEADLINE_DISCHARGE_DAY_AT, 0, NOON);
	int64_t base_ms = at(5, 1, 8, 0);
	assert_int_equal(sf_deadline_due_ms(&before, &denmark, base_ms, &times), SF_NEVER_MS);
	assert_int_equal(sf_deadline_due_ms(&on_day, &denmark, base_ms, &times), SF_NEVER_MS);
	times.discharge_ms = at(5, 4, 14, 0) + 3;
	assert_int_equal(
		sf_deadline_due_ms(&before, &denmark, base_ms, &times), at(5, 4, 14, 0) + 3);
	assert_int_equal(sf_deadline_due_ms(&on_day, &denmark, base_ms, &times), at(5, 4, 12, 0));
	/* DOMAIN section 7: the latest bound of the newest plan goes first. */
	times.planned_until_ms = at(5, 6, 23, 59);
	assert_int_equal(
		sf_deadline_due_ms(&before, &denmark, base_ms, &times), at(5, 4, 14, 0) + 3);
	assert_int_equal(sf_deadline_due_ms(&on_day, &denmark, base_ms, &times), at(5, 6, 12, 0));
}

static void test_no_clock_runs_while_suspended(void **state)
{
	(void)state;
	struct sf_calendar calendar = christmas();
	calendar.danish = false;
	assert_int_equal(due(&calendar, SF_DEADLINE_MINUTES, 24 * 60, 0, at(12, 23, 18, 0)),
		at(12, 28, 18, 0));
	assert_int_equal(
		due(&calendar, SF_DEADLINE_MINUTES, 60, 0, at(12, 23, 22, 59)), at(12, 23, 23, 59));
	/* It would end in the first suspended minute. */
	assert_int_equal(
		due(&calendar, SF_DEADLINE_MINUTES, 60, 0, at(12, 23, 23, 0)), at(12, 28, 0, 0));
	assert_int_equal(
		due(&calendar, SF_DEADLINE_MINUTES, 60, 0, at(12, 25, 10, 0)), at(12, 28, 1, 0));
	assert_int_equal(
		due(&calendar, SF_DEADLINE_DAYS, 2, 0, at(12, 23, 9, 0)), at(12, 29, 9, 0));
	assert_int_equal(due(&calendar, SF_DEADLINE_READING_HOURS, 2, 0, at(12, 23, 23, 0)),
		at(12, 28, 1, 0));
	assert_int_equal(due(&calendar, SF_DEADLINE_READING_HOURS, 1, 0, at(12, 23, 23, 0)),
		at(12, 28, 0, 0));
}

static void test_base_while_suspended_counts_from_the_end(void **state)
{
	(void)state;
	struct sf_calendar calendar = christmas();
	assert_int_equal(
		due(&calendar, SF_DEADLINE_DAYS, 0, 0, at(12, 25, 9, 0)), at(12, 28, 0, 0));
	assert_int_equal(
		due(&calendar, SF_DEADLINE_DAYS, 1, 0, at(12, 25, 9, 0)), at(12, 29, 0, 0));
	assert_int_equal(
		due(&calendar, SF_DEADLINE_DAY_AT, 0, NOON, at(12, 25, 9, 0)), at(12, 28, 12, 0));
	/* The condition looks at the base as it was. */
	const struct sf_deadline letter = {.part_count = 2,
		.parts = {{SF_DEADLINE_DAY_AT, 1, NOON, -1}, {SF_DEADLINE_DAY_AT, 0, NOON, NOON}}};
	assert_int_equal(sf_deadline_due_ms(&letter, &calendar, at(12, 25, 15, 0), &unknown),
		at(12, 29, 12, 0));
}

static void test_discharge_rules_are_not_suspended(void **state)
{
	(void)state;
	struct sf_calendar calendar = christmas();
	struct sf_discharge_times times = {at(12, 25, 14, 0), SF_NEVER_MS};
	struct sf_deadline before = one(SF_DEADLINE_DISCHARGE, 0, 0);
	struct sf_deadline on_day = one(SF_DEADLINE_DISCHARGE_DAY_AT, 0, NOON);
	assert_int_equal(sf_deadline_due_ms(&before, &calendar, at(12, 20, 0, 0), &times),
		at(12, 25, 14, 0));
	assert_int_equal(sf_deadline_due_ms(&on_day, &calendar, at(12, 25, 0, 0), &times),
		at(12, 25, 12, 0));
}

/* Every rule with every extreme: no overflow, no endless count, never before what it counts from.
 */
static void check_extreme(const struct sf_calendar *calendar, int64_t base_ms, int32_t amount)
{
	static const int64_t times[] = {INT64_MIN, 0, INT64_MAX - 1, SF_NEVER_MS};
	for (enum sf_deadline_rule rule = SF_DEADLINE_NONE; rule <= SF_DEADLINE_DISCHARGE_DAY_AT;
		rule++) {
		struct sf_deadline deadline = one(rule, amount, LAST_MINUTE);
		/* "Same day" may have passed its minute already. */
		bool at_minute = rule >= SF_DEADLINE_DAY_AT;
		bool counts = rule != SF_DEADLINE_NONE && (!at_minute || amount > 0) &&
			      rule < SF_DEADLINE_DISCHARGE;
		for (size_t i = 0; i < SF_COUNT(times); i++) {
			struct sf_discharge_times discharge = {
				times[i], times[SF_COUNT(times) - 1 - i]};
			int64_t due_ms =
				sf_deadline_due_ms(&deadline, calendar, base_ms, &discharge);
			if (counts)
				assert_true(due_ms >= base_ms);
			if (rule == SF_DEADLINE_NONE)
				assert_int_equal(due_ms, SF_NEVER_MS);
		}
	}
}

static void test_extremes_saturate(void **state)
{
	(void)state;
	static const int64_t bases[] = {INT64_MIN, INT64_MIN + 1, -SF_DAY_MAX * SF_DAY_MS, -1, 0,
		SF_DAY_MAX * SF_DAY_MS - SF_DAY_MS, SF_DAY_MAX * SF_DAY_MS, INT64_MAX - 1,
		INT64_MAX};
	static const int32_t amounts[] = {0, 1, 100000, INT32_MAX};
	struct sf_calendar closed = denmark;
	closed.suspended_count = 2;
	closed.suspended[0] = (struct sf_period){5, INT32_MAX};
	closed.suspended[1] = (struct sf_period){INT32_MIN, -5};
	struct sf_calendar no_zone = {.danish = false};
	const struct sf_calendar *const calendars[] = {&denmark, &closed, &no_zone};
	for (size_t i = 0; i < SF_COUNT(calendars); i++)
		for (size_t j = 0; j < SF_COUNT(bases); j++)
			for (size_t k = 0; k < SF_COUNT(amounts); k++)
				check_extreme(calendars[i], bases[j], amounts[k]);
	assert_int_equal(due(&closed, SF_DEADLINE_MINUTES, 24 * 60, 0, 4 * SF_DAY_MS), SF_NEVER_MS);
	assert_int_equal(
		due(&denmark, SF_DEADLINE_DAYS, SF_DEADLINE_DAYS_MAX + 1, 0, 0), SF_NEVER_MS);
	assert_true(due(&denmark, SF_DEADLINE_DAYS, SF_DEADLINE_DAYS_MAX, 0, 0) != SF_NEVER_MS);
}

static void test_rule_text_is_known(void **state)
{
	(void)state;
	assert_string_equal(sf_deadline_rule_text(SF_DEADLINE_READING_HOURS), "reading-hours");
	assert_string_equal(sf_deadline_rule_text(SF_DEADLINE_NONE), "none");
	assert_string_equal(sf_deadline_rule_text((enum sf_deadline_rule)99), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours_are_elapsed_time_across_the_change),
		cmocka_unit_test(test_days_keep_the_wall_clock),
		cmocka_unit_test(test_no_days_never_turn_the_clock_back),
		cmocka_unit_test(test_working_days_leave_out_weekends_and_holidays),
		cmocka_unit_test(test_same_and_next_day_have_their_minute),
		cmocka_unit_test(test_last_part_whose_condition_holds_rules),
		cmocka_unit_test(test_reading_hours_count_when_people_read),
		cmocka_unit_test(test_reading_all_day_counts_the_hours_of_that_day),
		cmocka_unit_test(test_reading_hours_that_never_open_are_never),
		cmocka_unit_test(test_discharge_rules_wait_for_what_they_measure),
		cmocka_unit_test(test_no_clock_runs_while_suspended),
		cmocka_unit_test(test_base_while_suspended_counts_from_the_end),
		cmocka_unit_test(test_discharge_rules_are_not_suspended),
		cmocka_unit_test(test_extremes_saturate),
		cmocka_unit_test(test_rule_text_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
