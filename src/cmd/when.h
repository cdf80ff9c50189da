/*
 * Times as people type them and read them. Local time is that of $TZ, which the program sets to
 * Europe/Copenhagen when nobody has (stafet.c).
 *
 *   2026-11-20T15:00:00Z  2026-11-20T16:00:00+01:00     RFC 3339
 *   "2026-11-20 16:00"    2026-11-20T16:00    16:00     local time; the last today
 *   2026-11-20                                          a day, where a day makes sense
 *   now  +3d  -2h  +90min  +1w                          from now; d and w keep the wall clock
 */
#ifndef SF_CMD_WHEN_H
#define SF_CMD_WHEN_H

#include "cmd/arguments.h"
#include "core/fact.h"

/* Local time. */
struct tm;
void sf_when_local(int64_t time_ms, struct tm *ret_parts);
/*
 * The instant of a wall-clock time of a day (since 1970-01-01), the first of two when the clock is
 * turned back. SF_ERR_FORMAT: the clock skips it.
 */
SF_MUST_USE enum sf_err sf_when_instant(int32_t day, int32_t minute, int64_t *ret_ms);
int64_t sf_when_now_ms(void);

/* Where in a day that stands alone: it is no time. */
enum sf_when_day { SF_WHEN_NO_DAY, SF_WHEN_DAY_BEGIN, SF_WHEN_DAY_END };

/* SF_ERR_FORMAT. DAY_BEGIN is 00:00 of the day, DAY_END the last minute of it. */
SF_MUST_USE enum sf_err sf_when_read(
	const char *text, enum sf_when_day day, int64_t now_ms, int64_t *ret_ms);
/* A day alone, since 1970-01-01. SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_when_read_day(const char *text, int32_t *ret_day);
/* FROM/UNTIL, a day alone from its begin to its end, or one time. SF_ERR_FORMAT: also backwards. */
SF_MUST_USE enum sf_err sf_when_read_interval(
	const char *text, int64_t now_ms, struct sf_interval *ret_interval);

/* The value of an option; absent when it was not given. SF_EXIT_OK, or complains. */
int sf_when_option(
	const struct sf_arguments *arguments, const char *name, int64_t absent, int64_t *ret_ms);

#endif
