/*
 * /console/session: who is signed in at this browser. The cookie has the session's secret and no
 * script can read it; what the page must show with unsafe requests stands in the answer alone.
 */
#include <stdio.h>
#include <string.h>

#include "http/answer.h"
#include "http/body.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "view/reply.h"

#define COOKIE_SIZE_MAX 256
#define HOST_PREFIX "__Host-"
#define NO_MEMORY "there is no memory for this request now"

/* False: there is no memory, and the response is made. secret "": the browser forgets it. */
static bool set_cookie(struct sf_exchange *exchange, const char *secret)
{
	char text[COOKIE_SIZE_MAX];
	bool secure = strncmp(exchange->cookie, HOST_PREFIX, sizeof(HOST_PREFIX) - 1) == 0;
	snprintf(text, sizeof(text), "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
		exchange->cookie, secret, secure ? "; Secure" : "", secret[0] ? "" : "; Max-Age=0");
	struct sf_http_header *header = sf_arena_take(exchange->arena, sizeof(*header));
	const char *value = sf_arena_text(exchange->arena, sf_view_text(text));
	if (!header || !value) {
		sf_problem(exchange, 503, NO_MEMORY);
		return false;
	}
	*header = (struct sf_http_header){"Set-Cookie", value};
	exchange->response->headers = header;
	exchange->response->header_count = 1;
	return true;
}

static bool ask_sign_in(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {
		.kind = SF_REQUEST_SIGN_IN, .sign_in = {.user = "", .password = "", .code = ""}};
	struct sf_request_sign_in *asked = &request.sign_in;
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_body_text(&body, "code", false, &asked->code) ||
		!sf_body_text(&body, "user", !asked->code[0], &asked->user) ||
		!sf_body_text(&body, "password", !asked->code[0], &asked->password))
		return false;
	*ret_request = request;
	return true;
}

/* The engine said how the password is hashed: it is asked again with the hash. */
static void ask_hash(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply_password *terms)
{
	struct sf_request *next = sf_arena_take(exchange->arena, sizeof(*next));
	struct sf_password_asked *asked = sf_arena_take(exchange->arena, sizeof(*asked));
	if (!next || !asked || terms->salt.size != sizeof(asked->salt)) {
		sf_problem(exchange, 503, NO_MEMORY);
		return;
	}
	*next = *request;
	*asked = (struct sf_password_asked){.name = request->sign_in.user,
		.password = request->sign_in.password,
		.passes = terms->passes,
		.memory_kib = terms->memory_kib,
		.ret_hash = &next->sign_in.hash};
	memcpy(asked->salt, terms->salt.data, sizeof(asked->salt));
	exchange->again = next;
	exchange->password = asked;
}

static bool ask(
	struct sf_exchange *exchange, enum sf_session_act act, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_SESSION, .session = {act}};
	return true;
}

static bool ask_read(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask(exchange, SF_SESSION_READ, ret_request);
}

static bool ask_renew(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask(exchange, SF_SESSION_RENEW, ret_request);
}

static bool ask_end(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask(exchange, SF_SESSION_END, ret_request);
}

/* A problem (RFC 9457) that says whose door this is and how it opens, so that the page can ask. */
static void answer_nobody(
	struct sf_exchange *exchange, const struct sf_reply_session *session, bool by_password)
{
	struct sf_json_writer writer;
	sf_answer_begin(exchange, &writer);
	sf_json_text(&writer, "type", "about:blank");
	sf_json_text(&writer, "title", sf_problem_title(401));
	sf_json_int(&writer, "status", 401);
	sf_json_text(&writer, "detail", "nobody is signed in");
	sf_json_text(&writer, "daemon", session->program);
	sf_json_bool(&writer, "passwords", by_password);
	sf_answer_end(exchange, &writer, 401);
	exchange->response->content_type = "application/problem+json";
	exchange->response->authenticate = "Bearer realm=\"stafet\"";
}

static void respond_session(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (reply->err)
		sf_problem_reply(exchange, request, reply);
	else if (!reply->session.user[0])
		answer_nobody(exchange, &reply->session, request->asker.by_password);
	else if (!reply->session.secret[0] || set_cookie(exchange, reply->session.secret))
		sf_answer_reply(exchange, request, reply);
}

static void respond_sign_in(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (!reply->err && reply->kind == SF_REPLY_PASSWORD)
		ask_hash(exchange, request, &reply->password);
	else
		respond_session(exchange, request, reply);
}

static void respond_end(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (reply->err)
		sf_problem_reply(exchange, request, reply);
	else if (set_cookie(exchange, ""))
		exchange->response->status = 204;
}

/* clang-format off */
const struct sf_route sf_routes_session[SF_ROUTES_SESSION_COUNT] = {
	{SF_HTTP_POST, "/console/session", "signIn", "Sign in, with name and password or with a link's code.",
		SF_API_SIGN_IN, ask_sign_in, respond_sign_in},
	{SF_HTTP_GET, "/console/session", "readSession", "Who is signed in at this browser.",
		SF_API_BROWSER, ask_read, respond_session},
	{SF_HTTP_POST, "/console/session/renew", "renewSession", "Stay signed in: the idle time begins anew.",
		SF_API_BROWSER, ask_renew, respond_session},
	{SF_HTTP_DELETE, "/console/session", "signOut", "Sign out: the session opens nothing any more.",
		SF_API_BROWSER, ask_end, respond_end},
};
/* clang-format on */
