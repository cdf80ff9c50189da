/*
 * Answers that were put aside: what its receiver refuses again and again must not hold up for ever
 * what is behind it. Refusals of a response (response.h) are counted with the turns that hear of
 * them; after SF_NODE_ASIDE_REFUSALS it is on a list of people's, its channel goes on with the
 * next, and nothing of it is forgotten: a person has it handed out again, behind what waits by
 * then. A receiver that is away is waited for as long as rows are kept, and so is one that says so
 * itself.
 */
#ifndef SF_NODE_ASIDE_H
#define SF_NODE_ASIDE_H

#include "node/channel.h"

/* With the waits of bridge/retry.h these are some six minutes. */
#define SF_NODE_ASIDE_REFUSALS 10
/* Of all channels. When there are so many, the next holds up what is behind it. */
#define SF_NODE_ASIDE_MAX ((size_t)10000)

/* What the channel says of attempts that were refused; its cursor moves when it was too often. */
SF_MUST_USE enum sf_err sf_node_aside_refused(struct sf_node *node, struct sf_node_channel *channel,
	const struct sf_request_handout *asked, struct sf_diag *diag);
/* It was taken after all: its refusals are over. */
SF_MUST_USE enum sf_err sf_node_aside_taken(
	struct sf_node *node, uint64_t cursor, struct sf_diag *diag);
/* How many of this channel are on the list. */
SF_MUST_USE enum sf_err sf_node_aside_count(
	struct sf_node *node, const char *channel, uint64_t *ret_count, struct sf_diag *diag);
/* What one channel has on the list. */
struct sf_node_aside_pile {
	char channel[SF_CHANNEL_NAME_MAX + 1];
	uint32_t count;
	int64_t since_ms; /* when the first of them came there */
};
/* One for each channel that has any; as many are in use as *ret_count says. */
SF_MUST_USE enum sf_err sf_node_aside_piles(struct sf_node *node,
	struct sf_node_aside_pile ret_piles[SF_NODE_CHANNELS_MAX], size_t *ret_count,
	struct sf_diag *diag);
/* The channel is gone, and what it would bring with it. */
SF_MUST_USE enum sf_err sf_node_aside_forget(
	struct sf_node *node, const char *channel, struct sf_diag *diag);

SF_MUST_USE enum sf_err sf_node_serve_aside(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_aside_again(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
