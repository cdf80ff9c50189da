/* How this node is doing: its link, its directory, its queues. */
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"

static bool count_row(void *context, const void *row)
{
	(void)row;
	++*(uint64_t *)context;
	return true;
}

/* Rows of an open index, at most count_max: beyond it the exact number helps nobody. */
static enum sf_err count_open(struct sf_node *node, const struct sf_table *table, size_t index,
	size_t count_max, uint64_t *ret_count, struct sf_diag *diag)
{
	const struct sf_scan scan = {.table = table, .index = index, .count_max = count_max};
	const struct sf_store *store = sf_node_store(node);
	*ret_count = 0;
	return store->scan(store->self, &scan, count_row, ret_count, diag);
}

struct late_walk {
	struct sf_node *node;
	struct sf_diag *diag;
	enum sf_err err;
	uint64_t late;
};

static bool visit_late(void *context, const void *row)
{
	struct late_walk *walk = context;
	const struct sf_node_row_delivery *delivery = row;
	struct sf_node_row_outbox outbox = {.message_id = delivery->message_id};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, walk->diag);
	if (!err)
		walk->late += sf_delivery_is_late((enum sf_delivery_state)delivery->state,
			outbox.created_ms, walk->node->now_ms);
	else if (err != SF_ERR_NOT_FOUND)
		walk->err = err;
	return !walk->err;
}

static enum sf_err count_late(struct sf_node *node, uint64_t *ret_count, struct sf_diag *diag)
{
	struct late_walk walk = {.node = node, .diag = diag};
	const struct sf_scan scan = {.table = &sf_node_table_delivery,
		.index = SF_NODE_DELIVERY_OPEN,
		.count_max = SF_LOCAL_ROWS_MAX};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_late, &walk, diag);
	*ret_count = walk.late;
	return err ? err : walk.err;
}

static enum sf_err count_all(struct sf_node *node, struct sf_listing *listing,
	struct sf_reply_status *status, struct sf_diag *diag)
{
	uint64_t unstored, open, unhandled, late;
	enum sf_err err = count_open(node, &sf_node_table_sending, SF_NODE_SENDING_OPEN,
		SF_LOCAL_ROWS_MAX, &unstored, diag);
	if (!err)
		err = count_open(node, &sf_node_table_delivery, SF_NODE_DELIVERY_OPEN,
			SF_LISTING_WALK_MAX, &open, diag);
	if (!err)
		err = count_open(node, &sf_node_table_inbox, SF_NODE_INBOX_UNHANDLED,
			SF_LOCAL_ROWS_MAX, &unhandled, diag);
	if (!err)
		err = count_late(node, &late, diag);
	if (err)
		return err;
	const struct sf_node_counters *counters = &node->counters;
	const struct sf_counter_row rows[] = {
		{"queue-not-stored", unstored},
		{"queue-not-answered", open},
		{"queue-late", late},
		{"queue-not-handled", unhandled},
		{"sent", counters->sent},
		{"stored", counters->stored},
		{"refused", counters->refused},
		{"received", counters->received},
		{"duplicates", counters->duplicates},
		{"acknowledged", counters->acknowledged},
		{"quarantined", counters->quarantined},
		{"resent", counters->resent},
		{"dropped", counters->dropped},
		{"alarms", counters->alarms},
	};
	return sf_listing_counters(listing->arena, rows, SF_COUNT(rows), status);
}

int64_t sf_node_as_of_ms(const struct sf_node *node)
{
	return node->now_ms ? node->now_ms : node->counter_values[SF_NODE_COUNTER_RECORDED];
}

enum sf_err sf_node_serve_status(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_listing listing = {node->directory, arena, false};
	const struct sf_directory_entry *own =
		sf_directory_party(node->directory, node->options.party);
	struct sf_reply_status status = {
		.program = "node",
		.software = sf_listing_text(&listing, node->options.software),
		.party = node->options.party,
		.name = sf_listing_name(&listing, node->options.party),
		.role = own ? own->role : SF_ROLE_NONE,
		.connected = node->greeted,
		.link = node->log.halted ? "stopped" /* the log contradicts itself */
			: node->greeted  ? "connected"
			: node->up       ? "greeting"
					 : "connecting",
		.link_since_ms = node->link_since_ms,
		.peer = node->options.coordinator,
		.origin = sf_listing_text(&listing, node->log.origin),
		.epoch = node->log.newest.epoch,
		.log_size = node->log.newest.size,
		.directory_version = sf_directory_version(node->directory),
		.directory_head = *sf_directory_head(node->directory),
		.now_ms = sf_node_as_of_ms(node),
		.started_ms = node->started_ms,
	};
	enum sf_err err =
		request->status.counters ? count_all(node, &listing, &status, diag) : SF_OK;
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_STATUS, .text = "", .status = status};
	return SF_OK;
}
