#include "core/deadline.h"

#include "base/time.h"

#define MINUTES_OF_HOUR 60

/* One reckoning: from when, and how far it may go. */
struct reckoning {
	const struct sf_calendar *calendar;
	int64_t start_ms; /* the base, or the end of the suspended period it lies in */
	struct sf_local_time start;
	int32_t last_day; /* beyond it nothing is looked for */
};

const char *sf_deadline_rule_text(enum sf_deadline_rule rule)
{
	switch (rule) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_DEADLINE_LIST(X)
#undef X
	case SF_DEADLINE_NONE:
		break;
	}
	return "none";
}

static bool is_near(const struct reckoning *reckoning, int32_t day)
{
	return day <= reckoning->last_day;
}

/* The time itself, or where the clock runs again when it is suspended then. */
static int64_t resume(const struct sf_calendar *calendar, int64_t time_ms)
{
	int32_t day = sf_zone_local(calendar->zone, time_ms).day;
	if (!sf_calendar_is_suspended(calendar, day))
		return time_ms;
	day = sf_calendar_next_open_day(calendar, day);
	return day < SF_DAY_MAX ? sf_zone_instant(calendar->zone, day, 0) : SF_NEVER_MS;
}

/* The first day after day that is suspended; SF_DAY_MAX when none is. */
static int32_t next_suspended_day(const struct sf_calendar *calendar, int32_t day)
{
	int32_t next = SF_DAY_MAX;
	for (size_t i = 0; i < calendar->suspended_count; i++) {
		const struct sf_period *period = &calendar->suspended[i];
		if (period->from_day > day && period->from_day < next &&
			period->to_day >= period->from_day)
			next = period->from_day;
	}
	return next;
}

static int64_t after_minutes(const struct reckoning *reckoning, int32_t minutes)
{
	const struct sf_calendar *calendar = reckoning->calendar;
	int64_t left_ms = minutes * SF_MINUTE_MS;
	int64_t from_ms = reckoning->start_ms;
	int32_t day = reckoning->start.day;
	while (is_near(reckoning, day)) {
		int32_t stop = next_suspended_day(calendar, day);
		int64_t stop_ms = sf_zone_instant(calendar->zone, stop, 0);
		if (left_ms < stop_ms - from_ms)
			return from_ms + left_ms;
		left_ms -= stop_ms - from_ms;
		day = sf_calendar_next_open_day(calendar, stop);
		from_ms = sf_zone_instant(calendar->zone, day, 0);
	}
	return SF_NEVER_MS;
}

typedef int32_t next_day(const struct sf_calendar *calendar, int32_t day);

/* False when it lies too far away. */
static bool step_days(
	const struct reckoning *reckoning, next_day *next, int32_t amount, int32_t *ret_day)
{
	int32_t day = reckoning->start.day;
	for (int32_t i = 0; i < amount && is_near(reckoning, day); i++)
		day = next(reckoning->calendar, day);
	*ret_day = day;
	return is_near(reckoning, day);
}

/* So many days later at the same wall-clock time. */
static int64_t after_days(const struct reckoning *reckoning, next_day *next, int32_t amount)
{
	int32_t day = 0;
	if (!step_days(reckoning, next, amount, &day))
		return SF_NEVER_MS;
	/* An hour that the autumn gives twice is not turned back to its first. */
	if (day == reckoning->start.day)
		return reckoning->start_ms;
	return sf_zone_instant(reckoning->calendar->zone, day, reckoning->start.minute) +
	       reckoning->start.ms;
}

static int64_t days_at(
	const struct reckoning *reckoning, next_day *next, int32_t amount, int32_t minute)
{
	int32_t day = 0;
	if (!step_days(reckoning, next, amount, &day))
		return SF_NEVER_MS;
	return sf_zone_instant(reckoning->calendar->zone, day, minute);
}

static bool is_read_on(const struct sf_calendar *calendar, int32_t day)
{
	return calendar->reading_daily ? !sf_calendar_is_suspended(calendar, day)
				       : sf_calendar_is_working_day(calendar, day);
}

/* Minutes that were read in, by the clock that runs: the long day in autumn has an hour more. */
static int64_t after_reading(const struct reckoning *reckoning, int64_t minutes)
{
	const struct sf_calendar *calendar = reckoning->calendar;
	next_day *next =
		calendar->reading_daily ? sf_calendar_next_open_day : sf_calendar_next_working_day;
	bool whole_day = calendar->reading_from_minute == 0 && calendar->reading_to_minute == 0;
	int64_t left_ms = minutes * SF_MINUTE_MS;
	int32_t day = reckoning->start.day;
	if (!is_read_on(calendar, day))
		day = next(calendar, day);
	for (; is_near(reckoning, day); day = next(calendar, day)) {
		int64_t open_ms =
			sf_zone_instant(calendar->zone, day, calendar->reading_from_minute);
		int64_t close_ms = whole_day ? sf_zone_instant(calendar->zone, day + 1, 0)
					     : sf_zone_instant(calendar->zone, day,
						       calendar->reading_to_minute);
		if (open_ms < reckoning->start_ms)
			open_ms = reckoning->start_ms;
		if (open_ms > close_ms)
			continue;
		if (left_ms <= close_ms - open_ms)
			return open_ms + left_ms;
		left_ms -= close_ms - open_ms;
	}
	return SF_NEVER_MS;
}

static int64_t discharge_day_at(const struct sf_calendar *calendar,
	const struct sf_discharge_times *discharge, int32_t minute)
{
	int64_t day_of_ms = discharge->planned_until_ms != SF_NEVER_MS ? discharge->planned_until_ms
								       : discharge->discharge_ms;
	if (day_of_ms == SF_NEVER_MS)
		return SF_NEVER_MS;
	return sf_zone_instant(
		calendar->zone, sf_zone_local(calendar->zone, day_of_ms).day, minute);
}

/* The last part whose condition holds; NULL when none does. */
static const struct sf_deadline_part *ruling_part(
	const struct sf_deadline *deadline, struct sf_local_time base)
{
	for (size_t i = deadline->part_count; i > 0; i--) {
		const struct sf_deadline_part *part = &deadline->parts[i - 1];
		if (part->if_before_minute < 0 || base.minute < part->if_before_minute)
			return part;
	}
	return NULL;
}

static int64_t reckon(const struct sf_deadline_part *part, const struct reckoning *reckoning,
	const struct sf_discharge_times *discharge)
{
	switch (part->rule) {
	case SF_DEADLINE_MINUTES:
		return after_minutes(reckoning, part->amount);
	case SF_DEADLINE_DAYS:
		return after_days(reckoning, sf_calendar_next_open_day, part->amount);
	case SF_DEADLINE_WORKING_DAYS:
		return after_days(reckoning, sf_calendar_next_working_day, part->amount);
	case SF_DEADLINE_READING_HOURS:
		return after_reading(reckoning, (int64_t)part->amount * MINUTES_OF_HOUR);
	case SF_DEADLINE_DAY_AT:
		return days_at(reckoning, sf_calendar_next_open_day, part->amount, part->minute);
	case SF_DEADLINE_WORKING_DAY_AT:
		return days_at(reckoning, sf_calendar_next_working_day, part->amount, part->minute);
	case SF_DEADLINE_DISCHARGE:
		return discharge->discharge_ms;
	case SF_DEADLINE_DISCHARGE_DAY_AT:
		return discharge_day_at(reckoning->calendar, discharge, part->minute);
	case SF_DEADLINE_NONE:
		break;
	}
	return SF_NEVER_MS;
}

int64_t sf_deadline_due_ms(const struct sf_deadline *deadline, const struct sf_calendar *calendar,
	int64_t base_ms, const struct sf_discharge_times *discharge)
{
	const struct sf_deadline_part *part =
		ruling_part(deadline, sf_zone_local(calendar->zone, base_ms));
	if (!part)
		return SF_NEVER_MS;
	struct reckoning reckoning = {.calendar = calendar, .start_ms = resume(calendar, base_ms)};
	bool measured_from_discharge =
		part->rule == SF_DEADLINE_DISCHARGE || part->rule == SF_DEADLINE_DISCHARGE_DAY_AT;
	if (measured_from_discharge)
		return reckon(part, &reckoning, discharge);
	reckoning.start = sf_zone_local(calendar->zone, reckoning.start_ms);
	if (reckoning.start.day >= SF_DAY_MAX - SF_DEADLINE_DAYS_MAX)
		return SF_NEVER_MS;
	int64_t earliest_ms = sf_zone_instant(calendar->zone, -SF_DAY_MAX, 0);
	if (reckoning.start_ms < earliest_ms)
		reckoning.start_ms = earliest_ms;
	reckoning.last_day = reckoning.start.day + SF_DEADLINE_DAYS_MAX;
	int64_t due_ms = reckon(part, &reckoning, discharge);
	return due_ms == SF_NEVER_MS ? SF_NEVER_MS : resume(calendar, due_ms);
}
