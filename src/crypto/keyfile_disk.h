/*
 * The disk side of key files: who may read them is checked before a byte is read; what is written
 * is there whole or not at all.
 */
#ifndef SF_CRYPTO_KEYFILE_DISK_H
#define SF_CRYPTO_KEYFILE_DISK_H

#include "crypto/secret.h"

#define SF_KEYFILE_SIZE_MAX ((size_t)4096)

/* Reads a regular file of at most SF_KEYFILE_SIZE_MAX bytes that only its owner may read. */
SF_MUST_USE enum sf_err sf_keyfile_load(const char *path, bool credential,
	struct sf_secret *ret_text, size_t *ret_size, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_keyfile_store(
	const char *path, struct sf_view text, bool replace, struct sf_diag *diag);

#endif
