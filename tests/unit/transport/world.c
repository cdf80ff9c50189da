#include "unit/transport/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define WAIT_MS_MAX 30000
#define BURST 64

struct keys keys_make(void)
{
	struct keys keys;
	assert_int_equal(sf_curve_pair_make(keys.public_key, keys.secret_key, NULL), SF_OK);
	return keys;
}

struct sf_id party_of(uint8_t number)
{
	struct sf_id party = {{0}};
	memset(party.bytes, number, sizeof(party.bytes));
	return party;
}

/* Only spreads reconnects, so it may as well be the same each time. */
static void chance(void *self, void *place, size_t size)
{
	(void)self;
	memset(place, 0x80, size);
}

struct sf_env test_env(void)
{
	return (struct sf_env){.random = chance};
}

int64_t test_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void world_router_open(struct world *world)
{
	const struct sf_router_options options = {
		.context = world->context,
		.zap = world->zap,
		.endpoint = world->endpoint,
		.public_key = world->server.public_key,
		.secret_key = world->server.secret_key,
	};
	struct sf_diag diag = {""};
	enum sf_err err = sf_router_open(&options, &world->router, &diag);
	if (err)
		fail_msg("router: %s", diag.text);
	snprintf(world->endpoint, sizeof(world->endpoint), "%s", sf_router_endpoint(world->router));
}

void world_open(struct world *world)
{
	*world = (struct world){.server = keys_make(), .env = test_env()};
	snprintf(world->endpoint, sizeof(world->endpoint), "tcp://127.0.0.1:*");
	assert_int_equal(sf_context_open(&world->context, NULL), SF_OK);
	assert_int_equal(sf_zap_open(world->context, &world->zap, NULL), SF_OK);
	world_router_open(world);
}

void world_close(struct world *world)
{
	for (size_t i = 0; i < world->peer_count; i++)
		sf_dealer_close(&world->peers[i].dealer);
	sf_router_close(&world->router);
	sf_zap_close(&world->zap);
	sf_context_close(&world->context);
}

struct peer *world_peer_open_as(struct world *world, uint8_t number, const struct keys *keys,
	const struct keys *server, int64_t silence_ms_max)
{
	assert_true(world->peer_count < WORLD_PEER_MAX);
	struct peer *peer = &world->peers[world->peer_count++];
	*peer = (struct peer){.keys = *keys, .party = party_of(number)};
	char through[64];
	if (world->proxy)
		snprintf(through, sizeof(through), "tcp://127.0.0.1:%d", world->proxy->port);
	const struct sf_dealer_options options = {
		.context = world->context,
		.env = &world->env,
		.endpoint = world->proxy ? through : world->endpoint,
		.public_key = peer->keys.public_key,
		.secret_key = peer->keys.secret_key,
		.server_key = server->public_key,
		.silence_ms_max = silence_ms_max,
	};
	struct sf_diag diag = {""};
	if (sf_dealer_open(&options, test_now_ms(), &peer->dealer, &diag))
		fail_msg("dealer: %s", diag.text);
	return peer;
}

struct peer *world_peer_open(struct world *world, uint8_t number)
{
	struct keys keys = keys_make();
	return world_peer_open_as(world, number, &keys, &world->server, 0);
}

void world_allow(struct world *world, const struct peer *const *peers, size_t count)
{
	struct sf_allow_entry entries[WORLD_PEER_MAX];
	for (size_t i = 0; i < count; i++) {
		memcpy(entries[i].key, peers[i]->keys.public_key, SF_CURVE_KEY_SIZE);
		entries[i].party = peers[i]->party;
	}
	assert_int_equal(sf_zap_allow(world->zap, entries, count), SF_OK);
}

static bool router_arrival(void *context, struct sf_arrival *arrival)
{
	struct world *world = context;
	assert_int_equal(arrival->kind, SF_ARRIVAL_FRAME);
	assert_int_not_equal(arrival->route, 0);
	world->frame_count++;
	world->last_route = arrival->route;
	world->last_party = arrival->party;
	world->last_byte = arrival->frame.size > 0 ? arrival->frame.data[0] : 0;
	return true;
}

static bool peer_arrival(void *context, struct sf_arrival *arrival)
{
	struct peer *peer = context;
	switch (arrival->kind) {
	case SF_ARRIVAL_UP:
		assert_false(peer->is_up);
		peer->is_up = true;
		peer->ups++;
		break;
	case SF_ARRIVAL_DOWN:
		assert_true(peer->is_up);
		peer->is_up = false;
		peer->downs++;
		break;
	case SF_ARRIVAL_FRAME:
		assert_true(peer->is_up);
		peer->frame_count++;
		peer->last_byte = arrival->frame.size > 0 ? arrival->frame.data[0] : 0;
		break;
	}
	return true;
}

static void serve(struct world *world)
{
	if (world->proxy)
		proxy_serve(world->proxy);
	if (world->router) {
		struct sf_link link = sf_router_link(world->router);
		assert_int_equal(link.receive(link.self, BURST, router_arrival, world), SF_OK);
	}
	for (size_t i = 0; i < world->peer_count; i++) {
		struct peer *peer = &world->peers[i];
		if (!peer->dealer)
			continue;
		sf_dealer_tick(peer->dealer, test_now_ms());
		struct sf_link link = sf_dealer_link(peer->dealer);
		/* With no room the session's changes are told, and frames stay. */
		size_t room = peer->deaf ? 0 : BURST;
		assert_int_equal(link.receive(link.self, room, peer_arrival, peer), SF_OK);
	}
}

void world_round(struct world *world, int wait_ms)
{
	struct pollfd fds[PROXY_FD_MAX + 1 + WORLD_PEER_MAX * SF_DEALER_FD_COUNT_MAX];
	size_t count = 0;
	bool pending = false;
	int64_t now_ms = test_now_ms();
	if (world->proxy)
		count = proxy_fds(world->proxy, fds);
	if (world->router) {
		fds[count++] = (struct pollfd){sf_router_fd(world->router), POLLIN, 0};
		pending = sf_router_pending(world->router);
	}
	for (size_t i = 0; i < world->peer_count; i++) {
		struct peer *peer = &world->peers[i];
		if (!peer->dealer)
			continue;
		int dealer_fds[SF_DEALER_FD_COUNT_MAX];
		size_t fd_count = sf_dealer_fds(peer->dealer, dealer_fds);
		for (size_t j = 0; j < fd_count; j++)
			fds[count++] = (struct pollfd){dealer_fds[j], POLLIN, 0};
		pending = pending || (!peer->deaf && sf_dealer_pending(peer->dealer));
		int64_t left_ms = sf_dealer_wake_ms(peer->dealer) - now_ms;
		if (left_ms < wait_ms)
			wait_ms = left_ms < 0 ? 0 : (int)left_ms;
	}
	poll(fds, (nfds_t)count, pending ? 0 : wait_ms);
	serve(world);
}

void world_until(struct world *world, world_condition *condition, void *context)
{
	int64_t end_ms = test_now_ms() + WAIT_MS_MAX;
	while (!condition(world, context)) {
		if (test_now_ms() > end_ms)
			fail_msg("what the test waits for did not happen");
		world_round(world, 1000);
	}
}

void world_run(struct world *world, int64_t for_ms)
{
	int64_t end_ms = test_now_ms() + for_ms;
	for (int64_t now_ms = test_now_ms(); now_ms < end_ms; now_ms = test_now_ms())
		world_round(world, (int)(end_ms - now_ms));
}

struct wait {
	struct peer *peer;
	size_t count;
};

static bool has_ups(struct world *world, void *context)
{
	(void)world;
	const struct wait *wait = context;
	return wait->peer->is_up && (size_t)wait->peer->ups >= wait->count;
}

static bool has_downs(struct world *world, void *context)
{
	(void)world;
	const struct wait *wait = context;
	return (size_t)wait->peer->downs >= wait->count;
}

static bool has_frames(struct world *world, void *context)
{
	const struct wait *wait = context;
	return world->frame_count >= wait->count;
}

static bool has_peer_frames(struct world *world, void *context)
{
	(void)world;
	const struct wait *wait = context;
	return wait->peer->frame_count >= wait->count;
}

void world_until_up(struct world *world, struct peer *peer, int ups)
{
	world_until(world, has_ups, &(struct wait){peer, (size_t)ups});
}

void world_until_down(struct world *world, struct peer *peer, int downs)
{
	world_until(world, has_downs, &(struct wait){peer, (size_t)downs});
}

void world_until_frames(struct world *world, size_t count)
{
	world_until(world, has_frames, &(struct wait){NULL, count});
}

void world_until_peer_frames(struct world *world, struct peer *peer, size_t count)
{
	world_until(world, has_peer_frames, &(struct wait){peer, count});
}

static enum sf_err send_bytes(struct sf_link link, uint64_t route, uint8_t byte, size_t size)
{
	uint8_t *bytes = malloc(size + 1);
	assert_non_null(bytes);
	memset(bytes, byte, size);
	enum sf_err err = link.send(link.self, route, sf_view_of(bytes, size));
	free(bytes);
	return err;
}

enum sf_err peer_send(struct peer *peer, uint8_t byte, size_t size)
{
	return send_bytes(sf_dealer_link(peer->dealer), 0, byte, size);
}

enum sf_err world_send(struct world *world, uint64_t route, uint8_t byte, size_t size)
{
	return send_bytes(sf_router_link(world->router), route, byte, size);
}

struct attempt {
	struct peer *peer;
	uint8_t byte;
};

/* Just after UP the library may not have joined the session to the socket yet: AGAIN. */
static bool is_sent(struct world *world, void *context)
{
	(void)world;
	const struct attempt *attempt = context;
	if (!attempt->peer->is_up)
		return false;
	enum sf_err err = peer_send(attempt->peer, attempt->byte, 1);
	assert_true(err == SF_OK || err == SF_ERR_AGAIN);
	return err == SF_OK;
}

uint64_t world_hello(struct world *world, struct peer *peer, uint8_t byte)
{
	size_t before = world->frame_count;
	world_until(world, is_sent, &(struct attempt){peer, byte});
	world_until_frames(world, before + 1);
	assert_int_equal(world->last_byte, byte);
	return world->last_route;
}

struct sf_router_counters world_counters(const struct world *world)
{
	struct sf_router_counters counters;
	sf_router_counters(world->router, &counters);
	return counters;
}
