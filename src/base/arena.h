/*
 * Memory of one message or one request: many small pieces, freed all at once, with a ceiling.
 * Pieces are aligned for any type and never move.
 */
#ifndef SF_BASE_ARENA_H
#define SF_BASE_ARENA_H

#include "base/bytes.h"

struct sf_arena_block;

struct sf_arena {
	struct sf_arena_block *blocks; /* owned, newest first */
	size_t size;                   /* handed out and reserved, against size_max */
	size_t size_max;
};

void sf_arena_init(struct sf_arena *arena, size_t size_max);
void sf_arena_fini(struct sf_arena *arena);
/* Frees every piece; the arena can be used again. */
void sf_arena_clear(struct sf_arena *arena);
/* Zeroed. NULL past the ceiling or when memory is out: answer SF_ERR_LIMIT. */
void *sf_arena_take(struct sf_arena *arena, size_t size);
/* As sf_arena_take for count items, with the product checked. */
void *sf_arena_take_many(struct sf_arena *arena, size_t count, size_t size);
/* A copy with a terminating zero behind it that is not counted. data is NULL on failure. */
struct sf_view sf_arena_copy(struct sf_arena *arena, struct sf_view bytes);
/* A copy as a C string; NULL on failure. */
char *sf_arena_text(struct sf_arena *arena, struct sf_view text);

#endif
