/*
 * Following the directory (WIRE.md section 2): a signed entry is checked against the pinned
 * registrars, named, and added; the directory head chains over all entries. The coordinator and
 * every node run this same code.
 */
#ifndef SF_AUDIT_REGISTRY_H
#define SF_AUDIT_REGISTRY_H

#include "core/directory.h"
#include "port/crypto.h"
#include "wire/record.h"

#define SF_REGISTRARS_MAX 8

/* Pinned at enrolment. threshold of count distinct registrars must have signed. */
struct sf_registrars {
	size_t count;
	size_t threshold;
	uint8_t keys[SF_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE];
};

/*
 * True when as many distinct registrars as must have signed the record under that name ("entry",
 * "epoch"); with a threshold of 0 nobody has to.
 */
bool sf_registrars_signed(const struct sf_crypto *crypto, const struct sf_registrars *registrars,
	const struct sf_signed_record *record, const char *name);

/*
 * Checks signatures, decodes, names and adds a signed record to the directory and moves its head.
 * SF_ERR_AUTH: not signed by enough pinned registrars, or a new identity key without the old one's
 * signature or wait. recorded_ms: when it is being recorded; 0 for an entry that is recorded
 * already, whose wait was judged then. SF_ERR_FORMAT, SF_ERR_CONFLICT: diag says what. The
 * directory is unchanged on failure. ret_digest (may be NULL): digest of the entry, which leaf and
 * head commit to.
 */
SF_MUST_USE enum sf_err sf_registry_add(struct sf_directory *directory,
	const struct sf_crypto *crypto, const struct sf_registrars *registrars,
	struct sf_view signed_record, int64_t recorded_ms, struct sf_digest *ret_digest,
	struct sf_diag *diag);

/* digest = BLAKE2b-256("stafet/v1/entry\0" || bytes of the entry). */
void sf_registry_entry_digest(
	const struct sf_crypto *crypto, struct sf_view entry, struct sf_digest *ret_digest);
/* Fills digest and every key id of a decoded entry. */
void sf_registry_name_keys(const struct sf_crypto *crypto, struct sf_directory_entry *entry);

#endif
