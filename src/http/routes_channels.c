/*
 * /api/v1: ways in and out of the node, webhooks among them, and what they could not bring; the
 * steps of a message here, and handing it out again.
 */
#include "http/answer.h"
#include "http/body.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "view/reply.h"

#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)

static bool ask_channels(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_CHANNELS, .channels = {""}};
	return true;
}

static bool ask_channel(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_CHANNELS, .channels = {exchange->parameters[0]}};
	return true;
}

static bool ask_paused(struct sf_exchange *exchange, bool paused, struct sf_request *ret_request)
{
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body))
		return false;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_CHANNEL_PAUSE,
		.channel_pause = {.name = exchange->parameters[0], .paused = paused}};
	return true;
}

static bool ask_pause(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask_paused(exchange, true, ret_request);
}

static bool ask_resume(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask_paused(exchange, false, ret_request);
}

/* The channels of the answer that are hooks. A name that is another channel's is no hook's: 404. */
static void respond_hooks(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	const struct sf_reply_channels *all = &reply->channels;
	struct sf_channel_row *rows =
		sf_arena_take_many(exchange->arena, all->row_count + 1, sizeof(*rows));
	if (!rows) {
		sf_problem(exchange, 500, "the answer could not be written");
		return;
	}
	size_t count = 0;
	for (size_t i = 0; i < all->row_count; i++)
		if (sf_channel_is_hook(all->rows[i].kind))
			rows[count++] = all->rows[i];
	if (request->channels.name[0] && count == 0) {
		sf_problem(exchange, 404, "there is no hook of that name");
		return;
	}
	struct sf_reply hooks = *reply;
	hooks.channels = (struct sf_reply_channels){count, rows};
	sf_answer_reply(exchange, request, &hooks);
}

static bool ask_add(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_HOOK_ADD};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_body_text(&body, "url", true, &request.hook_add.url) ||
		!sf_body_bool(&body, "responses", false, &request.hook_add.responses))
		return false;
	/* Which of the two it is for; both are the engine's to refuse. */
	if ((!request.hook_add.responses || sf_body_member(&body, "events")) &&
		!sf_body_events(&body, "events", &request.hook_add.events))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_remove(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_HOOK_REMOVE, .hook_remove = {exchange->parameters[0]}};
	return true;
}

static bool ask_aside(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_ASIDE};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_query_number(&query, "after", 0, INT64_MAX, &request.aside.after) ||
		!sf_query_count(&query, &request.aside.count_max))
		return false;
	request.aside.channel = sf_query_text(&query, "channel");
	*ret_request = request;
	return true;
}

/* Where the next page begins: null when this one was not full. */
static void respond_aside(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_json_writer writer;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	const struct sf_reply_aside *page = &reply->aside;
	sf_answer_begin(exchange, &writer);
	sf_view_reply(&writer, reply);
	if (page->row_count > 0 && page->row_count == request->aside.count_max)
		sf_json_int(&writer, "next", (int64_t)page->rows[page->row_count - 1].cursor);
	else
		sf_json_null(&writer, "next");
	sf_answer_end(exchange, &writer, 200);
}

/* Of one message, or all that this channel has there. */
static bool ask_again(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_ASIDE_AGAIN,
		.aside_again = {.channel = exchange->parameters[0]}};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_body_id(&body, "message", false, &request.aside_again.message))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_trace(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_TRACE};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &request.trace.message))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_replay(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_REPLAY};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_path_id(exchange, 0, &request.replay.message))
		return false;
	*ret_request = request;
	return true;
}

/* clang-format off */
const struct sf_route sf_routes_channels[SF_ROUTES_CHANNELS_COUNT] = {
	{SF_HTTP_GET, "/api/v1/channels", "listChannels",
		"The ways in and out of this node, with what went by them.",
		OPERATOR, ask_channels, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/channels/{name}", "readChannel", "One of them.",
		OPERATOR, ask_channel, sf_answer_reply},
	{SF_HTTP_POST, "/api/v1/channels/{name}/pause", "pauseChannel",
		"Let nothing through: a way in refuses, a way out queues.",
		OPERATOR, ask_pause, sf_answer_done},
	{SF_HTTP_POST, "/api/v1/channels/{name}/resume", "resumeChannel",
		"Let it through again; a way out is tried at once.",
		OPERATOR, ask_resume, sf_answer_done},
	{SF_HTTP_GET, "/api/v1/aside", "listAside",
		"Answers that their receiver refused so often that they were put aside, oldest first.",
		OPERATOR, ask_aside, respond_aside},
	{SF_HTTP_POST, "/api/v1/channels/{name}/again", "bringAgain",
		"Hand out again what was put aside, behind what waits: one message's answer, or all.",
		OPERATOR, ask_again, sf_answer_done},
	{SF_HTTP_GET, "/api/v1/hooks", "listHooks", "The webhooks, without their secrets.",
		OPERATOR, ask_channels, respond_hooks},
	{SF_HTTP_POST, "/api/v1/hooks", "addHook",
		"Post events to a URL from now on; the answer alone tells the secret that signs them.",
		OPERATOR, ask_add, sf_answer_made},
	{SF_HTTP_GET, "/api/v1/hooks/{name}", "readHook", "One webhook, without its secret.",
		OPERATOR, ask_channel, respond_hooks},
	{SF_HTTP_DELETE, "/api/v1/hooks/{name}", "removeHook",
		"Post nothing there any more; what waits is forgotten.",
		OPERATOR, ask_remove, sf_answer_done},
	{SF_HTTP_GET, "/api/v1/messages/{id}/trace", "traceMessage",
		"Every step of a message that is known here.",
		IN | OUT | OPERATOR, ask_trace, sf_answer_reply},
	{SF_HTTP_POST, "/api/v1/messages/{id}/replay", "replayMessage",
		"Hand out again what was received, or send again what was sent from here.",
		OPERATOR, ask_replay, sf_answer_reply},
};
/* clang-format on */
