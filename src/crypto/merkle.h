/*
 * The tree of a signed batch (WIRE.md section 1): shaped as RFC 6962 section 2.1, BLAKE2b-256, leaf
 * prefix 0x00, node prefix 0x01. The transparency log's SHA-256 tree is not here but in audit/.
 */
#ifndef SF_CRYPTO_MERKLE_H
#define SF_CRYPTO_MERKLE_H

#include "base/id.h"
#include "base/limits.h"

#define SF_MERKLE_PATH_SIZE_MAX (SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX)

void sf_merkle_leaf(struct sf_view bytes, struct sf_digest *ret_leaf);

struct sf_merkle_tree {
	struct sf_digest *nodes; /* owned: the leaves, then each level above them */
	size_t count;            /* leaves */
};

/* Leaf i hashes leaves[i]. 1 <= count <= SF_BATCH_COUNT_MAX. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_merkle_init(
	struct sf_merkle_tree *tree, const struct sf_view *leaves, size_t count);
void sf_merkle_fini(struct sf_merkle_tree *tree);
void sf_merkle_root(const struct sf_merkle_tree *tree, struct sf_digest *ret_root);
/* Writes 32 * depth bytes, nearest sibling first, and returns depth. */
uint8_t sf_merkle_path(const struct sf_merkle_tree *tree, size_t index, uint8_t *ret_path);

/* RFC 9162 section 2.1.3.2: the root that path proves. SF_ERR_AUTH when its length is wrong. */
SF_MUST_USE enum sf_err sf_merkle_climb(const struct sf_digest *leaf, uint32_t index,
	uint32_t count, struct sf_view path, struct sf_digest *ret_root);

#endif
