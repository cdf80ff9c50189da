/*
 * Passwords of people, slow to guess even for who has the store: Argon2id (RFC 9106).
 */
#ifndef SF_CRYPTO_PASSWORD_H
#define SF_CRYPTO_PASSWORD_H

#include "port/crypto.h"

/* As sf_crypto.password_hash. Takes memory_kib of memory for the time of the call. */
SF_MUST_USE enum sf_err sf_password_hash(struct sf_view password,
	const uint8_t salt[SF_PASSWORD_SALT_SIZE], uint32_t passes, uint32_t memory_kib,
	struct sf_digest *ret_hash);

#endif
