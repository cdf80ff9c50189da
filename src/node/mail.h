/* Letters that are no notification, handed in by a clinical system. */
#ifndef SF_NODE_MAIL_H
#define SF_NODE_MAIL_H

#include "node/node.h"
#include "wire/local.h"

/*
 * Finds the open transition of the citizen, and sends the letter and the facts that it carries.
 * to: reference of the receiver, "" for whom it concerns. ret_reply is SF_REPLY_SENT.
 */
SF_MUST_USE enum sf_err sf_node_send_letter(struct sf_node *node,
	const struct sf_request_send *asked, const char *to, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag);
/* True for FHIR in JSON or XML, with or without parameters. */
bool sf_node_is_fhir(const char *content_type);
/* True for the type alone or followed by parameters; wanted is in lower case. */
bool sf_node_is_type(const char *content_type, const char *wanted);

#endif
