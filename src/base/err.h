/*
 * Errors of machinery. A domain rule that says no is not an error: see core/refusal.h.
 *
 * Every function that can fail returns enum sf_err (0 or negative) and is must-use. Functions at
 * the edge of the house also take a struct sf_diag in which each layer says what, where and what
 * to do: lower case, no full stop, and never a CPR, a name, a letter's content or a key.
 */
#ifndef SF_BASE_ERR_H
#define SF_BASE_ERR_H

#include <stddef.h>

#include "base/check.h"

/* clang-format off */
#define SF_ERR_LIST(X) \
	X(SF_ERR_MEMORY,       -1, "out of memory") \
	X(SF_ERR_LIMIT,        -2, "a limit is exceeded") \
	X(SF_ERR_FORMAT,       -3, "the bytes are not in the expected format") \
	X(SF_ERR_UNSUPPORTED,  -4, "not supported") \
	X(SF_ERR_NOT_FOUND,    -5, "not found") \
	X(SF_ERR_EXISTS,       -6, "exists already") \
	X(SF_ERR_CONFLICT,     -7, "in conflict with what is recorded") \
	X(SF_ERR_AUTH,         -8, "not authentic or not permitted") \
	X(SF_ERR_KEY_UNKNOWN,  -9, "the key is not known") \
	X(SF_ERR_AGAIN,       -10, "cannot be done now, try again") \
	X(SF_ERR_UNREACHABLE, -11, "the peer cannot be reached") \
	X(SF_ERR_IO,          -12, "reading or writing failed") \
	X(SF_ERR_DISK_FULL,   -13, "the disk is full") \
	X(SF_ERR_CORRUPT,     -14, "stored bytes are damaged") \
	X(SF_ERR_CONFIG,      -15, "the configuration is wrong") \
	X(SF_ERR_STATE,       -16, "not possible in this state") \
	X(SF_ERR_REFUSED,     -17, "refused by a rule") \
	X(SF_ERR_INTEGRITY,   -18, "a proof or signature does not hold") \
	X(SF_ERR_USAGE,       -19, "called with unusable arguments")
/* clang-format on */

enum sf_err {
	SF_OK = 0,
#define X(name, value, text) name = (value),
	SF_ERR_LIST(X)
#undef X
};

/* The sentence above; never NULL. */
const char *sf_err_text(enum sf_err err);
/* The symbol in lower case without prefix ("disk-full"), for JSON; never NULL. */
const char *sf_err_code(enum sf_err err);

#define SF_DIAG_SIZE 512

/* Caller's memory. Text is always terminated and cut, never overrun. */
struct sf_diag {
	char text[SF_DIAG_SIZE];
};

/* diag may be NULL in both: then nothing is written. */
void sf_diag_set(struct sf_diag *diag, const char *format, ...) SF_PRINTF(2, 3);
/* Puts "phrase: " before what stands there. */
void sf_diag_prefix(struct sf_diag *diag, const char *format, ...) SF_PRINTF(2, 3);

#endif
