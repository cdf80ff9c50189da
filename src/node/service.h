/*
 * The local services of a node: one function a request, all inside the turn's transaction. A wrong
 * request is a reply with err and a sentence; an error that is returned ends the turn.
 */
#ifndef SF_NODE_SERVICE_H
#define SF_NODE_SERVICE_H

#include "node/node.h"
#include "wire/local.h"

/* Party reference of wire/local.h. SF_ERR_NOT_FOUND when nobody or more than one is meant. */
SF_MUST_USE enum sf_err sf_node_find_party(const struct sf_node *node, const char *reference,
	const struct sf_directory_entry **ret_entry);

/* letter.c */
SF_MUST_USE enum sf_err sf_node_serve_send(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* answer.c */
SF_MUST_USE enum sf_err sf_node_serve_accept(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_refuse(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_offer(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_withdraw(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
