/*
 * The transitions of one citizen: who rings says a CPR number, and whoever answers the telephone
 * has to find the course. It is found by the keyed name of the number (bodies.h); no table has the
 * number.
 */
#include "node/service.h"

#include <stdlib.h>

#include "audit/listing.h"
#include "core/identifier.h"
#include "node/access.h"
#include "node/bodies.h"

struct find {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows ids; /* struct sf_id */
	struct sf_listing_rows rows;
};

static bool keep_id(void *context, struct sf_id transition)
{
	struct find *find = context;
	struct sf_id *place = sf_listing_add(&find->listing, &find->ids);
	if (place)
		*place = transition;
	return place && find->ids.count < SF_LOCAL_ROWS_MAX;
}

static enum sf_err add_row(struct find *find, struct sf_id id, struct sf_diag *diag)
{
	struct sf_node *node = find->node;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_transition known = {.id = id};
	struct sf_cached_transition *cached = NULL;
	const struct sf_delivery_row *deliveries = NULL;
	size_t delivery_count = 0;
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &known, diag);
	if (err == SF_ERR_NOT_FOUND)
		return SF_OK; /* on its way to the coordinator: nothing is recorded of it yet */
	int64_t changed_ms = known.updated_ms;
	if (!err)
		err = sf_node_transition(node, id, &cached, diag);
	if (!err)
		err = sf_node_list_deliveries(
			node, id, find->listing.arena, &delivery_count, &deliveries, diag);
	struct sf_transition_row *row = err ? NULL : sf_listing_add(&find->listing, &find->rows);
	if (!row)
		return err;
	sf_listing_transition(&find->listing, cached, changed_ms, row);
	for (size_t i = 0; i < delivery_count; i++)
		row->late_count += deliveries[i].late;
	return SF_OK;
}

static int newest_first(const void *a, const void *b)
{
	const struct sf_transition_row *one = a, *other = b;
	if (one->changed_ms != other->changed_ms)
		return one->changed_ms < other->changed_ms ? 1 : -1;
	return sf_id_compare(other->transition, one->transition);
}

enum sf_err sf_node_serve_find(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct find find = {
		.node = node,
		.listing = {node->directory, arena, false},
		.ids = {.item_size = sizeof(struct sf_id)},
		.rows = {.item_size = sizeof(struct sf_transition_row)},
	};
	const char *cpr = request->find.cpr ? request->find.cpr : "";
	if (!sf_cpr_is_valid(sf_view_text(cpr))) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE,
			"cpr: not a plausible CPR number; write ten digits that begin with a date");
		return SF_OK;
	}
	enum sf_err err = sf_node_walk_patient(node, cpr, keep_id, &find, diag);
	const struct sf_id *ids = find.ids.items;
	for (size_t i = 0; !err && i < find.ids.count; i++)
		err = add_row(&find, ids[i], diag);
	const struct sf_transition_row *rows = find.rows.items;
	/* One is named by the row that every answer leaves (audit/access.h), more by a row each. */
	for (size_t i = 0; !err && find.rows.count > 1 && i < find.rows.count; i++)
		err = sf_node_keep_disclosure(node, request, rows[i].transition, diag);
	if (err || find.listing.full)
		return err ? err : SF_ERR_LIMIT;
	if (find.rows.count > 1)
		qsort(find.rows.items, find.rows.count, sizeof(struct sf_transition_row),
			newest_first);
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_TRANSITIONS,
		.text = "",
		.transitions = {.row_count = find.rows.count, .rows = find.rows.items}};
	return SF_OK;
}
