#include "unit/core/check.h"

#include "core/course.h"
#include "core/next.h"
#include "unit/core/terms.h"

static struct scene scene;

/* Denmark's winter time, so that a day begins at 23:00 UTC. */
static const struct sf_zone winter = {.name = "winter", .first_offset_s = 3600};

static struct sf_agreement agreement;
static const struct sf_agreement *const agreements[] = {&agreement};
static const struct sf_agreement_book book = {agreements, 1, NULL, 0};

/* A care plan is expected of long stays; changes after 12:00 need a call. */
static void write_agreement(void)
{
	agreement = (struct sf_agreement){
		.digest = scene_agreement(),
		.cut_off_minute = 12 * 60,
		.calendar = {.zone = &winter},
		.pathway_count = 1,
	};
	struct sf_pathway_terms *terms = &agreement.pathways[0];
	terms->pathway = SF_PATHWAY_SOMATIC;
	terms->handover_count = 1;
	terms->handovers[0] = (struct sf_handover){
		.on = {.kind = SF_KIND_STAY, .detail = SF_ACTIVITY_DISCHARGE_HOME},
		.offers = CARE | MEDICATION,
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS,
	};
	terms->expectation_count = 1;
	terms->expectations[0] = (struct sf_expectation){
		.arises_on = {.kind = SF_KIND_STAY, .detail = SF_ACTIVITY_ADMIT_INPATIENT},
		.conditions = {1, {{.code = SF_CONDITION_STAY_LONGER, .than_ms = SF_DAY_MS}}},
		.owner = SF_ROLE_HOSPITAL,
		.met_by = {.kind = SF_KIND_LETTER, .detail = SF_LETTER_CARE_PLAN},
	};
}

static int set_up(void **state)
{
	(void)state;
	write_agreement();
	scene_open_by(&scene, &book);
	SF_ASSERT(scene_parties(&scene, "HKG", 0) == 0);
	SF_ASSERT(scene_stay(&scene, "STIN", NULL) == 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static const struct sf_course *course(void)
{
	return sf_transition_course(scene.transition);
}

static void assert_state(enum sf_transition_state state)
{
	assert_string_equal(sf_transition_state_text(sf_transition_state(scene.transition)),
		sf_transition_state_text(state));
}

static struct sf_message plan_message(uint32_t version, int64_t from_ms, int64_t until_ms)
{
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_PLAN);
	message.fact.plan = (struct sf_plan){
		.version = version,
		.ready = {from_ms, from_ms, SF_CONFIDENCE_MEDIUM},
		.discharge = {from_ms, until_ms, SF_CONFIDENCE_LOW},
	};
	return message;
}

static uint16_t plan(uint32_t version, int64_t until_ms, struct sf_id *ret_id)
{
	struct sf_message message = plan_message(version, until_ms - SF_HOUR_MS, until_ms);
	if (ret_id)
		*ret_id = message.id;
	return scene_record(&scene, &message);
}

static uint16_t answer(enum sf_plan_answer_code code, struct sf_id named)
{
	struct sf_message message = scene_message(&scene, 'K', SF_KIND_PLAN_ANSWER);
	message.in_reply_to = named;
	message.fact.plan_answer = (struct sf_plan_answer){
		.code = code,
		.refer_to_role = code == SF_PLAN_ANSWER_CANNOT || code == SF_PLAN_ANSWER_NOT_OURS
					 ? SF_ROLE_OTHER_MUNICIPALITY
					 : SF_ROLE_NONE,
	};
	return scene_record(&scene, &message);
}

static uint16_t say(char author, enum sf_kind kind, struct sf_id named)
{
	struct sf_message message = scene_message(&scene, author, kind);
	message.in_reply_to = named;
	return scene_record(&scene, &message);
}

static uint16_t ready(int64_t ready_ms, struct sf_id *ret_id)
{
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_READY);
	message.fact.ready = (struct sf_ready){ready_ms, true};
	if (ret_id)
		*ret_id = message.id;
	return scene_record(&scene, &message);
}

static uint16_t agree(char author, int64_t discharge_ms)
{
	struct sf_message message = scene_message(&scene, author, SF_KIND_AGREE);
	message.fact.agree.discharge_ms = discharge_ms;
	return scene_record(&scene, &message);
}

static bool deviated(enum sf_refusal code)
{
	size_t count;
	const struct sf_deviation *deviations = sf_transition_deviations(scene.transition, &count);
	for (size_t i = scene.result.deviation_count_before; i < count; i++)
		if (deviations[i].code == code)
			return true;
	return false;
}

static const struct sf_id none;

static void test_newest_plan_is_in_force_whatever_came_first(void **state)
{
	(void)state;
	struct sf_id second;
	assert_int_equal(plan(2, scene.now_ms + SF_DAY_MS, &second), 0);
	assert_int_equal(plan(1, scene.now_ms + 9 * SF_DAY_MS, NULL), SF_DEVIATION_STALE_PLAN);
	assert_true(sf_id_equal(course()->plan_message, second));
	assert_int_equal(course()->plan_count, 2);
	/* One version twice: created, then the id decides. */
	struct sf_message earlier = plan_message(2, scene.now_ms, scene.now_ms);
	earlier.created_ms -= SF_DAY_MS;
	assert_int_equal(scene_record(&scene, &earlier), SF_DEVIATION_STALE_PLAN);
	assert_true(sf_id_equal(course()->plan_message, second));
	assert_int_equal(course()->plan.version, 2);
	struct sf_message same = plan_message(2, scene.now_ms, scene.now_ms);
	same.fact.plan = course()->plan;
	same.created_ms = course()->plan_created_ms;
	assert_int_equal(scene_record(&scene, &same), 0); /* its id is the greater one */
	assert_true(sf_id_equal(course()->plan_message, same.id));
	same.id = scene_id(2, 1000);
	same.author_sequence = 1;
	same.created_ms -= 1;
	assert_int_equal(scene_record(&scene, &same), SF_DEVIATION_STALE_PLAN);
	assert_state(SF_TRANSITION_PLANNING);
}

static void test_plan_that_ends_before_it_begins_is_none(void **state)
{
	(void)state;
	struct sf_message message = plan_message(1, scene.now_ms, scene.now_ms - 1);
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_HEADER);
	message = plan_message(0, scene.now_ms, scene.now_ms);
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_HEADER);
	assert_true(sf_id_is_none(course()->plan_message));
	assert_state(SF_TRANSITION_OPEN);
}

static void test_answer_is_of_the_plan_in_force(void **state)
{
	(void)state;
	struct sf_id first, second;
	assert_int_equal(answer(SF_PLAN_ANSWER_ACCEPT, none), SF_REFUSAL_PLAN_UNKNOWN);
	assert_int_equal(plan(1, scene.now_ms + SF_DAY_MS, &first), 0);
	assert_int_equal(answer(SF_PLAN_ANSWER_ACCEPT, first), 0);
	assert_state(SF_TRANSITION_PREPARING);
	assert_int_equal(plan(2, scene.now_ms + 2 * SF_DAY_MS, &second), 0);
	assert_state(SF_TRANSITION_PLANNING); /* a new plan wants a new answer */
	assert_int_equal(answer(SF_PLAN_ANSWER_ACCEPT, first), SF_DEVIATION_STALE_PLAN);
	assert_state(SF_TRANSITION_PLANNING);
	assert_int_equal(answer(SF_PLAN_ANSWER_ACCEPT, scene_id(2, 999)), SF_REFUSAL_PLAN_UNKNOWN);
	assert_int_equal(answer(SF_PLAN_ANSWER_LATER, second), 0);
	assert_state(SF_TRANSITION_PREPARING);
	assert_int_equal(course()->answer.code, SF_PLAN_ANSWER_LATER);
}

static uint16_t later(int64_t from_ms)
{
	struct sf_message message = scene_message(&scene, 'K', SF_KIND_PLAN_ANSWER);
	message.fact.plan_answer =
		(struct sf_plan_answer){.code = SF_PLAN_ANSWER_LATER, .ready_from_ms = from_ms};
	return scene_record(&scene, &message);
}

static enum sf_task_state promise_state(void)
{
	const struct sf_obligation *promise = terms_duty(&scene, SF_DUTY_PROMISED_ANSWER);
	return promise ? promise->state : SF_TASK_STATE_NONE;
}

/* DOMAIN.md section 4, PREPARING: its own promise passes, and the answer is missing. */
static void test_later_promises_an_answer_to_the_plan(void **state)
{
	(void)state;
	int64_t from_ms = scene.now_ms + SF_DAY_MS;
	assert_int_equal(plan(1, from_ms, NULL), 0);
	assert_int_equal(later(0), 0); /* says no time, so it promises none */
	assert_int_equal(promise_state(), SF_TASK_STATE_NONE);
	assert_int_equal(later(from_ms), 0);
	assert_int_equal(promise_state(), SF_TASK_ACCEPTED);
	struct sf_next next = sf_transition_next(scene.transition, scene.now_ms);
	assert_int_equal(next.what, SF_NEXT_ANSWER_PLAN);
	assert_int_equal(next.before_ms, from_ms);
	assert_int_equal(answer(SF_PLAN_ANSWER_ACCEPT, none), 0);
	assert_int_equal(promise_state(), SF_TASK_COMPLETED);
	assert_int_equal(later(from_ms), 0);
	assert_int_equal(plan(2, from_ms + SF_DAY_MS, NULL), 0); /* nobody has promised that */
	assert_int_equal(promise_state(), SF_TASK_CANCELLED);
}

static void test_agreed_time_keeps_a_promise(void **state)
{
	(void)state;
	int64_t from_ms = scene.now_ms + SF_DAY_MS;
	assert_int_equal(plan(1, from_ms, NULL), 0);
	assert_int_equal(later(from_ms), 0);
	for (const char *side = "HK"; *side; side++) {
		struct sf_message agree = scene_message(&scene, *side, SF_KIND_AGREE);
		agree.fact.agree.discharge_ms = from_ms;
		assert_int_equal(promise_state(), SF_TASK_ACCEPTED);
		assert_int_equal(scene_record(&scene, &agree), 0);
	}
	assert_int_equal(promise_state(), SF_TASK_COMPLETED);
}

static void test_answer_that_says_no_says_where_to(void **state)
{
	(void)state;
	assert_int_equal(plan(1, scene.now_ms + SF_DAY_MS, NULL), 0);
	struct sf_message message = scene_message(&scene, 'K', SF_KIND_PLAN_ANSWER);
	message.fact.plan_answer.code = SF_PLAN_ANSWER_NOT_OURS;
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_NO_DIRECTION);
	message.fact.plan_answer.refer_to_party = scene_party('K'); /* to itself is nowhere */
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_NO_DIRECTION);
	message.fact.plan_answer.refer_to_party = scene_party('L');
	assert_int_equal(scene_record(&scene, &message), 0);
	assert_int_equal(answer(SF_PLAN_ANSWER_CANNOT, none), 0);
	assert_state(SF_TRANSITION_PLANNING);
	assert_holders(&scene, "HHHH"); /* R4: a direction moves nothing */
}

static void test_answer_of_a_rebound_municipality_does_not_count_for_the_next(void **state)
{
	(void)state;
	assert_int_equal(plan(1, scene.now_ms + SF_DAY_MS, NULL), 0);
	assert_int_equal(answer(SF_PLAN_ANSWER_NOT_OURS, none), 0);
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_int_equal(course()->answer.code, SF_PLAN_ANSWER_NOT_OURS);
	assert_int_equal(scene_parties(&scene, "HLG", 0), 0);
	assert_true(sf_id_is_none(course()->answer_message));
}

static void test_no_case_rests_what_the_municipality_would_do(void **state)
{
	(void)state;
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', SOCIAL, SF_ROLE_MUNICIPALITY, &offer), 0);
	assert_int_equal(answer(SF_PLAN_ANSWER_NO_CASE, scene_id(2, 2)), 0);
	assert_state(SF_TRANSITION_DORMANT);
	assert_holders(&scene, "H---");
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_false(sf_transition_is_member(scene.transition, scene_party('K')));
	assert_true(sf_id_is_none(sf_transition_bound(scene.transition, SF_ROLE_MUNICIPALITY)));
	/* Notifications are sent for every citizen: they do not bring it back. */
	struct sf_message stay = scene_message(&scene, 'H', SF_KIND_STAY);
	stay.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
	stay.recipient_count = 1;
	stay.recipients[0] = scene_party('K');
	assert_int_equal(scene_record(&scene, &stay), 0);
	assert_false(sf_transition_is_member(scene.transition, scene_party('K')));
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_state(SF_TRANSITION_FOLLOW_UP);
	assert_int_equal(scene_ok(&scene, 'K', stay.id), 0);
}

static void test_no_case_becomes_one_by_plan_offer_or_parties(void **state)
{
	for (int way = 0; way < 3; way++) {
		tear_down(state);
		set_up(state);
		assert_int_equal(answer(SF_PLAN_ANSWER_NO_CASE, none), 0);
		assert_holders(&scene, "H---");
		if (way == 0)
			assert_int_equal(plan(1, scene.now_ms + SF_DAY_MS, NULL), 0);
		if (way == 1)
			assert_int_equal(
				scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, NULL), 0);
		if (way == 2)
			assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
		assert_holders(&scene, "HHHH");
		assert_true(sf_transition_is_member(scene.transition, scene_party('K')));
		assert_false(course()->no_case);
		assert_state(way == 0 ? SF_TRANSITION_PLANNING : SF_TRANSITION_OPEN);
	}
}

/* R9: who holds a domain holds it until another accepts, whatever it says of cases. */
static void test_no_case_of_a_holder_keeps_what_it_holds(void **state)
{
	(void)state;
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'K', offer, CARE, NULL), 0);
	assert_int_equal(answer(SF_PLAN_ANSWER_NO_CASE, none), 0);
	assert_holders(&scene, "HK--");
	assert_true(sf_transition_is_member(scene.transition, scene_party('K')));
}

/* A citizen may need training and no care: the municipality is a party again for that alone. */
static void test_rehabilitation_plan_makes_its_domain_active_and_no_other(void **state)
{
	(void)state;
	assert_int_equal(answer(SF_PLAN_ANSWER_NO_CASE, none), 0);
	assert_state(SF_TRANSITION_DORMANT);
	struct sf_message letter = scene_message(&scene, 'H', SF_KIND_LETTER);
	letter.fact.letter.code = SF_LETTER_REHABILITATION_PLAN;
	assert_true(
		scene_record(&scene, &letter) == 0 || scene.result.outcome == SF_OUTCOME_DEVIATION);
	assert_int_equal(scene_holder(&scene, SF_DOMAIN_REHABILITATION), 'H');
	assert_true(sf_transition_is_member(scene.transition, scene_party('K')));
	assert_true(sf_id_equal(
		sf_transition_bound(scene.transition, SF_ROLE_MUNICIPALITY), scene_party('K')));
	assert_holders(&scene, "H---");
	assert_true(course()->no_case);
	assert_state(SF_TRANSITION_OPEN);
	/* No case said anew is no case of training either, as long as it has not taken that over.
	 */
	assert_int_equal(answer(SF_PLAN_ANSWER_NO_CASE, none), 0);
	assert_state(SF_TRANSITION_DORMANT);
	/* More than training is needed after all. */
	assert_int_equal(plan(1, scene.now_ms + SF_DAY_MS, NULL), 0);
	assert_holders(&scene, "HHHH");
	assert_false(course()->no_case);
	assert_state(SF_TRANSITION_PLANNING);
}

static void test_ready_is_withdrawn_and_its_days_are_kept(void **state)
{
	(void)state;
	struct sf_id first;
	assert_int_equal(say('H', SF_KIND_READY_WITHDRAWN, none), SF_REFUSAL_NOT_READY);
	assert_int_equal(plan(1, scene.now_ms + SF_DAY_MS, NULL), 0);
	assert_int_equal(answer(SF_PLAN_ANSWER_ACCEPT, none), 0);
	int64_t from_ms = scene.now_ms;
	assert_int_equal(ready(from_ms, &first), 0);
	assert_state(SF_TRANSITION_READY);
	assert_int_equal(agree('H', scene.now_ms + SF_DAY_MS), 0);
	scene.now_ms += 2 * SF_DAY_MS;
	assert_int_equal(say('H', SF_KIND_READY_WITHDRAWN, scene_id(2, 999)), SF_REFUSAL_NOT_READY);
	int64_t until_ms = scene.now_ms;
	assert_int_equal(say('H', SF_KIND_READY_WITHDRAWN, first), 0);
	assert_state(SF_TRANSITION_PLANNING);
	assert_int_equal(course()->hospital_agrees_ms, 0);
	assert_true(sf_id_is_none(course()->answer_message));
	assert_int_equal(course()->ready_period_count, 1);
	assert_int_equal(course()->ready_periods[0].from_ms, from_ms);
	assert_int_equal(course()->ready_periods[0].until_ms, until_ms);
	assert_int_equal(ready(scene.now_ms, NULL), 0);
	assert_int_equal(course()->ready_period_count, 2);
	assert_true(course()->ready_periods[1].until_ms == INT64_MAX);
}

static void test_ready_is_never_before_the_stay(void **state)
{
	(void)state;
	assert_int_equal(ready(0, NULL), SF_REFUSAL_HEADER);
	assert_int_equal(ready(scene.now_ms - 400 * SF_DAY_MS, NULL), 0);
	assert_int_equal(course()->ready_periods[0].from_ms,
		sf_transition_stay(scene.transition)->admitted_ms);
}

static void test_other_municipality_cannot_say_that_the_first_has_no_case(void **state)
{
	(void)state;
	struct sf_message parties = scene_message(&scene, 'H', SF_KIND_PARTIES);
	parties.fact.parties = *sf_transition_parties(scene.transition);
	parties.fact.parties.version = ++scene.version;
	parties.fact.parties.bindings[parties.fact.parties.binding_count++] =
		(struct sf_binding){SF_ROLE_OTHER_MUNICIPALITY, SF_BINDING_PARTY, scene_party('L')};
	assert_int_equal(scene_record(&scene, &parties), 0);
	struct sf_message message = scene_message(&scene, 'L', SF_KIND_PLAN_ANSWER);
	message.fact.plan_answer.code = SF_PLAN_ANSWER_NO_CASE;
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_AUTHOR_ROLE);
	assert_holders(&scene, "HHHH");
}

static void test_ready_lasts_until_the_patient_left(void **state)
{
	(void)state;
	assert_int_equal(ready(scene.now_ms, NULL), 0);
	scene.now_ms += SF_DAY_MS;
	struct sf_message discharge = scene_message(&scene, 'H', SF_KIND_STAY);
	int64_t left_ms = scene.now_ms - SF_HOUR_MS;
	discharge.fact.stay = scene_stay_fact("SLHJ", left_ms);
	scene_record(&scene, &discharge);
	assert_int_equal(course()->ready_periods[0].until_ms, left_ms);
	/* A corrected time corrects the days; a cancelled discharge wants a new declaration. */
	struct sf_message revised = scene_message(&scene, 'H', SF_KIND_STAY);
	revised.supersedes = discharge.id;
	revised.fact.stay = scene_stay_fact("RE_SLHJ", left_ms - SF_HOUR_MS);
	assert_int_equal(scene_record(&scene, &revised), 0);
	assert_int_equal(course()->ready_periods[0].until_ms, left_ms - SF_HOUR_MS);
	assert_int_equal(ready(scene.now_ms, NULL), SF_DEVIATION_LATE_FACT);
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	assert_state(SF_TRANSITION_OPEN);
	assert_int_equal(course()->ready_periods[0].until_ms, left_ms - SF_HOUR_MS);
}

static void test_ready_periods_are_bounded(void **state)
{
	(void)state;
	for (int i = 0; i < 2 * SF_READY_PERIODS_MAX; i++) {
		assert_int_equal(ready(scene.now_ms, NULL), 0);
		assert_int_equal(say('H', SF_KIND_READY_WITHDRAWN, none), 0);
	}
	assert_int_equal(course()->ready_period_count, SF_READY_PERIODS_MAX);
	assert_int_equal(course()->ready_periods[SF_READY_PERIODS_MAX - 1].until_ms,
		scene.now_ms - SF_MINUTE_MS);
}

static void test_agreed_when_both_name_the_same_time(void **state)
{
	(void)state;
	int64_t discharge_ms = scene.now_ms + 3 * SF_DAY_MS;
	assert_int_equal(agree('H', discharge_ms), 0);
	assert_state(SF_TRANSITION_OPEN);
	assert_int_equal(agree('K', discharge_ms + SF_HOUR_MS), 0);
	assert_state(SF_TRANSITION_OPEN);
	assert_int_equal(agree('K', discharge_ms), 0);
	assert_state(SF_TRANSITION_AGREED);
	assert_int_equal(agree('K', 0), SF_REFUSAL_HEADER);
}

/* 2026-11-18: SCENE_START_MS is 11:06:40 UTC, 12:06:40 in Denmark: after the hour of change. */
static void test_change_after_the_cut_off_wants_a_call(void **state)
{
	(void)state;
	int64_t today_ms = scene.now_ms + 2 * SF_HOUR_MS;
	assert_int_equal(plan(1, today_ms, NULL), 0); /* the first plan changes nothing */
	assert_int_equal(plan(2, today_ms, NULL), 0); /* nor one that says the same */
	assert_int_equal(plan(3, today_ms + SF_HOUR_MS, NULL), SF_DEVIATION_LATE_CHANGE);
	assert_int_equal(course()->plan.version, 3); /* applied all the same */
	assert_int_equal(course()->late_change_count, 1);
	assert_int_equal(agree('H', today_ms), 0);
	assert_int_equal(agree('H', today_ms + SF_HOUR_MS), SF_DEVIATION_LATE_CHANGE);
	assert_int_equal(course()->late_change_count, 2);
	assert_int_equal(say('H', SF_KIND_FALLBACK, none), 0);
	assert_int_equal(agree('H', today_ms), 0);
	assert_int_equal(plan(4, today_ms, NULL), 0);
	/* Next morning yesterday's call counts no more, and it is early enough anyway. */
	scene.now_ms += 21 * SF_HOUR_MS;
	assert_int_equal(plan(5, scene.now_ms + SF_HOUR_MS, NULL), 0);
	scene.now_ms += 4 * SF_HOUR_MS;
	assert_int_equal(plan(6, scene.now_ms, NULL), SF_DEVIATION_LATE_CHANGE);
	/* Another day's plan is nobody's hurry. */
	assert_int_equal(plan(7, scene.now_ms + 5 * SF_DAY_MS, NULL), SF_DEVIATION_LATE_CHANGE);
	assert_int_equal(plan(8, scene.now_ms + 6 * SF_DAY_MS, NULL), 0);
}

static void test_discharge_without_the_plan_that_was_expected(void **state)
{
	(void)state;
	scene.now_ms += 2 * SF_DAY_MS;
	scene_stay(&scene, "SLHJ", NULL);
	assert_true(deviated(SF_DEVIATION_NO_PLAN));
	assert_false(deviated(SF_DEVIATION_UNANSWERED));
	/* A short stay needs none. */
	tear_down(state);
	set_up(state);
	scene_stay(&scene, "SLHJ", NULL);
	assert_false(deviated(SF_DEVIATION_NO_PLAN));
	/* Nor does one whose plan came. */
	tear_down(state);
	set_up(state);
	struct sf_message letter = scene_message(&scene, 'H', SF_KIND_LETTER);
	letter.fact.letter.code = SF_LETTER_CARE_PLAN;
	scene_record(&scene, &letter);
	scene.now_ms += 2 * SF_DAY_MS;
	scene_stay(&scene, "SLHJ", NULL);
	assert_false(deviated(SF_DEVIATION_NO_PLAN));
}

static void test_discharge_before_the_answer_or_on_another_day(void **state)
{
	(void)state;
	assert_int_equal(plan(1, scene.now_ms + SF_DAY_MS, NULL), 0);
	assert_int_equal(agree('H', scene.now_ms + SF_DAY_MS), 0);
	assert_int_equal(agree('K', scene.now_ms + SF_DAY_MS), 0);
	scene_stay(&scene, "SLHJ", NULL);
	assert_true(deviated(SF_DEVIATION_UNANSWERED));
	assert_false(deviated(SF_DEVIATION_OTHER_TIME)); /* nothing was agreed */
	tear_down(state);
	set_up(state);
	int64_t tomorrow_ms = scene.now_ms + SF_DAY_MS;
	assert_int_equal(agree('H', tomorrow_ms), 0);
	assert_int_equal(agree('K', tomorrow_ms), 0);
	scene_stay(&scene, "SLHJ", NULL);
	assert_true(deviated(SF_DEVIATION_OTHER_TIME));
	assert_int_equal(scene.result.outcome, SF_OUTCOME_DEVIATION);
	assert_int_equal(scene_open_offers(&scene), 1); /* never blocked */
}

static void test_agreed_day_is_kept_at_another_hour(void **state)
{
	(void)state;
	int64_t agreed_ms = scene.now_ms + SF_HOUR_MS;
	assert_int_equal(agree('H', agreed_ms), 0);
	assert_int_equal(agree('K', agreed_ms), 0);
	scene.now_ms += 5 * SF_HOUR_MS;
	scene_stay(&scene, "SLHJ", NULL);
	assert_false(deviated(SF_DEVIATION_OTHER_TIME));
}

static void test_disputes_stay_until_they_are_resolved(void **state)
{
	(void)state;
	assert_int_equal(say('K', SF_KIND_RESOLVE, none), SF_REFUSAL_DISPUTE_UNKNOWN);
	struct sf_message dispute = scene_message(&scene, 'K', SF_KIND_DISPUTE);
	dispute.fact.dispute.code = SF_DISPUTE_RESIDENCE;
	assert_int_equal(scene_record(&scene, &dispute), 0);
	assert_int_equal(say('G', SF_KIND_DISPUTE, none), 0);
	assert_int_equal(course()->dispute_count, 2);
	assert_int_equal(say('K', SF_KIND_RESOLVE, none), SF_REFUSAL_DISPUTE_UNKNOWN);
	assert_int_equal(say('H', SF_KIND_RESOLVE, dispute.id), 0);
	assert_int_equal(say('H', SF_KIND_RESOLVE, dispute.id), SF_REFUSAL_DISPUTE_UNKNOWN);
	assert_int_equal(say('G', SF_KIND_RESOLVE, none), 0); /* the only one left */
	assert_int_equal(course()->dispute_count, 0);
	for (int i = 0; i < SF_DISPUTES_MAX; i++)
		assert_int_equal(say('K', SF_KIND_DISPUTE, none), 0);
	assert_int_equal(say('K', SF_KIND_DISPUTE, none), SF_REFUSAL_QUOTA);
}

static void test_intent_assessment_and_arrival_are_kept(void **state)
{
	(void)state;
	struct sf_message intent = scene_message(&scene, 'H', SF_KIND_INTENT);
	intent.fact.intent.expected_ms = scene.now_ms + SF_HOUR_MS;
	scene_record(&scene, &intent);
	assert_true(sf_id_equal(course()->intent_message, intent.id));
	struct sf_message assessment = scene_message(&scene, 'H', SF_KIND_ASSESSMENT);
	assert_int_equal(scene_record(&scene, &assessment), SF_REFUSAL_HEADER);
	assessment.fact.assessment.code = SF_ASSESSMENT_DECLINED;
	scene_record(&scene, &assessment);
	assert_int_equal(course()->assessment, SF_ASSESSMENT_DECLINED);
	scene_stay(&scene, "SLHJ", NULL);
	struct sf_message arrived = scene_message(&scene, 'K', SF_KIND_ARRIVED);
	arrived.fact.arrived.arrived_ms = scene.now_ms;
	assert_int_equal(scene_record(&scene, &arrived), 0);
	assert_int_equal(course()->arrived_ms, arrived.fact.arrived.arrived_ms);
	scene_stay(&scene, "AN_SLHJ", NULL);
	assert_int_equal(course()->arrived_ms, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_newest_plan_is_in_force_whatever_came_first),
		TEST(test_plan_that_ends_before_it_begins_is_none),
		TEST(test_answer_is_of_the_plan_in_force),
		TEST(test_later_promises_an_answer_to_the_plan),
		TEST(test_agreed_time_keeps_a_promise),
		TEST(test_answer_that_says_no_says_where_to),
		TEST(test_answer_of_a_rebound_municipality_does_not_count_for_the_next),
		TEST(test_no_case_rests_what_the_municipality_would_do),
		TEST(test_no_case_becomes_one_by_plan_offer_or_parties),
		TEST(test_no_case_of_a_holder_keeps_what_it_holds),
		TEST(test_rehabilitation_plan_makes_its_domain_active_and_no_other),
		TEST(test_ready_is_withdrawn_and_its_days_are_kept),
		TEST(test_ready_is_never_before_the_stay),
		TEST(test_other_municipality_cannot_say_that_the_first_has_no_case),
		TEST(test_ready_lasts_until_the_patient_left),
		TEST(test_ready_periods_are_bounded),
		TEST(test_agreed_when_both_name_the_same_time),
		TEST(test_change_after_the_cut_off_wants_a_call),
		TEST(test_discharge_without_the_plan_that_was_expected),
		TEST(test_discharge_before_the_answer_or_on_another_day),
		TEST(test_agreed_day_is_kept_at_another_hour),
		TEST(test_disputes_stay_until_they_are_resolved),
		TEST(test_intent_assessment_and_arrival_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
