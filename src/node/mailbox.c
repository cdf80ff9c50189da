/*
 * What this party has received, and any one message with its content. The only replies with
 * personal data are made here (sf_node_serve_message).
 */
#include "node/service.h"
#include "node/state.h"

#include "node/attachment.h"
#include "node/bodies.h"
#include "node/naming.h"
#include "node/rest.h"

#include <stdlib.h>

#include "audit/listing.h"

struct inbox_walk {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	struct sf_arena scratch; /* of one body */
	size_t count_max;
	uint64_t after;
	bool only_unhandled;
	bool of_transition; /* all that was shown in it, not what there is to do */
	enum sf_err err;
	struct sf_diag *diag;
};

static void show_said(const struct sf_message *message, struct sf_inbox_row *row)
{
	struct sf_event_row said = {.kind = 0};
	sf_listing_message(message, &said);
	row->kind = said.kind;
	row->activity = said.activity;
	row->mode = said.mode;
	row->occurred_ms = said.occurred_ms;
	if (message->fact.kind != SF_KIND_LETTER)
		return;
	row->letter = message->fact.letter.code;
	row->mark = message->fact.letter.mark;
}

/* What the signed header says; an event that is not here yet leaves it empty. */
static enum sf_err read_event(struct sf_node *node, const struct sf_node_row_inbox *inbox,
	struct sf_inbox_row *row, struct sf_diag *diag)
{
	struct sf_node_row_event event;
	enum sf_err err = sf_node_event_of(node, inbox->author, inbox->message_id, &event, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	struct sf_cover cover;
	struct sf_header header;
	err = sf_cover_parse(event.cover, &cover, diag);
	if (!err)
		err = sf_header_decode(cover.header, &header, diag);
	if (!err)
		show_said(&header.message, row);
	return err == SF_ERR_FORMAT ? SF_ERR_CORRUPT : err;
}

/* Domains that can be accepted by answering; 0 while this replica does not know the transition. */
static enum sf_err read_offers(struct sf_node *node, struct sf_inbox_row *row, struct sf_diag *diag)
{
	const struct sf_transition *transition = NULL;
	if (sf_id_is_none(row->transition))
		return SF_OK;
	enum sf_err err = sf_node_replica(node, row->transition, &transition, diag);
	if (!err && transition)
		row->offers = sf_listing_offers(transition, row->message, node->options.party);
	return err;
}

/* When its content was deleted; 0 when it is there, or never was. */
static enum sf_err read_deletion(struct sf_node *node, const struct sf_node_row_inbox *inbox,
	struct sf_inbox_row *row, struct sf_diag *diag)
{
	struct sf_node_row_deletion deletion = {
		.message_id = inbox->message_id, .author = inbox->author};
	if (inbox->body.size > 0)
		return SF_OK;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_deletion, 0, &deletion, diag);
	if (!err)
		row->deleted_ms = deletion.at_ms;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static void fill_row(struct sf_node *node, struct sf_listing *listing,
	const struct sf_node_row_inbox *inbox, struct sf_inbox_row *row)
{
	const struct sf_directory_entry *author =
		sf_directory_party(node->directory, inbox->author);
	*row = (struct sf_inbox_row){
		.cursor = (uint64_t)inbox->position,
		.message = inbox->message_id,
		.transition = inbox->transition,
		.author = inbox->author,
		.author_name = sf_listing_name(listing, inbox->author),
		.author_role = author ? author->role : SF_ROLE_NONE,
		.kind = (uint32_t)inbox->kind,
		.recorded_ms = inbox->recorded_ms,
		.received_ms = inbox->received_ms,
		.handled = inbox->unhandled == 0,
		.ack = sf_id_is_none(inbox->acknowledgement)     ? SF_ACK_NONE
		       : inbox->state == SF_NODE_INBOX_OK        ? SF_ACK_OK
		       : inbox->state == SF_NODE_INBOX_TRANSIENT ? SF_ACK_TRANSIENT_ERROR
								 : SF_ACK_FATAL_ERROR,
		.code = (uint32_t)inbox->code,
		.content_type = "",
	};
}

static enum sf_err list_attachments(struct sf_node *node, struct sf_listing *listing,
	struct sf_inbox_row *row, size_t *ret_count, const struct sf_attachment_row **ret_rows,
	struct sf_diag *diag)
{
	enum sf_err err = sf_node_list_attachments(
		node, listing, row->author, row->message, ret_count, ret_rows, diag);
	if (err)
		return err;
	row->attachments = (uint32_t)*ret_count;
	row->attachments_here = 0;
	for (size_t i = 0; i < *ret_count; i++)
		row->attachments_here += (*ret_rows)[i].state != SF_ATTACHMENT_COMING &&
					 (*ret_rows)[i].state != SF_ATTACHMENT_BROKEN;
	return SF_OK;
}

static enum sf_err list_letter(struct inbox_walk *walk, const struct sf_node_row_inbox *inbox)
{
	struct sf_inbox_row *row = sf_listing_add(&walk->listing, &walk->rows);
	if (!row)
		return SF_ERR_LIMIT;
	fill_row(walk->node, &walk->listing, inbox, row);
	enum sf_err err = read_deletion(walk->node, inbox, row, walk->diag);
	struct sf_body body = {.content_type = ""};
	sf_arena_clear(&walk->scratch);
	const struct sf_node_rest rest = {inbox->transition, SF_NODE_REST_INBOX, inbox->message_id};
	struct sf_view bytes;
	if (!err)
		err = sf_node_open_content(
			walk->node, &rest, inbox->body, &walk->scratch, &bytes, walk->diag);
	if (!err && bytes.size > 0)
		err = sf_body_decode(bytes, &walk->scratch, &body, walk->diag);
	row->content_type = sf_listing_text(&walk->listing, body.content_type);
	row->content_size = body.content.size;
	if (!err)
		err = read_event(walk->node, inbox, row, walk->diag);
	struct sf_listing scratch = {walk->node->directory, &walk->scratch, false};
	size_t count;
	const struct sf_attachment_row *rows;
	if (!err)
		err = list_attachments(walk->node, &scratch, row, &count, &rows, walk->diag);
	return err ? err : read_offers(walk->node, row, walk->diag);
}

/*
 * Only what was opened is a letter. What was refused after it was shown is no work of the inbox any
 * more: it is in quarantine, and where it was read, in its transition.
 */
static bool visit_letter(void *context, const void *row)
{
	struct inbox_walk *walk = context;
	const struct sf_node_row_inbox *inbox = row;
	bool shown = sf_node_is_letter(inbox) &&
		     (inbox->state != SF_NODE_INBOX_FATAL || walk->of_transition) &&
		     (uint64_t)inbox->position > walk->after &&
		     (!walk->only_unhandled || inbox->unhandled != 0);
	if (shown)
		walk->err = list_letter(walk, inbox);
	return !walk->err && walk->rows.count < walk->count_max;
}

static bool visit_event(void *context, const void *row)
{
	struct inbox_walk *walk = context;
	const struct sf_node_row_event *event = row;
	struct sf_node_row_inbox inbox = {.author = event->author, .message_id = event->message_id};
	if (event->kind_class != SF_CLASS_FACT)
		return true;
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, &inbox, walk->diag);
	if (err == SF_ERR_NOT_FOUND)
		return true;
	walk->err = err;
	if (err)
		return false;
	visit_letter(walk, &inbox);
	return !walk->err;
}

static int by_cursor(const void *a, const void *b)
{
	const struct sf_inbox_row *first = a, *second = b;
	return first->cursor < second->cursor ? -1 : first->cursor > second->cursor;
}

/* By cursor. What was recorded in a lost tail comes again: a letter may have two events. */
static void order_rows(struct sf_listing_rows *rows)
{
	struct sf_inbox_row *items = rows->items;
	size_t count = 0;
	qsort(items, rows->count, rows->item_size, by_cursor);
	for (size_t i = 0; i < rows->count; i++)
		if (count == 0 || items[count - 1].cursor != items[i].cursor)
			items[count++] = items[i];
	rows->count = count;
}

static enum sf_err walk_transition(struct inbox_walk *walk, struct sf_id transition)
{
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_event, walk, walk->diag);
	if (!err && !walk->err && walk->rows.count > 1)
		order_rows(&walk->rows);
	if (walk->rows.count > walk->count_max)
		walk->rows.count = walk->count_max;
	return err ? err : walk->err;
}

static enum sf_err walk_inbox(struct inbox_walk *walk)
{
	const struct sf_node_row_inbox key = {
		.position = (int64_t)walk->after, .unhandled = (int64_t)walk->after};
	const struct sf_scan scan = {.table = &sf_node_table_inbox,
		.index = walk->only_unhandled ? SF_NODE_INBOX_UNHANDLED : SF_NODE_INBOX_BY_POSITION,
		.from = &key,
		.bounded = true,
		.exclusive = true};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_letter, walk, walk->diag);
	return err ? err : walk->err;
}

enum sf_err sf_node_serve_inbox(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_inbox *asked = &request->inbox;
	if (asked->after > INT64_MAX) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE, "no cursor is so high");
		return SF_OK;
	}
	struct inbox_walk walk = {
		.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_inbox_row)},
		.count_max = sf_listing_count(asked->count_max),
		.after = asked->after,
		.only_unhandled = asked->only_unhandled,
		.of_transition = !sf_id_is_none(asked->transition),
		.diag = diag,
	};
	sf_arena_init(&walk.scratch, SF_NODE_BODY_ROOM);
	enum sf_err err =
		walk.of_transition ? walk_transition(&walk, asked->transition) : walk_inbox(&walk);
	sf_arena_fini(&walk.scratch);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){
		.kind = SF_REPLY_INBOX, .text = "", .inbox = {walk.rows.count, walk.rows.items}};
	return SF_OK;
}

/* A letter by its message id alone. SF_ERR_NOT_FOUND. Views live until the next store call. */
static enum sf_err find_letter(struct sf_node *node, struct sf_id message,
	struct sf_node_row_inbox *ret_row, struct sf_diag *diag)
{
	*ret_row = (struct sf_node_row_inbox){.message_id = message};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = sf_node_letter_author(node, message, &ret_row->author, diag);
	return err ? err : store->get(store->self, &sf_node_table_inbox, 0, ret_row, diag);
}

enum sf_err sf_node_mark_handled(
	struct sf_node *node, struct sf_node_row_inbox *row, struct sf_diag *diag)
{
	if (row->unhandled == 0)
		return SF_OK;
	row->unhandled = 0;
	const struct sf_store *store = sf_node_store(node);
	const struct sf_feed_row happened = {.at_ms = node->now_ms,
		.what = SF_FEED_HANDLED,
		.message = row->message_id,
		.transition = row->transition,
		.party = node->options.party,
		.peer = row->author,
		.kind = (uint32_t)row->kind};
	sf_feed_add(node->feed, &happened);
	struct sf_id message = row->message_id;
	enum sf_err err = store->replace(store->self, &sf_node_table_inbox, row, diag);
	return err ? err : sf_node_forget_verdict(node, message, diag);
}

enum sf_err sf_node_serve_handled(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_node_row_inbox row;
	enum sf_err err = find_letter(node, request->handled.message, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no message of this id was received here");
		return SF_OK;
	}
	sf_reply_done(ret_reply);
	return err ? err : sf_node_mark_handled(node, &row, diag);
}

static enum sf_err show_body(struct sf_view bytes, struct sf_arena *arena,
	struct sf_reply_message *message, struct sf_diag *diag)
{
	message->cpr = message->patient_name = message->contact_name = "";
	message->contact_telephone = "";
	if (bytes.size == 0)
		return SF_OK;
	struct sf_view kept = sf_arena_copy(arena, bytes);
	struct sf_body body;
	enum sf_err err = kept.data ? sf_body_decode(kept, arena, &body, diag) : SF_ERR_LIMIT;
	if (err)
		return err;
	message->content = body.content;
	message->cpr = body.cpr;
	message->patient_name = body.patient_name;
	message->contact_name = body.contact_name;
	message->contact_telephone = body.contact_telephone;
	message->contact_until_ms = body.contact_until_ms;
	message->row.content_type = body.content_type;
	message->row.content_size = body.content.size;
	return SF_OK;
}

static enum sf_err show_received(struct sf_node *node, struct sf_listing *listing,
	const struct sf_node_row_inbox *inbox, struct sf_reply_message *message,
	struct sf_diag *diag)
{
	fill_row(node, listing, inbox, &message->row);
	const struct sf_node_rest rest = {inbox->transition, SF_NODE_REST_INBOX, inbox->message_id};
	struct sf_view body;
	enum sf_err err =
		sf_node_open_content(node, &rest, inbox->body, listing->arena, &body, diag);
	if (!err)
		err = show_body(body, listing->arena, message, diag);
	if (!err)
		err = read_deletion(node, inbox, &message->row, diag);
	if (!err)
		err = read_event(node, inbox, &message->row, diag);
	if (!err)
		err = list_attachments(node, listing, &message->row, &message->attachment_count,
			&message->attachments, diag);
	return err ? err : read_offers(node, &message->row, diag);
}

/* A message of our own: what was sealed is salt and Body. */
static enum sf_err show_sent(struct sf_node *node, struct sf_listing *listing, struct sf_id id,
	struct sf_reply_message *message, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_outbox outbox = {.message_id = id};
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, diag);
	if (err)
		return err;
	struct sf_message said;
	err = sf_message_decode(outbox.message, &said, diag);
	if (err)
		return SF_ERR_CORRUPT;
	const struct sf_directory_entry *own =
		sf_directory_party(node->directory, node->options.party);
	message->row = (struct sf_inbox_row){
		.message = id,
		.transition = outbox.transition,
		.author = node->options.party,
		.author_name = sf_listing_name(listing, node->options.party),
		.author_role = own ? own->role : SF_ROLE_NONE,
		.received_ms = outbox.created_ms,
		.handled = true,
		.content_type = "",
	};
	show_said(&said, &message->row);
	const struct sf_node_rest rest = {outbox.transition, SF_NODE_REST_OUTBOX, id};
	struct sf_view salted;
	err = sf_node_open_content(node, &rest, outbox.salted_body, listing->arena, &salted, diag);
	if (err)
		return err;
	struct sf_view body = salted.size > SF_NODE_SALT_SIZE
				      ? sf_view_of(salted.data + SF_NODE_SALT_SIZE,
						salted.size - SF_NODE_SALT_SIZE)
				      : sf_view_of(NULL, 0);
	err = list_attachments(node, listing, &message->row, &message->attachment_count,
		&message->attachments, diag);
	return err ? err : show_body(body, listing->arena, message, diag);
}

static bool look_for_tombstone(void *context, const void *row)
{
	bool *erased = context;
	*erased = ((const struct sf_node_row_inbox *)row)->state == SF_NODE_INBOX_ERASED;
	return !*erased;
}

static enum sf_err refuse_message(struct sf_node *node, struct sf_id message,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	bool erased = false;
	const struct sf_node_row_inbox key = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_inbox,
		.index = SF_NODE_INBOX_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, look_for_tombstone, &erased, diag);
	if (err)
		return err;
	sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
		erased ? "the letter was erased here with its transition"
		       : "no message of this id was received or sent with this node");
	return SF_OK;
}

enum sf_err sf_node_serve_message(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_reply_message message = {.row = {.content_type = ""}};
	struct sf_node_row_inbox inbox;
	enum sf_err err = find_letter(node, request->message.message, &inbox, diag);
	if (!err)
		err = show_received(node, &listing, &inbox, &message, diag);
	else if (err == SF_ERR_NOT_FOUND)
		err = show_sent(node, &listing, request->message.message, &message, diag);
	if (err == SF_ERR_NOT_FOUND)
		return refuse_message(node, request->message.message, arena, ret_reply, diag);
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_MESSAGE, .text = "", .message = message};
	return SF_OK;
}
