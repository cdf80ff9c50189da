/*
 * /api/v1: messages that came and went: the inbox, letters with their original bytes, answers to
 * offers, handing in, the outbox.
 */
#include <stdio.h>

#include "audit/outcome.h"
#include "http/answer.h"
#include "http/body.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "view/reply.h"

#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define CLERK SF_API_ROLE_BIT(SF_API_CLERK)
#define CLINICIAN SF_API_ROLE_BIT(SF_API_CLINICIAN)
#define AUDITOR SF_API_ROLE_BIT(SF_API_AUDITOR)
#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)

/* A page of a listing with cursors. */
static bool read_page(const struct sf_query *query, uint64_t *ret_after, uint32_t *ret_count_max)
{
	return sf_query_number(query, "after", 0, INT64_MAX, ret_after) &&
	       sf_query_count(query, ret_count_max);
}

static bool ask_inbox(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_INBOX};
	struct sf_request_inbox *inbox = &request.inbox;
	struct sf_query query;
	uint64_t wait_s = 0;
	int64_t since_ms = 0;
	if (!sf_query_read(exchange, &query) ||
		!read_page(&query, &inbox->after, &inbox->count_max) ||
		!sf_query_number(&query, "wait", 0, SF_LOCAL_WAIT_MS_MAX / 1000, &wait_s) ||
		!sf_query_time(&query, "_since", &since_ms) ||
		!sf_query_id(&query, "transition", &inbox->transition) ||
		!sf_query_bool(&query, "unhandled", &inbox->only_unhandled))
		return false;
	inbox->wait_ms = (uint32_t)wait_s * 1000;
	*ret_request = request;
	return true;
}

/*
 * Where the next page begins: null when this one was not full. What was received before _since is
 * left out here, after paging: the cursor goes on over it.
 */
static void respond_inbox(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_json_writer writer;
	struct sf_query query;
	int64_t since_ms = 0;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	if (!sf_query_read(exchange, &query) || !sf_query_time(&query, "_since", &since_ms))
		return;
	struct sf_reply page = *reply;
	const struct sf_inbox_row *rows = reply->inbox.rows;
	size_t count = reply->inbox.row_count, kept = 0;
	struct sf_inbox_row *newer = sf_arena_take_many(exchange->arena, count + 1, sizeof(*newer));
	for (size_t i = 0; newer && i < count; i++)
		if (rows[i].received_ms >= since_ms)
			newer[kept++] = rows[i];
	if (!newer) {
		sf_problem(exchange, 500, "the page is too large; ask for fewer rows");
		return;
	}
	page.inbox = (struct sf_reply_inbox){kept, newer};
	sf_answer_begin(exchange, &writer);
	sf_view_reply(&writer, &page);
	if (count > 0 && count == request->inbox.count_max)
		sf_json_int(&writer, "next", (int64_t)rows[count - 1].cursor);
	else
		sf_json_null(&writer, "next");
	sf_answer_end(exchange, &writer, 200);
}

static bool ask_message(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_MESSAGE};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &request.message.message))
		return false;
	*ret_request = request;
	return true;
}

/* A letter never changes, and is one message. */
static void respond_content(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	const struct sf_reply_message *message = &reply->message;
	char id[SF_ID_TEXT_SIZE], etag[SF_ID_TEXT_SIZE + 2];
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	if (message->content.size == 0) {
		sf_problem(exchange, 404, "the message has no content");
		return;
	}
	sf_id_format(message->row.message, id);
	snprintf(etag, sizeof(etag), "\"%s\"", id);
	if (!sf_answer_unchanged(exchange, etag))
		sf_answer_bytes(exchange, message->row.content_type, message->content);
}

static bool ask_handled(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_HANDLED};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_path_id(exchange, 0, &request.handled.message))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_acknowledgement(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.acknowledgement.message))
		return false;
	request.acknowledgement.recipient = sf_query_text(&query, "recipient");
	*ret_request = request;
	return true;
}

static bool ask_accept(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_ACCEPT};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &request.accept.id) ||
		!sf_body_read(exchange, &body) ||
		!sf_body_domains(&body, "domains", false, &request.accept.domains) ||
		!sf_body_bool(&body, "by_person", true, &request.accept.by_person))
		return false;
	*ret_request = request;
	return true;
}

/* A direction is a duty (DOMAIN.md section 5, R4): a role or a party must be named. */
static bool ask_refuse(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_REFUSE};
	struct sf_request_refuse *refuse = &request.refuse;
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &refuse->id) ||
		!sf_body_read(exchange, &body) ||
		!sf_body_role(&body, "refer_to_role", false, &refuse->refer_to_role) ||
		!sf_body_text(&body, "refer_to_party", false, &refuse->refer_to_party) ||
		!sf_body_bool(&body, "not_ours", false, &refuse->not_ours))
		return false;
	if (refuse->refer_to_role == SF_ROLE_NONE && !refuse->refer_to_party[0])
		return sf_body_complain(&body, "refer_to_role",
			"is missing, and so is 'refer_to_party': say who should have it instead");
	*ret_request = request;
	return true;
}

static bool ask_withdraw(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_WITHDRAW};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.withdraw.message) ||
		!sf_body_read(exchange, &body) ||
		!sf_body_domains(&body, "domains", false, &request.withdraw.domains))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_resend(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_RESEND};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_path_id(exchange, 0, &request.resend.message))
		return false;
	*ret_request = request;
	return true;
}

/* The original bytes, whatever they are: the engine reads and judges them. */
static bool ask_hand_in(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	const struct sf_http_request *asked = exchange->request;
	struct sf_request request = {.kind = SF_REQUEST_SEND};
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	if (!asked->content_type[0]) {
		sf_problem(exchange, 415, "name the content type of the message");
		return false;
	}
	request.send = (struct sf_request_send){.content_type = asked->content_type,
		.content = asked->body,
		.gp = sf_query_text(&query, "gp"),
		.municipality = sf_query_text(&query, "municipality")};
	if (!sf_query_ids(
		    &query, "attachments", SF_ATTACHMENT_COUNT_MAX, &request.send.attachments))
		return false;
	*ret_request = request;
	return true;
}

/* One outcome, four tongues: this is HTTP's (audit/outcome.h). */
static void respond_hand_in(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	const struct sf_outcome_tongue *tongue = sf_outcome_tongue(sf_handin_outcome_of(reply));
	struct sf_json_writer writer;
	sf_answer_begin(exchange, &writer);
	sf_view_reply(&writer, reply);
	sf_answer_end(exchange, &writer, tongue->http_status);
}

static bool ask_outbox(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_OUTBOX};
	struct sf_request_outbox *outbox = &request.outbox;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!read_page(&query, &outbox->after, &outbox->count_max) ||
		!sf_query_bool(&query, "open", &outbox->only_open) ||
		!sf_query_id(&query, "message", &outbox->message) ||
		!sf_query_id(&query, "transition", &outbox->transition))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_quarantine(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_QUARANTINE};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!read_page(&query, &request.quarantine.after, &request.quarantine.count_max))
		return false;
	*ret_request = request;
	return true;
}

/* clang-format off */
const struct sf_route sf_routes_messages[SF_ROUTES_MESSAGES_COUNT] = {
	{SF_HTTP_POST, "/api/v1/messages", "handInMessage",
		"Hand in a clinical message; the answer says that it is on disk here.",
		IN | CLINICIAN, ask_hand_in, respond_hand_in},
	{SF_HTTP_GET, "/api/v1/inbox", "listInbox", "Messages received, oldest first, page by page.",
		OUT | CLERK | CLINICIAN, ask_inbox, respond_inbox},
	{SF_HTTP_GET, "/api/v1/messages/{id}", "readMessage",
		"One message with its content and whom it is about; kept in the access log.",
		OUT | CLINICIAN, ask_message, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/messages/{id}/content", "readContent",
		"The original bytes of a message; kept in the access log.",
		OUT | CLINICIAN, ask_message, respond_content},
	{SF_HTTP_GET, "/api/v1/messages/{id}/acknowledgement", "readAcknowledgement",
		"A recipient's MedCom acknowledgement of a message sent.",
		IN | OUT | CLERK | CLINICIAN, ask_acknowledgement, sf_answer_reply},
	{SF_HTTP_POST, "/api/v1/messages/{id}/acknowledge", "acknowledgeMessage",
		"The local system has taken the message over.",
		OUT | CLERK | CLINICIAN, ask_handled, sf_answer_done},
	{SF_HTTP_POST, "/api/v1/messages/{id}/accept", "acceptOffer",
		"Accept what a message offers: from now on this party answers for it.",
		CLERK | CLINICIAN, ask_accept, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/messages/{id}/refuse", "refuseOffer",
		"Refuse what a message offers, and say who should have it instead.",
		CLERK | CLINICIAN, ask_refuse, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/messages/{id}/withdraw", "withdrawOffer",
		"Take back an own offer, or ask back an own acceptance.",
		CLERK | CLINICIAN, ask_withdraw, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/messages/{id}/resend", "resendMessage",
		"Send a message again by hand to who has not answered.",
		IN | OPERATOR, ask_resend, sf_answer_done},
	{SF_HTTP_GET, "/api/v1/outbox", "listOutbox", "What was sent, with each recipient's answer.",
		IN | OUT | CLERK | CLINICIAN | OPERATOR, ask_outbox, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/quarantine", "listQuarantine",
		"What came and could not be opened or read.",
		OPERATOR, ask_quarantine, sf_answer_reply},
};
/* clang-format on */
