/*
 * A notification of which this party never said whether it has a case: its content goes after the
 * time that is agreed (options.unanswered_ms), as if there were none (no_case.h). MedCom
 * HospitalNotification R.BR1 and R.BR2; DOMAIN.md section 8. Anything that this party itself says
 * in the transition is an answer, but "no case" only of what had come by then. Off unless
 * configured.
 */
#ifndef SF_NODE_UNANSWERED_H
#define SF_NODE_UNANSWERED_H

#include "node/state.h"

/* Some a turn; what was looked at is looked at again after a restart alone. */
SF_MUST_USE enum sf_err sf_node_drop_unanswered(struct sf_node *node, struct sf_diag *diag);
int64_t sf_node_unanswered_due_ms(const struct sf_node *node);

#endif
