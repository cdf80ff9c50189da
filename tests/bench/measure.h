/*
 * Clocks and medians of the bench. CPU time is what this machine's neighbours cannot change; wall
 * time is what a user waits.
 */
#ifndef SF_BENCH_MEASURE_H
#define SF_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int64_t sf_bench_now_ns(void);
/* CPU of all threads of a process; 0 is this one. -1 when it is gone. */
int64_t sf_bench_cpu_ns(pid_t process);
/* Resident bytes that are this process's own; 0 is this one. -1 when it is gone. */
int64_t sf_bench_private_size(pid_t process);

/* Does the work of one round for count items; prepare, before it, is not measured. */
struct sf_bench_work {
	void *context;                                /* borrowed */
	void (*prepare)(void *context, size_t count); /* or NULL */
	void (*round)(void *context, size_t count);
};
/* CPU microseconds an item: median of several rounds that together take some 100 ms. */
double sf_bench_cost_us(const struct sf_bench_work *work, size_t count);

/* Orders values. share is 0 to 1. 0 when there are none. */
double sf_bench_quantile(double *values, size_t count, double share);

#endif
