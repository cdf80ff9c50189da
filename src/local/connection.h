/*
 * One connection of the local socket: bytes to one whole request, one reply to bytes. Private to
 * src/local/.
 */
#ifndef SF_LOCAL_CONNECTION_H
#define SF_LOCAL_CONNECTION_H

#include <sys/types.h>

#include "base/bytes.h"

#define SF_PREFIX_SIZE ((size_t)4) /* u32 big-endian before each request and reply */

enum sf_connection_state {
	SF_CONNECTION_FREE = 0,
	SF_CONNECTION_READING, /* of a request: the size, then the bytes */
	SF_CONNECTION_WHOLE,   /* a request waits to be taken */
	SF_CONNECTION_SERVED,  /* taken, the reply is not here yet */
	SF_CONNECTION_WRITING, /* the reply */
};

struct sf_connection {
	enum sf_connection_state state;
	int descriptor; /* owned; -1 when the peer is gone but its request is still being served */
	uint64_t number;
	uid_t peer; /* who is at its other end */
	uint8_t prefix[SF_PREFIX_SIZE];
	size_t prefix_size;    /* read of it */
	size_t request_size;   /* announced; counts once the prefix is whole */
	struct sf_buf request; /* owned */
	struct sf_buf reply;   /* owned, with its prefix */
	size_t written;
	int64_t since_ms; /* first byte of a request that is not whole; 0 between requests */
};

/* Takes ownership of descriptor. */
void sf_connection_open(
	struct sf_connection *connection, int descriptor, uint64_t number, size_t request_size_max);
/* Closes the descriptor and frees everything, whatever the state. */
void sf_connection_close(struct sf_connection *connection);
/* Closes the descriptor; a request that is being served stays for who serves it. */
void sf_connection_hang_up(struct sf_connection *connection);

/*
 * Reads what is there, up to the end of one request and at most room bytes of it (those that other
 * connections leave). False when the connection must go: end, fault, larger than allowed.
 */
SF_MUST_USE bool sf_connection_read(struct sf_connection *connection, size_t room, int64_t now_ms);
/* Writes what goes. False when the connection must go. */
SF_MUST_USE bool sf_connection_write(struct sf_connection *connection);
/* Copies the reply; the state must be SERVED. False when memory is out. */
SF_MUST_USE bool sf_connection_answer(struct sf_connection *connection, struct sf_view bytes);

/* Bytes held for a request that is read or served: what it announced. */
size_t sf_connection_held(const struct sf_connection *connection);

#endif
