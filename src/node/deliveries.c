/*
 * What this party has sent and how far it has come: one row per message and recipient (DOMAIN.md
 * section 8).
 */
#include "node/service.h"
#include "node/state.h"

#include <stdlib.h>

#include "audit/listing.h"

struct outbox_walk {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	size_t count_max;
	uint64_t after;
	bool only_open;
	bool acknowledgements;
	const struct sf_id *only; /* this recipient; NULL for all */
	size_t seen;              /* rows walked, against SF_LISTING_WALK_MAX */
	int64_t created_ms;       /* of the last message seen, */
	uint64_t ordinal;         /* and how many of that millisecond came before it */
	enum sf_err err;
	struct sf_diag *diag;
};

struct submitted {
	const struct sf_node *node;
	bool yes;
};

static bool is_submitted(void *context, const void *row)
{
	struct submitted *submitted = context;
	const struct sf_node_row_sending *sending = row;
	if (sending->open > 0 && sending->open <= submitted->node->submitted)
		submitted->yes = submitted->node->greeted;
	return true;
}

/* Not recorded yet: on the way on this connection, or waiting for one. */
static enum sf_err state_before_stored(struct sf_node *node, struct sf_id message,
	enum sf_delivery_state *ret_state, struct sf_diag *diag)
{
	struct submitted submitted = {node, false};
	const struct sf_node_row_sending key = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_sending,
		.index = SF_NODE_SENDING_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, is_submitted, &submitted, diag);
	*ret_state = submitted.yes ? SF_DELIVERY_SENT : SF_DELIVERY_QUEUED;
	return err;
}

static enum sf_ack ack_of(enum sf_delivery_state state, int64_t code)
{
	if (state == SF_DELIVERY_OK)
		return SF_ACK_OK;
	if (state == SF_DELIVERY_FATAL_ERROR)
		return SF_ACK_FATAL_ERROR;
	bool answered = state == SF_DELIVERY_WAITING || state == SF_DELIVERY_ASK_PERSON;
	return answered && code != 0 ? SF_ACK_TRANSIENT_ERROR : SF_ACK_NONE;
}

/* A code word for people; the code of the answer says more when there is one. */
static const char *reason_of(const struct sf_node *node, enum sf_delivery_state state, int64_t code)
{
	switch (state) {
	case SF_DELIVERY_QUEUED:
		return node->greeted ? "" : "not-connected";
	case SF_DELIVERY_ASK_PERSON:
		return "attempts-used-up";
	case SF_DELIVERY_UNDELIVERABLE:
		return "expired";
	case SF_DELIVERY_WAITING:
		return code ? sf_ack_code_text((uint32_t)code) : "no-answer";
	case SF_DELIVERY_REFUSED:
		return sf_refusal_code((uint16_t)code);
	case SF_DELIVERY_FATAL_ERROR:
	case SF_DELIVERY_TRANSIENT_ERROR:
		return sf_ack_code_text((uint32_t)code);
	case SF_DELIVERY_NONE:
	case SF_DELIVERY_SENT:
	case SF_DELIVERY_STORED:
	case SF_DELIVERY_TAKEN:
	case SF_DELIVERY_OK:
		break;
	}
	return "";
}

static bool is_open(enum sf_delivery_state state)
{
	return state != SF_DELIVERY_OK && state != SF_DELIVERY_FATAL_ERROR &&
	       state != SF_DELIVERY_REFUSED;
}

/* One message without its bytes, as far as it has come before any recipient is asked. */
struct sent {
	struct sf_id message_id;
	struct sf_id transition;
	uint32_t kind;
	enum sf_activity activity;
	enum sf_delivery_state state; /* queued, sent, stored, refused */
	int64_t code;
	int64_t attempts;
	int64_t created_ms;
	bool letter;
	uint64_t cursor;
};

/*
 * WIRE section 1: past `expires` a letter that nobody took is undeliverable and a person decides.
 * Nothing is dropped: it goes out, and is taken, whenever that can be.
 */
static bool is_expired(const struct outbox_walk *walk, const struct sent *sent,
	const struct sf_node_row_delivery *delivery)
{
	bool on_its_way = sent->state != SF_DELIVERY_REFUSED && delivery &&
			  delivery->state == SF_DELIVERY_SENT;
	return sent->letter && on_its_way &&
	       walk->node->now_ms - delivery->since_ms > walk->node->options.expires_ms;
}

static enum sf_err add_row(struct outbox_walk *walk, const struct sent *sent,
	struct sf_id recipient, const struct sf_node_row_delivery *delivery)
{
	bool recorded = sent->state == SF_DELIVERY_STORED;
	enum sf_delivery_state state = sent->state;
	/* Stored is news about the message; what a recipient has done with it is newer. */
	if (recorded && delivery && delivery->state != SF_DELIVERY_SENT)
		state = (enum sf_delivery_state)delivery->state;
	if (is_expired(walk, sent, delivery))
		state = SF_DELIVERY_UNDELIVERABLE;
	/* A message without a body asks for no answer: recorded is all that becomes of it. */
	bool open = is_open(state) && (sent->letter || !recorded);
	if (walk->only_open && !open)
		return SF_OK;
	struct sf_delivery_row *row = sf_listing_add(&walk->listing, &walk->rows);
	if (!row)
		return SF_ERR_LIMIT;
	int64_t code = state == SF_DELIVERY_REFUSED ? sent->code : delivery ? delivery->code : 0;
	*row = (struct sf_delivery_row){
		.cursor = sent->cursor,
		.message = sent->message_id,
		.transition = sent->transition,
		.kind = sent->kind,
		.activity = sent->activity,
		.recipient = recipient,
		.recipient_name = sf_listing_name(&walk->listing, recipient),
		.state = state,
		.ack = ack_of(state, code),
		.code = (uint32_t)code,
		.attempts = (uint32_t)sent->attempts,
		.queued_ms = sent->created_ms,
		.since_ms = delivery && recorded ? delivery->since_ms : sent->created_ms,
		.late = (open || !recorded || state == SF_DELIVERY_FATAL_ERROR) &&
			sf_delivery_is_late(state, sent->created_ms, walk->node->now_ms),
		.reason = reason_of(walk->node, state, code),
	};
	return SF_OK;
}

static enum sf_err list_recipients(
	struct outbox_walk *walk, const struct sent *sent, const struct sf_message *message)
{
	const struct sf_store *store = sf_node_store(walk->node);
	if (message->recipient_count == 0)
		return add_row(walk, sent, (struct sf_id){{0}}, NULL);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < message->recipient_count && !err; i++) {
		if (walk->only && !sf_id_equal(*walk->only, message->recipients[i]))
			continue;
		struct sf_node_row_delivery delivery = {
			.message_id = sent->message_id, .recipient = message->recipients[i]};
		err = store->get(store->self, &sf_node_table_delivery, 0, &delivery, walk->diag);
		bool known = !err;
		if (err == SF_ERR_NOT_FOUND)
			err = SF_OK;
		if (!err)
			err = add_row(walk, sent, message->recipients[i], known ? &delivery : NULL);
	}
	return err;
}

static enum sf_err list_message(
	struct outbox_walk *walk, const struct sf_node_row_outbox *outbox, uint64_t cursor)
{
	struct sf_message message;
	if (sf_message_decode(outbox->message, &message, walk->diag))
		return SF_ERR_CORRUPT;
	bool acknowledgement = message.fact.kind == SF_KIND_ACKNOWLEDGEMENT;
	if (acknowledgement && !walk->acknowledgements)
		return SF_OK;
	struct sent sent = {
		.message_id = outbox->message_id,
		.transition = outbox->transition,
		.kind = message.fact.kind,
		.activity = message.fact.kind == SF_KIND_STAY ? message.fact.stay.activity
							      : SF_ACTIVITY_NONE,
		.state = outbox->outcome == SF_OUTCOME_REFUSED ? SF_DELIVERY_REFUSED
							       : SF_DELIVERY_STORED,
		.code = outbox->code,
		.attempts = outbox->sending,
		.created_ms = outbox->created_ms,
		.letter = outbox->salted_body.size > 0 && !acknowledgement,
		.cursor = cursor,
	};
	enum sf_err err = SF_OK;
	if (outbox->outcome == 0)
		err = state_before_stored(walk->node, sent.message_id, &sent.state, walk->diag);
	return err ? err : list_recipients(walk, &sent, &message);
}

static enum sf_err list_one(struct outbox_walk *walk, struct sf_id message)
{
	struct sf_node_row_outbox outbox = {.message_id = message};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, walk->diag);
	return err ? err : list_message(walk, &outbox, 0);
}

/* The cursor of a message: its millisecond, then its place in it. Fits 53 bits until 2039. */
static bool visit_outbox(void *context, const void *row)
{
	struct outbox_walk *walk = context;
	const struct sf_node_row_outbox *outbox = row;
	walk->ordinal = outbox->created_ms == walk->created_ms ? walk->ordinal + 1 : 1;
	walk->created_ms = outbox->created_ms;
	uint64_t cursor = ((uint64_t)outbox->created_ms << 12) +
			  (walk->ordinal < 4095 ? walk->ordinal : 4095);
	if (cursor > walk->after)
		walk->err = list_message(walk, outbox, cursor);
	return !walk->err && walk->rows.count < walk->count_max;
}

static enum sf_err walk_outbox(struct outbox_walk *walk)
{
	const struct sf_node_row_outbox key = {.created_ms = (int64_t)(walk->after >> 12)};
	const struct sf_scan scan = {.table = &sf_node_table_outbox,
		.index = SF_NODE_OUTBOX_BY_CREATED,
		.from = &key,
		.bounded = true};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_outbox, walk, walk->diag);
	return err ? err : walk->err;
}

static bool visit_own_event(void *context, const void *row)
{
	struct outbox_walk *walk = context;
	const struct sf_node_row_event *event = row;
	if (event->kind_class == SF_CLASS_FACT &&
		sf_id_equal(event->author, walk->node->options.party))
		walk->err = list_one(walk, event->message_id);
	if (walk->err == SF_ERR_NOT_FOUND)
		walk->err = SF_OK; /* sent by an earlier life of this node */
	return !walk->err && walk->rows.count < walk->count_max;
}

struct unrecorded {
	struct outbox_walk *walk;
	struct sf_id transition;
	size_t seen;
};

static bool visit_unrecorded(void *context, const void *row)
{
	struct unrecorded *unrecorded = context;
	struct outbox_walk *walk = unrecorded->walk;
	const struct sf_node_row_sending *sending = row;
	struct sf_node_row_outbox outbox = {.message_id = sending->message_id};
	const struct sf_store *store = sf_node_store(walk->node);
	walk->err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, walk->diag);
	if (!walk->err && outbox.outcome == 0 &&
		sf_id_equal(outbox.transition, unrecorded->transition))
		walk->err = list_message(walk, &outbox, 0);
	return !walk->err && walk->rows.count < walk->count_max &&
	       ++unrecorded->seen < SF_LOCAL_ROWS_MAX;
}

/* Recorded ones by the transition's events, then those that wait for their receipt. */
static enum sf_err walk_transition(struct outbox_walk *walk, struct sf_id transition)
{
	const struct sf_store *store = sf_node_store(walk->node);
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	enum sf_err err = store->scan(store->self, &scan, visit_own_event, walk, walk->diag);
	if (err || walk->err)
		return err ? err : walk->err;
	struct unrecorded unrecorded = {walk, transition, 0};
	const struct sf_scan waiting = {
		.table = &sf_node_table_sending, .index = SF_NODE_SENDING_OPEN};
	err = store->scan(store->self, &waiting, visit_unrecorded, &unrecorded, walk->diag);
	return err ? err : walk->err;
}

/* Open rows are walked through their small indexes, so their place in a millisecond is not known.
 */
static enum sf_err list_open(struct outbox_walk *walk, struct sf_id message, bool letters)
{
	struct sf_node_row_outbox outbox = {.message_id = message};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, walk->diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	uint64_t cursor = ((uint64_t)outbox.created_ms << 12) + 4095;
	if (cursor <= walk->after || (outbox.salted_body.size > 0) != letters)
		return SF_OK;
	return list_message(walk, &outbox, cursor);
}

static bool visit_open_delivery(void *context, const void *row)
{
	struct outbox_walk *walk = context;
	const struct sf_node_row_delivery *delivery = row;
	struct sf_id recipient = delivery->recipient;
	walk->only = &recipient;
	walk->err = list_open(walk, delivery->message_id, true);
	walk->only = NULL;
	return !walk->err && ++walk->seen < SF_LISTING_WALK_MAX;
}

static bool visit_open_sending(void *context, const void *row)
{
	struct outbox_walk *walk = context;
	const struct sf_node_row_sending *sending = row;
	walk->err = list_open(walk, sending->message_id, false);
	return !walk->err && ++walk->seen < SF_LISTING_WALK_MAX;
}

static int by_cursor(const void *a, const void *b)
{
	const struct sf_delivery_row *first = a, *second = b;
	return first->cursor < second->cursor ? -1 : first->cursor > second->cursor;
}

/* History may be long, what is open is not: letters by open deliveries, the rest by open sendings.
 */
static enum sf_err walk_open(struct outbox_walk *walk)
{
	const struct sf_store *store = sf_node_store(walk->node);
	const struct sf_scan letters = {
		.table = &sf_node_table_delivery, .index = SF_NODE_DELIVERY_OPEN};
	const struct sf_scan others = {
		.table = &sf_node_table_sending, .index = SF_NODE_SENDING_OPEN};
	enum sf_err err = store->scan(store->self, &letters, visit_open_delivery, walk, walk->diag);
	if (!err && !walk->err)
		err = store->scan(store->self, &others, visit_open_sending, walk, walk->diag);
	if (err || walk->err)
		return err ? err : walk->err;
	struct sf_delivery_row *rows = walk->rows.items;
	size_t count = walk->rows.count;
	if (count > 1)
		qsort(rows, count, sizeof(*rows), by_cursor);
	/* A page never ends inside a cursor, or the next would skip its rest. */
	size_t page = count < walk->count_max ? count : walk->count_max;
	while (page > 0 && page < count && rows[page].cursor == rows[page - 1].cursor)
		page++;
	walk->rows.count = page;
	return SF_OK;
}

static struct outbox_walk start(
	struct sf_node *node, struct sf_arena *arena, uint32_t count_max, struct sf_diag *diag)
{
	return (struct outbox_walk){
		.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_delivery_row)},
		.count_max = sf_listing_count(count_max),
		.diag = diag,
	};
}

enum sf_err sf_node_list_deliveries(struct sf_node *node, struct sf_id transition,
	struct sf_arena *arena, size_t *ret_count, const struct sf_delivery_row **ret_rows,
	struct sf_diag *diag)
{
	struct outbox_walk walk = start(node, arena, 0, diag);
	enum sf_err err = walk_transition(&walk, transition);
	if (!err && walk.listing.full)
		err = SF_ERR_LIMIT;
	if (err)
		return err;
	*ret_count = walk.rows.count;
	*ret_rows = walk.rows.items;
	return SF_OK;
}

enum sf_err sf_node_serve_outbox(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_outbox *asked = &request->outbox;
	struct outbox_walk walk = start(node, arena, asked->count_max, diag);
	walk.after = asked->after;
	walk.only_open = asked->only_open;
	enum sf_err err;
	if (!sf_id_is_none(asked->message)) {
		walk.acknowledgements = true;
		err = list_one(&walk, asked->message);
	} else if (!sf_id_is_none(asked->transition)) {
		err = walk_transition(&walk, asked->transition);
	} else {
		err = asked->only_open ? walk_open(&walk) : walk_outbox(&walk);
	}
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no message of this id was sent from here");
		return SF_OK;
	}
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){
		.kind = SF_REPLY_OUTBOX, .text = "", .outbox = {walk.rows.count, walk.rows.items}};
	return SF_OK;
}
