/*
 * MLLP: the frame around HL7 v2 on a stream (HL7 v2.5 appendix C; MEDCOM: 0x0B ... 0x1C 0x0D).
 * Reads what comes piece by piece, bounded; what is no frame is skipped until the next one begins,
 * and said once. Knows no socket.
 */
#ifndef SF_BRIDGE_MLLP_H
#define SF_BRIDGE_MLLP_H

#include "base/bytes.h"

enum sf_mllp_event {
	SF_MLLP_MORE = 0, /* nothing whole yet */
	SF_MLLP_MESSAGE,  /* mllp->message is whole, until the next feed */
	SF_MLLP_GARBAGE,  /* bytes between frames that are none */
	SF_MLLP_BROKEN,   /* a frame that a new one began in, or whose end is none: dropped */
	SF_MLLP_TOO_LARGE /* a frame past the ceiling: dropped to its end */
};

enum sf_mllp_state { SF_MLLP_OUTSIDE = 0, SF_MLLP_INSIDE, SF_MLLP_ENDING };

struct sf_mllp {
	struct sf_buf message; /* owned */
	enum sf_mllp_state state;
	bool whole;     /* the message was told and goes with the next feed */
	bool too_large; /* of the frame that is being read */
	bool garbage;   /* said already, until a frame begins */
};

void sf_mllp_init(struct sf_mllp *mllp, size_t message_size_max);
void sf_mllp_fini(struct sf_mllp *mllp);
/* A frame has begun and is not whole. */
bool sf_mllp_is_half(const struct sf_mllp *mllp);
/*
 * Reads up to the next event. *ret_used bytes were taken, which is less than all only with an
 * event. Out of memory is SF_MLLP_TOO_LARGE.
 */
enum sf_mllp_event sf_mllp_feed(struct sf_mllp *mllp, struct sf_view bytes, size_t *ret_used);

/* Appends the message in its frame. */
SF_MUST_USE enum sf_err sf_mllp_frame(struct sf_view message, struct sf_buf *buf);

#endif
