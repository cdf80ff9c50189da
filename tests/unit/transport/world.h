/*
 * A coordinator's end and some nodes' ends on loopback, in one poll loop that follows the rules of
 * transport/router.h and transport/dealer.h. Waiting is always for a condition, with a bound.
 */
#ifndef SF_TEST_TRANSPORT_WORLD_H
#define SF_TEST_TRANSPORT_WORLD_H

#include "transport/dealer.h"
#include "transport/router.h"
#include "transport/zap.h"
#include "unit/transport/proxy.h"

#define WORLD_PEER_MAX 4

struct keys {
	uint8_t public_key[SF_CURVE_KEY_SIZE];
	uint8_t secret_key[SF_CURVE_KEY_SIZE];
};

struct peer {
	struct keys keys;
	struct sf_id party;
	struct sf_dealer *dealer;
	bool deaf; /* does not receive: its queue fills */
	int ups;
	int downs;
	bool is_up;
	size_t frame_count;
	uint8_t last_byte; /* first byte of the last frame */
};

struct world {
	struct sf_context *context;
	struct sf_zap *zap;
	struct sf_router *router;
	struct keys server;
	struct sf_env env;
	char endpoint[256];
	struct proxy *proxy; /* borrowed; NULL: none */
	struct peer peers[WORLD_PEER_MAX];
	size_t peer_count;
	/* What the coordinator got. */
	size_t frame_count;
	uint64_t last_route;
	struct sf_id last_party;
	uint8_t last_byte;
};

struct keys keys_make(void);
struct sf_id party_of(uint8_t number);
struct sf_env test_env(void);
int64_t test_now_ms(void);

/* Context, ZAP and router on a free port. */
void world_open(struct world *world);
void world_close(struct world *world);
/* Opens the router again, on the same port. */
void world_router_open(struct world *world);
/* A node of party number n; connects through the proxy when there is one. */
struct peer *world_peer_open(struct world *world, uint8_t number);
struct peer *world_peer_open_as(struct world *world, uint8_t number, const struct keys *keys,
	const struct keys *server, int64_t silence_ms_max);
/* The allow list becomes exactly these peers. */
void world_allow(struct world *world, const struct peer *const *peers, size_t count);

/* One round of the loop; waits at most wait_ms. */
void world_round(struct world *world, int wait_ms);
typedef bool world_condition(struct world *world, void *context);
/* Rounds until the condition holds; fails the test after 30 seconds. */
void world_until(struct world *world, world_condition *condition, void *context);
/* Rounds for a while in which something must not happen. */
void world_run(struct world *world, int64_t for_ms);
/* Common waits. */
void world_until_up(struct world *world, struct peer *peer, int ups);
void world_until_down(struct world *world, struct peer *peer, int downs);
void world_until_frames(struct world *world, size_t count);
void world_until_peer_frames(struct world *world, struct peer *peer, size_t count);

/* A frame of size bytes that all have this value. */
enum sf_err peer_send(struct peer *peer, uint8_t byte, size_t size);
enum sf_err world_send(struct world *world, uint64_t route, uint8_t byte, size_t size);
/* Sends a byte to the coordinator and waits for it; returns the route. */
uint64_t world_hello(struct world *world, struct peer *peer, uint8_t byte);
struct sf_router_counters world_counters(const struct world *world);

#endif
