#include "core/block.h"

#include <stdalign.h>
#include <string.h>

void *sf_block_put(
	struct sf_block *block, const void *items, size_t count, size_t capacity, size_t size)
{
	void *put = block->place && capacity > 0 ? block->place + block->size : NULL;
	if (put && count > 0)
		memcpy(put, items, count * size);
	size_t aligned = capacity * size + alignof(max_align_t) - 1;
	block->size += aligned - aligned % alignof(max_align_t);
	return put;
}
