/* `stafet directory` and `stafet registry approve`. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/file_bytes.h"
#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "cmd/when.h"

/* An entry with all its signatures. */
#define ENTRY_SIZE_MAX (SF_DIRECTORY_ENTRY_SIZE_MAX + 4096)

static const char *const headings[] = {
	"NAME", "ROLE", "SOR", "GLN", "VERSION", "KEYS", "NODE", "HEARD", "PARTY"};

static const char *node_word(const struct sf_directory_row *row)
{
	return row->connected ? "connected" : row->has_node ? "yes" : "no";
}

static int print_table(const struct sf_reply_directory *directory)
{
	struct sf_table table;
	int64_t now_ms = sf_when_now_ms();
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t i = 0; i < directory->row_count; i++) {
		const struct sf_directory_row *row = &directory->rows[i];
		sf_table_cell(&table, "%s", sf_show_text(row->name).text);
		sf_table_cell(&table, "%s", sf_role_text(row->role));
		sf_table_cell(&table, "%s", row->sor[0] ? sf_show_text(row->sor).text : "-");
		sf_table_cell(&table, "%s", row->gln[0] ? sf_show_text(row->gln).text : "-");
		sf_table_cell(&table, "%" PRIu64, row->version);
		sf_table_cell(&table, "%" PRIu32, row->key_count);
		sf_table_cell(&table, "%s", node_word(row));
		sf_table_cell(&table, "%s",
			row->heard_ms ? sf_show_day(row->heard_ms, now_ms).text : "-");
		sf_table_cell(&table, "%s", sf_show_id(row->party).text);
	}
	return sf_table_end(&table, stdout, "nobody is in the directory");
}

/* Of one party: its duty desks, and which of them is answered. */
static int print_desks(const struct sf_directory_row *row)
{
	static const char *const desk_headings[] = {"TELEPHONE", "DAYS", "HOURS", "WHAT", "NOW"};
	struct sf_table table;
	int64_t now_ms = sf_when_now_ms();
	if (row->support[0])
		printf("\nContact: %s\n", sf_show_text(row->support).text);
	if (row->desk_count == 0)
		return SF_EXIT_OK;
	printf("\n");
	sf_table_begin(&table, desk_headings, SF_COUNT(desk_headings));
	for (size_t i = 0; i < row->desk_count; i++) {
		const struct sf_desk_row *desk = &row->desks[i];
		sf_table_cell(&table, "%s", sf_show_text(desk->telephone).text);
		sf_table_cell(&table, "%s", sf_contact_days_text(desk->days));
		sf_table_cell(&table, "%s-%s", sf_show_minute_of_day(desk->from_minute).text,
			sf_show_minute_of_day(desk->until_minute).text);
		sf_table_cell(&table, "%s", sf_show_text(desk->what).text);
		if (!desk->now)
			sf_table_cell(&table, "-");
		else if (row->desks_until_ms == SF_NEVER_MS)
			sf_table_cell(&table, "call here");
		else
			sf_table_cell(&table, "call here until %s",
				sf_show_day(row->desks_until_ms, now_ms).text);
	}
	return sf_table_end(&table, stdout, "");
}

int sf_command_directory(const struct sf_arguments *arguments)
{
	struct sf_session session;
	const struct sf_request request = {.kind = SF_REQUEST_DIRECTORY,
		.directory = {.party = arguments->count ? arguments->items[0] : ""}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = arguments->json ? sf_json_page_print(&session.reply)
				       : print_table(&session.reply.directory);
	if (!code && !arguments->json && arguments->count && session.reply.directory.row_count == 1)
		code = print_desks(&session.reply.directory.rows[0]);
	sf_session_close(&session);
	return code;
}

static int approve(const struct sf_arguments *arguments, struct sf_view record)
{
	struct sf_session session;
	const struct sf_request request = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = record}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	const struct sf_reply_approved *approved = &session.reply.approved;
	if (!code && arguments->json) {
		code = sf_json_page_print(&session.reply);
	} else if (!code) {
		printf("recorded: %s, directory version %" PRIu64 "\n",
			sf_show_party(approved->name, approved->party).text, approved->version);
	}
	sf_session_close(&session);
	return code;
}

int sf_command_registry_approve(const struct sf_arguments *arguments)
{
	struct sf_buf record;
	struct sf_diag diag = {.text = ""};
	sf_buf_init(&record, ENTRY_SIZE_MAX);
	enum sf_err err = sf_file_bytes_read(arguments->items[0], &record, &diag);
	int code = err ? sf_exit_failed(err, &diag) : approve(arguments, sf_buf_view(&record));
	sf_buf_fini(&record);
	return code;
}
