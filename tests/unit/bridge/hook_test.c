/* Webhooks as a face, with the engine and the receiver played here: what is asked, posted and said.
 */
#include "bridge/hook.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "bridge/post.h"
#include "wire/local.h"

#define WALL_MS ((int64_t)1795000000000)
#define PATIENCE_MS ((int64_t)20000)

struct host {
	struct sf_env env;
	struct sf_hooks *hooks;
	struct sf_face face;
	struct sf_arena arena;
	int listening;
	char url[64];
	char got[4096]; /* by the receiver, the newest post */
	int64_t ahead_ms;
	uint64_t watching; /* call of the long poll */
	struct sf_request watched;
};

static int64_t wall_ms(void *self)
{
	(void)self;
	return WALL_MS;
}

static void no_chance(void *self, void *place, size_t size)
{
	(void)self;
	memset(place, 0, size);
}

/* What is signed is asked of Python's hmac in tests/e2e/hook_test.py. */
static void sign(struct sf_view key, const struct sf_view *parts, size_t count,
	struct sf_digest *ret_signature)
{
	assert_int_equal(key.size, SF_HOOK_SECRET_SIZE);
	assert_int_equal(count, 5);
	assert_true(sf_view_equal(parts[2], sf_view_text("1795000000")));
	*ret_signature = (struct sf_digest){{0}};
}

static int make(void **state)
{
	static struct host host;
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	host = (struct host){.env = {.now_ms = wall_ms, .random = no_chance},
		.listening = socket(AF_INET, SOCK_STREAM, 0)};
	if (bind(host.listening, (struct sockaddr *)&address, size) || listen(host.listening, 1) ||
		getsockname(host.listening, (struct sockaddr *)&address, &size))
		return -1;
	snprintf(host.url, sizeof(host.url), "http://127.0.0.1:%u/in",
		(unsigned)ntohs(address.sin_port));
	sf_arena_init(&host.arena, (size_t)1 << 20);
	*state = &host;
	const struct sf_hooks_options options = {
		.env = &host.env, .sign = sign, .timeout_ms = 10000};
	if (sf_hooks_open(&options, &host.hooks))
		return -1;
	host.face = sf_hooks_face(host.hooks);
	return 0;
}

static int close_all(void **state)
{
	struct host *host = *state;
	sf_hooks_close(&host->hooks);
	sf_arena_fini(&host->arena);
	close(host->listening);
	return 0;
}

/* The loop's clock, which a test may put ahead. */
static int64_t now_ms(const struct host *host)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + host->ahead_ms;
}

static void turn(struct host *host)
{
	struct sf_watch watches[SF_POST_WATCH_MAX];
	struct pollfd polled[SF_POST_WATCH_MAX];
	size_t count = host->face.watch(host->face.self, watches, SF_POST_WATCH_MAX);
	for (size_t i = 0; i < count; i++)
		polled[i] = (struct pollfd){.fd = watches[i].descriptor,
			.events = (short)((watches[i].wants & SF_WATCH_READ ? POLLIN : 0) |
					  (watches[i].wants & SF_WATCH_WRITE ? POLLOUT : 0))};
	poll(polled, (nfds_t)count, 5);
	for (size_t i = 0; i < count; i++)
		watches[i].ready = (polled[i].revents & POLLOUT ? SF_WATCH_WRITE : 0) |
				   (polled[i].revents & ~POLLOUT ? SF_WATCH_READ : 0);
	host->face.handle(host->face.self, watches, count, now_ms(host));
}

static uint64_t ask(struct host *host, struct sf_request *ret_request)
{
	uint64_t call = 0;
	return host->face.take(host->face.self, &host->arena, &call, ret_request) ? call : 0;
}

/* The next thing that is asked, within a bound. */
static uint64_t asks(struct host *host, enum sf_request_kind kind, struct sf_request *ret_request)
{
	int64_t until_ms = now_ms(host) + PATIENCE_MS;
	uint64_t call = 0;
	while (!call && now_ms(host) < until_ms) {
		turn(host);
		call = ask(host, ret_request);
	}
	assert_int_not_equal(call, 0);
	assert_int_equal(ret_request->kind, kind);
	assert_string_equal(ret_request->asker.account, "channel:hook");
	assert_true(host->face.waits(host->face.self, call));
	return call;
}

static void answer(struct host *host, uint64_t call, const struct sf_request *request,
	const struct sf_reply *reply)
{
	host->face.reply(host->face.self, call, request, reply);
	assert_false(host->face.waits(host->face.self, call));
}

static const struct sf_feed_row row = {
	.cursor = 7, .what = SF_FEED_RECEIVED, .message = {{2}}, .party_name = "", .peer_name = ""};

/* What a hook has to hand out; resumed says whether a person wanted it at once. */
static struct sf_reply handout(const struct host *host, bool has_row, uint64_t resumed)
{
	static const uint8_t secret[SF_HOOK_SECRET_SIZE] = {9};
	return (struct sf_reply){.kind = SF_REPLY_HANDOUT,
		.handout = {.version = 1,
			.known = true,
			.resumed = resumed,
			.self = {{5}},
			.url = host->url,
			.secret = sf_view_of(secret, sizeof(secret)),
			.content_type = "",
			.row_count = has_row ? 1 : 0,
			.rows = &row}};
}

/* The first questions of a life: the long poll, and the list, which has one hook. */
static void start(struct host *host)
{
	static const struct sf_channel_row listed = {
		.name = "hook-1", .kind = SF_CHANNEL_HOOK, .url = ""};
	struct sf_request request;
	host->watching = asks(host, SF_REQUEST_HANDOUT, &host->watched);
	assert_string_equal(host->watched.handout.channel, "");
	assert_true(host->watched.handout.wait_ms > 0);
	answer(host, asks(host, SF_REQUEST_CHANNELS, &request), &request,
		&(struct sf_reply){
			.kind = SF_REPLY_CHANNELS, .channels = {.row_count = 1, .rows = &listed}});
}

/* The hook asks what it has to hand out, and is given the row. */
static void give(struct host *host, uint64_t resumed)
{
	struct sf_request request;
	uint64_t call = asks(host, SF_REQUEST_HANDOUT, &request);
	assert_string_equal(request.handout.channel, "hook-1");
	struct sf_reply reply = handout(host, true, resumed);
	answer(host, call, &request, &reply);
}

/* The receiver takes one post and answers it. */
static void receive(struct host *host, const char *said)
{
	int64_t until_ms = now_ms(host) + PATIENCE_MS;
	int peer = -1;
	size_t size = 0;
	host->got[0] = '\0';
	while (!strstr(host->got, "\r\n\r\n{") || host->got[size - 1] != '}') {
		struct pollfd polled = {.fd = peer < 0 ? host->listening : peer, .events = POLLIN};
		assert_true(now_ms(host) < until_ms);
		turn(host);
		if (poll(&polled, 1, 0) <= 0)
			continue;
		if (peer < 0) {
			peer = accept(host->listening, NULL, NULL);
			continue;
		}
		ssize_t more = recv(peer, host->got + size, sizeof(host->got) - 1 - size, 0);
		assert_true(more > 0);
		size += (size_t)more;
		host->got[size] = '\0';
	}
	assert_int_equal(send(peer, said, strlen(said), 0), (ssize_t)strlen(said));
	close(peer);
}

#define TAKEN "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
#define REFUSED "HTTP/1.1 503 Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define GONE "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

static void test_row_is_posted_signed_and_said_to_be_done(void **state)
{
	struct host *host = *state;
	struct sf_request request;
	start(host);
	give(host, 0);
	receive(host, TAKEN);
	assert_non_null(
		strstr(host->got, "webhook-id: evt_05000000000000000000000000000000_7\r\n"));
	assert_non_null(strstr(host->got, "webhook-timestamp: 1795000000\r\n"));
	assert_non_null(strstr(host->got, "webhook-signature: v1,AAAAAAA"));
	assert_non_null(strstr(host->got, "\"what\":\"received\""));
	uint64_t call = asks(host, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 7);
	assert_int_equal(request.handout.failed, 0);
	struct sf_reply nothing = handout(host, false, 0);
	answer(host, call, &request, &nothing);
	turn(host);
	assert_int_equal(ask(host, &request), 0);
}

static void test_post_that_fails_is_said_and_comes_again_under_the_same_id(void **state)
{
	struct host *host = *state;
	struct sf_request request;
	start(host);
	give(host, 0);
	receive(host, REFUSED);
	uint64_t call = asks(host, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 0);
	assert_int_equal(request.handout.failed, 1);
	assert_int_equal(request.handout.fault, SF_CHANNEL_FAULT_REFUSED);
	struct sf_reply same = handout(host, true, 0);
	answer(host, call, &request, &same);
	/* It waits by the loop's clock, and is then the same row. */
	turn(host);
	int64_t wait_ms = host->face.wake_ms(host->face.self) - now_ms(host);
	assert_true(wait_ms > 0 && wait_ms <= 1000);
	host->ahead_ms += 1000;
	receive(host, TAKEN);
	assert_non_null(
		strstr(host->got, "webhook-id: evt_05000000000000000000000000000000_7\r\n"));
	asks(host, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 7);
	assert_int_equal(request.handout.failed, 0);
}

static void test_what_is_refused_for_good_is_said_and_the_next_goes_at_once(void **state)
{
	struct host *host = *state;
	struct sf_request request;
	static const struct sf_feed_row behind = {.cursor = 8,
		.what = SF_FEED_RECEIVED,
		.message = {{3}},
		.party_name = "",
		.peer_name = ""};
	start(host);
	give(host, 0);
	receive(host, GONE);
	uint64_t call = asks(host, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.failed, 1);
	assert_int_equal(request.handout.tried, 7);
	assert_int_equal(request.handout.refused, 1);
	/* Once more: what was said is not said again. */
	struct sf_reply same = handout(host, true, 0);
	answer(host, call, &request, &same);
	host->ahead_ms += 1000;
	receive(host, "HTTP/1.1 503 Away\r\nRetry-After: 3600\r\nContent-Length: 0\r\n"
		      "Connection: close\r\n\r\n");
	call = asks(host, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.failed, 1);
	assert_int_equal(request.handout.tried, 7);
	assert_int_equal(request.handout.refused, 0);
	/* It was put aside: the hour that it would have waited is not that of the next. */
	same.handout.rows = &behind;
	answer(host, call, &request, &same);
	receive(host, TAKEN);
	assert_non_null(strstr(host->got, "_8\r\n"));
	asks(host, SF_REQUEST_HANDOUT, &request);
	assert_int_equal(request.handout.done, 8);
	assert_int_equal(request.handout.tried, 0);
}

static void test_person_who_resumes_it_makes_it_try_at_once(void **state)
{
	struct host *host = *state;
	struct sf_request request;
	start(host);
	give(host, 0);
	receive(host, "HTTP/1.1 503 Away\r\nRetry-After: 3600\r\nContent-Length: 0\r\n"
		      "Connection: close\r\n\r\n");
	uint64_t call = asks(host, SF_REQUEST_HANDOUT, &request);
	struct sf_reply same = handout(host, true, 0);
	answer(host, call, &request, &same);
	turn(host);
	assert_true(host->face.wake_ms(host->face.self) > now_ms(host) + 3000000);
	/* The long poll tells that something changed; the list is asked for, and then the hook. */
	same.handout.version = 2;
	answer(host, host->watching, &host->watched, &same);
	start(host);
	give(host, 1);
	receive(host, TAKEN);
}

static void test_hook_that_is_gone_is_forgotten_with_what_it_had(void **state)
{
	struct host *host = *state;
	struct sf_request request;
	start(host);
	uint64_t call = asks(host, SF_REQUEST_HANDOUT, &request);
	answer(host, call, &request, &(struct sf_reply){.kind = SF_REPLY_HANDOUT});
	turn(host);
	assert_int_equal(ask(host, &request), 0);
	assert_int_equal(host->face.wake_ms(host->face.self), INT64_MAX);
}

static void test_engine_that_cannot_answer_is_asked_again_later(void **state)
{
	struct host *host = *state;
	struct sf_request request;
	start(host);
	uint64_t call = asks(host, SF_REQUEST_HANDOUT, &request);
	answer(host, call, &request, &(struct sf_reply){.err = SF_ERR_AGAIN});
	turn(host);
	assert_int_equal(ask(host, &request), 0);
	host->ahead_ms += 1000;
	give(host, 0);
	receive(host, TAKEN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, close_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_row_is_posted_signed_and_said_to_be_done),
		TEST(test_post_that_fails_is_said_and_comes_again_under_the_same_id),
		TEST(test_what_is_refused_for_good_is_said_and_the_next_goes_at_once),
		TEST(test_person_who_resumes_it_makes_it_try_at_once),
		TEST(test_hook_that_is_gone_is_forgotten_with_what_it_had),
		TEST(test_engine_that_cannot_answer_is_asked_again_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
