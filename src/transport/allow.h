/*
 * The allow list: which CURVE public key speaks for which party. Plain values without threads or
 * sockets; zap.c guards it.
 */
#ifndef SF_TRANSPORT_ALLOW_H
#define SF_TRANSPORT_ALLOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "transport/curve.h"

/* A region has about 2,500 nodes, each with two keys while they are changed: ten times that. */
#define SF_ALLOW_COUNT_MAX ((size_t)50000)

struct sf_allow_entry {
	uint8_t key[SF_CURVE_KEY_SIZE];
	struct sf_id party;
};

struct sf_allow {
	struct sf_allow_entry *entries; /* owned, ordered by key */
	size_t count;
};

void sf_allow_fini(struct sf_allow *allow);
/*
 * Copies and orders. The same pair twice counts once. SF_ERR_CONFLICT: one key for two parties.
 * SF_ERR_USAGE: a zero key or party. SF_ERR_LIMIT: too many.
 */
SF_MUST_USE enum sf_err sf_allow_make(
	const struct sf_allow_entry *entries, size_t count, struct sf_allow *ret_allow);
/* SF_ERR_KEY_UNKNOWN when the key is not in the list. */
SF_MUST_USE enum sf_err sf_allow_find(const struct sf_allow *allow,
	const uint8_t key[SF_CURVE_KEY_SIZE], struct sf_id *ret_party);

/*
 * User-Id as ZAP gives it (RFC 27/ZAP): party and key in hexadecimal, with a colon between, so that
 * every message can be checked against the key that its session was opened with.
 */
#define SF_USER_ID_SIZE (2 * SF_ID_SIZE + 1 + 2 * SF_CURVE_KEY_SIZE + 1)

void sf_user_id_format(const struct sf_allow_entry *entry, char ret_text[SF_USER_ID_SIZE]);
/* SF_ERR_FORMAT for anything else than the form above; text may be NULL. */
SF_MUST_USE enum sf_err sf_user_id_parse(const char *text, struct sf_allow_entry *ret_entry);

#endif
