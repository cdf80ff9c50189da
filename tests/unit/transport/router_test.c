/* The coordinator's end against the real library: who gets in, what is dropped, what send says. */
#include "transport/router.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include <cmocka.h>

#include "base/limits.h"
#include "unit/transport/world.h"

static int open_world(void **state)
{
	struct world *world = malloc(sizeof(*world));
	assert_non_null(world);
	world_open(world);
	*state = world;
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	free(*state);
	return 0;
}

static void allow_one(struct world *world, const struct peer *peer)
{
	world_allow(world, &peer, 1);
}

static void test_frame_from_known_key_names_its_party(void **state)
{
	struct world *world = *state;
	struct peer *one = world_peer_open(world, 1);
	struct peer *two = world_peer_open(world, 2);
	world_allow(world, (const struct peer *[]){one, two}, 2);
	uint64_t route_one = world_hello(world, one, 'a');
	assert_true(sf_id_equal(world->last_party, party_of(1)));
	uint64_t route_two = world_hello(world, two, 'b');
	assert_true(sf_id_equal(world->last_party, party_of(2)));
	assert_int_not_equal(route_one, route_two);
	assert_int_equal(world_hello(world, one, 'c'), route_one);

	assert_int_equal(world_send(world, route_one, 'x', 10), SF_OK);
	assert_int_equal(world_send(world, route_two, 'y', 10), SF_OK);
	world_until_peer_frames(world, one, 1);
	world_until_peer_frames(world, two, 1);
	assert_int_equal(one->last_byte, 'x');
	assert_int_equal(two->last_byte, 'y');
	struct sf_router_counters counters = world_counters(world);
	assert_int_equal(counters.received, 3);
	assert_int_equal(counters.sent, 2);
	assert_int_equal(counters.routes, 2);
}

static bool is_refused_twice(struct world *world, void *context)
{
	(void)context;
	return world_counters(world).handshake_refused >= 2;
}

static void test_unknown_key_is_refused_and_let_in_once_allowed(void **state)
{
	struct world *world = *state;
	struct peer *peer = world_peer_open(world, 1);
	/* It tries again after a refusal: 300 is not final, as 400 would be. */
	world_until(world, is_refused_twice, NULL);
	assert_int_equal(peer->ups, 0);
	assert_int_equal(sf_dealer_fault(peer->dealer), SF_DEALER_FAULT_REFUSED);
	assert_int_equal(peer_send(peer, 'a', 1), SF_ERR_UNREACHABLE);
	assert_int_equal(world->frame_count, 0);
	allow_one(world, peer);
	world_hello(world, peer, 'b');
	assert_int_equal(peer->ups, 1);
}

static bool has_dropped_revoked(struct world *world, void *context)
{
	(void)context;
	return world_counters(world).dropped_revoked >= 1;
}

static void test_revoked_key_loses_its_next_message(void **state)
{
	struct world *world = *state;
	struct peer *gone = world_peer_open(world, 1);
	struct peer *kept = world_peer_open(world, 2);
	world_allow(world, (const struct peer *[]){gone, kept}, 2);
	uint64_t route = world_hello(world, gone, 'a');
	world_hello(world, kept, 'b');

	allow_one(world, kept);
	assert_int_equal(peer_send(gone, 'c', 1), SF_OK);
	world_until(world, has_dropped_revoked, NULL);
	assert_int_equal(world->frame_count, 2);
	/* Nothing goes out to it either, though the session lives. */
	assert_int_equal(gone->downs, 0);
	assert_int_equal(world_send(world, route, 'd', 1), SF_ERR_UNREACHABLE);
	world_hello(world, kept, 'e');
}

static void test_key_moved_to_another_party_does_not_speak_for_the_old_one(void **state)
{
	struct world *world = *state;
	struct peer *peer = world_peer_open(world, 1);
	allow_one(world, peer);
	uint64_t route = world_hello(world, peer, 'a');
	peer->party = party_of(2);
	allow_one(world, peer);
	assert_int_equal(peer_send(peer, 'b', 1), SF_OK);
	world_until(world, has_dropped_revoked, NULL);
	assert_int_equal(world->frame_count, 1);
	assert_int_equal(world_send(world, route, 'c', 1), SF_ERR_UNREACHABLE);
}

static void test_two_connections_of_one_key_have_two_routes(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	struct peer *one = world_peer_open_as(world, 1, &keys, &world->server, 0);
	struct peer *two = world_peer_open_as(world, 1, &keys, &world->server, 0);
	allow_one(world, one);
	uint64_t route_one = world_hello(world, one, 'a');
	uint64_t route_two = world_hello(world, two, 'b');
	assert_int_not_equal(route_one, route_two);
	assert_true(sf_id_equal(world->last_party, party_of(1)));
	assert_int_equal(world_send(world, route_one, 'x', 1), SF_OK);
	world_until_peer_frames(world, one, 1);
	assert_int_equal(two->frame_count, 0);
}

static bool is_unreachable(struct world *world, void *context)
{
	const uint64_t *route = context;
	return world_send(world, *route, 'x', 1) == SF_ERR_UNREACHABLE;
}

static void test_send_on_ended_connection_is_unreachable(void **state)
{
	struct world *world = *state;
	struct peer *peer = world_peer_open(world, 1);
	allow_one(world, peer);
	uint64_t route = world_hello(world, peer, 'a');
	assert_int_equal(world_counters(world).routes, 1);
	sf_dealer_close(&peer->dealer);
	world_until(world, is_unreachable, &route);
	assert_int_equal(world_counters(world).routes, 0);
}

static void test_send_on_unknown_route_is_unreachable(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_send(world, 0, 'x', 1), SF_ERR_UNREACHABLE);
	assert_int_equal(world_send(world, 123456, 'x', 1), SF_ERR_UNREACHABLE);
	assert_int_equal(world_counters(world).send_unreachable, 2);
}

static void test_send_past_the_frame_limit_is_refused(void **state)
{
	struct world *world = *state;
	struct peer *peer = world_peer_open(world, 1);
	allow_one(world, peer);
	uint64_t route = world_hello(world, peer, 'a');
	assert_int_equal(world_send(world, route, 'x', SF_FRAME_SIZE_MAX + 1), SF_ERR_LIMIT);
	assert_int_equal(peer_send(peer, 'x', SF_FRAME_SIZE_MAX + 1), SF_ERR_LIMIT);
	assert_int_equal(world_send(world, route, 'z', SF_FRAME_SIZE_MAX), SF_OK);
	world_until_peer_frames(world, peer, 1);
	assert_int_equal(peer->last_byte, 'z');
	assert_int_equal(peer_send(peer, 'y', SF_FRAME_SIZE_MAX), SF_OK);
	world_until_frames(world, 2);
	assert_int_equal(world->last_byte, 'y');
}

static void test_full_queue_says_again_and_loses_nothing(void **state)
{
	struct world *world = *state;
	struct peer *peer = world_peer_open(world, 1);
	allow_one(world, peer);
	uint64_t route = world_hello(world, peer, 'a');
	peer->deaf = true;
	size_t sent = 0;
	enum sf_err err = SF_OK;
	while (sent < 2000 && !(err = world_send(world, route, 'q', 200000)))
		sent++;
	assert_int_equal(err, SF_ERR_AGAIN);
	assert_true(sent > 0);
	assert_int_equal(world_counters(world).send_again, 1);
	peer->deaf = false;
	world_until_peer_frames(world, peer, sent);
	assert_int_equal(world_send(world, route, 'r', 1), SF_OK);
	world_until_peer_frames(world, peer, sent + 1);
	assert_int_equal(peer->last_byte, 'r');
	assert_int_equal(peer->frame_count, sent + 1);
}

/* A peer that follows no rule of ours but has an allowed key: the library itself. */
static void *raw_open(struct world *world, const struct keys *keys, const char *routing_id)
{
	struct peer stranger = {.keys = *keys, .party = party_of(9)};
	allow_one(world, &stranger);
	void *socket = zmq_socket(sf_context_zmq(world->context), ZMQ_DEALER);
	assert_non_null(socket);
	int linger = 0;
	assert_int_equal(zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger)), 0);
	if (routing_id)
		assert_int_equal(
			zmq_setsockopt(socket, ZMQ_ROUTING_ID, routing_id, strlen(routing_id)), 0);
	assert_int_equal(sf_curve_dial(socket, keys->public_key, keys->secret_key,
				 world->server.public_key, NULL),
		SF_OK);
	assert_int_equal(zmq_connect(socket, world->endpoint), 0);
	return socket;
}

static bool has_dropped_multipart(struct world *world, void *context)
{
	(void)context;
	return world_counters(world).dropped_multipart >= 2;
}

static void test_multipart_is_dropped_and_the_next_frame_is_read(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	void *raw = raw_open(world, &keys, NULL);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(zmq_send(raw, "one", 3, ZMQ_SNDMORE), 3);
		assert_int_equal(zmq_send(raw, "two", 3, ZMQ_SNDMORE), 3);
		assert_int_equal(zmq_send(raw, "three", 5, 0), 5);
	}
	world_until(world, has_dropped_multipart, NULL);
	assert_int_equal(world->frame_count, 0);
	assert_int_equal(zmq_send(raw, "single", 6, 0), 6);
	world_until_frames(world, 1);
	assert_int_equal(world->last_byte, 's');
	assert_int_equal(zmq_close(raw), 0);
}

static bool has_dropped_named(struct world *world, void *context)
{
	(void)context;
	return world_counters(world).dropped_named >= 1;
}

static void test_peer_that_names_itself_is_dropped(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	void *raw = raw_open(world, &keys, "hospital");
	assert_int_equal(zmq_send(raw, "a", 1, 0), 1);
	world_until(world, has_dropped_named, NULL);
	assert_int_equal(world->frame_count, 0);
	assert_int_equal(zmq_close(raw), 0);
}

static bool has_dropped_oversize(struct world *world, void *context)
{
	(void)context;
	return world_counters(world).dropped_oversize >= 1;
}

static void test_frame_past_the_limit_is_dropped(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	void *raw = raw_open(world, &keys, NULL);
	size_t size = SF_FRAME_SIZE_MAX + 1;
	char *bytes = calloc(1, size);
	assert_non_null(bytes);
	assert_int_equal(zmq_send(raw, bytes, size, 0), size);
	world_until(world, has_dropped_oversize, NULL);
	assert_int_equal(world->frame_count, 0);
	free(bytes);
	assert_int_equal(zmq_close(raw), 0);
}

/* Past the library's bound the session ends before the bytes are taken in. */
static void test_huge_frame_ends_the_session_unread(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	void *raw = raw_open(world, &keys, NULL);
	size_t size = 16 * SF_FRAME_SIZE_MAX;
	char *bytes = calloc(1, size);
	assert_non_null(bytes);
	assert_int_equal(zmq_send(raw, "a", 1, 0), 1);
	world_until_frames(world, 1);
	uint64_t route = world->last_route;
	assert_int_equal(zmq_send(raw, bytes, size, 0), size);
	world_until(world, is_unreachable, &route);
	struct sf_router_counters counters = world_counters(world);
	assert_int_equal(counters.received, 1);
	assert_int_equal(counters.dropped_oversize, 0);
	free(bytes);
	assert_int_equal(zmq_close(raw), 0);
}

static bool stop_at_two(void *context, struct sf_arrival *arrival)
{
	size_t *count = context;
	sf_buf_fini(&arrival->frame);
	return ++*count < 2;
}

static bool is_pending(struct world *world, void *context)
{
	(void)context;
	assert_true(poll(NULL, 0, 1) == 0);
	return sf_router_pending(world->router);
}

static void test_receive_stops_when_told_and_stays_pending(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	void *raw = raw_open(world, &keys, NULL);
	for (int i = 0; i < 5; i++)
		assert_int_equal(zmq_send(raw, "f", 1, 0), 1);
	struct sf_link link = sf_router_link(world->router);
	size_t count = 0;
	int64_t end_ms = test_now_ms() + 20000;
	while (count < 2 && test_now_ms() < end_ms) {
		if (is_pending(world, NULL))
			assert_int_equal(link.receive(link.self, 8, stop_at_two, &count), SF_OK);
	}
	assert_int_equal(count, 2);
	/* The edge of the descriptor is used up, yet three are there. */
	world_until_frames(world, 3);
	assert_int_equal(zmq_close(raw), 0);
}

static struct sf_router_options options_of(struct world *world, const char *endpoint)
{
	return (struct sf_router_options){
		.context = world->context,
		.zap = world->zap,
		.endpoint = endpoint,
		.public_key = world->server.public_key,
		.secret_key = world->server.secret_key,
	};
}

static void test_address_in_use_is_an_error_that_names_it(void **state)
{
	struct world *world = *state;
	struct sf_router_options options = options_of(world, world->endpoint);
	struct sf_router *second = NULL;
	struct sf_diag diag = {""};
	assert_int_equal(sf_router_open(&options, &second, &diag), SF_ERR_EXISTS);
	assert_null(second);
	assert_non_null(strstr(diag.text, world->endpoint));
}

static void test_mixed_up_keys_are_a_configuration_error(void **state)
{
	struct world *world = *state;
	struct keys other = keys_make();
	struct sf_router_options options = options_of(world, "tcp://127.0.0.1:*");
	options.public_key = other.public_key;
	struct sf_router *second = NULL;
	struct sf_diag diag = {""};
	assert_int_equal(sf_router_open(&options, &second, &diag), SF_ERR_CONFIG);
	assert_null(second);
}

static void test_wildcards_and_ipv6_pass_the_self_test(void **state)
{
	struct world *world = *state;
	static const char *const endpoints[] = {"tcp://*:*", "tcp://0.0.0.0:*", "tcp://[::1]:*"};
	for (size_t i = 0; i < SF_COUNT(endpoints); i++) {
		struct sf_router_options options = options_of(world, endpoints[i]);
		struct sf_router *second = NULL;
		struct sf_diag diag = {""};
		if (sf_router_open(&options, &second, &diag))
			fail_msg("%s: %s", endpoints[i], diag.text);
		assert_int_equal(strncmp(sf_router_endpoint(second), "tcp://", 6), 0);
		sf_router_close(&second);
	}
}

/* The misconfiguration that the self-test is for: somebody else answers ZAP, and lets all in. */
static void *answer_all(void *argument)
{
	void *socket = argument;
	char parts[8][256];
	for (;;) {
		int count = 0;
		int more = 1;
		int id_size = 0;
		while (more) {
			int size = zmq_recv(socket, parts[count], sizeof(parts[count]), 0);
			if (size < 0)
				return NULL;
			if (count == 1)
				id_size = size;
			count++;
			size_t more_size = sizeof(more);
			zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &more_size);
		}
		zmq_send(socket, "1.0", 3, ZMQ_SNDMORE);
		zmq_send(socket, parts[1], (size_t)id_size, ZMQ_SNDMORE);
		zmq_send(socket, "200", 3, ZMQ_SNDMORE);
		zmq_send(socket, "OK", 2, ZMQ_SNDMORE);
		zmq_send(socket, "anyone", 6, ZMQ_SNDMORE);
		zmq_send(socket, "", 0, 0);
	}
}

static void test_router_does_not_open_when_anyone_is_let_in(void **state)
{
	struct world *world = *state;
	struct sf_context *open_context;
	assert_int_equal(sf_context_open(&open_context, NULL), SF_OK);
	void *rogue = zmq_socket(sf_context_zmq(open_context), ZMQ_REP);
	int wait_ms = 2000;
	assert_int_equal(zmq_setsockopt(rogue, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms)), 0);
	assert_int_equal(zmq_bind(rogue, "inproc://zeromq.zap.01"), 0);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, answer_all, rogue), 0);
	struct sf_router_options options = options_of(world, "tcp://127.0.0.1:*");
	options.context = open_context;
	struct sf_router *opened = NULL;
	struct sf_diag diag = {""};
	assert_int_equal(sf_router_open(&options, &opened, &diag), SF_ERR_AUTH);
	assert_null(opened);
	assert_non_null(strstr(diag.text, "random key"));
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(zmq_close(rogue), 0);
	sf_context_close(&open_context);
}

/* Without any handler the enforced domain refuses, but that is not our doing: do not start. */
static void test_router_does_not_open_without_its_own_handler(void **state)
{
	struct world *world = *state;
	struct sf_context *empty;
	assert_int_equal(sf_context_open(&empty, NULL), SF_OK);
	struct sf_router_options options = options_of(world, "tcp://127.0.0.1:*");
	options.context = empty;
	struct sf_router *opened = NULL;
	struct sf_diag diag = {""};
	assert_int_equal(sf_router_open(&options, &opened, &diag), SF_ERR_AUTH);
	assert_null(opened);
	sf_context_close(&empty);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
	const struct CMUnitTest tests[] = {
		CASE(test_frame_from_known_key_names_its_party),
		CASE(test_unknown_key_is_refused_and_let_in_once_allowed),
		CASE(test_revoked_key_loses_its_next_message),
		CASE(test_key_moved_to_another_party_does_not_speak_for_the_old_one),
		CASE(test_two_connections_of_one_key_have_two_routes),
		CASE(test_send_on_ended_connection_is_unreachable),
		CASE(test_send_on_unknown_route_is_unreachable),
		CASE(test_send_past_the_frame_limit_is_refused),
		CASE(test_full_queue_says_again_and_loses_nothing),
		CASE(test_multipart_is_dropped_and_the_next_frame_is_read),
		CASE(test_peer_that_names_itself_is_dropped),
		CASE(test_frame_past_the_limit_is_dropped),
		CASE(test_huge_frame_ends_the_session_unread),
		CASE(test_receive_stops_when_told_and_stays_pending),
		CASE(test_address_in_use_is_an_error_that_names_it),
		CASE(test_mixed_up_keys_are_a_configuration_error),
		CASE(test_wildcards_and_ipv6_pass_the_self_test),
		CASE(test_router_does_not_open_when_anyone_is_let_in),
		CASE(test_router_does_not_open_without_its_own_handler),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
