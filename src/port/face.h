/*
 * A face of a daemon: how the world outside hands in requests and is answered: the local socket,
 * HTTP, MLLP, a folder of files, webhooks. Implemented by driving adapters, polled by the one loop
 * of src/cmd/daemon.c.
 *
 *   count = face.watch(self, watches, room);          what to wait for
 *   wait until one of them is ready, or face.wake_ms
 *   face.handle(self, watches, count, now_ms);        accepts, reads, writes
 *   while (face.take(self, arena, &call, &request))   whole requests, each once
 *           ... the turn; after its commit:
 *   face.reply(self, call, &request, &reply);
 *
 * A face moves bytes and has no rules of its own: it makes struct sf_request
 * (wire/local_request.h), an engine service answers it. It never sees the engine or the store,
 * never blocks, and promises nobody anything before reply says that it is durable. One thread; all
 * times are monotonic milliseconds.
 */
#ifndef SF_PORT_FACE_H
#define SF_PORT_FACE_H

#include "base/arena.h"

struct sf_request;
struct sf_reply;

#define SF_WATCH_READ 1u
#define SF_WATCH_WRITE 2u

struct sf_watch {
	int descriptor;
	unsigned wants; /* SF_WATCH_READ, SF_WATCH_WRITE */
	unsigned
		ready; /* the same, when it was waited for; a broken descriptor is ready for both */
};

struct sf_face {
	void *self; /* borrowed */
	/* Descriptors that watch needs room for at most. */
	size_t (*watch_max)(void *self);
	/* Fills watches; the order holds until handle. room >= watch_max. */
	size_t (*watch)(void *self, struct sf_watch *watches, size_t room);
	/* Called in every round, also when nothing is ready: it keeps the time of what is late. */
	void (*handle)(void *self, const struct sf_watch *watches, size_t count, int64_t now_ms);
	/* When it wants handle next although nothing is ready; INT64_MAX when never. */
	int64_t (*wake_ms)(void *self);
	/*
	 * The next whole request, decoded into arena; false when none waits. *ret_call names it
	 * until it was replied to, and is never 0. What was taken is replied to exactly once, also
	 * after the turn failed. What cannot be made a request is answered by the face itself and
	 * never comes out here.
	 */
	bool (*take)(void *self, struct sf_arena *arena, uint64_t *ret_call,
		struct sf_request *ret_request);
	/* False when nobody waits for the reply any more; it must be given all the same. */
	bool (*waits)(void *self, uint64_t call);
	/* What the turn answered; both are borrowed for the call. */
	void (*reply)(void *self, uint64_t call, const struct sf_request *request,
		const struct sf_reply *reply);
};

#endif
