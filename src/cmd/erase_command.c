/* `stafet erase`. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/print.h"
#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

static int print_json(const struct sf_reply_erased *erased)
{
	struct sf_json_page page;
	struct sf_json_writer *writer = sf_json_page_begin(&page);
	sf_json_bool(writer, "done", erased->done);
	sf_json_id(writer, "transition", erased->transition);
	sf_json_time(writer, "at", erased->at_ms);
	sf_json_array(writer, "erased");
	for (size_t i = 0; i < erased->row_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_text(writer, "what", erased->rows[i].what);
		sf_json_int(writer, "count", (int64_t)erased->rows[i].count);
		sf_json_int(writer, "size", (int64_t)erased->rows[i].size);
		sf_json_close(writer);
	}
	sf_json_close(writer);
	sf_json_array(writer, "asked");
	for (size_t i = 0; i < erased->asked_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_id(writer, "party", erased->asked[i].party);
		sf_json_text(writer, "name", erased->asked[i].name);
		sf_json_close(writer);
	}
	sf_json_close(writer);
	return sf_json_page_end(&page);
}

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
		code = arguments->json ? print_json(&session.reply.erased)
				       : print(&session.reply.erased);
	sf_session_close(&session);
	return code;
}
