/*
 * The Merkle tree over the log's leaves: RFC 6962 section 2.1 (RFC 9162 section 2.1), SHA-256, leaf
 * prefix 0x00, node prefix 0x01. Appending keeps a frontier; proofs are made from the roots of
 * complete subtrees, wherever those are kept; checking needs nothing but the proof. Pure.
 */
#ifndef SF_LOG_TREE_H
#define SF_LOG_TREE_H

#include "port/crypto.h"

/* Leaves of one tree are counted in 63 bits; a proof has one hash a level, consistency one more. */
#define SF_TREE_LEVELS_MAX ((size_t)63)
#define SF_TREE_PROOF_MAX ((size_t)64)

void sf_tree_leaf_hash(
	const struct sf_crypto *crypto, struct sf_view leaf, struct sf_digest *ret_hash);
void sf_tree_node_hash(const struct sf_crypto *crypto, const struct sf_digest *left,
	const struct sf_digest *right, struct sf_digest *ret_hash);
/* Of the tree without leaves: SHA-256 of nothing. */
void sf_tree_empty_root(const struct sf_crypto *crypto, struct sf_digest *ret_root);

/* Roots of the complete subtrees that size leaves split into, largest first: one a bit of size. */
struct sf_frontier {
	uint64_t size;
	struct sf_digest nodes[SF_TREE_LEVELS_MAX];
};
void sf_frontier_append(const struct sf_crypto *crypto, struct sf_frontier *frontier,
	const struct sf_digest *leaf_hash);
void sf_frontier_root(const struct sf_crypto *crypto, const struct sf_frontier *frontier,
	struct sf_digest *ret_root);

/*
 * Where hashes of complete subtrees come from: that of leaves [index << level, (index + 1) <<
 * level), all of which are in the tree. Any error ends what asked for it.
 */
struct sf_tree_source {
	void *self; /* borrowed */
	enum sf_err (*node)(void *self, unsigned level, uint64_t index, struct sf_digest *ret_hash,
		struct sf_diag *diag);
};

/* The root when the tree had size leaves. */
SF_MUST_USE enum sf_err sf_tree_root(const struct sf_crypto *crypto,
	const struct sf_tree_source *source, uint64_t size, struct sf_digest *ret_root,
	struct sf_diag *diag);
/* Hashes from the leaf's sibling upwards. SF_ERR_USAGE unless index < size. */
SF_MUST_USE enum sf_err sf_tree_inclusion(const struct sf_crypto *crypto,
	const struct sf_tree_source *source, uint64_t index, uint64_t size,
	struct sf_digest ret_hashes[SF_TREE_PROOF_MAX], size_t *ret_count, struct sf_diag *diag);
/* RFC 9162 section 2.1.4; empty when from is 0 or to. SF_ERR_USAGE unless from <= to. */
SF_MUST_USE enum sf_err sf_tree_consistency(const struct sf_crypto *crypto,
	const struct sf_tree_source *source, uint64_t from, uint64_t to,
	struct sf_digest ret_hashes[SF_TREE_PROOF_MAX], size_t *ret_count, struct sf_diag *diag);

/* SF_ERR_INTEGRITY when the proof does not hold or is longer or shorter than it must be. */
SF_MUST_USE enum sf_err sf_tree_check_inclusion(const struct sf_crypto *crypto, uint64_t index,
	uint64_t size, const struct sf_digest *leaf_hash, const struct sf_digest *hashes,
	size_t count, const struct sf_digest *root);
/*
 * SF_ERR_INTEGRITY as above. The empty tree is the beginning of every tree: from 0 takes no hashes
 * and does not look at from_root.
 */
SF_MUST_USE enum sf_err sf_tree_check_consistency(const struct sf_crypto *crypto, uint64_t from,
	const struct sf_digest *from_root, uint64_t to, const struct sf_digest *to_root,
	const struct sf_digest *hashes, size_t count);

#endif
