/*
 * The strict reading of what is signed (WIRE.md section 1): a walk over the serialised bytes,
 * driven by protobuf-c's descriptors, before anything is unpacked. It refuses what protobuf-c lets
 * through: unknown fields, a second value of a singular field, numbers that do not fit their type,
 * bad UTF-8 and U+0000 in strings, and repeated fields without bound.
 *
 * Private to src/wire/.
 */
#ifndef SF_WIRE_STRICT_H
#define SF_WIRE_STRICT_H

#include <protobuf-c/protobuf-c.h>

#include "base/bytes.h"

struct sf_strict {
	bool unknown_allowed; /* for what is sealed but not signed as plain bytes: Body */
	size_t count_max;     /* items of any one repeated field */
};

/* SF_ERR_FORMAT; diag names message and field. */
SF_MUST_USE enum sf_err sf_strict_check(const struct sf_strict *strict,
	const ProtobufCMessageDescriptor *descriptor, struct sf_view bytes, struct sf_diag *diag);

/*
 * Where the value of the length-delimited field `number` stands in bytes that passed the check; an
 * empty view when it is absent. So what is covered by a digest is never a copy.
 */
struct sf_view sf_strict_find(struct sf_view bytes, uint32_t number);

#endif
