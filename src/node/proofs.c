/*
 * Where receipts stand in the log. A receipt is the coordinator's promise; it is kept here as a
 * leaf and asked about until a checkpoint that was checked here is proven to contain it (WIRE.md
 * section 4). Only then can the coordinator not take it back.
 *
 * All proofs of some seconds lead to one checkpoint, the anchor, so that few have to be kept.
 */
#include "node/state.h"

#include <string.h>

/* Two receipts for one place cannot both be true: both are the coordinator's, and are kept. */
static enum sf_err compare_leaf(struct sf_node *node, const struct sf_node_receipt *kept,
	const struct sf_node_row_proof *known, struct sf_view leaf, struct sf_diag *diag)
{
	if (sf_view_equal(known->leaf, leaf))
		return SF_OK;
	struct sf_signed_receipt other;
	struct sf_node_row_contradiction row = {.kind = SF_CONTRADICTION_HISTORY,
		.epoch = kept->receipt->epoch,
		.size = (int64_t)kept->receipt->leaf_index,
		.note = kept->proof->receipt};
	enum sf_err err = sf_node_find_receipt(node, known, &other, diag);
	if (!err)
		row.other = other.receipt;
	return err && err != SF_ERR_NOT_FOUND ? err : sf_node_contradict(node, &row, diag);
}

enum sf_err sf_node_keep_receipt(
	struct sf_node *node, const struct sf_node_receipt *kept, struct sf_diag *diag)
{
	const struct sf_receipt *receipt = kept->receipt;
	/* No log counts so far; a coordinator that says more is not believed. */
	if (receipt->leaf_index >= INT64_MAX)
		return SF_OK;
	uint8_t leaf[SF_LEAF_SIZE];
	sf_log_receipt_leaf(&node->ports.crypto, receipt, kept->transition, leaf);
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_proof known = {
		.epoch = receipt->epoch, .leaf_index = (int64_t)receipt->leaf_index};
	enum sf_err err = store->get(store->self, &sf_node_table_proof, 0, &known, diag);
	if (!err)
		return compare_leaf(node, kept, &known, sf_view_of(leaf, sizeof(leaf)), diag);
	if (err != SF_ERR_NOT_FOUND)
		return err;
	const struct sf_node_row_proof row = {
		.epoch = receipt->epoch,
		.leaf_index = (int64_t)receipt->leaf_index,
		.message_id = receipt->message_id,
		.transition = kept->transition,
		.own = kept->own,
		.leaf = sf_view_of(leaf, sizeof(leaf)),
		.open = (int64_t)receipt->leaf_index + 1,
	};
	node->log.proofs_open = true;
	node->log.past_open = node->log.past_open || receipt->epoch < node->log.epoch;
	sf_node_next(node, SF_NODE_COUNTER_RECEIPTS);
	return store->insert(store->self, &sf_node_table_proof, &row, diag);
}

struct receipt_search {
	struct sf_node *node;
	const struct sf_node_row_proof *proof;
	struct sf_signed_receipt found;
	bool is_found, short_of_memory;
};

static bool keep_found(struct receipt_search *search, const struct sf_signed_receipt *receipt)
{
	struct sf_receipt decoded;
	if (sf_receipt_decode(receipt->receipt, &decoded, NULL) ||
		decoded.epoch != search->proof->epoch ||
		decoded.leaf_index != (uint64_t)search->proof->leaf_index)
		return true;
	struct sf_arena *arena = &search->node->arena;
	search->found = *receipt;
	search->found.receipt = sf_arena_copy(arena, receipt->receipt);
	search->found.path = sf_arena_copy(arena, receipt->path);
	search->found.signature = sf_arena_copy(arena, receipt->signature);
	search->short_of_memory = !search->found.receipt.data || !search->found.path.data ||
				  !search->found.signature.data;
	search->is_found = true;
	return false;
}

static bool visit_event(void *context, const void *row)
{
	const struct sf_node_row_event *event = row;
	return keep_found(
		context, &(struct sf_signed_receipt){event->receipt, (uint16_t)event->receipt_index,
				 (uint16_t)event->receipt_count, event->receipt_path,
				 event->receipt_signature});
}

static bool visit_statement(void *context, const void *row)
{
	const struct sf_node_row_statement *statement = row;
	return keep_found(context,
		&(struct sf_signed_receipt){statement->receipt, (uint16_t)statement->receipt_index,
			(uint16_t)statement->receipt_count, statement->receipt_path,
			statement->receipt_signature});
}

enum sf_err sf_node_find_receipt(struct sf_node *node, const struct sf_node_row_proof *proof,
	struct sf_signed_receipt *ret_receipt, struct sf_diag *diag)
{
	if (proof->leaf.size != SF_LEAF_SIZE)
		return SF_ERR_NOT_FOUND;
	struct receipt_search search = {.node = node, .proof = proof};
	const struct sf_node_row_event event = {.message_id = proof->message_id};
	/* Of agreements there is no event; the leaf says when it was recorded. */
	const struct sf_node_row_statement statement = {
		.recorded_ms = (int64_t)sf_get_u64(proof->leaf.data + 2)};
	const struct sf_scan events = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_MESSAGE,
		.equal_count = 1,
		.from = &event};
	const struct sf_scan statements = {.table = &sf_node_table_statement,
		.index = SF_NODE_STATEMENT_BY_RECORDED,
		.equal_count = 1,
		.from = &statement};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &events, visit_event, &search, diag);
	if (!err && !search.is_found)
		err = store->scan(store->self, &statements, visit_statement, &search, diag);
	if (err)
		return err;
	if (search.short_of_memory)
		return SF_ERR_LIMIT;
	if (!search.is_found)
		return SF_ERR_NOT_FOUND;
	*ret_receipt = search.found;
	return SF_OK;
}

/* A promise that the tree does not keep: the receipt against the checkpoint. */
static enum sf_err omission(
	struct sf_node *node, const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	struct sf_signed_receipt receipt;
	struct sf_node_row_checkpoint kept;
	struct sf_node_row_contradiction row = {.kind = SF_CONTRADICTION_OMISSION,
		.epoch = proof->epoch,
		.size = proof->leaf_index};
	enum sf_err err = sf_node_find_receipt(node, proof, &receipt, diag);
	if (!err)
		row.note = receipt.receipt;
	else if (err != SF_ERR_NOT_FOUND)
		return err;
	const struct sf_node_seen *anchor = &node->log.anchor;
	err = sf_node_checkpoint_row(node, anchor->epoch, anchor->size, &kept, diag);
	if (!err)
		row.other = sf_arena_copy(&node->arena, kept.note);
	else if (err != SF_ERR_NOT_FOUND)
		return err;
	return sf_node_contradict(node, &row, diag);
}

static enum sf_err get_proof(struct sf_node *node, uint64_t index,
	struct sf_node_row_proof *ret_row, struct sf_diag *diag)
{
	*ret_row = (struct sf_node_row_proof){
		.epoch = node->log.anchor.epoch, .leaf_index = (int64_t)index};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_proof, 0, ret_row, diag);
	if (err)
		return err;
	ret_row->leaf = sf_arena_copy(&node->arena, ret_row->leaf);
	return ret_row->leaf.data ? SF_OK : SF_ERR_LIMIT;
}

bool sf_node_path_holds(const struct sf_node *node, const struct sf_node_row_proof *proof,
	struct sf_view path, uint64_t size, const struct sf_digest *root)
{
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_digest leaf_hash, hashes[SF_TREE_PROOF_MAX];
	size_t count = path.size / SF_DIGEST_SIZE;
	if (count > SF_TREE_PROOF_MAX || path.size % SF_DIGEST_SIZE != 0)
		return false;
	if (count > 0)
		memcpy(hashes, path.data, path.size);
	sf_tree_leaf_hash(crypto, proof->leaf, &leaf_hash);
	return !sf_tree_check_inclusion(
		crypto, (uint64_t)proof->leaf_index, size, &leaf_hash, hashes, count, root);
}

/*
 * A promise that was not kept. One of an epoch that is over will not be: what was said under it is
 * said again.
 */
static enum sf_err lacks(struct sf_node *node, const struct sf_node_row_proof *proof,
	bool *ret_settled, struct sf_diag *diag)
{
	enum sf_err err = omission(node, proof, diag);
	*ret_settled = !err && node->log.anchor.epoch < node->log.epoch;
	if (err || !*ret_settled)
		return err;
	err = sf_node_void_receipt(node, proof, diag);
	if (!err && !sf_id_is_none(proof->transition))
		err = sf_node_fold_again(node, proof->transition, diag);
	node->more_to_submit = true;
	node->submitted = 0;
	return err;
}

static enum sf_err learn_inclusion(struct sf_node *node, const struct sf_inclusion *inclusion,
	bool *ret_proven, struct sf_diag *diag)
{
	struct sf_node_row_proof row;
	*ret_proven = false;
	enum sf_err err = get_proof(node, inclusion->index, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	const struct sf_node_seen *anchor = &node->log.anchor;
	if (!sf_node_path_holds(node, &row, inclusion->path, anchor->size, &anchor->root))
		return lacks(node, &row, ret_proven, diag);
	*ret_proven = true;
	if (row.open == 0)
		return SF_OK;
	row.size = (int64_t)anchor->size;
	row.path = inclusion->path;
	row.open = 0;
	node->counters.proven++;
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_proof, &row, diag);
}

static const struct sf_inclusion *find_inclusion(const struct sf_frame_log *frame, uint64_t index)
{
	for (size_t i = 0; i < frame->inclusion_count; i++)
		if (frame->inclusions[i].index == index)
			return &frame->inclusions[i];
	return NULL;
}

/* What was not answered, or not truly, is asked again when its time has come, not at once. */
enum sf_err sf_node_proof(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	if (!node->greeted || log->halted || log->proof.asked_ms == 0 ||
		frame->epoch != log->anchor.epoch || frame->size != log->anchor.size ||
		frame->inclusion_count == 0)
		return SF_OK;
	size_t left = 0;
	for (size_t i = 0; i < log->asked_count; i++) {
		const struct sf_inclusion *inclusion = find_inclusion(frame, log->asked[i]);
		bool proven = false;
		enum sf_err err =
			inclusion ? learn_inclusion(node, inclusion, &proven, diag) : SF_OK;
		if (err)
			return err;
		if (!proven)
			log->asked[left++] = log->asked[i];
	}
	log->asked_count = left;
	if (left == 0)
		log->proof = (struct sf_node_question){.asked_ms = 0};
	return SF_OK;
}

struct open_search {
	struct sf_node_log *log;
	size_t count;
	bool beyond;   /* some wait for a larger checkpoint than the anchor */
	uint64_t tail; /* index + 1 of the first that no checkpoint covers; 0 none was met */
};

static bool visit_open(void *context, const void *row)
{
	struct open_search *search = context;
	struct sf_node_log *log = search->log;
	const struct sf_node_row_proof *proof = row;
	uint64_t index = (uint64_t)proof->leaf_index;
	if (proof->epoch != log->anchor.epoch)
		return true; /* of another epoch: asked for under another anchor */
	if (index >= log->anchor.size) {
		search->beyond = index < log->newest.size;
		search->tail = search->beyond ? 0 : index + 1;
		return false;
	}
	log->asked[search->count++] = index;
	return search->count < SF_COUNT(log->asked);
}

/* A coordinator that never proves the oldest of them has left it out. */
static enum sf_err judge_silence(struct sf_node *node, uint64_t oldest, struct sf_diag *diag)
{
	struct sf_node_question *question = &node->log.proof;
	if (question->since_ms == 0 || question->from != oldest) {
		question->from = oldest;
		question->since_ms = node->now_ms;
	}
	if (node->now_ms - question->since_ms < node->options.log_patience_ms)
		return SF_OK;
	question->since_ms = node->now_ms;
	struct sf_node_row_proof row;
	enum sf_err err = get_proof(node, oldest, &row, diag);
	return err ? err : omission(node, &row, diag);
}

static enum sf_err ask(struct sf_node *node, size_t count, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	log->asked_count = count;
	log->proof.asked_ms = node->now_ms;
	enum sf_err err = judge_silence(node, log->asked[0], diag);
	sf_node_keep_checkpoint(node, log->anchor.size);
	const struct sf_frame frame = {.kind = SF_FRAME_PROOF,
		.log = {.epoch = log->anchor.epoch,
			.size = log->anchor.size,
			.index_count = count,
			.indexes = log->asked}};
	return err ? err : sf_node_say(node, &frame);
}

/*
 * A checkpoint that was lost on its way comes again with the answer to a hello. Where frames change
 * places it may come before the answer and count for nothing: with three of these an honest log was
 * accused (simulation, seed 680).
 */
#define TAIL_HELLOS_MAX 4

/* From when on nothing has come to cover the oldest receipt of the tail. */
static void note_tail(struct sf_node *node, uint64_t tail)
{
	struct sf_node_question *question = &node->log.tail;
	if (tail != question->from)
		*question = (struct sf_node_question){
			.since_ms = tail ? node->now_ms : 0, .from = tail};
}

enum sf_err sf_node_watch_tail(struct sf_node *node, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	if (log->tail.since_ms == 0 ||
		node->now_ms - log->tail.since_ms < node->options.tail_patience_ms)
		return SF_OK;
	log->tail.since_ms = node->now_ms;
	if (log->tail_from != log->tail.from)
		log->tail_hellos = 0;
	log->tail_from = log->tail.from;
	if (log->tail_hellos++ < TAIL_HELLOS_MAX)
		return sf_node_hello(node, diag);
	log->tail_hellos = 0;
	struct sf_node_row_proof row;
	enum sf_err err = get_proof(node, log->tail.from - 1, &row, diag);
	if (!err)
		err = omission(node, &row, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err search_open(
	struct sf_node *node, struct open_search *search, struct sf_diag *diag)
{
	const struct sf_scan scan = {.table = &sf_node_table_proof, .index = SF_NODE_PROOF_OPEN};
	const struct sf_store *store = sf_node_store(node);
	return store->scan(store->self, &scan, visit_open, search, diag);
}

/* Of epochs that are over first: what does not stand of them is said again. */
static enum sf_err ask_past(struct sf_node *node, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	enum sf_err err = sf_node_past_anchor(node, &log->anchor, diag);
	struct open_search search = {.log = log};
	if (!err && log->anchor.size > 0)
		err = search_open(node, &search, diag);
	if (err || search.count > 0)
		return err ? err : ask(node, search.count, diag);
	log->past_open = false;
	log->anchor.size = 0;
	log->asked_count = 0;
	log->proof = (struct sf_node_question){.asked_ms = 0};
	return SF_OK;
}

enum sf_err sf_node_ask_proofs(struct sf_node *node, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	if (!sf_node_question_due(node, &log->proof))
		return SF_OK;
	enum sf_err err = SF_OK;
	if (log->past_open)
		err = ask_past(node, diag);
	if (err || log->past_open || !log->proofs_open || log->newest.size == 0 ||
		log->newest.epoch != log->epoch)
		return err;
	if (log->anchor.size == 0 || node->now_ms - log->anchor_ms >= node->options.proof_ms) {
		log->anchor = log->newest;
		log->anchor_ms = node->now_ms;
	}
	struct open_search search = {.log = log};
	err = search_open(node, &search, diag);
	if (err)
		return err;
	note_tail(node, search.tail);
	if (search.count > 0)
		return ask(node, search.count, diag);
	log->asked_count = 0;
	log->proof = (struct sf_node_question){.asked_ms = 0};
	log->proofs_open = search.beyond;
	return SF_OK;
}
