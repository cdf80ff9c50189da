/*
 * The tree of the log: what an append costs beside the bare hash of the same bytes, and proofs at a
 * million and ten million leaves out of a source in memory.
 *
 *   bench_log [--most N]
 *
 * CPU microseconds, medians; appends and bare hashes in the same run.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"
#include "crypto/port.h"
#include "log/leaf.h"
#include "unit/log/levels.h"

#define APPENDS ((size_t)4096) /* a round */
#define TURNS 15
#define PROOFS ((size_t)256)

struct bench {
	struct sf_crypto crypto;
	struct levels levels;
	struct sf_tree_source source;
	struct sf_frontier frontier;
	size_t size; /* of the tree that proofs are about */
	struct sf_digest root, old_root;
	size_t old_size;
	uint64_t drawn; /* number of the next leaf to prove */
	/* What building made is what checking reads. */
	struct sf_digest hashes[PROOFS][SF_TREE_PROOF_MAX];
	size_t counts[PROOFS];
	uint64_t indexes[PROOFS];
};

static void leaf_of(uint64_t number, uint8_t ret_leaf[SF_LEAF_SIZE])
{
	for (size_t i = 0; i < SF_LEAF_SIZE; i++)
		ret_leaf[i] = (uint8_t)(number >> i % 8 * 8);
}

/* As the coordinator appends: leaf hash and frontier; what it stores is not counted. */
static void append(void *context, size_t count)
{
	struct bench *bench = context;
	uint8_t leaf[SF_LEAF_SIZE];
	for (size_t i = 0; i < count; i++) {
		struct sf_digest hash;
		leaf_of(bench->frontier.size, leaf);
		sf_tree_leaf_hash(&bench->crypto, sf_view_of(leaf, sizeof(leaf)), &hash);
		sf_frontier_append(&bench->crypto, &bench->frontier, &hash);
	}
}

/* The bytes an append hashes, hashed and nothing else: 43 of each leaf, 65 of each node. */
static void hash_bare(void *context, size_t count)
{
	struct bench *bench = context;
	uint8_t bytes[65] = {0};
	struct sf_digest hash;
	for (size_t i = 0; i < count; i++) {
		struct sf_view leaf = sf_view_of(bytes, 1 + SF_LEAF_SIZE);
		struct sf_view node = sf_view_of(bytes, sizeof(bytes));
		bench->crypto.sha256(bench->crypto.self, &leaf, 1, &hash);
		bytes[1] = hash.bytes[0];
		for (size_t rest = i; rest & 1; rest >>= 1)
			bench->crypto.sha256(bench->crypto.self, &node, 1, &hash);
	}
}

static void build_inclusion(void *context, size_t count)
{
	struct bench *bench = context;
	for (size_t i = 0; i < count; i++) {
		bench->drawn += UINT64_C(0x9E3779B97F4A7C15);
		bench->indexes[i] = bench->drawn % bench->size;
		SF_ASSERT(sf_tree_inclusion(&bench->crypto, &bench->source, bench->indexes[i],
				  bench->size, bench->hashes[i], &bench->counts[i], NULL) == SF_OK);
	}
}

static void check_inclusion(void *context, size_t count)
{
	struct bench *bench = context;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(sf_tree_check_inclusion(&bench->crypto, bench->indexes[i], bench->size,
				  &bench->levels.at[0].hashes[bench->indexes[i]], bench->hashes[i],
				  bench->counts[i], &bench->root) == SF_OK);
}

/* From one size, a second of a busy log ago. */
static void build_consistency(void *context, size_t count)
{
	struct bench *bench = context;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(sf_tree_consistency(&bench->crypto, &bench->source, bench->old_size,
				  bench->size, bench->hashes[i], &bench->counts[i], NULL) == SF_OK);
}

static void check_consistency(void *context, size_t count)
{
	struct bench *bench = context;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(sf_tree_check_consistency(&bench->crypto, bench->old_size,
				  &bench->old_root, bench->size, &bench->root, bench->hashes[i],
				  bench->counts[i]) == SF_OK);
}

static double cost(struct bench *bench, void (*round)(void *context, size_t count), size_t count)
{
	const struct sf_bench_work work = {.context = bench, .round = round};
	return sf_bench_cost_us(&work, count);
}

/* One after the other several times, so that neighbours on the machine disturb both alike. */
static void print_appends(struct bench *bench)
{
	double append_us[TURNS], bare_us[TURNS], ratios[TURNS];
	for (size_t i = 0; i < TURNS; i++) {
		append_us[i] = cost(bench, append, APPENDS);
		bare_us[i] = cost(bench, hash_bare, APPENDS);
		ratios[i] = append_us[i] / bare_us[i];
	}
	double each_us = sf_bench_quantile(append_us, TURNS, 0.5);
	double floor_us = sf_bench_quantile(bare_us, TURNS, 0.5);
	printf("append to the frontier  %8.3f us  %9.0f a second  ratio %.2f\n", each_us,
		1e6 / each_us, sf_bench_quantile(ratios, TURNS, 0.5));
	printf("SHA-256 of these bytes  %8.3f us  %9.0f a second\n", floor_us, 1e6 / floor_us);
}

static void grow(struct bench *bench, size_t size)
{
	uint8_t leaf[SF_LEAF_SIZE];
	struct sf_digest hash;
	while (bench->levels.at[0].count < size) {
		leaf_of(bench->levels.at[0].count, leaf);
		sf_tree_leaf_hash(&bench->crypto, sf_view_of(leaf, sizeof(leaf)), &hash);
		levels_append(&bench->levels, &hash);
	}
	bench->size = size;
	bench->old_size = size - 777;
	SF_ASSERT(sf_tree_root(&bench->crypto, &bench->source, size, &bench->root, NULL) == SF_OK);
	SF_ASSERT(sf_tree_root(&bench->crypto, &bench->source, bench->old_size, &bench->old_root,
			  NULL) == SF_OK);
}

static void print_proofs(struct bench *bench)
{
	printf("%9zu leaves: inclusion build %7.2f us", bench->size,
		cost(bench, build_inclusion, PROOFS));
	printf(", check %7.2f us (%zu hashes)", cost(bench, check_inclusion, PROOFS),
		bench->counts[0]);
	printf("; consistency build %7.2f us", cost(bench, build_consistency, PROOFS));
	printf(", check %7.2f us (%zu hashes)\n", cost(bench, check_consistency, PROOFS),
		bench->counts[0]);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"most", required_argument, NULL, 'm'}, {0}};
	size_t most = 10000000;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option != 'm')
			return 2;
		most = strtoull(optarg, NULL, 10);
	}
	static struct bench bench;
	struct sf_keyring *keyring;
	SF_ASSERT(sf_keyring_open(&keyring) == SF_OK);
	sf_crypto_port(keyring, &bench.crypto);
	levels_init(&bench.levels, &bench.crypto);
	bench.source = levels_source(&bench.levels);
	print_appends(&bench);
	for (size_t size = 1000000; size <= most; size *= 10) {
		grow(&bench, size);
		print_proofs(&bench);
	}
	levels_fini(&bench.levels);
	sf_keyring_close(&keyring);
	return 0;
}
