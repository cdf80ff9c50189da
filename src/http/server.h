/*
 * The HTTP server: whole, checked requests in, responses out. libmicrohttpd does the bytes, in
 * epoll mode without a thread of its own: one descriptor stands for all its sockets and goes into
 * the loop of the daemon.
 *
 *   sf_http_server_descriptor(server)                ready to read: handle
 *   sf_http_server_handle(server, now_ms);           accepts, reads, writes, cuts off
 *   while ((call = sf_http_server_take(server)))     whole requests, each once
 *           ...
 *   sf_http_server_respond(server, call);            call->response goes out; call is gone
 *
 * A request is judged when its head is here, before a byte of its body is asked for: by the guard
 * (guard.h), then by the owner (judge). Then its body is read into a buffer of bounded size; the
 * connection rests until the response is there. Everything is bounded: connections, also of one
 * address; heads; bodies, each and together; and time: a request must be whole, and a response
 * read, in so long, however slowly bytes come.
 *
 * One thread. Times are monotonic milliseconds.
 */
#ifndef SF_HTTP_SERVER_H
#define SF_HTTP_SERVER_H

#include "http/route.h"

struct sf_http_server; /* opaque */
struct sf_http_wire;   /* wire.h */

/* A request on its way. Lives from its first line to the end of its response. */
struct sf_http_call {
	uint64_t number; /* never 0, never used twice */
	struct sf_http_request request;
	struct sf_http_response response;
	struct sf_arena arena;
	struct sf_exchange exchange; /* of these three */
	int64_t whole_ms;            /* since when it waits to be taken */
	struct sf_http_wire *wire;   /* owned by the server */
};

/* A body that is made while it is read. One that ends before its size ends the connection. */
struct sf_http_source {
	void *self; /* borrowed */
	/* Fills place; 0: nothing now (wake says when there is), below 0: the end. */
	ptrdiff_t (*read)(void *self, uint8_t *place, size_t room);
	/* The connection is gone: the last that is heard of it, and call is gone too. */
	void (*closed)(void *self);
	uint64_t size; /* of all it will give, when that is known; 0: it is not */
};

struct sf_http_server_options {
	const char *listen; /* "127.0.0.1:8080", "[::1]:8080" */
	/* PEM; NULL: without TLS, on loopback addresses alone. */
	const char *certificate;
	const char *key;
	const char *client_authority; /* clients must show a certificate of it */
	/* Fields in which a proxy says who asks, in request.asserted_*; NULL: they are not read.
	 * Borrowed while the server is open. */
	const char *user_field;
	const char *roles_field;
	size_t connection_max;
	size_t connection_of_address_max; /* 0: as many as there are */
	size_t head_size_max;             /* request line and headers */
	size_t body_size_max;
	size_t bytes_max;      /* of bodies, all together */
	int64_t idle_ms;       /* without a request */
	int64_t request_ms;    /* from the first line to the last byte */
	int64_t response_ms;   /* for a client to read a response */
	int64_t stall_ms;      /* for a client to read what a stream has for it */
	size_t arena_size_max; /* of a call */
	/*
	 * The head is here and good: true to go on. False: call->response is made, the request is
	 * answered with it at once and the connection ends.
	 */
	bool (*judge)(void *self, struct sf_http_call *call);
	void *judge_self; /* borrowed */
	/*
	 * NULL, or hears of each request once, when its response is over. call->response.status is
	 * 0 when none was made here: the client was gone, or the library refused by itself.
	 */
	void (*ended)(void *self, const struct sf_http_call *call, int64_t duration_ms);
	void *ended_self; /* borrowed */
};

/* 1,024 connections, 16 KiB, SF_LOCAL_SIZE_MAX less 64 KiB, eight times that; 60, 30, 120, 30 s. */
struct sf_http_server_options sf_http_server_options_default(const char *listen);

/* SF_ERR_CONFIG, SF_ERR_EXISTS, SF_ERR_IO, SF_ERR_MEMORY; texts of options are not kept. */
SF_MUST_USE enum sf_err sf_http_server_open(const struct sf_http_server_options *options,
	struct sf_http_server **ret_server, struct sf_diag *diag);
/* Ends every connection, whatever waits; every call and source is gone. */
void sf_http_server_close(struct sf_http_server **server);

int sf_http_server_descriptor(const struct sf_http_server *server);
void sf_http_server_handle(struct sf_http_server *server, int64_t now_ms);
int64_t sf_http_server_wake_ms(const struct sf_http_server *server);
/* Where it listens: the port that was taken for port 0. */
uint16_t sf_http_server_port(const struct sf_http_server *server);

/* NULL when none waits. What was taken is answered with respond or stream, exactly once. */
struct sf_http_call *sf_http_server_take(struct sf_http_server *server);
/* Of those taken and not answered; NULL when there is none. */
struct sf_http_call *sf_http_server_find(const struct sf_http_server *server, uint64_t number);
/* The one that waits longest; NULL. */
const struct sf_http_call *sf_http_server_oldest(const struct sf_http_server *server);
/* False when the client has hung up. */
bool sf_http_call_connected(const struct sf_http_call *call);

/* call->response goes out: its body is moved away. */
void sf_http_server_respond(struct sf_http_server *server, struct sf_http_call *call);
/* Status and headers of call->response, then what source gives, until it ends. */
void sf_http_server_stream(struct sf_http_server *server, struct sf_http_call *call,
	const struct sf_http_source *source);
/* The source of this call has something to give. */
void sf_http_server_wake(struct sf_http_server *server, struct sf_http_call *call);

struct sf_http_server_counts {
	size_t connections; /* now */
	size_t streams;
	size_t body_bytes;
	uint64_t requests; /* since the start */
	uint64_t refused;  /* by guard, judge or limits */
	uint64_t cut_off;  /* for being slow */
};
struct sf_http_server_counts sf_http_server_count(const struct sf_http_server *server);

#endif
