#include "crypto/port.h"

#include "crypto/chunk.h"
#include "crypto/hash.h"
#include "crypto/names.h"
#include "crypto/open.h"
#include "crypto/receipt.h"
#include "crypto/password.h"
#include "crypto/record.h"
#include "crypto/rest.h"
#include "crypto/seal.h"
#include "crypto/verify.h"

#define CPR_SIZE ((size_t)10)

static void hash(void *self, struct sf_view key, const struct sf_view *parts, size_t count,
	struct sf_digest *ret_digest)
{
	(void)self;
	sf_hash_blake2b(key, parts, count, ret_digest);
}

static void sha256(
	void *self, const struct sf_view *parts, size_t count, struct sf_digest *ret_digest)
{
	(void)self;
	sf_hash_sha256(parts, count, ret_digest);
}

static struct sf_id signing_key_id(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	(void)self;
	return sf_key_id_ed25519(key);
}

static struct sf_id sealing_key_id(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	(void)self;
	return sf_key_id_x25519(key);
}

static bool signing_key_valid(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	(void)self;
	return sf_key_valid_ed25519(key);
}

static bool sealing_key_valid(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE])
{
	(void)self;
	return sf_key_valid_x25519(key);
}

/* DOMAIN section 8, Ids. */
static enum sf_err message_id(
	void *self, struct sf_id party, struct sf_view clinical_id, struct sf_id *ret_id)
{
	struct sf_view parts[] = {SF_LABEL("stafet/v1/medcom"), sf_id_view(&party), clinical_id};
	return sf_keyring_name(self, SF_KEY_MESSAGE_ID, parts, SF_COUNT(parts), ret_id);
}

/* WIRE section 2, pseudonym; section 7.10: CPR is ten ASCII digits. */
static enum sf_err person_id(void *self, struct sf_view cpr, struct sf_id *ret_id)
{
	if (cpr.size != CPR_SIZE)
		return SF_ERR_FORMAT;
	for (size_t i = 0; i < cpr.size; i++)
		if (cpr.data[i] < '0' || cpr.data[i] > '9')
			return SF_ERR_FORMAT;
	struct sf_view parts[] = {SF_LABEL("stafet/v1/person"), cpr};
	return sf_keyring_name(self, SF_KEY_PSEUDONYM, parts, SF_COUNT(parts), ret_id);
}

static enum sf_err sign(void *self, struct sf_id key_id, const struct sf_view *parts, size_t count,
	uint8_t ret_signature[SF_SIGNATURE_SIZE])
{
	return sf_keyring_sign(self, key_id, parts, count, ret_signature);
}

static enum sf_err check(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE],
	const struct sf_view *parts, size_t count, const uint8_t signature[SF_SIGNATURE_SIZE])
{
	(void)self;
	return sf_verify_signature(key, parts, count, signature);
}

static void record_digest(
	void *self, const char *name, struct sf_view bytes, struct sf_digest *ret_digest)
{
	(void)self;
	sf_record_digest(name, bytes, ret_digest);
}

static enum sf_err sign_record(void *self, struct sf_id key_id, const char *name,
	struct sf_view bytes, uint8_t ret_signature[SF_SIGNATURE_SIZE])
{
	return sf_record_sign(self, key_id, name, bytes, ret_signature);
}

static enum sf_err check_record(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE], const char *name,
	struct sf_view bytes, const uint8_t signature[SF_SIGNATURE_SIZE])
{
	(void)self;
	return sf_record_check(key, name, bytes, signature);
}

static enum sf_err verify(void *self, const struct sf_envelope *envelope,
	const uint8_t author_key[SF_PUBLIC_KEY_SIZE], struct sf_envelope_names *ret_names)
{
	return sf_verify_envelope(self, envelope, author_key, ret_names);
}

static enum sf_err verify_cover(void *self, const struct sf_cover *cover,
	const uint8_t author_key[SF_PUBLIC_KEY_SIZE], struct sf_envelope_names *ret_names)
{
	return sf_verify_cover(self, cover, author_key, ret_names);
}

static enum sf_err open_envelope(void *self, const struct sf_envelope *envelope,
	struct sf_id own_party, struct sf_id author, const struct sf_digest *body_commitment,
	struct sf_open_result *ret_result)
{
	return sf_open_envelope(self, envelope, own_party, author, body_commitment, ret_result);
}

static enum sf_err seal_begin(void *self, struct sf_id author_key_id, struct sf_seal_item *items,
	size_t count, const uint8_t (*seeds)[32], size_t seed_count,
	struct sf_seal_batch **ret_batch)
{
	return sf_seal_begin(self, author_key_id, items, count, seeds, seed_count, ret_batch);
}

static void seal_one(void *self, struct sf_seal_batch *batch, struct sf_seal_item *item)
{
	(void)self;
	sf_seal_one(batch, item);
}

static enum sf_err seal_finish(void *self, struct sf_seal_batch *batch)
{
	(void)self;
	return sf_seal_finish(batch);
}

static void seal_close(void *self, struct sf_seal_batch **batch)
{
	(void)self;
	sf_seal_close(batch);
}

static void body_commitment(
	void *self, const uint8_t salt[32], struct sf_view body, struct sf_digest *ret_digest)
{
	(void)self;
	sf_names_body_commitment(sf_view_of(salt, 32), body, ret_digest);
}

static enum sf_err sign_receipts(void *self, struct sf_id key_id, const struct sf_view *receipts,
	size_t count, uint8_t *ret_paths, uint8_t *ret_depths,
	uint8_t ret_signature[SF_SIGNATURE_SIZE])
{
	return sf_receipt_sign(self, key_id, receipts, count, ret_paths, ret_depths, ret_signature);
}

static enum sf_err check_receipt(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE],
	struct sf_view receipt, uint16_t index, uint16_t count, struct sf_view path,
	const uint8_t signature[SF_SIGNATURE_SIZE])
{
	return sf_receipt_check(self, key, receipt, index, count, path, signature);
}

static enum sf_err content_key_make(void *self, struct sf_id transition,
	const uint8_t chance[SF_CONTENT_KEY_CHANCE], uint8_t ret_sealed[SF_CONTENT_KEY_SIZE])
{
	return sf_rest_key_make(self, transition, chance, ret_sealed);
}

static enum sf_err content_seal(void *self, struct sf_view sealed_key, struct sf_id transition,
	struct sf_view name, const uint8_t nonce[SF_NONCE_SIZE], struct sf_view content,
	struct sf_buf *buf)
{
	return sf_rest_seal(self, sealed_key, transition, name, nonce, content, buf);
}

static enum sf_err password_hash(void *self, struct sf_view password,
	const uint8_t salt[SF_PASSWORD_SALT_SIZE], uint32_t passes, uint32_t memory_kib,
	struct sf_digest *ret_hash)
{
	(void)self;
	return sf_password_hash(password, salt, passes, memory_kib, ret_hash);
}

static enum sf_err content_open(void *self, struct sf_view sealed_key, struct sf_id transition,
	struct sf_view name, struct sf_view sealed, struct sf_buf *buf)
{
	return sf_rest_open(self, sealed_key, transition, name, sealed, buf);
}

static enum sf_err chunk_seal(void *self, const uint8_t key[SF_CHUNK_KEY_SIZE],
	struct sf_chunk_at *at, struct sf_view content, struct sf_buf *buf)
{
	(void)self;
	size_t start = buf->size;
	enum sf_err err = sf_chunk_seal(key, at, content, buf);
	if (!err)
		at->trail =
			sf_chunk_trail(at->trail, sf_view_of(buf->data + start, buf->size - start));
	return err;
}

static enum sf_err chunk_open(void *self, const uint8_t key[SF_CHUNK_KEY_SIZE],
	struct sf_chunk_at *at, struct sf_view chunk, struct sf_buf *buf)
{
	(void)self;
	enum sf_err err = sf_chunk_open(key, at, chunk, buf);
	if (!err)
		at->trail = sf_chunk_trail(at->trail, chunk);
	return err;
}

static void chunk_link(void *self, struct sf_view chunk, struct sf_digest *link)
{
	(void)self;
	struct sf_digest before = *link;
	sf_chunk_link(&before, chunk, link);
}

void sf_crypto_port(struct sf_keyring *keyring, struct sf_crypto *ret_crypto)
{
	*ret_crypto = (struct sf_crypto){
		.self = keyring,
		.hash = hash,
		.sha256 = sha256,
		.signing_key_id = signing_key_id,
		.sealing_key_id = sealing_key_id,
		.signing_key_valid = signing_key_valid,
		.sealing_key_valid = sealing_key_valid,
		.message_id = message_id,
		.person_id = person_id,
		.sign = sign,
		.check = check,
		.record_digest = record_digest,
		.password_hash = password_hash,
		.sign_record = sign_record,
		.check_record = check_record,
		.verify = verify,
		.verify_cover = verify_cover,
		.open = open_envelope,
		.seal_begin = seal_begin,
		.seal_one = seal_one,
		.seal_finish = seal_finish,
		.seal_close = seal_close,
		.body_commitment = body_commitment,
		.content_key_make = content_key_make,
		.content_seal = content_seal,
		.content_open = content_open,
		.chunk_seal = chunk_seal,
		.chunk_open = chunk_open,
		.chunk_link = chunk_link,
		.sign_receipts = sign_receipts,
		.check_receipt = check_receipt,
	};
}
