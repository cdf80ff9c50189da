#include "http/server.h"

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

static void test_request_is_answered_and_the_connection_goes_on(void **state)
{
	struct line *line = *state;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer, "GET /a%20b?c HTTP/1.1\r\n" HOST "\r\n");
	line_hear(line, peer);
	assert_int_equal(line_status(line), 200);
	assert_true(line_has(line, "\r\n\r\n/a b\n"));
	assert_true(line_has(line, "X-Content-Type-Options: nosniff\r\n"));
	assert_true(line_has(line, "Cache-Control: no-store\r\n"));
	assert_true(line_has(line, "Content-Type: text/plain\r\n"));
	assert_false(line_has(line, "Server:"));
	assert_false(line_has(line, "microhttpd"));
	line_say(line, peer, "POST /b HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello");
	line_hear(line, peer);
	assert_true(line_has(line, "\r\n\r\n/b\n"));
	assert_int_equal(line->last_body_size, 5);
	/* Two at once are answered one after the other. */
	line_say(line, peer,
		"GET /c HTTP/1.1\r\n" HOST "\r\nGET /d HTTP/1.1\r\n" HOST
		"Connection: close\r\n\r\n");
	line_hear_end(line, peer);
	assert_true(line_has(line, "\r\n\r\n/c\n"));
	assert_true(line_has(line, "\r\n\r\n/d\n"));
	assert_int_equal(line->taken, 4);
	close(peer);
}

/* A browser shows what a peer has sent as text, or not at all; a page says itself what it may. */
static void test_what_is_no_page_cannot_act_as_one(void **state)
{
	struct line *line = *state;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	line_hear(line, peer);
	assert_true(line_has(line,
		"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; "
		"sandbox\r\n"));
	line_say(line, peer, "GET /page HTTP/1.1\r\n" HOST "\r\n");
	line_hear(line, peer);
	assert_true(line_has(line, "Content-Security-Policy: script-src 'self'\r\n"));
	assert_false(line_has(line, "sandbox"));
	close(peer);
}

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

/* What was told of the last request that ended. */
struct ended {
	size_t count;
	unsigned status;
	int64_t duration_ms;
	char trace[64];
};

static void note_end(void *self, const struct sf_http_call *call, int64_t duration_ms)
{
	struct ended *ended = self;
	ended->count++;
	ended->status = call->response.status;
	ended->duration_ms = duration_ms;
	snprintf(ended->trace, sizeof(ended->trace), "%s", call->request.traceparent);
}

static void test_trace_is_answered_and_every_end_is_told(void **state)
{
	struct line *line = *state;
	struct ended ended = {.count = 0};
	line->options.ended = note_end;
	line->options.ended_self = &ended;
	line->holds = true;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer, "GET /a HTTP/1.1\r\n" HOST "Traceparent: " TRACE "\r\n\r\n");
	for (int turn = 0; !line->held && turn < 2000; turn++)
		line_turn(line);
	assert_non_null(line->held);
	assert_int_equal(ended.count, 0);
	line->now_ms += 25;
	line->held->response.status = 204;
	sf_http_server_respond(line->server, line->held);
	line->holds = false;
	line->held = NULL;
	line_hear(line, peer);
	assert_true(line_has(line, "\r\ntraceparent: " TRACE "\r\n"));
	/* What is none is not answered, nor does it pass for one in the log. */
	line_say(line, peer,
		"GET /b HTTP/1.1\r\n" HOST "traceparent: Nancy\r\nConnection: close\r\n\r\n");
	assert_int_equal(ended.count, 1);
	assert_int_equal(ended.status, 204);
	assert_int_equal(ended.duration_ms, 25);
	assert_string_equal(ended.trace, TRACE);
	line_hear_end(line, peer);
	assert_false(line_has(line, "traceparent"));
	assert_int_equal(ended.count, 2);
	assert_int_equal(ended.status, 200);
	assert_string_equal(ended.trace, "");
	close(peer);
	/* What the guard refuses ends, too. */
	peer = line_dial(line);
	line_say(line, peer, "GET / HTTP/1.1\r\n" HOST HOST "\r\n");
	line_hear_end(line, peer);
	assert_int_equal(ended.count, 3);
	assert_int_equal(ended.status, 400);
	close(peer);
}

static void test_head_is_a_get_without_its_body(void **state)
{
	struct line *line = *state;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer, "HEAD /abc HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	line_hear_end(line, peer);
	assert_int_equal(line_status(line), 200);
	assert_true(line_has(line, "Content-Length: 5\r\n"));
	assert_false(line_has(line, "/abc"));
	close(peer);
}

/* The same table as in guard_test, and what only the bytes themselves show, over a real socket. */
static void test_smuggling_is_refused_and_ends_the_connection(void **state)
{
	struct line *line = *state;
	line_open(line);
	static const char *const requests[] = {
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" HOST
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST "Transfer-\r\n Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 5,5\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n 0\r\n\r\nhello",
		"GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n",
		"GET / HTTP/1.1\r\n" HOST "X: a\r\n\tb\r\nY: c\r\n\r\n",
		"GET / HTTP/1.1\r\n X: a\r\n" HOST "\r\n",
		"GET / HTTP/1.1\r\n" HOST "X: a\nY: b\r\nZ: c\r\n\r\n",
		"GET / HTTP/1.1\r\n" HOST "Host: b\r\n\r\n",
		"GET / HTTP/1.1\r\nX: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost:\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n",
		"GET http://b/ HTTP/1.1\r\n" HOST "\r\n",
		"OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
		"CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n",
		"GET /a/../b HTTP/1.1\r\n" HOST "\r\n",
		"GET /%2e%2e/b HTTP/1.1\r\n" HOST "\r\n",
		"GET /a%2fb HTTP/1.1\r\n" HOST "\r\n",
		"GET /a%00b HTTP/1.1\r\n" HOST "\r\n",
		"GET /a%zz HTTP/1.1\r\n" HOST "\r\n",
		"GET /?%0 HTTP/1.1\r\n" HOST "\r\n",
		"GET  HTTP/1.1\r\n" HOST "\r\n",
	};
	for (size_t i = 0; i < SF_COUNT(requests); i++) {
		int peer = line_dial(line);
		line_say(line, peer, requests[i]);
		/* What is smuggled behind it must never be read as a request. */
		line_say(line, peer, "GET /smuggled HTTP/1.1\r\n" HOST "\r\n");
		line_hear_end(line, peer);
		if (line_status(line) != 400)
			fail_msg("%s: %s", requests[i], line->text);
		assert_false(line_has(line, "smuggled"));
		close(peer);
	}
	assert_int_equal(line->taken, 0);
}

static void test_nul_in_a_header_is_refused(void **state)
{
	struct line *line = *state;
	line_open(line);
	static const char request[] = "GET / HTTP/1.1\r\n" HOST "X: a\0b\r\nY: c\r\n\r\n";
	int peer = line_dial(line);
	line_put(line, peer, request, sizeof(request) - 1);
	line_hear_end(line, peer);
	assert_int_equal(line_status(line), 400);
	close(peer);
}

static void test_head_that_is_too_large_is_refused(void **state)
{
	struct line *line = *state;
	line_open(line);
	int peer = line_dial(line);
	char field[4000];
	memset(field, 'x', sizeof(field));
	line_say(line, peer, "GET / HTTP/1.1\r\n" HOST);
	for (int i = 0; i < 8; i++) {
		line_say(line, peer, "X: ");
		if (!line_put(line, peer, field, sizeof(field)))
			break;
		line_say(line, peer, "\r\n");
	}
	line_hear_end(line, peer);
	assert_true(line_status(line) == 431 || line_status(line) == 0);
	close(peer);
	peer = line_dial(line);
	line_say(line, peer, "GET / HTTP/1.1\r\n" HOST);
	for (int i = 0; i < 70; i++)
		line_say(line, peer, "X: y\r\n");
	line_say(line, peer, "\r\n");
	line_hear_end(line, peer);
	assert_int_equal(line_status(line), 431);
	assert_int_equal(line->taken, 0);
	close(peer);
}

static void test_slow_senders_and_idlers_are_cut_off(void **state)
{
	struct line *line = *state;
	line_open(line);
	int drip = line_dial(line);
	int body = line_dial(line);
	int idle = line_dial(line);
	line_say(line, drip, "GET / HTTP/1.1\r\n" HOST);
	line_say(line, body, "POST / HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\n");
	line_turn(line);
	line_turn(line);
	/* Bytes that come now and then buy no time. */
	for (int i = 0; i < 29; i++) {
		line->now_ms += 1000;
		line_say(line, drip, "X: y\r\n");
		line_say(line, body, "x");
		line_turn(line);
	}
	assert_false(line_gone(line, drip));
	assert_false(line_gone(line, body));
	line->now_ms += 2000;
	assert_true(line_gone(line, drip));
	assert_true(line_gone(line, body));
	assert_false(line_gone(line, idle));
	line->now_ms += 30000;
	assert_true(line_gone(line, idle));
	assert_int_equal(sf_http_server_count(line->server).cut_off, 3);
	for (int i = 0; i < 20; i++)
		line_turn(line);
	assert_int_equal(sf_http_server_count(line->server).connections, 0);
	close(drip);
	close(body);
	close(idle);
}

static void test_who_does_not_read_its_response_is_cut_off(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	int peer = line_dial(line);
	int small = 4096;
	assert_int_equal(setsockopt(peer, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	line_say(line, peer, "GET / HTTP/1.1\r\n" HOST "\r\n");
	for (int i = 0; !line->held && i < 1000; i++)
		line_turn(line);
	assert_non_null(line->held);
	/* An engine may take as long as it needs. */
	line->now_ms += 1000000;
	assert_false(line_gone(line, peer));
	struct sf_http_response *response = &line->held->response;
	uint8_t *place;
	sf_buf_init(&response->body, 20000000);
	assert_int_equal(sf_buf_extend(&response->body, 20000000, &place), SF_OK);
	response->status = 200;
	response->content_type = "application/octet-stream";
	sf_http_server_respond(line->server, line->held);
	line->held = NULL;
	for (int i = 0; i < 20; i++)
		line_turn(line);
	assert_int_equal(sf_http_server_count(line->server).connections, 1);
	line->now_ms += 120001;
	for (int i = 0; i < 20; i++)
		line_turn(line);
	assert_int_equal(sf_http_server_count(line->server).connections, 0);
	assert_int_equal(sf_http_server_count(line->server).cut_off, 1);
	close(peer);
}

static void hold_one(struct line *line)
{
	for (int i = 0; !line->held && i < 1000; i++)
		line_turn(line);
	assert_non_null(line->held);
}

static void respond_held(struct line *line)
{
	line->held->response.status = 204;
	line->held->response.content_type = "";
	sf_http_server_respond(line->server, line->held);
	line->held = NULL;
}

static void test_half_closed_client_is_answered(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer, "GET / HTTP/1.1\r\n" HOST "\r\n");
	hold_one(line);
	assert_true(sf_http_call_connected(line->held));
	assert_ptr_equal(sf_http_server_find(line->server, line->held->number), line->held);
	shutdown(peer, SHUT_WR);
	for (int i = 0; sf_http_call_connected(line->held) && i < 1000; i++)
		line_turn(line);
	assert_false(sf_http_call_connected(line->held));
	respond_held(line);
	line_hear_end(line, peer);
	assert_int_equal(line_status(line), 204);
	close(peer);
}

static void test_client_that_hangs_up_costs_nothing_else(void **state)
{
	struct line *line = *state;
	line->holds = true;
	line_open(line);
	int peer = line_dial(line);
	line_say(line, peer, "GET / HTTP/1.1\r\n" HOST "\r\n");
	hold_one(line);
	close(peer);
	for (int i = 0; i < 20; i++)
		line_turn(line);
	respond_held(line);
	for (int i = 0; i < 20; i++)
		line_turn(line);
	assert_int_equal(sf_http_server_count(line->server).connections, 0);
}

static void test_judged_requests_keep_a_connection_without_a_body(void **state)
{
	struct line *line = *state;
	line->admits = false;
	line_open(line);
	int peer = line_dial(line);
	for (int i = 0; i < 2; i++) {
		line_say(line, peer, "GET / HTTP/1.1\r\n" HOST "\r\n");
		line_hear(line, peer);
		assert_int_equal(line_status(line), 404);
		assert_true(line_has(line, "application/problem+json"));
		assert_false(line->ended);
	}
	line_say(line, peer,
		"POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n");
	line_hear_end(line, peer);
	assert_int_equal(line_status(line), 404);
	assert_false(line_has(line, "100 Continue"));
	assert_int_equal(line->taken, 0);
	close(peer);
}

static void test_connections_are_bounded(void **state)
{
	struct line *line = *state;
	line->options.connection_max = 4;
	line->options.connection_of_address_max = 3;
	line_open(line);
	int peers[4];
	for (int i = 0; i < 4; i++)
		peers[i] = line_dial(line);
	for (int i = 0; i < 20; i++)
		line_turn(line);
	assert_int_equal(sf_http_server_count(line->server).connections, 3);
	assert_true(line_gone(line, peers[3]));
	for (int i = 0; i < 4; i++)
		close(peers[i]);
}

/* FACTS: another way of driving the library broke down at exactly 128. */
static void test_many_active_connections_are_all_answered(void **state)
{
	struct line *line = *state;
	static const int counts[] = {127, 128, 129, 300};
	line->options.connection_max = 400;
	line_open(line);
	for (size_t i = 0; i < SF_COUNT(counts); i++) {
		int peers[300];
		size_t before = line->taken;
		for (int k = 0; k < counts[i]; k++) {
			peers[k] = line_dial(line);
			line_turn(line);
		}
		for (int round = 0; round < 3; round++) {
			for (int k = 0; k < counts[i]; k++)
				line_say(line, peers[k], "GET /x HTTP/1.1\r\n" HOST "\r\n");
			for (int k = 0; k < counts[i]; k++) {
				line_hear(line, peers[k]);
				assert_int_equal(line_status(line), 200);
			}
		}
		assert_int_equal(line->taken - before, 3 * (size_t)counts[i]);
		for (int k = 0; k < counts[i]; k++)
			close(peers[k]);
	}
}

static void test_addresses_are_checked(void **state)
{
	struct line *line = *state;
	static const char *const wrong[] = {"", "localhost:80", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:1x", "::1:80", "[127.0.0.1]:80",
		"[::1]80", "0.0.0.0:0", "[::]:0", "[::ffff:127.0.0.1]:0"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_diag diag = {{0}};
		line->options.listen = wrong[i];
		if (sf_http_server_open(&line->options, &line->server, &diag) != SF_ERR_CONFIG)
			fail_msg("taken: %s", wrong[i]);
		assert_true(diag.text[0] != '\0');
	}
	line->options.listen = "127.0.0.1:0";
	line_open(line);
	/* Another program has the port. */
	char taken[64];
	snprintf(taken, sizeof(taken), "127.0.0.1:%u", sf_http_server_port(line->server));
	struct sf_http_server *other = NULL;
	line->options.listen = taken;
	struct sf_diag diag = {{0}};
	assert_int_equal(sf_http_server_open(&line->options, &other, &diag), SF_ERR_EXISTS);
	assert_non_null(strstr(diag.text, "another program"));
	/* TLS that cannot work is said at the start. */
	line->options.listen = "127.0.0.1:0";
	line->options.certificate = "no certificate";
	line->options.key = "no key";
	assert_int_equal(sf_http_server_open(&line->options, &other, &diag), SF_ERR_CONFIG);
}

int main(void)
{
#define SERVER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		SERVER_TEST(test_request_is_answered_and_the_connection_goes_on),
		SERVER_TEST(test_what_is_no_page_cannot_act_as_one),
		SERVER_TEST(test_trace_is_answered_and_every_end_is_told),
		SERVER_TEST(test_head_is_a_get_without_its_body),
		SERVER_TEST(test_smuggling_is_refused_and_ends_the_connection),
		SERVER_TEST(test_nul_in_a_header_is_refused),
		SERVER_TEST(test_head_that_is_too_large_is_refused),
		SERVER_TEST(test_slow_senders_and_idlers_are_cut_off),
		SERVER_TEST(test_who_does_not_read_its_response_is_cut_off),
		SERVER_TEST(test_half_closed_client_is_answered),
		SERVER_TEST(test_client_that_hangs_up_costs_nothing_else),
		SERVER_TEST(test_judged_requests_keep_a_connection_without_a_body),
		SERVER_TEST(test_connections_are_bounded),
		SERVER_TEST(test_many_active_connections_are_all_answered),
		SERVER_TEST(test_addresses_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
