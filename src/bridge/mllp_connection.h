/*
 * One sender over MLLP: messages in the order in which they came, each with its place until its
 * acknowledgement is written, in that same order. Several may be on the way.
 */
#ifndef SF_BRIDGE_MLLP_CONNECTION_H
#define SF_BRIDGE_MLLP_CONNECTION_H

#include "bridge/mllp.h"
#include "bridge/stream.h"

#define SF_MLLP_IN_FLIGHT_MAX ((size_t)16) /* of one sender; more is not read yet */

/* Why a connection is spoken of; also the codes of the log. */
enum sf_mllp_trouble {
	SF_MLLP_TROUBLE_GARBAGE = 1,
	SF_MLLP_TROUBLE_BROKEN,
	SF_MLLP_TROUBLE_TOO_LARGE,
	SF_MLLP_TROUBLE_SLOW,
	SF_MLLP_TROUBLE_HANDSHAKE,
	SF_MLLP_TROUBLE_CROWDED
};
/* "garbage", "broken-frame" ...; a word for the log. Never NULL. */
const char *sf_mllp_trouble_code(enum sf_mllp_trouble trouble);

/* Borrowed by every connection of a server. */
struct sf_mllp_terms {
	size_t message_size_max;
	int64_t half_message_ms; /* a message, a handshake, a read acknowledgement */
	void (*tell)(void *self, enum sf_mllp_trouble trouble);
	void *self;
};

enum sf_mllp_slot_state {
	SF_MLLP_SLOT_WAITING = 1, /* to be taken */
	SF_MLLP_SLOT_TAKEN,
	SF_MLLP_SLOT_ANSWERED, /* its answer waits to be written; an empty one is none */
};

struct sf_mllp_slot {
	enum sf_mllp_slot_state state;
	uint64_t call;
	struct sf_buf message; /* owned */
	struct sf_buf answer;  /* owned, in its frame */
};

struct sf_mllp_connection {
	const struct sf_mllp_terms *terms; /* borrowed */
	struct sf_stream stream;           /* closed: the peer is gone, what was taken is not */
	struct sf_mllp mllp;
	size_t first, count; /* slots, a ring */
	struct sf_mllp_slot slots[SF_MLLP_IN_FLIGHT_MAX];
	bool open;         /* this place is used */
	bool ended;        /* the peer sends no more; it may still read */
	bool may_take;     /* nothing of an earlier round is unanswered: order holds */
	size_t taken;      /* slots that are TAKEN */
	size_t written;    /* of the first slot's answer */
	size_t held, used; /* bytes that were read and not looked at yet */
	uint8_t bytes[16384];
	int64_t since_ms; /* something is half done since then; 0: nothing */
	int64_t now_ms;   /* of the last handle */
	int64_t told_ms;  /* since then told counts */
	unsigned told;    /* bits 1 << enum sf_mllp_trouble */
};

/* The stream is taken. */
void sf_mllp_connection_open(struct sf_mllp_connection *connection,
	const struct sf_mllp_terms *terms, const struct sf_stream *stream, int64_t now_ms);
/* Whatever is in it. */
void sf_mllp_connection_close(struct sf_mllp_connection *connection);

/* SF_WATCH_... of port/face.h. */
unsigned sf_mllp_connection_wants(const struct sf_mllp_connection *connection);
/* Bytes are here that no descriptor will tell of. */
bool sf_mllp_connection_is_ready(const struct sf_mllp_connection *connection);
/* Reads and writes what can be; ends by itself when there is nothing left to do for the peer. */
void sf_mllp_connection_handle(struct sf_mllp_connection *connection, int64_t now_ms);
/* The next message, named call from now on; NULL when none may be taken. */
const struct sf_buf *sf_mllp_connection_take(struct sf_mllp_connection *connection, uint64_t call);
/* False when the call is not of this connection. answer is copied; empty: nothing is said. */
bool sf_mllp_connection_answer(
	struct sf_mllp_connection *connection, uint64_t call, struct sf_view answer);
/* The message that the call is about; NULL when it is another's. */
const struct sf_buf *sf_mllp_connection_message(
	const struct sf_mllp_connection *connection, uint64_t call);

#endif
