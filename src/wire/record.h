/*
 * Signed records: directory entries, enrolment requests, agreements (proto/directory.proto,
 * proto/agreement.proto). Read as strictly as headers. Bytes are kept as signed.
 */
#ifndef SF_WIRE_RECORD_H
#define SF_WIRE_RECORD_H

#include "base/arena.h"
#include "core/agreement.h"
#include "core/directory.h"

#define SF_RECORD_SIGNATURES_MAX 8

struct sf_record_signature {
	struct sf_id key_id;
	uint8_t signature[64];
};

struct sf_signed_record {
	struct sf_view record; /* borrowed from the bytes decoded */
	size_t signature_count;
	struct sf_record_signature signatures[SF_RECORD_SIGNATURES_MAX];
	bool has_succession;
	struct sf_record_signature succession;
};

SF_MUST_USE enum sf_err sf_signed_record_decode(
	struct sf_view bytes, struct sf_signed_record *ret_record, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_signed_record_encode(
	const struct sf_signed_record *record, struct sf_buf *buf);

/* Sets everything but digest and key ids, which need a hash: the caller's crypto port. */
SF_MUST_USE enum sf_err sf_entry_decode(
	struct sf_view bytes, struct sf_directory_entry *ret_entry, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_entry_encode(const struct sf_directory_entry *entry, struct sf_buf *buf);

/* An enrolment request is an entry in the making: version 0, no predecessor. */
SF_MUST_USE enum sf_err sf_request_decode(struct sf_view bytes,
	struct sf_directory_entry *ret_entry, int64_t *ret_made_ms, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_request_encode(
	const struct sf_directory_entry *entry, int64_t made_ms, struct sf_buf *buf);

/*
 * The signed form of an agreement (at most SF_AGREEMENT_SIZE_MAX). calendar.zone and digest are
 * left for the caller: the zone from its port, the digest from its crypto; danish is set by the
 * calendar's name. Everything else is checked: names and citations are texts without control
 * characters, triggers name what exists, amounts are in range, no clause name stands twice in a
 * pathway. Expectations and windows have names; a handover says its silence, and `after` with
 * passes alone; a payment has citation and currency.
 *
 * ret_agreement is filled in place and is all zero after an error.
 */
#define SF_AGREEMENT_SIZE_MAX ((size_t)65536)
SF_MUST_USE enum sf_err sf_agreement_decode(
	struct sf_view bytes, struct sf_agreement *ret_agreement, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_agreement_encode(
	const struct sf_agreement *agreement, struct sf_buf *buf);

#endif
