/*
 * People: made, listed and revoked on the daemon's own machine (stafet user). A name is one
 * person's for ever, as it stands in the access log.
 */
#ifndef SF_DOOR_USER_H
#define SF_DOOR_USER_H

#include "door/door.h"
#include "door/tables.h"

#define SF_USERS_MAX ((size_t)1000)

/* 1 to SF_USER_NAME_MAX of a-z 0-9 . - _ */
bool sf_user_is_name(const char *name);
/*
 * Views of the row live in arena. SF_ERR_KEY_UNKNOWN: nobody of that name, or nobody any more.
 */
SF_MUST_USE enum sf_err sf_user_find(const struct sf_door *door, const char *name,
	struct sf_arena *arena, struct sf_door_row_user *ret_row, struct sf_diag *diag);

SF_MUST_USE enum sf_err sf_user_serve_list(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_user_serve_create(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_user_serve_password(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_user_serve_revoke(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
