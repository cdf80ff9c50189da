/*
 * The table of routes: what can be asked over HTTP, by whom, and how it becomes an engine's request
 * and its reply an answer. One table is the source of the router, of the access rules and of
 * proto/openapi.yaml (a test holds them equal).
 */
#ifndef SF_HTTP_ROUTE_H
#define SF_HTTP_ROUTE_H

#include "http/message.h"
#include "port/crypto.h"
#include "wire/api_role.h"
#include "wire/local.h"

#define SF_ROUTE_PARAMETERS_MAX 3

struct sf_http_server_counts;
struct sf_route;

/* Says in the clinical tongue that a message was not taken, and may be sent again. */
struct sf_http_refusal {
	void *self; /* borrowed */
	/* Appends an acknowledgement of content; an error when it cannot be acknowledged. */
	enum sf_err (*write)(void *self, const char *content_type, struct sf_view content,
		const struct sf_issue_row *issue, struct sf_buf *buf);
};

/* A password whose hash the next request needs; borrowed from the arena of the exchange. */
struct sf_password_asked {
	const char *name; /* whose it is said to be */
	const char *password;
	uint8_t salt[SF_PASSWORD_SALT_SIZE];
	uint32_t passes, memory_kib;
	struct sf_digest *ret_hash; /* of the request in again */
};

/* One exchange on its way; everything borrowed but response.body. */
struct sf_exchange {
	const struct sf_route *route;
	const struct sf_http_request *request;
	const char *parameters[SF_ROUTE_PARAMETERS_MAX]; /* of {names} in the path, in order */
	struct sf_arena *arena;                          /* lives until the response is sent */
	struct sf_http_response *response;
	const char *cookie; /* name of the cookie of sessions; NULL: there are none */
	const struct sf_http_server_counts *counts; /* of the server, for /metrics; may be NULL */
	const struct sf_http_refusal *refusal;      /* may be NULL */
	/* The response is made, for who may ask this at all: the engine is asked who it is. */
	bool judged_first;
	/*
	 * Where respond needs more than one reply: it sets again (in the arena) instead of making
	 * the response, and is called with that reply, too. What it keeps until then is forgotten
	 * with the exchange.
	 */
	const struct sf_request *again;
	const struct sf_password_asked *password; /* again is asked when this was hashed */
	struct sf_digest origin;                  /* of the network it comes from, as access says */
	void *kept;
	void (*forget)(void *kept);
};

struct sf_route {
	enum sf_http_method method;
	const char *path;      /* "/api/v1/messages/{id}/content" */
	const char *operation; /* operationId: "readContent" */
	const char *summary;   /* one sentence */
	sf_api_roles roles;
	/*
	 * True: *ret_request is for the engine, and respond is called with its reply. False: the
	 * response is made here already (bad input, or nothing to ask the engine).
	 */
	bool (*ask)(struct sf_exchange *exchange, struct sf_request *ret_request);
	void (*respond)(struct sf_exchange *exchange, const struct sf_request *request,
		const struct sf_reply *reply);
};

/* A part of the table, one array a subject; each file of routes exports one. */
struct sf_route_group {
	size_t count;
	const struct sf_route *routes;
	unsigned at; /* SF_AT_NODE, SF_AT_COORDINATOR; elsewhere it is not found (404) */
};
#define SF_AT_NODE 1u
#define SF_AT_COORDINATOR 2u

/* All of them, in the order of the documentation. */
extern const struct sf_route_group sf_route_groups[];
extern const size_t sf_route_group_count;

enum sf_route_found {
	SF_ROUTE_FOUND = 1,
	SF_ROUTE_NO_PATH,   /* 404 */
	SF_ROUTE_NO_METHOD, /* 405, *ret_allow says which there are */
};

/*
 * Parameters and *ret_allow live in the arena of the exchange; fills route and parameters. A
 * parameter is one whole segment and never empty; of two routes that fit, the one with fewer
 * parameters is meant. SF_ROUTE_NO_PATH too when the arena is full.
 */
enum sf_route_found sf_route_find(const struct sf_route_group *groups, size_t group_count,
	struct sf_exchange *exchange, const char **ret_allow);

#endif
