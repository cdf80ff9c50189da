#include "door/ended.h"

void sf_door_ended_note(const struct sf_door *door, const struct sf_digest *digest)
{
	struct sf_door_ended *ended = door->ended;
	if (ended)
		ended->digests[ended->count++ % SF_DOOR_ENDED_MAX] = *digest;
}

enum sf_err sf_door_ended_serve(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	static const struct sf_door_ended none;
	const struct sf_door_ended *ended = door->ended ? door->ended : &none;
	uint64_t after = request->ended.after;
	(void)diag;
	struct sf_reply reply = {
		.kind = SF_REPLY_ENDED, .text = "", .ended = {.newest = ended->count}};
	/* A cursor that was not given here is of another life. */
	reply.ended.all = after > ended->count || ended->count - after > SF_DOOR_ENDED_MAX;
	size_t count = reply.ended.all ? 0 : (size_t)(ended->count - after);
	struct sf_digest *digests = sf_arena_take_many(arena, count + 1, sizeof(*digests));
	if (!digests)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count; i++)
		digests[i] = ended->digests[(after + i) % SF_DOOR_ENDED_MAX];
	reply.ended.digests = sf_view_of(digests, count * sizeof(*digests));
	*ret_reply = reply;
	return SF_OK;
}
