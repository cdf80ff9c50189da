/*
 * One conversation of a command with a daemon over its local socket. Replies live in the session
 * until the next question.
 */
#ifndef SF_CMD_SESSION_H
#define SF_CMD_SESSION_H

#include "client/call.h"
#include "cmd/arguments.h"

struct sf_session {
	const struct sf_arguments *arguments; /* borrowed */
	struct sf_client *client;             /* owned */
	struct sf_arena arena;
	struct sf_reply reply; /* of the last question */
	struct sf_diag diag;
};

/* SF_EXIT_OK, or complains on standard error. Close it in both cases. */
int sf_session_open(const struct sf_arguments *arguments, struct sf_session *ret_session);
void sf_session_close(struct sf_session *session);

/* session->reply holds the answer when it is SF_OK; diag says why it is not. Prints nothing. */
SF_MUST_USE enum sf_err sf_session_try(
	struct sf_session *session, const struct sf_request *request);
/* The same: SF_EXIT_OK, or complains on standard error and answers the exit code. */
int sf_session_ask(struct sf_session *session, const struct sf_request *request);

/* Which ids a beginning may stand for. */
#define SF_SESSION_MESSAGES 1u
#define SF_SESSION_TRANSITIONS 2u

/*
 * An id as a person types it: 32 digits, a UUID, or at least 6 first digits of one that the
 * daemon's listings and its board have. SF_EXIT_OK, or complains: SF_EXIT_NOT_FOUND,
 * SF_EXIT_CONFLICT when several begin so, SF_EXIT_USAGE.
 */
int sf_session_id(
	struct sf_session *session, const char *text, unsigned what, struct sf_id *ret_id);

#endif
