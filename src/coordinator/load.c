#include "coordinator/state.h"

#include <stdlib.h>

#include "audit/replay.h"

struct entries {
	struct sf_coordinator *coordinator;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool follow_entry(void *context, const void *row)
{
	struct entries *entries = context;
	const struct sf_row_entry *entry = row;
	struct sf_coordinator *coordinator = entries->coordinator;
	entries->err = sf_registry_add(coordinator->directory, &coordinator->ports.crypto,
		&coordinator->options.registrars, entry->record, 0, NULL, entries->diag);
	if (entries->err)
		sf_diag_prefix(entries->diag, "directory entry %lld of the store",
			(long long)entry->version);
	return !entries->err;
}

static enum sf_err load_counter(struct sf_coordinator *coordinator,
	enum sf_coordinator_counter name, int64_t *ret_value, struct sf_diag *diag)
{
	struct sf_row_counter row = {.name = name};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_counter, 0, &row, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	*ret_value = err ? 0 : row.value;
	return SF_OK;
}

/* Everything that memory holds besides caches, as the store says. Also after a lost turn. */
enum sf_err sf_coordinator_load(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	sf_directory_close(&coordinator->directory);
	enum sf_err err = sf_directory_open(&coordinator->directory);
	if (!err)
		err = load_counter(coordinator, SF_COUNTER_LEAF, &coordinator->leaf_count, diag);
	if (!err)
		err = load_counter(
			coordinator, SF_COUNTER_RECORDED, &coordinator->recorded_ms, diag);
	if (!err)
		err = load_counter(
			coordinator, SF_COUNTER_DERIVED, &coordinator->derived_count, diag);
	if (!err)
		err = sf_coordinator_next_timer(coordinator, diag);
	if (err)
		return err;
	struct entries entries = {coordinator, SF_OK, diag};
	const struct sf_scan scan = {.table = &sf_table_entry};
	const struct sf_store *store = &coordinator->ports.store;
	err = store->scan(store->self, &scan, follow_entry, &entries, diag);
	if (!err)
		err = entries.err;
	return err ? err : sf_coordinator_load_log(coordinator, diag);
}

struct replay {
	struct sf_coordinator *coordinator;
	struct sf_transition *transition;
	struct sf_digest head;
	int64_t opened_ms;
	int64_t updated_ms;
	uint64_t until_sequence; /* events behind it are not folded */
	int64_t until_ms;        /* nor those recorded later */
	enum sf_err err;
	struct sf_diag *diag;
};

static bool replay_event(void *context, const void *row)
{
	struct replay *replay = context;
	const struct sf_row_event *event = row;
	if ((uint64_t)event->sequence > replay->until_sequence ||
		event->recorded_ms > replay->until_ms)
		return false;
	const struct sf_recorded recorded = {(enum sf_kind_class)event->kind_class,
		(enum sf_outcome)event->outcome, (uint16_t)event->code, (uint64_t)event->sequence,
		event->recorded_ms, (enum sf_role)event->author_role};
	struct sf_cover cover;
	struct sf_header header = {0};
	struct sf_transition_result result;
	replay->err = sf_cover_parse(event->cover, &cover, replay->diag);
	if (!replay->err)
		replay->err = sf_header_decode(cover.header, &header, replay->diag);
	if (!replay->err)
		replay->err =
			sf_replay_step(replay->transition, &header.message, &recorded, &result);
	/*
	 * Another outcome than was told (a later program, an agreement that is gone): the record
	 * rules and a person must look. Ending here would stop the region for one transition.
	 */
	if (replay->err == SF_ERR_INTEGRITY) {
		sf_coordinator_tell(replay->coordinator, SF_FEED_TROUBLE, event->message_id,
			event->author, (struct sf_id){{0}});
		replay->err = SF_OK;
	}
	replay->head = event->head;
	replay->updated_ms = event->recorded_ms;
	if (replay->opened_ms == 0)
		replay->opened_ms = event->recorded_ms;
	if (replay->err)
		sf_diag_prefix(
			replay->diag, "leaf %lld of the store", (long long)event->leaf_index);
	return !replay->err;
}

static enum sf_err replay_all(struct replay *replay, struct sf_id id)
{
	struct sf_coordinator *coordinator = replay->coordinator;
	enum sf_err err =
		sf_transition_open(id, sf_book_view(coordinator->book), &replay->transition);
	if (err)
		return err;
	const struct sf_row_event key = {.transition = id};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	err = store->scan(store->self, &scan, replay_event, replay, replay->diag);
	if (!err && replay->err)
		err = replay->err == SF_ERR_FORMAT ? SF_ERR_CORRUPT : replay->err;
	if (err)
		sf_transition_close(&replay->transition);
	return err;
}

enum sf_err sf_coordinator_fold(struct sf_coordinator *coordinator, struct sf_id id,
	int64_t until_ms, uint64_t until_sequence, struct sf_cached_transition *ret_folded,
	struct sf_diag *diag)
{
	struct replay replay = {.coordinator = coordinator,
		.until_ms = until_ms,
		.until_sequence = until_sequence,
		.diag = diag};
	enum sf_err err = replay_all(&replay, id);
	if (!err)
		*ret_folded = (struct sf_cached_transition){.transition = replay.transition,
			.head = replay.head,
			.opened_ms = replay.opened_ms,
			.updated_ms = replay.updated_ms};
	return err;
}

enum sf_err sf_coordinator_transition(struct sf_coordinator *coordinator, struct sf_id id,
	struct sf_cached_transition **ret_cached, struct sf_diag *diag)
{
	struct sf_cached_transition *cached = sf_transition_cache_find(&coordinator->cache, id);
	struct sf_cached_transition folded;
	if (cached) {
		*ret_cached = cached;
		return SF_OK;
	}
	enum sf_err err =
		sf_coordinator_fold(coordinator, id, INT64_MAX, UINT64_MAX, &folded, diag);
	if (err)
		return err;
	cached = sf_transition_cache_add(&coordinator->cache, folded.transition);
	if (!cached)
		return SF_ERR_MEMORY;
	cached->head = folded.head;
	cached->opened_ms = folded.opened_ms;
	cached->updated_ms = folded.updated_ms;
	*ret_cached = cached;
	return SF_OK;
}
