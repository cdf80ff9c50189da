#include "http/problem.h"

#include "http/fhir_outcome.h"
#include "http/fhir_syntax.h"
#include "text/json_write.h"

#define PROBLEM_SIZE_MAX ((size_t)16384)

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

void sf_problem(
	struct sf_exchange *exchange, unsigned status, const char *title, const char *detail)
{
	struct sf_http_response *response = exchange->response;
	struct sf_json_writer writer;
	if (sf_fhir_is_path(exchange->request->path)) {
		sf_fhir_problem(exchange, status, detail && detail[0] ? detail : title);
		return;
	}
	sf_buf_fini(&response->body);
	sf_buf_init(&response->body, PROBLEM_SIZE_MAX);
	sf_json_writer_begin(&writer, &response->body);
	sf_json_object(&writer, NULL);
	sf_json_text(&writer, "type", "about:blank");
	sf_json_text(&writer, "title", title ? title : sf_problem_title(status));
	sf_json_int(&writer, "status", (int64_t)status);
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
