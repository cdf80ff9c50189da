/*
 * Open transitions as bench_facts steps them: an agreement with three expectations and a handover,
 * an admission, then plans and their answers. Each transition ends after SF_BENCH_EVENTS_MAX events
 * and another takes its place, so that at any size the open ones are equally long on average.
 */
#ifndef SF_BENCH_PLANS_H
#define SF_BENCH_PLANS_H

#include "core/transition.h"

#define SF_BENCH_EVENTS_MAX ((size_t)24) /* a discharge has some 25 */
#define SF_BENCH_PLANS_START_MS INT64_C(1795000000000)

/* An answer in a working day, acceptance in four hours, the letter in a working day. */
struct sf_bench_terms {
	struct sf_agreement agreement;
	const struct sf_agreement *agreements[1];
	struct sf_acceptance acceptances[3];
	struct sf_agreement_book book;
};

/* terms must not move afterwards. */
void sf_bench_terms_init(struct sf_bench_terms *terms);

/* The transition that stands in a place, below 2^24; round counts those that ended there before. */
struct sf_id sf_bench_transition_id(size_t place, size_t round);
/* How many events it has when the clock starts: 0 to SF_BENCH_EVENTS_MAX - 1, all equally often. */
size_t sf_bench_first_length(size_t place);
/* Its event after index others. */
void sf_bench_event(const struct sf_bench_terms *terms, struct sf_id transition, size_t index,
	struct sf_message *ret_message);
/* Steps it, and asks when something is due next, as the coordinator does to keep its timer. */
void sf_bench_step(
	struct sf_transition *transition, const struct sf_message *message, size_t index);

/* Below bound, in a sequence that chance determines. */
size_t sf_bench_draw(uint64_t *chance, size_t bound);

#endif
