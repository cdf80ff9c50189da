/*
 * A server on a free port of loopback with clients in the same thread: each waiting step lets the
 * server go on. The clock is the test's.
 */
#ifndef TESTS_HTTP_LINE_H
#define TESTS_HTTP_LINE_H

#include "http/server.h"

#define LINE_TEXT_SIZE ((size_t)65536)

struct line {
	struct sf_http_server *server;
	struct sf_http_server_options options;
	int64_t now_ms;
	size_t taken;
	bool holds;  /* calls are taken, and answered by who holds them */
	bool admits; /* what judge answers */
	struct sf_http_call *held;
	char last_path[256];
	size_t last_body_size;
	char text[LINE_TEXT_SIZE]; /* what came last, NUL-terminated */
	size_t text_size;
	bool ended; /* the connection ended after it */
};

/* Short limits; change line->options before. */
void line_init(struct line *line);
void line_open(struct line *line);
void line_close(struct line *line);

/* One round: waits a little, handles, and answers what is whole with "path\n". */
void line_turn(struct line *line);
int line_dial(const struct line *line);
/* Sends all of it while the server goes on; false when the server ended the connection. */
bool line_put(struct line *line, int peer, const void *bytes, size_t size);
void line_say(struct line *line, int peer, const char *text);
/*
 * Reads one response into text, by its Content-Length or chunks' end; what = how often to try. A
 * response that does not come fails the test.
 */
void line_hear(struct line *line, int peer);
/* Reads until the server ends the connection. */
void line_hear_end(struct line *line, int peer);
bool line_has(const struct line *line, const char *part);
unsigned line_status(const struct line *line);
/* True when the server has ended the connection, after letting it go on for a while. */
bool line_gone(struct line *line, int peer);

#endif
