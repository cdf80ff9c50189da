/*
 * A municipality that has no case with the citizen keeps of the hospital's notifications that they
 * came, and not what they say (MedCom HospitalNotification, R.BR1 and R.BR2; DOMAIN.md section 3).
 */
#ifndef SF_NODE_NO_CASE_H
#define SF_NODE_NO_CASE_H

#include "node/state.h"

/*
 * The content of every notification of the transition that was received here goes; author, times,
 * the signed cover and the answer stay. What was waiting for the local system counts as taken over:
 * there is nothing left to fetch. Other letters stay. before_ms: what was received later stays,
 * too, because nobody answered; 0: all of it, because there is no case.
 */
SF_MUST_USE enum sf_err sf_node_drop_notifications(
	struct sf_node *node, struct sf_id transition, int64_t before_ms, struct sf_diag *diag);
/*
 * Attachments of a received message go with its content: what is whole, and the sealed name of what
 * is missing. While one is on its way none goes.
 */
SF_MUST_USE enum sf_err sf_node_drop_attachments(
	struct sf_node *node, struct sf_id author, struct sf_id message, struct sf_diag *diag);

#endif
