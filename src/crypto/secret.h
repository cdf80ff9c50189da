/*
 * Secret bytes: kept out of swap and core files, between guard pages, wiped when given back. There
 * is no formatter for them, so they cannot be logged.
 */
#ifndef SF_CRYPTO_SECRET_H
#define SF_CRYPTO_SECRET_H

#include "base/bytes.h"

struct sf_secret {
	uint8_t *bytes; /* owned */
	size_t size;
};

/* Zeroed, size > 0. SF_ERR_MEMORY. Starts libsodium if nobody has (SF_ERR_UNSUPPORTED). */
SF_MUST_USE enum sf_err sf_secret_init(struct sf_secret *ret_secret, size_t size);
/* Wipes and frees; an empty secret is left alone. */
void sf_secret_fini(struct sf_secret *secret);
struct sf_view sf_secret_view(const struct sf_secret *secret);
/* Takes as long for equal as for different bytes of one size. */
bool sf_secret_equal(struct sf_view a, struct sf_view b);
/* Overwrites in a way that no compiler leaves out. */
void sf_secret_wipe(void *place, size_t size);

#endif
