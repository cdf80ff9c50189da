#include "timeline/scale.h"

#include <stdlib.h>

#include "base/time.h"

struct times {
	int64_t *items;
	size_t count;
};

static int by_time(const void *a, const void *b)
{
	const int64_t *first = a, *second = b;
	return *first < *second ? -1 : *first > *second;
}

static void collect(const struct sf_timeline *timeline, struct times *times)
{
	int64_t *at = times->items;
	*at++ = timeline->from_ms;
	*at++ = timeline->until_ms > timeline->from_ms ? timeline->until_ms
						       : timeline->from_ms + SF_HOUR_MS;
	for (size_t i = 0; i < timeline->mark_count; i++)
		*at++ = timeline->marks[i].event->recorded_ms;
	for (size_t i = 0; i < timeline->band_count; i++)
		*at++ = timeline->bands[i].from_ms;
	for (size_t i = 0; i < timeline->window_count; i++)
		*at++ = timeline->windows[i].until_ms;
	for (size_t i = 0; i < timeline->flag_count; i++)
		*at++ = timeline->flags[i].duty->due_ms;
	for (size_t i = 0; i < timeline->gap_count; i++)
		*at++ = timeline->gaps[i].until_ms;
	times->count = (size_t)(at - times->items);
	qsort(times->items, times->count, sizeof(*times->items), by_time);
	size_t kept = 1;
	for (size_t i = 1; i < times->count; i++)
		if (times->items[i] != times->items[kept - 1])
			times->items[kept++] = times->items[i];
	times->count = kept;
}

/* Grows as the fourth root: a minute is 1, an hour 3, a day 6, a month 14. */
static double weight_of(int64_t span_ms)
{
	double minutes = (double)span_ms / (double)SF_MINUTE_MS;
	double weight = 1.0;
	while (minutes > 16.0) {
		minutes /= 16.0;
		weight *= 2.0;
	}
	return weight * (1.0 + (minutes > 1.0 ? (minutes - 1.0) / 15.0 : 0.0));
}

enum sf_err sf_timeline_scale_make(const struct sf_timeline *timeline, double width,
	struct sf_arena *arena, struct sf_timeline_scale *ret_scale)
{
	size_t capacity = 2 + timeline->mark_count + timeline->band_count + timeline->window_count +
			  timeline->flag_count + timeline->gap_count;
	struct times times = {sf_arena_take_many(arena, capacity, sizeof(*times.items)), 0};
	double *places = sf_arena_take_many(arena, capacity, sizeof(*places));
	if (!times.items || !places)
		return SF_ERR_LIMIT;
	collect(timeline, &times);
	places[0] = 0.0;
	for (size_t i = 1; i < times.count; i++)
		places[i] = places[i - 1] + weight_of(times.items[i] - times.items[i - 1]);
	double whole = places[times.count - 1];
	for (size_t i = 0; i < times.count; i++)
		places[i] *= width / whole;
	*ret_scale = (struct sf_timeline_scale){times.count, times.items, places, width};
	return SF_OK;
}

double sf_timeline_place(const struct sf_timeline_scale *scale, int64_t time_ms)
{
	if (time_ms <= scale->times_ms[0])
		return 0.0;
	size_t low = 0, high = scale->count - 1;
	if (time_ms >= scale->times_ms[high])
		return scale->width;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (scale->times_ms[middle] <= time_ms)
			low = middle;
		else
			high = middle;
	}
	double part = (double)(time_ms - scale->times_ms[low]) /
		      (double)(scale->times_ms[high] - scale->times_ms[low]);
	return scale->places[low] + part * (scale->places[high] - scale->places[low]);
}
