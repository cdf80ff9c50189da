/*
 * A daemon for the tests of clients: a thread with the real local socket and a script for an
 * engine.
 */
#ifndef SF_TESTS_CLIENT_DAEMON_H
#define SF_TESTS_CLIENT_DAEMON_H

#include <pthread.h>
#include <stdatomic.h>

#include "local/server.h"
#include "wire/local.h"

/* Answers one request; what the reply borrows lives in arena or for ever. */
typedef void daemon_script(
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply);

struct daemon {
	char folder[64];
	char path[96];
	daemon_script *script;
	struct sf_server *server;
	pthread_t thread;
	int wake[2];              /* closing the first ends the thread */
	atomic_bool silent;       /* takes requests and never answers */
	atomic_bool garbled;      /* answers with bytes that are no reply */
	atomic_uint answer_count; /* given so far */
};

void daemon_start(struct daemon *daemon, daemon_script *script);
/* Stops answering and closes the socket; the path stays the daemon's. */
void daemon_stop(struct daemon *daemon);
/* Anew at the same path. */
void daemon_again(struct daemon *daemon);
void daemon_end(struct daemon *daemon);

#endif
