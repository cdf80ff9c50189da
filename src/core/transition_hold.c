/*
 * R2: who must act as holder, as far as one replica and what its party has signed can tell. Over
 * all replicas somebody always does; tests/model walks every order of a small world to show it.
 */
#include "core/transition_state.h"

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

/*
 * A cancelled death and a reopening give the domains back to whoever held them, without asking.
 * That party cannot know the moment, so it stays answerable while all it has seen is the end.
 */
static bool may_be_restored(
	const struct sf_standing *now, struct sf_id party, enum sf_domain domain)
{
	bool ended = now->stay.state == SF_STAY_DEAD || now->course.closed;
	return !now->ledger.open && ended && sf_id_equal(now->ledger.last[domain], party);
}

/* Has the party signed that it has the fact? Recorded, or still on the way. */
static bool has_acknowledged(const struct sf_transition *transition, struct sf_id party,
	struct sf_id subject, const struct sf_pending_take *pending, size_t pending_count)
{
	for (size_t i = 0; i < pending_count; i++)
		if (pending[i].acknowledges && sf_id_equal(pending[i].offer, subject))
			return true;
	return sf_transition_acknowledged(transition, subject, party) == SF_ACK_OK;
}

/* A clause names the party as the one to whom the domain goes, when its time has come. */
static bool is_named_by_clause(
	const struct sf_transition *transition, struct sf_id party, enum sf_domain domain)
{
	const struct sf_standing *now = transition->now;
	const struct sf_pathway_terms *terms = sf_standing_terms(transition, now);
	if (!terms)
		return false;
	if (domain == SF_DOMAIN_MEDICAL &&
		sf_id_equal(sf_standing_bound(now, terms->receiver.role), party))
		return true;
	for (size_t i = 0; i < terms->window_count; i++)
		if (terms->windows[i].domain == domain &&
			sf_id_equal(sf_standing_bound(now, terms->windows[i].then), party))
			return true;
	for (size_t i = 0; i < terms->handover_count; i++)
		if (terms->handovers[i].silence == SF_SILENCE_PASSES &&
			(terms->handovers[i].offers & SF_DOMAIN_BIT(domain)) &&
			sf_id_equal(sf_standing_bound(now, terms->handovers[i].to), party))
			return true;
	return false;
}

/*
 * R8's other side: who has acknowledged the discharge that started a clause's clock knows that the
 * clause will move the domain to it, and answers for it from then on, whether or not it has seen
 * the move recorded. The giver lets go when it sees the move; nobody has to see it at the same
 * time.
 */
static bool may_have_passed(const struct sf_transition *transition, struct sf_id party,
	enum sf_domain domain, const struct sf_pending_take *pending, size_t pending_count)
{
	const struct sf_standing *now = transition->now;
	return now->stay.state == SF_STAY_HOME && is_named_by_clause(transition, party, domain) &&
	       has_acknowledged(transition, party, now->stay.discharge, pending, pending_count) &&
	       has_acknowledged(transition, party, sf_standing_told_by(now, now->stay.discharge),
		       pending, pending_count);
}

bool sf_transition_may_hold(const struct sf_transition *transition, struct sf_id party,
	enum sf_domain domain, const struct sf_pending_take *pending, size_t pending_count)
{
	if ((unsigned)domain >= SF_DOMAIN_COUNT || sf_id_is_none(party))
		return false;
	if (sf_id_equal(sf_transition_holder(transition, domain), party) ||
		may_be_restored(transition->now, party, domain) ||
		may_have_passed(transition, party, domain, pending, pending_count))
		return true;
	for (size_t i = 0; i < pending_count; i++)
		if (!pending[i].acknowledges &&
			may_take(transition->now, party, domain, &pending[i]))
			return true;
	return false;
}
