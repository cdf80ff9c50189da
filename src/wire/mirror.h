/*
 * Plain structs mirrored by protobuf messages, field by field under the same names: one table per
 * struct instead of code. Used where speed does not matter and structs are many (local.c).
 *
 * Private to src/wire/.
 */
#ifndef SF_WIRE_MIRROR_H
#define SF_WIRE_MIRROR_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

/* What the member of our struct is. */
enum sf_mirror_type {
	SF_MIRROR_U32, /* uint32_t, or an enumeration of that size */
	SF_MIRROR_U64,
	SF_MIRROR_I64,
	SF_MIRROR_BOOL,
	SF_MIRROR_ID,
	SF_MIRROR_DIGEST,
	SF_MIRROR_TEXT,  /* const char * */
	SF_MIRROR_BYTES, /* struct sf_view */
	SF_MIRROR_STRUCT,
	SF_MIRROR_ROWS, /* size_t at count_offset and a pointer to the first row */
};

struct sf_mirror;

struct sf_mirror_field {
	const char *name; /* of the protobuf field; the tables follow the order of the schema */
	enum sf_mirror_type type;
	size_t offset;
	size_t size; /* of the member, or of one row */
	size_t count_offset;
	const struct sf_mirror *nested;
};

struct sf_mirror {
	const ProtobufCMessageDescriptor *descriptor;
	size_t size; /* of our struct */
	const struct sf_mirror_field *fields;
	size_t field_count;
};

/* True when table and schema have the same fields in the same order and fitting types; deep. */
bool sf_mirror_fits(const struct sf_mirror *mirror);

/*
 * message (unpacked, living in arena) into the zeroed struct at ret_struct; texts and bytes are
 * borrowed from message, rows live in arena. SF_ERR_FORMAT for ids and digests of a wrong size and
 * bad UTF-8, SF_ERR_LIMIT for memory, SF_ERR_UNSUPPORTED for unknown fields when known_only.
 */
SF_MUST_USE enum sf_err sf_mirror_read(const struct sf_mirror *mirror, const void *message,
	struct sf_arena *arena, bool known_only, void *ret_struct, struct sf_diag *diag);

/* A message in arena that borrows from the struct at from; NULL when the arena is full. */
ProtobufCMessage *sf_mirror_write(
	const struct sf_mirror *mirror, const void *from, struct sf_arena *arena);

#endif
