/*
 * The arithmetic of attachments (WIRE.md section 1): content is padded like a body, cut into pieces
 * of SF_CHUNK_SIZE and sealed piece by piece. Sizes and places alone; no cryptography here.
 */
#ifndef SF_WIRE_CHUNK_H
#define SF_WIRE_CHUNK_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/limits.h"

/* Bytes of all sealed chunks of so much content; 1 <= size <= SF_ATTACHMENT_SIZE_MAX. */
uint64_t sf_chunk_sealed_size(uint64_t size);
/* Chunks of an object of so many sealed bytes; 0: no content has that size sealed. */
uint32_t sf_chunk_count(uint64_t sealed_size);
/* Sealed bytes of the chunk; index < sf_chunk_count. */
size_t sf_chunk_size(uint64_t sealed_size, uint32_t index);

/* What a chunk is to who has the first `have` of an object in order. */
enum sf_chunk_place {
	SF_CHUNK_NEXT = 1,
	SF_CHUNK_HAD,   /* it came before: drop it, and say how far it is */
	SF_CHUNK_AHEAD, /* one before it is missing: the same */
	SF_CHUNK_WRONG, /* no chunk of this object: index or size cannot be */
};
enum sf_chunk_place sf_chunk_judge(
	uint64_t sealed_size, uint32_t have, uint32_t index, size_t chunk_size);

/*
 * Padding, from offset on in an object whose content has so many bytes: the mark, then zeros.
 * write fills the bytes behind the content; holds says whether they are that.
 */
void sf_chunk_pad(uint64_t size, uint64_t offset, uint8_t *bytes, size_t count);
bool sf_chunk_pad_holds(uint64_t size, uint64_t offset, struct sf_view bytes);

#endif
