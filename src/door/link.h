/* One-time links: a code that signs somebody in once, within ten minutes. */
#ifndef SF_DOOR_LINK_H
#define SF_DOOR_LINK_H

#include "door/door.h"
#include "door/tables.h"

SF_MUST_USE enum sf_err sf_link_serve(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/*
 * Takes it, whoever it is of: it opens nothing again. *ret_user lives in arena. SF_ERR_KEY_UNKNOWN:
 * never made, used, or too late.
 */
SF_MUST_USE enum sf_err sf_link_use(const struct sf_door *door, const char *code,
	struct sf_arena *arena, const char **ret_user, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_link_end_all(
	const struct sf_door *door, const char *user, struct sf_diag *diag);

#endif
