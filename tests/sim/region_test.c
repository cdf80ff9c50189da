/*
 * Days of a region of 3 hospitals, 10 municipalities and 60 practices with 40 admissions a day.
 *   region_test [--days N] [--seeds N] [--from SEED] [--half 1|2] [--admissions N]
 * Without options 20 days of each of 10 seeds; SF_REGION_DAYS and SF_REGION_SEEDS set what options
 * do not. --half takes the first or second half of the seeds. A failing seed is printed with how
 * to run it again.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/region.h"

#define DAYS_DEFAULT 20
#define SEEDS_DEFAULT 10
#define ADMISSIONS_DEFAULT 40

static size_t number(const char *text, size_t otherwise)
{
	return text ? (size_t)strtoull(text, NULL, 10) : otherwise;
}

static bool run(uint64_t seed, size_t days, size_t admissions)
{
	static const struct sf_sim_plan plan = {.hospitals = 3,
		.municipalities = 10,
		.practices = 60,
		/* As a real machine has: what is in progress is not read back at every turn. */
		.limits = {.transitions_cached = 1024}};
	struct sf_sim_region *region = calloc(1, sizeof(*region));
	SF_ASSERT(region);
	clock_t begun = clock();
	sf_sim_region_open(region, seed, &plan, days * admissions, true);
	const char *broken = NULL;
	size_t day = 0;
	while (day < days && !broken) {
		broken = sf_sim_region_day(region, admissions);
		day++;
	}
	if (!broken)
		broken = sf_sim_region_end(region);
	printf("seed %" PRIu64 ": %zu days, %zu stays, %" PRIu64 " said, %" PRIu64
	       " refused, %" PRIu64 " events, %" PRIu64 " derived (%" PRId64
	       " ms late at most), %" PRIu64 " overdue at the end, %" PRIu64
	       " views compared, %.1f s\n",
		seed, day, region->course_count, region->said, region->refused,
		region->derived.events, region->derived.count, region->derived.late_ms_max,
		region->overdue, region->compared, (double)(clock() - begun) / CLOCKS_PER_SEC);
	fflush(stdout);
	if (broken)
		fprintf(stderr, "day %zu: %s\nagain: region_test --from %" PRIu64 " --days %zu\n",
			day, broken, seed, days);
	/* A region in which nothing was late would prove nothing. */
	bool proves = region->overdue > 0 && region->compared > 0 && region->checked > 0;
	if (!broken && !proves)
		fprintf(stderr, "nothing was overdue, or nothing was compared\n");
	sf_sim_region_close(region);
	free(region);
	return !broken && proves;
}

/* The first or the second half of count seeds; one seed is the first half. */
static void take_half(size_t which, size_t *count, size_t *from)
{
	size_t first = (*count + 1) / 2;
	*from = which == 2 ? *from + first : *from;
	*count = which == 2 ? *count - first : first;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"days", required_argument, NULL, 'd'},
		{"seeds", required_argument, NULL, 's'}, {"from", required_argument, NULL, 'f'},
		{"admissions", required_argument, NULL, 'a'},
		{"half", required_argument, NULL, 'h'}, {0}};
	size_t days = number(getenv("SF_REGION_DAYS"), DAYS_DEFAULT);
	size_t seeds = number(getenv("SF_REGION_SEEDS"), SEEDS_DEFAULT);
	size_t from = 1, admissions = ADMISSIONS_DEFAULT;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'd')
			days = number(optarg, days);
		else if (option == 's')
			seeds = number(optarg, seeds);
		else if (option == 'f')
			from = number(optarg, from);
		else if (option == 'a')
			admissions = number(optarg, admissions);
		else if (option == 'h')
			take_half(number(optarg, 1), &seeds, &from);
		else
			return 2;
	}
	bool good = true;
	for (size_t i = 0; i < seeds && good; i++)
		good = run(from + i, days, admissions);
	return good ? 0 : 1;
}
