#include "audit/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

static const char entry_label[] = "stafet/v1/entry";
static const char entry_signature_label[] = "stafet/v1/entry-sig";
static const char directory_label[] = "stafet/v1/directory";
static const char transport_label[] = "stafet/v1/kid-transport";

void sf_registry_entry_digest(
	const struct sf_crypto *crypto, struct sf_view entry, struct sf_digest *ret_digest)
{
	const struct sf_view parts[] = {sf_view_of(entry_label, sizeof(entry_label)), entry};
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
}

void sf_registry_name_keys(const struct sf_crypto *crypto, struct sf_directory_entry *entry)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		struct sf_directory_key *key = &entry->keys[i];
		if (key->use == SF_KEY_USE_SEALING) {
			key->id = crypto->sealing_key_id(crypto->self, key->public_key);
		} else if (key->use == SF_KEY_USE_TRANSPORT) {
			const struct sf_view parts[] = {
				sf_view_of(transport_label, sizeof(transport_label)),
				sf_view_of(key->public_key, SF_PUBLIC_KEY_SIZE)};
			struct sf_digest digest;
			crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, 2, &digest);
			memcpy(key->id.bytes, digest.bytes, SF_ID_SIZE);
		} else {
			key->id = crypto->signing_key_id(crypto->self, key->public_key);
		}
	}
}

static bool signature_holds(const struct sf_crypto *crypto, const uint8_t *key,
	const struct sf_digest *digest, const uint8_t signature[SF_SIGNATURE_SIZE])
{
	const struct sf_view parts[] = {
		sf_view_of(entry_signature_label, sizeof(entry_signature_label)),
		sf_digest_view(digest)};
	return !crypto->check(crypto->self, key, parts, SF_COUNT(parts), signature);
}

bool sf_registrars_signed(const struct sf_crypto *crypto, const struct sf_registrars *registrars,
	const struct sf_signed_record *record, const char *name)
{
	size_t count = 0;
	for (size_t r = 0; r < registrars->count; r++) {
		struct sf_id id = crypto->signing_key_id(crypto->self, registrars->keys[r]);
		bool signed_by = false;
		for (size_t s = 0; s < record->signature_count && !signed_by; s++)
			signed_by = sf_id_equal(record->signatures[s].key_id, id) &&
				    !crypto->check_record(crypto->self, registrars->keys[r], name,
					    record->record, record->signatures[s].signature);
		count += signed_by;
	}
	return count >= registrars->threshold;
}

static const struct sf_directory_key *find_key(
	const struct sf_directory_entry *entry, struct sf_id key_id)
{
	for (size_t i = 0; i < entry->key_count; i++)
		if (sf_id_equal(entry->keys[i].id, key_id))
			return &entry->keys[i];
	return NULL;
}

/* The recorded time from which a key is not believed. */
static int64_t end_of(const struct sf_directory_key *key)
{
	if (key->revoked_ms == 0)
		return INT64_MAX;
	return key->compromised_since_ms ? key->compromised_since_ms : key->revoked_ms;
}

/*
 * An identity key that is new, valid earlier than the last entry said, or back from revocation or
 * from the end of its life: whoever brings it could speak for the party.
 */
static bool is_new(const struct sf_directory_entry *last, const struct sf_directory_key *key,
	int64_t recorded_ms)
{
	const struct sf_directory_key *known = find_key(last, key->id);
	if (!known || known->use != key->use || key->not_before_ms < known->not_before_ms)
		return true;
	bool ended = known->not_after_ms < recorded_ms;
	return end_of(key) > end_of(known) || (ended && key->not_after_ms > known->not_after_ms);
}

/*
 * WIRE section 2: a new identity key of a known party needs the signature of one it has, or a
 * visible wait of 24 hours before it is valid.
 */
static bool succession_holds(const struct sf_crypto *crypto, const struct sf_directory_entry *last,
	const struct sf_directory_entry *next, const struct sf_signed_record *record,
	int64_t recorded_ms)
{
	bool sudden_key = false;
	for (size_t i = 0; i < next->key_count; i++)
		if (next->keys[i].use == SF_KEY_USE_IDENTITY &&
			next->keys[i].not_before_ms < recorded_ms + SF_DAY_MS &&
			is_new(last, &next->keys[i], recorded_ms))
			sudden_key = true;
	if (!sudden_key || recorded_ms == 0)
		return true;
	if (!record->has_succession)
		return false;
	const struct sf_directory_key *old = find_key(last, record->succession.key_id);
	return old && old->use == SF_KEY_USE_IDENTITY &&
	       sf_directory_key_valid(old, recorded_ms, recorded_ms) &&
	       signature_holds(
		       crypto, old->public_key, &next->digest, record->succession.signature);
}

static bool keys_are_sound(const struct sf_crypto *crypto, const struct sf_directory_entry *entry)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		bool curve = key->use == SF_KEY_USE_SEALING || key->use == SF_KEY_USE_TRANSPORT;
		if (curve ? !crypto->sealing_key_valid(crypto->self, key->public_key)
			  : !crypto->signing_key_valid(crypto->self, key->public_key))
			return false;
	}
	return true;
}

static void move_head(struct sf_directory *directory, const struct sf_crypto *crypto,
	const struct sf_digest *entry_digest)
{
	const struct sf_view parts[] = {
		sf_view_of(directory_label, sizeof(directory_label)),
		sf_digest_view(sf_directory_head(directory)),
		sf_digest_view(entry_digest),
	};
	struct sf_digest head;
	crypto->sha256(crypto->self, parts, SF_COUNT(parts), &head);
	sf_directory_set_head(directory, &head);
}

static enum sf_err add_entry(struct sf_directory *directory, const struct sf_crypto *crypto,
	const struct sf_registrars *registrars, const struct sf_signed_record *record,
	int64_t recorded_ms, struct sf_directory_entry *entry, struct sf_diag *diag)
{
	enum sf_err err = sf_entry_decode(record->record, entry, diag);
	if (err)
		return err;
	sf_registry_entry_digest(crypto, record->record, &entry->digest);
	sf_registry_name_keys(crypto, entry);
	if (!sf_registrars_signed(crypto, registrars, record, "entry")) {
		sf_diag_set(diag, "not signed by enough of the pinned registrars");
		return SF_ERR_AUTH;
	}
	if (!keys_are_sound(crypto, entry)) {
		sf_diag_set(diag, "a key of the entry is not canonical or of small order");
		return SF_ERR_FORMAT;
	}
	const struct sf_directory_entry *last = sf_directory_party(directory, entry->party);
	/* Replicas judge what is recorded by the role of its author: it is for ever. */
	if (last && last->role != entry->role) {
		sf_diag_set(diag, "a party keeps its role: another role is another party");
		return SF_ERR_CONFLICT;
	}
	if (last && !succession_holds(crypto, last, entry, record, recorded_ms)) {
		sf_diag_set(diag, "a new identity key needs a signature of the old one, or 24 "
				  "hours before it is valid");
		return SF_ERR_AUTH;
	}
	return sf_directory_add(directory, entry, diag);
}

enum sf_err sf_registry_add(struct sf_directory *directory, const struct sf_crypto *crypto,
	const struct sf_registrars *registrars, struct sf_view signed_record, int64_t recorded_ms,
	struct sf_digest *ret_digest, struct sf_diag *diag)
{
	struct sf_signed_record record;
	enum sf_err err = sf_signed_record_decode(signed_record, &record, diag);
	if (err)
		return err;
	struct sf_directory_entry *entry = calloc(1, sizeof(*entry));
	if (!entry)
		return SF_ERR_MEMORY;
	err = add_entry(directory, crypto, registrars, &record, recorded_ms, entry, diag);
	if (!err) {
		move_head(directory, crypto, &entry->digest);
		if (ret_digest)
			*ret_digest = entry->digest;
	}
	free(entry);
	return err;
}
