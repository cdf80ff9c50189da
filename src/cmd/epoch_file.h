/*
 * The file in which a new epoch of the log goes from the coordinator to the registrars and back
 * (WIRE.md section 7.1): the record alone as `stafet log epoch` writes it, or a SignedRecord named
 * "epoch" with the signatures it has so far. Neither is well formed as the other.
 */
#ifndef SF_CMD_EPOCH_FILE_H
#define SF_CMD_EPOCH_FILE_H

#include "audit/epoch.h"
#include "crypto/keyring.h"

/* Views borrowed from the bytes read. */
struct sf_epoch_file {
	struct sf_declared_epoch declared;
	struct sf_signed_record record; /* signature_count 0: nobody has signed it yet */
	bool key_signed_note;           /* the new log key also signed what stands */
};

/* Signatures are not judged: sf_epoch_open does that. SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_epoch_file_read(
	struct sf_view bytes, struct sf_epoch_file *ret_file, struct sf_diag *diag);
/*
 * Appends the SignedRecord with one more signature, of the registrar whose key is key_id.
 * SF_ERR_EXISTS when it has signed before, SF_ERR_LIMIT.
 */
SF_MUST_USE enum sf_err sf_epoch_file_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_epoch_file *file, struct sf_buf *buf, struct sf_diag *diag);

/* For people and for programs, on standard output. */
void sf_epoch_file_print_text(const struct sf_epoch_file *file);
SF_MUST_USE enum sf_err sf_epoch_file_print_json(const struct sf_epoch_file *file);

#endif
