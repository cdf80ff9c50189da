#include "http/problem.h"

#include <stdio.h>
#include <string.h>

#include "core/refusal.h"
#include "http/fhir_outcome.h"
#include "http/fhir_syntax.h"
#include "text/json_write.h"

#define PROBLEM_SIZE_MAX ((size_t)16384)
#define RETRY_AFTER_S 5
#define NAME_SIZE_MAX ((size_t)64)

const char *sf_problem_title(unsigned status)
{
	static const struct {
		unsigned status;
		const char *title;
	} titles[] = {
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{406, "Not Acceptable"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{410, "Gone"},
		{412, "Precondition Failed"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{415, "Unsupported Media Type"},
		{422, "Unprocessable Content"},
		{428, "Precondition Required"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{503, "Service Unavailable"},
		{507, "Insufficient Storage"},
	};
	for (size_t i = 0; i < SF_COUNT(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Error";
}

static void write_problem(
	struct sf_exchange *exchange, unsigned status, const char *code, const char *detail)
{
	struct sf_http_response *response = exchange->response;
	struct sf_json_writer writer;
	if (sf_fhir_is_path(exchange->request->path)) {
		sf_fhir_problem(exchange, status, detail && detail[0] ? detail : NULL);
		return;
	}
	sf_buf_fini(&response->body);
	sf_buf_init(&response->body, PROBLEM_SIZE_MAX);
	sf_json_writer_begin(&writer, &response->body);
	sf_json_object(&writer, NULL);
	sf_json_text(&writer, "type", "about:blank");
	sf_json_text(&writer, "title", sf_problem_title(status));
	sf_json_int(&writer, "status", (int64_t)status);
	if (code)
		sf_json_text(&writer, "code", code);
	if (detail && detail[0])
		sf_json_text(&writer, "detail", detail);
	sf_json_close(&writer);
	response->status = status;
	response->content_type = "application/problem+json";
	/* Without memory for the words the status alone must do. */
	if (sf_json_writer_end(&writer)) {
		sf_buf_clear(&response->body);
		response->content_type = "";
	}
}

void sf_problem(struct sf_exchange *exchange, unsigned status, const char *detail)
{
	write_problem(exchange, status, NULL, detail);
}

void sf_problem_about(struct sf_exchange *exchange, unsigned status, const char *subject,
	const char *name, const char *what)
{
	char text[256];
	bool shown = strlen(name) <= NAME_SIZE_MAX && sf_utf8_valid(sf_view_text(name));
	snprintf(text, sizeof(text), "%s '%s' %s", subject, shown ? name : "...", what);
	sf_problem(exchange, status, text);
}

unsigned sf_problem_status(const struct sf_request *request, const struct sf_reply *reply)
{
	static const struct {
		enum sf_err err;
		unsigned status;
	} statuses[] = {
		{SF_ERR_FORMAT, 400},
		{SF_ERR_KEY_UNKNOWN, 401},
		{SF_ERR_AUTH, 403},
		{SF_ERR_NOT_FOUND, 404},
		{SF_ERR_CONFLICT, 409},
		{SF_ERR_EXISTS, 409},
		{SF_ERR_STATE, 409},
		{SF_ERR_REFUSED, 409},
		{SF_ERR_LIMIT, 413},
		{SF_ERR_UNSUPPORTED, 415},
		{SF_ERR_USAGE, 422},
		{SF_ERR_AGAIN, 503},
		{SF_ERR_UNREACHABLE, 503},
		{SF_ERR_MEMORY, 503},
		{SF_ERR_DISK_FULL, 507},
	};
	if (reply->err == SF_ERR_CONFLICT && request->expected.said)
		return 412;
	for (size_t i = 0; i < SF_COUNT(statuses); i++)
		if (statuses[i].err == reply->err)
			return statuses[i].status;
	return 500;
}

void sf_problem_reply(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	unsigned status = sf_problem_status(request, reply);
	if (status == 503 || status == 507)
		exchange->response->retry_after_s = RETRY_AFTER_S;
	write_problem(exchange, status,
		reply->err == SF_ERR_REFUSED ? sf_refusal_code((uint16_t)reply->refusal)
					     : sf_err_code(reply->err),
		reply->text);
}
