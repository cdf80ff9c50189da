#include "node/no_case.h"

#include "node/attachment.h"

#include "node/service.h"

struct dropping {
	struct sf_node *node;
	int64_t before_ms; /* 0: whenever it came */
	struct received {
		struct sf_id author;
		struct sf_id message;
		struct received *next;
	} * first; /* arena of the turn */
	enum sf_err err;
};

/* The store is not changed while it is walked. */
static bool note_notification(void *context, const void *row)
{
	struct dropping *dropping = context;
	const struct sf_node_row_event *event = row;
	if (event->kind != SF_KIND_STAY || event->kind_class != SF_CLASS_FACT)
		return true;
	struct received *received = sf_arena_take(&dropping->node->arena, sizeof(*received));
	if (!received) {
		dropping->err = SF_ERR_LIMIT;
		return false;
	}
	*received = (struct received){event->author, event->message_id, dropping->first};
	dropping->first = received;
	return true;
}

enum sf_err sf_node_drop_attachments(
	struct sf_node *node, struct sf_id author, struct sf_id message, struct sf_diag *diag)
{
	struct sf_node_row_attachment rows[SF_ATTACHMENT_COUNT_MAX];
	size_t count = 0;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < SF_ATTACHMENT_COUNT_MAX && !err; i++) {
		rows[i] = (struct sf_node_row_attachment){
			.author = author, .message_id = message, .number = (int64_t)i};
		err = sf_node_attachment_get(node, &rows[i], diag);
		if (!err && rows[i].state == SF_NODE_ATTACHMENT_COMING)
			return SF_OK;
		count += !err;
	}
	if (err == SF_ERR_NOT_FOUND)
		err = SF_OK;
	for (size_t i = 0; i < count && !err; i++)
		err = sf_node_attachment_remove(node, &rows[i], diag);
	return err;
}

/* It can be seen, and systems that watch are told; why, the row says. */
static enum sf_err note(
	const struct dropping *dropping, const struct sf_node_row_inbox *row, struct sf_diag *diag)
{
	struct sf_node *node = dropping->node;
	const struct sf_node_row_deletion deletion = {.message_id = row->message_id,
		.author = row->author,
		.at_ms = node->now_ms,
		.unanswered = dropping->before_ms != 0};
	const struct sf_feed_row told = {.at_ms = node->now_ms,
		.what = SF_FEED_DELETED,
		.message = row->message_id,
		.transition = row->transition,
		.party = row->author,
		.peer = node->options.party,
		.kind = (uint32_t)row->kind};
	const struct sf_store *store = sf_node_store(node);
	sf_feed_add(node->feed, &told);
	return store->replace(store->self, &sf_node_table_deletion, &deletion, diag);
}

static enum sf_err drop(
	const struct dropping *dropping, const struct received *received, struct sf_diag *diag)
{
	struct sf_node *node = dropping->node;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_inbox row = {
		.author = received->author, .message_id = received->message};
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (dropping->before_ms != 0 && row.received_ms >= dropping->before_ms)
		return SF_OK;
	if (row.body.size > 0) {
		row.body = sf_view_of(NULL, 0);
		err = note(dropping, &row, diag);
	}
	if (err)
		return err;
	/* What is still on its way is answered when it is here, and goes then (inbox.c). */
	row.body = sf_view_of(NULL, 0);
	err = sf_node_drop_attachments(node, row.author, row.message_id, diag);
	if (err)
		return err;
	if (row.unhandled != 0)
		return sf_node_mark_handled(node, &row, diag);
	return store->replace(store->self, &sf_node_table_inbox, &row, diag);
}

enum sf_err sf_node_drop_notifications(
	struct sf_node *node, struct sf_id transition, int64_t before_ms, struct sf_diag *diag)
{
	struct dropping dropping = {.node = node, .before_ms = before_ms};
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan events = {
		.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &events, note_notification, &dropping, diag);
	if (!err)
		err = dropping.err;
	for (const struct received *each = dropping.first; each && !err; each = each->next)
		err = drop(&dropping, each, diag);
	return err;
}
