#include "cmd/say.h"

#include <stdio.h>
#include <string.h>

#include "cmd/file_bytes.h"
#include "cmd/when.h"
#include "cmd/print.h"
#include "cmd/print_json.h"
#include "port/format.h"
#include "wire/fact.h"

#define FACT_SIZE_MAX ((size_t)65536)

int sf_say_print(const struct sf_reply_said *said, bool json)
{
	if (!json) {
		printf("message     %s\n", sf_show_id(said->message).text);
		if (!sf_id_is_none(said->transition))
			printf("transition  %s\n", sf_show_id(said->transition).text);
		if (said->domains)
			printf("domains     %s\n", sf_show_domains(said->domains).text);
		printf("stored\n");
		return SF_EXIT_OK;
	}
	return sf_json_page_print(&(struct sf_reply){.kind = SF_REPLY_SAID, .said = *said});
}

static int read_fields(struct sf_saying *saying, const struct sf_say_form *form)
{
	const struct sf_arguments *arguments = saying->arguments;
	int code = SF_EXIT_OK;
	for (size_t i = 0; !code && i < form->field_count; i++) {
		const struct sf_say_field *field = &form->fields[i];
		const char *text = field->option ? sf_arguments_value(arguments, field->option)
						 : arguments->items[field->item];
		if (text)
			code = field->read(saying, field, text);
		else if (field->must)
			code = sf_exit_usage("%s: --%s is missing, see: stafet help %s",
				arguments->command->name, field->option, arguments->command->name);
	}
	return code;
}

static int read_letter(struct sf_saying *saying)
{
	struct sf_request_say *say = &saying->request.say;
	const char *path = sf_arguments_value(saying->arguments, "file");
	const char *type = sf_arguments_value(saying->arguments, "content-type");
	struct sf_diag diag = {.text = ""};
	if (!path)
		return type ? sf_exit_usage("%s: --content-type is of a --file",
				      saying->arguments->command->name)
			    : SF_EXIT_OK;
	enum sf_err err = sf_file_bytes_read(path, &saying->content, &diag);
	if (err)
		return sf_exit_failed(err, &diag);
	say->content = sf_buf_view(&saying->content);
	say->content_type = type ? type : sf_content_type_guess(say->content);
	if (!say->content_type)
		return sf_exit_usage("%s: what '%s' is must be said: --content-type",
			saying->arguments->command->name, path);
	return SF_EXIT_OK;
}

/* "gp" or "gp,municipality" as bits 1 << enum sf_role; 0 when a word of it is no role. */
static uint32_t read_roles(const char *text)
{
	uint32_t roles = 0;
	while (*text) {
		char word[32];
		size_t size = strcspn(text, ",");
		if (size >= sizeof(word))
			return 0;
		memcpy(word, text, size);
		word[size] = '\0';
		enum sf_role role = sf_role_from_text(word);
		if (role == SF_ROLE_NONE)
			return 0;
		roles |= 1u << (unsigned)role;
		text += size;
		text += *text == ',';
	}
	return roles;
}

/* What every fact may carry beside its own words. */
static int read_common(struct sf_saying *saying)
{
	const struct sf_arguments *arguments = saying->arguments;
	struct sf_request_say *say = &saying->request.say;
	const char *to = sf_arguments_text(arguments, "to");
	say->to_roles = read_roles(to);
	say->to_party = say->to_roles ? "" : to;
	say->contact_name = sf_arguments_text(arguments, "contact");
	say->contact_telephone = sf_arguments_text(arguments, "telephone");
	int code = sf_when_option(arguments, "occurred", say->occurred_ms, &say->occurred_ms);
	if (!code)
		code = sf_when_option(arguments, "contact-until", 0, &say->contact_until_ms);
	return code ? code : read_letter(saying);
}

int sf_say_show(struct sf_saying *saying)
{
	const struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.transition = saying->request.say.transition, .known_by = ""}};
	return sf_session_ask(&saying->session, &request);
}

static int find_id(struct sf_saying *saying, const struct sf_say_form *form)
{
	struct sf_request_say *say = &saying->request.say;
	int code = sf_session_id(&saying->session, saying->arguments->items[form->id_item],
		SF_SESSION_TRANSITIONS | SF_SESSION_MESSAGES, &say->transition);
	if (code || form->id == SF_SAY_TRANSITION)
		return code;
	code = sf_say_show(saying);
	if (!code && !sf_id_equal(saying->session.reply.transition.row.transition, say->transition))
		say->in_reply_to = say->transition;
	return code;
}

static int encode_and_ask(struct sf_saying *saying)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, FACT_SIZE_MAX);
	enum sf_err err = sf_fact_encode(&saying->fact, &bytes);
	saying->request.say.kind = saying->fact.kind;
	saying->request.say.fact = sf_buf_view(&bytes);
	int code = err ? sf_exit_failed(err, NULL)
		       : sf_session_ask(&saying->session, &saying->request);
	sf_buf_fini(&bytes);
	return code;
}

int sf_say(const struct sf_arguments *arguments, const struct sf_say_form *form)
{
	struct sf_saying saying = {.arguments = arguments,
		.fact = {.kind = form->kind},
		.request = {.kind = SF_REQUEST_SAY,
			.say = {.to_party = "",
				.content_type = "",
				.contact_name = "",
				.contact_telephone = ""}},
		.now_ms = sf_when_now_ms()};
	sf_buf_init(&saying.content, SF_CLINICAL_SIZE_MAX);
	int code = read_fields(&saying, form);
	if (!code && form->check)
		code = form->check(&saying);
	if (!code)
		code = read_common(&saying);
	if (!code) {
		saying.open = true;
		code = sf_session_open(arguments, &saying.session);
	}
	if (!code)
		code = find_id(&saying, form);
	if (!code && form->finish)
		code = form->finish(&saying);
	if (!code)
		code = encode_and_ask(&saying);
	if (!code)
		code = sf_say_print(&saying.session.reply.said, arguments->json);
	if (saying.open)
		sf_session_close(&saying.session);
	sf_buf_fini(&saying.content);
	return code;
}

int sf_say_direction(struct sf_saying *saying, enum sf_role *ret_role, struct sf_id *ret_party)
{
	const char *text = sf_arguments_text(saying->arguments, "refer-to");
	*ret_role = sf_role_from_text(text);
	if (!text[0] || *ret_role != SF_ROLE_NONE)
		return SF_EXIT_OK;
	const struct sf_request request = {
		.kind = SF_REQUEST_DIRECTORY, .directory = {.party = text}};
	int code = sf_session_ask(&saying->session, &request);
	if (code)
		return code;
	const struct sf_reply_directory *directory = &saying->session.reply.directory;
	if (directory->row_count != 1)
		return sf_exit_usage("%s: --refer-to '%s' is no role and no party",
			saying->arguments->command->name, text);
	*ret_role = directory->rows[0].role;
	*ret_party = directory->rows[0].party;
	return SF_EXIT_OK;
}

int sf_say_about(struct sf_saying *saying)
{
	const char *text = sf_arguments_value(saying->arguments, "about");
	return text ? sf_session_id(&saying->session, text, SF_SESSION_MESSAGES,
			      &saying->request.say.in_reply_to)
		    : SF_EXIT_OK;
}
