/*
 * The last answer to who asks, without a token, whether the daemon is ready and what it is: good
 * for a second, so that whoever asks more often costs no turn of the engine.
 */
#ifndef SF_HTTP_LAST_STATUS_H
#define SF_HTTP_LAST_STATUS_H

#include "wire/local.h"

#define SF_LAST_STATUS_MS ((int64_t)1000)
#define SF_LAST_STATUS_TEXT_SIZE ((size_t)160)

/* Zeroed: there is none. */
struct sf_last_status {
	bool known;
	int64_t at_ms;
	enum sf_err err;
	char text[SF_LAST_STATUS_TEXT_SIZE];
	char program[SF_LAST_STATUS_TEXT_SIZE];
	char software[SF_LAST_STATUS_TEXT_SIZE];
	char link[SF_LAST_STATUS_TEXT_SIZE];
};

/* Copies what is told to anybody, cut to size. */
void sf_last_status_keep(struct sf_last_status *last, const struct sf_reply *reply, int64_t now_ms);
/* False: there is none that is fresh. *ret_reply borrows from last. */
bool sf_last_status_read(
	const struct sf_last_status *last, int64_t now_ms, struct sf_reply *ret_reply);

#endif
