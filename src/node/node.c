#include "node/state.h"

#include "node/attachment.h"
#include "node/channel.h"
#include "node/erase.h"
#include "node/unanswered.h"

#include <stdlib.h>

#include "base/time.h"

#define TURN_SIZE_MAX ((size_t)512 * 1024 * 1024) /* frames and envelopes of one turn */
#define TURN_TAKE_SIZE (TURN_SIZE_MAX / 8) /* of what is taken; the rest is for what it asks */

struct sf_node_options sf_node_options_default(void)
{
	return (struct sf_node_options){
		.software = "stafet-node",
		.contact_name = "",
		.contact_telephone = "",
		.transitions_cached = 4096, /* about 12 KiB each */
		.hello_timeout_ms = 5 * SF_SECOND_MS,
		.stored_timeout_ms = 30 * SF_SECOND_MS,
		.acknowledge_timeout_ms = 30 * SF_MINUTE_MS, /* MedCom KR7 */
		.retry_ms = SF_MINUTE_MS,
		.attempts_max = 4, /* the first sending and three more (MedCom MR2, MR3) */
		.expires_ms = 14 * SF_DAY_MS,
		.log_timeout_ms = 30 * SF_SECOND_MS,
		.log_patience_ms = 10 * SF_MINUTE_MS,
		.tail_patience_ms =
			5 * SF_MINUTE_MS, /* five times: WIRE section 4 says 15 minutes at least */
		.proof_ms = 5 * SF_SECOND_MS,
		.window_max = 4096,
		.credit = 2048,
	};
}

static void forget_turn(struct sf_node *node)
{
	for (struct sf_node_taken *taken = node->taken_first; taken; taken = taken->next)
		for (size_t i = 0; i < taken->item_count; i++)
			sf_node_item_fini(&taken->items[i]);
	sf_arena_clear(&node->arena);
	node->taken_first = NULL;
	node->taken_last = &node->taken_first;
	node->outgoing_first = NULL;
	node->outgoing_last = &node->outgoing_first;
	node->outgoing_count = 0;
	node->out_first = NULL;
	node->out_last = &node->out_first;
	node->positions = NULL;
	node->position_count = node->position_capacity = 0;
	node->directory_changed = false;
	node->followed = NULL;
}

enum sf_err sf_node_open(const struct sf_node_options *options, const struct sf_node_ports *ports,
	struct sf_node **ret_node, struct sf_diag *diag)
{
	struct sf_node *node = calloc(1, sizeof(*node));
	if (!node)
		return SF_ERR_MEMORY;
	node->options = *options;
	node->ports = *ports;
	sf_arena_init(&node->arena, TURN_SIZE_MAX);
	sf_buf_init(&node->log.waiting, SF_NOTE_SIZE_MAX);
	sf_buf_init(&node->log.waiting_path, SF_FRAME_PATH_SIZE_MAX);
	forget_turn(node);
	enum sf_err err = sf_transition_cache_init(&node->cache, options->transitions_cached);
	if (!err)
		err = sf_book_open(&node->book);
	node->started_ms = ports->env.now_ms(ports->env.self);
	if (!err)
		err = sf_node_feed_open(node, diag);
	if (!err)
		err = sf_node_channels_open(node);
	if (!err)
		err = sf_node_load(node, diag);
	if (err) {
		sf_node_close(&node);
		return err;
	}
	*ret_node = node;
	return SF_OK;
}

void sf_node_close(struct sf_node **node)
{
	struct sf_node *closing = *node;
	*node = NULL;
	if (!closing)
		return;
	forget_turn(closing);
	sf_transition_cache_fini(&closing->cache);
	sf_directory_close(&closing->directory);
	sf_feed_close(&closing->feed);
	sf_node_channels_close(closing);
	sf_arena_fini(&closing->arena);
	sf_book_close(&closing->book);
	sf_buf_fini(&closing->log.waiting);
	sf_buf_fini(&closing->log.waiting_path);
	free(closing->log.heads);
	free(closing);
}

static void plan_items(struct sf_node *node, struct sf_node_taken *taken)
{
	const struct sf_frame *frame = &taken->frame;
	bool statements = frame->kind == SF_FRAME_AGREEMENTS;
	const struct sf_item *items = statements ? frame->statements : frame->items;
	size_t count = statements                        ? frame->statement_count
		       : frame->kind == SF_FRAME_DELIVER ? frame->count
							 : 0;
	taken->items = sf_arena_take_many(&node->arena, count, sizeof(*taken->items));
	taken->item_count = taken->items ? count : 0;
	for (size_t i = 0; i < taken->item_count; i++)
		sf_node_item_read(node, &items[i], &taken->items[i]);
	if (frame->kind == SF_FRAME_STORED)
		taken->receipts_hold = sf_arena_take_many(&node->arena, frame->count, sizeof(bool));
}

static bool take(void *self, struct sf_arrival *arrival)
{
	struct sf_node *node = self;
	struct sf_node_taken *taken = sf_arena_take(&node->arena, sizeof(*taken));
	/* Out of memory for this turn: the frame is lost and will come again. */
	if (taken) {
		taken->kind = arrival->kind;
		if (arrival->kind == SF_ARRIVAL_FRAME) {
			taken->unreadable = sf_frame_decode(sf_buf_view(&arrival->frame),
						    &node->arena, &taken->frame, NULL) != SF_OK;
			if (!taken->unreadable)
				plan_items(node, taken);
		}
		*node->taken_last = taken;
		node->taken_last = &taken->next;
	}
	sf_buf_fini(&arrival->frame);
	return node->arena.size < TURN_TAKE_SIZE;
}

struct receipt_job {
	struct sf_node *node;
	struct sf_node_taken *taken;
};

/* All receipts of a frame share one signature, which the crypto port checks once. */
static void check_receipts(void *context)
{
	struct receipt_job *job = context;
	for (size_t i = 0; i < job->taken->frame.count; i++) {
		const struct sf_signed_receipt *proof = &job->taken->frame.receipts[i];
		struct sf_receipt receipt;
		job->taken->receipts_hold[i] = proof->signature.size == SF_SIGNATURE_SIZE &&
					       !sf_receipt_decode(proof->receipt, &receipt, NULL) &&
					       !sf_node_check_receipt(job->node, proof, &receipt);
	}
}

static void check(void *self)
{
	struct sf_node *node = self;
	size_t count = 0;
	for (struct sf_node_taken *taken = node->taken_first; taken; taken = taken->next)
		count += taken->item_count + 1;
	struct sf_job *jobs = sf_arena_take_many(&node->arena, count, sizeof(*jobs));
	struct receipt_job *contexts = sf_arena_take_many(&node->arena, count, sizeof(*contexts));
	if (!jobs || !contexts)
		return;
	size_t used = 0;
	for (struct sf_node_taken *taken = node->taken_first; taken; taken = taken->next) {
		for (size_t i = 0; i < taken->item_count; i++)
			jobs[used++] = (struct sf_job){sf_node_item_check, &taken->items[i]};
		if (taken->receipts_hold) {
			contexts[used] = (struct receipt_job){node, taken};
			jobs[used] = (struct sf_job){check_receipts, &contexts[used]};
			used++;
		}
	}
	node->ports.workers.run(node->ports.workers.self, jobs, used);
}

static void count_connected(struct sf_node *node)
{
	if (!node->up)
		return;
	node->counter_values[SF_NODE_COUNTER_CONNECTED] += node->now_ms - node->connected_since_ms;
	node->connected_since_ms = node->now_ms;
	node->counters_dirty = true;
}

static enum sf_err step_stored(
	struct sf_node *node, const struct sf_node_taken *taken, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; taken->receipts_hold && i < taken->frame.count && !err; i++) {
		const struct sf_signed_receipt *proof = &taken->frame.receipts[i];
		struct sf_receipt receipt;
		bool readable = !sf_receipt_decode(proof->receipt, &receipt, NULL);
		if (readable && taken->receipts_hold[i])
			err = sf_node_stored(node, &receipt, proof, diag);
		else
			sf_node_alarm(node);
	}
	return err;
}

static enum sf_err step_taken(
	struct sf_node *node, const struct sf_frame *frame, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < frame->notice_count && !err; i++)
		err = sf_node_notice(node, &frame->notices[i], diag);
	return err;
}

static enum sf_err step_deliver(
	struct sf_node *node, const struct sf_node_taken *taken, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < taken->item_count && !err; i++)
		err = sf_node_deliver(node, &taken->items[i], diag);
	return err;
}

/*
 * The envelopes that are named wait; the others go on. An envelope that must wait for days (it was
 * sealed by a clock that was ahead) must not hold up the letters behind it.
 */
static void submit_later(struct sf_node *node, const struct sf_frame *frame)
{
	int64_t after_ms = frame->retry_after_ms < SF_HOUR_MS ? frame->retry_after_ms : SF_HOUR_MS;
	int64_t due_ms = node->now_ms + (after_ms > SF_SECOND_MS ? after_ms : SF_SECOND_MS);
	if (frame->count == 0)
		node->submit_after_ms = due_ms;
	node->on_the_way -=
		frame->count < node->on_the_way ? (uint32_t)frame->count : node->on_the_way;
	node->progress_ms = node->now_ms;
	if (node->again_ms == 0 || due_ms < node->again_ms)
		node->again_ms = due_ms;
}

/* Two programs with one key would otherwise greet each other away as fast as the network is. */
static enum sf_err hello_again(struct sf_node *node, struct sf_diag *diag)
{
	if (node->now_ms - node->hello_ms >= SF_SECOND_MS)
		return sf_node_hello(node, diag);
	node->greeted = false;
	return SF_OK;
}

static enum sf_err step_frame(
	struct sf_node *node, const struct sf_node_taken *taken, struct sf_diag *diag)
{
	const struct sf_frame *frame = &taken->frame;
	switch (frame->kind) {
	case SF_FRAME_HELLO:
		return sf_node_greeted(node, &frame->hello, diag);
	case SF_FRAME_STORED:
		return step_stored(node, taken, diag);
	case SF_FRAME_DELIVER:
		/* Before the hello is answered these are of a queue that will start over: order. */
		return node->greeted && !node->log.halted ? step_deliver(node, taken, diag) : SF_OK;
	case SF_FRAME_TAKEN:
		return step_taken(node, frame, diag);
	case SF_FRAME_RETRY_LATER:
		submit_later(node, frame);
		return frame->retry_code == SF_RETRY_FUTURE ? sf_node_seal_anew(node, frame, diag)
							    : SF_OK;
	case SF_FRAME_DIRECTORY:
		return sf_node_follow_directory(node, frame, diag);
	case SF_FRAME_AGREEMENTS:
		return sf_node_learn_agreements(node, taken, diag);
	case SF_FRAME_RECONCILE:
		return sf_node_reconcile(node, frame, diag);
	case SF_FRAME_CHECKPOINT:
		return sf_node_checkpoint(node, &frame->log, diag);
	case SF_FRAME_PROOF:
		return sf_node_proof(node, &frame->log, diag);
	case SF_FRAME_CONSISTENCY:
		return sf_node_consistency(node, &frame->log, diag);
	case SF_FRAME_ERROR:
		if (frame->error == SF_FRAME_ERROR_ERASED)
			return sf_node_drop_sending(node, frame->error_envelope_id, diag);
		sf_node_alarm(node);
		return frame->error == SF_FRAME_ERROR_HELLO ? hello_again(node, diag) : SF_OK;
	case SF_FRAME_QUERY:
		return sf_node_give_directory(node, frame->directory_from, diag);
	case SF_FRAME_CHUNK:
		return node->greeted && !node->log.halted
			       ? sf_node_take_chunk(node, &frame->chunk, diag)
			       : SF_OK;
	case SF_FRAME_CHUNKS:
		return sf_node_hear_chunks(node, &frame->chunk, diag);
	case SF_FRAME_NONE:
	case SF_FRAME_SUBMIT:
	case SF_FRAME_CREDIT:
	case SF_FRAME_PING:
	case SF_FRAME_COSIGN:
		break;
	}
	node->counters.dropped++; /* not for a node, or of a later version */
	return SF_OK;
}

static enum sf_err step_arrival(
	struct sf_node *node, const struct sf_node_taken *taken, struct sf_diag *diag)
{
	if (taken->kind == SF_ARRIVAL_UP) {
		count_connected(node);
		node->up = true;
		node->connected_since_ms = node->now_ms;
		return sf_node_hello(node, diag);
	}
	if (taken->kind == SF_ARRIVAL_DOWN) {
		count_connected(node);
		if (node->up)
			sf_node_tell_link(node, false);
		node->up = node->greeted = false;
		return SF_OK;
	}
	if (taken->unreadable) {
		node->counters.dropped++;
		sf_node_alarm(node);
		return SF_OK;
	}
	return step_frame(node, taken, diag);
}

static enum sf_err step(void *self, int64_t now_ms, struct sf_diag *diag)
{
	struct sf_node *node = self;
	if (now_ms > node->now_ms)
		node->now_ms = now_ms;
	enum sf_err err = sf_node_late_due(node, diag);
	if (!err)
		err = sf_node_due(node, diag);
	for (struct sf_node_taken *taken = node->taken_first; taken && !err; taken = taken->next) {
		err = step_arrival(node, taken, diag);
		if (!err)
			err = sf_node_feed_keep(node, diag);
	}
	if (!err)
		err = sf_node_acknowledge_told(node, diag);
	if (!err)
		err = sf_node_reconcile_due(node, diag);
	if (!err)
		err = sf_node_retain(node, diag);
	if (!err)
		err = sf_node_drop_unanswered(node, diag);
	if (!err)
		err = sf_node_uploads_prune(node, diag);
	if (!err)
		err = sf_node_log_due(node, diag);
	bool unheard = node->up && !node->greeted &&
		       node->now_ms - node->hello_ms >= node->options.hello_timeout_ms;
	return !err && unheard ? sf_node_hello(node, diag) : err;
}

static enum sf_err save_counters(struct sf_node *node, struct sf_diag *diag)
{
	if (!node->counters_dirty)
		return SF_OK;
	count_connected(node);
	node->counter_values[SF_NODE_COUNTER_RECORDED] = node->now_ms;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (int64_t name = 1; name <= SF_NODE_COUNTER_LAST && !err; name++) {
		const struct sf_node_row_counter row = {name, node->counter_values[name]};
		err = store->replace(store->self, &sf_node_table_counter, &row, diag);
	}
	node->counters_dirty = false;
	return err;
}

static enum sf_err say_taken(struct sf_node *node)
{
	enum sf_err err = SF_OK;
	for (size_t done = 0; done < node->position_count && !err;) {
		size_t left = node->position_count - done;
		size_t count = left < SF_FRAME_ITEM_COUNT_MAX ? left : SF_FRAME_ITEM_COUNT_MAX;
		const struct sf_frame frame = {.kind = SF_FRAME_TAKEN,
			.count = count,
			.positions = node->positions + done};
		err = sf_node_say(node, &frame);
		done += count;
	}
	return err;
}

static enum sf_err finish(void *self, struct sf_diag *diag)
{
	struct sf_node *node = self;
	enum sf_err err = sf_node_seal(node, diag);
	/* An acknowledgement that arrives first makes "taken" no news: nobody has to write it. */
	if (!err)
		err = sf_node_submit(node, diag);
	if (!err)
		err = say_taken(node);
	if (!err)
		err = sf_node_move_chunks(node, diag);
	if (!err)
		err = sf_node_feed_keep(node, diag);
	if (!err)
		err = sf_node_channels_save(node, diag);
	return err ? err : save_counters(node, diag);
}

static void committed(void *self, const struct sf_link *link)
{
	struct sf_node *node = self;
	bool lost = false;
	for (struct sf_node_frame_out *out = node->out_first; out; out = out->next)
		lost |= link->send(link->self, 0, out->frame) != SF_OK;
	/* What was lost is said anew after the next hello; without one, after its time. */
	if (lost && node->up) {
		node->greeted = false;
		node->hello_ms = node->now_ms;
	}
	sf_node_log_committed(node, link);
	sf_transition_cache_settle(&node->cache);
	sf_feed_settle(node->feed);
	forget_turn(node);
}

/* Memory went ahead of the store: as after a restart, but the link is still there. */
static enum sf_err rolled_back(void *self, struct sf_diag *diag)
{
	struct sf_node *node = self;
	for (const struct sf_node_taken *taken = node->taken_first; taken; taken = taken->next)
		if (taken->kind != SF_ARRIVAL_FRAME)
			node->up = taken->kind == SF_ARRIVAL_UP;
	sf_transition_cache_drop_touched(&node->cache);
	sf_feed_drop(node->feed);
	sf_node_chunks_restart(node);
	node->followers = (struct sf_access_followers){.next = 0};
	forget_turn(node);
	node->greeted = false;
	node->restart_wanted = false;
	node->hello_ms = node->now_ms;
	node->connected_since_ms = node->now_ms;
	node->unanswered.position = node->unanswered.due_ms = 0;
	return sf_node_load(node, diag);
}

static int64_t next_due_ms(void *self)
{
	const struct sf_node *node = self;
	int64_t due_ms = INT64_MAX;
	if (node->up && !node->greeted)
		due_ms = node->hello_ms + node->options.hello_timeout_ms;
	if (node->greeted && node->on_the_way > 0)
		due_ms = node->progress_ms + node->options.stored_timeout_ms;
	if (node->greeted && sf_node_may_submit(node))
		due_ms = node->submit_after_ms;
	if (node->greeted && node->again_ms > 0 && node->again_ms < due_ms)
		due_ms = node->again_ms;
	if (node->greeted && sf_node_reconcile_due_ms(node) < due_ms)
		due_ms = sf_node_reconcile_due_ms(node);
	if (sf_node_chunks_due_ms(node) < due_ms)
		due_ms = sf_node_chunks_due_ms(node);
	if (node->late_ms < due_ms)
		due_ms = node->late_ms;
	if (sf_node_log_due_ms(node) < due_ms)
		due_ms = sf_node_log_due_ms(node);
	if (sf_node_retention_due_ms(node) < due_ms)
		due_ms = sf_node_retention_due_ms(node);
	if (sf_node_unanswered_due_ms(node) < due_ms)
		due_ms = sf_node_unanswered_due_ms(node);
	/* Resends count connected time, which stands still while the link is down. */
	if (node->up && node->resend_due_ms < INT64_MAX) {
		int64_t resend_ms = node->now_ms + node->resend_due_ms - sf_node_connected_ms(node);
		due_ms = resend_ms < due_ms ? resend_ms : due_ms;
	}
	return due_ms;
}

static enum sf_err serve(void *self, const struct sf_request *request, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag)
{
	return sf_node_serve(self, request, arena, ret_reply, diag);
}

void sf_node_engine(struct sf_node *node, struct sf_engine *ret_engine)
{
	*ret_engine = (struct sf_engine){
		.self = node,
		.take = take,
		.check = check,
		.step = step,
		.serve = serve,
		.finish = finish,
		.committed = committed,
		.rolled_back = rolled_back,
		.next_due_ms = next_due_ms,
	};
}

struct sf_node_counters sf_node_counters(const struct sf_node *node)
{
	return node->counters;
}

const struct sf_directory *sf_node_directory(const struct sf_node *node)
{
	return node->directory;
}

const struct sf_feed *sf_node_feed(const struct sf_node *node)
{
	return node->feed;
}
