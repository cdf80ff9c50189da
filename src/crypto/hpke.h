/*
 * HPKE (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, modes base and psk.
 * The ephemeral key comes from the caller, so that a simulation is repeatable.
 *
 * Safe from any thread; contexts are plain values that their owner wipes.
 */
#ifndef SF_CRYPTO_HPKE_H
#define SF_CRYPTO_HPKE_H

#include "base/bytes.h"

#define SF_HPKE_KEY_SIZE ((size_t)32)
#define SF_HPKE_TAG_SIZE ((size_t)16)

enum sf_hpke_mode {
	SF_HPKE_BASE = 0,
	SF_HPKE_PSK = 1,
};

struct sf_hpke_context {
	uint8_t key[32];
	uint8_t base_nonce[12];
};

/* Section 7.1.3, DeriveKeyPair: the X25519 secret key of 32 or more bytes of keying material. */
void sf_hpke_derive_key(struct sf_view material, uint8_t ret_secret[SF_HPKE_KEY_SIZE]);
/* Section 4.1. SF_ERR_AUTH when the peer's key is of small order (the agreement is zero). */
SF_MUST_USE enum sf_err sf_hpke_encapsulate(const uint8_t peer_public[SF_HPKE_KEY_SIZE],
	const uint8_t ephemeral_secret[SF_HPKE_KEY_SIZE], uint8_t ret_enc[SF_HPKE_KEY_SIZE],
	uint8_t ret_shared[SF_HPKE_KEY_SIZE]);
SF_MUST_USE enum sf_err sf_hpke_decapsulate(const uint8_t enc[SF_HPKE_KEY_SIZE],
	const uint8_t secret[SF_HPKE_KEY_SIZE], const uint8_t public_key[SF_HPKE_KEY_SIZE],
	uint8_t ret_shared[SF_HPKE_KEY_SIZE]);
/* Section 5.1. psk and psk_id are both empty in mode base and both filled in mode psk. */
void sf_hpke_schedule(enum sf_hpke_mode mode, const uint8_t shared[SF_HPKE_KEY_SIZE],
	struct sf_view info, struct sf_view psk, struct sf_view psk_id,
	struct sf_hpke_context *ret_context);
/* Section 5.2 with an explicit sequence number; writes plain.size + 16 bytes. */
void sf_hpke_seal(const struct sf_hpke_context *context, uint64_t sequence, struct sf_view aad,
	struct sf_view plain, uint8_t *ret_cipher);
/* Writes cipher.size - 16 bytes. SF_ERR_AUTH when the tag does not hold. */
SF_MUST_USE enum sf_err sf_hpke_open(const struct sf_hpke_context *context, uint64_t sequence,
	struct sf_view aad, struct sf_view cipher, uint8_t *ret_plain);

#endif
