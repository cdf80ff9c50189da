/*
 * HTTP as a face of a daemon (port/face.h): the server's requests find their route, the route makes
 * the engine's request of them and an answer of its reply.
 */
#ifndef SF_HTTP_FACE_H
#define SF_HTTP_FACE_H

#include "http/events.h"
#include "port/aside.h"
#include "port/crypto.h"
#include "port/face.h"

struct sf_http_face; /* opaque */

/*
 * Who may ask: tokens, and how often each may. Without these functions nobody may ask for more than
 * routes for anybody. Borrowed.
 */
struct sf_http_access {
	void *self;
	/* Before the body is read. False: the response is made (401, 429). */
	bool (*admit)(void *self, struct sf_exchange *exchange, int64_t now_ms);
	/* Writes who asks into a request that goes to the engine. False: the response is made. */
	bool (*name)(void *self, struct sf_exchange *exchange, struct sf_request *request);
	/*
	 * Writes what else the caller says in the head of the request, which is named. False: the
	 * response is made, for who may ask at all. NULL: nothing is said there.
	 */
	bool (*heed)(void *self, struct sf_exchange *exchange, struct sf_request *request);
	/* The engine's word, good or not. True: it was no, and the response is made (401, 403). */
	bool (*denied)(void *self, struct sf_exchange *exchange, const struct sf_reply *reply);
};

struct sf_http_face_options {
	struct sf_http_server_options server; /* but judge, which is the face's own */
	struct sf_events_options events;
	const struct sf_route_group *groups; /* borrowed */
	size_t group_count;
	struct sf_http_access access;
	struct sf_http_refusal refusal; /* write NULL: none */
	struct sf_crypto crypto;        /* for passwords of who signs in; without it nobody does */
	struct sf_aside aside;          /* where they are hashed; start NULL: in the loop */
};

/* The server's and the events' defaults, all routes, nobody but for routes for anybody. */
struct sf_http_face_options sf_http_face_options_default(const char *listen);

/* Errors of sf_http_server_open. */
SF_MUST_USE enum sf_err sf_http_face_open(const struct sf_http_face_options *options,
	struct sf_http_face **ret_face, struct sf_diag *diag);
void sf_http_face_close(struct sf_http_face **face);

/* Borrows face. */
struct sf_face sf_http_face(struct sf_http_face *face);

/* For tests and measurements. */
const struct sf_http_server *sf_http_face_server(const struct sf_http_face *face);

#endif
