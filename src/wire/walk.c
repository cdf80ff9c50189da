#include "wire/walk.h"

#define TYPE_MASK 7u
#define VARINT_SIZE_MAX ((size_t)10)

enum sf_err sf_walk_varint(struct sf_reader *reader, uint64_t *ret_value)
{
	struct sf_view rest = reader->rest;
	uint64_t value = 0;
	for (size_t i = 0; i < rest.size && i < VARINT_SIZE_MAX; i++) {
		uint8_t byte = rest.data[i];
		if (i == VARINT_SIZE_MAX - 1 && byte > 1)
			return SF_ERR_FORMAT;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80)) {
			reader->rest = sf_view_of(rest.data + i + 1, rest.size - i - 1);
			*ret_value = value;
			return SF_OK;
		}
	}
	return SF_ERR_FORMAT;
}

static enum sf_err take_value(struct sf_reader *reader, struct sf_walk_field *field)
{
	switch (field->type) {
	case SF_WALK_VARINT:
		return sf_walk_varint(reader, &field->value);
	case SF_WALK_FIXED64:
		return sf_reader_bytes(reader, 8, &field->bytes);
	case SF_WALK_FIXED32:
		return sf_reader_bytes(reader, 4, &field->bytes);
	case SF_WALK_DELIMITED: {
		uint64_t size = 0;
		enum sf_err err = sf_walk_varint(reader, &size);
		if (err || size > reader->rest.size)
			return SF_ERR_FORMAT;
		return sf_reader_bytes(reader, (size_t)size, &field->bytes);
	}
	default: /* groups are gone from protobuf; 6 and 7 never were */
		return SF_ERR_FORMAT;
	}
}

enum sf_err sf_walk_next(struct sf_reader *reader, struct sf_walk_field *ret_field)
{
	uint64_t tag = 0;
	enum sf_err err = sf_walk_varint(reader, &tag);
	if (err || tag > UINT32_MAX || tag >> 3 == 0)
		return SF_ERR_FORMAT;
	struct sf_walk_field field = {
		.number = (uint32_t)(tag >> 3),
		.type = (enum sf_walk_type)(tag & TYPE_MASK),
	};
	err = take_value(reader, &field);
	if (err)
		return err;
	*ret_field = field;
	return SF_OK;
}
