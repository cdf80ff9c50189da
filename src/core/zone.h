/*
 * A time zone as a list of offsets, for days that have 23 or 25 hours. Who reads tzdata (os/zone.h)
 * makes it; the domain only asks it.
 *
 * Local time is given as the day (days since 1970-01-01) and the minute of the day.
 */
#ifndef SF_CORE_ZONE_H
#define SF_CORE_ZONE_H

#include <stddef.h>
#include <stdint.h>

/* Local days saturate here (some five million years), so that nothing overflows. */
#define SF_DAY_MAX ((int32_t)2000000000)

/* From at_ms on local time is UTC + offset_s, until the next change. */
struct sf_zone_change {
	int64_t at_ms;
	int32_t offset_s;
};

/* changes are sorted and cover every time the program meets (1970 to 2100 from tzdata). */
struct sf_zone {
	char name[64];
	int32_t first_offset_s; /* before the first change */
	size_t change_count;
	const struct sf_zone_change *changes; /* borrowed */
};

struct sf_local_time {
	int32_t day;    /* since 1970-01-01 */
	int32_t minute; /* 0..1439 */
	int32_t ms;     /* of the minute, 0..59999 */
};

/* zone NULL is UTC. */
int32_t sf_zone_offset_s(const struct sf_zone *zone, int64_t time_ms);
struct sf_local_time sf_zone_local(const struct sf_zone *zone, int64_t time_ms);
/*
 * The instant of a wall-clock time. One that the spring change skips is the instant of the change
 * to come (02:30 becomes 03:00 local); one that the autumn change gives twice is the first. As a
 * deadline neither is earlier than people read it off the wall.
 */
int64_t sf_zone_instant(const struct sf_zone *zone, int32_t day, int32_t minute);

#endif
