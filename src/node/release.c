/*
 * Release (WIRE.md sections 4 and 7.1): what a checked checkpoint is proven to contain is never
 * sent again, whatever becomes of the coordinator. A new epoch keeps the first leaves of the old
 * one. What was recorded behind them is void here as there: its receipts are kept as evidence, the
 * replica goes back to what stands, and what this party has said is submitted anew, byte for byte.
 */
#include "node/state.h"

#include <stdlib.h>
#include <string.h>

/* Proofs of a lost tail are gone through so many at a time: however long it is, few are held. */
#define BATCH_COUNT ((size_t)64)
#define BATCH_SIZE_MAX ((size_t)128 * 1024 * 1024)

/* Rows that are visited first and written after. */
struct list {
	size_t count, capacity;
	void *items; /* arena */
};

static void *add(struct sf_arena *arena, struct list *list, size_t size)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 64;
		uint8_t *grown = sf_arena_take_many(arena, capacity, size);
		if (!grown)
			return NULL;
		if (list->count > 0)
			memcpy(grown, list->items, list->count * size);
		list->items = grown;
		list->capacity = capacity;
	}
	return (uint8_t *)list->items + list->count++ * size;
}

struct walk {
	struct sf_arena *arena; /* of what is found, and of what is written of it */
	uint64_t common_size;
	int64_t last; /* leaf of the proof that was visited last */
	size_t visited;
	struct list found;
	bool full;
	const struct sf_node_row_proof *proof; /* whose event is looked for */
};

/* Those that the tree which stands does not prove as it is. */
static bool visit_proof(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_proof *proof = row;
	walk->last = proof->leaf_index;
	walk->visited++;
	if (proof->size > 0 && (uint64_t)proof->size <= walk->common_size)
		return true;
	struct sf_node_row_proof *place = add(walk->arena, &walk->found, sizeof(*place));
	walk->full = !place;
	if (!place)
		return false;
	*place = *proof;
	place->leaf = sf_arena_copy(walk->arena, proof->leaf);
	place->path = sf_arena_copy(walk->arena, proof->path);
	walk->full = !place->leaf.data || !place->path.data;
	return !walk->full;
}

static bool visit_sending(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_sending *sending = row;
	if (sending->open)
		return true;
	struct sf_id *place = add(walk->arena, &walk->found, sizeof(*place));
	walk->full = !place;
	if (place)
		*place = sending->envelope_id;
	return place != NULL;
}

static enum sf_err open_sendings(
	struct sf_node *node, struct sf_arena *arena, struct sf_id message, struct sf_diag *diag)
{
	struct walk walk = {.arena = arena};
	const struct sf_node_row_sending key = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_sending,
		.index = SF_NODE_SENDING_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_sending, &walk, diag);
	const struct sf_id *ids = walk.found.items;
	for (size_t i = 0; i < walk.found.count && !err; i++) {
		struct sf_node_row_sending row = {.envelope_id = ids[i]};
		err = store->get(store->self, &sf_node_table_sending, 0, &row, diag);
		row.open = row.position;
		if (!err)
			err = store->replace(store->self, &sf_node_table_sending, &row, diag);
	}
	return !err && walk.full ? SF_ERR_LIMIT : err;
}

/* As if it had not been recorded yet: which is so. */
static enum sf_err say_again(
	struct sf_node *node, struct sf_arena *arena, struct sf_id message, struct sf_diag *diag)
{
	struct sf_node_row_outbox row = {.message_id = message};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err; /* erased here */
	row.message = sf_arena_copy(arena, row.message);
	row.salted_body = sf_arena_copy(arena, row.salted_body);
	if (!row.message.data || !row.salted_body.data)
		return SF_ERR_LIMIT;
	row.recorded_sequence = row.outcome = row.code = 0;
	err = store->replace(store->self, &sf_node_table_outbox, &row, diag);
	return err ? err : open_sendings(node, arena, message, diag);
}

static bool is_of(const struct sf_node_row_proof *proof, struct sf_view receipt)
{
	struct sf_receipt decoded;
	return !sf_receipt_decode(receipt, &decoded, NULL) && decoded.epoch == proof->epoch &&
	       decoded.leaf_index == (uint64_t)proof->leaf_index;
}

static bool visit_event(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_event *event = row;
	if (!is_of(walk->proof, event->receipt))
		return true;
	struct sf_node_row_event *place = add(walk->arena, &walk->found, sizeof(*place));
	walk->full = !place;
	if (place)
		*place = *event;
	return false;
}

static bool visit_statement(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_statement *statement = row;
	if (statement->recorded_ms == 0 || !is_of(walk->proof, statement->receipt))
		return true;
	struct sf_node_row_statement *place = add(walk->arena, &walk->found, sizeof(*place));
	walk->full = !place;
	if (place)
		*place = *statement;
	return false;
}

/* Of an event or a statement: what was recorded, and the promise that it would stay so. */
static enum sf_err keep_void(struct sf_node *node, struct sf_arena *arena,
	const struct sf_node_row_proof *proof, struct sf_view cover,
	const struct sf_signed_receipt *receipt, struct sf_diag *diag)
{
	const struct sf_node_row_void row = {
		.epoch = proof->epoch,
		.leaf_index = proof->leaf_index,
		.message_id = proof->message_id,
		.transition = proof->transition,
		.cover = sf_arena_copy(arena, cover),
		.receipt = sf_arena_copy(arena, receipt->receipt),
		.receipt_index = receipt->index,
		.receipt_count = receipt->count,
		.receipt_path = sf_arena_copy(arena, receipt->path),
		.receipt_signature = sf_arena_copy(arena, receipt->signature),
	};
	if (!row.cover.data || !row.receipt.data || !row.receipt_path.data ||
		!row.receipt_signature.data)
		return SF_ERR_LIMIT;
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_void, &row, diag);
}

static enum sf_err void_event(struct sf_node *node, struct sf_arena *arena,
	const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	struct walk walk = {.arena = arena, .proof = proof};
	const struct sf_node_row_event key = {.message_id = proof->message_id};
	const struct sf_scan scan = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_MESSAGE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_event, &walk, diag);
	if (err || walk.full || walk.found.count == 0)
		return err || !walk.full ? err : SF_ERR_LIMIT;
	/* The views of a scan end with it; these live until they are copied. */
	struct sf_node_row_event *event = walk.found.items;
	err = store->get(store->self, &sf_node_table_event, 0, event, diag);
	if (err)
		return err;
	const struct sf_signed_receipt receipt = {event->receipt, (uint16_t)event->receipt_index,
		(uint16_t)event->receipt_count, event->receipt_path, event->receipt_signature};
	err = keep_void(node, arena, proof, event->cover, &receipt, diag);
	return err ? err : store->remove(store->self, &sf_node_table_event, event, diag);
}

/* One of this party's own is on its way again; another's comes again. */
static enum sf_err void_statement(struct sf_node *node, struct sf_arena *arena,
	const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	struct walk walk = {.arena = arena, .proof = proof};
	const struct sf_node_row_statement key = {
		.recorded_ms = (int64_t)sf_get_u64(proof->leaf.data + 2)};
	const struct sf_scan scan = {.table = &sf_node_table_statement,
		.index = SF_NODE_STATEMENT_BY_RECORDED,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_statement, &walk, diag);
	if (err || walk.full || walk.found.count == 0)
		return err || !walk.full ? err : SF_ERR_LIMIT;
	struct sf_node_row_statement *statement = walk.found.items;
	err = store->get(store->self, &sf_node_table_statement, 0, statement, diag);
	if (err)
		return err;
	const struct sf_signed_receipt receipt = {statement->receipt,
		(uint16_t)statement->receipt_index, (uint16_t)statement->receipt_count,
		statement->receipt_path, statement->receipt_signature};
	err = keep_void(node, arena, proof, statement->cover, &receipt, diag);
	const struct sf_view none = sf_view_of(NULL, 0);
	statement->recorded_ms = statement->outcome = statement->code = 0;
	statement->receipt_index = statement->receipt_count = 0;
	statement->cover = statement->receipt = none;
	statement->receipt_path = statement->receipt_signature = none;
	if (err)
		return err;
	return proof->own ? store->replace(store->self, &sf_node_table_statement, statement, diag)
			  : store->remove(store->self, &sf_node_table_statement, statement, diag);
}

static enum sf_err void_receipt(struct sf_node *node, struct sf_arena *arena,
	const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	if (!sf_id_is_none(proof->transition))
		err = void_event(node, arena, proof, diag);
	else if (proof->leaf.size == SF_LEAF_SIZE)
		err = void_statement(node, arena, proof, diag);
	if (!err && proof->own)
		err = say_again(node, arena, proof->message_id, diag);
	/* A proof that it was in the lost tree stays: it is evidence. */
	struct sf_node_row_proof row = *proof;
	row.open = 0;
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->replace(store->self, &sf_node_table_proof, &row, diag);
}

enum sf_err sf_node_void_receipt(
	struct sf_node *node, const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	return void_receipt(node, &node->arena, proof, diag);
}

/* The tree that stands is not the one it was proven in: asked for anew. */
static enum sf_err ask_again(
	struct sf_node *node, const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	struct sf_node_row_proof row = *proof;
	row.open = row.leaf_index + 1;
	row.size = 0;
	row.path = sf_view_of(NULL, 0);
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_proof, &row, diag);
}

/* Back to the events that stand; the first that came early wait for those that come again. */
enum sf_err sf_node_fold_again(struct sf_node *node, struct sf_id transition, struct sf_diag *diag)
{
	sf_transition_cache_drop(&node->cache, transition);
	struct sf_node_row_transition row = {.id = transition};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	struct sf_cached_transition *cached;
	err = sf_node_transition(node, transition, &cached, diag);
	if (err)
		return err;
	row.sequence = (int64_t)sf_transition_sequence(cached->transition);
	row.head = cached->head;
	row.difference_ms = 0;
	err = row.sequence > 0 ? sf_node_summarize(node, cached->transition, &row) : SF_OK;
	return err ? err : store->replace(store->self, &sf_node_table_transition, &row, diag);
}

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct sf_id));
}

/* Each once; in which order they are folded is nothing to them. */
static void sort_once(struct list *transitions)
{
	struct sf_id *ids = transitions->items;
	size_t count = 0;
	if (transitions->count > 0)
		qsort(ids, transitions->count, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < transitions->count; i++)
		if (count == 0 || !sf_id_equal(ids[count - 1], ids[i]))
			ids[count++] = ids[i];
	transitions->count = count;
}

/* What leaving an epoch has found so far; of each proof no more than this is kept. */
struct leaving {
	struct list transitions; /* of void receipts; of the turn's arena */
	bool statements;         /* an agreement's was among them */
};

static enum sf_err void_some(struct sf_node *node, const struct walk *walk, struct leaving *leaving,
	struct sf_diag *diag)
{
	const struct sf_node_row_proof *rows = walk->found.items;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < walk->found.count && !err; i++) {
		if ((uint64_t)rows[i].leaf_index < walk->common_size) {
			err = ask_again(node, &rows[i], diag);
			continue;
		}
		err = void_receipt(node, walk->arena, &rows[i], diag);
		if (sf_id_is_none(rows[i].transition)) {
			leaving->statements = true;
			continue;
		}
		struct sf_id *place = add(&node->arena, &leaving->transitions, sizeof(*place));
		if (!place)
			return SF_ERR_LIMIT;
		*place = rows[i].transition;
	}
	return err;
}

static enum sf_err void_all(struct sf_node *node, uint32_t epoch, uint64_t common_size,
	struct leaving *leaving, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_arena arena;
	struct walk walk = {.last = -1, .visited = BATCH_COUNT};
	enum sf_err err = SF_OK;
	sf_arena_init(&arena, BATCH_SIZE_MAX);
	while (!err && walk.visited == BATCH_COUNT) {
		const struct sf_node_row_proof from = {.epoch = epoch, .leaf_index = walk.last};
		const struct sf_scan scan = {.table = &sf_node_table_proof,
			.equal_count = 1,
			.from = &from,
			.bounded = true,
			.exclusive = true,
			.count_max = BATCH_COUNT};
		walk = (struct walk){
			.arena = &arena, .common_size = common_size, .last = walk.last};
		err = store->scan(store->self, &scan, visit_proof, &walk, diag);
		if (!err && walk.full)
			err = SF_ERR_LIMIT;
		if (!err)
			err = void_some(node, &walk, leaving, diag);
		sf_arena_clear(&arena);
	}
	sf_arena_fini(&arena);
	return err;
}

enum sf_err sf_node_leave_epoch(
	struct sf_node *node, uint32_t epoch, uint64_t common_size, struct sf_diag *diag)
{
	struct leaving leaving = {.statements = false};
	enum sf_err err = void_all(node, epoch, common_size, &leaving, diag);
	/* Before the transitions, which are judged by who has signed what. */
	if (!err && leaving.statements)
		err = sf_node_load_agreements(node, diag);
	sort_once(&leaving.transitions);
	const struct sf_id *ids = leaving.transitions.items;
	for (size_t i = 0; i < leaving.transitions.count && !err; i++)
		err = sf_node_fold_again(node, ids[i], diag);
	/* From the first of them: the coordinator has none on the way. */
	node->submitted = 0;
	node->on_the_way = 0;
	node->on_the_way_size = 0;
	node->more_to_submit = true;
	return err;
}

static bool visit_void(void *context, const void *row)
{
	struct walk *walk = context;
	struct sf_id *place = add(walk->arena, &walk->found, sizeof(*place));
	walk->full = !place;
	if (place)
		*place = ((const struct sf_node_row_void *)row)->message_id;
	return place != NULL;
}

/* It was recorded once, and refused when it came again: perhaps for what is here only now. */
static enum sf_err say_refused(struct sf_node *node, struct sf_id message, struct sf_diag *diag)
{
	struct sf_node_row_outbox row = {.message_id = message};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
	if (err || row.outcome != SF_OUTCOME_REFUSED || row.sending >= node->options.attempts_max)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	return sf_node_resend(node, message, diag);
}

enum sf_err sf_node_say_refused(struct sf_node *node, struct sf_id transition, struct sf_diag *diag)
{
	struct walk walk = {.arena = &node->arena};
	const struct sf_node_row_void key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_void,
		.index = SF_NODE_VOID_BY_TRANSITION,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	if (node->log.epoch < 2 || sf_id_is_none(transition))
		return SF_OK;
	enum sf_err err = store->scan(store->self, &scan, visit_void, &walk, diag);
	if (!err && walk.full)
		err = SF_ERR_LIMIT;
	const struct sf_id *messages = walk.found.items;
	for (size_t i = 0; i < walk.found.count && !err; i++)
		err = say_refused(node, messages[i], diag);
	return err;
}
