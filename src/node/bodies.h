/*
 * What was sealed in the letters of a transition, newest first: whom to call, whose transition it
 * is. Personal data: it goes into bodies and into struct sf_reply_message and contacts alone.
 */
#ifndef SF_NODE_BODIES_H
#define SF_NODE_BODIES_H

#include "node/state.h"

/* What is sealed is a salt and a body behind it (WIRE.md section 1). */
#define SF_NODE_SALT_SIZE ((size_t)32)
#define SF_NODE_BODY_ROOM ((size_t)2 * 1024 * 1024)      /* one decoded body and its texts */
#define SF_NODE_DOCUMENT_ROOM ((size_t)64 * 1024 * 1024) /* one clinical document as it is read */

/*
 * Whether a received message is shown as a letter: it was opened and read. What was answered since
 * (an attachment that never came) changes nothing of what its author said in it.
 */
bool sf_node_is_letter(const struct sf_node_row_inbox *inbox);

/* Return false to stop. The body lives during the call. */
typedef bool sf_body_visitor(void *context, struct sf_id author, const struct sf_body *body);

SF_MUST_USE enum sf_err sf_node_walk_bodies(struct sf_node *node, struct sf_id transition,
	sf_body_visitor *visitor, void *context, struct sf_diag *diag);

/* Whose transition it is, as far as a letter here says; "" where none does. Texts in arena. */
struct sf_node_patient {
	const char *cpr;
	const char *name;
};
SF_MUST_USE enum sf_err sf_node_find_patient(struct sf_node *node, struct sf_id transition,
	struct sf_arena *arena, struct sf_node_patient *ret_patient, struct sf_diag *diag);
/*
 * The name of something that tells of a person, for the keys of tables: keyed with this node's
 * message-id secret, so that it cannot be found by trying all there are with the store alone.
 */
SF_MUST_USE enum sf_err sf_node_local_name(const struct sf_node *node, const struct sf_view *parts,
	size_t count, struct sf_digest *ret_name);
/* Remembers that the citizen has this transition; nothing for "". */
SF_MUST_USE enum sf_err sf_node_keep_patient(
	struct sf_node *node, const char *cpr, struct sf_id transition, struct sf_diag *diag);
/* Return false to stop. */
typedef bool sf_patient_visitor(void *context, struct sf_id transition);
/* Every transition of the citizen that this node knows, by rising id: ids are of their time. */
SF_MUST_USE enum sf_err sf_node_walk_patient(struct sf_node *node, const char *cpr,
	sf_patient_visitor *visitor, void *context, struct sf_diag *diag);
/*
 * The one transition of the citizen that is not closed. SF_ERR_NOT_FOUND: none; SF_ERR_CONFLICT:
 * more than one (a psychiatric and a somatic stay may be open together).
 */
SF_MUST_USE enum sf_err sf_node_patient_transition(
	struct sf_node *node, const char *cpr, struct sf_id *ret_transition, struct sf_diag *diag);

#endif
