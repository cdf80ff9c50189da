/*
 * One piece of memory in which several arrays lie one behind the other: what belongs together is
 * reached together, and is one thing to the heap. The same calls are made twice: first to measure,
 * then, with memory of that size, to fill it.
 */
#ifndef SF_CORE_BLOCK_H
#define SF_CORE_BLOCK_H

#include <stddef.h>
#include <stdint.h>

struct sf_block {
	uint8_t *place; /* borrowed, from malloc; NULL while it is measured */
	size_t size;    /* bytes put so far */
};

/*
 * Room for capacity items of that size, the first count of them copied from items. NULL while it is
 * measured, and when capacity is 0. Lives as long as the block's memory.
 */
void *sf_block_put(
	struct sf_block *block, const void *items, size_t count, size_t capacity, size_t size);

#endif
