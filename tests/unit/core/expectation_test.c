/* What clauses ask of parties: raised, met, late, cancelled and owed again. */
#include "unit/core/check.h"

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

#define assert_owed(name, wanted) assert_string_equal(terms_state(&scene, name), wanted)
#define assert_due(name, wanted)                                                                   \
	assert_int_equal(terms_owed(&scene, name)->due_ms, terms_time(wanted))

static void test_admission_with_report_requested_asks_the_municipality_within_24_hours(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_owed("admission-report", "requested");
	const struct sf_obligation *owed = terms_owed(&scene, "admission-report");
	assert_true(sf_id_equal(owed->owner, scene_party('K')));
	assert_int_equal(owed->due_ms, owed->raised_ms + 24 * SF_HOUR_MS);
	terms_letter(&scene, 'K', SF_LETTER_ADMISSION_REPORT, SF_MARK_NONE);
	assert_owed("admission-report", "completed");
	assert_false(terms_deviated(&scene, SF_DEVIATION_LATE));
}

static void test_admission_without_request_asks_for_no_report(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	assert_owed("admission-report", "none");
}

/* A revision that asks for the report after all raises it then. */
static void test_revised_admission_asks_from_then_on(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms += SF_HOUR_MS;
	struct sf_message revision = scene_message(&scene, 'H', SF_KIND_STAY);
	revision.fact.stay = scene_stay_fact("RE_STIN", SCENE_START_MS);
	revision.fact.stay.report_requested = true;
	assert_int_equal(scene_record(&scene, &revision), 0);
	assert_owed("admission-report", "requested");
	assert_true(terms_owed(&scene, "admission-report")->base_ms > SCENE_START_MS + SF_HOUR_MS);
}

static void test_report_of_somebody_else_meets_nothing(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	terms_letter(&scene, 'G', SF_LETTER_ADMISSION_REPORT, SF_MARK_NONE);
	assert_owed("admission-report", "requested");
}

static void test_report_after_its_deadline_is_late_and_done(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_int_equal(scene_turn(&scene, terms_time("19 12:30")), 1);
	assert_owed("admission-report", "expired");
	assert_true(sf_obligation_is_open(terms_owed(&scene, "admission-report")));
	terms_letter(&scene, 'K', SF_LETTER_ADMISSION_REPORT, SF_MARK_NONE);
	assert_owed("admission-report", "completed");
	assert_true(terms_deviated(&scene, SF_DEVIATION_LATE));
}

static void test_cancelled_admission_asks_nothing(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_int_equal(scene_stay(&scene, "AN_STIN", NULL), 0);
	assert_owed("admission-report", "cancelled");
	assert_int_equal(scene_turn(&scene, terms_time("21 12:00")), 0);
}

/* Nobody owes a care plan for a stay that may yet be short. */
static void test_care_plan_is_not_owed_before_the_stay_is_long(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	const struct sf_obligation *owed = terms_owed(&scene, "care-plan");
	assert_true(owed->undecided);
	assert_int_equal(owed->due_ms, SF_NEVER_MS);
	scene.now_ms = terms_time("18 20:00");
	terms_discharge(&scene);
	assert_owed("care-plan", "cancelled");
}

static void test_care_plan_of_a_long_stay_is_owed_by_noon_of_the_planned_day(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	terms_plan(&scene, 1, terms_time("21 15:00"));
	assert_due("care-plan", "21 12:00");
	terms_plan(&scene, 2, terms_time("23 15:00"));
	assert_due("care-plan", "23 12:00");
	assert_int_equal(scene_turn(&scene, terms_time("23 11:59")), 0);
	assert_int_equal(scene_turn(&scene, terms_time("23 12:00")), 1);
	assert_owed("care-plan", "expired");
	/* The discharge is put off: what is due later is not late any more. */
	terms_plan(&scene, 3, terms_time("25 15:00"));
	assert_owed("care-plan", "requested");
	assert_due("care-plan", "25 12:00");
}

/* Undecided at its deadline, it passes when the stay turns out to be long. */
static void test_plan_due_before_it_is_decided_expires_when_it_is(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	terms_plan(&scene, 1, terms_time("18 15:00"));
	assert_int_equal(scene_turn(&scene, terms_time("19 12:06")), 0);
	assert_int_equal(scene_turn(&scene, terms_time("19 12:08")), 1);
	assert_owed("care-plan", "expired");
}

static void test_plan_answer_is_owed_within_one_working_day(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 14:00"); /* a Friday */
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	assert_owed("care-plan", "completed");
	assert_due("plan-answer", "23 14:00");
	terms_plan(&scene, 1, terms_time("25 12:00"));
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_ACCEPT), 0);
	assert_owed("plan-answer", "completed");
}

static void test_new_letter_that_supersedes_another_is_answered_instead(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	struct sf_id first = terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	struct sf_message second = scene_message(&scene, 'H', SF_KIND_LETTER);
	second.fact.letter.code = SF_LETTER_CARE_PLAN;
	second.supersedes = first;
	assert_int_equal(scene_record(&scene, &second), 0);
	size_t count, open = 0, answers = 0;
	const struct sf_obligation *all = sf_transition_obligations(scene.transition, &count);
	for (size_t i = 0; i < count; i++)
		if (all[i].clause == terms_owed(&scene, "plan-answer")->clause) {
			answers++;
			open += sf_obligation_is_open(&all[i]);
		}
	assert_int_equal(answers, 2);
	assert_int_equal(open, 1);
	assert_true(sf_id_equal(terms_owed(&scene, "plan-answer")->subject, second.id));
}

/* Discharged before noon: the letter is owed the same day. The hospital's own clock is its word. */
static void test_discharge_letter_is_measured_from_when_the_patient_left(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 14:00");
	struct sf_message discharge = scene_message(&scene, 'H', SF_KIND_STAY);
	discharge.fact.stay = scene_stay_fact("SLHJ", terms_time("20 11:00"));
	scene_record(&scene, &discharge);
	assert_due("discharge-letter", "20 23:59");
	/* What others owe counts from when they were told. */
	assert_int_equal(terms_owed(&scene, "care-accepted")->base_ms, terms_time("20 14:00"));
	/* The notice is corrected: the patient left after noon. */
	struct sf_message revision = scene_message(&scene, 'H', SF_KIND_STAY);
	revision.fact.stay = scene_stay_fact("RE_SLHJ", terms_time("20 13:00"));
	assert_int_equal(scene_record(&scene, &revision), 0);
	assert_due("discharge-letter", "21 23:59");
	assert_int_equal(terms_owed(&scene, "care-accepted")->base_ms, terms_time("20 14:00"));
}

static void test_cancelled_discharge_takes_back_what_it_asked(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 14:00");
	struct sf_id discharge = terms_discharge(&scene);
	assert_owed("care-accepted", "requested");
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	assert_owed("care-accepted", "cancelled");
	assert_owed("discharge-letter", "cancelled");
	/* Discharged once more: owed anew, from then. */
	scene.now_ms = terms_time("22 14:00");
	struct sf_id second = terms_discharge(&scene);
	assert_false(sf_id_equal(discharge, second));
	assert_owed("care-accepted", "requested");
	assert_due("care-accepted", "22 18:00");
	assert_due("discharge-letter", "23 23:59");
}

static void test_letter_sent_before_the_discharge_is_not_asked_for_again(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	struct sf_id letter = terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
	terms_discharge(&scene);
	assert_owed("discharge-letter", "completed");
	assert_true(sf_id_equal(terms_owed(&scene, "discharge-letter")->met_by, letter));
}

static void test_holding_the_domain_is_what_an_acceptance_is_met_by(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	struct sf_id discharge = terms_discharge(&scene);
	struct sf_id accept;
	assert_int_equal(scene_accept(&scene, 'K', discharge, MEDICATION, NULL), 0);
	assert_owed("care-accepted", "requested");
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'K', offer, CARE, &accept), 0);
	assert_owed("care-accepted", "completed");
	assert_true(sf_id_equal(terms_owed(&scene, "care-accepted")->met_by, accept));
}

static void test_rehabilitation_begun_or_done_meets_its_clause(void **state)
{
	(void)state;
	terms_admit(&scene, false);
	struct sf_id plan = terms_letter(&scene, 'H', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
	assert_owed("rehabilitation-start", "requested");
	assert_int_equal(scene_open_offers(&scene), 1);
	assert_int_equal(scene_accept(&scene, 'K', plan, REHABILITATION, NULL), 0);
	struct sf_message done = terms_task(
		&scene, 'K', SF_TASK_COMPLETE, (struct sf_id){0}, SF_DUTY_REHABILITATION);
	assert_int_equal(scene_record(&scene, &done), 0);
	assert_owed("rehabilitation-start", "completed");
}

/* A clause obliges who accepted it. L has not: nothing is asked, and it is said once. */
static void test_party_that_has_not_accepted_owes_nothing(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HLG", 0), 0);
	struct sf_message admit = scene_message(&scene, 'H', SF_KIND_STAY);
	admit.fact.stay = scene_stay_fact("STIN", scene.now_ms);
	admit.fact.stay.report_requested = true;
	assert_int_equal(scene_record(&scene, &admit), SF_DEVIATION_NOT_BOUND);
	assert_owed("admission-report", "none");
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	assert_false(terms_deviated(&scene, SF_DEVIATION_NOT_BOUND));
}

/* A party that ends the agreement still owes what it owed, and nothing new. */
static void test_ended_agreement_rules_what_had_begun(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	terms_accept_until('K', scene.now_ms);
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	assert_owed("admission-report", "requested");
	assert_owed("plan-answer", "none");
	assert_true(terms_deviated(&scene, SF_DEVIATION_NOT_BOUND));
}

static void expect_that_readiness_is_told(void)
{
	*terms_expectation("rehabilitation-start") = (struct sf_expectation){
		.clause = {.name = "readiness"},
		.arises_on = {.kind = SF_KIND_READY},
		.conditions = {1, {{.code = SF_CONDITION_READY_BEFORE}}},
		.owner = SF_ROLE_HOSPITAL,
		.met_by = {.kind = SF_KIND_LETTER, .detail = SF_LETTER_READINESS},
		.due = {1, {{SF_DEADLINE_DAY_AT, 0, 1439, -1}}},
	};
}

/* Told the same day when the patient leaves on a later one; the night decides where none is agreed.
 */
static void test_readiness_is_told_when_the_patient_stays_over_night(void **state)
{
	(void)state;
	expect_that_readiness_is_told();
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	struct sf_message ready = scene_message(&scene, 'H', SF_KIND_READY);
	ready.fact.ready = (struct sf_ready){terms_time("20 10:00"), true};
	assert_int_equal(scene_record(&scene, &ready), 0);
	assert_true(terms_owed(&scene, "readiness")->undecided);
	assert_int_equal(scene_turn(&scene, terms_time("20 23:59")), 0);
	assert_int_equal(scene_turn(&scene, terms_time("21 00:00")), 1);
	assert_owed("readiness", "expired");
	assert_int_equal(terms_say(&scene, 'H', SF_KIND_READY_WITHDRAWN, ready.id), 0);
	assert_owed("readiness", "cancelled");
	scene.now_ms = terms_time("22 10:00");
	struct sf_message again = scene_message(&scene, 'H', SF_KIND_READY);
	again.fact.ready = (struct sf_ready){terms_time("22 10:00"), true};
	assert_int_equal(scene_record(&scene, &again), 0);
	scene.now_ms = terms_time("22 14:00");
	terms_discharge(&scene);
	assert_owed("readiness", "cancelled");
}

/* XDIS19 tells readiness by declaring it, and what was withdrawn is not owed when the patient
 * leaves. */
static void test_letter_that_declares_readiness_has_told_it(void **state)
{
	(void)state;
	expect_that_readiness_is_told();
	terms_admit(&scene, false);
	scene.now_ms = terms_time("20 10:00");
	struct sf_message first = scene_message(&scene, 'H', SF_KIND_READY);
	first.fact.ready = (struct sf_ready){terms_time("20 10:00"), true};
	assert_int_equal(scene_record(&scene, &first), 0);
	assert_int_equal(terms_say(&scene, 'H', SF_KIND_READY_WITHDRAWN, first.id), 0);
	assert_owed("readiness", "cancelled");
	struct sf_id letter = terms_letter(&scene, 'H', SF_LETTER_READINESS, SF_MARK_NONE);
	struct sf_message ready = scene_message(&scene, 'H', SF_KIND_READY);
	ready.in_reply_to = letter;
	ready.fact.ready = (struct sf_ready){terms_time("20 11:00"), true};
	assert_int_equal(scene_record(&scene, &ready), 0);
	assert_owed("readiness", "completed");
	scene.now_ms = terms_time("22 14:00");
	terms_discharge(&scene);
	size_t count;
	const struct sf_obligation *all = sf_transition_obligations(scene.transition, &count);
	for (size_t i = 0; i < count; i++)
		if (sf_id_equal(all[i].subject, first.id))
			assert_int_equal(all[i].state, SF_TASK_CANCELLED);
	assert_owed("readiness", "completed");
}

/* R4: a new owner starts anew; what the old one let pass is not the new one's delay. */
static void test_rebinding_restarts_the_deadline_for_the_new_owner(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HLG", 0), 0);
	struct sf_message admit = scene_message(&scene, 'H', SF_KIND_STAY);
	admit.fact.stay = scene_stay_fact("STIN", scene.now_ms);
	admit.fact.stay.report_requested = true;
	scene_record(&scene, &admit);
	scene.now_ms = terms_time("20 10:00");
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_owed("admission-report", "requested");
	assert_due("admission-report", "21 10:00");
	scene_turn(&scene, terms_time("21 11:00"));
	assert_owed("admission-report", "expired");
	assert_int_equal(scene_parties(&scene, "HLG", 0), 0);
	assert_owed("admission-report", "cancelled");
	scene.now_ms = terms_time("22 10:00");
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_owed("admission-report", "requested");
	assert_due("admission-report", "23 10:00");
}

static void test_no_case_cancels_what_was_expected_and_a_plan_asks_again(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_NO_CASE), 0);
	assert_owed("admission-report", "cancelled");
	assert_owed("care-plan", "cancelled");
	scene.now_ms = terms_time("20 10:00");
	terms_plan(&scene, 1, terms_time("23 10:00"));
	assert_owed("admission-report", "requested");
	assert_due("care-plan", "23 12:00");
}

/* With no case the hospital still owes the GP its letter, and the municipality nothing. */
static void test_discharge_without_a_case_asks_for_the_letter_alone(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_NO_CASE), 0);
	scene.now_ms = terms_time("20 10:00");
	terms_discharge(&scene);
	assert_owed("discharge-letter", "requested");
	assert_owed("care-accepted", "none");
	assert_owed("admission-report", "cancelled");
	assert_int_equal(scene_open_offers(&scene), 0);
}

/* A citizen without a case who must train: its municipality owes that and nothing else. */
static void test_rehabilitation_plan_without_a_case_asks_for_training_alone(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_NO_CASE), 0);
	scene.now_ms = terms_time("20 10:00");
	struct sf_id plan = terms_letter(&scene, 'H', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
	assert_owed("rehabilitation-start", "requested");
	assert_owed("admission-report", "cancelled");
	assert_owed("care-plan", "cancelled");
	assert_int_equal(scene_accept(&scene, 'K', plan, REHABILITATION, NULL), 0);
	assert_int_equal(scene_holder(&scene, SF_DOMAIN_REHABILITATION), 'K');
	scene.now_ms = terms_time("20 14:00");
	terms_discharge(&scene);
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_owed("care-accepted", "none");
	assert_owed("discharge-letter", "requested");
	assert_owed("rehabilitation-start", "requested");
	/* What it has taken over is owed, also when it says once more that it has no case. */
	assert_int_equal(terms_answer_plan(&scene, SF_PLAN_ANSWER_NO_CASE), 0);
	assert_owed("rehabilitation-start", "requested");
}

static void test_death_leaves_the_letter_and_a_cancelled_death_the_rest(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	struct sf_id transport = terms_request(
		&scene, 'H', SF_DUTY_TRANSPORT, SF_ROLE_MUNICIPALITY, terms_time("20 18:00"));
	scene.now_ms = terms_time("20 10:00");
	terms_discharge(&scene);
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_owed("discharge-letter", "requested");
	assert_owed("care-accepted", "cancelled");
	assert_int_equal(terms_duty(&scene, SF_DUTY_TRANSPORT)->state, SF_TASK_CANCELLED);
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_owed("care-accepted", "requested");
	assert_int_equal(terms_duty(&scene, SF_DUTY_TRANSPORT)->state, SF_TASK_REQUESTED);
	assert_true(sf_id_equal(terms_duty(&scene, SF_DUTY_TRANSPORT)->subject, transport));
}

static void test_closing_by_hand_ends_what_is_owed_and_reopening_restores_it(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	struct sf_message close = scene_message(&scene, 'H', SF_KIND_CLOSE);
	close.fact.close.code = SF_CLOSE_NO_END;
	assert_int_equal(scene_record(&scene, &close), 0);
	assert_owed("admission-report", "cancelled");
	assert_int_equal(scene_turn(&scene, terms_time("25 12:00")), 0);
	assert_int_equal(terms_say(&scene, 'H', SF_KIND_REOPEN, (struct sf_id){0}), 0);
	assert_owed("admission-report", "requested");
}

/* § 13 a and § 13 b: the newest assessment says which is owed, before the patient leaves. */
static void test_psychiatric_patient_who_declines_gets_a_coordination_plan(void **state)
{
	(void)state;
	struct sf_message parties = scene_message(&scene, 'P', SF_KIND_PARTIES);
	parties.fact.parties = (struct sf_parties){.version = 1,
		.pathway = SF_PATHWAY_PSYCHIATRIC,
		.agreement = scene_agreement(),
		.binding_count = 1,
		.bindings = {{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, scene_party('K')}}};
	assert_int_equal(scene_record(&scene, &parties), 0);
	struct sf_message admit = scene_message(&scene, 'P', SF_KIND_STAY);
	admit.fact.stay = scene_stay_fact("STIN", scene.now_ms);
	assert_int_equal(scene_record(&scene, &admit), 0);
	struct sf_message needed = scene_message(&scene, 'P', SF_KIND_ASSESSMENT);
	needed.fact.assessment.code = SF_ASSESSMENT_NEEDED;
	assert_int_equal(scene_record(&scene, &needed), 0);
	assert_owed("discharge-agreement", "requested");
	assert_true(
		sf_id_equal(terms_owed(&scene, "discharge-agreement")->owner, scene_party('P')));
	struct sf_message declined = scene_message(&scene, 'P', SF_KIND_ASSESSMENT);
	declined.fact.assessment.code = SF_ASSESSMENT_DECLINED;
	assert_int_equal(scene_record(&scene, &declined), 0);
	assert_owed("discharge-agreement", "cancelled");
	assert_owed("coordination-plan", "requested");
	struct sf_message agree = scene_message(&scene, 'P', SF_KIND_AGREE);
	agree.fact.agree.discharge_ms = terms_time("25 10:00");
	scene_record(&scene, &agree);
	struct sf_message agree_too = scene_message(&scene, 'K', SF_KIND_AGREE);
	agree_too.fact.agree.discharge_ms = terms_time("25 10:00");
	scene_record(&scene, &agree_too);
	assert_due("coordination-plan", "25 10:00");
	terms_request(&scene, 'K', SF_DUTY_NETWORK_MEETING, SF_ROLE_PSYCHIATRY, 0);
	assert_owed("network-meeting", "requested");
}

/* Other terms rule from now on: their clauses ask, and nothing bears a wrong clause's name. */
static void test_other_terms_ask_anew(void **state)
{
	(void)state;
	terms_admit(&scene, true);
	assert_owed("admission-report", "requested");
	struct sf_message parties = scene_message(&scene, 'H', SF_KIND_PARTIES);
	parties.fact.parties = (struct sf_parties){.version = 2,
		.pathway = SF_PATHWAY_PSYCHIATRIC,
		.agreement = scene_agreement(),
		.binding_count = 1,
		.bindings = {{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, scene_party('K')}}};
	assert_int_equal(scene_record(&scene, &parties), 0);
	size_t count;
	const struct sf_obligation *all = sf_transition_obligations(scene.transition, &count);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(all[i].clause, 0);
		assert_false(sf_obligation_is_open(&all[i]));
	}
}

/* The stay began before anybody said by which agreement. */
static void test_parties_after_the_admission_ask_for_it(void **state)
{
	(void)state;
	struct sf_message admit = scene_message(&scene, 'H', SF_KIND_STAY);
	admit.fact.stay = scene_stay_fact("STIN", scene.now_ms);
	admit.fact.stay.report_requested = true;
	assert_int_equal(scene_record(&scene, &admit), 0);
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_owed("admission-report", "requested");
	assert_owed("care-plan", "requested");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_admission_with_report_requested_asks_the_municipality_within_24_hours),
		CASE(test_admission_without_request_asks_for_no_report),
		CASE(test_revised_admission_asks_from_then_on),
		CASE(test_report_of_somebody_else_meets_nothing),
		CASE(test_report_after_its_deadline_is_late_and_done),
		CASE(test_cancelled_admission_asks_nothing),
		CASE(test_care_plan_is_not_owed_before_the_stay_is_long),
		CASE(test_care_plan_of_a_long_stay_is_owed_by_noon_of_the_planned_day),
		CASE(test_plan_due_before_it_is_decided_expires_when_it_is),
		CASE(test_plan_answer_is_owed_within_one_working_day),
		CASE(test_new_letter_that_supersedes_another_is_answered_instead),
		CASE(test_discharge_letter_is_measured_from_when_the_patient_left),
		CASE(test_cancelled_discharge_takes_back_what_it_asked),
		CASE(test_letter_sent_before_the_discharge_is_not_asked_for_again),
		CASE(test_holding_the_domain_is_what_an_acceptance_is_met_by),
		CASE(test_rehabilitation_begun_or_done_meets_its_clause),
		CASE(test_party_that_has_not_accepted_owes_nothing),
		CASE(test_ended_agreement_rules_what_had_begun),
		CASE(test_readiness_is_told_when_the_patient_stays_over_night),
		CASE(test_letter_that_declares_readiness_has_told_it),
		CASE(test_rebinding_restarts_the_deadline_for_the_new_owner),
		CASE(test_no_case_cancels_what_was_expected_and_a_plan_asks_again),
		CASE(test_rehabilitation_plan_without_a_case_asks_for_training_alone),
		CASE(test_discharge_without_a_case_asks_for_the_letter_alone),
		CASE(test_death_leaves_the_letter_and_a_cancelled_death_the_rest),
		CASE(test_closing_by_hand_ends_what_is_owed_and_reopening_restores_it),
		CASE(test_psychiatric_patient_who_declines_gets_a_coordination_plan),
		CASE(test_other_terms_ask_anew),
		CASE(test_parties_after_the_admission_ask_for_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
