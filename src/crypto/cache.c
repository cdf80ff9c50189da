#include "crypto/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"

#define WAYS ((size_t)4)

struct sf_cache {
	pthread_mutex_t mutex;
	size_t set_count;
	size_t value_size;
	size_t entry_size;        /* used flag, tag, value */
	uint8_t *next;            /* owned: for each set the way to forget next */
	struct sf_secret entries; /* owned: set_count * WAYS entries */
};

enum sf_err sf_cache_open(size_t set_count, size_t value_size, struct sf_cache **ret_cache)
{
	SF_ASSERT(set_count > 0 && (set_count & (set_count - 1)) == 0);
	struct sf_cache *cache = calloc(1, sizeof(*cache));
	if (!cache)
		return SF_ERR_MEMORY;
	cache->set_count = set_count;
	cache->value_size = value_size;
	cache->entry_size = 1 + SF_DIGEST_SIZE + value_size;
	cache->next = calloc(set_count, 1);
	enum sf_err err = cache->next ? SF_OK : SF_ERR_MEMORY;
	if (err == SF_OK)
		err = sf_secret_init(&cache->entries, set_count * WAYS * cache->entry_size);
	if (err == SF_OK && pthread_mutex_init(&cache->mutex, NULL) != 0) {
		sf_secret_fini(&cache->entries);
		err = SF_ERR_MEMORY;
	}
	if (err != SF_OK) {
		free(cache->next);
		free(cache);
		return err;
	}
	*ret_cache = cache;
	return SF_OK;
}

void sf_cache_close(struct sf_cache **cache)
{
	if (!*cache)
		return;
	pthread_mutex_destroy(&(*cache)->mutex);
	sf_secret_fini(&(*cache)->entries);
	free((*cache)->next);
	free(*cache);
	*cache = NULL;
}

/* Tags are hashes, so their first bytes spread over the sets. */
static size_t set_of(const struct sf_cache *cache, const struct sf_digest *tag)
{
	return sf_get_u32(tag->bytes) & (cache->set_count - 1);
}

static uint8_t *entry_of(struct sf_cache *cache, size_t set, size_t way)
{
	return cache->entries.bytes + (set * WAYS + way) * cache->entry_size;
}

static uint8_t *find(struct sf_cache *cache, const struct sf_digest *tag)
{
	size_t set = set_of(cache, tag);
	for (size_t way = 0; way < WAYS; way++) {
		uint8_t *entry = entry_of(cache, set, way);
		if (entry[0] != 0 && memcmp(entry + 1, tag->bytes, SF_DIGEST_SIZE) == 0)
			return entry;
	}
	return NULL;
}

bool sf_cache_find(struct sf_cache *cache, const struct sf_digest *tag, void *ret_value)
{
	pthread_mutex_lock(&cache->mutex);
	const uint8_t *entry = find(cache, tag);
	if (entry && cache->value_size > 0)
		memcpy(ret_value, entry + 1 + SF_DIGEST_SIZE, cache->value_size);
	pthread_mutex_unlock(&cache->mutex);
	return entry != NULL;
}

void sf_cache_put(struct sf_cache *cache, const struct sf_digest *tag, const void *value)
{
	pthread_mutex_lock(&cache->mutex);
	uint8_t *entry = find(cache, tag);
	if (!entry) {
		size_t set = set_of(cache, tag);
		entry = entry_of(cache, set, cache->next[set]);
		cache->next[set] = (uint8_t)((cache->next[set] + 1) % WAYS);
	}
	entry[0] = 1;
	memcpy(entry + 1, tag->bytes, SF_DIGEST_SIZE);
	if (cache->value_size > 0)
		memcpy(entry + 1 + SF_DIGEST_SIZE, value, cache->value_size);
	pthread_mutex_unlock(&cache->mutex);
}

void sf_cache_clear(struct sf_cache *cache)
{
	pthread_mutex_lock(&cache->mutex);
	sf_secret_wipe(cache->entries.bytes, cache->entries.size);
	pthread_mutex_unlock(&cache->mutex);
}
