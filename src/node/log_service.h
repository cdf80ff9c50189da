/*
 * Local services of a node about the log: checkpoints, proofs, evidence (wire/local_log.h). As
 * those of node/service.h.
 */
#ifndef SF_NODE_LOG_SERVICE_H
#define SF_NODE_LOG_SERVICE_H

#include "node/service.h"

/* log_service.c */
SF_MUST_USE enum sf_err sf_node_serve_log(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_proof(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* evidence_service.c */
SF_MUST_USE enum sf_err sf_node_serve_evidence(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
