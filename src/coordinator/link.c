/*
 * Transitions of one person (DOMAIN sections 3 and 4): no transfer message exists in Denmark, so an
 * admission elsewhere, or a readmission, shows only in the pseudonym that the parties facts carry.
 */
#include "coordinator/state.h"

#include "core/derived.h"

#define OTHERS_MAX ((size_t)16) /* newest transitions of the person that are looked at */

struct others {
	struct sf_id self;
	size_t count;
	struct sf_id transitions[OTHERS_MAX];
};

static bool keep_other(void *context, const void *row)
{
	struct others *others = context;
	const struct sf_row_person *person = row;
	if (!sf_id_equal(person->transition, others->self))
		others->transitions[others->count++] = person->transition;
	return others->count < OTHERS_MAX;
}

static enum sf_err link_pair(struct sf_coordinator *coordinator, struct sf_cached_transition *a,
	struct sf_cached_transition *b, struct sf_diag *diag)
{
	bool ordered = a->opened_ms != b->opened_ms ? a->opened_ms < b->opened_ms
						    : sf_id_compare(sf_transition_id(a->transition),
							      sf_transition_id(b->transition)) < 0;
	struct sf_cached_transition *older = ordered ? a : b, *newer = ordered ? b : a;
	struct sf_fact in_older, in_newer;
	if (!sf_transition_link(older->transition, newer->transition, &in_older, &in_newer))
		return SF_OK;
	coordinator->counters.linked++;
	enum sf_err err = sf_coordinator_record_derived(coordinator, older, &in_older, NULL, diag);
	return err ? err : sf_coordinator_record_derived(coordinator, newer, &in_newer, NULL, diag);
}

static bool may_link(const struct sf_message *message)
{
	const struct sf_fact *fact = &message->fact;
	return fact->kind == SF_KIND_PARTIES ||
	       (fact->kind == SF_KIND_STAY && sf_activity_is_admission(fact->stay.activity));
}

enum sf_err sf_coordinator_link(struct sf_coordinator *coordinator,
	struct sf_cached_transition *cached, const struct sf_message *message, struct sf_diag *diag)
{
	const struct sf_parties *parties = sf_transition_parties(cached->transition);
	if (!may_link(message) || !parties || sf_id_is_none(parties->person))
		return SF_OK;
	struct sf_row_person row = {
		parties->person, cached->opened_ms, sf_transition_id(cached->transition)};
	struct others others = {.self = row.transition};
	const struct sf_scan scan = {
		.table = &sf_table_person, .equal_count = 1, .from = &row, .descending = true};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, keep_other, &others, diag);
	if (!err)
		err = store->replace(store->self, &sf_table_person, &row, diag);
	for (size_t i = 0; i < others.count && !err; i++) {
		struct sf_cached_transition *other;
		err = sf_coordinator_transition(coordinator, others.transitions[i], &other, diag);
		/* What is due in it comes before what closes it. */
		if (!err)
			err = sf_coordinator_derive_due(coordinator, other, diag);
		if (!err)
			err = link_pair(coordinator, cached, other, diag);
	}
	return err;
}
