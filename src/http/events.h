/*
 * GET /api/v1/events: what happens at this daemon, as Server-Sent Events (WHATWG HTML section 9.2).
 * The id of an event is the cursor of its row in the feed; a client that comes back with
 * Last-Event-ID goes on behind it.
 *
 * All clients together cost one long poll of the feed: its rows are encoded once and kept in a ring
 * that every client reads from where it is. A client that is behind the ring is given rows in
 * requests of its own, a few clients at a time. What waits for a client is bounded; one that does
 * not read is cut off by the server. A stream ends at once with the token or session that it was
 * asked with, of which the engine tells; and every stream ends after a while, so that a client
 * comes back and is judged again.
 *
 * Used by face.c alone. One thread; monotonic milliseconds.
 */
#ifndef SF_HTTP_EVENTS_H
#define SF_HTTP_EVENTS_H

#include "http/server.h"

/* Calls of the events themselves have numbers from here on, which no request of a client has. */
#define SF_EVENTS_CALL ((uint64_t)1 << 63)

struct sf_events; /* opaque */

struct sf_events_options {
	size_t client_max;
	int64_t heartbeat_ms;
	int64_t life_ms; /* of one stream */
};

/* 4,096 clients, 15 s, 15 min. */
struct sf_events_options sf_events_options_default(void);

/* server: borrowed. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_events_open(const struct sf_events_options *options,
	struct sf_http_server *server, struct sf_events **ret_events);
/* After the server was closed: then no client is left. */
void sf_events_close(struct sf_events **events);

bool sf_events_full(const struct sf_events *events);
/*
 * The call's own request of the feed was answered: it becomes a stream, which begins with these
 * rows. False when memory is out: the call is not touched.
 */
bool sf_events_join(struct sf_events *events, struct sf_http_call *call,
	const struct sf_request *request, const struct sf_reply_feed *feed, int64_t now_ms);

/* What the events themselves want to ask next; number >= SF_EVENTS_CALL. */
bool sf_events_take(struct sf_events *events, uint64_t *ret_call, struct sf_request *ret_request);
/* False when nobody needs the answer any more. */
bool sf_events_wait(const struct sf_events *events, uint64_t call);
void sf_events_reply(struct sf_events *events, uint64_t call, const struct sf_reply *reply);

/* Heartbeats, and streams whose time is up. */
void sf_events_tick(struct sf_events *events, int64_t now_ms);
int64_t sf_events_wake_ms(const struct sf_events *events);

#endif
