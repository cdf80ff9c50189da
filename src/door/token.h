/*
 * API tokens: which systems may ask. The secret is told once, when a person makes it over the local
 * socket; kept are its record digest, its name and its roles.
 */
#ifndef SF_DOOR_TOKEN_H
#define SF_DOOR_TOKEN_H

#include "door/door.h"
#include "door/tables.h"

/* More systems than this do not speak to one organisation's daemon. */
#define SF_TOKENS_MAX ((size_t)1000)

/* "stafet_" and 32 bytes as base64url (RFC 4648 section 5), without padding. */
#define SF_TOKEN_PREFIX "stafet_"

/* Of the secret that was shown; names and views as of store.get. SF_ERR_KEY_UNKNOWN: none that is
 * valid. */
SF_MUST_USE enum sf_err sf_token_find(const struct sf_door *door, const struct sf_digest *digest,
	struct sf_door_row_token *ret_row, struct sf_diag *diag);
/* It was used: noted once a day, so that reading does not write. */
SF_MUST_USE enum sf_err sf_token_note_use(
	const struct sf_door *door, struct sf_door_row_token *row, struct sf_diag *diag);

SF_MUST_USE enum sf_err sf_token_serve_list(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_token_serve_create(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_token_serve_revoke(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
