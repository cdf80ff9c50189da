/* Transitions of the region as the coordinator has recorded them. */
#include "audit/choice.h"
#include "coordinator/service.h"

struct track_walk {
	struct sf_coordinator *coordinator;
	struct sf_listing listing;
	struct sf_listing_rows rows;       /* struct sf_event_row */
	struct sf_listing_rows late;       /* struct sf_late */
	struct sf_listing_rows deliveries; /* struct sf_delivery_row */
	size_t seen;
	uint64_t until_sequence; /* events that are shown */
	bool as_of;              /* deliveries are known as they are, not as they were */
	enum sf_err err;
	struct sf_diag *diag;
};

/* The open index is oldest first, so those late by time come before all others. */
static bool visit_late(void *context, const void *row)
{
	struct track_walk *walk = context;
	const struct sf_row_delivery *delivery = row;
	if (!sf_delivery_is_late((enum sf_delivery_state)delivery->state, delivery->open,
		    walk->coordinator->recorded_ms))
		return ++walk->seen < SF_LISTING_WALK_MAX;
	sf_listing_late(&walk->listing, &walk->late, delivery->transition);
	return !walk->listing.full && ++walk->seen < SF_LISTING_WALK_MAX &&
	       walk->late.count < SF_LOCAL_ROWS_MAX;
}

static enum sf_err collect_late(struct track_walk *walk)
{
	const struct sf_scan scan = {.table = &sf_table_delivery, .index = SF_DELIVERY_OPEN};
	const struct sf_store *store = &walk->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_late, walk, walk->diag);
	return err ? err : walk->err;
}

static enum sf_err fold_one(
	void *self, struct sf_id transition, struct sf_cached_transition **ret_cached)
{
	struct track_walk *walk = self;
	return sf_coordinator_transition(walk->coordinator, transition, ret_cached, walk->diag);
}

static struct sf_choice_row choice_of(const struct sf_row_transition *row)
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
static enum sf_err walk_transitions(
	struct track_walk *walk, struct sf_choice_page *page, const struct sf_row_transition *after)
{
	const struct sf_scan scan = {.table = &sf_table_transition,
		.index = SF_TRANSITION_BY_UPDATED,
		.from = after,
		.bounded = after != NULL,
		.descending = true};
	const struct sf_store *store = &walk->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_transition, page, walk->diag);
	return err ? err : page->err;
}

static bool visit_total(void *context, const void *row)
{
	const struct sf_row_transition *found = row;
	return sf_choice_count(context, (enum sf_transition_state)found->state);
}

static enum sf_err count_totals(struct sf_coordinator *coordinator, struct sf_listing *listing,
	struct sf_reply_transitions *reply, struct sf_diag *diag)
{
	struct sf_choice_totals totals = {.seen = 0};
	const struct sf_scan scan = {.table = &sf_table_transition};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_total, &totals, diag);
	if (!err)
		sf_choice_tell(listing, &totals, reply);
	return err;
}

enum sf_err sf_coordinator_serve_transitions(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_transitions *asked = &request->transitions;
	struct track_walk walk = {
		.coordinator = coordinator,
		.listing = {coordinator->directory, arena, false},
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
	if (!sf_choice_make(coordinator->directory, asked, &page.choice)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"no party of the directory is meant, or more than one has that name");
		return SF_OK;
	}
	struct sf_row_transition after = {.id = asked->after};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = SF_OK;
	bool goes_on = !sf_id_is_none(asked->after);
	if (goes_on)
		err = store->get(store->self, &sf_table_transition, 0, &after, diag);
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
		err = count_totals(coordinator, &walk.listing, &shown, diag);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply =
		(struct sf_reply){.kind = SF_REPLY_TRANSITIONS, .text = "", .transitions = shown};
	return SF_OK;
}

static bool visit_event(void *context, const void *row)
{
	struct track_walk *walk = context;
	const struct sf_row_event *event = row;
	if ((uint64_t)event->sequence > walk->until_sequence)
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
	bool first = event->kind_class == SF_CLASS_FACT;
	struct sf_id author = event->author, message = event->message_id;
	if (sf_listing_cover(event->cover, place))
		walk->err = SF_ERR_CORRUPT;
	else if (first && !walk->as_of)
		walk->err = sf_coordinator_list_deliveries(walk->coordinator, &walk->listing,
			&walk->deliveries, author, message, walk->diag);
	return !walk->err;
}

static enum sf_err show_events(
	struct track_walk *walk, struct sf_id transition, struct sf_reply_transition *show)
{
	const struct sf_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &walk->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_event, walk, walk->diag);
	show->event_count = walk->rows.count;
	show->events = walk->rows.items;
	show->delivery_count = walk->deliveries.count;
	show->deliveries = walk->deliveries.items;
	for (size_t i = 0; i < show->delivery_count; i++)
		show->row.late_count += show->deliveries[i].late;
	if (err || walk->err)
		return err ? err : walk->err;
	return walk->listing.full ? SF_ERR_LIMIT : SF_OK;
}

/* What is asked for: when, and by whom it was known. */
struct view_point {
	int64_t at_ms;
	bool as_of;         /* not now, or not everything */
	struct sf_id party; /* none: what is known here */
};

static enum sf_err show(struct sf_coordinator *coordinator, struct sf_id id,
	const struct view_point *point, struct sf_arena *arena,
	struct sf_reply_transition *ret_show, struct sf_diag *diag)
{
	struct track_walk walk = {
		.coordinator = coordinator,
		.listing = {coordinator->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_event_row)},
		.deliveries = {.item_size = sizeof(struct sf_delivery_row)},
		.until_sequence = UINT64_MAX,
		.as_of = point->as_of,
		.diag = diag,
	};
	struct sf_cached_transition folded, *cached = &folded;
	enum sf_err err = SF_OK;
	if (!sf_id_is_none(point->party))
		err = sf_coordinator_known_sequence(
			coordinator, id, point->party, point->at_ms, &walk.until_sequence, diag);
	if (!err)
		err = point->as_of ? sf_coordinator_fold(coordinator, id, point->at_ms,
					     walk.until_sequence, &folded, diag)
				   : sf_coordinator_transition(coordinator, id, &cached, diag);
	if (err)
		return err;
	sf_listing_show(&walk.listing, cached, cached->updated_ms, point->at_ms, ret_show);
	const struct sf_env *env = &coordinator->ports.env;
	sf_listing_contact_hours(&walk.listing, env->zone(env->self, SF_CONTACT_ZONE),
		coordinator->recorded_ms, (struct sf_contact_row *)ret_show->contacts,
		ret_show->contact_count);
	walk.until_sequence = sf_transition_sequence(cached->transition);
	ret_show->as_of_ms = point->at_ms;
	ret_show->known_sequence = walk.until_sequence;
	if (point->as_of)
		sf_transition_close(&folded.transition);
	return show_events(&walk, id, ret_show);
}

/* Messages are named by author and id, so each party is asked whether it is the author. */
enum sf_err sf_coordinator_find_message(struct sf_coordinator *coordinator, struct sf_id message,
	struct sf_row_message *ret_message, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	for (size_t i = 0; i < sf_directory_count(coordinator->directory); i++) {
		struct sf_row_message row = {
			.author = sf_directory_at(coordinator->directory, i)->party,
			.message_id = message};
		enum sf_err err = store->get(store->self, &sf_table_message, 0, &row, diag);
		if (!err)
			*ret_message = row;
		if (err != SF_ERR_NOT_FOUND)
			return err;
	}
	return SF_ERR_NOT_FOUND;
}

enum sf_err sf_coordinator_find_transition(struct sf_coordinator *coordinator, struct sf_id asked,
	struct sf_id *ret_transition, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_transition row = {.id = asked};
	enum sf_err err = store->get(store->self, &sf_table_transition, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		struct sf_row_message message;
		err = sf_coordinator_find_message(coordinator, asked, &message, diag);
		if (!err)
			row.id = message.transition;
		if (!err)
			err = store->get(store->self, &sf_table_transition, 0, &row, diag);
	}
	*ret_transition = row.id;
	return err;
}

enum sf_err sf_coordinator_serve_transition(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_transition *asked = &request->transition;
	bool by_party = asked->known_by && asked->known_by[0];
	const struct sf_directory_entry *party =
		by_party ? sf_listing_party(coordinator->directory, asked->known_by) : NULL;
	if (by_party && !party) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"no party of the directory is meant, or more than one has that name");
		return SF_OK;
	}
	int64_t now_ms = coordinator->recorded_ms;
	struct view_point point = {.at_ms = asked->at_ms > 0 ? asked->at_ms : now_ms,
		.as_of = by_party || (asked->at_ms > 0 && asked->at_ms < now_ms)};
	if (party)
		point.party = party->party;
	struct sf_id id;
	enum sf_err err = sf_coordinator_find_transition(coordinator, asked->transition, &id, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no transition and no message of this id is recorded here");
		return SF_OK;
	}
	struct sf_reply_transition shown;
	if (!err)
		err = show(coordinator, id, &point, arena, &shown, diag);
	if (!err)
		*ret_reply = (struct sf_reply){
			.kind = SF_REPLY_TRANSITION, .text = "", .transition = shown};
	return err;
}
