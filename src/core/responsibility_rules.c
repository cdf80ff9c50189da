/* The invariants of the ledger, each a function and a row of the table below. */
#include "core/responsibility.h"

#include "base/check.h"

struct view {
	const struct sf_ledger *ledger; /* borrowed */
	sf_domain_set active;
	struct sf_id hospital;
};

static const struct sf_ledger_line *standing(const struct view *view, unsigned domain)
{
	size_t index = view->ledger->current[domain];
	return index < view->ledger->line_count ? &view->ledger->lines[index] : NULL;
}

/* R1: from opening to closing every active domain has exactly one holder, at every instant. */
static bool one_holder(const struct view *view)
{
	size_t open_lines[SF_DOMAIN_COUNT] = {0};
	int64_t until_ms[SF_DOMAIN_COUNT];
	int64_t from_ms = INT64_MIN;
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		until_ms[domain] = INT64_MIN;
	for (size_t i = 0; i < view->ledger->line_count; i++) {
		const struct sf_ledger_line *line = &view->ledger->lines[i];
		if (sf_id_is_none(line->holder) || line->until_ms < line->from_ms ||
			line->from_ms < from_ms || line->from_ms < until_ms[line->domain])
			return false;
		from_ms = line->from_ms;
		until_ms[line->domain] = line->until_ms;
		open_lines[line->domain] += line->until_ms == SF_LEDGER_OPEN;
	}
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		bool wanted = view->ledger->open && (view->active & SF_DOMAIN_BIT(domain));
		const struct sf_ledger_line *line = standing(view, domain);
		if (open_lines[domain] != (wanted ? 1u : 0u) || (line != NULL) != wanted)
			return false;
		if (line && (line->domain != domain || line->until_ms != SF_LEDGER_OPEN))
			return false;
	}
	return true;
}

static bool accepted_by_holder(const struct view *view, const struct sf_ledger_line *line)
{
	for (size_t i = 0; i < view->ledger->offer_count; i++) {
		const struct sf_ledger_offer *offer = &view->ledger->offers[i];
		if (offer->state == SF_OFFER_ACCEPTED &&
			sf_id_equal(offer->answered_by, line->basis_message) &&
			sf_id_equal(offer->to, line->holder) &&
			(offer->taken & SF_DOMAIN_BIT(line->domain)))
			return true;
	}
	return false;
}

/* R3: moved only by the taker's acceptance of an offer that named it, or by R7 and its like. */
static bool moved_by_acceptance(const struct view *view)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		const struct sf_ledger_line *line = standing(view, domain);
		if (line && line->basis == SF_BASIS_ACCEPT && !accepted_by_holder(view, line))
			return false;
	}
	return true;
}

/* R4, and R3's "the first recorded answer closes": only an accepted offer has taken anything. */
static bool refusals_move_nothing(const struct view *view)
{
	for (size_t i = 0; i < view->ledger->offer_count; i++) {
		const struct sf_ledger_offer *offer = &view->ledger->offers[i];
		bool accepted = offer->state == SF_OFFER_ACCEPTED;
		bool closed = offer->state != SF_OFFER_OPEN;
		if ((offer->taken != 0) != accepted || (offer->taken & ~offer->domains) != 0 ||
			sf_id_is_none(offer->answered_by) == closed)
			return false;
	}
	return true;
}

/* R7: what the hospital takes by opening or admitting, it takes itself. */
static bool hospital_takes_for_itself(const struct view *view)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		const struct sf_ledger_line *line = standing(view, domain);
		bool own = line &&
			   (line->basis == SF_BASIS_OPENING || line->basis == SF_BASIS_HOSPITAL);
		if (own && !sf_id_equal(line->holder, view->hospital))
			return false;
	}
	return true;
}

/* R8: what a clause moved names the derived event, and the fact that its holder was told. */
static bool no_clause_untold(const struct view *view)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		const struct sf_ledger_line *line = standing(view, domain);
		if (!line)
			continue;
		bool by_clause = line->basis == SF_BASIS_CLAUSE;
		if (sf_id_is_none(line->told) == by_clause)
			return false;
		if (by_clause && sf_id_is_none(line->basis_message))
			return false;
	}
	return true;
}

/* R9, and R2 for the giver: who offers holds until another accepts; nothing is open at the end. */
static bool giver_holds(const struct view *view)
{
	for (size_t i = 0; i < view->ledger->offer_count; i++) {
		const struct sf_ledger_offer *offer = &view->ledger->offers[i];
		if (offer->state != SF_OFFER_OPEN)
			continue;
		sf_domain_set remaining = sf_ledger_offer_remaining(offer);
		if (!view->ledger->open || remaining == 0 || sf_id_equal(offer->from, offer->to) ||
			(remaining & ~sf_ledger_held(view->ledger, offer->from)) != 0)
			return false;
	}
	return true;
}

const char *sf_ledger_rule_broken(
	const struct sf_ledger *ledger, sf_domain_set active, struct sf_id hospital)
{
	static const struct {
		bool (*holds)(const struct view *view);
		const char *name;
	} rules[] = {
		{one_holder, "R1 one holder"},
		{moved_by_acceptance, "R3 moved by acceptance"},
		{refusals_move_nothing, "R4 a refusal moves nothing"},
		{hospital_takes_for_itself, "R7 the hospital takes for itself"},
		{no_clause_untold, "R8 no untold clause"},
		{giver_holds, "R9 the giver holds"},
	};
	struct view view = {.ledger = ledger, .active = active, .hospital = hospital};
	for (size_t i = 0; i < SF_COUNT(rules); i++)
		if (!rules[i].holds(&view))
			return rules[i].name;
	return NULL;
}
