/* The words of an agreement, one by one: what each becomes, and what is none of them. */
#include "os/agreement_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

static void test_clocks_and_spans(void **state)
{
	(void)state;
	int32_t minute = -7;
	assert_true(sf_agreement_clock_read("00:00", &minute));
	assert_int_equal(minute, 0);
	assert_true(sf_agreement_clock_read("23:59", &minute));
	assert_int_equal(minute, 23 * 60 + 59);
	static const char *const no_clocks[] = {"", "24:00", "12:60", "7:00", "07:0", "12:00 ",
		" 12:00", "12.00", "12:00:00", "ab:cd"};
	for (size_t i = 0; i < SF_COUNT(no_clocks); i++)
		assert_false(sf_agreement_clock_read(no_clocks[i], &minute));
	int64_t span_ms = -7;
	assert_true(sf_agreement_span_read("24h", &span_ms));
	assert_int_equal(span_ms, SF_DAY_MS);
	assert_true(sf_agreement_span_read("30 min", &span_ms));
	assert_int_equal(span_ms, 30 * SF_MINUTE_MS);
	assert_true(sf_agreement_span_read("100000min", &span_ms));
	assert_int_equal(span_ms, 100000 * SF_MINUTE_MS);
	static const char *const no_spans[] = {"", "h", "0h", "24", "24 hours", "-1h", "1.5h",
		"100001min", "1667h", "99999999999h", "24h x"};
	for (size_t i = 0; i < SF_COUNT(no_spans); i++)
		assert_false(sf_agreement_span_read(no_spans[i], &span_ms));
	/* What is none changes nothing. */
	assert_int_equal(minute, 23 * 60 + 59);
	assert_int_equal(span_ms, 100000 * SF_MINUTE_MS);
}

static void test_days_and_periods(void **state)
{
	(void)state;
	int32_t day = -7;
	assert_true(sf_agreement_day_read("1970-01-02", &day));
	assert_int_equal(day, 1);
	assert_true(sf_agreement_day_read("2024-02-29", &day));
	assert_int_equal(day, 19782);
	static const char *const no_days[] = {"", "2026-02-29", "2026-13-01", "2026-1-1",
		"2026-01-01 ", "1969-12-31", "2026-01-01/2026-01-02"};
	for (size_t i = 0; i < SF_COUNT(no_days); i++)
		assert_false(sf_agreement_day_read(no_days[i], &day));
	struct sf_period period = {-1, -1};
	assert_true(sf_agreement_period_read("1970-01-02", &period));
	assert_true(period.from_day == 1 && period.to_day == 1);
	assert_true(sf_agreement_period_read("1970-01-02/1970-01-11", &period));
	assert_true(period.from_day == 1 && period.to_day == 10);
	static const char *const no_periods[] = {
		"1970-01-03/1970-01-02", "1970-01-02/", "1970-01-02-1970-01-03", "/1970-01-02"};
	for (size_t i = 0; i < SF_COUNT(no_periods); i++)
		assert_false(sf_agreement_period_read(no_periods[i], &period));
	assert_true(period.from_day == 1 && period.to_day == 10);
}

static void test_reading_hours_are_all_that_is_set(void **state)
{
	(void)state;
	struct sf_calendar calendar = {.danish = true, .suspended_count = 1};
	assert_true(sf_agreement_hours_read("08:00-15:30", &calendar));
	assert_int_equal(calendar.reading_from_minute, 8 * 60);
	assert_int_equal(calendar.reading_to_minute, 15 * 60 + 30);
	assert_false(calendar.reading_daily);
	assert_true(sf_agreement_hours_read("07:00-22:00 daily", &calendar));
	assert_true(calendar.reading_daily);
	static const char *const wrong[] = {"15:00-08:00", "08:00-08:00", "08:00", "08:00-15:00 x",
		"08:00 - 15:00", "08:00-15:00daily", "08:00-24:00"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_false(sf_agreement_hours_read(wrong[i], &calendar));
	assert_int_equal(calendar.reading_from_minute, 7 * 60);
	assert_true(calendar.danish && calendar.suspended_count == 1);
}

static void expect_trigger(
	const char *text, uint32_t kind, uint32_t detail, enum sf_task_state task)
{
	struct sf_trigger trigger = {0};
	if (!sf_agreement_trigger_read(text, &trigger))
		fail_msg("%s", text);
	assert_int_equal(trigger.kind, kind);
	assert_int_equal(trigger.detail, detail);
	assert_int_equal(trigger.state, task);
}

static void test_facts_with_what_may_be_asked_of_them(void **state)
{
	(void)state;
	expect_trigger("stay.discharge-home", SF_KIND_STAY,
		(uint32_t)sf_activity_from_text("discharge-home"), SF_TASK_STATE_NONE);
	expect_trigger("letter.care-plan", SF_KIND_LETTER,
		(uint32_t)sf_letter_from_text("care-plan"), SF_TASK_STATE_NONE);
	expect_trigger("letter", SF_KIND_LETTER, 0, SF_TASK_STATE_NONE);
	expect_trigger("accept.care", SF_KIND_ACCEPT, SF_DOMAIN_CARE + 1, SF_TASK_STATE_NONE);
	/* Of kinds whose names begin alike the whole one is meant. */
	expect_trigger("plan", SF_KIND_PLAN, 0, SF_TASK_STATE_NONE);
	expect_trigger("plan-answer", SF_KIND_PLAN_ANSWER, 0, SF_TASK_STATE_NONE);
	expect_trigger("ready", SF_KIND_READY, 0, SF_TASK_STATE_NONE);
	expect_trigger("ready-withdrawn", SF_KIND_READY_WITHDRAWN, 0, SF_TASK_STATE_NONE);
	expect_trigger("obligation.rehabilitation.in-progress", SF_KIND_OBLIGATION,
		(uint32_t)sf_duty_from_text("rehabilitation"),
		sf_task_state_from_text("in-progress"));
	static const char *const wrong[] = {"", "stay", "stay.", "stay.nothing", "letter.",
		"plan.x", "Letter", "letter ", "refuse", "obligation", "obligation.rehabilitation",
		"obligation.rehabilitation.expired", "obligation.rehabilitation.", "obligation..x",
		"accept.nothing"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_trigger trigger = {.kind = 77};
		if (sf_agreement_trigger_read(wrong[i], &trigger))
			fail_msg("%s", wrong[i]);
		assert_int_equal(trigger.kind, 77);
	}
}

static void expect_condition(
	const char *text, enum sf_condition_code code, bool negated, int64_t than_ms)
{
	struct sf_condition condition = {.code = SF_CONDITION_NONE};
	if (!sf_agreement_condition_read(text, &condition))
		fail_msg("%s", text);
	assert_int_equal(condition.code, code);
	assert_int_equal(condition.negated, negated);
	assert_int_equal(condition.than_ms, than_ms);
}

static void test_conditions_and_their_opposites(void **state)
{
	(void)state;
	expect_condition("has-case", SF_CONDITION_HAS_CASE, false, 0);
	expect_condition("not marked", SF_CONDITION_MARKED, true, 0);
	expect_condition("stay>24h", SF_CONDITION_STAY_LONGER, false, SF_DAY_MS);
	expect_condition("stay < 24h", SF_CONDITION_STAY_LONGER, true, SF_DAY_MS);
	/* Not shorter is longer. */
	expect_condition("not stay<24h", SF_CONDITION_STAY_LONGER, false, SF_DAY_MS);
	expect_condition("not stay>24h", SF_CONDITION_STAY_LONGER, true, SF_DAY_MS);
	static const char *const wrong[] = {"", "not", "not not marked", "stay", "stay=24h",
		"stay>", "stay>24", "marked ", "nothing", "notmarked"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_condition condition;
		if (sf_agreement_condition_read(wrong[i], &condition))
			fail_msg("%s", wrong[i]);
	}
}

static void expect_deadline(
	const char *text, enum sf_deadline_rule rule, int32_t amount, int32_t minute)
{
	struct sf_deadline deadline = {.part_count = 0};
	if (!sf_agreement_deadline_read(text, &deadline))
		fail_msg("%s", text);
	assert_int_equal(deadline.part_count, 1);
	assert_int_equal(deadline.parts[0].rule, rule);
	assert_int_equal(deadline.parts[0].amount, amount);
	assert_int_equal(deadline.parts[0].minute, minute);
	assert_int_equal(deadline.parts[0].if_before_minute, -1);
}

static void test_deadlines(void **state)
{
	(void)state;
	expect_deadline("24h", SF_DEADLINE_MINUTES, 24 * 60, 0);
	expect_deadline("7 days", SF_DEADLINE_DAYS, 7, 0);
	expect_deadline("1 day 12:00", SF_DEADLINE_DAY_AT, 1, 720);
	expect_deadline("2 working-days", SF_DEADLINE_WORKING_DAYS, 2, 0);
	expect_deadline("2 working-days 12:00", SF_DEADLINE_WORKING_DAY_AT, 2, 720);
	expect_deadline("4 reading-hours", SF_DEADLINE_READING_HOURS, 4, 0);
	expect_deadline("same-day 23:59", SF_DEADLINE_DAY_AT, 0, 1439);
	expect_deadline("next-day 08:00", SF_DEADLINE_DAY_AT, 1, 480);
	expect_deadline("next-working-day 12:00", SF_DEADLINE_WORKING_DAY_AT, 1, 720);
	expect_deadline("before discharge", SF_DEADLINE_DISCHARGE, 0, 0);
	expect_deadline("before discharge-day 12:00", SF_DEADLINE_DISCHARGE_DAY_AT, 0, 720);
	static const char *const wrong[] = {"", "24", "0 days", "same-day", "next-day",
		"4 reading-hours 12:00", "before", "before discharge-day", "before noon", "7 weeks",
		"24h 12:00", "24h;", ";24h", "24h if before 12:00", "24h; 12h", "24h; 12h if",
		"24h; 12h if before", "24h; 12h if after 12:00"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_deadline deadline;
		if (sf_agreement_deadline_read(wrong[i], &deadline))
			fail_msg("%s", wrong[i]);
	}
}

/* The general part stands first, and each of the others says when it rules. */
static void test_deadlines_of_several_parts(void **state)
{
	(void)state;
	struct sf_deadline deadline;
	assert_true(sf_agreement_deadline_read(
		"next-day 23:59; same-day 23:59 if before 12:00", &deadline));
	assert_int_equal(deadline.part_count, 2);
	assert_int_equal(deadline.parts[0].amount, 1);
	assert_int_equal(deadline.parts[0].if_before_minute, -1);
	assert_int_equal(deadline.parts[1].amount, 0);
	assert_int_equal(deadline.parts[1].if_before_minute, 720);
	/* So many and no more. */
	char text[1024] = "24h";
	for (size_t i = 1; i < SF_DEADLINE_PARTS_MAX; i++)
		memcpy(text + strlen(text), "; 1h if before 12:00", sizeof("; 1h if before 12:00"));
	assert_true(sf_agreement_deadline_read(text, &deadline));
	assert_int_equal(deadline.part_count, SF_DEADLINE_PARTS_MAX);
	memcpy(text + strlen(text), "; 1h if before 12:00", sizeof("; 1h if before 12:00"));
	assert_false(sf_agreement_deadline_read(text, &deadline));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clocks_and_spans),
		cmocka_unit_test(test_days_and_periods),
		cmocka_unit_test(test_reading_hours_are_all_that_is_set),
		cmocka_unit_test(test_facts_with_what_may_be_asked_of_them),
		cmocka_unit_test(test_conditions_and_their_opposites),
		cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_deadlines_of_several_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
