/*
 * libstafet: ids, errors and version. The functions to talk to a node stand in stafet/client.h.
 *
 * Nothing here or there exits, prints, installs a signal handler or raises SIGPIPE. Texts are
 * UTF-8.
 */
#ifndef STAFET_STAFET_H
#define STAFET_STAFET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the header; stafet_version() is of the library. */
#define STAFET_VERSION_MAJOR 0
#define STAFET_VERSION_MINOR 1
#define STAFET_VERSION_PATCH 0

const char *stafet_version(void);

/* Messages, transitions and parties. All zero: none. */
struct stafet_id {
	uint8_t bytes[16];
};

#define STAFET_ID_TEXT_SIZE 33 /* 32 hexadecimal digits and the terminating zero */

int stafet_id_is_none(const struct stafet_id *id);
void stafet_id_format(const struct stafet_id *id, char text[STAFET_ID_TEXT_SIZE]);
/* 32 hexadecimal digits or the 36 characters of a UUID; else STAFET_ERR_FORMAT. */
int stafet_id_parse(const char *text, struct stafet_id *ret_id);

/* Every function that can fail returns STAFET_OK or one of these. */
enum stafet_error {
	STAFET_OK = 0,
	STAFET_ERR_MEMORY = -1,
	STAFET_ERR_LIMIT = -2,       /* larger or more than is allowed */
	STAFET_ERR_FORMAT = -3,      /* bytes that cannot be read */
	STAFET_ERR_UNSUPPORTED = -4, /* the node does not know this operation or field */
	STAFET_ERR_NOT_FOUND = -5,
	STAFET_ERR_EXISTS = -6,
	STAFET_ERR_CONFLICT = -7, /* in conflict with what is recorded */
	STAFET_ERR_AUTH = -8,     /* not permitted */
	STAFET_ERR_KEY_UNKNOWN = -9,
	STAFET_ERR_AGAIN = -10, /* not now; try again */
	STAFET_ERR_UNREACHABLE =
		-11, /* no node listens, it hung up, or it did not answer in time */
	STAFET_ERR_IO = -12,
	STAFET_ERR_DISK_FULL = -13,
	STAFET_ERR_CORRUPT = -14,
	STAFET_ERR_CONFIG = -15,
	STAFET_ERR_STATE = -16,
	STAFET_ERR_REFUSED = -17, /* a rule of the domain says no; see stafet_client_text() */
	STAFET_ERR_INTEGRITY = -18,
	STAFET_ERR_USAGE = -19 /* called with unusable arguments */
};

/* A sentence; never NULL. */
const char *stafet_error_text(int error);
/* A word: "not-found"; never NULL. */
const char *stafet_error_code(int error);

/* Responsibility domains, as bits. */
#define STAFET_DOMAIN_MEDICAL ((uint32_t)1)
#define STAFET_DOMAIN_CARE ((uint32_t)2)
#define STAFET_DOMAIN_MEDICATION ((uint32_t)4)
#define STAFET_DOMAIN_REHABILITATION ((uint32_t)8)
#define STAFET_DOMAIN_SOCIAL ((uint32_t)16)

#ifdef __cplusplus
}
#endif

#endif
