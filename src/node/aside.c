#include "node/aside.h"

#include <string.h>

#include "audit/listing.h"

#define TAKEN_MAX ((size_t)256) /* sent again, or forgotten, with one transaction's scan */

static bool is_of(const struct sf_node_row_aside *row, const char *channel)
{
	return !channel[0] || sf_view_equal(row->channel, sf_view_text(channel));
}

struct counting {
	const char *channel;
	uint64_t count;
};

static bool count_aside(void *context, const void *row)
{
	struct counting *counting = context;
	const struct sf_node_row_aside *aside = row;
	counting->count += aside->aside && is_of(aside, counting->channel);
	return true;
}

enum sf_err sf_node_aside_count(
	struct sf_node *node, const char *channel, uint64_t *ret_count, struct sf_diag *diag)
{
	struct counting counting = {.channel = channel};
	const struct sf_scan all = {
		.table = &sf_node_table_aside, .count_max = SF_NODE_ASIDE_MAX + 1};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &all, count_aside, &counting, diag);
	if (!err)
		*ret_count = counting.count;
	return err;
}

struct piling {
	struct sf_node_aside_pile *piles;
	size_t count;
};

static bool add_to_pile(void *context, const void *row)
{
	struct piling *piling = context;
	const struct sf_node_row_aside *aside = row;
	size_t i = 0;
	if (!aside->aside || aside->channel.size > SF_CHANNEL_NAME_MAX)
		return true;
	while (i < piling->count && !is_of(aside, piling->piles[i].channel))
		i++;
	if (i == SF_NODE_CHANNELS_MAX)
		return true;
	struct sf_node_aside_pile *pile = &piling->piles[i];
	if (i == piling->count) {
		*pile = (struct sf_node_aside_pile){.since_ms = aside->at_ms};
		memcpy(pile->channel, aside->channel.data, aside->channel.size);
		piling->count++;
	}
	pile->count++;
	pile->since_ms = aside->at_ms < pile->since_ms ? aside->at_ms : pile->since_ms;
	return true;
}

enum sf_err sf_node_aside_piles(struct sf_node *node,
	struct sf_node_aside_pile ret_piles[SF_NODE_CHANNELS_MAX], size_t *ret_count,
	struct sf_diag *diag)
{
	struct piling piling = {.piles = ret_piles};
	const struct sf_scan all = {
		.table = &sf_node_table_aside, .count_max = SF_NODE_ASIDE_MAX + 1};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &all, add_to_pile, &piling, diag);
	if (!err)
		*ret_count = piling.count;
	return err;
}

/* What is known of it by now; SF_ERR_NOT_FOUND: the row is nothing that this channel brings. */
static enum sf_err read_refused(struct sf_node *node, const struct sf_node_channel *channel,
	uint64_t cursor, struct sf_node_row_aside *ret_row, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_feed row = {.cursor = (int64_t)cursor};
	enum sf_err err = store->get(store->self, &sf_node_table_feed, 0, &row, diag);
	if (err)
		return err;
	if (!sf_node_channel_wants(node, channel, &row))
		return SF_ERR_NOT_FOUND;
	struct sf_node_row_aside known = {.cursor = row.cursor};
	err = store->get(store->self, &sf_node_table_aside, 0, &known, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	*ret_row = (struct sf_node_row_aside){.cursor = row.cursor,
		.channel = sf_view_text(channel->name),
		.message_id = row.message,
		.transition = row.transition,
		.party = row.party,
		.ack = row.ack,
		.code = row.code,
		.refusals = err ? 0 : known.refusals,
		.at_ms = node->now_ms};
	return SF_OK;
}

enum sf_err sf_node_aside_refused(struct sf_node *node, struct sf_node_channel *channel,
	const struct sf_request_handout *asked, struct sf_diag *diag)
{
	/* Events are alike to who takes them: one that is refused says nothing of itself alone.
	 * And one that was taken by now was not refused for good. */
	if (asked->refused == 0 || asked->tried <= channel->cursor || asked->done >= asked->tried ||
		!sf_node_channel_responds(channel))
		return SF_OK;
	struct sf_node_row_aside row;
	uint64_t count = 0;
	enum sf_err err = read_refused(node, channel, asked->tried, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	row.refusals += asked->refused;
	if (row.refusals >= SF_NODE_ASIDE_REFUSALS)
		err = sf_node_aside_count(node, "", &count, diag);
	if (!err && row.refusals >= SF_NODE_ASIDE_REFUSALS && count < SF_NODE_ASIDE_MAX) {
		row.aside = 1;
		channel->cursor = asked->tried;
		channel->received++;
		channel->dirty = true;
		/* The channel looks for the next, and must not wait for it with this one in hand.
		 */
		sf_node_channels_wake(node);
		/* Nobody asks for it: who keeps the node running is told that there is work. */
		sf_node_tell_ids(
			node, SF_FEED_TROUBLE, row.message_id, node->options.party, row.party);
	}
	const struct sf_store *store = sf_node_store(node);
	return err ? err : store->replace(store->self, &sf_node_table_aside, &row, diag);
}

static enum sf_err remove_row(struct sf_node *node, int64_t cursor, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_node_row_aside key = {.cursor = cursor};
	enum sf_err err = store->remove(store->self, &sf_node_table_aside, &key, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_aside_taken(struct sf_node *node, uint64_t cursor, struct sf_diag *diag)
{
	return remove_row(node, (int64_t)cursor, diag);
}

/* Rows of a channel, some at a time; their views go with the scan and are not kept. */
struct taking {
	const char *channel;
	struct sf_id message; /* none: all */
	bool only_aside;
	size_t count;
	struct sf_node_row_aside rows[TAKEN_MAX];
};

static bool take(void *context, const void *row)
{
	struct taking *taking = context;
	const struct sf_node_row_aside *aside = row;
	if (!is_of(aside, taking->channel) || (taking->only_aside && !aside->aside) ||
		(!sf_id_is_none(taking->message) &&
			!sf_id_equal(taking->message, aside->message_id)))
		return true;
	taking->rows[taking->count++] = *aside;
	return taking->count < TAKEN_MAX;
}

static enum sf_err take_some(struct sf_node *node, struct taking *taking, struct sf_diag *diag)
{
	const struct sf_scan all = {.table = &sf_node_table_aside};
	const struct sf_store *store = sf_node_store(node);
	taking->count = 0;
	return store->scan(store->self, &all, take, taking, diag);
}

enum sf_err sf_node_aside_forget(struct sf_node *node, const char *channel, struct sf_diag *diag)
{
	struct taking taking = {.channel = channel};
	enum sf_err err;
	do {
		err = take_some(node, &taking, diag);
		for (size_t i = 0; i < taking.count && !err; i++)
			err = remove_row(node, taking.rows[i].cursor, diag);
	} while (!err && taking.count == TAKEN_MAX);
	return err;
}

struct listing {
	struct sf_listing listing;
	struct sf_listing_rows rows;
	const char *channel;
	size_t count_max;
};

static bool list(void *context, const void *row)
{
	struct listing *listing = context;
	const struct sf_node_row_aside *aside = row;
	if (!aside->aside || !is_of(aside, listing->channel))
		return true;
	struct sf_aside_row *listed = sf_listing_add(&listing->listing, &listing->rows);
	if (!listed)
		return false;
	*listed = (struct sf_aside_row){
		.cursor = (uint64_t)aside->cursor,
		.channel = sf_arena_text(listing->listing.arena, aside->channel),
		.message = aside->message_id,
		.transition = aside->transition,
		.party = aside->party,
		.party_name = sf_listing_name(&listing->listing, aside->party),
		.refusals = (uint32_t)aside->refusals,
		.at_ms = aside->at_ms,
	};
	listing->listing.full |= !listed->channel;
	return !listing->listing.full && listing->rows.count < listing->count_max;
}

enum sf_err sf_node_serve_aside(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_aside *asked = &request->aside;
	struct listing listing = {.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_aside_row)},
		.channel = asked->channel ? asked->channel : "",
		.count_max = sf_listing_count(asked->count_max)};
	const struct sf_node_row_aside from = {
		.cursor = asked->after < INT64_MAX ? (int64_t)asked->after : INT64_MAX};
	const struct sf_scan scan = {
		.table = &sf_node_table_aside, .from = &from, .bounded = true, .exclusive = true};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, list, &listing, diag);
	if (!err && listing.listing.full)
		err = SF_ERR_LIMIT;
	if (!err)
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_ASIDE,
			.text = "",
			.aside = {listing.rows.count, listing.rows.items}};
	return err;
}

/* As it was told first (response.c), with a cursor of now. */
static void tell_again(struct sf_node *node, const struct sf_node_row_aside *aside)
{
	const struct sf_feed_row row = {.at_ms = node->now_ms,
		.what = SF_FEED_RESPONSE,
		.message = aside->message_id,
		.transition = aside->transition,
		.party = aside->party,
		.peer = node->options.party,
		.ack = (enum sf_ack)aside->ack,
		.code = (uint32_t)aside->code};
	sf_feed_add(node->feed, &row);
}

enum sf_err sf_node_serve_aside_again(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_aside_again *asked = &request->aside_again;
	struct taking taking = {.channel = asked->channel ? asked->channel : "",
		.message = asked->message,
		.only_aside = true};
	bool any = false;
	enum sf_err err;
	do {
		err = take_some(node, &taking, diag);
		for (size_t i = 0; i < taking.count && !err; i++) {
			any = true;
			tell_again(node, &taking.rows[i]);
			err = remove_row(node, taking.rows[i].cursor, diag);
		}
		/* Memory holds fewer rows than may have been put aside (audit/feed.h). */
		if (!err)
			err = sf_node_feed_keep(node, diag);
	} while (!err && taking.count == TAKEN_MAX);
	if (!err && any)
		sf_reply_done(ret_reply);
	else if (!err)
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"nothing of that channel and message was put aside");
	return err;
}
