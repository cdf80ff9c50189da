/*
 * HTTP posts without waiting: starts them, watches their sockets, and says how each ended. Nothing
 * is followed (no redirect, no proxy, no cookie), certificates are verified, an answer is read up
 * to a bound. The only file that sees libcurl. One thread.
 */
#ifndef SF_BRIDGE_POST_H
#define SF_BRIDGE_POST_H

#include "base/bytes.h"
#include "port/face.h"
#include "wire/local_channel.h"

#define SF_POST_PLACES SF_HOOKS_MAX
#define SF_POST_WATCH_MAX (4 * SF_POST_PLACES)
#define SF_POST_BODY_SIZE_MAX ((size_t)256 * 1024)
#define SF_POST_ANSWER_SIZE_MAX ((size_t)64 * 1024)
#define SF_POST_RETRY_AFTER_SIZE 64

struct sf_poster; /* opaque */

struct sf_poster_options {
	const char
		*authority; /* PEM file of who signs receivers' certificates; NULL: the system's */
	int64_t timeout_ms; /* of a whole post */
};

/* SF_ERR_MEMORY, SF_ERR_IO when the library cannot start. */
SF_MUST_USE enum sf_err sf_poster_open(
	const struct sf_poster_options *options, struct sf_poster **ret_poster);
void sf_poster_close(struct sf_poster **poster);

/* Borrowed during the call. */
struct sf_post {
	const char *url;
	const char *type;    /* content type */
	struct sf_view body; /* up to SF_POST_BODY_SIZE_MAX */
	size_t header_count;
	const char *const *headers; /* "name: value" */
};

/* place < SF_POST_PLACES and free. SF_ERR_MEMORY; SF_ERR_USAGE when the URL is none. */
SF_MUST_USE enum sf_err sf_poster_start(
	struct sf_poster *poster, size_t place, const struct sf_post *post);
/* Ends it unsaid; nothing when the place is free. */
void sf_poster_stop(struct sf_poster *poster, size_t place);

/* As in struct sf_face. */
size_t sf_poster_watch(struct sf_poster *poster, struct sf_watch *watches, size_t room);
void sf_poster_handle(
	struct sf_poster *poster, const struct sf_watch *watches, size_t count, int64_t now_ms);
int64_t sf_poster_wake_ms(const struct sf_poster *poster);

struct sf_posted {
	size_t place;
	enum sf_channel_fault fault;                /* NONE: answered 2xx */
	bool definite;                              /* refused: the same would be refused again */
	char retry_after[SF_POST_RETRY_AFTER_SIZE]; /* "" when it said none, or too much */
};
/* The next one that has ended; its place is free again. */
bool sf_poster_take(struct sf_poster *poster, struct sf_posted *ret_posted);

#endif
