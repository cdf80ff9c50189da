/*
 * What single steps of the way cost on this machine: CPU microseconds an item, medians. All of them
 * are the house's own functions, called as the engines call them.
 */
#ifndef SF_BENCH_STAGE_H
#define SF_BENCH_STAGE_H

#include <stddef.h>

#define SF_BENCH_BATCH_MAX ((size_t)256)

/* batch: items that share a signature, a frame or a commit; 1 to SF_BENCH_BATCH_MAX. */
struct sf_bench_crypto_costs {
	double sha256_2k, blake2b_2k, blake2b_4k, aead_4k;
	double sign, check;              /* Ed25519 of a short text */
	double encapsulate, decapsulate; /* HPKE's key agreement: two and one X25519 */
};
struct sf_bench_crypto_costs sf_bench_crypto_costs(void);

struct sf_bench_seal_costs {
	double seal, verify, open; /* an envelope with 2 KB for one recipient */
	double fact, verify_fact;  /* an envelope without a body */
};
struct sf_bench_seal_costs sf_bench_seal_costs(size_t batch);

struct sf_bench_wire_costs {
	double message_pack, message_unpack, header_pack, header_unpack;
	double body_pack, body_unpack;
	double frame_pack, frame_unpack; /* of batch envelopes of 4.5 KB; an envelope */
};
struct sf_bench_wire_costs sf_bench_wire_costs(size_t batch);

/* One recorded event folded into its transition, over whole discharges; opening included. */
double sf_bench_step_cost(void);

/* Both ends together, with the library's I/O threads. */
struct sf_bench_link_costs {
	double single_2k; /* a frame of 2 KB */
	double item_4k;   /* 4.5 KB, batch of them in one frame */
	double item_600;  /* 600 bytes, batch of them in one frame */
};
struct sf_bench_link_costs sf_bench_link_costs(size_t batch);

struct sf_bench_store_costs {
	double insert_4k, insert_2k, insert_600; /* rows with one random index, commit included */
	double update_100;                       /* a small row */
	double commit;                           /* one, with one small row in it */
	double commit_wall;                      /* wall time of that */
	double sync_wall;                        /* 4 KB appended and fdatasync, wall time */
	double sync;                             /* and its CPU */
};
/* folder: where the store is to lie. */
struct sf_bench_store_costs sf_bench_store_costs(const char *folder, size_t batch);

#endif
