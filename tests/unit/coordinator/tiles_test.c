/* The tree as the store keeps it, across the borders of tiles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/tiles.h"
#include "crypto/port.h"
#include "log/leaf.h"
#include "store/memory.h"

#define LEAVES_MAX ((uint64_t)65537)

static const uint64_t borders[] = {
	0, 1, 255, 256, 257, 511, 512, 513, 65279, 65280, 65535, 65536, 65537};

struct shelf {
	struct sf_memory *memory;
	struct sf_keyring *keyring;
	struct sf_store store;
	struct sf_crypto crypto;
	struct sf_tiles tiles;
	struct sf_digest roots[SF_COUNT(borders)]; /* by a frontier alone */
};

static void leaf_of(uint64_t index, uint8_t leaf[SF_LEAF_SIZE])
{
	memset(leaf, 0x41, SF_LEAF_SIZE);
	sf_put_u64(leaf + 2, index);
}

static void append(struct shelf *shelf, uint64_t index)
{
	uint8_t leaf[SF_LEAF_SIZE];
	struct sf_digest hash;
	leaf_of(index, leaf);
	const struct sf_row_event row = {
		.leaf_index = (int64_t)index, .leaf = sf_view_of(leaf, sizeof(leaf))};
	assert_int_equal(
		shelf->store.insert(shelf->store.self, &sf_table_event, &row, NULL), SF_OK);
	sf_tree_leaf_hash(&shelf->crypto, row.leaf, &hash);
	assert_int_equal(sf_tiles_append(&shelf->tiles, &hash, NULL), SF_OK);
}

static enum sf_err load(struct shelf *shelf, struct sf_tiles *tiles, uint64_t size)
{
	struct sf_diag diag = {{0}};
	return sf_tiles_load(tiles, &shelf->crypto, &shelf->store, 1, 0, (int64_t)size, &diag);
}

/* A store like one that was just opened has the same tree. */
static void compare_loaded(struct shelf *shelf, uint64_t size, const struct sf_digest *root)
{
	struct sf_tiles again = {0};
	struct sf_digest found;
	assert_int_equal(load(shelf, &again, size), SF_OK);
	assert_int_equal(sf_tiles_size(&again), size);
	sf_tiles_root(&again, &found);
	assert_true(sf_digest_equal(&found, root));
	sf_tiles_fini(&again);
}

/* All leaves, with a load from the store at every border; done once for all tests. */
static int open_full(void **state)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));
	if (!shelf)
		return -1;
	assert_int_equal(sf_keyring_open(&shelf->keyring), SF_OK);
	sf_crypto_port(shelf->keyring, &shelf->crypto);
	assert_int_equal(sf_memory_open(sf_coordinator_tables, sf_coordinator_table_count,
				 &shelf->memory, NULL),
		SF_OK);
	shelf->store = *sf_memory_port(shelf->memory);
	assert_int_equal(load(shelf, &shelf->tiles, 0), SF_OK);
	uint64_t size = 0;
	for (size_t i = 0; i < SF_COUNT(borders); i++) {
		assert_int_equal(shelf->store.begin(shelf->store.self, NULL), SF_OK);
		while (size < borders[i])
			append(shelf, size++);
		assert_int_equal(shelf->store.commit(shelf->store.self, NULL), SF_OK);
		sf_tiles_root(&shelf->tiles, &shelf->roots[i]);
		compare_loaded(shelf, size, &shelf->roots[i]);
	}
	*state = shelf;
	return 0;
}

static int close_full(void **state)
{
	struct shelf *shelf = *state;
	sf_tiles_fini(&shelf->tiles);
	sf_memory_close(&shelf->memory);
	sf_keyring_close(&shelf->keyring);
	free(shelf);
	return 0;
}

static void test_frontier_and_tiles_give_one_root(void **state)
{
	struct shelf *shelf = *state;
	struct sf_frontier frontier = {0};
	struct sf_tree_source source = sf_tiles_source(&shelf->tiles);
	size_t border = 0;
	for (uint64_t size = 0; size <= LEAVES_MAX; size++) {
		struct sf_digest root, kept, hash;
		if (size == borders[border]) {
			sf_frontier_root(&shelf->crypto, &frontier, &root);
			assert_true(sf_digest_equal(&root, &shelf->roots[border]));
			assert_int_equal(
				sf_tree_root(&shelf->crypto, &source, size, &kept, NULL), SF_OK);
			assert_true(sf_digest_equal(&root, &kept));
			border++;
		}
		uint8_t leaf[SF_LEAF_SIZE];
		leaf_of(size, leaf);
		sf_tree_leaf_hash(&shelf->crypto, sf_view_of(leaf, sizeof(leaf)), &hash);
		sf_frontier_append(&shelf->crypto, &frontier, &hash);
	}
	assert_int_equal(border, SF_COUNT(borders));
}

/* 256 tiles of leaves, one of their roots, and its root alone in one above. */
static void test_tiles_are_as_many_as_they_must_be(void **state)
{
	struct shelf *shelf = *state;
	assert_int_equal(sf_memory_count(shelf->memory, &sf_table_tile), 256 + 1 + 1);
}

static void test_inclusion_is_proven_at_every_border(void **state)
{
	struct shelf *shelf = *state;
	struct sf_tree_source source = sf_tiles_source(&shelf->tiles);
	for (size_t i = 1; i < SF_COUNT(borders); i++) {
		const uint64_t indexes[] = {0, borders[i - 1], borders[i] - 1, borders[i] / 2};
		for (size_t j = 0; j < SF_COUNT(indexes); j++) {
			struct sf_digest hashes[SF_TREE_PROOF_MAX], hash;
			uint8_t leaf[SF_LEAF_SIZE];
			size_t count;
			assert_int_equal(sf_tree_inclusion(&shelf->crypto, &source, indexes[j],
						 borders[i], hashes, &count, NULL),
				SF_OK);
			leaf_of(indexes[j], leaf);
			sf_tree_leaf_hash(&shelf->crypto, sf_view_of(leaf, sizeof(leaf)), &hash);
			assert_int_equal(
				sf_tree_check_inclusion(&shelf->crypto, indexes[j], borders[i],
					&hash, hashes, count, &shelf->roots[i]),
				SF_OK);
		}
	}
}

static void test_consistency_is_proven_between_all_borders(void **state)
{
	struct shelf *shelf = *state;
	struct sf_tree_source source = sf_tiles_source(&shelf->tiles);
	for (size_t i = 0; i < SF_COUNT(borders); i++)
		for (size_t j = i; j < SF_COUNT(borders); j++) {
			struct sf_digest hashes[SF_TREE_PROOF_MAX];
			size_t count;
			assert_int_equal(sf_tree_consistency(&shelf->crypto, &source, borders[i],
						 borders[j], hashes, &count, NULL),
				SF_OK);
			assert_int_equal(sf_tree_check_consistency(&shelf->crypto, borders[i],
						 &shelf->roots[i], borders[j], &shelf->roots[j],
						 hashes, count),
				SF_OK);
		}
}

static void remove_tiles(struct shelf *shelf, int64_t level, int64_t from, int64_t until)
{
	assert_int_equal(shelf->store.begin(shelf->store.self, NULL), SF_OK);
	for (int64_t i = from; i < until; i++) {
		const struct sf_row_tile key = {.epoch = 1, .level = level, .position = i};
		assert_int_equal(
			shelf->store.remove(shelf->store.self, &sf_table_tile, &key, NULL), SF_OK);
	}
	assert_int_equal(shelf->store.commit(shelf->store.self, NULL), SF_OK);
}

/* A store of the version before tiles: they are made once, in pieces, and a cut loses one piece. */
static void test_store_without_tiles_gets_them(void **state)
{
	struct shelf *shelf = *state;
	remove_tiles(shelf, 0, 0, 256);
	remove_tiles(shelf, 1, 0, 1);
	remove_tiles(shelf, 2, 0, 1);
	assert_int_equal(sf_memory_count(shelf->memory, &sf_table_tile), 0);
	struct sf_tiles again = {0};
	sf_memory_next_commit(shelf->memory, SF_MEMORY_FULL);
	assert_int_equal(load(shelf, &again, LEAVES_MAX), SF_ERR_DISK_FULL);
	assert_int_equal(sf_memory_count(shelf->memory, &sf_table_tile), 0);
	assert_int_equal(load(shelf, &again, 20000), SF_OK);
	assert_int_equal(sf_tiles_size(&again), 20000);
	assert_int_equal(sf_memory_count(shelf->memory, &sf_table_tile), 20000 / 256 + 1);
	sf_tiles_fini(&again);
}

/* What an earlier start has made is not made again. */
static void test_tiles_that_are_missing_at_the_end_are_made(void **state)
{
	struct shelf *shelf = *state;
	compare_loaded(shelf, LEAVES_MAX, &shelf->roots[SF_COUNT(borders) - 1]);
	assert_int_equal(sf_memory_count(shelf->memory, &sf_table_tile), 256 + 1 + 1);
}

static void test_tile_that_is_gone_is_told(void **state)
{
	struct shelf *shelf = *state;
	remove_tiles(shelf, 0, 7, 8);
	struct sf_tiles again = {0};
	assert_int_equal(load(shelf, &again, LEAVES_MAX), SF_OK);
	struct sf_tree_source source = sf_tiles_source(&again);
	struct sf_digest hash;
	struct sf_diag diag = {{0}};
	assert_int_equal(source.node(source.self, 0, 7 * 256, &hash, &diag), SF_ERR_CORRUPT);
	assert_string_equal(diag.text, "tile 0/7 of the log is missing");
	assert_int_equal(source.node(source.self, 0, 8 * 256, &hash, &diag), SF_OK);
	sf_tiles_fini(&again);
}

static void test_fewer_leaves_than_tiles_end_the_start(void **state)
{
	struct shelf *shelf = *state;
	struct sf_tiles again = {0};
	assert_int_equal(load(shelf, &again, 65535), SF_ERR_CORRUPT);
	sf_tiles_fini(&again);
}

static void test_leaf_that_is_missing_ends_the_start(void **state)
{
	struct shelf *shelf = *state;
	struct sf_tiles again = {0};
	assert_int_equal(load(shelf, &again, LEAVES_MAX + 1), SF_ERR_CORRUPT);
	sf_tiles_fini(&again);
}

int main(void)
{
	/* In this order: later ones damage the shelf. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frontier_and_tiles_give_one_root),
		cmocka_unit_test(test_tiles_are_as_many_as_they_must_be),
		cmocka_unit_test(test_inclusion_is_proven_at_every_border),
		cmocka_unit_test(test_consistency_is_proven_between_all_borders),
		cmocka_unit_test(test_fewer_leaves_than_tiles_end_the_start),
		cmocka_unit_test(test_leaf_that_is_missing_ends_the_start),
		cmocka_unit_test(test_store_without_tiles_gets_them),
		cmocka_unit_test(test_tiles_that_are_missing_at_the_end_are_made),
		cmocka_unit_test(test_tile_that_is_gone_is_told),
	};
	return cmocka_run_group_tests_name("coordinator/tiles", tests, open_full, close_full);
}
