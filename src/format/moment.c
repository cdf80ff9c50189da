#include "format/moment.h"

#include <string.h>

#include "base/time.h"
#include "core/calendar.h"

/* A plan outside these years is a slip of the pen. 0 means "not said" in facts. */
#define YEAR_MIN 1971
#define YEAR_MAX 2199
#define DATE_SIZE ((size_t)10)
#define LAST_MINUTE 1439

struct clock {
	int32_t minute; /* of the day */
	int32_t second;
};

/* Exactly `digits` of them at the front of text; -1 when there are others. */
static int32_t number_at(struct sf_view text, size_t at, size_t digits)
{
	int32_t number = 0;
	if (at + digits > text.size)
		return -1;
	for (size_t i = at; i < at + digits; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return -1;
		number = number * 10 + (text.data[i] - '0');
	}
	return number;
}

static bool has_sign(struct sf_view text, size_t at, char sign)
{
	return at < text.size && text.data[at] == (uint8_t)sign;
}

/* yyyy-mm-dd */
static bool read_date(struct sf_view text, int32_t *ret_day)
{
	int32_t year = number_at(text, 0, 4);
	int32_t month = number_at(text, 5, 2);
	int32_t day_of_month = number_at(text, 8, 2);
	if (text.size != DATE_SIZE || !has_sign(text, 4, '-') || !has_sign(text, 7, '-') ||
		year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day_of_month < 1)
		return false;
	int32_t day = sf_day_from_date(year, month, day_of_month);
	int32_t same_year = 0, same_month = 0, same_day = 0;
	sf_day_to_date(day, &same_year, &same_month, &same_day);
	*ret_day = day;
	return same_month == month && same_day == day_of_month;
}

/* hh:mm or hh:mm:ss */
static bool read_clock(struct sf_view text, struct clock *ret_clock)
{
	int32_t hour = number_at(text, 0, 2);
	int32_t minute = number_at(text, 3, 2);
	bool has_second = text.size == 8 && has_sign(text, 5, ':');
	int32_t second = has_second ? number_at(text, 6, 2) : 0;
	if ((text.size != 5 && !has_second) || !has_sign(text, 2, ':') || hour < 0 || hour > 23 ||
		minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	*ret_clock = (struct clock){.minute = 60 * hour + minute, .second = second};
	return true;
}

/* time is empty when only the day is said. */
static enum sf_err from_local(struct sf_view date, struct sf_view time, const struct sf_zone *zone,
	struct sf_moment *ret_moment)
{
	int32_t day = 0;
	struct clock clock = {0};
	if (!read_date(date, &day) || (time.size > 0 && !read_clock(time, &clock)))
		return SF_ERR_FORMAT;
	if (!zone)
		return SF_ERR_CONFIG;
	struct sf_moment moment = {.said = true, .has_time = time.size > 0};
	moment.from_ms = sf_zone_instant(zone, day, clock.minute) + clock.second * SF_SECOND_MS;
	moment.until_ms =
		moment.has_time ? moment.from_ms : sf_zone_instant(zone, day, LAST_MINUTE);
	*ret_moment = moment;
	return SF_OK;
}

static enum sf_err from_text(
	struct sf_view text, const struct sf_zone *zone, struct sf_moment *ret_moment)
{
	/* Words where a date may stand are for people. */
	if (number_at(text, 0, 1) < 0)
		return SF_OK;
	if (text.size == DATE_SIZE)
		return from_local(text, sf_view_text(""), zone, ret_moment);
	if (!has_sign(text, DATE_SIZE, 'T'))
		return SF_ERR_FORMAT;
	struct sf_view date = sf_view_of(text.data, DATE_SIZE);
	struct sf_view time = sf_view_of(text.data + DATE_SIZE + 1, text.size - DATE_SIZE - 1);
	int64_t time_ms = 0;
	int32_t day = 0;
	if (sf_time_parse(text, &time_ms) == SF_OK && read_date(date, &day)) {
		*ret_moment = (struct sf_moment){
			.said = true, .has_time = true, .from_ms = time_ms, .until_ms = time_ms};
		return SF_OK;
	}
	return time.size > 0 ? from_local(date, time, zone, ret_moment) : SF_ERR_FORMAT;
}

enum sf_err sf_moment_read(
	const struct sf_element *element, const struct sf_zone *zone, struct sf_moment *ret_moment)
{
	*ret_moment = (struct sf_moment){.said = false};
	if (!element)
		return SF_OK;
	if (element->text)
		return from_text(sf_view_text(element->text), zone, ret_moment);
	struct sf_view date = sf_view_text(sf_element_text(element, "Date"));
	if (date.size == 0)
		return SF_OK;
	return from_local(date, sf_view_text(sf_element_text(element, "Time")), zone, ret_moment);
}

bool sf_moment_equal(const struct sf_moment *a, const struct sf_moment *b)
{
	return a->said == b->said && a->has_time == b->has_time && a->from_ms == b->from_ms &&
	       a->until_ms == b->until_ms;
}

struct sf_interval sf_moment_interval(const struct sf_moment *moment)
{
	return (struct sf_interval){.from_ms = moment->from_ms, .until_ms = moment->until_ms};
}
