/* `stafet inbox`, `stafet message` and `stafet handled`. */
#include <inttypes.h>
#include <string.h>

#include "cmd/file_bytes.h"
#include "cmd/listing.h"
#include "cmd/session.h"

static const char *const headings[] = {
	"RECEIVED", "FROM", "WHAT", "OFFERS", "HANDLED", "MESSAGE", "TRANSITION"};

/* "discharge-home", "discharge-home (cancel)", "accept", "discharge-letter (red)". */
static struct sf_shown show_what(const struct sf_inbox_row *row)
{
	struct sf_shown shown;
	const char *what =
		row->activity ? sf_activity_text(row->activity) : sf_kind_text(row->kind);
	bool plain = row->mode == SF_MODE_NONE || row->mode == SF_MODE_NEW;
	const char *detail = plain ? "" : sf_mode_text(row->mode);
	if (row->letter)
		what = sf_letter_text(row->letter);
	if (row->letter && row->mark)
		detail = sf_mark_text(row->mark);
	snprintf(shown.text, sizeof(shown.text), "%s%s%s%s", what, detail[0] ? " (" : "", detail,
		detail[0] ? ")" : "");
	return shown;
}

static void add_row(struct sf_table *table, const struct sf_inbox_row *row)
{
	sf_table_cell(table, "%s", sf_show_time(row->received_ms).text);
	sf_table_cell(table, "%s", sf_show_party(row->author_name, row->author).text);
	sf_table_cell(table, "%s", show_what(row).text);
	sf_table_cell(table, "%s", sf_show_domains(row->offers).text);
	sf_table_cell(table, "%s", row->handled ? "yes" : "no");
	sf_table_cell(table, "%s", sf_show_id(row->message).text);
	sf_table_cell(table, "%s", sf_show_id(row->transition).text);
}

/* The listing, page by page. */
static int list(struct sf_session *session, struct sf_request *request)
{
	struct sf_cmd_listing listing;
	int code;
	sf_cmd_listing_begin(
		&listing, session->arguments->json, "messages", headings, SF_COUNT(headings));
	while (!(code = sf_session_ask(session, request))) {
		const struct sf_reply_inbox *inbox = &session->reply.inbox;
		for (size_t i = 0; i < inbox->row_count; i++) {
			if (listing.json)
				sf_json_inbox_row(&listing.page.writer, &inbox->rows[i]);
			else
				add_row(&listing.table, &inbox->rows[i]);
		}
		if (inbox->row_count < SF_LOCAL_ROWS_MAX)
			break;
		request->inbox.after = inbox->rows[inbox->row_count - 1].cursor;
	}
	return sf_cmd_listing_end(&listing, code, "nothing in the inbox");
}

/* One line, or one JSON object, for each as it comes. */
static int print_new(const struct sf_reply_inbox *inbox, bool json)
{
	int code = SF_EXIT_OK;
	for (size_t i = 0; i < inbox->row_count && !code; i++) {
		const struct sf_inbox_row *row = &inbox->rows[i];
		if (json) {
			struct sf_json_page page;
			sf_json_inbox_members(sf_json_page_begin(&page), row);
			code = sf_json_page_end(&page);
			continue;
		}
		printf("%s  %s  %s  offers: %s  %s\n", sf_show_time(row->received_ms).text,
			sf_show_party(row->author_name, row->author).text, show_what(row).text,
			sf_show_domains(row->offers).text, sf_show_id(row->message).text);
		if (fflush(stdout) != 0)
			return SF_EXIT_FAILED;
	}
	return code;
}

static int follow(struct sf_session *session, struct sf_request *request)
{
	for (;;) {
		request->inbox.wait_ms = SF_LOCAL_WAIT_MS_MAX;
		int code = sf_session_ask(session, request);
		const struct sf_reply_inbox *inbox = &session->reply.inbox;
		if (!code)
			code = print_new(inbox, session->arguments->json);
		if (code)
			return code;
		if (inbox->row_count > 0)
			request->inbox.after = inbox->rows[inbox->row_count - 1].cursor;
	}
}

int sf_command_inbox(const struct sf_arguments *arguments)
{
	struct sf_request request = {.kind = SF_REQUEST_INBOX,
		.inbox = {.only_unhandled = !sf_arguments_flag(arguments, "all")}};
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code && sf_arguments_flag(arguments, "follow"))
		code = follow(&session, &request);
	else if (!code)
		code = list(&session, &request);
	sf_session_close(&session);
	return code;
}

static void print_line(const char *word, const char *text)
{
	if (!text || !text[0])
		return;
	printf("%-12s", word);
	sf_print_text(stdout, text);
	fputc('\n', stdout);
}

/* Personal data: the one place of the command line where a patient is named. */
static void print_attachments(const struct sf_reply_message *message)
{
	for (size_t i = 0; i < message->attachment_count; i++) {
		const struct sf_attachment_row *row = &message->attachments[i];
		printf("%-12s%u: ", "attachment", row->number);
		sf_print_text(stdout, row->name);
		printf(", %s, %llu bytes, %s", sf_show_text(row->content_type).text,
			(unsigned long long)row->size, sf_attachment_text(row->state));
		if (row->moved < row->size)
			printf(" (%llu)", (unsigned long long)row->moved);
		fputc('\n', stdout);
	}
}

static int print_message(const struct sf_reply_message *message)
{
	const struct sf_inbox_row *row = &message->row;
	print_line("message", sf_show_id(row->message).text);
	print_line("transition", sf_show_id(row->transition).text);
	print_line("from", sf_show_party(row->author_name, row->author).text);
	print_line("what", show_what(row).text);
	print_line("occurred", sf_show_time(row->occurred_ms).text);
	print_line("recorded", sf_show_time(row->recorded_ms).text);
	print_line("received", sf_show_time(row->received_ms).text);
	print_line("offers", sf_show_domains(row->offers).text);
	print_line("handled", row->handled ? "yes" : "no");
	print_line("patient", message->patient_name);
	print_line("cpr", message->cpr);
	print_line("contact", message->contact_name);
	print_line("telephone", message->contact_telephone);
	if (message->contact_until_ms)
		print_line("until", sf_show_time(message->contact_until_ms).text);
	if (row->deleted_ms)
		printf("%-12sdeleted %s\n", "content", sf_show_time(row->deleted_ms).text);
	else if (message->content.size == 0)
		printf("%-12s%s\n", "content", "none");
	else
		printf("%-12s%s, %zu bytes (--raw or -o FILE gives them as they are)\n", "content",
			sf_show_text(row->content_type).text, message->content.size);
	print_attachments(message);
	return SF_EXIT_OK;
}

static int give_message(const struct sf_arguments *arguments, const struct sf_reply *reply)
{
	const struct sf_reply_message *message = &reply->message;
	const char *path = sf_arguments_value(arguments, "output");
	if (path)
		return sf_file_bytes_write(path, message->content);
	if (sf_arguments_flag(arguments, "raw")) {
		fwrite(message->content.data, 1, message->content.size, stdout);
		return SF_EXIT_OK;
	}
	return arguments->json ? sf_json_page_print(reply) : print_message(message);
}

int sf_command_message(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_MESSAGE};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(&session, arguments->items[0], SF_SESSION_MESSAGES,
			&request.message.message);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = give_message(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

int sf_command_handled(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_HANDLED};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(&session, arguments->items[0], SF_SESSION_MESSAGES,
			&request.handled.message);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code && arguments->json) {
		struct sf_json_page page;
		sf_json_id(sf_json_page_begin(&page), "message", request.handled.message);
		code = sf_json_page_end(&page);
	} else if (!code) {
		printf("handled\n");
	}
	sf_session_close(&session);
	return code;
}
