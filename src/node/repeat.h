/*
 * Requests of callers that may lose an answer: what was done under an idempotency key is not done
 * again, and what is about a transition that has gone on since is not done at all.
 */
#ifndef SF_NODE_REPEAT_H
#define SF_NODE_REPEAT_H

#include "node/state.h"

/* So long a key is known; then it is as if it had never been used. */
#define SF_REPEAT_MS ((int64_t)7 * 24 * 60 * 60 * 1000)

/*
 * *ret_answered: it was done already and the reply is the same again, or the key was used for
 * something else (SF_ERR_USAGE), or sf_request.expected does not hold (SF_ERR_CONFLICT). A hand-in
 * (SF_REQUEST_SEND) is served again: it knows its own duplicates, and says by now what the
 * recipient answered. An attachment that was announced is the same one again, as far as it is by
 * now. What is answered once (a hook's secret, what was erased), and an attachment that has gone
 * since, is SF_ERR_STATE.
 */
SF_MUST_USE enum sf_err sf_node_repeated(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag);
/* After it was served, in the same transaction. */
SF_MUST_USE enum sf_err sf_node_keep_repeat(struct sf_node *node, const struct sf_request *request,
	const struct sf_reply *reply, struct sf_diag *diag);

#endif
