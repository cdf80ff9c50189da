/*
 * The record of a new epoch of the log (proto/epoch.proto, WIRE.md section 7.1), as the registrars
 * sign it. Read as strictly as everything that is signed.
 */
#ifndef SF_WIRE_EPOCH_H
#define SF_WIRE_EPOCH_H

#include "base/bytes.h"
#include "base/id.h"

/* Of one record with its signatures: a note with the cosignatures of a region, and names. */
#define SF_EPOCH_SIZE_MAX ((size_t)16384)
/* How many epochs a log may come to; a lost tail is the accident of a year. */
#define SF_EPOCH_COUNT_MAX ((size_t)64)

/* Views and texts are borrowed from the bytes decoded. */
struct sf_epoch {
	struct sf_view old_origin;
	struct sf_view old_note;
	uint64_t common_size; /* leaves of the old epoch that stand, at least 1 */
	struct sf_view origin;
	uint8_t log_key[32];
	uint64_t directory_version;
	struct sf_digest directory_head;
	int64_t made_ms;
};

SF_MUST_USE enum sf_err sf_epoch_decode(
	struct sf_view bytes, struct sf_epoch *ret_epoch, struct sf_diag *diag);
/* Appends. SF_ERR_LIMIT past SF_EPOCH_SIZE_MAX. */
SF_MUST_USE enum sf_err sf_epoch_encode(const struct sf_epoch *epoch, struct sf_buf *buf);

#endif
