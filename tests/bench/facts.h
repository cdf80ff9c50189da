/*
 * What bench_facts measures at one size, in CPU microseconds: the least of several windows, because
 * what neighbours on the machine take from caches and memory only adds.
 */
#ifndef SF_BENCH_FACTS_H
#define SF_BENCH_FACTS_H

#include <stddef.h>

#include "bench/plans.h"

#define SF_BENCH_WINDOWS 8

struct sf_bench_facts {
	double fact_us;
	/* The same number of pieces as large as a transition, one of them read and written. */
	double floor_us;
	double transition_size; /* bytes each open transition takes */
};

/* Transitions in memory. */
struct sf_bench_facts sf_bench_facts_memory(const struct sf_bench_terms *terms, size_t count);

/* Transitions in a coordinator's store, which grows from one size to the next. */
struct sf_bench_facts_store;
struct sf_bench_facts_store *sf_bench_facts_store_open(
	const struct sf_bench_terms *terms, const char *folder, size_t count_max);
/* count: not less than before. */
struct sf_bench_facts sf_bench_facts_store(struct sf_bench_facts_store *store, size_t count);
/* Removes its files. */
void sf_bench_facts_store_close(struct sf_bench_facts_store **store);

#endif
