/* What a party knew, and since when: bitemporal answers (DOMAIN section 3). */
#include "coordinator/state.h"

enum sf_err sf_coordinator_learn(struct sf_coordinator *coordinator, struct sf_id party,
	const struct sf_row_queue *queued, struct sf_diag *diag)
{
	if (queued->sequence == 0)
		return SF_OK;
	const struct sf_row_knowledge row = {
		queued->transition, party, queued->sequence, coordinator->recorded_ms};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->insert(store->self, &sf_table_knowledge, &row, diag);
	/* An acknowledgement that was passed on again: known since the first time. */
	return err == SF_ERR_EXISTS ? SF_OK : err;
}

struct known {
	struct sf_coordinator *coordinator;
	struct sf_id party;
	int64_t at_ms;
	uint64_t sequence;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool follow(void *context, const void *row)
{
	struct known *known = context;
	const struct sf_row_event *event = row;
	if (event->recorded_ms > known->at_ms)
		return false;
	bool knows = sf_id_equal(event->author, known->party);
	if (!knows) {
		struct sf_row_knowledge key = {
			.transition = event->transition,
			.party = known->party,
			.sequence = event->sequence,
		};
		const struct sf_store *store = &known->coordinator->ports.store;
		enum sf_err err =
			store->get(store->self, &sf_table_knowledge, 0, &key, known->diag);
		if (err && err != SF_ERR_NOT_FOUND)
			known->err = err;
		knows = !err && key.taken_ms <= known->at_ms;
	}
	if (knows)
		known->sequence = (uint64_t)event->sequence;
	/* Items are sent and taken in order: what comes behind one that it lacks it lacks too. */
	return knows;
}

enum sf_err sf_coordinator_known_sequence(struct sf_coordinator *coordinator,
	struct sf_id transition, struct sf_id party, int64_t at_ms, uint64_t *ret_sequence,
	struct sf_diag *diag)
{
	struct known known = {
		.coordinator = coordinator, .party = party, .at_ms = at_ms, .diag = diag};
	const struct sf_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, follow, &known, diag);
	*ret_sequence = known.sequence;
	return err ? err : known.err;
}
