/*
 * A walk over the fields of a serialised protobuf message, without descriptors and without copies:
 * what the strict check and the hot frames stand on.
 *
 * Private to src/wire/.
 */
#ifndef SF_WIRE_WALK_H
#define SF_WIRE_WALK_H

#include "base/bytes.h"

enum sf_walk_type {
	SF_WALK_VARINT = 0,
	SF_WALK_FIXED64 = 1,
	SF_WALK_DELIMITED = 2,
	SF_WALK_FIXED32 = 5,
};

/* One field as it stands in the bytes. */
struct sf_walk_field {
	uint32_t number;
	enum sf_walk_type type;
	uint64_t value;       /* varint */
	struct sf_view bytes; /* of the others; borrowed from what is walked */
};

/* At most ten bytes and 64 bits; what would overflow is SF_ERR_FORMAT, never cut. */
SF_MUST_USE enum sf_err sf_walk_varint(struct sf_reader *reader, uint64_t *ret_value);
/* The next field; the reader must not be at the end. SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_walk_next(struct sf_reader *reader, struct sf_walk_field *ret_field);

#endif
