#include "http/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "line.h"

static int setup(void **state)
{
	struct line *line = calloc(1, sizeof(*line));
	if (!line)
		return -1;
	line_init(line);
	*state = line;
	return 0;
}

static int teardown(void **state)
{
	struct line *line = *state;
	line_close(line);
	free(line);
	return 0;
}

#define HOST "Host: a\r\n"

static void test_chunks_are_put_together(void **state)
{
	struct line *line = *state;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer,
		"POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
		"5\r\nhello\r\n3\r\n");
	line_turn(line);
	line_say(line, peer, "abc\r\n0\r\n\r\n");
	line_hear(line, peer);
	assert_int_equal(line_status(line), 200);
	assert_int_equal(line->last_body_size, 8);
	close(peer);
}

static void test_body_that_is_too_large_is_refused(void **state)
{
	struct line *line = *state;
	line_open(line);
	/* Announced: before a byte of it is asked for. */
	int peer = line_dial(line);
	line_say(line, peer,
		"POST / HTTP/1.1\r\n" HOST
		"Expect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
	line_hear_end(line, peer);
	assert_int_equal(line_status(line), 413);
	assert_false(line_has(line, "100 Continue"));
	assert_true(line_has(line, "Connection: close\r\n"));
	close(peer);
	/* Not announced: when it has grown too large. */
	peer = line_dial(line);
	line_say(line, peer, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
	char chunk[10000];
	memset(chunk, 'x', sizeof(chunk));
	for (int i = 0; i < 11; i++) {
		line_say(line, peer, "2710\r\n");
		line_put(line, peer, chunk, sizeof(chunk));
		line_say(line, peer, "\r\n");
	}
	line_say(line, peer, "0\r\n\r\n");
	line_hear_end(line, peer);
	assert_int_equal(line_status(line), 413);
	close(peer);
	/* Without an end. */
	peer = line_dial(line);
	line_say(line, peer, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
	bool goes = true;
	for (int i = 0; goes && i < 1000; i++)
		goes = line_put(line, peer, "2710\r\n", 6) &&
		       line_put(line, peer, chunk, sizeof(chunk)) &&
		       line_put(line, peer, "\r\n", 2);
	assert_false(goes);
	close(peer);
	assert_int_equal(line->taken, 0);
	line_turn(line);
	assert_int_equal(sf_http_server_count(line->server).body_bytes, 0);
}

static void test_bodies_share_a_limit(void **state)
{
	struct line *line = *state;
	line_open(line);
	static char most[89999];
	memset(most, 'x', sizeof(most));
	int peers[3];
	for (int i = 0; i < 3; i++) {
		peers[i] = line_dial(line);
		line_say(
			line, peers[i], "POST / HTTP/1.1\r\n" HOST "Content-Length: 90000\r\n\r\n");
		/* What is only announced takes no room from anybody. */
		line_turn(line);
		line_turn(line);
		assert_int_equal(
			sf_http_server_count(line->server).body_bytes, (size_t)i * sizeof(most));
		if (i == 2)
			break;
		line_put(line, peers[i], most, sizeof(most));
		for (int k = 0; k < 40; k++)
			line_turn(line);
	}
	line_hear_end(line, peers[2]);
	assert_int_equal(line_status(line), 503);
	assert_true(line_has(line, "Retry-After: 1\r\n"));
	line_say(line, peers[0], "y");
	line_hear(line, peers[0]);
	assert_int_equal(line_status(line), 200);
	assert_int_equal(line->last_body_size, 90000);
	close(peers[0]);
	close(peers[1]);
	close(peers[2]);
	for (int i = 0; i < 20; i++)
		line_turn(line);
	assert_int_equal(sf_http_server_count(line->server).body_bytes, 0);
}

static void test_chunks_that_find_no_room_are_told_so(void **state)
{
	struct line *line = *state;
	line->options.bytes_max = 150000;
	line_open(line);
	static char most[90000];
	memset(most, 'x', sizeof(most));
	int peers[2];
	for (int i = 0; i < 2; i++) {
		peers[i] = line_dial(line);
		line_say(line, peers[i],
			"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n15f90\r\n");
		line_put(line, peers[i], most, sizeof(most));
		for (int k = 0; k < 40; k++)
			line_turn(line);
	}
	line_say(line, peers[1], "\r\n0\r\n\r\n");
	line_hear_end(line, peers[1]);
	assert_int_equal(line_status(line), 503);
	line_say(line, peers[0], "\r\n0\r\n\r\n");
	line_hear(line, peers[0]);
	assert_int_equal(line->last_body_size, 90000);
	close(peers[0]);
	close(peers[1]);
}

static void test_truncated_body_is_no_request(void **state)
{
	struct line *line = *state;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer, "POST / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nhello");
	line_turn(line);
	shutdown(peer, SHUT_WR);
	/* When end and bytes come at once the library notices the bytes alone. */
	line_turn(line);
	line->now_ms += 30001;
	line_hear_end(line, peer);
	assert_int_equal(line->text_size, 0);
	assert_int_equal(line->taken, 0);
	close(peer);
}

static void test_expecting_client_is_told_to_go_on(void **state)
{
	struct line *line = *state;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer,
		"POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
	line_hear(line, peer);
	assert_int_equal(line_status(line), 100);
	line_say(line, peer, "hello");
	line_hear(line, peer);
	assert_int_equal(line_status(line), 200);
	assert_int_equal(line->last_body_size, 5);
	close(peer);
}

static void hold_one(struct line *line)
{
	for (int i = 0; !line->held && i < 1000; i++)
		line_turn(line);
	assert_non_null(line->held);
}

struct spring {
	const char *text;
	size_t given;
	bool ends;
	bool closed;
};

static ptrdiff_t read_spring(void *self, uint8_t *place, size_t room)
{
	struct spring *spring = self;
	size_t size = strlen(spring->text) - spring->given;
	size = size < room ? size : room;
	memcpy(place, spring->text + spring->given, size);
	spring->given += size;
	return size > 0 ? (ptrdiff_t)size : spring->ends ? -1 : 0;
}

static void close_spring(void *self)
{
	struct spring *spring = self;
	spring->closed = true;
}

static struct sf_http_call *stream_to(struct line *line, int peer, struct spring *spring)
{
	line_say(line, peer, "GET / HTTP/1.1\r\n" HOST "\r\n");
	hold_one(line);
	struct sf_http_call *call = line->held;
	line->held = NULL;
	call->response.status = 200;
	call->response.content_type = "text/event-stream";
	const struct sf_http_source source = {spring, read_spring, close_spring, 0};
	sf_http_server_stream(line->server, call, &source);
	return call;
}

static void hear_part(struct line *line, int peer, const char *part)
{
	static char text[4096];
	size_t size = 0;
	for (int i = 0; i < 1000; i++) {
		line_turn(line);
		ssize_t got = recv(peer, text + size, sizeof(text) - 1 - size, MSG_DONTWAIT);
		size += got > 0 ? (size_t)got : 0;
		text[size] = '\0';
		if (strstr(text, part))
			return;
	}
	fail_msg("never came: %s in %s", part, text);
}

/* Who waits for the server's descriptor alone would let the answer lie until something happens. */
static void test_answer_wants_a_round_at_once(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	struct spring spring = {.text = "one."};
	int peer = line_dial(line);
	struct sf_http_call *call = stream_to(line, peer, &spring);
	assert_int_equal(sf_http_server_wake_ms(line->server), line->now_ms);
	hear_part(line, peer, "one.");
	for (int i = 0; sf_http_server_wake_ms(line->server) <= line->now_ms && i < 100; i++)
		line_turn(line);
	assert_true(sf_http_server_wake_ms(line->server) > line->now_ms);
	spring.text = "one.two.";
	sf_http_server_wake(line->server, call);
	assert_int_equal(sf_http_server_wake_ms(line->server), line->now_ms);
	hear_part(line, peer, "two.");
	close(peer);
}

static void test_stream_rests_wakes_and_ends(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	struct spring spring = {.text = "one."};
	int peer = line_dial(line);
	struct sf_http_call *call = stream_to(line, peer, &spring);
	hear_part(line, peer, "one.");
	assert_int_equal(sf_http_server_count(line->server).streams, 1);
	/* It may rest as long as it likes. */
	line->now_ms += 1000000;
	assert_false(line_gone(line, peer));
	spring.text = "one.two.";
	sf_http_server_wake(line->server, call);
	sf_http_server_wake(line->server, call);
	hear_part(line, peer, "two.");
	spring.ends = true;
	sf_http_server_wake(line->server, call);
	hear_part(line, peer, "0\r\n\r\n");
	for (int i = 0; !spring.closed && i < 1000; i++)
		line_turn(line);
	assert_true(spring.closed);
	assert_int_equal(sf_http_server_count(line->server).streams, 0);
	close(peer);
}

static void test_stream_that_nobody_reads_is_cut_off(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	char *much = malloc(20000001);
	assert_non_null(much);
	memset(much, 'x', 20000000);
	much[20000000] = '\0';
	struct spring spring = {.text = much};
	int peer = line_dial(line);
	stream_to(line, peer, &spring);
	size_t before = 1;
	for (int i = 0; spring.given != before && i < 100; i++) {
		before = spring.given;
		for (int k = 0; k < 50; k++)
			line_turn(line);
	}
	assert_true(spring.given > 0 && spring.given < 20000000);
	line->now_ms += 30001;
	for (int i = 0; !spring.closed && i < 1000; i++)
		line_turn(line);
	assert_true(spring.closed);
	close(peer);
	free(much);
}

static void test_stream_whose_client_left_is_closed_when_it_speaks(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	struct spring spring = {.text = "one."};
	int peer = line_dial(line);
	struct sf_http_call *call = stream_to(line, peer, &spring);
	hear_part(line, peer, "one.");
	close(peer);
	char text[64] = "one.";
	spring.text = text;
	for (int i = 0; !spring.closed && i < 100; i++) {
		if (strlen(text) < sizeof(text) - 1)
			text[strlen(text)] = '.';
		sf_http_server_wake(line->server, call);
		line_turn(line);
	}
	assert_true(spring.closed);
}

/* Whole, taken, streaming, half-read: everything is given back (the sanitizer watches). */
static void test_server_closes_over_everything_that_waits(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	struct spring spring = {.text = "one."};
	int peers[4];
	for (int i = 0; i < 4; i++)
		peers[i] = line_dial(line);
	stream_to(line, peers[0], &spring);
	hear_part(line, peers[0], "one.");
	line_say(line, peers[1], "GET /taken HTTP/1.1\r\n" HOST "\r\n");
	hold_one(line);
	line_say(line, peers[2], "GET /whole HTTP/1.1\r\n" HOST "\r\n");
	line_say(line, peers[3], "POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nhalf");
	for (int i = 0; i < 20; i++)
		line_turn(line);
	assert_non_null(sf_http_server_oldest(line->server));
	line_close(line);
	assert_true(spring.closed);
	for (int i = 0; i < 4; i++)
		close(peers[i]);
}

int main(void)
{
#define WIRE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		WIRE_TEST(test_chunks_are_put_together),
		WIRE_TEST(test_body_that_is_too_large_is_refused),
		WIRE_TEST(test_bodies_share_a_limit),
		WIRE_TEST(test_chunks_that_find_no_room_are_told_so),
		WIRE_TEST(test_truncated_body_is_no_request),
		WIRE_TEST(test_expecting_client_is_told_to_go_on),
		WIRE_TEST(test_answer_wants_a_round_at_once),
		WIRE_TEST(test_stream_rests_wakes_and_ends),
		WIRE_TEST(test_stream_that_nobody_reads_is_cut_off),
		WIRE_TEST(test_stream_whose_client_left_is_closed_when_it_speaks),
		WIRE_TEST(test_server_closes_over_everything_that_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
