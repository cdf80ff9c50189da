#include "crypto/chunk.h"

#include <string.h>

#include <sodium.h>

#include "crypto/hash.h"

#define STREAM_KEY_SIZE ((size_t)crypto_secretstream_xchacha20poly1305_KEYBYTES)
#define STREAM_EXTRA ((size_t)crypto_secretstream_xchacha20poly1305_ABYTES)
#define COUNTER_SIZE ((size_t)4)
#define TRAIL_SIZE ((size_t)8)
#define MAC_SIZE ((size_t)16)

typedef crypto_secretstream_xchacha20poly1305_state stream_state;

/*
 * The state that the stream has before message at->index. libsodium documents how it is made ("each
 * message's MAC is mixed into the nonce of the next"): nonce = counter[4], little-endian, from 1 ||
 * inonce[8], onto which the first bytes of every MAC are XORed. Nothing is rekeyed before 2^32
 * messages.
 */
static void stand_at(
	const uint8_t key[SF_CHUNK_KEY_SIZE], const struct sf_chunk_at *at, stream_state *state)
{
	crypto_secretstream_xchacha20poly1305_init_pull(state, key + STREAM_KEY_SIZE, key);
	uint32_t counter = at->index + 1;
	for (size_t i = 0; i < COUNTER_SIZE; i++)
		state->nonce[i] = (uint8_t)(counter >> (8 * i));
	for (size_t i = 0; i < TRAIL_SIZE; i++)
		state->nonce[COUNTER_SIZE + i] ^= (uint8_t)(at->trail >> (8 * i));
}

static uint8_t tag_of(const struct sf_chunk_at *at)
{
	return at->last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
			: crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
}

uint64_t sf_chunk_trail(uint64_t before, struct sf_view chunk)
{
	SF_ASSERT(chunk.size >= MAC_SIZE);
	const uint8_t *mac = chunk.data + chunk.size - MAC_SIZE;
	uint64_t first = 0;
	for (size_t i = 0; i < TRAIL_SIZE; i++)
		first |= (uint64_t)mac[i] << (8 * i);
	return before ^ first;
}

enum sf_err sf_chunk_seal(const uint8_t key[SF_CHUNK_KEY_SIZE], const struct sf_chunk_at *at,
	struct sf_view content, struct sf_buf *buf)
{
	if (content.size == 0 || content.size > SF_CHUNK_SIZE || at->index == UINT32_MAX)
		return SF_ERR_USAGE;
	uint8_t *place;
	enum sf_err err = sf_buf_extend(buf, content.size + STREAM_EXTRA, &place);
	if (err)
		return err;
	stream_state state;
	stand_at(key, at, &state);
	crypto_secretstream_xchacha20poly1305_push(
		&state, place, NULL, content.data, content.size, NULL, 0, tag_of(at));
	sodium_memzero(&state, sizeof(state));
	return SF_OK;
}

enum sf_err sf_chunk_open(const uint8_t key[SF_CHUNK_KEY_SIZE], const struct sf_chunk_at *at,
	struct sf_view chunk, struct sf_buf *buf)
{
	if (chunk.size <= STREAM_EXTRA || chunk.size > SF_CHUNK_SEALED_MAX ||
		at->index == UINT32_MAX)
		return SF_ERR_AUTH;
	uint8_t *place, tag = 0xFF;
	size_t start = buf->size;
	enum sf_err err = sf_buf_extend(buf, chunk.size - STREAM_EXTRA, &place);
	if (err)
		return err;
	stream_state state;
	stand_at(key, at, &state);
	int failed = crypto_secretstream_xchacha20poly1305_pull(
		&state, place, NULL, &tag, chunk.data, chunk.size, NULL, 0);
	sodium_memzero(&state, sizeof(state));
	if (!failed && tag == tag_of(at))
		return SF_OK;
	sodium_memzero(place, chunk.size - STREAM_EXTRA);
	buf->size = start;
	return SF_ERR_AUTH;
}

void sf_chunk_link(const struct sf_digest *before, struct sf_view chunk, struct sf_digest *ret_link)
{
	const struct sf_view parts[] = {SF_LABEL("stafet/v1/chunk"), sf_digest_view(before), chunk};
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), ret_link);
}
