/*
 * A new epoch of the log, as the registrars declare it after a lost tail (WIRE.md section 7.1). The
 * coordinator that begins it, every node that follows and the verification of an evidence file read
 * a record by this one function.
 */
#ifndef SF_AUDIT_EPOCH_H
#define SF_AUDIT_EPOCH_H

#include "audit/registry.h"
#include "log/checkpoint.h"
#include "wire/epoch.h"

/* What a record says, once it is signed and agrees with itself. Views borrowed from the bytes. */
struct sf_declared_epoch {
	struct sf_epoch record;
	struct sf_digest digest;        /* of the record: what leaf 0 of the epoch commits to */
	char log[SF_NOTE_NAME_SIZE];    /* both origins without their epoch */
	char origin[SF_NOTE_NAME_SIZE]; /* of the new epoch */
	uint32_t epoch;                 /* the new one; the old one is one less */
	struct sf_checkpoint stands;    /* the old tree at the common size; its note's signature is
					   not checked here: who has the directory does */
};

/*
 * SF_ERR_FORMAT: no such record, or the note is not of the old epoch at the common size, or the new
 * origin is not the next epoch of the same log. SF_ERR_AUTH: not signed by enough of the
 * registrars. signed_record: SignedRecord of proto/directory.proto.
 */
SF_MUST_USE enum sf_err sf_epoch_open(const struct sf_crypto *crypto,
	const struct sf_registrars *registrars, struct sf_view signed_record,
	struct sf_declared_epoch *ret_epoch, struct sf_diag *diag);

/* As sf_epoch_open of the record alone, before anybody signed it. */
SF_MUST_USE enum sf_err sf_epoch_read(const struct sf_crypto *crypto, struct sf_view record,
	struct sf_declared_epoch *ret_epoch, struct sf_diag *diag);

#endif
