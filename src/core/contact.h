/*
 * Whom to call now: the telephones of a party's duty desks and the hours they are answered (WIRE.md
 * section 2, directory). Numbers of organisations, never of persons. Pure; any thread.
 *
 * Hours are read off the wall: "23-07" begins on a day that fits and ends the morning after it,
 * whatever day that is, also when the night has 7 or 9 hours. Of several that are answered at an
 * instant the first of the list is the one to call.
 */
#ifndef SF_CORE_CONTACT_H
#define SF_CORE_CONTACT_H

#include "base/err.h"
#include "core/deadline.h"

#define SF_CONTACTS_MAX 12
#define SF_CONTACT_TELEPHONE_MAX ((size_t)16) /* '+' and the 15 digits of ITU-T E.164 */
#define SF_CONTACT_WHAT_MAX ((size_t)40)      /* bytes: a label, not a sentence */
#define SF_CONTACT_ZONE "Europe/Copenhagen"   /* whose wall clock and holidays the hours mean */

/* clang-format off */
#define SF_CONTACT_DAYS_LIST(X) \
	X(SF_CONTACT_ALL,      1, "all") \
	X(SF_CONTACT_WEEKDAYS, 2, "weekdays") /* Monday to Friday, no public holiday */ \
	X(SF_CONTACT_WEEKENDS, 3, "weekends") /* all others */
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_contact_days { SF_CONTACT_DAYS_NONE = 0, SF_CONTACT_DAYS_LIST(X) };
#undef X
/* "unknown" for a number without a name; never NULL. NONE for a word that is none. */
const char *sf_contact_days_text(enum sf_contact_days days);
enum sf_contact_days sf_contact_days_from_text(const char *text);

struct sf_contact {
	char telephone[SF_CONTACT_TELEPHONE_MAX + 1];
	char what[SF_CONTACT_WHAT_MAX + 1]; /* UTF-8 */
	enum sf_contact_days days;          /* on which it begins to be answered */
	int32_t from_minute;                /* of the day, 0..1439 */
	int32_t until_minute; /* 1..1440; not later than from_minute: on the day after */
};

/*
 * The telephone has 3 to 15 digits, with '+' before them or not; the label is 1 to
 * SF_CONTACT_WHAT_MAX bytes of UTF-8 without control characters; days and minutes are in range.
 * SF_ERR_FORMAT; diag says which of them.
 */
SF_MUST_USE enum sf_err sf_contact_check(const struct sf_contact *contact, struct sf_diag *diag);

/* Nobody answers: contact SF_CONTACT_NOBODY. until_ms SF_NEVER_MS: nothing will change. */
#define SF_CONTACT_NOBODY ((size_t)-1)
struct sf_contact_now {
	size_t contact;   /* index of the one to call */
	int64_t until_ms; /* when that will be another one, or nobody, or somebody */
};

/*
 * Contacts passed sf_contact_check; count <= SF_CONTACTS_MAX. zone: of SF_CONTACT_ZONE; NULL is
 * UTC. now_ms is in the years that the zone covers.
 */
struct sf_contact_now sf_contact_now(const struct sf_contact *contacts, size_t count,
	const struct sf_zone *zone, int64_t now_ms);

#endif
