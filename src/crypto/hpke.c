#include "crypto/hpke.h"

#include <string.h>

#include <sodium.h>

#include "crypto/hash.h"

/* Suite ids of RFC 9180 sections 4.1 and 5.1: KEM 0x0020, KDF 0x0001, AEAD 0x0003. */
static const uint8_t kem_suite[] = {'K', 'E', 'M', 0x00, 0x20};
static const uint8_t hpke_suite[] = {'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, 0x03};

static struct sf_view kem(void)
{
	return sf_view_of(kem_suite, sizeof(kem_suite));
}

static struct sf_view hpke(void)
{
	return sf_view_of(hpke_suite, sizeof(hpke_suite));
}

/* RFC 9180 section 4, LabeledExtract. */
static void labeled_extract(struct sf_view suite, struct sf_view salt, const char *label,
	struct sf_view input, struct sf_digest *ret_key)
{
	struct sf_view parts[] = {sf_view_text("HPKE-v1"), suite, sf_view_text(label), input};
	sf_hkdf_extract(salt, parts, SF_COUNT(parts), ret_key);
}

/* RFC 9180 section 4, LabeledExpand; size is at most 32. */
static void labeled_expand(struct sf_view suite, const struct sf_digest *key, const char *label,
	struct sf_view info, uint8_t *ret_bytes, size_t size)
{
	uint8_t length[2];
	sf_put_u16(length, (uint16_t)size);
	struct sf_view parts[] = {sf_view_of(length, sizeof(length)), sf_view_text("HPKE-v1"),
		suite, sf_view_text(label), info};
	enum sf_err err = sf_hkdf_expand(key, parts, SF_COUNT(parts), ret_bytes, size);
	SF_ASSERT(err == SF_OK);
}

void sf_hpke_derive_key(struct sf_view material, uint8_t ret_secret[SF_HPKE_KEY_SIZE])
{
	struct sf_digest key;
	labeled_extract(kem(), (struct sf_view){0}, "dkp_prk", material, &key);
	labeled_expand(kem(), &key, "sk", (struct sf_view){0}, ret_secret, SF_HPKE_KEY_SIZE);
	sodium_memzero(&key, sizeof(key));
}

/* Section 4.1, ExtractAndExpand over enc || public key of the recipient. */
static void extract_and_expand(const uint8_t agreement[32], const uint8_t enc[32],
	const uint8_t recipient[32], uint8_t ret_shared[32])
{
	uint8_t context[64];
	memcpy(context, enc, 32);
	memcpy(context + 32, recipient, 32);
	struct sf_digest key;
	labeled_extract(kem(), (struct sf_view){0}, "eae_prk", sf_view_of(agreement, 32), &key);
	labeled_expand(
		kem(), &key, "shared_secret", sf_view_of(context, sizeof(context)), ret_shared, 32);
	sodium_memzero(&key, sizeof(key));
}

enum sf_err sf_hpke_encapsulate(const uint8_t peer_public[SF_HPKE_KEY_SIZE],
	const uint8_t ephemeral_secret[SF_HPKE_KEY_SIZE], uint8_t ret_enc[SF_HPKE_KEY_SIZE],
	uint8_t ret_shared[SF_HPKE_KEY_SIZE])
{
	uint8_t agreement[32];
	uint8_t enc[32];
	/* libsodium answers -1 when the agreement is all zero, which RFC 9180 7.1.4 must refuse. */
	if (crypto_scalarmult_base(enc, ephemeral_secret) != 0 ||
		crypto_scalarmult(agreement, ephemeral_secret, peer_public) != 0)
		return SF_ERR_AUTH;
	extract_and_expand(agreement, enc, peer_public, ret_shared);
	memcpy(ret_enc, enc, sizeof(enc));
	sodium_memzero(agreement, sizeof(agreement));
	return SF_OK;
}

enum sf_err sf_hpke_decapsulate(const uint8_t enc[SF_HPKE_KEY_SIZE],
	const uint8_t secret[SF_HPKE_KEY_SIZE], const uint8_t public_key[SF_HPKE_KEY_SIZE],
	uint8_t ret_shared[SF_HPKE_KEY_SIZE])
{
	uint8_t agreement[32];
	if (crypto_scalarmult(agreement, secret, enc) != 0)
		return SF_ERR_AUTH;
	extract_and_expand(agreement, enc, public_key, ret_shared);
	sodium_memzero(agreement, sizeof(agreement));
	return SF_OK;
}

void sf_hpke_schedule(enum sf_hpke_mode mode, const uint8_t shared[SF_HPKE_KEY_SIZE],
	struct sf_view info, struct sf_view psk, struct sf_view psk_id,
	struct sf_hpke_context *ret_context)
{
	/* Section 5.1, VerifyPSKInputs: the callers of this room keep it. */
	SF_ASSERT((psk.size > 0) == (mode == SF_HPKE_PSK));
	SF_ASSERT((psk_id.size > 0) == (mode == SF_HPKE_PSK));
	struct sf_digest psk_id_hash;
	struct sf_digest info_hash;
	labeled_extract(hpke(), (struct sf_view){0}, "psk_id_hash", psk_id, &psk_id_hash);
	labeled_extract(hpke(), (struct sf_view){0}, "info_hash", info, &info_hash);
	uint8_t context[1 + 2 * SF_DIGEST_SIZE];
	context[0] = (uint8_t)mode;
	memcpy(context + 1, psk_id_hash.bytes, SF_DIGEST_SIZE);
	memcpy(context + 1 + SF_DIGEST_SIZE, info_hash.bytes, SF_DIGEST_SIZE);
	struct sf_digest secret;
	labeled_extract(hpke(), sf_view_of(shared, SF_HPKE_KEY_SIZE), "secret", psk, &secret);
	struct sf_view bound = sf_view_of(context, sizeof(context));
	labeled_expand(hpke(), &secret, "key", bound, ret_context->key, sizeof(ret_context->key));
	labeled_expand(hpke(), &secret, "base_nonce", bound, ret_context->base_nonce,
		sizeof(ret_context->base_nonce));
	sodium_memzero(&secret, sizeof(secret));
}

/* Section 5.2, ComputeNonce. */
static void nonce_of(
	const struct sf_hpke_context *context, uint64_t sequence, uint8_t ret_nonce[12])
{
	uint8_t number[8];
	sf_put_u64(number, sequence);
	memcpy(ret_nonce, context->base_nonce, 12);
	for (size_t i = 0; i < sizeof(number); i++)
		ret_nonce[4 + i] ^= number[i];
}

void sf_hpke_seal(const struct sf_hpke_context *context, uint64_t sequence, struct sf_view aad,
	struct sf_view plain, uint8_t *ret_cipher)
{
	uint8_t nonce[12];
	nonce_of(context, sequence, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(ret_cipher, NULL, plain.data, plain.size,
		aad.data, aad.size, NULL, nonce, context->key);
}

enum sf_err sf_hpke_open(const struct sf_hpke_context *context, uint64_t sequence,
	struct sf_view aad, struct sf_view cipher, uint8_t *ret_plain)
{
	uint8_t nonce[12];
	nonce_of(context, sequence, nonce);
	int failed = crypto_aead_chacha20poly1305_ietf_decrypt(ret_plain, NULL, NULL, cipher.data,
		cipher.size, aad.data, aad.size, nonce, context->key);
	return failed ? SF_ERR_AUTH : SF_OK;
}
