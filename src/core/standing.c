/* What a step may change: its copy, what it keeps between steps, and the rules it must hold. */
#include <stdlib.h>

#include "base/check.h"
#include "core/transition_state.h"

/*
 * What is kept takes a multiple of this, so that most steps leave a transition where it is in
 * memory: a block that moves at each step leaves holes of all sizes in the heap.
 */
#define BLOCK_STEP ((size_t)1024)

void sf_standing_close(struct sf_standing **standing)
{
	free(*standing);
	*standing = NULL;
}

/* Members, ledger and duties with their arrays in the block, behind the standing itself. */
struct parts {
	struct sf_standing *standing;
	struct sf_member *members;
	size_t member_capacity;
	struct sf_ledger ledger;
	struct sf_duties duties;
};

static struct parts put_parts(
	struct sf_block *block, const struct sf_standing *standing, bool with_room)
{
	struct parts parts = {
		.standing = sf_block_put(block, standing, 1, 1, sizeof(*standing)),
		.member_capacity = with_room ? SF_TRANSITION_PARTIES_MAX : standing->member_count,
	};
	parts.members = sf_block_put(block, standing->members, standing->member_count,
		parts.member_capacity, sizeof(*standing->members));
	parts.ledger = sf_ledger_put(block, &standing->ledger, with_room);
	parts.duties = sf_duties_put(block, &standing->duties, with_room);
	return parts;
}

static size_t size_of(const struct sf_standing *standing, bool with_room)
{
	struct sf_block block = {0};
	put_parts(&block, standing, with_room);
	return block.size;
}

/* place has room for size bytes, which put_parts measured or more. */
static struct sf_standing *copy_to(
	void *place, size_t size, const struct sf_standing *standing, bool with_room)
{
	struct sf_block block = {.place = place};
	struct parts parts = put_parts(&block, standing, with_room);
	SF_ASSERT(block.size <= size);
	parts.standing->block_size = size;
	parts.standing->members = parts.members;
	parts.standing->member_capacity = parts.member_capacity;
	parts.standing->ledger = parts.ledger;
	parts.standing->duties = parts.duties;
	return parts.standing;
}

enum sf_err sf_standing_copy(const struct sf_standing *now, struct sf_standing **ret_copy)
{
	size_t size = size_of(now, true);
	void *place = malloc(size);
	*ret_copy = place ? copy_to(place, size, now, true) : NULL;
	return place ? SF_OK : SF_ERR_MEMORY;
}

void sf_standing_keep(struct sf_standing **now, struct sf_standing **next)
{
	size_t size = size_of(*next, false);
	size += BLOCK_STEP - 1;
	size -= size % BLOCK_STEP;
	void *place = size == (*now)->block_size ? *now : malloc(size);
	struct sf_standing *kept = place ? copy_to(place, size, *next, false) : *next;
	if (kept != *now)
		sf_standing_close(now);
	if (kept != *next)
		sf_standing_close(next);
	*now = kept;
	*next = NULL;
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
