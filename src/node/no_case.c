#include "node/no_case.h"

#include "node/service.h"

struct dropping {
	struct sf_node *node;
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

static enum sf_err drop(struct sf_node *node, const struct received *received, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_inbox row = {
		.author = received->author, .message_id = received->message};
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	row.body = sf_view_of(NULL, 0);
	if (row.unhandled != 0)
		return sf_node_mark_handled(node, &row, diag);
	return store->replace(store->self, &sf_node_table_inbox, &row, diag);
}

enum sf_err sf_node_drop_notifications(
	struct sf_node *node, struct sf_id transition, struct sf_diag *diag)
{
	struct dropping dropping = {.node = node};
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan events = {
		.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &events, note_notification, &dropping, diag);
	if (!err)
		err = dropping.err;
	for (const struct received *each = dropping.first; each && !err; each = each->next)
		err = drop(node, each, diag);
	return err;
}
