/*
 * Passwords of people. Argon2id with 2 passes over 19 MiB (OWASP's least for one lane): about 25 ms
 * of one core, in the engine's own thread. A worker would not help, as the turn waits for its
 * workers; what keeps sign-ins from holding up a turn is that the face lets through a few a second
 * (http/access.h). Costs stand in each row: they can grow, and old passwords stay good.
 */
#ifndef SF_DOOR_PASSWORD_H
#define SF_DOOR_PASSWORD_H

#include "door/door.h"
#include "door/tables.h"

#define SF_PASSWORD_PASSES 2
#define SF_PASSWORD_MEMORY_KIB 19456

/* Why it is none, one sentence; NULL: it can be one. */
const char *sf_password_fault(const char *user, const char *password);
/* Sets salt (in arena), hash and costs of the row. */
SF_MUST_USE enum sf_err sf_password_set(const struct sf_door *door, const char *password,
	struct sf_arena *arena, struct sf_door_row_user *row);
/* row NULL, or one without a password: the same is computed, and it is not right. */
SF_MUST_USE enum sf_err sf_password_check(const struct sf_door *door,
	const struct sf_door_row_user *row, const char *password, bool *ret_right);

#endif
