/* Readers of forms: times, roles, and the words of enumerations. */
#include <string.h>

#include "cmd/when.h"
#include "cmd/say.h"

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

int sf_say_word(struct sf_saying *saying, const struct sf_say_field *field, const char *text)
{
	unsigned number = field->words->number(text);
	if (number != 0) {
		memcpy(place_of(saying, field), &number, sizeof(number));
		return SF_EXIT_OK;
	}
	char known[512];
	sf_word_list_text(field->words, known, sizeof(known));
	return sf_exit_usage("%s: no word '%s'%s%s, there are %s", saying->arguments->command->name,
		text, field->option ? " for --" : "", field->option ? field->option : "", known);
}
