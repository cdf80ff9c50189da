/* What people decide when the course does not: disputes, telephone calls, closing. */
#include <stddef.h>

#include "cmd/say.h"

int sf_command_dispute(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, dispute.code), sf_say_word,
			&sf_words_dispute},
	};
	static const struct sf_say_form form = {.kind = SF_KIND_DISPUTE,
		.fields = fields,
		.field_count = SF_COUNT(fields),
		.finish = sf_say_about};
	return sf_say(arguments, &form);
}

int sf_command_resolve(const struct sf_arguments *arguments)
{
	static const struct sf_say_form form = {.kind = SF_KIND_RESOLVE, .finish = sf_say_about};
	return sf_say(arguments, &form);
}

static int check_call(struct sf_saying *saying)
{
	int64_t *at_ms = &saying->fact.fallback.at_ms;
	if (*at_ms == 0)
		*at_ms = saying->now_ms;
	if (saying->request.say.occurred_ms == 0)
		saying->request.say.occurred_ms = *at_ms;
	return SF_EXIT_OK;
}

int sf_command_call(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, fallback.with), sf_say_word,
			&sf_words_role},
		{"at", 0, false, offsetof(struct sf_fact, fallback.at_ms), sf_say_time, NULL},
	};
	static const struct sf_say_form form = {.kind = SF_KIND_FALLBACK,
		.fields = fields,
		.field_count = SF_COUNT(fields),
		.check = check_call,
		.finish = sf_say_about};
	return sf_say(arguments, &form);
}

int sf_command_close(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, close.code), sf_say_word, &sf_words_close},
	};
	static const struct sf_say_form form = {
		.kind = SF_KIND_CLOSE, .fields = fields, .field_count = SF_COUNT(fields)};
	return sf_say(arguments, &form);
}

int sf_command_reopen(const struct sf_arguments *arguments)
{
	static const struct sf_say_form form = {.kind = SF_KIND_REOPEN};
	return sf_say(arguments, &form);
}

static int check_window(struct sf_saying *saying)
{
	const struct sf_window_fact *window = &saying->fact.window;
	if ((window->action == SF_WINDOW_EXTEND) != (window->until_ms != 0))
		return sf_exit_usage(window->action == SF_WINDOW_EXTEND
					     ? "window: --until is missing: say the new end"
					     : "window: --until is of extend");
	return SF_EXIT_OK;
}

int sf_command_window(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, window.action), sf_say_word,
			&sf_words_window_action},
		{"until", 0, false, offsetof(struct sf_fact, window.until_ms), sf_say_time, NULL},
	};
	static const struct sf_say_form form = {.kind = SF_KIND_WINDOW,
		.fields = fields,
		.field_count = SF_COUNT(fields),
		.check = check_window};
	return sf_say(arguments, &form);
}
