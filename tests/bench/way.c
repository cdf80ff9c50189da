/*
 * End to end: hospital, coordinator and municipality as three processes, each with its own store on
 * disk (synchronous=FULL) and CURVE between them. README.md says what is printed.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bound.h"
#include "bench/trio.h"

#define PARTY_COUNT 3

struct way_options {
	enum sf_bench_kind kind;
	size_t in_flight; /* at each hospital */
	size_t hospitals;
	size_t letters; /* at each hospital */
	size_t workers;
	const char *folder;
	bool lines; /* print what the bound is made of */
};

/* One run: the way with these many in flight, and what each party did in it. */
struct run {
	struct sf_bench_result result;
	double cpu_us[PARTY_COUNT];                     /* a letter */
	double turns[PARTY_COUNT];                      /* letters a turn */
	double writes[PARTY_COUNT], reads[PARTY_COUNT]; /* statements a letter */
};

static void tell_parties(struct run *run, const struct sf_bench_mark *before,
	const struct sf_bench_mark *after, double count)
{
	for (size_t i = 0; i < PARTY_COUNT; i++) {
		const struct sf_bench_statements *a = &before[i].statements;
		const struct sf_bench_statements *b = &after[i].statements;
		uint64_t writes = b->inserts + b->replaces + b->removes - a->inserts - a->replaces -
				  a->removes;
		uint64_t reads = b->gets + b->scans - a->gets - a->scans;
		run->cpu_us[i] = (double)(after[i].cpu_ns - before[i].cpu_ns) / 1000 / count;
		run->turns[i] = count / (double)(after[i].turns - before[i].turns);
		run->writes[i] = (double)writes / count;
		run->reads[i] = (double)reads / count;
	}
}

static struct sf_bench_stay *make_stays(const struct sf_bench_trio *trio, size_t count)
{
	struct sf_bench_stay *stays = calloc(count, sizeof(*stays));
	SF_ASSERT(stays);
	for (size_t i = 0; i < count; i++)
		sf_bench_stay_init(&trio->region, i, &stays[i]);
	return stays;
}

static struct run run_way(const struct way_options *options)
{
	struct sf_bench_trio *trio = calloc(1, sizeof(*trio));
	SF_ASSERT(trio);
	sf_bench_trio_open(trio, options->folder, options->hospitals, options->workers);
	sf_bench_peer_start(trio, SF_BENCH_MUNICIPALITY);
	sf_bench_trio_connect(trio);
	struct sf_bench_stay *stays = make_stays(trio, options->hospitals * options->letters);
	struct sf_bench_load_options load = {.hospitals = trio->hospitals,
		.hospital_count = options->hospitals,
		.kind = options->kind,
		.in_flight = options->in_flight < 256 / options->hospitals
				     ? 256 / options->hospitals
				     : options->in_flight,
		.stay_count = options->letters,
		.opening = true};
	sf_ignore((int)sf_bench_load_run(&load, stays).count); /* every stay is opened, untimed */
	sf_bench_load_settle(trio->hospitals, trio->hospital_count, 300);

	struct run run;
	struct sf_bench_mark before[PARTY_COUNT], after[PARTY_COUNT];
	for (size_t i = 0; i < PARTY_COUNT; i++)
		before[i] = sf_bench_trio_mark(trio, i);
	load.opening = false;
	load.in_flight = options->in_flight;
	run.result = sf_bench_load_run(&load, stays);
	for (size_t i = 0; i < PARTY_COUNT; i++)
		after[i] = sf_bench_trio_mark(trio, i);
	tell_parties(&run, before, after, (double)run.result.count);
	free(stays);
	sf_bench_trio_close(trio);
	free(trio);
	return run;
}

static void print_run(const struct way_options *options, const struct run *run)
{
	static const char *const names[PARTY_COUNT] = {"coordinator", "municipality", "hospital"};
	const struct sf_bench_result *result = &run->result;
	double sum_us = run->cpu_us[0] + run->cpu_us[1] + run->cpu_us[2];
	printf("%zu x %zu in flight, %zu letters of %zu bytes: %.0f/s, p50 %.2f ms, p99 %.2f ms\n",
		options->hospitals, options->in_flight, result->count, result->letter_size,
		(double)result->count / result->seconds, result->p50_ms, result->p99_ms);
	for (size_t i = 0; i < PARTY_COUNT; i++)
		printf("   %-13s %7.1f us CPU, %6.1f letters a turn, %4.1f writes, %4.1f reads\n",
			names[i], run->cpu_us[i], run->turns[i], run->writes[i], run->reads[i]);
	printf("   together      %7.1f us CPU: two cores would give %.0f/s\n", sum_us,
		2e6 / sum_us);
	const struct sf_bench_batches batches = {run->turns[2], run->turns[0], run->turns[1]};
	double bound = sf_bench_bound(&batches, options->folder, options->lines ? stdout : NULL);
	printf("   bound %.0f/s; achieved/bound %.2f; by CPU alone %.2f\n", bound,
		(double)result->count / result->seconds / bound, 2e6 / sum_us / bound);
	fflush(stdout);
}

static const struct option long_options[] = {
	{"letters", required_argument, NULL, 'n'},
	{"in-flight", required_argument, NULL, 'f'},
	{"hospitals", required_argument, NULL, 's'},
	{"workers", required_argument, NULL, 'w'},
	{"folder", required_argument, NULL, 'd'},
	{"clinical", no_argument, NULL, 'c'},
	{"lines", no_argument, NULL, 'l'},
	{NULL, 0, NULL, 0},
};

static int usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [--clinical] [--in-flight N] [--hospitals N] [--letters N] [--workers N]"
		" [--folder DIR] [--lines]\n",
		program);
	return 2;
}

int main(int argc, char **argv)
{
	struct way_options options = {.kind = SF_BENCH_BODY,
		.in_flight = 1024,
		.hospitals = 1,
		.letters = 8000,
		.workers = 0,
		.folder = "."};
	int choice;
	while ((choice = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		size_t number = optarg ? (size_t)strtoul(optarg, NULL, 10) : 0;
		switch (choice) {
		case 'n':
			options.letters = number;
			break;
		case 'f':
			options.in_flight = number;
			break;
		case 's':
			options.hospitals = number;
			break;
		case 'w':
			options.workers = number;
			break;
		case 'd':
			options.folder = optarg;
			break;
		case 'c':
			options.kind = SF_BENCH_LETTER;
			break;
		case 'l':
			options.lines = true;
			break;
		default:
			return usage(argv[0]);
		}
	}
	struct run run = run_way(&options);
	print_run(&options, &run);
	return 0;
}
