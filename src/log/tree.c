#include "log/tree.h"

#define SIZE_MAX_LEAVES ((uint64_t)INT64_MAX)

static const uint8_t leaf_prefix = 0x00;
static const uint8_t node_prefix = 0x01;

void sf_tree_leaf_hash(
	const struct sf_crypto *crypto, struct sf_view leaf, struct sf_digest *ret_hash)
{
	const struct sf_view parts[] = {sf_view_of(&leaf_prefix, 1), leaf};
	crypto->sha256(crypto->self, parts, SF_COUNT(parts), ret_hash);
}

void sf_tree_node_hash(const struct sf_crypto *crypto, const struct sf_digest *left,
	const struct sf_digest *right, struct sf_digest *ret_hash)
{
	const struct sf_view parts[] = {
		sf_view_of(&node_prefix, 1), sf_digest_view(left), sf_digest_view(right)};
	/* ret_hash may be left or right: the result is written when both have been read. */
	struct sf_digest hash;
	crypto->sha256(crypto->self, parts, SF_COUNT(parts), &hash);
	*ret_hash = hash;
}

void sf_tree_empty_root(const struct sf_crypto *crypto, struct sf_digest *ret_root)
{
	crypto->sha256(crypto->self, NULL, 0, ret_root);
}

static size_t ones(uint64_t value)
{
	size_t count = 0;
	for (; value != 0; value &= value - 1)
		count++;
	return count;
}

/* value is not 0. */
static unsigned highest_bit(uint64_t value)
{
	unsigned bit = 0;
	while (value >>= 1)
		bit++;
	return bit;
}

/* What n leaves are split by (RFC 6962 section 2.1): the largest power of two below n; n > 1. */
static uint64_t split(uint64_t n)
{
	return (uint64_t)1 << highest_bit(n - 1);
}

void sf_frontier_append(const struct sf_crypto *crypto, struct sf_frontier *frontier,
	const struct sf_digest *leaf_hash)
{
	SF_ASSERT(frontier->size < SIZE_MAX_LEAVES);
	size_t count = ones(frontier->size);
	struct sf_digest hash = *leaf_hash;
	/* As many equal pairs are complete now as the size ends in ones. */
	for (uint64_t rest = frontier->size; rest & 1; rest >>= 1)
		sf_tree_node_hash(crypto, &frontier->nodes[--count], &hash, &hash);
	frontier->nodes[count] = hash;
	frontier->size++;
}

void sf_frontier_root(const struct sf_crypto *crypto, const struct sf_frontier *frontier,
	struct sf_digest *ret_root)
{
	size_t count = ones(frontier->size);
	if (count == 0) {
		sf_tree_empty_root(crypto, ret_root);
		return;
	}
	struct sf_digest hash = frontier->nodes[count - 1];
	for (size_t i = count - 1; i > 0; i--)
		sf_tree_node_hash(crypto, &frontier->nodes[i - 1], &hash, &hash);
	*ret_root = hash;
}

/*
 * The root over the leaves [begin, begin + size), size > 0: a part that splitting leads to, so that
 * begin is a multiple of every complete subtree in it.
 */
static enum sf_err part_root(const struct sf_crypto *crypto, const struct sf_tree_source *source,
	uint64_t begin, uint64_t size, struct sf_digest *ret_root, struct sf_diag *diag)
{
	struct sf_digest hashes[SF_TREE_LEVELS_MAX];
	size_t count = 0;
	while (size > 0) {
		unsigned level = highest_bit(size);
		enum sf_err err =
			source->node(source->self, level, begin >> level, &hashes[count], diag);
		if (err)
			return err;
		count++;
		begin += (uint64_t)1 << level;
		size -= (uint64_t)1 << level;
	}
	struct sf_digest hash = hashes[count - 1];
	for (size_t i = count - 1; i > 0; i--)
		sf_tree_node_hash(crypto, &hashes[i - 1], &hash, &hash);
	*ret_root = hash;
	return SF_OK;
}

enum sf_err sf_tree_root(const struct sf_crypto *crypto, const struct sf_tree_source *source,
	uint64_t size, struct sf_digest *ret_root, struct sf_diag *diag)
{
	if (size > SIZE_MAX_LEAVES) {
		sf_diag_set(diag, "a tree has less than 2^63 leaves");
		return SF_ERR_USAGE;
	}
	if (size > 0)
		return part_root(crypto, source, 0, size, ret_root, diag);
	sf_tree_empty_root(crypto, ret_root);
	return SF_OK;
}

/* Splitting goes from the root down, a proof is written from the leaves up. */
static void turn_round(struct sf_digest *hashes, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct sf_digest other = hashes[count - 1 - i];
		hashes[count - 1 - i] = hashes[i];
		hashes[i] = other;
	}
}

/* A part of the tree on the way down, and where hashes beside the way go. */
struct descent {
	const struct sf_crypto *crypto;
	const struct sf_tree_source *source;
	uint64_t begin, size;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count;
};

static enum sf_err descend(struct descent *way, bool right, struct sf_diag *diag)
{
	uint64_t left_size = split(way->size);
	uint64_t right_size = way->size - left_size;
	struct sf_digest *beside = &way->hashes[way->count];
	enum sf_err err =
		right ? part_root(way->crypto, way->source, way->begin, left_size, beside, diag)
		      : part_root(way->crypto, way->source, way->begin + left_size, right_size,
				beside, diag);
	if (err)
		return err;
	way->count++;
	if (right)
		way->begin += left_size;
	way->size = right ? right_size : left_size;
	return SF_OK;
}

static void give(struct descent *way, struct sf_digest *ret_hashes, size_t *ret_count)
{
	turn_round(way->hashes, way->count);
	for (size_t i = 0; i < way->count; i++)
		ret_hashes[i] = way->hashes[i];
	*ret_count = way->count;
}

enum sf_err sf_tree_inclusion(const struct sf_crypto *crypto, const struct sf_tree_source *source,
	uint64_t index, uint64_t size, struct sf_digest ret_hashes[SF_TREE_PROOF_MAX],
	size_t *ret_count, struct sf_diag *diag)
{
	if (index >= size || size > SIZE_MAX_LEAVES) {
		sf_diag_set(diag, "the tree does not have that leaf");
		return SF_ERR_USAGE;
	}
	struct descent way = {.crypto = crypto, .source = source, .size = size};
	while (way.size > 1) {
		enum sf_err err = descend(&way, index - way.begin >= split(way.size), diag);
		if (err)
			return err;
	}
	give(&way, ret_hashes, ret_count);
	return SF_OK;
}

enum sf_err sf_tree_consistency(const struct sf_crypto *crypto, const struct sf_tree_source *source,
	uint64_t from, uint64_t to, struct sf_digest ret_hashes[SF_TREE_PROOF_MAX],
	size_t *ret_count, struct sf_diag *diag)
{
	if (from > to || to > SIZE_MAX_LEAVES) {
		sf_diag_set(diag, "a tree only grows");
		return SF_ERR_USAGE;
	}
	struct descent way = {.crypto = crypto, .source = source, .size = to};
	/* SUBPROOF of RFC 9162 section 2.1.4.1: down to the part that ends where the old tree did.
	 */
	while (from > 0 && from != way.begin + way.size) {
		enum sf_err err = descend(&way, from - way.begin > split(way.size), diag);
		if (err)
			return err;
	}
	/* A part that is the whole old tree is known to who asks; any other is not. */
	if (way.begin > 0) {
		enum sf_err err = part_root(
			crypto, source, way.begin, way.size, &way.hashes[way.count], diag);
		if (err)
			return err;
		way.count++;
	}
	give(&way, ret_hashes, ret_count);
	return SF_OK;
}
