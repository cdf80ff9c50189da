#include "unit/wire/raw.h"

#include <stdlib.h>
#include <string.h>

static void varint(struct sf_buf *buf, uint64_t value)
{
	while (value >= 0x80) {
		SF_ASSERT(sf_buf_append_u8(buf, (uint8_t)(value | 0x80)) == SF_OK);
		value >>= 7;
	}
	SF_ASSERT(sf_buf_append_u8(buf, (uint8_t)value) == SF_OK);
}

void raw_number(struct sf_buf *buf, uint32_t field, uint64_t value)
{
	varint(buf, (uint64_t)field << 3);
	varint(buf, value);
}

void raw_bytes(struct sf_buf *buf, uint32_t field, struct sf_view value)
{
	varint(buf, (uint64_t)field << 3 | 2);
	varint(buf, value.size);
	SF_ASSERT(sf_buf_append(buf, value) == SF_OK);
}

void raw_text(struct sf_buf *buf, uint32_t field, const char *value)
{
	raw_bytes(buf, field, sf_view_text(value));
}

void raw_fill(struct sf_buf *buf, uint32_t field, uint8_t value, size_t size)
{
	varint(buf, (uint64_t)field << 3 | 2);
	varint(buf, size);
	uint8_t *place = NULL;
	SF_ASSERT(sf_buf_extend(buf, size, &place) == SF_OK);
	memset(place, value, size);
}

struct sf_id raw_id(uint8_t value)
{
	struct sf_id id;
	memset(id.bytes, value, sizeof(id.bytes));
	return id;
}

struct sf_digest raw_digest(uint8_t value)
{
	struct sf_digest digest;
	memset(digest.bytes, value, sizeof(digest.bytes));
	return digest;
}

struct sf_view raw_exact(struct sf_view bytes)
{
	uint8_t *copy = malloc(bytes.size > 0 ? bytes.size : 1);
	SF_ASSERT(copy);
	if (bytes.size > 0)
		memcpy(copy, bytes.data, bytes.size);
	return sf_view_of(copy, bytes.size);
}

void raw_free(struct sf_view exact)
{
	free((void *)exact.data);
}
