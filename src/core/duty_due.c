/* Deadlines, derived anew after every step: DOMAIN.md sections 6 and 7. */
#include "core/duty_follow.h"

static int64_t moved(int64_t due_ms, int64_t by_ms)
{
	if (due_ms == SF_NEVER_MS || by_ms == SF_NEVER_MS)
		return SF_NEVER_MS;
	return by_ms > 0 && due_ms > SF_NEVER_MS - by_ms ? SF_NEVER_MS : due_ms + by_ms;
}

/* A deadline that has passed does not come back by being put on hold: it is owed, and late. */
static int64_t held_ms(const struct sf_obligation *obligation)
{
	if (obligation->state != SF_TASK_ON_HOLD || obligation->expired_ms != 0)
		return obligation->held_ms;
	if (obligation->hold_until_ms == 0)
		return SF_NEVER_MS;
	/* What was cancelled on hold and is owed again may have outlived its hold. */
	int64_t rest_ms = obligation->hold_until_ms - obligation->since_ms;
	return obligation->held_ms + (rest_ms > 0 ? rest_ms : 0);
}

static struct sf_discharge_times times_of(const struct sf_standing *standing)
{
	int64_t agreed_ms = sf_course_agreed_ms(&standing->course);
	int64_t planned_ms = sf_id_is_none(standing->course.plan_message)
				     ? 0
				     : standing->course.plan.discharge.until_ms;
	struct sf_discharge_times times = {
		.discharge_ms = agreed_ms ? agreed_ms : SF_NEVER_MS,
		.planned_until_ms = planned_ms ? planned_ms : SF_NEVER_MS,
	};
	if (standing->stay.state == SF_STAY_HOME)
		times.discharge_ms = standing->stay.discharged_ms;
	return times;
}

/*
 * From what the facts say now: a revised discharge moves the deadlines of who said it, a new plan
 * those before the discharge. What is due later than now is not late any more.
 */
void sf_duty_derive_due(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	const struct sf_stay *stay = &follow->step->standing->stay;
	const struct sf_expectation *expectation =
		sf_pathway_expectation(follow->terms, obligation->clause);
	int64_t due_ms = obligation->stated_due_ms;
	if (expectation) {
		bool own = sf_id_equal(obligation->owner, follow->step->standing->hospital);
		if (own && sf_id_equal(stay->discharge, obligation->subject) &&
			obligation->base_ms <= obligation->raised_ms)
			obligation->base_ms = stay->discharged_ms < obligation->raised_ms
						      ? stay->discharged_ms
						      : obligation->raised_ms;
		struct sf_discharge_times times = times_of(follow->step->standing);
		due_ms = sf_deadline_due_ms(&expectation->due, &follow->agreement->calendar,
			obligation->base_ms, &times);
	}
	obligation->due_ms = moved(due_ms, held_ms(obligation));
	if (obligation->expired_ms != 0 && obligation->due_ms > follow->at_ms) {
		obligation->expired_ms = 0;
		obligation->rungs_climbed = 0;
		obligation->alarm_seen = false;
	}
}
