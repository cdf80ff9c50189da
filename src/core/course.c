/* Plan, answer, readiness and agreed time of a discharge, and what people have said about it. */
#include "core/course.h"

#include <string.h>

#include "core/transition_state.h"

static bool is_in_care(enum sf_stay_state state)
{
	return state == SF_STAY_IN_HOSPITAL || state == SF_STAY_ON_LEAVE;
}

int64_t sf_course_agreed_ms(const struct sf_course *course)
{
	bool both = course->hospital_agrees_ms == course->municipality_agrees_ms;
	return both ? course->hospital_agrees_ms : 0;
}

static const struct sf_zone *zone_of(const struct sf_step *step)
{
	const struct sf_agreement *agreement =
		sf_standing_agreement(step->transition, step->standing);
	return agreement ? agreement->calendar.zone : NULL;
}

/*
 * Changes after the cut-off hour, when the old or the new time is today, need a call: one that was
 * recorded today before.
 */
static bool is_late_change(const struct sf_step *step, int64_t old_ms, int64_t new_ms)
{
	const struct sf_standing *standing = step->standing;
	const struct sf_agreement *agreement = sf_standing_agreement(step->transition, standing);
	if (!agreement || agreement->cut_off_minute < 0 || standing->stay.state == SF_STAY_HOME)
		return false;
	const struct sf_zone *zone = agreement->calendar.zone;
	struct sf_local_time now = sf_zone_local(zone, step->cause.at_ms);
	bool today = (old_ms != 0 && sf_zone_local(zone, old_ms).day == now.day) ||
		     (new_ms != 0 && sf_zone_local(zone, new_ms).day == now.day);
	if (!today || now.minute < agreement->cut_off_minute)
		return false;
	int64_t fallback_ms = standing->course.fallback_ms;
	return fallback_ms == 0 || sf_zone_local(zone, fallback_ms).day != now.day;
}

static void count_late_change(struct sf_step *step)
{
	step->standing->course.late_change_count++;
	sf_step_deviates(step, SF_DEVIATION_LATE_CHANGE);
}

uint16_t sf_course_intent(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	course->intent_message = step->message->id;
	course->intent_expected_ms = step->message->fact.intent.expected_ms;
	return 0;
}

uint16_t sf_course_assessment(struct sf_step *step)
{
	enum sf_assessment_code code = step->message->fact.assessment.code;
	if (code < SF_ASSESSMENT_NEEDED || code > SF_ASSESSMENT_DECLINED)
		return SF_REFUSAL_HEADER;
	step->standing->course.assessment = code;
	return 0;
}

static void void_answer(struct sf_course *course)
{
	course->answer_message = (struct sf_id){0};
	course->answer = (struct sf_plan_answer){0};
	course->answered_ms = 0;
}

static bool is_interval(const struct sf_interval *interval)
{
	return interval->from_ms <= interval->until_ms;
}

static bool is_same_interval(const struct sf_interval *a, const struct sf_interval *b)
{
	return a->from_ms == b->from_ms && a->until_ms == b->until_ms;
}

/* The plan in force is the greatest of the set, whatever came first. */
static bool is_in_force(const struct sf_course *course, const struct sf_message *message)
{
	if (sf_id_is_none(course->plan_message))
		return true;
	uint32_t version = message->fact.plan.version;
	if (version != course->plan.version)
		return version > course->plan.version;
	if (message->created_ms != course->plan_created_ms)
		return message->created_ms > course->plan_created_ms;
	return sf_id_compare(message->id, course->plan_message) > 0;
}

uint16_t sf_course_plan(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	const struct sf_plan *plan = &step->message->fact.plan;
	if (plan->version == 0 || !is_interval(&plan->ready) || !is_interval(&plan->discharge))
		return SF_REFUSAL_HEADER;
	course->plan_count++;
	if (course->first_plan_ms == 0)
		course->first_plan_ms = step->cause.at_ms;
	if (!is_in_force(course, step->message))
		return SF_DEVIATION_STALE_PLAN;
	bool changes = !sf_id_is_none(course->plan_message) &&
		       (!is_same_interval(&plan->ready, &course->plan.ready) ||
			       !is_same_interval(&plan->discharge, &course->plan.discharge));
	int64_t agreed_ms = sf_course_agreed_ms(course);
	int64_t old_ms = agreed_ms ? agreed_ms : course->plan.discharge.until_ms;
	if (changes && is_late_change(step, old_ms, plan->discharge.until_ms))
		count_late_change(step);
	course->plan_message = step->message->id;
	course->plan = *plan;
	course->plan_created_ms = step->message->created_ms;
	course->plan_recorded_ms = step->cause.at_ms;
	void_answer(course);
	return sf_membership_wake(step);
}

static bool names_direction(const struct sf_step *step)
{
	const struct sf_plan_answer *answer = &step->message->fact.plan_answer;
	if (sf_id_equal(answer->refer_to_party, step->message->author))
		return false;
	return answer->refer_to_role != SF_ROLE_NONE || !sf_id_is_none(answer->refer_to_party);
}

/* Another municipality has its say of the plan, and none of whether the first has a case. */
static bool speaks_for_municipality(const struct sf_step *step)
{
	struct sf_id bound = sf_standing_bound(step->standing, SF_ROLE_MUNICIPALITY);
	return sf_id_is_none(bound) || sf_id_equal(bound, step->message->author);
}

/* Which plan is answered: 0 when it is the one in force. */
static uint16_t check_answered(const struct sf_step *step)
{
	const struct sf_course *course = &step->standing->course;
	struct sf_id named = step->message->in_reply_to;
	bool no_case = step->message->fact.plan_answer.code == SF_PLAN_ANSWER_NO_CASE;
	if (!sf_id_is_none(named) && !sf_id_equal(named, course->plan_message)) {
		if (sf_transition_has_plan(step->transition, named))
			return SF_DEVIATION_STALE_PLAN;
		/* A notification is answered so as well (MedCom's ADT without a case). */
		return no_case ? 0 : SF_REFUSAL_PLAN_UNKNOWN;
	}
	return no_case || !sf_id_is_none(course->plan_message) ? 0 : SF_REFUSAL_PLAN_UNKNOWN;
}

uint16_t sf_course_plan_answer(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	const struct sf_plan_answer *answer = &step->message->fact.plan_answer;
	if (answer->code == SF_PLAN_ANSWER_LATER && sf_handover_is_named(step))
		return sf_handover_promise(step);
	uint16_t code = check_answered(step);
	if (code)
		return code;
	switch (answer->code) {
	case SF_PLAN_ANSWER_ACCEPT:
		break;
	case SF_PLAN_ANSWER_LATER:
		/* Without a time it is an answer that promises nothing. */
		if (answer->ready_from_ms > 0)
			sf_duty_promise(step, answer->ready_from_ms);
		break;
	case SF_PLAN_ANSWER_CANNOT:
	case SF_PLAN_ANSWER_NOT_OURS:
		if (!names_direction(step))
			return SF_REFUSAL_NO_DIRECTION;
		break;
	case SF_PLAN_ANSWER_NO_CASE:
		if (step->transition->frozen)
			return SF_REFUSAL_FROZEN;
		if (!speaks_for_municipality(step))
			return SF_REFUSAL_AUTHOR_ROLE;
		course->no_case = true;
		course->no_case_party = step->message->author;
		sf_membership_rest(step);
		break;
	case SF_PLAN_ANSWER_NONE:
		return SF_REFUSAL_HEADER;
	}
	if (!sf_id_is_none(course->plan_message)) {
		course->answer_message = step->message->id;
		course->answer = *answer;
		course->answered_ms = step->cause.at_ms;
	}
	return 0;
}

void sf_course_rebound(struct sf_course *course)
{
	void_answer(course);
	course->municipality_agrees_ms = 0;
}

/* When the periods are full, the last goes on: a day too many is seen, one too few is not. */
static void begin_period(struct sf_course *course, int64_t from_ms)
{
	if (course->ready_period_count == SF_READY_PERIODS_MAX) {
		course->ready_periods[SF_READY_PERIODS_MAX - 1].until_ms = INT64_MAX;
		return;
	}
	size_t count = course->ready_period_count;
	int64_t earliest_ms = count == 0 ? from_ms : course->ready_periods[count - 1].until_ms;
	course->ready_periods[course->ready_period_count++] = (struct sf_ready_period){
		.from_ms = from_ms > earliest_ms ? from_ms : earliest_ms, .until_ms = INT64_MAX};
}

static void end_period(struct sf_course *course, int64_t until_ms)
{
	struct sf_ready_period *period = &course->ready_periods[course->ready_period_count - 1];
	period->until_ms = until_ms > period->from_ms ? until_ms : period->from_ms;
}

static void void_readiness(struct sf_course *course)
{
	course->ready_message = (struct sf_id){0};
	course->ready = (struct sf_ready){0};
	course->hospital_agrees_ms = 0;
	course->municipality_agrees_ms = 0;
}

/* Declared again while it stands: the period goes on, from the time it was first declared. */
uint16_t sf_course_ready(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	const struct sf_stay *stay = &step->standing->stay;
	int64_t ready_ms = step->message->fact.ready.ready_ms;
	if (ready_ms <= 0)
		return SF_REFUSAL_HEADER;
	if (stay->state != SF_STAY_NONE && !is_in_care(stay->state))
		return SF_DEVIATION_LATE_FACT;
	if (sf_id_is_none(course->ready_message)) /* nobody is ready before the stay */
		begin_period(course, ready_ms > stay->admitted_ms ? ready_ms : stay->admitted_ms);
	course->ready_message = step->message->id;
	course->ready = step->message->fact.ready;
	return 0;
}

uint16_t sf_course_ready_withdrawn(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	struct sf_id named = step->message->in_reply_to;
	enum sf_stay_state state = step->standing->stay.state;
	if (sf_id_is_none(course->ready_message) ||
		(!sf_id_is_none(named) && !sf_id_equal(named, course->ready_message)))
		return SF_REFUSAL_NOT_READY;
	if (state != SF_STAY_NONE && !is_in_care(state))
		return SF_DEVIATION_LATE_FACT;
	int64_t occurred_ms = step->message->occurred_ms;
	end_period(course, occurred_ms < step->cause.at_ms ? occurred_ms : step->cause.at_ms);
	void_readiness(course);
	void_answer(course);
	return 0;
}

uint16_t sf_course_agree(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	int64_t discharge_ms = step->message->fact.agree.discharge_ms;
	if (discharge_ms <= 0)
		return SF_REFUSAL_HEADER;
	bool by_hospital = sf_id_equal(step->message->author, step->standing->hospital);
	int64_t *agrees_ms =
		by_hospital ? &course->hospital_agrees_ms : &course->municipality_agrees_ms;
	bool changes = *agrees_ms != 0 && *agrees_ms != discharge_ms;
	if (changes && is_late_change(step, *agrees_ms, discharge_ms))
		count_late_change(step);
	*agrees_ms = discharge_ms;
	return 0;
}

uint16_t sf_course_arrived(struct sf_step *step)
{
	step->standing->course.arrived_ms = step->message->fact.arrived.arrived_ms;
	return 0;
}

uint16_t sf_course_dispute(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	if (course->dispute_count == SF_DISPUTES_MAX)
		return SF_REFUSAL_QUOTA;
	course->disputes[course->dispute_count++] = (struct sf_open_dispute){
		.message = step->message->id,
		.author = step->message->author,
		.about = step->message->in_reply_to,
		.code = step->message->fact.dispute.code,
		.since_ms = step->cause.at_ms,
	};
	return 0;
}

/* Names the dispute; nothing when there is only one. */
uint16_t sf_course_resolve(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	struct sf_id named = step->message->in_reply_to;
	bool only = sf_id_is_none(named) && course->dispute_count == 1;
	size_t kept = 0;
	for (size_t i = 0; i < course->dispute_count; i++)
		if (!only && !sf_id_equal(course->disputes[i].message, named))
			course->disputes[kept++] = course->disputes[i];
	if (kept == course->dispute_count)
		return SF_REFUSAL_DISPUTE_UNKNOWN;
	memset(&course->disputes[kept], 0, sizeof(course->disputes[kept]));
	course->dispute_count = kept;
	return 0;
}

uint16_t sf_course_fallback(struct sf_step *step)
{
	step->standing->course.fallback_ms = step->cause.at_ms;
	return 0;
}

static bool is_care_plan(const struct sf_trigger *trigger)
{
	return trigger->kind == SF_KIND_PLAN ||
	       (trigger->kind == SF_KIND_LETTER && trigger->detail == SF_LETTER_CARE_PLAN);
}

static bool has_come(const struct sf_standing *standing, const struct sf_trigger *wanted)
{
	if (wanted->kind == SF_KIND_PLAN && !sf_id_is_none(standing->course.plan_message))
		return true;
	for (size_t i = 0; i < standing->duties.sign_count; i++)
		if (sf_trigger_matches(wanted, &standing->duties.signs[i].trigger))
			return true;
	return false;
}

/* The agreement expects a plan for a stay like this one, and none came before the discharge. */
static bool lacks_plan(const struct sf_step *step)
{
	const struct sf_pathway_terms *terms = sf_standing_terms(step->transition, step->standing);
	if (!terms)
		return false;
	for (size_t i = 0; i < terms->expectation_count; i++) {
		const struct sf_expectation *expectation = &terms->expectations[i];
		int64_t decides_ms;
		if (is_care_plan(&expectation->met_by) &&
			!has_come(step->standing, &expectation->met_by) &&
			sf_conditions_hold(step->standing, &expectation->conditions, SF_MARK_NONE,
				step->cause.at_ms, &decides_ms) == SF_TRUTH_YES)
			return true;
	}
	return false;
}

static void judge_discharge(struct sf_step *step)
{
	const struct sf_course *course = &step->standing->course;
	if (lacks_plan(step))
		sf_step_deviates(step, SF_DEVIATION_NO_PLAN);
	if (!sf_id_is_none(course->plan_message) && sf_id_is_none(course->answer_message))
		sf_step_deviates(step, SF_DEVIATION_UNANSWERED);
	int64_t agreed_ms = sf_course_agreed_ms(course);
	const struct sf_zone *zone = zone_of(step);
	if (agreed_ms != 0 && sf_zone_local(zone, agreed_ms).day !=
				      sf_zone_local(zone, step->standing->stay.discharged_ms).day)
		sf_step_deviates(step, SF_DEVIATION_OTHER_TIME);
}

/* While readiness stands its period lasts as long as the stay, also when that is corrected. */
static void follow_period(struct sf_course *course, const struct sf_stay *stay)
{
	if (sf_id_is_none(course->ready_message))
		return;
	if (stay->state == SF_STAY_NONE || is_in_care(stay->state))
		end_period(course, course->closed ? course->closed_ms : INT64_MAX);
	else
		end_period(course, stay->discharged_ms ? stay->discharged_ms : stay->since_ms);
}

void sf_course_follow(struct sf_step *step, const struct sf_stay *before)
{
	struct sf_course *course = &step->standing->course;
	const struct sf_stay *stay = &step->standing->stay;
	if (before->state == SF_STAY_HOME && is_in_care(stay->state)) {
		void_readiness(course);
		course->arrived_ms = 0;
	}
	follow_period(course, stay);
	if (sf_step_is_newly_home(step, before) && !course->closed)
		judge_discharge(step);
}
