/*
 * What is owed in the transitions of this party, page by page, for systems that keep their own list
 * of tasks. The order is that of transitions and, within one, that of raising, which nothing
 * changes: a page goes on exactly behind the one before.
 */
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"

#define PAGE_WALK_MAX ((size_t)256) /* transitions that one page looks at */

struct page {
	struct sf_node *node;
	const struct sf_request_obligations *asked;
	struct sf_id owner; /* none: anybody */
	struct sf_listing listing;
	struct sf_listing_rows rows;
	size_t count_max;
	size_t seen;
	bool more;
	struct sf_id last;
	uint32_t last_number;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool is_asked_for(const struct page *page, const struct sf_obligation_row *row)
{
	const struct sf_request_obligations *asked = page->asked;
	uint32_t states = (uint32_t)1 << row->state | (uint32_t)1 << row->kept;
	bool state = asked->states == 0 || (asked->states & states) != 0;
	bool owner = sf_id_is_none(page->owner) || sf_id_equal(page->owner, row->owner);
	bool subject = sf_id_is_none(asked->subject) || sf_id_equal(asked->subject, row->subject);
	return state && owner && subject && row->changed_ms >= asked->since_ms;
}

/* True when there is room for what comes after. */
static bool list_transition(struct page *page, const struct sf_transition *transition)
{
	struct sf_id id = sf_transition_id(transition);
	size_t count;
	const struct sf_obligation *items = sf_transition_obligations(transition, &count);
	size_t first = sf_id_equal(id, page->asked->after) ? page->asked->after_number : 0;
	for (size_t i = first; i < count; i++) {
		struct sf_obligation_row row;
		sf_listing_obligation(&page->listing, transition, &items[i], &row);
		if (is_asked_for(page, &row)) {
			page->more = page->rows.count == page->count_max;
			struct sf_obligation_row *place =
				page->more ? NULL : sf_listing_add(&page->listing, &page->rows);
			if (!place)
				return false;
			*place = row;
		}
		page->last = id;
		page->last_number = (uint32_t)(i + 1);
	}
	return true;
}

static bool visit_transition(void *context, const void *row)
{
	struct page *page = context;
	const struct sf_node_row_transition *found = row;
	page->more = page->seen++ == PAGE_WALK_MAX;
	if (page->more)
		return false;
	struct sf_id id = found->id;
	struct sf_cached_transition *cached;
	page->err = sf_node_transition(page->node, id, &cached, page->diag);
	if (page->err || !list_transition(page, cached->transition))
		return false;
	/* Behind its last one also when it has none. */
	if (!sf_id_equal(page->last, id)) {
		page->last = id;
		page->last_number = UINT32_MAX;
	}
	return true;
}

/* From the transition of the page before on, which may have more. */
static enum sf_err walk_all(struct page *page)
{
	const struct sf_node_row_transition key = {.id = page->asked->after};
	const struct sf_scan scan = {.table = &sf_node_table_transition,
		.from = &key,
		.bounded = !sf_id_is_none(page->asked->after)};
	const struct sf_store *store = sf_node_store(page->node);
	enum sf_err err = store->scan(store->self, &scan, visit_transition, page, page->diag);
	return err ? err : page->err;
}

static enum sf_err walk_one(struct page *page, struct sf_id named)
{
	struct sf_id id;
	const struct sf_transition *transition = NULL;
	enum sf_err err = sf_node_any_transition(page->node, named, &id, page->diag);
	if (!err)
		err = sf_node_replica(page->node, id, &transition, page->diag);
	if (!err && !transition)
		err = SF_ERR_NOT_FOUND;
	if (!err)
		(void)list_transition(page, transition);
	return err;
}

enum sf_err sf_node_serve_obligations(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_obligations *asked = &request->obligations;
	const struct sf_directory_entry *owner = NULL;
	if (asked->owner && asked->owner[0] && sf_node_find_party(node, asked->owner, &owner)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"the owner is not in the directory, or its name is not unique");
		return SF_OK;
	}
	struct page page = {
		.node = node,
		.asked = asked,
		.owner = owner ? owner->party : (struct sf_id){{0}},
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_obligation_row)},
		.count_max = sf_listing_count(asked->count_max),
		.diag = diag,
	};
	enum sf_err err = sf_id_is_none(asked->transition) ? walk_all(&page)
							   : walk_one(&page, asked->transition);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no transition and no message of this id is known here");
		return SF_OK;
	}
	if (err || page.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_OBLIGATIONS,
		.text = "",
		.obligations = {page.more ? page.last : (struct sf_id){{0}}, page.last_number,
			page.rows.count, page.rows.items}};
	return SF_OK;
}
