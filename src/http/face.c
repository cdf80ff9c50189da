#include "http/face.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/download.h"
#include "http/hash_line.h"
#include "http/last_status.h"
#include "http/problem.h"
#include "http/routes.h"

/* A request that found no place among the daemon's calls for so long is sent away. */
#define PLACE_WAIT_MS ((int64_t)5000)
/* Clients that wait for something to come; further ones are answered at once, with nothing. */
#define LONG_POLLS_MAX ((size_t)16)
/* Exchanges that ask the engine again at the same time. */
#define AGAIN_MAX ((size_t)32)
#define ALLOW_TEXT_SIZE 96 /* a few words and all methods */

struct sf_http_face {
	struct sf_http_face_options options;
	struct sf_http_server *server; /* owned */
	struct sf_events *events;      /* owned */
	struct sf_downloads downloads;
	struct sf_hash_line hashes;
	struct sf_last_status status; /* as anybody was told it */
	size_t long_polls;            /* taken and not replied to */
	size_t again_count;
	uint64_t again[AGAIN_MAX]; /* calls that ask again, oldest first */
	int64_t now_ms;
};

struct sf_http_face_options sf_http_face_options_default(const char *listen)
{
	return (struct sf_http_face_options){
		.server = sf_http_server_options_default(listen),
		.events = sf_events_options_default(),
		.groups = sf_route_groups,
		.group_count = sf_route_group_count,
	};
}

static bool is_for_anybody(const struct sf_exchange *exchange)
{
	return exchange->route->roles & SF_API_ANYBODY;
}

static bool admit(struct sf_http_face *face, struct sf_exchange *exchange)
{
	const struct sf_http_access *access = &face->options.access;
	if (is_for_anybody(exchange))
		return true;
	if (access->admit)
		return access->admit(access->self, exchange, face->now_ms);
	sf_problem(exchange, 403, "nobody may ask for this here");
	return false;
}

/* The head is here: is there such a route, and may this one ask? */
static bool judge(void *self, struct sf_http_call *call)
{
	struct sf_http_face *face = self;
	struct sf_exchange *exchange = &call->exchange;
	const char *allow = NULL;
	enum sf_route_found found =
		sf_route_find(face->options.groups, face->options.group_count, exchange, &allow);
	if (found == SF_ROUTE_FOUND)
		return admit(face, exchange);
	call->response.allow = allow;
	if (found != SF_ROUTE_NO_METHOD) {
		sf_problem(exchange, 404, "there is nothing of this name here");
		return false;
	}
	char text[ALLOW_TEXT_SIZE];
	snprintf(text, sizeof(text), "this is asked with %s", allow);
	sf_problem(exchange, 405, text);
	return false;
}

static bool is_connected(void *self, uint64_t number)
{
	const struct sf_http_face *face = self;
	const struct sf_http_call *call = sf_http_server_find(face->server, number);
	return call && sf_http_call_connected(call);
}

enum sf_err sf_http_face_open(const struct sf_http_face_options *options,
	struct sf_http_face **ret_face, struct sf_diag *diag)
{
	struct sf_http_face *face = calloc(1, sizeof(*face));
	if (!face)
		return SF_ERR_MEMORY;
	face->options = *options;
	face->options.server.judge = judge;
	face->options.server.judge_self = face;
	enum sf_err err = sf_http_server_open(&face->options.server, &face->server, diag);
	if (!err)
		err = sf_events_open(&face->options.events, face->server, &face->events);
	sf_downloads_open(face->server, &face->downloads);
	sf_hash_line_open(&options->crypto, &options->aside, is_connected, face, &face->hashes);
	if (err) {
		sf_http_face_close(&face);
		return err;
	}
	*ret_face = face;
	return SF_OK;
}

void sf_http_face_close(struct sf_http_face **face)
{
	struct sf_http_face *gone = *face;
	*face = NULL;
	if (!gone)
		return;
	sf_http_server_close(&gone->server);
	sf_events_close(&gone->events);
	sf_downloads_close(&gone->downloads);
	sf_hash_line_close(&gone->hashes);
	free(gone);
}

const struct sf_http_server *sf_http_face_server(const struct sf_http_face *face)
{
	return face->server;
}

static size_t watch_max(void *self)
{
	(void)self;
	return 2;
}

static size_t watch(void *self, struct sf_watch *watches, size_t room)
{
	const struct sf_http_face *face = self;
	int hashed = sf_hash_line_descriptor(&face->hashes);
	SF_ASSERT(room >= 2);
	watches[0] = (struct sf_watch){
		.descriptor = sf_http_server_descriptor(face->server), .wants = SF_WATCH_READ};
	if (hashed < 0)
		return 1;
	watches[1] = (struct sf_watch){.descriptor = hashed, .wants = SF_WATCH_READ};
	return 2;
}

/* Those that wait longest for a place hear that there is none. */
static void send_away(struct sf_http_face *face)
{
	const struct sf_http_call *oldest;
	while ((oldest = sf_http_server_oldest(face->server)) &&
		oldest->whole_ms + PLACE_WAIT_MS <= face->now_ms) {
		struct sf_http_call *call = sf_http_server_take(face->server);
		call->response.retry_after_s = 1;
		sf_problem(&call->exchange, 503,
			"too much is asked at once: nothing was accepted; try again");
		sf_http_server_respond(face->server, call);
	}
}

static void refuse_busy(struct sf_http_face *face, struct sf_http_call *call)
{
	call->response.retry_after_s = 1;
	sf_problem(&call->exchange, 429, "too many sign in at once; try again");
	sf_http_server_respond(face->server, call);
}

/* The call waits for its turn to be hashed; who makes room for it hears so. */
static void join_hashes(struct sf_http_face *face, struct sf_http_call *call)
{
	struct sf_exchange *exchange = &call->exchange;
	const struct sf_password_asked *asked = exchange->password;
	uint64_t out = 0;
	bool joined = sf_hash_line_join(
		&face->hashes, call->number, &exchange->origin, asked->name, asked, &out);
	struct sf_http_call *gone = out ? sf_http_server_find(face->server, out) : NULL;
	if (gone)
		refuse_busy(face, gone);
	if (!joined)
		refuse_busy(face, call);
}

/* Those whose hash is there ask the engine again. */
static void take_hashes(struct sf_http_face *face)
{
	uint64_t number;
	struct sf_digest hash;
	enum sf_err err;
	while (face->again_count < AGAIN_MAX &&
		sf_hash_line_take(&face->hashes, &number, &hash, &err)) {
		struct sf_http_call *call = sf_http_server_find(face->server, number);
		if (!call)
			continue;
		if (err) {
			sf_problem(&call->exchange, 503, NULL);
			sf_http_server_respond(face->server, call);
			continue;
		}
		*call->exchange.password->ret_hash = hash;
		call->exchange.password = NULL;
		face->again[face->again_count++] = number;
	}
	sf_bytes_wipe(&hash, sizeof(hash));
}

static void handle(void *self, const struct sf_watch *watches, size_t count, int64_t now_ms)
{
	struct sf_http_face *face = self;
	(void)watches;
	(void)count;
	face->now_ms = now_ms;
	sf_http_server_handle(face->server, now_ms);
	sf_events_tick(face->events, now_ms);
	take_hashes(face);
	send_away(face);
}

static int64_t wake_ms(void *self)
{
	const struct sf_http_face *face = self;
	int64_t server_ms = sf_http_server_wake_ms(face->server);
	int64_t events_ms = sf_events_wake_ms(face->events);
	if (face->again_count > 0 || face->hashes.ended)
		return face->now_ms;
	return server_ms < events_ms ? server_ms : events_ms;
}

/* Where a request says how long it would wait; NULL for one that never does. */
static uint32_t *wait_of(struct sf_request *request)
{
	if (request->kind == SF_REQUEST_INBOX)
		return &request->inbox.wait_ms;
	if (request->kind == SF_REQUEST_FEED)
		return &request->feed.wait_ms;
	if (request->kind == SF_REQUEST_LOG)
		return &request->log.wait_ms;
	return NULL;
}

static bool name_asker(
	struct sf_http_face *face, struct sf_exchange *exchange, struct sf_request *request)
{
	const struct sf_http_access *access = &face->options.access;
	if (!is_for_anybody(exchange))
		return access->name(access->self, exchange, request) &&
		       (!access->heed || access->heed(access->self, exchange, request));
	request->asker = (struct sf_asker){.account = "http"};
	return true;
}

/*
 * What is wrong with a request is for those to hear who may ask: nobody else learns from it which
 * words and ids there are. False: the response goes out as it was made.
 */
static bool judge_first(
	struct sf_http_face *face, struct sf_exchange *exchange, struct sf_request *ret_request)
{
	const struct sf_http_access *access = &face->options.access;
	if (exchange->route->roles & (SF_API_ANYBODY | SF_API_BROWSER | SF_API_SIGN_IN))
		return false;
	/* It asks for nothing, so that all of the answer is whether it may. */
	*ret_request = (struct sf_request){.kind = SF_REQUEST_STATUS};
	exchange->judged_first = access->name(access->self, exchange, ret_request);
	return exchange->judged_first;
}

/* Waiting clients must leave places for those that only ask. */
static void bound_wait(struct sf_http_face *face, struct sf_request *request)
{
	uint32_t *wait = wait_of(request);
	if (!wait || *wait == 0)
		return;
	if (face->long_polls >= LONG_POLLS_MAX)
		*wait = 0;
	else
		face->long_polls++;
}

static bool is_events(const struct sf_exchange *exchange)
{
	return exchange->route == &sf_routes_events[0];
}

/* One that went away meanwhile asks no more. */
static bool take_again(
	struct sf_http_face *face, uint64_t *ret_call, struct sf_request *ret_request)
{
	while (face->again_count > 0) {
		struct sf_http_call *call = sf_http_server_find(face->server, face->again[0]);
		memmove(face->again, face->again + 1, --face->again_count * sizeof(*face->again));
		if (!call || !call->exchange.again)
			continue;
		*ret_request = *call->exchange.again;
		call->exchange.again = NULL;
		if (name_asker(face, &call->exchange, ret_request)) {
			*ret_call = call->number;
			return true;
		}
		sf_http_server_respond(face->server, call);
	}
	return false;
}

static bool is_download(const struct sf_exchange *exchange)
{
	return exchange->route == &sf_routes_attachments[SF_ROUTES_ATTACHMENTS_READ];
}

/* False: it is said already that there is no place for another. */
static bool has_place(struct sf_http_face *face, struct sf_exchange *exchange)
{
	const char *why = NULL;
	if (is_events(exchange) && sf_events_full(face->events))
		why = "too many follow the events already";
	else if (is_download(exchange) && sf_downloads_full(&face->downloads))
		why = "too many attachments are read at once";
	if (!why)
		return true;
	exchange->response->retry_after_s = 10;
	sf_problem(exchange, 503, why);
	return false;
}

/* The next part of an attachment, asked for as its first was; a token may be revoked meanwhile. */
static bool take_download(
	struct sf_http_face *face, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct sf_exchange *exchange;
	while (sf_downloads_take(&face->downloads, ret_call, &exchange, ret_request)) {
		if (name_asker(face, exchange, ret_request))
			return true;
		const struct sf_reply reply = {.err = SF_ERR_AUTH};
		sf_downloads_reply(&face->downloads, *ret_call, &reply);
	}
	return false;
}

/* What anybody may ask is answered with the last answer while that is fresh. */
static bool answer_from_last(
	struct sf_http_face *face, struct sf_exchange *exchange, const struct sf_request *request)
{
	struct sf_reply reply;
	if (!is_for_anybody(exchange) || request->kind != SF_REQUEST_STATUS ||
		!sf_last_status_read(&face->status, face->now_ms, &reply))
		return false;
	exchange->route->respond(exchange, request, &reply);
	return true;
}

/* False: the response is made. */
static bool take_question(
	struct sf_http_face *face, struct sf_exchange *exchange, struct sf_request *ret_request)
{
	if (!has_place(face, exchange))
		return false;
	if (!exchange->route->ask(exchange, ret_request) ||
		!name_asker(face, exchange, ret_request))
		return judge_first(face, exchange, ret_request);
	if (answer_from_last(face, exchange, ret_request))
		return false;
	bound_wait(face, ret_request);
	return true;
}

static bool take(
	void *self, struct sf_arena *arena, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct sf_http_face *face = self;
	struct sf_http_call *call;
	(void)arena; /* a request borrows from its exchange, which lives longer */
	if (sf_events_take(face->events, ret_call, ret_request) ||
		take_again(face, ret_call, ret_request) ||
		take_download(face, ret_call, ret_request))
		return true;
	while ((call = sf_http_server_take(face->server))) {
		*ret_call = call->number;
		if (take_question(face, &call->exchange, ret_request))
			return true;
		sf_http_server_respond(face->server, call);
	}
	return false;
}

static bool waits(void *self, uint64_t number)
{
	const struct sf_http_face *face = self;
	if (number >= SF_EVENTS_CALL)
		return sf_events_wait(face->events, number);
	if (number >= SF_DOWNLOADS_CALL)
		return sf_downloads_wait(&face->downloads, number);
	return is_connected(self, number);
}

/* Who asks is known now: the response that was made stands, or is another. */
static void reply_judged(struct sf_http_face *face, struct sf_http_call *call,
	const struct sf_request *request, const struct sf_reply *reply)
{
	const struct sf_http_access *access = &face->options.access;
	struct sf_exchange *exchange = &call->exchange;
	struct sf_http_response made = *exchange->response;
	*exchange->response = (struct sf_http_response){.content_type = ""};
	bool denied = access->denied && access->denied(access->self, exchange, reply);
	if (!denied && reply->err)
		sf_problem_reply(exchange, request, reply);
	if (denied || reply->err)
		sf_buf_fini(&made.body);
	else
		*exchange->response = made;
	sf_http_server_respond(face->server, call);
}

static void reply_to(
	void *self, uint64_t number, const struct sf_request *request, const struct sf_reply *reply)
{
	struct sf_http_face *face = self;
	const struct sf_http_access *access = &face->options.access;
	if (number >= SF_EVENTS_CALL) {
		sf_events_reply(face->events, number, reply);
		return;
	}
	if (number >= SF_DOWNLOADS_CALL) {
		sf_downloads_reply(&face->downloads, number, reply);
		return;
	}
	struct sf_http_call *call = sf_http_server_find(face->server, number);
	if (!call)
		return;
	/* The request was not changed since it was taken. */
	struct sf_request copy = *request;
	const uint32_t *wait = wait_of(&copy);
	if (wait && *wait > 0)
		face->long_polls--;
	struct sf_exchange *exchange = &call->exchange;
	if (exchange->judged_first) {
		reply_judged(face, call, request, reply);
		return;
	}
	if (is_for_anybody(exchange) && request->kind == SF_REQUEST_STATUS)
		sf_last_status_keep(&face->status, reply, face->now_ms);
	bool denied = access->denied && !is_for_anybody(exchange) &&
		      access->denied(access->self, exchange, reply);
	const struct sf_http_server_counts counts = sf_http_server_count(face->server);
	exchange->counts = &counts;
	exchange->refusal = face->options.refusal.write ? &face->options.refusal : NULL;
	if (!denied)
		exchange->route->respond(exchange, request, reply);
	exchange->counts = NULL;
	if (exchange->again && exchange->password) {
		join_hashes(face, call);
		return;
	}
	if (exchange->again && face->again_count < AGAIN_MAX) {
		face->again[face->again_count++] = call->number;
		return;
	}
	if (exchange->again) {
		call->response.retry_after_s = 1;
		sf_problem(exchange, 503, "too much is asked at once; try again");
	}
	if (!denied && is_events(exchange) && !reply->err &&
		sf_events_join(face->events, call, request, &reply->feed, face->now_ms))
		return;
	if (!denied && is_download(exchange) && call->response.status == 200 &&
		sf_downloads_join(&face->downloads, call, request, &reply->attachment))
		return;
	if (!denied && is_download(exchange) && call->response.status == 200)
		sf_problem(exchange, 503, "there is no memory for this attachment now");
	sf_http_server_respond(face->server, call);
}

struct sf_face sf_http_face(struct sf_http_face *face)
{
	return (struct sf_face){
		.self = face,
		.watch_max = watch_max,
		.watch = watch,
		.handle = handle,
		.wake_ms = wake_ms,
		.take = take,
		.waits = waits,
		.reply = reply_to,
	};
}
