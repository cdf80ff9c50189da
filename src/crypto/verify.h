/*
 * Is it authentic? Path and signature of envelopes and covers (WIRE.md section 1). A batch's root
 * is checked once and remembered. Safe from any thread.
 */
#ifndef SF_CRYPTO_VERIFY_H
#define SF_CRYPTO_VERIFY_H

#include "crypto/keyring.h"
#include "port/crypto.h"

SF_MUST_USE enum sf_err sf_verify_envelope(struct sf_keyring *keyring,
	const struct sf_envelope *envelope, const uint8_t author_key[SF_PUBLIC_KEY_SIZE],
	struct sf_envelope_names *ret_names);
SF_MUST_USE enum sf_err sf_verify_cover(struct sf_keyring *keyring, const struct sf_cover *cover,
	const uint8_t author_key[SF_PUBLIC_KEY_SIZE], struct sf_envelope_names *ret_names);

/* Bare Ed25519 over the joined parts. SF_ERR_AUTH, SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_verify_signature(const uint8_t key[SF_PUBLIC_KEY_SIZE],
	const struct sf_view *parts, size_t count, const uint8_t signature[SF_SIGNATURE_SIZE]);
/* Ed25519(label || count[2] || root), remembered when good. */
SF_MUST_USE enum sf_err sf_verify_root(struct sf_keyring *keyring, struct sf_view label,
	const uint8_t key[SF_PUBLIC_KEY_SIZE], uint16_t count, const struct sf_digest *root,
	const uint8_t signature[SF_SIGNATURE_SIZE]);

#endif
