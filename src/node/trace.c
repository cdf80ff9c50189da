/* The steps of one message that are known here, and one message again. */
#include "node/attachment.h"
#include "node/bodies.h"
#include "node/channel.h"
#include "node/service.h"

#include <stdlib.h>
#include <string.h>

#include "audit/listing.h"

struct trace {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	struct sf_id message;
	struct sf_id transition;
	const char *door; /* by which it was handed in, when it was and not locally */
	struct sf_node_row_inbox inbox;
	bool received;
};

static void add(struct trace *trace, int64_t at_ms, const char *step, struct sf_id party,
	const char *channel, const char *detail)
{
	struct sf_step_row *row = sf_listing_add(&trace->listing, &trace->rows);
	if (row)
		*row = (struct sf_step_row){at_ms, sf_listing_text(&trace->listing, step),
			sf_listing_text(&trace->listing, channel), party,
			sf_listing_name(&trace->listing, party),
			sf_listing_text(&trace->listing, detail)};
}

static bool add_event(void *context, const void *row)
{
	struct trace *trace = context;
	const struct sf_node_row_event *event = row;
	bool refused = event->outcome == SF_OUTCOME_REFUSED;
	bool again = event->kind_class == SF_CLASS_RESEND;
	trace->transition = event->transition;
	add(trace, event->recorded_ms,
		refused ? "refused"
		: again ? "recorded-again"
			: "recorded",
		event->author, "", refused ? sf_refusal_code((uint16_t)event->code) : "");
	return true;
}

/* Of an answer; an ok without a reason has none. */
static const char *code_text(int64_t code)
{
	return code != 0 ? sf_ack_code_text((uint32_t)code) : "";
}

static bool add_delivery(void *context, const void *row)
{
	struct trace *trace = context;
	const struct sf_node_row_delivery *delivery = row;
	add(trace, delivery->since_ms, sf_delivery_text((enum sf_delivery_state)delivery->state),
		delivery->recipient, "", code_text(delivery->code));
	return true;
}

static bool find_inbox(void *context, const void *row)
{
	struct trace *trace = context;
	const struct sf_node_row_inbox *inbox = row;
	/* Of several of one id the one that came first (sf_node_letter_author). */
	if (!trace->received || inbox->position < trace->inbox.position)
		trace->inbox = *inbox;
	trace->received = true;
	return true;
}

static bool find_door(void *context, const void *row)
{
	struct trace *trace = context;
	const struct sf_node_row_passage *passage = row;
	const char *channel = sf_arena_text(trace->listing.arena, passage->channel);
	if (!channel)
		return false;
	if (passage->out)
		add(trace, passage->at_ms, "handed-out", (struct sf_id){{0}}, channel, "");
	else
		trace->door = channel;
	return true;
}

static bool add_deletion(void *context, const void *row)
{
	const struct sf_node_row_deletion *deletion = row;
	add(context, deletion->at_ms, "content-deleted", (struct sf_id){{0}}, "",
		deletion->unanswered ? "unanswered" : "no-case");
	return true;
}

static enum sf_err walk(struct trace *trace, const struct sf_table *table, size_t index,
	const void *from, sf_row_visitor *visitor, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(trace->node);
	const struct sf_scan scan = {.table = table,
		.index = index,
		.equal_count = 1,
		.from = from,
		.count_max = SF_LOCAL_ROWS_MAX};
	return store->scan(store->self, &scan, visitor, trace, diag);
}

static enum sf_err find_received(struct trace *trace, struct sf_diag *diag)
{
	const struct sf_node_row_inbox key = {.message_id = trace->message};
	return walk(trace, &sf_node_table_inbox, SF_NODE_INBOX_BY_MESSAGE, &key, find_inbox, diag);
}

static const char *inbox_step(const struct sf_node_row_inbox *inbox)
{
	return inbox->state == SF_NODE_INBOX_FATAL       ? "quarantined"
	       : sf_node_is_letter(inbox)                ? "received"
	       : inbox->state == SF_NODE_INBOX_TRANSIENT ? "not-opened"
							 : "erased";
}

/* How it stands with each; the time is the letter's. */
static enum sf_err add_attachments(
	struct trace *trace, struct sf_id author, int64_t at_ms, struct sf_diag *diag)
{
	size_t count;
	const struct sf_attachment_row *rows;
	enum sf_err err = sf_node_list_attachments(
		trace->node, &trace->listing, author, trace->message, &count, &rows, diag);
	for (size_t i = 0; i < count && !err; i++)
		add(trace, at_ms, "attachment", author, "", sf_attachment_text(rows[i].state));
	return err;
}

static enum sf_err gather(struct trace *trace, struct sf_diag *diag)
{
	const struct sf_node_row_passage passage = {.message_id = trace->message};
	const struct sf_node_row_event event = {.message_id = trace->message};
	const struct sf_node_row_delivery delivery = {.message_id = trace->message};
	const struct sf_store *store = sf_node_store(trace->node);
	struct sf_node_row_outbox outbox = {.message_id = trace->message};
	trace->door = "local";
	enum sf_err err = walk(trace, &sf_node_table_passage, SF_NODE_PASSAGE_BY_MESSAGE, &passage,
		find_door, diag);
	if (!err)
		err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, diag);
	if (!err) {
		trace->transition = outbox.transition;
		struct sf_id own = trace->node->options.party;
		int64_t created_ms = outbox.created_ms;
		add(trace, created_ms, "handed-in", own, trace->door, "");
		err = add_attachments(trace, own, created_ms, diag);
	} else if (err == SF_ERR_NOT_FOUND) {
		err = SF_OK;
	}
	if (!err)
		err = walk(trace, &sf_node_table_event, SF_NODE_EVENT_BY_MESSAGE, &event, add_event,
			diag);
	if (!err)
		err = walk(trace, &sf_node_table_delivery, 0, &delivery, add_delivery, diag);
	if (!err)
		err = find_received(trace, diag);
	if (!err && trace->received) {
		trace->transition = trace->inbox.transition;
		add(trace, trace->inbox.received_ms, inbox_step(&trace->inbox), trace->inbox.author,
			"", code_text(trace->inbox.code));
		const struct sf_node_row_deletion deletion = {.message_id = trace->message};
		err = walk(trace, &sf_node_table_deletion, 0, &deletion, add_deletion, diag);
		if (!err)
			err = add_attachments(
				trace, trace->inbox.author, trace->inbox.received_ms, diag);
	}
	return err;
}

static int by_time(const void *left, const void *right)
{
	const struct sf_step_row *a = left, *b = right;
	return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

enum sf_err sf_node_serve_trace(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct trace trace = {.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_step_row)},
		.message = request->trace.message};
	enum sf_err err = gather(&trace, diag);
	if (err)
		return err;
	if (trace.listing.full)
		return SF_ERR_LIMIT;
	if (trace.rows.count == 0) {
		sf_reply_refuse(
			ret_reply, arena, SF_ERR_NOT_FOUND, "no message of this id is known here");
		return SF_OK;
	}
	qsort(trace.rows.items, trace.rows.count, sizeof(struct sf_step_row), by_time);
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_TRACE,
		.text = "",
		.trace = {trace.message, trace.transition, trace.rows.count, trace.rows.items}};
	return SF_OK;
}

enum sf_err sf_node_serve_replay(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct trace trace = {.node = node, .message = request->replay.message};
	enum sf_err err = find_received(&trace, diag);
	if (err)
		return err;
	if (!trace.received) {
		const struct sf_request resend = {
			.kind = SF_REQUEST_RESEND, .resend = {.message = trace.message}};
		err = sf_node_serve_resend(node, &resend, arena, ret_reply, diag);
		if (!err && !ret_reply->err)
			*ret_reply = (struct sf_reply){.kind = SF_REPLY_REPLAYED,
				.text = "",
				.replayed = {.resent = true}};
		return err;
	}
	if (!sf_node_is_letter(&trace.inbox) || trace.inbox.state == SF_NODE_INBOX_FATAL) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"this message could not be opened, was refused or was erased: there is "
			"nothing to hand out");
		return SF_OK;
	}
	const struct sf_feed_row row = {.at_ms = node->now_ms,
		.what = SF_FEED_REPLAYED,
		.message = trace.message,
		.transition = trace.inbox.transition,
		.party = trace.inbox.author,
		.peer = node->options.party,
		.kind = (uint32_t)trace.inbox.kind};
	sf_feed_add(node->feed, &row);
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_REPLAYED, .text = ""};
	return SF_OK;
}
