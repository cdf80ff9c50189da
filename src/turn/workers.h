/*
 * A small pool of threads for struct sf_workers of port/workers.h. The caller's thread works too,
 * so a pool of 0 threads runs everything in place. run may be called from one thread only.
 */
#ifndef SF_TURN_WORKERS_H
#define SF_TURN_WORKERS_H

#include "base/err.h"
#include "port/workers.h"

struct sf_worker_pool; /* opaque */

#define SF_WORKER_THREADS_MAX 64

SF_MUST_USE enum sf_err sf_worker_pool_open(
	size_t thread_count, struct sf_worker_pool **ret_pool, struct sf_diag *diag);
void sf_worker_pool_close(struct sf_worker_pool **pool);
struct sf_workers sf_worker_pool_workers(struct sf_worker_pool *pool);

#endif
