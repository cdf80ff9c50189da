/*
 * The frames of attachments: chunk, chunks. Private to src/wire/.
 */
#ifndef SF_WIRE_FRAME_CHUNK_H
#define SF_WIRE_FRAME_CHUNK_H

#include "frame.pb-c.h"
#include "wire/frame.h"

/* Each sets out->chunk from its member of in. */
enum sf_err sf_frame_chunk_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag);
enum sf_err sf_frame_chunks_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag);

enum sf_err sf_frame_chunk_write(const struct sf_frame_chunk *in, Stafet__V1__Chunk *ret_chunk);
void sf_frame_chunks_write(const struct sf_frame_chunk *in, Stafet__V1__Chunks *ret_chunks);

#endif
