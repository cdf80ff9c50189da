/* What one discharge adds to each figure, and what a sum shows. */
#include "unit/core/check.h"

#include "core/indicator.h"
#include "unit/core/terms.h"

static struct scene scene;
static struct sf_measures measures;

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&scene, terms_book());
	measures = (struct sf_measures){0};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static const struct sf_measure *measured(enum sf_indicator indicator)
{
	return &measures.items[indicator];
}

static void assert_measure(enum sf_indicator indicator, int64_t cases, int64_t count, int64_t total)
{
	assert_int_equal(measured(indicator)->cases, cases);
	assert_int_equal(measured(indicator)->count, count);
	assert_int_equal(measured(indicator)->total, total);
}

static void test_transition_counts_when_the_patient_has_left(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_true(sf_indicator_period_ms(scene.transition) == SF_NEVER_MS);
	sf_indicator_add(scene.transition, NULL, &measures);
	for (size_t i = 0; i < SF_INDICATOR_COUNT; i++)
		assert_int_equal(measures.items[i].cases, 0);
	scene.now_ms = terms_time("20 10:00");
	terms_discharge(&scene);
	assert_true(sf_indicator_period_ms(scene.transition) == terms_time("20 10:00"));
}

/* Ready on the 18th, home on the 24th: six midnights, less the two it was withdrawn for. */
static void test_ready_days_are_midnights_without_those_withdrawn(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	struct sf_message ready = scene_message(&scene, 'H', SF_KIND_READY);
	ready.fact.ready = (struct sf_ready){terms_time("18 14:00"), true};
	assert_int_equal(scene_record(&scene, &ready), 0);
	scene.now_ms = terms_time("20 10:00");
	assert_int_equal(terms_say(&scene, 'H', SF_KIND_READY_WITHDRAWN, ready.id), 0);
	scene.now_ms = terms_time("22 10:00");
	struct sf_message again = scene_message(&scene, 'H', SF_KIND_READY);
	again.fact.ready = (struct sf_ready){terms_time("22 10:00"), true};
	assert_int_equal(scene_record(&scene, &again), 0);
	scene.now_ms = terms_time("24 10:00");
	terms_discharge(&scene);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_READY_DAYS, 1, 1, 4);
	assert_measure(SF_INDICATOR_PAYMENT_REGION, 1, 1, 4 * 1976);
	assert_measure(SF_INDICATOR_PAYMENT_STATE, 1, 1, 2 * 1976 + 2 * 3952);
	assert_measure(SF_INDICATOR_STAYS, 1, 1, 0);
}

static void test_payment_without_a_clause_is_not_estimated(void **state)
{
	(void)state;
	terms_somatic()->payment.clause.citation[0] = '\0';
	terms_admit(&scene, false);
	struct sf_message ready = scene_message(&scene, 'H', SF_KIND_READY);
	ready.fact.ready = (struct sf_ready){terms_time("18 14:00"), true};
	assert_int_equal(scene_record(&scene, &ready), 0);
	scene.now_ms = terms_time("20 10:00");
	terms_discharge(&scene);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_READY_DAYS, 1, 1, 2);
	assert_int_equal(measured(SF_INDICATOR_PAYMENT_REGION)->cases, 0);
}

static void test_letter_report_plan_and_acceptance(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	scene_turn(&scene, terms_time("19 14:00"));
	terms_letter(&scene, 'K', SF_LETTER_ADMISSION_REPORT, SF_MARK_NONE); /* late */
	scene.now_ms = terms_time("19 22:00");
	terms_plan(&scene, 1, terms_time("20 15:00"));
	scene.now_ms = terms_time("20 10:00");
	struct sf_id discharge = terms_discharge(&scene);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	scene.now_ms = terms_time("20 11:30");
	scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL);
	struct sf_message question = scene_message(&scene, 'K', SF_KIND_QUESTION);
	question.fact.question.to = SF_ROLE_HOSPITAL;
	assert_int_equal(scene_record(&scene, &question), 0);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_REPORT_IN_TIME, 1, 0, 0);
	assert_measure(SF_INDICATOR_LETTER_IN_TIME, 1, 1, 0);
	assert_measure(SF_INDICATOR_PLANNED, 1, 1, 0);
	assert_measure(SF_INDICATOR_PLAN_LEAD, 1, 1, 12 * 60);
	assert_measure(SF_INDICATOR_UNACCEPTED, 1, 1, 90);
	assert_measure(SF_INDICATOR_WINDOW_QUESTIONS, 1, 1, 0);
	assert_measure(SF_INDICATOR_CLOSED_BY_HAND, 1, 0, 0);
	assert_int_equal(measured(SF_INDICATOR_REHABILITATION)->cases, 0);
}

/* A letter that may still come in time is no letter that did not. */
static void test_letter_that_is_not_due_yet_is_not_counted(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	terms_discharge(&scene);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_int_equal(measured(SF_INDICATOR_LETTER_IN_TIME)->cases, 0);
	scene_turn(&scene, terms_time("22 08:00"));
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_LETTER_IN_TIME, 1, 0, 0);
}

/* Taken in part: what nobody has taken yet is waited for, whatever its first offer came to. */
static void test_answer_that_takes_a_part_ends_no_wait(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	struct sf_id discharge = terms_discharge(&scene), again;
	scene.now_ms = terms_time("20 11:00");
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	scene.now_ms = terms_time("20 12:00");
	assert_int_equal(scene_offer(&scene, 'H', MEDICATION, SF_ROLE_MUNICIPALITY, &again), 0);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_UNACCEPTED, 1, 1, 120);
	measures = (struct sf_measures){0};
	scene.now_ms = terms_time("20 13:00");
	assert_int_equal(scene_accept(&scene, 'K', again, MEDICATION, NULL), 0);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_UNACCEPTED, 1, 1, 180);
}

static void test_refused_discharge_is_waited_for(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	struct sf_id discharge = terms_discharge(&scene), again;
	scene.now_ms = terms_time("20 11:00");
	assert_int_equal(scene_refuse(&scene, 'K', discharge, SF_ROLE_OTHER_MUNICIPALITY), 0);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_UNACCEPTED, 1, 1, 60);
	measures = (struct sf_measures){0};
	scene.now_ms = terms_time("20 12:00");
	assert_int_equal(
		scene_offer(&scene, 'H', CARE | MEDICATION, SF_ROLE_MUNICIPALITY, &again), 0);
	scene.now_ms = terms_time("20 13:00");
	assert_int_equal(scene_accept(&scene, 'K', again, CARE | MEDICATION, NULL), 0);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_UNACCEPTED, 1, 1, 180);
}

static void test_rehabilitation_waits_from_its_plan(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	terms_letter(&scene, 'H', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
	terms_discharge(&scene);
	scene.now_ms = terms_time("25 09:00");
	struct sf_message start =
		terms_task(&scene, 'K', SF_TASK_START, (struct sf_id){0}, SF_DUTY_REHABILITATION);
	assert_int_equal(scene_record(&scene, &start), 0);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_REHABILITATION, 1, 1, 5);
}

/* Out for three hours is one stay; out for six is two, if each lasted long enough. */
static void test_attendances_close_together_are_one_stay(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("19 10:00");
	terms_discharge(&scene);
	scene.now_ms = terms_time("19 13:00");
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	scene.now_ms = terms_time("20 10:00");
	terms_discharge(&scene);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_STAYS, 1, 1, 0);
	scene.now_ms = terms_time("20 16:00");
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	scene.now_ms = terms_time("21 10:00");
	terms_discharge(&scene);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_STAYS, 2, 3, 0);
}

/* Told of the wrong patient two hours after the admission, and cancelled: nobody had left. */
static void test_cancelled_discharge_ends_no_stay(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms += 2 * SF_HOUR_MS;
	terms_discharge(&scene);
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	scene.now_ms = terms_time("24 10:00");
	terms_discharge(&scene);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_STAYS, 1, 1, 0);
}

static void test_short_attendance_is_no_stay(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("18 20:00");
	terms_discharge(&scene);
	sf_indicator_add(scene.transition, NULL, &measures);
	assert_measure(SF_INDICATOR_STAYS, 1, 0, 0);
}

static void test_deliveries_and_cancellations_are_counted(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	terms_discharge(&scene);
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	terms_discharge(&scene);
	const struct sf_delivery_measures deliveries = {.acknowledged_count = 4,
		.acknowledged_total_ms = 8 * SF_MINUTE_MS,
		.resend_count = 1,
		.message_count = 5};
	sf_indicator_add(scene.transition, &deliveries, &measures);
	assert_measure(SF_INDICATOR_ACK_TIME, 1, 4, 8);
	assert_measure(SF_INDICATOR_RESENDS, 1, 1, 0);
	assert_measure(SF_INDICATOR_FATAL_ERRORS, 1, 0, 0);
	assert_measure(SF_INDICATOR_CANCELLATIONS, 1, 1, 0);
}

static void test_figures_and_small_cells(void **state)
{
	(void)state;
	static const struct {
		enum sf_indicator indicator;
		struct sf_measure measure;
		bool shown;
		double figure;
	} rows[] = {
		{SF_INDICATOR_STAYS, {5, 7, 0}, true, 7},
		{SF_INDICATOR_STAYS, {4, 7, 0}, false, 0},
		{SF_INDICATOR_READY_DAYS, {6, 6, 21}, true, 21},
		{SF_INDICATOR_READY_DAYS, {6, 1, 21}, false, 0},
		{SF_INDICATOR_PAYMENT_REGION, {6, 4, 21}, false, 0},
		{SF_INDICATOR_READY_DAYS, {6, 0, 0}, true, 0},
		/* 1 of 10 is 10 %: a person; and so is the one whose letter is late among 9 in
		   time. */
		{SF_INDICATOR_READMISSION_30, {10, 1, 0}, false, 0},
		{SF_INDICATOR_LETTER_IN_TIME, {10, 9, 0}, false, 0},
		{SF_INDICATOR_LETTER_IN_TIME, {8, 6, 0}, false, 0},
		{SF_INDICATOR_LETTER_IN_TIME, {20, 15, 0}, true, 75},
		{SF_INDICATOR_LETTER_IN_TIME, {20, 16, 0}, false, 0},
		{SF_INDICATOR_LETTER_IN_TIME, {8, 8, 0}, true, 100},
		{SF_INDICATOR_LETTER_IN_TIME, {8, 0, 0}, true, 0},
		{SF_INDICATOR_CLOSED_BY_HAND, {10, 1, 0}, false, 0},
		{SF_INDICATOR_CLOSED_BY_HAND, {10, 9, 0}, false, 0},
		{SF_INDICATOR_CLOSED_BY_HAND, {10, 5, 0}, true, 5},
		{SF_INDICATOR_RESENDS, {10, 4, 0}, false, 0},
		{SF_INDICATOR_RESENDS, {10, 6, 0}, true, 6},
		{SF_INDICATOR_RESENDS, {10, 0, 0}, true, 0},
		{SF_INDICATOR_PLAN_LEAD, {5, 4, 480}, true, 2},
		{SF_INDICATOR_UNACCEPTED, {5, 4, 480}, true, 120},
		{SF_INDICATOR_UNACCEPTED, {5, 0, 0}, false, 0},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		double figure = 0;
		assert_int_equal(sf_measure_figure(rows[i].indicator, &rows[i].measure, &figure),
			rows[i].shown);
		assert_true(figure == rows[i].figure);
	}
	struct sf_measures sum = {0};
	measures.items[SF_INDICATOR_STAYS] = (struct sf_measure){1, 2, 3};
	sf_measures_add(&sum, &measures);
	sf_measures_add(&sum, &measures);
	assert_int_equal(sum.items[SF_INDICATOR_STAYS].total, 6);
}

static void test_each_indicator_has_words_and_a_definition(void **state)
{
	(void)state;
	for (int i = SF_INDICATOR_STAYS; i < SF_INDICATOR_COUNT; i++) {
		assert_string_not_equal(sf_indicator_text((enum sf_indicator)i), "unknown");
		assert_string_not_equal(sf_indicator_unit((enum sf_indicator)i), "unknown");
		assert_true(strlen(sf_indicator_definition((enum sf_indicator)i)) > 20);
	}
	/* What the figure counts wider than its rule says so. */
	assert_non_null(
		strstr(sf_indicator_definition(SF_INDICATOR_READMISSION_30), "planned ones too"));
	assert_string_equal(sf_indicator_definition(SF_INDICATOR_NONE), "unknown");
	assert_string_equal(sf_indicator_text((enum sf_indicator)99), "unknown");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_transition_counts_when_the_patient_has_left),
		CASE(test_ready_days_are_midnights_without_those_withdrawn),
		CASE(test_payment_without_a_clause_is_not_estimated),
		CASE(test_letter_report_plan_and_acceptance),
		CASE(test_letter_that_is_not_due_yet_is_not_counted),
		CASE(test_answer_that_takes_a_part_ends_no_wait),
		CASE(test_refused_discharge_is_waited_for),
		CASE(test_rehabilitation_waits_from_its_plan),
		CASE(test_attendances_close_together_are_one_stay),
		CASE(test_cancelled_discharge_ends_no_stay),
		CASE(test_short_attendance_is_no_stay),
		CASE(test_deliveries_and_cancellations_are_counted),
		CASE(test_figures_and_small_cells),
		CASE(test_each_indicator_has_words_and_a_definition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
