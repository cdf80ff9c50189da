/*
 * Time is UTC milliseconds since 1970-01-01 in an int64_t named ..._ms. Who needs the present asks
 * struct sf_env (port/env.h); nothing here does.
 */
#ifndef SF_BASE_TIME_H
#define SF_BASE_TIME_H

#include <stdint.h>

#include "base/bytes.h"

#define SF_SECOND_MS ((int64_t)1000)
#define SF_MINUTE_MS (60 * SF_SECOND_MS)
#define SF_HOUR_MS (60 * SF_MINUTE_MS)
#define SF_DAY_MS (24 * SF_HOUR_MS)

#define SF_TIME_TEXT_SIZE 25 /* 2026-11-20T13:05:00.000Z and the terminating zero */

struct sf_civil {
	int year, month, day, hour, minute, second, millisecond;
};

struct sf_civil sf_time_civil(int64_t time_ms);
/* Proleptic Gregorian; the parts must be in range (checked by the caller or sf_time_parse). */
int64_t sf_time_from_civil(const struct sf_civil *civil);

/* Always UTC, always milliseconds. */
void sf_time_format(int64_t time_ms, char ret_text[SF_TIME_TEXT_SIZE]);

/*
 * FHIR instant or dateTime with a time part (FHIR R4 2.24.0.1): YYYY-MM-DDThh:mm:ss[.fraction] and
 * Z or an offset. Fractions beyond milliseconds are cut. A second of 60 counts as 59.999. Years
 * 1900 to 9999; anything else, or a missing zone, is SF_ERR_FORMAT.
 */
SF_MUST_USE enum sf_err sf_time_parse(struct sf_view text, int64_t *ret_time_ms);

#endif
