/*
 * The local socket of a daemon: takes length-prefixed requests of local programs and gives replies
 * back. Bytes in, bytes out: what they say is wire/local.h's, what happens is an engine's.
 *
 * Nothing here blocks. The owner's one loop polls:
 *
 *   count = sf_server_poll(server, fds, room);      what to wait for
 *   poll(fds ...);
 *   sf_server_handle(server, fds, count, now_ms);   accepts, reads, writes
 *   while (sf_server_take(server, &call))           complete requests, each once
 *           ...
 *   sf_server_reply(server, call.connection, bytes) later, after the commit
 *
 * Handle is called at least every second or so, also when poll found nothing: it keeps the time of
 * requests that do not become whole.
 *
 * A connection has one request at a time: its next is not read before the reply of the last was
 * written. Connections and bytes are bounded; who sends half a request and stops is cut off.
 * One thread.
 */
#ifndef SF_LOCAL_SERVER_H
#define SF_LOCAL_SERVER_H

#include <poll.h>

#include "base/bytes.h"
#include "local/listen.h"

struct sf_server; /* opaque */

struct sf_server_options {
	const char *path; /* copied */
	mode_t mode;
	struct sf_local_allow allow;
	size_t connection_max; /* more wait in the kernel's queue */
	size_t request_size_max;
	size_t bytes_max;        /* of requests being read, all connections together */
	int64_t half_request_ms; /* a request must be whole this long after its first byte */
};

/* 0600, 64 connections, SF_LOCAL_SIZE_MAX, four times that, 30 s. */
struct sf_server_options sf_server_options_default(const char *path);

/* Errors of sf_local_listen, and SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_server_open(const struct sf_server_options *options,
	struct sf_server **ret_server, struct sf_diag *diag);
/* Closes every connection and removes the socket file, unless another took its place. */
void sf_server_close(struct sf_server **server);

/* Descriptors that sf_server_poll needs room for at most. */
size_t sf_server_poll_max(const struct sf_server *server);
/* Fills fds; the order holds until the next call. room >= sf_server_poll_max. */
size_t sf_server_poll(struct sf_server *server, struct pollfd *fds, size_t room);
/* The fds as poll() left them. now_ms: any clock that never goes back, always the same. */
void sf_server_handle(
	struct sf_server *server, const struct pollfd *fds, size_t count, int64_t now_ms);

struct sf_server_call {
	uint64_t connection;    /* never used twice */
	uid_t peer;             /* who asks, as the kernel says */
	struct sf_view request; /* borrowed until the reply, also when the peer hangs up before */
};

/* False when no request is waiting. Each connection gets its turn. */
bool sf_server_take(struct sf_server *server, struct sf_server_call *ret_call);

/* False when the peer has hung up: nobody waits for a reply, which must be given all the same. */
bool sf_server_connected(const struct sf_server *server, uint64_t connection);

/*
 * Answers the request that was taken from this connection; bytes are copied. A peer that went away,
 * or memory that is out, costs the connection and nothing else.
 */
void sf_server_reply(struct sf_server *server, uint64_t connection, struct sf_view bytes);

/* Connections now, and requests that wait for a reply. */
size_t sf_server_connection_count(const struct sf_server *server);
size_t sf_server_pending_count(const struct sf_server *server);

#endif
