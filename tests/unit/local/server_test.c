#include "local/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define POLL_MS 20
#define ROUNDS_MAX 500 /* of POLL_MS at most: ten seconds, then the test has failed */
#define FDS_MAX 8

struct fixture {
	char folder[64];
	char path[96];
	struct sf_server *server;
	int64_t now_ms;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	memcpy(fixture->folder, "/tmp/stafet-local-XXXXXX", 25);
	if (!mkdtemp(fixture->folder))
		return -1;
	snprintf(fixture->path, sizeof(fixture->path), "%s/socket", fixture->folder);
	struct sf_server_options options = sf_server_options_default(fixture->path);
	options.connection_max = FDS_MAX - 1;
	options.request_size_max = 200000;
	options.bytes_max = 300000;
	options.half_request_ms = 1000;
	if (sf_server_open(&options, &fixture->server, NULL) != SF_OK)
		return -1;
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sf_server_close(&fixture->server);
	int left = access(fixture->path, F_OK) == 0;
	rmdir(fixture->folder);
	free(fixture);
	return left;
}

static int dial(const struct fixture *fixture)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, fixture->path, strlen(fixture->path) + 1);
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(descriptor >= 0);
	assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof(address)), 0);
	return descriptor;
}

static void turn(struct fixture *fixture)
{
	struct pollfd fds[FDS_MAX];
	size_t count = sf_server_poll(fixture->server, fds, FDS_MAX);
	assert_true(poll(fds, count, POLL_MS) >= 0);
	sf_server_handle(fixture->server, fds, count, fixture->now_ms);
}

static struct sf_server_call next_call(struct fixture *fixture)
{
	struct sf_server_call call;
	for (int round = 0; round < ROUNDS_MAX; round++) {
		if (sf_server_take(fixture->server, &call))
			return call;
		turn(fixture);
	}
	fail_msg("no request came");
	return call;
}

static void await_connections(struct fixture *fixture, size_t count)
{
	for (int round = 0; round < ROUNDS_MAX; round++) {
		if (sf_server_connection_count(fixture->server) == count)
			return;
		turn(fixture);
	}
	fail_msg("the number of connections never was as expected");
}

static void put(int descriptor, const void *bytes, size_t size)
{
	assert_int_equal(send(descriptor, bytes, size, MSG_NOSIGNAL), size);
}

static void put_request(int descriptor, const char *text)
{
	uint8_t prefix[4];
	sf_put_u32(prefix, (uint32_t)strlen(text));
	put(descriptor, prefix, sizeof(prefix));
	put(descriptor, text, strlen(text));
}

/* Reads one reply while the server goes on; false when the connection ended. */
static bool get_reply(struct fixture *fixture, int descriptor, uint8_t *place, size_t *ret_size)
{
	uint8_t prefix[4];
	size_t got = 0;
	size_t whole = sizeof(prefix);
	for (int round = 0; round < 10 * ROUNDS_MAX; round++) {
		uint8_t *to = got < 4 ? prefix + got : place + got - 4;
		ssize_t size = recv(descriptor, to, got < 4 ? 4 - got : whole - got, MSG_DONTWAIT);
		if (size == 0)
			return false;
		got += size > 0 ? (size_t)size : 0;
		if (got == 4 && whole == 4)
			whole += sf_get_u32(prefix);
		if (got == whole && got >= 4) {
			*ret_size = whole - 4;
			return true;
		}
		if (size < 0)
			turn(fixture);
	}
	fail_msg("no reply came");
	return false;
}

static bool is_open(int descriptor)
{
	char byte;
	return recv(descriptor, &byte, 1, MSG_DONTWAIT) != 0;
}

static void test_request_is_handed_out_once_and_answered(void **state)
{
	struct fixture *fixture = *state;
	int peer = dial(fixture);
	put_request(peer, "question");
	struct sf_server_call call = next_call(fixture);
	assert_true(sf_view_equal(call.request, sf_view_text("question")));
	assert_int_equal(sf_server_pending_count(fixture->server), 1);
	struct sf_server_call again;
	assert_false(sf_server_take(fixture->server, &again));
	assert_true(sf_server_connected(fixture->server, call.connection));
	sf_server_reply(fixture->server, call.connection, sf_view_text("answer"));
	uint8_t reply[64];
	size_t size = 0;
	assert_true(get_reply(fixture, peer, reply, &size));
	assert_true(sf_view_equal(sf_view_of(reply, size), sf_view_text("answer")));
	assert_int_equal(sf_server_pending_count(fixture->server), 0);
	/* A reply that nobody waits for does nothing. */
	sf_server_reply(fixture->server, call.connection, sf_view_text("again"));
	sf_server_reply(fixture->server, 4711, sf_view_text("nobody"));
	put_request(peer, "next");
	call = next_call(fixture);
	assert_true(sf_view_equal(call.request, sf_view_text("next")));
	close(peer);
}

static void test_requests_in_pieces_and_in_one_go_are_told_apart(void **state)
{
	struct fixture *fixture = *state;
	int peer = dial(fixture);
	const uint8_t both[] = {0, 0, 0, 3, 'o', 'n', 'e', 0, 0, 0, 3, 't', 'w', 'o'};
	for (size_t i = 0; i < 6; i++) {
		put(peer, both + i, 1);
		turn(fixture);
	}
	struct sf_server_call call;
	assert_false(sf_server_take(fixture->server, &call));
	put(peer, both + 6, sizeof(both) - 6);
	call = next_call(fixture);
	assert_true(sf_view_equal(call.request, sf_view_text("one")));
	/* The second waits until the first is answered. */
	turn(fixture);
	struct sf_server_call other;
	assert_false(sf_server_take(fixture->server, &other));
	sf_server_reply(fixture->server, call.connection, sf_view_of(NULL, 0));
	call = next_call(fixture);
	assert_true(sf_view_equal(call.request, sf_view_text("two")));
	close(peer);
}

static void test_large_reply_is_written_as_the_peer_reads(void **state)
{
	struct fixture *fixture = *state;
	int peer = dial(fixture);
	put_request(peer, "much");
	struct sf_server_call call = next_call(fixture);
	size_t whole = 3000000;
	uint8_t *sent = malloc(whole);
	uint8_t *got = calloc(1, whole);
	for (size_t i = 0; i < whole; i++)
		sent[i] = (uint8_t)(i * 7 + i / 256);
	sf_server_reply(fixture->server, call.connection, sf_view_of(sent, whole));
	size_t size = 0;
	assert_true(get_reply(fixture, peer, got, &size));
	assert_int_equal(size, whole);
	assert_memory_equal(sent, got, whole);
	free(sent);
	free(got);
	close(peer);
}

static void test_announcing_too_much_is_cut_off(void **state)
{
	struct fixture *fixture = *state;
	int peer = dial(fixture);
	const uint8_t prefix[4] = {0, 3, 0x0d, 0x41}; /* 200,001 */
	put(peer, prefix, sizeof(prefix));
	await_connections(fixture, 1);
	await_connections(fixture, 0);
	assert_false(is_open(peer));
	close(peer);
}

static void test_half_a_request_is_cut_off_in_time(void **state)
{
	struct fixture *fixture = *state;
	int slow = dial(fixture);
	int idle = dial(fixture);
	const uint8_t start[5] = {0, 0, 0, 9, 'x'};
	await_connections(fixture, 2);
	put(slow, start, sizeof(start));
	turn(fixture);
	fixture->now_ms += 1000;
	turn(fixture);
	assert_int_equal(sf_server_connection_count(fixture->server), 2);
	fixture->now_ms += 1;
	turn(fixture);
	/* Who has not begun may wait for ever. */
	assert_int_equal(sf_server_connection_count(fixture->server), 1);
	assert_false(is_open(slow));
	assert_true(is_open(idle));
	close(slow);
	close(idle);
}

static void test_peer_that_hangs_up_leaves_its_request(void **state)
{
	struct fixture *fixture = *state;
	int peer = dial(fixture);
	put_request(peer, "store this");
	struct sf_server_call call = next_call(fixture);
	close(peer);
	for (int round = 0; sf_server_connected(fixture->server, call.connection); round++) {
		assert_true(round < ROUNDS_MAX);
		turn(fixture);
	}
	assert_true(sf_view_equal(call.request, sf_view_text("store this")));
	assert_int_equal(sf_server_connection_count(fixture->server), 1);
	sf_server_reply(fixture->server, call.connection, sf_view_text("done"));
	assert_int_equal(sf_server_connection_count(fixture->server), 0);
}

static void test_connections_are_bounded_and_the_next_one_waits(void **state)
{
	struct fixture *fixture = *state;
	int peers[FDS_MAX];
	for (size_t i = 0; i < FDS_MAX; i++)
		peers[i] = dial(fixture);
	await_connections(fixture, FDS_MAX - 1);
	turn(fixture);
	assert_int_equal(sf_server_connection_count(fixture->server), FDS_MAX - 1);
	close(peers[0]);
	put_request(peers[FDS_MAX - 1], "late");
	struct sf_server_call call = next_call(fixture);
	assert_true(sf_view_equal(call.request, sf_view_text("late")));
	for (size_t i = 1; i < FDS_MAX; i++)
		close(peers[i]);
}

static void put_large(int descriptor, size_t announced, size_t size)
{
	uint8_t prefix[4];
	sf_put_u32(prefix, (uint32_t)announced);
	put(descriptor, prefix, sizeof(prefix));
	uint8_t *bytes = calloc(1, size);
	put(descriptor, bytes, size);
	free(bytes);
}

static void test_requests_share_a_limit_and_wait_for_it(void **state)
{
	struct fixture *fixture = *state;
	int first = dial(fixture);
	int second = dial(fixture);
	await_connections(fixture, 2);
	put_large(first, 200000, 1000);
	for (int round = 0; round < 5; round++)
		turn(fixture);
	/* 300,000 together: the second does not fit while the first is held. */
	put_large(second, 150000, 150000);
	for (int round = 0; round < 5; round++)
		turn(fixture);
	struct sf_server_call call;
	assert_false(sf_server_take(fixture->server, &call));
	close(first);
	call = next_call(fixture);
	assert_int_equal(call.request.size, 150000);
	close(second);
}

static void test_every_connection_gets_its_turn(void **state)
{
	struct fixture *fixture = *state;
	int peers[3];
	uint64_t order[3];
	for (size_t i = 0; i < 3; i++) {
		peers[i] = dial(fixture);
		put_request(peers[i], "q");
	}
	for (size_t i = 0; i < 3; i++) {
		struct sf_server_call call = next_call(fixture);
		order[i] = call.connection;
		sf_server_reply(fixture->server, call.connection, sf_view_text("a"));
		for (size_t j = 0; j < i; j++)
			assert_true(order[j] != order[i]);
	}
	for (size_t i = 0; i < 3; i++)
		close(peers[i]);
}

static void test_limits_without_room_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct sf_server_options options = sf_server_options_default(fixture->path);
	struct sf_server *server = NULL;
	options.bytes_max = options.request_size_max - 1;
	assert_int_equal(sf_server_open(&options, &server, NULL), SF_ERR_CONFIG);
	options = sf_server_options_default(fixture->path);
	struct sf_diag diag;
	assert_int_equal(sf_server_open(&options, &server, &diag), SF_ERR_EXISTS);
	assert_null(server);
	/* The living server kept its file. */
	int peer = dial(fixture);
	await_connections(fixture, 1);
	close(peer);
}

int main(void)
{
#define SERVER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		SERVER_TEST(test_request_is_handed_out_once_and_answered),
		SERVER_TEST(test_requests_in_pieces_and_in_one_go_are_told_apart),
		SERVER_TEST(test_large_reply_is_written_as_the_peer_reads),
		SERVER_TEST(test_announcing_too_much_is_cut_off),
		SERVER_TEST(test_half_a_request_is_cut_off_in_time),
		SERVER_TEST(test_peer_that_hangs_up_leaves_its_request),
		SERVER_TEST(test_connections_are_bounded_and_the_next_one_waits),
		SERVER_TEST(test_requests_share_a_limit_and_wait_for_it),
		SERVER_TEST(test_every_connection_gets_its_turn),
		SERVER_TEST(test_limits_without_room_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
