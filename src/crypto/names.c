#include "crypto/names.h"

#include <string.h>

#include "base/limits.h"
#include "wire/envelope.h"

static void plain(const struct sf_view *parts, size_t count, struct sf_digest *ret_digest)
{
	sf_hash_blake2b((struct sf_view){0}, parts, count, ret_digest);
}

void sf_names_h0(struct sf_view through_header, struct sf_digest *ret_h0)
{
	struct sf_view parts[] = {SF_LABEL("stafet/v1/header"), through_header};
	plain(parts, SF_COUNT(parts), ret_h0);
}

void sf_names_h1(
	const struct sf_digest *h0, size_t count, struct sf_view slots, struct sf_digest *ret_h1)
{
	SF_ASSERT(count <= SF_RECIPIENT_COUNT_MAX && slots.size == SF_SLOT_SIZE * count);
	uint8_t n = (uint8_t)count;
	struct sf_view parts[3 + SF_RECIPIENT_COUNT_MAX] = {
		SF_LABEL("stafet/v1/rcpts"), sf_digest_view(h0), sf_view_of(&n, 1)};
	for (size_t i = 0; i < count; i++)
		parts[3 + i] = sf_view_of(slots.data + SF_SLOT_SIZE * i, SF_ID_SIZE);
	plain(parts, 3 + count, ret_h1);
}

void sf_names_h2(
	const struct sf_digest *h1, struct sf_view slots_through_length, struct sf_digest *ret_h2)
{
	struct sf_view parts[] = {
		SF_LABEL("stafet/v1/aad"), sf_digest_view(h1), slots_through_length};
	plain(parts, SF_COUNT(parts), ret_h2);
}

void sf_names_sealed(struct sf_view slots_through_ciphertext, struct sf_digest *ret_sealed)
{
	struct sf_view parts[] = {SF_LABEL("stafet/v1/sealed"), slots_through_ciphertext};
	plain(parts, SF_COUNT(parts), ret_sealed);
}

void sf_names_tbs(
	const struct sf_digest *h0, const struct sf_digest *sealed, struct sf_digest *ret_tbs)
{
	struct sf_view parts[] = {
		SF_LABEL("stafet/v1/tbs"), sf_digest_view(h0), sf_digest_view(sealed)};
	plain(parts, SF_COUNT(parts), ret_tbs);
}

void sf_names_digest(
	const struct sf_digest *tbs, struct sf_view from_depth, struct sf_digest *ret_digest)
{
	struct sf_view parts[] = {SF_LABEL("stafet/v1/digest"), sf_digest_view(tbs), from_depth};
	plain(parts, SF_COUNT(parts), ret_digest);
}

void sf_names_commit(
	struct sf_view content_key, const struct sf_digest *h1, struct sf_digest *ret_commit)
{
	struct sf_view parts[] = {SF_LABEL("stafet/v1/commit"), sf_digest_view(h1)};
	sf_hash_blake2b(content_key, parts, SF_COUNT(parts), ret_commit);
}

void sf_names_payload_key(
	struct sf_view content_key, const struct sf_digest *h1, struct sf_digest *ret_key)
{
	struct sf_view parts[] = {SF_LABEL("stafet/v1/payload"), sf_digest_view(h1)};
	sf_hash_blake2b(content_key, parts, SF_COUNT(parts), ret_key);
}

void sf_names_body_commitment(
	struct sf_view salt, struct sf_view body, struct sf_digest *ret_digest)
{
	struct sf_view parts[] = {SF_LABEL("stafet/v1/body"), body};
	sf_hash_blake2b(salt, parts, SF_COUNT(parts), ret_digest);
}

void sf_names_wrap_info(
	struct sf_id author_key_id, struct sf_id key_id, uint8_t ret_info[SF_WRAP_INFO_SIZE])
{
	static const char label[] = "stafet/v1/wrap";
	memcpy(ret_info, label, sizeof(label));
	memcpy(ret_info + sizeof(label), author_key_id.bytes, SF_ID_SIZE);
	memcpy(ret_info + sizeof(label) + SF_ID_SIZE, key_id.bytes, SF_ID_SIZE);
}

void sf_names_psk_id(struct sf_id a, struct sf_id b, uint8_t ret_psk_id[2 * SF_ID_SIZE])
{
	bool ordered = sf_id_compare(a, b) <= 0;
	memcpy(ret_psk_id, ordered ? a.bytes : b.bytes, SF_ID_SIZE);
	memcpy(ret_psk_id + SF_ID_SIZE, ordered ? b.bytes : a.bytes, SF_ID_SIZE);
}
