/*
 * The link: authenticated frames between a node and its coordinator. What arrives is handed to the
 * turn as struct sf_arrival; who it is from is what the transport authenticated for this frame.
 */
#ifndef SF_PORT_LINK_H
#define SF_PORT_LINK_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/id.h"

enum sf_arrival_kind {
	SF_ARRIVAL_FRAME = 1,
	SF_ARRIVAL_UP,   /* node side: connected; coordinator side: never (hello says it) */
	SF_ARRIVAL_DOWN, /* node side: the connection is gone; coordinator side: never */
};

struct sf_arrival {
	enum sf_arrival_kind kind;
	uint64_t route; /* coordinator side: names the connection, later ones higher; node side 0 */
	struct sf_id party;  /* coordinator side: the authenticated party; node side none */
	struct sf_buf frame; /* owned by who holds the arrival */
};

/* Return false to stop taking. The visitor takes ownership of *frame by moving it out. */
typedef bool sf_arrival_visitor(void *context, struct sf_arrival *arrival);

struct sf_link {
	void *self; /* borrowed */
	/* Drains in a burst what is there, without waiting, until empty, false or count_max. */
	SF_MUST_USE enum sf_err (*receive)(
		void *self, size_t count_max, sf_arrival_visitor *visitor, void *context);
	/*
	 * Never waits. SF_ERR_AGAIN: the peer's queue is full, try next turn. SF_ERR_UNREACHABLE:
	 * the route is gone. In both cases nothing was sent.
	 */
	SF_MUST_USE enum sf_err (*send)(void *self, uint64_t route, struct sf_view frame);
};

#endif
