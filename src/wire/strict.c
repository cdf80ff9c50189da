#include "wire/strict.h"

#define FIELDS_MAX 64 /* of one message: the width of the bitmap of fields seen */
#define WIRE_TYPE_MASK 7u

/* One field as it stands in the bytes. */
struct field {
	uint32_t number;
	ProtobufCWireType wire_type;
	uint64_t value;       /* varint, or fixed-size number */
	struct sf_view bytes; /* length-delimited */
};

/* At most ten bytes and 64 bits; what would overflow is refused, never cut. */
static enum sf_err take_varint(struct sf_reader *reader, uint64_t *ret_value)
{
	uint64_t value = 0;
	for (unsigned shift = 0; shift < 70; shift += 7) {
		uint8_t byte = 0;
		enum sf_err err = sf_reader_u8(reader, &byte);
		if (err)
			return err;
		if (shift == 63 && byte > 1)
			return SF_ERR_FORMAT;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret_value = value;
			return SF_OK;
		}
	}
	return SF_ERR_FORMAT;
}

static enum sf_err take_value(struct sf_reader *reader, struct field *field)
{
	switch (field->wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return take_varint(reader, &field->value);
	case PROTOBUF_C_WIRE_TYPE_64BIT:
		return sf_reader_bytes(reader, 8, &field->bytes);
	case PROTOBUF_C_WIRE_TYPE_32BIT:
		return sf_reader_bytes(reader, 4, &field->bytes);
	case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED: {
		uint64_t size = 0;
		enum sf_err err = take_varint(reader, &size);
		if (err || size > reader->rest.size)
			return SF_ERR_FORMAT;
		return sf_reader_bytes(reader, (size_t)size, &field->bytes);
	}
	default: /* groups are gone from protobuf; 6 and 7 never were */
		return SF_ERR_FORMAT;
	}
}

static enum sf_err take_field(struct sf_reader *reader, struct field *ret_field)
{
	uint64_t tag = 0;
	enum sf_err err = take_varint(reader, &tag);
	if (err || tag > UINT32_MAX || tag >> 3 == 0)
		return SF_ERR_FORMAT;
	struct field field = {
		.number = (uint32_t)(tag >> 3),
		.wire_type = (ProtobufCWireType)(tag & WIRE_TYPE_MASK),
	};
	err = take_value(reader, &field);
	if (err)
		return err;
	*ret_field = field;
	return SF_OK;
}

/* Only the types that our schemas use; any other is refused, so a new one must be decided here. */
static bool number_fits(ProtobufCType type, uint64_t value)
{
	if (type == PROTOBUF_C_TYPE_UINT32)
		return value <= UINT32_MAX;
	if (type == PROTOBUF_C_TYPE_BOOL)
		return value <= 1;
	return type == PROTOBUF_C_TYPE_UINT64 || type == PROTOBUF_C_TYPE_INT64;
}

static bool is_delimited(ProtobufCType type)
{
	return type == PROTOBUF_C_TYPE_STRING || type == PROTOBUF_C_TYPE_BYTES ||
	       type == PROTOBUF_C_TYPE_MESSAGE;
}

/* Repeated numbers in one length-delimited value. */
static enum sf_err check_packed(
	const ProtobufCFieldDescriptor *descriptor, struct sf_view bytes, size_t *count)
{
	struct sf_reader reader = {.rest = bytes};
	while (reader.rest.size > 0) {
		uint64_t value = 0;
		enum sf_err err = take_varint(&reader, &value);
		if (err || !number_fits(descriptor->type, value))
			return SF_ERR_FORMAT;
		*count += 1;
	}
	return SF_OK;
}

static enum sf_err check_value(const struct sf_strict *strict,
	const ProtobufCFieldDescriptor *descriptor, const struct field *field, size_t *count,
	struct sf_diag *diag)
{
	bool delimited = field->wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
	if (descriptor->label == PROTOBUF_C_LABEL_REPEATED && delimited &&
		!is_delimited(descriptor->type)) {
		sf_diag_set(diag, "a packed number is not well-formed");
		return check_packed(descriptor, field->bytes, count);
	}
	*count += 1;
	if (is_delimited(descriptor->type) != delimited) {
		sf_diag_set(diag, "of another type");
		return SF_ERR_FORMAT;
	}
	if (descriptor->type == PROTOBUF_C_TYPE_MESSAGE)
		return sf_strict_check(strict, descriptor->descriptor, field->bytes, diag);
	if (descriptor->type == PROTOBUF_C_TYPE_STRING && !sf_utf8_valid(field->bytes)) {
		sf_diag_set(diag, "not UTF-8, or with a zero character");
		return SF_ERR_FORMAT;
	}
	if (!delimited && (field->wire_type != PROTOBUF_C_WIRE_TYPE_VARINT ||
				  !number_fits(descriptor->type, field->value))) {
		sf_diag_set(diag, "a number that does not fit its type");
		return SF_ERR_FORMAT;
	}
	return SF_OK;
}

static enum sf_err check_field(const struct sf_strict *strict,
	const ProtobufCFieldDescriptor *descriptor, const struct field *field, size_t *count,
	struct sf_diag *diag)
{
	enum sf_err err = check_value(strict, descriptor, field, count, diag);
	size_t count_max = descriptor->label == PROTOBUF_C_LABEL_REPEATED ? strict->count_max : 1;
	if (!err && *count > count_max) {
		sf_diag_set(diag, "more than %zu", count_max);
		err = SF_ERR_FORMAT;
	}
	if (err)
		sf_diag_prefix(diag, "%s", descriptor->name);
	return err;
}

enum sf_err sf_strict_check(const struct sf_strict *strict,
	const ProtobufCMessageDescriptor *descriptor, struct sf_view bytes, struct sf_diag *diag)
{
	SF_ASSERT(descriptor->n_fields <= FIELDS_MAX);
	size_t counts[FIELDS_MAX] = {0};
	struct sf_reader reader = {.rest = bytes};
	while (reader.rest.size > 0) {
		struct field field;
		if (take_field(&reader, &field) != SF_OK) {
			sf_diag_set(diag, "%s is not well-formed", descriptor->short_name);
			return SF_ERR_FORMAT;
		}
		const ProtobufCFieldDescriptor *known =
			protobuf_c_message_descriptor_get_field(descriptor, field.number);
		if (!known && strict->unknown_allowed)
			continue;
		if (!known) {
			sf_diag_set(diag, "%s has an unknown field %u", descriptor->short_name,
				(unsigned)field.number);
			return SF_ERR_FORMAT;
		}
		enum sf_err err = check_field(
			strict, known, &field, &counts[known - descriptor->fields], diag);
		if (err)
			return err;
	}
	return SF_OK;
}

struct sf_view sf_strict_find(struct sf_view bytes, uint32_t number)
{
	struct sf_reader reader = {.rest = bytes};
	struct field field;
	while (reader.rest.size > 0 && take_field(&reader, &field) == SF_OK) {
		if (field.number == number &&
			field.wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
			return field.bytes;
	}
	return sf_view_of(NULL, 0);
}
