/* Nodes as an operator sees them: who is connected, what runs there, what waits for whom. */
#include "coordinator/service.h"

/* What stands in a hello is a stranger's: anything but a short word of plain letters is left out.
 */
static struct sf_view software_of(const struct sf_hello *hello)
{
	struct sf_view text = sf_view_text(hello->software);
	bool plain = text.size <= SF_SOFTWARE_SIZE_MAX;
	for (size_t i = 0; plain && i < text.size; i++)
		plain = text.data[i] >= 0x20 && text.data[i] < 0x7f;
	return plain ? text : sf_view_of(NULL, 0);
}

enum sf_err sf_coordinator_know_node(struct sf_coordinator *coordinator,
	struct sf_party_state *party, const struct sf_hello *hello, struct sf_diag *diag)
{
	party->row.seen_ms = party->frame_ms = coordinator->recorded_ms;
	party->dirty = true;
	const struct sf_row_node row = {.party = party->row.party,
		.software = software_of(hello),
		.hello_ms = coordinator->recorded_ms};
	const struct sf_store *store = &coordinator->ports.store;
	return store->replace(store->self, &sf_table_node, &row, diag);
}

struct waiting {
	struct sf_id recipient;
	uint32_t count;
	int64_t since_ms;
};

struct waiting_walk {
	struct sf_listing *listing;
	struct sf_listing_rows rows; /* struct waiting */
};

/* Oldest first, so that the first of a recipient says since when. */
static bool visit_delivery(void *context, const void *row)
{
	struct waiting_walk *walk = context;
	const struct sf_row_delivery *delivery = row;
	if (delivery->state != SF_DELIVERY_QUEUED && delivery->state != SF_DELIVERY_SENT)
		return true;
	struct waiting *place = walk->rows.items;
	size_t i = 0;
	while (i < walk->rows.count && !sf_id_equal(place[i].recipient, delivery->recipient))
		i++;
	place = i < walk->rows.count ? &place[i] : sf_listing_add(walk->listing, &walk->rows);
	if (place && place->count == 0)
		*place = (struct waiting){delivery->recipient, 0, delivery->open};
	if (place)
		place->count++;
	return place;
}

static enum sf_err collect_waiting(
	struct sf_coordinator *coordinator, struct waiting_walk *walk, struct sf_diag *diag)
{
	const struct sf_scan scan = {.table = &sf_table_delivery,
		.index = SF_DELIVERY_OPEN,
		.count_max = SF_LISTING_WALK_MAX};
	const struct sf_store *store = &coordinator->ports.store;
	return store->scan(store->self, &scan, visit_delivery, walk, diag);
}

/* What the store knows of one party, and memory since this coordinator started. */
static enum sf_err fill(struct sf_coordinator *coordinator, const struct waiting_walk *walk,
	struct sf_directory_row *row, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_party_state *state = sf_parties_find(&coordinator->parties, row->party);
	struct sf_row_party party = {.party = row->party};
	struct sf_row_node node = {.party = row->party};
	enum sf_err err = store->get(store->self, &sf_table_party, 0, &party, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	row->seen_ms = err ? 0 : party.seen_ms;
	row->connected = state && state->route != 0;
	if (state && state->row.seen_ms > row->seen_ms)
		row->seen_ms = state->row.seen_ms;
	if (row->connected)
		row->seen_ms = coordinator->recorded_ms;
	err = store->get(store->self, &sf_table_node, 0, &node, diag);
	if (!err && node.hello_ms > row->seen_ms)
		row->seen_ms = node.hello_ms;
	/* What get gives lives until the next call of the store. */
	if (!err) {
		row->software = sf_arena_text(walk->listing->arena, node.software);
		walk->listing->full |= !row->software;
	}
	const struct waiting *waiting = walk->rows.items;
	for (size_t i = 0; i < walk->rows.count; i++) {
		if (!sf_id_equal(waiting[i].recipient, row->party))
			continue;
		row->waiting_count = waiting[i].count;
		row->waiting_since_ms = waiting[i].since_ms;
	}
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_coordinator_serve_directory(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct waiting_walk walk = {&listing, {.item_size = sizeof(struct waiting)}};
	struct sf_reply reply = {.kind = SF_REPLY_DIRECTORY, .text = ""};
	const struct sf_env *env = &coordinator->ports.env;
	enum sf_err err = sf_listing_directory(&listing, request->directory.party,
		env->zone(env->self, SF_CONTACT_ZONE), coordinator->recorded_ms, &reply.directory);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no party of the directory is meant, or more than one has that name");
		return SF_OK;
	}
	if (!err)
		err = collect_waiting(coordinator, &walk, diag);
	for (size_t i = 0; !err && i < reply.directory.row_count; i++)
		err = fill(coordinator, &walk, (struct sf_directory_row *)&reply.directory.rows[i],
			diag);
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}
