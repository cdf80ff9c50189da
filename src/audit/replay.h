/*
 * Replaying a transition from what was recorded: cover and receipt facts in, the same state out, on
 * every replica. The coordinator uses it to load a transition, nodes to follow one.
 */
#ifndef SF_AUDIT_REPLAY_H
#define SF_AUDIT_REPLAY_H

#include "core/transition.h"
#include "wire/header.h"

/* What the receipt says about a recorded message. */
struct sf_recorded {
	enum sf_kind_class kind_class;
	enum sf_outcome outcome;
	uint16_t code;
	uint64_t sequence;
	int64_t recorded_ms;
	enum sf_role author_role;
};

/*
 * True when the outcome was decided before the transition was asked (a conflict of ids, an unknown
 * recipient, a text that nobody was told of) or is a resend: it takes a number and does nothing
 * else.
 */
bool sf_recorded_is_number_only(const struct sf_recorded *recorded);

/*
 * Steps one recorded message. SF_ERR_INTEGRITY when the replica's outcome is not the recorded one:
 * the step stands, and the caller raises the alarm.
 */
SF_MUST_USE enum sf_err sf_replay_step(struct sf_transition *transition,
	const struct sf_message *message, const struct sf_recorded *recorded,
	struct sf_transition_result *ret_result);

/*
 * `linked` is taken as told when it is replayed, because it needs two transitions. With both, as
 * they stood before the two facts were recorded, this says whether the facts are what the two give.
 */
bool sf_replay_link_holds(const struct sf_transition *older, const struct sf_transition *newer,
	const struct sf_fact *in_older, const struct sf_fact *in_newer);

#endif
