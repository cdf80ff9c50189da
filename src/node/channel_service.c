/* People look at channels, pause them, and make hooks. */
#include "node/channel.h"

#include <stdio.h>
#include <string.h>

#include "audit/listing.h"
#include "base/base64.h"
#include "node/aside.h"

#define SECRET_PREFIX "whsec_"

struct queue {
	struct sf_node *node;
	const struct sf_node_channel *channel;
	uint64_t count;
};

static bool count_queued(void *context, const void *row)
{
	struct queue *queue = context;
	queue->count += sf_node_channel_wants(queue->node, queue->channel, row);
	return true;
}

static enum sf_err queued(struct sf_node *node, const struct sf_node_channel *channel,
	uint64_t *ret_count, struct sf_diag *diag)
{
	struct queue queue = {node, channel, 0};
	const struct sf_node_row_feed from = {.cursor = (int64_t)channel->cursor};
	const struct sf_scan scan = {.table = &sf_node_table_feed,
		.from = &from,
		.bounded = true,
		.exclusive = true,
		.count_max = SF_LISTING_WALK_MAX};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = sf_node_channel_is_out(channel)
				  ? store->scan(store->self, &scan, count_queued, &queue, diag)
				  : SF_OK;
	*ret_count = queue.count;
	return err;
}

enum sf_err sf_node_serve_channels(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const char *name = request->channels.name ? request->channels.name : "";
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_channel_row)};
	for (size_t i = 0; i < SF_NODE_CHANNELS_MAX; i++) {
		const struct sf_node_channel *channel = &node->channels->items[i];
		if (!channel->name[0] || (name[0] && strcmp(channel->name, name) != 0))
			continue;
		struct sf_channel_row *row = sf_listing_add(&listing, &rows);
		if (!row)
			return SF_ERR_LIMIT;
		uint64_t waiting = 0;
		enum sf_err err = queued(node, channel, &waiting, diag);
		if (err)
			return err;
		*row = (struct sf_channel_row){
			.name = sf_listing_text(&listing, channel->name),
			.kind = channel->kind,
			.paused = channel->paused,
			.received = channel->received + waiting,
			.filtered = channel->filtered,
			.queued = waiting,
			.sent = channel->sent,
			.errored = channel->errored,
			.last_ms = channel->last_ms,
			.fault = channel->fault,
			.url = sf_listing_text(&listing, channel->url),
			.events = channel->events,
			.created_ms = channel->created_ms,
		};
		if (sf_node_channel_responds(channel))
			err = sf_node_aside_count(node, channel->name, &row->aside, diag);
		if (err)
			return err;
	}
	if (listing.full)
		return SF_ERR_LIMIT;
	if (name[0] && rows.count == 0)
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"there is no channel of that name, or nothing has come by it");
	else
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_CHANNELS,
			.text = "",
			.channels = {rows.count, rows.items}};
	return SF_OK;
}

/* Ways in that nothing has come by yet can be paused all the same. */
static struct sf_node_channel *find_or_make(struct sf_node *node, const char *name)
{
	static const struct {
		const char *name;
		enum sf_channel_kind kind;
	} doors[] = {{"local", SF_CHANNEL_LOCAL}, {"http", SF_CHANNEL_HTTP},
		{"mllp", SF_CHANNEL_MLLP}, {"drop-in", SF_CHANNEL_DROP_IN}};
	struct sf_node_channel *channel = sf_node_channel_find(node, name);
	for (size_t i = 0; i < SF_COUNT(doors) && !channel; i++)
		if (strcmp(name, doors[i].name) == 0)
			channel = sf_node_channel_make(node, name, doors[i].kind);
	return channel;
}

enum sf_err sf_node_serve_channel_pause(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	(void)diag;
	const char *name = request->channel_pause.name ? request->channel_pause.name : "";
	struct sf_node_channel *channel = find_or_make(node, name);
	if (!channel) {
		sf_reply_refuse(
			ret_reply, arena, SF_ERR_NOT_FOUND, "there is no channel of that name");
		return SF_OK;
	}
	channel->paused = request->channel_pause.paused;
	channel->resumed += !channel->paused;
	channel->dirty = true;
	sf_node_channels_wake(node);
	sf_reply_done(ret_reply);
	return SF_OK;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* A host of this machine, and what may stand behind it. */
static bool is_host(const char *text, const char *host)
{
	size_t size = strlen(host);
	return starts_with(text, host) && strchr(":/?", text[size]) != NULL;
}

/*
 * What is posted names messages and parties: plain only where nobody can listen. No user or
 * password in it, because it is shown in listings.
 */
const char *sf_node_url_fault(const char *url)
{
	size_t size = strlen(url);
	if (size > SF_HOOK_URL_MAX)
		return "the URL of a hook has at most 1024 characters";
	for (size_t i = 0; i < size; i++)
		if (url[i] <= ' ' || url[i] > '~' || strchr("\"<>\\^`{|}#", url[i]))
			return "the URL of a hook has a character that no URL has, or a fragment";
	bool secure = starts_with(url, "https://");
	if (!secure && !starts_with(url, "http://"))
		return "the URL of a hook begins with https://, or with http:// to this machine";
	const char *host = url + (secure ? 8 : 7);
	size_t host_size = strcspn(host, "/?");
	if (host_size == 0 || memchr(host, '@', host_size))
		return "the URL of a hook names a host, and no user";
	if (!secure && !is_host(host, "127.0.0.1") && !is_host(host, "[::1]") &&
		!is_host(host, "localhost"))
		return "http:// is for this machine alone (127.0.0.1, [::1], localhost): use "
		       "https://";
	return NULL;
}

static void name_hook(
	struct sf_node *node, enum sf_channel_kind kind, char name[SF_CHANNEL_NAME_MAX + 1])
{
	for (unsigned number = 1;; number++) {
		snprintf(
			name, SF_CHANNEL_NAME_MAX + 1, "%s-%u", sf_channel_kind_text(kind), number);
		if (!sf_node_channel_find(node, name))
			return;
	}
}

static size_t count_hooks(const struct sf_node *node)
{
	size_t count = 0;
	for (size_t i = 0; i < SF_NODE_CHANNELS_MAX; i++)
		count += node->channels->items[i].name[0] &&
			 sf_channel_is_hook(node->channels->items[i].kind);
	return count;
}

enum sf_err sf_node_serve_hook_add(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	(void)diag;
	const char *url = request->hook_add.url ? request->hook_add.url : "";
	const char *fault = sf_node_url_fault(url);
	bool responses = request->hook_add.responses;
	if (!fault && (request->hook_add.events != 0) == responses)
		fault = "a hook is for events, or for responses";
	if (!fault && responses && strpbrk(url, "?"))
		fault = "the URL of a hook for responses is what theirs begin with: no query";
	if (!fault && count_hooks(node) >= SF_HOOKS_MAX)
		fault = "there are 32 hooks already: remove one first";
	if (fault) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE, fault);
		return SF_OK;
	}
	char name[SF_CHANNEL_NAME_MAX + 1];
	enum sf_channel_kind kind = responses ? SF_CHANNEL_RESPONSE : SF_CHANNEL_HOOK;
	name_hook(node, kind, name);
	struct sf_node_channel *hook = sf_node_channel_make(node, name, kind);
	if (!hook)
		return SF_ERR_LIMIT;
	memcpy(hook->url, url, strlen(url) + 1);
	hook->events = request->hook_add.events;
	hook->cursor = sf_feed_cursor(node->feed);
	node->ports.env.random(node->ports.env.self, hook->secret, sizeof(hook->secret));
	char secret[sizeof(SECRET_PREFIX) + 64] = SECRET_PREFIX;
	struct sf_view bytes = sf_view_of(hook->secret, sizeof(hook->secret));
	sf_base64_write(bytes, secret + sizeof(SECRET_PREFIX) - 1);
	sf_node_channels_wake(node);
	const struct sf_reply_hook_added added = {sf_arena_text(arena, sf_view_text(name)),
		sf_arena_text(arena, sf_view_text(secret))};
	sf_bytes_wipe(secret, sizeof(secret));
	if (!added.name || !added.secret)
		return SF_ERR_LIMIT;
	*ret_reply =
		(struct sf_reply){.kind = SF_REPLY_HOOK_ADDED, .text = "", .hook_added = added};
	return SF_OK;
}

enum sf_err sf_node_serve_hook_remove(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const char *name = request->hook_remove.name ? request->hook_remove.name : "";
	struct sf_node_channel *hook = sf_node_channel_find(node, name);
	if (!hook || !sf_channel_is_hook(hook->kind)) {
		sf_reply_refuse(
			ret_reply, arena, SF_ERR_NOT_FOUND, "there is no hook of that name");
		return SF_OK;
	}
	const struct sf_node_row_channel key = {.name = sf_view_text(name)};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->remove(store->self, &sf_node_table_channel, &key, diag);
	if (!err || err == SF_ERR_NOT_FOUND)
		err = sf_node_aside_forget(node, name, diag);
	*hook = (struct sf_node_channel){.name = ""};
	sf_node_channels_wake(node);
	sf_reply_done(ret_reply);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}
