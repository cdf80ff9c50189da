/* The line that a person reads first, in the situations of a discharge. */
#include "unit/core/check.h"

#include <stdio.h>

#include "unit/core/terms.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&scene, terms_book());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static struct sf_next next(void)
{
	return sf_transition_next(scene.transition, scene.now_ms);
}

/* "K answer-offer 18 18:00 overdue": who must, what, before when; '-' for nobody or no time. */
static const char *line(void)
{
	static char text[80];
	static const char letters[] = "HKGLP";
	struct sf_next first = next();
	char who = '-';
	for (const char *letter = letters; *letter; letter++)
		if (sf_id_equal(first.party, scene_party(*letter)))
			who = *letter;
	char time[SF_TIME_TEXT_SIZE] = "0000-00-00T-";
	if (first.before_ms != SF_NEVER_MS)
		sf_time_format(first.before_ms + SF_HOUR_MS, time);
	char day[6] = "-";
	if (first.before_ms != SF_NEVER_MS)
		snprintf(day, sizeof(day), "%.2s", time + 8);
	snprintf(text, sizeof(text), "%c %s %s%s%.5s%s", who, sf_next_text(first.what), day,
		first.before_ms != SF_NEVER_MS ? " " : "",
		first.before_ms != SF_NEVER_MS ? time + 11 : "", first.overdue ? " overdue" : "");
	return text;
}

static void agree(char author, const char *when)
{
	struct sf_message message = scene_message(&scene, author, SF_KIND_AGREE);
	message.fact.agree.discharge_ms = terms_time(when);
	scene_record(&scene, &message);
}

/* One discharge, line by line. */
static void test_line_follows_a_discharge(void **state)
{
	(void)state;
	assert_string_equal(line(), "- nothing -");
	terms_admit(&scene, true);
	assert_string_equal(line(), "K obligation 19 12:07");
	assert_string_equal(
		sf_pathway_clause(sf_transition_terms(scene.transition), next().clause)->name,
		"admission-report");
	scene_turn(&scene, terms_time("19 13:00"));
	assert_string_equal(line(), "K obligation 19 12:07 overdue");
	terms_letter(&scene, 'K', SF_LETTER_ADMISSION_REPORT, SF_MARK_NONE);
	assert_string_equal(line(), "H obligation -"); /* the care plan: no date is known */
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	struct sf_id plan = terms_plan(&scene, 1, terms_time("21 15:00"));
	assert_string_equal(line(), "K answer-plan 20 13:01");
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_ACCEPT), 0);
	assert_string_equal(line(), "H discharge 21 15:00");
	assert_true(sf_id_equal(next().subject, plan));
	agree('H', "21 10:00");
	assert_string_equal(line(), "K agree 21 10:00");
	agree('K', "21 11:00");
	assert_string_equal(line(), "- agree 21 10:00");
	agree('K', "21 10:00");
	assert_string_equal(line(), "H discharge 21 10:00");
	scene.now_ms = terms_time("21 10:00");
	struct sf_id discharge = terms_discharge(&scene);
	assert_string_equal(line(), "K answer-offer 21 14:00");
	assert_int_equal(next().domains, CARE | MEDICATION);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	assert_string_equal(line(), "H obligation 21 23:59");
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	assert_string_equal(line(), "H window 24 10:00");
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	scene_turn(&scene, terms_time("24 10:00"));
	assert_string_equal(line(), "- nothing -");
}

static void test_refused_offer_must_be_offered_again(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	struct sf_id discharge = terms_discharge(&scene);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	assert_int_equal(scene_refuse(&scene, 'K', discharge, SF_ROLE_CARE_HOME), 0);
	struct sf_next rows[8];
	size_t count = sf_transition_next_all(scene.transition, scene.now_ms, rows, SF_COUNT(rows));
	bool again = false;
	for (size_t i = 0; i < count; i++)
		again = again || (rows[i].what == SF_NEXT_OFFER_AGAIN &&
					 rows[i].domains == (CARE | MEDICATION) &&
					 sf_id_equal(rows[i].party, scene_party('H')));
	assert_true(again);
	/* The patient is home: nothing on paper stands above it, however late. */
	scene_turn(&scene, scene.now_ms + 10 * SF_DAY_MS);
	assert_true(
		sf_transition_next_all(scene.transition, scene.now_ms, rows, SF_COUNT(rows)) > 1);
	assert_int_equal(rows[0].what, SF_NEXT_OFFER_AGAIN);
	assert_int_equal(
		scene_offer(&scene, 'H', CARE | MEDICATION, SF_ROLE_MUNICIPALITY, NULL), 0);
	count = sf_transition_next_all(scene.transition, scene.now_ms, rows, SF_COUNT(rows));
	for (size_t i = 0; i < count; i++)
		assert_int_not_equal(rows[i].what, SF_NEXT_OFFER_AGAIN);
}

/* The first answer closes the offer: what it leaves is still the giver's, and in nobody's plan. */
static void test_rest_of_an_offer_must_be_offered_again(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	struct sf_next rows[8];
	size_t count = sf_transition_next_all(scene.transition, scene.now_ms, rows, SF_COUNT(rows));
	sf_domain_set again = 0;
	for (size_t i = 0; i < count; i++)
		if (rows[i].what == SF_NEXT_OFFER_AGAIN)
			again |= rows[i].domains;
	assert_int_equal(again, MEDICATION);
}

static void test_plan_that_cannot_be_met_is_the_hospitals_to_act_on(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	terms_plan(&scene, 1, terms_time("21 15:00"));
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_CANNOT), 0);
	assert_string_equal(line(), "H offer-again -");
}

static void test_nobody_bound_is_the_hospitals_to_find(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HG", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	terms_discharge(&scene);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	assert_string_equal(line(), "H find-receiver -");
	assert_int_equal(next().domains, CARE | MEDICATION);
	/* Found for the care; the window still needs somebody who takes the treatment. */
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_string_equal(line(), "K answer-offer 18 16:10");
	struct sf_next rows[8];
	size_t count = sf_transition_next_all(scene.transition, scene.now_ms, rows, SF_COUNT(rows));
	bool found = false;
	for (size_t i = 0; i < count; i++)
		if (rows[i].what == SF_NEXT_FIND_RECEIVER) {
			assert_int_equal(rows[i].domains, MEDICAL);
			found = true;
		}
	assert_true(found);
}

static void test_dispute_is_for_people_of_several_parties(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	terms_plan(&scene, 1, terms_time("21 15:00"));
	terms_answer_plan(&scene, SF_PLAN_ANSWER_ACCEPT);
	assert_int_equal(terms_say(&scene, 'K', SF_KIND_DISPUTE, (struct sf_id){0}), 0);
	assert_string_equal(line(), "- decide -");
}

static void test_rejected_task_is_who_asked_to_hand_on_and_offered_one_the_new_owners(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	terms_plan(&scene, 1, terms_time("25 15:00"));
	terms_answer_plan(&scene, SF_PLAN_ANSWER_ACCEPT);
	struct sf_id task = terms_request(
		&scene, 'H', SF_DUTY_NURSING, SF_ROLE_MUNICIPALITY, terms_time("19 09:00"));
	assert_string_equal(line(), "K obligation 19 09:00");
	struct sf_message reject = terms_task(&scene, 'K', SF_TASK_REJECT, task, SF_DUTY_NONE);
	reject.fact.obligation.refer_to_role = SF_ROLE_GP;
	assert_int_equal(scene_record(&scene, &reject), 0);
	assert_string_equal(line(), "H offer-again 19 09:00");
	struct sf_message offer = terms_task(&scene, 'H', SF_TASK_OFFER, task, SF_DUTY_NONE);
	offer.fact.obligation.owner = SF_ROLE_GP;
	assert_int_equal(scene_record(&scene, &offer), 0);
	assert_string_equal(line(), "G obligation 19 09:00");
}

/* Overdue, within a day, without a time, later: the most urgent first, however few are wanted. */
static void test_rows_stand_in_order_of_urgency(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	terms_request(&scene, 'H', SF_DUTY_NURSING, SF_ROLE_MUNICIPALITY, terms_time("25 10:00"));
	terms_request(&scene, 'H', SF_DUTY_TRANSPORT, SF_ROLE_MUNICIPALITY, 0);
	terms_request(&scene, 'H', SF_DUTY_HOME_CARE, SF_ROLE_MUNICIPALITY, terms_time("20 10:00"));
	scene_turn(&scene, terms_time("19 18:00"));
	static const enum sf_duty order[] = {SF_DUTY_EXPECTATION, SF_DUTY_HOME_CARE,
		SF_DUTY_TRANSPORT, SF_DUTY_EXPECTATION, SF_DUTY_NURSING};
	struct sf_next rows[8];
	for (size_t max = 0; max <= SF_COUNT(rows); max++) {
		size_t count = sf_transition_next_all(
			scene.transition, scene.now_ms, max ? rows : NULL, max);
		assert_int_equal(count, SF_COUNT(order));
		size_t timeless = 0;
		for (size_t i = 0; i < max && i < count; i++) {
			timeless += rows[i].before_ms == SF_NEVER_MS;
			if (rows[i].before_ms != SF_NEVER_MS)
				assert_int_equal(rows[i].duty, order[i]);
		}
		if (max >= count)
			assert_int_equal(timeless, 2);
	}
	assert_true(rows[0].overdue);
	assert_false(rows[1].overdue);
}

static void test_closed_transition_needs_nobody(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	struct sf_message close = scene_message(&scene, 'K', SF_KIND_CLOSE);
	close.fact.close.code = SF_CLOSE_MOVED;
	assert_int_equal(scene_record(&scene, &close), 0);
	assert_string_equal(line(), "- nothing -");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_line_follows_a_discharge),
		CASE(test_refused_offer_must_be_offered_again),
		CASE(test_rest_of_an_offer_must_be_offered_again),
		CASE(test_plan_that_cannot_be_met_is_the_hospitals_to_act_on),
		CASE(test_nobody_bound_is_the_hospitals_to_find),
		CASE(test_dispute_is_for_people_of_several_parties),
		CASE(test_rejected_task_is_who_asked_to_hand_on_and_offered_one_the_new_owners),
		CASE(test_rows_stand_in_order_of_urgency),
		CASE(test_closed_transition_needs_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
