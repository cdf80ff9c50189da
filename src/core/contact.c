#include "core/contact.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/printable.h"

#define MINUTES_OF_DAY 1440
#define DIGITS_MIN ((size_t)3) /* 112, 113 */
#define DIGITS_MAX ((size_t)15)
/* No run of days that are alike is longer than those from Maundy Thursday to Easter Monday, or than
 * a week without a holiday: what has not changed by then never will. */
#define DAYS_ALIKE_MAX 10

const char *sf_contact_days_text(enum sf_contact_days days)
{
	switch ((uint32_t)days) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_CONTACT_DAYS_LIST(X)
#undef X
	}
	return "unknown";
}

enum sf_contact_days sf_contact_days_from_text(const char *text)
{
#define X(name, value, word)                                                                       \
	if (strcmp(text, word) == 0)                                                               \
		return name;
	SF_CONTACT_DAYS_LIST(X)
#undef X
	return SF_CONTACT_DAYS_NONE;
}

static bool is_telephone(const char *text)
{
	size_t digits = 0;
	for (const char *at = text[0] == '+' ? text + 1 : text; *at; at++) {
		if (*at < '0' || *at > '9')
			return false;
		digits++;
	}
	return digits >= DIGITS_MIN && digits <= DIGITS_MAX;
}

static bool is_label(const char *text)
{
	size_t size = strlen(text);
	return size > 0 && size <= SF_CONTACT_WHAT_MAX && sf_printable(text);
}

enum sf_err sf_contact_check(const struct sf_contact *contact, struct sf_diag *diag)
{
	const char *fault = NULL;
	if (!is_telephone(contact->telephone))
		fault = "a telephone is 3 to 15 digits, with + before them or not";
	else if (!is_label(contact->what))
		fault = "what is answered there is 1 to 40 bytes of plain text";
	else if (contact->days < SF_CONTACT_ALL || contact->days > SF_CONTACT_WEEKENDS)
		fault = "days are all, weekdays or weekends";
	else if (contact->from_minute < 0 || contact->from_minute >= MINUTES_OF_DAY ||
		 contact->until_minute < 1 || contact->until_minute > MINUTES_OF_DAY)
		fault = "hours begin at 00:00 to 23:59 and end at 00:01 to 24:00";
	if (!fault)
		return SF_OK;
	sf_diag_set(diag, "%s", fault);
	return SF_ERR_FORMAT;
}

static bool is_answered_on(const struct sf_contact *contact, int32_t day)
{
	static const struct sf_calendar denmark = {.danish = true};
	if (contact->days == SF_CONTACT_ALL)
		return true;
	bool weekday = sf_calendar_is_working_day(&denmark, day);
	return weekday == (contact->days == SF_CONTACT_WEEKDAYS);
}

/* The hours that begin on the day: one that crosses midnight ends on the next. */
static void hours_of(const struct sf_contact *contact, const struct sf_zone *zone, int32_t day,
	int64_t *ret_from_ms, int64_t *ret_until_ms)
{
	int32_t until_day = day + (contact->until_minute <= contact->from_minute);
	*ret_from_ms = sf_zone_instant(zone, day, contact->from_minute);
	*ret_until_ms = sf_zone_instant(zone, until_day, contact->until_minute);
}

/* A night that began yesterday is answered still. */
static bool is_answered_at(
	const struct sf_contact *contact, const struct sf_zone *zone, int64_t at_ms)
{
	int32_t today = sf_zone_local(zone, at_ms).day;
	for (int32_t day = today - 1; day <= today; day++) {
		int64_t from_ms, until_ms;
		hours_of(contact, zone, day, &from_ms, &until_ms);
		if (from_ms <= at_ms && at_ms < until_ms && is_answered_on(contact, day))
			return true;
	}
	return false;
}

static size_t whom_at(
	const struct sf_contact *contacts, size_t count, const struct sf_zone *zone, int64_t at_ms)
{
	for (size_t i = 0; i < count; i++)
		if (is_answered_at(&contacts[i], zone, at_ms))
			return i;
	return SF_CONTACT_NOBODY;
}

/* The first instant after at_ms at which hours begin or end; they do so every day. */
static int64_t next_bound(
	const struct sf_contact *contacts, size_t count, const struct sf_zone *zone, int64_t at_ms)
{
	int32_t today = sf_zone_local(zone, at_ms).day;
	int64_t next_ms = SF_NEVER_MS;
	for (size_t i = 0; i < count; i++)
		for (int32_t day = today - 1; day <= today + 1; day++) {
			int64_t bounds[2];
			hours_of(&contacts[i], zone, day, &bounds[0], &bounds[1]);
			for (size_t k = 0; k < SF_COUNT(bounds); k++)
				if (bounds[k] > at_ms && bounds[k] < next_ms)
					next_ms = bounds[k];
		}
	return next_ms;
}

struct sf_contact_now sf_contact_now(
	const struct sf_contact *contacts, size_t count, const struct sf_zone *zone, int64_t now_ms)
{
	struct sf_contact_now now = {whom_at(contacts, count, zone, now_ms), SF_NEVER_MS};
	int32_t last_day = sf_zone_local(zone, now_ms).day + DAYS_ALIKE_MAX;
	int64_t at_ms = now_ms;
	while (sf_zone_local(zone, at_ms).day <= last_day) {
		at_ms = next_bound(contacts, count, zone, at_ms);
		if (at_ms == SF_NEVER_MS)
			break;
		if (whom_at(contacts, count, zone, at_ms) != now.contact) {
			now.until_ms = at_ms;
			break;
		}
	}
	return now;
}
