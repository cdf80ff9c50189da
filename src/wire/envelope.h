/*
 * Layout of the envelope STF1 (WIRE.md section 1): bytes to views and back. No cryptography here
 * (port/crypto.h) and no protobuf (header.h, body.h).
 *
 * What can be wrong comes in two kinds (WIRE section 7.6): framing is judged before the signature
 * and such bytes are dropped; layout is judged after it and answered fatal-error.
 */
#ifndef SF_WIRE_ENVELOPE_H
#define SF_WIRE_ENVELOPE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"

#define SF_SUITE_1 0x01
#define SF_FLAG_PSK 0x01
#define SF_FLAG_ATTACHMENTS 0x02 /* set exactly when the header names attachments */
#define SF_SLOT_SIZE ((size_t)100)
#define SF_NONCE_SIZE ((size_t)24)
#define SF_SIGNATURE_SIZE ((size_t)64)
#define SF_PUBLIC_KEY_SIZE ((size_t)32)

struct sf_slot {
	struct sf_id key_id;
	struct sf_view enc; /* 32 */
	uint32_t sequence;
	struct sf_view wrap; /* 48 */
};

/* A parsed envelope; every view borrows from the bytes that were parsed. */
struct sf_envelope {
	struct sf_view whole;
	uint8_t suite;
	uint8_t flags;
	struct sf_view through_header; /* magic up to and including header: what h0 covers */
	struct sf_id author_key_id;
	struct sf_view header; /* the protobuf Header as signed, without the key id */
	size_t slot_count;
	struct sf_view slots;                /* 100 * slot_count */
	struct sf_view commit;               /* 32 */
	struct sf_view nonce;                /* 24 */
	struct sf_view slots_through_length; /* n up to and including ciphertext length: h2 */
	struct sf_view ciphertext;
	struct sf_view slots_through_ciphertext; /* what sealed covers */
	uint8_t depth;
	uint16_t leaf_index;
	uint16_t leaf_count;
	struct sf_view path;       /* 32 * depth */
	struct sf_view signature;  /* 64 */
	struct sf_view from_depth; /* depth up to the end: what digest covers */
};

/* Everything of an envelope but the sealed content (WIRE section 1, cover). */
struct sf_cover {
	struct sf_view whole;
	struct sf_view through_header;
	struct sf_id author_key_id;
	struct sf_view header;
	struct sf_digest sealed;
	uint8_t depth;
	uint16_t leaf_index;
	uint16_t leaf_count;
	struct sf_view path;
	struct sf_view signature;
	struct sf_view from_depth;
};

enum sf_layout_fault {
	SF_LAYOUT_GOOD = 0,
	SF_LAYOUT_BODILESS,         /* n = 0 with flags, a commit, a nonce or a ciphertext */
	SF_LAYOUT_CIPHERTEXT_SHORT, /* n > 0 with less than 4,112 bytes */
	SF_LAYOUT_SLOT_SEQUENCE,    /* seq >= 65,536 */
	SF_LAYOUT_DUPLICATE_KEY,    /* two slots with one key id */
};

/* Framing only. SF_ERR_FORMAT names the part in diag; nothing of ret_envelope is set on failure. */
SF_MUST_USE enum sf_err sf_envelope_parse(
	struct sf_view bytes, struct sf_envelope *ret_envelope, struct sf_diag *diag);
/* The rules that are judged after the signature. */
enum sf_layout_fault sf_envelope_layout(const struct sf_envelope *envelope);
/* index < envelope->slot_count. */
struct sf_slot sf_envelope_slot(const struct sf_envelope *envelope, size_t index);
/* The 100 * n bytes may come from anywhere; used by the sealer. */
void sf_slot_write(const struct sf_slot *slot, uint8_t place[100]);

SF_MUST_USE enum sf_err sf_cover_parse(
	struct sf_view bytes, struct sf_cover *ret_cover, struct sf_diag *diag);
/* Appends the cover of envelope; sealed is computed by the caller's crypto port. */
SF_MUST_USE enum sf_err sf_cover_write(
	const struct sf_envelope *envelope, const struct sf_digest *sealed, struct sf_buf *buf);

/* Magic, suite, flags, HL, key id and header: the start of an envelope, what h0 covers. */
SF_MUST_USE enum sf_err sf_envelope_write_header(
	struct sf_id author_key_id, uint8_t flags, struct sf_view header, struct sf_buf *buf);
/* Depth, index, count, path and signature: its end. */
SF_MUST_USE enum sf_err sf_envelope_write_proof(uint8_t depth, uint16_t leaf_index,
	uint16_t leaf_count, struct sf_view path, struct sf_view signature, struct sf_buf *buf);

#endif
