#include "crypto/keyring.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/hpke.h"

/* 1,024 roots and contexts: the batches that some minutes of a region's traffic come in. */
#define CACHE_SETS ((size_t)256)

struct entry {
	struct sf_id id;    /* key id, or the smaller party id of a psk */
	struct sf_id other; /* the larger party id of a psk */
	uint8_t secret[SF_KEY_SECRET_SIZE];
	uint8_t public_key[SF_PUBLIC_KEY_SIZE];
};

/* A growing array in locked memory; the newest entry is the last. */
struct shelf {
	struct sf_secret memory; /* owned */
	size_t count;
	size_t count_max;
};

struct sf_keyring {
	pthread_mutex_t mutex;
	struct shelf signing;
	struct shelf sealing;
	struct shelf psks;
	struct shelf transport; /* none or one, like the three below */
	struct shelf message_id;
	struct shelf pseudonym;
	struct shelf storage;
	struct sf_cache *roots;    /* owned */
	struct sf_cache *contexts; /* owned */
};

static struct entry *entries(const struct shelf *shelf)
{
	return (struct entry *)(void *)shelf->memory.bytes;
}

static enum sf_err shelf_add(struct shelf *shelf, const struct entry *entry)
{
	if (shelf->count == shelf->count_max)
		return SF_ERR_LIMIT;
	if ((shelf->count + 1) * sizeof(*entry) > shelf->memory.size) {
		struct sf_secret larger;
		enum sf_err err = sf_secret_init(
			&larger, (shelf->count == 0 ? 1 : shelf->count * 2) * sizeof(*entry));
		if (err)
			return err;
		if (shelf->count > 0)
			memcpy(larger.bytes, shelf->memory.bytes, shelf->count * sizeof(*entry));
		sf_secret_fini(&shelf->memory);
		shelf->memory = larger;
	}
	entries(shelf)[shelf->count++] = *entry;
	return SF_OK;
}

static const struct entry *shelf_find(const struct shelf *shelf, struct sf_id id)
{
	for (size_t i = 0; i < shelf->count; i++)
		if (sf_id_equal(entries(shelf)[i].id, id))
			return &entries(shelf)[i];
	return NULL;
}

static bool shelf_remove(struct shelf *shelf, struct sf_id id)
{
	for (size_t i = 0; i < shelf->count; i++) {
		struct entry *entry = &entries(shelf)[i];
		if (!sf_id_equal(entry->id, id))
			continue;
		memmove(entry, entry + 1, (shelf->count - i - 1) * sizeof(*entry));
		shelf->count--;
		sodium_memzero(&entries(shelf)[shelf->count], sizeof(*entry));
		return true;
	}
	return false;
}

enum sf_err sf_keyring_open(struct sf_keyring **ret_keyring)
{
	if (sodium_init() < 0)
		return SF_ERR_UNSUPPORTED;
	struct sf_keyring *keyring = calloc(1, sizeof(*keyring));
	if (!keyring)
		return SF_ERR_MEMORY;
	if (pthread_mutex_init(&keyring->mutex, NULL) != 0) {
		free(keyring);
		return SF_ERR_MEMORY;
	}
	keyring->signing.count_max = SF_KEYRING_KEYS_MAX;
	keyring->sealing.count_max = SF_KEYRING_KEYS_MAX;
	keyring->psks.count_max = SF_KEYRING_PSKS_MAX;
	keyring->transport.count_max = 1;
	keyring->message_id.count_max = 1;
	keyring->pseudonym.count_max = 1;
	keyring->storage.count_max = 1;
	enum sf_err err = sf_cache_open(CACHE_SETS, 0, &keyring->roots);
	if (err == SF_OK)
		err = sf_cache_open(CACHE_SETS, sizeof(struct sf_hpke_context), &keyring->contexts);
	if (err != SF_OK) {
		sf_keyring_close(&keyring);
		return err;
	}
	*ret_keyring = keyring;
	return SF_OK;
}

void sf_keyring_close(struct sf_keyring **keyring)
{
	struct sf_keyring *old = *keyring;
	if (!old)
		return;
	struct shelf *shelves[] = {&old->signing, &old->sealing, &old->psks, &old->transport,
		&old->message_id, &old->pseudonym, &old->storage};
	for (size_t i = 0; i < SF_COUNT(shelves); i++)
		sf_secret_fini(&shelves[i]->memory);
	sf_cache_close(&old->roots);
	sf_cache_close(&old->contexts);
	pthread_mutex_destroy(&old->mutex);
	free(old);
	*keyring = NULL;
}

static struct shelf *shelf_of(struct sf_keyring *keyring, enum sf_key_kind kind)
{
	switch (kind) {
	case SF_KEY_IDENTITY:
	case SF_KEY_COORDINATOR:
	case SF_KEY_WITNESS:
	case SF_KEY_REGISTRAR:
	case SF_KEY_LOG:
		return &keyring->signing;
	case SF_KEY_SEALING:
		return &keyring->sealing;
	case SF_KEY_TRANSPORT:
		return &keyring->transport;
	case SF_KEY_MESSAGE_ID:
		return &keyring->message_id;
	case SF_KEY_PSEUDONYM:
		return &keyring->pseudonym;
	case SF_KEY_STORAGE:
		return &keyring->storage;
	case SF_KEY_PSK:
		break;
	}
	return NULL;
}

enum sf_err sf_keyring_add(struct sf_keyring *keyring, const struct sf_key *key)
{
	struct shelf *shelf = shelf_of(keyring, key->kind);
	if (!shelf || key->secret.size != SF_KEY_SECRET_SIZE)
		return SF_ERR_USAGE;
	struct entry entry = {.id = key->id};
	memcpy(entry.secret, key->secret.bytes, sizeof(entry.secret));
	memcpy(entry.public_key, key->public_key, sizeof(entry.public_key));
	enum sf_err err = SF_OK;
	pthread_mutex_lock(&keyring->mutex);
	if (shelf->count_max == 1)
		shelf->count = 0;
	else if (shelf_find(shelf, key->id))
		err = SF_ERR_EXISTS;
	if (err == SF_OK)
		err = shelf_add(shelf, &entry);
	pthread_mutex_unlock(&keyring->mutex);
	sodium_memzero(&entry, sizeof(entry));
	return err;
}

static void sort_pair(struct sf_id *a, struct sf_id *b)
{
	if (sf_id_compare(*a, *b) <= 0)
		return;
	struct sf_id larger = *a;
	*a = *b;
	*b = larger;
}

enum sf_err sf_keyring_add_psk(
	struct sf_keyring *keyring, struct sf_id a, struct sf_id b, const struct sf_key *psk)
{
	if (psk->kind != SF_KEY_PSK || psk->secret.size != SF_KEY_SECRET_SIZE || sf_id_equal(a, b))
		return SF_ERR_USAGE;
	sort_pair(&a, &b);
	struct entry entry = {.id = a, .other = b};
	memcpy(entry.secret, psk->secret.bytes, sizeof(entry.secret));
	pthread_mutex_lock(&keyring->mutex);
	enum sf_err err = shelf_add(&keyring->psks, &entry);
	pthread_mutex_unlock(&keyring->mutex);
	sodium_memzero(&entry, sizeof(entry));
	return err;
}

enum sf_err sf_keyring_remove(struct sf_keyring *keyring, struct sf_id key_id)
{
	pthread_mutex_lock(&keyring->mutex);
	bool removed =
		shelf_remove(&keyring->sealing, key_id) || shelf_remove(&keyring->signing, key_id);
	pthread_mutex_unlock(&keyring->mutex);
	/* A context of a removed key must not go on opening. */
	sf_cache_clear(keyring->contexts);
	return removed ? SF_OK : SF_ERR_NOT_FOUND;
}

/* Copies an entry out under the mutex; the caller wipes it. */
static enum sf_err take_copy(struct sf_keyring *keyring, const struct shelf *shelf, struct sf_id id,
	struct entry *ret_entry)
{
	pthread_mutex_lock(&keyring->mutex);
	const struct entry *entry = shelf_find(shelf, id);
	if (entry)
		*ret_entry = *entry;
	pthread_mutex_unlock(&keyring->mutex);
	return entry ? SF_OK : SF_ERR_KEY_UNKNOWN;
}

bool sf_keyring_has(struct sf_keyring *keyring, struct sf_id key_id)
{
	pthread_mutex_lock(&keyring->mutex);
	bool found = shelf_find(&keyring->signing, key_id) || shelf_find(&keyring->sealing, key_id);
	pthread_mutex_unlock(&keyring->mutex);
	return found;
}

/* The only entry of a shelf that holds at most one. */
static enum sf_err take_single(
	struct sf_keyring *keyring, const struct shelf *shelf, struct entry *ret_entry)
{
	pthread_mutex_lock(&keyring->mutex);
	bool found = shelf->count == 1;
	if (found)
		*ret_entry = entries(shelf)[0];
	pthread_mutex_unlock(&keyring->mutex);
	return found ? SF_OK : SF_ERR_KEY_UNKNOWN;
}

enum sf_err sf_keyring_transport(struct sf_keyring *keyring, uint8_t ret_public[SF_PUBLIC_KEY_SIZE],
	uint8_t ret_secret[SF_KEY_SECRET_SIZE])
{
	struct entry entry;
	enum sf_err err = take_single(keyring, &keyring->transport, &entry);
	if (err)
		return err;
	memcpy(ret_public, entry.public_key, SF_PUBLIC_KEY_SIZE);
	memcpy(ret_secret, entry.secret, SF_KEY_SECRET_SIZE);
	sodium_memzero(&entry, sizeof(entry));
	return SF_OK;
}

enum sf_err sf_keyring_storage(struct sf_keyring *keyring, uint8_t ret_secret[SF_KEY_SECRET_SIZE])
{
	struct entry entry;
	enum sf_err err = take_single(keyring, &keyring->storage, &entry);
	if (err)
		return err;
	memcpy(ret_secret, entry.secret, SF_KEY_SECRET_SIZE);
	sodium_memzero(&entry, sizeof(entry));
	return SF_OK;
}

enum sf_err sf_keyring_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_view *parts, size_t count, uint8_t ret_signature[SF_SIGNATURE_SIZE])
{
	struct entry entry;
	enum sf_err err = take_copy(keyring, &keyring->signing, key_id, &entry);
	if (err)
		return err;
	/* libsodium's secret key is seed || public key. */
	uint8_t pair[crypto_sign_SECRETKEYBYTES];
	memcpy(pair, entry.secret, 32);
	memcpy(pair + 32, entry.public_key, 32);
	sodium_memzero(&entry, sizeof(entry));
	/* Ed25519 reads its message twice, so parts must be joined. */
	size_t size = 0;
	for (size_t i = 0; i < count; i++)
		size += parts[i].size;
	struct sf_buf message;
	sf_buf_init(&message, size + 1);
	for (size_t i = 0; i < count && err == SF_OK; i++)
		err = sf_buf_append(&message, parts[i]);
	if (err == SF_OK &&
		crypto_sign_detached(ret_signature, NULL, message.data, size, pair) != 0)
		err = SF_ERR_AUTH;
	sf_buf_fini(&message);
	sodium_memzero(pair, sizeof(pair));
	return err;
}

enum sf_err sf_keyring_sealing(struct sf_keyring *keyring, struct sf_id key_id,
	uint8_t ret_secret[SF_KEY_SECRET_SIZE], uint8_t ret_public[SF_PUBLIC_KEY_SIZE])
{
	struct entry entry;
	enum sf_err err = take_copy(keyring, &keyring->sealing, key_id, &entry);
	if (err)
		return err;
	memcpy(ret_secret, entry.secret, SF_KEY_SECRET_SIZE);
	memcpy(ret_public, entry.public_key, SF_PUBLIC_KEY_SIZE);
	sodium_memzero(&entry, sizeof(entry));
	return SF_OK;
}

enum sf_err sf_keyring_psk(struct sf_keyring *keyring, struct sf_id a, struct sf_id b, size_t age,
	uint8_t ret_psk[SF_KEY_SECRET_SIZE])
{
	sort_pair(&a, &b);
	bool found = false;
	pthread_mutex_lock(&keyring->mutex);
	for (size_t i = keyring->psks.count; i > 0 && !found; i--) {
		const struct entry *entry = &entries(&keyring->psks)[i - 1];
		if (!sf_id_equal(entry->id, a) || !sf_id_equal(entry->other, b) || age-- > 0)
			continue;
		memcpy(ret_psk, entry->secret, SF_KEY_SECRET_SIZE);
		found = true;
	}
	pthread_mutex_unlock(&keyring->mutex);
	return found ? SF_OK : SF_ERR_KEY_UNKNOWN;
}

enum sf_err sf_keyring_name(struct sf_keyring *keyring, enum sf_key_kind kind,
	const struct sf_view *parts, size_t count, struct sf_id *ret_id)
{
	SF_ASSERT(kind == SF_KEY_MESSAGE_ID || kind == SF_KEY_PSEUDONYM);
	struct entry entry;
	enum sf_err err = take_single(keyring, shelf_of(keyring, kind), &entry);
	if (err)
		return err;
	struct sf_digest digest;
	sf_hash_blake2b(sf_view_of(entry.secret, sizeof(entry.secret)), parts, count, &digest);
	memcpy(ret_id->bytes, digest.bytes, SF_ID_SIZE);
	sodium_memzero(&entry, sizeof(entry));
	return SF_OK;
}

struct sf_cache *sf_keyring_roots(struct sf_keyring *keyring)
{
	return keyring->roots;
}

struct sf_cache *sf_keyring_contexts(struct sf_keyring *keyring)
{
	return keyring->contexts;
}
