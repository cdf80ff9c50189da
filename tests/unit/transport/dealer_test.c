/* A node's end against the real library: it comes back, whatever happened to the connection. */
#include "transport/dealer.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

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

static struct peer *join(struct world *world)
{
	struct peer *peer = world_peer_open(world, 1);
	world_allow(world, (const struct peer *[]){peer}, 1);
	return peer;
}

static void test_session_follows_a_restarted_coordinator(void **state)
{
	struct world *world = *state;
	struct peer *peer = join(world);
	world_hello(world, peer, 'a');
	for (int i = 1; i <= 2; i++) {
		sf_router_close(&world->router);
		world_until_down(world, peer, i);
		assert_int_equal(sf_dealer_fault(peer->dealer), SF_DEALER_FAULT_CLOSED);
		assert_int_equal(peer_send(peer, 'x', 1), SF_ERR_UNREACHABLE);
		world_router_open(world);
		world_until_up(world, peer, i + 1);
		world_hello(world, peer, (uint8_t)('a' + i));
	}
}

static void test_cut_connection_gets_a_new_route(void **state)
{
	struct world *world = *state;
	struct proxy proxy;
	proxy_open(&proxy, world->endpoint);
	world->proxy = &proxy;
	struct peer *peer = join(world);
	uint64_t before = world_hello(world, peer, 'a');
	proxy_cut(&proxy);
	world_until_down(world, peer, 1);
	world_until_up(world, peer, 2);
	uint64_t after = world_hello(world, peer, 'b');
	assert_int_not_equal(after, before);
	assert_int_equal(world_send(world, after, 'x', 1), SF_OK);
	world_until_peer_frames(world, peer, 1);
	proxy_close(&proxy);
}

struct stream {
	struct peer *peer;
	uint64_t route;
};

/* The coordinator goes on talking; what is lost on the way is the outbox's to send again. */
static void talk(struct world *world, const struct stream *stream)
{
	enum sf_err err = world_send(world, stream->route, 'f', 40);
	assert_true(err == SF_OK || err == SF_ERR_AGAIN || err == SF_ERR_UNREACHABLE);
	world_round(world, 20);
}

struct place {
	size_t offset; /* in the next frame of the stream */
	unsigned char mask;
	bool fatal; /* to the session; else the library cannot notice, for the flags are open */
};

static void survive(struct world *world, const struct place *place)
{
	struct proxy proxy;
	proxy_open(&proxy, world->endpoint);
	world->proxy = &proxy;
	world->peer_count = 0;
	struct peer *peer = join(world);
	struct stream stream = {peer, world_hello(world, peer, 'a')};
	proxy.flip_offset = place->offset;
	proxy.flip_mask = place->mask;
	proxy.flip = true;
	int64_t end_ms = test_now_ms() + (place->fatal ? 20000 : 500);
	while (peer->downs == 0 && test_now_ms() < end_ms)
		talk(world, &stream);
	assert_int_equal(proxy.flipped, 1);
	if (place->fatal)
		assert_int_equal(peer->downs, 1);
	world_until_up(world, peer, peer->downs + 1);
	uint64_t route = world_hello(world, peer, 'b');
	assert_int_equal(route == stream.route, peer->downs == 0);
	while (world_send(world, route, 'g', 1))
		world_round(world, 20);
	for (end_ms = test_now_ms() + 20000; peer->last_byte != 'g' && test_now_ms() < end_ms;)
		world_round(world, 20);
	assert_int_equal(peer->last_byte, 'g');
	sf_dealer_close(&peer->dealer);
	proxy_close(&proxy);
	world->proxy = NULL;
}

/*
 * One bit of the stream from the coordinator, once: in the frame's flags (command, large, unused),
 * in its size, in the message's name, nonce and box. Most of these end the library's session for
 * good; ours comes back.
 */
static void test_flipped_bit_is_survived_at_every_place(void **state)
{
	static const struct place places[] = {{0, 0x04, false}, {0, 0x02, true}, {0, 0x80, false},
		{1, 0x01, true}, {1, 0x40, true}, {3, 0x10, true}, {12, 0x01, true},
		{20, 0x80, true}, {50, 0x08, true}};
	for (size_t i = 0; i < SF_COUNT(places); i++)
		survive(*state, &places[i]);
}

static void test_silence_makes_a_new_session(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	struct peer *peer = world_peer_open_as(world, 1, &keys, &world->server, 300);
	world_allow(world, (const struct peer *[]){peer}, 1);
	world_hello(world, peer, 'a');
	world_until_down(world, peer, 1);
	assert_int_equal(sf_dealer_fault(peer->dealer), SF_DEALER_FAULT_SILENCE);
	world_until_up(world, peer, 2);
}

static bool has_failed(struct world *world, void *context)
{
	(void)world;
	const struct peer *peer = context;
	return sf_dealer_fault(peer->dealer) != SF_DEALER_FAULT_NONE;
}

static void test_server_with_another_key_is_not_spoken_to(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	struct keys stranger = keys_make();
	struct peer *peer = world_peer_open_as(world, 1, &keys, &stranger, 0);
	world_allow(world, (const struct peer *[]){peer}, 1);
	world_until(world, has_failed, peer);
	assert_int_equal(peer->ups, 0);
	assert_int_equal(peer_send(peer, 'a', 1), SF_ERR_UNREACHABLE);
	assert_int_equal(world->frame_count, 0);
}

/* A port that is ours but that nobody listens on. */
static int reserve_port(int *ret_port)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = {.sin_family = AF_INET};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	socklen_t size = sizeof(address);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static void test_node_started_first_finds_its_coordinator(void **state)
{
	struct world *world = *state;
	sf_router_close(&world->router);
	int port;
	int fd = reserve_port(&port);
	snprintf(world->endpoint, sizeof(world->endpoint), "tcp://127.0.0.1:%d", port);
	struct peer *peer = join(world);
	world_run(world, 500);
	assert_int_equal(peer->ups, 0);
	assert_int_equal(peer_send(peer, 'a', 1), SF_ERR_UNREACHABLE);
	close(fd);
	world_router_open(world);
	world_hello(world, peer, 'b');
}

static void test_refused_node_does_not_hammer(void **state)
{
	struct world *world = *state;
	struct peer *peer = world_peer_open(world, 1);
	world_run(world, 3000);
	struct sf_dealer_counters counters;
	sf_dealer_counters(peer->dealer, &counters);
	/* The server is silent for 5 s, or ends at once; the library alone would come 15 times. */
	assert_in_range(counters.sockets, 1, 5);
	assert_int_equal(counters.ups, 0);
	assert_int_equal(peer->ups, 0);
}

static void test_unusable_options_are_configuration_errors(void **state)
{
	struct world *world = *state;
	struct keys keys = keys_make();
	struct keys other = keys_make();
	struct sf_dealer_options options = {
		.context = world->context,
		.env = &world->env,
		.endpoint = "tcp://127.0.0.1:7411",
		.public_key = keys.public_key,
		.secret_key = other.secret_key,
		.server_key = world->server.public_key,
	};
	struct sf_dealer *dealer = NULL;
	struct sf_diag diag = {""};
	assert_int_equal(sf_dealer_open(&options, 0, &dealer, &diag), SF_ERR_CONFIG);
	options.secret_key = keys.secret_key;
	options.endpoint = "not an endpoint";
	assert_int_equal(sf_dealer_open(&options, 0, &dealer, &diag), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "not an endpoint"));
	char text[600];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	options.endpoint = text;
	assert_int_equal(sf_dealer_open(&options, 0, &dealer, &diag), SF_ERR_CONFIG);
	assert_null(dealer);
}

static void test_descriptors_come_and_go_with_sessions(void **state)
{
	struct world *world = *state;
	struct peer *peer = join(world);
	world_hello(world, peer, 'a');
	int fds[SF_DEALER_FD_COUNT_MAX];
	assert_int_equal(sf_dealer_fds(peer->dealer, fds), 2);
	assert_true(fds[0] >= 0 && fds[1] >= 0 && fds[0] != fds[1]);
	uint64_t session = sf_dealer_session(peer->dealer);
	sf_router_close(&world->router);
	world_until_down(world, peer, 1);
	assert_int_not_equal(sf_dealer_session(peer->dealer), session);
	assert_true(sf_dealer_wake_ms(peer->dealer) <= test_now_ms() + 400);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
	const struct CMUnitTest tests[] = {
		CASE(test_session_follows_a_restarted_coordinator),
		CASE(test_cut_connection_gets_a_new_route),
		CASE(test_flipped_bit_is_survived_at_every_place),
		CASE(test_silence_makes_a_new_session),
		CASE(test_server_with_another_key_is_not_spoken_to),
		CASE(test_node_started_first_finds_its_coordinator),
		CASE(test_refused_node_does_not_hammer),
		CASE(test_unusable_options_are_configuration_errors),
		CASE(test_descriptors_come_and_go_with_sessions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
