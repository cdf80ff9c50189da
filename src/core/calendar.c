#include "core/calendar.h"

#include <stddef.h>

#include "base/check.h"
#include "base/time.h"

/* The reform of the calendar: before it Easter was reckoned otherwise. */
#define EASTER_YEAR_MIN 1583
/* Abolished from 2024 by lov nr. 214 af 06/03/2023, § 1. */
#define BEDEDAG_YEAR_MAX 2023
#define BEDEDAG_AFTER_EASTER 26

int32_t sf_day_from_date(int32_t year, int32_t month, int32_t day_of_month)
{
	const struct sf_civil civil = {.year = year, .month = month, .day = day_of_month};
	return (int32_t)(sf_time_from_civil(&civil) / SF_DAY_MS);
}

void sf_day_to_date(int32_t day, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day_of_month)
{
	struct sf_civil civil = sf_time_civil(day * SF_DAY_MS);
	*ret_year = civil.year;
	*ret_month = civil.month;
	*ret_day_of_month = civil.day;
}

int32_t sf_day_weekday(int32_t day)
{
	/* 1970-01-01 was a Thursday. */
	int32_t weekday = (int32_t)(((int64_t)day + 3) % 7);
	return weekday < 0 ? weekday + 7 : weekday;
}

/* Anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). */
int32_t sf_easter(int32_t year)
{
	int32_t golden = year % 19;
	int32_t century = year / 100;
	int32_t in_century = year % 100;
	int32_t correction = (century + 8) / 25;
	int32_t moon_shift = (century - correction + 1) / 3;
	int32_t epact = (19 * golden + century - century / 4 - moon_shift + 15) % 30;
	int32_t to_sunday =
		(32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
	int32_t late = (golden + 11 * epact + 22 * to_sunday) / 451;
	int32_t sum = epact + to_sunday - 7 * late + 114;
	return sf_day_from_date(year, sum / 31, sum % 31 + 1);
}

static bool is_fixed_holiday(int32_t month, int32_t day_of_month)
{
	if (month == 1)
		return day_of_month == 1;
	return month == 12 && (day_of_month == 25 || day_of_month == 26);
}

bool sf_day_is_public_holiday(int32_t day)
{
	/* Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension, Whit Sunday, Monday.
	 */
	static const int32_t after_easter[] = {-3, -2, 0, 1, 39, 49, 50};
	int32_t year = 0, month = 0, day_of_month = 0;
	sf_day_to_date(day, &year, &month, &day_of_month);
	if (is_fixed_holiday(month, day_of_month))
		return true;
	if (year < EASTER_YEAR_MIN)
		return false;
	int32_t distance = day - sf_easter(year);
	for (size_t i = 0; i < SF_COUNT(after_easter); i++)
		if (distance == after_easter[i])
			return true;
	return distance == BEDEDAG_AFTER_EASTER && year <= BEDEDAG_YEAR_MAX;
}

/* The suspended period the day lies in; NULL when in none. */
static const struct sf_period *suspended_period(const struct sf_calendar *calendar, int32_t day)
{
	for (size_t i = 0; i < calendar->suspended_count; i++)
		if (calendar->suspended[i].from_day <= day && day <= calendar->suspended[i].to_day)
			return &calendar->suspended[i];
	return NULL;
}

bool sf_calendar_is_suspended(const struct sf_calendar *calendar, int32_t day)
{
	return suspended_period(calendar, day) != NULL;
}

bool sf_calendar_is_working_day(const struct sf_calendar *calendar, int32_t day)
{
	if (suspended_period(calendar, day))
		return false;
	return !calendar->danish || (sf_day_weekday(day) < 5 && !sf_day_is_public_holiday(day));
}

int32_t sf_calendar_next_open_day(const struct sf_calendar *calendar, int32_t day)
{
	const struct sf_period *period = NULL;
	while (day < SF_DAY_MAX && (period = suspended_period(calendar, ++day)))
		day = period->to_day;
	return day;
}

int32_t sf_calendar_next_working_day(const struct sf_calendar *calendar, int32_t day)
{
	do
		day = sf_calendar_next_open_day(calendar, day);
	while (day < SF_DAY_MAX && !sf_calendar_is_working_day(calendar, day));
	return day;
}
