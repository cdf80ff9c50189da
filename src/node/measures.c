/*
 * What the transitions of this party add to the indicators, and what another agreement would have
 * asked of them; page by page, so that no turn is held up.
 */
#include "node/service.h"
#include "node/state.h"

#include "audit/measures.h"
#include "audit/simulate.h"

#define PAGE_WALK_MAX ((size_t)256) /* transitions that one page looks at */

struct page {
	struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	size_t count_max;
	size_t seen;
	struct sf_id last; /* looked at */
	bool more;
	const struct sf_request *request;
	struct sf_simulation *simulation; /* owned */
	enum sf_err err;
	struct sf_diag *diag;
};

static void count_delivery(const struct sf_delivery_row *row, struct sf_delivery_measures *counted)
{
	counted->message_count++;
	counted->resend_count += row->attempts > 1 ? row->attempts - 1 : 0;
	counted->fatal_count += row->state == SF_DELIVERY_FATAL_ERROR;
	if (row->state == SF_DELIVERY_OK) {
		counted->acknowledged_count++;
		counted->acknowledged_total_ms += row->since_ms - row->queued_ms;
	}
}

static enum sf_err measure(struct page *page, const struct sf_transition *transition)
{
	const struct sf_request_measures *asked = &page->request->measures;
	struct sf_delivery_measures counted = {0};
	size_t count;
	const struct sf_delivery_row *rows;
	enum sf_err err = sf_node_list_deliveries(page->node, sf_transition_id(transition),
		page->listing.arena, &count, &rows, page->diag);
	for (size_t i = 0; !err && i < count; i++)
		if (!sf_id_is_none(rows[i].recipient))
			count_delivery(&rows[i], &counted);
	if (!err)
		sf_measures_list(&page->listing, transition, &counted, asked->from_ms, asked->to_ms,
			&page->rows);
	return err;
}

struct simulating {
	struct page *page;
	enum sf_err err;
};

static bool simulate_event(void *context, const void *row)
{
	struct simulating *simulating = context;
	struct page *page = simulating->page;
	const struct sf_node_row_event *kept = row;
	if (sf_digest_is_none(&kept->head))
		return false; /* earlier ones are missing */
	const struct sf_directory_entry *author =
		sf_directory_party(page->node->directory, kept->author);
	const struct sf_recorded recorded = {(enum sf_kind_class)kept->kind_class,
		(enum sf_outcome)kept->outcome, (uint16_t)kept->code, (uint64_t)kept->sequence,
		kept->recorded_ms, author ? author->role : SF_ROLE_NONE};
	simulating->err =
		sf_simulation_step_cover(page->simulation, kept->cover, &recorded, page->diag);
	return !simulating->err;
}

static enum sf_err simulate(struct page *page, const struct sf_transition *transition)
{
	bool begun;
	enum sf_err err = sf_simulation_begin(
		page->simulation, transition, sf_book_view(page->node->book), &begun);
	if (err || !begun)
		return err;
	struct simulating simulating = {page, SF_OK};
	const struct sf_node_row_event key = {.transition = sf_transition_id(transition)};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(page->node);
	err = store->scan(store->self, &scan, simulate_event, &simulating, page->diag);
	if (!err)
		err = simulating.err;
	return err ? err
		   : sf_simulation_compare(page->simulation, transition,
			     sf_node_as_of_ms(page->node), &page->listing, &page->rows);
}

static bool visit_transition(void *context, const void *row)
{
	struct page *page = context;
	const struct sf_node_row_transition *found = row;
	page->more = page->seen == PAGE_WALK_MAX || page->rows.count >= page->count_max;
	if (page->more)
		return false;
	page->seen++;
	page->last = found->id;
	struct sf_cached_transition *cached;
	page->err = sf_node_transition(page->node, page->last, &cached, page->diag);
	if (!page->err)
		page->err = page->request->kind == SF_REQUEST_MEASURES
				    ? measure(page, cached->transition)
				    : simulate(page, cached->transition);
	return !page->err && !page->listing.full;
}

/* In order of id; ret_last is none when there is no more. */
static enum sf_err walk(struct page *page, struct sf_id after, struct sf_id *ret_last)
{
	const struct sf_node_row_transition key = {.id = after};
	const struct sf_scan scan = {.table = &sf_node_table_transition,
		.from = &key,
		.bounded = !sf_id_is_none(after),
		.exclusive = !sf_id_is_none(after)};
	const struct sf_store *store = sf_node_store(page->node);
	enum sf_err err = store->scan(store->self, &scan, visit_transition, page, page->diag);
	if (!err)
		err = page->err;
	if (!err && page->listing.full)
		err = SF_ERR_LIMIT;
	*ret_last = page->more ? page->last : (struct sf_id){{0}};
	return err;
}

static struct page start(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, size_t item_size, uint32_t count_max, struct sf_diag *diag)
{
	return (struct page){
		.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = item_size},
		.count_max = sf_listing_count(count_max),
		.request = request,
		.diag = diag,
	};
}

enum sf_err sf_node_serve_measures(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct page page = start(node, request, arena, sizeof(struct sf_transition_measure_row),
		request->measures.count_max, diag);
	struct sf_reply reply = {.kind = SF_REPLY_MEASURES, .text = ""};
	enum sf_err err = walk(&page, request->measures.after, &reply.measures.last);
	if (err)
		return err;
	reply.measures.row_count = page.rows.count;
	reply.measures.rows = page.rows.items;
	*ret_reply = reply;
	return SF_OK;
}

enum sf_err sf_node_serve_simulate(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct page page = start(node, request, arena, sizeof(struct sf_simulated_row),
		request->simulate.count_max, diag);
	struct sf_agreement *scratch = sf_arena_take(arena, sizeof(*scratch));
	if (!scratch)
		return SF_ERR_LIMIT;
	enum sf_err err = sf_simulation_read(
		request->simulate.agreement, &node->ports.crypto, &node->ports.env, scratch);
	if (err) {
		sf_reply_refuse(ret_reply, arena, err,
			err == SF_ERR_UNSUPPORTED
				? "the time zone of the agreement is not known on this machine"
				: "this is not the signed form of an agreement");
		return SF_OK;
	}
	err = sf_simulation_open(scratch, &page.simulation);
	struct sf_reply reply = {.kind = SF_REPLY_SIMULATED, .text = ""};
	if (!err)
		err = walk(&page, request->simulate.after, &reply.simulated.last);
	sf_simulation_close(&page.simulation);
	if (err)
		return err;
	reply.simulated.transition_count = (uint32_t)page.seen;
	reply.simulated.row_count = page.rows.count;
	reply.simulated.rows = page.rows.items;
	*ret_reply = reply;
	return SF_OK;
}
