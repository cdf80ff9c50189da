/*
 * Erasing this party's own copy of a transition. The party is the controller of its copy: what the
 * coordinator has erased is only asked for here, and stands on the board until somebody decides.
 */
#ifndef SF_NODE_ERASE_H
#define SF_NODE_ERASE_H

#include "node/state.h"

SF_MUST_USE enum sf_err sf_node_serve_erase(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* The coordinator says that it erased a transition: kept, for the board. */
SF_MUST_USE enum sf_err sf_node_hear_statement(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag);
/* Erased here: whatever comes of it is taken, and dropped. */
SF_MUST_USE enum sf_err sf_node_is_erased(
	struct sf_node *node, struct sf_id transition, bool *ret_erased, struct sf_diag *diag);
/* The coordinator has erased it, so that nothing of it can be compared with its view any more. */
SF_MUST_USE enum sf_err sf_node_is_asked(
	struct sf_node *node, struct sf_id transition, bool *ret_asked, struct sf_diag *diag);
/* The coordinator drops what this envelope says, because it erased its transition. */
SF_MUST_USE enum sf_err sf_node_drop_sending(
	struct sf_node *node, struct sf_id envelope_id, struct sf_diag *diag);
/* Closed for longer than this party keeps it: a few a turn (options.retention_ms). */
SF_MUST_USE enum sf_err sf_node_retain(struct sf_node *node, struct sf_diag *diag);
/*
 * A clock that jumped years ahead must not take everything: this one is believed only near the
 * newest time that the coordinator said, in its hello or of an event.
 */
SF_MUST_USE enum sf_err sf_node_is_time_known(
	struct sf_node *node, bool *ret_known, struct sf_diag *diag);
int64_t sf_node_retention_due_ms(const struct sf_node *node);

#endif
