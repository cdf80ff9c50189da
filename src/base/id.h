/*
 * Ids (16 bytes: parties, nodes, messages, envelopes, transitions, keys) and digests (32 bytes).
 * All zero means "none"; no real id is all zero.
 */
#ifndef SF_BASE_ID_H
#define SF_BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define SF_ID_SIZE 16
#define SF_DIGEST_SIZE 32
#define SF_ID_TEXT_SIZE 33 /* 32 hexadecimal digits and the terminating zero */
#define SF_UUID_TEXT_SIZE 37
#define SF_DIGEST_TEXT_SIZE 65

struct sf_id {
	uint8_t bytes[SF_ID_SIZE];
};

struct sf_digest {
	uint8_t bytes[SF_DIGEST_SIZE];
};

bool sf_id_equal(struct sf_id a, struct sf_id b);
int sf_id_compare(struct sf_id a, struct sf_id b);
bool sf_id_is_none(struct sf_id id);
struct sf_view sf_id_view(const struct sf_id *id);
void sf_id_format(struct sf_id id, char ret_text[SF_ID_TEXT_SIZE]);
/* 8-4-4-4-12, as FHIR ids and UUIDs are written. */
void sf_id_format_uuid(struct sf_id id, char ret_text[SF_UUID_TEXT_SIZE]);
/* 32 digits, or the 36 characters of a UUID. */
SF_MUST_USE enum sf_err sf_id_parse(const char *text, struct sf_id *ret_id);
/* SF_ERR_FORMAT unless bytes has exactly 16. */
SF_MUST_USE enum sf_err sf_id_from_view(struct sf_view bytes, struct sf_id *ret_id);

/* Time-ordered id: 48 bits of milliseconds, then chance (RFC 9562 version 7). */
struct sf_id sf_id_timed(int64_t now_ms, const uint8_t chance[10]);

bool sf_digest_equal(const struct sf_digest *a, const struct sf_digest *b);
bool sf_digest_is_none(const struct sf_digest *digest);
struct sf_view sf_digest_view(const struct sf_digest *digest);
void sf_digest_format(const struct sf_digest *digest, char ret_text[SF_DIGEST_TEXT_SIZE]);
SF_MUST_USE enum sf_err sf_digest_from_view(struct sf_view bytes, struct sf_digest *ret_digest);

#endif
