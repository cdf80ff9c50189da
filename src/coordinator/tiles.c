#include "coordinator/tiles.h"

#include <stdlib.h>
#include <string.h>

/* Leaves of one transaction when an old store gets its tiles: some 50 ms. */
#define BUILD_LEAVES ((size_t)64 * SF_TILE_WIDTH)

uint64_t sf_tiles_size(const struct sf_tiles *tiles)
{
	return tiles->frontier.size;
}

void sf_tiles_root(const struct sf_tiles *tiles, struct sf_digest *ret_root)
{
	sf_frontier_root(tiles->crypto, &tiles->frontier, ret_root);
}

void sf_tiles_forget(struct sf_tiles *tiles)
{
	for (size_t i = 0; tiles->kept && i < SF_TILE_LEVELS_MAX; i++)
		tiles->kept[i].known = false;
}

void sf_tiles_fini(struct sf_tiles *tiles)
{
	free(tiles->kept);
	tiles->kept = NULL;
}

/* How many hashes the tile has when the tree has size leaves. */
static size_t hashes_of(uint64_t size, unsigned level, uint64_t position)
{
	uint64_t count = size >> (SF_TILE_DEPTH * level);
	uint64_t first = position * SF_TILE_WIDTH;
	if (count <= first)
		return 0;
	return count - first < SF_TILE_WIDTH ? (size_t)(count - first) : SF_TILE_WIDTH;
}

static enum sf_err damaged(
	struct sf_diag *diag, unsigned level, uint64_t position, const char *what)
{
	sf_diag_set(diag, "tile %u/%llu of the log %s", level, (unsigned long long)position, what);
	return SF_ERR_CORRUPT;
}

/* Reads the first count hashes. */
static enum sf_err read_tile(struct sf_tiles *tiles, unsigned level, uint64_t position,
	size_t count, struct sf_digest *ret_hashes, struct sf_diag *diag)
{
	struct sf_row_tile row = {
		.epoch = tiles->epoch, .level = (int64_t)level, .position = (int64_t)position};
	enum sf_err err = tiles->store->get(tiles->store->self, &sf_table_tile, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND)
		return damaged(diag, level, position, "is missing");
	if (err)
		return err;
	if (row.hashes.size < count * SF_DIGEST_SIZE || row.hashes.size % SF_DIGEST_SIZE)
		return damaged(diag, level, position, "is too short");
	for (size_t i = 0; i < count; i++)
		memcpy(ret_hashes[i].bytes, row.hashes.data + i * SF_DIGEST_SIZE, SF_DIGEST_SIZE);
	return SF_OK;
}

static enum sf_err write_tile(struct sf_tiles *tiles, unsigned level, uint64_t position,
	const struct sf_digest *hashes, size_t count, struct sf_diag *diag)
{
	uint8_t bytes[SF_TILE_WIDTH * SF_DIGEST_SIZE];
	for (size_t i = 0; i < count; i++)
		memcpy(bytes + i * SF_DIGEST_SIZE, hashes[i].bytes, SF_DIGEST_SIZE);
	const struct sf_row_tile row = {.epoch = tiles->epoch,
		.level = (int64_t)level,
		.position = (int64_t)position,
		.hashes = sf_view_of(bytes, count * SF_DIGEST_SIZE)};
	return tiles->store->replace(tiles->store->self, &sf_table_tile, &row, diag);
}

/* Where the nodes of that depth over the hashes begin. */
static struct sf_digest *row_of(struct sf_tile_nodes *nodes, unsigned depth)
{
	return nodes->nodes + 2 * SF_TILE_WIDTH - (2 * SF_TILE_WIDTH >> depth);
}

static void complete(const struct sf_crypto *crypto, struct sf_tile_nodes *nodes)
{
	for (unsigned depth = 1; depth <= SF_TILE_DEPTH; depth++) {
		const struct sf_digest *below = row_of(nodes, depth - 1);
		for (size_t i = 0; i < nodes->count >> depth; i++)
			sf_tree_node_hash(
				crypto, &below[2 * i], &below[2 * i + 1], &row_of(nodes, depth)[i]);
	}
}

/* The tile with at least so many of its hashes. */
static enum sf_err open_tile(struct sf_tiles *tiles, unsigned level, uint64_t position,
	size_t count_min, struct sf_tile_nodes **ret_nodes, struct sf_diag *diag)
{
	struct sf_tile_nodes *nodes = &tiles->kept[level];
	*ret_nodes = nodes;
	if (nodes->known && nodes->position == position && nodes->count >= count_min)
		return SF_OK;
	size_t count = hashes_of(tiles->frontier.size, level, position);
	if (count < count_min)
		return damaged(diag, level, position, "is not as long as was asked for");
	nodes->known = false;
	enum sf_err err = SF_OK;
	if (level == 0 && count < SF_TILE_WIDTH)
		memcpy(nodes->nodes, tiles->partial, count * sizeof(tiles->partial[0]));
	else
		err = read_tile(tiles, level, position, count, nodes->nodes, diag);
	if (err)
		return err;
	nodes->position = position;
	nodes->count = count;
	nodes->known = true;
	complete(tiles->crypto, nodes);
	return SF_OK;
}

static enum sf_err node(void *self, unsigned level, uint64_t index, struct sf_digest *ret_hash,
	struct sf_diag *diag)
{
	struct sf_tiles *tiles = self;
	unsigned tile_level = level / SF_TILE_DEPTH, depth = level % SF_TILE_DEPTH;
	if (tile_level >= SF_TILE_LEVELS_MAX)
		return SF_ERR_USAGE;
	uint64_t nodes_of_tile = SF_TILE_WIDTH >> depth;
	uint64_t position = index / nodes_of_tile;
	size_t place = (size_t)(index % nodes_of_tile);
	struct sf_tile_nodes *nodes;
	enum sf_err err =
		open_tile(tiles, tile_level, position, (place + 1) << depth, &nodes, diag);
	if (!err)
		*ret_hash = row_of(nodes, depth)[place];
	return err;
}

struct sf_tree_source sf_tiles_source(struct sf_tiles *tiles)
{
	return (struct sf_tree_source){tiles, node};
}

/* The tile below is full: its root is the next hash of the tile above, and so on upwards. */
static enum sf_err close_tile(struct sf_tiles *tiles, struct sf_diag *diag)
{
	struct sf_digest root, hashes[SF_TILE_WIDTH];
	uint64_t full = tiles->frontier.size / SF_TILE_WIDTH; /* tiles of the level below */
	enum sf_err err = write_tile(tiles, 0, full - 1, tiles->partial, SF_TILE_WIDTH, diag);
	memcpy(hashes, tiles->partial, sizeof(hashes));
	for (unsigned level = 1; level < SF_TILE_LEVELS_MAX && !err; level++) {
		for (size_t count = SF_TILE_WIDTH; count > 1; count /= 2)
			for (size_t i = 0; i < count / 2; i++)
				sf_tree_node_hash(tiles->crypto, &hashes[2 * i], &hashes[2 * i + 1],
					&hashes[i]);
		root = hashes[0];
		uint64_t position = (full - 1) / SF_TILE_WIDTH;
		size_t before = (size_t)((full - 1) % SF_TILE_WIDTH);
		if (before > 0)
			err = read_tile(tiles, level, position, before, hashes, diag);
		hashes[before] = root;
		if (!err)
			err = write_tile(tiles, level, position, hashes, before + 1, diag);
		if (before + 1 < SF_TILE_WIDTH)
			break;
		full /= SF_TILE_WIDTH;
	}
	return err;
}

enum sf_err sf_tiles_append(
	struct sf_tiles *tiles, const struct sf_digest *leaf_hash, struct sf_diag *diag)
{
	tiles->partial[tiles->frontier.size % SF_TILE_WIDTH] = *leaf_hash;
	sf_frontier_append(tiles->crypto, &tiles->frontier, leaf_hash);
	return tiles->frontier.size % SF_TILE_WIDTH ? SF_OK : close_tile(tiles, diag);
}

static bool keep_position(void *context, const void *row)
{
	const struct sf_row_tile *tile = row;
	*(uint64_t *)context = (uint64_t)tile->position + 1;
	return false;
}

static enum sf_err count_tiles(struct sf_tiles *tiles, uint64_t *ret_count, struct sf_diag *diag)
{
	const struct sf_row_tile key = {.epoch = tiles->epoch};
	const struct sf_scan scan = {.table = &sf_table_tile,
		.equal_count = 2,
		.from = &key,
		.descending = true,
		.count_max = 1};
	*ret_count = 0;
	return tiles->store->scan(tiles->store->self, &scan, keep_position, ret_count, diag);
}

/* The frontier over size leaves, all of them in full tiles. */
static enum sf_err load_frontier(struct sf_tiles *tiles, uint64_t size, struct sf_diag *diag)
{
	struct sf_frontier frontier = {.size = size};
	struct sf_tree_source source = sf_tiles_source(tiles);
	enum sf_err err = SF_OK;
	size_t count = 0;
	uint64_t begin = 0;
	tiles->frontier = (struct sf_frontier){.size = size};
	for (unsigned level = (unsigned)SF_TREE_LEVELS_MAX; level-- > 0 && !err;) {
		if (!(size >> level & 1))
			continue;
		err = source.node(
			source.self, level, begin >> level, &frontier.nodes[count++], diag);
		begin += (uint64_t)1 << level;
	}
	if (!err)
		tiles->frontier = frontier;
	return err;
}

struct following {
	struct sf_tiles *tiles;
	int64_t next; /* leaf_index */
	enum sf_err err;
	struct sf_diag *diag;
};

static bool follow_leaf(void *context, const void *row)
{
	struct following *following = context;
	const struct sf_row_event *event = row;
	struct sf_digest hash;
	if (event->leaf_index != following->next) {
		sf_diag_set(following->diag, "leaf %lld of the store is missing",
			(long long)following->next);
		following->err = SF_ERR_CORRUPT;
		return false;
	}
	sf_tree_leaf_hash(following->tiles->crypto, event->leaf, &hash);
	following->err = sf_tiles_append(following->tiles, &hash, following->diag);
	following->next++;
	return !following->err;
}

/* At most count leaves that the events have and the tiles have not. */
static enum sf_err follow_events(
	struct sf_tiles *tiles, int64_t base, size_t count, struct sf_diag *diag)
{
	if (count == 0)
		return SF_OK;
	struct following following = {
		.tiles = tiles, .next = base + (int64_t)tiles->frontier.size, .diag = diag};
	const int64_t until = following.next + (int64_t)count;
	const struct sf_row_event key = {.leaf_index = following.next};
	const struct sf_scan scan = {
		.table = &sf_table_event, .from = &key, .bounded = true, .count_max = count};
	enum sf_err err =
		tiles->store->scan(tiles->store->self, &scan, follow_leaf, &following, diag);
	if (err || following.err)
		return err ? err : following.err;
	if (following.next == until)
		return SF_OK;
	sf_diag_set(diag, "leaf %lld of the store is missing", (long long)following.next);
	return SF_ERR_CORRUPT;
}

/* Makes tiles of what an older store has: a cut in between costs only what is not committed. */
static enum sf_err build(struct sf_tiles *tiles, int64_t base, uint64_t size, struct sf_diag *diag)
{
	const struct sf_store *store = tiles->store;
	enum sf_err err = SF_OK;
	while (!err && size - tiles->frontier.size >= SF_TILE_WIDTH) {
		uint64_t left = (size - tiles->frontier.size) & ~(uint64_t)(SF_TILE_WIDTH - 1);
		size_t count = left < BUILD_LEAVES ? (size_t)left : BUILD_LEAVES;
		err = store->begin(store->self, diag);
		if (err)
			break;
		err = follow_events(tiles, base, count, diag);
		if (!err)
			err = store->commit(store->self, diag);
		else
			store->rollback(store->self);
	}
	return err;
}

enum sf_err sf_tiles_load(struct sf_tiles *tiles, const struct sf_crypto *crypto,
	const struct sf_store *store, int64_t epoch, int64_t base, int64_t leaf_count,
	struct sf_diag *diag)
{
	tiles->crypto = crypto;
	tiles->store = store;
	tiles->epoch = epoch;
	if (!tiles->kept)
		tiles->kept = calloc(SF_TILE_LEVELS_MAX, sizeof(*tiles->kept));
	if (!tiles->kept)
		return SF_ERR_MEMORY;
	sf_tiles_forget(tiles);
	uint64_t full = 0;
	enum sf_err err = count_tiles(tiles, &full, diag);
	if (err)
		return err;
	if (leaf_count < base || full > (uint64_t)(leaf_count - base) / SF_TILE_WIDTH) {
		sf_diag_set(diag, "the log of the store has fewer leaves than tiles of them");
		return SF_ERR_CORRUPT;
	}
	uint64_t size = (uint64_t)(leaf_count - base);
	err = load_frontier(tiles, full * SF_TILE_WIDTH, diag);
	if (!err)
		err = build(tiles, base, size, diag);
	if (!err)
		err = follow_events(tiles, base, (size_t)(size - tiles->frontier.size), diag);
	return err;
}
