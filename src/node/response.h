/*
 * Answers that the sender of a message wants brought to it, and not only kept for who asks: its
 * wish is kept with the message, becomes a row of the feed when the recipient has answered, and is
 * handed out as any other row (channel.h): durable, in order, at least once.
 */
#ifndef SF_NODE_RESPONSE_H
#define SF_NODE_RESPONSE_H

#include "node/channel.h"

enum sf_node_response_way {
	SF_NODE_RESPONSE_URL = 1, /* MedCom's Acknowledgement, to a URL of the sender's */
	SF_NODE_RESPONSE_MLLP,    /* HL7's application acknowledgement (MSH-16), to where it is
				     configured */
};

/*
 * Whether answers may be posted to it: it begins with the URL of a hook for responses, and ends
 * there or goes on with another step of its path or a query. The one that says most of it brings
 * them.
 */
bool sf_node_response_allows(
	struct sf_node *node, const char *url, const struct sf_node_channel **ret_brings);
/* In place of what was wanted before for the same message. */
SF_MUST_USE enum sf_err sf_node_response_want(
	struct sf_node *node, const struct sf_node_row_response *wanted, struct sf_diag *diag);
/*
 * The same for a message that nobody is to answer: it is told with the turn that takes it that all
 * is done.
 */
SF_MUST_USE enum sf_err sf_node_response_want_now(
	struct sf_node *node, const struct sf_node_row_response *wanted, struct sf_diag *diag);
/* A recipient has answered, or will not any more: told when its sender wants it. */
SF_MUST_USE enum sf_err sf_node_response_answered(
	struct sf_node *node, const struct sf_node_row_delivery *delivery, struct sf_diag *diag);

/* The row is a response that this channel brings. */
bool sf_node_response_is_of(struct sf_node *node, const struct sf_node_channel *channel,
	const struct sf_node_row_feed *row);
/* Where to, and the document; no content when nothing is left of it. */
SF_MUST_USE enum sf_err sf_node_response_load(struct sf_node *node,
	const struct sf_node_channel *channel, const struct sf_node_row_feed *row,
	struct sf_arena *arena, struct sf_reply_handout *handout, struct sf_diag *diag);
/* The row was brought: nothing is wanted any more after a final answer. */
SF_MUST_USE enum sf_err sf_node_response_done(
	struct sf_node *node, const struct sf_node_row_feed *row, struct sf_diag *diag);

#endif
