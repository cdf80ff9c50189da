/* What the next event of a stay comes to: S.BR20 to S.BR25. */
#include "node/visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/tale.h"

static struct sf_adt event(enum sf_adt_step step, enum sf_activity activity)
{
	return (struct sf_adt){.step = step,
		.activity = activity,
		.stay_class = SF_STAY_CLASS_INPATIENT,
		.event_ms = TALE_BEGIN_MS + SF_HOUR_MS,
		.occurred_ms = TALE_BEGIN_MS + SF_HOUR_MS + 1,
		.recorded_ms = TALE_BEGIN_MS + SF_HOUR_MS + 2,
		.department = "",
		.visit = "V1"};
}

static enum sf_visit_answer judge(struct tale *tale, struct sf_adt adt)
{
	tale->row = (struct sf_node_row_hl7){.position = 0};
	tale->issue = (struct sf_issue){.text = ""};
	return sf_visit_judge(&tale->visit, &adt, &tale->department, &tale->row, &tale->issue);
}

static void assert_nothing(struct tale *tale, struct sf_adt adt)
{
	assert_int_equal(judge(tale, adt), SF_VISIT_NOTHING);
	assert_string_equal(tale->issue.text, "");
}

static void assert_wrong(
	struct tale *tale, struct sf_adt adt, const char *code, const char *expression)
{
	assert_int_equal(judge(tale, adt), SF_VISIT_WRONG);
	assert_true(tale->issue.fatal);
	assert_string_equal(tale->issue.code, code);
	assert_string_equal(tale->issue.expression, expression);
	assert_string_not_equal(tale->issue.text, "");
}

static void assert_letter(struct tale *tale, struct sf_adt adt, enum sf_activity activity,
	enum sf_activity current, enum sf_mode mode)
{
	assert_int_equal(judge(tale, adt), SF_VISIT_LETTER);
	assert_int_equal(tale->row.activity, activity);
	assert_int_equal(tale->row.current, current);
	assert_int_equal(tale->row.mode, mode);
}

static void test_what_is_no_notification_comes_to_nothing(void **state)
{
	struct tale *tale = *state;
	static const enum sf_adt_step steps[] = {
		SF_ADT_NOTHING, SF_ADT_EXPECT, SF_ADT_EXPECT_NOTHING, SF_ADT_MERGE};
	for (size_t i = 0; i < SF_COUNT(steps); i++)
		assert_nothing(tale, event(steps[i], SF_ACTIVITY_NONE));
}

static void test_admission_begins_a_stay_at_its_own_time(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_ADMIT, SF_ACTIVITY_NONE);
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_NEW);
	assert_int_equal(tale->row.admitted_ms, adt.event_ms);
	assert_int_equal(tale->row.event_ms, adt.event_ms);
	assert_int_equal(tale->row.occurred_ms, adt.occurred_ms);
	assert_int_equal(tale->row.recorded_ms, adt.recorded_ms);
	assert_int_equal(tale->row.stay_class, SF_STAY_CLASS_INPATIENT);
	assert_true(sf_id_is_none(tale->row.predecessor));
	adt.stay_class = SF_STAY_CLASS_EMERGENCY;
	adt.admitted_ms = TALE_BEGIN_MS;
	assert_letter(tale, adt, EMERGENCY, EMERGENCY, SF_MODE_NEW);
	assert_int_equal(tale->row.admitted_ms, TALE_BEGIN_MS);
	/* A message that names no class is about a bed in a ward. */
	adt.stay_class = SF_STAY_CLASS_NONE;
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_NEW);
	assert_int_equal(tale->row.stay_class, SF_STAY_CLASS_INPATIENT);
}

static void test_admission_that_is_told_already_comes_to_nothing(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_ADMIT, SF_ACTIVITY_NONE);
	tale_begun(tale, INPATIENT);
	assert_nothing(tale, adt);
	/* To another bed it is told, and follows the letter before it. */
	tale_begun(tale, EMERGENCY);
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_NEW);
	assert_true(sf_id_equal(tale->row.predecessor, tale_id(1)));
	assert_int_equal(tale->row.admitted_ms, TALE_BEGIN_MS);
	/* Also when the letter before was itself a correction. */
	tale_told(tale, EMERGENCY, SF_MODE_REVISE, 1);
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_NEW);
	assert_true(sf_id_equal(tale->row.predecessor, tale_id(2)));
}

static void test_annulled_stay_begins_anew_by_an_admission_alone(void **state)
{
	struct tale *tale = *state;
	tale_begun(tale, INPATIENT);
	tale_told(tale, INPATIENT, SF_MODE_CANCEL, 0);
	struct sf_adt adt = event(SF_ADT_DISCHARGE, HOME);
	assert_wrong(tale, adt, "MSG_NO_MATCH", "PV1-19");
	adt = event(SF_ADT_ADMIT, SF_ACTIVITY_NONE);
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_NEW);
	/* The time of the admission that was taken back is not this one's. */
	assert_int_equal(tale->row.admitted_ms, adt.event_ms);
	assert_true(sf_id_is_none(tale->row.predecessor));
}

static void test_who_comes_dead_died_where_he_was_told_to_be(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_ADMIT, SF_ACTIVITY_NONE);
	adt.dead = true;
	assert_letter(tale, adt, DEATH, INPATIENT, SF_MODE_NEW);
	adt.stay_class = SF_STAY_CLASS_EMERGENCY;
	assert_letter(tale, adt, DEATH, EMERGENCY, SF_MODE_NEW);
	tale_begun(tale, INPATIENT);
	tale_told(tale, LEAVE, SF_MODE_NEW, 5);
	assert_letter(tale, adt, DEATH, LEAVE, SF_MODE_NEW);
	tale_told(tale, DEATH, SF_MODE_NEW, 6);
	assert_nothing(tale, adt);
	adt.dead = false;
	assert_wrong(tale, adt, "MSG_NO_MATCH", "PV1-19");
}

static void test_discharge_is_told_once_and_a_death_after_it(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_DISCHARGE, HOME);
	/* Encounter.period.start 1..1: of a stay that was not told its time must be. */
	assert_wrong(tale, adt, "MSG_RESOURCE_REQUIRED", "PV1-44");
	adt.admitted_ms = TALE_BEGIN_MS;
	assert_letter(tale, adt, HOME, HOME, SF_MODE_NEW);
	tale_begun(tale, EMERGENCY);
	adt.admitted_ms = 0;
	adt.stay_class = SF_STAY_CLASS_NONE;
	assert_letter(tale, adt, HOME, HOME, SF_MODE_NEW);
	assert_int_equal(tale->row.stay_class, SF_STAY_CLASS_EMERGENCY);
	tale_told(tale, HOME, SF_MODE_NEW, 30);
	assert_nothing(tale, adt);
	adt.dead = true;
	assert_letter(tale, adt, DEATH, HOME, SF_MODE_NEW);
	tale_told(tale, DEATH, SF_MODE_NEW, 31);
	assert_nothing(tale, adt);
	adt.dead = false;
	assert_nothing(tale, adt);
}

static void test_who_was_never_told_of_dies_from_the_bed_of_his_class(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_DISCHARGE, DEATH);
	adt.dead = true;
	adt.admitted_ms = TALE_BEGIN_MS;
	assert_letter(tale, adt, DEATH, INPATIENT, SF_MODE_NEW);
	adt.stay_class = SF_STAY_CLASS_EMERGENCY;
	assert_letter(tale, adt, DEATH, EMERGENCY, SF_MODE_NEW);
}

static void test_only_an_inpatient_goes_on_leave(void **state)
{
	struct tale *tale = *state;
	struct sf_adt leave = event(SF_ADT_LEAVE_START, LEAVE);
	struct sf_adt back = event(SF_ADT_LEAVE_END, RETURN);
	tale_begun(tale, EMERGENCY);
	assert_wrong(tale, leave, "MSG_NO_MATCH", "PV1-19");
	assert_wrong(tale, back, "MSG_NO_MATCH", "PV1-19");
	tale_begun(tale, INPATIENT);
	assert_wrong(tale, back, "MSG_NO_MATCH", "PV1-19");
	assert_letter(tale, leave, LEAVE, LEAVE, SF_MODE_NEW);
	tale_told(tale, LEAVE, SF_MODE_NEW, 10);
	assert_nothing(tale, leave);
	assert_letter(tale, back, RETURN, RETURN, SF_MODE_NEW);
	tale_told(tale, RETURN, SF_MODE_NEW, 20);
	assert_nothing(tale, back);
	assert_letter(tale, leave, LEAVE, LEAVE, SF_MODE_NEW);
	tale_told(tale, HOME, SF_MODE_NEW, 30);
	assert_wrong(tale, leave, "MSG_NO_MATCH", "PV1-19");
	assert_wrong(tale, back, "MSG_NO_MATCH", "PV1-19");
}

/* The stay is told over another network, or not at all: then the time must come with it. */
static void test_leave_of_a_stay_nobody_told_is_told_with_its_admission(void **state)
{
	struct tale *tale = *state;
	struct sf_adt leave = event(SF_ADT_LEAVE_START, LEAVE);
	assert_wrong(tale, leave, "MSG_RESOURCE_REQUIRED", "PV1-44");
	leave.admitted_ms = TALE_BEGIN_MS;
	assert_letter(tale, leave, LEAVE, LEAVE, SF_MODE_NEW);
	struct sf_adt back = event(SF_ADT_LEAVE_END, RETURN);
	back.admitted_ms = TALE_BEGIN_MS;
	assert_letter(tale, back, RETURN, RETURN, SF_MODE_NEW);
}

/* A discharge that is cancelled leaves the patient in the hospital, whatever was before it. */
static void test_cancelled_discharge_ends_the_leave_before_it(void **state)
{
	struct tale *tale = *state;
	tale_begun(tale, INPATIENT);
	tale_told(tale, LEAVE, SF_MODE_NEW, 10);
	tale_told(tale, HOME, SF_MODE_NEW, 20);
	tale_told(tale, HOME, SF_MODE_CANCEL, 20);
	assert_int_equal(tale->visit.stay.state, SF_STAY_IN_HOSPITAL);
	assert_nothing(tale, event(SF_ADT_LEAVE_END, RETURN));
}

static void test_update_corrects_time_and_department_of_the_newest(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_UPDATE, SF_ACTIVITY_NONE);
	adt.admitted_ms = TALE_BEGIN_MS;
	assert_nothing(tale, adt);
	tale_begun(tale, INPATIENT);
	assert_nothing(tale, adt);
	adt.department = "B12";
	assert_nothing(tale, adt);
	tale->department.bytes[0] ^= 1;
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_REVISE);
	assert_int_equal(tale->row.event_ms, TALE_BEGIN_MS);
	assert_true(sf_id_equal(tale->row.predecessor, tale_id(1)));
	assert_true(sf_id_equal(tale->row.receiver, tale_id(2000)));
	tale->department.bytes[0] ^= 1;
	adt.admitted_ms = TALE_BEGIN_MS - SF_MINUTE_MS;
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_REVISE);
	assert_int_equal(tale->row.event_ms, adt.admitted_ms);
	assert_int_equal(tale->row.admitted_ms, adt.admitted_ms);
	/* S.BR20: the class is not corrected, it is cancelled. */
	adt.stay_class = SF_STAY_CLASS_EMERGENCY;
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_REVISE);
	assert_int_equal(tale->row.stay_class, SF_STAY_CLASS_INPATIENT);
}

static void test_update_speaks_of_the_time_of_what_stands(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_UPDATE, SF_ACTIVITY_NONE);
	tale_begun(tale, INPATIENT);
	tale_told(tale, LEAVE, SF_MODE_NEW, 10);
	/* HL7 v2 has no time of a leave in PV1. */
	adt.admitted_ms = TALE_BEGIN_MS - SF_MINUTE_MS;
	adt.discharged_ms = TALE_BEGIN_MS + SF_MINUTE_MS;
	assert_nothing(tale, adt);
	tale_told(tale, HOME, SF_MODE_NEW, 20);
	assert_letter(tale, adt, HOME, HOME, SF_MODE_REVISE);
	assert_int_equal(tale->row.event_ms, adt.discharged_ms);
	adt.discharged_ms = TALE_BEGIN_MS + 20 * SF_MINUTE_MS;
	assert_nothing(tale, adt);
	adt.dead = true;
	assert_letter(tale, adt, DEATH, HOME, SF_MODE_NEW);
	tale_told(tale, DEATH, SF_MODE_NEW, 30);
	assert_nothing(tale, adt);
}

static void test_only_the_newest_that_stands_is_cancelled(void **state)
{
	struct tale *tale = *state;
	assert_wrong(tale, event(SF_ADT_CANCEL, INPATIENT), "MSG_NO_MATCH", "PV1-19");
	tale_begun(tale, EMERGENCY);
	/* ADMIT_INPATIENT in a cancellation is any admission. */
	assert_letter(tale, event(SF_ADT_CANCEL, INPATIENT), EMERGENCY, EMERGENCY, SF_MODE_CANCEL);
	assert_int_equal(tale->row.stay_class, SF_STAY_CLASS_EMERGENCY);
	assert_true(sf_id_equal(tale->row.predecessor, tale_id(1)));
	tale_begun(tale, INPATIENT);
	tale_told(tale, LEAVE, SF_MODE_NEW, 10);
	assert_wrong(tale, event(SF_ADT_CANCEL, INPATIENT), "MSG_NO_MATCH", "MSH-9");
	assert_wrong(tale, event(SF_ADT_CANCEL, RETURN), "MSG_NO_MATCH", "MSH-9");
	assert_wrong(tale, event(SF_ADT_CANCEL, HOME), "MSG_NO_MATCH", "MSH-9");
	assert_letter(tale, event(SF_ADT_CANCEL, LEAVE), LEAVE, LEAVE, SF_MODE_CANCEL);
	assert_true(sf_id_equal(tale->row.receiver, tale_id(2001)));
	tale_told(tale, RETURN, SF_MODE_NEW, 20);
	assert_letter(tale, event(SF_ADT_CANCEL, RETURN), RETURN, RETURN, SF_MODE_CANCEL);
	tale_told(tale, HOME, SF_MODE_NEW, 30);
	assert_letter(tale, event(SF_ADT_CANCEL, HOME), HOME, HOME, SF_MODE_CANCEL);
	/* A13 takes a death back, too. */
	struct sf_node_row_hl7 death = tale_letter(tale, DEATH, SF_MODE_NEW, 40);
	death.current = HOME;
	tale_follow(tale, &death);
	assert_letter(tale, event(SF_ADT_CANCEL, HOME), DEATH, HOME, SF_MODE_CANCEL);
}

/* Letters are folded by when they were recorded: a clock that goes back must not turn them round.
 */
static void test_recorded_time_never_goes_back(void **state)
{
	struct tale *tale = *state;
	tale_begun(tale, EMERGENCY);
	struct sf_adt adt = event(SF_ADT_ADMIT, SF_ACTIVITY_NONE);
	adt.recorded_ms = TALE_BEGIN_MS - SF_DAY_MS;
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_NEW);
	assert_int_equal(tale->row.recorded_ms, TALE_BEGIN_MS);
	adt.recorded_ms = TALE_BEGIN_MS + 1;
	assert_letter(tale, adt, INPATIENT, INPATIENT, SF_MODE_NEW);
	assert_int_equal(tale->row.recorded_ms, TALE_BEGIN_MS + 1);
}

static void test_revision_is_of_whatever_stands(void **state)
{
	struct tale *tale = *state;
	struct sf_adt adt = event(SF_ADT_NOTHING, SF_ACTIVITY_NONE);
	tale->row = (struct sf_node_row_hl7){.position = 0};
	assert_int_equal(
		sf_visit_revise(&tale->visit, &adt, &tale->row, &tale->issue), SF_VISIT_WRONG);
	assert_string_equal(tale->issue.code, "MSG_NO_MATCH");
	tale_begun(tale, INPATIENT);
	tale->row = (struct sf_node_row_hl7){.position = 0};
	assert_int_equal(
		sf_visit_revise(&tale->visit, &adt, &tale->row, &tale->issue), SF_VISIT_LETTER);
	assert_int_equal(tale->row.mode, SF_MODE_REVISE);
	assert_int_equal(tale->row.event_ms, adt.event_ms);
	/* An admission that happened at another time began the stay then. */
	assert_int_equal(tale->row.admitted_ms, adt.event_ms);
	tale_told(tale, LEAVE, SF_MODE_NEW, 10);
	adt.event_ms = 0;
	tale->row = (struct sf_node_row_hl7){.position = 0};
	assert_int_equal(
		sf_visit_revise(&tale->visit, &adt, &tale->row, &tale->issue), SF_VISIT_LETTER);
	assert_int_equal(tale->row.activity, LEAVE);
	assert_int_equal(tale->row.event_ms, TALE_BEGIN_MS + 10 * SF_MINUTE_MS);
	assert_int_equal(tale->row.admitted_ms, TALE_BEGIN_MS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tale_open, tale_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_no_notification_comes_to_nothing),
		TEST(test_admission_begins_a_stay_at_its_own_time),
		TEST(test_admission_that_is_told_already_comes_to_nothing),
		TEST(test_annulled_stay_begins_anew_by_an_admission_alone),
		TEST(test_who_comes_dead_died_where_he_was_told_to_be),
		TEST(test_discharge_is_told_once_and_a_death_after_it),
		TEST(test_who_was_never_told_of_dies_from_the_bed_of_his_class),
		TEST(test_only_an_inpatient_goes_on_leave),
		TEST(test_leave_of_a_stay_nobody_told_is_told_with_its_admission),
		TEST(test_cancelled_discharge_ends_the_leave_before_it),
		TEST(test_update_corrects_time_and_department_of_the_newest),
		TEST(test_update_speaks_of_the_time_of_what_stands),
		TEST(test_only_the_newest_that_stands_is_cancelled),
		TEST(test_recorded_time_never_goes_back),
		TEST(test_revision_is_of_whatever_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
