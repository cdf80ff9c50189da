/* Obligations that people, questions and intents raise: DOMAIN.md section 6. */
#include "core/transition_state.h"

/* A step notes each deviation code once, and once for each party that is not bound. */
#define DEVIATIONS_STEP_MAX ((size_t)64)

struct sf_duties sf_duties_put(
	struct sf_block *block, const struct sf_duties *duties, bool with_room)
{
	struct sf_duties put = *duties;
	put.capacity = put.count + (with_room ? SF_DUTIES_STEP_MAX : 0);
	put.items = sf_block_put(block, duties->items, put.count, put.capacity, sizeof(*put.items));
	put.sign_capacity = put.sign_count + (with_room ? SF_STEP_TRIGGERS_MAX : 0);
	put.signs = sf_block_put(
		block, duties->signs, put.sign_count, put.sign_capacity, sizeof(*put.signs));
	put.deviation_capacity = put.deviation_count + (with_room ? DEVIATIONS_STEP_MAX : 0);
	put.deviations = sf_block_put(block, duties->deviations, put.deviation_count,
		put.deviation_capacity, sizeof(*put.deviations));
	return put;
}

static bool is_of_receivers(const struct sf_obligation *obligation)
{
	return obligation->duty == SF_DUTY_FIND_RECEIVER ||
	       obligation->duty == SF_DUTY_TELL_RECEIVER;
}

/* What one party asks for leaves room for what the others do. */
static bool asks_too_much(const struct sf_step *step)
{
	const struct sf_duties *duties = &step->standing->duties;
	size_t asked = 0;
	size_t own = 0;
	for (size_t i = 0; i < duties->count; i++) {
		const struct sf_obligation *one = &duties->items[i];
		if (one->clause != 0 || one->duty == SF_DUTY_EXPECTATION || is_of_receivers(one))
			continue;
		asked++;
		own += sf_id_equal(one->requester, step->message->author);
	}
	return asked >= SF_DUTIES_ASKED_MAX || own >= SF_DUTIES_AUTHOR_MAX;
}

/*
 * A new one. When all are taken, in the place of a receiver that was found or told: what ends by
 * itself and may come again and again takes the room of nothing that is owed. NULL when there is
 * none.
 */
static struct sf_obligation *place_for_one(struct sf_duties *duties)
{
	if (duties->count < SF_DUTIES_MAX)
		return &duties->items[duties->count++];
	for (size_t i = 0; i < duties->count; i++)
		if (is_of_receivers(&duties->items[i]) && !sf_obligation_is_open(&duties->items[i]))
			return &duties->items[i];
	return NULL;
}

struct sf_obligation *sf_duty_raise(struct sf_step *step, const struct sf_obligation *obligation)
{
	struct sf_duties *duties = &step->standing->duties;
	bool asked = obligation->clause == 0 && !is_of_receivers(obligation);
	bool fits = duties->count - step->transition->now->duties.count < SF_DUTIES_STEP_MAX &&
		    !(asked && asks_too_much(step));
	struct sf_obligation *raised = fits ? place_for_one(duties) : NULL;
	if (!raised) {
		sf_step_deviates(step, SF_DEVIATION_TOO_MANY);
		return NULL;
	}
	SF_ASSERT(duties->count <= duties->capacity);
	*raised = *obligation;
	raised->raised_ms = step->cause.at_ms;
	raised->due_ms = SF_NEVER_MS;
	raised->decides_ms = SF_NEVER_MS;
	sf_obligation_become(raised, raised->state, step->cause.at_ms);
	return raised;
}

void sf_obligation_become(struct sf_obligation *obligation, enum sf_task_state state, int64_t at_ms)
{
	obligation->state = state;
	obligation->since_ms = at_ms;
	obligation->parked = SF_TASK_STATE_NONE;
	obligation->ended_ms = sf_obligation_is_open(obligation) ? 0 : at_ms;
}

void sf_obligation_meet(
	struct sf_step *step, struct sf_obligation *obligation, struct sf_id message)
{
	if (obligation->expired_ms != 0 || obligation->due_ms <= step->cause.at_ms)
		sf_step_deviates(step, SF_DEVIATION_LATE);
	obligation->met_by = message;
	obligation->undecided = false;
	sf_obligation_become(obligation, SF_TASK_COMPLETED, step->cause.at_ms);
}

void sf_obligation_restart(struct sf_obligation *obligation, int64_t at_ms)
{
	int64_t length_ms = obligation->stated_due_ms - obligation->base_ms;
	if (obligation->stated_due_ms != SF_NEVER_MS && length_ms > 0)
		obligation->stated_due_ms = at_ms + length_ms;
	obligation->base_ms = at_ms;
	obligation->held_ms = 0;
	obligation->expired_ms = 0;
	obligation->rungs_climbed = 0;
	obligation->alarm_seen = false;
	obligation->seen_by = (struct sf_id){0};
}

/* 0 in a fact says nothing. */
static int64_t stated(int64_t due_ms)
{
	return due_ms > 0 ? due_ms : SF_NEVER_MS;
}

/* Nobody bound: it is owed all the same, and the list of the hospital shows that it has no owner.
 */
static uint16_t raise_asked(
	struct sf_step *step, enum sf_duty duty, enum sf_role owner, int64_t due_ms)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	bool requested = step->message->fact.kind == SF_KIND_OBLIGATION;
	step->obligation =
		sf_duty_raise(step, &(struct sf_obligation){
					    .subject = step->message->id,
					    .duty = duty,
					    .state = SF_TASK_REQUESTED,
					    .owner_role = owner,
					    .owner = sf_standing_party(step->standing, owner),
					    .requester = step->message->author,
					    .treatment = requested ? fact->treatment : SF_ROLE_NONE,
					    .payer = requested ? fact->payer : SF_ROLE_NONE,
					    .base_ms = step->cause.at_ms,
					    .stated_due_ms = stated(due_ms),
				    });
	if (!step->obligation)
		return 0;
	return sf_id_is_none(step->obligation->owner) ? SF_DEVIATION_FIND_RECEIVER : 0;
}

static bool is_a_role(enum sf_role role)
{
	return role > SF_ROLE_NONE && role < SF_ROLE_COORDINATOR;
}

static uint16_t request(struct sf_step *step)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	if (!sf_id_is_none(fact->subject) || fact->duty == SF_DUTY_NONE ||
		fact->duty > SF_DUTY_OTHER)
		return SF_REFUSAL_OBLIGATION_STATE;
	if (!is_a_role(fact->owner))
		return SF_REFUSAL_OWNER_UNKNOWN;
	return raise_asked(step, fact->duty, fact->owner, fact->due_ms);
}

/* Receivers are found and told by binding and acknowledging, never by saying so. */
static bool is_for_people(const struct sf_obligation *obligation)
{
	return obligation->duty != SF_DUTY_FIND_RECEIVER &&
	       obligation->duty != SF_DUTY_TELL_RECEIVER;
}

/* What is named; without a name what the author owes of that duty already. The newest, open first.
 */
static struct sf_obligation *find_named(const struct sf_step *step)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	struct sf_duties *duties = &step->standing->duties;
	struct sf_obligation *found = NULL;
	for (size_t i = 0; i < duties->count; i++) {
		struct sf_obligation *one = &duties->items[i];
		bool open = sf_obligation_is_open(one);
		bool named = sf_id_is_none(fact->subject)
				     ? open && one->clause == 0 && one->duty == fact->duty &&
					       sf_id_equal(one->owner, step->message->author)
				     : sf_id_equal(one->subject, fact->subject) &&
					       one->clause == fact->clause;
		if (named && is_for_people(one) &&
			(open || !found || !sf_obligation_is_open(found)))
			found = one;
	}
	return found;
}

/* clang-format off */
#define SAME(state) [SF_TASK_OFFER] = (state), [SF_TASK_SEE_ALARM] = (state), \
	[SF_TASK_CANCEL] = SF_TASK_CANCELLED
#define ENDS [SF_TASK_COMPLETE] = SF_TASK_COMPLETED, [SF_TASK_FAIL] = SF_TASK_FAILED
/*
 * requested -> received -> accepted -> in-progress -> completed; steps may be left out, never taken
 * back. A rejection waits for somebody to offer it onward. An absent cell is obligation-state.
 */
static const enum sf_task_state next_states[][SF_TASK_SEE_ALARM + 1] = {
	[SF_TASK_REQUESTED] = {[SF_TASK_RECEIVE] = SF_TASK_RECEIVED, [SF_TASK_ACCEPT] = SF_TASK_ACCEPTED,
		[SF_TASK_START] = SF_TASK_IN_PROGRESS, [SF_TASK_REJECT] = SF_TASK_REJECTED,
		[SF_TASK_HOLD] = SF_TASK_ON_HOLD, ENDS, SAME(SF_TASK_REQUESTED)},
	[SF_TASK_RECEIVED] = {[SF_TASK_ACCEPT] = SF_TASK_ACCEPTED, [SF_TASK_START] = SF_TASK_IN_PROGRESS,
		[SF_TASK_REJECT] = SF_TASK_REJECTED, [SF_TASK_HOLD] = SF_TASK_ON_HOLD, ENDS,
		SAME(SF_TASK_RECEIVED)},
	[SF_TASK_ACCEPTED] = {[SF_TASK_START] = SF_TASK_IN_PROGRESS, [SF_TASK_REJECT] = SF_TASK_REJECTED,
		[SF_TASK_HOLD] = SF_TASK_ON_HOLD, ENDS, SAME(SF_TASK_ACCEPTED)},
	[SF_TASK_IN_PROGRESS] = {[SF_TASK_HOLD] = SF_TASK_ON_HOLD, ENDS, SAME(SF_TASK_IN_PROGRESS)},
	[SF_TASK_REJECTED] = {[SF_TASK_OFFER] = SF_TASK_REFERRED_ONWARD,
		[SF_TASK_SEE_ALARM] = SF_TASK_REJECTED, [SF_TASK_CANCEL] = SF_TASK_CANCELLED},
	[SF_TASK_REFERRED_ONWARD] = {SAME(SF_TASK_REFERRED_ONWARD)},
	[SF_TASK_ON_HOLD] = {[SF_TASK_RESUME] = SF_TASK_ACCEPTED, ENDS, SAME(SF_TASK_ON_HOLD)},
};
/* clang-format on */
#undef SAME
#undef ENDS

static enum sf_task_state next_state(
	const struct sf_obligation *obligation, enum sf_task_action action)
{
	if ((size_t)obligation->state >= SF_COUNT(next_states) || action > SF_TASK_SEE_ALARM)
		return SF_TASK_STATE_NONE;
	return next_states[obligation->state][action];
}

/* Who asked for it, or the hospital for another: never for what a clause asks. */
static bool may_cancel(const struct sf_step *step, const struct sf_obligation *obligation)
{
	struct sf_id author = step->message->author;
	return !sf_id_is_none(obligation->requester) &&
	       (sf_id_equal(author, obligation->requester) ||
		       sf_id_equal(author, step->standing->hospital));
}

static bool may_act(const struct sf_step *step, const struct sf_obligation *obligation,
	enum sf_task_action action)
{
	struct sf_id author = step->message->author;
	bool owns = sf_id_equal(author, obligation->owner);
	bool asked = sf_id_equal(author, obligation->requester) ||
		     sf_id_equal(author, step->standing->hospital);
	if (action == SF_TASK_CANCEL)
		return may_cancel(step, obligation);
	if (action == SF_TASK_OFFER || action == SF_TASK_SEE_ALARM)
		return owns || asked;
	return owns;
}

static bool has_direction(const struct sf_step *step)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	if (sf_id_equal(fact->refer_to_party, step->message->author))
		return false;
	return fact->refer_to_role != SF_ROLE_NONE || !sf_id_is_none(fact->refer_to_party);
}

static uint16_t offer(struct sf_step *step, struct sf_obligation *obligation)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	struct sf_id to = sf_standing_party(step->standing, fact->owner);
	if (!is_a_role(fact->owner) || sf_id_is_none(to))
		return SF_REFUSAL_OWNER_UNKNOWN;
	if (sf_id_equal(to, obligation->owner))
		return SF_REFUSAL_SELF;
	obligation->offered_role = fact->owner;
	return 0;
}

/* The one it was offered to answers: it owns it, or the old owner still does. */
static uint16_t answer_offer(struct sf_step *step, struct sf_obligation *obligation)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	if (fact->action == SF_TASK_REJECT) {
		if (!has_direction(step))
			return SF_REFUSAL_NO_DIRECTION;
		if (obligation->state == SF_TASK_REFERRED_ONWARD)
			sf_obligation_become(obligation, SF_TASK_REJECTED, step->cause.at_ms);
		obligation->offered_role = SF_ROLE_NONE;
		obligation->refer_to_role = fact->refer_to_role;
		obligation->refer_to_party = fact->refer_to_party;
		return 0;
	}
	obligation->owner_role = obligation->offered_role;
	obligation->owner = step->message->author;
	obligation->offered_role = SF_ROLE_NONE;
	obligation->refer_to_role = SF_ROLE_NONE;
	obligation->refer_to_party = (struct sf_id){0};
	sf_obligation_restart(obligation, step->cause.at_ms);
	if (fact->due_ms > 0 && obligation->clause == 0)
		obligation->stated_due_ms = fact->due_ms;
	sf_obligation_become(obligation, SF_TASK_ACCEPTED, step->cause.at_ms);
	return 0;
}

static bool is_offered_to_author(const struct sf_step *step, const struct sf_obligation *obligation)
{
	enum sf_task_action action = step->message->fact.obligation.action;
	return sf_obligation_is_open(obligation) && obligation->offered_role != SF_ROLE_NONE &&
	       (action == SF_TASK_ACCEPT || action == SF_TASK_REJECT) &&
	       sf_id_equal(sf_standing_party(step->standing, obligation->offered_role),
		       step->message->author);
}

static void resume(struct sf_obligation *obligation, int64_t at_ms)
{
	int64_t until_ms = at_ms;
	if (obligation->hold_until_ms != 0 && obligation->hold_until_ms < until_ms)
		until_ms = obligation->hold_until_ms;
	if (obligation->expired_ms == 0 && until_ms > obligation->since_ms)
		obligation->held_ms += until_ms - obligation->since_ms;
	obligation->hold_until_ms = 0;
}

/* What an action asks of its fact, and does besides changing the state. */
static uint16_t act(struct sf_step *step, struct sf_obligation *obligation)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	int64_t at_ms = step->cause.at_ms;
	switch (fact->action) {
	case SF_TASK_ACCEPT:
		if (fact->due_ms > 0 && obligation->clause == 0)
			obligation->stated_due_ms = fact->due_ms;
		break;
	case SF_TASK_REJECT:
		if (!has_direction(step))
			return SF_REFUSAL_NO_DIRECTION;
		obligation->refer_to_role = fact->refer_to_role;
		obligation->refer_to_party = fact->refer_to_party;
		break;
	case SF_TASK_HOLD:
		/* Who owes what a clause asks says until when: its deadline is not his to end. */
		if (fact->hold_until_ms == 0 ? obligation->clause != 0
					     : fact->hold_until_ms <= at_ms)
			return SF_REFUSAL_OBLIGATION_STATE;
		obligation->hold_until_ms = fact->hold_until_ms;
		break;
	case SF_TASK_RESUME:
		resume(obligation, at_ms);
		break;
	case SF_TASK_COMPLETE:
		/* What a clause asks is met by what the clause names, not by saying so. */
		if (obligation->duty == SF_DUTY_EXPECTATION)
			return SF_REFUSAL_OBLIGATION_STATE;
		sf_obligation_meet(step, obligation, step->message->id);
		break;
	case SF_TASK_OFFER:
		return offer(step, obligation);
	case SF_TASK_SEE_ALARM:
		if (obligation->expired_ms == 0 || obligation->alarm_seen)
			return SF_REFUSAL_OBLIGATION_STATE;
		obligation->alarm_seen = true;
		obligation->seen_by = step->message->author;
		break;
	case SF_TASK_RECEIVE:
	case SF_TASK_START:
	case SF_TASK_CANCEL:
	case SF_TASK_FAIL:
	case SF_TASK_REQUEST:
	case SF_TASK_ACTION_NONE:
		break;
	}
	return 0;
}

/* What a party does without having been asked, it owes from then on. */
static uint16_t begin_unasked(struct sf_step *step)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	bool begins = fact->action == SF_TASK_ACCEPT || fact->action == SF_TASK_START ||
		      fact->action == SF_TASK_COMPLETE || fact->action == SF_TASK_FAIL;
	const struct sf_member *member = sf_standing_member(step->standing, step->message->author);
	if (!sf_id_is_none(fact->subject) || !begins || fact->duty == SF_DUTY_NONE ||
		fact->duty > SF_DUTY_OTHER)
		return SF_REFUSAL_OBLIGATION_UNKNOWN;
	if (!member || member->role == SF_ROLE_NONE)
		return SF_REFUSAL_AUTHOR_ROLE;
	return raise_asked(step, fact->duty, member->role, fact->due_ms);
}

uint16_t sf_duty_obligation(struct sf_step *step)
{
	const struct sf_obligation_fact *fact = &step->message->fact.obligation;
	if (fact->action == SF_TASK_REQUEST)
		return request(step);
	struct sf_obligation *obligation = find_named(step);
	if (!obligation) {
		uint16_t code = begin_unasked(step);
		if (code || !step->obligation)
			return code;
		obligation = step->obligation;
	}
	step->obligation = obligation;
	if (is_offered_to_author(step, obligation))
		return answer_offer(step, obligation);
	if (!may_act(step, obligation, fact->action))
		return SF_REFUSAL_NOT_OWNER;
	/* A promised answer is given, or promised anew: nothing else is done about it. */
	if (obligation->duty == SF_DUTY_PROMISED_ANSWER && fact->action != SF_TASK_SEE_ALARM)
		return SF_REFUSAL_OBLIGATION_STATE;
	enum sf_task_state next = next_state(obligation, fact->action);
	if (next == SF_TASK_STATE_NONE)
		return SF_REFUSAL_OBLIGATION_STATE;
	uint16_t code = act(step, obligation);
	if (code == 0 && next != obligation->state)
		sf_obligation_become(obligation, next, step->cause.at_ms);
	return code;
}

/* Asked for by nobody: its author has bound itself, and only an answer frees it. */
void sf_duty_promise(struct sf_step *step, int64_t promised_ms)
{
	struct sf_id author = step->message->author;
	const struct sf_member *member = sf_standing_member(step->standing, author);
	sf_ignore(sf_duty_raise(step, &(struct sf_obligation){
					      .subject = step->message->id,
					      .duty = SF_DUTY_PROMISED_ANSWER,
					      .state = SF_TASK_ACCEPTED,
					      .owner_role = member ? member->role : SF_ROLE_NONE,
					      .owner = author,
					      .requester = author,
					      .base_ms = step->cause.at_ms,
					      .stated_due_ms = promised_ms,
				      }) != NULL);
}

uint16_t sf_duty_question(struct sf_step *step)
{
	const struct sf_question *question = &step->message->fact.question;
	if (!is_a_role(question->to))
		return SF_REFUSAL_OWNER_UNKNOWN;
	if (sf_id_equal(sf_standing_party(step->standing, question->to), step->message->author))
		return SF_REFUSAL_SELF;
	return raise_asked(step, SF_DUTY_ANSWER, question->to, question->answer_by_ms);
}

uint16_t sf_duty_answer(struct sf_step *step)
{
	struct sf_duties *duties = &step->standing->duties;
	for (size_t i = 0; i < duties->count; i++) {
		struct sf_obligation *one = &duties->items[i];
		if (one->duty != SF_DUTY_ANSWER || !sf_obligation_is_open(one) ||
			!sf_id_equal(one->subject, step->message->in_reply_to))
			continue;
		if (!sf_id_equal(one->owner, step->message->author))
			return SF_REFUSAL_NOT_OWNER;
		sf_obligation_meet(step, one, step->message->id);
		return 0;
	}
	return SF_REFUSAL_QUESTION_UNKNOWN;
}

/* MEDCOM.md, Messages, "from -> to": anybody writes a correspondence, and what is not named here.
 */
bool sf_step_letter_is_of_author(const struct sf_step *step)
{
	bool hospital = sf_id_equal(step->message->author, step->standing->hospital);
	switch (step->message->fact.letter.code) {
	case SF_LETTER_CARE_PLAN:
	case SF_LETTER_READINESS:
	case SF_LETTER_DISCHARGE_REPORT:
	case SF_LETTER_DISCHARGE_LETTER:
	case SF_LETTER_REHABILITATION_PLAN:
	case SF_LETTER_PSYCHIATRIC_AGREEMENT:
	case SF_LETTER_COORDINATION_PLAN:
		return hospital;
	case SF_LETTER_ADMISSION_REPORT:
		return !hospital;
	case SF_LETTER_CORRESPONDENCE:
	case SF_LETTER_NONE:
		break;
	}
	return true;
}

uint16_t sf_duty_letter(struct sf_step *step)
{
	if (!sf_step_letter_is_of_author(step))
		return SF_DEVIATION_LETTER_AUTHOR;
	if (!sf_id_equal(step->message->author, step->standing->hospital))
		return 0;
	/* DOMAIN.md section 1: rehabilitation is of concern when its plan comes. */
	if (step->message->fact.letter.code == SF_LETTER_REHABILITATION_PLAN)
		sf_membership_activate(step, SF_DOMAIN_BIT(SF_DOMAIN_REHABILITATION));
	return sf_handover_letter(step);
}
