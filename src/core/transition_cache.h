/*
 * Folded transitions kept in memory, the least recently used forgotten first. What a turn touched
 * is pinned until it ends: a turn that is rolled back drops what it touched, because the fold went
 * ahead of the store.
 */
#ifndef SF_CORE_TRANSITION_CACHE_H
#define SF_CORE_TRANSITION_CACHE_H

#include "core/transition.h"

struct sf_cached_transition {
	struct sf_transition *transition; /* owned */
	struct sf_digest head;
	int64_t opened_ms;  /* recorded time of the first event; 0 before it */
	int64_t updated_ms; /* recorded time of the newest event, a mere number too */
	bool stored;        /* has a row in the store or this turn's transaction */
	bool touched;       /* found or added in this turn */
	bool changed;       /* stepped in this turn: the engine has its row to write */
	bool stuck;         /* what time makes of it was refused: no timer until the next fact */
	struct sf_cached_transition *newer, *older, *chain; /* borrowed */
};

struct sf_transition_cache {
	struct sf_cached_transition **buckets; /* owned */
	size_t bucket_count;                   /* a power of two */
	size_t count, count_max;
	struct sf_cached_transition *newest, *oldest;
};

SF_MUST_USE enum sf_err sf_transition_cache_init(
	struct sf_transition_cache *cache, size_t count_max);
void sf_transition_cache_fini(struct sf_transition_cache *cache);
/* Moves it to the front. NULL when it is not there. */
struct sf_cached_transition *sf_transition_cache_find(
	struct sf_transition_cache *cache, struct sf_id id);
/* Takes ownership of transition in all cases; forgets old untouched ones to make room. */
struct sf_cached_transition *sf_transition_cache_add(
	struct sf_transition_cache *cache, struct sf_transition *transition);
/* The turn is durable: nothing is pinned any more. */
void sf_transition_cache_settle(struct sf_transition_cache *cache);
/* It is no more; nobody may hold it. A no-op when it is not there. */
void sf_transition_cache_drop(struct sf_transition_cache *cache, struct sf_id id);
/* The turn never was: what it touched is dropped. */
void sf_transition_cache_drop_touched(struct sf_transition_cache *cache);

#endif
