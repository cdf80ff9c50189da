/*
 * Records that are no envelopes: directory entries, succession, agreements, epochs, enrolment
 * (WIRE.md section 4). digest = BLAKE2b-256("stafet/v1/<name>\0" || bytes), signature =
 * Ed25519("stafet/v1/<name>-sig\0" || digest). bytes are without signatures (WIRE 7.10).
 */
#ifndef SF_CRYPTO_RECORD_H
#define SF_CRYPTO_RECORD_H

#include "crypto/keyring.h"

void sf_record_digest(const char *name, struct sf_view bytes, struct sf_digest *ret_digest);
SF_MUST_USE enum sf_err sf_record_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const char *name, struct sf_view bytes, uint8_t ret_signature[SF_SIGNATURE_SIZE]);
SF_MUST_USE enum sf_err sf_record_check(const uint8_t key[SF_PUBLIC_KEY_SIZE], const char *name,
	struct sf_view bytes, const uint8_t signature[SF_SIGNATURE_SIZE]);

#endif
