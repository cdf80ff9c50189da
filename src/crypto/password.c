#include "crypto/password.h"

#include <sodium.h>

_Static_assert(SF_PASSWORD_SALT_SIZE == crypto_pwhash_argon2id_SALTBYTES, "the salt of Argon2id");

enum sf_err sf_password_hash(struct sf_view password, const uint8_t salt[SF_PASSWORD_SALT_SIZE],
	uint32_t passes, uint32_t memory_kib, struct sf_digest *ret_hash)
{
	size_t memory_size = (size_t)memory_kib * 1024;
	if (passes < crypto_pwhash_argon2id_OPSLIMIT_MIN ||
		memory_size < crypto_pwhash_argon2id_MEMLIMIT_MIN ||
		memory_size > crypto_pwhash_argon2id_MEMLIMIT_MAX)
		return SF_ERR_USAGE;
	struct sf_digest hash;
	if (crypto_pwhash(hash.bytes, sizeof(hash.bytes), (const char *)password.data,
		    password.size, salt, passes, memory_size, crypto_pwhash_ALG_ARGON2ID13))
		return SF_ERR_MEMORY;
	*ret_hash = hash;
	return SF_OK;
}
