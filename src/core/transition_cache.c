#include "core/transition_cache.h"

#include <stdlib.h>

enum sf_err sf_transition_cache_init(struct sf_transition_cache *cache, size_t count_max)
{
	size_t bucket_count = 64;
	while (bucket_count < count_max)
		bucket_count *= 2;
	*cache = (struct sf_transition_cache){.bucket_count = bucket_count, .count_max = count_max};
	cache->buckets = calloc(bucket_count, sizeof(struct sf_cached_transition *));
	return cache->buckets ? SF_OK : SF_ERR_MEMORY;
}

static struct sf_cached_transition **bucket_of(struct sf_transition_cache *cache, struct sf_id id)
{
	return &cache->buckets[(size_t)sf_get_u64(id.bytes + 8) & (cache->bucket_count - 1)];
}

static void unlink_from_order(struct sf_transition_cache *cache, struct sf_cached_transition *item)
{
	*(item->newer ? &item->newer->older : &cache->newest) = item->older;
	*(item->older ? &item->older->newer : &cache->oldest) = item->newer;
	item->newer = item->older = NULL;
}

static void put_newest(struct sf_transition_cache *cache, struct sf_cached_transition *item)
{
	item->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = item;
	cache->newest = item;
}

static void forget(struct sf_transition_cache *cache, struct sf_cached_transition *item)
{
	struct sf_cached_transition **link = bucket_of(cache, sf_transition_id(item->transition));
	while (*link != item)
		link = &(*link)->chain;
	*link = item->chain;
	unlink_from_order(cache, item);
	sf_transition_close(&item->transition);
	free(item);
	cache->count--;
}

void sf_transition_cache_fini(struct sf_transition_cache *cache)
{
	while (cache->newest)
		forget(cache, cache->newest);
	free(cache->buckets);
	*cache = (struct sf_transition_cache){0};
}

struct sf_cached_transition *sf_transition_cache_find(
	struct sf_transition_cache *cache, struct sf_id id)
{
	struct sf_cached_transition *item = *bucket_of(cache, id);
	while (item && !sf_id_equal(sf_transition_id(item->transition), id))
		item = item->chain;
	if (!item)
		return NULL;
	item->touched = true;
	if (cache->newest != item) {
		unlink_from_order(cache, item);
		put_newest(cache, item);
	}
	return item;
}

/* What a turn touched is at the front: it was found or added in this turn. */
static void make_room(struct sf_transition_cache *cache)
{
	while (cache->count >= cache->count_max && cache->oldest && !cache->oldest->touched)
		forget(cache, cache->oldest);
}

struct sf_cached_transition *sf_transition_cache_add(
	struct sf_transition_cache *cache, struct sf_transition *transition)
{
	make_room(cache);
	struct sf_cached_transition *item = calloc(1, sizeof(*item));
	if (!item) {
		sf_transition_close(&transition);
		return NULL;
	}
	item->transition = transition;
	item->touched = true;
	struct sf_cached_transition **bucket = bucket_of(cache, sf_transition_id(transition));
	item->chain = *bucket;
	*bucket = item;
	put_newest(cache, item);
	cache->count++;
	return item;
}

void sf_transition_cache_settle(struct sf_transition_cache *cache)
{
	for (struct sf_cached_transition *item = cache->newest; item && item->touched;
		item = item->older)
		item->touched = false;
}

void sf_transition_cache_drop(struct sf_transition_cache *cache, struct sf_id id)
{
	struct sf_cached_transition *item = sf_transition_cache_find(cache, id);
	if (item)
		forget(cache, item);
}

void sf_transition_cache_drop_touched(struct sf_transition_cache *cache)
{
	struct sf_cached_transition *item = cache->newest;
	while (item) {
		struct sf_cached_transition *older = item->older;
		if (item->touched)
			forget(cache, item);
		item = older;
	}
}
