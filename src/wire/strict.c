#include "wire/strict.h"

#include "wire/walk.h"

#define FIELDS_MAX 64 /* of one message */

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
		enum sf_err err = sf_walk_varint(&reader, &value);
		if (err || !number_fits(descriptor->type, value))
			return SF_ERR_FORMAT;
		*count += 1;
	}
	return SF_OK;
}

static enum sf_err check_value(const struct sf_strict *strict,
	const ProtobufCFieldDescriptor *descriptor, const struct sf_walk_field *field,
	size_t *count, struct sf_diag *diag)
{
	bool delimited = field->type == SF_WALK_DELIMITED;
	if (descriptor->label == PROTOBUF_C_LABEL_REPEATED && delimited &&
		!is_delimited(descriptor->type)) {
		enum sf_err err = check_packed(descriptor, field->bytes, count);
		if (err)
			sf_diag_set(diag, "a packed number is not well-formed");
		return err;
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
	if (!delimited &&
		(field->type != SF_WALK_VARINT || !number_fits(descriptor->type, field->value))) {
		sf_diag_set(diag, "a number that does not fit its type");
		return SF_ERR_FORMAT;
	}
	return SF_OK;
}

static enum sf_err check_field(const struct sf_strict *strict,
	const ProtobufCFieldDescriptor *descriptor, const struct sf_walk_field *field,
	size_t *count, struct sf_diag *diag)
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
		struct sf_walk_field field;
		if (sf_walk_next(&reader, &field) != SF_OK) {
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
	struct sf_walk_field field;
	while (reader.rest.size > 0 && sf_walk_next(&reader, &field) == SF_OK) {
		if (field.number == number && field.type == SF_WALK_DELIMITED)
			return field.bytes;
	}
	return sf_view_of(NULL, 0);
}
