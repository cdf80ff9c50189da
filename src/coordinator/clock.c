/*
 * DESIGN.md section 4: a clock that leaves the median of the connected nodes by more than five
 * minutes is told. The turn's clock sees only jumps while it runs; this one also sees a program
 * that was started with a wrong clock.
 */
#include "coordinator/state.h"

#include <stdlib.h>

#include "base/time.h"

#define APART_MS (5 * SF_MINUTE_MS)
#define NODES_MIN 3 /* of two, nobody knows which one is wrong */

static int by_size(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
	return first < second ? -1 : first > second;
}

int64_t sf_coordinator_clock_ahead_ms(const struct sf_coordinator *coordinator)
{
	const struct sf_parties_table *parties = &coordinator->parties;
	int64_t *ahead_ms = calloc(parties->count + 1, sizeof(*ahead_ms));
	size_t count = 0;
	for (size_t i = 0; ahead_ms && i < parties->slot_count; i++) {
		const struct sf_party_state *party = parties->slots[i];
		if (party && party->route && party->clock_known)
			ahead_ms[count++] = party->clock_ahead_ms;
	}
	int64_t median_ms = 0;
	if (count >= NODES_MIN) {
		qsort(ahead_ms, count, sizeof(*ahead_ms), by_size);
		median_ms = ahead_ms[count / 2];
	}
	free(ahead_ms);
	return median_ms;
}

void sf_coordinator_judge_clock(struct sf_coordinator *coordinator)
{
	int64_t ahead_ms = sf_coordinator_clock_ahead_ms(coordinator);
	bool apart = ahead_ms > APART_MS || ahead_ms < -APART_MS;
	if (apart && !coordinator->clock_apart)
		sf_coordinator_tell(coordinator, SF_FEED_TROUBLE, (struct sf_id){{0}},
			coordinator->options.party, (struct sf_id){{0}});
	coordinator->clock_apart = apart;
}

void sf_coordinator_compare_clock(struct sf_coordinator *coordinator, struct sf_party_state *party,
	const struct sf_hello *hello)
{
	party->clock_known = hello->now_ms > 0;
	party->clock_ahead_ms = hello->now_ms - coordinator->now_ms;
	sf_coordinator_judge_clock(coordinator);
}
