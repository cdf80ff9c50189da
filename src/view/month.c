#include "view/month.h"

#include "base/time.h"
#include "core/calendar.h"

/*
 * Summer time is from the last Sunday of March to the last of October (directive 2000/84/EC): each
 * month that begins in it is April to October, in every year of these.
 */
static int64_t offset_ms(int32_t month)
{
	return (month >= 4 && month <= 10 ? 2 : 1) * SF_HOUR_MS;
}

int64_t sf_month_begin_ms(int32_t year, int32_t month)
{
	return (int64_t)sf_day_from_date(year, month, 1) * SF_DAY_MS - offset_ms(month);
}

bool sf_month_of_days(int32_t first, int32_t last, int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	int32_t year = 0, month = 0, day_of_month = 0;
	sf_day_to_date(first, &year, &month, &day_of_month);
	if (day_of_month != 1 || year < SF_MONTH_YEAR_MIN || year > SF_MONTH_YEAR_MAX)
		return false;
	int32_t next_year = year + (month == 12);
	int32_t next_month = month % 12 + 1;
	if (last + 1 != sf_day_from_date(next_year, next_month, 1))
		return false;
	*ret_from_ms = sf_month_begin_ms(year, month);
	*ret_to_ms = sf_month_begin_ms(next_year, next_month);
	return true;
}

bool sf_month_is_whole(int64_t from_ms, int64_t to_ms)
{
	int64_t month_from_ms = 0, month_to_ms = 0;
	if (from_ms < sf_month_begin_ms(SF_MONTH_YEAR_MIN, 1) ||
		to_ms > sf_month_begin_ms(SF_MONTH_YEAR_MAX + 1, 1) || from_ms >= to_ms)
		return false;
	/* Midnight of Denmark is an hour or two before that of UTC: noon of the days is safe. */
	int32_t first = (int32_t)((from_ms + SF_DAY_MS / 2) / SF_DAY_MS);
	int32_t last = (int32_t)((to_ms - SF_DAY_MS / 2) / SF_DAY_MS);
	return sf_month_of_days(first, last, &month_from_ms, &month_to_ms) &&
	       month_from_ms == from_ms && month_to_ms == to_ms;
}
