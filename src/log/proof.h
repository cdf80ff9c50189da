/*
 * A proof that a leaf is in the log, as a text that anybody can check (c2sp.org/tlog-proof): index,
 * inclusion hashes, checkpoint. `extra` opens the leaf: a SignedReceipt of proto/frame.proto, from
 * which the 42 bytes of the leaf follow.
 *
 *   c2sp.org/tlog-proof@v1
 *   extra <base64>                 may be missing
 *   index <decimal>
 *   <base64 hash>                  none or more
 *   (empty line)
 *   <signed checkpoint>
 */
#ifndef SF_LOG_PROOF_H
#define SF_LOG_PROOF_H

#include "log/tree.h"

#define SF_PROOF_EXTRA_SIZE_MAX ((size_t)4096)
#define SF_PROOF_SIZE_MAX ((size_t)131072)

struct sf_proof {
	size_t extra_size;
	uint8_t extra[SF_PROOF_EXTRA_SIZE_MAX];
	uint64_t index;
	size_t count;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	struct sf_view checkpoint; /* borrowed: the signed note, not looked at here */
};

/* SF_ERR_FORMAT, SF_ERR_LIMIT; ret_proof is then to be forgotten. It is large. */
SF_MUST_USE enum sf_err sf_proof_parse(
	struct sf_view text, struct sf_proof *ret_proof, struct sf_diag *diag);
/* Appends the text; buf is as before when that fails. SF_ERR_USAGE: no proof that reads again. */
SF_MUST_USE enum sf_err sf_proof_format(const struct sf_proof *proof, struct sf_buf *buf);

#endif
