#include "crypto/merkle.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

static void prefixed(
	uint8_t prefix, struct sf_view first, struct sf_view second, struct sf_digest *ret_digest)
{
	struct sf_view parts[] = {sf_view_of(&prefix, 1), first, second};
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), ret_digest);
}

void sf_merkle_leaf(struct sf_view bytes, struct sf_digest *ret_leaf)
{
	prefixed(0x00, bytes, (struct sf_view){0}, ret_leaf);
}

static void node(
	const struct sf_digest *left, const struct sf_digest *right, struct sf_digest *ret_node)
{
	prefixed(0x01, sf_digest_view(left), sf_digest_view(right), ret_node);
}

/* A level has half the nodes of the one below; an odd last one moves up as it is (RFC 6962 2.1). */
static size_t level_above(size_t count)
{
	return (count + 1) / 2;
}

enum sf_err sf_merkle_init(struct sf_merkle_tree *tree, const struct sf_view *leaves, size_t count)
{
	SF_ASSERT(count >= 1 && count <= SF_BATCH_COUNT_MAX);
	size_t total = count;
	for (size_t level = count; level > 1; level = level_above(level))
		total += level_above(level);
	struct sf_digest *nodes = calloc(total, sizeof(*nodes));
	if (!nodes)
		return SF_ERR_MEMORY;
	for (size_t i = 0; i < count; i++)
		sf_merkle_leaf(leaves[i], &nodes[i]);
	struct sf_digest *below = nodes;
	for (size_t level = count; level > 1; level = level_above(level)) {
		struct sf_digest *above = below + level;
		for (size_t i = 0; i + 1 < level; i += 2)
			node(&below[i], &below[i + 1], &above[i / 2]);
		if (level % 2 == 1)
			above[level / 2] = below[level - 1];
		below = above;
	}
	*tree = (struct sf_merkle_tree){.nodes = nodes, .count = count};
	return SF_OK;
}

void sf_merkle_fini(struct sf_merkle_tree *tree)
{
	free(tree->nodes);
	*tree = (struct sf_merkle_tree){0};
}

void sf_merkle_root(const struct sf_merkle_tree *tree, struct sf_digest *ret_root)
{
	const struct sf_digest *below = tree->nodes;
	for (size_t level = tree->count; level > 1; level = level_above(level))
		below += level;
	*ret_root = below[0];
}

uint8_t sf_merkle_path(const struct sf_merkle_tree *tree, size_t index, uint8_t *ret_path)
{
	SF_ASSERT(index < tree->count);
	uint8_t depth = 0;
	const struct sf_digest *below = tree->nodes;
	for (size_t level = tree->count; level > 1; level = level_above(level)) {
		size_t sibling = index ^ 1;
		if (sibling < level) {
			memcpy(ret_path + SF_DIGEST_SIZE * depth, below[sibling].bytes,
				SF_DIGEST_SIZE);
			depth++;
		}
		below += level;
		index /= 2;
	}
	return depth;
}

enum sf_err sf_merkle_climb(const struct sf_digest *leaf, uint32_t index, uint32_t count,
	struct sf_view path, struct sf_digest *ret_root)
{
	if (index >= count || path.size % SF_DIGEST_SIZE != 0)
		return SF_ERR_AUTH;
	/* Names and steps as in RFC 9162 2.1.3.2. */
	uint32_t fn = index;
	uint32_t sn = count - 1;
	struct sf_digest r = *leaf;
	for (size_t done = 0; done < path.size; done += SF_DIGEST_SIZE) {
		if (sn == 0)
			return SF_ERR_AUTH;
		struct sf_digest p;
		memcpy(p.bytes, path.data + done, SF_DIGEST_SIZE);
		struct sf_digest next;
		if ((fn & 1) != 0 || fn == sn) {
			node(&p, &r, &next);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			node(&r, &p, &next);
		}
		r = next;
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0)
		return SF_ERR_AUTH;
	*ret_root = r;
	return SF_OK;
}
