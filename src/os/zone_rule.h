/*
 * The rule for times after the last change of a TZif file: its footer, a TZ string of POSIX with
 * the extension of RFC 8536 section 3.3.1 ("CET-1CEST,M3.5.0,M10.5.0/3").
 */
#ifndef SF_OS_ZONE_RULE_H
#define SF_OS_ZONE_RULE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "core/zone.h"

enum sf_zone_rule_form {
	SF_ZONE_RULE_MONTH = 1, /* Mm.w.d: weekday d of week w (5 is the last) of month m */
	SF_ZONE_RULE_JULIAN,    /* Jn: day 1 to 365 of the year, 29 February not counted */
	SF_ZONE_RULE_YEAR_DAY,  /* n: day 0 to 365 of the year */
};

struct sf_zone_rule_date {
	enum sf_zone_rule_form form;
	int32_t month;  /* 1..12 */
	int32_t week;   /* 1..5 */
	int32_t day;    /* weekday 0 (Sunday) .. 6, or day of the year */
	int32_t time_s; /* of the wall clock before the change; may lie in another day */
};

struct sf_zone_rule {
	int32_t standard_s; /* offsets from UTC, east positive */
	bool has_daylight;
	int32_t daylight_s;
	struct sf_zone_rule_date to_daylight;
	struct sf_zone_rule_date to_standard;
};

/* Exactly one TZ string; daylight time without its dates is refused. SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_zone_rule_parse(struct sf_view text, struct sf_zone_rule *ret_rule);
/* Both changes of a year in order of time, of a rule with daylight time. */
void sf_zone_rule_changes(
	const struct sf_zone_rule *rule, int32_t year, struct sf_zone_change ret_changes[2]);

#endif
