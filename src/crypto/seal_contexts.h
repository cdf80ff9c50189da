/*
 * The HPKE contexts of one turn's batch: one for each recipient key and mode, numbered from 0,
 * never kept beyond the batch (WIRE.md section 1, "Why batches"). One thread makes them, any may
 * read.
 */
#ifndef SF_CRYPTO_SEAL_CONTEXTS_H
#define SF_CRYPTO_SEAL_CONTEXTS_H

#include "crypto/hpke.h"
#include "crypto/keyring.h"
#include "port/crypto.h"

struct sf_seal_context {
	struct sf_hpke_context hpke;
	uint8_t enc[SF_HPKE_KEY_SIZE];
	uint32_t sequence_next;
	bool psk;
	struct sf_seal_recipient recipient;
};

struct sf_seal_contexts {
	struct sf_secret memory; /* owned: array of struct sf_seal_context */
	size_t count;
	size_t count_max;
	size_t *index; /* owned: hash table of context number + 1, 0 empty */
	size_t index_size;
};

/* Room for count_max contexts; SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_seal_contexts_init(struct sf_seal_contexts *contexts, size_t count_max);
/* Wipes. */
void sf_seal_contexts_fini(struct sf_seal_contexts *contexts);
/*
 * Gives each slot of item its context and number, making contexts from seeds as needed.
 * SF_ERR_USAGE: too few seeds, a key id that is not the key's, one key twice in an item.
 * SF_ERR_KEY_UNKNOWN: no psk for the pair. SF_ERR_AUTH: a key of small order. SF_ERR_LIMIT: numbers
 * are used up.
 */
SF_MUST_USE enum sf_err sf_seal_contexts_assign(struct sf_seal_contexts *contexts,
	struct sf_keyring *keyring, struct sf_id author_key_id, const uint8_t (*seeds)[32],
	struct sf_seal_item *item);
const struct sf_seal_context *sf_seal_contexts_get(
	const struct sf_seal_contexts *contexts, size_t number);

#endif
