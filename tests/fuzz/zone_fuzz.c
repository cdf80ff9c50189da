/*
 * Files of the tz database. What is read has changes in order, and every instant and wall clock
 * around them can be asked and found again.
 */
#include "fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/time.h"
#include "os/zone.h"

static void check_around(const struct sf_zone *zone, int64_t time_ms)
{
	struct sf_local_time local = sf_zone_local(zone, time_ms);
	SF_ASSERT(local.minute >= 0 && local.minute < 1440 && local.ms >= 0 && local.ms < 60000);
	if (llabs(local.day) >= SF_DAY_MAX - 2)
		return;
	/* The first of those that a wall clock may be, or the change that first skips it. */
	int64_t minute_ms = sf_zone_instant(zone, local.day, local.minute);
	SF_ASSERT(minute_ms <= time_ms);
	struct sf_local_time again = sf_zone_local(zone, minute_ms);
	bool skips = sf_zone_offset_s(zone, minute_ms - 1) < sf_zone_offset_s(zone, minute_ms);
	SF_ASSERT(skips || (again.day == local.day && again.minute == local.minute));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_diag diag = {{0}};
	struct sf_arena arena;
	struct sf_zone zone;
	sf_arena_init(&arena, 2 * SF_ZONE_CHANGES_MAX * sizeof(struct sf_zone_change));
	enum sf_err err = sf_zone_parse("Test/Zone", sf_view_of(bytes, size), &arena, &zone, &diag);
	SF_ASSERT((err == SF_OK) == (diag.text[0] == '\0'));
	if (!err) {
		SF_ASSERT(zone.change_count <= SF_ZONE_CHANGES_MAX);
		for (size_t i = 0; i < zone.change_count; i++) {
			int64_t at_ms = zone.changes[i].at_ms;
			SF_ASSERT(i == 0 || zone.changes[i - 1].at_ms <= at_ms);
			check_around(&zone, at_ms);
			if (at_ms > INT64_MIN)
				check_around(&zone, at_ms - 1);
		}
		check_around(&zone, 0);
	}
	sf_arena_fini(&arena);
	return 0;
}
