#include "cmd/when.h"

#include <string.h>
#include <time.h>

#include "base/time.h"
#include "core/calendar.h"
#include "os/env.h"

#define AMOUNT_MAX 100000

void sf_when_local(int64_t time_ms, struct tm *ret_parts)
{
	time_t seconds = (time_t)(time_ms / SF_SECOND_MS - (time_ms % SF_SECOND_MS < 0));
	struct tm parts = {.tm_mday = 1};
	localtime_r(&seconds, &parts);
	*ret_parts = parts;
}

enum sf_err sf_when_instant(int32_t day, int32_t minute, int64_t *ret_ms)
{
	/* Summer time first: of an hour that the autumn gives twice, it is the first. */
	for (int summer = 1; summer >= 0; summer--) {
		int32_t year = 0, month = 0, day_of_month = 0;
		sf_day_to_date(day, &year, &month, &day_of_month);
		struct tm wanted = {.tm_year = year - 1900,
			.tm_mon = month - 1,
			.tm_mday = day_of_month,
			.tm_hour = minute / 60,
			.tm_min = minute % 60,
			.tm_isdst = summer};
		time_t seconds = mktime(&wanted);
		if (wanted.tm_isdst != summer || wanted.tm_hour != minute / 60 ||
			wanted.tm_min != minute % 60)
			continue;
		*ret_ms = (int64_t)seconds * SF_SECOND_MS;
		return SF_OK;
	}
	return SF_ERR_FORMAT;
}

static int32_t local_day(int64_t time_ms, int32_t *ret_minute)
{
	struct tm parts;
	sf_when_local(time_ms, &parts);
	*ret_minute = parts.tm_hour * 60 + parts.tm_min;
	return sf_day_from_date(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

int64_t sf_when_now_ms(void)
{
	const struct sf_env env = sf_os_env();
	return env.now_ms(env.self);
}

/* So many digits and no fewer. */
static bool take_digits(const char **text, size_t count, int32_t *ret_number)
{
	int32_t number = 0;
	for (size_t i = 0; i < count; i++) {
		char digit = (*text)[i];
		if (digit < '0' || digit > '9')
			return false;
		number = number * 10 + (digit - '0');
	}
	*text += count;
	*ret_number = number;
	return true;
}

static bool take_char(const char **text, char wanted)
{
	bool there = **text == wanted;
	*text += there;
	return there;
}

static bool take_day(const char **text, int32_t *ret_day)
{
	const char *at = *text;
	int32_t year = 0, month = 0, day_of_month = 0;
	bool good = take_digits(&at, 4, &year) && take_char(&at, '-') &&
		    take_digits(&at, 2, &month) && take_char(&at, '-') &&
		    take_digits(&at, 2, &day_of_month);
	if (!good || year < 1900 || month < 1 || month > 12 || day_of_month < 1)
		return false;
	int32_t day = sf_day_from_date(year, month, day_of_month);
	int32_t same_year = 0, same_month = 0, same_day = 0;
	/* The 31st of November would be another day. */
	sf_day_to_date(day, &same_year, &same_month, &same_day);
	if (same_month != month || same_day != day_of_month)
		return false;
	*text = at;
	*ret_day = day;
	return true;
}

static bool take_clock(const char **text, int32_t *ret_minute)
{
	const char *at = *text;
	int32_t hour = 0, minute = 0;
	if (!take_digits(&at, 2, &hour) || !take_char(&at, ':') || !take_digits(&at, 2, &minute))
		return false;
	if (hour > 23 || minute > 59)
		return false;
	*text = at;
	*ret_minute = hour * 60 + minute;
	return true;
}

static bool read_local(const char *text, enum sf_when_day alone, int64_t now_ms, int64_t *ret_ms)
{
	int32_t minute = 0;
	int32_t day = local_day(now_ms, &minute);
	bool dated = take_day(&text, &day);
	if (dated && *text == '\0') {
		minute = alone == SF_WHEN_DAY_END ? 23 * 60 + 59 : 0;
		if (alone == SF_WHEN_NO_DAY)
			return false;
	} else {
		if (dated && !take_char(&text, ' ') && !take_char(&text, 'T'))
			return false;
		if (!take_clock(&text, &minute) || *text != '\0')
			return false;
	}
	return sf_when_instant(day, minute, ret_ms) == SF_OK;
}

/* "+3d": the sign, a number, a unit. */
static bool read_distance(const char *text, int64_t now_ms, int64_t *ret_ms)
{
	bool back = take_char(&text, '-');
	if (!back && !take_char(&text, '+'))
		return false;
	int64_t amount = 0;
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;
	if (digits == 0 || digits > 6)
		return false;
	for (size_t i = 0; i < digits; i++)
		amount = amount * 10 + (text[i] - '0');
	if (amount > AMOUNT_MAX)
		return false;
	amount = back ? -amount : amount;
	if (strcmp(unit, "min") == 0 || strcmp(unit, "h") == 0) {
		*ret_ms = now_ms + amount * (unit[0] == 'm' ? SF_MINUTE_MS : SF_HOUR_MS);
		return true;
	}
	if (strcmp(unit, "d") != 0 && strcmp(unit, "w") != 0)
		return false;
	int32_t minute = 0;
	int32_t day = local_day(now_ms, &minute) + (int32_t)(unit[0] == 'w' ? 7 * amount : amount);
	return sf_when_instant(day, minute, ret_ms) == SF_OK;
}

enum sf_err sf_when_read(const char *text, enum sf_when_day day, int64_t now_ms, int64_t *ret_ms)
{
	int64_t ms = 0;
	bool good = true;
	if (strcmp(text, "now") == 0)
		ms = now_ms;
	else
		good = read_distance(text, now_ms, &ms) || read_local(text, day, now_ms, &ms) ||
		       !sf_time_parse(sf_view_text(text), &ms);
	/* 0 says "not said" wherever times are kept. */
	if (!good || ms <= 0)
		return SF_ERR_FORMAT;
	*ret_ms = ms;
	return SF_OK;
}

enum sf_err sf_when_read_day(const char *text, int32_t *ret_day)
{
	int32_t day = 0;
	if (!take_day(&text, &day) || *text != '\0')
		return SF_ERR_FORMAT;
	*ret_day = day;
	return SF_OK;
}

enum sf_err sf_when_read_interval(
	const char *text, int64_t now_ms, struct sf_interval *ret_interval)
{
	char from[64], until[64];
	size_t size = strcspn(text, "/");
	const char *rest = text[size] == '/' ? text + size + 1 : text;
	if (size >= sizeof(from) || strlen(rest) >= sizeof(until))
		return SF_ERR_FORMAT;
	memcpy(from, text, size);
	from[size] = '\0';
	memcpy(until, rest, strlen(rest) + 1);
	struct sf_interval interval = {.confidence = SF_CONFIDENCE_NONE};
	enum sf_err err = sf_when_read(from, SF_WHEN_DAY_BEGIN, now_ms, &interval.from_ms);
	if (!err)
		err = sf_when_read(until, SF_WHEN_DAY_END, now_ms, &interval.until_ms);
	if (!err && interval.until_ms < interval.from_ms)
		err = SF_ERR_FORMAT;
	if (!err)
		*ret_interval = interval;
	return err;
}

int sf_when_option(
	const struct sf_arguments *arguments, const char *name, int64_t absent, int64_t *ret_ms)
{
	const char *text = sf_arguments_value(arguments, name);
	int64_t ms = absent;
	if (text && sf_when_read(text, SF_WHEN_NO_DAY, sf_when_now_ms(), &ms))
		return sf_exit_usage("%s: --%s '%s' is no time: 2026-11-20T15:00:00Z, "
				     "'2026-11-20 16:00' or +3d",
			arguments->command->name, name, text);
	*ret_ms = ms;
	return SF_EXIT_OK;
}
