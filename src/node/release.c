/*
 * Release (WIRE.md sections 4 and 7.1): what a checked checkpoint is proven to contain is never
 * sent again, whatever becomes of the coordinator. A new epoch keeps the first leaves of the old
 * one; what this party has said beyond them, or has no proof of, is submitted anew, byte for byte.
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
};

static bool visit_proof(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_proof *proof = row;
	bool released = proof->size > 0 && (uint64_t)proof->leaf_index < walk->common_size;
	if (released || (!proof->own && proof->open == 0))
		return true;
	struct sf_node_row_proof *place = add(walk->node, &walk->found, sizeof(*place));
	walk->full = !place;
	if (place)
		*place = *proof; /* its views end with the visit, and are read again */
	return place != NULL;
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

/* No checkpoint of an epoch that is over comes any more: nothing is asked about it. */
static enum sf_err close_proof(
	struct sf_node *node, const struct sf_node_row_proof *found, struct sf_diag *diag)
{
	struct sf_node_row_proof row = {.epoch = found->epoch, .leaf_index = found->leaf_index};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_proof, 0, &row, diag);
	if (err || row.open == 0)
		return err;
	row.open = 0;
	return store->replace(store->self, &sf_node_table_proof, &row, diag);
}

enum sf_err sf_node_leave_epoch(
	struct sf_node *node, uint32_t epoch, uint64_t common_size, struct sf_diag *diag)
{
	struct walk walk = {.node = node, .common_size = common_size};
	const struct sf_node_row_proof key = {.epoch = epoch};
	const struct sf_scan scan = {.table = &sf_node_table_proof, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_proof, &walk, diag);
	const struct sf_node_row_proof *rows = walk.found.items;
	for (size_t i = 0; i < walk.found.count && !err; i++) {
		if (rows[i].own)
			err = open_sendings(node, rows[i].message_id, diag);
		if (!err)
			err = close_proof(node, &rows[i], diag);
	}
	/* From the first of them: the coordinator has none on the way. */
	node->submitted = 0;
	node->on_the_way = 0;
	node->on_the_way_size = 0;
	node->more_to_submit = true;
	return !err && walk.full ? SF_ERR_LIMIT : err;
}
