#include "crypto/seal.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/merkle.h"
#include "crypto/names.h"
#include "crypto/padding.h"
#include "crypto/seal_contexts.h"

#define SALT_SIZE ((size_t)32)
#define TAG_SIZE ((size_t)crypto_aead_xchacha20poly1305_ietf_ABYTES)

struct sf_seal_batch {
	struct sf_keyring *keyring; /* borrowed */
	struct sf_id author_key_id;
	struct sf_seal_item *items; /* borrowed */
	size_t count;
	uint8_t *sealed; /* owned: one flag per item, written only by the thread that seals it */
	bool finished;
	struct sf_seal_contexts contexts;
};

static bool item_usable(const struct sf_seal_item *item)
{
	if (item->recipient_count > SF_RECIPIENT_COUNT_MAX || item->header.size == 0 ||
		item->header.size > SF_HEADER_SIZE_MAX - SF_ID_SIZE)
		return false;
	/* WIRE section 1: n = 0 has flags 0 and no content. */
	if (item->recipient_count == 0)
		return item->flags == 0 && item->salted_body.size == 0;
	return (item->flags & ~(SF_FLAG_PSK | SF_FLAG_ATTACHMENTS)) == 0 &&
	       item->salted_body.size >= SALT_SIZE &&
	       item->salted_body.size <= SF_SALTED_BODY_SIZE_MAX;
}

enum sf_err sf_seal_begin(struct sf_keyring *keyring, struct sf_id author_key_id,
	struct sf_seal_item *items, size_t count, const uint8_t (*seeds)[32], size_t seed_count,
	struct sf_seal_batch **ret_batch)
{
	if (count == 0 || count > SF_BATCH_COUNT_MAX)
		return SF_ERR_USAGE;
	for (size_t i = 0; i < count; i++)
		if (!item_usable(&items[i]))
			return SF_ERR_USAGE;
	if (!sf_keyring_has(keyring, author_key_id))
		return SF_ERR_KEY_UNKNOWN;
	struct sf_seal_batch *batch = calloc(1, sizeof(*batch));
	if (!batch)
		return SF_ERR_MEMORY;
	batch->keyring = keyring;
	batch->author_key_id = author_key_id;
	batch->items = items;
	batch->count = count;
	batch->sealed = calloc(count, 1);
	enum sf_err err = batch->sealed ? SF_OK : SF_ERR_MEMORY;
	if (err == SF_OK)
		err = sf_seal_contexts_init(&batch->contexts, seed_count);
	for (size_t i = 0; i < count && err == SF_OK; i++)
		err = sf_seal_contexts_assign(
			&batch->contexts, keyring, author_key_id, seeds, &items[i]);
	if (err) {
		sf_seal_close(&batch);
		return err;
	}
	*ret_batch = batch;
	return SF_OK;
}

/* n, slots with the content key wrapped for each recipient, and the commit. */
static void write_slots(const struct sf_seal_batch *batch, const struct sf_seal_item *item,
	const struct sf_digest *h0, uint8_t *slots, uint8_t *commit, struct sf_digest *ret_h1)
{
	struct sf_view slots_view = sf_view_of(slots, SF_SLOT_SIZE * item->recipient_count);
	/* h1 covers only the key ids, and every wrap covers h1: ids first, wraps after. */
	for (size_t i = 0; i < item->recipient_count; i++)
		memcpy(slots + SF_SLOT_SIZE * i, item->recipients[i].key_id.bytes, SF_ID_SIZE);
	sf_names_h1(h0, item->recipient_count, slots_view, ret_h1);
	struct sf_view content_key = sf_view_of(item->content_key, sizeof(item->content_key));
	for (size_t i = 0; i < item->recipient_count; i++) {
		const struct sf_seal_context *context =
			sf_seal_contexts_get(&batch->contexts, item->slot_contexts[i]);
		uint8_t wrap[sizeof(item->content_key) + SF_HPKE_TAG_SIZE];
		sf_hpke_seal(&context->hpke, item->slot_sequences[i], sf_digest_view(ret_h1),
			content_key, wrap);
		struct sf_slot slot = {
			.key_id = item->recipients[i].key_id,
			.enc = sf_view_of(context->enc, sizeof(context->enc)),
			.sequence = item->slot_sequences[i],
			.wrap = sf_view_of(wrap, sizeof(wrap)),
		};
		sf_slot_write(&slot, slots + SF_SLOT_SIZE * i);
	}
	struct sf_digest digest;
	sf_names_commit(content_key, ret_h1, &digest);
	memcpy(commit, digest.bytes, SF_DIGEST_SIZE);
}

/* Pads in place and encrypts in place: the plain bytes never stand in a second buffer. */
static void write_ciphertext(const struct sf_seal_item *item, const struct sf_digest *h1,
	struct sf_view slots_through_length, uint8_t *place, size_t padded_size)
{
	memcpy(place, item->salted_body.data, item->salted_body.size);
	place[item->salted_body.size] = 0x80;
	struct sf_digest h2;
	sf_names_h2(h1, slots_through_length, &h2);
	struct sf_digest payload_key;
	sf_names_payload_key(
		sf_view_of(item->content_key, sizeof(item->content_key)), h1, &payload_key);
	crypto_aead_xchacha20poly1305_ietf_encrypt(place, NULL, place, padded_size, h2.bytes,
		sizeof(h2.bytes), NULL, item->nonce, payload_key.bytes);
	sodium_memzero(&payload_key, sizeof(payload_key));
}

static enum sf_err seal_content(const struct sf_seal_batch *batch, struct sf_seal_item *item)
{
	struct sf_buf *envelope = &item->envelope;
	sf_buf_clear(envelope);
	enum sf_err err =
		sf_envelope_write_header(batch->author_key_id, item->flags, item->header, envelope);
	if (err)
		return err;
	size_t header_size = envelope->size;
	bool bodiless = item->recipient_count == 0;
	size_t padded_size = bodiless ? 0 : sf_padding_size(item->salted_body.size);
	size_t cipher_size = bodiless ? 0 : padded_size + TAG_SIZE;
	size_t slots_size = SF_SLOT_SIZE * item->recipient_count;
	size_t fixed_size = 1 + slots_size + SF_DIGEST_SIZE + SF_NONCE_SIZE + 4;
	uint8_t *place;
	err = sf_buf_extend(envelope, fixed_size + cipher_size, &place);
	if (err)
		return err;
	struct sf_digest h0;
	sf_names_h0(sf_view_of(envelope->data, header_size), &h0);
	place[0] = (uint8_t)item->recipient_count;
	if (!bodiless) {
		uint8_t *commit = place + 1 + slots_size;
		struct sf_digest h1;
		write_slots(batch, item, &h0, place + 1, commit, &h1);
		memcpy(commit + SF_DIGEST_SIZE, item->nonce, SF_NONCE_SIZE);
		sf_put_u32(commit + SF_DIGEST_SIZE + SF_NONCE_SIZE, (uint32_t)cipher_size);
		write_ciphertext(
			item, &h1, sf_view_of(place, fixed_size), place + fixed_size, padded_size);
	}
	sf_names_sealed(sf_view_of(place, fixed_size + cipher_size), &item->names.sealed);
	sf_names_tbs(&h0, &item->names.sealed, &item->names.tbs);
	return SF_OK;
}

void sf_seal_one(struct sf_seal_batch *batch, struct sf_seal_item *item)
{
	SF_ASSERT(item >= batch->items && item < batch->items + batch->count);
	size_t number = (size_t)(item - batch->items);
	/* A second time would use nonces and numbers again, with a wiped key. */
	SF_ASSERT(!batch->sealed[number]);
	item->err = seal_content(batch, item);
	sodium_memzero(item->content_key, sizeof(item->content_key));
	batch->sealed[number] = 1;
}

/* Depth to end of one envelope, and the name that needs them. */
static enum sf_err complete(struct sf_seal_item *item, const struct sf_merkle_tree *tree,
	size_t number, size_t count, struct sf_view signature)
{
	uint8_t path[SF_MERKLE_PATH_SIZE_MAX];
	uint8_t depth = count == 1 ? 0 : sf_merkle_path(tree, number, path);
	size_t start = item->envelope.size;
	enum sf_err err = sf_envelope_write_proof(depth, (uint16_t)number, (uint16_t)count,
		sf_view_of(path, SF_DIGEST_SIZE * depth), signature, &item->envelope);
	if (err)
		return err;
	struct sf_view from_depth =
		sf_view_of(item->envelope.data + start, item->envelope.size - start);
	sf_names_digest(&item->names.tbs, from_depth, &item->names.digest);
	return SF_OK;
}

static enum sf_err batch_tree(const struct sf_seal_batch *batch, struct sf_merkle_tree *ret_tree)
{
	struct sf_view *leaves = calloc(batch->count, sizeof(*leaves));
	if (!leaves)
		return SF_ERR_MEMORY;
	for (size_t i = 0; i < batch->count; i++)
		leaves[i] = sf_digest_view(&batch->items[i].names.tbs);
	enum sf_err err = sf_merkle_init(ret_tree, leaves, batch->count);
	free(leaves);
	return err;
}

enum sf_err sf_seal_finish(struct sf_seal_batch *batch)
{
	if (batch->finished)
		return SF_ERR_STATE;
	for (size_t i = 0; i < batch->count; i++) {
		if (!batch->sealed[i])
			return SF_ERR_STATE;
		if (batch->items[i].err)
			return batch->items[i].err;
	}
	struct sf_merkle_tree tree;
	enum sf_err err = batch_tree(batch, &tree);
	if (err)
		return err;
	struct sf_digest root = batch->items[0].names.tbs;
	if (batch->count > 1)
		sf_merkle_root(&tree, &root);
	uint8_t number[2];
	sf_put_u16(number, (uint16_t)batch->count);
	struct sf_view parts[] = {SF_LABEL("stafet/v1/batch"), sf_view_of(number, sizeof(number)),
		sf_digest_view(&root)};
	uint8_t signature[SF_SIGNATURE_SIZE];
	err = sf_keyring_sign(
		batch->keyring, batch->author_key_id, parts, SF_COUNT(parts), signature);
	for (size_t i = 0; i < batch->count && err == SF_OK; i++)
		err = complete(&batch->items[i], &tree, i, batch->count,
			sf_view_of(signature, sizeof(signature)));
	sf_merkle_fini(&tree);
	batch->finished = err == SF_OK;
	return err;
}

void sf_seal_close(struct sf_seal_batch **batch)
{
	if (!*batch)
		return;
	sf_seal_contexts_fini(&(*batch)->contexts);
	free((*batch)->sealed);
	free(*batch);
	*batch = NULL;
}
