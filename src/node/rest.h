/*
 * Content at rest (crypto/rest.h): what a node keeps of letters is sealed under a key of its
 * transition, made with its first letter. A node without a storage key keeps content as it is.
 */
#ifndef SF_NODE_REST_H
#define SF_NODE_REST_H

#include "node/state.h"

/* Which value it is, bound into its seal beside transition and message id. */
#define SF_NODE_REST_OUTBOX "outbox"
#define SF_NODE_REST_INBOX "inbox"
#define SF_NODE_REST_LETTER "letter"
#define SF_NODE_REST_ACKNOWLEDGEMENT "acknowledgement"
#define SF_NODE_REST_ERRORS "errors"
#define SF_NODE_REST_HOOK                                                                          \
	"hook" /* under the party's own id; beside when it was made and its name */
#define SF_NODE_REST_ENCLOSURE "enclosure"
#define SF_NODE_REST_HL7 "hl7" /* beside the UUID of the message (node/visit.h) */

struct sf_node_rest {
	struct sf_id transition; /* none: content is kept as it is */
	const char *value;       /* one of the above */
	struct sf_id message;
};

/* ret_sealed lives in the turn's arena; nothing stays nothing. */
SF_MUST_USE enum sf_err sf_node_seal_content(struct sf_node *node, const struct sf_node_rest *rest,
	struct sf_view content, struct sf_view *ret_sealed, struct sf_diag *diag);
/*
 * kept may be a view of a stored row: it is copied before the store is asked. ret_content lives in
 * arena; nothing when its key was destroyed. SF_ERR_CORRUPT: it is not what was sealed.
 */
SF_MUST_USE enum sf_err sf_node_open_content(struct sf_node *node, const struct sf_node_rest *rest,
	struct sf_view kept, struct sf_arena *arena, struct sf_view *ret_content,
	struct sf_diag *diag);

#endif
