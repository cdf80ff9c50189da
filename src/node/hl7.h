/*
 * ADT messages of HL7 v2, handed in by a hospital's own system: what they tell of a stay is sent as
 * the HospitalNotification that format makes of it, what they expect is said as a plan.
 */
#ifndef SF_NODE_HL7_H
#define SF_NODE_HL7_H

#include "node/node.h"
#include "wire/local.h"

/* True for application/hl7-v2 and its other name, with or without parameters. */
bool sf_node_is_hl7(const char *content_type);
/*
 * ret_reply is SF_REPLY_SENT; its acknowledgement is the HL7 one, the same bytes for the same
 * message (empty where MSH-15 wants none).
 */
SF_MUST_USE enum sf_err sf_node_send_hl7(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

#endif
