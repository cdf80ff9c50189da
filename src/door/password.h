/*
 * Passwords of people. Argon2id with 2 passes over 19 MiB (OWASP's least for one lane): about 25 ms
 * of one core. Of who signs in the face has it computed beside the loop, on the terms that are told
 * here, and comes back with the hash (http/hash_line.h); only who sets a password, on the daemon's
 * own machine, has the engine's thread compute it. Costs stand in each row: they can grow, and old
 * passwords stay good.
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
/* How the hash of this row's password is computed. row NULL, or one without: such as any; borrows.
 */
struct sf_reply_password sf_password_terms(const struct sf_door_row_user *row);
/* The hash is of the password of this row, which may be NULL or without one. */
bool sf_password_is(const struct sf_door_row_user *row, const struct sf_digest *hash);

#endif
