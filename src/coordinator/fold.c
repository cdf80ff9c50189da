/*
 * A transition from the store. Its events are appended with all others, so each lies on a page of
 * its own: what was folded once is kept packed in one row, and the next fold reads that row and the
 * few events behind it. The row is a copy: it is left aside, and written anew, when it does not fit
 * the events.
 */
#include "coordinator/state.h"

#include "coordinator/pack.h"

struct replay {
	struct sf_coordinator *coordinator;
	struct sf_id id;
	struct sf_transition *transition;
	struct sf_digest head;
	int64_t opened_ms;
	int64_t updated_ms;
	uint64_t until_sequence; /* events behind it are not folded */
	int64_t until_ms;        /* nor those recorded later */
	struct sf_buf pack;      /* owned: everything that was folded, while packing */
	bool packing;
	uint64_t packed_count; /* events that came out of the row */
	uint64_t read_count;   /* events that came one by one */
	bool stale;            /* the row is not of these events */
	enum sf_err err;
	struct sf_diag *diag;
};

static enum sf_err replay_message(
	struct replay *replay, const struct sf_message *message, const struct sf_recorded *recorded)
{
	struct sf_transition_result result;
	enum sf_err err = sf_replay_step(replay->transition, message, recorded, &result);
	/*
	 * Another outcome than was told (a later program, an agreement that is gone): the record
	 * rules and a person must look. Ending here would stop the region for one transition.
	 */
	if (err == SF_ERR_INTEGRITY) {
		sf_coordinator_tell(replay->coordinator, SF_FEED_TROUBLE, message->id,
			message->author, (struct sf_id){{0}});
		err = SF_OK;
	}
	replay->updated_ms = recorded->recorded_ms;
	if (replay->opened_ms == 0)
		replay->opened_ms = recorded->recorded_ms;
	return err;
}

static bool replay_event(void *context, const void *row)
{
	struct replay *replay = context;
	const struct sf_row_event *event = row;
	if ((uint64_t)event->sequence > replay->until_sequence ||
		event->recorded_ms > replay->until_ms)
		return false;
	if (replay->packed_count > 0 && replay->read_count == 0 &&
		!sf_digest_equal(&event->previous_head, &replay->head)) {
		replay->stale = true;
		return false;
	}
	const struct sf_recorded recorded = sf_row_recorded(event);
	struct sf_cover cover;
	struct sf_header header = {0};
	replay->err = sf_cover_parse(event->cover, &cover, replay->diag);
	if (!replay->err)
		replay->err = sf_header_decode(cover.header, &header, replay->diag);
	if (!replay->err)
		replay->err = replay_message(replay, &header.message, &recorded);
	replay->head = event->head;
	replay->read_count++;
	if (replay->packing && sf_pack_event(&recorded, header.message_bytes, &replay->pack))
		replay->packing = false;
	if (replay->err)
		sf_diag_prefix(
			replay->diag, "leaf %lld of the store", (long long)event->leaf_index);
	return !replay->err;
}

/* Whatever is wrong in the row: the events say the same, and are right. */
static enum sf_err replay_packed(struct replay *replay, uint64_t count)
{
	struct sf_reader reader = {sf_buf_view(&replay->pack)};
	enum sf_err err = SF_OK;
	while (reader.rest.size > 0 && !err) {
		struct sf_packed_event event;
		struct sf_message message = {0};
		err = sf_pack_next(&reader, replay->packed_count + 1, &event);
		if (!err && event.message.size > 0)
			err = sf_message_decode(event.message, &message, NULL);
		else if (!err && !sf_recorded_is_number_only(&event.recorded))
			err = SF_ERR_FORMAT;
		if (!err)
			err = replay_message(replay, &message, &event.recorded);
		replay->packed_count++;
	}
	replay->stale = err || replay->packed_count != count;
	return err == SF_ERR_MEMORY ? err : SF_OK;
}

static enum sf_err begin(struct replay *replay)
{
	sf_transition_close(&replay->transition);
	sf_buf_clear(&replay->pack);
	replay->head = (struct sf_digest){{0}};
	replay->opened_ms = replay->updated_ms = 0;
	replay->packed_count = replay->read_count = 0;
	replay->stale = false;
	return sf_transition_open(
		replay->id, sf_book_view(replay->coordinator->book), &replay->transition);
}

static enum sf_err replay_row(struct replay *replay)
{
	struct sf_row_fold row = {.transition = replay->id};
	const struct sf_store *store = &replay->coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_fold, 0, &row, replay->diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	replay->head = row.head;
	err = sf_buf_append(&replay->pack, row.events);
	if (!err)
		return replay_packed(replay, (uint64_t)row.sequence);
	replay->stale = err == SF_ERR_LIMIT; /* no row of ours is that long */
	return replay->stale ? SF_OK : err;
}

/* Nothing was recorded behind what is packed: its own last event must be there. */
static enum sf_err compare_last(struct replay *replay)
{
	if (replay->packed_count == 0 || replay->read_count > 0 || replay->stale)
		return SF_OK;
	struct sf_row_event event = {
		.transition = replay->id, .sequence = (int64_t)replay->packed_count};
	const struct sf_store *store = &replay->coordinator->ports.store;
	enum sf_err err = store->get(
		store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &event, replay->diag);
	replay->stale = err || !sf_digest_equal(&event.head, &replay->head);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err replay_events(struct replay *replay)
{
	const struct sf_row_event key = {
		.transition = replay->id, .sequence = (int64_t)replay->packed_count};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.bounded = true,
		.exclusive = true,
		.from = &key};
	const struct sf_store *store = &replay->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, replay_event, replay, replay->diag);
	if (!err && replay->err)
		err = replay->err == SF_ERR_FORMAT ? SF_ERR_CORRUPT : replay->err;
	return err ? err : compare_last(replay);
}

static enum sf_err replay_all(struct replay *replay)
{
	enum sf_err err = begin(replay);
	/* As it was then is told from the events alone. */
	replay->packing = replay->until_sequence == UINT64_MAX && replay->until_ms == INT64_MAX;
	if (!err && replay->packing)
		err = replay_row(replay);
	if (!err && !replay->stale)
		err = replay_events(replay);
	if (!err && replay->stale) {
		err = begin(replay);
		if (!err)
			err = replay_events(replay);
	}
	if (err)
		sf_transition_close(&replay->transition);
	return err;
}

static void replay_init(struct sf_coordinator *coordinator, struct sf_id id, struct replay *replay)
{
	*replay = (struct replay){.coordinator = coordinator,
		.id = id,
		.until_ms = INT64_MAX,
		.until_sequence = UINT64_MAX};
	sf_buf_init(&replay->pack, SF_PACK_SIZE_MAX);
}

enum sf_err sf_coordinator_fold(struct sf_coordinator *coordinator, struct sf_id id,
	int64_t until_ms, uint64_t until_sequence, struct sf_cached_transition *ret_folded,
	struct sf_diag *diag)
{
	struct replay replay;
	replay_init(coordinator, id, &replay);
	replay.until_ms = until_ms;
	replay.until_sequence = until_sequence;
	replay.diag = diag;
	enum sf_err err = replay_all(&replay);
	if (!err)
		*ret_folded = (struct sf_cached_transition){.transition = replay.transition,
			.head = replay.head,
			.opened_ms = replay.opened_ms,
			.updated_ms = replay.updated_ms};
	sf_buf_fini(&replay.pack);
	return err;
}

/* Without memory for it the next fold reads the events once more. */
static void keep_packed(const struct replay *replay)
{
	struct sf_arena *arena = &replay->coordinator->arena;
	if (!replay->packing || !sf_pack_is_worth(replay->packed_count, replay->read_count))
		return;
	struct sf_packing *packing = sf_arena_take(arena, sizeof(*packing));
	struct sf_view events = sf_arena_copy(arena, sf_buf_view(&replay->pack));
	if (!packing || !events.data)
		return;
	*packing = (struct sf_packing){
		{replay->id, (int64_t)(replay->packed_count + replay->read_count), replay->head,
			events},
		replay->coordinator->packing_first};
	replay->coordinator->packing_first = packing;
}

enum sf_err sf_coordinator_transition(struct sf_coordinator *coordinator, struct sf_id id,
	struct sf_cached_transition **ret_cached, struct sf_diag *diag)
{
	struct sf_cached_transition *cached = sf_transition_cache_find(&coordinator->cache, id);
	if (cached) {
		*ret_cached = cached;
		return SF_OK;
	}
	struct replay replay;
	replay_init(coordinator, id, &replay);
	replay.diag = diag;
	enum sf_err err = replay_all(&replay);
	if (!err)
		keep_packed(&replay);
	sf_buf_fini(&replay.pack);
	if (err)
		return err;
	cached = sf_transition_cache_add(&coordinator->cache, replay.transition);
	if (!cached)
		return SF_ERR_MEMORY;
	cached->head = replay.head;
	cached->opened_ms = replay.opened_ms;
	cached->updated_ms = replay.updated_ms;
	*ret_cached = cached;
	return SF_OK;
}

/*
 * Of those that this turn recorded something in: who is only looked at writes nothing, and what is
 * recorded in again and again is in memory and was not folded.
 */
enum sf_err sf_coordinator_keep_folds(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = SF_OK;
	for (struct sf_packing **link = &coordinator->packing_first; *link && !err;) {
		const struct sf_row_fold *row = &(*link)->row;
		const struct sf_cached_transition *cached =
			sf_transition_cache_find(&coordinator->cache, row->transition);
		if (!cached ||
			sf_transition_sequence(cached->transition) == (uint64_t)row->sequence) {
			link = &(*link)->next;
			continue;
		}
		err = store->replace(store->self, &sf_table_fold, row, diag);
		*link = (*link)->next;
	}
	return err;
}
