#include "os/agreement_words.h"

#include <string.h>

#include "base/time.h"

#define AMOUNT_MAX 100000 /* core/deadline.h */

/* Takes the prefix off *text. */
static bool take(const char **text, const char *prefix)
{
	size_t size = strlen(prefix);
	if (strncmp(*text, prefix, size) != 0)
		return false;
	*text += size;
	return true;
}

static void skip_blanks(const char **text)
{
	*text += strspn(*text, " \t");
}

/* At the end of a word, not inside one. */
static bool at_end_of_word(const char *text)
{
	return *text == '\0' || *text == ' ' || *text == '\t' || *text == ';';
}

static bool take_word(const char **text, const char *word)
{
	const char *rest = *text;
	if (!take(&rest, word) || !at_end_of_word(rest))
		return false;
	skip_blanks(&rest);
	*text = rest;
	return true;
}

/* 1 to AMOUNT_MAX. */
static bool take_number(const char **text, int32_t *ret_number)
{
	int32_t number = 0;
	const char *rest = *text;
	for (; *rest >= '0' && *rest <= '9'; rest++) {
		number = number * 10 + (*rest - '0');
		if (number > AMOUNT_MAX)
			return false;
	}
	if (number == 0)
		return false;
	*text = rest;
	*ret_number = number;
	return true;
}

static bool take_two_digits(const char **text, int32_t *ret_number)
{
	const char *digits = *text;
	if (strspn(digits, "0123456789") < 2)
		return false;
	*ret_number = (digits[0] - '0') * 10 + (digits[1] - '0');
	*text += 2;
	return true;
}

static bool take_clock(const char **text, int32_t *ret_minute)
{
	const char *rest = *text;
	int32_t hour = 0, minute = 0;
	if (!take_two_digits(&rest, &hour) || !take(&rest, ":") ||
		!take_two_digits(&rest, &minute) || hour > 23 || minute > 59)
		return false;
	*text = rest;
	*ret_minute = hour * 60 + minute;
	return true;
}

bool sf_agreement_clock_read(const char *text, int32_t *ret_minute)
{
	int32_t minute = 0;
	if (!take_clock(&text, &minute) || *text != '\0')
		return false;
	*ret_minute = minute;
	return true;
}

/* "24h" or "30min" in minutes. */
static bool take_span(const char **text, int32_t *ret_minutes)
{
	const char *rest = *text;
	int32_t number = 0;
	if (!take_number(&rest, &number))
		return false;
	skip_blanks(&rest);
	if (take_word(&rest, "h"))
		number *= 60;
	else if (!take_word(&rest, "min"))
		return false;
	if (number > AMOUNT_MAX)
		return false;
	*text = rest;
	*ret_minutes = number;
	return true;
}

bool sf_agreement_span_read(const char *text, int64_t *ret_span_ms)
{
	int32_t minutes = 0;
	if (!take_span(&text, &minutes) || *text != '\0')
		return false;
	*ret_span_ms = minutes * SF_MINUTE_MS;
	return true;
}

/* A date of ten characters; the calendar's own check is base/time's. */
static bool take_day(const char **text, int32_t *ret_day)
{
	static const char midnight[] = "T00:00:00Z";
	char instant[SF_TIME_TEXT_SIZE];
	size_t size = strlen("2026-01-01");
	int64_t time_ms = 0;
	if (strnlen(*text, size) < size)
		return false;
	memcpy(instant, *text, size);
	memcpy(instant + size, midnight, sizeof(midnight));
	if (sf_time_parse(sf_view_text(instant), &time_ms) || time_ms < 0)
		return false;
	*text += size;
	*ret_day = (int32_t)(time_ms / SF_DAY_MS);
	return true;
}

bool sf_agreement_day_read(const char *text, int32_t *ret_day)
{
	int32_t day = 0;
	if (!take_day(&text, &day) || *text != '\0')
		return false;
	*ret_day = day;
	return true;
}

bool sf_agreement_period_read(const char *text, struct sf_period *ret_period)
{
	struct sf_period period;
	if (!take_day(&text, &period.from_day))
		return false;
	period.to_day = period.from_day;
	if (take(&text, "/") && !take_day(&text, &period.to_day))
		return false;
	if (*text != '\0' || period.to_day < period.from_day)
		return false;
	*ret_period = period;
	return true;
}

bool sf_agreement_hours_read(const char *text, struct sf_calendar *calendar)
{
	int32_t from = 0, to = 0;
	if (!take_clock(&text, &from) || !take(&text, "-") || !take_clock(&text, &to) || to <= from)
		return false;
	bool apart = *text == ' ' || *text == '\t';
	skip_blanks(&text);
	bool daily = apart && take_word(&text, "daily");
	if (*text != '\0')
		return false;
	calendar->reading_from_minute = from;
	calendar->reading_to_minute = to;
	calendar->reading_daily = daily;
	return true;
}

static uint32_t activity_number(const char *text)
{
	return (uint32_t)sf_activity_from_text(text);
}
static uint32_t letter_number(const char *text)
{
	return (uint32_t)sf_letter_from_text(text);
}
static uint32_t assessment_number(const char *text)
{
	return (uint32_t)sf_assessment_from_text(text);
}
static uint32_t plan_answer_number(const char *text)
{
	return (uint32_t)sf_plan_answer_from_text(text);
}
static uint32_t domain_number(const char *text)
{
	enum sf_domain domain = sf_domain_from_text(text);
	return domain == SF_DOMAIN_COUNT ? 0 : (uint32_t)domain + 1;
}

/* Facts that a clause may name, with what may be asked of them. */
static const struct {
	uint32_t kind;
	bool alone; /* the kind without a detail: any of them */
	uint32_t (*detail)(const char *text);
} trigger_kinds[] = {
	{SF_KIND_STAY, false, activity_number},
	{SF_KIND_LETTER, true, letter_number},
	{SF_KIND_ASSESSMENT, true, assessment_number},
	{SF_KIND_ACCEPT, true, domain_number},
	{SF_KIND_PLAN_ANSWER, true, plan_answer_number},
	{SF_KIND_INTENT, true, NULL},
	{SF_KIND_PLAN, true, NULL},
	{SF_KIND_READY, true, NULL},
	{SF_KIND_READY_WITHDRAWN, true, NULL},
	{SF_KIND_AGREE, true, NULL},
	{SF_KIND_ARRIVED, true, NULL},
	{SF_KIND_QUESTION, true, NULL},
	{SF_KIND_ANSWER, true, NULL},
	{SF_KIND_FALLBACK, true, NULL},
};

/* "rehabilitation.in-progress": duties that people request, states they bring about. */
static bool read_duty(const char *text, struct sf_trigger *ret_trigger)
{
	char duty_word[48];
	size_t size = strcspn(text, ".");
	if (size >= sizeof(duty_word) || text[size] != '.')
		return false;
	memcpy(duty_word, text, size);
	duty_word[size] = '\0';
	enum sf_duty duty = sf_duty_from_text(duty_word);
	enum sf_task_state state = sf_task_state_from_text(text + size + 1);
	if (duty == SF_DUTY_NONE || duty > SF_DUTY_OTHER || state == SF_TASK_STATE_NONE ||
		state == SF_TASK_EXPIRED)
		return false;
	*ret_trigger = (struct sf_trigger){SF_KIND_OBLIGATION, (uint32_t)duty, state};
	return true;
}

bool sf_agreement_trigger_read(const char *text, struct sf_trigger *ret_trigger)
{
	if (take(&text, "obligation."))
		return read_duty(text, ret_trigger);
	for (size_t i = 0; i < SF_COUNT(trigger_kinds); i++) {
		const char *rest = text;
		if (!take(&rest, sf_kind_text(trigger_kinds[i].kind)))
			continue;
		struct sf_trigger trigger = {.kind = trigger_kinds[i].kind};
		bool good = *rest == '\0' && trigger_kinds[i].alone;
		if (*rest == '.' && trigger_kinds[i].detail) {
			trigger.detail = trigger_kinds[i].detail(rest + 1);
			good = trigger.detail != 0;
		}
		if (!good)
			continue;
		*ret_trigger = trigger;
		return true;
	}
	return false;
}

/* "stay>24h" is longer, "stay<24h" is not longer. */
static bool read_stay(const char *text, struct sf_condition *ret_condition)
{
	struct sf_condition condition = {.code = SF_CONDITION_STAY_LONGER};
	condition.negated = *text == '<';
	if (*text != '<' && *text != '>')
		return false;
	text++;
	skip_blanks(&text);
	if (!sf_agreement_span_read(text, &condition.than_ms))
		return false;
	*ret_condition = condition;
	return true;
}

bool sf_agreement_condition_read(const char *text, struct sf_condition *ret_condition)
{
	struct sf_condition condition = {.code = SF_CONDITION_NONE};
	bool negated = take_word(&text, "not");
	const char *rest = text;
	if (take(&rest, sf_condition_text(SF_CONDITION_STAY_LONGER))) {
		skip_blanks(&rest);
		if (!read_stay(rest, &condition))
			return false;
	} else {
		condition.code = sf_condition_from_text(text);
		if (condition.code == SF_CONDITION_NONE)
			return false;
	}
	condition.negated = condition.negated != negated;
	*ret_condition = condition;
	return true;
}

/* "7 days", "2 working-days 12:00", "4 reading-hours" */
static bool take_counted(const char **text, struct sf_deadline_part *part)
{
	static const struct {
		const char *word;
		enum sf_deadline_rule rule, rule_at;
	} units[] = {
		{"day", SF_DEADLINE_DAYS, SF_DEADLINE_DAY_AT},
		{"days", SF_DEADLINE_DAYS, SF_DEADLINE_DAY_AT},
		{"working-day", SF_DEADLINE_WORKING_DAYS, SF_DEADLINE_WORKING_DAY_AT},
		{"working-days", SF_DEADLINE_WORKING_DAYS, SF_DEADLINE_WORKING_DAY_AT},
		{"reading-hour", SF_DEADLINE_READING_HOURS, SF_DEADLINE_NONE},
		{"reading-hours", SF_DEADLINE_READING_HOURS, SF_DEADLINE_NONE},
	};
	if (take_span(text, &part->amount)) {
		part->rule = SF_DEADLINE_MINUTES;
		return true;
	}
	if (!take_number(text, &part->amount))
		return false;
	skip_blanks(text);
	for (size_t i = 0; i < SF_COUNT(units); i++) {
		if (!take_word(text, units[i].word))
			continue;
		bool at = units[i].rule_at != SF_DEADLINE_NONE && take_clock(text, &part->minute);
		part->rule = at ? units[i].rule_at : units[i].rule;
		return true;
	}
	return false;
}

/* "same-day 23:59", "before discharge-day 12:00" */
static bool take_named(const char **text, struct sf_deadline_part *part)
{
	static const struct {
		const char *word;
		enum sf_deadline_rule rule;
		int32_t amount;
	} days[] = {
		{"same-day", SF_DEADLINE_DAY_AT, 0},
		{"next-day", SF_DEADLINE_DAY_AT, 1},
		{"next-working-day", SF_DEADLINE_WORKING_DAY_AT, 1},
	};
	if (take_word(text, "before")) {
		part->rule = SF_DEADLINE_DISCHARGE;
		if (take_word(text, "discharge"))
			return true;
		part->rule = SF_DEADLINE_DISCHARGE_DAY_AT;
		return take_word(text, "discharge-day") && take_clock(text, &part->minute);
	}
	for (size_t i = 0; i < SF_COUNT(days); i++) {
		if (!take_word(text, days[i].word))
			continue;
		part->rule = days[i].rule;
		part->amount = days[i].amount;
		return take_clock(text, &part->minute);
	}
	return false;
}

static bool take_rule(const char **text, struct sf_deadline_part *part)
{
	const char *rest = *text;
	if (!take_named(&rest, part)) {
		rest = *text;
		if (!take_counted(&rest, part))
			return false;
	}
	*text = rest;
	return true;
}

static bool take_part(const char **text, struct sf_deadline_part *ret_part)
{
	struct sf_deadline_part part = {.if_before_minute = -1};
	skip_blanks(text);
	if (!take_rule(text, &part))
		return false;
	skip_blanks(text);
	if (take_word(text, "if") &&
		(!take_word(text, "before") || !take_clock(text, &part.if_before_minute)))
		return false;
	skip_blanks(text);
	*ret_part = part;
	return true;
}

/*
 * The last part whose condition holds rules: the general one stands first and has none, and each of
 * the others has one, or it would make all before it mean nothing.
 */
bool sf_agreement_deadline_read(const char *text, struct sf_deadline *ret_deadline)
{
	struct sf_deadline deadline = {.part_count = 0};
	do {
		if (deadline.part_count == SF_DEADLINE_PARTS_MAX)
			return false;
		struct sf_deadline_part *part = &deadline.parts[deadline.part_count];
		if (!take_part(&text, part) ||
			(part->if_before_minute < 0) != (deadline.part_count == 0))
			return false;
		deadline.part_count++;
	} while (take(&text, ";"));
	if (*text != '\0')
		return false;
	*ret_deadline = deadline;
	return true;
}
