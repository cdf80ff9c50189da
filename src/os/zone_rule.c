#include "os/zone_rule.h"

#include "base/time.h"
#include "core/calendar.h"

#define HOUR_S 3600
#define DAY_S 86400
#define OFFSET_HOURS_MAX 24
#define TIME_HOURS_MAX 167 /* RFC 8536 section 3.3.1 */
#define NAME_SIZE_MIN 3
#define CHANGE_TIME_S (2 * HOUR_S) /* POSIX: 02:00:00 unless said */

/* Walks the text; every step that does not find what it wants leaves ok false. */
struct cursor {
	struct sf_view rest;
	bool ok;
};

static char peek(const struct cursor *cursor)
{
	return cursor->rest.size > 0 ? (char)cursor->rest.data[0] : '\0';
}

static void skip(struct cursor *cursor)
{
	cursor->rest = sf_view_of(cursor->rest.data + 1, cursor->rest.size - 1);
}

static bool take(struct cursor *cursor, char wanted)
{
	if (cursor->rest.size == 0 || peek(cursor) != wanted)
		return false;
	skip(cursor);
	return true;
}

static void expect(struct cursor *cursor, char wanted)
{
	if (!take(cursor, wanted))
		cursor->ok = false;
}

static bool is_digit(char sign)
{
	return sign >= '0' && sign <= '9';
}

static bool is_letter(char sign)
{
	return (sign >= 'A' && sign <= 'Z') || (sign >= 'a' && sign <= 'z');
}

static int32_t take_number(struct cursor *cursor, int32_t min, int32_t max)
{
	int32_t number = 0;
	if (!is_digit(peek(cursor)))
		cursor->ok = false;
	for (; is_digit(peek(cursor)); skip(cursor)) {
		number = number * 10 + (peek(cursor) - '0');
		if (number > max) {
			cursor->ok = false;
			return min;
		}
	}
	if (number < min)
		cursor->ok = false;
	return number;
}

/* hh[:mm[:ss]] with an optional sign. */
static int32_t take_time(struct cursor *cursor, int32_t hours_max)
{
	bool negative = take(cursor, '-');
	if (!negative)
		(void)take(cursor, '+');
	int32_t time_s = take_number(cursor, 0, hours_max) * HOUR_S;
	if (take(cursor, ':')) {
		time_s += take_number(cursor, 0, 59) * 60;
		if (take(cursor, ':'))
			time_s += take_number(cursor, 0, 59);
	}
	return negative ? -time_s : time_s;
}

/* "CET" or "<+03>"; what it is called does not matter here. */
static void skip_name(struct cursor *cursor)
{
	size_t size = 0;
	bool quoted = take(cursor, '<');
	for (;; skip(cursor), size++) {
		char sign = peek(cursor);
		bool part = is_letter(sign) ||
			    (quoted && (is_digit(sign) || sign == '+' || sign == '-'));
		if (!part)
			break;
	}
	if (quoted)
		expect(cursor, '>');
	if (size < NAME_SIZE_MIN)
		cursor->ok = false;
}

static void take_date(struct cursor *cursor, struct sf_zone_rule_date *ret_date)
{
	expect(cursor, ',');
	if (take(cursor, 'M')) {
		ret_date->form = SF_ZONE_RULE_MONTH;
		ret_date->month = take_number(cursor, 1, 12);
		expect(cursor, '.');
		ret_date->week = take_number(cursor, 1, 5);
		expect(cursor, '.');
		ret_date->day = take_number(cursor, 0, 6);
	} else if (take(cursor, 'J')) {
		ret_date->form = SF_ZONE_RULE_JULIAN;
		ret_date->day = take_number(cursor, 1, 365);
	} else {
		ret_date->form = SF_ZONE_RULE_YEAR_DAY;
		ret_date->day = take_number(cursor, 0, 365);
	}
	ret_date->time_s = take(cursor, '/') ? take_time(cursor, TIME_HOURS_MAX) : CHANGE_TIME_S;
}

enum sf_err sf_zone_rule_parse(struct sf_view text, struct sf_zone_rule *ret_rule)
{
	struct cursor cursor = {.rest = text, .ok = true};
	struct sf_zone_rule rule = {.has_daylight = false};
	/* POSIX counts westward. */
	skip_name(&cursor);
	rule.standard_s = -take_time(&cursor, OFFSET_HOURS_MAX);
	if (cursor.ok && cursor.rest.size > 0) {
		rule.has_daylight = true;
		skip_name(&cursor);
		rule.daylight_s = peek(&cursor) == ',' ? rule.standard_s + HOUR_S
						       : -take_time(&cursor, OFFSET_HOURS_MAX);
		take_date(&cursor, &rule.to_daylight);
		take_date(&cursor, &rule.to_standard);
	}
	if (!cursor.ok || cursor.rest.size > 0)
		return SF_ERR_FORMAT;
	*ret_rule = rule;
	return SF_OK;
}

static bool is_leap(int32_t year)
{
	return sf_day_from_date(year, 3, 1) - sf_day_from_date(year, 2, 28) == 2;
}

/* 0 Sunday, as POSIX has it. */
static int32_t posix_weekday(int32_t day)
{
	return (sf_day_weekday(day) + 1) % 7;
}

static int32_t day_of(const struct sf_zone_rule_date *date, int32_t year)
{
	int32_t new_year = sf_day_from_date(year, 1, 1);
	switch (date->form) {
	case SF_ZONE_RULE_JULIAN:
		return new_year + date->day - 1 + (is_leap(year) && date->day >= 60);
	case SF_ZONE_RULE_YEAR_DAY:
		return new_year + date->day;
	case SF_ZONE_RULE_MONTH:
		break;
	}
	int32_t first = sf_day_from_date(year, date->month, 1);
	int32_t after = date->month == 12 ? sf_day_from_date(year + 1, 1, 1)
					  : sf_day_from_date(year, date->month + 1, 1);
	int32_t day = first + (date->day - posix_weekday(first) + 7) % 7 + (date->week - 1) * 7;
	return day < after ? day : day - 7;
}

static int64_t instant_of(
	const struct sf_zone_rule_date *date, int32_t year, int32_t offset_before_s)
{
	int64_t wall_s = (int64_t)day_of(date, year) * DAY_S + date->time_s;
	return (wall_s - offset_before_s) * SF_SECOND_MS;
}

void sf_zone_rule_changes(
	const struct sf_zone_rule *rule, int32_t year, struct sf_zone_change ret_changes[2])
{
	const struct sf_zone_change to_daylight = {
		.at_ms = instant_of(&rule->to_daylight, year, rule->standard_s),
		.offset_s = rule->daylight_s};
	const struct sf_zone_change to_standard = {
		.at_ms = instant_of(&rule->to_standard, year, rule->daylight_s),
		.offset_s = rule->standard_s};
	bool southern = to_standard.at_ms < to_daylight.at_ms;
	ret_changes[0] = southern ? to_standard : to_daylight;
	ret_changes[1] = southern ? to_daylight : to_standard;
}
