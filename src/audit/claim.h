/*
 * What the maker of an evidence file says of a transition: holders, duties, deadlines, state. It is
 * made from a fold, and whoever reads the file folds the events again and compares line by line
 * (R6). Used by both daemons that make files and by the verifier. Pure.
 */
#ifndef SF_AUDIT_CLAIM_H
#define SF_AUDIT_CLAIM_H

#include "core/transition.h"
#include "port/crypto.h"
#include "wire/evidence.h"

/*
 * The claim of a folded transition whose newest event has this head; rows live in arena. `file` is
 * left none: sf_claim_seal sets it. SF_ERR_LIMIT: the arena ended. SF_ERR_MEMORY.
 */
SF_MUST_USE enum sf_err sf_claim_make(const struct sf_crypto *crypto,
	const struct sf_transition *transition, const struct sf_digest *head,
	struct sf_arena *arena, struct sf_claim *ret_claim);

/* Of all that the file says besides its claim; what stands in the claim is not looked at. */
SF_MUST_USE enum sf_err sf_claim_file_digest(const struct sf_crypto *crypto,
	const struct sf_evidence *evidence, struct sf_digest *ret_digest);

/*
 * The last step of making a file: claim says of which file it is, is encoded into arena, and signed
 * with the identity key_id of evidence->made_by. Nothing of evidence may be changed afterwards.
 * SF_ERR_LIMIT: the arena ended, or the file is too large. SF_ERR_KEY_UNKNOWN.
 */
SF_MUST_USE enum sf_err sf_claim_seal(const struct sf_crypto *crypto, struct sf_id key_id,
	struct sf_claim *claim, struct sf_evidence *evidence, struct sf_arena *arena);

/*
 * True when both say the same of the transition (files are not compared). Else diag names the first
 * line that differs, what was said and what follows from the events.
 */
SF_MUST_USE bool sf_claim_same(
	const struct sf_claim *said, const struct sf_claim *found, struct sf_diag *diag);

#endif
