#include "crypto/record.h"

#include "crypto/hash.h"
#include "crypto/verify.h"

void sf_record_digest(const char *name, struct sf_view bytes, struct sf_digest *ret_digest)
{
	struct sf_view parts[] = {
		sf_view_text("stafet/v1/"), sf_view_text(name), SF_LABEL(""), bytes};
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), ret_digest);
}

enum sf_err sf_record_sign(struct sf_keyring *keyring, struct sf_id key_id, const char *name,
	struct sf_view bytes, uint8_t ret_signature[SF_SIGNATURE_SIZE])
{
	struct sf_digest digest;
	sf_record_digest(name, bytes, &digest);
	struct sf_view parts[] = {sf_view_text("stafet/v1/"), sf_view_text(name), SF_LABEL("-sig"),
		sf_digest_view(&digest)};
	return sf_keyring_sign(keyring, key_id, parts, SF_COUNT(parts), ret_signature);
}

enum sf_err sf_record_check(const uint8_t key[SF_PUBLIC_KEY_SIZE], const char *name,
	struct sf_view bytes, const uint8_t signature[SF_SIGNATURE_SIZE])
{
	struct sf_digest digest;
	sf_record_digest(name, bytes, &digest);
	struct sf_view parts[] = {sf_view_text("stafet/v1/"), sf_view_text(name), SF_LABEL("-sig"),
		sf_digest_view(&digest)};
	return sf_verify_signature(key, parts, SF_COUNT(parts), signature);
}
