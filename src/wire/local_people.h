/*
 * People who sign in at a daemon with a browser: what is asked about them and what is answered. See
 * local.h. A password crosses the local socket or TLS once, and stands in no answer.
 */
#ifndef SF_WIRE_LOCAL_PEOPLE_H
#define SF_WIRE_LOCAL_PEOPLE_H

#include "wire/api_role.h"
#include "wire/local_row.h"

#define SF_USER_NAME_MAX ((size_t)40)
#define SF_ASSERTED_NAME_MAX ((size_t)64)   /* of whom a proxy names */
#define SF_USER_FULL_NAME_MAX ((size_t)120) /* bytes of UTF-8 */
#define SF_PASSWORD_SIZE_MIN ((size_t)12)
#define SF_PASSWORD_SIZE_MAX ((size_t)256) /* bytes of UTF-8 */
/* What people may be; systems have tokens. */
#define SF_API_ROLES_PEOPLE                                                                        \
	(SF_API_ROLE_BIT(SF_API_CLERK) | SF_API_ROLE_BIT(SF_API_CLINICIAN) |                       \
		SF_API_ROLE_BIT(SF_API_AUDITOR) | SF_API_ROLE_BIT(SF_API_OPERATOR))

/* The people of this daemon: SF_REPLY_USERS. Over the local socket alone, as the four below. */
struct sf_request_users {
	bool only_valid; /* without those that are revoked */
};

/* A new one: SF_REPLY_DONE. */
struct sf_request_user_create {
	const char *name; /* 1 to SF_USER_NAME_MAX of a-z 0-9 . - _ */
	const char *full_name;
	const char *password; /* "": signs in by links alone */
	uint32_t roles;       /* of SF_API_ROLES_PEOPLE, at least one */
};

/* Another password; every session of that person ends: SF_REPLY_DONE. */
struct sf_request_user_password {
	const char *name;
	const char *password;
};

/* From now on it opens nothing, and every session ends: SF_REPLY_DONE. */
struct sf_request_user_revoke {
	const char *name;
};

/* A code that signs in once, within SF_USER_LINK_MS: SF_REPLY_USER_LINKED. */
struct sf_request_user_link {
	const char *name;
};

#define SF_USER_LINK_MS ((int64_t)10 * 60 * 1000)

/*
 * A session begins, over HTTP alone: SF_REPLY_SESSION with its secret. Password or code. With a
 * password and no hash of it the answer is SF_REPLY_PASSWORD, and the same is asked again with the
 * hash that it describes: an engine has no time to compute it.
 */
struct sf_request_sign_in {
	const char *user;
	const char *password;
	const char *code;
	struct sf_digest hash; /* of password; none: not computed yet */
};

enum sf_session_act {
	SF_SESSION_READ = 1,
	SF_SESSION_RENEW = 2, /* its idle time begins anew */
	SF_SESSION_END = 3,
};

/* Of whoever asks, over HTTP alone: SF_REPLY_SESSION, user "" when nobody is signed in. */
struct sf_request_session {
	uint32_t act; /* enum sf_session_act */
};

/* Tokens and sessions that have ended behind this cursor: SF_REPLY_ENDED. Over no network. */
struct sf_request_ended {
	uint64_t after; /* newest of the last answer; 0 from the start of the daemon */
	uint32_t wait_ms;
};

struct sf_user_row {
	const char *name;
	const char *full_name;
	uint32_t roles;
	bool has_password;
	int64_t created_ms;
	int64_t revoked_ms;   /* 0: valid */
	int64_t signed_in_ms; /* last time; 0: never */
	uint32_t sessions;    /* that are open now */
};

struct sf_reply_users {
	size_t row_count;
	const struct sf_user_row *rows; /* by name */
};

/* The code is kept nowhere. */
struct sf_reply_user_linked {
	const char *name;
	const char *code;
	int64_t until_ms;
};

/* Argon2id (RFC 9106) of the password with this salt at these costs is what is asked for. */
struct sf_reply_password {
	struct sf_view salt; /* SF_PASSWORD_SALT_SIZE (port/crypto.h) */
	uint32_t passes;
	uint32_t memory_kib;
};

struct sf_reply_ended {
	uint64_t newest;
	bool all;               /* more than are remembered: anybody may be among them */
	struct sf_view digests; /* each as its asker is known by, in sf_asker */
};

struct sf_reply_session {
	const char *program; /* "node", "coordinator" */
	const char *user;    /* "": nobody is signed in */
	const char *full_name;
	uint32_t roles;
	struct sf_id party; /* whose daemon it is */
	const char *party_name;
	uint32_t party_role; /* enum sf_role; 0: not in the directory yet */
	const char *secret;  /* of a session that began now; else "" */
	const char *csrf;    /* what its unsafe requests show */
	uint32_t idle_ms;    /* it ends so long after the last request */
	int64_t until_ms;    /* and at that time, whatever is asked; 0: not ended here */
};

#endif
