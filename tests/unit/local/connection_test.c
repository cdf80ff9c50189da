#include "local/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct sf_connection connection;
	int peer;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	int pair[2];
	if (!fixture || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return -1;
	sf_connection_open(&fixture->connection, pair[0], 7, 100);
	fixture->peer = pair[1];
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sf_connection_close(&fixture->connection);
	if (fixture->peer >= 0)
		close(fixture->peer);
	free(fixture);
	return 0;
}

static void put(const struct fixture *fixture, const char *bytes, size_t size)
{
	assert_int_equal(send(fixture->peer, bytes, size, MSG_NOSIGNAL), size);
}

static void test_nothing_there_is_no_end(void **state)
{
	struct fixture *fixture = *state;
	assert_true(sf_connection_read(&fixture->connection, 100, 0));
	assert_int_equal(fixture->connection.state, SF_CONNECTION_READING);
}

static void test_an_empty_request_is_whole(void **state)
{
	struct fixture *fixture = *state;
	put(fixture, "\0\0\0\0", 4);
	assert_true(sf_connection_read(&fixture->connection, 100, 5));
	assert_int_equal(fixture->connection.state, SF_CONNECTION_WHOLE);
	assert_int_equal(fixture->connection.request.size, 0);
}

static void test_largest_request_is_whole_and_one_more_is_the_end(void **state)
{
	struct fixture *fixture = *state;
	char bytes[100] = {0};
	put(fixture, "\0\0\0\x64", 4);
	put(fixture, bytes, sizeof(bytes));
	assert_true(sf_connection_read(&fixture->connection, 100, 5));
	assert_int_equal(fixture->connection.state, SF_CONNECTION_WHOLE);
	assert_int_equal(sf_connection_held(&fixture->connection), 100);
	fixture->connection.state = SF_CONNECTION_SERVED;
	assert_true(sf_connection_answer(&fixture->connection, sf_view_text("a")));
	assert_true(sf_connection_write(&fixture->connection));
	assert_int_equal(fixture->connection.state, SF_CONNECTION_READING);
	assert_int_equal(sf_connection_held(&fixture->connection), 0);
	put(fixture, "\0\0\0\x65", 4);
	assert_false(sf_connection_read(&fixture->connection, 100, 5));
}

static void test_without_room_nothing_is_read(void **state)
{
	struct fixture *fixture = *state;
	put(fixture, "\0\0\0\x05hello", 9);
	assert_true(sf_connection_read(&fixture->connection, 4, 5));
	assert_int_equal(fixture->connection.request.size, 0);
	assert_int_equal(fixture->connection.since_ms, 5);
	assert_true(sf_connection_read(&fixture->connection, 5, 6));
	assert_int_equal(fixture->connection.state, SF_CONNECTION_WHOLE);
	assert_true(
		sf_view_equal(sf_buf_view(&fixture->connection.request), sf_view_text("hello")));
}

static void test_end_inside_a_request_is_the_end(void **state)
{
	struct fixture *fixture = *state;
	put(fixture, "\0\0\0\x05he", 6);
	close(fixture->peer);
	fixture->peer = -1;
	assert_false(sf_connection_read(&fixture->connection, 100, 5));
	sf_connection_hang_up(&fixture->connection);
	assert_int_equal(fixture->connection.state, SF_CONNECTION_FREE);
}

static void test_writing_to_who_is_gone_is_the_end(void **state)
{
	struct fixture *fixture = *state;
	put(fixture, "\0\0\0\0", 4);
	assert_true(sf_connection_read(&fixture->connection, 100, 5));
	fixture->connection.state = SF_CONNECTION_SERVED;
	close(fixture->peer);
	fixture->peer = -1;
	assert_true(sf_connection_answer(&fixture->connection, sf_view_text("answer")));
	assert_false(sf_connection_write(&fixture->connection));
}

int main(void)
{
#define CONNECTION_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CONNECTION_TEST(test_nothing_there_is_no_end),
		CONNECTION_TEST(test_an_empty_request_is_whole),
		CONNECTION_TEST(test_largest_request_is_whole_and_one_more_is_the_end),
		CONNECTION_TEST(test_without_room_nothing_is_read),
		CONNECTION_TEST(test_end_inside_a_request_is_the_end),
		CONNECTION_TEST(test_writing_to_who_is_gone_is_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
