#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE_MIN ((size_t)8192)
#define BLOCK_SIZE_MAX ((size_t)262144)

struct sf_arena_block {
	struct sf_arena_block *next; /* owned */
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t bytes[];
};

void sf_arena_init(struct sf_arena *arena, size_t size_max)
{
	*arena = (struct sf_arena){.size_max = size_max};
}

void sf_arena_fini(struct sf_arena *arena)
{
	sf_arena_clear(arena);
}

void sf_arena_clear(struct sf_arena *arena)
{
	while (arena->blocks) {
		struct sf_arena_block *block = arena->blocks;
		arena->blocks = block->next;
		free(block);
	}
	arena->size = 0;
}

/*
 * Each block doubles the last, so that many pieces need few. Small ceilings get small blocks: the
 * reserve itself never breaks the ceiling.
 */
static struct sf_arena_block *add_block(struct sf_arena *arena, size_t need)
{
	size_t room = arena->size_max - arena->size;
	size_t size = arena->blocks ? 2 * arena->blocks->size : BLOCK_SIZE_MIN;
	if (size > BLOCK_SIZE_MAX)
		size = BLOCK_SIZE_MAX;
	if (size < need)
		size = need;
	if (size > room)
		size = room;
	if (size < need || size > SIZE_MAX - sizeof(struct sf_arena_block))
		return NULL;
	struct sf_arena_block *block = malloc(sizeof(*block) + size);
	if (!block)
		return NULL;
	*block = (struct sf_arena_block){.next = arena->blocks, .size = size};
	arena->blocks = block;
	arena->size += size;
	return block;
}

/* With whatever stood there before. */
static void *take_piece(struct sf_arena *arena, size_t size)
{
	size_t grain = alignof(max_align_t);
	if (size > SIZE_MAX - grain)
		return NULL;
	size_t whole = (size + grain - 1) / grain * grain;
	struct sf_arena_block *block = arena->blocks;
	if (!block || whole > block->size - block->used)
		block = add_block(arena, whole);
	if (!block)
		return NULL;
	void *piece = block->bytes + block->used;
	block->used += whole;
	return piece;
}

void *sf_arena_take(struct sf_arena *arena, size_t size)
{
	void *piece = take_piece(arena, size);
	if (piece)
		memset(piece, 0, size);
	return piece;
}

void *sf_arena_take_many(struct sf_arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	return sf_arena_take(arena, count * size);
}

/* The bytes with a zero behind them. */
static uint8_t *copy_piece(struct sf_arena *arena, struct sf_view bytes)
{
	uint8_t *copy = bytes.size == SIZE_MAX ? NULL : take_piece(arena, bytes.size + 1);
	if (!copy)
		return NULL;
	if (bytes.size > 0)
		memcpy(copy, bytes.data, bytes.size);
	copy[bytes.size] = 0;
	return copy;
}

struct sf_view sf_arena_copy(struct sf_arena *arena, struct sf_view bytes)
{
	uint8_t *copy = copy_piece(arena, bytes);
	return sf_view_of(copy, copy ? bytes.size : 0);
}

char *sf_arena_text(struct sf_arena *arena, struct sf_view text)
{
	return (char *)copy_piece(arena, text);
}
