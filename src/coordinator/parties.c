#include "coordinator/parties.h"

#include <stdlib.h>

/* Party ids are random (enrolment draws them), so their first bytes are a hash. */
static size_t place_of(struct sf_id party, size_t slot_count)
{
	return (size_t)sf_get_u64(party.bytes + 8) & (slot_count - 1);
}

void sf_parties_fini(struct sf_parties_table *table)
{
	for (size_t i = 0; i < table->slot_count; i++)
		free(table->slots[i]);
	free(table->slots);
	*table = (struct sf_parties_table){0};
}

struct sf_party_state *sf_parties_find(const struct sf_parties_table *table, struct sf_id party)
{
	if (table->slot_count == 0)
		return NULL;
	for (size_t at = place_of(party, table->slot_count);;
		at = (at + 1) & (table->slot_count - 1)) {
		struct sf_party_state *state = table->slots[at];
		if (!state || sf_id_equal(state->row.party, party))
			return state;
	}
}

static void put(struct sf_party_state **slots, size_t slot_count, struct sf_party_state *state)
{
	size_t at = place_of(state->row.party, slot_count);
	while (slots[at])
		at = (at + 1) & (slot_count - 1);
	slots[at] = state;
}

static bool grow(struct sf_parties_table *table)
{
	size_t slot_count = table->slot_count ? 2 * table->slot_count : 64;
	struct sf_party_state **slots = calloc(slot_count, sizeof(struct sf_party_state *));
	if (!slots)
		return false;
	for (size_t i = 0; i < table->slot_count; i++)
		if (table->slots[i])
			put(slots, slot_count, table->slots[i]);
	free(table->slots);
	table->slots = slots;
	table->slot_count = slot_count;
	return true;
}

struct sf_party_state *sf_parties_add(struct sf_parties_table *table, struct sf_id party)
{
	if (2 * (table->count + 1) > table->slot_count && !grow(table))
		return NULL;
	struct sf_party_state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->row.party = party;
	put(table->slots, table->slot_count, state);
	table->count++;
	return state;
}
