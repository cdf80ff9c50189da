#include "crypto/receipt.h"

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/verify.h"

enum sf_err sf_receipt_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_view *receipts, size_t count, uint8_t *ret_paths, uint8_t *ret_depths,
	uint8_t ret_signature[SF_SIGNATURE_SIZE])
{
	if (count == 0 || count > SF_BATCH_COUNT_MAX)
		return SF_ERR_USAGE;
	struct sf_merkle_tree tree;
	enum sf_err err = sf_merkle_init(&tree, receipts, count);
	if (err)
		return err;
	struct sf_digest root;
	sf_merkle_root(&tree, &root);
	uint8_t number[2];
	sf_put_u16(number, (uint16_t)count);
	struct sf_view parts[] = {SF_LABEL("stafet/v1/receipts"),
		sf_view_of(number, sizeof(number)), sf_digest_view(&root)};
	err = sf_keyring_sign(keyring, key_id, parts, SF_COUNT(parts), ret_signature);
	for (size_t i = 0; i < count && err == SF_OK; i++)
		ret_depths[i] = sf_merkle_path(&tree, i, ret_paths + i * SF_MERKLE_PATH_SIZE_MAX);
	sf_merkle_fini(&tree);
	return err;
}

enum sf_err sf_receipt_check(struct sf_keyring *keyring, const uint8_t key[SF_PUBLIC_KEY_SIZE],
	struct sf_view receipt, uint16_t index, uint16_t count, struct sf_view path,
	const uint8_t signature[SF_SIGNATURE_SIZE])
{
	if (count > SF_BATCH_COUNT_MAX)
		return SF_ERR_AUTH;
	struct sf_digest leaf;
	sf_merkle_leaf(receipt, &leaf);
	struct sf_digest root;
	enum sf_err err = sf_merkle_climb(&leaf, index, count, path, &root);
	if (err)
		return err;
	return sf_verify_root(
		keyring, SF_LABEL("stafet/v1/receipts"), key, count, &root, signature);
}
