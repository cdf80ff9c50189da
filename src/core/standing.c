/* What a step may change: its copy, what it keeps between steps, and the rules it must hold. */
#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/transition_state.h"

void sf_standing_close(struct sf_standing **standing)
{
	if (!*standing)
		return;
	sf_ledger_fini(&(*standing)->ledger);
	sf_duties_fini(&(*standing)->duties);
	free((*standing)->members);
	free(*standing);
	*standing = NULL;
}

enum sf_err sf_standing_copy(const struct sf_standing *now, struct sf_standing **ret_copy)
{
	struct sf_standing *copy = malloc(sizeof(*copy));
	*ret_copy = copy;
	if (!copy)
		return SF_ERR_MEMORY;
	*copy = *now;
	copy->duties = (struct sf_duties){0};
	sf_ledger_init(&copy->ledger);
	copy->member_capacity = SF_TRANSITION_PARTIES_MAX;
	copy->members = malloc(copy->member_capacity * sizeof(*copy->members));
	enum sf_err err = copy->members ? SF_OK : SF_ERR_MEMORY;
	if (!err && now->member_count > 0)
		memcpy(copy->members, now->members, now->member_count * sizeof(*now->members));
	if (!err)
		err = sf_ledger_copy(&copy->ledger, &now->ledger);
	if (!err)
		err = sf_duties_copy(&copy->duties, &now->duties);
	if (err)
		sf_standing_close(ret_copy);
	return err;
}

void sf_standing_trim(struct sf_standing *standing)
{
	void *items = standing->members;
	sf_array_trim(&items, &standing->member_capacity, standing->member_count,
		sizeof(*standing->members));
	standing->members = items;
	sf_ledger_trim(&standing->ledger);
	struct sf_duties *duties = &standing->duties;
	items = duties->items;
	sf_array_trim(&items, &duties->capacity, duties->count, sizeof(*duties->items));
	duties->items = items;
	items = duties->signs;
	sf_array_trim(&items, &duties->sign_capacity, duties->sign_count, sizeof(*duties->signs));
	duties->signs = items;
	items = duties->deviations;
	sf_array_trim(&items, &duties->deviation_capacity, duties->deviation_count,
		sizeof(*duties->deviations));
	duties->deviations = items;
}

static const char *broken_membership(const struct sf_standing *standing)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		struct sf_id holder = sf_ledger_holder(&standing->ledger, (enum sf_domain)domain);
		if (!sf_id_is_none(holder) && !sf_standing_member(standing, holder))
			return "R1 the holder is a member";
	}
	for (size_t i = 0; i < standing->ledger.offer_count; i++) {
		const struct sf_ledger_offer *offer = &standing->ledger.offers[i];
		if (offer->state == SF_OFFER_OPEN && !sf_id_is_none(offer->to) &&
			!sf_standing_member(standing, offer->to))
			return "R3 an open offer is to a member";
	}
	return NULL;
}

/* By which a clause moved something: one recorded before, or the step's own. */
static bool is_derived_event(
	const struct sf_transition *transition, const struct sf_message *current, struct sf_id id)
{
	if (current && sf_id_equal(current->id, id) && sf_kind_is_derived(current->fact.kind))
		return true;
	for (size_t i = 0; i < transition->recorded_count; i++)
		if (sf_id_equal(transition->recorded[i].message, id) &&
			sf_kind_is_derived(transition->recorded[i].kind) &&
			transition->recorded[i].outcome != SF_OUTCOME_REFUSED)
			return true;
	return false;
}

static const char *broken_clause(const struct sf_transition *transition,
	const struct sf_standing *standing, const struct sf_message *current)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		size_t index = standing->ledger.current[domain];
		if (index == SF_LEDGER_NO_LINE)
			continue;
		const struct sf_ledger_line *line = &standing->ledger.lines[index];
		if (line->basis != SF_BASIS_CLAUSE)
			continue;
		if (!is_derived_event(transition, current, line->basis_message))
			return "R3 a clause moves by a derived event";
		if (sf_transition_acknowledged(transition, line->told, line->holder) != SF_ACK_OK)
			return "R8 a clause moves to who was told";
	}
	return NULL;
}

const char *sf_standing_rule_broken(const struct sf_transition *transition,
	const struct sf_standing *standing, const struct sf_message *current)
{
	const char *rule = sf_ledger_rule_broken(
		&standing->ledger, sf_standing_active(standing), standing->hospital);
	if (!rule)
		rule = broken_membership(standing);
	return rule ? rule : broken_clause(transition, standing, current);
}
