#include "bridge/mllp_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "bridge/listen.h"
#include "port/hl7.h"
#include "wire/local.h"

#define CONNECTIONS_MAX ((size_t)32)
#define MESSAGE_SIZE_MAX ((size_t)262144)
#define REFERENCE_SIZE ((size_t)160) /* of a party: its name at most */
#define ACCOUNT "channel:mllp"

struct sf_mllp_server {
	struct sf_mllp_options options; /* its texts are not kept */
	char municipality[REFERENCE_SIZE];
	struct sf_tls *tls; /* owned; NULL: plain */
	int listener;       /* owned */
	unsigned port;
	uint64_t calls;                         /* the last one given */
	size_t next;                            /* whose message is taken next */
	struct sf_mllp_connection *connections; /* owned, connection_max of them */
};

struct sf_mllp_options sf_mllp_options_default(const char *listen)
{
	return (struct sf_mllp_options){
		.listen = listen,
		.certificate = "",
		.key = "",
		.client_authority = "",
		.municipality = "",
		.connection_max = CONNECTIONS_MAX,
		.terms = {.message_size_max = MESSAGE_SIZE_MAX,
			.half_message_ms = 30 * SF_SECOND_MS},
	};
}

/* Content in clear must not leave the machine: that is not for a configuration to decide. */
static enum sf_err open_tls(struct sf_mllp_server *server, const struct sf_mllp_options *options,
	bool loopback, struct sf_diag *diag)
{
	bool any = options->certificate[0] || options->key[0] || options->client_authority[0];
	bool all = options->certificate[0] && options->key[0] && options->client_authority[0];
	if (any != all || (!all && !loopback)) {
		sf_diag_set(diag,
			"listening on %s needs a certificate, its key and the authority "
			"of client certificates; without them listen on 127.0.0.1 or [::1]",
			options->listen);
		return SF_ERR_CONFIG;
	}
	return all ? sf_tls_open(options->certificate, options->key, options->client_authority,
			     &server->tls, diag)
		   : SF_OK;
}

static enum sf_err open_parts(
	struct sf_mllp_server *server, const struct sf_mllp_options *options, struct sf_diag *diag)
{
	size_t size = strlen(options->municipality);
	if (size >= sizeof(server->municipality)) {
		sf_diag_set(diag, "the name of the municipality is too long");
		return SF_ERR_CONFIG;
	}
	memcpy(server->municipality, options->municipality, size + 1);
	server->connections = calloc(options->connection_max, sizeof(*server->connections));
	if (!server->connections)
		return SF_ERR_MEMORY;
	struct sf_address address;
	if (sf_address_parse(options->listen, &address)) {
		sf_diag_set(diag,
			"'%s' is no address to listen on, write 127.0.0.1:2575 or [::1]:2575",
			options->listen);
		return SF_ERR_CONFIG;
	}
	enum sf_err err = open_tls(server, options, address.loopback, diag);
	if (err)
		return err;
	err = sf_bridge_listen(&address, &server->listener, &server->port, diag);
	if (err)
		sf_diag_prefix(diag, "%s", options->listen);
	return err;
}

enum sf_err sf_mllp_server_open(const struct sf_mllp_options *options,
	struct sf_mllp_server **ret_server, struct sf_diag *diag)
{
	struct sf_mllp_server *server = calloc(1, sizeof(*server));
	if (!server)
		return SF_ERR_MEMORY;
	server->options = *options;
	server->listener = -1;
	enum sf_err err = open_parts(server, options, diag);
	if (err)
		sf_mllp_server_close(&server);
	else
		*ret_server = server;
	return err;
}

void sf_mllp_server_close(struct sf_mllp_server **server)
{
	struct sf_mllp_server *closed = *server;
	if (!closed)
		return;
	for (size_t i = 0; closed->connections && i < closed->options.connection_max; i++)
		sf_mllp_connection_close(&closed->connections[i]);
	free(closed->connections);
	if (closed->listener >= 0)
		close(closed->listener);
	sf_tls_close(&closed->tls);
	free(closed);
	*server = NULL;
}

unsigned sf_mllp_server_port(const struct sf_mllp_server *server)
{
	return server->port;
}

static size_t watch_max(void *self)
{
	const struct sf_mllp_server *server = self;
	return server->options.connection_max + 1;
}

static size_t watch(void *self, struct sf_watch *watches, size_t room)
{
	struct sf_mllp_server *server = self;
	size_t count = 0;
	SF_ASSERT(room >= watch_max(self));
	watches[count++] =
		(struct sf_watch){.descriptor = server->listener, .wants = SF_WATCH_READ};
	for (size_t i = 0; i < server->options.connection_max; i++) {
		unsigned wants = sf_mllp_connection_wants(&server->connections[i]);
		if (wants != 0)
			watches[count++] = (struct sf_watch){
				.descriptor = server->connections[i].stream.descriptor,
				.wants = wants};
	}
	return count;
}

static struct sf_mllp_connection *free_place(struct sf_mllp_server *server)
{
	for (size_t i = 0; i < server->options.connection_max; i++)
		if (!server->connections[i].open)
			return &server->connections[i];
	return NULL;
}

/* A sender stays connected for days: a dead one is found by the kernel. Answers are small. */
static void set_up(int descriptor)
{
	int on = 1;
	sf_ignore(setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)));
	sf_ignore(setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
}

/* One that finds no place is told so by the end of its connection, and is in the log. */
static void accept_all(struct sf_mllp_server *server, int64_t now_ms)
{
	for (size_t i = 0; i <= server->options.connection_max; i++) {
		int descriptor =
			accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (descriptor < 0)
			return;
		struct sf_mllp_connection *place = free_place(server);
		struct sf_stream stream;
		if (!place) {
			server->options.terms.tell(
				server->options.terms.self, SF_MLLP_TROUBLE_CROWDED);
			close(descriptor);
			continue;
		}
		set_up(descriptor);
		if (sf_stream_open(server->tls, descriptor, &stream) == SF_OK)
			sf_mllp_connection_open(place, &server->options.terms, &stream, now_ms);
	}
}

static void handle(void *self, const struct sf_watch *watches, size_t count, int64_t now_ms)
{
	struct sf_mllp_server *server = self;
	if (count > 0 && watches[0].ready)
		accept_all(server, now_ms);
	/* Reading what is not there costs a call; the time of what is late is kept for all. */
	for (size_t i = 0; i < server->options.connection_max; i++)
		sf_mllp_connection_handle(&server->connections[i], now_ms);
}

/* Looked at when it is asked: answers that were written since make room for bytes that are here. */
static int64_t wake_ms(void *self)
{
	const struct sf_mllp_server *server = self;
	for (size_t i = 0; i < server->options.connection_max; i++)
		if (sf_mllp_connection_is_ready(&server->connections[i]))
			return 0;
	return INT64_MAX;
}

static bool take(
	void *self, struct sf_arena *arena, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct sf_mllp_server *server = self;
	(void)arena;
	for (size_t i = 0; i < server->options.connection_max; i++) {
		size_t place = (server->next + i) % server->options.connection_max;
		const struct sf_buf *message =
			sf_mllp_connection_take(&server->connections[place], server->calls + 1);
		if (!message)
			continue;
		server->next = place + 1;
		*ret_call = ++server->calls;
		*ret_request = (struct sf_request){.asker = {.account = ACCOUNT},
			.kind = SF_REQUEST_SEND,
			.send = {.content_type = SF_CONTENT_HL7,
				.content = sf_buf_view(message),
				.gp = "",
				.municipality = server->municipality}};
		return true;
	}
	return false;
}

static const struct sf_buf *message_of(const struct sf_mllp_server *server, uint64_t call)
{
	const struct sf_buf *message = NULL;
	for (size_t i = 0; !message && i < server->options.connection_max; i++)
		message = sf_mllp_connection_message(&server->connections[i], call);
	return message;
}

static bool waits(void *self, uint64_t call)
{
	return message_of(self, call) != NULL;
}

static void answer(struct sf_mllp_server *server, uint64_t call, struct sf_view bytes)
{
	for (size_t i = 0; i < server->options.connection_max; i++)
		if (sf_mllp_connection_answer(&server->connections[i], call, bytes))
			return;
}

static void reply_to(
	void *self, uint64_t call, const struct sf_request *request, const struct sf_reply *reply)
{
	struct sf_mllp_server *server = self;
	if (!reply->err && reply->kind == SF_REPLY_SENT) {
		answer(server, call, reply->sent.acknowledgement);
		return;
	}
	struct sf_buf refusal;
	sf_buf_init(&refusal, MESSAGE_SIZE_MAX);
	enum sf_err err = server->options.refusal(server->options.self, request->send.content,
		reply->err ? reply->err : SF_ERR_AGAIN, &refusal);
	if (err)
		sf_buf_clear(&refusal);
	answer(server, call, sf_buf_view(&refusal));
	sf_buf_fini(&refusal);
}

struct sf_face sf_mllp_face(struct sf_mllp_server *server)
{
	return (struct sf_face){
		.self = server,
		.watch_max = watch_max,
		.watch = watch,
		.handle = handle,
		.wake_ms = wake_ms,
		.take = take,
		.waits = waits,
		.reply = reply_to,
	};
}
