#include "wire/allocator.h"

#include <stdalign.h>
#include <string.h>

static void *take_fixed(struct sf_allocator *allocator, size_t size)
{
	size_t grain = alignof(max_align_t);
	if (size > allocator->room)
		return NULL;
	size_t whole = (size + grain - 1) / grain * grain;
	if (whole > allocator->room)
		return NULL;
	void *piece = allocator->place;
	allocator->place += whole;
	allocator->room -= whole;
	return piece;
}

static void *take(void *context, size_t size)
{
	struct sf_allocator *allocator = context;
	void *piece = allocator->arena ? sf_arena_take(allocator->arena, size)
				       : take_fixed(allocator, size);
	if (!piece)
		allocator->exhausted = true;
	return piece;
}

/* Pieces go when the arena or the stack frame goes. */
static void give_back(void *context, void *piece)
{
	(void)context;
	(void)piece;
}

void sf_allocator_init(struct sf_allocator *allocator, struct sf_arena *arena)
{
	*allocator = (struct sf_allocator){
		.protobuf = {.alloc = take, .free = give_back, .allocator_data = allocator},
		.arena = arena,
	};
}

void sf_allocator_init_fixed(struct sf_allocator *allocator, void *place, size_t size)
{
	*allocator = (struct sf_allocator){
		.protobuf = {.alloc = take, .free = give_back, .allocator_data = allocator},
		.place = place,
		.room = size,
	};
}

enum sf_err sf_proto_unpack(const ProtobufCMessageDescriptor *descriptor, struct sf_view bytes,
	struct sf_allocator *allocator, void **ret_message, struct sf_diag *diag)
{
	/* protobuf-c passes data to memcpy and must never see NULL. */
	static const uint8_t nothing[1] = {0};
	const uint8_t *data = bytes.size > 0 ? bytes.data : nothing;
	void *message =
		protobuf_c_message_unpack(descriptor, &allocator->protobuf, bytes.size, data);
	if (message) {
		*ret_message = message;
		return SF_OK;
	}
	if (allocator->exhausted) {
		sf_diag_set(diag, "%s needs more memory than is allowed for it",
			descriptor->short_name);
		return SF_ERR_LIMIT;
	}
	sf_diag_set(diag, "%s is not well-formed", descriptor->short_name);
	return SF_ERR_FORMAT;
}

enum sf_err sf_proto_pack(const ProtobufCMessage *message, struct sf_buf *buf)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	if (size == 0)
		return SF_OK;
	uint8_t *place = NULL;
	enum sf_err err = sf_buf_extend(buf, size, &place);
	if (err)
		return err;
	size_t written = protobuf_c_message_pack(message, place);
	SF_ASSERT(written == size);
	return SF_OK;
}
