/*
 * What a way out has done and has to do, in one question: its cursor moves in the turn of whose
 * commit the answer waits, and the answer is the next row. A crash before it hands the same row out
 * again, under the same name: at least once, and the receiver can tell.
 */
#include "node/channel.h"

#include <string.h>

#include "audit/listing.h"
#include "node/aside.h"
#include "node/response.h"

#define WALK_MAX ((size_t)4096) /* rows looked at for one answer */
#define PASSED_OVER_MAX 16

struct next_row {
	struct sf_node *node;
	struct sf_node_channel *channel;
	bool found;
	struct sf_node_row_feed row;
	size_t walked;
};

static bool look(void *context, const void *row)
{
	struct next_row *next = context;
	const struct sf_node_row_feed *stored = row;
	next->walked++;
	if (sf_node_channel_wants(next->node, next->channel, stored)) {
		next->row = *stored;
		next->found = true;
		return false;
	}
	next->channel->cursor = (uint64_t)stored->cursor;
	next->channel->filtered++;
	next->channel->skipped++;
	return true;
}

static enum sf_err keep_done(struct sf_node *node, struct sf_node_channel *channel,
	const struct sf_request_handout *asked, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	if (asked->failed > 0) {
		channel->errored += asked->failed;
		channel->fault = asked->fault;
		channel->dirty = true;
	}
	enum sf_err refused = sf_node_aside_refused(node, channel, asked, diag);
	if (refused)
		return refused;
	if (asked->done <= channel->cursor || asked->done > sf_feed_cursor(node->feed))
		return SF_OK;
	struct sf_node_row_feed row = {.cursor = (int64_t)asked->done};
	enum sf_err err = store->get(store->self, &sf_node_table_feed, 0, &row, diag);
	channel->cursor = asked->done;
	channel->received++;
	channel->sent++;
	channel->last_ms = node->now_ms;
	channel->fault = SF_CHANNEL_FAULT_NONE;
	channel->dirty = true;
	if (!err && !sf_id_is_none(row.message))
		err = sf_node_channel_passed(node, channel->name, row.message, true, diag);
	if (!err && sf_node_channel_responds(channel))
		err = sf_node_response_done(node, &row, diag);
	if (!err && sf_node_channel_responds(channel))
		err = sf_node_aside_taken(node, asked->done, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err find_row(struct sf_node *node, struct sf_node_channel *channel,
	struct next_row *ret_next, struct sf_diag *diag)
{
	*ret_next = (struct next_row){.node = node, .channel = channel};
	const struct sf_node_row_feed from = {.cursor = (int64_t)channel->cursor};
	const struct sf_scan scan = {.table = &sf_node_table_feed,
		.from = &from,
		.bounded = true,
		.exclusive = true,
		.count_max = WALK_MAX};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, look, ret_next, diag);
	/* More may lie behind what was walked. */
	if (!err && !ret_next->found && ret_next->walked == WALK_MAX)
		sf_node_channels_wake(node);
	return err;
}

/* A response of which nothing is left (erased, or its URL allowed no more) is passed over. */
static enum sf_err find_response(struct sf_node *node, struct sf_node_channel *channel,
	struct sf_arena *arena, struct sf_reply_handout *handout, struct next_row *ret_next,
	struct sf_diag *diag)
{
	for (size_t i = 0; i < PASSED_OVER_MAX; i++) {
		enum sf_err err = find_row(node, channel, ret_next, diag);
		if (err || !ret_next->found)
			return err;
		err = sf_node_response_load(node, channel, &ret_next->row, arena, handout, diag);
		if (err || handout->content.size > 0)
			return err;
		err = sf_node_response_done(node, &ret_next->row, diag);
		if (err)
			return err;
		channel->cursor = (uint64_t)ret_next->row.cursor;
		channel->filtered++;
		channel->dirty = true;
	}
	sf_node_channels_wake(node);
	ret_next->found = false;
	return SF_OK;
}

static enum sf_err find_next(struct sf_node *node, struct sf_node_channel *channel,
	struct sf_arena *arena, struct sf_reply_handout *handout, struct sf_diag *diag)
{
	struct next_row next;
	enum sf_err err = sf_node_channel_responds(channel)
				  ? find_response(node, channel, arena, handout, &next, diag)
				  : find_row(node, channel, &next, diag);
	if (err || !next.found)
		return err;
	struct sf_feed_row *row = sf_arena_take(arena, sizeof(*row));
	if (!row)
		return SF_ERR_LIMIT;
	struct sf_listing listing = {node->directory, arena, false};
	*row = sf_node_feed_row(&next.row);
	sf_listing_feed_names(&listing, row, 1);
	handout->rows = row;
	handout->row_count = 1;
	return listing.full ? SF_ERR_LIMIT : SF_OK;
}

/* These are there from the first time that their face asks: what came before stays where it is. */
static struct sf_node_channel *find_channel(struct sf_node *node, const char *name)
{
	struct sf_node_channel *channel = sf_node_channel_find(node, name);
	bool folder = strcmp(name, sf_channel_kind_text(SF_CHANNEL_DROP_OUT)) == 0;
	bool mllp = strcmp(name, sf_channel_kind_text(SF_CHANNEL_MLLP_OUT)) == 0;
	if (channel || (!folder && !mllp))
		return channel;
	channel = sf_node_channel_make(
		node, name, folder ? SF_CHANNEL_DROP_OUT : SF_CHANNEL_MLLP_OUT);
	if (channel)
		channel->cursor = sf_feed_cursor(node->feed);
	return channel;
}

enum sf_err sf_node_serve_handout(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_handout *asked = &request->handout;
	const char *account = request->asker.account ? request->asker.account : "";
	const char *name = asked->channel ? asked->channel : "";
	/* What it is signed with must not leave this process, and no asker may move a cursor. */
	if (request->asker.over_http || strncmp(account, "channel:", 8) != 0) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_AUTH,
			"only the channel itself says what it has handed out");
		return SF_OK;
	}
	struct sf_reply reply = {.kind = SF_REPLY_HANDOUT,
		.text = "",
		.handout = {.self = node->options.party, .url = "", .content_type = ""}};
	struct sf_reply_handout *handout = &reply.handout;
	struct sf_node_channel *channel = name[0] ? find_channel(node, name) : NULL;
	enum sf_err err = SF_OK;
	if (channel && sf_node_channel_is_out(channel)) {
		err = keep_done(node, channel, asked, diag);
		handout->known = true;
		handout->paused = channel->paused;
		handout->resumed = channel->resumed;
		handout->url = sf_arena_text(arena, sf_view_text(channel->url));
		if (sf_channel_is_hook(channel->kind))
			handout->secret = sf_arena_copy(
				arena, sf_view_of(channel->secret, sizeof(channel->secret)));
		if (!handout->url)
			err = SF_ERR_LIMIT;
		if (!err && !channel->paused)
			err = find_next(node, channel, arena, handout, diag);
	}
	handout->version = node->channels->version;
	if (!err)
		*ret_reply = reply;
	return err;
}
