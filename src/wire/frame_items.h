/*
 * The frames that carry envelopes and receipts, read without protobuf-c: their items are lent from
 * one copy of the frame instead of being copied one by one. Private to src/wire/.
 */
#ifndef SF_WIRE_FRAME_ITEMS_H
#define SF_WIRE_FRAME_ITEMS_H

#include "wire/frame.h"

/* True for submit, stored, deliver and agreements. */
bool sf_frame_has_items(enum sf_frame_kind kind);
/* inner: the serialised Submit, Stored, Deliver or Agreements; it must live as long as arena. */
SF_MUST_USE enum sf_err sf_frame_items_decode(enum sf_frame_kind kind, struct sf_view inner,
	struct sf_arena *arena, struct sf_frame *ret_frame, struct sf_diag *diag);

#endif
