#include "http/answer.h"

#include <string.h>

#include "http/problem.h"
#include "view/reply.h"

#define PAGE_SIZE_MAX (4 * SF_LOCAL_SIZE_MAX)
#define MEDIA_TYPE_SIZE_MAX ((size_t)255)
/* tchar of RFC 9110 section 5.6.2. */
#define TOKEN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"

void sf_answer_begin(struct sf_exchange *exchange, struct sf_json_writer *writer)
{
	sf_buf_init(&exchange->response->body, PAGE_SIZE_MAX);
	sf_json_writer_begin(writer, &exchange->response->body);
	sf_json_object(writer, NULL);
}

void sf_answer_end(struct sf_exchange *exchange, struct sf_json_writer *writer, unsigned status)
{
	struct sf_http_response *response = exchange->response;
	sf_json_close(writer);
	if (sf_json_writer_end(writer) || sf_buf_append_u8(&response->body, '\n')) {
		sf_problem(exchange, 500, "the answer could not be written");
		return;
	}
	response->status = status;
	response->content_type = "application/json";
}

static void answer(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply, unsigned status)
{
	struct sf_json_writer writer;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	sf_answer_begin(exchange, &writer);
	sf_view_reply(&writer, reply);
	sf_answer_end(exchange, &writer, status);
}

void sf_answer_reply(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	answer(exchange, request, reply, 200);
}

void sf_answer_made(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	answer(exchange, request, reply, 201);
}

void sf_answer_said(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	answer(exchange, request, reply, 202);
}

void sf_answer_done(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (reply->err)
		sf_problem_reply(exchange, request, reply);
	else
		exchange->response->status = 204;
}

/* RFC 9110 section 8.3.1, its parameters visible characters and spaces. */
static bool is_media_type(const char *text)
{
	size_t type = strspn(text, TOKEN);
	if (strlen(text) > MEDIA_TYPE_SIZE_MAX || type == 0 || text[type] != '/')
		return false;
	const char *subtype = text + type + 1;
	size_t size = strspn(subtype, TOKEN);
	const char *rest = subtype + size + strspn(subtype + size, " ");
	if (size == 0 || (*rest != '\0' && *rest != ';'))
		return false;
	for (; *rest; rest++)
		if (*rest < ' ' || *rest > '~')
			return false;
	return true;
}

void sf_answer_bytes(struct sf_exchange *exchange, const char *type, struct sf_view bytes)
{
	static const struct sf_http_header to_keep[] = {{"Content-Disposition", "attachment"}};
	struct sf_http_response *response = exchange->response;
	const char *kept = sf_arena_text(exchange->arena,
		sf_view_text(is_media_type(type) ? type : "application/octet-stream"));
	sf_buf_init(&response->body, PAGE_SIZE_MAX);
	if (!kept || sf_buf_append(&response->body, bytes)) {
		sf_problem(exchange, 500, "the answer could not be written");
		return;
	}
	response->status = 200;
	response->content_type = kept;
	response->headers = to_keep;
	response->header_count = SF_COUNT(to_keep);
}

/* A list of entity tags, "*" or one; weak ones compare as strong: a tag here is of exact bytes. */
static bool names(const char *list, const char *etag)
{
	size_t size = strlen(etag);
	if (strcmp(list, "*") == 0)
		return true;
	for (const char *at = strchr(list, '"'); at; at = strchr(at, '"')) {
		if (strncmp(at, etag, size) == 0)
			return true;
		at = strchr(at + 1, '"');
		if (!at)
			break;
		at++;
	}
	return false;
}

bool sf_answer_unchanged(struct sf_exchange *exchange, const char *etag)
{
	const char *list = exchange->request->if_none_match;
	exchange->response->etag = sf_arena_text(exchange->arena, sf_view_text(etag));
	if (!list || !list[0] || !names(list, etag))
		return false;
	exchange->response->status = 304;
	return true;
}
