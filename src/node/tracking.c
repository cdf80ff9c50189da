/* Transitions as this party's replica has them. */
#include "node/service.h"
#include "node/state.h"

#include "audit/choice.h"
#include "node/past.h"
#include "node/trial.h"

struct track_walk {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows; /* struct sf_event_row */
	struct sf_listing_rows late; /* struct sf_late */
	size_t seen;
	uint64_t sequence_max; /* of the events that are shown */
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
	if (sf_delivery_is_late(state, outbox.created_ms, walk->node->now_ms))
		sf_listing_late(&walk->listing, &walk->late, outbox.transition);
	return !walk->listing.full && ++walk->seen < SF_LOCAL_ROWS_MAX;
}

static enum sf_err collect_late(struct track_walk *walk)
{
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .index = SF_NODE_DELIVERY_OPEN};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_late, walk, walk->diag);
	return err ? err : walk->err;
}

static enum sf_err fold_one(
	void *self, struct sf_id transition, struct sf_cached_transition **ret_cached)
{
	struct track_walk *walk = self;
	return sf_node_transition(walk->node, transition, ret_cached, walk->diag);
}

static struct sf_choice_row choice_of(const struct sf_node_row_transition *row)
{
	return (struct sf_choice_row){
		row->id, row->updated_ms, (enum sf_transition_state)row->state};
}

static bool visit_transition(void *context, const void *row)
{
	const struct sf_choice_row found = choice_of(row);
	return sf_choice_visit(context, &found);
}

/* after: last of the page before; NULL from the start. */
static enum sf_err walk_transitions(struct track_walk *walk, struct sf_choice_page *page,
	const struct sf_node_row_transition *after)
{
	const struct sf_scan scan = {.table = &sf_node_table_transition,
		.index = SF_NODE_TRANSITION_BY_UPDATED,
		.from = after,
		.bounded = after != NULL,
		.descending = true};
	const struct sf_store *store = sf_node_store(walk->node);
	enum sf_err err = store->scan(store->self, &scan, visit_transition, page, walk->diag);
	return err ? err : page->err;
}

static bool visit_total(void *context, const void *row)
{
	const struct sf_node_row_transition *found = row;
	return sf_choice_count(context, (enum sf_transition_state)found->state);
}

static enum sf_err count_totals(struct sf_node *node, struct sf_listing *listing,
	struct sf_reply_transitions *reply, struct sf_diag *diag)
{
	struct sf_choice_totals totals = {.seen = 0};
	const struct sf_scan scan = {.table = &sf_node_table_transition};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_total, &totals, diag);
	if (!err)
		sf_choice_tell(listing, &totals, reply);
	return err;
}

enum sf_err sf_node_serve_transitions(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_transitions *asked = &request->transitions;
	struct track_walk walk = {
		.node = node,
		.listing = {node->directory, arena, false},
		.late = {.item_size = sizeof(struct sf_late)},
		.diag = diag,
	};
	struct sf_choice_page page = {
		.count_max = sf_listing_count(asked->count_max),
		.listing = &walk.listing,
		.late = &walk.late,
		.fold = fold_one,
		.self = &walk,
		.rows = {.item_size = sizeof(struct sf_transition_row)},
	};
	if (!sf_choice_make(node->directory, asked, &page.choice)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"no party of the directory is meant, or more than one has that name");
		return SF_OK;
	}
	struct sf_node_row_transition after = {.id = asked->after};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	bool goes_on = !sf_id_is_none(asked->after);
	if (goes_on)
		err = store->get(store->self, &sf_node_table_transition, 0, &after, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "the transition to go on from is not known");
		return SF_OK;
	}
	const struct sf_choice_row from = choice_of(&after);
	page.after = goes_on ? &from : NULL;
	if (!err)
		err = collect_late(&walk);
	if (!err)
		err = walk_transitions(&walk, &page, goes_on ? &after : NULL);
	struct sf_reply_transitions shown = {
		.row_count = page.rows.count, .rows = page.rows.items, .next = page.next};
	if (!err && asked->totals)
		err = count_totals(node, &walk.listing, &shown, diag);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply =
		(struct sf_reply){.kind = SF_REPLY_TRANSITIONS, .text = "", .transitions = shown};
	return SF_OK;
}

static bool visit_event(void *context, const void *row)
{
	struct track_walk *walk = context;
	const struct sf_node_row_event *event = row;
	if ((uint64_t)event->sequence > walk->sequence_max)
		return false;
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

/* A fold, and the time it is told for. */
struct moment {
	const struct sf_cached_transition *cached;
	int64_t changed_ms;
	int64_t at_ms;
	bool past; /* only what was known then; messages on their way are of the present */
};

static enum sf_err show_present(
	struct track_walk *walk, struct sf_id transition, struct sf_reply_transition *show)
{
	const struct sf_transition *replica = NULL;
	enum sf_err err = sf_node_replica(walk->node, transition, &replica, walk->diag);
	if (!err && replica)
		err = sf_node_list_contacts(walk->node, &walk->listing, replica, show, walk->diag);
	if (!err)
		err = sf_node_list_deliveries(walk->node, transition, walk->listing.arena,
			&show->delivery_count, &show->deliveries, walk->diag);
	for (size_t i = 0; !err && i < show->delivery_count; i++)
		show->row.late_count += show->deliveries[i].late;
	return err;
}

static enum sf_err show(struct sf_node *node, struct sf_id transition, const struct moment *moment,
	struct sf_arena *arena, struct sf_reply_transition *ret_show, struct sf_diag *diag)
{
	struct track_walk walk = {
		.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_event_row)},
		/* Of the present, events that wait for one before them are shown too. */
		.sequence_max = moment->past ? sf_transition_sequence(moment->cached->transition)
					     : UINT64_MAX,
		.diag = diag,
	};
	sf_listing_show(&walk.listing, moment->cached, moment->changed_ms, moment->at_ms, ret_show);
	enum sf_err err = list_events(&walk, transition);
	ret_show->event_count = walk.rows.count;
	ret_show->events = walk.rows.items;
	if (!err && !moment->past)
		err = show_present(&walk, transition, ret_show);
	return !err && walk.listing.full ? SF_ERR_LIMIT : err;
}

static enum sf_err show_past(struct sf_node *node, struct sf_id transition,
	const struct sf_request_transition *asked, struct sf_arena *arena, struct sf_reply *reply,
	struct sf_diag *diag)
{
	int64_t at_ms = asked->at_ms ? asked->at_ms : node->now_ms;
	uint64_t known = UINT64_MAX;
	const struct sf_directory_entry *knower = NULL;
	enum sf_err err = SF_OK;
	if (asked->known_by && asked->known_by[0]) {
		if (sf_node_find_party(node, asked->known_by, &knower)) {
			sf_reply_refuse(reply, arena, SF_ERR_NOT_FOUND,
				"the party is not in the directory, or its name is not unique");
			return SF_OK;
		}
		err = sf_past_known_sequence(node, transition, knower->party, at_ms, &known, diag);
	}
	struct sf_cached_transition past;
	if (!err)
		err = sf_node_past_open(node, transition, at_ms, known, &past, diag);
	if (err)
		return err;
	bool empty = sf_transition_sequence(past.transition) == 0;
	const struct moment moment = {
		&past, empty ? 0 : sf_transition_recorded_ms(past.transition), at_ms, true};
	struct sf_reply shown = {.kind = SF_REPLY_TRANSITION, .text = ""};
	err = show(node, transition, &moment, arena, &shown.transition, diag);
	sf_transition_close(&past.transition);
	if (knower && !sf_id_equal(knower->party, node->options.party))
		shown.text = "that party knew at least this: it is what its signed messages show";
	if (!err)
		*reply = shown;
	return err;
}

static enum sf_err find_row(struct sf_node *node, struct sf_id id,
	struct sf_node_row_transition *ret_row, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	*ret_row = (struct sf_node_row_transition){.id = id};
	enum sf_err err = sf_node_any_transition(node, id, &ret_row->id, diag);
	if (!err)
		err = store->get(store->self, &sf_node_table_transition, 0, ret_row, diag);
	/* Handed in here and not yet recorded: there is nothing but what waits in the outbox. */
	bool by_message = !sf_id_equal(ret_row->id, id) && !sf_id_is_none(ret_row->id);
	return err == SF_ERR_NOT_FOUND && by_message ? SF_OK : err;
}

enum sf_err sf_node_serve_transition(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_transition *asked = &request->transition;
	struct sf_node_row_transition row;
	enum sf_err err = find_row(node, asked->transition, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no transition and no message of this id is known here");
		return SF_OK;
	}
	if (!err && (asked->at_ms != 0 || (asked->known_by && asked->known_by[0])))
		return show_past(node, row.id, asked, arena, ret_reply, diag);
	struct sf_cached_transition *cached;
	if (!err)
		err = sf_node_transition(node, row.id, &cached, diag);
	if (err)
		return err;
	const struct moment now = {cached, row.updated_ms, node->now_ms, false};
	struct sf_reply_transition shown;
	err = show(node, row.id, &now, arena, &shown, diag);
	if (!err)
		*ret_reply = (struct sf_reply){
			.kind = SF_REPLY_TRANSITION, .text = "", .transition = shown};
	return err;
}
