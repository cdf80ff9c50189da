/*
 * A checkpoint of the log (c2sp.org/tlog-checkpoint; WIRE.md sections 2 and 4): what a signed note
 * says of a tree, with exactly one extension line for the directory.
 *
 *   <origin>
 *   <size in decimal>
 *   <base64 of the root>
 *   directory <k> <base64 of dhead_k>
 */
#ifndef SF_LOG_CHECKPOINT_H
#define SF_LOG_CHECKPOINT_H

#include "log/note.h"

#define SF_CHECKPOINT_TEXT_SIZE 512 /* of the text, with the terminating zero */

struct sf_checkpoint {
	char origin[SF_NOTE_NAME_SIZE]; /* "<coordinator name>/log/<region>/<epoch>" */
	uint64_t size;
	struct sf_digest root;
	uint64_t directory_version;
	struct sf_digest directory_head;
};

/* Reads the text of a note. Leading zeros, other lines and non-canonical base64: SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_checkpoint_parse(
	struct sf_view text, struct sf_checkpoint *ret_checkpoint, struct sf_diag *diag);
/* Appends the text. SF_ERR_FORMAT: the origin is not a key name. */
SF_MUST_USE enum sf_err sf_checkpoint_format(
	const struct sf_checkpoint *checkpoint, struct sf_buf *buf);

/*
 * Parses note and text and checks the log's signature; cosignatures are not looked at. The log's
 * key name must be the checkpoint's origin. SF_ERR_FORMAT, SF_ERR_AUTH.
 */
SF_MUST_USE enum sf_err sf_checkpoint_open(const struct sf_crypto *crypto, struct sf_view bytes,
	const struct sf_note_key *log, struct sf_checkpoint *ret_checkpoint, struct sf_diag *diag);

#define SF_ORIGIN_NAME_SIZE_MAX 120
/* "<log>/<epoch>" where log is what the coordinator is configured with ("<name>/log/<region>"). */
SF_MUST_USE enum sf_err sf_origin_format(
	const char *log, uint32_t epoch, char ret_origin[SF_NOTE_NAME_SIZE]);
/* Splits it again: SF_ERR_FORMAT when it does not end in an epoch from 1 without leading zeros. */
SF_MUST_USE enum sf_err sf_origin_parse(
	const char *origin, char ret_log[SF_NOTE_NAME_SIZE], uint32_t *ret_epoch);

/* WIRE section 7.4: "stafet/witness/<party id hex>". */
#define SF_WITNESS_NAME_SIZE 48
void sf_witness_name(struct sf_id party, char ret_name[SF_WITNESS_NAME_SIZE]);
/* SF_ERR_FORMAT: not a witness's name. */
SF_MUST_USE enum sf_err sf_witness_party(struct sf_view name, struct sf_id *ret_party);

#endif
