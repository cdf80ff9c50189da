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

/* A person who signs in. Revoked rows stay, as the name stands in the access log. */
struct sf_door_row_user {
	struct sf_view name;
	struct sf_view full_name;
	int64_t roles;              /* of SF_API_ROLES_PEOPLE */
	struct sf_view salt;        /* empty: without a password */
	struct sf_digest hash;      /* Argon2id, of these costs */
	int64_t passes, memory_kib; /* so that they can grow, and old passwords stay good */
	int64_t created_ms;
	int64_t changed_ms; /* the password */
	int64_t revoked_ms; /* 0: valid */
	int64_t signed_in_ms;
};

/* Somebody who is signed in: the cookie is kept as a digest. */
struct sf_door_row_session {
	struct sf_digest digest; /* record digest "session" */
	struct sf_view user;
	int64_t begun_ms;
	int64_t seen_ms; /* of the last request that was not made in the background */
};

/* A one-time link that was not used yet. */
struct sf_door_row_link {
	struct sf_digest digest; /* record digest "link" of its code */
	struct sf_view user;
	int64_t until_ms;
};

/* A name at which somebody guesses, whether anybody has it or not. */
struct sf_door_row_attempt {
	struct sf_digest name; /* record digest "attempt" of it */
	int64_t failures;      /* in a row */
	int64_t last_ms;
};

extern const struct sf_table sf_door_table_token;
extern const struct sf_table sf_door_table_user;
extern const struct sf_table sf_door_table_session;
extern const struct sf_table sf_door_table_link;
extern const struct sf_table sf_door_table_attempt;

/* Indexes beyond the primary key, by position. */
#define SF_DOOR_TOKEN_BY_DIGEST ((size_t)1)
#define SF_DOOR_SESSION_BY_USER ((size_t)1) /* (user, begun_ms) */
#define SF_DOOR_LINK_BY_USER ((size_t)1)    /* (user) */
#define SF_DOOR_ATTEMPT_BY_LAST ((size_t)1) /* (last_ms) */

#endif
