/* Conditions and triggers of clauses (DOMAIN.md section 7), judged on a standing. */
#include "core/transition_state.h"

static enum sf_truth truth(bool holds)
{
	return holds ? SF_TRUTH_YES : SF_TRUTH_NO;
}

static bool has_left(const struct sf_stay *stay)
{
	return stay->state == SF_STAY_HOME || stay->state == SF_STAY_DEAD;
}

/*
 * A stay that is over has its length. One that goes on is long enough as soon as it has lasted so
 * long, and nobody knows before.
 */
static enum sf_truth stay_is_longer(const struct sf_standing *standing,
	const struct sf_condition *condition, int64_t at_ms, int64_t *ret_decides_ms)
{
	const struct sf_stay *stay = &standing->stay;
	if (stay->admitted_ms == 0)
		return SF_TRUTH_UNDECIDED;
	if (has_left(stay))
		return truth(stay->discharged_ms - stay->admitted_ms > condition->than_ms);
	if (at_ms - stay->admitted_ms >= condition->than_ms)
		return SF_TRUTH_YES;
	*ret_decides_ms = stay->admitted_ms + condition->than_ms;
	return SF_TRUTH_UNDECIDED;
}

/*
 * Readiness is told when the patient leaves on a later day (MEDCOM.md, Deadlines: Melding om
 * færdigbehandling). Without an agreed time the night after decides: whoever is still there did.
 */
static enum sf_truth is_ready_before(
	const struct sf_standing *standing, int64_t at_ms, int64_t *ret_decides_ms)
{
	const struct sf_course *course = &standing->course;
	if (sf_id_is_none(course->ready_message))
		return SF_TRUTH_UNDECIDED;
	int32_t ready_day = sf_zone_local(standing->zone, course->ready.ready_ms).day;
	int64_t discharge_ms = has_left(&standing->stay) ? standing->stay.discharged_ms
							 : sf_course_agreed_ms(course);
	if (discharge_ms != 0)
		return truth(sf_zone_local(standing->zone, discharge_ms).day > ready_day);
	int64_t night_ms = sf_zone_instant(standing->zone, ready_day + 1, 0);
	if (at_ms >= night_ms)
		return SF_TRUTH_YES;
	*ret_decides_ms = night_ms;
	return SF_TRUTH_UNDECIDED;
}

static enum sf_truth judge(const struct sf_standing *standing, const struct sf_condition *condition,
	enum sf_mark mark, int64_t at_ms, int64_t *ret_decides_ms)
{
	switch (condition->code) {
	case SF_CONDITION_REPORT_REQUESTED:
		return truth(standing->stay.report_requested);
	case SF_CONDITION_STAY_LONGER:
		return stay_is_longer(standing, condition, at_ms, ret_decides_ms);
	case SF_CONDITION_HAS_CASE:
		return truth(!standing->course.no_case);
	case SF_CONDITION_MARKED:
		return truth(mark == SF_MARK_YELLOW || mark == SF_MARK_RED);
	case SF_CONDITION_INPATIENT:
		return truth(standing->stay.stay_class == SF_STAY_CLASS_INPATIENT);
	case SF_CONDITION_PLANNED:
		return truth(!sf_id_is_none(standing->course.plan_message));
	case SF_CONDITION_READY_BEFORE:
		return is_ready_before(standing, at_ms, ret_decides_ms);
	case SF_CONDITION_NONE:
		break;
	}
	return SF_TRUTH_NO;
}

static enum sf_truth negated(enum sf_truth value)
{
	if (value == SF_TRUTH_UNDECIDED)
		return value;
	return truth(value == SF_TRUTH_NO);
}

enum sf_truth sf_conditions_hold(const struct sf_standing *standing,
	const struct sf_conditions *conditions, enum sf_mark mark, int64_t at_ms,
	int64_t *ret_decides_ms)
{
	enum sf_truth all = SF_TRUTH_YES;
	int64_t first_ms = SF_NEVER_MS;
	for (size_t i = 0; i < conditions->count; i++) {
		int64_t decides_ms = SF_NEVER_MS;
		enum sf_truth one =
			judge(standing, &conditions->items[i], mark, at_ms, &decides_ms);
		if (conditions->items[i].negated)
			one = negated(one);
		if (one == SF_TRUTH_NO) {
			*ret_decides_ms = SF_NEVER_MS;
			return SF_TRUTH_NO;
		}
		if (one == SF_TRUTH_UNDECIDED)
			all = SF_TRUTH_UNDECIDED;
		if (decides_ms < first_ms)
			first_ms = decides_ms;
	}
	*ret_decides_ms = first_ms;
	return all;
}

bool sf_trigger_matches(const struct sf_trigger *wanted, const struct sf_trigger *given)
{
	return wanted->kind == given->kind &&
	       (wanted->detail == 0 || wanted->detail == given->detail) &&
	       (wanted->state == SF_TASK_STATE_NONE || wanted->state == given->state);
}

/* Applied, as a new fact that stands: what is history, a correction or out of order says nothing.
 */
static uint32_t activity_of(const struct sf_step *step)
{
	const struct sf_stay_fact *fact = &step->message->fact.stay;
	enum sf_stay_mark mark = step->transition->marks[step->transition->entry_count];
	return fact->mode == SF_MODE_NEW && mark == SF_STAY_MARK_APPLIED ? (uint32_t)fact->activity
									 : 0;
}

static size_t of_obligation(const struct sf_step *step, struct sf_trigger *ret_trigger)
{
	const struct sf_obligation *obligation = step->obligation;
	enum sf_task_action action = step->message->fact.obligation.action;
	if (!obligation || action == SF_TASK_SEE_ALARM || action == SF_TASK_OFFER)
		return 0;
	ret_trigger->detail = (uint32_t)obligation->duty;
	ret_trigger->state = obligation->state;
	return 1;
}

static size_t of_acceptance(const struct sf_step *step, struct sf_trigger *ret_triggers)
{
	size_t count = 0;
	for (uint32_t domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		if (step->message->fact.accept.domains & SF_DOMAIN_BIT(domain))
			ret_triggers[count++] =
				(struct sf_trigger){.kind = SF_KIND_ACCEPT, .detail = domain + 1};
	return count;
}

/* Taken into the course: an answer to an older plan, a readiness after the end are not. */
static bool is_of_the_course(const struct sf_step *step)
{
	const struct sf_course *course = &step->standing->course;
	uint32_t kind = step->message->fact.kind;
	if (kind == SF_KIND_PLAN)
		return sf_id_equal(course->plan_message, step->message->id);
	if (kind == SF_KIND_READY)
		return sf_id_equal(course->ready_message, step->message->id);
	if (kind == SF_KIND_PLAN_ANSWER)
		return sf_id_equal(course->answer_message, step->message->id) ||
		       (sf_id_is_none(course->plan_message) && course->no_case);
	return true;
}

size_t sf_step_triggers(const struct sf_step *step, struct sf_trigger *ret_triggers)
{
	const struct sf_fact *fact = &step->message->fact;
	ret_triggers[0] = (struct sf_trigger){.kind = fact->kind};
	if (!sf_kind_is_read(fact->kind) || sf_kind_is_derived(fact->kind) ||
		!is_of_the_course(step))
		return 0;
	switch (fact->kind) {
	case SF_KIND_PARTIES:
	case SF_KIND_ACKNOWLEDGEMENT:
		return 0;
	case SF_KIND_STAY:
		ret_triggers[0].detail = activity_of(step);
		return ret_triggers[0].detail ? 1 : 0;
	case SF_KIND_LETTER:
		if (!sf_step_letter_is_of_author(step))
			return 0;
		ret_triggers[0].detail = (uint32_t)fact->letter.code;
		return 1;
	case SF_KIND_ASSESSMENT:
		ret_triggers[0].detail = (uint32_t)fact->assessment.code;
		return 1;
	case SF_KIND_PLAN_ANSWER:
		ret_triggers[0].detail = (uint32_t)fact->plan_answer.code;
		return 1;
	case SF_KIND_ACCEPT:
		return of_acceptance(step, ret_triggers);
	case SF_KIND_OBLIGATION:
		return of_obligation(step, ret_triggers);
	default:
		return 1;
	}
}
