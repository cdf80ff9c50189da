/*
 * The bound this machine sets: two cores divided by the work that no implementation of this way
 * with SQLite rows can avoid for one letter of 2 KB and its acknowledgement, over the three
 * parties.
 */
#ifndef SF_BENCH_BOUND_H
#define SF_BENCH_BOUND_H

#include <stdio.h>

#include "bench/stage.h"

/* Letters a turn, as seen in the run. */
struct sf_bench_batches {
	double hospital, coordinator, municipality;
};

/* Prints the sum line by line when out is not NULL; letters a second. */
double sf_bench_bound(const struct sf_bench_batches *batches, const char *folder, FILE *out);

#endif
