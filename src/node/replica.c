#include "node/state.h"

struct replay {
	struct sf_node *node;
	struct sf_transition *transition;
	struct sf_digest head;
	int64_t opened_ms;
	enum sf_err err;
	struct sf_diag *diag;
};

static enum sf_role role_of(const struct sf_node *node, struct sf_id party)
{
	const struct sf_directory_entry *entry = sf_directory_party(node->directory, party);
	return entry ? entry->role : SF_ROLE_NONE;
}

enum sf_err sf_node_replay_event(struct sf_node *node, struct sf_transition *transition,
	const struct sf_node_row_event *event, struct sf_diag *diag)
{
	const struct sf_recorded recorded = {(enum sf_kind_class)event->kind_class,
		(enum sf_outcome)event->outcome, (uint16_t)event->code, (uint64_t)event->sequence,
		event->recorded_ms, role_of(node, event->author)};
	struct sf_cover cover;
	struct sf_header header = {0};
	struct sf_transition_result result;
	enum sf_err err = sf_cover_parse(event->cover, &cover, diag);
	if (!err)
		err = sf_header_decode(cover.header, &header, diag);
	return err ? err : sf_replay_step(transition, &header.message, &recorded, &result);
}

/* The step stands: the coordinator's record rules, and a person must look. */
static enum sf_err apply(struct sf_node *node, struct sf_transition *transition,
	const struct sf_node_row_event *event, struct sf_diag *diag)
{
	enum sf_err err = sf_node_replay_event(node, transition, event, diag);
	if (err != SF_ERR_INTEGRITY)
		return err;
	sf_node_alarm(node);
	return SF_OK;
}

static bool replay_event(void *context, const void *row)
{
	struct replay *replay = context;
	const struct sf_node_row_event *event = row;
	if ((uint64_t)event->sequence != sf_transition_sequence(replay->transition) + 1 ||
		sf_digest_is_none(&event->head))
		return false;
	replay->err = apply(replay->node, replay->transition, event, replay->diag);
	replay->head = event->head;
	if (replay->opened_ms == 0)
		replay->opened_ms = event->recorded_ms;
	return !replay->err;
}

enum sf_err sf_node_transition(struct sf_node *node, struct sf_id id,
	struct sf_cached_transition **ret_cached, struct sf_diag *diag)
{
	struct sf_cached_transition *cached = sf_transition_cache_find(&node->cache, id);
	if (cached) {
		*ret_cached = cached;
		return SF_OK;
	}
	struct replay replay = {.node = node, .diag = diag};
	enum sf_err err = sf_transition_open(id, sf_book_view(node->book), &replay.transition);
	if (err)
		return err;
	const struct sf_node_row_event key = {.transition = id};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	err = store->scan(store->self, &scan, replay_event, &replay, diag);
	if (!err)
		err = replay.err;
	if (err) {
		sf_transition_close(&replay.transition);
		return err;
	}
	cached = sf_transition_cache_add(&node->cache, replay.transition);
	if (!cached)
		return SF_ERR_MEMORY;
	cached->head = replay.head;
	cached->opened_ms = replay.opened_ms;
	*ret_cached = cached;
	return SF_OK;
}

enum sf_err sf_node_replica(struct sf_node *node, struct sf_id id,
	const struct sf_transition **ret_transition, struct sf_diag *diag)
{
	struct sf_cached_transition *cached;
	enum sf_err err = sf_node_transition(node, id, &cached, diag);
	if (!err)
		*ret_transition =
			sf_transition_sequence(cached->transition) > 0 ? cached->transition : NULL;
	return err;
}

/* The chain of heads: what this event commits to follows what was applied before it. */
static enum sf_err chain(struct sf_node *node, const struct sf_cached_transition *cached,
	const struct sf_digest *digest, const struct sf_digest *r, struct sf_node_row_event *event)
{
	const struct sf_leaf_event leaf_event = {
		.digest = *digest,
		.transition = event->transition,
		.recorded_ms = event->recorded_ms,
		.sequence = (uint64_t)event->sequence,
		.outcome = (enum sf_outcome)event->outcome,
		.code = (uint16_t)event->code,
		.previous_head = cached->head,
		.kind_class = (enum sf_kind_class)event->kind_class,
	};
	uint8_t leaf[SF_LEAF_SIZE];
	sf_log_leaf(&node->ports.crypto, &leaf_event, r, leaf);
	sf_log_head(&node->ports.crypto, &cached->head, leaf, &event->head);
	return SF_OK;
}

static enum sf_err save_transition(struct sf_node *node, struct sf_cached_transition *cached,
	const struct sf_node_row_event *event, struct sf_diag *diag)
{
	cached->head = event->head;
	if (cached->opened_ms == 0)
		cached->opened_ms = event->recorded_ms;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_transition row = {.id = event->transition};
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	row.sequence = event->sequence;
	row.head = event->head;
	err = sf_node_summarize(node, cached->transition, &row);
	if (err)
		return err;
	row.opened_ms = cached->opened_ms;
	row.updated_ms = event->recorded_ms;
	return store->replace(store->self, &sf_node_table_transition, &row, diag);
}

static enum sf_err note_followed(struct sf_node *node, struct sf_id transition)
{
	if (node->followed && sf_id_equal(node->followed->transition, transition))
		return SF_OK;
	struct sf_node_followed *followed = sf_arena_take(&node->arena, sizeof(*followed));
	if (!followed)
		return SF_ERR_LIMIT;
	*followed = (struct sf_node_followed){transition, node->followed};
	node->followed = followed;
	return SF_OK;
}

/* What others said, also when no letter came with it: who looks at the transition looks again. */
static void tell_said(struct sf_node *node, const struct sf_node_row_event *event)
{
	const struct sf_feed_row row = {.at_ms = event->recorded_ms,
		.what = SF_FEED_RECORDED,
		.message = event->message_id,
		.transition = event->transition,
		.party = event->author,
		.kind = (uint32_t)event->kind,
		.outcome = (enum sf_outcome)event->outcome,
		.code = (uint32_t)event->code};
	sf_feed_add(node->feed, &row);
}

/*
 * What time has made of it is told here as at the coordinator, when it is new here: a fold of what
 * is stored tells nothing.
 */
static enum sf_err tell_applied(struct sf_node *node, const struct sf_transition *transition,
	const struct sf_node_row_event *event, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	if (event->kind_class == SF_CLASS_DERIVED) {
		struct sf_cover cover;
		struct sf_header header = {0};
		err = sf_cover_parse(event->cover, &cover, diag);
		if (!err)
			err = sf_header_decode(cover.header, &header, diag);
		if (err)
			return err;
		struct sf_feed_row row =
			sf_feed_derived(transition, event->recorded_ms, &header.message);
		row.outcome = (enum sf_outcome)event->outcome;
		row.code = (uint32_t)event->code;
		if (row.what != SF_FEED_RECORDED)
			sf_feed_add(node->feed, &row);
	} else if (event->kind_class == SF_CLASS_FACT &&
		   !sf_id_equal(event->author, node->options.party)) {
		tell_said(node, event);
	}
	sf_feed_follow(node->feed, transition, (uint64_t)event->sequence, event->recorded_ms);
	return SF_OK;
}

static enum sf_err apply_and_save(struct sf_node *node, struct sf_cached_transition *cached,
	const struct sf_digest *digest, const struct sf_digest *r, struct sf_node_row_event *event,
	struct sf_diag *diag)
{
	enum sf_err err = chain(node, cached, digest, r, event);
	if (!err)
		err = apply(node, cached->transition, event, diag);
	if (!err)
		err = tell_applied(node, cached->transition, event, diag);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->replace(store->self, &sf_node_table_event, event, diag);
	if (!err)
		err = note_followed(node, event->transition);
	return err ? err : save_transition(node, cached, event, diag);
}

/* A coordinator that shows two histories of one transition is not followed silently. */
static enum sf_err check_history(struct sf_node *node, const struct sf_cached_transition *cached,
	const struct sf_receipt *receipt, struct sf_view bytes, struct sf_diag *diag)
{
	if (sf_digest_equal(&receipt->previous_head, &cached->head))
		return SF_OK;
	const struct sf_node_row_contradiction row = {.kind = SF_CONTRADICTION_HISTORY,
		.epoch = receipt->epoch,
		.size = (int64_t)receipt->leaf_index,
		.note = bytes};
	return sf_node_contradict(node, &row, diag);
}

/* Views of a stored row live until the next call on the store. */
static enum sf_err keep_event(struct sf_node *node, struct sf_node_row_event *event)
{
	struct sf_view *views[] = {
		&event->cover, &event->receipt, &event->receipt_path, &event->receipt_signature};
	for (size_t i = 0; i < SF_COUNT(views); i++) {
		*views[i] = sf_arena_copy(&node->arena, *views[i]);
		if (!views[i]->data)
			return SF_ERR_LIMIT;
	}
	return SF_OK;
}

/* Events that came early and now follow without a gap. */
static enum sf_err apply_waiting(
	struct sf_node *node, struct sf_cached_transition *cached, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	for (;;) {
		struct sf_node_row_event event = {
			.transition = sf_transition_id(cached->transition),
			.sequence = (int64_t)sf_transition_sequence(cached->transition) + 1};
		enum sf_err err = store->get(store->self, &sf_node_table_event, 0, &event, diag);
		if (err)
			return err == SF_ERR_NOT_FOUND ? SF_OK : err;
		err = keep_event(node, &event);
		struct sf_receipt receipt;
		if (!err)
			err = sf_receipt_decode(event.receipt, &receipt, diag);
		if (!err)
			err = check_history(node, cached, &receipt, event.receipt, diag);
		if (!err)
			err = apply_and_save(
				node, cached, &receipt.digest, &receipt.r, &event, diag);
		if (err)
			return err;
	}
}

enum sf_err sf_node_follow(struct sf_node *node, const struct sf_node_row_event *event,
	const struct sf_digest *digest, const struct sf_digest *r, struct sf_diag *diag)
{
	struct sf_cached_transition *cached;
	enum sf_err err = sf_node_transition(node, event->transition, &cached, diag);
	if (err)
		return err;
	uint64_t applied = sf_transition_sequence(cached->transition);
	if ((uint64_t)event->sequence <= applied)
		return SF_OK; /* seen before */
	struct sf_node_row_event row = *event;
	row.received_ms = node->now_ms;
	if ((uint64_t)event->sequence > applied + 1) {
		const struct sf_store *store = sf_node_store(node);
		return store->replace(store->self, &sf_node_table_event, &row, diag);
	}
	struct sf_receipt receipt;
	err = sf_receipt_decode(event->receipt, &receipt, diag);
	if (err)
		return err;
	err = check_history(node, cached, &receipt, event->receipt, diag);
	if (!err)
		err = apply_and_save(node, cached, digest, r, &row, diag);
	return err ? err : apply_waiting(node, cached, diag);
}
