/*
 * By which names of the clinical world something is found here: an episode of care names a
 * transition, an author's MessageHeader.id a letter that was received. Such ids may carry anything,
 * so only keyed hashes of them are kept (bodies.h, sf_node_local_name).
 */
#ifndef SF_NODE_NAMING_H
#define SF_NODE_NAMING_H

#include "node/state.h"

/* sor: of the organisation that gave the episode its id. SF_ERR_NOT_FOUND. */
SF_MUST_USE enum sf_err sf_node_find_episode(struct sf_node *node, const char *sor,
	const char *episode, struct sf_id *ret_transition, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_keep_episodes(struct sf_node *node,
	const struct sf_document *document, struct sf_id transition, struct sf_diag *diag);

/* SF_ERR_NOT_FOUND: no letter of this author with this MessageHeader.id was received. */
SF_MUST_USE enum sf_err sf_node_find_named(struct sf_node *node, struct sf_id author,
	const char *header_id, struct sf_node_row_named *ret_row, struct sf_diag *diag);
/*
 * Of a FHIR letter that was received: its own name and, of a notification whose author is the
 * sender that it names, those of its episodes.
 */
SF_MUST_USE enum sf_err sf_node_keep_names(struct sf_node *node, const struct sf_message *message,
	const struct sf_document *document, struct sf_diag *diag);
/* Has been taken after all: what the local system said against the letter stands no longer. */
SF_MUST_USE enum sf_err sf_node_forget_verdict(
	struct sf_node *node, struct sf_id message, struct sf_diag *diag);

#endif
