/*
 * The coordinator's end of the link (WIRE section 3): a ZeroMQ ROUTER as a CURVE server. Fills in
 * struct sf_link of port/link.h.
 *
 * Every frame is given on with the party that ZAP authenticated for its session, checked against
 * the allow list of this moment: a frame without User-Id, or of a key that is no longer allowed, is
 * dropped and counted. Sends to such a key are SF_ERR_UNREACHABLE.
 *
 * Routes name connections, never parties, and are never used twice. After a reconnect the node has
 * another route, and says hello on it; the old one answers SF_ERR_UNREACHABLE, at the latest when
 * the heartbeat ends it (15 s).
 *
 * The poll loop. sf_router_fd is edge-triggered: it says "something happened", once, and never
 * "there is a message". So in each round of the loop:
 *   1. call receive of the link, with a bound;
 *   2. do the rest of the turn: sends also take the edge away;
 *   3. as the very last thing before poll(): if sf_router_pending says true, poll with timeout 0,
 *      else with the timeout wanted; ask for POLLIN only.
 * A loop that polls without step 3 can sleep on a full queue. The descriptor lives as long as the
 * router. A round at least every few seconds keeps the library's reports from piling up.
 *
 * Threads: one, the engine thread.
 */
#ifndef SF_TRANSPORT_ROUTER_H
#define SF_TRANSPORT_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "port/link.h"
#include "transport/zap.h"

/* Frames waiting per peer and direction: batches are large, and what waits is in an outbox too. */
#define SF_LINK_QUEUE_MAX 32

/* All borrowed; keys, 32 bytes each, and texts only during sf_router_open. */
struct sf_router_options {
	const struct sf_context *context;
	struct sf_zap *zap;   /* of the same context; outlives the router */
	const char *endpoint; /* "tcp://0.0.0.0:7411", "tcp://[::1]:7411"; port * is any free one */
	const uint8_t *public_key;
	const uint8_t *secret_key;
	bool ipv6; /* also for names and wildcards; literals in brackets turn it on themselves */
	int queue_max; /* 0: SF_LINK_QUEUE_MAX */
};

struct sf_router_counters {
	uint64_t received;
	uint64_t sent;
	uint64_t dropped_anonymous; /* no User-Id, or one we did not give */
	uint64_t dropped_revoked;   /* the session's key is not allowed any more */
	uint64_t dropped_multipart;
	uint64_t dropped_oversize;
	uint64_t dropped_named;     /* the peer chose its own routing id */
	uint64_t send_again;        /* queue of the peer full */
	uint64_t send_unreachable;  /* route gone, unknown or revoked */
	uint64_t handshake_refused; /* by ZAP */
	uint64_t handshake_failed;  /* other ends of a handshake */
	uint64_t accept_failed;     /* mostly: no file descriptors left */
	uint64_t routes_evicted;
	uint64_t routes; /* known now */
};

struct sf_router;

/*
 * Binds and runs the self-test of transport/probe.h (waits, normally a few milliseconds).
 * SF_ERR_AUTH: the self-test got in with a random key. SF_ERR_EXISTS: the address is in use.
 * SF_ERR_CONFIG: endpoint or keys are unusable.
 */
SF_MUST_USE enum sf_err sf_router_open(const struct sf_router_options *options,
	struct sf_router **ret_router, struct sf_diag *diag);
/* Sets *router to NULL; NULL is fine. What was not sent yet is dropped. */
void sf_router_close(struct sf_router **router);
/* The link, valid until the router is closed. */
struct sf_link sf_router_link(struct sf_router *router);

int sf_router_fd(const struct sf_router *router);
bool sf_router_pending(struct sf_router *router);
/* As bound, with the port; borrowed. */
const char *sf_router_endpoint(const struct sf_router *router);
void sf_router_counters(const struct sf_router *router, struct sf_router_counters *ret_counters);

#endif
