/*
 * When a delivery becomes late, as listings show it, those who watch are told: with the answer that
 * makes it so, else SF_LATE_MS after its message was handed in, and nothing behind that. Up to when
 * messages were looked at is a counter, kept with the rows of the feed: a start tells nothing
 * again.
 */
#include "node/state.h"

#include "audit/listing.h"

#define LOOKED_MAX ((size_t)256)    /* messages a turn; those of one millisecond go together */
#define LOOK_MS (10 * SF_SECOND_MS) /* not a turn, and its commit, for each letter */

/* Late however young it is. */
static bool is_late_by_answer(int64_t state)
{
	return sf_delivery_is_late((enum sf_delivery_state)state, 0, 0);
}

/* SF_ERR_NOT_FOUND: the message is gone. */
static enum sf_err begin_row(struct sf_node *node, struct sf_id message_id,
	struct sf_node_row_outbox *ret_outbox, struct sf_feed_row *ret_row, struct sf_diag *diag)
{
	struct sf_node_row_outbox outbox = {.message_id = message_id};
	struct sf_message message;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, diag);
	if (!err)
		err = sf_message_decode(outbox.message, &message, diag);
	if (err)
		return err;
	*ret_row = sf_feed_message(SF_FEED_LATE, node->now_ms, &message);
	*ret_outbox = outbox;
	return SF_OK;
}

static bool was_told(const struct sf_node *node, const struct sf_node_row_outbox *outbox)
{
	return outbox->created_ms <= node->counter_values[SF_NODE_COUNTER_LATE];
}

enum sf_err sf_node_late_answer(struct sf_node *node, enum sf_delivery_state before,
	const struct sf_node_row_delivery *delivery, struct sf_diag *diag)
{
	if (is_late_by_answer(before) || !is_late_by_answer(delivery->state))
		return SF_OK;
	struct sf_node_row_outbox outbox;
	struct sf_feed_row row;
	enum sf_err err = begin_row(node, delivery->message_id, &outbox, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (was_told(node, &outbox))
		return SF_OK;
	row.peer = delivery->recipient;
	row.code = (uint32_t)delivery->code;
	sf_feed_add(node->feed, &row);
	return SF_OK;
}

struct telling {
	struct sf_node *node;
	struct sf_feed_row row; /* but for its peer */
	bool open;              /* some delivery is */
};

static bool tell_delivery(void *context, const void *row)
{
	struct telling *telling = context;
	const struct sf_node_row_delivery *delivery = row;
	if (!delivery->open)
		return true;
	telling->open = true;
	if (is_late_by_answer(delivery->state))
		return true;
	telling->row.peer = delivery->recipient;
	sf_feed_add(telling->node->feed, &telling->row);
	return true;
}

static enum sf_err tell_deliveries(
	struct telling *telling, struct sf_id message_id, struct sf_diag *diag)
{
	const struct sf_node_row_delivery key = {.message_id = message_id};
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(telling->node);
	return store->scan(store->self, &scan, tell_delivery, telling, diag);
}

enum sf_err sf_node_late_refused(
	struct sf_node *node, struct sf_id message_id, struct sf_diag *diag)
{
	struct telling telling = {.node = node};
	struct sf_node_row_outbox outbox;
	enum sf_err err = begin_row(node, message_id, &outbox, &telling.row, diag);
	if (err || was_told(node, &outbox))
		return err;
	telling.row.outcome = (enum sf_outcome)outbox.outcome;
	telling.row.code = (uint32_t)outbox.code;
	return tell_deliveries(&telling, message_id, diag);
}

struct looked {
	struct sf_id message_id;
	struct looked *next;
};

struct look {
	struct sf_node *node;
	int64_t until_ms;   /* handed in by then: late now */
	int64_t reached_ms; /* of the last message that was looked at */
	int64_t next_ms;    /* of the first one that is not late yet; 0 none */
	size_t count;
	bool more, full;
	struct looked *first, **last;
};

static bool take_message(void *context, const void *row)
{
	struct look *look = context;
	const struct sf_node_row_outbox *outbox = row;
	if (outbox->created_ms > look->until_ms) {
		look->next_ms = outbox->created_ms;
		return false;
	}
	look->more = look->count >= LOOKED_MAX && outbox->created_ms > look->reached_ms;
	if (look->more)
		return false;
	look->reached_ms = outbox->created_ms;
	look->count++;
	/* Nobody answers an acknowledgement; of what the coordinator refused was told then. */
	if (outbox->kind == SF_KIND_ACKNOWLEDGEMENT || outbox->outcome == SF_OUTCOME_REFUSED)
		return true;
	struct looked *looked = sf_arena_take(&look->node->arena, sizeof(*looked));
	if (!looked) {
		look->full = true;
		return false;
	}
	*looked = (struct looked){outbox->message_id, NULL};
	*look->last = looked;
	look->last = &looked->next;
	return true;
}

static enum sf_err take_messages(struct look *look, struct sf_diag *diag)
{
	const struct sf_node_row_outbox from = {.created_ms = look->reached_ms};
	const struct sf_scan scan = {.table = &sf_node_table_outbox,
		.index = SF_NODE_OUTBOX_BY_CREATED,
		.from = &from,
		.bounded = true,
		.exclusive = true};
	const struct sf_store *store = sf_node_store(look->node);
	enum sf_err err = store->scan(store->self, &scan, take_message, look, diag);
	return !err && look->full ? SF_ERR_LIMIT : err;
}

void sf_node_late_note(struct sf_node *node)
{
	int64_t due_ms = node->now_ms + SF_LATE_MS;
	if (due_ms < node->late_ms)
		node->late_ms = due_ms;
}

static void look_again(struct sf_node *node, const struct look *look)
{
	int64_t soonest_ms = node->now_ms + LOOK_MS;
	node->late_ms = INT64_MAX;
	if (look->more)
		node->late_ms = node->now_ms;
	else if (look->next_ms > 0)
		node->late_ms = look->next_ms + SF_LATE_MS > soonest_ms ? look->next_ms + SF_LATE_MS
									: soonest_ms;
}

enum sf_err sf_node_late_due(struct sf_node *node, struct sf_diag *diag)
{
	if (node->now_ms < node->late_ms)
		return SF_OK;
	int64_t *told_ms = &node->counter_values[SF_NODE_COUNTER_LATE];
	struct look look = {.node = node, .until_ms = node->now_ms - SF_LATE_MS};
	look.last = &look.first;
	/* A store of before this was told: what is late in it is known to who asks. */
	if (*told_ms == 0)
		*told_ms = look.until_ms;
	look.reached_ms = *told_ms;
	enum sf_err err = take_messages(&look, diag);
	for (const struct looked *looked = look.first; looked && !err; looked = looked->next) {
		struct telling telling = {.node = node};
		struct sf_node_row_outbox outbox;
		err = begin_row(node, looked->message_id, &outbox, &telling.row, diag);
		if (!err)
			err = tell_deliveries(&telling, looked->message_id, diag);
		/* What was answered will not be told either when it is looked at again. */
		node->counters_dirty |= telling.open;
	}
	if (err)
		return err;
	*told_ms = look.reached_ms;
	look_again(node, &look);
	return SF_OK;
}
