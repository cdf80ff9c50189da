/*
 * Channels: every way in or out of this node, with the counters that integrators know from their
 * integration engines. A way in is counted and can be paused at the door (service.c); a way out (a
 * hook, the folder out) follows the kept feed (feed.c) behind a cursor of its own, which moves only
 * with what was handed out. Counters live in memory and are written with the turn that moved them.
 */
#ifndef SF_NODE_CHANNEL_H
#define SF_NODE_CHANNEL_H

#include "node/state.h"

#define SF_NODE_CHANNELS_MAX (SF_HOOKS_MAX + 16)

struct sf_node_channel {
	char name[SF_CHANNEL_NAME_MAX + 1]; /* "": this place is free */
	enum sf_channel_kind kind;
	bool paused;
	bool dirty; /* not as the store has it */
	uint64_t received, filtered, sent, errored;
	uint64_t cursor;
	uint64_t skipped; /* filtered rows since it was written */
	uint64_t resumed; /* by a person, since start */
	uint64_t events;
	int64_t last_ms, created_ms;
	enum sf_channel_fault fault;
	char url[SF_HOOK_URL_MAX + 1];
	uint8_t secret[SF_HOOK_SECRET_SIZE]; /* of a hook */
};

struct sf_node_channels {
	struct sf_node_channel items[SF_NODE_CHANNELS_MAX];
	uint64_t version; /* there may be something to hand out */
	int64_t passages; /* position of the last one kept */
};

SF_MUST_USE enum sf_err sf_node_channels_open(struct sf_node *node);
void sf_node_channels_close(struct sf_node *node);
/* As the store says; also after a lost turn. */
SF_MUST_USE enum sf_err sf_node_channels_load(struct sf_node *node, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_channels_save(struct sf_node *node, struct sf_diag *diag);
/* Who waits to hand out looks again. */
void sf_node_channels_wake(struct sf_node *node);
/* These rows go: who has not handed them out has lost them, and it stands in its counters. */
void sf_node_channels_forget(
	struct sf_node *node, const struct sf_node_row_feed *rows, size_t count);

/* NULL: there is none. */
struct sf_node_channel *sf_node_channel_find(struct sf_node *node, const char *name);
/* NULL: there are too many, or it is no name. */
struct sf_node_channel *sf_node_channel_make(
	struct sf_node *node, const char *name, enum sf_channel_kind kind);
bool sf_node_channel_wants(struct sf_node *node, const struct sf_node_channel *channel,
	const struct sf_node_row_feed *row);
/* What it hands out are responses (response.h). */
static inline bool sf_node_channel_responds(const struct sf_node_channel *channel)
{
	return channel->kind == SF_CHANNEL_RESPONSE || channel->kind == SF_CHANNEL_MLLP_OUT;
}
static inline bool sf_node_channel_is_out(const struct sf_node_channel *channel)
{
	return sf_channel_is_hook(channel->kind) || channel->kind == SF_CHANNEL_DROP_OUT ||
	       channel->kind == SF_CHANNEL_MLLP_OUT;
}
/* The message came in or went out by it. */
SF_MUST_USE enum sf_err sf_node_channel_passed(struct sf_node *node, const char *channel,
	struct sf_id message, bool out, struct sf_diag *diag);

/* At the door: true when what hands in is paused; then *ret_reply says so. */
bool sf_node_channel_refuses(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply);
/* What came of a hand-in. */
SF_MUST_USE enum sf_err sf_node_channel_count(struct sf_node *node,
	const struct sf_request *request, const struct sf_reply *reply, struct sf_diag *diag);

/* channel_service.c */
/* NULL: it may be posted to; else what is wrong with it. */
const char *sf_node_url_fault(const char *url);
SF_MUST_USE enum sf_err sf_node_serve_channels(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_channel_pause(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_hook_add(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_hook_remove(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* handout.c */
SF_MUST_USE enum sf_err sf_node_serve_handout(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* trace.c */
SF_MUST_USE enum sf_err sf_node_serve_trace(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_replay(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

#endif
