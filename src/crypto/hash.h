/*
 * Hashes over parts in order, as if they stood in one piece. Labels of WIRE.md end in one zero
 * byte, which a C string constant brings along: SF_LABEL("stafet/v1/tbs").
 *
 * Pure and safe from any thread.
 */
#ifndef SF_CRYPTO_HASH_H
#define SF_CRYPTO_HASH_H

#include "base/bytes.h"
#include "base/id.h"

#define SF_LABEL(text) sf_view_of((text), sizeof(text))

/* BLAKE2b-256 (RFC 7693). key.size is 0 or 16 to 64. */
void sf_hash_blake2b(struct sf_view key, const struct sf_view *parts, size_t count,
	struct sf_digest *ret_digest);
void sf_hash_sha256(const struct sf_view *parts, size_t count, struct sf_digest *ret_digest);
/* HMAC-SHA256 (RFC 2104), any key size. */
void sf_hash_hmac_sha256(struct sf_view key, const struct sf_view *parts, size_t count,
	struct sf_digest *ret_digest);

/* HKDF-SHA256 (RFC 5869 section 2.2) of concatenated input parts. */
void sf_hkdf_extract(
	struct sf_view salt, const struct sf_view *input, size_t count, struct sf_digest *ret_key);
/* RFC 5869 section 2.3; SF_ERR_LIMIT over 255 * 32 bytes. */
SF_MUST_USE enum sf_err sf_hkdf_expand(const struct sf_digest *key, const struct sf_view *info,
	size_t count, uint8_t *ret_bytes, size_t size);

#endif
