/* Offers and their answers: DOMAIN.md section 5, R3, R4, R5 and R9. */
#include "core/transition_state.h"

/* Offers named by an answer: by the offer's own id, or by the acceptance that closed it. */
static struct sf_ledger_offer *find_offer(struct sf_step *step,
	bool (*wanted)(const struct sf_step *step, const struct sf_ledger_offer *offer))
{
	struct sf_ledger *ledger = &step->standing->ledger;
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (wanted(step, &ledger->offers[i]))
			return &ledger->offers[i];
	return NULL;
}

static bool is_named(const struct sf_step *step, const struct sf_ledger_offer *offer)
{
	return !sf_id_is_none(step->message->in_reply_to) &&
	       sf_id_equal(offer->id, step->message->in_reply_to);
}

static bool is_to_author(const struct sf_step *step, const struct sf_ledger_offer *offer)
{
	return is_named(step, offer) && sf_id_equal(offer->to, step->message->author);
}

static bool is_open_to_author(const struct sf_step *step, const struct sf_ledger_offer *offer)
{
	return is_to_author(step, offer) && offer->state == SF_OFFER_OPEN;
}

static bool is_from_author(const struct sf_step *step, const struct sf_ledger_offer *offer)
{
	return is_named(step, offer) && sf_id_equal(offer->from, step->message->author);
}

static bool is_open_from_author(const struct sf_step *step, const struct sf_ledger_offer *offer)
{
	return is_from_author(step, offer) && offer->state == SF_OFFER_OPEN;
}

/* The acceptance may be named by its own message id, or by the offer that it answered. */
static bool is_accepted_by_author(const struct sf_step *step, const struct sf_ledger_offer *offer)
{
	return offer->state == SF_OFFER_ACCEPTED && sf_id_equal(offer->to, step->message->author) &&
	       (is_named(step, offer) ||
		       sf_id_equal(offer->answered_by, step->message->in_reply_to));
}

/* R3: an answer names an offer that is open and addressed to its author. */
static uint16_t find_answered(struct sf_step *step, struct sf_ledger_offer **ret_offer)
{
	if (!find_offer(step, is_named))
		return SF_REFUSAL_OFFER_UNKNOWN;
	if (!find_offer(step, is_to_author))
		return SF_REFUSAL_NOT_OFFERED_TO_YOU;
	*ret_offer = find_offer(step, is_open_to_author);
	return *ret_offer ? 0 : SF_REFUSAL_OFFER_CLOSED;
}

uint16_t sf_handover_offer(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	const struct sf_offer *offer = &step->message->fact.offer;
	struct sf_id author = step->message->author;
	if (offer->domains == 0 || (offer->domains & ~sf_standing_active(standing)) != 0)
		return SF_REFUSAL_DOMAINS;
	if ((offer->domains & ~sf_ledger_held(&standing->ledger, author)) != 0)
		return SF_REFUSAL_NOT_HOLDER;
	struct sf_id to = sf_standing_bound(standing, offer->to);
	if (sf_id_equal(to, author))
		return SF_REFUSAL_SELF;
	sf_ledger_offer(&standing->ledger, &step->cause, step->message->id, author, offer->to, to,
		offer->domains);
	return sf_id_is_none(to) ? SF_DEVIATION_FIND_RECEIVER : 0;
}

uint16_t sf_handover_accept(struct sf_step *step)
{
	struct sf_ledger_offer *offer;
	uint16_t code = find_answered(step, &offer);
	if (code)
		return code;
	sf_domain_set taken = step->message->fact.accept.domains;
	if (taken == 0 || (taken & ~sf_ledger_offer_remaining(offer)) != 0)
		return SF_REFUSAL_DOMAINS;
	sf_ledger_answer(&step->standing->ledger, &step->cause, offer, SF_OFFER_ACCEPTED, taken);
	return 0;
}

uint16_t sf_handover_refuse(struct sf_step *step)
{
	struct sf_ledger_offer *offer;
	uint16_t code = find_answered(step, &offer);
	if (code)
		return code;
	const struct sf_refuse *refuse = &step->message->fact.refuse;
	bool to_nobody =
		refuse->refer_to_role == SF_ROLE_NONE && sf_id_is_none(refuse->refer_to_party);
	if (to_nobody || sf_id_equal(refuse->refer_to_party, step->message->author))
		return SF_REFUSAL_NO_DIRECTION;
	sf_ledger_answer(&step->standing->ledger, &step->cause, offer, SF_OFFER_REFUSED, 0);
	return 0;
}

bool sf_handover_is_named(struct sf_step *step)
{
	return find_offer(step, is_named) != NULL;
}

/* DOMAIN.md section 2, later(ready-from): no answer of R3, so the giver holds on and is told when.
 */
uint16_t sf_handover_promise(struct sf_step *step)
{
	struct sf_ledger_offer *offer;
	uint16_t code = find_answered(step, &offer);
	if (code)
		return code;
	int64_t promised_ms = step->message->fact.plan_answer.ready_from_ms;
	if (promised_ms <= 0)
		return SF_REFUSAL_HEADER;
	sf_ledger_promise(&step->cause, offer, promised_ms);
	sf_duty_promise(step, promised_ms);
	return 0;
}

/* By its author. A discharge may be several offers under one id: what is open of each goes. */
static uint16_t take_back(struct sf_step *step)
{
	struct sf_ledger *ledger = &step->standing->ledger;
	sf_domain_set wanted = step->message->fact.withdraw.domains;
	sf_domain_set remaining = 0;
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (is_open_from_author(step, &ledger->offers[i]))
			remaining |= sf_ledger_offer_remaining(&ledger->offers[i]);
	if ((wanted & ~remaining) != 0)
		return SF_REFUSAL_DOMAINS;
	for (size_t i = 0; i < ledger->offer_count; i++) {
		sf_domain_set taken = (wanted == 0 ? remaining : wanted) &
				      sf_ledger_offer_remaining(&ledger->offers[i]);
		if (is_open_from_author(step, &ledger->offers[i]) && taken != 0)
			sf_ledger_take_back(&step->cause, &ledger->offers[i], taken);
	}
	return 0;
}

static enum sf_role role_of(const struct sf_standing *standing, struct sf_id party)
{
	const struct sf_member *member = sf_standing_member(standing, party);
	return member ? member->role : SF_ROLE_NONE;
}

/* Domains that the author has asked somebody to take already. */
static sf_domain_set offered_by_author(const struct sf_step *step)
{
	const struct sf_ledger *ledger = &step->standing->ledger;
	sf_domain_set offered = 0;
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (sf_id_equal(ledger->offers[i].from, step->message->author))
			offered |= sf_ledger_offer_remaining(&ledger->offers[i]);
	return offered;
}

/* R9: asked back from the previous holder, or the hospital when that one has left; the taker holds.
 */
static uint16_t ask_back(struct sf_step *step, const struct sf_ledger_offer *accepted)
{
	struct sf_standing *standing = step->standing;
	struct sf_id author = step->message->author;
	sf_domain_set wanted = step->message->fact.withdraw.domains;
	if ((wanted & ~accepted->taken) != 0)
		return SF_REFUSAL_DOMAINS;
	sf_domain_set held = accepted->taken & sf_ledger_held(&standing->ledger, author);
	if (held == 0 || (wanted & ~held) != 0)
		return SF_REFUSAL_NOT_HOLDER;
	sf_domain_set asked = (wanted == 0 ? held : wanted) & ~offered_by_author(step);
	if (asked == 0)
		return SF_REFUSAL_DOMAINS;
	struct sf_id to = accepted->from;
	if (role_of(standing, to) == SF_ROLE_NONE)
		to = standing->hospital;
	if (sf_id_equal(to, author))
		return SF_REFUSAL_SELF;
	sf_ledger_offer(&standing->ledger, &step->cause, step->message->id, author,
		role_of(standing, to), to, asked);
	return 0;
}

uint16_t sf_handover_withdraw(struct sf_step *step)
{
	if (find_offer(step, is_open_from_author))
		return take_back(step);
	const struct sf_ledger_offer *accepted = find_offer(step, is_accepted_by_author);
	if (accepted)
		return ask_back(step, accepted);
	if (find_offer(step, is_from_author) || find_offer(step, is_to_author))
		return SF_REFUSAL_OFFER_CLOSED;
	return find_offer(step, is_named) ? SF_REFUSAL_NOT_OFFERED_TO_YOU
					  : SF_REFUSAL_OFFER_UNKNOWN;
}

/* What the clauses hand over to this role when the trigger came. */
static sf_domain_set handed_over(const struct sf_step *step, const struct sf_pathway_terms *terms,
	const struct sf_trigger *trigger, enum sf_role role)
{
	sf_domain_set domains = 0;
	enum sf_mark mark =
		trigger->kind == SF_KIND_LETTER ? step->message->fact.letter.mark : SF_MARK_NONE;
	for (size_t i = 0; i < terms->handover_count && i < SF_HANDOVER_MAX; i++) {
		const struct sf_handover *handover = &terms->handovers[i];
		int64_t decides_ms;
		if (handover->to == role && sf_trigger_matches(&handover->on, trigger) &&
			sf_conditions_hold(step->standing, &handover->conditions, mark,
				step->cause.at_ms, &decides_ms) != SF_TRUTH_NO)
			domains |= handover->offers;
	}
	return domains;
}

/* What the hospital has asked the party to take already. */
static sf_domain_set asked_of(const struct sf_standing *standing, struct sf_id to)
{
	sf_domain_set asked = 0;
	for (size_t i = 0; i < standing->ledger.offer_count; i++)
		if (sf_id_equal(standing->ledger.offers[i].to, to) &&
			sf_id_equal(standing->ledger.offers[i].from, standing->hospital))
			asked |= sf_ledger_offer_remaining(&standing->ledger.offers[i]);
	return asked;
}

/* R5: one offer to each role, under one id, of what the hospital has and the clauses list. */
static uint16_t offer_by_clause(
	struct sf_step *step, const struct sf_trigger *trigger, struct sf_id id)
{
	struct sf_standing *standing = step->standing;
	const struct sf_pathway_terms *terms = sf_standing_terms(step->transition, standing);
	if (!terms)
		return 0;
	uint16_t code = 0;
	for (enum sf_role role = SF_ROLE_HOSPITAL; role < SF_ROLE_COORDINATOR; role++) {
		struct sf_id to = sf_standing_party(standing, role);
		sf_domain_set domains = handed_over(step, terms, trigger, role) &
					sf_standing_active(standing) &
					sf_ledger_held(&standing->ledger, standing->hospital);
		if (trigger->kind == SF_KIND_LETTER) /* a letter that is sent again */
			domains &= ~asked_of(standing, to);
		if (domains == 0 || sf_id_equal(to, standing->hospital))
			continue;
		sf_ledger_offer(
			&standing->ledger, &step->cause, id, standing->hospital, role, to, domains);
		if (sf_id_is_none(to))
			code = SF_DEVIATION_FIND_RECEIVER;
	}
	return code;
}

static bool is_offer_id(const struct sf_ledger *ledger, struct sf_id id)
{
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (sf_id_equal(ledger->offers[i].id, id))
			return true;
	return false;
}

/*
 * The offer bears the id of the discharge. When that one has been offered before (the patient is
 * home again because a later admission was cancelled) it bears the id of the fact that says so.
 */
uint16_t sf_handover_discharge(struct sf_step *step)
{
	static const struct sf_trigger discharge = {
		.kind = SF_KIND_STAY, .detail = SF_ACTIVITY_DISCHARGE_HOME};
	struct sf_id id = step->standing->stay.discharge;
	if (is_offer_id(&step->standing->ledger, id))
		id = step->message->id;
	return offer_by_clause(step, &discharge, id);
}

uint16_t sf_handover_letter(struct sf_step *step)
{
	struct sf_trigger letter = {
		.kind = SF_KIND_LETTER, .detail = (uint32_t)step->message->fact.letter.code};
	return offer_by_clause(step, &letter, step->message->id);
}
