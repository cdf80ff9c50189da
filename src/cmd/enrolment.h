/*
 * From a party's request to an entry of the directory (WIRE.md section 2): made and signed by the
 * party, checked and signed by registrars, later revoked or signed by more of them. Everything here
 * works on bytes and values; files and people are the commands'.
 *
 * A request is a SignedRecord named "enrolment" (WIRE section 4) with one signature, of an identity
 * key that it names itself. An entry is a SignedRecord named "entry". Files hold the bytes as they
 * are.
 */
#ifndef SF_CMD_ENROLMENT_H
#define SF_CMD_ENROLMENT_H

#include "core/directory.h"
#include "crypto/keyring.h"
#include "crypto/words.h"
#include "wire/record.h"

#define SF_ENROLMENT_SIZE_MAX (SF_DIRECTORY_ENTRY_SIZE_MAX + 2048) /* record and signatures */
#define SF_FINGERPRINT_TEXT_SIZE SF_WORDS_TEXT_SIZE(SF_ID_SIZE)

struct sf_enrolment {
	struct sf_directory_entry entry; /* with key ids; version 0 */
	int64_t made_ms;
	struct sf_id signed_by;  /* key id */
	struct sf_digest digest; /* of the record */
};

/* Half of the digest, 128 bits, in eight words: what two people compare over a telephone. */
void sf_fingerprint_format(const struct sf_digest *digest, char ret_text[SF_FINGERPRINT_TEXT_SIZE]);

/* Encodes and signs with the identity key key_id of the keyring. */
SF_MUST_USE enum sf_err sf_enrolment_make(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_directory_entry *entry, int64_t made_ms, struct sf_buf *buf,
	struct sf_diag *diag);
/* Checks the request's own signature, codes and keys: SF_ERR_INTEGRITY, SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_enrolment_read(
	struct sf_view bytes, struct sf_enrolment *ret_enrolment, struct sf_diag *diag);

/* Names the entry and its keys. Signatures are not judged: sf_registry_add does that. */
SF_MUST_USE enum sf_err sf_entry_read(struct sf_view bytes, struct sf_signed_record *ret_record,
	struct sf_directory_entry *ret_entry, struct sf_diag *diag);

/*
 * The entry that a request asks for. previous is NULL for a new party; what it revoked stays
 * revoked. SF_ERR_CONFLICT: the previous entry is another party's. SF_ERR_REFUSED: keys that live
 * longer than WIRE section 2 allows or are over, or a request signed with a revoked key.
 * ret_new_identity: the request is not signed with a key of previous; a person must know why.
 */
SF_MUST_USE enum sf_err sf_entry_from_request(const struct sf_enrolment *request,
	const struct sf_directory_entry *previous, struct sf_id represented_by, int64_t now_ms,
	struct sf_directory_entry *ret_entry, bool *ret_new_identity, struct sf_diag *diag);
/*
 * The entry after previous with one key revoked at now_ms, or every one when key_id is none.
 * compromised_since_ms 0: not known. SF_ERR_NOT_FOUND, SF_ERR_CONFLICT (revoked before).
 */
SF_MUST_USE enum sf_err sf_entry_revoke(const struct sf_directory_entry *previous,
	struct sf_id key_id, int64_t now_ms, int64_t compromised_since_ms,
	struct sf_directory_entry *ret_entry, struct sf_diag *diag);

/* Encodes and signs as the registrar whose key is key_id. */
SF_MUST_USE enum sf_err sf_entry_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_directory_entry *entry, struct sf_buf *buf, struct sf_diag *diag);
/* Adds one more registrar's signature. SF_ERR_EXISTS when it is there, SF_ERR_LIMIT. */
SF_MUST_USE enum sf_err sf_entry_cosign(struct sf_keyring *keyring, struct sf_id key_id,
	struct sf_view bytes, struct sf_buf *buf, struct sf_diag *diag);

#endif
