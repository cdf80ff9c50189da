#include "node/state.h"

#include <string.h>

/* Everything one batch needs, in the turn's arena. */
struct batch {
	struct sf_node *node;
	size_t count;
	struct sf_seal_item *items;
	struct sf_seal_recipient *recipients; /* of all items, one behind the other */
	size_t recipient_count;
	struct sf_outgoing **outgoing;
	uint8_t (*seeds)[32];
};

static enum sf_err write_header(
	struct sf_node *node, const struct sf_outgoing *outgoing, struct sf_view *ret_header)
{
	const struct sf_node_seen *seen = &node->log.newest;
	const struct sf_header header = {
		.message_bytes = outgoing->message,
		.envelope_id = outgoing->envelope_id,
		.sent_ms = node->now_ms,
		.expires_ms = outgoing->never_expires ? 0 : node->now_ms + node->options.expires_ms,
		.seen_epoch = seen->size > 0 ? seen->epoch : 0,
		.log_size = seen->size,
		.log_root = seen->root,
		.directory_version = sf_directory_version(node->directory),
		.directory_head = *sf_directory_head(node->directory),
	};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	enum sf_err err = sf_header_encode(&header, &bytes);
	*ret_header = sf_view_of(NULL, 0);
	if (!err)
		*ret_header = sf_arena_copy(&node->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return err ? err : ret_header->data ? SF_OK : SF_ERR_LIMIT;
}

/* SF_ERR_KEY_UNKNOWN when a recipient has no valid sealing key now. */
static enum sf_err fill_item(
	struct batch *batch, struct sf_seal_item *item, struct sf_outgoing *outgoing)
{
	struct sf_node *node = batch->node;
	const struct sf_env *env = &node->ports.env;
	sf_buf_init(&item->envelope, SF_ENVELOPE_SIZE_MAX);
	item->flags = outgoing->attachments ? SF_FLAG_ATTACHMENTS : 0;
	item->salted_body = outgoing->salted_body;
	item->recipients = batch->recipients + batch->recipient_count;
	for (size_t i = 0; i < outgoing->recipient_count; i++) {
		const struct sf_directory_key *key = sf_directory_sealing_key(
			node->directory, outgoing->recipients[i], node->now_ms);
		if (!key)
			return SF_ERR_KEY_UNKNOWN;
		struct sf_seal_recipient *recipient = &batch->recipients[batch->recipient_count++];
		*recipient = (struct sf_seal_recipient){.key_id = key->id};
		memcpy(recipient->public_key, key->public_key, SF_PUBLIC_KEY_SIZE);
	}
	item->recipient_count = outgoing->recipient_count;
	if (item->recipient_count > 0) {
		env->random(env->self, item->content_key, sizeof(item->content_key));
		env->random(env->self, item->nonce, sizeof(item->nonce));
	}
	return write_header(node, outgoing, &item->header);
}

struct seal_job {
	const struct sf_crypto *crypto;
	struct sf_seal_batch *batch;
	struct sf_seal_item *item;
};

static void seal_one(void *context)
{
	struct seal_job *job = context;
	job->crypto->seal_one(job->crypto->self, job->batch, job->item);
}

static enum sf_err run_batch(struct batch *batch)
{
	struct sf_node *node = batch->node;
	const struct sf_crypto *crypto = &node->ports.crypto;
	for (size_t i = 0; i < batch->recipient_count; i++)
		node->ports.env.random(node->ports.env.self, batch->seeds[i], 32);
	struct sf_seal_batch *sealing = NULL;
	enum sf_err err = crypto->seal_begin(crypto->self, node->options.identity_key_id,
		batch->items, batch->count, (const uint8_t(*)[32])batch->seeds,
		batch->recipient_count, &sealing);
	if (err)
		return err;
	struct seal_job *contexts =
		sf_arena_take_many(&node->arena, batch->count, sizeof(*contexts));
	struct sf_job *jobs = sf_arena_take_many(&node->arena, batch->count, sizeof(*jobs));
	if (contexts && jobs) {
		for (size_t i = 0; i < batch->count; i++) {
			contexts[i] = (struct seal_job){crypto, sealing, &batch->items[i]};
			jobs[i] = (struct sf_job){seal_one, &contexts[i]};
		}
		node->ports.workers.run(node->ports.workers.self, jobs, batch->count);
		err = crypto->seal_finish(crypto->self, sealing);
	} else {
		err = SF_ERR_LIMIT;
	}
	crypto->seal_close(crypto->self, &sealing);
	return err;
}

static enum sf_err save_batch(struct batch *batch, struct sf_diag *diag)
{
	struct sf_node *node = batch->node;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < batch->count && !err; i++) {
		const struct sf_seal_item *item = &batch->items[i];
		int64_t position = sf_node_next(node, SF_NODE_COUNTER_OUTBOX);
		const struct sf_node_row_sending row = {
			.envelope_id = batch->outgoing[i]->envelope_id,
			.position = position,
			.message_id = batch->outgoing[i]->message_id,
			.envelope = sf_buf_view(&item->envelope),
			.digest = item->names.digest,
			.sent_ms = node->now_ms,
			.open = position,
		};
		err = store->insert(store->self, &sf_node_table_sending, &row, diag);
	}
	node->more_to_submit = true;
	return err;
}

/*
 * A recipient whose sealing key has just run out must not stop the turn: the message stays in the
 * outbox, and its delivery comes due again.
 */
static enum sf_err postpone(
	struct sf_node *node, const struct sf_outgoing *outgoing, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	sf_node_alarm(node);
	for (size_t i = 0; i < outgoing->recipient_count; i++) {
		struct sf_node_row_delivery row = {
			.message_id = outgoing->message_id, .recipient = outgoing->recipients[i]};
		enum sf_err err = store->get(store->self, &sf_node_table_delivery, 0, &row, diag);
		if (err == SF_ERR_NOT_FOUND || (!err && row.open == 0))
			continue;
		if (err)
			return err;
		row.errors = sf_arena_copy(&node->arena, row.errors);
		if (!row.errors.data)
			return SF_ERR_LIMIT;
		row.state = SF_DELIVERY_WAITING;
		row.code = SF_ACK_CODE_KEY_UNKNOWN;
		row.due = sf_node_connected_ms(node) + node->options.retry_ms;
		sf_node_note_due(node, row.due);
		err = store->replace(store->self, &sf_node_table_delivery, &row, diag);
		if (err)
			return err;
	}
	return SF_OK;
}

static enum sf_err fill_batch(
	struct batch *batch, struct sf_outgoing **next, size_t count_max, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (; *next && batch->count < count_max && !err; *next = (*next)->next) {
		struct sf_seal_item *item = &batch->items[batch->count];
		err = fill_item(batch, item, *next);
		if (err == SF_ERR_KEY_UNKNOWN) {
			sf_buf_fini(&item->envelope);
			err = postpone(batch->node, *next, diag);
			continue;
		}
		batch->outgoing[batch->count++] = *next;
	}
	return err;
}

static enum sf_err seal_some(struct sf_node *node, struct sf_outgoing **next, struct sf_diag *diag)
{
	size_t count = 0, recipient_count = 0;
	for (struct sf_outgoing *outgoing = *next; outgoing && count < SF_BATCH_COUNT_MAX;
		outgoing = outgoing->next) {
		count++;
		recipient_count += outgoing->recipient_count;
	}
	struct sf_arena *arena = &node->arena;
	struct batch batch = {
		.node = node,
		.items = sf_arena_take_many(arena, count, sizeof(*batch.items)),
		.recipients = sf_arena_take_many(arena, recipient_count, sizeof(*batch.recipients)),
		.outgoing = sf_arena_take_many(arena, count, sizeof(*batch.outgoing)),
		.seeds = sf_arena_take_many(arena, recipient_count, sizeof(*batch.seeds)),
	};
	if (!batch.items || !batch.recipients || !batch.outgoing || !batch.seeds)
		return SF_ERR_LIMIT;
	enum sf_err err = fill_batch(&batch, next, count, diag);
	if (!err && batch.count > 0)
		err = run_batch(&batch);
	if (!err && batch.count > 0)
		err = save_batch(&batch, diag);
	/* The arena goes back to the heap as it is; whoever has the seeds opens the whole batch. */
	sf_bytes_wipe(batch.seeds, recipient_count * sizeof(*batch.seeds));
	for (size_t i = 0; i < count; i++) {
		sf_bytes_wipe(batch.items[i].content_key, sizeof(batch.items[i].content_key));
		sf_buf_fini(&batch.items[i].envelope);
	}
	return err;
}

enum sf_err sf_node_seal(struct sf_node *node, struct sf_diag *diag)
{
	struct sf_outgoing *next = node->outgoing_first;
	enum sf_err err = SF_OK;
	while (next && !err)
		err = seal_some(node, &next, diag);
	return err;
}

/*
 * The coordinator says that these were sealed in the future. Where that is so by this node's clock
 * too, its clock was ahead and has been put right: the messages go out in new envelopes.
 */
enum sf_err sf_node_seal_anew(
	struct sf_node *node, const struct sf_frame *frame, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	for (size_t i = 0; i < frame->count; i++) {
		struct sf_node_row_sending row = {.envelope_id = frame->envelope_ids[i]};
		enum sf_err err = store->get(store->self, &sf_node_table_sending, 0, &row, diag);
		if (err == SF_ERR_NOT_FOUND || (!err && (!row.open || row.sent_ms <= node->now_ms)))
			continue;
		if (err)
			return err;
		row.envelope = sf_arena_copy(&node->arena, row.envelope);
		if (!row.envelope.data)
			return SF_ERR_LIMIT;
		row.open = 0;
		err = store->replace(store->self, &sf_node_table_sending, &row, diag);
		if (!err)
			err = sf_node_resend(node, row.message_id, diag);
		if (err)
			return err;
	}
	return SF_OK;
}

/* One submit frame in the making. */
struct load {
	struct sf_node *node;
	size_t count, count_max, size;
	bool full, short_of_memory;
	int64_t last;
	struct sf_view envelopes[SF_FRAME_ITEM_COUNT_MAX];
};

static bool load_envelope(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_node_row_sending *sending = row;
	load->full =
		load->count == load->count_max ||
		(load->count > 0 && load->size + sending->envelope.size > SF_FRAME_ITEMS_SIZE_MAX);
	if (load->full)
		return false;
	struct sf_view copy = sf_arena_copy(&load->node->arena, sending->envelope);
	load->short_of_memory = !copy.data;
	if (!copy.data)
		return false;
	load->envelopes[load->count++] = copy;
	load->size += copy.size;
	load->last = sending->open;
	return true;
}

static enum sf_err submit_some(struct sf_node *node, struct load *load, struct sf_diag *diag)
{
	size_t credit = node->options.window_max - node->on_the_way;
	*load = (struct load){.node = node,
		.count_max = credit < SF_FRAME_ITEM_COUNT_MAX ? credit : SF_FRAME_ITEM_COUNT_MAX};
	const struct sf_node_row_sending key = {.open = node->submitted};
	const struct sf_scan scan = {.table = &sf_node_table_sending,
		.index = SF_NODE_SENDING_OPEN,
		.from = &key,
		.bounded = true,
		.exclusive = true};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, load_envelope, load, diag);
	if (!err && load->short_of_memory)
		err = SF_ERR_LIMIT;
	if (err)
		return err;
	node->more_to_submit = load->full;
	if (load->count == 0)
		return SF_OK;
	if (node->on_the_way == 0)
		node->progress_ms = node->now_ms;
	node->on_the_way += (uint32_t)load->count;
	node->on_the_way_size += load->size;
	node->submitted = load->last;
	const struct sf_frame frame = {
		.kind = SF_FRAME_SUBMIT, .count = load->count, .envelopes = load->envelopes};
	return sf_node_say(node, &frame);
}

enum sf_err sf_node_submit(struct sf_node *node, struct sf_diag *diag)
{
	if (!node->greeted || node->now_ms < node->submit_after_ms)
		return SF_OK;
	/* No receipt for too long: everything that has none is submitted again, in order. */
	bool silent = node->on_the_way > 0 &&
		      node->now_ms - node->progress_ms >= node->options.stored_timeout_ms;
	bool again = node->again_ms > 0 && node->now_ms >= node->again_ms;
	if (silent || again) {
		node->again_ms = 0;
		node->submitted = 0;
		node->on_the_way = 0;
		node->on_the_way_size = 0;
		node->more_to_submit = true;
	}
	struct load *load = sf_arena_take(&node->arena, sizeof(*load));
	if (!load)
		return SF_ERR_LIMIT;
	enum sf_err err = SF_OK;
	while (!err && sf_node_may_submit(node))
		err = submit_some(node, load, diag);
	return err;
}
