/*
 * One request to a daemon and its reply, over its local socket. Blocking, for programs that have
 * nothing else to do meanwhile: the command line, and libstafet, whose public functions stand on
 * this. One thread at a time.
 */
#ifndef SF_CLIENT_CALL_H
#define SF_CLIENT_CALL_H

#include "wire/local.h"

struct sf_client; /* opaque */

/*
 * Connects. timeout_ms >= 1 counts for connecting and for each call. SF_ERR_UNREACHABLE when nobody
 * listens there, SF_ERR_AUTH when the socket may not be opened, SF_ERR_CONFIG for a path that
 * cannot be a socket's.
 */
SF_MUST_USE enum sf_err sf_client_open(
	const char *path, int timeout_ms, struct sf_client **ret_client, struct sf_diag *diag);
void sf_client_close(struct sf_client **client);

/*
 * Asks and waits for the reply, which lives in arena: SF_OK when there is one; what the daemon says
 * stands in ret_reply->err. A request that waits itself (wait_ms) gets that much longer.
 *
 * SF_ERR_UNREACHABLE: it hung up or did not answer in time, and may have done what was asked; the
 * next call connects anew. SF_ERR_LIMIT: the request, or the reply for this arena, is too large.
 */
SF_MUST_USE enum sf_err sf_client_call(struct sf_client *client, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

#endif
