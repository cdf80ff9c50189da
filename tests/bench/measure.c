#include "bench/measure.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"

#define SECOND_NS INT64_C(1000000000)
#define ROUNDS_MIN ((size_t)9)
#define ROUNDS_MAX ((size_t)2001)
#define MEASURE_NS (SECOND_NS / 10)

static int64_t read_ns(clockid_t clock)
{
	struct timespec at;
	if (clock_gettime(clock, &at))
		return -1;
	return at.tv_sec * SECOND_NS + at.tv_nsec;
}

int64_t sf_bench_now_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

int64_t sf_bench_cpu_ns(pid_t process)
{
	clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
	if (process != 0 && clock_getcpuclockid(process, &clock))
		return -1;
	return read_ns(clock);
}

int64_t sf_bench_private_size(pid_t process)
{
	char path[64] = "/proc/self/smaps_rollup", line[256];
	if (process != 0)
		snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)process);
	FILE *file = fopen(path, "r");
	if (!file)
		return -1;
	int64_t size = 0;
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, "Private_", 8) == 0)
			size += 1024 * strtoll(strchr(line, ':') + 1, NULL, 10);
	fclose(file);
	return size;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

double sf_bench_quantile(double *values, size_t count, double share)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	size_t index = (size_t)(share * (double)count);
	return values[index < count ? index : count - 1];
}

double sf_bench_cost_us(const struct sf_bench_work *work, size_t count)
{
	double *costs = calloc(ROUNDS_MAX, sizeof(*costs));
	SF_ASSERT(costs);
	size_t used = 0;
	int64_t begun_ns = sf_bench_now_ns();
	/* The first round warms up and is not counted. */
	for (bool warm = false; used < ROUNDS_MIN ||
				(used < ROUNDS_MAX && sf_bench_now_ns() - begun_ns < MEASURE_NS);
		warm = true) {
		if (work->prepare)
			work->prepare(work->context, count);
		int64_t before_ns = sf_bench_cpu_ns(0);
		work->round(work->context, count);
		if (warm)
			costs[used++] =
				(double)(sf_bench_cpu_ns(0) - before_ns) / 1000 / (double)count;
	}
	double median = sf_bench_quantile(costs, used, 0.5);
	free(costs);
	return median;
}
