/* Between evidence.c and evidence_claim.c alone. */
#ifndef SF_WIRE_EVIDENCE_UNPACK_H
#define SF_WIRE_EVIDENCE_UNPACK_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

/* Strictly, into the arena, and only from the bytes that packing the message gives again. */
SF_MUST_USE enum sf_err sf_evidence_unpack(const ProtobufCMessageDescriptor *descriptor,
	struct sf_view bytes, struct sf_arena *arena, void **ret_message, struct sf_diag *diag);

#endif
