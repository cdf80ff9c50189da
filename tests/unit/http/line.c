#include "line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "http/problem.h"

#define TURN_MS 5
#define TURNS_MAX 2000 /* of TURN_MS at most: ten seconds, then the test has failed */

static bool judge(void *self, struct sf_http_call *call)
{
	struct line *line = self;
	if (line->admits)
		return true;
	sf_problem(&call->exchange, 404, "nothing here");
	return false;
}

void line_init(struct line *line)
{
	*line = (struct line){
		.options = sf_http_server_options_default("127.0.0.1:0"), .admits = true};
	line->options.connection_max = 16;
	line->options.body_size_max = 100000;
	line->options.bytes_max = 250000;
	line->options.idle_ms = 60000;
	line->options.request_ms = 30000;
	line->options.response_ms = 120000;
	line->options.stall_ms = 30000;
	line->options.judge = judge;
	line->options.judge_self = line;
}

void line_open(struct line *line)
{
	struct sf_diag diag = {{0}};
	if (sf_http_server_open(&line->options, &line->server, &diag))
		fail_msg("%s", diag.text);
}

void line_close(struct line *line)
{
	sf_http_server_close(&line->server);
}

static void answer(struct line *line, struct sf_http_call *call)
{
	static const struct sf_http_header page[] = {
		{"Content-Security-Policy", "script-src 'self'"}};
	snprintf(line->last_path, sizeof(line->last_path), "%s", call->request.path);
	line->last_body_size = call->request.body.size;
	sf_buf_init(&call->response.body, 1000);
	assert_int_equal(sf_buf_printf(&call->response.body, "%s\n", call->request.path), SF_OK);
	call->response.status = 200;
	call->response.content_type = "text/plain";
	if (strcmp(call->request.path, "/page") == 0) {
		call->response.headers = page;
		call->response.header_count = SF_COUNT(page);
	}
	sf_http_server_respond(line->server, call);
}

void line_turn(struct line *line)
{
	struct pollfd fd = {.fd = sf_http_server_descriptor(line->server), .events = POLLIN};
	int64_t wake_ms = sf_http_server_wake_ms(line->server);
	poll(&fd, 1, wake_ms <= line->now_ms ? 0 : TURN_MS);
	sf_http_server_handle(line->server, line->now_ms);
	struct sf_http_call *call;
	while (!(line->holds && line->held) && (call = sf_http_server_take(line->server))) {
		line->taken++;
		if (line->holds)
			line->held = call;
		else
			answer(line, call);
	}
}

int line_dial(const struct line *line)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(sf_http_server_port(line->server)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(peer >= 0);
	assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof(address)), 0);
	return peer;
}

bool line_put(struct line *line, int peer, const void *bytes, size_t size)
{
	size_t sent = 0;
	for (int turn = 0; sent < size; turn++) {
		assert_true(turn < TURNS_MAX);
		ssize_t did = send(
			peer, (const char *)bytes + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (did < 0)
			line_turn(line);
		sent += did > 0 ? (size_t)did : 0;
		if (did < 0 && line_gone(line, peer))
			return false;
	}
	return true;
}

void line_say(struct line *line, int peer, const char *text)
{
	line_put(line, peer, text, strlen(text));
}

/* A head, and as many bytes as it says, or the last chunk. */
static bool is_whole(const struct line *line)
{
	const char *end = strstr(line->text, "\r\n\r\n");
	if (!end)
		return false;
	const char *length = strstr(line->text, "Content-Length: ");
	if (length && length < end)
		return line->text_size >=
		       (size_t)(end + 4 - line->text) + strtoul(length + 16, NULL, 10);
	if (strstr(line->text, "chunked"))
		return strstr(end, "\r\n0\r\n\r\n") != NULL;
	return true;
}

/* False when the connection ended. */
static bool receive(struct line *line, int peer)
{
	ssize_t size = recv(peer, line->text + line->text_size,
		LINE_TEXT_SIZE - 1 - line->text_size, MSG_DONTWAIT);
	if (size > 0)
		line->text_size += (size_t)size;
	line->text[line->text_size] = '\0';
	line->ended = size == 0 || (size < 0 && errno == ECONNRESET);
	return !line->ended;
}

static void clear(struct line *line)
{
	line->text_size = 0;
	line->text[0] = '\0';
	line->ended = false;
}

void line_hear(struct line *line, int peer)
{
	clear(line);
	for (int turn = 0; turn < TURNS_MAX; turn++) {
		line_turn(line);
		if (!receive(line, peer) || is_whole(line))
			return;
	}
	fail_msg("no response came: %s", line->text);
}

void line_hear_end(struct line *line, int peer)
{
	clear(line);
	for (int turn = 0; turn < TURNS_MAX; turn++) {
		line_turn(line);
		if (!receive(line, peer))
			return;
	}
	fail_msg("the connection did not end: %s", line->text);
}

bool line_has(const struct line *line, const char *part)
{
	return strstr(line->text, part) != NULL;
}

unsigned line_status(const struct line *line)
{
	if (strncmp(line->text, "HTTP/1.1 ", 9) != 0)
		return 0;
	return (unsigned)strtoul(line->text + 9, NULL, 10);
}

bool line_gone(struct line *line, int peer)
{
	char byte;
	for (int turn = 0; turn < 20; turn++) {
		line_turn(line);
		ssize_t size = recv(peer, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
		if (size == 0 || (size < 0 && errno == ECONNRESET))
			return true;
	}
	return false;
}
