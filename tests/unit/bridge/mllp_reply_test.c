/* Application acknowledgements as a face, with the engine and the receiver played here. */
#include "bridge/mllp_reply.h"

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

#include "bridge/retry.h"
#include "wire/local.h"

#define PATIENCE_MS ((int64_t)20000)
#define TIMEOUT_MS 5000
#define MESSAGE "MSH|^~\\&|stafet|answer"
#define FRAME "\x0b" MESSAGE "\x1c\r"

struct host {
	struct sf_env env;
	struct sf_mllp_reply *reply;
	struct sf_face face;
	struct sf_arena arena;
	int listening, peer;
	char to[32];
	int64_t ahead_ms;
};

static void no_chance(void *self, void *place, size_t size)
{
	(void)self;
	memset(place, 0, size);
}

/* The receiver says "yes" or something else; what it is asked about is the message. */
static bool takes(void *self, struct sf_view message, struct sf_view answer)
{
	(void)self;
	assert_true(sf_view_equal(message, sf_view_text(MESSAGE)));
	return sf_view_equal(answer, sf_view_text("yes"));
}

static int make(void **state)
{
	static struct host host;
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	host = (struct host){.env = {.random = no_chance},
		.listening = socket(AF_INET, SOCK_STREAM, 0),
		.peer = -1};
	if (bind(host.listening, (struct sockaddr *)&address, size) || listen(host.listening, 4) ||
		getsockname(host.listening, (struct sockaddr *)&address, &size))
		return -1;
	snprintf(host.to, sizeof(host.to), "127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
	sf_arena_init(&host.arena, (size_t)1 << 20);
	const struct sf_mllp_reply_options options = {.env = &host.env,
		.to = host.to,
		.name = "",
		.certificate = "",
		.key = "",
		.authority = "",
		.timeout_ms = TIMEOUT_MS,
		.takes = takes};
	struct sf_diag diag;
	if (sf_mllp_reply_open(&options, &host.reply, &diag))
		return -1;
	host.face = sf_mllp_reply_face(host.reply);
	*state = &host;
	return 0;
}

static int close_all(void **state)
{
	struct host *host = *state;
	sf_mllp_reply_close(&host->reply);
	sf_arena_fini(&host->arena);
	if (host->peer >= 0)
		close(host->peer);
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
	struct sf_watch watch;
	size_t count = host->face.watch(host->face.self, &watch, 1);
	if (count > 0) {
		struct pollfd polled = {.fd = watch.descriptor,
			.events = watch.wants & SF_WATCH_WRITE ? POLLOUT : POLLIN};
		poll(&polled, 1, 5);
		watch.ready = polled.revents ? watch.wants : 0;
	}
	host->face.handle(host->face.self, &watch, count, now_ms(host));
}

/* What is asked next, within a bound. */
static uint64_t asks(struct host *host, struct sf_request_handout *ret_asked)
{
	int64_t until_ms = now_ms(host) + PATIENCE_MS;
	struct sf_request request;
	uint64_t call = 0;
	while (now_ms(host) < until_ms) {
		turn(host);
		if (!host->face.take(host->face.self, &host->arena, &call, &request))
			continue;
		assert_int_equal(request.kind, SF_REQUEST_HANDOUT);
		assert_string_equal(request.asker.account, "channel:mllp-out");
		assert_string_equal(request.handout.channel, "mllp-out");
		assert_true(host->face.waits(host->face.self, call));
		*ret_asked = request.handout;
		return call;
	}
	fail_msg("nothing is asked");
	return 0;
}

/* cursor 0: there is nothing to hand out. */
static void answer(struct host *host, uint64_t call, const struct sf_request_handout *asked,
	uint64_t cursor, uint64_t resumed)
{
	const struct sf_feed_row row = {.cursor = cursor, .what = SF_FEED_RESPONSE};
	const struct sf_request request = {.kind = SF_REQUEST_HANDOUT, .handout = *asked};
	const struct sf_reply reply = {.kind = SF_REPLY_HANDOUT,
		.text = "",
		.handout = {.version = 7,
			.known = true,
			.resumed = resumed,
			.url = "",
			.content = cursor ? sf_view_text(MESSAGE) : sf_view_of(NULL, 0),
			.content_type = "",
			.row_count = cursor ? 1 : 0,
			.rows = &row}};
	host->face.reply(host->face.self, call, &request, &reply);
	assert_false(host->face.waits(host->face.self, call));
}

/* The whole frame is there, on the connection that is open or on a new one. */
static void receive(struct host *host)
{
	char got[sizeof(FRAME)] = "";
	size_t size = 0;
	int64_t until_ms = now_ms(host) + PATIENCE_MS;
	while (size < sizeof(FRAME) - 1 && now_ms(host) < until_ms) {
		turn(host);
		struct pollfd dialled = {.fd = host->listening, .events = POLLIN};
		if (host->peer < 0 && poll(&dialled, 1, 0) == 1)
			host->peer = accept(host->listening, NULL, NULL);
		ssize_t more = host->peer < 0 ? 0
					      : recv(host->peer, got + size, sizeof(got) - size,
							MSG_DONTWAIT);
		size += more > 0 ? (size_t)more : 0;
	}
	assert_int_equal(size, sizeof(FRAME) - 1);
	assert_memory_equal(got, FRAME, size);
}

static void say(struct host *host, const char *text)
{
	char frame[64];
	int size = snprintf(frame, sizeof(frame), "\x0b%s\x1c\r", text);
	assert_int_equal(send(host->peer, frame, (size_t)size, MSG_NOSIGNAL), size);
}

static void hang_up(struct host *host)
{
	close(host->peer);
	host->peer = -1;
}

static void expect(const struct sf_request_handout *asked, uint64_t done, uint32_t failed,
	enum sf_channel_fault fault, uint64_t tried, uint32_t refused)
{
	assert_int_equal(asked->done, done);
	assert_int_equal(asked->failed, failed);
	if (failed > 0)
		assert_int_equal(asked->fault, fault);
	assert_int_equal(asked->tried, tried);
	assert_int_equal(asked->refused, refused);
}

static void test_what_is_taken_is_said_to_be_done(void **state)
{
	struct host *host = *state;
	struct sf_request_handout asked;
	uint64_t call = asks(host, &asked);
	expect(&asked, 0, 0, SF_CHANNEL_FAULT_NONE, 0, 0);
	assert_int_equal(asked.seen, 0);
	answer(host, call, &asked, 5, 0);
	receive(host);
	say(host, "yes");
	call = asks(host, &asked);
	expect(&asked, 5, 0, SF_CHANNEL_FAULT_NONE, 0, 0);
	assert_int_equal(asked.seen, 7);
	/* The next goes out on the same connection. */
	answer(host, call, &asked, 6, 0);
	receive(host);
	say(host, "yes");
	call = asks(host, &asked);
	expect(&asked, 6, 0, SF_CHANNEL_FAULT_NONE, 0, 0);
	/* With nothing to hand out nothing is asked until there is an answer. */
	struct sf_request request;
	assert_false(host->face.take(host->face.self, &host->arena, &call, &request));
}

static void test_what_is_refused_is_said_and_tried_later(void **state)
{
	struct host *host = *state;
	struct sf_request_handout asked;
	answer(host, asks(host, &asked), &asked, 5, 0);
	for (uint32_t i = 0; i < 3; i++) {
		receive(host);
		int64_t begun_ms = now_ms(host);
		say(host, "no");
		uint64_t call = asks(host, &asked);
		hang_up(host);
		expect(&asked, 0, 1, SF_CHANNEL_FAULT_REFUSED, 5, 1);
		answer(host, call, &asked, 5, 0);
		/* Not before its time, which grows. */
		int64_t due_ms = host->face.wake_ms(host->face.self);
		assert_true(due_ms >= begun_ms + (SF_RETRY_MS_MIN << i) / 2);
		assert_true(due_ms <= now_ms(host) + (SF_RETRY_MS_MIN << i));
		host->ahead_ms += SF_RETRY_MS_MIN << i;
	}
	/* It was put aside: the next one goes at once, and its own time begins anew. */
	receive(host);
	say(host, "no");
	uint64_t call = asks(host, &asked);
	hang_up(host);
	answer(host, call, &asked, 6, 0);
	receive(host);
	say(host, "no");
	call = asks(host, &asked);
	expect(&asked, 0, 1, SF_CHANNEL_FAULT_REFUSED, 6, 1);
	answer(host, call, &asked, 6, 0);
	assert_true(host->face.wake_ms(host->face.self) - now_ms(host) <= SF_RETRY_MS_MIN);
}

static void test_nothing_is_sent_when_the_last_was_put_aside(void **state)
{
	struct host *host = *state;
	struct sf_request_handout asked;
	answer(host, asks(host, &asked), &asked, 5, 0);
	receive(host);
	say(host, "no");
	uint64_t call = asks(host, &asked);
	hang_up(host);
	answer(host, call, &asked, 0, 0);
	host->ahead_ms += SF_RETRY_MS_MAX;
	call = asks(host, &asked);
	expect(&asked, 0, 0, SF_CHANNEL_FAULT_NONE, 0, 0);
	for (size_t i = 0; i < 20; i++)
		turn(host);
	struct pollfd dialled = {.fd = host->listening, .events = POLLIN};
	assert_int_equal(poll(&dialled, 1, 0), 0);
	/* And what a person sends again is. */
	answer(host, call, &asked, 9, 0);
	receive(host);
}

static void test_who_is_away_or_says_nothing_has_refused_nothing(void **state)
{
	struct host *host = *state;
	struct sf_request_handout asked;
	answer(host, asks(host, &asked), &asked, 5, 0);
	/* It hangs up in the middle. */
	receive(host);
	hang_up(host);
	uint64_t call = asks(host, &asked);
	expect(&asked, 0, 1, SF_CHANNEL_FAULT_BROKEN, 5, 0);
	/* A person does not want to wait. */
	answer(host, call, &asked, 5, 1);
	receive(host);
	/* It says nothing. */
	host->ahead_ms += TIMEOUT_MS + 1;
	call = asks(host, &asked);
	expect(&asked, 0, 1, SF_CHANNEL_FAULT_TIMEOUT, 5, 0);
	hang_up(host);
	/* Nobody is there. */
	close(host->listening);
	host->listening = -1;
	answer(host, call, &asked, 5, 2);
	call = asks(host, &asked);
	expect(&asked, 0, 1, SF_CHANNEL_FAULT_UNREACHABLE, 5, 0);
}

static void test_an_answer_to_nothing_ends_the_connection(void **state)
{
	struct host *host = *state;
	struct sf_request_handout asked;
	answer(host, asks(host, &asked), &asked, 5, 0);
	receive(host);
	say(host, "yes");
	uint64_t call = asks(host, &asked);
	expect(&asked, 5, 0, SF_CHANNEL_FAULT_NONE, 0, 0);
	say(host, "yes");
	char byte;
	int64_t until_ms = now_ms(host) + PATIENCE_MS;
	ssize_t size = -1;
	while (size < 0 && now_ms(host) < until_ms) {
		turn(host);
		size = recv(host->peer, &byte, 1, MSG_DONTWAIT);
	}
	assert_int_equal(size, 0);
	hang_up(host);
	/* It was no attempt, and the next goes out on another. */
	answer(host, call, &asked, 6, 0);
	receive(host);
}

static void test_elsewhere_it_goes_encrypted_or_not_at_all(void **state)
{
	struct host *host = *state;
	struct sf_mllp_reply *reply = NULL;
	struct sf_diag diag = {""};
	static const char *const bad[] = {
		"192.0.2.1:2575", "127.0.0.1:0", "localhost:2575", "127.0.0.1"};
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		const struct sf_mllp_reply_options options = {.env = &host->env,
			.to = bad[i],
			.name = "",
			.certificate = "",
			.key = "",
			.authority = "",
			.takes = takes};
		assert_int_equal(sf_mllp_reply_open(&options, &reply, &diag), SF_ERR_CONFIG);
		assert_null(reply);
		assert_true(diag.text[0] != '\0');
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, close_all)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_taken_is_said_to_be_done),
		TEST(test_what_is_refused_is_said_and_tried_later),
		TEST(test_nothing_is_sent_when_the_last_was_put_aside),
		TEST(test_who_is_away_or_says_nothing_has_refused_nothing),
		TEST(test_an_answer_to_nothing_ends_the_connection),
		TEST(test_elsewhere_it_goes_encrypted_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
