#include "base/time.h"

#include <stdbool.h>
#include <stdio.h>

/* Days since 1970-01-01, with the year begun in March so that leap days come last. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t shifted = month <= 2 ? year - 1 : year;
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int64_t year_of_era = shifted - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, struct sf_civil *ret_civil)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_index = (5 * day_of_year + 2) / 153;
	int month = (int)(month_index < 10 ? month_index + 3 : month_index - 9);
	ret_civil->year = (int)(year_of_era + era * 400 + (month <= 2));
	ret_civil->month = month;
	ret_civil->day = (int)(day_of_year - (153 * month_index + 2) / 5 + 1);
}

struct sf_civil sf_time_civil(int64_t time_ms)
{
	int64_t days = time_ms / SF_DAY_MS;
	int64_t rest = time_ms % SF_DAY_MS;
	if (rest < 0) {
		rest += SF_DAY_MS;
		days--;
	}
	struct sf_civil civil = {0};
	civil_from_days(days, &civil);
	civil.hour = (int)(rest / SF_HOUR_MS);
	civil.minute = (int)(rest / SF_MINUTE_MS % 60);
	civil.second = (int)(rest / SF_SECOND_MS % 60);
	civil.millisecond = (int)(rest % SF_SECOND_MS);
	return civil;
}

int64_t sf_time_from_civil(const struct sf_civil *civil)
{
	return days_from_civil(civil->year, civil->month, civil->day) * SF_DAY_MS +
	       civil->hour * SF_HOUR_MS + civil->minute * SF_MINUTE_MS +
	       civil->second * SF_SECOND_MS + civil->millisecond;
}

void sf_time_format(int64_t time_ms, char ret_text[SF_TIME_TEXT_SIZE])
{
	struct sf_civil civil = sf_time_civil(time_ms);
	char wide[96];
	snprintf(wide, sizeof(wide), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", civil.year, civil.month,
		civil.day, civil.hour, civil.minute, civil.second, civil.millisecond);
	snprintf(ret_text, SF_TIME_TEXT_SIZE, "%.24s", wide);
}

static bool take_digits(struct sf_view *text, size_t count, int *ret_value)
{
	if (text->size < count)
		return false;
	int value = 0;
	for (size_t i = 0; i < count; i++) {
		if (text->data[i] < '0' || text->data[i] > '9')
			return false;
		value = value * 10 + (text->data[i] - '0');
	}
	*text = sf_view_of(text->data + count, text->size - count);
	*ret_value = value;
	return true;
}

static bool take_char(struct sf_view *text, char wanted)
{
	if (text->size == 0 || text->data[0] != (uint8_t)wanted)
		return false;
	*text = sf_view_of(text->data + 1, text->size - 1);
	return true;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (leap && month == 2);
}

static bool take_fraction(struct sf_view *text, int *ret_millisecond)
{
	if (!take_char(text, '.'))
		return true;
	int weight = 100;
	size_t digits = 0;
	for (int digit; take_digits(text, 1, &digit); digits++) {
		*ret_millisecond += digit * weight;
		weight /= 10;
	}
	return digits > 0 && digits <= 9;
}

static bool take_zone(struct sf_view *text, int64_t *ret_offset_ms)
{
	if (take_char(text, 'Z'))
		return true;
	bool west = text->size > 0 && text->data[0] == '-';
	int hours, minutes;
	if (!(take_char(text, '+') || take_char(text, '-')) || !take_digits(text, 2, &hours) ||
		!take_char(text, ':') || !take_digits(text, 2, &minutes) || hours > 14 ||
		minutes > 59)
		return false;
	int64_t offset_ms = hours * SF_HOUR_MS + minutes * SF_MINUTE_MS;
	*ret_offset_ms = west ? -offset_ms : offset_ms;
	return true;
}

static bool in_range(const struct sf_civil *civil)
{
	return civil->year >= 1900 && civil->month >= 1 && civil->month <= 12 && civil->day >= 1 &&
	       civil->day <= month_days(civil->year, civil->month) && civil->hour <= 23 &&
	       civil->minute <= 59 && civil->second <= 60;
}

enum sf_err sf_time_parse(struct sf_view text, int64_t *ret_time_ms)
{
	struct sf_civil civil = {0};
	int64_t offset_ms = 0;
	bool read = take_digits(&text, 4, &civil.year) && take_char(&text, '-') &&
		    take_digits(&text, 2, &civil.month) && take_char(&text, '-') &&
		    take_digits(&text, 2, &civil.day) && take_char(&text, 'T') &&
		    take_digits(&text, 2, &civil.hour) && take_char(&text, ':') &&
		    take_digits(&text, 2, &civil.minute) && take_char(&text, ':') &&
		    take_digits(&text, 2, &civil.second) &&
		    take_fraction(&text, &civil.millisecond) && take_zone(&text, &offset_ms);
	if (!read || text.size != 0 || !in_range(&civil))
		return SF_ERR_FORMAT;
	if (civil.second == 60) {
		civil.second = 59;
		civil.millisecond = 999;
	}
	*ret_time_ms = sf_time_from_civil(&civil) - offset_ms;
	return SF_OK;
}
