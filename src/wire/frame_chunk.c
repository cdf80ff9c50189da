#include "wire/frame_chunk.h"

#include "wire/field.h"

/* What both frames begin with: which attachment of which message. */
static enum sf_err read_name(ProtobufCBinaryData author, ProtobufCBinaryData message_id,
	uint32_t number, struct sf_frame_chunk *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(author, "author", &out->author, diag);
	if (!err)
		err = sf_field_id(message_id, "message_id", &out->message_id, diag);
	if (!err)
		err = sf_field_range(number, 0, SF_ATTACHMENT_COUNT_MAX - 1, "number", diag);
	out->number = number;
	return err;
}

enum sf_err sf_frame_chunk_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	const Stafet__V1__Chunk *chunk = in->chunk;
	enum sf_err err =
		read_name(chunk->author, chunk->message_id, chunk->number, &out->chunk, diag);
	if (!err)
		err = sf_field_range(
			chunk->chunk.len, 1, SF_CHUNK_SEALED_MAX, "size of the chunk", diag);
	out->chunk.index = chunk->index;
	out->chunk.bytes = sf_field_view(chunk->chunk);
	return err;
}

enum sf_err sf_frame_chunks_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	const Stafet__V1__Chunks *chunks = in->chunks;
	enum sf_err err =
		read_name(chunks->author, chunks->message_id, chunks->number, &out->chunk, diag);
	if (!err)
		err = sf_field_range(chunks->code, SF_CHUNK_GOOD, SF_CHUNK_ANSWERED, "code", diag);
	out->chunk.index = chunks->have;
	out->chunk.code = (enum sf_chunk_code)chunks->code;
	return err;
}

enum sf_err sf_frame_chunk_write(const struct sf_frame_chunk *in, Stafet__V1__Chunk *ret_chunk)
{
	if (in->bytes.size > SF_CHUNK_SEALED_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Chunk out = STAFET__V1__CHUNK__INIT;
	out.author = sf_field_of_id(&in->author);
	out.message_id = sf_field_of_id(&in->message_id);
	out.number = in->number;
	out.index = in->index;
	out.chunk = sf_field_of_view(in->bytes);
	*ret_chunk = out;
	return SF_OK;
}

void sf_frame_chunks_write(const struct sf_frame_chunk *in, Stafet__V1__Chunks *ret_chunks)
{
	Stafet__V1__Chunks out = STAFET__V1__CHUNKS__INIT;
	out.author = sf_field_of_id(&in->author);
	out.message_id = sf_field_of_id(&in->message_id);
	out.number = in->number;
	out.have = in->index;
	out.code = in->code;
	*ret_chunks = out;
}
