/* `stafet erase`. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

static int print(const struct sf_reply_erased *erased)
{
	static const char *const headings[] = {"WHAT", "NUMBER", "BYTES"};
	struct sf_table table;
	printf("transition %s %s\n", sf_show_id(erased->transition).text,
		erased->done ? "is erased here" : "would lose here, and nothing is erased yet:");
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t i = 0; i < erased->row_count; i++) {
		sf_table_cell(&table, "%s", erased->rows[i].what);
		sf_table_cell(&table, "%" PRIu64, erased->rows[i].count);
		sf_table_cell(&table, "%" PRIu64, erased->rows[i].size);
	}
	int code = sf_table_end(&table, stdout, "nothing");
	for (size_t i = 0; i < erased->asked_count; i++)
		printf("%s %s, which decides for its own copy\n",
			erased->done ? "asked: " : "to ask:",
			sf_show_party(erased->asked[i].name, erased->asked[i].party).text);
	return code;
}

int sf_command_erase(const struct sf_arguments *arguments)
{
	const char *word = sf_arguments_text(arguments, "ground");
	struct sf_request request = {.kind = SF_REQUEST_ERASE,
		.erase = {.ground = sf_ground_from_text(word),
			.preview = sf_arguments_flag(arguments, "preview")}};
	if (request.erase.ground == SF_GROUND_NONE)
		return sf_exit_usage("--ground must be said: retention, citizen, mistake or order");
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(&session, arguments->items[0], SF_SESSION_TRANSITIONS,
			&request.erase.transition);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = arguments->json ? sf_json_page_print(&session.reply)
				       : print(&session.reply.erased);
	sf_session_close(&session);
	return code;
}
