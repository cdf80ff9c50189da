/*
 * The log's Merkle tree as the store keeps it: tiles of 256 hashes (struct sf_row_tile), the roots
 * of full tiles in tiles above them. Appending writes a tile for each 256 leaves, in the
 * transaction of the event; everything in between is in memory and made again from the store. A
 * proof reads a tile or two of each level.
 *
 * Owned by the coordinator's engine, one thread; both ports are borrowed and must outlive it.
 */
#ifndef SF_COORDINATOR_TILES_H
#define SF_COORDINATOR_TILES_H

#include "coordinator/tables.h"
#include "log/tree.h"

#define SF_TILE_WIDTH ((size_t)256)
#define SF_TILE_DEPTH 8
#define SF_TILE_LEVELS_MAX ((size_t)8) /* 2^63 leaves */

/* A tile with the inner nodes over its hashes, kept while neighbours are asked for. */
struct sf_tile_nodes {
	bool known;
	uint64_t position;
	size_t count; /* of hashes */
	/* The hashes, then the 128 nodes above them and so on, as far as they are complete. */
	struct sf_digest nodes[2 * SF_TILE_WIDTH];
};

struct sf_tiles {
	const struct sf_crypto *crypto; /* borrowed */
	const struct sf_store *store;   /* borrowed */
	int64_t epoch;
	struct sf_frontier frontier; /* its size is the number of leaves */
	/* Of the level-0 tile that is not full; frontier.size % 256 of them. */
	struct sf_digest partial[SF_TILE_WIDTH];
	struct sf_tile_nodes *kept; /* owned, one for each level; NULL before the first load */
};

/*
 * Reads the tree of the epoch: leaves stand in the events from leaf_index base on, until
 * leaf_count. Tiles that the store lacks (it is of a version before them) are made, in transactions
 * of their own: no transaction may be open. SF_ERR_CORRUPT: the store contradicts itself.
 */
SF_MUST_USE enum sf_err sf_tiles_load(struct sf_tiles *tiles, const struct sf_crypto *crypto,
	const struct sf_store *store, int64_t epoch, int64_t base, int64_t leaf_count,
	struct sf_diag *diag);
void sf_tiles_fini(struct sf_tiles *tiles);

/* The next leaf. Inside a transaction; after an error or a rollback the tree is to be loaded. */
SF_MUST_USE enum sf_err sf_tiles_append(
	struct sf_tiles *tiles, const struct sf_digest *leaf_hash, struct sf_diag *diag);
uint64_t sf_tiles_size(const struct sf_tiles *tiles);
/* Of all leaves, from memory. */
void sf_tiles_root(const struct sf_tiles *tiles, struct sf_digest *ret_root);
/* Hashes of complete subtrees, from the store. tiles is borrowed. */
struct sf_tree_source sf_tiles_source(struct sf_tiles *tiles);
/* What was read of the store is read again. */
void sf_tiles_forget(struct sf_tiles *tiles);

#endif
