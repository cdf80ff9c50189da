#include "node/channel.h"

#include <stdlib.h>
#include <string.h>

#include "audit/listing.h"
#include "node/response.h"
#include "node/rest.h"

#define PASSAGES_MAX ((int64_t)100000)
#define SKIPPED_MAX ((uint64_t)256) /* filtered rows that a crash may have looked at again */

enum sf_err sf_node_channels_open(struct sf_node *node)
{
	node->channels = calloc(1, sizeof(*node->channels));
	return node->channels ? SF_OK : SF_ERR_MEMORY;
}

void sf_node_channels_close(struct sf_node *node)
{
	if (node->channels)
		sf_bytes_wipe(node->channels, sizeof(*node->channels)); /* secrets of hooks */
	free(node->channels);
	node->channels = NULL;
}

static void copy_text(struct sf_view from, char *ret_text, size_t size)
{
	size_t count = from.size < size ? from.size : size - 1;
	if (count > 0)
		memcpy(ret_text, from.data, count);
	ret_text[count] = '\0';
}

/* Which hook it is: one of a name that another had before it is made at another time. */
static struct sf_id mark_of(const char *name, int64_t created_ms)
{
	struct sf_id mark = {{0}};
	size_t size = strlen(name);
	sf_put_u64(mark.bytes, (uint64_t)created_ms);
	/* The end of a name has its number. */
	size_t part = size < 8 ? size : 8;
	memcpy(mark.bytes + 8, name + size - part, part);
	return mark;
}

/* Who reads the store, or a backup of it, must not be able to sign for this node. */
static struct sf_node_rest rest_of(
	const struct sf_node *node, const struct sf_node_channel *channel)
{
	return (struct sf_node_rest){node->options.party, SF_NODE_REST_HOOK,
		mark_of(channel->name, channel->created_ms)};
}

/* What an earlier version kept is not sealed, and opens as it is. */
static enum sf_err open_secret(struct sf_node *node, const struct sf_node_row_channel *stored,
	struct sf_node_channel *channel, struct sf_diag *diag)
{
	const struct sf_node_rest rest = rest_of(node, channel);
	struct sf_view secret;
	enum sf_err err =
		sf_node_open_content(node, &rest, stored->secret, &node->arena, &secret, diag);
	if (!err && secret.size == sizeof(channel->secret))
		memcpy(channel->secret, secret.data, secret.size);
	return err;
}

struct loading {
	struct sf_node *node;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool load_channel(void *context, const void *row)
{
	struct loading *loading = context;
	struct sf_node *node = loading->node;
	const struct sf_node_row_channel *stored = row;
	char name[SF_CHANNEL_NAME_MAX + 1];
	copy_text(stored->name, name, sizeof(name));
	struct sf_node_channel *channel =
		sf_node_channel_make(node, name, (enum sf_channel_kind)stored->kind);
	if (!channel)
		return false;
	channel->dirty = false;
	channel->paused = stored->paused != 0;
	channel->received = (uint64_t)stored->received;
	channel->filtered = (uint64_t)stored->filtered;
	channel->sent = (uint64_t)stored->sent;
	channel->errored = (uint64_t)stored->errored;
	channel->last_ms = stored->last_ms;
	channel->fault = (enum sf_channel_fault)stored->fault;
	channel->cursor = (uint64_t)stored->cursor;
	channel->events = (uint64_t)stored->events;
	channel->created_ms = stored->created_ms;
	copy_text(stored->url, channel->url, sizeof(channel->url));
	if (sf_channel_is_hook(channel->kind))
		loading->err = open_secret(node, stored, channel, loading->diag);
	return !loading->err;
}

static bool load_passage(void *context, const void *row)
{
	struct sf_node *node = context;
	node->channels->passages = ((const struct sf_node_row_passage *)row)->position;
	return true;
}

enum sf_err sf_node_channels_load(struct sf_node *node, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	uint64_t version = node->channels->version + 1;
	*node->channels = (struct sf_node_channels){.version = version};
	const struct sf_scan all = {.table = &sf_node_table_channel};
	const struct sf_scan newest = {
		.table = &sf_node_table_passage, .descending = true, .count_max = 1};
	struct loading loading = {.node = node, .diag = diag};
	enum sf_err err = store->scan(store->self, &all, load_channel, &loading, diag);
	if (!err)
		err = loading.err;
	return err ? err : store->scan(store->self, &newest, load_passage, node, diag);
}

static enum sf_err save(struct sf_node *node, struct sf_node_channel *channel, struct sf_diag *diag)
{
	bool hook = sf_channel_is_hook(channel->kind);
	struct sf_view secret = sf_view_of(channel->secret, hook ? sizeof(channel->secret) : 0);
	const struct sf_node_rest rest = rest_of(node, channel);
	enum sf_err err = sf_node_seal_content(node, &rest, secret, &secret, diag);
	if (err)
		return err;
	const struct sf_node_row_channel row = {
		.name = sf_view_text(channel->name),
		.kind = channel->kind,
		.paused = channel->paused,
		.received = (int64_t)channel->received,
		.filtered = (int64_t)channel->filtered,
		.sent = (int64_t)channel->sent,
		.errored = (int64_t)channel->errored,
		.last_ms = channel->last_ms,
		.fault = channel->fault,
		.cursor = (int64_t)channel->cursor,
		.url = sf_view_text(channel->url),
		.events = (int64_t)channel->events,
		.secret = secret,
		.created_ms = channel->created_ms,
	};
	const struct sf_store *store = sf_node_store(node);
	channel->dirty = false;
	channel->skipped = 0;
	return store->replace(store->self, &sf_node_table_channel, &row, diag);
}

enum sf_err sf_node_channels_save(struct sf_node *node, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < SF_NODE_CHANNELS_MAX && !err; i++) {
		struct sf_node_channel *channel = &node->channels->items[i];
		if (channel->name[0] && (channel->dirty || channel->skipped >= SKIPPED_MAX))
			err = save(node, channel, diag);
	}
	return err;
}

void sf_node_channels_wake(struct sf_node *node)
{
	node->channels->version++;
}

bool sf_node_channel_wants(struct sf_node *node, const struct sf_node_channel *channel,
	const struct sf_node_row_feed *row)
{
	bool letter = row->what == SF_FEED_RECEIVED || row->what == SF_FEED_REPLAYED;
	if (channel->kind == SF_CHANNEL_DROP_OUT)
		return letter;
	if (sf_node_channel_responds(channel))
		return sf_node_response_is_of(node, channel, row);
	uint64_t events = channel->events;
	if (events & ((uint64_t)1 << SF_FEED_RECEIVED))
		events |= (uint64_t)1 << SF_FEED_REPLAYED;
	return row->what > 0 && row->what < 64 && (events >> row->what & 1);
}

void sf_node_channels_forget(
	struct sf_node *node, const struct sf_node_row_feed *rows, size_t count)
{
	for (size_t i = 0; i < SF_NODE_CHANNELS_MAX; i++) {
		struct sf_node_channel *channel = &node->channels->items[i];
		if (!channel->name[0] || !sf_node_channel_is_out(channel))
			continue;
		for (size_t k = 0; k < count; k++) {
			if ((uint64_t)rows[k].cursor <= channel->cursor)
				continue;
			channel->cursor = (uint64_t)rows[k].cursor;
			channel->dirty = true;
			if (!sf_node_channel_wants(node, channel, &rows[k]))
				continue;
			channel->received++;
			channel->errored++;
			channel->fault = SF_CHANNEL_FAULT_FORGOTTEN;
		}
	}
}

struct sf_node_channel *sf_node_channel_find(struct sf_node *node, const char *name)
{
	for (size_t i = 0; i < SF_NODE_CHANNELS_MAX; i++)
		if (name[0] && strcmp(node->channels->items[i].name, name) == 0)
			return &node->channels->items[i];
	return NULL;
}

struct sf_node_channel *sf_node_channel_make(
	struct sf_node *node, const char *name, enum sf_channel_kind kind)
{
	size_t size = strlen(name);
	if (size == 0 || size > SF_CHANNEL_NAME_MAX)
		return NULL;
	for (size_t i = 0; i < SF_NODE_CHANNELS_MAX; i++) {
		struct sf_node_channel *channel = &node->channels->items[i];
		if (channel->name[0])
			continue;
		*channel = (struct sf_node_channel){
			.kind = kind, .created_ms = node->now_ms, .dirty = true};
		memcpy(channel->name, name, size + 1);
		return channel;
	}
	return NULL;
}

enum sf_err sf_node_channel_passed(struct sf_node *node, const char *channel, struct sf_id message,
	bool out, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_node_row_passage row = {.position = ++node->channels->passages,
		.message_id = message,
		.at_ms = node->now_ms,
		.channel = sf_view_text(channel),
		.out = out};
	enum sf_err err = store->insert(store->self, &sf_node_table_passage, &row, diag);
	const struct sf_node_row_passage old = {.position = row.position - PASSAGES_MAX};
	if (!err && old.position > 0)
		err = store->remove(store->self, &sf_node_table_passage, &old, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* The channel by which somebody hands in. */
static const char *door_of(const struct sf_request *request, enum sf_channel_kind *ret_kind)
{
	static const char mark[] = "channel:";
	const char *account = request->asker.account ? request->asker.account : "";
	*ret_kind = request->asker.over_http ? SF_CHANNEL_HTTP : SF_CHANNEL_LOCAL;
	if (request->asker.over_http)
		return "http";
	if (strncmp(account, mark, sizeof(mark) - 1) != 0)
		return "local";
	const char *name = account + sizeof(mark) - 1;
	*ret_kind = strcmp(name, "drop-in") == 0 ? SF_CHANNEL_DROP_IN : SF_CHANNEL_MLLP;
	return name;
}

bool sf_node_channel_refuses(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply)
{
	if (request->kind != SF_REQUEST_SEND)
		return false;
	enum sf_channel_kind kind;
	struct sf_node_channel *door = sf_node_channel_find(node, door_of(request, &kind));
	if (!door || !door->paused)
		return false;
	door->errored++;
	door->dirty = true;
	sf_reply_refuse(ret_reply, arena, SF_ERR_AGAIN,
		"this channel is paused: nothing was accepted; try again when it is resumed");
	return true;
}

enum sf_err sf_node_channel_count(struct sf_node *node, const struct sf_request *request,
	const struct sf_reply *reply, struct sf_diag *diag)
{
	if (request->kind != SF_REQUEST_SEND || node->options.read_only)
		return SF_OK;
	enum sf_channel_kind kind;
	const char *name = door_of(request, &kind);
	struct sf_node_channel *door = sf_node_channel_find(node, name);
	if (!door)
		door = sf_node_channel_make(node, name, kind);
	if (!door)
		return SF_OK;
	bool sent = !reply->err && reply->kind == SF_REPLY_SENT;
	door->received += sent && reply->sent.answer == SF_SEND_STORED;
	door->filtered += sent && reply->sent.answer == SF_SEND_DUPLICATE;
	door->errored += !sent || reply->sent.answer == SF_SEND_FATAL;
	door->last_ms = node->now_ms;
	door->dirty = true;
	if (!sent || reply->sent.answer != SF_SEND_STORED || kind == SF_CHANNEL_LOCAL)
		return SF_OK;
	return sf_node_channel_passed(node, door->name, reply->sent.message, false, diag);
}
