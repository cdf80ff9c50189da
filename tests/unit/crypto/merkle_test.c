#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/merkle.h"

/* Leaf i is the byte i modulo 256, so that a root can be computed anywhere. */
static void make(struct sf_merkle_tree *tree, uint8_t *bytes, size_t count)
{
	struct sf_view *leaves = calloc(count, sizeof(*leaves));
	assert_non_null(leaves);
	for (size_t i = 0; i < count; i++) {
		bytes[i] = (uint8_t)i;
		leaves[i] = sf_view_of(&bytes[i], 1);
	}
	assert_int_equal(sf_merkle_init(tree, leaves, count), SF_OK);
	free(leaves);
}

/* Computed with Python from RFC 6962 section 2.1 with BLAKE2b-256. */
static void test_roots_are_those_of_the_recursive_definition(void **state)
{
	(void)state;
	static const struct {
		size_t count;
		const char *root;
	} cases[] = {
		{1, "9ee6dfb61a2fb903df487c401663825643bb825d41695e63df8af6162ab145a6"},
		{2, "47f61e4f4620e9946a8831b8c717a76f36982b82d88e005bc4635a1b21c73eff"},
		{3, "8926efdc0a3a501b9a98e046861bf1303acf7bd2191f0a5fd21c003c9557c1b9"},
		{7, "9a32133fb577b45268f6dcb813645347b5955c4b19e56b7474197a31e75a6a5f"},
		{8, "4ba07b279e4b38ac43030e643df2838f441574aaa3fe3d33187d240df776424b"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		uint8_t bytes[8];
		struct sf_merkle_tree tree;
		make(&tree, bytes, cases[i].count);
		struct sf_digest root;
		sf_merkle_root(&tree, &root);
		char text[SF_DIGEST_TEXT_SIZE];
		sf_digest_format(&root, text);
		assert_string_equal(text, cases[i].root);
		sf_merkle_fini(&tree);
	}
}

/* Every leaf of a tree of count climbs to its root, and no other way does. */
static void check_paths(size_t count)
{
	static uint8_t bytes[SF_BATCH_COUNT_MAX];
	struct sf_merkle_tree tree;
	make(&tree, bytes, count);
	struct sf_digest root, found, leaf;
	sf_merkle_root(&tree, &root);
	for (size_t i = 0; i<count; i += count> 64 ? 61 : 1) {
		uint8_t path[SF_MERKLE_PATH_SIZE_MAX + SF_DIGEST_SIZE] = {0};
		uint8_t depth = sf_merkle_path(&tree, i, path);
		assert_true(depth <= SF_BATCH_DEPTH_MAX);
		struct sf_view view = sf_view_of(path, (size_t)32 * depth);
		sf_merkle_leaf(sf_view_of(&bytes[i], 1), &leaf);
		uint32_t index = (uint32_t)i, total = (uint32_t)count;
		assert_int_equal(sf_merkle_climb(&leaf, index, total, view, &found), SF_OK);
		assert_true(sf_digest_equal(&found, &root));
		/* A path that is too long or too short has no place in this tree. */
		view.size += 32;
		assert_int_equal(sf_merkle_climb(&leaf, index, total, view, &found), SF_ERR_AUTH);
		if (depth > 0) {
			view.size -= 64;
			assert_int_equal(
				sf_merkle_climb(&leaf, index, total, view, &found), SF_ERR_AUTH);
			view.size += 32;
			path[0] ^= 1;
			assert_int_equal(sf_merkle_climb(&leaf, index, total, view, &found), SF_OK);
			assert_false(sf_digest_equal(&found, &root));
		}
		assert_int_equal(sf_merkle_climb(&leaf, total, total, view, &found), SF_ERR_AUTH);
	}
	sf_merkle_fini(&tree);
}

static void test_every_leaf_climbs_to_the_root(void **state)
{
	(void)state;
	for (size_t count = 1; count <= 33; count++)
		check_paths(count);
	check_paths(100);
	check_paths(4095);
	check_paths(4096);
}

static void test_leaf_is_no_node(void **state)
{
	(void)state;
	/* The two hashes under a root of two leaves, shown as one leaf, make another root. */
	uint8_t bytes[2];
	struct sf_merkle_tree tree;
	make(&tree, bytes, 2);
	struct sf_digest root, leaf;
	sf_merkle_root(&tree, &root);
	sf_merkle_leaf(sf_view_of(tree.nodes, 64), &leaf);
	assert_false(sf_digest_equal(&root, &leaf));
	sf_merkle_fini(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roots_are_those_of_the_recursive_definition),
		cmocka_unit_test(test_every_leaf_climbs_to_the_root),
		cmocka_unit_test(test_leaf_is_no_node),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
