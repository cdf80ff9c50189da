/*
 * `stafet duty ACTION TRANSITION DUTY`. What is owed is named as the screen shows it: by the name
 * of its clause ("care-plan"), by its kind ("home-care", "answer"), by the clause as the agreement
 * cites it, or by the first digits of the message that raised it. A duty that somebody asked for
 * comes before the clause that its request set going: who does the one has done the other.
 */
#include <stddef.h>
#include <string.h>

#include "cmd/say.h"

#define PREFIX_DIGITS_MIN 6

/* Which actions an option belongs to: bits 1 << enum sf_task_action. */
#define BIT(action) (1u << (unsigned)(action))

static const struct {
	const char *option;
	unsigned actions; /* that may have it */
	unsigned must;    /* that must have it */
} rules[] = {
	{"owner", BIT(SF_TASK_REQUEST) | BIT(SF_TASK_OFFER),
		BIT(SF_TASK_REQUEST) | BIT(SF_TASK_OFFER)},
	{"due", BIT(SF_TASK_REQUEST) | BIT(SF_TASK_ACCEPT) | BIT(SF_TASK_OFFER), 0},
	{"until", BIT(SF_TASK_HOLD), BIT(SF_TASK_HOLD)},
	{"refer-to", BIT(SF_TASK_REJECT), BIT(SF_TASK_REJECT)},
	{"treatment", BIT(SF_TASK_REQUEST), 0},
	{"payer", BIT(SF_TASK_REQUEST), 0},
};

static int check_options(struct sf_saying *saying)
{
	unsigned action = BIT(saying->fact.obligation.action);
	const char *word = sf_task_action_text(saying->fact.obligation.action);
	for (size_t i = 0; i < SF_COUNT(rules); i++) {
		bool given = sf_arguments_flag(saying->arguments, rules[i].option);
		if (given && !(rules[i].actions & action))
			return sf_exit_usage("duty: --%s is not of %s", rules[i].option, word);
		if (!given && (rules[i].must & action))
			return sf_exit_usage("duty: --%s is missing for %s", rules[i].option, word);
	}
	return SF_EXIT_OK;
}

static bool is_named(const struct sf_obligation_row *row, const char *name)
{
	char subject[SF_ID_TEXT_SIZE];
	sf_id_format(row->subject, subject);
	size_t size = strlen(name);
	return strcmp(row->name, name) == 0 || strcmp(row->citation, name) == 0 ||
	       strcmp(sf_duty_text(row->duty), name) == 0 ||
	       (size >= PREFIX_DIGITS_MIN && strncmp(subject, name, size) == 0);
}

/* What a clause expects because of the request that the first row is. */
static bool is_asked_again(
	const struct sf_obligation_row *asked, const struct sf_obligation_row *row)
{
	return asked && asked->clause == 0 && row->duty == SF_DUTY_EXPECTATION &&
	       sf_id_equal(asked->subject, row->subject);
}

/* The open obligation of that name; where several are, the name does not say which. */
static int find_obligation(
	struct sf_saying *saying, const char *name, const struct sf_obligation_row **ret_row)
{
	int code = sf_say_show(saying);
	if (code)
		return code;
	const struct sf_reply_transition *show = &saying->session.reply.transition;
	*ret_row = NULL;
	for (size_t i = 0; i < show->obligation_count; i++) {
		const struct sf_obligation_row *row = &show->obligations[i];
		if (!row->open || !is_named(row, name) || is_asked_again(*ret_row, row))
			continue;
		if (*ret_row && !is_asked_again(row, *ret_row)) {
			const struct sf_diag diag = {"several things that are owed have this name: "
						     "give the id beside it on the screen"};
			return sf_exit_failed(SF_ERR_CONFLICT, &diag);
		}
		*ret_row = row;
	}
	return SF_EXIT_OK;
}

/* A party may begin, do or fail what nobody requested: then it owns it itself. */
static bool needs_no_request(enum sf_task_action action)
{
	return action == SF_TASK_START || action == SF_TASK_COMPLETE || action == SF_TASK_FAIL ||
	       action == SF_TASK_ACCEPT;
}

static int name_obligation(struct sf_saying *saying)
{
	struct sf_obligation_fact *fact = &saying->fact.obligation;
	const char *name = saying->arguments->items[2];
	const struct sf_obligation_row *row = NULL;
	enum sf_duty duty = sf_duty_from_text(name);
	if (fact->action == SF_TASK_REQUEST) {
		fact->duty = duty;
		return duty ? SF_EXIT_OK
			    : sf_exit_usage("duty: no duty '%s', see: man stafet", name);
	}
	int code = find_obligation(saying, name, &row);
	if (code)
		return code;
	if (row) {
		fact->subject = row->subject;
		fact->clause = row->clause;
		return SF_EXIT_OK;
	}
	if (duty && duty < SF_DUTY_EXPECTATION && needs_no_request(fact->action)) {
		fact->duty = duty;
		return SF_EXIT_OK;
	}
	struct sf_diag diag = {.text = ""};
	sf_diag_set(
		&diag, "nothing that is owed is called '%s', see: stafet transition show", name);
	return sf_exit_failed(SF_ERR_NOT_FOUND, &diag);
}

static int finish_duty(struct sf_saying *saying)
{
	struct sf_obligation_fact *fact = &saying->fact.obligation;
	int code = name_obligation(saying);
	if (!code && fact->action == SF_TASK_REJECT)
		code = sf_say_direction(saying, &fact->refer_to_role, &fact->refer_to_party);
	return code;
}

int sf_command_duty(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 0, true, offsetof(struct sf_fact, obligation.action), sf_say_word,
			&sf_words_task_action},
		{"owner", 0, false, offsetof(struct sf_fact, obligation.owner), sf_say_word,
			&sf_words_role},
		{"due", 0, false, offsetof(struct sf_fact, obligation.due_ms), sf_say_time, NULL},
		{"until", 0, false, offsetof(struct sf_fact, obligation.hold_until_ms), sf_say_time,
			NULL},
		{"treatment", 0, false, offsetof(struct sf_fact, obligation.treatment), sf_say_word,
			&sf_words_role},
		{"payer", 0, false, offsetof(struct sf_fact, obligation.payer), sf_say_word,
			&sf_words_role},
	};
	static const struct sf_say_form form = {.kind = SF_KIND_OBLIGATION,
		.id_item = 1,
		.fields = fields,
		.field_count = SF_COUNT(fields),
		.check = check_options,
		.finish = finish_duty};
	return sf_say(arguments, &form);
}
