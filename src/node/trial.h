/*
 * A fold beside the replica: what is recorded, then what this node has said and not seen recorded.
 * What people are about to say is stepped on it first, so that a mistake is told at once and in the
 * domain's own words. It decides nothing: what counts is what the coordinator records.
 */
#ifndef SF_NODE_TRIAL_H
#define SF_NODE_TRIAL_H

#include "node/state.h"

/* SF_ERR_NOT_FOUND: nothing of it is known here, neither recorded nor said. */
SF_MUST_USE enum sf_err sf_node_trial_open(struct sf_node *node, struct sf_id transition,
	struct sf_transition **ret_trial, struct sf_diag *diag);
/*
 * Steps a message of this party, complete but for its sequence numbers; sf_transition_close closes
 * the trial.
 */
SF_MUST_USE enum sf_err sf_node_trial_step(struct sf_node *node, struct sf_transition *trial,
	const struct sf_message *message, struct sf_transition_result *ret_result);
/* What stood at that time: events recorded by at_ms, at most up to known_sequence. The caller
 * closes ret_past->transition. */
SF_MUST_USE enum sf_err sf_node_past_open(struct sf_node *node, struct sf_id transition,
	int64_t at_ms, uint64_t known_sequence, struct sf_cached_transition *ret_past,
	struct sf_diag *diag);

#endif
