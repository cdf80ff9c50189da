/*
 * Packing and unpacking with protobuf-c under a ceiling. protobuf-c alone lets 1 MiB of input
 * allocate 64 MiB, so nothing is unpacked except through an allocator that ends: an arena, or a
 * fixed place on the stack for the short messages of the hot path.
 *
 * Private to src/wire/, the only room that sees generated code.
 */
#ifndef SF_WIRE_ALLOCATOR_H
#define SF_WIRE_ALLOCATOR_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

struct sf_allocator {
	ProtobufCAllocator protobuf;
	struct sf_arena *arena; /* borrowed; NULL for a fixed place */
	uint8_t *place;         /* borrowed; aligned for any type */
	size_t room;
	bool exhausted; /* a piece was refused: the input is too large, not malformed */
};

/* The allocator points into itself, so it must not be moved after init. */
void sf_allocator_init(struct sf_allocator *allocator, struct sf_arena *arena);
void sf_allocator_init_fixed(struct sf_allocator *allocator, void *place, size_t size);

/*
 * Unpacks bytes as descriptor says; the result lives as long as arena or place and is never freed.
 * SF_ERR_FORMAT, or SF_ERR_LIMIT when the ceiling was reached.
 */
SF_MUST_USE enum sf_err sf_proto_unpack(const ProtobufCMessageDescriptor *descriptor,
	struct sf_view bytes, struct sf_allocator *allocator, void **ret_message,
	struct sf_diag *diag);

/* Appends the serialised message. */
SF_MUST_USE enum sf_err sf_proto_pack(const ProtobufCMessage *message, struct sf_buf *buf);

#endif
