#include "crypto/open.h"

#include <string.h>

#include <sodium.h>

#include "crypto/hpke.h"
#include "crypto/names.h"
#include "crypto/padding.h"

#define CONTENT_KEY_SIZE ((size_t)32)
#define SALT_SIZE ((size_t)32)
#define TAG_SIZE ((size_t)crypto_aead_xchacha20poly1305_ietf_ABYTES)

/* The parties whose pre-shared key may be needed, and the envelope that is opened. */
struct opening {
	struct sf_keyring *keyring;
	const struct sf_envelope *envelope;
	struct sf_id own_party;
	struct sf_id author;
	struct sf_digest h1;
};

static enum sf_hpke_mode mode_of(const struct opening *opening)
{
	return opening->envelope->flags & SF_FLAG_PSK ? SF_HPKE_PSK : SF_HPKE_BASE;
}

/* Contexts are remembered by (enc, recipient key id, author key id, mode) and the psk's pair. */
static void context_tag(
	const struct opening *opening, const struct sf_slot *slot, struct sf_digest *ret_tag)
{
	uint8_t mode = (uint8_t)mode_of(opening);
	struct sf_view parts[] = {SF_LABEL("stafet/context"), slot->enc, sf_id_view(&slot->key_id),
		sf_id_view(&opening->envelope->author_key_id), sf_view_of(&mode, 1),
		sf_id_view(&opening->own_party), sf_id_view(&opening->author)};
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), ret_tag);
}

static bool unwrap(const struct opening *opening, const struct sf_slot *slot,
	const struct sf_hpke_context *context, uint8_t ret_content_key[CONTENT_KEY_SIZE])
{
	return sf_hpke_open(context, slot->sequence, sf_digest_view(&opening->h1), slot->wrap,
		       ret_content_key) == SF_OK;
}

/* Tries the pair's pre-shared keys, newest first (WIRE 7.8). */
static enum sf_open_stage unwrap_psk(const struct opening *opening, const struct sf_slot *slot,
	const uint8_t shared[SF_HPKE_KEY_SIZE], struct sf_view info,
	struct sf_hpke_context *ret_context, uint8_t ret_content_key[CONTENT_KEY_SIZE])
{
	uint8_t psk_id[2 * SF_ID_SIZE];
	sf_names_psk_id(opening->own_party, opening->author, psk_id);
	uint8_t psk[SF_KEY_SECRET_SIZE];
	enum sf_open_stage stage = SF_OPEN_NO_KEY;
	for (size_t age = 0;
		stage != SF_OPEN_GOOD && sf_keyring_psk(opening->keyring, opening->own_party,
						 opening->author, age, psk) == SF_OK;
		age++) {
		sf_hpke_schedule(SF_HPKE_PSK, shared, info, sf_view_of(psk, sizeof(psk)),
			sf_view_of(psk_id, sizeof(psk_id)), ret_context);
		if (unwrap(opening, slot, ret_context, ret_content_key))
			stage = SF_OPEN_GOOD;
	}
	sodium_memzero(psk, sizeof(psk));
	return stage;
}

/* Key agreement with the slot's enc; a context that opened is remembered for the batch. */
static enum sf_open_stage agree(const struct opening *opening, const struct sf_slot *slot,
	const struct sf_digest *tag, const uint8_t secret[SF_KEY_SECRET_SIZE],
	const uint8_t public_key[SF_PUBLIC_KEY_SIZE], uint8_t ret_content_key[CONTENT_KEY_SIZE])
{
	uint8_t shared[SF_HPKE_KEY_SIZE];
	if (sf_hpke_decapsulate(slot->enc.data, secret, public_key, shared) != SF_OK)
		return SF_OPEN_WRAP;
	uint8_t info[SF_WRAP_INFO_SIZE];
	sf_names_wrap_info(opening->envelope->author_key_id, slot->key_id, info);
	struct sf_view info_view = sf_view_of(info, sizeof(info));
	struct sf_hpke_context context;
	enum sf_open_stage stage;
	if (mode_of(opening) == SF_HPKE_PSK) {
		stage = unwrap_psk(opening, slot, shared, info_view, &context, ret_content_key);
	} else {
		sf_hpke_schedule(SF_HPKE_BASE, shared, info_view, (struct sf_view){0},
			(struct sf_view){0}, &context);
		stage = unwrap(opening, slot, &context, ret_content_key) ? SF_OPEN_GOOD
									 : SF_OPEN_WRAP;
	}
	if (stage == SF_OPEN_GOOD)
		sf_cache_put(sf_keyring_contexts(opening->keyring), tag, &context);
	sodium_memzero(shared, sizeof(shared));
	sodium_memzero(&context, sizeof(context));
	return stage;
}

static enum sf_open_stage open_slot(const struct opening *opening, const struct sf_slot *slot,
	uint8_t ret_content_key[CONTENT_KEY_SIZE])
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	uint8_t public_key[SF_PUBLIC_KEY_SIZE];
	if (sf_keyring_sealing(opening->keyring, slot->key_id, secret, public_key) != SF_OK)
		return SF_OPEN_NO_KEY;
	struct sf_digest tag;
	context_tag(opening, slot, &tag);
	struct sf_hpke_context context;
	bool opened = sf_cache_find(sf_keyring_contexts(opening->keyring), &tag, &context) &&
		      unwrap(opening, slot, &context, ret_content_key);
	sodium_memzero(&context, sizeof(context));
	enum sf_open_stage stage = SF_OPEN_GOOD;
	if (!opened)
		stage = agree(opening, slot, &tag, secret, public_key, ret_content_key);
	sodium_memzero(secret, sizeof(secret));
	return stage;
}

/*
 * A process may hold several of the slots' keys (its own and those of a party it represents): the
 * first that opens is enough. A slot that should open and does not outweighs one without a key.
 */
static enum sf_open_stage find_content_key(
	const struct opening *opening, uint8_t ret_content_key[CONTENT_KEY_SIZE])
{
	enum sf_open_stage stage = SF_OPEN_NO_KEY;
	for (size_t i = 0; i < opening->envelope->slot_count; i++) {
		struct sf_slot slot = sf_envelope_slot(opening->envelope, i);
		enum sf_open_stage tried = open_slot(opening, &slot, ret_content_key);
		if (tried == SF_OPEN_GOOD)
			return tried;
		if (tried == SF_OPEN_WRAP)
			stage = tried;
	}
	return stage;
}

/* Commit, AEAD and padding. body has room for the padded content and gets its size. */
static enum sf_open_stage open_content(
	const struct opening *opening, struct sf_view content_key, struct sf_buf *body)
{
	const struct sf_envelope *envelope = opening->envelope;
	struct sf_digest commit;
	sf_names_commit(content_key, &opening->h1, &commit);
	if (!sf_secret_equal(sf_digest_view(&commit), envelope->commit))
		return SF_OPEN_COMMIT;
	struct sf_digest h2;
	sf_names_h2(&opening->h1, envelope->slots_through_length, &h2);
	struct sf_digest payload_key;
	sf_names_payload_key(content_key, &opening->h1, &payload_key);
	int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(body->data, NULL, NULL,
		envelope->ciphertext.data, envelope->ciphertext.size, h2.bytes, sizeof(h2.bytes),
		envelope->nonce.data, payload_key.bytes);
	sodium_memzero(&payload_key, sizeof(payload_key));
	if (failed)
		return SF_OPEN_AEAD;
	size_t size;
	if (sf_padding_strip(sf_buf_view(body), &size) != SF_OK || size < SALT_SIZE)
		return SF_OPEN_PADDING;
	body->size = size;
	return SF_OPEN_GOOD;
}

static bool commitment_fits(const struct sf_buf *body, const struct sf_digest *body_commitment)
{
	struct sf_digest commitment;
	sf_names_body_commitment(sf_view_of(body->data, SALT_SIZE),
		sf_view_of(body->data + SALT_SIZE, body->size - SALT_SIZE), &commitment);
	return sf_secret_equal(sf_digest_view(&commitment), sf_digest_view(body_commitment));
}

/* Content of an envelope with slots. */
static enum sf_err open_sealed(const struct opening *opening,
	const struct sf_digest *body_commitment, struct sf_open_result *result)
{
	struct sf_buf body;
	sf_buf_init(&body, SF_CIPHERTEXT_SIZE_MAX);
	uint8_t *place;
	enum sf_err err =
		sf_buf_extend(&body, opening->envelope->ciphertext.size - TAG_SIZE, &place);
	if (err)
		return err;
	size_t filled = body.size;
	uint8_t content_key[CONTENT_KEY_SIZE];
	enum sf_open_stage stage = find_content_key(opening, content_key);
	if (stage == SF_OPEN_GOOD)
		stage = open_content(opening, sf_view_of(content_key, sizeof(content_key)), &body);
	sodium_memzero(content_key, sizeof(content_key));
	if (stage == SF_OPEN_GOOD && !commitment_fits(&body, body_commitment))
		stage = SF_OPEN_COMMITMENT;
	result->stage = stage;
	if (stage == SF_OPEN_GOOD) {
		result->salted_body = body;
		return SF_OK;
	}
	sodium_memzero(body.data, filled);
	sf_buf_fini(&body);
	return SF_OK;
}

enum sf_err sf_open_envelope(struct sf_keyring *keyring, const struct sf_envelope *envelope,
	struct sf_id own_party, struct sf_id author, const struct sf_digest *body_commitment,
	struct sf_open_result *ret_result)
{
	*ret_result = (struct sf_open_result){.stage = SF_OPEN_LAYOUT};
	sf_buf_init(&ret_result->salted_body, SF_CIPHERTEXT_SIZE_MAX);
	if (sf_envelope_layout(envelope) != SF_LAYOUT_GOOD)
		return SF_OK;
	if (envelope->slot_count == 0) {
		/* A fact without a body must not promise one (WIRE section 1, n = 0). */
		ret_result->stage =
			sf_digest_is_none(body_commitment) ? SF_OPEN_GOOD : SF_OPEN_COMMITMENT;
		return SF_OK;
	}
	struct opening opening = {
		.keyring = keyring,
		.envelope = envelope,
		.own_party = own_party,
		.author = author,
	};
	struct sf_digest h0;
	sf_names_h0(envelope->through_header, &h0);
	sf_names_h1(&h0, envelope->slot_count, envelope->slots, &opening.h1);
	return open_sealed(&opening, body_commitment, ret_result);
}
