/*
 * Routes: names for connections that are never used twice. The library's routing ids are small and
 * may come back; a route number does not, so that an answer can never reach another peer.
 *
 * Plain values, no sockets. A connection's end is not announced by the library: a route is
 * forgotten when a send finds it gone, or when the table is full and it was unused for longest.
 */
#ifndef SF_TRANSPORT_ROUTE_H
#define SF_TRANSPORT_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "transport/allow.h"

#define SF_PEER_SIZE 5 /* of an automatic routing id: a zero and four bytes */

struct sf_route {
	uint64_t number; /* 0: the slot is free */
	uint64_t used;   /* when it was last used, in uses of the table */
	uint32_t next;   /* in its bucket or in the free list; index + 1, 0 ends */
	uint8_t peer[SF_PEER_SIZE];
	struct sf_allow_entry entry; /* who the connection was authenticated as */
};

struct sf_routes {
	struct sf_route *slots; /* owned */
	uint32_t *buckets;      /* owned: index + 1 of the first slot, 0 empty */
	uint32_t capacity;      /* slots; a power of two; as many buckets */
	uint32_t count;
	uint32_t fresh;  /* slots never used start here */
	uint32_t free;   /* index + 1 of the first slot given back */
	uint64_t serial; /* of the newest route */
	uint64_t uses;
	uint64_t evicted; /* routes forgotten because the table was full */
};

/* capacity: a power of two up to 2^20. */
SF_MUST_USE enum sf_err sf_routes_init(struct sf_routes *routes, uint32_t capacity);
void sf_routes_fini(struct sf_routes *routes);
/*
 * The route of a connection, old or new. A routing id that comes back with another authenticated
 * key is another connection: it gets a new number and the old one is gone. Never 0.
 */
uint64_t sf_routes_learn(struct sf_routes *routes, const uint8_t peer[SF_PEER_SIZE],
	const struct sf_allow_entry *entry);
/* NULL when the route is not (or no longer) known. Valid until the next learn or forget. */
const struct sf_route *sf_routes_find(struct sf_routes *routes, uint64_t number);
void sf_routes_forget(struct sf_routes *routes, uint64_t number);

#endif
