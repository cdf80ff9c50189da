/* Conditions of clauses: known, or not known yet, and when time alone makes them known. */
#include "unit/core/check.h"

#include "core/transition_state.h"
#include "unit/core/terms.h"

#define ADMITTED_MS SCENE_START_MS
#define AFTER(hours) (SCENE_START_MS + (int64_t)(hours)*SF_HOUR_MS)

static const struct sf_zone winter = {.name = "winter", .first_offset_s = 3600};

static struct sf_standing in_hospital(void)
{
	return (struct sf_standing){
		.stay = {.state = SF_STAY_IN_HOSPITAL,
			.stay_class = SF_STAY_CLASS_EMERGENCY,
			.admitted_ms = ADMITTED_MS},
		.zone = &winter,
	};
}

static struct sf_standing home_after(int64_t hours)
{
	struct sf_standing standing = in_hospital();
	standing.stay.state = SF_STAY_HOME;
	standing.stay.discharged_ms = AFTER(hours);
	return standing;
}

static struct sf_standing not_admitted(void)
{
	struct sf_standing standing = in_hospital();
	standing.stay.admitted_ms = 0;
	return standing;
}

static struct sf_standing ready(void)
{
	struct sf_standing standing = in_hospital();
	standing.course.ready_message = scene_id(2, 1);
	standing.course.ready.ready_ms = terms_time("18 14:00");
	return standing;
}

static struct sf_standing agreed_on(const char *when)
{
	struct sf_standing standing = ready();
	standing.course.hospital_agrees_ms = terms_time(when);
	standing.course.municipality_agrees_ms = terms_time(when);
	return standing;
}

static struct sf_standing with(bool report, bool no_case, bool plan)
{
	struct sf_standing standing = in_hospital();
	standing.stay.report_requested = report;
	standing.stay.stay_class = SF_STAY_CLASS_INPATIENT;
	standing.course.no_case = no_case;
	if (plan)
		standing.course.plan_message = scene_id(2, 2);
	return standing;
}

static void test_each_condition_is_judged_by_what_is_known(void **state)
{
	(void)state;
	const int64_t never = SF_NEVER_MS;
	const struct sf_condition day = {SF_CONDITION_STAY_LONGER, false, SF_DAY_MS};
	const struct sf_condition not_day = {SF_CONDITION_STAY_LONGER, true, SF_DAY_MS};
	const struct sf_condition before = {SF_CONDITION_READY_BEFORE, false, 0};
	const struct {
		struct sf_standing standing;
		struct sf_condition condition;
		enum sf_mark mark;
		int64_t at_ms;
		enum sf_truth truth;
		int64_t decides_ms;
	} rows[] = {
		{in_hospital(), day, SF_MARK_NONE, AFTER(2), SF_TRUTH_UNDECIDED, AFTER(24)},
		{in_hospital(), not_day, SF_MARK_NONE, AFTER(2), SF_TRUTH_UNDECIDED, AFTER(24)},
		{in_hospital(), day, SF_MARK_NONE, AFTER(24), SF_TRUTH_YES, never},
		{in_hospital(), not_day, SF_MARK_NONE, AFTER(24), SF_TRUTH_NO, never},
		{home_after(23), day, SF_MARK_NONE, AFTER(100), SF_TRUTH_NO, never},
		{home_after(24), day, SF_MARK_NONE, AFTER(100), SF_TRUTH_NO, never},
		{home_after(25), day, SF_MARK_NONE, AFTER(100), SF_TRUTH_YES, never},
		{home_after(23), not_day, SF_MARK_NONE, AFTER(100), SF_TRUTH_YES, never},
		{not_admitted(), day, SF_MARK_NONE, AFTER(1), SF_TRUTH_UNDECIDED, never},
		{with(true, false, false), {SF_CONDITION_REPORT_REQUESTED, false, 0}, SF_MARK_NONE,
			AFTER(1), SF_TRUTH_YES, never},
		{with(false, false, false), {SF_CONDITION_REPORT_REQUESTED, false, 0}, SF_MARK_NONE,
			AFTER(1), SF_TRUTH_NO, never},
		{with(false, false, false), {SF_CONDITION_HAS_CASE, false, 0}, SF_MARK_NONE,
			AFTER(1), SF_TRUTH_YES, never},
		{with(false, true, false), {SF_CONDITION_HAS_CASE, false, 0}, SF_MARK_NONE,
			AFTER(1), SF_TRUTH_NO, never},
		{with(false, false, true), {SF_CONDITION_PLANNED, false, 0}, SF_MARK_NONE, AFTER(1),
			SF_TRUTH_YES, never},
		{with(false, false, false), {SF_CONDITION_PLANNED, true, 0}, SF_MARK_NONE, AFTER(1),
			SF_TRUTH_YES, never},
		{in_hospital(), {SF_CONDITION_MARKED, false, 0}, SF_MARK_RED, AFTER(1),
			SF_TRUTH_YES, never},
		{in_hospital(), {SF_CONDITION_MARKED, false, 0}, SF_MARK_GREEN, AFTER(1),
			SF_TRUTH_NO, never},
		{in_hospital(), {SF_CONDITION_INPATIENT, false, 0}, SF_MARK_NONE, AFTER(1),
			SF_TRUTH_NO, never},
		{with(false, false, false), {SF_CONDITION_INPATIENT, false, 0}, SF_MARK_NONE,
			AFTER(1), SF_TRUTH_YES, never},
		{in_hospital(), before, SF_MARK_NONE, AFTER(1), SF_TRUTH_UNDECIDED, never},
		{ready(), before, SF_MARK_NONE, terms_time("18 15:00"), SF_TRUTH_UNDECIDED,
			terms_time("19 00:00")},
		{ready(), before, SF_MARK_NONE, terms_time("19 00:00"), SF_TRUTH_YES, never},
		{agreed_on("18 23:30"), before, SF_MARK_NONE, terms_time("18 15:00"), SF_TRUTH_NO,
			never},
		{agreed_on("19 00:30"), before, SF_MARK_NONE, terms_time("18 15:00"), SF_TRUTH_YES,
			never},
		{in_hospital(), {(enum sf_condition_code)99, false, 0}, SF_MARK_NONE, AFTER(1),
			SF_TRUTH_NO, never},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		struct sf_conditions one = {1, {rows[i].condition}};
		int64_t decides_ms = 0;
		assert_int_equal(sf_conditions_hold(&rows[i].standing, &one, rows[i].mark,
					 rows[i].at_ms, &decides_ms),
			rows[i].truth);
		assert_int_equal(decides_ms, rows[i].decides_ms);
	}
}

static void test_all_conditions_must_hold(void **state)
{
	(void)state;
	struct sf_conditions none = {0};
	struct sf_conditions both = {2,
		{{SF_CONDITION_STAY_LONGER, false, SF_DAY_MS}, {SF_CONDITION_HAS_CASE, false, 0}}};
	struct sf_standing standing = in_hospital();
	int64_t decides_ms;
	assert_int_equal(sf_conditions_hold(&standing, &none, SF_MARK_NONE, AFTER(1), &decides_ms),
		SF_TRUTH_YES);
	assert_int_equal(sf_conditions_hold(&standing, &both, SF_MARK_NONE, AFTER(1), &decides_ms),
		SF_TRUTH_UNDECIDED);
	assert_int_equal(decides_ms, AFTER(24));
	standing.course.no_case = true;
	assert_int_equal(sf_conditions_hold(&standing, &both, SF_MARK_NONE, AFTER(1), &decides_ms),
		SF_TRUTH_NO);
	assert_int_equal(decides_ms, SF_NEVER_MS);
}

static void test_trigger_matches_what_it_asks_for(void **state)
{
	(void)state;
	static const struct {
		struct sf_trigger wanted, given;
		bool matches;
	} rows[] = {
		{{SF_KIND_LETTER, SF_LETTER_CARE_PLAN, 0}, {SF_KIND_LETTER, SF_LETTER_CARE_PLAN, 0},
			true},
		{{SF_KIND_LETTER, SF_LETTER_CARE_PLAN, 0}, {SF_KIND_LETTER, SF_LETTER_READINESS, 0},
			false},
		{{SF_KIND_PLAN_ANSWER, 0, 0}, {SF_KIND_PLAN_ANSWER, SF_PLAN_ANSWER_LATER, 0}, true},
		{{SF_KIND_PLAN_ANSWER, 0, 0}, {SF_KIND_PLAN, 0, 0}, false},
		{{SF_KIND_OBLIGATION, SF_DUTY_NURSING, SF_TASK_COMPLETED},
			{SF_KIND_OBLIGATION, SF_DUTY_NURSING, SF_TASK_IN_PROGRESS}, false},
		{{SF_KIND_OBLIGATION, SF_DUTY_NURSING, 0},
			{SF_KIND_OBLIGATION, SF_DUTY_NURSING, SF_TASK_IN_PROGRESS}, true},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++)
		assert_int_equal(
			sf_trigger_matches(&rows[i].wanted, &rows[i].given), rows[i].matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_condition_is_judged_by_what_is_known),
		cmocka_unit_test(test_all_conditions_must_hold),
		cmocka_unit_test(test_trigger_matches_what_it_asks_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
