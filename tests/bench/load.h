/*
 * Sends letters from hospitals and waits for each to be acknowledged back, with a bound on how many
 * are in flight. Runs in the sending process; the turn of each hospital is driven from here.
 */
#ifndef SF_BENCH_LOAD_H
#define SF_BENCH_LOAD_H

#include "bench/letters.h"

struct sf_bench_load_options {
	struct sf_bench_machine *hospitals; /* borrowed */
	size_t hospital_count;
	enum sf_bench_kind kind;
	size_t in_flight;  /* at each hospital */
	size_t stay_count; /* at each hospital: so many letters are sent */
	bool opening;      /* the admissions; else the leaves */
};

struct sf_bench_result {
	size_t count;
	double seconds;
	double p50_ms, p99_ms;
	size_t letter_size; /* bytes of content */
};

/* stays: stay_count of them for each hospital, one behind the other. */
struct sf_bench_result sf_bench_load_run(
	const struct sf_bench_load_options *options, struct sf_bench_stay *stays);
/* Only sends, 64 a turn, and waits until the coordinator has them all: options->in_flight is not
 * looked at. One hospital. */
void sf_bench_load_send(const struct sf_bench_load_options *options, struct sf_bench_stay *stays);
/* Turns of the hospitals until their links are greeted and nothing is left to send. */
void sf_bench_load_settle(struct sf_bench_machine *hospitals, size_t count, int64_t wait_ms);

#endif
