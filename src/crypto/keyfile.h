/*
 * Secret keys on disk (WIRE.md section 2): one key in a short text file that only its owner may
 * read, encrypted with a passphrase (Argon2id, XChaCha20-Poly1305) if one is asked for.
 *
 *	stafet-key 1
 *	kind identity
 *	public <64 hexadecimal digits>                     not for shared secrets
 *	protection none  |  protection argon2id <passes> <KiB> <salt> <nonce>
 *	secret <digits>                                    encrypted: with its tag; binds all above
 */
#ifndef SF_CRYPTO_KEYFILE_H
#define SF_CRYPTO_KEYFILE_H

#include "crypto/key.h"

struct sf_keyfile_access {
	/*
	 * Empty: no passphrase is asked, the file must be unencrypted. Else the file must be
	 * encrypted, unless it lies in credentials_directory.
	 */
	struct sf_view passphrase; /* borrowed */
	/* systemd's $CREDENTIALS_DIRECTORY or NULL: there, group-readable files are in order. */
	const char *credentials_directory; /* borrowed */
};

/*
 * Reads and checks a key of the expected kind. diag says what and what to do. SF_ERR_NOT_FOUND,
 * SF_ERR_AUTH (mode, owner, passphrase), SF_ERR_FORMAT, SF_ERR_LIMIT, SF_ERR_IO, SF_ERR_MEMORY.
 */
SF_MUST_USE enum sf_err sf_keyfile_read(const char *path, enum sf_key_kind kind,
	const struct sf_keyfile_access *access, struct sf_key *ret_key, struct sf_diag *diag);
/*
 * Writes atomically with mode 0600 and synchronises file and directory. An existing file is kept
 * (SF_ERR_EXISTS) unless replace. An empty passphrase writes it unencrypted. env gives salt and
 * nonce.
 */
SF_MUST_USE enum sf_err sf_keyfile_write(const char *path, const struct sf_key *key,
	struct sf_view passphrase, bool replace, const struct sf_env *env, struct sf_diag *diag);

#endif
