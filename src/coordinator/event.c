/* What every recorded event has in common: its leaf, its head, the row of its transition. */
#include "coordinator/state.h"

#include "coordinator/leaf.h"

#include <stdlib.h>

enum sf_err sf_coordinator_append(struct sf_coordinator *coordinator, uint64_t route,
	const struct sf_row_event *row, struct sf_cached_transition *cached,
	struct sf_recording **ret_recording)
{
	struct sf_recording *recording = sf_arena_take(&coordinator->arena, sizeof(*recording));
	if (!recording)
		return SF_ERR_LIMIT;
	*recording = (struct sf_recording){.row = *row, .route = route, .cached = cached};
	struct sf_row_event *event = &recording->row;
	coordinator->ports.env.random(
		coordinator->ports.env.self, event->r.bytes, sizeof(event->r.bytes));
	event->leaf_index = coordinator->leaf_count++;
	event->recorded_ms = coordinator->recorded_ms;
	*coordinator->recording_last = recording;
	coordinator->recording_last = &recording->next;
	coordinator->recording_count++;
	*ret_recording = recording;
	if (cached)
		cached->updated_ms = event->recorded_ms;
	return cached ? sf_coordinator_touch(coordinator, cached) : SF_OK;
}

enum sf_err sf_coordinator_touch(
	struct sf_coordinator *coordinator, struct sf_cached_transition *cached)
{
	if (cached->changed)
		return SF_OK;
	struct sf_changed *changed = sf_arena_take(&coordinator->arena, sizeof(*changed));
	if (!changed)
		return SF_ERR_LIMIT;
	*changed = (struct sf_changed){cached, coordinator->changed_first};
	coordinator->changed_first = changed;
	cached->changed = true;
	if (cached->opened_ms == 0)
		cached->opened_ms = coordinator->recorded_ms;
	return SF_OK;
}

/* The row of a derived fact from its sealed envelope. */
static enum sf_err complete_derived(struct sf_coordinator *coordinator,
	struct sf_recording *recording, const struct sf_seal_item *item, struct sf_diag *diag)
{
	struct sf_envelope envelope;
	enum sf_err err = sf_envelope_parse(sf_buf_view(&item->envelope), &envelope, diag);
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	if (!err)
		err = sf_cover_write(&envelope, &item->names.sealed, &cover);
	if (!err) {
		recording->row.cover = sf_arena_copy(&coordinator->arena, sf_buf_view(&cover));
		recording->row.digest = item->names.digest;
		err = recording->row.cover.data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&cover);
	if (err)
		return err;
	const struct sf_row_envelope row = {
		recording->row.envelope_id, item->names.digest, recording->row.leaf_index};
	const struct sf_store *store = &coordinator->ports.store;
	return store->insert(store->self, &sf_table_envelope, &row, diag);
}

/* One batch: count items, whose recordings come in the same order from first on. */
static enum sf_err seal_batch(struct sf_coordinator *coordinator, struct sf_recording *first,
	struct sf_seal_item *items, size_t count, struct sf_diag *diag)
{
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	struct sf_seal_batch *batch = NULL;
	enum sf_err err = crypto->seal_begin(
		crypto->self, coordinator->options.identity_key_id, items, count, NULL, 0, &batch);
	for (size_t i = 0; i < count && !err; i++)
		crypto->seal_one(crypto->self, batch, &items[i]);
	if (!err)
		err = crypto->seal_finish(crypto->self, batch);
	size_t done = 0;
	for (struct sf_recording *at = first; at && done < count && !err; at = at->next)
		if (at->header.size > 0)
			err = complete_derived(coordinator, at, &items[done++], diag);
	crypto->seal_close(crypto->self, &batch);
	return err;
}

/* WIRE section 4: derived facts are envelopes without slots under the coordinator's identity. */
static enum sf_err seal_derived(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct sf_recording *at = *coordinator->settled_last;
	enum sf_err err = SF_OK;
	while (at && !err) {
		struct sf_recording *first = at;
		size_t count = 0;
		for (; at && count < SF_BATCH_COUNT_MAX; at = at->next)
			count += at->header.size > 0;
		if (count == 0)
			break;
		struct sf_seal_item *items = calloc(count, sizeof(*items));
		if (!items)
			return SF_ERR_MEMORY;
		size_t used = 0;
		for (struct sf_recording *each = first; each != at; each = each->next) {
			if (each->header.size == 0)
				continue;
			items[used].header = each->header;
			sf_buf_init(&items[used++].envelope, SF_COVER_SIZE_MAX);
		}
		err = seal_batch(coordinator, first, items, count, diag);
		for (size_t i = 0; i < count; i++)
			sf_buf_fini(&items[i].envelope);
		free(items);
	}
	return err;
}

static enum sf_err chain(
	struct sf_coordinator *coordinator, struct sf_recording *recording, struct sf_diag *diag)
{
	uint8_t *leaf = sf_arena_take(&coordinator->arena, SF_LEAF_SIZE);
	if (!leaf)
		return SF_ERR_LIMIT;
	struct sf_row_event *row = &recording->row;
	if (recording->cached)
		row->previous_head = recording->cached->head;
	sf_row_event_leaf(&coordinator->ports.crypto, row, leaf);
	row->leaf = sf_view_of(leaf, SF_LEAF_SIZE);
	struct sf_digest hash;
	sf_tree_leaf_hash(&coordinator->ports.crypto, row->leaf, &hash);
	SF_ASSERT(sf_tiles_size(&coordinator->log.tiles) ==
		  sf_coordinator_log_place(coordinator, row->leaf_index).index);
	enum sf_err err = sf_tiles_append(&coordinator->log.tiles, &hash, diag);
	if (err || !recording->cached)
		return err;
	sf_log_head(&coordinator->ports.crypto, &row->previous_head, leaf, &row->head);
	recording->cached->head = row->head;
	return SF_OK;
}

static enum sf_err save_transition(struct sf_coordinator *coordinator,
	const struct sf_cached_transition *cached, struct sf_diag *diag)
{
	const struct sf_transition *transition = cached->transition;
	enum sf_urgency urgency = SF_URGENCY_RECORD;
	int64_t due_ms = sf_transition_next_due_ms(transition, &urgency);
	if (cached->stuck)
		due_ms = SF_NEVER_MS;
	struct sf_row_transition row = {
		.id = sf_transition_id(transition),
		.sequence = (int64_t)sf_transition_sequence(transition),
		.head = cached->head,
		.state = (int64_t)sf_transition_state(transition),
		.stay_state = (int64_t)sf_transition_stay(transition)->state,
		.opened_ms = cached->opened_ms,
		.updated_ms = cached->updated_ms,
		.timed = due_ms != SF_NEVER_MS,
		.urgency = (int64_t)urgency,
		.due_ms = due_ms != SF_NEVER_MS ? due_ms : 0,
	};
	sf_coordinator_summarise(coordinator, transition, &row.summary);
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->replace(store->self, &sf_table_transition, &row, diag);
	return err ? err : sf_coordinator_save_concerns(coordinator, transition, diag);
}

enum sf_err sf_coordinator_settle(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	enum sf_err err = seal_derived(coordinator, diag);
	for (struct sf_recording *at = *coordinator->settled_last; at && !err; at = at->next)
		err = chain(coordinator, at, diag);
	coordinator->settled_last = coordinator->recording_last;
	for (; coordinator->changed_first && !err;
		coordinator->changed_first = coordinator->changed_first->next) {
		struct sf_cached_transition *cached = coordinator->changed_first->cached;
		cached->changed = false;
		err = save_transition(coordinator, cached, diag);
	}
	return err ? err : sf_coordinator_keep_folds(coordinator, diag);
}
