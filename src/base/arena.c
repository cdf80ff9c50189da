#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)8192)

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

/* Small ceilings get small blocks, so that the reserve itself never breaks the ceiling. */
static struct sf_arena_block *add_block(struct sf_arena *arena, size_t need)
{
	size_t room = arena->size_max - arena->size;
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
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

void *sf_arena_take(struct sf_arena *arena, size_t size)
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
	memset(piece, 0, whole);
	return piece;
}

void *sf_arena_take_many(struct sf_arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	return sf_arena_take(arena, count * size);
}

struct sf_view sf_arena_copy(struct sf_arena *arena, struct sf_view bytes)
{
	uint8_t *copy = bytes.size == SIZE_MAX ? NULL : sf_arena_take(arena, bytes.size + 1);
	if (copy && bytes.size > 0)
		memcpy(copy, bytes.data, bytes.size);
	return sf_view_of(copy, copy ? bytes.size : 0);
}

char *sf_arena_text(struct sf_arena *arena, struct sf_view text)
{
	char *copy = text.size == SIZE_MAX ? NULL : sf_arena_take(arena, text.size + 1);
	if (copy && text.size > 0)
		memcpy(copy, text.data, text.size);
	return copy;
}
