/*
 * Transitions page by page, for figures: what each adds to the indicators of a period (DOMAIN
 * section 9), and what would have been due under another agreement (section 7).
 */
#include "coordinator/service.h"

#include "audit/measures.h"
#include "audit/simulate.h"
#include "coordinator/pack.h"

#define MEASURED_MAX ((size_t)256) /* transitions folded for one page */
#define SIMULATED_MAX ((size_t)64)
/* A stay is told when it has happened, by clocks that may differ; and by who is cut off, later. */
#define TOLD_EARLY_MS SF_DAY_MS
#define TOLD_LATE_MS (31 * SF_DAY_MS)

struct delivery_count;

struct page {
	struct sf_coordinator *coordinator;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	const struct sf_request *request;
	size_t folded_max;
	size_t folded;
	size_t seen;
	size_t count_max;
	bool more; /* the page ended before the transitions did */
	struct sf_id last;
	struct sf_simulation *simulation; /* NULL: measures */
	struct delivery_count *count;     /* room for one transition at a time */
	enum sf_err err;
	struct sf_diag *diag;
};

/* Of one transition: when its messages were recorded, and what was answered to them. */
struct delivery_count {
	struct sf_delivery_measures measures;
	size_t count;
	struct {
		struct sf_id message;
		int64_t recorded_ms;
	} sent[SF_TRANSITION_EVENTS_MAX];
	enum sf_err err;
};

/* After transient-error its author sends it again: that was no final answer (DOMAIN section 8). */
static void count_answer(
	struct delivery_count *count, const struct sf_event_row *said, int64_t recorded_ms)
{
	if (said->ack == SF_ACK_TRANSIENT_ERROR)
		return;
	for (size_t i = 0; i < count->count; i++) {
		if (!sf_id_equal(count->sent[i].message, said->in_reply_to))
			continue;
		count->measures.acknowledged_count++;
		count->measures.acknowledged_total_ms += recorded_ms - count->sent[i].recorded_ms;
		break;
	}
	count->measures.fatal_count += said->ack == SF_ACK_FATAL_ERROR;
}

static bool count_event(void *context, const void *row)
{
	struct delivery_count *count = context;
	const struct sf_row_event *event = row;
	struct sf_event_row said = {.kind = 0};
	if (event->outcome == SF_OUTCOME_REFUSED)
		return true;
	if (event->kind_class == SF_CLASS_RESEND) {
		count->measures.resend_count++;
	} else if (event->kind_class == SF_CLASS_FACT && count->count < SF_COUNT(count->sent)) {
		count->measures.message_count++;
		count->sent[count->count].message = event->message_id;
		count->sent[count->count++].recorded_ms = event->recorded_ms;
	} else if (event->kind_class == SF_CLASS_ACKNOWLEDGEMENT) {
		if (sf_listing_cover(event->cover, &said))
			count->err = SF_ERR_CORRUPT;
		else
			count_answer(count, &said, event->recorded_ms);
	}
	return !count->err;
}

static enum sf_err scan_events(
	struct page *page, struct sf_id transition, sf_row_visitor *visitor, void *context)
{
	const struct sf_row_event key = {.transition = transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &page->coordinator->ports.store;
	return store->scan(store->self, &scan, visitor, context, page->diag);
}

static enum sf_err measure(struct page *page, const struct sf_transition *transition)
{
	const struct sf_request_measures *asked = &page->request->measures;
	int64_t period_ms = sf_indicator_period_ms(transition);
	if (period_ms < asked->from_ms || period_ms >= asked->to_ms)
		return SF_OK;
	struct delivery_count *count = page->count;
	count->count = 0;
	count->measures = (struct sf_delivery_measures){0};
	enum sf_err err = scan_events(page, sf_transition_id(transition), count_event, count);
	if (!err)
		err = count->err;
	if (!err)
		sf_measures_list(&page->listing, transition, &count->measures, asked->from_ms,
			asked->to_ms, &page->rows);
	return err;
}

struct other_fold {
	struct page *page;
	enum sf_err err;
};

static bool step_other(void *context, const void *row)
{
	struct other_fold *fold = context;
	const struct sf_row_event *event = row;
	const struct sf_recorded recorded = sf_row_recorded(event);
	fold->err = sf_simulation_step_cover(
		fold->page->simulation, event->cover, &recorded, fold->page->diag);
	return !fold->err;
}

static enum sf_err simulate(struct page *page, const struct sf_transition *transition)
{
	struct sf_coordinator *coordinator = page->coordinator;
	bool begun = false;
	enum sf_err err = sf_simulation_begin(
		page->simulation, transition, sf_book_view(coordinator->book), &begun);
	if (err || !begun)
		return err;
	struct other_fold fold = {page, SF_OK};
	err = scan_events(page, sf_transition_id(transition), step_other, &fold);
	if (!err)
		err = fold.err;
	return err ? err
		   : sf_simulation_compare(page->simulation, transition, coordinator->recorded_ms,
			     &page->listing, &page->rows);
}

/*
 * A discharge is neither before the opening nor behind the newest event: but it is when the patient
 * left, and these are when it was recorded here. A node that was cut off tells of it afterwards.
 */
static bool may_belong(const struct page *page, const struct sf_row_transition *row)
{
	const struct sf_request_measures *asked = &page->request->measures;
	return page->simulation || (row->updated_ms + TOLD_EARLY_MS >= asked->from_ms &&
					   row->opened_ms - TOLD_LATE_MS < asked->to_ms);
}

static bool visit(void *context, const void *row)
{
	struct page *page = context;
	const struct sf_row_transition *found = row;
	page->more = page->folded == page->folded_max || page->rows.count >= page->count_max ||
		     page->seen++ == SF_LISTING_WALK_MAX;
	if (page->more)
		return false;
	page->last = found->id;
	if (!may_belong(page, found))
		return true;
	struct sf_cached_transition *cached;
	page->folded++;
	page->err = sf_coordinator_transition(page->coordinator, found->id, &cached, page->diag);
	if (!page->err)
		page->err = page->simulation ? simulate(page, cached->transition)
					     : measure(page, cached->transition);
	return !page->err && !page->listing.full;
}

static enum sf_err walk(struct page *page, struct sf_id after)
{
	const struct sf_row_transition key = {.id = after};
	const struct sf_scan scan = {
		.table = &sf_table_transition, .from = &key, .bounded = true, .exclusive = true};
	const struct sf_store *store = &page->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit, page, page->diag);
	if (err || page->err)
		return err ? err : page->err;
	return page->listing.full ? SF_ERR_LIMIT : SF_OK;
}

enum sf_err sf_coordinator_serve_measures(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct page page = {.coordinator = coordinator,
		.listing = {coordinator->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_transition_measure_row)},
		.request = request,
		.folded_max = MEASURED_MAX,
		.count_max = sf_listing_count(request->measures.count_max),
		.count = sf_arena_take(&coordinator->arena, sizeof(struct delivery_count)),
		.diag = diag};
	enum sf_err err = page.count ? walk(&page, request->measures.after) : SF_ERR_LIMIT;
	if (!err)
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_MEASURES,
			.text = "",
			.measures = {page.more ? page.last : (struct sf_id){{0}}, page.rows.count,
				page.rows.items}};
	return err;
}

enum sf_err sf_coordinator_serve_simulate(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_simulate *asked = &request->simulate;
	struct page page = {.coordinator = coordinator,
		.listing = {coordinator->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_simulated_row)},
		.request = request,
		.folded_max = SIMULATED_MAX,
		.count_max = sf_listing_count(asked->count_max),
		.diag = diag};
	struct sf_agreement *agreement = sf_arena_take(arena, sizeof(*agreement));
	if (!agreement)
		return SF_ERR_LIMIT;
	enum sf_err err = sf_simulation_read(
		asked->agreement, &coordinator->ports.crypto, &coordinator->ports.env, agreement);
	if (err) {
		sf_reply_refuse(ret_reply, arena, err,
			err == SF_ERR_UNSUPPORTED
				? "the time zone of the agreement is not known on this machine"
				: "this is not the signed form of an agreement");
		return SF_OK;
	}
	err = sf_simulation_open(agreement, &page.simulation);
	if (!err)
		err = walk(&page, asked->after);
	sf_simulation_close(&page.simulation);
	if (!err)
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_SIMULATED,
			.text = "",
			.simulated = {page.more ? page.last : (struct sf_id){{0}},
				(uint32_t)page.folded, page.rows.count, page.rows.items}};
	return err;
}
