#include "crypto/seal_contexts.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/names.h"

#define SLOT_SEQUENCE_END ((uint32_t)65536) /* WIRE section 1: seq < 65,536 */

enum sf_err sf_seal_contexts_init(struct sf_seal_contexts *contexts, size_t count_max)
{
	*contexts = (struct sf_seal_contexts){.count_max = count_max, .index_size = 4};
	if (count_max == 0)
		return SF_OK;
	/* At most half full, so that probing ends soon. */
	while (contexts->index_size < 2 * count_max)
		contexts->index_size *= 2;
	contexts->index = calloc(contexts->index_size, sizeof(*contexts->index));
	if (!contexts->index)
		return SF_ERR_MEMORY;
	enum sf_err err =
		sf_secret_init(&contexts->memory, count_max * sizeof(struct sf_seal_context));
	if (err)
		sf_seal_contexts_fini(contexts);
	return err;
}

void sf_seal_contexts_fini(struct sf_seal_contexts *contexts)
{
	sf_secret_fini(&contexts->memory);
	free(contexts->index);
	*contexts = (struct sf_seal_contexts){0};
}

static struct sf_seal_context *context_at(const struct sf_seal_contexts *contexts, size_t number)
{
	SF_ASSERT(number < contexts->count_max);
	/* sodium_malloc ends at a page: an array of whole structs is aligned for them. */
	return (struct sf_seal_context *)(void *)contexts->memory.bytes + number;
}

const struct sf_seal_context *sf_seal_contexts_get(
	const struct sf_seal_contexts *contexts, size_t number)
{
	SF_ASSERT(number < contexts->count);
	return context_at(contexts, number);
}

static bool same_context(
	const struct sf_seal_context *context, const struct sf_seal_recipient *recipient, bool psk)
{
	const struct sf_seal_recipient *known = &context->recipient;
	if (!sf_id_equal(known->key_id, recipient->key_id) || context->psk != psk)
		return false;
	return !psk || (sf_id_equal(known->psk_id_low, recipient->psk_id_low) &&
			       sf_id_equal(known->psk_id_high, recipient->psk_id_high));
}

/* Key agreement and key schedule towards one recipient key. */
static enum sf_err make_context(struct sf_seal_context *context, struct sf_keyring *keyring,
	struct sf_id author_key_id, const uint8_t seed[32],
	const struct sf_seal_recipient *recipient, bool psk)
{
	if (!sf_id_equal(sf_key_id_x25519(recipient->public_key), recipient->key_id))
		return SF_ERR_USAGE;
	uint8_t secret[SF_KEY_SECRET_SIZE] = {0};
	if (psk) {
		enum sf_err err = sf_keyring_psk(
			keyring, recipient->psk_id_low, recipient->psk_id_high, 0, secret);
		if (err)
			return err;
	}
	uint8_t ephemeral[SF_HPKE_KEY_SIZE];
	uint8_t shared[SF_HPKE_KEY_SIZE];
	sf_hpke_derive_key(sf_view_of(seed, 32), ephemeral);
	enum sf_err err =
		sf_hpke_encapsulate(recipient->public_key, ephemeral, context->enc, shared);
	if (err == SF_OK) {
		uint8_t info[SF_WRAP_INFO_SIZE];
		uint8_t psk_id[2 * SF_ID_SIZE];
		sf_names_wrap_info(author_key_id, recipient->key_id, info);
		sf_names_psk_id(recipient->psk_id_low, recipient->psk_id_high, psk_id);
		sf_hpke_schedule(psk ? SF_HPKE_PSK : SF_HPKE_BASE, shared,
			sf_view_of(info, sizeof(info)),
			sf_view_of(secret, psk ? sizeof(secret) : 0),
			sf_view_of(psk_id, psk ? sizeof(psk_id) : 0), &context->hpke);
		context->sequence_next = 0;
		context->psk = psk;
		context->recipient = *recipient;
	}
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(ephemeral, sizeof(ephemeral));
	sodium_memzero(shared, sizeof(shared));
	return err;
}

/* The context towards recipient, made with the next seed when there is none. */
static enum sf_err find_or_make(struct sf_seal_contexts *contexts, struct sf_keyring *keyring,
	struct sf_id author_key_id, const uint8_t (*seeds)[32],
	const struct sf_seal_recipient *recipient, bool psk, size_t *ret_number)
{
	if (contexts->count_max == 0)
		return SF_ERR_USAGE;
	/* Key ids are hashes, so their first bytes spread. */
	size_t probe = sf_get_u32(recipient->key_id.bytes) & (contexts->index_size - 1);
	while (contexts->index[probe] != 0) {
		size_t number = contexts->index[probe] - 1;
		if (same_context(context_at(contexts, number), recipient, psk)) {
			*ret_number = number;
			return SF_OK;
		}
		probe = (probe + 1) & (contexts->index_size - 1);
	}
	if (contexts->count == contexts->count_max)
		return SF_ERR_USAGE;
	size_t number = contexts->count;
	enum sf_err err = make_context(context_at(contexts, number), keyring, author_key_id,
		seeds[number], recipient, psk);
	if (err)
		return err;
	contexts->index[probe] = number + 1;
	contexts->count++;
	*ret_number = number;
	return SF_OK;
}

enum sf_err sf_seal_contexts_assign(struct sf_seal_contexts *contexts, struct sf_keyring *keyring,
	struct sf_id author_key_id, const uint8_t (*seeds)[32], struct sf_seal_item *item)
{
	bool psk = (item->flags & SF_FLAG_PSK) != 0;
	for (size_t i = 0; i < item->recipient_count; i++) {
		const struct sf_seal_recipient *recipient = &item->recipients[i];
		for (size_t j = 0; j < i; j++)
			if (sf_id_equal(item->recipients[j].key_id, recipient->key_id))
				return SF_ERR_USAGE;
		size_t number;
		enum sf_err err = find_or_make(
			contexts, keyring, author_key_id, seeds, recipient, psk, &number);
		if (err)
			return err;
		struct sf_seal_context *context = context_at(contexts, number);
		if (context->sequence_next == SLOT_SEQUENCE_END)
			return SF_ERR_LIMIT;
		item->slot_contexts[i] = number;
		item->slot_sequences[i] = context->sequence_next++;
	}
	return SF_OK;
}
