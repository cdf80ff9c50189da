/*
 * The frames about the log: checkpoint, cosign, proof, consistency. Private to src/wire/.
 */
#ifndef SF_WIRE_FRAME_LOG_H
#define SF_WIRE_FRAME_LOG_H

#include "frame.pb-c.h"
#include "wire/frame.h"

/* Each sets out->log from its member of in. */
enum sf_err sf_frame_checkpoint_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag);
enum sf_err sf_frame_cosign_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag);
enum sf_err sf_frame_proof_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag);
enum sf_err sf_frame_consistency_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag);

/* Arrays live in work. */
enum sf_err sf_frame_checkpoint_write(
	const struct sf_frame_log *in, Stafet__V1__Checkpoint *ret_checkpoint);
enum sf_err sf_frame_proof_write(
	const struct sf_frame_log *in, struct sf_arena *work, Stafet__V1__Proof *ret_proof);

#endif
