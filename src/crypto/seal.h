/*
 * Sealing the envelopes of one turn (WIRE.md section 1): begin on the engine thread, one on any
 * thread for each item, finish on the engine thread. One signature and one key agreement per
 * recipient key for the whole batch.
 */
#ifndef SF_CRYPTO_SEAL_H
#define SF_CRYPTO_SEAL_H

#include "crypto/keyring.h"
#include "port/crypto.h"

/* items stay the caller's and must not move until close. Errors as in port/crypto.h. */
SF_MUST_USE enum sf_err sf_seal_begin(struct sf_keyring *keyring, struct sf_id author_key_id,
	struct sf_seal_item *items, size_t count, const uint8_t (*seeds)[32], size_t seed_count,
	struct sf_seal_batch **ret_batch);
void sf_seal_one(struct sf_seal_batch *batch, struct sf_seal_item *item);
SF_MUST_USE enum sf_err sf_seal_finish(struct sf_seal_batch *batch);
void sf_seal_close(struct sf_seal_batch **batch);

#endif
