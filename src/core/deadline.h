/*
 * Deadlines as an agreement states them (DOMAIN.md section 7), and the instant they come to.
 *
 * Text (os/agreement_text reads it, audit/explain writes it): alternatives separated by ';', the
 * last whose condition holds rules, so that the general one stands first:
 *   "24h"  "30min"  "7 days"  "1 working-day"  "4 reading-hours"
 *   "same-day 23:59"  "next-day 23:59"  "next-working-day 12:00"
 *   "before discharge"  "before discharge-day 12:00"
 *   "next-day 23:59; same-day 23:59 if before 12:00"
 */
#ifndef SF_CORE_DEADLINE_H
#define SF_CORE_DEADLINE_H

#include "core/calendar.h"

/* clang-format off */
#define SF_DEADLINE_LIST(X) \
	X(SF_DEADLINE_MINUTES,          1, "minutes")       /* elapsed time: hours are 60 of them */ \
	X(SF_DEADLINE_DAYS,             2, "days")          /* calendar days, same wall-clock time */ \
	X(SF_DEADLINE_WORKING_DAYS,     3, "working-days")  /* same wall-clock time */ \
	X(SF_DEADLINE_READING_HOURS,    4, "reading-hours") /* counted within reading hours only */ \
	X(SF_DEADLINE_DAY_AT,           5, "day-at")        /* amount days later, at minute */ \
	X(SF_DEADLINE_WORKING_DAY_AT,   6, "working-day-at") /* amount working days later, at minute */ \
	X(SF_DEADLINE_DISCHARGE,        7, "before-discharge") \
	X(SF_DEADLINE_DISCHARGE_DAY_AT, 8, "before-discharge-day")
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_deadline_rule { SF_DEADLINE_NONE = 0, SF_DEADLINE_LIST(X) };
#undef X
const char *sf_deadline_rule_text(enum sf_deadline_rule rule);

#define SF_DEADLINE_PARTS_MAX 3
#define SF_NEVER_MS INT64_MAX
/* What a count of days or reading hours has not come to after a hundred years is never. */
#define SF_DEADLINE_DAYS_MAX 36525

struct sf_deadline_part {
	enum sf_deadline_rule rule;
	int32_t amount; /* minutes, days, working days or reading hours; 0..100000 */
	int32_t minute; /* of the day, 0..1439, for the rules that end in AT */
	/* Holds only when the base's local time is before this minute; -1: always. */
	int32_t if_before_minute;
};

/* part_count 0: no deadline is stated. */
struct sf_deadline {
	size_t part_count;
	struct sf_deadline_part parts[SF_DEADLINE_PARTS_MAX];
};

/* What a "before" rule is measured from. */
struct sf_discharge_times {
	int64_t discharge_ms; /* the discharge: actual, else agreed; SF_NEVER_MS not known yet */
	int64_t planned_until_ms; /* latest bound of the newest plan; SF_NEVER_MS none */
};

/*
 * The instant by which it must be done; SF_NEVER_MS when nothing is stated or what it is measured
 * from is not known yet. Discharge-day is the local day of planned_until_ms, else of discharge_ms
 * (DOMAIN section 7). While a period is suspended no clock runs: minutes and reading hours count
 * outside it, days skip it, and an instant that falls into it, the base as well as what is
 * reckoned, becomes the first minute of the next day that is not suspended. A part's condition
 * looks at the base as it was. DISCHARGE rules are not moved by it. Saturates, never overflows.
 *
 * The wall clock is the calendar's zone's: "1 day" is 23 or 25 hours when the clock is changed,
 * "24h" never is, and reading hours are counted by the clock that runs.
 */
int64_t sf_deadline_due_ms(const struct sf_deadline *deadline, const struct sf_calendar *calendar,
	int64_t base_ms, const struct sf_discharge_times *discharge);

#endif
