/*
 * Messages that a recipient has not answered finally, over the whole region: codes, times and
 * parties, never content.
 */
#include "coordinator/service.h"

struct delivery_walk {
	struct sf_coordinator *coordinator;
	struct sf_listing *listing;
	struct sf_listing_rows *rows;
	size_t count_max;
	size_t seen;
	struct sf_id message;    /* only of this one; none: all */
	struct sf_id transition; /* only of this one; none: of all */
	enum sf_err err;
	struct sf_diag *diag;
};

static const char *reason_of(
	const struct sf_coordinator *coordinator, const struct sf_row_delivery *delivery)
{
	if (delivery->state == SF_DELIVERY_TRANSIENT_ERROR)
		return "author-resends";
	if (delivery->state != SF_DELIVERY_QUEUED)
		return "";
	const struct sf_party_state *party =
		sf_parties_find(&coordinator->parties, delivery->recipient);
	if (party && party->route != 0)
		return "";
	return sf_directory_has_node(
		       coordinator->directory, delivery->recipient, coordinator->recorded_ms)
		       ? "not-connected"
		       : "no-node";
}

static enum sf_ack ack_of(int64_t state)
{
	return state == SF_DELIVERY_OK                ? SF_ACK_OK
	       : state == SF_DELIVERY_FATAL_ERROR     ? SF_ACK_FATAL_ERROR
	       : state == SF_DELIVERY_TRANSIENT_ERROR ? SF_ACK_TRANSIENT_ERROR
						      : SF_ACK_NONE;
}

/* When the message was first recorded, what its stay fact says; the truth is in the event. */
static enum sf_err read_event(struct sf_coordinator *coordinator, int64_t leaf_index,
	struct sf_delivery_row *row, struct sf_diag *diag)
{
	struct sf_row_event event = {.leaf_index = leaf_index};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_event, 0, &event, diag);
	/* Recorded in this very turn: its row is written when the turn ends. */
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	struct sf_event_row said = {.kind = 0};
	if (sf_listing_cover(event.cover, &said))
		return SF_ERR_CORRUPT;
	row->activity = said.activity;
	row->queued_ms = event.recorded_ms;
	return SF_OK;
}

static enum sf_err list_delivery(struct delivery_walk *walk, const struct sf_row_delivery *delivery)
{
	struct sf_coordinator *coordinator = walk->coordinator;
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_message message = {
		.author = delivery->author, .message_id = delivery->message_id};
	enum sf_err err = store->get(store->self, &sf_table_message, 0, &message, walk->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	/* Nobody acknowledges an acknowledgement (MedCom KR2). */
	if (message.kind == SF_KIND_ACKNOWLEDGEMENT)
		return SF_OK;
	struct sf_delivery_row *row = sf_listing_add(walk->listing, walk->rows);
	if (!row)
		return SF_ERR_LIMIT;
	*row = (struct sf_delivery_row){
		.message = delivery->message_id,
		.transition = delivery->transition,
		.kind = (uint32_t)message.kind,
		.recipient = delivery->recipient,
		.recipient_name = sf_listing_name(walk->listing, delivery->recipient),
		.state = (enum sf_delivery_state)delivery->state,
		.ack = ack_of(delivery->state),
		.queued_ms = delivery->open ? delivery->open : delivery->since_ms,
		.since_ms = delivery->since_ms,
		.reason = reason_of(coordinator, delivery),
	};
	if (!err)
		err = read_event(coordinator, message.leaf_index, row, walk->diag);
	row->late = sf_delivery_is_late(row->state, row->queued_ms, coordinator->recorded_ms);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static bool visit_delivery(void *context, const void *row)
{
	struct delivery_walk *walk = context;
	const struct sf_row_delivery *delivery = row;
	bool shown = (sf_id_is_none(walk->message) ||
			     sf_id_equal(walk->message, delivery->message_id)) &&
		     (sf_id_is_none(walk->transition) ||
			     sf_id_equal(walk->transition, delivery->transition));
	if (shown)
		walk->err = list_delivery(walk, delivery);
	return !walk->err && walk->rows->count < walk->count_max &&
	       ++walk->seen < SF_LISTING_WALK_MAX;
}

enum sf_err sf_coordinator_list_deliveries(struct sf_coordinator *coordinator,
	struct sf_listing *listing, struct sf_listing_rows *rows, struct sf_id author,
	struct sf_id message, struct sf_diag *diag)
{
	struct delivery_walk walk = {.coordinator = coordinator,
		.listing = listing,
		.rows = rows,
		.count_max = rows->count + SF_RECIPIENT_COUNT_MAX,
		.diag = diag};
	const struct sf_row_delivery key = {.author = author, .message_id = message};
	const struct sf_scan scan = {.table = &sf_table_delivery, .equal_count = 2, .from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_delivery, &walk, diag);
	return err ? err : walk.err;
}

/* Oldest first; there is no cursor, because what is answered leaves the list. */
enum sf_err sf_coordinator_serve_outbox(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_outbox *asked = &request->outbox;
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_delivery_row)};
	struct delivery_walk walk = {
		.coordinator = coordinator,
		.listing = &listing,
		.rows = &rows,
		.count_max = sf_listing_count(asked->count_max),
		.message = asked->message,
		.transition = asked->transition,
		.diag = diag,
	};
	const struct sf_scan scan = {.table = &sf_table_delivery, .index = SF_DELIVERY_OPEN};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_delivery, &walk, diag);
	if (!err)
		err = walk.err;
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){
		.kind = SF_REPLY_OUTBOX, .text = "", .outbox = {rows.count, rows.items}};
	return SF_OK;
}
