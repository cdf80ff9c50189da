#include "cmd/calls.h"

#include "base/limits.h"

#define ARENA_SIZE_MAX (4 * SF_LOCAL_SIZE_MAX) /* a request, its reply, and rows on the way */

void sf_calls_init(struct sf_calls *calls, const struct sf_face *faces, size_t face_count)
{
	SF_ASSERT(face_count <= SF_DAEMON_FACES_MAX);
	for (size_t i = 0; i < face_count; i++)
		calls->faces[i] = faces[i];
	calls->face_count = face_count;
}

static void end_call(struct sf_pending *pending)
{
	sf_arena_fini(&pending->arena);
	sf_arena_fini(&pending->reply_arena);
	*pending = (struct sf_pending){.call = 0};
}

void sf_calls_fini(struct sf_calls *calls)
{
	for (size_t i = 0; i < SF_CALLS_MAX; i++)
		if (calls->places[i].call)
			end_call(&calls->places[i]);
}

static bool is_waited_for(const struct sf_calls *calls, const struct sf_pending *pending)
{
	const struct sf_face *face = &calls->faces[pending->face];
	return face->waits(face->self, pending->call);
}

static void reply_and_end(struct sf_calls *calls, struct sf_pending *pending)
{
	const struct sf_face *face = &calls->faces[pending->face];
	face->reply(face->self, pending->call, &pending->request, &pending->reply);
	end_call(pending);
	calls->has_room = calls->crowded;
}

static struct sf_pending *free_place(struct sf_calls *calls)
{
	for (size_t i = 0; i < SF_CALLS_MAX; i++)
		if (calls->places[i].call == 0)
			return &calls->places[i];
	return NULL;
}

/* What is free less what the others are promised and do not use. */
static bool may_take(const struct sf_calls *calls, size_t face)
{
	size_t used[SF_DAEMON_FACES_MAX] = {0};
	size_t kept = 0;
	for (size_t i = 0; i < SF_CALLS_MAX; i++) {
		if (calls->places[i].call == 0)
			continue;
		used[calls->places[i].face]++;
		kept++;
	}
	for (size_t i = 0; i < calls->face_count; i++)
		if (i != face && used[i] < SF_CALLS_PROMISED)
			kept += SF_CALLS_PROMISED - used[i];
	return kept < SF_CALLS_MAX;
}

static bool take_of(struct sf_calls *calls, size_t index)
{
	const struct sf_face *face = &calls->faces[index];
	struct sf_pending *pending = free_place(calls);
	if (!pending || !may_take(calls, index)) {
		calls->crowded = true;
		return false;
	}
	sf_arena_init(&pending->arena, ARENA_SIZE_MAX);
	sf_arena_init(&pending->reply_arena, ARENA_SIZE_MAX);
	uint64_t call = 0;
	if (!face->take(face->self, &pending->arena, &call, &pending->request)) {
		end_call(pending);
		return false;
	}
	SF_ASSERT(call != 0);
	pending->call = call;
	pending->face = index;
	return true;
}

void sf_calls_take(struct sf_calls *calls)
{
	bool taken = calls->face_count > 0;
	calls->crowded = calls->has_room = false;
	while (taken) {
		taken = false;
		for (size_t i = 0; i < calls->face_count; i++)
			taken |= take_of(calls, (calls->next_face + i) % calls->face_count);
		calls->next_face = (calls->next_face + 1) % calls->face_count;
	}
}

/* A long poll is asked again after a turn that changed something, and at its deadline. */
static bool is_ready(const struct sf_calls *calls, const struct sf_pending *pending, int64_t now_ms)
{
	if (pending->call == 0)
		return false;
	return pending->deadline_ms == 0 || pending->change != calls->change ||
	       pending->deadline_ms <= now_ms || !is_waited_for(calls, pending);
}

void sf_calls_gather(struct sf_calls *calls, int64_t now_ms, struct sf_gathered *ret_gathered)
{
	struct sf_gathered *gathered = ret_gathered;
	gathered->count = 0;
	gathered->has_new = false;
	for (size_t i = 0; i < SF_CALLS_MAX; i++) {
		struct sf_pending *pending = &calls->places[i];
		if (!is_ready(calls, pending, now_ms))
			continue;
		gathered->has_new = gathered->has_new || pending->deadline_ms == 0;
		pending->change = calls->change;
		sf_arena_clear(&pending->reply_arena);
		gathered->places[gathered->count] = pending;
		gathered->calls[gathered->count++] = (struct sf_call){.request = &pending->request,
			.arena = &pending->reply_arena,
			.reply = &pending->reply};
	}
}

void sf_calls_settle(struct sf_calls *calls, struct sf_pending *pending, int64_t now_ms)
{
	uint32_t wait_ms = 0;
	bool waits = sf_local_request_waits(&pending->request, &pending->reply, &wait_ms);
	if (waits && pending->deadline_ms == 0)
		pending->deadline_ms = now_ms + wait_ms;
	if (waits && pending->deadline_ms > now_ms && is_waited_for(calls, pending))
		return;
	reply_and_end(calls, pending);
}

void sf_calls_refuse(struct sf_calls *calls, struct sf_pending *pending, enum sf_err err)
{
	pending->reply = (struct sf_reply){.err = err,
		.text = err == SF_ERR_DISK_FULL
				? "the disk is full: nothing was accepted; make room and try again"
			: err == SF_ERR_AGAIN
				? "the store cannot take it now: nothing was accepted; try again"
				: "this request cannot be done: nothing was accepted"};
	reply_and_end(calls, pending);
}

int64_t sf_calls_wake_ms(const struct sf_calls *calls)
{
	if (calls->has_room)
		return 0;
	int64_t wake_ms = INT64_MAX;
	for (size_t i = 0; i < SF_CALLS_MAX; i++) {
		const struct sf_pending *pending = &calls->places[i];
		if (pending->deadline_ms > 0 && pending->change != calls->change)
			return 0;
		if (pending->deadline_ms > 0 && pending->deadline_ms < wake_ms)
			wake_ms = pending->deadline_ms;
	}
	return wake_ms;
}
