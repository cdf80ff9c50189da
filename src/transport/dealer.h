/*
 * A node's end of the link (WIRE section 3): a ZeroMQ DEALER as a CURVE client that connects
 * outward and is supervised (transport/supervise.h). Fills in struct sf_link of port/link.h; the
 * route is always 0 and not looked at.
 *
 * Arrivals come in this order: UP, frames, DOWN, UP, ... A session that came up and ended between
 * two receives is not told. Every session is a new connection: the node says hello after each UP.
 * A frame sent in an ended session may be lost without a word: the outbox keeps it until the
 * application's receipt. send is SF_ERR_UNREACHABLE while not up.
 *
 * The poll loop. The caller passes the time; nothing here reads a clock.
 *   1. sf_dealer_tick(now_ms): reads what the library reports, makes or gives up sockets;
 *   2. receive of the link, with a bound; then the rest of the turn with its sends;
 *   3. sf_dealer_fds: ask again in each round, for sockets come and go (sf_dealer_session changes
 *      whenever they did; who uses epoll adds them anew then: closed ones leave by themselves);
 *   4. as the very last thing before poll(): if sf_dealer_pending, poll with timeout 0, else until
 *      sf_dealer_wake_ms at the latest; ask for POLLIN only. The descriptors are edge-triggered, as
 *      in router.h.
 *
 * Threads: one, the engine thread. now_ms is monotonic (struct sf_env.monotonic_ms).
 */
#ifndef SF_TRANSPORT_DEALER_H
#define SF_TRANSPORT_DEALER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/env.h"
#include "port/link.h"
#include "transport/context.h"

#define SF_DEALER_FD_COUNT_MAX 2

/* All borrowed; keys, 32 bytes each, and texts only during sf_dealer_open. */
struct sf_dealer_options {
	const struct sf_context *context;
	const struct sf_env *env; /* random only; outlives the dealer */
	const char *endpoint;     /* "tcp://koordinator.example.dk:7411" */
	const uint8_t *public_key;
	const uint8_t *secret_key; /* copied, for new sockets; the copy is wiped at close */
	const uint8_t *server_key;
	bool ipv6;     /* names may resolve to IPv6; literals in brackets turn it on themselves */
	int queue_max; /* 0: SF_LINK_QUEUE_MAX of router.h */
	/*
	 * Without any frame for so long the session is made anew; 0: never. A dead peer is found
	 * by heartbeats in 15 s; this finds a living one that does not answer, and is for nodes
	 * that ping.
	 */
	int64_t silence_ms_max;
};

/* Why the last session or attempt ended; for the log. */
enum sf_dealer_fault {
	SF_DEALER_FAULT_NONE = 0,
	SF_DEALER_FAULT_CLOSED,   /* the connection went away */
	SF_DEALER_FAULT_REFUSED,  /* during the handshake: most likely not enrolled (yet) */
	SF_DEALER_FAULT_PROTOCOL, /* damaged bytes, a wrong server key, not a Stafet server */
	SF_DEALER_FAULT_CONNECT,  /* no answer in time */
	SF_DEALER_FAULT_SILENCE,
	SF_DEALER_FAULT_SOCKET, /* no socket could be made here */
};

struct sf_dealer_counters {
	uint64_t received;
	uint64_t sent;
	uint64_t sockets; /* made since open */
	uint64_t ups;     /* sessions that came up */
	uint64_t dropped_multipart;
	uint64_t dropped_oversize;
	uint64_t send_again;
	uint64_t send_unreachable;
};

struct sf_dealer;

/* Checks keys and endpoint and makes the first socket. SF_ERR_CONFIG when they are unusable. */
SF_MUST_USE enum sf_err sf_dealer_open(const struct sf_dealer_options *options, int64_t now_ms,
	struct sf_dealer **ret_dealer, struct sf_diag *diag);
/* Sets *dealer to NULL; NULL is fine. What was not sent yet is dropped. */
void sf_dealer_close(struct sf_dealer **dealer);
/* The link, valid until the dealer is closed. */
struct sf_link sf_dealer_link(struct sf_dealer *dealer);

void sf_dealer_tick(struct sf_dealer *dealer, int64_t now_ms);
/* Monotonic time of the next needed tick; INT64_MAX when only the descriptors matter. */
int64_t sf_dealer_wake_ms(const struct sf_dealer *dealer);
/* How many were filled in: 0 (between sockets) or 2. */
size_t sf_dealer_fds(const struct sf_dealer *dealer, int ret_fds[SF_DEALER_FD_COUNT_MAX]);
/* Changes whenever the descriptors did. */
uint64_t sf_dealer_session(const struct sf_dealer *dealer);
bool sf_dealer_pending(struct sf_dealer *dealer);
bool sf_dealer_up(const struct sf_dealer *dealer);
enum sf_dealer_fault sf_dealer_fault(const struct sf_dealer *dealer);
/* Lower case with hyphens ("refused"), for logs; never NULL. */
const char *sf_dealer_fault_code(enum sf_dealer_fault fault);
void sf_dealer_counters(const struct sf_dealer *dealer, struct sf_dealer_counters *ret_counters);

#endif
