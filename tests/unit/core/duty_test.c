/* Obligations that people ask for, refuse, hand on and see alarms of (DOMAIN.md section 6). */
#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&scene, terms_book());
	terms_admit(&scene, false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static const struct sf_obligation *nursing(void)
{
	return terms_duty(&scene, SF_DUTY_NURSING);
}

static uint16_t act(char author, enum sf_task_action action)
{
	struct sf_message message =
		terms_task(&scene, author, action, nursing()->subject, SF_DUTY_NONE);
	if (action == SF_TASK_REJECT)
		message.fact.obligation.refer_to_role = SF_ROLE_GP;
	if (action == SF_TASK_OFFER)
		message.fact.obligation.owner = SF_ROLE_GP;
	return scene_record(&scene, &message);
}

static void ask(int64_t due_ms)
{
	terms_request(&scene, 'H', SF_DUTY_NURSING, SF_ROLE_MUNICIPALITY, due_ms);
}

/*
 * Each row asks nursing of K, lets the actions before the last happen, and says what the last
 * gives: its code, or 0 and the state after it. Actions are "<party><action>".
 */
static void test_actions_follow_the_table_of_states(void **state)
{
	(void)state;
	static const struct {
		struct {
			char author;
			enum sf_task_action action;
		} steps[4];
		uint16_t code;
		enum sf_task_state after;
	} rows[] = {
		{{{'K', SF_TASK_RECEIVE}}, 0, SF_TASK_RECEIVED},
		{{{'K', SF_TASK_ACCEPT}}, 0, SF_TASK_ACCEPTED},
		{{{'K', SF_TASK_RECEIVE}, {'K', SF_TASK_ACCEPT}, {'K', SF_TASK_START},
			 {'K', SF_TASK_COMPLETE}},
			0, SF_TASK_COMPLETED},
		{{{'K', SF_TASK_START}, {'K', SF_TASK_ACCEPT}}, SF_REFUSAL_OBLIGATION_STATE,
			SF_TASK_IN_PROGRESS},
		{{{'K', SF_TASK_FAIL}}, 0, SF_TASK_FAILED},
		{{{'K', SF_TASK_COMPLETE}, {'K', SF_TASK_FAIL}}, SF_REFUSAL_OBLIGATION_STATE,
			SF_TASK_COMPLETED},
		{{{'K', SF_TASK_REJECT}}, 0, SF_TASK_REJECTED},
		{{{'K', SF_TASK_START}, {'K', SF_TASK_REJECT}}, SF_REFUSAL_OBLIGATION_STATE,
			SF_TASK_IN_PROGRESS},
		{{{'K', SF_TASK_HOLD}, {'K', SF_TASK_START}}, SF_REFUSAL_OBLIGATION_STATE,
			SF_TASK_ON_HOLD},
		{{{'K', SF_TASK_HOLD}, {'K', SF_TASK_RESUME}}, 0, SF_TASK_ACCEPTED},
		{{{'K', SF_TASK_RESUME}}, SF_REFUSAL_OBLIGATION_STATE, SF_TASK_REQUESTED},
		{{{'H', SF_TASK_CANCEL}}, 0, SF_TASK_CANCELLED},
		{{{'K', SF_TASK_CANCEL}}, SF_REFUSAL_NOT_OWNER, SF_TASK_REQUESTED},
		{{{'H', SF_TASK_COMPLETE}}, SF_REFUSAL_NOT_OWNER, SF_TASK_REQUESTED},
		{{{'G', SF_TASK_ACCEPT}}, SF_REFUSAL_NOT_OWNER, SF_TASK_REQUESTED},
		{{{'X', SF_TASK_ACCEPT}}, SF_REFUSAL_NOT_A_MEMBER, SF_TASK_REQUESTED},
		{{{'G', SF_TASK_OFFER}}, SF_REFUSAL_NOT_OWNER, SF_TASK_REQUESTED},
		{{{'K', SF_TASK_REJECT}, {'H', SF_TASK_OFFER}}, 0, SF_TASK_REFERRED_ONWARD},
		{{{'K', SF_TASK_REJECT}, {'H', SF_TASK_OFFER}, {'G', SF_TASK_ACCEPT}}, 0,
			SF_TASK_ACCEPTED},
		{{{'K', SF_TASK_REJECT}, {'H', SF_TASK_OFFER}, {'K', SF_TASK_ACCEPT}},
			SF_REFUSAL_OBLIGATION_STATE, SF_TASK_REFERRED_ONWARD},
		{{{'K', SF_TASK_SEE_ALARM}}, SF_REFUSAL_OBLIGATION_STATE, SF_TASK_REQUESTED},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		ask(0);
		uint16_t code = 0;
		for (size_t n = 0; n < 4 && rows[i].steps[n].author; n++)
			code = act(rows[i].steps[n].author, rows[i].steps[n].action);
		assert_int_equal(code, rows[i].code);
		assert_int_equal(nursing()->state, rows[i].after);
	}
}

static void test_rejection_without_direction_is_refused(void **state)
{
	(void)state;
	ask(0);
	struct sf_message message =
		terms_task(&scene, 'K', SF_TASK_REJECT, nursing()->subject, SF_DUTY_NONE);
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_NO_DIRECTION);
	message = terms_task(&scene, 'K', SF_TASK_REJECT, nursing()->subject, SF_DUTY_NONE);
	message.fact.obligation.refer_to_party = scene_party('K');
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_NO_DIRECTION);
}

/* The old one owns it until the new one accepts; then its deadline starts anew. */
static void test_change_of_owner_is_an_offer_that_the_new_one_must_accept(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	ask(terms_time("19 16:00"));
	assert_int_equal(act('K', SF_TASK_OFFER), 0);
	assert_int_equal(nursing()->offered_role, SF_ROLE_GP);
	assert_true(sf_id_equal(nursing()->owner, scene_party('K')));
	assert_int_equal(act('G', SF_TASK_REJECT), 0);
	assert_int_equal(nursing()->state, SF_TASK_REQUESTED);
	assert_int_equal(nursing()->offered_role, SF_ROLE_NONE);
	assert_int_equal(act('K', SF_TASK_OFFER), 0);
	scene_turn(&scene, terms_time("19 17:00"));
	assert_int_equal(sf_obligation_shown(nursing()), SF_TASK_EXPIRED);
	assert_int_equal(act('G', SF_TASK_ACCEPT), 0);
	assert_true(sf_id_equal(nursing()->owner, scene_party('G')));
	assert_int_equal(sf_obligation_shown(nursing()), SF_TASK_ACCEPTED);
	assert_int_equal(nursing()->due_ms, terms_time("19 23:00"));
}

static void test_hold_stops_the_deadline_while_it_lasts(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	ask(terms_time("19 16:00"));
	scene.now_ms = terms_time("19 12:00");
	struct sf_message hold =
		terms_task(&scene, 'K', SF_TASK_HOLD, nursing()->subject, SF_DUTY_NONE);
	hold.fact.obligation.hold_until_ms = terms_time("19 15:00");
	assert_int_equal(scene_record(&scene, &hold), 0);
	assert_int_equal(nursing()->due_ms, terms_time("19 19:00"));
	scene.now_ms = terms_time("19 13:00");
	assert_int_equal(act('K', SF_TASK_RESUME), 0);
	assert_int_equal(nursing()->due_ms, terms_time("19 17:00"));
	/* Held again, and forgotten: the clock goes on when the time it named has come. */
	scene.now_ms = terms_time("19 14:00");
	hold = terms_task(&scene, 'K', SF_TASK_HOLD, nursing()->subject, SF_DUTY_NONE);
	hold.fact.obligation.hold_until_ms = terms_time("19 13:00");
	assert_int_equal(scene_record(&scene, &hold), SF_REFUSAL_OBLIGATION_STATE);
	scene.now_ms = terms_time("19 14:00");
	hold = terms_task(&scene, 'K', SF_TASK_HOLD, nursing()->subject, SF_DUTY_NONE);
	hold.fact.obligation.hold_until_ms = terms_time("19 15:00");
	assert_int_equal(scene_record(&scene, &hold), 0);
	assert_int_equal(scene_turn(&scene, terms_time("19 17:50")), 0);
	assert_int_equal(scene_turn(&scene, terms_time("19 18:00")), 1);
}

/* Cancelled on hold and owed again: a hold that is over moves no deadline back (seed 976). */
static void test_hold_that_ended_meanwhile_moves_nothing(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	ask(terms_time("19 16:00"));
	scene.now_ms = terms_time("19 12:00");
	struct sf_message hold =
		terms_task(&scene, 'K', SF_TASK_HOLD, nursing()->subject, SF_DUTY_NONE);
	hold.fact.obligation.hold_until_ms = terms_time("19 13:00");
	assert_int_equal(scene_record(&scene, &hold), 0);
	scene.now_ms = terms_time("19 14:00");
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	scene.now_ms = terms_time("19 15:00");
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_int_equal(nursing()->due_ms, terms_time("19 21:00"));
	assert_int_equal(scene_turn(&scene, terms_time("19 20:50")), 0);
	assert_int_equal(scene_turn(&scene, terms_time("19 21:00")), 1);
	assert_int_equal(act('K', SF_TASK_SEE_ALARM), 0);
	assert_int_equal(scene_turn(&scene, terms_time("19 22:00")), 0);
}

static void test_what_a_clause_asks_is_held_until_a_day(void **state)
{
	(void)state;
	struct sf_id discharge = terms_discharge(&scene);
	struct sf_message hold = terms_task(&scene, 'H', SF_TASK_HOLD, discharge, SF_DUTY_NONE);
	hold.fact.obligation.clause = terms_owed(&scene, "discharge-letter")->clause;
	assert_int_equal(scene_record(&scene, &hold), SF_REFUSAL_OBLIGATION_STATE);
	hold = terms_task(&scene, 'H', SF_TASK_HOLD, discharge, SF_DUTY_NONE);
	hold.fact.obligation.clause = terms_owed(&scene, "discharge-letter")->clause;
	hold.fact.obligation.hold_until_ms = scene.now_ms + SF_DAY_MS;
	assert_int_equal(scene_record(&scene, &hold), 0);
	assert_true(terms_owed(&scene, "discharge-letter")->due_ms != SF_NEVER_MS);
}

/* Nobody stops an alarm about himself by putting on hold what is late already. */
static void test_hold_brings_no_passed_deadline_back(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	ask(terms_time("19 16:00"));
	assert_int_equal(scene_turn(&scene, terms_time("19 16:00")), 1);
	struct sf_message hold =
		terms_task(&scene, 'K', SF_TASK_HOLD, nursing()->subject, SF_DUTY_NONE);
	hold.fact.obligation.hold_until_ms = terms_time("22 15:00");
	assert_int_equal(scene_record(&scene, &hold), 0);
	assert_int_equal(nursing()->state, SF_TASK_ON_HOLD);
	assert_int_equal(sf_obligation_shown(nursing()), SF_TASK_EXPIRED);
	assert_int_equal(nursing()->due_ms, terms_time("19 16:00"));
	scene.now_ms = terms_time("20 13:00");
	assert_int_equal(act('K', SF_TASK_RESUME), 0);
	assert_int_equal(nursing()->due_ms, terms_time("19 16:00"));
	assert_int_equal(act('K', SF_TASK_COMPLETE), SF_DEVIATION_LATE);
}

static void test_due_by_the_owners_own_promise(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	ask(0);
	assert_int_equal(nursing()->due_ms, SF_NEVER_MS);
	struct sf_message accept =
		terms_task(&scene, 'K', SF_TASK_ACCEPT, nursing()->subject, SF_DUTY_NONE);
	accept.fact.obligation.due_ms = terms_time("20 08:00");
	assert_int_equal(scene_record(&scene, &accept), 0);
	assert_int_equal(scene_turn(&scene, terms_time("20 08:00")), 1);
	assert_int_equal(sf_obligation_shown(nursing()), SF_TASK_EXPIRED);
	assert_int_equal(act('K', SF_TASK_COMPLETE), SF_DEVIATION_LATE);
	assert_int_equal(nursing()->state, SF_TASK_COMPLETED);
}

static void test_alarm_is_seen_once_by_somebody_it_concerns(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	ask(terms_time("19 16:00"));
	scene_turn(&scene, terms_time("19 16:00"));
	assert_int_equal(act('G', SF_TASK_SEE_ALARM), SF_REFUSAL_NOT_OWNER);
	assert_int_equal(act('H', SF_TASK_SEE_ALARM), 0);
	assert_true(sf_id_equal(nursing()->seen_by, scene_party('H')));
	assert_int_equal(act('K', SF_TASK_SEE_ALARM), SF_REFUSAL_OBLIGATION_STATE);
}

static void test_request_to_a_role_nobody_is_bound_to_waits_for_its_owner(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	struct sf_message request =
		terms_task(&scene, 'H', SF_TASK_REQUEST, (struct sf_id){0}, SF_DUTY_NURSING);
	request.fact.obligation.owner = SF_ROLE_CARE_HOME;
	request.fact.obligation.due_ms = terms_time("19 16:00");
	assert_int_equal(scene_record(&scene, &request), SF_DEVIATION_FIND_RECEIVER);
	assert_true(sf_id_is_none(nursing()->owner));
	scene.now_ms = terms_time("19 12:00");
	assert_int_equal(scene_parties(&scene, "HKGC", 0), 0);
	assert_true(sf_id_equal(nursing()->owner, scene_party('C')));
	assert_int_equal(nursing()->due_ms, terms_time("19 18:00"));
}

static void test_request_that_names_no_duty_or_no_role_is_refused(void **state)
{
	(void)state;
	struct sf_message request =
		terms_task(&scene, 'H', SF_TASK_REQUEST, (struct sf_id){0}, SF_DUTY_EXPECTATION);
	request.fact.obligation.owner = SF_ROLE_MUNICIPALITY;
	assert_int_equal(scene_record(&scene, &request), SF_REFUSAL_OBLIGATION_STATE);
	request = terms_task(&scene, 'H', SF_TASK_REQUEST, (struct sf_id){0}, SF_DUTY_NURSING);
	assert_int_equal(scene_record(&scene, &request), SF_REFUSAL_OWNER_UNKNOWN);
	struct sf_message unknown =
		terms_task(&scene, 'K', SF_TASK_START, scene_id(2, 999), SF_DUTY_NONE);
	assert_int_equal(scene_record(&scene, &unknown), SF_REFUSAL_OBLIGATION_UNKNOWN);
}

static void test_what_nobody_asked_for_is_owed_by_who_begins_it(void **state)
{
	(void)state;
	struct sf_message start =
		terms_task(&scene, 'K', SF_TASK_START, (struct sf_id){0}, SF_DUTY_NURSING);
	assert_int_equal(scene_record(&scene, &start), 0);
	assert_int_equal(nursing()->state, SF_TASK_IN_PROGRESS);
	assert_true(sf_id_equal(nursing()->owner, scene_party('K')));
	/* Said again without a name, it is the same one. */
	struct sf_message done =
		terms_task(&scene, 'K', SF_TASK_COMPLETE, (struct sf_id){0}, SF_DUTY_NURSING);
	assert_int_equal(scene_record(&scene, &done), 0);
	assert_int_equal(nursing()->state, SF_TASK_COMPLETED);
	assert_true(sf_id_equal(nursing()->subject, start.id));
}

static void test_question_is_owed_an_answer_by_its_time(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	struct sf_message question = scene_message(&scene, 'K', SF_KIND_QUESTION);
	question.fact.question = (struct sf_question){SF_ROLE_HOSPITAL, terms_time("19 12:00")};
	assert_int_equal(scene_record(&scene, &question), 0);
	const struct sf_obligation *owed = terms_duty(&scene, SF_DUTY_ANSWER);
	assert_true(sf_id_equal(owed->owner, scene_party('H')));
	assert_int_equal(terms_say(&scene, 'G', SF_KIND_ANSWER, question.id), SF_REFUSAL_NOT_OWNER);
	assert_int_equal(terms_say(&scene, 'H', SF_KIND_ANSWER, scene_id(2, 999)),
		SF_REFUSAL_QUESTION_UNKNOWN);
	assert_int_equal(terms_say(&scene, 'H', SF_KIND_ANSWER, question.id), 0);
	assert_int_equal(terms_duty(&scene, SF_DUTY_ANSWER)->state, SF_TASK_COMPLETED);
	assert_int_equal(
		terms_say(&scene, 'H', SF_KIND_ANSWER, question.id), SF_REFUSAL_QUESTION_UNKNOWN);
	struct sf_message own = scene_message(&scene, 'H', SF_KIND_QUESTION);
	own.fact.question.to = SF_ROLE_HOSPITAL;
	assert_int_equal(scene_record(&scene, &own), SF_REFUSAL_SELF);
}

/* A decided discharge whose notice never comes is found when its time has passed. */
static void test_intent_whose_discharge_never_comes_expires(void **state)
{
	(void)state;
	scene.now_ms = terms_time("19 10:00");
	struct sf_message intent = scene_message(&scene, 'H', SF_KIND_INTENT);
	intent.fact.intent.expected_ms = terms_time("19 14:00");
	assert_int_equal(scene_record(&scene, &intent), 0);
	struct sf_message later = scene_message(&scene, 'H', SF_KIND_INTENT);
	later.fact.intent.expected_ms = terms_time("19 16:00");
	assert_int_equal(scene_record(&scene, &later), 0);
	assert_int_equal(scene_turn(&scene, terms_time("19 15:00")), 0);
	assert_int_equal(scene_turn(&scene, terms_time("19 16:00")), 1);
	const struct sf_obligation *owed = terms_duty(&scene, SF_DUTY_SEND_DOCUMENTS);
	assert_int_equal(sf_obligation_shown(owed), SF_TASK_EXPIRED);
	terms_discharge(&scene);
	owed = terms_duty(&scene, SF_DUTY_SEND_DOCUMENTS);
	assert_int_equal(owed->state, SF_TASK_COMPLETED);
	assert_true(terms_deviated(&scene, SF_DEVIATION_LATE));
}

/* What a transition before this one was asked for goes on here. */
static void test_continued_stay_takes_over_what_was_asked(void **state)
{
	(void)state;
	struct sf_message linked = scene_message(&scene, 'S', SF_KIND_LINKED);
	linked.fact.derived = (struct sf_derived){
		.subject = scene_id(2, 1),
		.link = SF_LINK_CONTINUES,
		.other = scene_id(9, 2),
		.carried_count = 1,
		.carried = {{scene_id(7, 1), SF_DUTY_NURSING, SF_ROLE_MUNICIPALITY,
			terms_time("20 10:00")}},
	};
	assert_int_equal(scene_record(&scene, &linked), 0);
	assert_true(sf_id_equal(nursing()->subject, scene_id(7, 1)));
	assert_true(sf_id_equal(nursing()->owner, scene_party('K')));
	assert_int_equal(nursing()->due_ms, terms_time("20 10:00"));
}

static uint16_t request_of_hospital(char author)
{
	struct sf_message request =
		terms_task(&scene, author, SF_TASK_REQUEST, (struct sf_id){0}, SF_DUTY_OTHER);
	request.fact.obligation.owner = SF_ROLE_HOSPITAL;
	return scene_record(&scene, &request);
}

/* A flood is recorded and not followed; what others and what clauses ask is followed all the same.
 */
static void test_more_than_can_be_followed_is_recorded_and_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < 260; i++)
		request_of_hospital('K');
	assert_int_equal(scene.result.code, SF_DEVIATION_TOO_MANY);
	assert_int_equal(request_of_hospital('G'), 0);
	terms_discharge(&scene);
	assert_string_equal(terms_state(&scene, "discharge-letter"), "requested");
}

/* Offered to nobody and taken back, again and again: the hospital is asked for a receiver anew. */
static void test_receivers_looked_for_again_and_again_take_no_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < 600; i++) {
		struct sf_id offer;
		assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_CARE_HOME, &offer),
			SF_DEVIATION_FIND_RECEIVER);
		assert_non_null(terms_duty(&scene, SF_DUTY_FIND_RECEIVER));
		assert_int_equal(scene_withdraw(&scene, 'H', offer, 0, NULL), 0);
	}
	terms_discharge(&scene);
	assert_string_equal(terms_state(&scene, "discharge-letter"), "requested");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_actions_follow_the_table_of_states),
		CASE(test_rejection_without_direction_is_refused),
		CASE(test_change_of_owner_is_an_offer_that_the_new_one_must_accept),
		CASE(test_hold_stops_the_deadline_while_it_lasts),
		CASE(test_hold_that_ended_meanwhile_moves_nothing),
		CASE(test_what_a_clause_asks_is_held_until_a_day),
		CASE(test_hold_brings_no_passed_deadline_back),
		CASE(test_due_by_the_owners_own_promise),
		CASE(test_alarm_is_seen_once_by_somebody_it_concerns),
		CASE(test_request_to_a_role_nobody_is_bound_to_waits_for_its_owner),
		CASE(test_request_that_names_no_duty_or_no_role_is_refused),
		CASE(test_what_nobody_asked_for_is_owed_by_who_begins_it),
		CASE(test_question_is_owed_an_answer_by_its_time),
		CASE(test_intent_whose_discharge_never_comes_expires),
		CASE(test_continued_stay_takes_over_what_was_asked),
		CASE(test_more_than_can_be_followed_is_recorded_and_said),
		CASE(test_receivers_looked_for_again_and_again_take_no_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
