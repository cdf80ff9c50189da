/*
 * A log in memory: the hashes of all complete subtrees, level by level, as a source of proofs.
 */
#ifndef SF_TEST_LOG_LEVELS_H
#define SF_TEST_LOG_LEVELS_H

#include "log/tree.h"

struct level {
	struct sf_digest *hashes; /* owned */
	size_t count, capacity;
};

struct levels {
	const struct sf_crypto *crypto; /* borrowed */
	struct level at[SF_TREE_LEVELS_MAX];
	size_t reads; /* nodes that were asked for */
	bool broken;  /* every read is SF_ERR_IO */
};

void levels_init(struct levels *levels, const struct sf_crypto *crypto);
void levels_fini(struct levels *levels);
/* Aborts without memory. */
void levels_append(struct levels *levels, const struct sf_digest *leaf_hash);
struct sf_tree_source levels_source(struct levels *levels);

#endif
