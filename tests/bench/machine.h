/*
 * One party as its daemon runs it: engine, SQLite store on disk, worker pool, CURVE link on
 * loopback, and the turn around them. What is left out is the local socket: the bench hands its
 * requests to the turn itself, as many at once as it likes.
 */
#ifndef SF_BENCH_MACHINE_H
#define SF_BENCH_MACHINE_H

#include <stdatomic.h>

#include "bench/region.h"
#include "bench/watch.h"
#include "coordinator/coordinator.h"
#include "node/node.h"
#include "store/sqlite.h"
#include "transport/dealer.h"
#include "transport/router.h"
#include "turn/turn.h"
#include "turn/workers.h"

#define SF_BENCH_ENDPOINT_SIZE 64

/* What a process tells the others while it runs: in memory that they share. */
struct sf_bench_tally {
	_Atomic uint64_t turns;
	_Atomic bool stop;                     /* the machine is to leave its loop */
	struct sf_bench_statements statements; /* read when the machine has nothing to do */
	_Atomic bool ready;
	_Atomic int64_t ready_ns; /* from the first line of its process until it can be dialled */
	char endpoint[SF_BENCH_ENDPOINT_SIZE]; /* coordinator: where it listens; set before ready */
};

struct sf_bench_machine {
	const struct sf_bench_region *region; /* borrowed */
	const struct sf_bench_party *party;   /* borrowed */
	struct sf_bench_watch watch;
	struct sf_sqlite *store; /* owned, as all below */
	struct sf_worker_pool *workers;
	struct sf_node *node;
	struct sf_coordinator *coordinator;
	struct sf_zap *zap;
	struct sf_router *router;
	struct sf_dealer *dealer;
	struct sf_turn turn;
};

struct sf_bench_machine_options {
	const struct sf_bench_region *region; /* borrowed */
	size_t party;                         /* index in the region */
	const char *folder;                   /* of the store */
	const struct sf_context *context;
	const char *endpoint; /* of the coordinator, for nodes */
	size_t worker_count;
};

void sf_bench_machine_open(
	struct sf_bench_machine *machine, const struct sf_bench_machine_options *options);
void sf_bench_machine_close(struct sf_bench_machine *machine);
/* One turn with calls; aborts on an error. */
bool sf_bench_machine_turn(
	struct sf_bench_machine *machine, struct sf_call *calls, size_t call_count);
/* Waits until one of the machines has something to do, at most wait_ms. */
void sf_bench_machines_wait(struct sf_bench_machine *machines, size_t count, int wait_ms);
/* Runs one machine until tally->stop. */
void sf_bench_machine_run(struct sf_bench_machine *machine, struct sf_bench_tally *tally);

#endif
