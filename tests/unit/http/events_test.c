#include "http/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "desk.h"
#include "http/routes.h"

#define HOST "Host: a\r\n"

static bool admit(void *self, struct sf_exchange *exchange, int64_t now_ms)
{
	(void)self;
	(void)exchange;
	(void)now_ms;
	return true;
}

static bool name_asker(void *self, struct sf_exchange *exchange, struct sf_request *request)
{
	(void)self;
	request->asker.account = "token:test";
	request->asker.session.bytes[0] = (uint8_t)exchange->request->authorization[0];
	return true;
}

static int setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	if (!desk)
		return -1;
	desk_init(desk);
	desk->options.access = (struct sf_http_access){.admit = admit, .name = name_asker};
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *desk = *state;
	desk_close(desk);
	free(desk);
	return 0;
}

/* id "": a client that was never here. HTTP/1.0 has no chunks, which would cut events. */
static int follow_by(struct desk *desk, const char *version, const char *id)
{
	char text[256];
	int peer = desk_dial(desk);
	snprintf(text, sizeof(text), "GET /api/v1/events HTTP/%s\r\n" HOST "%s%s%s\r\n", version,
		id[0] ? "Last-Event-ID: " : "", id, id[0] ? "\r\n" : "");
	desk_forget(desk);
	desk_say(desk, peer, text);
	return peer;
}

static int follow(struct desk *desk, const char *id)
{
	return follow_by(desk, "1.0", id);
}

static void test_rows_are_events_with_their_cursor(void **state)
{
	struct desk *desk = *state;
	desk_open(desk);
	desk_tell(desk, 3);
	int peer = follow(desk, "");
	desk_hear(desk, peer, "retry: ");
	assert_non_null(strstr(desk->text, "Content-Type: text/event-stream\r\n"));
	/* Nothing of the past was asked for. */
	assert_null(strstr(desk->text, "id: "));
	desk_tell(desk, 5);
	desk_hear(desk, peer, "id: 5\n");
	assert_null(strstr(desk->text, "id: 3\n"));
	assert_non_null(strstr(desk->text, "id: 4\nevent: received\ndata: {\"cursor\":4,"));
	close(peer);
}

static void test_client_that_comes_back_misses_nothing(void **state)
{
	struct desk *desk = *state;
	desk_open(desk);
	desk_tell(desk, 1000);
	int peer = follow(desk, "100");
	desk_hear(desk, peer, "id: 1000\n");
	desk_tell(desk, 1001);
	desk_hear(desk, peer, "id: 1001\n");
	const char *at = desk->text;
	for (unsigned cursor = 101; cursor <= 1001; cursor++) {
		char line[32];
		snprintf(line, sizeof(line), "id: %u\n", cursor);
		at = strstr(at, line);
		if (!at)
			fail_msg("missing or out of order: %s", line);
		at++;
		assert_null(strstr(at, line));
	}
	assert_null(strstr(desk->text, "id: 100\n"));
	close(peer);
}

static void test_cursor_that_is_forgotten_goes_on_with_the_oldest_row(void **state)
{
	struct desk *desk = *state;
	desk_open(desk);
	desk->oldest = 51;
	desk_tell(desk, 60);
	int peer = follow(desk, "7");
	desk_hear(desk, peer, "id: 60\n");
	assert_non_null(strstr(desk->text, "retry: 3000\n\nid: 51\n"));
	/* Also when it is forgotten while a client listens, and for a cursor never given. */
	desk->oldest = 101;
	desk_tell(desk, 110);
	desk_hear(desk, peer, "id: 110\n");
	assert_non_null(strstr(desk->text, "id: 101\n"));
	close(peer);
	peer = follow(desk, "999");
	desk_hear(desk, peer, "id: 110\n");
	assert_non_null(strstr(desk->text, "retry: 3000\n\nid: 101\n"));
	close(peer);
}

static void test_all_clients_share_one_long_poll(void **state)
{
	struct desk *desk = *state;
	int peers[40];
	desk_open(desk);
	desk_tell(desk, 1);
	for (size_t i = 0; i < SF_COUNT(peers); i++) {
		peers[i] = follow(desk, "");
		desk_hear(desk, peers[i], "retry: ");
	}
	desk_idle(desk);
	/* One for what happens, and one for whose token has ended. */
	assert_int_equal(desk_pending(desk), 2);
	size_t before = desk->asked;
	desk_tell(desk, 2);
	for (size_t i = 0; i < SF_COUNT(peers); i++) {
		desk_forget(desk);
		desk_hear(desk, peers[i], "id: 2\n");
	}
	assert_true(desk->asked <= before + 2);
	assert_string_equal(desk->last_asker.account, "http");
	assert_true(desk->last_wait_ms > 0);
	for (size_t i = 0; i < SF_COUNT(peers); i++)
		close(peers[i]);
	/* When all are gone nobody asks any more. */
	for (int i = 0; desk_pending(desk) > 0 && i < 50; i++) {
		desk->now_ms += 15000;
		desk_idle(desk);
	}
	assert_int_equal(desk_pending(desk), 0);
	assert_int_equal(sf_http_server_count(sf_http_face_server(desk->opened)).streams, 0);
}

static int follow_as(struct desk *desk, char who)
{
	char text[256];
	int peer = desk_dial(desk);
	snprintf(text, sizeof(text),
		"GET /api/v1/events HTTP/1.0\r\n" HOST "Authorization: %c\r\n\r\n", who);
	desk_forget(desk);
	desk_say(desk, peer, text);
	desk_hear(desk, peer, "retry: ");
	return peer;
}

static void test_a_stream_ends_with_what_it_was_asked_with(void **state)
{
	struct desk *desk = *state;
	const struct sf_digest anna = {{'a'}}, nobody = {{'x'}};
	desk_open(desk);
	desk_tell(desk, 1);
	int first = follow_as(desk, 'a'), other = follow_as(desk, 'b'),
	    second = follow_as(desk, 'a');
	desk_end(desk, &nobody);
	desk_idle(desk);
	/* Nothing that happens from then on is told, not even in the same turn. */
	desk_end(desk, &anna);
	desk_tell(desk, 2);
	desk_forget(desk);
	desk_hear_end(desk, first);
	desk_hear_end(desk, second);
	assert_null(strstr(desk->text, "id: 2\n"));
	desk_forget(desk);
	desk_hear(desk, other, "id: 2\n");
	/* Where too many have ended to be told, all come again. */
	desk_end(desk, NULL);
	desk_hear_end(desk, other);
	desk_idle(desk);
	assert_int_equal(desk_pending(desk), 0);
	close(first);
	close(second);
	close(other);
}

static void test_slow_client_falls_behind_and_catches_up(void **state)
{
	struct desk *desk = *state;
	desk_open(desk);
	desk_tell(desk, 1);
	int fast = follow(desk, "");
	desk_hear(desk, fast, "retry: ");
	int slow = follow(desk, "");
	desk_hear(desk, slow, "retry: ");
	/* More than the ring keeps goes by while nobody reads at one end. */
	static char rest[8 * DESK_TEXT_SIZE];
	size_t size = 0;
	for (uint64_t newest = 200; newest <= 6000; newest += 200) {
		char line[32];
		desk_tell(desk, newest);
		desk_forget(desk);
		snprintf(line, sizeof(line), "id: %llu\n", (unsigned long long)newest);
		desk_hear(desk, fast, line);
	}
	while (!strstr(rest, "id: 6000\n")) {
		desk_forget(desk);
		desk_hear(desk, slow, "\n");
		assert_true(size + desk->text_size < sizeof(rest));
		memcpy(rest + size, desk->text, desk->text_size + 1);
		size += desk->text_size;
	}
	const char *at = rest;
	for (unsigned cursor = 2; cursor <= 6000; cursor++) {
		char line[32];
		snprintf(line, sizeof(line), "data: {\"cursor\":%u,", cursor);
		at = strstr(at, line);
		if (!at)
			fail_msg("missing: %u", cursor);
	}
	close(fast);
	close(slow);
}

static void test_silence_has_a_heartbeat_and_streams_an_end(void **state)
{
	struct desk *desk = *state;
	desk_open(desk);
	desk_tell(desk, 1);
	int peer = follow_by(desk, "1.1", "");
	desk_hear(desk, peer, "retry: ");
	desk_forget(desk);
	desk->now_ms += 14000;
	assert_false(desk_hears(desk, peer, ":\n\n"));
	desk->now_ms += 1000;
	desk_hear(desk, peer, ":\n\n");
	desk->now_ms += 15 * 60000;
	desk_hear(desk, peer, "0\r\n\r\n");
	desk_idle(desk);
	assert_int_equal(sf_http_server_count(sf_http_face_server(desk->opened)).streams, 0);
	close(peer);
}

static void test_head_of_a_stream_ends_at_once(void **state)
{
	struct desk *desk = *state;
	desk_open(desk);
	desk_tell(desk, 1);
	int peer = desk_dial(desk);
	desk_forget(desk);
	desk_say(desk, peer,
		"HEAD /api/v1/events HTTP/1.1\r\n" HOST "Last-Event-ID: 0\r\n"
		"Connection: close\r\n\r\n");
	desk_hear_end(desk, peer);
	assert_non_null(strstr(desk->text, "HTTP/1.1 200"));
	assert_non_null(strstr(desk->text, "text/event-stream"));
	assert_null(strstr(desk->text, "id: 1"));
	assert_int_equal(sf_http_server_count(sf_http_face_server(desk->opened)).streams, 0);
	close(peer);
}

static void test_clients_are_bounded_and_ids_checked(void **state)
{
	struct desk *desk = *state;
	desk->options.events.client_max = 2;
	desk_open(desk);
	desk_tell(desk, 1);
	static const char *const wrong[] = {"x", "-1", "1x", "99999999999999999999"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		int peer = follow(desk, wrong[i]);
		desk_hear(desk, peer, "HTTP/1.1 400");
		close(peer);
	}
	int peers[3];
	for (int i = 0; i < 2; i++) {
		peers[i] = follow(desk, "");
		desk_hear(desk, peers[i], "retry: ");
	}
	peers[2] = follow(desk, "");
	desk_hear(desk, peers[2], "HTTP/1.1 503");
	for (int i = 0; i < 3; i++)
		close(peers[i]);
}

int main(void)
{
#define EVENTS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		EVENTS_TEST(test_rows_are_events_with_their_cursor),
		EVENTS_TEST(test_client_that_comes_back_misses_nothing),
		EVENTS_TEST(test_cursor_that_is_forgotten_goes_on_with_the_oldest_row),
		EVENTS_TEST(test_all_clients_share_one_long_poll),
		EVENTS_TEST(test_a_stream_ends_with_what_it_was_asked_with),
		EVENTS_TEST(test_slow_client_falls_behind_and_catches_up),
		EVENTS_TEST(test_silence_has_a_heartbeat_and_streams_an_end),
		EVENTS_TEST(test_head_of_a_stream_ends_at_once),
		EVENTS_TEST(test_clients_are_bounded_and_ids_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
