/*
 * Attachments on their way (WIRE.md section 1): sealed chunks that authors send after their letter
 * was recorded, kept blind until every delivery of the letter is final. The coordinator has no key;
 * it knows that an object is whole by the digest in the signed header.
 */
#ifndef SF_COORDINATOR_ATTACHMENT_H
#define SF_COORDINATOR_ATTACHMENT_H

#include "coordinator/state.h"

/* Sums and numbers that memory holds, as the store says. */
SF_MUST_USE enum sf_err sf_coordinator_load_attachments(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
/* A letter was recorded that is to be delivered: its author is asked for what is not here. */
SF_MUST_USE enum sf_err sf_coordinator_expect_attachments(
	struct sf_coordinator *coordinator, const struct sf_message *message, struct sf_diag *diag);
/* After a hello: the author is asked for all that is not whole. */
SF_MUST_USE enum sf_err sf_coordinator_invite_chunks(struct sf_coordinator *coordinator,
	struct sf_id author, uint64_t route, struct sf_diag *diag);
/* SF_FRAME_CHUNK of an author. */
SF_MUST_USE enum sf_err sf_coordinator_take_chunk(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag);
/* SF_FRAME_CHUNKS of a recipient, or of an author that gives up. */
SF_MUST_USE enum sf_err sf_coordinator_give_chunks(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag);
/* Nobody waits for them any more. */
SF_MUST_USE enum sf_err sf_coordinator_drop_attachments(struct sf_coordinator *coordinator,
	struct sf_id author, struct sf_id message_id, struct sf_diag *diag);

#endif
