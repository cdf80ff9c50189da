/* Checking of proofs, as RFC 9162 sections 2.1.3.2 and 2.1.4.2 write it down. */
#include "log/tree.h"

/* Does the sibling of place stand to its left? A last place without a sibling has one further up.
 */
static bool has_left(uint64_t place, uint64_t last)
{
	return (place & 1) || place == last;
}

/* Goes up until the last place of a level is one that has a sibling to its left. */
static void skip_lone(uint64_t *place, uint64_t *last)
{
	while (!(*place & 1) && *place != 0) {
		*place >>= 1;
		*last >>= 1;
	}
}

enum sf_err sf_tree_check_inclusion(const struct sf_crypto *crypto, uint64_t index, uint64_t size,
	const struct sf_digest *leaf_hash, const struct sf_digest *hashes, size_t count,
	const struct sf_digest *root)
{
	if (index >= size || size > INT64_MAX)
		return SF_ERR_INTEGRITY;
	uint64_t place = index, last = size - 1;
	struct sf_digest hash = *leaf_hash;
	for (size_t i = 0; i < count; i++) {
		if (last == 0)
			return SF_ERR_INTEGRITY;
		if (has_left(place, last)) {
			sf_tree_node_hash(crypto, &hashes[i], &hash, &hash);
			skip_lone(&place, &last);
		} else {
			sf_tree_node_hash(crypto, &hash, &hashes[i], &hash);
		}
		place >>= 1;
		last >>= 1;
	}
	return last == 0 && sf_digest_equal(&hash, root) ? SF_OK : SF_ERR_INTEGRITY;
}

/* 0 < from < to: from the root of the part that ends where the old tree did, both roots follow. */
static enum sf_err check_growth(const struct sf_crypto *crypto, uint64_t from,
	const struct sf_digest *from_root, uint64_t to, const struct sf_digest *to_root,
	const struct sf_digest *hashes, size_t count)
{
	uint64_t place = from - 1, last = to - 1;
	while (place & 1) {
		place >>= 1;
		last >>= 1;
	}
	/* place 0: the old tree is a complete subtree, and its root is the first hash. */
	size_t next = place == 0 ? 0 : 1;
	if (count < next)
		return SF_ERR_INTEGRITY;
	struct sf_digest old = place == 0 ? *from_root : hashes[0];
	struct sf_digest new = old;
	for (; next < count; next++) {
		if (last == 0)
			return SF_ERR_INTEGRITY;
		if (has_left(place, last)) {
			sf_tree_node_hash(crypto, &hashes[next], &old, &old);
			sf_tree_node_hash(crypto, &hashes[next], &new, &new);
			skip_lone(&place, &last);
		} else {
			sf_tree_node_hash(crypto, &new, &hashes[next], &new);
		}
		place >>= 1;
		last >>= 1;
	}
	bool holds =
		last == 0 && sf_digest_equal(&old, from_root) && sf_digest_equal(&new, to_root);
	return holds ? SF_OK : SF_ERR_INTEGRITY;
}

enum sf_err sf_tree_check_consistency(const struct sf_crypto *crypto, uint64_t from,
	const struct sf_digest *from_root, uint64_t to, const struct sf_digest *to_root,
	const struct sf_digest *hashes, size_t count)
{
	if (from > to || to > INT64_MAX)
		return SF_ERR_INTEGRITY;
	if (from > 0 && from < to)
		return check_growth(crypto, from, from_root, to, to_root, hashes, count);
	if (count > 0)
		return SF_ERR_INTEGRITY;
	struct sf_digest empty;
	sf_tree_empty_root(crypto, &empty);
	if (from == 0 && to > 0)
		return SF_OK;
	const struct sf_digest *expected = to == 0 ? &empty : from_root;
	return sf_digest_equal(expected, to_root) ? SF_OK : SF_ERR_INTEGRITY;
}
