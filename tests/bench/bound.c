#include "bench/bound.h"

/* One line of the sum. */
struct share {
	const char *what;
	double times; /* a letter */
	double us;
};

static size_t rounded(double batch)
{
	size_t count = batch < 1 ? 1 : (size_t)(batch + 0.5);
	return count > SF_BENCH_BATCH_MAX ? SF_BENCH_BATCH_MAX : count;
}

double sf_bench_bound(const struct sf_bench_batches *batches, const char *folder, FILE *out)
{
	const double mean =
		3 / (1 / batches->hospital + 1 / batches->coordinator + 1 / batches->municipality);
	const size_t batch = rounded(mean);
	const struct sf_bench_crypto_costs crypto = sf_bench_crypto_costs();
	const struct sf_bench_wire_costs wire = sf_bench_wire_costs(batch);
	const struct sf_bench_link_costs link = sf_bench_link_costs(batch > 200 ? 200 : batch);
	const struct sf_bench_store_costs store = sf_bench_store_costs(folder, batch);
	const double per_turn =
		1 / batches->hospital + 1 / batches->coordinator + 1 / batches->municipality;
	const struct share shares[] = {
		{"BLAKE2b of the body: commitment made and checked", 2, crypto.blake2b_2k},
		{"BLAKE2b of the sealed 4 KB: author, coordinator, recipient", 3,
			crypto.blake2b_4k},
		{"AEAD of the padded 4 KB: sealed and opened", 2, crypto.aead_4k},
		{"message packed: letter, acknowledgement", 2, wire.message_pack},
		{"header packed: letter, acknowledgement", 2, wire.header_pack},
		{"header unpacked: both, by two parties", 4, wire.header_unpack},
		{"body packed and unpacked", 1, wire.body_pack + wire.body_unpack},
		{"frames packed and unpacked: four legs", 4,
			(wire.frame_pack + wire.frame_unpack) / 2},
		{"CURVE, both sides: letter, two legs", 2, link.item_4k},
		{"CURVE, both sides: acknowledgement, two legs", 2, link.item_600},
		{"rows of 4.6 KB inserted: hospital, coordinator", 2, store.insert_4k},
		{"row of 2.1 KB inserted: municipality", 1, store.insert_2k},
		{"rows of 600 bytes inserted: acknowledgement, three stores", 3, store.insert_600},
		{"rows updated: three stores", 3, store.update_100},
		{"a turn: signature at hospital, coordinator, municipality", per_turn, crypto.sign},
		{"a turn: four signatures checked, of 3 turns", per_turn, 4.0 / 3 * crypto.check},
		{"a turn: key agreement, of 3 turns", per_turn,
			(crypto.encapsulate + crypto.decapsulate) / 3},
	};
	double sum_us = 0;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		double us = shares[i].times * shares[i].us;
		sum_us += us;
		if (out)
			fprintf(out, "   %6.2f us = %5.3f x %6.2f  %s\n", us, shares[i].times,
				shares[i].us, shares[i].what);
	}
	if (out)
		fprintf(out, "   %6.1f us a letter at %.0f a turn (commits are in the rows)\n",
			sum_us, mean);
	return 2e6 / sum_us;
}
