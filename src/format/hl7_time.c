#include "format/hl7_time.h"

#include <string.h>

#include "base/time.h"
#include "core/calendar.h"

#define YEAR_MIN 1900
#define YEAR_MAX 2199
#define DATE_DIGITS ((size_t)8)
#define LAST_MINUTE 1439

struct stamp {
	int32_t day; /* since 1970 */
	size_t digits;
	int32_t minute; /* of the day */
	int32_t ms;     /* of the minute */
	bool has_offset;
	int32_t offset_minutes;
};

static size_t count_digits(struct sf_view text, size_t from)
{
	size_t count = 0;
	while (from + count < text.size && text.data[from + count] >= '0' &&
		text.data[from + count] <= '9')
		count++;
	return count;
}

static int32_t number_at(struct sf_view text, size_t from, size_t digits)
{
	int32_t number = 0;
	for (size_t i = from; i < from + digits; i++)
		number = number * 10 + (text.data[i] - '0');
	return number;
}

static bool read_day(struct sf_view text, struct stamp *stamp)
{
	int32_t year = number_at(text, 0, 4), month = number_at(text, 4, 2);
	int32_t day_of_month = number_at(text, 6, 2);
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day_of_month < 1)
		return false;
	stamp->day = sf_day_from_date(year, month, day_of_month);
	int32_t same_year, same_month, same_day;
	sf_day_to_date(stamp->day, &same_year, &same_month, &same_day);
	return same_month == month && same_day == day_of_month;
}

static bool read_clock(struct sf_view text, struct stamp *stamp)
{
	int32_t hour = stamp->digits >= 10 ? number_at(text, 8, 2) : 0;
	int32_t minute = stamp->digits >= 12 ? number_at(text, 10, 2) : 0;
	int32_t second = stamp->digits >= 14 ? number_at(text, 12, 2) : 0;
	stamp->minute = 60 * hour + minute;
	stamp->ms = second * (int32_t)SF_SECOND_MS;
	return hour < 24 && minute < 60 && second < 60;
}

/* .S[S[S[S]]] behind the seconds; what is finer than milliseconds is cut. */
static size_t read_fraction(struct sf_view text, size_t at, struct stamp *stamp)
{
	if (at >= text.size || text.data[at] != '.')
		return at;
	size_t digits = count_digits(text, at + 1);
	int32_t weight = 100;
	for (size_t i = 0; i < digits; i++, weight /= 10)
		stamp->ms += weight * number_at(text, at + 1 + i, 1);
	return at + 1 + digits;
}

static bool read_offset(struct sf_view text, size_t at, struct stamp *stamp)
{
	if (at == text.size)
		return true;
	bool sign = text.data[at] == '+' || text.data[at] == '-';
	if (!sign || text.size - at != 5 || count_digits(text, at + 1) != 4)
		return false;
	int32_t hours = number_at(text, at + 1, 2), minutes = number_at(text, at + 3, 2);
	stamp->has_offset = true;
	stamp->offset_minutes = (60 * hours + minutes) * (text.data[at] == '-' ? -1 : 1);
	return hours <= 14 && minutes < 60;
}

static bool read_stamp(struct sf_view text, struct stamp *stamp)
{
	stamp->digits = count_digits(text, 0);
	bool known = stamp->digits == DATE_DIGITS || stamp->digits == 10 || stamp->digits == 12 ||
		     stamp->digits == 14;
	if (!known || !read_day(text, stamp) || !read_clock(text, stamp))
		return false;
	size_t at = stamp->digits;
	if (stamp->digits == 14)
		at = read_fraction(text, at, stamp);
	return read_offset(text, at, stamp);
}

static int64_t instant(const struct stamp *stamp, int32_t minute, const struct sf_zone *zone)
{
	if (!stamp->has_offset)
		return sf_zone_instant(zone, stamp->day, minute);
	return stamp->day * SF_DAY_MS + (minute - stamp->offset_minutes) * SF_MINUTE_MS;
}

enum sf_err sf_hl7_time_read(
	struct sf_view text, const struct sf_zone *zone, struct sf_interval *ret_time)
{
	*ret_time = (struct sf_interval){0};
	if (text.size == 0 || sf_view_equal(text, sf_view_text("\"\"")))
		return SF_OK;
	struct stamp stamp = {0};
	if (!read_stamp(text, &stamp))
		return SF_ERR_FORMAT;
	if (!stamp.has_offset && !zone)
		return SF_ERR_CONFIG;
	bool day = stamp.digits == DATE_DIGITS;
	ret_time->from_ms = instant(&stamp, stamp.minute, zone) + stamp.ms;
	ret_time->until_ms = day ? instant(&stamp, LAST_MINUTE, zone) : ret_time->from_ms;
	return SF_OK;
}

void sf_hl7_time_format(int64_t time_ms, char ret_text[SF_HL7_TIME_SIZE])
{
	char iso[SF_TIME_TEXT_SIZE];
	sf_time_format(time_ms, iso);
	size_t size = 0;
	for (size_t i = 0; iso[i] != '.' && iso[i] != '\0'; i++)
		if (iso[i] >= '0' && iso[i] <= '9')
			ret_text[size++] = iso[i];
	memcpy(ret_text + size, "+0000", sizeof("+0000"));
}
