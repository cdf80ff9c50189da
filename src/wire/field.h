/*
 * Fields of unpacked messages to the types of the house and back, with the checks that every codec
 * repeats: sizes of ids, digests and texts, and times that later arithmetic can bear. diag names
 * the field.
 *
 * Private to src/wire/.
 */
#ifndef SF_WIRE_FIELD_H
#define SF_WIRE_FIELD_H

#include <protobuf-c/protobuf-c.h>

#include "base/bytes.h"
#include "base/id.h"

/* 9999-12-31T23:59:59.999Z; adding any duration of ours to it cannot overflow. */
#define SF_FIELD_TIME_MS_MAX ((int64_t)253402300799999)

/* Exactly 16 bytes, not all zero. */
SF_MUST_USE enum sf_err sf_field_id(
	ProtobufCBinaryData bytes, const char *name, struct sf_id *ret_id, struct sf_diag *diag);
/* As above, or absent. */
SF_MUST_USE enum sf_err sf_field_id_or_none(
	ProtobufCBinaryData bytes, const char *name, struct sf_id *ret_id, struct sf_diag *diag);
/* Exactly 32 bytes of any value. */
SF_MUST_USE enum sf_err sf_field_digest(ProtobufCBinaryData bytes, const char *name,
	struct sf_digest *ret_digest, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_field_digest_or_none(ProtobufCBinaryData bytes, const char *name,
	struct sf_digest *ret_digest, struct sf_diag *diag);
/* Into place with its terminating zero; size counts the zero. */
SF_MUST_USE enum sf_err sf_field_text(
	const char *text, const char *name, char *ret_place, size_t size, struct sf_diag *diag);
/* 0 to SF_FIELD_TIME_MS_MAX. */
SF_MUST_USE enum sf_err sf_field_time(int64_t time_ms, const char *name, struct sf_diag *diag);
/* As above, but it must be said: 0 is SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_field_time_said(int64_t time_ms, const char *name, struct sf_diag *diag);
/* value in least..most. */
SF_MUST_USE enum sf_err sf_field_range(
	uint64_t value, uint64_t least, uint64_t most, const char *name, struct sf_diag *diag);

/* Borrowing; none becomes an empty value, which proto3 leaves out. */
ProtobufCBinaryData sf_field_of_id(const struct sf_id *id);
ProtobufCBinaryData sf_field_of_digest(const struct sf_digest *digest);
/* All 32 bytes, also when they are zero. */
ProtobufCBinaryData sf_field_of_whole_digest(const struct sf_digest *digest);
ProtobufCBinaryData sf_field_of_view(struct sf_view view);
char *sf_field_of_text(const char *text);
struct sf_view sf_field_view(ProtobufCBinaryData bytes);

#endif
