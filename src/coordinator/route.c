#include "coordinator/attachment.h"

#include <stdlib.h>

/* The state of a party, read from the store when it is new to memory. */
enum sf_err sf_coordinator_party(struct sf_coordinator *coordinator, struct sf_id party,
	struct sf_party_state **ret_state, struct sf_diag *diag)
{
	struct sf_party_state *state = sf_parties_find(&coordinator->parties, party);
	if (state) {
		*ret_state = state;
		return SF_OK;
	}
	struct sf_row_party row = {.party = party};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_party, 0, &row, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	state = sf_parties_add(&coordinator->parties, party);
	if (!state)
		return SF_ERR_MEMORY;
	state->row = row;
	*ret_state = state;
	return SF_OK;
}

enum sf_err sf_coordinator_queue(struct sf_coordinator *coordinator, struct sf_id recipient,
	const struct sf_row_event *event, bool whole, struct sf_diag *diag)
{
	struct sf_party_state *state;
	enum sf_err err = sf_coordinator_party(coordinator, recipient, &state, diag);
	if (err)
		return err;
	const struct sf_row_queue row = {
		.recipient = recipient,
		.position = ++state->row.position,
		.leaf_index = event->leaf_index,
		.whole = whole,
		.since_ms = coordinator->recorded_ms,
		.transition = event->sequence ? event->transition : (struct sf_id){{0}},
		.sequence = event->sequence,
	};
	state->dirty = true;
	state->more = true;
	const struct sf_store *store = &coordinator->ports.store;
	return store->insert(store->self, &sf_table_queue, &row, diag);
}

static bool any_open(void *context, const void *row)
{
	bool *open = context;
	const struct sf_row_delivery *delivery = row;
	*open = delivery->open != 0;
	return !*open;
}

/* The sealed bytes go when every delivery of the message is final (WIRE section 1, cover). */
static enum sf_err drop_when_final(struct sf_coordinator *coordinator, struct sf_id author,
	struct sf_id message_id, struct sf_diag *diag)
{
	const struct sf_row_delivery key = {.author = author, .message_id = message_id};
	const struct sf_scan scan = {.table = &sf_table_delivery, .equal_count = 2, .from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	bool open = false;
	enum sf_err err = store->scan(store->self, &scan, any_open, &open, diag);
	if (err || open)
		return err;
	const struct sf_row_sealed sealed = {.author = author, .message_id = message_id};
	err = store->remove(store->self, &sf_table_sealed, &sealed, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	return sf_coordinator_drop_attachments(coordinator, author, message_id, diag);
}

static enum sf_err mark_taken(struct sf_coordinator *coordinator, struct sf_id recipient,
	const struct sf_row_event *event, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_delivery delivery = {
		.author = event->author, .message_id = event->message_id, .recipient = recipient};
	enum sf_err err = store->get(store->self, &sf_table_delivery, 0, &delivery, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (delivery.state != SF_DELIVERY_QUEUED)
		return SF_OK;
	delivery.state = SF_DELIVERY_TAKEN;
	sf_coordinator_tell(
		coordinator, SF_FEED_TAKEN, delivery.message_id, recipient, delivery.author);
	delivery.since_ms = coordinator->recorded_ms;
	/* Nobody acknowledges an acknowledgement (MedCom KR2): taken is all there is to wait for.
	 */
	bool final = event->kind == SF_KIND_ACKNOWLEDGEMENT;
	if (final)
		delivery.open = 0;
	err = store->replace(store->self, &sf_table_delivery, &delivery, diag);
	if (!err && final)
		err = drop_when_final(coordinator, delivery.author, delivery.message_id, diag);
	if (!err)
		err = sf_coordinator_notify(
			coordinator, delivery.author, delivery.message_id, recipient);
	return err;
}

enum sf_err sf_coordinator_taken(struct sf_coordinator *coordinator, struct sf_id party,
	const struct sf_frame *frame, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_party_state *state;
	enum sf_err err = sf_coordinator_party(coordinator, party, &state, diag);
	for (size_t i = 0; i < frame->count && !err; i++) {
		struct sf_row_queue row = {
			.recipient = party, .position = (int64_t)frame->positions[i]};
		err = store->get(store->self, &sf_table_queue, 0, &row, diag);
		if (err == SF_ERR_NOT_FOUND) {
			err = SF_OK; /* taken twice after a redelivery */
			continue;
		}
		if (!err)
			err = store->remove(store->self, &sf_table_queue, &row, diag);
		if (!err)
			err = sf_coordinator_learn(coordinator, party, &row, diag);
		struct sf_row_event event = {.leaf_index = row.leaf_index};
		if (!err && row.whole)
			err = store->get(store->self, &sf_table_event, 0, &event, diag);
		if (!err && row.whole)
			err = mark_taken(coordinator, party, &event, diag);
		if (state->on_the_way > 0)
			state->on_the_way--;
		coordinator->counters.taken++;
	}
	return err;
}

/* After transient-error a later ok or fatal-error wins; the first of equals counts. */
static bool ack_moves(int64_t state, enum sf_ack ack)
{
	if (state == SF_DELIVERY_OK || state == SF_DELIVERY_FATAL_ERROR)
		return false;
	return !(state == SF_DELIVERY_TRANSIENT_ERROR && ack == SF_ACK_TRANSIENT_ERROR);
}

enum sf_err sf_coordinator_acknowledged(
	struct sf_coordinator *coordinator, const struct sf_message *message, struct sf_diag *diag)
{
	const struct sf_acknowledgement *fact = &message->fact.acknowledgement;
	const struct sf_store *store = &coordinator->ports.store;
	if (message->recipient_count == 0)
		return SF_OK;
	struct sf_id author = message->recipients[0];
	struct sf_row_message acknowledged = {.author = author, .message_id = fact->message_id};
	enum sf_err err = store->get(store->self, &sf_table_message, 0, &acknowledged, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	struct sf_row_delivery delivery = {
		.author = author, .message_id = fact->message_id, .recipient = message->author};
	err = store->get(store->self, &sf_table_delivery, 0, &delivery, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	/* An acknowledgement counts where the timeline of its message shows it (WIRE section 1). */
	if (!sf_id_equal(acknowledged.transition, message->transition) ||
		!sf_digest_equal(&acknowledged.content_id, &fact->content_id) ||
		!ack_moves(delivery.state, fact->ack))
		return SF_OK;
	bool final = fact->ack != SF_ACK_TRANSIENT_ERROR;
	delivery.state = fact->ack == SF_ACK_OK ? SF_DELIVERY_OK
			 : final                ? SF_DELIVERY_FATAL_ERROR
						: SF_DELIVERY_TRANSIENT_ERROR;
	delivery.since_ms = coordinator->recorded_ms;
	if (final)
		delivery.open = 0;
	delivery.failed = fact->ack == SF_ACK_FATAL_ERROR ? delivery.since_ms : 0;
	err = store->replace(store->self, &sf_table_delivery, &delivery, diag);
	if (!err && final)
		err = drop_when_final(coordinator, author, fact->message_id, diag);
	return err;
}

/* One deliver frame in the making. */
struct load {
	struct sf_coordinator *coordinator;
	struct sf_party_state *party;
	size_t count;
	size_t size;
	bool full;
	enum sf_err err;
	struct sf_diag *diag;
	const struct sf_recording *recording; /* where the last item was found; NULL: start over */
	struct sf_item items[SF_FRAME_ITEM_COUNT_MAX];
};

/* Envelope while its sealed bytes are the newest sending's, else the cover. */
static enum sf_err sealed_bytes(struct sf_coordinator *coordinator,
	const struct sf_row_event *event, struct sf_view *ret_bytes, struct sf_diag *diag)
{
	struct sf_row_sealed row = {.author = event->author, .message_id = event->message_id};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_sealed, 0, &row, diag);
	*ret_bytes = sf_view_of(NULL, 0);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (!sf_id_equal(row.envelope_id, event->envelope_id))
		return SF_OK;
	*ret_bytes = sf_arena_copy(&coordinator->arena, row.envelope);
	return ret_bytes->data ? SF_OK : SF_ERR_LIMIT;
}

/* What was recorded in this turn is still in memory; leaves and queues ascend together. */
static const struct sf_row_event *recorded_now(struct load *load, int64_t leaf_index)
{
	const struct sf_recording *at = load->recording;
	if (!at || at->row.leaf_index > leaf_index)
		at = load->coordinator->recording_first;
	while (at && at->row.leaf_index < leaf_index)
		at = at->next;
	load->recording = at;
	return at && at->row.leaf_index == leaf_index ? &at->row : NULL;
}

/* Bytes of the row live as long as the turn. */
static enum sf_err read_event(struct load *load, int64_t leaf_index, struct sf_row_event *ret_event)
{
	const struct sf_row_event *now = recorded_now(load, leaf_index);
	if (now) {
		*ret_event = *now;
		return SF_OK;
	}
	struct sf_row_event event = {.leaf_index = leaf_index};
	const struct sf_store *store = &load->coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_event, 0, &event, load->diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_ERR_CORRUPT : err;
	struct sf_view *views[] = {
		&event.cover, &event.receipt, &event.receipt_path, &event.receipt_signature};
	for (size_t i = 0; i < SF_COUNT(views); i++) {
		*views[i] = sf_arena_copy(&load->coordinator->arena, *views[i]);
		if (!views[i]->data)
			return SF_ERR_LIMIT;
	}
	*ret_event = event;
	return SF_OK;
}

static enum sf_err fill_item(
	struct load *load, const struct sf_row_queue *queued, struct sf_item *item)
{
	struct sf_row_event event;
	enum sf_err err = read_event(load, queued->leaf_index, &event);
	if (err)
		return err;
	*item = (struct sf_item){
		.position = (uint64_t)queued->position,
		.cover = event.cover,
		.receipt = {.receipt = event.receipt,
			.index = (uint16_t)event.receipt_index,
			.count = (uint16_t)event.receipt_count,
			.path = event.receipt_path,
			.signature = event.receipt_signature},
	};
	if (!queued->whole)
		return SF_OK;
	err = sealed_bytes(load->coordinator, &event, &item->envelope, load->diag);
	if (item->envelope.size > 0)
		item->cover = sf_view_of(NULL, 0);
	return err;
}

static bool load_item(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_row_queue *queued = row;
	struct sf_item item;
	load->err = fill_item(load, queued, &item);
	if (load->err)
		return false;
	size_t size = item.envelope.size + item.cover.size + item.receipt.receipt.size +
		      item.receipt.path.size + 128;
	if (load->count > 0 && load->size + size > SF_FRAME_ITEMS_SIZE_MAX) {
		load->full = true;
		return false;
	}
	load->items[load->count++] = item;
	load->size += size;
	load->party->cursor = queued->position;
	return true;
}

/* What the node has said, within what this coordinator allows (WIRE section 3, credit). */
uint32_t sf_coordinator_credit(
	const struct sf_coordinator *coordinator, const struct sf_party_state *party)
{
	uint32_t most = coordinator->options.credit_max;
	return party->credit > 0 && party->credit < most ? party->credit : most;
}

/* One frame for one party; sets more when its queue may hold further items. */
static enum sf_err pump_party(struct sf_coordinator *coordinator, struct sf_party_state *party,
	struct load *load, struct sf_diag *diag)
{
	uint32_t credit = sf_coordinator_credit(coordinator, party) - party->on_the_way;
	size_t wanted = credit < SF_FRAME_ITEM_COUNT_MAX ? credit : SF_FRAME_ITEM_COUNT_MAX;
	load->party = party;
	load->count = load->size = 0;
	load->full = false;
	load->err = SF_OK;
	const struct sf_row_queue key = {.recipient = party->row.party, .position = party->cursor};
	const struct sf_scan scan = {.table = &sf_table_queue,
		.equal_count = 1,
		.from = &key,
		.bounded = true,
		.exclusive = true,
		.count_max = wanted};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, load_item, load, diag);
	if (err || load->err)
		return err ? err : load->err;
	party->more = load->full || load->count == wanted;
	if (load->count == 0)
		return SF_OK;
	party->on_the_way += (uint32_t)load->count;
	coordinator->counters.delivered += load->count;
	const struct sf_frame frame = {
		.kind = SF_FRAME_DELIVER, .count = load->count, .items = load->items};
	return sf_coordinator_say(coordinator, party->route, &frame);
}

void sf_coordinator_start_queue(
	const struct sf_coordinator *coordinator, struct sf_party_state *party)
{
	party->cursor = 0;
	party->on_the_way = 0;
	party->more = true;
	party->started_ms = coordinator->now_ms;
	party->look_ms = coordinator->now_ms + coordinator->options.redeliver_ms;
	party->quiet_until_ms = 0;
}

static bool keep_queued(void *context, const void *row)
{
	*(struct sf_row_queue *)context = *(const struct sf_row_queue *)row;
	return false;
}

/*
 * Sent and not taken for too long while connected: from the first item again, the same bytes. It is
 * the first item that counts, for others may come and go while it waits.
 */
static enum sf_err rewind_when_silent(
	struct sf_coordinator *coordinator, struct sf_party_state *party, struct sf_diag *diag)
{
	if (party->on_the_way == 0 || coordinator->now_ms < party->look_ms)
		return SF_OK;
	struct sf_row_queue first = {.recipient = party->row.party};
	const struct sf_scan scan = {
		.table = &sf_table_queue, .equal_count = 1, .from = &first, .count_max = 1};
	struct sf_row_queue found = {.position = INT64_MAX};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, keep_queued, &found, diag);
	int64_t since_ms = coordinator->now_ms;
	if (found.position <= party->cursor)
		since_ms = found.since_ms > party->started_ms ? found.since_ms : party->started_ms;
	if (since_ms > coordinator->now_ms)
		since_ms = coordinator->now_ms; /* recorded time stood still, ahead of the clock */
	party->look_ms = since_ms + coordinator->options.redeliver_ms;
	if (party->look_ms <= coordinator->now_ms)
		sf_coordinator_start_queue(coordinator, party);
	return err;
}

/*
 * A few frames a turn each, so that one long queue does not hold up the others; all together not
 * more than a turn has memory for, and who had to wait is first in the next.
 */
static enum sf_err pump_frames(
	struct sf_coordinator *coordinator, size_t slot, struct load *load, struct sf_diag *diag)
{
	struct sf_party_state *party = coordinator->parties.slots[slot];
	const struct sf_arena *arena = &coordinator->arena;
	enum sf_err err = rewind_when_silent(coordinator, party, diag);
	if (coordinator->now_ms < party->quiet_until_ms)
		return err;
	if (!err)
		err = sf_coordinator_send_agreements(coordinator, party, diag);
	if (!err)
		err = sf_coordinator_send_checkpoint(coordinator, party, diag);
	for (int frames = 0; frames < 4 && !err && party->more &&
			     party->on_the_way < sf_coordinator_credit(coordinator, party);
		frames++) {
		if (arena->size > arena->size_max / 4 * 3) {
			if (!coordinator->pump_full)
				coordinator->pump_next = slot;
			coordinator->pump_full = true;
			return SF_OK;
		}
		err = pump_party(coordinator, party, load, diag);
	}
	return err;
}

enum sf_err sf_coordinator_pump(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct load *load = sf_arena_take(&coordinator->arena, sizeof(*load));
	if (!load)
		return SF_ERR_LIMIT;
	load->coordinator = coordinator;
	load->diag = diag;
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = SF_OK;
	size_t slot_count = coordinator->parties.slot_count, first = coordinator->pump_next;
	if (sf_coordinator_is_behind(coordinator))
		return SF_OK;
	coordinator->pump_full = false;
	for (size_t i = 0; i < slot_count && !err; i++) {
		size_t slot = (first + i) & (slot_count - 1);
		struct sf_party_state *party = coordinator->parties.slots[slot];
		if (!party)
			continue;
		if (party->route && party->must_learn)
			err = sf_coordinator_greet_again(coordinator, party);
		else if (party->route)
			err = pump_frames(coordinator, slot, load, diag);
		if (!err && party->dirty)
			err = store->replace(store->self, &sf_table_party, &party->row, diag);
		party->dirty = false;
	}
	return err;
}
