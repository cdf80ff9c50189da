/*
 * What happens here and matters to systems outside is kept with the turn in which it happened: who
 * asks behind a cursor is told everything once, over restarts and after days of silence. The ring
 * of audit/feed.h holds all that happens, for a while; the table holds what matters, for long.
 */
#include "node/channel.h"
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"

#define KEPT_MAX ((size_t)100000) /* rows: some weeks of a large hospital, 20 MB */
#define PRUNE_COUNT ((size_t)256) /* so many go at a time */
/*
 * Cursors that were given for rows that are not kept: so many may lie behind the newest that is,
 * when a program starts whose clock was set back. 1,024 of them are a millisecond of the clock.
 */
#define GIVEN_MAX ((uint64_t)1 << 20)
#define BATCH ((size_t)64)

static struct sf_node_row_feed packed(const struct sf_feed_row *row)
{
	return (struct sf_node_row_feed){
		.cursor = (int64_t)row->cursor,
		.at_ms = row->at_ms,
		.what = row->what,
		.message = row->message,
		.transition = row->transition,
		.party = row->party,
		.peer = row->peer,
		.kind = row->kind,
		.activity = row->activity,
		.mode = row->mode,
		.domains = row->domains,
		.outcome = row->outcome,
		.ack = row->ack,
		.code = row->code,
		.attempts = row->attempts,
	};
}

struct sf_feed_row sf_node_feed_row(const struct sf_node_row_feed *row)
{
	return (struct sf_feed_row){
		.cursor = (uint64_t)row->cursor,
		.at_ms = row->at_ms,
		.what = (enum sf_feed_what)row->what,
		.message = row->message,
		.transition = row->transition,
		.party = row->party,
		.peer = row->peer,
		.kind = (uint32_t)row->kind,
		.activity = (enum sf_activity)row->activity,
		.mode = (enum sf_mode)row->mode,
		.domains = (sf_domain_set)row->domains,
		.outcome = (enum sf_outcome)row->outcome,
		.ack = (enum sf_ack)row->ack,
		.code = (uint32_t)row->code,
		.attempts = (uint32_t)row->attempts,
	};
}

static bool take_cursor(void *context, const void *row)
{
	*(uint64_t *)context = (uint64_t)((const struct sf_node_row_feed *)row)->cursor;
	return true;
}

enum sf_err sf_node_feed_open(struct sf_node *node, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_scan newest = {
		.table = &sf_node_table_feed, .descending = true, .count_max = 1};
	uint64_t kept = 0;
	enum sf_err err = store->scan(store->self, &newest, take_cursor, &kept, diag);
	if (err)
		return err;
	return sf_feed_open(node->started_ms, kept > 0 ? kept + GIVEN_MAX : 0, node->options.party,
		&node->feed);
}

static bool count_row(void *context, const void *row)
{
	(void)row;
	(*(size_t *)context)++;
	return true;
}

enum sf_err sf_node_feed_load(struct sf_node *node, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_scan all = {.table = &sf_node_table_feed};
	node->feed_kept = sf_feed_cursor(node->feed);
	node->feed_kept_count = 0;
	return store->scan(store->self, &all, count_row, &node->feed_kept_count, diag);
}

struct oldest_rows {
	size_t count;
	struct sf_node_row_feed rows[PRUNE_COUNT];
};

static bool take_oldest(void *context, const void *row)
{
	struct oldest_rows *oldest = context;
	oldest->rows[oldest->count++] = *(const struct sf_node_row_feed *)row;
	return oldest->count < PRUNE_COUNT;
}

static enum sf_err prune(struct sf_node *node, struct sf_diag *diag)
{
	if (node->feed_kept_count < KEPT_MAX + PRUNE_COUNT)
		return SF_OK;
	struct oldest_rows oldest = {.count = 0};
	const struct sf_store *store = sf_node_store(node);
	const struct sf_scan scan = {.table = &sf_node_table_feed, .count_max = PRUNE_COUNT};
	enum sf_err err = store->scan(store->self, &scan, take_oldest, &oldest, diag);
	if (!err)
		sf_node_channels_forget(node, oldest.rows, oldest.count);
	for (size_t i = 0; i < oldest.count && !err; i++)
		err = store->remove(store->self, &sf_node_table_feed, &oldest.rows[i], diag);
	node->feed_kept_count -= oldest.count;
	return err;
}

enum sf_err sf_node_feed_keep(struct sf_node *node, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	struct sf_feed_row rows[BATCH];
	size_t count;
	do {
		count = sf_feed_read_all(node->feed, node->feed_kept, BATCH, rows);
		for (size_t i = 0; i < count && !err; i++) {
			node->feed_kept = rows[i].cursor;
			if (!sf_feed_is_kept(rows[i].what))
				continue;
			const struct sf_node_row_feed row = packed(&rows[i]);
			err = store->insert(store->self, &sf_node_table_feed, &row, diag);
			node->feed_kept_count++;
			sf_node_channels_wake(node);
		}
	} while (!err && count == BATCH);
	return err ? err : prune(node, diag);
}

struct kept_rows {
	uint64_t end; /* cursors from here on are the ring's */
	size_t count, count_max;
	struct sf_feed_row *rows;
};

static bool take_kept(void *context, const void *row)
{
	struct kept_rows *kept = context;
	const struct sf_node_row_feed *stored = row;
	if ((uint64_t)stored->cursor >= kept->end)
		return false;
	kept->rows[kept->count++] = sf_node_feed_row(stored);
	return kept->count < kept->count_max;
}

enum sf_err sf_node_serve_feed(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_reply reply = {.kind = SF_REPLY_FEED, .text = ""};
	struct kept_rows kept = {.end = sf_feed_oldest(node->feed),
		.count_max = sf_listing_count(request->feed.count_max)};
	kept.rows = sf_arena_take_many(arena, kept.count_max, sizeof(*kept.rows));
	if (!kept.rows)
		return SF_ERR_LIMIT;
	uint64_t after = request->feed.after;
	enum sf_err err = SF_OK;
	if (after < INT64_MAX && after + 1 < kept.end) {
		const struct sf_store *store = sf_node_store(node);
		const struct sf_node_row_feed from = {.cursor = (int64_t)after};
		const struct sf_scan scan = {.table = &sf_node_table_feed,
			.from = &from,
			.bounded = true,
			.exclusive = true,
			.count_max = kept.count_max};
		err = store->scan(store->self, &scan, take_kept, &kept, diag);
	}
	if (err)
		return err;
	kept.count += sf_feed_read(
		node->feed, after, kept.count_max - kept.count, kept.rows + kept.count);
	sf_listing_feed_names(&listing, kept.rows, kept.count);
	reply.feed = (struct sf_reply_feed){sf_feed_cursor(node->feed), kept.count, kept.rows};
	if (listing.full)
		return SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}
