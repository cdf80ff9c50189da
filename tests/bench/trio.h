/*
 * The three parties as processes: coordinator and municipality are children, the hospitals run in
 * this process and are driven by bench/load.h. Stores lie in a fresh folder that close removes.
 */
#ifndef SF_BENCH_TRIO_H
#define SF_BENCH_TRIO_H

#include <sys/types.h>

#include "bench/load.h"

struct sf_bench_peer {
	pid_t process;                /* 0: not running */
	struct sf_bench_tally *tally; /* shared with it */
};

struct sf_bench_trio {
	struct sf_bench_region region;
	size_t hospital_count;
	size_t worker_count;
	char folder[256];
	struct sf_bench_peer peers[2]; /* SF_BENCH_COORDINATOR, SF_BENCH_MUNICIPALITY */
	struct sf_context *context;
	struct sf_bench_machine *hospitals; /* owned; NULL before connect */
};

/* What a process had done at a moment. */
struct sf_bench_mark {
	int64_t cpu_ns;
	uint64_t turns;
	struct sf_bench_statements statements;
};

/* Keys and folder; the coordinator is started. parent must exist. */
void sf_bench_trio_open(
	struct sf_bench_trio *trio, const char *parent, size_t hospital_count, size_t worker_count);
void sf_bench_trio_close(struct sf_bench_trio *trio);
void sf_bench_peer_start(struct sf_bench_trio *trio, size_t party);
void sf_bench_peer_stop(struct sf_bench_trio *trio, size_t party);
/* Opens the hospitals and waits until they know the directory. After the peers that fork. */
void sf_bench_trio_connect(struct sf_bench_trio *trio);

/* party as in the region; all hospitals count as one, SF_BENCH_HOSPITAL. */
struct sf_bench_mark sf_bench_trio_mark(const struct sf_bench_trio *trio, size_t party);

#endif
