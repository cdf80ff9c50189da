/* Transitions as this party's replica has them. */
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"

/* How many open deliveries of one transition are late, found in one walk for a whole listing. */
struct late {
	struct sf_id transition;
	uint32_t count;
};

struct track_walk {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	struct sf_listing_rows late; /* struct late */
	size_t count_max;
	size_t seen;
	const struct sf_node_row_transition
		*after; /* last of the page before; NULL from the start */
	bool only_open;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool visit_late(void *context, const void *row)
{
	struct track_walk *walk = context;
	const struct sf_node_row_delivery *delivery = row;
	enum sf_delivery_state state = (enum sf_delivery_state)delivery->state;
	struct sf_node_row_outbox outbox = {.message_id = delivery->message_id};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, walk->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		walk->err = err;
	if (err)
		return err == SF_ERR_NOT_FOUND;
	struct late *late = walk->late.items;
	size_t i = 0;
	while (i < walk->late.count && !sf_id_equal(late[i].transition, outbox.transition))
		i++;
	bool counts = sf_delivery_is_late(state, outbox.created_ms, walk->node->now_ms);
	if (counts && i == walk->late.count) {
		struct late *added = sf_listing_add(&walk->listing, &walk->late);
		if (!added)
			return false;
		*added = (struct late){outbox.transition, 1};
	} else if (counts) {
		late[i].count++;
	}
	return ++walk->seen < SF_LOCAL_ROWS_MAX;
}

static enum sf_err collect_late(struct track_walk *walk)
{
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .index = SF_NODE_DELIVERY_OPEN};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_late, walk, walk->diag);
	return err ? err : walk->err;
}

static uint32_t late_count(const struct track_walk *walk, struct sf_id transition)
{
	const struct late *late = walk->late.items;
	for (size_t i = 0; i < walk->late.count; i++)
		if (sf_id_equal(late[i].transition, transition))
			return late[i].count;
	return 0;
}

/* Newest first: rows of the same time come in falling order of id. */
static bool is_shown(const struct track_walk *walk, const struct sf_node_row_transition *row)
{
	if (walk->after && row->updated_ms == walk->after->updated_ms &&
		sf_id_compare(row->id, walk->after->id) >= 0)
		return false;
	return !walk->only_open ||
	       (row->state != SF_TRANSITION_CLOSED && row->state != SF_TRANSITION_EMPTY);
}

static bool visit_transition(void *context, const void *row)
{
	struct track_walk *walk = context;
	const struct sf_node_row_transition *found = row;
	if (!is_shown(walk, found))
		return true;
	struct sf_cached_transition *cached;
	walk->err = sf_node_transition(walk->node, found->id, &cached, walk->diag);
	struct sf_transition_row *place =
		walk->err ? NULL : sf_listing_add(&walk->listing, &walk->rows);
	if (!place)
		return false;
	sf_listing_transition(&walk->listing, cached, found->updated_ms, place);
	place->late_count = late_count(walk, found->id);
	return walk->rows.count < walk->count_max;
}

static enum sf_err walk_transitions(struct track_walk *walk)
{
	const struct sf_scan scan = {.table = &sf_node_table_transition,
		.index = SF_NODE_TRANSITION_BY_UPDATED,
		.from = walk->after,
		.bounded = walk->after != NULL,
		.descending = true};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_transition, walk, walk->diag);
	return err ? err : walk->err;
}

enum sf_err sf_node_serve_transitions(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_transitions *asked = &request->transitions;
	struct track_walk walk = {
		.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_transition_row)},
		.late = {.item_size = sizeof(struct late)},
		.count_max = sf_listing_count(asked->count_max),
		.only_open = asked->only_open,
		.diag = diag,
	};
	struct sf_node_row_transition after = {.id = asked->after};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	if (!sf_id_is_none(asked->after)) {
		err = store->get(store->self, &sf_node_table_transition, 0, &after, diag);
		walk.after = &after;
	}
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "the transition to go on from is not known");
		return SF_OK;
	}
	if (!err)
		err = collect_late(&walk);
	if (!err)
		err = walk_transitions(&walk);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_TRANSITIONS,
		.text = "",
		.transitions = {walk.rows.count, walk.rows.items}};
	return SF_OK;
}

static bool visit_event(void *context, const void *row)
{
	struct track_walk *walk = context;
	const struct sf_node_row_event *event = row;
	struct sf_event_row *place = sf_listing_add(&walk->listing, &walk->rows);
	if (!place)
		return false;
	*place = (struct sf_event_row){
		.sequence = (uint64_t)event->sequence,
		.message = event->message_id,
		.author = event->author,
		.author_name = sf_listing_name(&walk->listing, event->author),
		.kind = (uint32_t)event->kind,
		.kind_class = (enum sf_kind_class)event->kind_class,
		.outcome = (enum sf_outcome)event->outcome,
		.code = (uint32_t)event->code,
		.recorded_ms = event->recorded_ms,
	};
	if (sf_listing_cover(event->cover, place))
		walk->err = SF_ERR_CORRUPT;
	return !walk->err;
}

static enum sf_err list_events(struct track_walk *walk, struct sf_id transition)
{
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_event, walk, walk->diag);
	return err ? err : walk->err;
}

static enum sf_err show(struct sf_node *node, const struct sf_node_row_transition *row,
	struct sf_arena *arena, struct sf_reply_transition *ret_show, struct sf_diag *diag)
{
	struct track_walk walk = {
		.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_event_row)},
		.diag = diag,
	};
	struct sf_cached_transition *cached;
	enum sf_err err = sf_node_transition(node, row->id, &cached, diag);
	if (err)
		return err;
	sf_listing_show(&walk.listing, cached, row->updated_ms, ret_show);
	err = list_events(&walk, row->id);
	ret_show->event_count = walk.rows.count;
	ret_show->events = walk.rows.items;
	if (!err)
		err = sf_node_list_deliveries(node, row->id, arena, &ret_show->delivery_count,
			&ret_show->deliveries, diag);
	for (size_t i = 0; !err && i < ret_show->delivery_count; i++)
		ret_show->row.late_count += ret_show->deliveries[i].late;
	return !err && walk.listing.full ? SF_ERR_LIMIT : err;
}

enum sf_err sf_node_serve_transition(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_transition row = {.id = request->transition.transition};
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND)
		err = sf_node_message_transition(
			node, request->transition.transition, &row.id, diag);
	bool by_message = !err && !sf_id_equal(row.id, request->transition.transition);
	if (by_message)
		err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	/* Handed in here and not yet recorded: there is nothing but what waits in the outbox. */
	if (by_message && err == SF_ERR_NOT_FOUND) {
		row.updated_ms = 0;
		err = SF_OK;
	}
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no transition and no message of this id is known here");
		return SF_OK;
	}
	struct sf_reply_transition shown;
	if (!err)
		err = show(node, &row, arena, &shown, diag);
	if (!err)
		*ret_reply = (struct sf_reply){
			.kind = SF_REPLY_TRANSITION, .text = "", .transition = shown};
	return err;
}
