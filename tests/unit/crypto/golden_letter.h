/*
 * What the golden files hold: four parties, five envelopes in three batches, three receipts. Fixed
 * for ever by the names and numbers in golden_letter.c.
 */
#ifndef SF_TEST_GOLDEN_LETTER_H
#define SF_TEST_GOLDEN_LETTER_H

#include "core/message.h"
#include "crypto/merkle.h"
#include "unit/crypto/sealing.h"

enum { GOLDEN_HOSPITAL, GOLDEN_MUNICIPALITY, GOLDEN_GP, GOLDEN_COORDINATOR, GOLDEN_PARTIES };

#define GOLDEN_SEEDS 2
#define GOLDEN_RECEIPTS 3

struct golden_party {
	const char *name;
	struct party party;
	uint8_t identity_seed[32];
	uint8_t sealing_secret[32];
};

struct golden_letter {
	struct sf_seal_item item;
	struct sf_seal_recipient recipients[2];
	size_t readers[2]; /* numbers of parties */
	uint8_t content_key[32];
	struct sf_buf message; /* owned, like the two below */
	struct sf_buf header;
	struct sf_buf salted_body;
	struct sf_digest commitment;
	struct sf_digest content_id;
};

struct golden {
	struct golden_party parties[GOLDEN_PARTIES];
	uint8_t psk[32];
	struct golden_letter alone;
	struct golden_letter together[3];
	struct golden_letter shared;
};

struct golden_receipts {
	struct sf_buf bytes[GOLDEN_RECEIPTS]; /* owned */
	uint8_t paths[GOLDEN_RECEIPTS][SF_MERKLE_PATH_SIZE_MAX];
	uint8_t depths[GOLDEN_RECEIPTS];
	uint8_t signature[SF_SIGNATURE_SIZE];
};

void golden_init(struct golden *golden);
void golden_fini(struct golden *golden);
/* Seals letters of the hospital as one batch. */
void golden_seal(struct golden *golden, struct golden_letter *letters, size_t count,
	const uint8_t (*seeds)[32]);
void golden_receipts_init(struct golden_receipts *receipts, const struct golden *golden);
void golden_receipts_fini(struct golden_receipts *receipts);

#endif
