/*
 * Opening one's own slot of a verified envelope: wrap, commit, AEAD, padding, body commitment, in
 * the receive order of WIRE.md section 1. Safe from any thread.
 */
#ifndef SF_CRYPTO_OPEN_H
#define SF_CRYPTO_OPEN_H

#include "crypto/keyring.h"
#include "port/crypto.h"

/* Initialises ret_result->salted_body in every case; the caller wipes nothing and fini's it. */
SF_MUST_USE enum sf_err sf_open_envelope(struct sf_keyring *keyring,
	const struct sf_envelope *envelope, struct sf_id own_party, struct sf_id author,
	const struct sf_digest *body_commitment, struct sf_open_result *ret_result);

#endif
