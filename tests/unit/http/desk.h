/*
 * A face with clients on loopback and an engine that is a script: what is asked is answered from a
 * feed of rows that the test fills; a long poll with nothing to tell waits. The clock is the
 * test's.
 */
#ifndef TESTS_HTTP_DESK_H
#define TESTS_HTTP_DESK_H

#include "http/face.h"

#define DESK_CALLS_MAX 64
#define DESK_TEXT_SIZE ((size_t)1048576)

struct desk_call {
	uint64_t call; /* 0: free */
	struct sf_arena arena;
	struct sf_request request;
};

struct desk {
	struct sf_http_face_options options;
	struct sf_http_face *opened;
	struct sf_face face;
	int64_t now_ms;
	uint64_t oldest, newest; /* cursors of the feed; newest 0: it is empty */
	uint64_t ended;          /* tokens and sessions that have ended, ever */
	bool all_ended;          /* more than are told one by one */
	struct sf_digest ended_last;
	size_t asked; /* requests of the feed, in all */
	size_t asked_status;
	uint32_t last_wait_ms;
	struct sf_asker last_asker;
	bool stalls;   /* nothing is taken */
	bool denies;   /* the engine says no */
	size_t places; /* calls at a time */
	/* The test's own answer to what is no feed and no status; NULL: none is asked for. */
	void (*answer)(
		struct desk *desk, const struct sf_request *request, struct sf_reply *ret_reply);
	struct desk_call calls[DESK_CALLS_MAX];
	char text[DESK_TEXT_SIZE];
	size_t text_size;
};

void desk_init(struct desk *desk);
void desk_open(struct desk *desk);
void desk_close(struct desk *desk);
void desk_turn(struct desk *desk);
/* What is known by this digest opens no more; NULL: many, nobody knows which. */
void desk_end(struct desk *desk, const struct sf_digest *digest);
/* Rows up to this cursor have happened. */
void desk_tell(struct desk *desk, uint64_t newest);
int desk_dial(const struct desk *desk);
void desk_say(struct desk *desk, int peer, const char *text);
/* Reads from peer, behind what text has already, until part stands in it. */
void desk_hear(struct desk *desk, int peer, const char *part);
/* A new text: what was heard before is forgotten. */
void desk_forget(struct desk *desk);
/* A few rounds in which nothing needs to come. */
void desk_idle(struct desk *desk);
/* What stands in the socket is read too; false when nothing of it has part. */
bool desk_hears(struct desk *desk, int peer, const char *part);
/* The server ends the connection. */
void desk_hear_end(struct desk *desk, int peer);
size_t desk_pending(const struct desk *desk);

#endif
