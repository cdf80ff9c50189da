/*
 * Sessions of people at a browser. A session is known by a secret of 32 bytes that only the cookie
 * has; it ends 15 minutes after the last request that a person made, 12 hours after it began, when
 * it is signed out, and when its user is revoked or has another password. Every sign-in begins
 * another one, and ends the one whose cookie was shown with it (fixation).
 */
#ifndef SF_DOOR_SESSION_H
#define SF_DOOR_SESSION_H

#include "door/door.h"
#include "door/tables.h"

#define SF_SESSION_IDLE_MS ((int64_t)15 * 60 * 1000)
#define SF_SESSION_LIFE_MS ((int64_t)12 * 60 * 60 * 1000)
/* Of one person; one more ends the one that began first. */
#define SF_SESSIONS_OF_USER_MAX ((size_t)16)

/* Texts live in the arena of the request. */
struct sf_door_session_owner {
	const char *user;
	const char *full_name;
	sf_api_roles roles; /* as they are now */
	int64_t until_ms;
};

/* SF_ERR_KEY_UNKNOWN: there is no such session any more. It is seen now, unless in the background.
 */
SF_MUST_USE enum sf_err sf_door_session_find(const struct sf_door *door,
	const struct sf_asker *asker, struct sf_arena *arena,
	struct sf_door_session_owner *ret_owner, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_door_session_count(
	const struct sf_door *door, const char *user, uint32_t *ret_count, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_door_session_end_all(
	const struct sf_door *door, const char *user, struct sf_diag *diag);

/* sign_in.c: by password or by a link. */
SF_MUST_USE enum sf_err sf_door_session_serve_sign_in(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* For whom was found to be who he says: another session, with its secret in the reply. */
SF_MUST_USE enum sf_err sf_door_session_begin(const struct sf_door *door,
	const struct sf_asker *asker, struct sf_door_row_user *user, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag);
/* Reads, renews or ends the session of who asks. */
SF_MUST_USE enum sf_err sf_door_session_serve(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
