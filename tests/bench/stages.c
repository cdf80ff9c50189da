/* Prints what each stage costs: bench_stages [FOLDER], where the folder is on the disk to test. */
#include <stdio.h>

#include "bench/stage.h"

static void print_us(const char *what, double us)
{
	printf("%-58s %8.2f us\n", what, us);
	fflush(stdout);
}

static void print_crypto(void)
{
	const struct sf_bench_crypto_costs costs = sf_bench_crypto_costs();
	print_us("SHA-256 of 2 KB", costs.sha256_2k);
	print_us("BLAKE2b-256 of 2 KB", costs.blake2b_2k);
	print_us("BLAKE2b-256 of 4 KB", costs.blake2b_4k);
	print_us("ChaCha20-Poly1305 of 4 KB", costs.aead_4k);
	print_us("Ed25519 sign", costs.sign);
	print_us("Ed25519 verify", costs.check);
	print_us("HPKE encapsulate (two X25519)", costs.encapsulate);
	print_us("HPKE decapsulate (one X25519)", costs.decapsulate);
}

static void print_seal(size_t batch)
{
	const struct sf_bench_seal_costs costs = sf_bench_seal_costs(batch);
	printf("-- batch of %zu, 2 KB body, one recipient, an envelope\n", batch);
	print_us("seal and sign", costs.seal);
	print_us("verify", costs.verify);
	print_us("open", costs.open);
	print_us("a fact without a body: seal and sign", costs.fact);
	print_us("a fact without a body: verify", costs.verify_fact);
}

static void print_wire(void)
{
	const struct sf_bench_wire_costs costs = sf_bench_wire_costs(SF_BENCH_BATCH_MAX);
	printf("-- wire\n");
	print_us("message pack", costs.message_pack);
	print_us("message unpack", costs.message_unpack);
	print_us("header pack", costs.header_pack);
	print_us("header unpack, with its message", costs.header_unpack);
	print_us("body of 2 KB pack", costs.body_pack);
	print_us("body of 2 KB unpack", costs.body_unpack);
	print_us("full frame of 4.6 KB envelopes pack, an envelope", costs.frame_pack);
	print_us("full frame of 4.6 KB envelopes unpack, an envelope", costs.frame_unpack);
}

static void print_step(void)
{
	printf("-- the domain\n");
	print_us("an event of a discharge stepped, its transition opened and closed",
		sf_bench_step_cost());
}

static void print_link(void)
{
	const struct sf_bench_link_costs costs = sf_bench_link_costs(128);
	printf("-- CURVE on loopback, both ends with their I/O threads\n");
	print_us("a frame of 2 KB", costs.single_2k);
	print_us("4.6 KB, 128 in a frame, each", costs.item_4k);
	print_us("600 bytes, 128 in a frame, each", costs.item_600);
}

static void print_store(const char *folder, size_t batch)
{
	const struct sf_bench_store_costs costs = sf_bench_store_costs(folder, batch);
	printf("-- SQLite, %zu rows a commit, a row with its share of the commit\n", batch);
	print_us("insert, 4.6 KB", costs.insert_4k);
	print_us("insert, 2.1 KB", costs.insert_2k);
	print_us("insert, 600 bytes", costs.insert_600);
	print_us("update, 100 bytes", costs.update_100);
	if (batch > 1)
		return;
	print_us("a commit with one small row", costs.commit);
	print_us("a commit with one small row, wall time", costs.commit_wall);
	print_us("4 KB appended and fdatasync", costs.sync);
	print_us("4 KB appended and fdatasync, wall time", costs.sync_wall);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : ".";
	print_crypto();
	print_seal(1);
	print_seal(SF_BENCH_BATCH_MAX);
	print_wire();
	print_step();
	print_link();
	print_store(folder, 1);
	print_store(folder, 16);
	print_store(folder, 128);
	return 0;
}
