/* What may be asked of a transition. Nothing here changes it. */
#include "core/transition_state.h"

const char *sf_transition_state_text(enum sf_transition_state state)
{
	switch ((uint32_t)state) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_TRANSITION_STATE_LIST(X)
#undef X
	}
	return "unknown";
}

struct sf_id sf_transition_id(const struct sf_transition *transition)
{
	return transition->id;
}

uint64_t sf_transition_sequence(const struct sf_transition *transition)
{
	return transition->sequence;
}

static bool has_open_offer(const struct sf_ledger *ledger)
{
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (ledger->offers[i].state == SF_OFFER_OPEN)
			return true;
	return false;
}

static bool owes_something(const struct sf_duties *duties)
{
	for (size_t i = 0; i < duties->count; i++)
		if (sf_obligation_is_open(&duties->items[i]))
			return true;
	return false;
}

static bool has_window(const struct sf_standing *standing)
{
	for (size_t i = 0; i < standing->window_count; i++)
		if (standing->windows[i].state == SF_WINDOW_OPEN ||
			standing->windows[i].state == SF_WINDOW_SUSPENDED)
			return true;
	return false;
}

/* While the patient is in the hospital's care, the furthest that the course has come. */
static enum sf_transition_state state_in_care(const struct sf_standing *now)
{
	const struct sf_course *course = &now->course;
	if (sf_standing_is_dormant(now))
		return SF_TRANSITION_DORMANT;
	if (sf_course_agreed_ms(course) != 0)
		return SF_TRANSITION_AGREED;
	if (!sf_id_is_none(course->ready_message))
		return SF_TRANSITION_READY;
	if (course->answer.code == SF_PLAN_ANSWER_ACCEPT ||
		course->answer.code == SF_PLAN_ANSWER_LATER)
		return SF_TRANSITION_PREPARING;
	return sf_id_is_none(course->plan_message) ? SF_TRANSITION_OPEN : SF_TRANSITION_PLANNING;
}

static enum sf_transition_state state_of(const struct sf_standing *now)
{
	if (now->course.closed)
		return SF_TRANSITION_CLOSED;
	switch (now->stay.state) {
	case SF_STAY_NONE:
		if (!now->ledger.open && sf_id_is_none(now->course.plan_message))
			return SF_TRANSITION_EMPTY;
		return state_in_care(now);
	case SF_STAY_IN_HOSPITAL:
	case SF_STAY_ON_LEAVE:
		return state_in_care(now);
	case SF_STAY_HOME:
		if (has_open_offer(&now->ledger))
			return SF_TRANSITION_IN_TRANSIT;
		return has_window(now) ? SF_TRANSITION_SHARED : SF_TRANSITION_FOLLOW_UP;
	case SF_STAY_DEAD:
		/* What is owed after a death is documentation: all else was cancelled by it. */
		return owes_something(&now->duties) ? SF_TRANSITION_FOLLOW_UP
						    : SF_TRANSITION_CLOSED;
	case SF_STAY_ANNULLED:
	case SF_STAY_SUPERSEDED:
	case SF_STAY_CLOSED:
		return SF_TRANSITION_CLOSED;
	}
	return SF_TRANSITION_EMPTY;
}

/* DOMAIN.md section 4. */
enum sf_transition_state sf_transition_state(const struct sf_transition *transition)
{
	return state_of(transition->now);
}

const struct sf_stay *sf_transition_stay(const struct sf_transition *transition)
{
	return &transition->now->stay;
}

bool sf_transition_frozen(const struct sf_transition *transition)
{
	return transition->frozen;
}

const struct sf_parties *sf_transition_parties(const struct sf_transition *transition)
{
	return transition->now->bound ? &transition->now->parties : NULL;
}

sf_domain_set sf_transition_active(const struct sf_transition *transition)
{
	return sf_standing_active(transition->now);
}

struct sf_id sf_transition_holder(const struct sf_transition *transition, enum sf_domain domain)
{
	return sf_ledger_holder(&transition->now->ledger, domain);
}

const struct sf_ledger_line *sf_transition_lines(
	const struct sf_transition *transition, size_t *ret_count)
{
	*ret_count = transition->now->ledger.line_count;
	return transition->now->ledger.lines;
}

const struct sf_ledger_offer *sf_transition_offers(
	const struct sf_transition *transition, size_t *ret_count)
{
	*ret_count = transition->now->ledger.offer_count;
	return transition->now->ledger.offers;
}

const struct sf_member *sf_transition_members(
	const struct sf_transition *transition, size_t *ret_count)
{
	*ret_count = transition->now->member_count;
	return transition->now->members;
}

bool sf_transition_is_member(const struct sf_transition *transition, struct sf_id party)
{
	return sf_standing_member(transition->now, party) != NULL;
}

struct sf_id sf_transition_bound(const struct sf_transition *transition, enum sf_role role)
{
	return sf_standing_bound(transition->now, role);
}

struct sf_id sf_transition_hospital(const struct sf_transition *transition)
{
	return transition->now->hospital;
}

enum sf_ack sf_transition_acknowledged(
	const struct sf_transition *transition, struct sf_id message, struct sf_id party)
{
	enum sf_ack ack = SF_ACK_NONE;
	for (size_t i = 0; i < transition->ack_count; i++) {
		const struct sf_recorded_ack *one = &transition->acks[i];
		if (!sf_id_equal(one->message, message) || !sf_id_equal(one->party, party))
			continue;
		if (ack == SF_ACK_NONE || ack == SF_ACK_TRANSIENT_ERROR)
			ack = one->ack;
	}
	return ack;
}

const struct sf_course *sf_transition_course(const struct sf_transition *transition)
{
	return &transition->now->course;
}

const struct sf_obligation *sf_transition_obligations(
	const struct sf_transition *transition, size_t *ret_count)
{
	*ret_count = transition->now->duties.count;
	return transition->now->duties.items;
}

const struct sf_window *sf_transition_windows(
	const struct sf_transition *transition, size_t *ret_count)
{
	*ret_count = transition->now->window_count;
	return transition->now->windows;
}

const struct sf_deviation *sf_transition_deviations(
	const struct sf_transition *transition, size_t *ret_count)
{
	*ret_count = transition->now->duties.deviation_count;
	return transition->now->duties.deviations;
}

const struct sf_pathway_terms *sf_transition_terms(const struct sf_transition *transition)
{
	return sf_standing_terms(transition, transition->now);
}

const struct sf_agreement *sf_transition_agreement(const struct sf_transition *transition)
{
	return sf_standing_agreement(transition, transition->now);
}

int64_t sf_transition_recorded_ms(const struct sf_transition *transition)
{
	return transition->recorded_ms;
}
