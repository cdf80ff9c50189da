/*
 * What needs a person of this party now: what its transitions wait for, and what only its node
 * knows: messages that nobody gets by themselves, quarantine, answers that were put aside, a
 * coordinator that is silent, and views that differ.
 */
#include "node/aside.h"
#include "node/service.h"
#include "node/state.h"

#include "audit/board.h"

struct board_walk {
	struct sf_node *node;
	struct sf_board *board;
	size_t seen;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool visit_open(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_node_row_transition *found = row;
	struct sf_cached_transition *cached;
	walk->err = sf_node_transition(walk->node, found->id, &cached, walk->diag);
	if (walk->err)
		return false;
	sf_board_transition(walk->board, cached->transition);
	if (found->difference_ms != 0) {
		const struct sf_board_row difference = {
			.what = SF_BOARD_DIFFERENCE,
			.transition = found->id,
			.state = sf_transition_state(cached->transition),
			.party = walk->node->options.party,
			.peer = walk->node->options.coordinator,
			.before_ms = found->difference_ms,
			.overdue = true,
		};
		sf_board_add(walk->board, &difference);
	}
	return ++walk->seen < SF_LISTING_WALK_MAX;
}

/*
 * Nobody will get it by itself: attempts are used up, nobody took it in time, it was refused by the
 * coordinator, or answered fatal-error.
 */
static bool is_stuck(const struct sf_node *node, enum sf_delivery_state state,
	const struct sf_node_row_outbox *outbox, int64_t since_ms)
{
	bool expired =
		state == SF_DELIVERY_SENT && node->now_ms - since_ms > node->options.expires_ms;
	return state == SF_DELIVERY_ASK_PERSON || state == SF_DELIVERY_FATAL_ERROR ||
	       outbox->outcome == SF_OUTCOME_REFUSED || expired;
}

static bool visit_delivery(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_node_row_delivery *delivery = row;
	struct sf_id message = delivery->message_id, recipient = delivery->recipient;
	enum sf_delivery_state state = (enum sf_delivery_state)delivery->state;
	int64_t since_ms = delivery->since_ms, code = delivery->code;
	struct sf_node_row_outbox outbox = {.message_id = message};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, walk->diag);
	if (err == SF_ERR_NOT_FOUND)
		return true;
	walk->err = err;
	if (err)
		return false;
	const struct sf_board_row undeliverable = {
		.what = SF_BOARD_UNDELIVERABLE,
		.transition = outbox.transition,
		.party = walk->node->options.party,
		.peer = recipient,
		.subject = message,
		.before_ms = since_ms,
		.overdue = true,
		.code = (uint32_t)(outbox.outcome == SF_OUTCOME_REFUSED ? outbox.code : code),
	};
	if (is_stuck(walk->node, state, &outbox, since_ms))
		sf_board_add(walk->board, &undeliverable);
	return ++walk->seen < SF_LISTING_WALK_MAX;
}

/* Newest first. What nobody has asked about for so long is history, and in its own listing. */
static bool is_history(const struct board_walk *walk, int64_t since_ms)
{
	return walk->node->now_ms - since_ms > walk->node->options.expires_ms;
}

static bool visit_failed(void *context, const void *row)
{
	const struct sf_node_row_delivery *delivery = row;
	return !is_history(context, delivery->since_ms) && visit_delivery(context, row);
}

static bool visit_quarantine(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_node_row_quarantine *kept = row;
	if (is_history(walk, kept->received_ms))
		return false;
	const struct sf_board_row quarantine = {
		.what = SF_BOARD_QUARANTINE,
		.party = walk->node->options.party,
		.peer = kept->author,
		.subject = kept->message_id,
		.before_ms = kept->received_ms,
		.overdue = true,
		.code = (uint32_t)kept->code,
	};
	sf_board_add(walk->board, &quarantine);
	return ++walk->seen < SF_LOCAL_ROWS_MAX;
}

/* The coordinator has erased it; this party's own copy is for it to decide about. */
static bool visit_erasure(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_node_row_erasure *erasure = row;
	const struct sf_board_row erase = {
		.what = SF_BOARD_ERASE,
		.transition = erasure->transition,
		.party = walk->node->options.party,
		.peer = walk->node->options.coordinator,
		.before_ms = erasure->asked_ms,
	};
	if (erasure->done_ms == 0)
		sf_board_add(walk->board, &erase);
	return ++walk->seen < SF_LISTING_WALK_MAX;
}

/* Until a person has looked at it and said so. */
static bool visit_contradiction(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_node_row_contradiction *kept = row;
	const struct sf_node_options *options = &walk->node->options;
	if (kept->position <= options->contradictions_seen)
		return false;
	const struct sf_board_row contradiction = {
		.what = SF_BOARD_CONTRADICTION,
		.party = options->party,
		.peer = sf_id_is_none(kept->party) ? options->coordinator : kept->party,
		.before_ms = kept->at_ms,
		.overdue = true,
		.code = (uint32_t)kept->kind,
	};
	sf_board_add(walk->board, &contradiction);
	return ++walk->seen < SF_LOCAL_ROWS_MAX;
}

/* The author was told ok: that the local system cannot take the letter is this party's to mend. */
static bool visit_verdict(void *context, const void *row)
{
	struct board_walk *walk = context;
	const struct sf_node_row_named *named = row;
	const char *code = sf_arena_text(&walk->node->arena, named->code);
	const struct sf_board_row not_taken = {
		.what = SF_BOARD_NOT_TAKEN,
		.transition = named->transition,
		.party = walk->node->options.party,
		.peer = named->author,
		.name = code ? code : "",
		.subject = named->message_id,
		.before_ms = named->verdict_ms,
		.overdue = true,
	};
	sf_board_add(walk->board, &not_taken);
	return ++walk->seen < SF_LOCAL_ROWS_MAX;
}

/* A row for each channel: a receiver that takes nothing must not hide what is owed to patients. */
static void add_aside(struct board_walk *walk)
{
	struct sf_node_aside_pile piles[SF_NODE_CHANNELS_MAX];
	size_t count = 0;
	walk->err = sf_node_aside_piles(walk->node, piles, &count, walk->diag);
	for (size_t i = 0; i < count; i++) {
		const struct sf_board_row aside = {
			.what = SF_BOARD_ASIDE,
			.party = walk->node->options.party,
			.name = piles[i].channel,
			.before_ms = piles[i].since_ms,
			.overdue = true,
			.count = piles[i].count,
		};
		sf_board_add(walk->board, &aside);
	}
}

/* Without the coordinator this node hears nothing of deadlines and answers. */
static void add_silent_link(struct board_walk *walk)
{
	const struct sf_node *node = walk->node;
	int64_t since_ms = node->link_since_ms ? node->link_since_ms : node->started_ms;
	if (node->greeted || node->now_ms - since_ms < SF_LATE_MS)
		return;
	const struct sf_board_row silent = {
		.what = SF_BOARD_SILENT_NODE,
		.party = node->options.party,
		.peer = node->options.coordinator,
		.before_ms = since_ms,
		.overdue = true,
	};
	sf_board_add(walk->board, &silent);
}

static enum sf_err walk_all(struct board_walk *walk)
{
	const struct {
		struct sf_scan scan;
		sf_row_visitor *visitor;
	} walks[] = {
		{{.table = &sf_node_table_transition, .index = SF_NODE_TRANSITION_OPEN},
			visit_open},
		{{.table = &sf_node_table_delivery, .index = SF_NODE_DELIVERY_OPEN},
			visit_delivery},
		{{.table = &sf_node_table_delivery,
			 .index = SF_NODE_DELIVERY_FAILED,
			 .descending = true},
			visit_failed},
		{{.table = &sf_node_table_quarantine, .descending = true}, visit_quarantine},
		{{.table = &sf_node_table_erasure}, visit_erasure},
		{{.table = &sf_node_table_contradiction, .descending = true}, visit_contradiction},
		{{.table = &sf_node_table_named,
			 .index = SF_NODE_NAMED_VERDICT,
			 .descending = true},
			visit_verdict},
	};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < SF_COUNT(walks) && !err; i++) {
		walk->seen = 0;
		err = store->scan(store->self, &walks[i].scan, walks[i].visitor, walk, walk->diag);
		if (!err)
			err = walk->err;
	}
	return err;
}

enum sf_err sf_node_serve_board(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_board *asked = &request->board;
	const struct sf_directory_entry *entry = NULL;
	if (asked->party && asked->party[0] && sf_node_find_party(node, asked->party, &entry)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"the party is not in the directory, or its name is not unique");
		return SF_OK;
	}
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_board board;
	sf_board_begin(&board, &listing, entry ? entry->party : (struct sf_id){{0}},
		asked->only_overdue, asked->count_max, node->now_ms);
	struct board_walk walk = {.node = node, .board = &board, .diag = diag};
	enum sf_err err = walk_all(&walk);
	if (!err) {
		add_aside(&walk);
		err = walk.err;
	}
	if (err)
		return err;
	add_silent_link(&walk);
	struct sf_reply reply = {.kind = SF_REPLY_BOARD, .text = ""};
	sf_board_end(&board, &reply.board);
	if (listing.full)
		return SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}
