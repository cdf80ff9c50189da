/*
 * What needs a person now, for a party or for the region. Transitions are found by their concerns,
 * the most urgent first, and only those are read; beside them stand messages that nobody gets by
 * itself, nodes that are not seen and views that differ.
 */
#include "coordinator/service.h"

#include "audit/board.h"

#define TRANSITIONS_MAX ((size_t)2000) /* read for one board */
#define FAILED_MS (7 * SF_DAY_MS)      /* a fatal-error stands on the board for so long */
#define WAITED_MS (14 * SF_DAY_MS)     /* DOMAIN section 8: an offline recipient is waited for */

struct board_walk {
	struct sf_coordinator *coordinator;
	struct sf_listing listing;
	struct sf_board board;
	size_t seen;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool visit_concern(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_row_concern *concern = row;
	struct sf_cached_transition *cached;
	walk->err = sf_coordinator_transition(
		walk->coordinator, concern->transition, &cached, walk->diag);
	if (!walk->err)
		sf_board_transition(&walk->board, cached->transition);
	return !walk->err && ++walk->seen < TRANSITIONS_MAX;
}

static enum sf_err walk_concerns(struct board_walk *walk)
{
	const struct sf_row_concern key = {.party = walk->board.party};
	const struct sf_scan scan = {.table = &sf_table_concern,
		.index = SF_CONCERN_BY_DUE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &walk->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_concern, walk, walk->diag);
	return err ? err : walk->err;
}

/* Whose board a delivery is on: the author must act, the recipient may be called. */
static void add_delivery(struct board_walk *walk, const struct sf_row_delivery *delivery,
	enum sf_delivery_state state, int64_t before_ms)
{
	const struct sf_board_row row = {
		.what = SF_BOARD_UNDELIVERABLE,
		.transition = delivery->transition,
		.party = delivery->author,
		.peer = delivery->recipient,
		.subject = delivery->message_id,
		.before_ms = before_ms,
		.overdue = true,
		.code = (uint32_t)state,
	};
	sf_board_add(&walk->board, &row);
}

static bool visit_open(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_row_delivery *delivery = row;
	const struct sf_store *store = &walk->coordinator->ports.store;
	int64_t now_ms = walk->coordinator->recorded_ms;
	enum sf_delivery_state state = (enum sf_delivery_state)delivery->state;
	struct sf_row_delivery late = *delivery;
	if (!sf_delivery_is_late(state, delivery->open, now_ms))
		return ++walk->seen < SF_LISTING_WALK_MAX;
	struct sf_row_message message = {
		.author = delivery->author, .message_id = delivery->message_id};
	walk->err = store->get(store->self, &sf_table_message, 0, &message, walk->diag);
	if (walk->err == SF_ERR_NOT_FOUND)
		walk->err = SF_OK;
	/* Nobody acknowledges an acknowledgement (MedCom KR2): its silent node is shown. */
	bool waited = now_ms - late.open >= WAITED_MS;
	if (!walk->err && message.kind != SF_KIND_ACKNOWLEDGEMENT)
		add_delivery(walk, &late, waited ? SF_DELIVERY_UNDELIVERABLE : state,
			late.open + SF_LATE_MS);
	return !walk->err && ++walk->seen < SF_LISTING_WALK_MAX;
}

static bool visit_failed(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_row_delivery *delivery = row;
	add_delivery(walk, delivery, (enum sf_delivery_state)delivery->state, delivery->failed);
	return ++walk->seen < SF_LISTING_WALK_MAX;
}

static enum sf_err walk_deliveries(struct board_walk *walk)
{
	const struct sf_store *store = &walk->coordinator->ports.store;
	const struct sf_scan open = {.table = &sf_table_delivery, .index = SF_DELIVERY_OPEN};
	walk->seen = 0;
	enum sf_err err = store->scan(store->self, &open, visit_open, walk, walk->diag);
	const struct sf_row_delivery key = {.failed = walk->coordinator->recorded_ms - FAILED_MS};
	const struct sf_scan failed = {.table = &sf_table_delivery,
		.index = SF_DELIVERY_FAILED,
		.from = &key,
		.bounded = true};
	if (!err && !walk->err)
		err = store->scan(store->self, &failed, visit_failed, walk, walk->diag);
	return err ? err : walk->err;
}

/* When it may be called silent; SF_NEVER_MS while it is connected or has no node. */
static enum sf_err silent_since(
	struct board_walk *walk, const struct sf_directory_entry *entry, int64_t *ret_since_ms)
{
	struct sf_coordinator *coordinator = walk->coordinator;
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_party_state *state = sf_parties_find(&coordinator->parties, entry->party);
	struct sf_row_party row = {.party = entry->party};
	*ret_since_ms = SF_NEVER_MS;
	bool is_node = !sf_id_equal(entry->party, coordinator->options.party) &&
		       sf_directory_has_node(
			       coordinator->directory, entry->party, coordinator->recorded_ms);
	if (!is_node || (state && state->route))
		return SF_OK;
	enum sf_err err = store->get(store->self, &sf_table_party, 0, &row, walk->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	int64_t seen_ms =
		state && state->row.seen_ms > row.seen_ms ? state->row.seen_ms : row.seen_ms;
	/* One that never came is expected from the day its first key is valid. */
	for (size_t i = 0; seen_ms == 0 && i < entry->key_count; i++)
		seen_ms = entry->keys[i].not_before_ms;
	*ret_since_ms = seen_ms + coordinator->options.silent_node_ms;
	return SF_OK;
}

static enum sf_err walk_nodes(struct board_walk *walk)
{
	const struct sf_directory *directory = walk->coordinator->directory;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < sf_directory_count(directory) && !err; i++) {
		const struct sf_directory_entry *entry = sf_directory_at(directory, i);
		int64_t since_ms;
		err = silent_since(walk, entry, &since_ms);
		if (err || since_ms > walk->coordinator->recorded_ms)
			continue;
		const struct sf_board_row row = {
			.what = SF_BOARD_SILENT_NODE,
			.role = entry->role,
			.party = entry->party,
			.before_ms = since_ms,
			.overdue = true,
		};
		sf_board_add(&walk->board, &row);
	}
	return err;
}

static bool visit_difference(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_row_difference *difference = row;
	const struct sf_board_row added = {
		.what = SF_BOARD_DIFFERENCE,
		.transition = difference->transition,
		.party = difference->party,
		.before_ms = difference->found_ms,
		.overdue = true,
	};
	sf_board_add(&walk->board, &added);
	return ++walk->seen < SF_LISTING_WALK_MAX;
}

static enum sf_err walk_differences(struct board_walk *walk)
{
	const struct sf_scan scan = {.table = &sf_table_difference};
	const struct sf_store *store = &walk->coordinator->ports.store;
	walk->seen = 0;
	return store->scan(store->self, &scan, visit_difference, walk, walk->diag);
}

static void add_trouble(
	struct board_walk *walk, struct sf_id party, uint32_t code, int64_t since_ms)
{
	const struct sf_board_row row = {.what = SF_BOARD_CONTRADICTION,
		.party = party,
		.before_ms = since_ms,
		.overdue = true,
		.code = code};
	sf_board_add(&walk->board, &row);
}

/* Whoever runs the log must look: it stands still, or nobody cosigns it. */
static void add_log(struct board_walk *walk)
{
	const struct sf_coordinator *coordinator = walk->coordinator;
	const struct sf_coordinator_log *log = &coordinator->log;
	const struct sf_log_ahead *ahead = log->ahead;
	if (log->ahead_count > 0)
		add_trouble(walk, ahead->party, (uint32_t)ahead->kind, ahead->at_ms);
	if (log->inconsistent)
		add_trouble(
			walk, coordinator->options.party, SF_CONTRADICTION_FORK, log->signed_ms);
	if (log->no_quorum_told)
		add_trouble(walk, coordinator->options.party, SF_TROUBLE_NO_QUORUM,
			log->unwitnessed_ms);
}

enum sf_err sf_coordinator_serve_board(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_board *asked = &request->board;
	bool by_party = asked->party && asked->party[0];
	const struct sf_directory_entry *party =
		by_party ? sf_listing_party(coordinator->directory, asked->party) : NULL;
	if (by_party && !party) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"no party of the directory is meant, or more than one has that name");
		return SF_OK;
	}
	struct board_walk walk = {.coordinator = coordinator,
		.listing = {coordinator->directory, arena, false},
		.diag = diag};
	sf_board_begin(&walk.board, &walk.listing, party ? party->party : (struct sf_id){{0}},
		asked->only_overdue, asked->count_max, coordinator->recorded_ms);
	enum sf_err err = walk_concerns(&walk);
	if (!err)
		err = walk_deliveries(&walk);
	if (!err)
		err = walk_nodes(&walk);
	if (!err)
		err = walk_differences(&walk);
	add_log(&walk);
	struct sf_reply reply = {.kind = SF_REPLY_BOARD, .text = ""};
	sf_board_end(&walk.board, &reply.board);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}
