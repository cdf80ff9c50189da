/*
 * Trees of the log against the definition (RFC 9162 section 2.1), written once more as recursion
 * over a list of leaves: roots at sizes to 10,000, all proofs to 200 leaves, and every way in which
 * a proof can be a little wrong.
 */
#include "property/chance.h"

#include <string.h>

#include "crypto/port.h"
#include "unit/log/levels.h"

#define SIZE_LARGE 10000 /* of the largest tree */
#define SIZE_EACH 200    /* to here, every proof */
#define SIZE_BITS 20     /* to here, every bit of every proof */

static struct sf_keyring *keyring;
static struct sf_crypto crypto;
static struct levels levels;
static struct sf_tree_source source;
static struct sf_digest leaves[SIZE_LARGE];
static struct sf_digest roots[SIZE_EACH + 2]; /* by size */

/* --- The definition ----------------------------------------------------------------------------*/

static size_t split(size_t size)
{
	size_t left = 1;
	while (2 * left < size)
		left *= 2;
	return left;
}

static bool sides_only; /* where hashes stand is asked, not what they are */

static struct sf_digest root_of(const struct sf_digest *hashes, size_t size)
{
	struct sf_digest root = {{0}};
	if (sides_only)
		return root;
	if (size == 0)
		sf_tree_empty_root(&crypto, &root);
	else if (size == 1)
		root = hashes[0];
	if (size < 2)
		return root;
	size_t left = split(size);
	struct sf_digest a = root_of(hashes, left), b = root_of(hashes + left, size - left);
	sf_tree_node_hash(&crypto, &a, &b, &root);
	return root;
}

/* A proof, and on which side each of its hashes is used: '<', '>', '=' for what it starts with. */
struct expected {
	struct sf_digest hashes[SF_TREE_PROOF_MAX + 1];
	char sides[SF_TREE_PROOF_MAX + 1];
	size_t count;
};

static void expect(struct expected *proof, char side, struct sf_digest hash)
{
	proof->sides[proof->count] = side;
	proof->hashes[proof->count++] = hash;
}

static void inclusion_of(
	const struct sf_digest *hashes, size_t index, size_t size, struct expected *proof)
{
	if (size < 2)
		return;
	size_t left = split(size);
	if (index < left) {
		inclusion_of(hashes, index, left, proof);
		expect(proof, '>', root_of(hashes + left, size - left));
	} else {
		inclusion_of(hashes + left, index - left, size - left, proof);
		expect(proof, '<', root_of(hashes, left));
	}
}

static void consistency_of(
	const struct sf_digest *hashes, size_t from, size_t to, bool whole, struct expected *proof)
{
	if (from == to) {
		if (!whole)
			expect(proof, '=', root_of(hashes, to));
		return;
	}
	size_t left = split(to);
	if (from <= left) {
		consistency_of(hashes, from, left, whole, proof);
		expect(proof, '>', root_of(hashes + left, to - left));
	} else {
		consistency_of(hashes + left, from - left, to - left, false, proof);
		expect(proof, '<', root_of(hashes, left));
	}
}

static bool same_sides(const struct expected *a, const struct expected *b)
{
	return a->count == b->count && memcmp(a->sides, b->sides, a->count) == 0;
}

/* --- One claim: inclusion, or consistency
 * -------------------------------------------------------*/

/* at and size are index and size, or from and to; start is the leaf's hash, or the old root. */
struct claim {
	bool inclusion;
	size_t at, size;
	struct sf_digest start, root;
	struct expected proof;
};

static bool holds(const struct claim *claim)
{
	const struct expected *proof = &claim->proof;
	enum sf_err err =
		claim->inclusion ? sf_tree_check_inclusion(&crypto, claim->at, claim->size,
					   &claim->start, proof->hashes, proof->count, &claim->root)
				 : sf_tree_check_consistency(&crypto, claim->at, &claim->start,
					   claim->size, &claim->root, proof->hashes, proof->count);
	CHECK(err == SF_OK || err == SF_ERR_INTEGRITY);
	return err == SF_OK;
}

static struct claim claim_of(bool inclusion, size_t at, size_t size)
{
	struct claim claim = {.inclusion = inclusion, .at = at, .size = size, .root = roots[size]};
	claim.start = inclusion ? leaves[at] : roots[at];
	if (inclusion)
		inclusion_of(leaves, at, size, &claim.proof);
	else
		consistency_of(leaves, at, size, true, &claim.proof);
	return claim;
}

static void check_built(const struct claim *claim)
{
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	levels.reads = 0;
	enum sf_err err = claim->inclusion ? sf_tree_inclusion(&crypto, &source, claim->at,
						     claim->size, hashes, &count, NULL)
					   : sf_tree_consistency(&crypto, &source, claim->at,
						     claim->size, hashes, &count, NULL);
	CHECK(err == SF_OK);
	CHECK(count == claim->proof.count);
	CHECK(count == 0 || memcmp(hashes, claim->proof.hashes, count * sizeof(hashes[0])) == 0);
	/* Two nodes a level are enough: no proof walks the tree. */
	CHECK(levels.reads <= 2 * 8);
}

static void flip(struct sf_digest *hash, size_t bit)
{
	hash->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

/* Every bit of small trees, and one of each hash of large ones. */
static void check_flipped(struct claim *claim, struct sf_digest *hash, struct chance *chance)
{
	bool every = claim->size <= SIZE_BITS;
	for (size_t i = 0; i < (every ? 256 : 1); i++) {
		size_t bit = every ? i : chance_below(chance, 256);
		flip(hash, bit);
		CHECK(!holds(claim));
		flip(hash, bit);
	}
}

static void check_lengths(const struct claim *claim, struct chance *chance)
{
	size_t count = claim->proof.count;
	struct claim other = *claim;
	for (size_t i = 0; i < count; i++) {
		other.proof = claim->proof;
		memmove(&other.proof.hashes[i], &other.proof.hashes[i + 1],
			(count - i - 1) * sizeof(other.proof.hashes[0]));
		other.proof.count = count - 1;
		CHECK(!holds(&other));
	}
	for (size_t i = 0; i <= count; i++) {
		other.proof = claim->proof;
		memmove(&other.proof.hashes[i + 1], &other.proof.hashes[i],
			(count - i) * sizeof(other.proof.hashes[0]));
		other.proof.hashes[i] = leaves[chance_below(chance, SIZE_LARGE)];
		other.proof.count = count + 1;
		CHECK(!holds(&other));
	}
}

/*
 * The proof for another index or size. With that size's own root it never holds. With the old root
 * it holds exactly when its hashes would be used on the same sides: then it is the same sum, and
 * what binds the size is the checkpoint that names it with its root.
 */
static void check_other(const struct claim *claim, size_t at, size_t size)
{
	if (size > SIZE_EACH || (claim->inclusion ? at >= size : at > size || at == 0))
		return;
	sides_only = true;
	struct claim other = claim_of(claim->inclusion, at, size);
	sides_only = false;
	bool same_sum = same_sides(&other.proof, &claim->proof);
	other.proof = claim->proof;
	other.start = claim->start;
	CHECK(!holds(&other));
	other.root = claim->root;
	CHECK(holds(&other) == same_sum);
	CHECK(!same_sum || (size != claim->size && at == claim->at));
}

static void check_claim(bool inclusion, size_t at, size_t size, struct chance *chance)
{
	struct claim claim = claim_of(inclusion, at, size);
	check_built(&claim);
	CHECK(holds(&claim));
	check_flipped(&claim, &claim.start, chance);
	check_flipped(&claim, &claim.root, chance);
	for (size_t i = 0; i < claim.proof.count; i++)
		check_flipped(&claim, &claim.proof.hashes[i], chance);
	check_lengths(&claim, chance);
	check_other(&claim, at + 1, size);
	check_other(&claim, at - 1, size);
	check_other(&claim, at, size + 1);
	check_other(&claim, at, size - 1);
}

/* --- Roots -------------------------------------------------------------------------------------*/

static bool near_a_power_of_two(size_t size)
{
	for (size_t power = 1; power <= size + 1; power *= 2)
		if (size + 1 == power || size == power || size == power + 1)
			return true;
	return false;
}

static void check_root(const struct sf_frontier *frontier)
{
	struct sf_digest root, expected = root_of(leaves, frontier->size);
	sf_frontier_root(&crypto, frontier, &root);
	CHECK(sf_digest_equal(&root, &expected));
	levels.reads = 0;
	CHECK(sf_tree_root(&crypto, &source, frontier->size, &root, NULL) == SF_OK);
	CHECK(sf_digest_equal(&root, &expected));
	CHECK(levels.reads <= 14);
	if (frontier->size < SF_COUNT(roots))
		roots[frontier->size] = root;
}

static void grow(struct chance *chance)
{
	struct sf_frontier frontier = {.size = 0};
	check_root(&frontier);
	for (size_t i = 0; i < SIZE_LARGE; i++) {
		uint8_t leaf[42];
		for (size_t j = 0; j < sizeof(leaf); j++)
			leaf[j] = (uint8_t)chance_below(chance, 256);
		sf_put_u64(leaf, i); /* no two are the same */
		sf_tree_leaf_hash(
			&crypto, sf_view_of(leaf, chance_below(chance, 35) + 8), &leaves[i]);
		levels_append(&levels, &leaves[i]);
		sf_frontier_append(&crypto, &frontier, &leaves[i]);
		if (i < 2 * SIZE_EACH || near_a_power_of_two(i + 1) || i + 1 == SIZE_LARGE ||
			chance_below(chance, 100) == 0)
			check_root(&frontier);
	}
}

static void trees_are_those_of_the_definition(struct chance *chance)
{
	levels_init(&levels, &crypto);
	source = levels_source(&levels);
	grow(chance);
	for (size_t size = 1; size <= SIZE_EACH; size++) {
		for (size_t index = 0; index < size; index++)
			check_claim(true, index, size, chance);
		for (size_t from = 1; from < size; from++)
			check_claim(false, from, size, chance);
	}
	levels_fini(&levels);
}

int main(int argc, char **argv)
{
	if (sf_keyring_open(&keyring))
		return 1;
	sf_crypto_port(keyring, &crypto);
	int status = chance_main(argc, argv, "tree", trees_are_those_of_the_definition);
	sf_keyring_close(&keyring);
	return status;
}
