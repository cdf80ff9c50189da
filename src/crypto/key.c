#include "crypto/key.h"

#include <string.h>

#include <sodium.h>

#include "crypto/hash.h"

const char *sf_key_kind_text(enum sf_key_kind kind)
{
	switch (kind) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_KEY_KIND_LIST(X)
#undef X
	}
	return "unknown";
}

enum sf_err sf_key_kind_parse(const char *text, enum sf_key_kind *ret_kind)
{
	static const enum sf_key_kind kinds[] = {
#define X(name, value, kind_text) name,
		SF_KEY_KIND_LIST(X)
#undef X
	};
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		if (strcmp(text, sf_key_kind_text(kinds[i])) == 0) {
			*ret_kind = kinds[i];
			return SF_OK;
		}
	}
	return SF_ERR_FORMAT;
}

enum sf_key_type sf_key_type_of(enum sf_key_kind kind)
{
	switch (kind) {
	case SF_KEY_SEALING:
	case SF_KEY_TRANSPORT:
		return SF_KEY_TYPE_X25519;
	case SF_KEY_PSK:
	case SF_KEY_MESSAGE_ID:
	case SF_KEY_PSEUDONYM:
	case SF_KEY_STORAGE:
		return SF_KEY_TYPE_SHARED;
	case SF_KEY_IDENTITY:
	case SF_KEY_COORDINATOR:
	case SF_KEY_WITNESS:
	case SF_KEY_REGISTRAR:
	case SF_KEY_LOG:
		break;
	}
	return SF_KEY_TYPE_ED25519;
}

static struct sf_id key_id(struct sf_view label, const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	struct sf_view parts[] = {label, sf_view_of(key, SF_PUBLIC_KEY_SIZE)};
	struct sf_digest digest;
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), &digest);
	struct sf_id id;
	memcpy(id.bytes, digest.bytes, SF_ID_SIZE);
	return id;
}

struct sf_id sf_key_id_ed25519(const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	return key_id(SF_LABEL("stafet/v1/kid-ed25519"), key);
}

struct sf_id sf_key_id_x25519(const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	return key_id(SF_LABEL("stafet/v1/kid-x25519"), key);
}

bool sf_key_valid_ed25519(const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	return crypto_core_ed25519_is_valid_point(key) == 1;
}

/* Little-endian comparison with 2^255 - 19 = ed ff .. ff 7f. */
static bool below_field_prime(const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	if (key[31] != 0x7F)
		return key[31] < 0x7F;
	for (size_t i = 30; i > 0; i--)
		if (key[i] != 0xFF)
			return true;
	return key[0] < 0xED;
}

bool sf_key_valid_x25519(const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	if (!below_field_prime(key))
		return false;
	/* Every clamped scalar is a multiple of 8, so a point of small order gives zero with any.
	 */
	static const uint8_t scalar[crypto_scalarmult_SCALARBYTES] = {8};
	uint8_t shared[crypto_scalarmult_BYTES];
	return crypto_scalarmult(shared, scalar, key) == 0;
}

enum sf_err sf_key_from_secret(
	enum sf_key_kind kind, const uint8_t secret[SF_KEY_SECRET_SIZE], struct sf_key *ret_key)
{
	struct sf_key key = {.kind = kind};
	enum sf_err err = sf_secret_init(&key.secret, SF_KEY_SECRET_SIZE);
	if (err)
		return err;
	memcpy(key.secret.bytes, secret, SF_KEY_SECRET_SIZE);
	int failed = 0;
	switch (sf_key_type_of(kind)) {
	case SF_KEY_TYPE_ED25519: {
		uint8_t pair[crypto_sign_SECRETKEYBYTES];
		failed = crypto_sign_seed_keypair(key.public_key, pair, key.secret.bytes);
		sodium_memzero(pair, sizeof(pair));
		key.id = sf_key_id_ed25519(key.public_key);
		break;
	}
	case SF_KEY_TYPE_X25519:
		failed = crypto_scalarmult_base(key.public_key, key.secret.bytes);
		key.id = sf_key_id_x25519(key.public_key);
		break;
	case SF_KEY_TYPE_SHARED:
		break;
	}
	if (failed) {
		sf_key_fini(&key);
		return SF_ERR_FORMAT;
	}
	*ret_key = key;
	return SF_OK;
}

enum sf_err sf_key_make(enum sf_key_kind kind, const struct sf_env *env, struct sf_key *ret_key)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	env->random(env->self, secret, sizeof(secret));
	enum sf_err err = sf_key_from_secret(kind, secret, ret_key);
	sodium_memzero(secret, sizeof(secret));
	return err;
}

void sf_key_fini(struct sf_key *key)
{
	sf_secret_fini(&key->secret);
	*key = (struct sf_key){0};
}
