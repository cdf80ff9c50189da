#include "http/wire.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/limits.h"
#include "http/listen.h"
#include "tls/terms.h"

#define SCAN_MS ((int64_t)100) /* who is slow is looked for this often */

struct sf_http_server_options sf_http_server_options_default(const char *listen)
{
	const size_t body_size_max = SF_LOCAL_SIZE_MAX - 65536;
	return (struct sf_http_server_options){
		.listen = listen,
		.connection_max = 1024,
		.head_size_max = 16384,
		.body_size_max = body_size_max,
		.bytes_max = 8 * body_size_max,
		.idle_ms = 60000,
		.request_ms = 30000,
		.response_ms = 120000,
		.stall_ms = 30000,
		.arena_size_max = SF_LOCAL_SIZE_MAX,
	};
}

static struct sf_http_peer *peer_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

/* The first line of a request is here. */
static void *on_first_line(void *self, const char *target, struct MHD_Connection *connection)
{
	struct sf_http_server *server = self;
	struct sf_http_peer *peer = peer_of(connection);
	if (!peer)
		return NULL;
	peer->call = sf_wire_begin(server, peer, target ? target : "");
	peer->deadline_ms = server->now_ms + server->options.request_ms;
	return peer->call;
}

static void on_completed(void *self, struct MHD_Connection *connection, void **place,
	enum MHD_RequestTerminationCode code)
{
	struct sf_http_server *server = self;
	struct sf_http_peer *peer = peer_of(connection);
	(void)code;
	*place = NULL;
	if (!peer)
		return;
	if (peer->call)
		sf_wire_end(peer->call);
	peer->call = NULL;
	peer->deadline_ms = server->now_ms + server->options.idle_ms;
}

static void on_connection(void *self, struct MHD_Connection *connection, void **place,
	enum MHD_ConnectionNotificationCode code)
{
	struct sf_http_server *server = self;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		struct sf_http_peer *peer = *place;
		*place = NULL;
		if (!peer)
			return;
		*(peer->previous ? &peer->previous->next : &server->peers) = peer->next;
		if (peer->next)
			peer->next->previous = peer->previous;
		server->counts.connections--;
		free(peer);
		return;
	}
	int descriptor =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	struct sf_http_peer *peer = calloc(1, sizeof(*peer));
	/* Without memory for it nothing of it can be bounded: it ends here. */
	if (!peer) {
		shutdown(descriptor, SHUT_RDWR);
		return;
	}
	*peer = (struct sf_http_peer){.next = server->peers,
		.connection = connection,
		.descriptor = descriptor,
		.deadline_ms = server->now_ms + server->options.idle_ms};
	if (server->peers)
		server->peers->previous = peer;
	server->peers = peer;
	server->counts.connections++;
	*place = peer;
	if (server->certifies_clients)
		sf_tls_require_client(
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)
				->tls_session);
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *bytes, size_t *size, void **place)
{
	(void)self;
	(void)connection;
	(void)url;
	return *place && sf_wire_proceed(*place, method, version, bytes, size) ? MHD_YES : MHD_NO;
}

/* The path is decoded by the guard alone. */
static size_t leave_escaped(void *self, struct MHD_Connection *connection, char *text)
{
	(void)self;
	(void)connection;
	return strlen(text);
}

static enum sf_err start_library(struct sf_http_server *server, int listener, struct sf_diag *diag)
{
	const struct sf_http_server_options *options = &server->options;
	struct MHD_OptionItem items[] = {
		{MHD_OPTION_LISTEN_SOCKET, listener, NULL},
		{MHD_OPTION_CONNECTION_LIMIT, (intptr_t)options->connection_max, NULL},
		{MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)options->connection_of_address_max,
			NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)options->head_size_max, NULL},
		{MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
		{MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL},
		{MHD_OPTION_END, 0, NULL},
		{MHD_OPTION_END, 0, NULL},
		{MHD_OPTION_END, 0, NULL},
		{MHD_OPTION_END, 0, NULL},
		{MHD_OPTION_END, 0, NULL},
	};
	size_t count = 6;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
	union {
		const char *text;
		void *place;
	} certificate = {options->certificate}, key = {options->key},
	  authority = {options->client_authority}, priorities = {SF_TLS_PRIORITIES};
	if (options->certificate) {
		flags |= MHD_USE_TLS;
		items[count++] =
			(struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, certificate.place};
		items[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, key.place};
		items[count++] =
			(struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, priorities.place};
	}
	if (options->client_authority)
		items[count++] =
			(struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0, authority.place};
	server->library = MHD_start_daemon(flags, 0, NULL, NULL, on_request, server,
		MHD_OPTION_URI_LOG_CALLBACK, on_first_line, server, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, server, MHD_OPTION_ARRAY, items,
		MHD_OPTION_END);
	if (server->library)
		return SF_OK;
	close(listener);
	sf_diag_set(diag, "the HTTP server could not be started");
	return SF_ERR_IO;
}

enum sf_err sf_http_server_open(const struct sf_http_server_options *options,
	struct sf_http_server **ret_server, struct sf_diag *diag)
{
	int listener = -1;
	uint16_t port = 0;
	enum sf_err err = SF_OK;
	if (options->certificate)
		err = sf_tls_check(
			options->certificate, options->key, options->client_authority, diag);
	if (!err)
		err = sf_http_listen(
			options->listen, !options->certificate, &listener, &port, diag);
	if (err)
		return err;
	struct sf_http_server *server = calloc(1, sizeof(*server));
	if (!server) {
		close(listener);
		return SF_ERR_MEMORY;
	}
	server->options = *options;
	server->port = port;
	server->encrypted = options->certificate != NULL;
	server->certifies_clients = options->client_authority != NULL;
	err = start_library(server, listener, diag);
	if (err) {
		free(server);
		return err;
	}
	server->descriptor =
		MHD_get_daemon_info(server->library, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	/* The texts are the caller's, who wipes them. */
	server->options.listen = server->options.certificate = NULL;
	server->options.key = server->options.client_authority = NULL;
	*ret_server = server;
	return SF_OK;
}

static bool rests(const struct sf_http_wire *wire)
{
	return wire->state == WIRE_WHOLE || wire->state == WIRE_TAKEN || wire->state == WIRE_ASLEEP;
}

void sf_http_server_close(struct sf_http_server **server)
{
	struct sf_http_server *gone = *server;
	*server = NULL;
	if (!gone)
		return;
	/* The library does not stop while a connection rests. */
	for (struct sf_http_peer *peer = gone->peers; peer; peer = peer->next)
		if (peer->call && rests(peer->call->wire))
			MHD_resume_connection(peer->connection);
	MHD_stop_daemon(gone->library);
	free(gone);
}

int sf_http_server_descriptor(const struct sf_http_server *server)
{
	return server->descriptor;
}

uint16_t sf_http_server_port(const struct sf_http_server *server)
{
	return server->port;
}

/* The library notices by itself that the other end is gone. */
static void cut_off_the_slow(struct sf_http_server *server)
{
	for (struct sf_http_peer *peer = server->peers; peer; peer = peer->next) {
		if (peer->cut_off || peer->deadline_ms > server->now_ms)
			continue;
		peer->cut_off = true;
		server->counts.cut_off++;
		shutdown(peer->descriptor, SHUT_RDWR);
	}
	server->scan_ms = server->now_ms + SCAN_MS;
}

void sf_http_server_handle(struct sf_http_server *server, int64_t now_ms)
{
	server->now_ms = now_ms;
	server->resumes = false;
	/* It says no only when it was stopped, which it is not. */
	(void)MHD_run(server->library);
	if (now_ms >= server->scan_ms)
		cut_off_the_slow(server);
}

int64_t sf_http_server_wake_ms(const struct sf_http_server *server)
{
	MHD_UNSIGNED_LONG_LONG wait_ms = 0;
	if (server->resumes)
		return server->now_ms;
	if (MHD_get_timeout(server->library, &wait_ms) == MHD_YES && wait_ms < INT32_MAX)
		return server->now_ms + (int64_t)wait_ms;
	return server->peers ? server->scan_ms : INT64_MAX;
}

struct sf_http_call *sf_http_server_take(struct sf_http_server *server)
{
	struct sf_http_call *call = server->first;
	if (!call)
		return NULL;
	server->first = call->wire->next;
	if (!server->first)
		server->last = NULL;
	call->wire->next = server->taken;
	call->wire->state = WIRE_TAKEN;
	server->taken = call;
	return call;
}

struct sf_http_call *sf_http_server_find(const struct sf_http_server *server, uint64_t number)
{
	struct sf_http_call *call = server->taken;
	while (call && call->number != number)
		call = call->wire->next;
	return call;
}

const struct sf_http_call *sf_http_server_oldest(const struct sf_http_server *server)
{
	return server->first;
}

bool sf_http_call_connected(const struct sf_http_call *call)
{
	char byte;
	return recv(call->wire->peer->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

void sf_http_server_respond(struct sf_http_server *server, struct sf_http_call *call)
{
	SF_ASSERT(call->wire->server == server);
	sf_wire_answer(call);
}

void sf_http_server_stream(struct sf_http_server *server, struct sf_http_call *call,
	const struct sf_http_source *source)
{
	SF_ASSERT(call->wire->server == server);
	call->wire->source = *source;
	server->counts.streams++;
	sf_wire_answer(call);
}

void sf_http_server_wake(struct sf_http_server *server, struct sf_http_call *call)
{
	struct sf_http_wire *wire = call->wire;
	if (wire->state != WIRE_ASLEEP)
		return;
	wire->state = WIRE_STREAMING;
	wire->peer->deadline_ms = server->now_ms + server->options.stall_ms;
	server->resumes = true;
	MHD_resume_connection(wire->peer->connection);
}

struct sf_http_server_counts sf_http_server_count(const struct sf_http_server *server)
{
	return server->counts;
}
