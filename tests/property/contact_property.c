/*
 * Whom to call now, against a reader of the wall clock that knows no instants: it looks at day and
 * minute and nothing else. Both agree at every minute but those that the autumn shows twice, and
 * the answer lasts exactly until the time it names.
 */
#include "property/chance.h"

#include "base/check.h"
#include "base/time.h"
#include "core/contact.h"

#define CONTACTS_MAX 6
#define LOOKED_AT_MS (3 * SF_DAY_MS)

/* Denmark's clock in the years 2025 to 2028. */
static const struct sf_zone_change changes[] = {{1743296400000, 7200}, {1761440400000, 3600},
	{1774746000000, 7200}, {1792890000000, 3600}, {1806195600000, 7200}, {1824944400000, 3600},
	{1837645200000, 7200}, {1856394000000, 3600}};
static const struct sf_zone denmark = {.name = "Europe/Copenhagen",
	.first_offset_s = 3600,
	.change_count = SF_COUNT(changes),
	.changes = changes};

static size_t draw(struct chance *chance, struct sf_contact *contacts)
{
	size_t count = chance_below(chance, CONTACTS_MAX + 1);
	for (size_t i = 0; i < count; i++) {
		bool hours = chance_percent(chance, 80);
		contacts[i] = (struct sf_contact){.telephone = "11111111",
			.what = "vagt",
			.days = (enum sf_contact_days)(1 + chance_below(chance, 3)),
			.from_minute = (int32_t)(hours ? 60 * chance_below(chance, 24)
						       : chance_below(chance, 1440)),
			.until_minute = 1 + (int32_t)(hours ? 60 * chance_below(chance, 24) + 59
							    : chance_below(chance, 1440))};
		CHECK(!sf_contact_check(&contacts[i], NULL));
	}
	return count;
}

static bool fits(const struct sf_contact *contact, int32_t day)
{
	bool off = sf_day_weekday(day) >= 5 || sf_day_is_public_holiday(day);
	return contact->days == SF_CONTACT_ALL || off == (contact->days == SF_CONTACT_WEEKENDS);
}

static size_t by_the_wall(const struct sf_contact *contacts, size_t count, int64_t at_ms)
{
	struct sf_local_time wall = sf_zone_local(&denmark, at_ms);
	for (size_t i = 0; i < count; i++) {
		const struct sf_contact *one = &contacts[i];
		bool over_midnight = one->until_minute <= one->from_minute;
		bool begun = wall.minute >= one->from_minute;
		bool ended = wall.minute >= one->until_minute;
		if (over_midnight ? (begun && fits(one, wall.day)) ||
					    (!ended && fits(one, wall.day - 1))
				  : begun && !ended && fits(one, wall.day))
			return i;
	}
	return SF_CONTACT_NOBODY;
}

/* The hour before the clock goes back, and the one after: the wall shows the same twice. */
static bool is_shown_twice(int64_t at_ms)
{
	for (size_t i = 0; i < SF_COUNT(changes); i++)
		if (changes[i].offset_s == 3600 && at_ms >= changes[i].at_ms - SF_HOUR_MS &&
			at_ms < changes[i].at_ms + SF_HOUR_MS)
			return true;
	return false;
}

/* Any minute of the years, or one near a change of the clock. */
static int64_t draw_time(struct chance *chance)
{
	int64_t from_ms = changes[0].at_ms - 30 * SF_DAY_MS;
	if (chance_percent(chance, 40))
		from_ms = changes[chance_below(chance, SF_COUNT(changes))].at_ms - SF_DAY_MS -
			  chance_below(chance, 1440) * SF_MINUTE_MS;
	else
		from_ms += chance_below(chance, 1200 * 1440) * SF_MINUTE_MS;
	return from_ms;
}

static void lasts_until_it_says(struct chance *chance)
{
	struct sf_contact contacts[CONTACTS_MAX];
	size_t count = draw(chance, contacts);
	int64_t now_ms = draw_time(chance);
	struct sf_contact_now now = sf_contact_now(contacts, count, &denmark, now_ms);
	CHECK(now.until_ms > now_ms);
	int64_t end_ms = now_ms + LOOKED_AT_MS;
	for (int64_t at_ms = now_ms; at_ms < end_ms; at_ms += SF_MINUTE_MS) {
		struct sf_contact_now then = sf_contact_now(contacts, count, &denmark, at_ms);
		if (!is_shown_twice(at_ms))
			CHECK(then.contact == by_the_wall(contacts, count, at_ms));
		if (at_ms == now.until_ms) {
			CHECK(then.contact != now.contact);
			now = then;
		}
		CHECK(then.contact == now.contact && then.until_ms == now.until_ms);
	}
}

int main(int argc, char **argv)
{
	return chance_main(argc, argv, "contact", lasts_until_it_says);
}
