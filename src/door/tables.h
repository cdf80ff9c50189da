/*
 * Who may ask, as rows: the same tables in the stores of both engines, which declare them beside
 * their own. What opens is kept as a digest: a store that is read by somebody opens nothing.
 */
#ifndef SF_DOOR_TABLES_H
#define SF_DOOR_TABLES_H

#include "port/store.h"

/* An API token: who bears it is known by it, what it opens stands in its roles. */
struct sf_door_row_token {
	struct sf_view name;
	struct sf_digest digest; /* record digest "token" of the secret, which is kept nowhere */
	int64_t roles;           /* sf_api_roles */
	int64_t created_ms;
	int64_t revoked_ms; /* 0: valid */
	int64_t used_ms;    /* begin of the day of its last use */
};

extern const struct sf_table sf_door_table_token;

/* Indexes beyond the primary key, by position. */
#define SF_DOOR_TOKEN_BY_DIGEST ((size_t)1)

#endif
