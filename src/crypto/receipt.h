/*
 * Receipts of a turn under one signature, each of which can be kept and shown alone (WIRE.md
 * sections 3 and 7.3). Unlike envelopes, a single receipt is a leaf hash too.
 */
#ifndef SF_CRYPTO_RECEIPT_H
#define SF_CRYPTO_RECEIPT_H

#include "crypto/keyring.h"

/* paths as in port/crypto.h: 32 * SF_BATCH_DEPTH_MAX bytes apart. 1 <= count <= 4096. */
SF_MUST_USE enum sf_err sf_receipt_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_view *receipts, size_t count, uint8_t *ret_paths, uint8_t *ret_depths,
	uint8_t ret_signature[SF_SIGNATURE_SIZE]);
SF_MUST_USE enum sf_err sf_receipt_check(struct sf_keyring *keyring,
	const uint8_t key[SF_PUBLIC_KEY_SIZE], struct sf_view receipt, uint16_t index,
	uint16_t count, struct sf_view path, const uint8_t signature[SF_SIGNATURE_SIZE]);

#endif
