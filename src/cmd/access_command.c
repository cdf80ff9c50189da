/* `stafet access-log`. */
#include <stdio.h>

#include "cmd/listing.h"
#include "cmd/session.h"

static const char *const headings[] = {
	"TIME", "ACCOUNT", "AS", "FOR", "ASKED", "TRANSITION", "MESSAGE"};

static void add_row(struct sf_table *table, const struct sf_access_row *row)
{
	sf_table_cell(table, "%s", sf_show_time(row->at_ms).text);
	sf_table_cell(table, "%s", sf_show_text(row->account).text);
	sf_table_cell(table, "%s", sf_reader_role_text(row->role));
	sf_table_cell(table, "%s", sf_purpose_text(row->purpose));
	sf_table_cell(table, "%s", sf_show_text(row->what).text);
	sf_table_cell(table, "%s", sf_show_id(row->transition).text);
	sf_table_cell(table, "%s", sf_show_id(row->message).text);
}

/* Page by page, oldest first. */
static int list(struct sf_session *session, struct sf_request *request)
{
	struct sf_cmd_listing listing;
	int code;
	sf_cmd_listing_begin(
		&listing, session->arguments->json, "accesses", headings, SF_COUNT(headings));
	while (!(code = sf_session_ask(session, request))) {
		const struct sf_reply_access_log *page = &session->reply.access_log;
		for (size_t i = 0; i < page->row_count; i++) {
			if (listing.json)
				sf_json_access_row(&listing.page.writer, &page->rows[i]);
			else
				add_row(&listing.table, &page->rows[i]);
		}
		if (page->row_count < SF_LOCAL_ROWS_MAX)
			break;
		request->access_log.after = page->rows[page->row_count - 1].cursor;
	}
	return sf_cmd_listing_end(&listing, code, "nobody has read anything");
}

int sf_command_access_log(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_ACCESS_LOG};
	int code = sf_session_open(arguments, &session);
	if (!code && arguments->count == 1)
		code = sf_session_id(&session, arguments->items[0], SF_SESSION_TRANSITIONS,
			&request.access_log.transition);
	if (!code)
		code = list(&session, &request);
	sf_session_close(&session);
	return code;
}
