/* What a step means for all that is owed, whoever asked for it. */
#include "core/duty_follow.h"

/* The role is bound to another: it starts anew, and has promised nothing yet. */
static void reread_owner(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	struct sf_id owner = sf_standing_party(follow->step->standing, obligation->owner_role);
	if (sf_id_equal(owner, obligation->owner))
		return;
	obligation->owner = owner;
	if (sf_id_is_none(owner))
		return;
	sf_obligation_restart(obligation, follow->at_ms);
	if (obligation->state != SF_TASK_REJECTED && obligation->state != SF_TASK_REFERRED_ONWARD)
		sf_obligation_become(obligation, SF_TASK_REQUESTED, follow->at_ms);
}

/* DOMAIN.md section 2: an intent finds documents that were never sent; the discharge ends it. */
static void meet_intent(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	const struct sf_message *message = follow->step->message;
	if (obligation->duty != SF_DUTY_SEND_DOCUMENTS)
		return;
	struct sf_trigger triggers[SF_STEP_TRIGGERS_MAX];
	if (message->fact.kind == SF_KIND_INTENT)
		sf_obligation_become(obligation, SF_TASK_CANCELLED, follow->at_ms);
	else if (sf_step_triggers(follow->step, triggers) == 1 &&
		 triggers[0].kind == SF_KIND_STAY &&
		 triggers[0].detail == SF_ACTIVITY_DISCHARGE_HOME)
		sf_obligation_meet(follow->step, obligation, message->id);
}

static const struct sf_ledger_offer *promised_offer(
	const struct sf_standing *standing, const struct sf_obligation *obligation)
{
	for (size_t i = 0; i < standing->ledger.offer_count; i++)
		if (sf_id_equal(standing->ledger.offers[i].promised_by, obligation->subject))
			return &standing->ledger.offers[i];
	return NULL;
}

static bool is_before_discharge(const struct sf_standing *standing)
{
	enum sf_stay_state state = standing->stay.state;
	return state == SF_STAY_NONE || state == SF_STAY_IN_HOSPITAL || state == SF_STAY_ON_LEAVE;
}

/* The message that answers what was promised; none. ret_waits: it is still to come. */
static struct sf_id promise_met_by(
	const struct sf_follow *follow, const struct sf_obligation *obligation, bool *ret_waits)
{
	const struct sf_standing *standing = follow->step->standing;
	const struct sf_course *course = &standing->course;
	const struct sf_ledger_offer *offer = promised_offer(standing, obligation);
	*ret_waits = false;
	if (offer) {
		*ret_waits = offer->state == SF_OFFER_OPEN;
		bool answered =
			offer->state == SF_OFFER_ACCEPTED || offer->state == SF_OFFER_REFUSED;
		return answered ? offer->answered_by : (struct sf_id){0};
	}
	bool later = course->answer.code == SF_PLAN_ANSWER_LATER;
	if (later && sf_id_equal(course->answer_message, obligation->subject)) {
		bool agreed = sf_course_agreed_ms(course) != 0;
		*ret_waits = !agreed && is_before_discharge(standing);
		return agreed ? follow->step->message->id : (struct sf_id){0};
	}
	/* The plan was answered by this step; else it was changed, or another `later` replaced it.
	 */
	bool answered = !later && sf_id_equal(course->answer_message, follow->step->message->id);
	return answered ? course->answer_message : (struct sf_id){0};
}

/*
 * DOMAIN.md section 4, PREPARING: a promise lasts until the answer comes. It goes with what it was
 * said about (an offer taken back, a plan changed, a discharge before it) and with the next one.
 */
static void follow_promise(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	if (obligation->duty != SF_DUTY_PROMISED_ANSWER)
		return;
	bool waits;
	struct sf_id met_by = promise_met_by(follow, obligation, &waits);
	if (!sf_id_is_none(met_by))
		sf_obligation_meet(follow->step, obligation, met_by);
	else if (!waits)
		sf_obligation_become(obligation, SF_TASK_CANCELLED, follow->at_ms);
}

static void raise_intent(const struct sf_follow *follow)
{
	struct sf_step *step = follow->step;
	int64_t expected_ms = step->message->fact.intent.expected_ms;
	sf_ignore(sf_duty_raise(step,
			  &(struct sf_obligation){
				  .subject = step->message->id,
				  .duty = SF_DUTY_SEND_DOCUMENTS,
				  .state = SF_TASK_REQUESTED,
				  .owner_role = step->standing->hospital_role,
				  .owner = step->standing->hospital,
				  .requester = step->message->author,
				  .base_ms = follow->at_ms,
				  .stated_due_ms = expected_ms > 0 ? expected_ms : SF_NEVER_MS,
			  }) != NULL);
}

/* What was asked for in the transition before this one goes on here. */
static void raise_carried(const struct sf_follow *follow)
{
	const struct sf_derived *linked = &follow->step->message->fact.derived;
	if (linked->link != SF_LINK_CONTINUES)
		return;
	for (size_t i = 0; i < linked->carried_count && i < SF_CARRIED_MAX; i++) {
		const struct sf_carried *carried = &linked->carried[i];
		sf_ignore(sf_duty_raise(follow->step,
				  &(struct sf_obligation){
					  .subject = carried->subject,
					  .duty = carried->duty,
					  .state = SF_TASK_REQUESTED,
					  .owner_role = carried->owner,
					  .owner = sf_standing_party(
						  follow->step->standing, carried->owner),
					  .requester = follow->step->standing->hospital,
					  .base_ms = follow->at_ms,
					  .stated_due_ms = carried->due_ms > 0 ? carried->due_ms
									       : SF_NEVER_MS,
				  }) != NULL);
	}
}

/* A person has it in hand: who called about it says so by naming it. */
static void see_fallback(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	const struct sf_message *message = follow->step->message;
	if (message->fact.kind != SF_KIND_FALLBACK || sf_id_is_none(message->in_reply_to) ||
		!sf_id_equal(message->in_reply_to, obligation->subject))
		return;
	obligation->alarm_seen = true;
	obligation->seen_by = message->author;
}

/*
 * Clauses of other terms have other numbers: what they asked is not owed any more, and what was
 * done is kept without its number.
 */
static void retire(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	if (obligation->duty != SF_DUTY_EXPECTATION || obligation->clause == 0)
		return;
	if (sf_obligation_is_open(obligation))
		sf_obligation_become(obligation, SF_TASK_CANCELLED, follow->at_ms);
	obligation->parked = SF_TASK_STATE_NONE;
	obligation->clause = 0;
}

static void follow_open(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	follow_promise(follow, obligation);
	if (!sf_obligation_is_open(obligation))
		return;
	reread_owner(follow, obligation);
	sf_expectation_meet(follow, obligation);
	if (sf_obligation_is_open(obligation))
		meet_intent(follow, obligation);
	see_fallback(follow, obligation);
}

void sf_duties_follow(struct sf_step *step)
{
	struct sf_follow follow = {
		.step = step,
		.agreement = sf_standing_agreement(step->transition, step->standing),
		.terms = sf_standing_terms(step->transition, step->standing),
		.at_ms = step->cause.at_ms,
	};
	struct sf_duties *duties = &step->standing->duties;
	bool others_rule = sf_step_terms_before(step) != follow.terms;
	for (size_t i = 0; i < duties->count; i++) {
		struct sf_obligation *one = &duties->items[i];
		struct sf_id owner = one->owner;
		if (others_rule)
			retire(&follow, one);
		if (sf_obligation_is_open(one))
			follow_open(&follow, one);
		sf_expectation_rejudge(&follow, one, !sf_id_equal(one->owner, owner));
	}
	if (step->message->fact.kind == SF_KIND_INTENT)
		raise_intent(&follow);
	if (step->message->fact.kind == SF_KIND_LINKED)
		raise_carried(&follow);
	sf_expectations_raise(&follow);
	sf_receivers_follow(step);
	for (size_t i = 0; i < duties->count; i++)
		if (sf_obligation_is_open(&duties->items[i]))
			sf_duty_derive_due(&follow, &duties->items[i]);
}
