/*
 * An evidence file of a transition: what making and checking it costs, and how large it is.
 *
 *   bench_evidence [--events N]
 *
 * CPU milliseconds, medians of nine; checking begins with nothing cached, as on another machine.
 * Making is what a daemon does beyond reading its store: proofs, claim, signature, bytes.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "bench/measure.h"
#include "client/verifier.h"
#include "unit/audit/world.h"

#define ROUNDS 9

/* Letters to and fro behind the story, until there are so many events. */
static void grow(struct world *world, size_t count)
{
	world_story(world);
	while (world->event_count < count) {
		char author = world->event_count % 2 ? 'H' : 'K';
		struct sf_message message = world_message(world, author, SF_KIND_LETTER);
		message.fact.letter.code = SF_LETTER_CORRESPONDENCE;
		message.recipient_count = 1;
		message.recipients[0] = world_id(author == 'H' ? 'K' : 'H');
		world_record(world, &message);
	}
	world_checkpoint(world, "HK");
}

static double check(struct sf_view file)
{
	struct sf_verifier *verifier = NULL;
	struct sf_evidence_report *report = NULL;
	const struct sf_verifier_question question = {.evidence = file};
	int64_t begun_ns = sf_bench_cpu_ns(0);
	SF_ASSERT(!sf_verifier_open(NULL, sf_view_of(NULL, 0), &verifier, NULL));
	SF_ASSERT(!sf_verifier_check(verifier, &question, &report, NULL));
	double took_ms = (double)(sf_bench_cpu_ns(0) - begun_ns) / 1e6;
	SF_ASSERT(report->verified);
	sf_evidence_report_close(&report);
	sf_verifier_close(&verifier);
	return took_ms;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"events", required_argument, NULL, 'e'}, {NULL, 0, NULL, 0}};
	size_t count = 200;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option != 'e')
			return 2;
		count = (size_t)strtoul(optarg, NULL, 10);
	}
	if (count < 10 || count > WORLD_EVENTS_MAX)
		return 2;
	struct world *world = calloc(1, sizeof(*world));
	SF_ASSERT(world);
	world_open(world);
	grow(world, count);
	double made_ms[ROUNDS], checked_ms[ROUNDS];
	struct sf_view file = {0};
	for (size_t i = 0; i < ROUNDS; i++) {
		int64_t begun_ns = sf_bench_cpu_ns(0);
		file = world_file(world, 'S');
		made_ms[i] = (double)(sf_bench_cpu_ns(0) - begun_ns) / 1e6;
		checked_ms[i] = check(file);
	}
	double made = sf_bench_quantile(made_ms, ROUNDS, 0.5);
	double checked = sf_bench_quantile(checked_ms, ROUNDS, 0.5);
	printf("%zu events, %zu bytes: %zu an event\n", world->event_count, file.size,
		file.size / world->event_count);
	printf("make   %7.1f ms  %6.0f us an event\n", made,
		1000 * made / (double)world->event_count);
	printf("check  %7.1f ms  %6.0f us an event\n", checked,
		1000 * checked / (double)world->event_count);
	world_close(world);
	free(world);
	return 0;
}
