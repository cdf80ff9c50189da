/*
 * Chunks of an attachment (WIRE.md section 1), sealed with libsodium's secretstream, and the links
 * that lead to an object's digest.
 *
 *   key     56 bytes of chance for each object: key[32] || header[24]; they stand in the Body
 *   chunk i secretstream message number i of at most SF_CHUNK_SIZE bytes: tag MESSAGE, the last one
 *           FINAL; no additional data
 *   link_-1 = 32 zero bytes; link_i = BLAKE2b-256("stafet/v1/chunk\0" || link_i-1 || chunk i)
 *   digest  = the link of the last chunk
 *
 * A stream's state between two messages is its key, the number of messages and what their MACs came
 * to, which is the trail: the first 8 bytes of all MACs so far, one XORed onto the other. With the
 * trail, any chunk is sealed or opened by itself, and no secret state has to be kept while an
 * object is on its way.
 */
#ifndef SF_CRYPTO_CHUNK_H
#define SF_CRYPTO_CHUNK_H

#include "base/bytes.h"
#include "base/id.h"
#include "port/crypto.h"

/* See port/crypto.h: chunk_seal, chunk_open, chunk_link. */
SF_MUST_USE enum sf_err sf_chunk_seal(const uint8_t key[SF_CHUNK_KEY_SIZE],
	const struct sf_chunk_at *at, struct sf_view content, struct sf_buf *buf);
SF_MUST_USE enum sf_err sf_chunk_open(const uint8_t key[SF_CHUNK_KEY_SIZE],
	const struct sf_chunk_at *at, struct sf_view chunk, struct sf_buf *buf);
/* The trail after the chunk; its size is more than that of a MAC. */
uint64_t sf_chunk_trail(uint64_t before, struct sf_view chunk);
void sf_chunk_link(
	const struct sf_digest *before, struct sf_view chunk, struct sf_digest *ret_link);

#endif
