#include "crypto/hash.h"

#include <string.h>

#include <sodium.h>

#define HKDF_INFO_PARTS_MAX 8

void sf_hash_blake2b(
	struct sf_view key, const struct sf_view *parts, size_t count, struct sf_digest *ret_digest)
{
	SF_ASSERT(key.size == 0 || (key.size >= crypto_generichash_KEYBYTES_MIN &&
					   key.size <= crypto_generichash_KEYBYTES_MAX));
	crypto_generichash_state state;
	int failed = crypto_generichash_init(&state, key.data, key.size, SF_DIGEST_SIZE);
	for (size_t i = 0; i < count; i++)
		if (parts[i].size > 0)
			failed |= crypto_generichash_update(&state, parts[i].data, parts[i].size);
	failed |= crypto_generichash_final(&state, ret_digest->bytes, SF_DIGEST_SIZE);
	/* Only sizes out of range can fail, and those are our own. */
	SF_ASSERT(!failed);
	if (key.size > 0)
		sodium_memzero(&state, sizeof(state));
}

void sf_hash_sha256(const struct sf_view *parts, size_t count, struct sf_digest *ret_digest)
{
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < count; i++)
		if (parts[i].size > 0)
			crypto_hash_sha256_update(&state, parts[i].data, parts[i].size);
	crypto_hash_sha256_final(&state, ret_digest->bytes);
}

void sf_hash_hmac_sha256(
	struct sf_view key, const struct sf_view *parts, size_t count, struct sf_digest *ret_digest)
{
	crypto_auth_hmacsha256_state state;
	/* libsodium wants a pointer even when there is nothing at it. */
	static const uint8_t nothing[1];
	crypto_auth_hmacsha256_init(&state, key.size > 0 ? key.data : nothing, key.size);
	for (size_t i = 0; i < count; i++)
		if (parts[i].size > 0)
			crypto_auth_hmacsha256_update(&state, parts[i].data, parts[i].size);
	crypto_auth_hmacsha256_final(&state, ret_digest->bytes);
	sodium_memzero(&state, sizeof(state));
}

void sf_hkdf_extract(
	struct sf_view salt, const struct sf_view *input, size_t count, struct sf_digest *ret_key)
{
	sf_hash_hmac_sha256(salt, input, count, ret_key);
}

enum sf_err sf_hkdf_expand(const struct sf_digest *key, const struct sf_view *info, size_t count,
	uint8_t *ret_bytes, size_t size)
{
	SF_ASSERT(count <= HKDF_INFO_PARTS_MAX);
	if (size > (size_t)255 * SF_DIGEST_SIZE)
		return SF_ERR_LIMIT;
	/* T(i) = HMAC(key, T(i-1) || info || i): the previous block first, the counter last. */
	struct sf_view parts[HKDF_INFO_PARTS_MAX + 2] = {0};
	for (size_t i = 0; i < count; i++)
		parts[1 + i] = info[i];
	struct sf_digest block = {0};
	uint8_t counter = 0;
	for (size_t done = 0; done < size; done += SF_DIGEST_SIZE) {
		counter++;
		parts[0] = counter == 1 ? (struct sf_view){0} : sf_digest_view(&block);
		parts[1 + count] = sf_view_of(&counter, 1);
		struct sf_digest next;
		sf_hash_hmac_sha256(sf_digest_view(key), parts, count + 2, &next);
		block = next;
		sodium_memzero(&next, sizeof(next));
		size_t rest = size - done;
		memcpy(ret_bytes + done, block.bytes,
			rest < SF_DIGEST_SIZE ? rest : SF_DIGEST_SIZE);
	}
	sodium_memzero(&block, sizeof(block));
	return SF_OK;
}
