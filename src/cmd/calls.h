/*
 * Requests of all faces of a daemon, from taking them to their reply. Places are bounded; a face
 * that asks much cannot take those that the others are promised. A long poll keeps its place until
 * a turn has something to tell it, or its time is up.
 */
#ifndef SF_CMD_CALLS_H
#define SF_CMD_CALLS_H

#include "cmd/daemon.h"
#include "wire/local.h"

#define SF_CALLS_MAX ((size_t)64)
#define SF_CALLS_PROMISED ((size_t)8) /* places that every face can have, whatever others ask */

_Static_assert(SF_DAEMON_FACES_MAX *SF_CALLS_PROMISED <= SF_CALLS_MAX, "promises that can be kept");

struct sf_pending {
	uint64_t call; /* of the face; 0: this place is free */
	size_t face;
	struct sf_arena arena; /* of the request */
	struct sf_request request;
	struct sf_arena reply_arena; /* emptied when a long poll is asked again */
	struct sf_reply reply;
	int64_t deadline_ms; /* of a long poll, monotonic; 0: not waiting */
	uint64_t change;     /* what it had seen when it was asked last */
};

struct sf_calls {
	size_t face_count;
	struct sf_face faces[SF_DAEMON_FACES_MAX];
	size_t next_face; /* who is asked first next time */
	uint64_t change;  /* turns after which a long poll may have something to tell */
	bool crowded;     /* a face could not be asked: there was no place for it */
	bool has_room;    /* since then a place became free */
	struct sf_pending places[SF_CALLS_MAX];
};

/* Calls of one turn, and whose each is. */
struct sf_gathered {
	size_t count;
	bool has_new; /* one of them is not a waiting long poll */
	struct sf_call calls[SF_CALLS_MAX];
	struct sf_pending *places[SF_CALLS_MAX]; /* borrowed from struct sf_calls */
};

/* face_count <= SF_DAEMON_FACES_MAX. calls is zeroed and large: not for a stack. */
void sf_calls_init(struct sf_calls *calls, const struct sf_face *faces, size_t face_count);
/* Frees what is still pending, without a reply. */
void sf_calls_fini(struct sf_calls *calls);

/* What the faces have since the last round, one of each in turn while there is room. */
void sf_calls_take(struct sf_calls *calls);
/* Those that the next turn shall answer; their replies are empty. */
void sf_calls_gather(struct sf_calls *calls, int64_t now_ms, struct sf_gathered *ret_gathered);
/* After the commit: replies, or goes on waiting. */
void sf_calls_settle(struct sf_calls *calls, struct sf_pending *pending, int64_t now_ms);
/* The turn could not be: says so. */
void sf_calls_refuse(struct sf_calls *calls, struct sf_pending *pending, enum sf_err err);
/* When to take or to run a turn although nothing happens; 0: at once; INT64_MAX: not for these. */
int64_t sf_calls_wake_ms(const struct sf_calls *calls);

#endif
