/*
 * The inside of following duties, after a fact has had its effect: shared by duty_follow.c,
 * duty_due.c and expectation.c.
 */
#ifndef SF_CORE_DUTY_FOLLOW_H
#define SF_CORE_DUTY_FOLLOW_H

#include "core/transition_state.h"

/* One step, and the terms that rule after it. */
struct sf_follow {
	struct sf_step *step;                 /* borrowed */
	const struct sf_agreement *agreement; /* borrowed; NULL */
	const struct sf_pathway_terms *terms; /* borrowed; NULL */
	int64_t at_ms;
};

/* expectation.c: met by the step's fact, or by holding the domain that was to be taken. */
void sf_expectation_meet(const struct sf_follow *follow, struct sf_obligation *obligation);
/* Is it still owed? Cancels it, or brings back what had been cancelled so. */
void sf_expectation_rejudge(
	const struct sf_follow *follow, struct sf_obligation *obligation, bool has_new_owner);
/* Raises every expectation that stands and is not there. */
void sf_expectations_raise(const struct sf_follow *follow);
/* duty_due.c: the deadline, from what the facts say now. */
void sf_duty_derive_due(const struct sf_follow *follow, struct sf_obligation *obligation);

#endif
