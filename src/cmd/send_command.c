/* `stafet send`: hand over a message, and wait for what its recipients say when that is wished. */

#include "base/time.h"
#include "cmd/attachment.h"
#include "cmd/file_bytes.h"
#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "os/env.h"
#include "port/format.h"

#define WAIT_SECONDS_MAX 86400

/* What the reply said, kept while other questions are asked. */
struct sending {
	struct sf_session session;
	const struct sf_arguments *arguments;
	enum sf_send_answer answer;
	struct sf_id message;
	struct sf_id transition;
	struct sf_json_page page; /* with --json */
};

/* What is neither is handed in as JSON all the same: the node says what is wrong with it. */
static const char *type_of(struct sf_view content)
{
	const char *type = sf_content_type_guess(content);
	return type ? type : SF_CONTENT_FHIR_JSON;
}

static void print_issues(const struct sf_reply_sent *sent)
{
	for (size_t i = 0; i < sent->issue_count; i++) {
		const struct sf_issue_row *issue = &sent->issues[i];
		fprintf(stderr, "stafet: %s: ", issue->fatal ? "error" : "warning");
		sf_print_text(stderr, issue->code);
		if (issue->expression[0]) {
			fputs(" at ", stderr);
			sf_print_text(stderr, issue->expression);
		}
		fputs(": ", stderr);
		sf_print_text(stderr, issue->text);
		fputc('\n', stderr);
	}
}

static int write_acknowledgement(const struct sending *sending, struct sf_view content)
{
	const char *path = sf_arguments_value(sending->arguments, "ack-out");
	return path && content.size > 0 ? sf_file_bytes_write(path, content) : SF_EXIT_OK;
}

static int take_reply(struct sending *sending)
{
	const struct sf_reply_sent *sent = &sending->session.reply.sent;
	sending->answer = sent->answer;
	sending->message = sent->message;
	sending->transition = sent->transition;
	bool json = sending->arguments->json;
	if (json) {
		sf_view_reply(sf_json_page_begin(&sending->page), &sending->session.reply);
	} else if (sent->answer != SF_SEND_FATAL) {
		printf("message     %s\n", sf_show_id(sent->message).text);
		printf("transition  %s\n", sf_show_id(sent->transition).text);
		printf("%s\n", sf_send_answer_text(sent->answer));
		fflush(stdout);
	}
	if (!json)
		print_issues(sent);
	int code = write_acknowledgement(sending, sent->acknowledgement);
	return sent->answer == SF_SEND_FATAL ? SF_EXIT_REFUSED : code;
}

/* Sent to nobody (--to not-enrolled): recorded is all that it will ever be. */
static bool is_recorded_alone(const struct sf_delivery_row *row)
{
	return sf_id_is_none(row->recipient) && row->state == SF_DELIVERY_STORED;
}

static bool is_final(const struct sf_delivery_row *row)
{
	switch (row->state) {
	case SF_DELIVERY_STORED:
		return is_recorded_alone(row);
	case SF_DELIVERY_OK:
	case SF_DELIVERY_FATAL_ERROR:
	case SF_DELIVERY_ASK_PERSON:
	case SF_DELIVERY_UNDELIVERABLE:
	case SF_DELIVERY_REFUSED:
		return true;
	case SF_DELIVERY_NONE:
	case SF_DELIVERY_QUEUED:
	case SF_DELIVERY_SENT:
	case SF_DELIVERY_TAKEN:
	case SF_DELIVERY_TRANSIENT_ERROR:
	case SF_DELIVERY_WAITING:
		return false;
	}
	return false;
}

static void print_delivery(const struct sf_delivery_row *row)
{
	printf("%-10s  %s%s%s\n", sf_delivery_text(row->state),
		is_recorded_alone(row) ? "for nobody: no letter was sealed"
				       : sf_show_party(row->recipient_name, row->recipient).text,
		row->code ? ": " : "",
		row->code == 0 ? ""
		: row->ack     ? sf_ack_code_text(row->code)
			       : sf_refusal_text((uint16_t)row->code));
}

/* The worst of what the recipients said. */
static int judge(const struct sf_reply_outbox *outbox)
{
	int code = SF_EXIT_OK;
	for (size_t i = 0; i < outbox->row_count; i++) {
		enum sf_delivery_state state = outbox->rows[i].state;
		if (state == SF_DELIVERY_FATAL_ERROR || state == SF_DELIVERY_REFUSED)
			return SF_EXIT_REFUSED;
		if (state != SF_DELIVERY_OK && !is_recorded_alone(&outbox->rows[i]))
			code = SF_EXIT_UNREACHABLE;
	}
	return code;
}

static int report(struct sending *sending)
{
	const struct sf_reply_outbox *outbox = &sending->session.reply.outbox;
	int code = judge(outbox);
	if (sending->arguments->json) {
		sf_json_array(&sending->page.writer, "deliveries");
		for (size_t i = 0; i < outbox->row_count; i++)
			sf_json_delivery_row(&sending->page.writer, &outbox->rows[i]);
		sf_json_close(&sending->page.writer);
	} else {
		for (size_t i = 0; i < outbox->row_count; i++)
			print_delivery(&outbox->rows[i]);
	}
	if (code == SF_EXIT_UNREACHABLE)
		fprintf(stderr,
			"stafet: not every recipient has answered in time; the message is stored "
			"and goes on, see: stafet outbox\n");
	return code;
}

static int fetch_acknowledgement(struct sending *sending)
{
	if (!sf_arguments_flag(sending->arguments, "ack-out"))
		return SF_EXIT_OK;
	const struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = sending->message, .recipient = ""}};
	int code = sf_session_ask(&sending->session, &request);
	return code ? code
		    : write_acknowledgement(
			      sending, sending->session.reply.acknowledgement.content);
}

static bool all_answered(const struct sf_reply_outbox *outbox)
{
	for (size_t i = 0; i < outbox->row_count; i++)
		if (!is_final(&outbox->rows[i]))
			return false;
	return true;
}

/*
 * The feed wakes, the outbox tells: its cursor is read before the outbox is, so that no answer
 * falls between the two.
 */
static int wait_answer(struct sending *sending, uint64_t seconds)
{
	struct sf_session *session = &sending->session;
	const struct sf_env env = sf_os_env();
	int64_t until_ms = env.monotonic_ms(env.self) + (int64_t)seconds * SF_SECOND_MS;
	struct sf_request feed = {.kind = SF_REQUEST_FEED, .feed = {.count_max = 1}};
	const struct sf_request outbox = {
		.kind = SF_REQUEST_OUTBOX, .outbox = {.message = sending->message}};
	for (;;) {
		int code = sf_session_ask(session, &feed);
		if (code)
			return code;
		uint64_t cursor = session->reply.feed.cursor;
		code = sf_session_ask(session, &outbox);
		if (code)
			return code;
		int64_t left_ms = until_ms - env.monotonic_ms(env.self);
		if (all_answered(&session->reply.outbox) || left_ms <= 0)
			break;
		feed.feed.after = cursor;
		feed.feed.wait_ms =
			left_ms < SF_LOCAL_WAIT_MS_MAX ? (uint32_t)left_ms : SF_LOCAL_WAIT_MS_MAX;
	}
	int code = report(sending);
	int fetched = fetch_acknowledgement(sending);
	return code ? code : fetched;
}

static int send_content(
	struct sending *sending, struct sf_view content, const char *type, uint64_t wait_seconds)
{
	const struct sf_arguments *arguments = sending->arguments;
	struct sf_attached attached = {.count = 0};
	struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = type,
			.content = content,
			.gp = sf_arguments_text(arguments, "gp"),
			.municipality = sf_arguments_text(arguments, "to")}};
	int code = sf_session_open(arguments, &sending->session);
	if (!code)
		code = sf_attach_files(&sending->session, &attached);
	request.send.attachments = sf_attached_view(&attached);
	if (!code)
		code = sf_session_ask(&sending->session, &request);
	if (code)
		return code;
	code = take_reply(sending);
	if (!code && sf_arguments_flag(arguments, "wait"))
		code = wait_answer(sending, wait_seconds);
	if (!arguments->json)
		return code;
	int printed = sf_json_page_end(&sending->page);
	return code ? code : printed;
}

int sf_command_send(const struct sf_arguments *arguments)
{
	struct sending sending = {.arguments = arguments};
	struct sf_diag diag = {.text = ""};
	struct sf_buf content;
	uint64_t wait_seconds;
	int code = sf_arguments_number(arguments, "wait", 0, WAIT_SECONDS_MAX, &wait_seconds);
	if (code)
		return code;
	sf_buf_init(&content, SF_CLINICAL_SIZE_MAX);
	enum sf_err err = sf_file_bytes_read(arguments->items[0], &content, &diag);
	const char *type = sf_arguments_value(arguments, "content-type");
	code = err ? sf_exit_failed(err, &diag)
		   : send_content(&sending, sf_buf_view(&content),
			     type ? type : type_of(sf_buf_view(&content)), wait_seconds);
	if (sending.session.client)
		sf_session_close(&sending.session);
	sf_buf_fini(&content);
	return code;
}
