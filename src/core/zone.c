#include "core/zone.h"

#include <stdbool.h>

#include "base/time.h"

/* No zone is further from UTC (RFC 8536 section 3.2 bounds offsets at -25 and 26 hours). */
#define OFFSET_MAX_MS (27 * SF_HOUR_MS)

static int64_t saturate(int64_t time_ms)
{
	const int64_t limit_ms = SF_DAY_MAX * SF_DAY_MS;
	if (time_ms > limit_ms)
		return limit_ms;
	return time_ms < -limit_ms ? -limit_ms : time_ms;
}

/* How many changes lie at or before the time. */
static size_t changes_until(const struct sf_zone *zone, int64_t time_ms)
{
	size_t low = 0;
	size_t high = zone->change_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->changes[middle].at_ms <= time_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The offset after so many changes. */
static int32_t offset_after(const struct sf_zone *zone, size_t count)
{
	return count == 0 ? zone->first_offset_s : zone->changes[count - 1].offset_s;
}

int32_t sf_zone_offset_s(const struct sf_zone *zone, int64_t time_ms)
{
	return zone ? offset_after(zone, changes_until(zone, time_ms)) : 0;
}

struct sf_local_time sf_zone_local(const struct sf_zone *zone, int64_t time_ms)
{
	int64_t local_ms =
		saturate(time_ms) + (int64_t)sf_zone_offset_s(zone, time_ms) * SF_SECOND_MS;
	int64_t day = local_ms / SF_DAY_MS;
	int64_t in_day_ms = local_ms % SF_DAY_MS;
	if (in_day_ms < 0) {
		in_day_ms += SF_DAY_MS;
		day--;
	}
	return (struct sf_local_time){
		.day = (int32_t)day,
		.minute = (int32_t)(in_day_ms / SF_MINUTE_MS),
		.ms = (int32_t)(in_day_ms % SF_MINUTE_MS),
	};
}

int64_t sf_zone_instant(const struct sf_zone *zone, int32_t day, int32_t minute)
{
	int64_t wall_ms = day * SF_DAY_MS + minute * SF_MINUTE_MS;
	if (!zone)
		return wall_ms;
	/*
	 * Every change before the first one walked from is too long ago to show this wall clock.
	 * The first period of one offset that has not ended by then either shows it, or began only
	 * after it: then the change skipped it.
	 */
	size_t count = changes_until(zone, wall_ms - OFFSET_MAX_MS);
	for (;; count++) {
		int64_t instant_ms = wall_ms - offset_after(zone, count) * SF_SECOND_MS;
		if (count < zone->change_count && instant_ms >= zone->changes[count].at_ms)
			continue;
		bool skipped = count > 0 && instant_ms < zone->changes[count - 1].at_ms;
		return skipped ? zone->changes[count - 1].at_ms : instant_ms;
	}
}
