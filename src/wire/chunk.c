#include "wire/chunk.h"

#include "base/padme.h"

#define PADDING_MARK 0x80

static uint64_t pieces(uint64_t padded_size)
{
	return (padded_size + SF_CHUNK_SIZE - 1) / SF_CHUNK_SIZE;
}

uint64_t sf_chunk_sealed_size(uint64_t size)
{
	SF_ASSERT(size >= 1 && size <= SF_ATTACHMENT_SIZE_MAX);
	uint64_t padded = sf_padme((size_t)size);
	return padded + pieces(padded) * SF_CHUNK_EXTRA;
}

/* A padded size is what the content that is one byte less comes to. */
static bool is_padded(uint64_t size)
{
	return size >= 1 && sf_padme((size_t)(size - 1)) == size;
}

uint32_t sf_chunk_count(uint64_t sealed_size)
{
	if (sealed_size == 0 || sealed_size > sf_chunk_sealed_size(SF_ATTACHMENT_SIZE_MAX))
		return 0;
	uint64_t count = (sealed_size + SF_CHUNK_SEALED_MAX - 1) / SF_CHUNK_SEALED_MAX;
	if (sealed_size <= count * SF_CHUNK_EXTRA)
		return 0;
	uint64_t padded = sealed_size - count * SF_CHUNK_EXTRA;
	return is_padded(padded) && pieces(padded) == count ? (uint32_t)count : 0;
}

size_t sf_chunk_size(uint64_t sealed_size, uint32_t index)
{
	uint64_t start = (uint64_t)index * SF_CHUNK_SEALED_MAX;
	SF_ASSERT(start < sealed_size);
	uint64_t left = sealed_size - start;
	return left < SF_CHUNK_SEALED_MAX ? (size_t)left : SF_CHUNK_SEALED_MAX;
}

enum sf_chunk_place sf_chunk_judge(
	uint64_t sealed_size, uint32_t have, uint32_t index, size_t chunk_size)
{
	if (index >= sf_chunk_count(sealed_size) || sf_chunk_size(sealed_size, index) != chunk_size)
		return SF_CHUNK_WRONG;
	return index == have ? SF_CHUNK_NEXT : index < have ? SF_CHUNK_HAD : SF_CHUNK_AHEAD;
}

void sf_chunk_pad(uint64_t size, uint64_t offset, uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (offset + i >= size)
			bytes[i] = offset + i == size ? PADDING_MARK : 0;
}

bool sf_chunk_pad_holds(uint64_t size, uint64_t offset, struct sf_view bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (offset + i >= size && bytes.data[i] != (offset + i == size ? PADDING_MARK : 0))
			return false;
	return true;
}
