/* What was sent and what became of it: outbox, acknowledgement, resend, quarantine. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/file_bytes.h"
#include "cmd/listing.h"
#include "cmd/session.h"

static const char *const outbox_headings[] = {
	"QUEUED", "WHAT", "TO", "STATE", "WHY", "TRIES", "SINCE", "LATE", "MESSAGE"};
static const char *const quarantine_headings[] = {
	"RECEIVED", "FROM", "WHY", "BYTES", "MESSAGE", "TRANSITION"};

static void add_delivery(struct sf_table *table, const struct sf_delivery_row *row)
{
	const char *why = row->code == 0 ? row->reason
			  : row->ack     ? sf_ack_code_text(row->code)
					 : sf_refusal_code((uint16_t)row->code);
	sf_table_cell(table, "%s", sf_show_time(row->queued_ms).text);
	sf_table_cell(table, "%s",
		row->activity ? sf_activity_text(row->activity) : sf_kind_text(row->kind));
	sf_table_cell(table, "%s", sf_show_party(row->recipient_name, row->recipient).text);
	sf_table_cell(table, "%s", sf_delivery_text(row->state));
	sf_table_cell(table, "%s", why[0] ? sf_show_text(why).text : "-");
	sf_table_cell(table, "%" PRIu32, row->attempts);
	sf_table_cell(table, "%s", sf_show_time(row->since_ms).text);
	sf_table_cell(table, "%s", row->late ? "late" : "-");
	sf_table_cell(table, "%s", sf_show_id(row->message).text);
}

/* The listing, page by page. A coordinator's deliveries have no cursor: it gives one page. */
static int list_outbox(struct sf_session *session, struct sf_request *request)
{
	struct sf_cmd_listing listing;
	int code;
	sf_cmd_listing_begin(&listing, session->arguments->json, "deliveries", outbox_headings,
		SF_COUNT(outbox_headings));
	while (!(code = sf_session_ask(session, request))) {
		const struct sf_reply_outbox *outbox = &session->reply.outbox;
		for (size_t i = 0; i < outbox->row_count; i++) {
			if (listing.json)
				sf_json_delivery_row(&listing.page.writer, &outbox->rows[i]);
			else
				add_delivery(&listing.table, &outbox->rows[i]);
		}
		if (outbox->row_count < SF_LOCAL_ROWS_MAX ||
			outbox->rows[outbox->row_count - 1].cursor <= request->outbox.after)
			break;
		request->outbox.after = outbox->rows[outbox->row_count - 1].cursor;
	}
	return sf_cmd_listing_end(&listing, code, "nothing in the outbox");
}

int sf_command_outbox(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_OUTBOX,
		.outbox = {.only_open = sf_arguments_flag(arguments, "open")}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = list_outbox(&session, &request);
	sf_session_close(&session);
	return code;
}

static void print_acknowledgement(const struct sf_reply_acknowledgement *reply)
{
	fprintf(stderr, "%s: %s%s%s, %s\n",
		sf_show_party(reply->recipient_name, reply->recipient).text,
		sf_ack_text(reply->ack), reply->code ? ", " : "",
		reply->code ? sf_ack_code_text(reply->code) : "",
		sf_show_time(reply->recorded_ms).text);
	fwrite(reply->content.data, 1, reply->content.size, stdout);
	fputc('\n', stdout);
}

/* Not acknowledged yet: there is nothing to find. */
static int give_acknowledgement(const struct sf_arguments *arguments, const struct sf_reply *answer)
{
	const struct sf_reply_acknowledgement *reply = &answer->acknowledgement;
	if (reply->ack == SF_ACK_NONE) {
		const struct sf_diag diag = {"the message is not acknowledged yet"};
		return sf_exit_failed(SF_ERR_NOT_FOUND, &diag);
	}
	const char *path = sf_arguments_value(arguments, "output");
	int code = path ? sf_file_bytes_write(path, reply->content) : SF_EXIT_OK;
	if (!code && arguments->json)
		return sf_json_page_print(answer);
	if (!code && !path)
		print_acknowledgement(reply);
	return code;
}

int sf_command_acknowledgement(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.recipient = sf_arguments_text(arguments, "recipient")}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(&session, arguments->items[0], SF_SESSION_MESSAGES,
			&request.acknowledgement.message);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = give_acknowledgement(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

int sf_command_resend(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_RESEND};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(&session, arguments->items[0], SF_SESSION_MESSAGES,
			&request.resend.message);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code && arguments->json) {
		struct sf_json_page page;
		sf_json_id(sf_json_page_begin(&page), "message", request.resend.message);
		code = sf_json_page_end(&page);
	} else if (!code) {
		printf("on its way again\n");
	}
	sf_session_close(&session);
	return code;
}

static int print_quarantine(const struct sf_reply_quarantine *quarantine)
{
	struct sf_table table;
	sf_table_begin(&table, quarantine_headings, SF_COUNT(quarantine_headings));
	for (size_t i = 0; i < quarantine->row_count; i++) {
		const struct sf_quarantine_row *row = &quarantine->rows[i];
		sf_table_cell(&table, "%s", sf_show_time(row->received_ms).text);
		sf_table_cell(&table, "%s", sf_show_party(row->author_name, row->author).text);
		sf_table_cell(&table, "%s", sf_ack_code_text(row->code));
		sf_table_cell(&table, "%" PRIu64, row->size);
		sf_table_cell(&table, "%s", sf_show_id(row->message).text);
		sf_table_cell(&table, "%s", sf_show_id(row->transition).text);
	}
	return sf_table_end(&table, stdout, "nothing in quarantine");
}

int sf_command_quarantine(const struct sf_arguments *arguments)
{
	struct sf_session session;
	const struct sf_request request = {.kind = SF_REQUEST_QUARANTINE};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = arguments->json ? sf_json_page_print(&session.reply)
				       : print_quarantine(&session.reply.quarantine);
	sf_session_close(&session);
	return code;
}
