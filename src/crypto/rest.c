#include "crypto/rest.h"

#include <string.h>

#include <sodium.h>

#define TAG_SIZE ((size_t)crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define KEY_SIZE ((size_t)32)

static const char key_label[] = "stafet/v1/content-key"; /* the terminating zero ends the label */
static const char content_label[] = "stafet/v1/at-rest";
static const uint8_t mark[SF_CONTENT_MARK_SIZE] = "stafet/v1/rest\0\x01";

/* label || transition || name, in place: what a value is bound to. */
#define BOUND_SIZE_MAX ((size_t)128)

static enum sf_err bind(struct sf_view label, struct sf_id transition, struct sf_view name,
	uint8_t place[BOUND_SIZE_MAX], size_t *ret_size)
{
	size_t size = label.size + SF_ID_SIZE + name.size;
	if (size > BOUND_SIZE_MAX)
		return SF_ERR_USAGE;
	memcpy(place, label.data, label.size);
	memcpy(place + label.size, transition.bytes, SF_ID_SIZE);
	if (name.size > 0)
		memcpy(place + label.size + SF_ID_SIZE, name.data, name.size);
	*ret_size = size;
	return SF_OK;
}

/* The key that content keys are sealed with, and what such a key is bound to. */
static enum sf_err take_storage(struct sf_keyring *keyring, struct sf_id transition,
	uint8_t bound[BOUND_SIZE_MAX], size_t *ret_size, uint8_t ret_storage[SF_KEY_SECRET_SIZE])
{
	enum sf_err err = bind(sf_view_of(key_label, sizeof(key_label)), transition,
		sf_view_of(NULL, 0), bound, ret_size);
	return err ? err : sf_keyring_storage(keyring, ret_storage);
}

enum sf_err sf_rest_key_make(struct sf_keyring *keyring, struct sf_id transition,
	const uint8_t chance[SF_CONTENT_KEY_CHANCE], uint8_t ret_sealed[SF_CONTENT_KEY_SIZE])
{
	uint8_t storage[SF_KEY_SECRET_SIZE], bound[BOUND_SIZE_MAX];
	size_t bound_size;
	enum sf_err err = take_storage(keyring, transition, bound, &bound_size, storage);
	if (err)
		return err;
	memcpy(ret_sealed, chance + KEY_SIZE, SF_NONCE_SIZE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(ret_sealed + SF_NONCE_SIZE, NULL, chance,
		KEY_SIZE, bound, bound_size, NULL, chance + KEY_SIZE, storage);
	sodium_memzero(storage, sizeof(storage));
	return SF_OK;
}

static enum sf_err open_key(struct sf_keyring *keyring, struct sf_view sealed_key,
	struct sf_id transition, uint8_t ret_key[KEY_SIZE])
{
	uint8_t storage[SF_KEY_SECRET_SIZE], bound[BOUND_SIZE_MAX];
	size_t bound_size;
	if (sealed_key.size != SF_CONTENT_KEY_SIZE)
		return SF_ERR_INTEGRITY;
	enum sf_err err = take_storage(keyring, transition, bound, &bound_size, storage);
	if (err)
		return err;
	int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(ret_key, NULL, NULL,
		sealed_key.data + SF_NONCE_SIZE, sealed_key.size - SF_NONCE_SIZE, bound, bound_size,
		sealed_key.data, storage);
	sodium_memzero(storage, sizeof(storage));
	return failed ? SF_ERR_INTEGRITY : SF_OK;
}

enum sf_err sf_rest_seal(struct sf_keyring *keyring, struct sf_view sealed_key,
	struct sf_id transition, struct sf_view name, const uint8_t nonce[SF_NONCE_SIZE],
	struct sf_view content, struct sf_buf *buf)
{
	uint8_t key[KEY_SIZE], bound[BOUND_SIZE_MAX], *place;
	size_t bound_size;
	enum sf_err err = bind(sf_view_of(content_label, sizeof(content_label)), transition, name,
		bound, &bound_size);
	if (!err)
		err = open_key(keyring, sealed_key, transition, key);
	if (err)
		return err;
	err = sf_buf_extend(buf, sizeof(mark) + SF_NONCE_SIZE + content.size + TAG_SIZE, &place);
	if (!err) {
		memcpy(place, mark, sizeof(mark));
		memcpy(place + sizeof(mark), nonce, SF_NONCE_SIZE);
		crypto_aead_xchacha20poly1305_ietf_encrypt(place + sizeof(mark) + SF_NONCE_SIZE,
			NULL, content.data, content.size, bound, bound_size, NULL, nonce, key);
	}
	sodium_memzero(key, sizeof(key));
	return err;
}

enum sf_err sf_rest_open(struct sf_keyring *keyring, struct sf_view sealed_key,
	struct sf_id transition, struct sf_view name, struct sf_view sealed, struct sf_buf *buf)
{
	const size_t before = sizeof(mark) + SF_NONCE_SIZE;
	if (sealed.size < sizeof(mark) || memcmp(sealed.data, mark, sizeof(mark)) != 0)
		return sf_buf_append(buf, sealed); /* of a time before content was sealed */
	if (sealed.size < before + TAG_SIZE)
		return SF_ERR_INTEGRITY;
	uint8_t key[KEY_SIZE], bound[BOUND_SIZE_MAX], *place;
	size_t bound_size, start = buf->size;
	enum sf_err err = bind(sf_view_of(content_label, sizeof(content_label)), transition, name,
		bound, &bound_size);
	if (!err)
		err = open_key(keyring, sealed_key, transition, key);
	if (err)
		return err;
	err = sf_buf_extend(buf, sealed.size - before - TAG_SIZE, &place);
	if (!err && crypto_aead_xchacha20poly1305_ietf_decrypt(place, NULL, NULL,
			    sealed.data + before, sealed.size - before, bound, bound_size,
			    sealed.data + sizeof(mark), key) != 0) {
		buf->size = start;
		err = SF_ERR_INTEGRITY;
	}
	sodium_memzero(key, sizeof(key));
	return err;
}
