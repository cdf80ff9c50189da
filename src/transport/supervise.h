/*
 * When a node's session is given up and made anew. Pure: no sockets, no clock; times are monotonic
 * milliseconds of the caller.
 *
 *              made                  up
 *   WAITING ----------> CONNECTING ------> UP
 *      ^                    |              |
 *      +------ ended -------+---- ended ---+
 *
 * One socket carries one session. The library would reconnect by itself, but not after an error of
 * the protocol: one flipped bit from the server ends its client session for good, and sends then
 * say "again" for ever. It also forgets its backoff each time that TCP connects, so that a node
 * that is not enrolled yet would knock five times a second.
 */
#ifndef SF_TRANSPORT_SUPERVISE_H
#define SF_TRANSPORT_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>

#define SF_SUPERVISE_NEVER_MS INT64_MAX

enum sf_session_state {
	SF_SESSION_WAITING = 1, /* no socket; one is due at due_ms */
	SF_SESSION_CONNECTING,  /* given up at due_ms */
	SF_SESSION_UP,          /* silent for too long at due_ms */
};

struct sf_supervisor_limits {
	int64_t backoff_ms_min;
	int64_t backoff_ms_max;
	int64_t connect_ms_max; /* from socket to finished handshake */
	int64_t silence_ms_max; /* up without a frame; 0: never (heartbeats alone decide) */
	int64_t stable_ms;      /* up for so long, and the next backoff is the least one again */
};

struct sf_supervisor {
	struct sf_supervisor_limits limits;
	enum sf_session_state state;
	int64_t due_ms;
	int64_t up_ms;      /* when it came up */
	int64_t backoff_ms; /* next */
};

/* The first socket is due at once. */
void sf_supervisor_init(struct sf_supervisor *supervisor, const struct sf_supervisor_limits *limits,
	int64_t now_ms);
/* WAITING only: a socket was made and connects. */
void sf_supervisor_made(struct sf_supervisor *supervisor, int64_t now_ms);
/* CONNECTING only: the handshake succeeded. */
void sf_supervisor_up(struct sf_supervisor *supervisor, int64_t now_ms);
/* UP only: a frame arrived. */
void sf_supervisor_heard(struct sf_supervisor *supervisor, int64_t now_ms);
/*
 * Any state: the session is over, or no socket could be made. Waits between half and all of the
 * backoff, by chance (0..255), so that the nodes of a region do not return in one moment.
 */
void sf_supervisor_ended(struct sf_supervisor *supervisor, int64_t now_ms, uint8_t chance);
/* True when the owner must act: make a socket (WAITING) or end the session (the others). */
bool sf_supervisor_due(const struct sf_supervisor *supervisor, int64_t now_ms);

#endif
