/* Ready, agreed, arrived: the steps out of the house. */
#include <stddef.h>

#include "cmd/say.h"

static int check_ready(struct sf_saying *saying)
{
	struct sf_ready *ready = &saying->fact.ready;
	if (ready->ready_ms == 0)
		ready->ready_ms = saying->now_ms;
	/* The flag was read as what it names; the fact says the opposite. */
	ready->duties_done = !sf_arguments_flag(saying->arguments, "duties-open");
	if (saying->request.say.occurred_ms == 0)
		saying->request.say.occurred_ms = ready->ready_ms;
	return SF_EXIT_OK;
}

int sf_command_ready(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{"at", 0, false, offsetof(struct sf_fact, ready.ready_ms), sf_say_time, NULL},
	};
	static const struct sf_say_form declared = {.kind = SF_KIND_READY,
		.fields = fields,
		.field_count = SF_COUNT(fields),
		.check = check_ready};
	static const struct sf_say_form withdrawn = {.kind = SF_KIND_READY_WITHDRAWN};
	if (!sf_arguments_flag(arguments, "withdraw"))
		return sf_say(arguments, &declared);
	if (sf_arguments_flag(arguments, "at") || sf_arguments_flag(arguments, "duties-open"))
		return sf_exit_usage("ready: --withdraw stands alone");
	return sf_say(arguments, &withdrawn);
}

int sf_command_agree(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, agree.discharge_ms), sf_say_time, NULL},
	};
	static const struct sf_say_form form = {
		.kind = SF_KIND_AGREE, .fields = fields, .field_count = SF_COUNT(fields)};
	return sf_say(arguments, &form);
}

static int check_arrived(struct sf_saying *saying)
{
	int64_t *arrived_ms = &saying->fact.arrived.arrived_ms;
	if (*arrived_ms == 0)
		*arrived_ms = saying->now_ms;
	if (saying->request.say.occurred_ms == 0)
		saying->request.say.occurred_ms = *arrived_ms;
	return SF_EXIT_OK;
}

int sf_command_arrived(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{"at", 0, false, offsetof(struct sf_fact, arrived.arrived_ms), sf_say_time, NULL},
	};
	static const struct sf_say_form form = {.kind = SF_KIND_ARRIVED,
		.fields = fields,
		.field_count = SF_COUNT(fields),
		.check = check_arrived};
	return sf_say(arguments, &form);
}
