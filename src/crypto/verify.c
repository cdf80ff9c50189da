#include "crypto/verify.h"

#include <sodium.h>

#include "crypto/merkle.h"
#include "crypto/names.h"

enum sf_err sf_verify_signature(const uint8_t key[SF_PUBLIC_KEY_SIZE], const struct sf_view *parts,
	size_t count, const uint8_t signature[SF_SIGNATURE_SIZE])
{
	size_t size = 0;
	for (size_t i = 0; i < count; i++)
		size += parts[i].size;
	struct sf_buf message;
	sf_buf_init(&message, size + 1);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < count && err == SF_OK; i++)
		err = sf_buf_append(&message, parts[i]);
	if (err == SF_OK && crypto_sign_verify_detached(signature, message.data, size, key) != 0)
		err = SF_ERR_AUTH;
	sf_buf_fini(&message);
	return err;
}

enum sf_err sf_verify_root(struct sf_keyring *keyring, struct sf_view label,
	const uint8_t key[SF_PUBLIC_KEY_SIZE], uint16_t count, const struct sf_digest *root,
	const uint8_t signature[SF_SIGNATURE_SIZE])
{
	uint8_t number[2];
	sf_put_u16(number, count);
	struct sf_view parts[] = {label, sf_view_of(number, sizeof(number)), sf_digest_view(root),
		sf_view_of(key, SF_PUBLIC_KEY_SIZE), sf_view_of(signature, SF_SIGNATURE_SIZE)};
	/* What is remembered binds everything that the signature check looks at. */
	struct sf_digest tag;
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), &tag);
	struct sf_cache *roots = sf_keyring_roots(keyring);
	if (sf_cache_find(roots, &tag, NULL))
		return SF_OK;
	enum sf_err err = sf_verify_signature(key, parts, 3, signature);
	if (err == SF_OK)
		sf_cache_put(roots, &tag, NULL);
	return err;
}

/* What envelope and cover share once sealed is known. */
struct signed_parts {
	struct sf_view through_header;
	struct sf_id author_key_id;
	uint8_t depth;
	uint16_t leaf_index;
	uint16_t leaf_count;
	struct sf_view path;
	struct sf_view signature;
	struct sf_view from_depth;
};

static enum sf_err verify(struct sf_keyring *keyring, const struct signed_parts *signed_parts,
	const struct sf_digest *sealed, const uint8_t author_key[SF_PUBLIC_KEY_SIZE],
	struct sf_envelope_names *ret_names)
{
	if (!sf_id_equal(sf_key_id_ed25519(author_key), signed_parts->author_key_id))
		return SF_ERR_AUTH;
	struct sf_envelope_names names = {.sealed = *sealed};
	struct sf_digest h0;
	sf_names_h0(signed_parts->through_header, &h0);
	sf_names_tbs(&h0, sealed, &names.tbs);
	struct sf_digest root = names.tbs;
	if (signed_parts->depth > 0) {
		struct sf_digest leaf;
		sf_merkle_leaf(sf_digest_view(&names.tbs), &leaf);
		enum sf_err err = sf_merkle_climb(&leaf, signed_parts->leaf_index,
			signed_parts->leaf_count, signed_parts->path, &root);
		if (err)
			return err;
	}
	enum sf_err err = sf_verify_root(keyring, SF_LABEL("stafet/v1/batch"), author_key,
		signed_parts->leaf_count, &root, signed_parts->signature.data);
	if (err)
		return err;
	sf_names_digest(&names.tbs, signed_parts->from_depth, &names.digest);
	*ret_names = names;
	return SF_OK;
}

enum sf_err sf_verify_envelope(struct sf_keyring *keyring, const struct sf_envelope *envelope,
	const uint8_t author_key[SF_PUBLIC_KEY_SIZE], struct sf_envelope_names *ret_names)
{
	struct signed_parts signed_parts = {
		.through_header = envelope->through_header,
		.author_key_id = envelope->author_key_id,
		.depth = envelope->depth,
		.leaf_index = envelope->leaf_index,
		.leaf_count = envelope->leaf_count,
		.path = envelope->path,
		.signature = envelope->signature,
		.from_depth = envelope->from_depth,
	};
	struct sf_digest sealed;
	sf_names_sealed(envelope->slots_through_ciphertext, &sealed);
	return verify(keyring, &signed_parts, &sealed, author_key, ret_names);
}

enum sf_err sf_verify_cover(struct sf_keyring *keyring, const struct sf_cover *cover,
	const uint8_t author_key[SF_PUBLIC_KEY_SIZE], struct sf_envelope_names *ret_names)
{
	struct signed_parts signed_parts = {
		.through_header = cover->through_header,
		.author_key_id = cover->author_key_id,
		.depth = cover->depth,
		.leaf_index = cover->leaf_index,
		.leaf_count = cover->leaf_count,
		.path = cover->path,
		.signature = cover->signature,
		.from_depth = cover->from_depth,
	};
	return verify(keyring, &signed_parts, &cover->sealed, author_key, ret_names);
}
