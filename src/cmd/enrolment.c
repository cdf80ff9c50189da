#include "cmd/enrolment.h"

#include <string.h>

#include "audit/registry.h"
#include "base/time.h"
#include "core/identifier.h"
#include "crypto/port.h"
#include "crypto/record.h"

/* WIRE section 2, with a few days of grace for calendars. */
#define SIGNING_LIFE_MS_MAX (400 * SF_DAY_MS)
#define CURVE_LIFE_MS_MAX (92 * SF_DAY_MS)

static const char request_name[] = "enrolment";
static const char entry_name[] = "entry";

void sf_fingerprint_format(const struct sf_digest *digest, char ret_text[SF_FINGERPRINT_TEXT_SIZE])
{
	sf_words_format(sf_view_of(digest->bytes, SF_ID_SIZE), ret_text);
}

/* Hashes need no secret: the port stands on no keyring here. */
static void name_keys(struct sf_directory_entry *entry)
{
	struct sf_crypto crypto;
	sf_crypto_port(NULL, &crypto);
	sf_registry_name_keys(&crypto, entry);
}

static const struct sf_directory_key *find_key(
	const struct sf_directory_entry *entry, struct sf_id key_id)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		if (sf_id_equal(entry->keys[i].id, key_id))
			return &entry->keys[i];
	}
	return NULL;
}

static bool is_curve(enum sf_key_use use)
{
	return use == SF_KEY_USE_SEALING || use == SF_KEY_USE_TRANSPORT;
}

static enum sf_err sign_record(struct sf_keyring *keyring, struct sf_id key_id, const char *name,
	struct sf_view bytes, struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_signed_record record = {.record = bytes, .signature_count = 1};
	record.signatures[0].key_id = key_id;
	enum sf_err err =
		sf_record_sign(keyring, key_id, name, bytes, record.signatures[0].signature);
	if (!err)
		err = sf_signed_record_encode(&record, buf);
	if (err)
		sf_diag_set(diag, "cannot be signed: %s", sf_err_text(err));
	return err;
}

enum sf_err sf_enrolment_make(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_directory_entry *entry, int64_t made_ms, struct sf_buf *buf,
	struct sf_diag *diag)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	enum sf_err err = sf_request_encode(entry, made_ms, &bytes);
	if (err)
		sf_diag_set(diag, "the request cannot be written: %s", sf_err_text(err));
	else
		err = sign_record(keyring, key_id, request_name, sf_buf_view(&bytes), buf, diag);
	sf_buf_fini(&bytes);
	return err;
}

static enum sf_err check_codes(const struct sf_directory_entry *entry, struct sf_diag *diag)
{
	if (entry->sor[0] && !sf_sor_is_valid(sf_view_text(entry->sor))) {
		sf_diag_set(diag, "the SOR code is not one, its check digit does not hold");
		return SF_ERR_FORMAT;
	}
	if (entry->gln[0] && !sf_gln_is_valid(sf_view_text(entry->gln))) {
		sf_diag_set(diag, "the GLN is not one, its check digit does not hold");
		return SF_ERR_FORMAT;
	}
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		if (is_curve(key->use) ? !sf_key_valid_x25519(key->public_key)
				       : !sf_key_valid_ed25519(key->public_key)) {
			sf_diag_set(diag, "a key is not canonical or of small order");
			return SF_ERR_FORMAT;
		}
	}
	return SF_OK;
}

/* The request must hold under an identity key that it names: whoever made it has that key. */
static enum sf_err check_signature(const struct sf_signed_record *record,
	const struct sf_enrolment *enrolment, struct sf_diag *diag)
{
	const struct sf_directory_key *key = NULL;
	if (record->signature_count == 1 && !record->has_succession)
		key = find_key(&enrolment->entry, record->signatures[0].key_id);
	if (key && key->use == SF_KEY_USE_IDENTITY &&
		!sf_record_check(key->public_key, request_name, record->record,
			record->signatures[0].signature))
		return SF_OK;
	sf_diag_set(diag, "the request is not signed with its own identity key, ask for it anew");
	return SF_ERR_INTEGRITY;
}

enum sf_err sf_enrolment_read(
	struct sf_view bytes, struct sf_enrolment *ret_enrolment, struct sf_diag *diag)
{
	struct sf_signed_record record;
	struct sf_enrolment enrolment = {0};
	enum sf_err err = sf_signed_record_decode(bytes, &record, diag);
	if (!err)
		err = sf_request_decode(record.record, &enrolment.entry, &enrolment.made_ms, diag);
	if (err)
		return err;
	name_keys(&enrolment.entry);
	sf_record_digest(request_name, record.record, &enrolment.digest);
	enrolment.signed_by = record.signatures[0].key_id;
	err = check_signature(&record, &enrolment, diag);
	if (!err)
		err = check_codes(&enrolment.entry, diag);
	if (!err)
		*ret_enrolment = enrolment;
	return err;
}

enum sf_err sf_entry_read(struct sf_view bytes, struct sf_signed_record *ret_record,
	struct sf_directory_entry *ret_entry, struct sf_diag *diag)
{
	struct sf_signed_record record;
	struct sf_directory_entry entry = {0};
	enum sf_err err = sf_signed_record_decode(bytes, &record, diag);
	if (!err)
		err = sf_entry_decode(record.record, &entry, diag);
	if (err)
		return err;
	name_keys(&entry);
	sf_record_digest(entry_name, record.record, &entry.digest);
	*ret_record = record;
	*ret_entry = entry;
	return SF_OK;
}

/* The entry after previous, which is version 1 when there is none. */
static enum sf_err follow(const struct sf_directory_entry *previous,
	struct sf_directory_entry *entry, struct sf_diag *diag)
{
	entry->version = 1;
	entry->previous = (struct sf_digest){0};
	if (!previous)
		return SF_OK;
	if (!sf_id_equal(previous->party, entry->party)) {
		sf_diag_set(diag, "the previous entry is another party's");
		return SF_ERR_CONFLICT;
	}
	entry->version = previous->version + 1;
	entry->previous = previous->digest;
	return SF_OK;
}

static enum sf_err check_lives(
	const struct sf_directory_entry *entry, int64_t now_ms, struct sf_diag *diag)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		int64_t life_ms = key->not_after_ms - key->not_before_ms;
		if (life_ms > (is_curve(key->use) ? CURVE_LIFE_MS_MAX : SIGNING_LIFE_MS_MAX)) {
			sf_diag_set(diag, "the %s key lives longer than WIRE section 2 allows",
				sf_key_use_text(key->use));
			return SF_ERR_REFUSED;
		}
	}
	for (size_t i = 0; i < entry->key_count; i++) {
		if (entry->keys[i].use == SF_KEY_USE_IDENTITY &&
			entry->keys[i].not_after_ms > now_ms)
			return SF_OK;
	}
	sf_diag_set(diag, "no identity key is still valid, ask for a new request");
	return SF_ERR_REFUSED;
}

/* A request knows nothing of revocations: they are carried on, also of keys it leaves out. */
static enum sf_err keep_revocations(const struct sf_directory_entry *previous,
	struct sf_directory_entry *entry, struct sf_diag *diag)
{
	for (size_t i = 0; i < previous->key_count; i++) {
		const struct sf_directory_key *old = &previous->keys[i];
		if (old->revoked_ms == 0)
			continue;
		struct sf_directory_key *key = NULL;
		for (size_t k = 0; k < entry->key_count && !key; k++) {
			if (sf_id_equal(entry->keys[k].id, old->id))
				key = &entry->keys[k];
		}
		if (!key && entry->key_count == SF_PARTY_KEYS_MAX) {
			sf_diag_set(diag, "too many keys with those that are revoked");
			return SF_ERR_LIMIT;
		}
		if (!key)
			key = &entry->keys[entry->key_count++];
		*key = *old;
	}
	return SF_OK;
}

enum sf_err sf_entry_from_request(const struct sf_enrolment *request,
	const struct sf_directory_entry *previous, struct sf_id represented_by, int64_t now_ms,
	struct sf_directory_entry *ret_entry, bool *ret_new_identity, struct sf_diag *diag)
{
	struct sf_directory_entry entry = request->entry;
	/* Only a registrar revokes. */
	for (size_t i = 0; i < entry.key_count; i++) {
		entry.keys[i].revoked_ms = 0;
		entry.keys[i].compromised_since_ms = 0;
	}
	entry.represented_by = represented_by;
	enum sf_err err = follow(previous, &entry, diag);
	if (!err)
		err = check_lives(&entry, now_ms, diag);
	if (!err && previous)
		err = keep_revocations(previous, &entry, diag);
	if (err)
		return err;
	const struct sf_directory_key *signer = find_key(&entry, request->signed_by);
	if (!signer || signer->revoked_ms != 0) {
		sf_diag_set(diag, "the request is signed with a key that is revoked");
		return SF_ERR_REFUSED;
	}
	*ret_new_identity = previous && !find_key(previous, request->signed_by);
	*ret_entry = entry;
	return SF_OK;
}

enum sf_err sf_entry_revoke(const struct sf_directory_entry *previous, struct sf_id key_id,
	int64_t now_ms, int64_t compromised_since_ms, struct sf_directory_entry *ret_entry,
	struct sf_diag *diag)
{
	struct sf_directory_entry entry = *previous;
	bool found = false, revoked = false;
	for (size_t i = 0; i < entry.key_count; i++) {
		struct sf_directory_key *key = &entry.keys[i];
		if (!sf_id_is_none(key_id) && !sf_id_equal(key->id, key_id))
			continue;
		found = true;
		if (key->revoked_ms != 0)
			continue;
		key->revoked_ms = now_ms;
		key->compromised_since_ms = compromised_since_ms;
		revoked = true;
	}
	if (!revoked) {
		sf_diag_set(diag, found ? "revoked already" : "the entry has no key with this id");
		return found ? SF_ERR_CONFLICT : SF_ERR_NOT_FOUND;
	}
	enum sf_err err = follow(previous, &entry, diag);
	if (!err)
		*ret_entry = entry;
	return err;
}

enum sf_err sf_entry_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_directory_entry *entry, struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	enum sf_err err = sf_entry_encode(entry, &bytes);
	if (err)
		sf_diag_set(diag, "the entry cannot be written: %s", sf_err_text(err));
	else
		err = sign_record(keyring, key_id, entry_name, sf_buf_view(&bytes), buf, diag);
	sf_buf_fini(&bytes);
	return err;
}

enum sf_err sf_entry_cosign(struct sf_keyring *keyring, struct sf_id key_id, struct sf_view bytes,
	struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_signed_record record;
	struct sf_directory_entry entry;
	enum sf_err err = sf_entry_read(bytes, &record, &entry, diag);
	if (err)
		return err;
	for (size_t i = 0; i < record.signature_count; i++) {
		if (sf_id_equal(record.signatures[i].key_id, key_id)) {
			sf_diag_set(diag, "this registrar has signed it already");
			return SF_ERR_EXISTS;
		}
	}
	if (record.signature_count == SF_RECORD_SIGNATURES_MAX) {
		sf_diag_set(diag, "the entry has as many signatures as it can");
		return SF_ERR_LIMIT;
	}
	struct sf_record_signature *signature = &record.signatures[record.signature_count++];
	signature->key_id = key_id;
	err = sf_record_sign(keyring, key_id, entry_name, record.record, signature->signature);
	return err ? err : sf_signed_record_encode(&record, buf);
}
