#include "http/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "http/guard.h"
#include "http/intake.h"
#include "http/problem.h"

#define PEER_TEXT_SIZE 64
#define STREAM_BLOCK_SIZE ((size_t)4096)
#define DOWNLOAD_BLOCK_SIZE ((size_t)65536)
/* What of a body that is too large is still read, so that its sender hears why. */
#define EXCESS_SIZE_MAX ((size_t)1048576)
/* CSP 3, sandbox: what a peer has sent is no page of this origin, whatever it calls itself. */
#define POLICY_NAME "Content-Security-Policy"
#define POLICY "default-src 'none'; frame-ancestors 'none'; sandbox"
#define NO_ROOM "there is no room for this body now, try again"

static void give_back_body(struct sf_http_wire *wire)
{
	wire->server->counts.body_bytes -= wire->body.size;
	sf_buf_fini(&wire->body);
}

void sf_wire_end(struct sf_http_call *call)
{
	struct sf_http_wire *wire = call->wire;
	const struct sf_http_server_options *options = &wire->server->options;
	if (options->ended)
		options->ended(options->ended_self, call, wire->server->now_ms - wire->begun_ms);
	if (wire->source.closed) {
		wire->server->counts.streams--;
		wire->source.closed(wire->source.self);
	}
	give_back_body(wire);
	sf_buf_fini(&call->response.body);
	if (call->exchange.forget)
		call->exchange.forget(call->exchange.kept);
	sf_arena_fini(&call->arena);
	free(wire->target);
	free(wire);
	free(call);
}

struct sf_http_call *sf_wire_begin(
	struct sf_http_server *server, struct sf_http_peer *peer, const char *target)
{
	struct sf_http_call *call = calloc(1, sizeof(*call));
	struct sf_http_wire *wire = calloc(1, sizeof(*wire));
	char *copy = strdup(target);
	if (!call || !wire || !copy) {
		free(call);
		free(wire);
		free(copy);
		return NULL;
	}
	*wire = (struct sf_http_wire){
		.server = server, .peer = peer, .target = copy, .begun_ms = server->now_ms};
	sf_buf_init(&wire->body, server->options.body_size_max);
	/* What is refused before its head was read has no texts, but who writes why may read them.
	 */
	call->request = (struct sf_http_request){.path = "",
		.query = "",
		.content_type = "",
		.charset = "",
		.accept = "",
		.accept_encoding = "",
		.authorization = "",
		.idempotency_key = "",
		.if_match = "",
		.if_none_match = "",
		.last_event_id = "",
		.traceparent = "",
		.purpose = "",
		.cookie = "",
		.origin = "",
		.fetch_site = "",
		.csrf = "",
		.background = "",
		.host = "",
		.contact_name = "",
		.contact_telephone = "",
		.asserted_user = "",
		.asserted_roles = "",
		.peer = ""};
	call->number = ++server->next_number;
	call->wire = wire;
	sf_arena_init(&call->arena, server->options.arena_size_max);
	call->exchange = (struct sf_exchange){
		.request = &call->request, .arena = &call->arena, .response = &call->response};
	server->counts.requests++;
	return call;
}

/* Those that have a value. False when one has no room. */
static bool add_each(
	struct MHD_Response *response, const struct sf_http_header *headers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (headers[i].value && headers[i].value[0] &&
			MHD_add_response_header(response, headers[i].name, headers[i].value) !=
				MHD_YES)
			return false;
	return true;
}

static bool has_policy(const struct sf_http_response *response)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (strcmp(response->headers[i].name, POLICY_NAME) == 0)
			return true;
	return false;
}

static bool add_headers(const struct sf_http_call *call, struct MHD_Response *response)
{
	const struct sf_http_response *from = &call->response;
	char retry[16];
	snprintf(retry, sizeof(retry), "%u", from->retry_after_s);
	const struct sf_http_header headers[] = {
		{"Content-Type", from->content_type},
		{"Content-Encoding", from->content_encoding},
		{"X-Content-Type-Options", "nosniff"},
		{POLICY_NAME, has_policy(from) ? NULL : POLICY},
		{"Cache-Control", from->cache_control ? from->cache_control : "no-store"},
		{"Location", from->location},
		{"ETag", from->etag},
		{"Allow", from->allow},
		{"WWW-Authenticate", from->authenticate},
		{"Retry-After", from->retry_after_s ? retry : NULL},
		{"traceparent", call->request.traceparent},
		{"Connection", call->wire->closes ? "close" : NULL},
	};
	return add_each(response, headers, SF_COUNT(headers)) &&
	       add_each(response, from->headers, from->header_count);
}

static bool queue(struct sf_http_call *call, struct MHD_Response *response, enum wire_state state)
{
	struct sf_http_wire *wire = call->wire;
	if (!response)
		return false;
	bool queued = false;
	if (add_headers(call, response))
		queued = MHD_queue_response(wire->peer->connection, call->response.status,
				 response) == MHD_YES;
	if (queued) {
		wire->state = state;
		wire->peer->deadline_ms =
			wire->server->now_ms + (state == WIRE_STREAMING
							       ? wire->server->options.stall_ms
							       : wire->server->options.response_ms);
	}
	MHD_destroy_response(response);
	return queued;
}

static bool queue_response(struct sf_http_call *call)
{
	struct sf_buf *body = &call->response.body;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_FREE);
	/* The library has it now. */
	if (response)
		sf_buf_init(body, 0);
	return queue(call, response, WIRE_SENDING);
}

static ssize_t read_source(void *self, uint64_t position, char *place, size_t room)
{
	struct sf_http_call *call = self;
	struct sf_http_wire *wire = call->wire;
	(void)position;
	ptrdiff_t size = wire->source.read(wire->source.self, (uint8_t *)place, room);
	if (size < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (size == 0) {
		wire->state = WIRE_ASLEEP;
		wire->peer->deadline_ms = INT64_MAX;
		MHD_suspend_connection(wire->peer->connection);
		return 0;
	}
	wire->peer->deadline_ms = wire->server->now_ms + wire->server->options.stall_ms;
	return size;
}

static bool queue_stream(struct sf_http_call *call)
{
	uint64_t size = call->wire->source.size;
	return queue(call,
		MHD_create_response_from_callback(size > 0 ? size : MHD_SIZE_UNKNOWN,
			size > 0 ? DOWNLOAD_BLOCK_SIZE : STREAM_BLOCK_SIZE, read_source, call,
			NULL),
		WIRE_STREAMING);
}

struct fields {
	size_t count;
	struct sf_guard_field fields[SF_GUARD_FIELDS_MAX];
};

static enum MHD_Result take_field(void *self, enum MHD_ValueKind kind, const char *name,
	size_t name_size, const char *value, size_t value_size)
{
	struct fields *fields = self;
	(void)kind;
	if (fields->count < SF_GUARD_FIELDS_MAX)
		fields->fields[fields->count] = (struct sf_guard_field){
			sf_view_of(name, name_size), sf_view_of(value, value_size)};
	fields->count++;
	return MHD_YES;
}

static const char *peer_text(struct sf_http_call *call)
{
	char text[PEER_TEXT_SIZE] = "";
	union {
		const struct sockaddr *any;
		const struct sockaddr_in *four;
		const struct sockaddr_in6 *six;
	} address = {.any = MHD_get_connection_info(
			     call->wire->peer->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
				    ->client_addr};
	if (address.any->sa_family == AF_INET)
		inet_ntop(AF_INET, &address.four->sin_addr, text, sizeof(text));
	else if (address.any->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &address.six->sin6_addr, text, sizeof(text));
	return sf_arena_text(&call->arena, sf_view_text(text));
}

/* Two of them mean two people: neither is believed. False: the head is not good. */
static bool read_assertion(struct sf_http_call *call, const struct sf_guard_head *head)
{
	const struct sf_http_server_options *options = &call->wire->server->options;
	const struct {
		const char *name;
		const char **place;
	} fields[] = {{options->user_field, &call->request.asserted_user},
		{options->roles_field, &call->request.asserted_roles}};
	for (size_t i = 0; i < SF_COUNT(fields); i++) {
		if (!fields[i].name)
			continue;
		*fields[i].place =
			sf_arena_text(&call->arena, sf_guard_field(head, fields[i].name));
		if (!*fields[i].place || sf_guard_count(head, fields[i].name) > 1)
			return false;
	}
	return true;
}

/* 0, or the status to refuse with. */
static unsigned read_head(
	struct sf_http_call *call, const struct sf_guard_head *head, const char **ret_why)
{
	struct sf_guard_target target;
	unsigned status = sf_guard_head(head, ret_why);
	if (!status && !sf_guard_fields_adjoin(head)) {
		*ret_why = "a header is folded, has a NUL in it or does not end in CR LF";
		status = 400;
	}
	if (!status)
		status = sf_guard_target(
			head, sf_view_text(call->wire->target), &call->arena, &target, ret_why);
	if (status)
		return status;
	*ret_why = "who asks is said twice";
	if (!read_assertion(call, head))
		return 400;
	*ret_why = "there is no memory for this request now";
	call->request.peer = peer_text(call);
	call->request.has_client_certificate = call->wire->server->certifies_clients;
	if (!call->request.peer || !sf_intake_read(head, &target, &call->arena, &call->request))
		return 503;
	return 0;
}

/*
 * 0, or the status to refuse with. What is announced holds no room: only bytes that were sent do,
 * or a few connections that say much and send nothing could keep everybody out.
 */
static unsigned check_length(struct sf_http_server *server, uint64_t size, const char **ret_why)
{
	*ret_why = "the body is larger than this server takes";
	if (size > server->options.body_size_max)
		return 413;
	*ret_why = NO_ROOM;
	return size > server->options.bytes_max - server->counts.body_bytes ? 503 : 0;
}

/* The head is here: judged before its body is read. */
static bool on_head(struct sf_http_call *call, const char *method, const char *version)
{
	struct sf_http_wire *wire = call->wire;
	struct sf_http_server *server = wire->server;
	struct fields fields = {.count = 0};
	MHD_get_connection_values_n(wire->peer->connection, MHD_HEADER_KIND, take_field, &fields);
	const struct sf_guard_head head = {.method = sf_view_text(method),
		.version = sf_view_text(version),
		.encrypted = server->encrypted,
		.field_count = fields.count,
		.fields = fields.fields};
	const char *why = NULL;
	unsigned status = read_head(call, &head, &why);
	if (!status)
		status = check_length(server, sf_guard_length(&head), &why);
	if (status) {
		server->counts.refused++;
		wire->closes = true;
		call->response.retry_after_s = status == 503 ? 1 : 0;
		sf_problem(&call->exchange, status, why);
		return queue_response(call);
	}
	wire->state = WIRE_BODY;
	if (server->options.judge(server->options.judge_self, call))
		return true;
	server->counts.refused++;
	if (sf_guard_length(&head) == 0 && sf_guard_field(&head, "transfer-encoding").size == 0) {
		wire->state = WIRE_JUDGED;
		return true;
	}
	wire->closes = true;
	return queue_response(call);
}

static void on_body(struct sf_http_call *call, const char *bytes, size_t size)
{
	struct sf_http_wire *wire = call->wire;
	struct sf_http_server *server = wire->server;
	if (wire->excess || size > server->options.body_size_max - wire->body.size) {
		wire->excess += size;
		return;
	}
	if (wire->no_room || size > server->options.bytes_max - server->counts.body_bytes) {
		wire->no_room = true;
		return;
	}
	wire->no_room = sf_buf_append(&wire->body, sf_view_of(bytes, size)) != SF_OK;
	if (!wire->no_room)
		server->counts.body_bytes += size;
}

/* The last byte is here. */
static bool on_whole(struct sf_http_call *call)
{
	struct sf_http_wire *wire = call->wire;
	struct sf_http_server *server = wire->server;
	if (wire->excess || wire->no_room) {
		server->counts.refused++;
		give_back_body(wire);
		wire->closes = true;
		call->response.retry_after_s = wire->excess ? 0 : 1;
		sf_problem(&call->exchange, wire->excess ? 413 : 503,
			wire->excess ? "the body is larger than this server takes" : NO_ROOM);
		return queue_response(call);
	}
	call->request.body = sf_buf_view(&wire->body);
	call->whole_ms = server->now_ms;
	wire->state = WIRE_WHOLE;
	wire->peer->deadline_ms = INT64_MAX;
	*(server->first ? &server->last->wire->next : &server->first) = call;
	server->last = call;
	MHD_suspend_connection(wire->peer->connection);
	return true;
}

bool sf_wire_proceed(struct sf_http_call *call, const char *method, const char *version,
	const char *bytes, size_t *size)
{
	struct sf_http_wire *wire = call->wire;
	switch (wire->state) {
	case WIRE_HEAD:
		return on_head(call, method, version);
	case WIRE_BODY:
		if (*size == 0)
			return on_whole(call);
		on_body(call, bytes, *size);
		*size = 0;
		return wire->excess <= EXCESS_SIZE_MAX;
	case WIRE_JUDGED:
	case WIRE_ANSWERED:
		return wire->source.read ? queue_stream(call) : queue_response(call);
	case WIRE_WHOLE:
	case WIRE_TAKEN:
	case WIRE_SENDING:
	case WIRE_STREAMING:
	case WIRE_ASLEEP:
	default:
		return false;
	}
}

static void unlink_taken(struct sf_http_server *server, struct sf_http_call *call)
{
	struct sf_http_call **place = &server->taken;
	while (*place && *place != call)
		place = &(*place)->wire->next;
	if (*place)
		*place = call->wire->next;
	call->wire->next = NULL;
}

void sf_wire_answer(struct sf_http_call *call)
{
	struct sf_http_wire *wire = call->wire;
	SF_ASSERT(wire->state == WIRE_TAKEN);
	unlink_taken(wire->server, call);
	/* Nobody reads the request any more. */
	give_back_body(wire);
	call->request.body = sf_view_of(NULL, 0);
	wire->state = WIRE_ANSWERED;
	wire->server->resumes = true;
	MHD_resume_connection(wire->peer->connection);
}
