#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/tree.h"
#include "crypto/port.h"
#include "unit/log/levels.h"

/* The reference tree of Certificate Transparency (RFC 6962): leaves, and the roots of sizes 0..8.
 */
static const char *const leaves[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
	"606162636465666768696a6b6c6d6e6f"};
static const char *const roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

struct fixture {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct levels levels; /* of the eight leaves */
	struct sf_tree_source source;
	struct sf_frontier frontiers[9]; /* at each size */
};

static struct sf_digest digest_of(const char *hex)
{
	struct sf_digest digest;
	assert_int_equal(sf_hex_decode(hex, digest.bytes, SF_DIGEST_SIZE), SF_OK);
	return digest;
}

static void expect_digest(const struct sf_digest *digest, const char *hex)
{
	char text[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(digest, text);
	assert_string_equal(text, hex);
}

static struct sf_digest leaf_hash(struct fixture *fixture, size_t index)
{
	uint8_t bytes[16] = {0};
	struct sf_view leaf = sf_view_of(bytes, strlen(leaves[index]) / 2);
	assert_int_equal(sf_hex_decode(leaves[index], bytes, leaf.size), SF_OK);
	struct sf_digest hash;
	sf_tree_leaf_hash(&fixture->crypto, leaf, &hash);
	return hash;
}

static int open_fixture(void **state)
{
	static struct fixture fixture;
	memset(&fixture, 0, sizeof(fixture));
	*state = &fixture;
	if (sf_keyring_open(&fixture.keyring))
		return -1;
	sf_crypto_port(fixture.keyring, &fixture.crypto);
	levels_init(&fixture.levels, &fixture.crypto);
	fixture.source = levels_source(&fixture.levels);
	for (size_t i = 0; i < SF_COUNT(leaves); i++) {
		struct sf_digest hash = leaf_hash(&fixture, i);
		levels_append(&fixture.levels, &hash);
		fixture.frontiers[i + 1] = fixture.frontiers[i];
		sf_frontier_append(&fixture.crypto, &fixture.frontiers[i + 1], &hash);
	}
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	levels_fini(&fixture->levels);
	sf_keyring_close(&fixture->keyring);
	return 0;
}

static void test_roots_are_those_of_the_reference_tree(void **state)
{
	struct fixture *fixture = *state;
	for (size_t size = 0; size < SF_COUNT(roots); size++) {
		struct sf_digest root;
		sf_frontier_root(&fixture->crypto, &fixture->frontiers[size], &root);
		expect_digest(&root, roots[size]);
		assert_int_equal(
			sf_tree_root(&fixture->crypto, &fixture->source, size, &root, NULL), SF_OK);
		expect_digest(&root, roots[size]);
	}
}

/* Inclusion of RFC 6962's reference: leaf 5 of 8 and leaf 2 of 3. */
static void test_inclusion_hashes_go_from_the_sibling_upwards(void **state)
{
	struct fixture *fixture = *state;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	assert_int_equal(
		sf_tree_inclusion(&fixture->crypto, &fixture->source, 5, 8, hashes, &count, NULL),
		SF_OK);
	assert_int_equal(count, 3);
	expect_digest(
		&hashes[0], "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
	expect_digest(
		&hashes[1], "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
	expect_digest(&hashes[2], roots[4]);
	assert_int_equal(
		sf_tree_inclusion(&fixture->crypto, &fixture->source, 2, 3, hashes, &count, NULL),
		SF_OK);
	assert_int_equal(count, 1);
	expect_digest(&hashes[0], roots[2]);
	assert_int_equal(
		sf_tree_inclusion(&fixture->crypto, &fixture->source, 0, 1, hashes, &count, NULL),
		SF_OK);
	assert_int_equal(count, 0);
}

/* From 6 to 8: the last part of the old tree, what completes it, and what stands before it. */
static void test_consistency_starts_with_the_part_that_ended_the_old_tree(void **state)
{
	struct fixture *fixture = *state;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	assert_int_equal(
		sf_tree_consistency(&fixture->crypto, &fixture->source, 6, 8, hashes, &count, NULL),
		SF_OK);
	assert_int_equal(count, 3);
	expect_digest(
		&hashes[0], "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
	expect_digest(
		&hashes[1], "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
	expect_digest(&hashes[2], roots[4]);
	for (uint64_t from = 0; from <= 8; from += 8) {
		assert_int_equal(sf_tree_consistency(&fixture->crypto, &fixture->source, from, 8,
					 hashes, &count, NULL),
			SF_OK);
		assert_int_equal(count, 0);
	}
}

static void test_checks_refuse_impossible_sizes_and_places(void **state)
{
	struct fixture *fixture = *state;
	struct sf_crypto *crypto = &fixture->crypto;
	struct sf_digest leaf = leaf_hash(fixture, 0), root = digest_of(roots[1]);
	struct sf_digest empty = digest_of(roots[0]), other = digest_of(roots[2]);
	assert_int_equal(sf_tree_check_inclusion(crypto, 0, 1, &leaf, NULL, 0, &root), SF_OK);
	assert_int_equal(
		sf_tree_check_inclusion(crypto, 1, 1, &leaf, NULL, 0, &root), SF_ERR_INTEGRITY);
	assert_int_equal(
		sf_tree_check_inclusion(crypto, 0, 0, &leaf, NULL, 0, &root), SF_ERR_INTEGRITY);
	assert_int_equal(sf_tree_check_inclusion(crypto, 0, UINT64_MAX, &leaf, NULL, 0, &root),
		SF_ERR_INTEGRITY);
	assert_int_equal(sf_tree_check_consistency(crypto, 0, &other, 1, &root, NULL, 0), SF_OK);
	assert_int_equal(
		sf_tree_check_consistency(crypto, 0, &empty, 1, &root, &leaf, 1), SF_ERR_INTEGRITY);
	assert_int_equal(sf_tree_check_consistency(crypto, 0, &empty, 0, &empty, NULL, 0), SF_OK);
	assert_int_equal(
		sf_tree_check_consistency(crypto, 0, &empty, 0, &other, NULL, 0), SF_ERR_INTEGRITY);
	assert_int_equal(sf_tree_check_consistency(crypto, 0, &other, 0, &empty, NULL, 0), SF_OK);
	assert_int_equal(
		sf_tree_check_consistency(crypto, 0, &other, 0, &other, NULL, 0), SF_ERR_INTEGRITY);
	assert_int_equal(
		sf_tree_check_consistency(crypto, 3, &root, 4, &other, NULL, 0), SF_ERR_INTEGRITY);
	assert_int_equal(sf_tree_check_consistency(crypto, 1, &root, 1, &root, NULL, 0), SF_OK);
	assert_int_equal(
		sf_tree_check_consistency(crypto, 1, &root, 1, &other, NULL, 0), SF_ERR_INTEGRITY);
	assert_int_equal(
		sf_tree_check_consistency(crypto, 2, &other, 1, &root, NULL, 0), SF_ERR_INTEGRITY);
	assert_int_equal(sf_tree_check_consistency(crypto, 1, &root, UINT64_MAX, &root, NULL, 0),
		SF_ERR_INTEGRITY);
}

/* The proof of leaf 2 of 4 reads like one of leaf 0 of 2 that is a hash too long. */
static void test_inclusion_in_a_tree_that_is_not_so_high_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct sf_digest hashes[SF_TREE_PROOF_MAX], leaf = leaf_hash(fixture, 2);
	struct sf_digest root = digest_of(roots[4]);
	size_t count = 0;
	assert_int_equal(
		sf_tree_inclusion(&fixture->crypto, &fixture->source, 2, 4, hashes, &count, NULL),
		SF_OK);
	assert_int_equal(
		sf_tree_check_inclusion(&fixture->crypto, 2, 4, &leaf, hashes, count, &root),
		SF_OK);
	assert_int_equal(
		sf_tree_check_inclusion(&fixture->crypto, 0, 2, &leaf, hashes, count, &root),
		SF_ERR_INTEGRITY);
}

/* The leftmost leaf of a tree as high as there is, and of one that is higher. */
static void test_trees_of_2_to_the_63_leaves_are_too_large(void **state)
{
	struct fixture *fixture = *state;
	struct sf_crypto *crypto = &fixture->crypto;
	struct sf_digest hashes[64], leaf = leaf_hash(fixture, 0), root = leaf;
	for (size_t i = 0; i < SF_COUNT(hashes); i++) {
		hashes[i] = leaf_hash(fixture, 1 + i % 7);
		bool highest = i + 1 == SF_COUNT(hashes);
		if (highest) {
			assert_int_equal(sf_tree_check_inclusion(
						 crypto, 0, INT64_MAX, &leaf, hashes, i, &root),
				SF_OK);
			assert_int_equal(sf_tree_check_consistency(
						 crypto, 1, &leaf, INT64_MAX, &root, hashes, i),
				SF_OK);
			assert_int_equal(sf_tree_check_inclusion(crypto, 0, UINT64_C(1) << 63,
						 &leaf, hashes, i, &root),
				SF_ERR_INTEGRITY);
		}
		sf_tree_node_hash(crypto, &root, &hashes[i], &root);
	}
	assert_int_equal(sf_tree_check_inclusion(crypto, 0, UINT64_MAX, &leaf, hashes, 64, &root),
		SF_ERR_INTEGRITY);
	assert_int_equal(sf_tree_check_consistency(crypto, 1, &leaf, UINT64_MAX, &root, hashes, 64),
		SF_ERR_INTEGRITY);
}

static void test_building_refuses_what_is_not_in_the_tree(void **state)
{
	struct fixture *fixture = *state;
	struct sf_digest hashes[SF_TREE_PROOF_MAX], root;
	size_t count = 99;
	struct sf_diag diag = {{0}};
	assert_int_equal(
		sf_tree_inclusion(&fixture->crypto, &fixture->source, 8, 8, hashes, &count, &diag),
		SF_ERR_USAGE);
	assert_true(strlen(diag.text) > 0);
	assert_int_equal(
		sf_tree_consistency(&fixture->crypto, &fixture->source, 8, 7, hashes, &count, NULL),
		SF_ERR_USAGE);
	assert_int_equal(sf_tree_consistency(&fixture->crypto, &fixture->source, 8, UINT64_MAX,
				 hashes, &count, NULL),
		SF_ERR_USAGE);
	assert_int_equal(sf_tree_root(&fixture->crypto, &fixture->source, UINT64_MAX, &root, NULL),
		SF_ERR_USAGE);
	assert_int_equal(count, 99);
}

static void test_error_of_the_source_ends_the_building(void **state)
{
	struct fixture *fixture = *state;
	fixture->levels.broken = true;
	struct sf_digest hashes[SF_TREE_PROOF_MAX], root = digest_of(roots[0]);
	size_t count = 99;
	struct sf_diag diag = {{0}};
	assert_int_equal(
		sf_tree_root(&fixture->crypto, &fixture->source, 5, &root, &diag), SF_ERR_IO);
	assert_string_equal(diag.text, "the source is broken");
	assert_int_equal(
		sf_tree_inclusion(&fixture->crypto, &fixture->source, 4, 5, hashes, &count, NULL),
		SF_ERR_IO);
	assert_int_equal(
		sf_tree_consistency(&fixture->crypto, &fixture->source, 4, 5, hashes, &count, NULL),
		SF_ERR_IO);
	expect_digest(&root, roots[0]);
	assert_int_equal(count, 99);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_roots_are_those_of_the_reference_tree),
		TEST(test_inclusion_hashes_go_from_the_sibling_upwards),
		TEST(test_consistency_starts_with_the_part_that_ended_the_old_tree),
		TEST(test_checks_refuse_impossible_sizes_and_places),
		TEST(test_inclusion_in_a_tree_that_is_not_so_high_is_refused),
		TEST(test_trees_of_2_to_the_63_leaves_are_too_large),
		TEST(test_building_refuses_what_is_not_in_the_tree),
		TEST(test_error_of_the_source_ends_the_building),
	};
	return cmocka_run_group_tests_name("log/tree", tests, NULL, NULL);
}
