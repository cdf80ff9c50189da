/*
 * The calendar of an agreement: weekends, Danish public holidays, suspended periods, reading hours.
 *
 * Danish public holidays follow rules: fixed dates and distances from Easter Sunday (Gregorian
 * computus). Store bededag was abolished from 2024 (lov nr. 214 af 06/03/2023). Days that many have
 * off without a law (1 May, 5 June, 24 and 31 December) are not public holidays; an agreement lists
 * them as `suspended` when it means them.
 */
#ifndef SF_CORE_CALENDAR_H
#define SF_CORE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/zone.h"

#define SF_SUSPENDED_MAX 8

/* Both days belong to it. Days since 1970-01-01. */
struct sf_period {
	int32_t from_day;
	int32_t to_day;
};

struct sf_calendar {
	const struct sf_zone *zone; /* borrowed; NULL is UTC */
	bool danish;                /* weekends and public holidays are not working days */
	size_t suspended_count;
	struct sf_period suspended[SF_SUSPENDED_MAX];
	int32_t reading_from_minute; /* reading hours of each working day; both 0: the whole day */
	int32_t reading_to_minute;
	bool reading_daily; /* also on days that are not working days */
};

/* Proleptic Gregorian; month 1..12. */
int32_t sf_day_from_date(int32_t year, int32_t month, int32_t day_of_month);
void sf_day_to_date(int32_t day, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day_of_month);
/* 0 Monday .. 6 Sunday. */
int32_t sf_day_weekday(int32_t day);
/* Easter Sunday of a year from 1583 on, as a day. */
int32_t sf_easter(int32_t year);

bool sf_day_is_public_holiday(int32_t day); /* Denmark */
bool sf_calendar_is_suspended(const struct sf_calendar *calendar, int32_t day);
/* Neither weekend nor public holiday (when danish), nor suspended. */
bool sf_calendar_is_working_day(const struct sf_calendar *calendar, int32_t day);
/* The first day after day that is not suspended. SF_DAY_MAX or more: there is none. */
int32_t sf_calendar_next_open_day(const struct sf_calendar *calendar, int32_t day);
/* The first working day after day. SF_DAY_MAX or more: there is none. */
int32_t sf_calendar_next_working_day(const struct sf_calendar *calendar, int32_t day);

#endif
