/* How a post ends, with a receiver that is there, is not, or says nothing. */
#include "bridge/post.h"

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

#define TIMEOUT_MS 300
#define PATIENCE_MS 20000

/* A receiver on this machine: listens, and answers when it is told to. */
struct host {
	struct sf_poster *poster;
	int listening;
	int peer; /* -1: nobody has come */
	char url[64];
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int open_host(void **state)
{
	static struct host host;
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	const struct sf_poster_options options = {.timeout_ms = TIMEOUT_MS};
	host = (struct host){.listening = socket(AF_INET, SOCK_STREAM, 0), .peer = -1};
	if (bind(host.listening, (struct sockaddr *)&address, size) || listen(host.listening, 1) ||
		getsockname(host.listening, (struct sockaddr *)&address, &size))
		return -1;
	snprintf(host.url, sizeof(host.url), "http://127.0.0.1:%u/in",
		(unsigned)ntohs(address.sin_port));
	*state = &host;
	return sf_poster_open(&options, &host.poster);
}

static int close_host(void **state)
{
	struct host *host = *state;
	sf_poster_close(&host->poster);
	if (host->peer >= 0)
		close(host->peer);
	if (host->listening >= 0)
		close(host->listening);
	return 0;
}

static void turn(struct host *host)
{
	struct sf_watch watches[SF_POST_WATCH_MAX];
	struct pollfd polled[SF_POST_WATCH_MAX];
	size_t count = sf_poster_watch(host->poster, watches, SF_POST_WATCH_MAX);
	for (size_t i = 0; i < count; i++)
		polled[i] = (struct pollfd){.fd = watches[i].descriptor,
			.events = (short)((watches[i].wants & SF_WATCH_READ ? POLLIN : 0) |
					  (watches[i].wants & SF_WATCH_WRITE ? POLLOUT : 0))};
	int64_t wait_ms = sf_poster_wake_ms(host->poster) - now_ms();
	poll(polled, (nfds_t)count, wait_ms < 0 ? 0 : wait_ms > 10 ? 10 : (int)wait_ms);
	for (size_t i = 0; i < count; i++)
		watches[i].ready = (polled[i].revents & POLLOUT ? SF_WATCH_WRITE : 0) |
				   (polled[i].revents & ~POLLOUT ? SF_WATCH_READ : 0);
	sf_poster_handle(host->poster, watches, count, now_ms());
}

/* answer NULL: the receiver takes the connection, and says nothing. */
static struct sf_posted run(struct host *host, const char *answer)
{
	static const char *const headers[] = {"webhook-id: evt_1"};
	const struct sf_post post = {host->url, "application/json", sf_view_text("{}"), 1, headers};
	struct sf_posted posted = {.place = SF_POST_PLACES};
	int64_t until_ms = now_ms() + PATIENCE_MS;
	/* The library counts from the time that it was told last. */
	sf_poster_handle(host->poster, NULL, 0, now_ms());
	assert_int_equal(sf_poster_start(host->poster, 3, &post), SF_OK);
	while (!sf_poster_take(host->poster, &posted)) {
		struct pollfd comes = {.fd = host->listening, .events = POLLIN};
		assert_true(now_ms() < until_ms);
		turn(host);
		if (answer && host->peer < 0 && poll(&comes, 1, 0) == 1) {
			host->peer = accept(host->listening, NULL, NULL);
			assert_true(write(host->peer, answer, strlen(answer)) > 0);
		}
	}
	assert_int_equal(posted.place, 3);
	return posted;
}

static void test_receiver_that_says_nothing_is_left_when_its_time_is_over(void **state)
{
	struct host *host = *state;
	int64_t begun_ms = now_ms();
	struct sf_posted posted = run(host, NULL);
	assert_int_equal(posted.fault, SF_CHANNEL_FAULT_TIMEOUT);
	assert_true(now_ms() - begun_ms >= TIMEOUT_MS);
	/* The place is free, and another post goes. */
	assert_int_equal(run(host, NULL).fault, SF_CHANNEL_FAULT_TIMEOUT);
}

/* Half an answer is none: the time is that of a whole post. */
static void test_answer_that_does_not_end_is_left_too(void **state)
{
	struct host *host = *state;
	struct sf_posted posted = run(host, "HTTP/1.1 204 No Content\r\nX-Half: ");
	assert_int_equal(posted.fault, SF_CHANNEL_FAULT_TIMEOUT);
}

static void test_answer_says_whether_it_was_taken(void **state)
{
	struct host *host = *state;
	struct sf_posted posted = run(host, "HTTP/1.1 204 No Content\r\n\r\n");
	assert_int_equal(posted.fault, SF_CHANNEL_FAULT_NONE);
	assert_string_equal(posted.retry_after, "");
}

static void test_refusal_says_when_to_come_again(void **state)
{
	struct host *host = *state;
	struct sf_posted posted = run(host, "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n"
					    "Content-Length: 0\r\n\r\n");
	assert_int_equal(posted.fault, SF_CHANNEL_FAULT_REFUSED);
	assert_non_null(strstr(posted.retry_after, "7"));
}

/* What is about the moment, or about the receiver itself, is no word on this post. */
static void test_some_refusals_are_for_good(void **state)
{
	struct host *host = *state;
	static const struct {
		unsigned status;
		bool definite;
	} cases[] = {{200, false}, {302, false}, {400, true}, {404, true}, {408, false},
		{410, true}, {422, true}, {425, false}, {429, false}, {500, false}, {503, false}};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		char text[128];
		snprintf(text, sizeof(text),
			"HTTP/1.1 %u X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
			cases[i].status);
		struct sf_posted posted = run(host, text);
		assert_int_equal(posted.fault != SF_CHANNEL_FAULT_NONE, cases[i].status != 200);
		assert_int_equal(posted.definite, cases[i].definite);
		close(host->peer);
		host->peer = -1;
	}
}

static void test_nobody_there_is_unreachable(void **state)
{
	struct host *host = *state;
	close(host->listening);
	host->listening = -1;
	assert_int_equal(run(host, NULL).fault, SF_CHANNEL_FAULT_UNREACHABLE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_host, close_host)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_receiver_that_says_nothing_is_left_when_its_time_is_over),
		TEST(test_answer_that_does_not_end_is_left_too),
		TEST(test_answer_says_whether_it_was_taken),
		TEST(test_refusal_says_when_to_come_again),
		TEST(test_some_refusals_are_for_good),
		TEST(test_nobody_there_is_unreachable),
	};
	return cmocka_run_group_tests_name("bridge/post", tests, NULL, NULL);
}
