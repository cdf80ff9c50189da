/* `stafet token`: who may ask this daemon, a node or the coordinator, over the network. */
#include <stdio.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

/* The one time that a secret is told: alone on its line, for who pastes it. */
static int print_created(const struct sf_reply_token_created *created)
{
	printf("token %s: %s\n%s\n", sf_show_text(created->name).text,
		sf_show_roles(created->roles).text, created->secret);
	fputs("stafet: it is not shown again; who loses it makes another and revokes this one\n",
		stderr);
	return SF_EXIT_OK;
}

static int print_list(const struct sf_reply_tokens *tokens)
{
	static const char *const headings[] = {"NAME", "ROLES", "MADE", "LAST USED", "REVOKED"};
	struct sf_table table;
	sf_table_begin(&table, headings, SF_COUNT(headings));
	table.width_max = SF_SCREEN_WIDTH;
	for (size_t i = 0; i < tokens->row_count; i++) {
		const struct sf_token_row *row = &tokens->rows[i];
		sf_table_cell(&table, "%s", sf_show_text(row->name).text);
		sf_table_cell(&table, "%s", sf_show_roles(row->roles).text);
		sf_table_cell(&table, "%s", sf_show_minute(row->created_ms).text);
		sf_table_cell(&table, "%.10s", sf_show_minute(row->used_ms).text);
		sf_table_cell(&table, "%s", sf_show_minute(row->revoked_ms).text);
	}
	return sf_table_end(&table, stdout, "no tokens: nobody may ask over the network");
}

static int ask(const struct sf_arguments *arguments, const struct sf_request *request)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, request);
	const struct sf_reply *reply = &session.reply;
	if (!code && arguments->json)
		code = sf_json_page_print(reply);
	else if (!code && reply->kind == SF_REPLY_TOKENS)
		code = print_list(&reply->tokens);
	else if (!code && reply->kind == SF_REPLY_TOKEN_CREATED)
		code = print_created(&reply->token_created);
	else if (!code)
		puts("revoked");
	sf_session_close(&session);
	return code;
}

int sf_command_token_create(const struct sf_arguments *arguments)
{
	const char *words = sf_arguments_text(arguments, "role");
	struct sf_request request = {
		.kind = SF_REQUEST_TOKEN_CREATE, .token_create = {.name = arguments->items[0]}};
	if (sf_api_roles_parse(words, &request.token_create.roles))
		return sf_exit_usage("token create: --role is one or more, separated by commas, of "
				     "system-in, system-out, clerk, clinician, auditor, operator");
	return ask(arguments, &request);
}

int sf_command_token_list(const struct sf_arguments *arguments)
{
	const struct sf_request request = {.kind = SF_REQUEST_TOKENS,
		.tokens = {.only_valid = !sf_arguments_flag(arguments, "all")}};
	return ask(arguments, &request);
}

int sf_command_token_revoke(const struct sf_arguments *arguments)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {.name = arguments->items[0]}};
	return ask(arguments, &request);
}
