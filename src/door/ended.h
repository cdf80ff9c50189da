/*
 * What opens no more: tokens that were revoked and sessions that ended lately, for who has let
 * somebody in and gives out as things happen (an event stream), so that it ends at once. In memory,
 * as what is given out ends with the process. What a turn noted that never was is not taken back:
 * who is cut off by it comes again and is let in.
 */
#ifndef SF_DOOR_ENDED_H
#define SF_DOOR_ENDED_H

#include "door/door.h"

#define SF_DOOR_ENDED_MAX ((size_t)256) /* who is behind that is told that it may be anybody */

struct sf_door_ended {
	uint64_t count; /* ever */
	struct sf_digest digests[SF_DOOR_ENDED_MAX];
};

/* Nothing when the door keeps none. */
void sf_door_ended_note(const struct sf_door *door, const struct sf_digest *digest);

SF_MUST_USE enum sf_err sf_door_ended_serve(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
