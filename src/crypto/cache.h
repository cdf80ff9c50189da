/*
 * A bounded memory of 32-byte tags, each with a small secret value: what was verified or agreed
 * before and need not be computed again. A full set forgets its oldest; forgetting is always safe.
 *
 * Safe from any thread. Values live in locked memory and are wiped.
 */
#ifndef SF_CRYPTO_CACHE_H
#define SF_CRYPTO_CACHE_H

#include "base/id.h"

struct sf_cache; /* opaque */

/* Room for set_count * 4 tags; set_count is a power of two. value_size may be 0. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_cache_open(
	size_t set_count, size_t value_size, struct sf_cache **ret_cache);
void sf_cache_close(struct sf_cache **cache);
/* False when the tag is not there; else copies its value (ret_value may be NULL for size 0). */
bool sf_cache_find(struct sf_cache *cache, const struct sf_digest *tag, void *ret_value);
void sf_cache_put(struct sf_cache *cache, const struct sf_digest *tag, const void *value);
/* Forgets everything. */
void sf_cache_clear(struct sf_cache *cache);

#endif
