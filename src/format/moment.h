/*
 * A point of the process in a letter without FHIR: a date, or a date and a wall-clock time, in
 * Danish local time unless it says its zone.
 */
#ifndef SF_FORMAT_MOMENT_H
#define SF_FORMAT_MOMENT_H

#include <stdbool.h>

#include "core/fact.h"
#include "core/zone.h"
#include "text/element.h"

/* Milliseconds; the same twice when has_time, else first and last minute of the local day. */
struct sf_moment {
	bool said;
	bool has_time;
	int64_t from_ms;
	int64_t until_ms;
};

/*
 * <Date>2026-11-20</Date><Time>14:00</Time> below the element, or in its text 2026-11-20,
 * 2026-11-20T14:00[:00] with or without a zone (xs:date and xs:dateTime of XML Schema part 2).
 * NULL, empty, words and members of other names are a moment that is not said. SF_ERR_FORMAT: a
 * date or time that does not exist. SF_ERR_CONFIG: local time, and zone is NULL.
 */
SF_MUST_USE enum sf_err sf_moment_read(
	const struct sf_element *element, const struct sf_zone *zone, struct sf_moment *ret_moment);
bool sf_moment_equal(const struct sf_moment *a, const struct sf_moment *b);
/* How sure it is, the letter does not say. Both 0 when the moment is not said. */
struct sf_interval sf_moment_interval(const struct sf_moment *moment);

#endif
