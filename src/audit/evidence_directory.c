/* Who is who: the directory followed from its first entry, with every head that it had. */
#include <stdlib.h>
#include <string.h>

#include "audit/evidence_parts.h"
#include "wire/record.h"

static void take_registrars(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	const struct sf_evidence *evidence = &report->evidence;
	struct sf_registrars *registrars = &report->registrars;
	uint8_t pinned[SF_POLICY_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE];
	size_t threshold = 0, count = 0;
	if (verification->options->policy)
		count = sf_policy_registrars(verification->options->policy, pinned, &threshold);
	report->registrars_pinned = count > 0;
	if (count > 0) {
		registrars->count = count;
		registrars->threshold = threshold;
		memcpy(registrars->keys, pinned, sizeof(pinned));
		return;
	}
	registrars->count = evidence->registrar_count;
	registrars->threshold = evidence->registrar_threshold;
	memcpy(registrars->keys, evidence->registrars, sizeof(evidence->registrars));
	sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_TRUST, 0,
		"the registrars are those that the file itself names: compare their words with "
		"what you were told, or pin them with a policy");
}

static bool keep_keys(struct sf_verification *verification, const struct sf_directory_entry *entry)
{
	size_t wanted = verification->key_count + entry->key_count;
	if (wanted > verification->key_capacity) {
		size_t capacity = 2 * wanted;
		struct sf_past_key *grown =
			realloc(verification->keys, capacity * sizeof(*verification->keys));
		if (!grown)
			return false;
		verification->keys = grown;
		verification->key_capacity = capacity;
	}
	for (size_t i = 0; i < entry->key_count; i++)
		verification->keys[verification->key_count++] =
			(struct sf_past_key){entry->keys[i], entry->party, verification->version};
	return true;
}

/* The entry that sf_registry_add has just taken. */
static enum sf_err remember(struct sf_verification *verification, struct sf_view record)
{
	struct sf_signed_record signed_record;
	struct sf_directory_entry *entry = calloc(1, sizeof(*entry));
	enum sf_err err =
		entry ? sf_signed_record_decode(record, &signed_record, NULL) : SF_ERR_MEMORY;
	if (!err)
		err = sf_entry_decode(signed_record.record, entry, NULL);
	if (!err) {
		sf_registry_name_keys(verification->crypto, entry);
		verification->parties[verification->version++] = entry->party;
		verification->heads[verification->version] =
			*sf_directory_head(verification->report->directory);
		err = keep_keys(verification, entry) ? SF_OK : SF_ERR_MEMORY;
	}
	free(entry);
	return err;
}

static void follow(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	const struct sf_evidence *evidence = &report->evidence;
	for (size_t i = 0; i < evidence->entry_count && !verification->err; i++) {
		struct sf_diag diag = {""};
		enum sf_err err = sf_registry_add(report->directory, verification->crypto,
			&report->registrars, evidence->entries[i], 0, NULL, &diag);
		if (err == SF_ERR_MEMORY)
			verification->err = err;
		/* What is behind it cannot follow either. */
		if (err) {
			sf_verification_find(verification, SF_SEVERITY_FAULT,
				SF_FINDING_DIRECTORY_ENTRY, 0, "directory entry %zu: %s", i + 1,
				diag.text[0] ? diag.text : sf_err_text(err));
			return;
		}
		verification->err = remember(verification, evidence->entries[i]);
	}
	if (!verification->err)
		sf_verification_find(verification, SF_SEVERITY_GOOD, SF_FINDING_DIRECTORY, 0,
			"%zu entries of the directory are signed by %zu of %zu registrars",
			evidence->entry_count, report->registrars.threshold,
			report->registrars.count);
}

void sf_verify_directory(struct sf_verification *verification)
{
	const struct sf_evidence *evidence = &verification->report->evidence;
	take_registrars(verification);
	verification->heads = calloc(evidence->entry_count + 1, sizeof(*verification->heads));
	verification->parties = calloc(evidence->entry_count + 1, sizeof(*verification->parties));
	if (!verification->heads || !verification->parties) {
		verification->err = SF_ERR_MEMORY;
		return;
	}
	follow(verification);
	const struct sf_directory_entry *coordinator =
		sf_directory_party(verification->report->directory, evidence->coordinator);
	if (!coordinator || coordinator->role != SF_ROLE_COORDINATOR)
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_COORDINATOR, 0,
			"the directory has no coordinator of that id");
}

const struct sf_past_key *sf_verification_key(
	const struct sf_verification *verification, struct sf_id key_id, enum sf_key_use use)
{
	for (size_t i = verification->key_count; i > 0; i--) {
		const struct sf_past_key *past = &verification->keys[i - 1];
		if (past->key.use == use && sf_id_equal(past->key.id, key_id))
			return past;
	}
	return NULL;
}

bool sf_verification_had_party(
	const struct sf_verification *verification, struct sf_id party, uint64_t version)
{
	for (uint64_t i = 0; i < version && i < verification->version; i++)
		if (sf_id_equal(verification->parties[i], party))
			return true;
	return false;
}

bool sf_verification_saw_directory(struct sf_verification *verification,
	struct sf_verified_event *event, const char *who, uint64_t version,
	const struct sf_digest *head)
{
	if (version > verification->version) {
		sf_verification_fault(verification, event, SF_FINDING_DIRECTORY_BEHIND,
			"%s saw version %llu of the directory, and %llu entries follow in the "
			"file: later ones, as a revocation, are held back",
			who, (unsigned long long)version,
			(unsigned long long)verification->version);
		return false;
	}
	if (sf_digest_equal(head, &verification->heads[version]))
		return true;
	sf_verification_fault(verification, event, SF_FINDING_DIRECTORY_FORK,
		"%s saw another directory than this one at version %llu", who,
		(unsigned long long)version);
	return false;
}
