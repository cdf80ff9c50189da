/*
 * /api/v1: attachments. Handed in in parts before the letter that they go with; a client that was
 * cut off asks how far it is and goes on there. Given out as one response in bounded memory.
 */
#include <stdio.h>

#include "http/answer.h"
#include "http/body.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"

#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define CLINICIAN SF_API_ROLE_BIT(SF_API_CLINICIAN)

static bool ask_upload(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_UPLOAD};
	struct sf_body_reader body;
	struct sf_query query;
	uint32_t size = 0;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_body_text(&body, "name", true, &request.upload.name) ||
		!sf_body_text(&body, "content_type", true, &request.upload.content_type) ||
		!sf_body_number(&body, "size", true, (uint32_t)SF_ATTACHMENT_SIZE_MAX, &size))
		return false;
	request.upload.size = size;
	*ret_request = request;
	return true;
}

static void respond_upload(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	sf_answer_made(exchange, request, reply);
	if (reply->err)
		return;
	char id[SF_ID_TEXT_SIZE], path[64];
	sf_id_format(reply->upload.upload, id);
	snprintf(path, sizeof(path), "/api/v1/attachments/%s", id);
	exchange->response->location = sf_arena_text(exchange->arena, sf_view_text(path));
}

/* Without a part it only asks how far it is. */
static bool ask_progress(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_UPLOAD_PART};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.upload_part.upload))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_part(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_UPLOAD_PART};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.upload_part.upload) ||
		!sf_query_number(
			&query, "offset", 0, SF_ATTACHMENT_SIZE_MAX, &request.upload_part.offset))
		return false;
	request.upload_part.content = exchange->request->body;
	if (exchange->request->body.size == 0) {
		sf_problem(exchange, 400, "the part is empty");
		return false;
	}
	*ret_request = request;
	return true;
}

static bool ask_drop(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_UPLOAD_DROP};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.upload_drop.upload))
		return false;
	*ret_request = request;
	return true;
}

/* "0" to "7", as the message lists them; what is none of them is asked for as one that nobody has.
 */
static uint32_t read_number(const struct sf_exchange *exchange)
{
	const char *text = exchange->parameters[1];
	bool good = text[0] >= '0' && text[0] < '0' + (char)SF_ATTACHMENT_COUNT_MAX && !text[1];
	return good ? (uint32_t)(text[0] - '0') : (uint32_t)SF_ATTACHMENT_COUNT_MAX;
}

static bool ask_attachment(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_ATTACHMENT};
	struct sf_request_attachment *asked = &request.attachment;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &asked->message) ||
		!sf_query_number(&query, "offset", 0, SF_ATTACHMENT_SIZE_MAX, &asked->offset))
		return false;
	asked->number = read_number(exchange);
	*ret_request = request;
	return true;
}

/* Its headers; the bytes follow as the client reads them (download.h). */
static void respond_attachment(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	const struct sf_reply_attachment *attachment = &reply->attachment;
	const char *type = attachment->row.content_type;
	sf_answer_bytes(
		exchange, type && type[0] ? type : "application/octet-stream", sf_view_of(NULL, 0));
	if (attachment->offset >= attachment->row.size)
		sf_problem(exchange, 416, "the attachment ends before this offset");
}

/* clang-format off */
const struct sf_route sf_routes_attachments[SF_ROUTES_ATTACHMENTS_COUNT] = {
	{SF_HTTP_POST, "/api/v1/attachments", "createAttachment",
		"Announce an attachment of a letter to come; its content follows in parts.",
		IN | CLINICIAN, ask_upload, respond_upload},
	{SF_HTTP_GET, "/api/v1/attachments/{id}", "readAttachmentProgress",
		"How much of an attachment is on disk here: where to go on after a break.",
		IN | CLINICIAN, ask_progress, sf_answer_reply},
	{SF_HTTP_PUT, "/api/v1/attachments/{id}", "putAttachmentPart",
		"Hand in the next part; the answer says how far it is on disk.",
		IN | CLINICIAN, ask_part, sf_answer_reply},
	{SF_HTTP_DELETE, "/api/v1/attachments/{id}", "dropAttachment",
		"It is not sent after all.",
		IN | CLINICIAN, ask_drop, sf_answer_done},
	{SF_HTTP_GET, "/api/v1/messages/{id}/attachments/{number}", "readAttachment",
		"An attachment of a message, once it is whole; kept in the access log.",
		OUT | CLINICIAN, ask_attachment, respond_attachment},
};
/* clang-format on */
