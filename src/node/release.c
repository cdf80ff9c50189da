/*
 * Release (WIRE.md sections 4 and 7.1): what a checked checkpoint is proven to contain is never
 * sent again, whatever becomes of the coordinator. A new epoch keeps the first leaves of the old
 * one. What was recorded behind them is void here as there: its receipts are kept as evidence, the
 * replica goes back to what stands, and what this party has said is submitted anew, byte for byte.
 */
#include "node/state.h"

#include <string.h>

/* Rows that are visited first and written after. */
struct list {
	size_t count, capacity;
	void *items; /* arena */
};

static void *add(struct sf_node *node, struct list *list, size_t size)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 64;
		uint8_t *grown = sf_arena_take_many(&node->arena, capacity, size);
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
	struct sf_node *node;
	uint64_t common_size;
	struct list found;
	bool full;
	const struct sf_node_row_proof *proof; /* whose event is looked for */
};

/* Those that the tree which stands does not prove as it is. */
static bool visit_proof(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_proof *proof = row;
	if (proof->size > 0 && (uint64_t)proof->size <= walk->common_size)
		return true;
	struct sf_node_row_proof *place = add(walk->node, &walk->found, sizeof(*place));
	walk->full = !place;
	if (!place)
		return false;
	*place = *proof;
	place->leaf = sf_arena_copy(&walk->node->arena, proof->leaf);
	place->path = sf_arena_copy(&walk->node->arena, proof->path);
	walk->full = !place->leaf.data || !place->path.data;
	return !walk->full;
}

static bool visit_sending(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_sending *sending = row;
	if (sending->open)
		return true;
	struct sf_id *place = add(walk->node, &walk->found, sizeof(*place));
	walk->full = !place;
	if (place)
		*place = sending->envelope_id;
	return place != NULL;
}

static enum sf_err open_sendings(struct sf_node *node, struct sf_id message, struct sf_diag *diag)
{
	struct walk walk = {.node = node};
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
static enum sf_err say_again(struct sf_node *node, struct sf_id message, struct sf_diag *diag)
{
	struct sf_node_row_outbox row = {.message_id = message};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err; /* erased here */
	row.message = sf_arena_copy(&node->arena, row.message);
	row.salted_body = sf_arena_copy(&node->arena, row.salted_body);
	if (!row.message.data || !row.salted_body.data)
		return SF_ERR_LIMIT;
	row.recorded_sequence = row.outcome = row.code = 0;
	err = store->replace(store->self, &sf_node_table_outbox, &row, diag);
	return err ? err : open_sendings(node, message, diag);
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
	struct sf_node_row_event *place = add(walk->node, &walk->found, sizeof(*place));
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
	struct sf_node_row_statement *place = add(walk->node, &walk->found, sizeof(*place));
	walk->full = !place;
	if (place)
		*place = *statement;
	return false;
}

/* Of an event or a statement: what was recorded, and the promise that it would stay so. */
static enum sf_err keep_void(struct sf_node *node, const struct sf_node_row_proof *proof,
	struct sf_view cover, const struct sf_signed_receipt *receipt, struct sf_diag *diag)
{
	const struct sf_node_row_void row = {
		.epoch = proof->epoch,
		.leaf_index = proof->leaf_index,
		.message_id = proof->message_id,
		.transition = proof->transition,
		.cover = sf_arena_copy(&node->arena, cover),
		.receipt = sf_arena_copy(&node->arena, receipt->receipt),
		.receipt_index = receipt->index,
		.receipt_count = receipt->count,
		.receipt_path = sf_arena_copy(&node->arena, receipt->path),
		.receipt_signature = sf_arena_copy(&node->arena, receipt->signature),
	};
	if (!row.cover.data || !row.receipt.data || !row.receipt_path.data ||
		!row.receipt_signature.data)
		return SF_ERR_LIMIT;
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_void, &row, diag);
}

static enum sf_err void_event(
	struct sf_node *node, const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	struct walk walk = {.node = node, .proof = proof};
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
	err = keep_void(node, proof, event->cover, &receipt, diag);
	return err ? err : store->remove(store->self, &sf_node_table_event, event, diag);
}

/* One of this party's own is on its way again; another's comes again. */
static enum sf_err void_statement(
	struct sf_node *node, const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	struct walk walk = {.node = node, .proof = proof};
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
	err = keep_void(node, proof, statement->cover, &receipt, diag);
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

enum sf_err sf_node_void_receipt(
	struct sf_node *node, const struct sf_node_row_proof *proof, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	if (!sf_id_is_none(proof->transition))
		err = void_event(node, proof, diag);
	else if (proof->leaf.size == SF_LEAF_SIZE)
		err = void_statement(node, proof, diag);
	if (!err && proof->own)
		err = say_again(node, proof->message_id, diag);
	/* A proof that it was in the lost tree stays: it is evidence. */
	struct sf_node_row_proof row = *proof;
	row.open = 0;
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->replace(store->self, &sf_node_table_proof, &row, diag);
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

static bool is_known(const struct list *transitions, struct sf_id transition)
{
	const struct sf_id *ids = transitions->items;
	for (size_t i = transitions->count; i > 0; i--)
		if (sf_id_equal(ids[i - 1], transition))
			return true;
	return false;
}

/* Transitions first seen in a void receipt, and whether an agreement was. */
static enum sf_err void_all(struct sf_node *node, const struct list *proofs, uint64_t common_size,
	struct list *transitions, bool *ret_statements, struct sf_diag *diag)
{
	const struct sf_node_row_proof *rows = proofs->items;
	enum sf_err err = SF_OK;
	*ret_statements = false;
	for (size_t i = 0; i < proofs->count && !err; i++) {
		if ((uint64_t)rows[i].leaf_index < common_size) {
			err = ask_again(node, &rows[i], diag);
			continue;
		}
		err = sf_node_void_receipt(node, &rows[i], diag);
		bool none = sf_id_is_none(rows[i].transition);
		*ret_statements = *ret_statements || none;
		if (err || none || is_known(transitions, rows[i].transition))
			continue;
		struct sf_id *place = add(node, transitions, sizeof(*place));
		if (!place)
			return SF_ERR_LIMIT;
		*place = rows[i].transition;
	}
	return err;
}

enum sf_err sf_node_leave_epoch(
	struct sf_node *node, uint32_t epoch, uint64_t common_size, struct sf_diag *diag)
{
	struct walk walk = {.node = node, .common_size = common_size};
	const struct sf_node_row_proof key = {.epoch = epoch};
	const struct sf_scan scan = {.table = &sf_node_table_proof, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	struct list transitions = {.count = 0};
	bool statements = false;
	enum sf_err err = store->scan(store->self, &scan, visit_proof, &walk, diag);
	if (!err && walk.full)
		err = SF_ERR_LIMIT;
	if (!err)
		err = void_all(node, &walk.found, common_size, &transitions, &statements, diag);
	/* Before the transitions, which are judged by who has signed what. */
	if (!err && statements)
		err = sf_node_load_agreements(node, diag);
	const struct sf_id *ids = transitions.items;
	for (size_t i = 0; i < transitions.count && !err; i++)
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
	struct sf_id *place = add(walk->node, &walk->found, sizeof(*place));
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
	struct walk walk = {.node = node};
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
