#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "bench/facts.h"
#include "bench/measure.h"

#define STEPS ((size_t)4096) /* in a window */

/* Open transitions in memory; rounds and lengths are kept apart: finding them is not measured. */
struct places {
	const struct sf_bench_terms *terms;
	size_t count;
	struct sf_transition **transitions;
	uint32_t *rounds;
};

static void open_at(struct places *places, size_t place)
{
	SF_ASSERT(!sf_transition_open(sf_bench_transition_id(place, places->rounds[place]),
		&places->terms->book, &places->transitions[place]));
}

static void step_at(struct places *places, size_t place)
{
	size_t index = (size_t)sf_transition_sequence(places->transitions[place]);
	if (index == SF_BENCH_EVENTS_MAX) {
		sf_transition_close(&places->transitions[place]);
		places->rounds[place]++;
		open_at(places, place);
		index = 0;
	}
	struct sf_message message;
	sf_bench_event(
		places->terms, sf_transition_id(places->transitions[place]), index, &message);
	sf_bench_step(places->transitions[place], &message, index);
}

/* Event by event over all of them, as days do it: what a transition holds lies far apart. */
static void fill(struct places *places)
{
	for (size_t i = 0; i < places->count; i++)
		open_at(places, i);
	for (size_t j = 0; j + 1 < SF_BENCH_EVENTS_MAX; j++)
		for (size_t i = 0; i < places->count; i++)
			if (sf_bench_first_length(i) > j)
				step_at(places, i);
}

static double window_us(struct places *places, uint64_t *chance)
{
	int64_t begun_ns = sf_bench_cpu_ns(0);
	for (size_t i = 0; i < STEPS; i++)
		step_at(places, sf_bench_draw(chance, places->count));
	return (double)(sf_bench_cpu_ns(0) - begun_ns) / 1000.0 / (double)STEPS;
}

/* One piece of memory for each transition, as large: copied out, changed, copied back. */
static double floor_us(size_t count, size_t size)
{
	uint8_t *pieces = malloc(count * size), *piece = malloc(size);
	SF_ASSERT(pieces && piece);
	memset(pieces, 1, count * size);
	uint64_t chance = 1;
	double least = 0;
	for (size_t window = 0; window < SF_BENCH_WINDOWS; window++) {
		int64_t begun_ns = sf_bench_cpu_ns(0);
		for (size_t i = 0; i < STEPS; i++) {
			uint8_t *place = pieces + sf_bench_draw(&chance, count) * size;
			memcpy(piece, place, size);
			piece[i % size]++;
			memcpy(place, piece, size);
		}
		double cost = (double)(sf_bench_cpu_ns(0) - begun_ns) / 1000.0 / (double)STEPS;
		least = window == 0 || cost < least ? cost : least;
	}
	free(pieces);
	free(piece);
	return least;
}

struct sf_bench_facts sf_bench_facts_memory(const struct sf_bench_terms *terms, size_t count)
{
	struct places places = {.terms = terms,
		.count = count,
		.transitions = calloc(count, sizeof(struct sf_transition *)),
		.rounds = calloc(count, sizeof(uint32_t))};
	SF_ASSERT(places.transitions && places.rounds);
	int64_t before = sf_bench_private_size(0);
	fill(&places);
	struct sf_bench_facts facts = {
		.transition_size = (double)(sf_bench_private_size(0) - before) / (double)count};
	uint64_t chance = 1;
	for (size_t window = 0; window < SF_BENCH_WINDOWS; window++) {
		double cost = window_us(&places, &chance);
		facts.fact_us = window == 0 || cost < facts.fact_us ? cost : facts.fact_us;
	}
	for (size_t i = 0; i < count; i++)
		sf_transition_close(&places.transitions[i]);
	free(places.transitions);
	free(places.rounds);
	facts.floor_us = floor_us(count, (size_t)facts.transition_size);
	return facts;
}
