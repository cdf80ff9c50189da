/*
 * What this party was asked to erase, has erased, or lets go by itself when its time is over; and
 * what then becomes of what still comes or waits.
 */
#include "node/erase.h"

#include "audit/erased.h"
#include "audit/listing.h"
#include "base/time.h"
#include "node/erasing.h"

#define RETAINED_MAX ((size_t)8) /* erased in one turn */
#define RETENTION_LOOK_MS SF_HOUR_MS
#define SILENCE_MS_MAX SF_DAY_MS /* the coordinator's clock was heard of within it */

static const char *const gone_words[SF_NODE_GONE_COUNT] = {
	[SF_NODE_GONE_EVENTS] = "events",
	[SF_NODE_GONE_RECEIVED] = "letters received",
	[SF_NODE_GONE_SENT] = "messages sent",
	[SF_NODE_GONE_SEALED] = "sealed envelopes",
	[SF_NODE_GONE_HANDED_IN] = "letters handed in",
	[SF_NODE_GONE_LINKS] = "links to patient and episode",
	[SF_NODE_GONE_QUARANTINE] = "quarantined",
	[SF_NODE_GONE_KEY] = "content key",
	[SF_NODE_GONE_ATTACHMENTS] = "attachments",
};

static enum sf_err get_erasure(struct sf_node *node, struct sf_id transition,
	struct sf_node_row_erasure *ret_row, struct sf_diag *diag)
{
	*ret_row = (struct sf_node_row_erasure){.transition = transition};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_erasure, 0, ret_row, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_is_erased(
	struct sf_node *node, struct sf_id transition, bool *ret_erased, struct sf_diag *diag)
{
	struct sf_node_row_erasure row;
	*ret_erased = false;
	if (sf_id_is_none(transition))
		return SF_OK;
	enum sf_err err = get_erasure(node, transition, &row, diag);
	*ret_erased = !err && row.done_ms != 0;
	return err;
}

enum sf_err sf_node_is_asked(
	struct sf_node *node, struct sf_id transition, bool *ret_asked, struct sf_diag *diag)
{
	struct sf_node_row_erasure row;
	enum sf_err err = get_erasure(node, transition, &row, diag);
	*ret_asked = !err && row.asked_ms != 0;
	return err;
}

/* Whether anything of it is here: this party may never have had a part in it. */
static enum sf_err has_any(
	struct sf_node *node, struct sf_id transition, bool *ret_any, struct sf_diag *diag)
{
	struct sf_node_erasing erasing = {.node = node, .transition = transition, .diag = diag};
	struct sf_node_row_transition row = {.id = transition};
	const struct sf_store *store = sf_node_store(node);
	*ret_any = true;
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	if (err != SF_ERR_NOT_FOUND)
		return err;
	err = sf_node_erasing_collect(&erasing);
	*ret_any = erasing.keys != NULL || erasing.counts[SF_NODE_GONE_KEY] > 0;
	return err;
}

enum sf_err sf_node_hear_statement(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag)
{
	const struct sf_message *message = &item->header.message;
	const struct sf_statement *statement = &message->fact.statement;
	if (message->fact.kind != SF_KIND_ERASED)
		return SF_OK;
	struct sf_node_row_erasure row;
	bool any;
	enum sf_err err = get_erasure(node, statement->subject, &row, diag);
	if (!err)
		err = has_any(node, statement->subject, &any, diag);
	if (err)
		return err;
	/* It comes again with every answer to something that was said too late (refuse_erased). */
	if (row.asked_ms == 0)
		sf_node_tell_ids(
			node, SF_FEED_ERASED, message->id, message->author, node->options.party);
	row.asked_ms = item->receipt.recorded_ms;
	if (row.done_ms == 0)
		row.ground = (int64_t)statement->ground;
	if (row.done_ms == 0 && !any)
		row.done_ms = node->now_ms; /* there is nothing to decide about */
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_erasure, &row, diag);
}

struct unanswered {
	struct sf_node *node;
	size_t count;
	struct sf_node_row_delivery rows[SF_RECIPIENT_COUNT_MAX];
	enum sf_err err;
};

static bool keep_unanswered(void *context, const void *row)
{
	struct unanswered *unanswered = context;
	const struct sf_node_row_delivery *delivery = row;
	if (delivery->open == 0)
		return true;
	if (unanswered->count == SF_COUNT(unanswered->rows))
		return false;
	struct sf_node_row_delivery *kept = &unanswered->rows[unanswered->count++];
	*kept = *delivery;
	kept->errors = sf_arena_copy(&unanswered->node->arena, delivery->errors);
	if (!kept->errors.data)
		unanswered->err = SF_ERR_LIMIT;
	return !unanswered->err;
}

/* Nobody will answer it: that stands on the board as every failed delivery does. */
static enum sf_err fail_deliveries(
	struct sf_node *node, struct sf_id message_id, struct sf_diag *diag)
{
	struct unanswered unanswered = {.node = node};
	const struct sf_node_row_delivery key = {.message_id = message_id};
	const struct sf_scan of_message = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &of_message, keep_unanswered, &unanswered, diag);
	if (!err)
		err = unanswered.err;
	for (size_t i = 0; i < unanswered.count && !err; i++) {
		struct sf_node_row_delivery *row = &unanswered.rows[i];
		row->state = SF_DELIVERY_FATAL_ERROR;
		row->open = row->due = 0;
		row->failed = 1;
		row->since_ms = node->now_ms;
		err = store->replace(store->self, &sf_node_table_delivery, row, diag);
	}
	return err;
}

/* The word of a frame drops nothing: the coordinator has signed that it erased this transition. */
static enum sf_err is_stated(
	struct sf_node *node, struct sf_id message_id, bool *ret_stated, struct sf_diag *diag)
{
	struct sf_node_row_outbox outbox = {.message_id = message_id};
	struct sf_node_row_erasure erasure = {.asked_ms = 0};
	const struct sf_store *store = sf_node_store(node);
	*ret_stated = false;
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, diag);
	if (!err)
		err = get_erasure(node, outbox.transition, &erasure, diag);
	*ret_stated = !err && !sf_id_is_none(outbox.transition) && erasure.asked_ms != 0;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_drop_sending(
	struct sf_node *node, struct sf_id envelope_id, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_sending row = {.envelope_id = envelope_id};
	enum sf_err err = store->get(store->self, &sf_node_table_sending, 0, &row, diag);
	if (err || row.open == 0)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	row.envelope = sf_arena_copy(&node->arena, row.envelope);
	if (!row.envelope.data)
		return SF_ERR_LIMIT;
	bool stated;
	err = is_stated(node, row.message_id, &stated, diag);
	if (err || !stated) {
		/* It is submitted again when its receipt is late; by then the statement is here. */
		node->counters.dropped++;
		return err;
	}
	row.open = 0;
	if (node->on_the_way > 0)
		node->on_the_way--;
	node->progress_ms = node->now_ms;
	err = store->replace(store->self, &sf_node_table_sending, &row, diag);
	return err ? err : fail_deliveries(node, row.message_id, diag);
}

static enum sf_err describe(const struct sf_node_erasing *erasing, bool done,
	struct sf_arena *arena, struct sf_reply *ret_reply)
{
	struct sf_erased_row *rows = sf_arena_take_many(arena, SF_NODE_GONE_COUNT, sizeof(*rows));
	if (!rows)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < SF_NODE_GONE_COUNT; i++)
		rows[i] = (struct sf_erased_row){
			gone_words[i], erasing->counts[i], erasing->sizes[i]};
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_ERASED,
		.text = "",
		.erased = {.done = done,
			.at_ms = erasing->node->now_ms,
			.transition = erasing->transition,
			.row_count = SF_NODE_GONE_COUNT,
			.rows = rows}};
	return SF_OK;
}

/* What was said in this turn is sealed and written when it ends. */
static enum sf_err is_busy(
	struct sf_node *node, struct sf_id transition, bool *ret_busy, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	*ret_busy = false;
	for (const struct sf_outgoing *at = node->outgoing_first; at && !err; at = at->next) {
		struct sf_node_row_outbox row = {.message_id = at->message_id};
		err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
		*ret_busy = *ret_busy || (!err && sf_id_equal(row.transition, transition));
	}
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* While the patient's course is open somebody here may be responsible. */
static bool may_erase(const struct sf_node_row_transition *row,
	const struct sf_node_row_erasure *erasure, enum sf_ground ground)
{
	return row->open == 0 || erasure->asked_ms != 0 || ground == SF_GROUND_MISTAKE ||
	       ground == SF_GROUND_ORDER;
}

enum sf_err sf_node_serve_erase(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_erase *asked = &request->erase;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_erasure erasure;
	enum sf_err err = get_erasure(node, asked->transition, &erasure, diag);
	if (err)
		return err;
	if (erasure.done_ms != 0) {
		sf_reply_refuse_erased(ret_reply, arena, SF_ERR_EXISTS, erasure.done_ms,
			(enum sf_ground)erasure.ground);
		return SF_OK;
	}
	struct sf_node_row_transition row = {.id = asked->transition};
	err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	/* Of one that the coordinator erased there may be messages without a course. */
	if (err == SF_ERR_NOT_FOUND && erasure.asked_ms != 0)
		err = SF_OK;
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no transition of this id is known here");
		return SF_OK;
	}
	bool busy = false;
	if (!err)
		err = is_busy(node, asked->transition, &busy, diag);
	if (!err && busy) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"something of this transition is being sent this moment; try again");
		return SF_OK;
	}
	if (!err && !may_erase(&row, &erasure, asked->ground)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"the transition is not closed: somebody is responsible for this patient "
			"now; close it first, or say --ground mistake or order");
		return SF_OK;
	}
	struct sf_node_erasing erasing = {
		.node = node, .transition = asked->transition, .diag = diag};
	if (!err)
		err = sf_node_erasing_collect(&erasing);
	if (!err && !asked->preview)
		err = sf_node_erasing_do(&erasing, asked->ground);
	return err ? err : describe(&erasing, !asked->preview, arena, ret_reply);
}

/* --- Retention ------------------------------------------------------------------------------- */

struct retained {
	int64_t before_ms;
	size_t count;
	struct sf_id transitions[RETAINED_MAX];
};

static bool keep_retained(void *context, const void *row)
{
	struct retained *retained = context;
	const struct sf_node_row_transition *transition = row;
	if (transition->updated_ms >= retained->before_ms || retained->count == RETAINED_MAX)
		return false;
	if (transition->open == 0)
		retained->transitions[retained->count++] = transition->id;
	return true;
}

int64_t sf_node_retention_due_ms(const struct sf_node *node)
{
	return node->options.retention_ms > 0 ? node->retention_ms : INT64_MAX;
}

struct newest {
	int64_t updated_ms;
};

static bool keep_newest(void *context, const void *row)
{
	((struct newest *)context)->updated_ms =
		((const struct sf_node_row_transition *)row)->updated_ms;
	return false;
}

enum sf_err sf_node_is_time_known(struct sf_node *node, bool *ret_known, struct sf_diag *diag)
{
	struct newest newest = {.updated_ms = node->coordinator_ms};
	const struct sf_scan scan = {.table = &sf_node_table_transition,
		.index = SF_NODE_TRANSITION_BY_UPDATED,
		.descending = true,
		.count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, keep_newest, &newest, diag);
	int64_t said_ms =
		newest.updated_ms > node->coordinator_ms ? newest.updated_ms : node->coordinator_ms;
	*ret_known = said_ms != 0 && node->now_ms - said_ms <= SILENCE_MS_MAX;
	return err;
}

enum sf_err sf_node_retain(struct sf_node *node, struct sf_diag *diag)
{
	if (sf_node_retention_due_ms(node) > node->now_ms)
		return SF_OK;
	node->retention_ms = node->now_ms + RETENTION_LOOK_MS;
	struct retained retained = {.before_ms = node->now_ms - node->options.retention_ms};
	const struct sf_scan scan_old = {
		.table = &sf_node_table_transition, .index = SF_NODE_TRANSITION_BY_UPDATED};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan_old, keep_retained, &retained, diag);
	bool known = true;
	if (!err && retained.count > 0)
		err = sf_node_is_time_known(node, &known, diag);
	/* A quiet link says no time; the answer to a hello does, and looks again (session.c). */
	if (!err && !known)
		return node->greeted ? sf_node_hello(node, diag) : SF_OK;
	for (size_t i = 0; i < retained.count && !err; i++) {
		struct sf_node_erasing erasing = {
			.node = node, .transition = retained.transitions[i], .diag = diag};
		err = sf_node_erasing_collect(&erasing);
		if (!err)
			err = sf_node_erasing_do(&erasing, SF_GROUND_RETENTION);
	}
	if (retained.count == RETAINED_MAX)
		node->retention_ms = node->now_ms + SF_SECOND_MS;
	return err;
}
