/*
 * Padding of a sealed body (WIRE.md section 1): x || 0x80 || zeros up to max(4096, Padme), so that
 * a ciphertext's length tells at most O(log log size) bits of the length of a letter.
 */
#ifndef SF_CRYPTO_PADDING_H
#define SF_CRYPTO_PADDING_H

#include "base/bytes.h"

/* Padded size of size bytes; size <= SF_SALTED_BODY_SIZE_MAX. */
size_t sf_padding_size(size_t size);
/* The size before padding. SF_ERR_FORMAT for a missing mark, another length or non-zero filling. */
SF_MUST_USE enum sf_err sf_padding_strip(struct sf_view padded, size_t *ret_size);

#endif
