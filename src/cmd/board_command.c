/* `stafet board` and `stafet overdue`: what needs a person, most urgent first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/next_line.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "cmd/transition_screen.h"
#include "cmd/when.h"
#include "core/deadline.h"

static struct sf_shown alarm_deed(const struct sf_board_row *row)
{
	struct sf_shown shown;
	snprintf(shown.text, sizeof(shown.text), "see the alarm: %.64s is late",
		sf_duty_name(row->duty, row->name).text);
	return shown;
}

static struct sf_shown aside_deed(const struct sf_board_row *row)
{
	struct sf_shown shown;
	snprintf(shown.text, sizeof(shown.text),
		"bring again: %" PRIu32 " refused for good at %.40s (stafet channel aside)",
		row->count, sf_show_text(row->name).text);
	return shown;
}

/* What a person does about the row. */
static struct sf_shown deed(const struct sf_board_row *row)
{
	switch (row->what) {
	case SF_BOARD_NEXT:
		return sf_next_deed(row);
	case SF_BOARD_ALARM:
		return alarm_deed(row);
	case SF_BOARD_UNDELIVERABLE:
		return sf_show_text("tell the receiver: a message does not arrive");
	case SF_BOARD_SILENT_NODE:
		return sf_show_text("look after the node: it is silent");
	case SF_BOARD_SILENT:
		return sf_show_text("decide: something is owed and nothing happens");
	case SF_BOARD_DIFFERENCE:
		return sf_show_text("compare: node and coordinator differ");
	case SF_BOARD_QUARANTINE:
		return sf_show_text("look into the quarantine");
	case SF_BOARD_ERASE:
		return sf_show_text(
			"decide: the coordinator has erased it and asks (stafet erase)");
	case SF_BOARD_CONTRADICTION:
		return sf_show_text(row->code > SF_CONTRADICTION_HISTORY
					    ? "ask the witnesses: no checkpoint has its quorum "
					      "(stafet log status)"
					    : "ask what happened: the log contradicts itself "
					      "(stafet log status)");
	case SF_BOARD_NOT_TAKEN:
		return sf_show_text("read the letter: the local system refused it");
	case SF_BOARD_ASIDE:
		return aside_deed(row);
	case SF_BOARD_NONE:
		break;
	}
	return sf_show_text("do what a later version knows");
}

/* The daemon's own party needs no column. */
static size_t choose_headings(bool who, const char **ret_headings)
{
	size_t count = 0;
	ret_headings[count++] = "BEFORE (! LATE)";
	if (who)
		ret_headings[count++] = "WHO";
	ret_headings[count++] = "MUST";
	ret_headings[count++] = "FOR";
	ret_headings[count++] = "TRANSITION";
	return count;
}

static void add_row(
	struct sf_table *table, bool who, const struct sf_board_row *row, int64_t now_ms)
{
	bool bound = !sf_id_is_none(row->party) || !row->role;
	bool cited = row->citation && row->citation[0];
	sf_table_cell(table, "%s%s",
		row->before_ms == SF_NEVER_MS ? "now" : sf_show_day(row->before_ms, now_ms).text,
		row->overdue ? " !" : "");
	if (who)
		sf_table_cell(table, "%s",
			bound ? sf_show_party(row->party_name, row->party).text
			      : sf_role_text(row->role));
	sf_table_cell(table, "%s%s%s%s", deed(row).text, cited ? " (clause " : "",
		cited ? sf_show_text(row->citation).text : "", cited ? ")" : "");
	sf_table_cell(table, "%s", sf_show_party(row->peer_name, row->peer).text);
	sf_table_cell(table, "%s", sf_screen_id(row->transition, false).text);
}

static int print_board(const struct sf_reply_board *board, bool who, const char *empty)
{
	const char *headings[SF_TABLE_COLUMNS_MAX];
	struct sf_table table;
	int64_t now_ms = sf_when_now_ms();
	sf_table_begin(&table, headings, choose_headings(who, headings));
	table.width_max = SF_SCREEN_WIDTH;
	for (size_t i = 0; i < board->row_count; i++)
		add_row(&table, who, &board->rows[i], now_ms);
	return sf_table_end(&table, stdout, empty);
}

static bool is_of_one(const struct sf_reply_board *board, const char *party)
{
	struct sf_id id;
	if (sf_id_parse(party, &id))
		return false;
	for (size_t i = 0; i < board->row_count; i++)
		if (!sf_id_equal(board->rows[i].party, id))
			return false;
	return true;
}

/* At a node the board is its own party's; at a coordinator, the region's. */
static int choose_party(struct sf_session *session, char ret_party[SF_ID_TEXT_SIZE])
{
	const struct sf_request request = {.kind = SF_REQUEST_STATUS};
	int code = sf_session_ask(session, &request);
	const struct sf_reply_status *status = &session->reply.status;
	ret_party[0] = '\0';
	if (!code && strcmp(status->program, "node") == 0)
		sf_id_format(status->party, ret_party);
	return code;
}

static int list(const struct sf_arguments *arguments, bool only_overdue, const char *empty)
{
	struct sf_session session;
	char own[SF_ID_TEXT_SIZE] = "";
	const char *party = sf_arguments_value(arguments, "party");
	bool region = sf_arguments_flag(arguments, "region");
	if (party && region)
		return sf_exit_usage("%s: --party or --region, not both", arguments->command->name);
	int code = sf_session_open(arguments, &session);
	if (!code && !party && !region)
		code = choose_party(&session, own);
	const struct sf_request request = {.kind = SF_REQUEST_BOARD,
		.board = {.party = party ? party : own, .only_overdue = only_overdue}};
	if (!code)
		code = sf_session_ask(&session, &request);
	const struct sf_reply_board *board = &session.reply.board;
	if (!code)
		code = arguments->json ? sf_json_page_print(&session.reply)
				       : print_board(board, !is_of_one(board, own), empty);
	sf_session_close(&session);
	return code;
}

int sf_command_board(const struct sf_arguments *arguments)
{
	return list(arguments, false, "nothing needs a person now");
}

int sf_command_overdue(const struct sf_arguments *arguments)
{
	return list(arguments, true, "nothing is overdue");
}
