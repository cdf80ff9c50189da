#include "wire/field.h"

#include <string.h>

enum sf_err sf_field_id_or_none(
	ProtobufCBinaryData bytes, const char *name, struct sf_id *ret_id, struct sf_diag *diag)
{
	struct sf_id id = {0};
	if (bytes.len == 0) {
		*ret_id = id;
		return SF_OK;
	}
	if (sf_id_from_view(sf_field_view(bytes), &id) != SF_OK || sf_id_is_none(id)) {
		sf_diag_set(diag, "%s is not an id of 16 bytes", name);
		return SF_ERR_FORMAT;
	}
	*ret_id = id;
	return SF_OK;
}

enum sf_err sf_field_id(
	ProtobufCBinaryData bytes, const char *name, struct sf_id *ret_id, struct sf_diag *diag)
{
	if (bytes.len == 0) {
		sf_diag_set(diag, "%s is missing", name);
		return SF_ERR_FORMAT;
	}
	return sf_field_id_or_none(bytes, name, ret_id, diag);
}

enum sf_err sf_field_digest(ProtobufCBinaryData bytes, const char *name,
	struct sf_digest *ret_digest, struct sf_diag *diag)
{
	if (sf_digest_from_view(sf_field_view(bytes), ret_digest) != SF_OK) {
		sf_diag_set(diag, "%s is not a digest of 32 bytes", name);
		return SF_ERR_FORMAT;
	}
	return SF_OK;
}

enum sf_err sf_field_digest_or_none(ProtobufCBinaryData bytes, const char *name,
	struct sf_digest *ret_digest, struct sf_diag *diag)
{
	if (bytes.len > 0)
		return sf_field_digest(bytes, name, ret_digest, diag);
	*ret_digest = (struct sf_digest){0};
	return SF_OK;
}

enum sf_err sf_field_text(
	const char *text, const char *name, char *ret_place, size_t size, struct sf_diag *diag)
{
	size_t text_size = strlen(text);
	if (text_size >= size) {
		sf_diag_set(diag, "%s is longer than %zu bytes", name, size - 1);
		return SF_ERR_FORMAT;
	}
	memcpy(ret_place, text, text_size + 1);
	return SF_OK;
}

enum sf_err sf_field_time(int64_t time_ms, const char *name, struct sf_diag *diag)
{
	if (time_ms >= 0 && time_ms <= SF_FIELD_TIME_MS_MAX)
		return SF_OK;
	sf_diag_set(diag, "%s is not a time between 1970 and 9999", name);
	return SF_ERR_FORMAT;
}

enum sf_err sf_field_time_said(int64_t time_ms, const char *name, struct sf_diag *diag)
{
	if (time_ms != 0)
		return sf_field_time(time_ms, name, diag);
	sf_diag_set(diag, "%s is missing", name);
	return SF_ERR_FORMAT;
}

enum sf_err sf_field_range(
	uint64_t value, uint64_t least, uint64_t most, const char *name, struct sf_diag *diag)
{
	if (value >= least && value <= most)
		return SF_OK;
	sf_diag_set(diag, "%s has a value that is not known", name);
	return SF_ERR_FORMAT;
}

/* protobuf-c has no const in its structs; packing only reads. */
ProtobufCBinaryData sf_field_of_view(struct sf_view view)
{
	return (ProtobufCBinaryData){.len = view.size, .data = (uint8_t *)view.data};
}

ProtobufCBinaryData sf_field_of_id(const struct sf_id *id)
{
	return sf_field_of_view(sf_id_is_none(*id) ? sf_view_of(NULL, 0) : sf_id_view(id));
}

ProtobufCBinaryData sf_field_of_whole_digest(const struct sf_digest *digest)
{
	return sf_field_of_view(sf_digest_view(digest));
}

ProtobufCBinaryData sf_field_of_digest(const struct sf_digest *digest)
{
	if (sf_digest_is_none(digest))
		return sf_field_of_view(sf_view_of(NULL, 0));
	return sf_field_of_whole_digest(digest);
}

char *sf_field_of_text(const char *text)
{
	static const char nothing[1] = "";
	return (char *)(text ? text : nothing);
}

struct sf_view sf_field_view(ProtobufCBinaryData bytes)
{
	return sf_view_of(bytes.data, bytes.len);
}
