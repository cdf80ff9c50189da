/*
 * Header and message of an envelope (proto/envelope.proto, proto/fact.proto): bytes to structs and
 * back. Read strictly: unknown fields, a second value of a singular field, ids of a wrong size and
 * trailing bytes are SF_ERR_FORMAT (WIRE.md section 1), inside the fact too when its kind is read.
 * Everything is bounded by SF_HEADER_SIZE_MAX; memory comes from the stack and is not kept.
 */
#ifndef SF_WIRE_HEADER_H
#define SF_WIRE_HEADER_H

#include "core/message.h"

struct sf_header {
	struct sf_view message_bytes; /* borrowed from the header bytes: what content id covers */
	struct sf_message message;
	struct sf_id envelope_id;
	int64_t sent_ms;
	int64_t expires_ms;
	uint32_t seen_epoch;
	uint64_t log_size;
	struct sf_digest log_root;
	uint64_t directory_version;
	struct sf_digest directory_head;
};

/* diag names the field. */
SF_MUST_USE enum sf_err sf_header_decode(
	struct sf_view bytes, struct sf_header *ret_header, struct sf_diag *diag);
/* header->message_bytes is copied as it is; header->message is not looked at. */
SF_MUST_USE enum sf_err sf_header_encode(const struct sf_header *header, struct sf_buf *buf);

SF_MUST_USE enum sf_err sf_message_decode(
	struct sf_view bytes, struct sf_message *ret_message, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_message_encode(const struct sf_message *message, struct sf_buf *buf);

#endif
