/* What a party knew of a transition at a time. */
#ifndef SF_NODE_PAST_H
#define SF_NODE_PAST_H

#include "node/state.h"

/* The last event that the party had by then; of another party at least that. 0: none. */
SF_MUST_USE enum sf_err sf_past_known_sequence(struct sf_node *node, struct sf_id transition,
	struct sf_id party, int64_t at_ms, uint64_t *ret_sequence, struct sf_diag *diag);

#endif
