/* Who read what at this node: committed with the turn, so before the answer is given. */
#ifndef SF_NODE_ACCESS_H
#define SF_NODE_ACCESS_H

#include "node/state.h"

/* Keeps it when the answer tells anything of anybody (audit/access.h). */
SF_MUST_USE enum sf_err sf_node_keep_access(struct sf_node *node, const struct sf_request *request,
	const struct sf_reply *reply, struct sf_diag *diag);
/*
 * For a refusal, of which nothing is kept else, that tells that somebody is known here: of the
 * service that refuses, once it knows whom it tells of. And for each of several that one answer is
 * of.
 */
SF_MUST_USE enum sf_err sf_node_keep_disclosure(struct sf_node *node,
	const struct sf_request *request, struct sf_id transition, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_access_log(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
