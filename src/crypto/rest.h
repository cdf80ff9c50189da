/*
 * Content at rest: what a node keeps of letters is sealed under a key of its transition, and that
 * key under the node's storage key. Erasing a transition is destroying its key: what is left in
 * pages of a database, in its journal or on a disk cannot be read any more (GDPR articles 17 and
 * 32).
 *
 *   content key, sealed   nonce[24] || XChaCha20-Poly1305(storage key, key[32]), 72 bytes
 *                         aad = "stafet/v1/content-key\0" || transition
 *   content, sealed       "stafet/v1/rest\0" || 0x01 || nonce[24] || XChaCha20-Poly1305(key,
 * content) aad = "stafet/v1/at-rest\0" || transition || name
 *
 * name says which value it is (table and message id), so that two values cannot be exchanged.
 */
#ifndef SF_CRYPTO_REST_H
#define SF_CRYPTO_REST_H

#include "crypto/keyring.h"
#include "port/crypto.h"

/* See port/crypto.h: content_key_make, content_seal, content_open. */
SF_MUST_USE enum sf_err sf_rest_key_make(struct sf_keyring *keyring, struct sf_id transition,
	const uint8_t chance[SF_CONTENT_KEY_CHANCE], uint8_t ret_sealed[SF_CONTENT_KEY_SIZE]);
SF_MUST_USE enum sf_err sf_rest_seal(struct sf_keyring *keyring, struct sf_view sealed_key,
	struct sf_id transition, struct sf_view name, const uint8_t nonce[SF_NONCE_SIZE],
	struct sf_view content, struct sf_buf *buf);
SF_MUST_USE enum sf_err sf_rest_open(struct sf_keyring *keyring, struct sf_view sealed_key,
	struct sf_id transition, struct sf_view name, struct sf_view sealed, struct sf_buf *buf);

#endif
