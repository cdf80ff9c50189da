/*
 * An ordered map for the memory store: a skip list of borrowed rows in the order of one index and
 * then of the primary key. Search, insert and remove in O(log n) expected, next and previous in
 * O(1). Levels come from a counter's hash, not from chance, so that two runs are the same.
 */
#ifndef SF_STORE_MEMORY_MAP_H
#define SF_STORE_MEMORY_MAP_H

#include "port/store.h"

#define SF_MEMORY_MAP_LEVEL_MAX 20 /* for a million rows at one half a level */

struct sf_memory_link {
	const void *row; /* borrowed; NULL in the head */
	struct sf_memory_link *previous;
	size_t level_count;
	struct sf_memory_link *next[]; /* the map owns the links */
};

struct sf_memory_map {
	const struct sf_table *table; /* borrowed */
	const struct sf_index *index; /* borrowed */
	struct sf_memory_link *head;  /* owned */
	struct sf_memory_link *last;  /* head when empty */
	uint64_t counter;
};

SF_MUST_USE enum sf_err sf_memory_map_init(
	struct sf_memory_map *map, const struct sf_table *table, const struct sf_index *index);
void sf_memory_map_fini(struct sf_memory_map *map);

/* The row must not be in the map. SF_ERR_MEMORY leaves the map unchanged. */
SF_MUST_USE enum sf_err sf_memory_map_insert(struct sf_memory_map *map, const void *row);
/* The row must be in the map. */
void sf_memory_map_remove(struct sf_memory_map *map, const void *row);

/*
 * The first link whose row is not before *key by the first count columns of the index, or, with
 * after, is behind it; NULL when there is none. count 0 is the whole map.
 */
struct sf_memory_link *sf_memory_map_find(
	const struct sf_memory_map *map, const void *key, size_t count, bool after);
/* The link before link, or the last one when link is NULL; NULL when there is none. */
struct sf_memory_link *sf_memory_map_before(
	const struct sf_memory_map *map, const struct sf_memory_link *link);

#endif
