#include "bridge/hook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "bridge/post.h"
#include "bridge/retry.h"
#include "view/row.h"
#include "wire/local.h"

#define ACCOUNT "channel:hook"
#define WATCH_MS 30000
#define AGAIN_MS ((int64_t)1000) /* after an answer that was none */
#define BODY_SIZE_MAX SF_POST_BODY_SIZE_MAX
#define TYPE_SIZE 64 /* of a content type */
#define JSON "application/json"
#define ID_SIZE 64 /* evt_, 32 digits, _, 20 digits */

struct hook {
	char name[SF_CHANNEL_NAME_MAX + 1]; /* "": this place is free */
	bool listed;                        /* in the newest list */
	bool asks;                          /* has something to say or to ask */
	bool has_row, posting;
	unsigned failures; /* in a row */
	int64_t due_ms;    /* not before */
	uint64_t resumed;
	uint64_t cursor;  /* of the row */
	uint64_t done;    /* to be said */
	uint32_t failed;  /* to be said */
	uint32_t refused; /* of them for good */
	enum sf_channel_fault fault;
	size_t breaker; /* of its destination */
	char url[SF_HOOK_URL_MAX + 1];
	char id[ID_SIZE];
	char type[TYPE_SIZE]; /* of body */
	struct sf_buf body;   /* owned */
	uint8_t secret[SF_HOOK_SECRET_SIZE];
};

struct sf_hooks {
	struct sf_hooks_options options;
	struct sf_poster *poster; /* owned */
	struct hook items[SF_HOOKS_MAX];
	struct sf_breaker breakers[SF_HOOKS_MAX]; /* a hook's, or that of an earlier one there */
	int64_t now_ms;
	uint64_t calls;    /* given so far */
	uint64_t watching; /* call of the long poll; 0 none */
	uint64_t working;  /* call about the list or a hook; 0 none */
	size_t working_on; /* SF_HOOKS_MAX: the list */
	size_t asked_last; /* so that each has its turn */
	uint64_t version;  /* as last heard */
	bool list_wanted;
	int64_t quiet_until_ms; /* after an answer that was none */
};

enum sf_err sf_hooks_open(const struct sf_hooks_options *options, struct sf_hooks **ret_hooks)
{
	struct sf_hooks *hooks = calloc(1, sizeof(*hooks));
	if (!hooks)
		return SF_ERR_MEMORY;
	hooks->options = *options;
	hooks->list_wanted = true;
	for (size_t i = 0; i < SF_HOOKS_MAX; i++)
		sf_buf_init(&hooks->items[i].body, BODY_SIZE_MAX);
	const struct sf_poster_options poster = {options->authority, options->timeout_ms};
	enum sf_err err = sf_poster_open(&poster, &hooks->poster);
	if (err) {
		free(hooks);
		return err;
	}
	*ret_hooks = hooks;
	return SF_OK;
}

static void drop(struct sf_hooks *hooks, struct hook *hook)
{
	sf_poster_stop(hooks->poster, (size_t)(hook - hooks->items));
	if (hook->posting)
		sf_breaker_dropped(&hooks->breakers[hook->breaker]);
	sf_buf_fini(&hook->body);
	sf_bytes_wipe(hook->secret, sizeof(hook->secret));
	*hook = (struct hook){.name = ""};
	sf_buf_init(&hook->body, BODY_SIZE_MAX);
}

void sf_hooks_close(struct sf_hooks **hooks)
{
	struct sf_hooks *closing = *hooks;
	*hooks = NULL;
	if (!closing)
		return;
	for (size_t i = 0; i < SF_HOOKS_MAX; i++)
		drop(closing, &closing->items[i]);
	sf_poster_close(&closing->poster);
	free(closing);
}

/* Scheme, host and port are what is down or up. */
static size_t origin_size(const char *url)
{
	const char *host = strstr(url, "://");
	return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?") : strlen(url);
}

static size_t breaker_of(const struct sf_hooks *hooks, size_t index)
{
	const struct hook *hook = &hooks->items[index];
	size_t size = origin_size(hook->url);
	for (size_t i = 0; i < SF_HOOKS_MAX; i++) {
		const struct hook *other = &hooks->items[i];
		if (i != index && other->name[0] && origin_size(other->url) == size &&
			memcmp(other->url, hook->url, size) == 0)
			return other->breaker;
	}
	return index;
}

static enum sf_err sign(const struct sf_hooks *hooks, const struct hook *hook, const char *seconds,
	struct sf_buf *ret_header)
{
	const struct sf_view dot = sf_view_text(".");
	const struct sf_view parts[] = {
		sf_view_text(hook->id), dot, sf_view_text(seconds), dot, sf_buf_view(&hook->body)};
	struct sf_digest signature;
	hooks->options.sign(
		sf_view_of(hook->secret, sizeof(hook->secret)), parts, SF_COUNT(parts), &signature);
	enum sf_err err = sf_buf_append_text(ret_header, "webhook-signature: v1,");
	if (!err)
		err = sf_base64_append(
			ret_header, sf_view_of(signature.bytes, sizeof(signature.bytes)));
	return err ? err : sf_buf_append(ret_header, sf_view_of("", 1));
}

/* The time is that of this attempt: a receiver refuses what is old (Standard Webhooks). */
static enum sf_err start(struct sf_hooks *hooks, struct hook *hook)
{
	char seconds[24], id[ID_SIZE + 16], timestamp[48];
	struct sf_buf signature;
	sf_buf_init(&signature, 256);
	int64_t now_ms = hooks->options.env->now_ms(hooks->options.env->self);
	snprintf(seconds, sizeof(seconds), "%" PRId64, now_ms / 1000);
	snprintf(id, sizeof(id), "webhook-id: %s", hook->id);
	snprintf(timestamp, sizeof(timestamp), "webhook-timestamp: %s", seconds);
	enum sf_err err = sign(hooks, hook, seconds, &signature);
	const char *headers[] = {id, timestamp, (const char *)sf_buf_view(&signature).data};
	const struct sf_post post = {
		hook->url, hook->type, sf_buf_view(&hook->body), SF_COUNT(headers), headers};
	if (!err)
		err = sf_poster_start(hooks->poster, (size_t)(hook - hooks->items), &post);
	sf_buf_fini(&signature);
	return err;
}

static void fail(struct sf_hooks *hooks, struct hook *hook, enum sf_channel_fault fault,
	const char *retry_after)
{
	const struct sf_env *env = hooks->options.env;
	uint32_t chance = 0;
	env->random(env->self, &chance, sizeof(chance));
	hook->failures++;
	hook->failed++;
	hook->fault = fault;
	hook->asks = true;
	int64_t wait_ms = sf_retry_backoff_ms(hook->failures, chance);
	int64_t asked_ms = sf_retry_after_ms(sf_view_text(retry_after), env->now_ms(env->self));
	hook->due_ms = hooks->now_ms + (asked_ms > wait_ms ? asked_ms : wait_ms);
	sf_breaker_failed(&hooks->breakers[hook->breaker]);
}

static void start_due(struct sf_hooks *hooks)
{
	for (size_t i = 0; i < SF_HOOKS_MAX; i++) {
		struct hook *hook = &hooks->items[i];
		if (!hook->name[0] || !hook->has_row || hook->posting ||
			hook->due_ms > hooks->now_ms)
			continue;
		if (!sf_breaker_lets(&hooks->breakers[hook->breaker])) {
			hook->due_ms = hooks->now_ms + SF_RETRY_MS_MIN;
			continue;
		}
		if (start(hooks, hook))
			fail(hooks, hook, SF_CHANNEL_FAULT_UNREACHABLE, "");
		else
			hook->posting = true;
	}
}

static size_t watch_max(void *self)
{
	(void)self;
	return SF_POST_WATCH_MAX;
}

static size_t watch(void *self, struct sf_watch *watches, size_t room)
{
	struct sf_hooks *hooks = self;
	return sf_poster_watch(hooks->poster, watches, room);
}

static void end_post(struct sf_hooks *hooks, const struct sf_posted *posted)
{
	struct hook *hook = &hooks->items[posted->place];
	hook->posting = false;
	if (posted->fault) {
		hook->refused += posted->definite;
		fail(hooks, hook, posted->fault, posted->retry_after);
		return;
	}
	hook->failures = 0;
	hook->has_row = false;
	hook->done = hook->cursor;
	hook->asks = true;
	sf_breaker_succeeded(&hooks->breakers[hook->breaker]);
}

static void handle(void *self, const struct sf_watch *watches, size_t count, int64_t now_ms)
{
	struct sf_hooks *hooks = self;
	hooks->now_ms = now_ms;
	sf_poster_handle(hooks->poster, watches, count, now_ms);
	struct sf_posted posted;
	while (sf_poster_take(hooks->poster, &posted))
		end_post(hooks, &posted);
	start_due(hooks);
}

static int64_t wake_ms(void *self)
{
	const struct sf_hooks *hooks = self;
	int64_t due_ms = sf_poster_wake_ms(hooks->poster);
	for (size_t i = 0; i < SF_HOOKS_MAX; i++) {
		const struct hook *hook = &hooks->items[i];
		if (hook->name[0] && hook->has_row && !hook->posting && hook->due_ms < due_ms)
			due_ms = hook->due_ms;
	}
	return due_ms;
}

static bool next_hook(struct sf_hooks *hooks, size_t *ret_index)
{
	for (size_t i = 1; i <= SF_HOOKS_MAX; i++) {
		size_t index = (hooks->asked_last + i) % SF_HOOKS_MAX;
		if (!hooks->items[index].name[0] || !hooks->items[index].asks)
			continue;
		*ret_index = hooks->asked_last = index;
		return true;
	}
	return false;
}

static bool take(
	void *self, struct sf_arena *arena, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct sf_hooks *hooks = self;
	struct sf_request request = {.kind = SF_REQUEST_HANDOUT,
		.asker = {.account = ACCOUNT,
			.role = SF_READER_SYSTEM,
			.purpose = SF_PURPOSE_OPERATION},
		.handout = {.channel = "", .seen = hooks->version, .wait_ms = WATCH_MS}};
	if (hooks->quiet_until_ms > hooks->now_ms)
		return false;
	size_t index = SF_HOOKS_MAX;
	if (!hooks->watching) {
		hooks->watching = *ret_call = ++hooks->calls;
	} else if (!hooks->working && hooks->list_wanted) {
		hooks->list_wanted = false;
		request.kind = SF_REQUEST_CHANNELS;
		request.channels = (struct sf_request_channels){.name = ""};
		hooks->working = *ret_call = ++hooks->calls;
		hooks->working_on = SF_HOOKS_MAX;
	} else if (!hooks->working && next_hook(hooks, &index)) {
		struct hook *hook = &hooks->items[index];
		const char *name = sf_arena_text(arena, sf_view_text(hook->name));
		if (!name)
			return false;
		hook->asks = false;
		request.handout = (struct sf_request_handout){.channel = name,
			.done = hook->done,
			.failed = hook->failed,
			.fault = hook->fault,
			.tried = hook->failed > 0 ? hook->cursor : 0,
			.refused = hook->refused};
		hooks->working = *ret_call = ++hooks->calls;
		hooks->working_on = index;
	} else {
		return false;
	}
	*ret_request = request;
	return true;
}

static bool waits(void *self, uint64_t call)
{
	const struct sf_hooks *hooks = self;
	return call == hooks->watching || call == hooks->working;
}

static struct hook *find(struct sf_hooks *hooks, const char *name)
{
	struct hook *free_place = NULL;
	for (size_t i = SF_HOOKS_MAX; i > 0; i--) {
		if (strcmp(hooks->items[i - 1].name, name) == 0)
			return &hooks->items[i - 1];
		if (!hooks->items[i - 1].name[0])
			free_place = &hooks->items[i - 1];
	}
	if (free_place)
		snprintf(free_place->name, sizeof(free_place->name), "%s", name);
	return free_place;
}

static void take_list(struct sf_hooks *hooks, const struct sf_reply_channels *list)
{
	for (size_t i = 0; i < SF_HOOKS_MAX; i++)
		hooks->items[i].listed = false;
	for (size_t i = 0; i < list->row_count; i++) {
		const struct sf_channel_row *row = &list->rows[i];
		if (!sf_channel_is_hook(row->kind) || strlen(row->name) > SF_CHANNEL_NAME_MAX)
			continue;
		struct hook *hook = find(hooks, row->name);
		if (!hook)
			continue;
		hook->listed = true;
		hook->asks = true;
	}
	for (size_t i = 0; i < SF_HOOKS_MAX; i++)
		if (hooks->items[i].name[0] && !hooks->items[i].listed)
			drop(hooks, &hooks->items[i]);
}

/* A document as it is, else the row. */
static enum sf_err write_body(struct hook *hook, const struct sf_reply_handout *handout)
{
	const struct sf_feed_row *row = &handout->rows[0];
	struct sf_json_writer writer;
	bool document = handout->content.size > 0;
	sf_buf_clear(&hook->body);
	snprintf(hook->type, sizeof(hook->type), "%s", document ? handout->content_type : JSON);
	if (document)
		return sf_buf_append(&hook->body, handout->content);
	sf_json_writer_begin(&writer, &hook->body);
	sf_json_object(&writer, NULL);
	sf_json_feed_members(&writer, row);
	sf_json_close(&writer);
	return sf_json_writer_end(&writer);
}

/* A row that is on its way, or waits to be tried again, is the one that comes again. */
static void take_row(
	struct sf_hooks *hooks, struct hook *hook, const struct sf_reply_handout *handout)
{
	const struct sf_feed_row *row = &handout->rows[0];
	if (hook->posting || (hook->has_row && hook->cursor == row->cursor))
		return;
	char self[SF_ID_TEXT_SIZE];
	sf_id_format(handout->self, self);
	snprintf(hook->id, sizeof(hook->id), "evt_%s_%" PRIu64, self, row->cursor);
	snprintf(hook->url, sizeof(hook->url), "%s", handout->url);
	if (handout->secret.size == sizeof(hook->secret))
		memcpy(hook->secret, handout->secret.data, sizeof(hook->secret));
	hook->breaker = breaker_of(hooks, (size_t)(hook - hooks->items));
	hook->cursor = row->cursor;
	/* One that was put aside before it says nothing of this one. */
	hook->failures = 0;
	hook->due_ms = 0;
	hook->has_row = write_body(hook, handout) == SF_OK;
}

static void take_handout(struct sf_hooks *hooks, struct hook *hook,
	const struct sf_reply_handout *handout, const struct sf_request_handout *said)
{
	if (!handout->known) {
		drop(hooks, hook);
		return;
	}
	/* An attempt that failed meanwhile is said next time. */
	hook->failed -= said->failed < hook->failed ? said->failed : hook->failed;
	hook->refused -= said->refused < hook->refused ? said->refused : hook->refused;
	if (hook->resumed != handout->resumed) {
		hook->resumed = handout->resumed;
		hook->failures = 0;
		hook->due_ms = 0;
		sf_breaker_succeeded(&hooks->breakers[hook->breaker]);
	}
	if (handout->row_count > 0)
		take_row(hooks, hook, handout);
	else if (!hook->posting)
		hook->has_row = false;
}

static void reply(
	void *self, uint64_t call, const struct sf_request *request, const struct sf_reply *answer)
{
	struct sf_hooks *hooks = self;
	bool good = !answer->err &&
		    (answer->kind == SF_REPLY_HANDOUT || answer->kind == SF_REPLY_CHANNELS);
	if (!good)
		hooks->quiet_until_ms = hooks->now_ms + AGAIN_MS;
	if (call == hooks->watching) {
		hooks->watching = 0;
		hooks->list_wanted |= good && answer->handout.version != hooks->version;
		if (good)
			hooks->version = answer->handout.version;
		return;
	}
	hooks->working = 0;
	if (hooks->working_on == SF_HOOKS_MAX) {
		hooks->list_wanted |= !good;
		if (good)
			take_list(hooks, &answer->channels);
		return;
	}
	struct hook *hook = &hooks->items[hooks->working_on];
	if (good && hook->name[0])
		take_handout(hooks, hook, &answer->handout, &request->handout);
	else
		hook->asks = hook->name[0] != '\0';
	start_due(hooks);
}

struct sf_face sf_hooks_face(struct sf_hooks *hooks)
{
	return (struct sf_face){
		.self = hooks,
		.watch_max = watch_max,
		.watch = watch,
		.handle = handle,
		.wake_ms = wake_ms,
		.take = take,
		.waits = waits,
		.reply = reply,
	};
}
