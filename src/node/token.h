/*
 * API tokens: who may ask this node over the network. The secret is told once, when a person makes
 * it over the local socket; kept are its record digest, its name and its roles. A request that came
 * over the network is admitted here, before any service sees it: no face has that rule.
 */
#ifndef SF_NODE_TOKEN_H
#define SF_NODE_TOKEN_H

#include "node/state.h"

/* More systems than this do not speak to one organisation's node. */
#define SF_TOKENS_MAX ((size_t)1000)

/*
 * Sets account, role and purpose of who asked. *ret_answered: not admitted, and the reply says why:
 * SF_ERR_KEY_UNKNOWN without a token that is valid here, SF_ERR_AUTH when none of its roles may.
 */
SF_MUST_USE enum sf_err sf_node_admit(struct sf_node *node, struct sf_asker *asker,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag);

SF_MUST_USE enum sf_err sf_node_serve_tokens(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_token_create(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_token_revoke(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
