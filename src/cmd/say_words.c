/* Readers of forms: times, roles, and the words of enumerations. */
#include <stdio.h>
#include <string.h>

#include "cmd/when.h"
#include "cmd/say.h"

/* No enumeration of facts has a number above it. */
#define WORDS_MAX 64u

static void *place_of(struct sf_saying *saying, const struct sf_say_field *field)
{
	return (uint8_t *)&saying->fact + field->offset;
}

static int complain_time(
	const struct sf_saying *saying, const struct sf_say_field *field, const char *text)
{
	return sf_exit_usage("%s: %s%s%s'%s' is no time: 2026-11-20T15:00:00Z, '2026-11-20 16:00' "
			     "or +3d",
		saying->arguments->command->name, field->option ? "--" : "",
		field->option ? field->option : "", field->option ? " " : "", text);
}

int sf_say_time(struct sf_saying *saying, const struct sf_say_field *field, const char *text)
{
	int64_t ms = 0;
	if (sf_when_read(text, SF_WHEN_NO_DAY, saying->now_ms, &ms))
		return complain_time(saying, field, text);
	memcpy(place_of(saying, field), &ms, sizeof(ms));
	return SF_EXIT_OK;
}

int sf_say_interval(struct sf_saying *saying, const struct sf_say_field *field, const char *text)
{
	struct sf_interval interval;
	if (sf_when_read_interval(text, saying->now_ms, &interval))
		return sf_exit_usage("%s: --%s '%s' is no interval: FROM/UNTIL, each a time or a "
				     "day, the earlier one first",
			saying->arguments->command->name, field->option, text);
	memcpy(place_of(saying, field), &interval, sizeof(interval));
	return SF_EXIT_OK;
}

/* Enumerations by number, so that one function reads and explains all of them. */
struct words {
	unsigned (*number)(const char *text);
	const char *(*text)(unsigned number);
};

static int read_word(struct sf_saying *saying, const struct sf_say_field *field, const char *text,
	const struct words *words)
{
	unsigned number = words->number(text);
	if (number != 0) {
		memcpy(place_of(saying, field), &number, sizeof(number));
		return SF_EXIT_OK;
	}
	char known[512];
	size_t used = 0;
	for (unsigned i = 1; i < WORDS_MAX; i++) {
		const char *word = words->text(i);
		if (words->number(word) != i || used + strlen(word) + 3 > sizeof(known))
			continue;
		int size = snprintf(
			known + used, sizeof(known) - used, "%s%s", used ? ", " : "", word);
		used += (size_t)size;
	}
	return sf_exit_usage("%s: no word '%s'%s%s, there are %s", saying->arguments->command->name,
		text, field->option ? " for --" : "", field->option ? field->option : "", known);
}

/* enum values are written as unsigned. */
_Static_assert(sizeof(enum sf_role) == sizeof(unsigned), "an enumeration is an unsigned");

/* Of a transition: no coordinator and no auditor has a part in one. */
static unsigned role_number(const char *text)
{
	enum sf_role role = sf_role_from_text(text);
	return role < SF_ROLE_COORDINATOR ? (unsigned)role : 0;
}

static const char *role_text(unsigned number)
{
	return sf_role_text((enum sf_role)number);
}

int sf_say_role(struct sf_saying *saying, const struct sf_say_field *field, const char *text)
{
	const struct words words = {role_number, role_text};
	return read_word(saying, field, text, &words);
}

/* A reader for each enumeration: its two functions, seen as functions of numbers. */
/* clang-format off */
#define READER(name, type) \
	static unsigned name##_number(const char *text) \
	{ \
		return (unsigned)sf_##name##_from_text(text); \
	} \
	static const char *name##_text(unsigned number) \
	{ \
		return sf_##name##_text((enum type)number); \
	} \
	int sf_say_##name( \
		struct sf_saying *saying, const struct sf_say_field *field, const char *text) \
	{ \
		const struct words words = {name##_number, name##_text}; \
		return read_word(saying, field, text, &words); \
	}
READER(assessment, sf_assessment_code)
READER(confidence, sf_confidence)
READER(plan_answer, sf_plan_answer_code)
READER(cannot, sf_cannot)
READER(letter, sf_letter_code)
READER(mark, sf_mark)
READER(task_action, sf_task_action)
READER(window_action, sf_window_action)
READER(dispute, sf_dispute_code)
READER(close, sf_close_code)
/* clang-format on */
