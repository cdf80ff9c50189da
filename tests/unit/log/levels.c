#include "unit/log/levels.h"

#include <stdlib.h>

void levels_init(struct levels *levels, const struct sf_crypto *crypto)
{
	*levels = (struct levels){.crypto = crypto};
}

void levels_fini(struct levels *levels)
{
	for (size_t i = 0; i < SF_TREE_LEVELS_MAX; i++)
		free(levels->at[i].hashes);
	*levels = (struct levels){.crypto = levels->crypto};
}

static void push(struct level *level, const struct sf_digest *hash)
{
	if (level->count == level->capacity) {
		level->capacity = level->capacity ? level->capacity * 2 : 64;
		level->hashes = realloc(level->hashes, level->capacity * sizeof(level->hashes[0]));
		SF_ASSERT(level->hashes);
	}
	level->hashes[level->count++] = *hash;
}

void levels_append(struct levels *levels, const struct sf_digest *leaf_hash)
{
	struct sf_digest hash = *leaf_hash;
	struct level *level = levels->at;
	for (;; level++) {
		push(level, &hash);
		if (level->count % 2 == 1)
			return;
		const struct sf_digest *pair = &level->hashes[level->count - 2];
		sf_tree_node_hash(levels->crypto, &pair[0], &pair[1], &hash);
	}
}

static enum sf_err read_node(void *self, unsigned level, uint64_t index, struct sf_digest *ret_hash,
	struct sf_diag *diag)
{
	struct levels *levels = self;
	levels->reads++;
	if (levels->broken) {
		sf_diag_set(diag, "the source is broken");
		return SF_ERR_IO;
	}
	SF_ASSERT(level < SF_TREE_LEVELS_MAX && index < levels->at[level].count);
	*ret_hash = levels->at[level].hashes[index];
	return SF_OK;
}

struct sf_tree_source levels_source(struct levels *levels)
{
	return (struct sf_tree_source){.self = levels, .node = read_node};
}
