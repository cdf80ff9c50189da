/*
 * What time makes of a transition: derived facts (DOMAIN.md sections 2 and 4). The coordinator asks
 * at the first turn after a time has passed and records what it is told; every replica asks the
 * same question at the recorded time, and a derived fact that is not the answer has no effect and
 * is an integrity failure (R6).
 *
 * Order of those that are due together: due_ms, kind, clause, subject. Each is asked for after the
 * one before it was stepped.
 *
 * Timers are nothing but sf_transition_next_due_ms of each transition, kept beside it.
 */
#ifndef SF_CORE_DERIVED_H
#define SF_CORE_DERIVED_H

#include "core/transition.h"

/* How near to responsibility what is due stands: what a storm of timers is worked off by. */
enum sf_urgency {
	SF_URGENCY_MOVES = 0,  /* a window ends, a clause moves a domain */
	SF_URGENCY_OWED = 1,   /* a deadline passed, an alarm climbs */
	SF_URGENCY_RECORD = 2, /* silence, closing */
};

/*
 * The first derived fact due at now_ms; false when there is none. At most one; step it (class
 * SF_CLASS_DERIVED, the coordinator as author) and ask again. Kind `linked` is never told here:
 * it needs two transitions.
 */
bool sf_transition_derive(
	const struct sf_transition *transition, int64_t now_ms, struct sf_fact *ret_fact);
/*
 * When sf_transition_derive first has an answer if nothing is recorded before, and how near that is
 * to responsibility; SF_NEVER_MS. ret_urgency is always written, so it must not be NULL.
 */
int64_t sf_transition_next_due_ms(
	const struct sf_transition *transition, enum sf_urgency *ret_urgency);

/*
 * `linked`, as two transitions of one person show it (DOMAIN sections 3 and 4): newer has an
 * admission that stands. False when they have nothing to do with each other: another person, a
 * psychiatric and a somatic stay beside each other, the older one ended for good more than 30 days
 * before, or they are linked already. Linked ones are `undone` when the newer one's admission is
 * cancelled. For the older one ret_older, for the newer one ret_newer.
 */
bool sf_transition_link(const struct sf_transition *older, const struct sf_transition *newer,
	struct sf_fact *ret_older, struct sf_fact *ret_newer);

#endif
