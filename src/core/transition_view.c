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

/* DOMAIN.md section 4. Plan, readiness and windows will refine OPEN and FOLLOW-UP. */
enum sf_transition_state sf_transition_state(const struct sf_transition *transition)
{
	const struct sf_standing *now = transition->now;
	switch (now->stay.state) {
	case SF_STAY_NONE:
		return now->ledger.open ? SF_TRANSITION_OPEN : SF_TRANSITION_EMPTY;
	case SF_STAY_IN_HOSPITAL:
	case SF_STAY_ON_LEAVE:
		return SF_TRANSITION_OPEN;
	case SF_STAY_HOME:
		return has_open_offer(&now->ledger) ? SF_TRANSITION_IN_TRANSIT
						    : SF_TRANSITION_FOLLOW_UP;
	case SF_STAY_DEAD:
	case SF_STAY_ANNULLED:
	case SF_STAY_SUPERSEDED:
	case SF_STAY_CLOSED:
		return SF_TRANSITION_CLOSED;
	}
	return SF_TRANSITION_EMPTY;
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

/* Does what is signed and not yet recorded make the party a taker of the domain? */
static bool may_take(const struct sf_standing *now, struct sf_id party, enum sf_domain domain,
	const struct sf_pending_take *pending)
{
	if (!(pending->domains & SF_DOMAIN_BIT(domain)))
		return false;
	if (sf_id_is_none(pending->offer))
		return sf_id_equal(party, now->hospital) || sf_id_is_none(now->hospital);
	bool known = false;
	for (size_t i = 0; i < now->ledger.offer_count; i++) {
		const struct sf_ledger_offer *offer = &now->ledger.offers[i];
		if (!sf_id_equal(offer->id, pending->offer))
			continue;
		known = true;
		/* A cancelled death opens it again, a later binding may name this party. */
		bool may_open = offer->state == SF_OFFER_OPEN || offer->state == SF_OFFER_ANNULLED;
		bool to_party = sf_id_equal(offer->to, party) || sf_id_is_none(offer->to);
		if (may_open && to_party &&
			(offer->domains & ~offer->lapsed & SF_DOMAIN_BIT(domain)))
			return true;
	}
	return !known;
}

bool sf_transition_may_hold(const struct sf_transition *transition, struct sf_id party,
	enum sf_domain domain, const struct sf_pending_take *pending, size_t pending_count)
{
	if ((unsigned)domain >= SF_DOMAIN_COUNT || sf_id_is_none(party))
		return false;
	if (sf_id_equal(sf_transition_holder(transition, domain), party))
		return true;
	/*
	 * A cancelled death gives the domains back to whoever held them, without asking. That party
	 * cannot know the moment, so it stays answerable while all it has seen is the death.
	 */
	const struct sf_standing *now = transition->now;
	if (!now->ledger.open && now->stay.state == SF_STAY_DEAD &&
		sf_id_equal(now->ledger.last[domain], party))
		return true;
	for (size_t i = 0; i < pending_count; i++)
		if (may_take(transition->now, party, domain, &pending[i]))
			return true;
	return false;
}
