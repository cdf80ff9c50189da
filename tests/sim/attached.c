#include "sim/attached.h"

#include <string.h>

#define REPLY_SIZE_MAX ((size_t)16 * 1024 * 1024)
#define PART_SIZE ((size_t)65536)

void sf_sim_attached_bytes(uint8_t mark, uint64_t offset, uint8_t *place, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint64_t at = offset + i;
		place[i] = (uint8_t)(at * 7 + at / 251 + mark);
	}
}

static bool ask(struct sf_sim_machine *machine, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply)
{
	*ret_reply = (struct sf_reply){.err = SF_OK};
	return !sf_sim_call(machine, request, arena, ret_reply) && !ret_reply->err;
}

static bool hand_in(struct sf_sim_machine *machine, uint8_t mark, struct sf_arena *arena,
	struct sf_id *ret_upload)
{
	struct sf_reply reply;
	struct sf_request request = {.kind = SF_REQUEST_UPLOAD,
		.upload = {"billede.bin", "application/octet-stream", SF_SIM_ATTACHED_SIZE}};
	if (!ask(machine, &request, arena, &reply))
		return false;
	*ret_upload = reply.upload.upload;
	static uint8_t part[PART_SIZE];
	while (!reply.upload.whole) {
		uint64_t offset = reply.upload.offset;
		size_t left = SF_SIM_ATTACHED_SIZE - (size_t)offset;
		size_t size = left < PART_SIZE ? left : PART_SIZE;
		sf_sim_attached_bytes(mark, offset, part, size);
		request = (struct sf_request){.kind = SF_REQUEST_UPLOAD_PART,
			.upload_part = {*ret_upload, offset, sf_view_of(part, size)}};
		if (!ask(machine, &request, arena, &reply))
			return false;
	}
	return true;
}

bool sf_sim_attach(struct sf_sim_machine *machine, uint8_t mark, struct sf_id *ret_upload)
{
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	bool taken = hand_in(machine, mark, &arena, ret_upload);
	sf_arena_fini(&arena);
	return taken;
}

static bool holds(
	struct sf_sim_machine *machine, struct sf_id message, uint8_t mark, struct sf_arena *arena)
{
	struct sf_reply reply;
	const struct sf_request request = {
		.kind = SF_REQUEST_ATTACHMENT, .attachment = {.message = message}};
	if (!ask(machine, &request, arena, &reply) ||
		reply.attachment.content.size != SF_SIM_ATTACHED_SIZE)
		return false;
	uint8_t *expected = sf_arena_take(arena, SF_SIM_ATTACHED_SIZE);
	SF_ASSERT(expected);
	sf_sim_attached_bytes(mark, 0, expected, SF_SIM_ATTACHED_SIZE);
	return memcmp(expected, reply.attachment.content.data, SF_SIM_ATTACHED_SIZE) == 0;
}

bool sf_sim_attached_holds(struct sf_sim_machine *machine, struct sf_id message, uint8_t mark)
{
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	bool good = holds(machine, message, mark, &arena);
	sf_arena_fini(&arena);
	return good;
}
