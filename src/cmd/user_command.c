/* `stafet user`: the people who sign in at this daemon with a browser. */
#include <stdio.h>
#include <string.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "cmd/user_password.h"

static int print_list(const struct sf_reply_users *users)
{
	static const char *const headings[] = {
		"USER", "NAME", "ROLES", "PASSWORD", "SIGNED IN", "SESSIONS", "REVOKED"};
	struct sf_table table;
	sf_table_begin(&table, headings, SF_COUNT(headings));
	table.width_max = SF_SCREEN_WIDTH;
	for (size_t i = 0; i < users->row_count; i++) {
		const struct sf_user_row *row = &users->rows[i];
		sf_table_cell(&table, "%s", sf_show_text(row->name).text);
		sf_table_cell(&table, "%s", sf_show_text(row->full_name).text);
		sf_table_cell(&table, "%s", sf_show_roles(row->roles).text);
		sf_table_cell(&table, "%s", row->has_password ? "yes" : "no");
		sf_table_cell(&table, "%s", sf_show_minute(row->signed_in_ms).text);
		sf_table_cell(&table, "%u", row->sessions);
		sf_table_cell(&table, "%s", sf_show_minute(row->revoked_ms).text);
	}
	return sf_table_end(&table, stdout, "no users: nobody signs in with a browser");
}

/* The code stands behind '#': a browser sends it to nobody, and the page takes it from there. */
static int print_link(const struct sf_arguments *arguments, const struct sf_reply_user_linked *link)
{
	const char *at = sf_arguments_text(arguments, "at");
	size_t size = at ? strlen(at) : 0;
	while (size > 0 && at[size - 1] == '/')
		size--;
	printf("%.*s/console/#enter=%s\n", (int)size, at ? at : "", link->code);
	fputs("stafet: it signs in once, within ten minutes\n", stderr);
	return SF_EXIT_OK;
}

static int ask(
	const struct sf_arguments *arguments, const struct sf_request *request, const char *done)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, request);
	const struct sf_reply *reply = &session.reply;
	if (!code && arguments->json)
		code = sf_json_page_print(reply);
	else if (!code && reply->kind == SF_REPLY_USERS)
		code = print_list(&reply->users);
	else if (!code && reply->kind == SF_REPLY_USER_LINKED)
		code = print_link(arguments, &reply->user_linked);
	else if (!code)
		puts(done);
	sf_session_close(&session);
	return code;
}

int sf_command_user_create(const struct sf_arguments *arguments)
{
	char password[SF_PASSWORD_SIZE_MAX + 2] = "";
	const char *name = sf_arguments_text(arguments, "name");
	struct sf_request request = {.kind = SF_REQUEST_USER_CREATE,
		.user_create = {.name = arguments->items[0],
			.full_name = name ? name : "",
			.password = password}};
	if (sf_api_roles_parse(sf_arguments_text(arguments, "role"), &request.user_create.roles))
		return sf_exit_usage("user create: --role is one or more, separated by commas, of "
				     "clerk, clinician, auditor, operator");
	int code = SF_EXIT_OK;
	if (!sf_arguments_flag(arguments, "no-password"))
		code = sf_user_password_read(password);
	if (!code)
		code = ask(arguments, &request, "made");
	sf_bytes_wipe(password, sizeof(password));
	return code;
}

int sf_command_user_list(const struct sf_arguments *arguments)
{
	const struct sf_request request = {.kind = SF_REQUEST_USERS,
		.users = {.only_valid = !sf_arguments_flag(arguments, "all")}};
	return ask(arguments, &request, "");
}

int sf_command_user_password(const struct sf_arguments *arguments)
{
	char password[SF_PASSWORD_SIZE_MAX + 2] = "";
	const struct sf_request request = {.kind = SF_REQUEST_USER_PASSWORD,
		.user_password = {.name = arguments->items[0], .password = password}};
	int code = sf_user_password_read(password);
	if (!code)
		code = ask(arguments, &request, "changed, and every session ended");
	sf_bytes_wipe(password, sizeof(password));
	return code;
}

int sf_command_user_revoke(const struct sf_arguments *arguments)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_USER_REVOKE, .user_revoke = {.name = arguments->items[0]}};
	return ask(arguments, &request, "revoked, and every session ended");
}

int sf_command_user_link(const struct sf_arguments *arguments)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_USER_LINK, .user_link = {.name = arguments->items[0]}};
	return ask(arguments, &request, "");
}
