/* Letters, questions and answers. */
#include <stddef.h>

#include "cmd/attachment.h"
#include "cmd/say.h"

static int check_letter(struct sf_saying *saying)
{
	if (sf_arguments_value(saying->arguments, "file"))
		return SF_EXIT_OK;
	return sf_exit_usage("letter: --file is missing: a letter needs its content");
}

static int attach(struct sf_saying *saying)
{
	int code = sf_attach_files(&saying->session, &saying->attached);
	saying->request.say.attachments = sf_attached_view(&saying->attached);
	return code;
}

int sf_command_letter(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, letter.code), sf_say_word,
			&sf_words_letter},
		{"mark", 0, false, offsetof(struct sf_fact, letter.mark), sf_say_word,
			&sf_words_mark},
	};
	static const struct sf_say_form form = {.kind = SF_KIND_LETTER,
		.fields = fields,
		.field_count = SF_COUNT(fields),
		.check = check_letter,
		.finish = attach};
	return sf_say(arguments, &form);
}

int sf_command_ask(const struct sf_arguments *arguments)
{
	static const struct sf_say_field fields[] = {
		{NULL, 1, true, offsetof(struct sf_fact, question.to), sf_say_word, &sf_words_role},
		{"answer-by", 0, false, offsetof(struct sf_fact, question.answer_by_ms),
			sf_say_time, NULL},
	};
	static const struct sf_say_form form = {
		.kind = SF_KIND_QUESTION, .fields = fields, .field_count = SF_COUNT(fields)};
	return sf_say(arguments, &form);
}

static int check_reply(struct sf_saying *saying)
{
	saying->fact.answer.by_person = !sf_arguments_flag(saying->arguments, "by-system");
	return SF_EXIT_OK;
}

int sf_command_reply(const struct sf_arguments *arguments)
{
	static const struct sf_say_form form = {
		.kind = SF_KIND_ANSWER, .id = SF_SAY_REPLY, .check = check_reply};
	return sf_say(arguments, &form);
}
