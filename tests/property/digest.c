#include "property/digest.h"

/* FNV-1a over the meaning, not over padding. */
static void mix(uint64_t *hash, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	for (size_t i = 0; i < size; i++)
		*hash = (*hash ^ at[i]) * 1099511628211u;
}

static void mix_number(uint64_t *hash, uint64_t number)
{
	mix(hash, &number, sizeof(number));
}

static void mix_ledger(uint64_t *hash, const struct sf_transition *transition)
{
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(transition, &count);
	for (size_t i = 0; i < count; i++) {
		mix(hash, &lines[i].holder, sizeof(lines[i].holder));
		mix(hash, &lines[i].basis_message, sizeof(lines[i].basis_message));
		mix_number(hash, lines[i].domain * 100u + lines[i].basis);
		mix_number(hash, (uint64_t)lines[i].from_ms ^ (uint64_t)lines[i].until_ms << 1);
	}
	const struct sf_ledger_offer *offers = sf_transition_offers(transition, &count);
	for (size_t i = 0; i < count; i++) {
		mix(hash, &offers[i].id, sizeof(offers[i].id));
		mix(hash, &offers[i].to, sizeof(offers[i].to));
		mix(hash, &offers[i].answered_by, sizeof(offers[i].answered_by));
		mix_number(hash, offers[i].state * 1000u + offers[i].taken);
		mix_number(hash, offers[i].domains * 1000u + offers[i].lapsed);
	}
}

uint64_t digest(const struct sf_transition *transition)
{
	uint64_t hash = 14695981039346656037u;
	mix_ledger(&hash, transition);
	size_t count;
	const struct sf_member *members = sf_transition_members(transition, &count);
	for (size_t i = 0; i < count; i++) {
		mix(&hash, &members[i].party, sizeof(members[i].party));
		mix_number(&hash, members[i].role * 2u + members[i].until_relieved);
	}
	const struct sf_stay *stay = sf_transition_stay(transition);
	mix(&hash, &stay->latest, sizeof(stay->latest));
	mix_number(&hash, stay->state * 100u + stay->segment_count);
	mix_number(&hash, (uint64_t)stay->since_ms);
	const struct sf_parties *parties = sf_transition_parties(transition);
	mix_number(&hash, parties ? parties->version : 0);
	mix_number(&hash, sf_transition_active(transition));
	struct sf_id hospital = sf_transition_hospital(transition);
	mix(&hash, &hospital, sizeof(hospital));
	return hash;
}
