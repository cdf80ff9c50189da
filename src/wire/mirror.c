#include "wire/mirror.h"

#include <string.h>

#include "wire/field.h"

static const struct {
	ProtobufCType theirs;
	size_t size; /* of our member; 0 = as the nested table says */
} types[] = {
	[SF_MIRROR_U32] = {PROTOBUF_C_TYPE_UINT32, sizeof(uint32_t)},
	[SF_MIRROR_U64] = {PROTOBUF_C_TYPE_UINT64, sizeof(uint64_t)},
	[SF_MIRROR_I64] = {PROTOBUF_C_TYPE_INT64, sizeof(int64_t)},
	[SF_MIRROR_BOOL] = {PROTOBUF_C_TYPE_BOOL, sizeof(bool)},
	[SF_MIRROR_ID] = {PROTOBUF_C_TYPE_BYTES, sizeof(struct sf_id)},
	[SF_MIRROR_DIGEST] = {PROTOBUF_C_TYPE_BYTES, sizeof(struct sf_digest)},
	[SF_MIRROR_TEXT] = {PROTOBUF_C_TYPE_STRING, sizeof(const char *)},
	[SF_MIRROR_BYTES] = {PROTOBUF_C_TYPE_BYTES, sizeof(struct sf_view)},
	[SF_MIRROR_STRUCT] = {PROTOBUF_C_TYPE_MESSAGE, 0},
	[SF_MIRROR_ROWS] = {PROTOBUF_C_TYPE_MESSAGE, 0},
};

static bool field_fits(
	const struct sf_mirror_field *field, const ProtobufCFieldDescriptor *descriptor)
{
	bool rows = field->type == SF_MIRROR_ROWS;
	if (strcmp(field->name, descriptor->name) != 0 ||
		types[field->type].theirs != descriptor->type ||
		rows != (descriptor->label == PROTOBUF_C_LABEL_REPEATED))
		return false;
	if (descriptor->type != PROTOBUF_C_TYPE_MESSAGE)
		return field->size == types[field->type].size;
	return field->nested && field->size == field->nested->size &&
	       field->nested->descriptor == descriptor->descriptor && sf_mirror_fits(field->nested);
}

bool sf_mirror_fits(const struct sf_mirror *mirror)
{
	if (mirror->field_count != mirror->descriptor->n_fields)
		return false;
	for (size_t i = 0; i < mirror->field_count; i++) {
		const struct sf_mirror_field *field = &mirror->fields[i];
		if (!field_fits(field, &mirror->descriptor->fields[i]))
			return false;
	}
	return true;
}

static enum sf_err read_rows(const struct sf_mirror_field *field,
	const ProtobufCFieldDescriptor *descriptor, const char *message, struct sf_arena *arena,
	bool known_only, char *ours, struct sf_diag *diag)
{
	size_t count = 0;
	void *const *theirs = NULL;
	memcpy(&count, message + descriptor->quantifier_offset, sizeof(count));
	memcpy(&theirs, message + descriptor->offset, sizeof(theirs));
	char *rows = sf_arena_take_many(arena, count, field->nested->size);
	if (!rows) {
		sf_diag_set(diag, "%s: too many rows", field->name);
		return SF_ERR_LIMIT;
	}
	for (size_t i = 0; i < count; i++) {
		enum sf_err err = sf_mirror_read(field->nested, theirs[i], arena, known_only,
			rows + i * field->nested->size, diag);
		if (err)
			return err;
	}
	const void *first = rows;
	memcpy(ours + field->offset, &first, sizeof(first));
	memcpy(ours + field->count_offset, &count, sizeof(count));
	return SF_OK;
}

static enum sf_err read_struct(const struct sf_mirror_field *field, const char *place,
	struct sf_arena *arena, bool known_only, char *ours, struct sf_diag *diag)
{
	const void *message = NULL;
	memcpy(&message, place, sizeof(message));
	if (!message) {
		sf_diag_set(diag, "%s is missing", field->name);
		return SF_ERR_FORMAT;
	}
	return sf_mirror_read(
		field->nested, message, arena, known_only, ours + field->offset, diag);
}

static enum sf_err read_text(
	const struct sf_mirror_field *field, const char *place, char *ours, struct sf_diag *diag)
{
	const char *text = NULL;
	memcpy(&text, place, sizeof(text));
	if (!sf_utf8_valid(sf_view_text(text))) {
		sf_diag_set(diag, "%s is not UTF-8", field->name);
		return SF_ERR_FORMAT;
	}
	memcpy(ours + field->offset, &text, sizeof(text));
	return SF_OK;
}

static enum sf_err read_bytes(
	const struct sf_mirror_field *field, const char *place, char *ours, struct sf_diag *diag)
{
	ProtobufCBinaryData bytes;
	memcpy(&bytes, place, sizeof(bytes));
	if (field->type == SF_MIRROR_ID) {
		struct sf_id id = {0};
		enum sf_err err = sf_field_id_or_none(bytes, field->name, &id, diag);
		memcpy(ours + field->offset, &id, sizeof(id));
		return err;
	}
	if (field->type == SF_MIRROR_DIGEST) {
		struct sf_digest digest = {0};
		enum sf_err err = sf_field_digest_or_none(bytes, field->name, &digest, diag);
		memcpy(ours + field->offset, &digest, sizeof(digest));
		return err;
	}
	struct sf_view view = sf_field_view(bytes);
	memcpy(ours + field->offset, &view, sizeof(view));
	return SF_OK;
}

static void read_bool(const struct sf_mirror_field *field, const char *place, char *ours)
{
	protobuf_c_boolean theirs = 0;
	memcpy(&theirs, place, sizeof(theirs));
	bool value = theirs != 0;
	memcpy(ours + field->offset, &value, sizeof(value));
}

static enum sf_err read_field(const struct sf_mirror_field *field,
	const ProtobufCFieldDescriptor *descriptor, const char *message, struct sf_arena *arena,
	bool known_only, char *ours, struct sf_diag *diag)
{
	const char *place = message + descriptor->offset;
	switch (field->type) {
	case SF_MIRROR_U32:
	case SF_MIRROR_U64:
	case SF_MIRROR_I64:
		memcpy(ours + field->offset, place, types[field->type].size);
		return SF_OK;
	case SF_MIRROR_BOOL:
		read_bool(field, place, ours);
		return SF_OK;
	case SF_MIRROR_TEXT:
		return read_text(field, place, ours, diag);
	case SF_MIRROR_ID:
	case SF_MIRROR_DIGEST:
	case SF_MIRROR_BYTES:
		return read_bytes(field, place, ours, diag);
	case SF_MIRROR_STRUCT:
		return read_struct(field, place, arena, known_only, ours, diag);
	case SF_MIRROR_ROWS:
		return read_rows(field, descriptor, message, arena, known_only, ours, diag);
	}
	return SF_ERR_UNSUPPORTED;
}

enum sf_err sf_mirror_read(const struct sf_mirror *mirror, const void *message,
	struct sf_arena *arena, bool known_only, void *ret_struct, struct sf_diag *diag)
{
	const ProtobufCMessage *base = message;
	if (known_only && base->n_unknown_fields > 0) {
		sf_diag_set(diag, "%s has a field that this version does not know",
			mirror->descriptor->short_name);
		return SF_ERR_UNSUPPORTED;
	}
	for (size_t i = 0; i < mirror->field_count; i++) {
		enum sf_err err = read_field(&mirror->fields[i], &mirror->descriptor->fields[i],
			message, arena, known_only, ret_struct, diag);
		if (err)
			return err;
	}
	return SF_OK;
}

static bool write_rows(const struct sf_mirror_field *field,
	const ProtobufCFieldDescriptor *descriptor, const char *ours, struct sf_arena *arena,
	char *message)
{
	size_t count = 0;
	const char *rows = NULL;
	memcpy(&count, ours + field->count_offset, sizeof(count));
	memcpy(&rows, ours + field->offset, sizeof(rows));
	ProtobufCMessage **theirs = sf_arena_take_many(arena, count, sizeof(*theirs));
	if (!theirs)
		return false;
	for (size_t i = 0; i < count; i++) {
		theirs[i] = sf_mirror_write(field->nested, rows + i * field->nested->size, arena);
		if (!theirs[i])
			return false;
	}
	memcpy(message + descriptor->quantifier_offset, &count, sizeof(count));
	memcpy(message + descriptor->offset, &theirs, sizeof(theirs));
	return true;
}

/* ids and digests are lent from our struct, which outlives the packing. */
static ProtobufCBinaryData bytes_of(enum sf_mirror_type type, const char *place)
{
	if (type == SF_MIRROR_ID)
		return sf_field_of_id((const struct sf_id *)place);
	if (type == SF_MIRROR_DIGEST)
		return sf_field_of_digest((const struct sf_digest *)place);
	struct sf_view view;
	memcpy(&view, place, sizeof(view));
	return sf_field_of_view(view);
}

static bool write_field(const struct sf_mirror_field *field,
	const ProtobufCFieldDescriptor *descriptor, const char *ours, struct sf_arena *arena,
	char *message)
{
	const char *place = ours + field->offset;
	char *to = message + descriptor->offset;
	switch (field->type) {
	case SF_MIRROR_U32:
	case SF_MIRROR_U64:
	case SF_MIRROR_I64:
		memcpy(to, place, types[field->type].size);
		return true;
	case SF_MIRROR_BOOL: {
		protobuf_c_boolean value = *(const bool *)place;
		memcpy(to, &value, sizeof(value));
		return true;
	}
	case SF_MIRROR_TEXT: {
		const char *text = NULL;
		memcpy(&text, place, sizeof(text));
		char *theirs = sf_field_of_text(text);
		memcpy(to, &theirs, sizeof(theirs));
		return true;
	}
	case SF_MIRROR_ID:
	case SF_MIRROR_DIGEST:
	case SF_MIRROR_BYTES: {
		ProtobufCBinaryData bytes = bytes_of(field->type, place);
		memcpy(to, &bytes, sizeof(bytes));
		return true;
	}
	case SF_MIRROR_STRUCT: {
		ProtobufCMessage *nested = sf_mirror_write(field->nested, place, arena);
		memcpy(to, &nested, sizeof(nested));
		return nested != NULL;
	}
	case SF_MIRROR_ROWS:
		return write_rows(field, descriptor, ours, arena, message);
	}
	return false;
}

ProtobufCMessage *sf_mirror_write(
	const struct sf_mirror *mirror, const void *from, struct sf_arena *arena)
{
	ProtobufCMessage *message = sf_arena_take(arena, mirror->descriptor->sizeof_message);
	if (!message)
		return NULL;
	mirror->descriptor->message_init(message);
	for (size_t i = 0; i < mirror->field_count; i++) {
		if (!write_field(&mirror->fields[i], &mirror->descriptor->fields[i], from, arena,
			    (char *)message))
			return NULL;
	}
	return message;
}
