#include "bridge/mllp_connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "port/face.h"

/* One end of a pair of sockets is the connection's, the other one the test's. */
struct wire {
	struct sf_mllp_connection connection;
	struct sf_mllp_terms terms;
	int peer; /* -1: closed */
	size_t trouble_count;
	enum sf_mllp_trouble trouble; /* the last */
	int64_t now_ms;
};

static void tell(void *self, enum sf_mllp_trouble trouble)
{
	struct wire *wire = self;
	wire->trouble_count++;
	wire->trouble = trouble;
}

static struct wire wire;

static int open_wire(void **state)
{
	(void)state;
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
		return -1;
	wire = (struct wire){.peer = ends[1],
		.terms = {.message_size_max = 64, .half_message_ms = 1000, .tell = tell},
		.now_ms = 1};
	wire.terms.self = &wire;
	struct sf_stream stream;
	if (sf_stream_open(NULL, ends[0], &stream) != SF_OK)
		return -1;
	sf_mllp_connection_open(&wire.connection, &wire.terms, &stream, wire.now_ms);
	return 0;
}

static int close_wire(void **state)
{
	(void)state;
	sf_mllp_connection_close(&wire.connection);
	if (wire.peer >= 0)
		close(wire.peer);
	return 0;
}

static void hang_up(void)
{
	close(wire.peer);
	wire.peer = -1;
}

static void send_text(const char *text)
{
	assert_int_equal(send(wire.peer, text, strlen(text), 0), (ssize_t)strlen(text));
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
}

static void assert_taken(uint64_t call, const char *expected)
{
	const struct sf_buf *message = sf_mllp_connection_take(&wire.connection, call);
	assert_non_null(message);
	assert_true(sf_view_equal(sf_buf_view(message), sf_view_text(expected)));
}

static void assert_received(const char *expected)
{
	char text[256] = "";
	ssize_t size = recv(wire.peer, text, sizeof(text) - 1, 0);
	assert_int_equal(size < 0 ? 0 : size, (ssize_t)strlen(expected));
	assert_string_equal(text, expected);
}

static void test_answers_go_out_in_the_order_of_the_messages(void **state)
{
	(void)state;
	send_text("\x0b"
		  "1\x1c\r\x0b"
		  "2\x1c\r\x0b"
		  "3\x1c\r");
	assert_taken(11, "1");
	assert_taken(12, "2");
	assert_taken(13, "3");
	assert_null(sf_mllp_connection_take(&wire.connection, 14));
	assert_false(sf_mllp_connection_answer(&wire.connection, 14, sf_view_text("x")));
	assert_true(sf_mllp_connection_answer(&wire.connection, 12, sf_view_text("b")));
	assert_received("");
	assert_true(sf_mllp_connection_answer(&wire.connection, 11, sf_view_text("a")));
	assert_received("\x0b"
			"a\x1c\r\x0b"
			"b\x1c\r");
	/* Nothing is said to one that wants nothing. */
	assert_true(sf_mllp_connection_answer(&wire.connection, 13, sf_view_text("")));
	assert_received("");
	assert_int_equal(wire.connection.count, 0);
}

/* A message must not overtake one that a turn has left for the next. */
static void test_nothing_is_taken_while_an_earlier_round_is_unanswered(void **state)
{
	(void)state;
	send_text("\x0b"
		  "1\x1c\r");
	assert_taken(1, "1");
	send_text("\x0b"
		  "2\x1c\r");
	assert_null(sf_mllp_connection_take(&wire.connection, 2));
	assert_true(sf_mllp_connection_answer(&wire.connection, 1, sf_view_text("a")));
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_taken(2, "2");
	assert_non_null(sf_mllp_connection_message(&wire.connection, 2));
	assert_null(sf_mllp_connection_message(&wire.connection, 1));
}

static void test_a_full_connection_is_not_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_MLLP_IN_FLIGHT_MAX + 3; i++)
		send_text("\x0b"
			  "x\x1c\r");
	assert_int_equal(wire.connection.count, SF_MLLP_IN_FLIGHT_MAX);
	assert_int_equal(sf_mllp_connection_wants(&wire.connection), 0);
	assert_taken(1, "x");
	assert_true(sf_mllp_connection_answer(&wire.connection, 1, sf_view_text("a")));
	assert_int_equal(sf_mllp_connection_wants(&wire.connection), SF_WATCH_READ);
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_int_equal(wire.connection.count, SF_MLLP_IN_FLIGHT_MAX);
}

static void test_who_stops_in_the_middle_is_cut_off(void **state)
{
	(void)state;
	send_text("\x0b"
		  "half");
	wire.now_ms += 1000;
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_true(wire.connection.open);
	wire.now_ms += 1;
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_false(wire.connection.open);
	assert_int_equal(wire.trouble, SF_MLLP_TROUBLE_SLOW);
}

static void test_who_is_quiet_between_messages_stays(void **state)
{
	(void)state;
	send_text("\x0b"
		  "1\x1c\r");
	assert_taken(1, "1");
	assert_true(sf_mllp_connection_answer(&wire.connection, 1, sf_view_text("a")));
	wire.now_ms += 86400000;
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_true(wire.connection.open);
	assert_int_equal(wire.trouble_count, 0);
}

static void test_what_was_taken_of_one_that_is_gone_is_replied_to(void **state)
{
	(void)state;
	send_text("\x0b"
		  "1\x1c\r\x0b"
		  "2\x1c\r");
	assert_taken(1, "1");
	hang_up();
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_true(wire.connection.open);
	assert_true(sf_mllp_connection_answer(&wire.connection, 1, sf_view_text("a")));
	/* Its socket is shut: the second message is dropped, and sent again by whoever it was. */
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_false(wire.connection.open);
}

static void test_who_has_sent_all_is_answered_and_closed(void **state)
{
	(void)state;
	assert_int_equal(send(wire.peer,
				 "\x0b"
				 "1\x1c\r",
				 4, 0),
		4);
	assert_int_equal(shutdown(wire.peer, SHUT_WR), 0);
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_taken(1, "1");
	assert_true(sf_mllp_connection_answer(&wire.connection, 1, sf_view_text("a")));
	assert_received("\x0b"
			"a\x1c\r");
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_false(wire.connection.open);
}

static void test_trouble_is_told(void **state)
{
	(void)state;
	send_text("garbage");
	assert_int_equal(wire.trouble, SF_MLLP_TROUBLE_GARBAGE);
	send_text("\x0b"
		  "half\x0b"
		  "1\x1c\r");
	assert_int_equal(wire.trouble, SF_MLLP_TROUBLE_BROKEN);
	assert_taken(1, "1");
	char large[80] = "\x0b";
	memset(large + 1, 'x', 70);
	send_text(large);
	send_text("\x1c\r");
	assert_int_equal(wire.trouble, SF_MLLP_TROUBLE_TOO_LARGE);
	assert_int_equal(wire.trouble_count, 3);
	assert_string_equal(sf_mllp_trouble_code(wire.trouble), "mllp-too-large");
}

static void test_trouble_without_end_is_told_once_a_second(void **state)
{
	(void)state;
	char starts[1000];
	memset(starts, 0x0b, sizeof(starts));
	assert_int_equal(send(wire.peer, starts, sizeof(starts), 0), sizeof(starts));
	sf_mllp_connection_handle(&wire.connection, wire.now_ms);
	assert_int_equal(wire.trouble, SF_MLLP_TROUBLE_BROKEN);
	assert_int_equal(wire.trouble_count, 1);
	wire.now_ms += 999;
	send_text("\x0b\x0b");
	assert_int_equal(wire.trouble_count, 1);
	/* Of another kind is another thing to know. */
	send_text("\x1c\rgarbage");
	assert_int_equal(wire.trouble_count, 2);
	wire.now_ms += 1;
	send_text("\x0b\x0b");
	assert_int_equal(wire.trouble_count, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_wire, close_wire)
	const struct CMUnitTest tests[] = {
		TEST(test_answers_go_out_in_the_order_of_the_messages),
		TEST(test_nothing_is_taken_while_an_earlier_round_is_unanswered),
		TEST(test_a_full_connection_is_not_read),
		TEST(test_who_stops_in_the_middle_is_cut_off),
		TEST(test_who_is_quiet_between_messages_stays),
		TEST(test_what_was_taken_of_one_that_is_gone_is_replied_to),
		TEST(test_who_has_sent_all_is_answered_and_closed),
		TEST(test_trouble_is_told),
		TEST(test_trouble_without_end_is_told_once_a_second),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
