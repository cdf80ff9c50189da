#include "core/responsibility.h"

const char *sf_basis_text(enum sf_basis basis)
{
	switch (basis) {
	case SF_BASIS_OPENING:
		return "opening";
	case SF_BASIS_ACCEPT:
		return "accept";
	case SF_BASIS_CLAUSE:
		return "clause";
	case SF_BASIS_HOSPITAL:
		return "hospital";
	case SF_BASIS_RESTORED:
		return "restored";
	}
	return "unknown";
}

const char *sf_offer_state_text(enum sf_offer_state state)
{
	switch (state) {
	case SF_OFFER_OPEN:
		return "open";
	case SF_OFFER_ACCEPTED:
		return "accepted";
	case SF_OFFER_REFUSED:
		return "refused";
	case SF_OFFER_WITHDRAWN:
		return "withdrawn";
	case SF_OFFER_ANNULLED:
		return "annulled";
	}
	return "unknown";
}

sf_domain_set sf_ledger_offer_remaining(const struct sf_ledger_offer *offer)
{
	return offer->state == SF_OFFER_OPEN ? offer->domains & ~offer->lapsed : 0;
}

void sf_ledger_init(struct sf_ledger *ledger)
{
	*ledger = (struct sf_ledger){0};
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		ledger->current[domain] = SF_LEDGER_NO_LINE;
}

struct sf_ledger sf_ledger_put(
	struct sf_block *block, const struct sf_ledger *ledger, bool with_room)
{
	struct sf_ledger put = *ledger;
	put.line_capacity = put.line_count + (with_room ? SF_LEDGER_STEP_LINES_MAX : 0);
	put.lines = sf_block_put(
		block, ledger->lines, put.line_count, put.line_capacity, sizeof(*put.lines));
	put.offer_capacity = put.offer_count + (with_room ? SF_LEDGER_STEP_OFFERS_MAX : 0);
	put.offers = sf_block_put(
		block, ledger->offers, put.offer_count, put.offer_capacity, sizeof(*put.offers));
	return put;
}

struct sf_id sf_ledger_holder(const struct sf_ledger *ledger, enum sf_domain domain)
{
	if ((unsigned)domain >= SF_DOMAIN_COUNT || ledger->current[domain] == SF_LEDGER_NO_LINE)
		return (struct sf_id){0};
	return ledger->lines[ledger->current[domain]].holder;
}

sf_domain_set sf_ledger_held(const struct sf_ledger *ledger, struct sf_id party)
{
	sf_domain_set held = 0;
	if (sf_id_is_none(party))
		return held;
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		if (sf_id_equal(sf_ledger_holder(ledger, (enum sf_domain)domain), party))
			held |= SF_DOMAIN_BIT(domain);
	return held;
}

static void close_offer(const struct sf_ledger_cause *cause, struct sf_ledger_offer *offer,
	enum sf_offer_state state)
{
	offer->state = state;
	offer->answered_by = cause->message;
}

/* What the giver no longer holds cannot be accepted from it. */
static void lapse_offers(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	enum sf_domain domain, struct sf_id giver)
{
	for (size_t i = 0; i < ledger->offer_count; i++) {
		struct sf_ledger_offer *offer = &ledger->offers[i];
		if (!sf_id_equal(offer->from, giver) ||
			!(sf_ledger_offer_remaining(offer) & SF_DOMAIN_BIT(domain)))
			continue;
		offer->lapsed |= SF_DOMAIN_BIT(domain);
		if (sf_ledger_offer_remaining(offer) == 0)
			close_offer(cause, offer, SF_OFFER_ANNULLED);
	}
}

void sf_ledger_move(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	enum sf_domain domain, struct sf_id holder, enum sf_basis basis)
{
	struct sf_id giver = sf_ledger_holder(ledger, domain);
	if (sf_id_equal(giver, holder))
		return;
	if (!sf_id_is_none(giver)) {
		ledger->lines[ledger->current[domain]].until_ms = cause->at_ms;
		ledger->current[domain] = SF_LEDGER_NO_LINE;
		lapse_offers(ledger, cause, domain, giver);
	}
	if (sf_id_is_none(holder))
		return;
	struct sf_id told = {{0}};
	if (basis == SF_BASIS_CLAUSE)
		told = cause->told;
	SF_ASSERT(ledger->line_count < ledger->line_capacity);
	ledger->current[domain] = ledger->line_count;
	ledger->lines[ledger->line_count++] = (struct sf_ledger_line){
		.domain = domain,
		.holder = holder,
		.from_ms = cause->at_ms,
		.until_ms = SF_LEDGER_OPEN,
		.sequence = cause->sequence,
		.basis = basis,
		.basis_message = cause->message,
		.told = told,
	};
}

void sf_ledger_move_all(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	sf_domain_set domains, struct sf_id holder, enum sf_basis basis)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		if (domains & SF_DOMAIN_BIT(domain))
			sf_ledger_move(ledger, cause, (enum sf_domain)domain, holder, basis);
}

void sf_ledger_begin(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	sf_domain_set active, struct sf_id hospital, enum sf_basis basis)
{
	ledger->open = true;
	ledger->opened = true;
	ledger->ended_by = (struct sf_id){0};
	sf_ledger_move_all(ledger, cause, active, hospital, basis);
}

void sf_ledger_end(struct sf_ledger *ledger, const struct sf_ledger_cause *cause)
{
	sf_ledger_annul_offers(ledger, cause);
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		ledger->last[domain] = sf_ledger_holder(ledger, (enum sf_domain)domain);
	sf_ledger_move_all(ledger, cause, SF_DOMAIN_ALL, (struct sf_id){0}, SF_BASIS_OPENING);
	ledger->open = false;
	ledger->ended_by = cause->message;
}

void sf_ledger_restore(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	sf_domain_set active, struct sf_id hospital)
{
	struct sf_id end = ledger->ended_by;
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		if (!(active & SF_DOMAIN_BIT(domain)))
			continue;
		struct sf_id last = ledger->last[domain];
		sf_ledger_move(ledger, cause, (enum sf_domain)domain,
			sf_id_is_none(last) ? hospital : last, SF_BASIS_RESTORED);
	}
	ledger->open = true;
	ledger->ended_by = (struct sf_id){0};
	for (size_t i = 0; i < ledger->offer_count; i++) {
		struct sf_ledger_offer *offer = &ledger->offers[i];
		sf_domain_set remaining = offer->domains & ~offer->lapsed;
		if (offer->state == SF_OFFER_ANNULLED && sf_id_equal(offer->answered_by, end) &&
			remaining != 0 && (remaining & ~sf_ledger_held(ledger, offer->from)) == 0) {
			offer->state = SF_OFFER_OPEN;
			offer->answered_by = (struct sf_id){0};
			/* What was promised before the end was promised about another course. */
			offer->promised_by = (struct sf_id){0};
			offer->promised_ms = 0;
		}
	}
}

void sf_ledger_offer(struct sf_ledger *ledger, const struct sf_ledger_cause *cause, struct sf_id id,
	struct sf_id from, enum sf_role to_role, struct sf_id to, sf_domain_set domains)
{
	SF_ASSERT(ledger->offer_count < ledger->offer_capacity);
	ledger->offers[ledger->offer_count++] = (struct sf_ledger_offer){
		.id = id,
		.from = from,
		.to_role = to_role,
		.to = to,
		.domains = domains,
		.state = SF_OFFER_OPEN,
		.since_ms = cause->at_ms,
		.sequence = cause->sequence,
	};
}

void sf_ledger_answer(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	struct sf_ledger_offer *offer, enum sf_offer_state state, sf_domain_set taken)
{
	close_offer(cause, offer, state);
	offer->taken = taken;
	sf_ledger_move_all(ledger, cause, taken, offer->to, SF_BASIS_ACCEPT);
}

void sf_ledger_promise(
	const struct sf_ledger_cause *cause, struct sf_ledger_offer *offer, int64_t promised_ms)
{
	offer->promised_by = cause->message;
	offer->promised_ms = promised_ms;
}

void sf_ledger_take_back(
	const struct sf_ledger_cause *cause, struct sf_ledger_offer *offer, sf_domain_set domains)
{
	offer->lapsed |= domains;
	if (sf_ledger_offer_remaining(offer) == 0)
		close_offer(cause, offer, SF_OFFER_WITHDRAWN);
}

void sf_ledger_annul_offers(struct sf_ledger *ledger, const struct sf_ledger_cause *cause)
{
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (ledger->offers[i].state == SF_OFFER_OPEN)
			close_offer(cause, &ledger->offers[i], SF_OFFER_ANNULLED);
}
