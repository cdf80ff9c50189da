/* Saying a fact, for the service of that name and for letters that clinical systems hand in. */
#ifndef SF_NODE_SAY_H
#define SF_NODE_SAY_H

#include "node/node.h"
#include "wire/local.h"

/*
 * message: the id it shall have, none for a new one. The reply is SF_REPLY_SAID, or says what is
 * wrong; then nothing was authored.
 */
SF_MUST_USE enum sf_err sf_node_say_fact(struct sf_node *node, const struct sf_request_say *asked,
	struct sf_id message, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
