/*
 * A store that counts what is asked of it, and sees each delivery become final at the node that
 * sent the letter: that is what "acknowledged back" means here.
 */
#ifndef SF_BENCH_WATCH_H
#define SF_BENCH_WATCH_H

#include "port/store.h"

struct sf_bench_statements {
	uint64_t inserts, replaces, removes, gets, scans, commits;
};

struct sf_bench_watch {
	struct sf_store inner; /* borrowed */
	struct sf_bench_statements statements;
	/* Before the turn has committed; NULL to only count. */
	void (*final)(void *context, struct sf_id message);
	void *context; /* borrowed */
};

/* watch must not move while the port is used. */
struct sf_store sf_bench_watch_store(struct sf_bench_watch *watch, struct sf_store inner);

#endif
