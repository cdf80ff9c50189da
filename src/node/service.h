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

/* mailbox.c */
SF_MUST_USE enum sf_err sf_node_serve_inbox(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_message(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_handled(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* quarantine.c */
SF_MUST_USE enum sf_err sf_node_serve_quarantine(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* deliveries.c */
SF_MUST_USE enum sf_err sf_node_serve_outbox(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* Of one transition, recorded or not yet, oldest first; rows live in arena. */
SF_MUST_USE enum sf_err sf_node_list_deliveries(struct sf_node *node, struct sf_id transition,
	struct sf_arena *arena, size_t *ret_count, const struct sf_delivery_row **ret_rows,
	struct sf_diag *diag);
/* tracking.c */
SF_MUST_USE enum sf_err sf_node_serve_transitions(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_transition(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* acknowledgement.c */
SF_MUST_USE enum sf_err sf_node_serve_acknowledgement(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* status.c */
SF_MUST_USE enum sf_err sf_node_serve_status(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

#endif
