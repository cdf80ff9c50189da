/* What the maker of the file says: that these are its bytes, and what the transition came to. */
#include "audit/claim.h"
#include "audit/evidence_parts.h"

static void check_signature(struct sf_verification *verification)
{
	const struct sf_evidence *evidence = &verification->report->evidence;
	const struct sf_crypto *crypto = verification->crypto;
	const struct sf_past_key *past =
		sf_verification_key(verification, evidence->claim_key_id, SF_KEY_USE_IDENTITY);
	if (!past || !sf_id_equal(past->party, evidence->made_by))
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_CLAIM_SIGNATURE, 0,
			"the file is signed with a key that the directory does not list for its "
			"maker");
	else if (!sf_directory_key_valid(&past->key, evidence->made_ms, evidence->made_ms))
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_CLAIM_SIGNATURE, 0,
			"the file is signed with a key that was expired or revoked when it was "
			"made");
	else if (crypto->check_record(crypto->self, past->key.public_key, "claim", evidence->claim,
			 evidence->claim_signature))
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_CLAIM_SIGNATURE, 0,
			"the signature of the maker of the file does not hold");
}

static void check_file(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	struct sf_digest file;
	verification->err = sf_claim_file_digest(verification->crypto, &report->evidence, &file);
	if (!verification->err && !sf_digest_equal(&file, &report->said.file))
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_DAMAGED, 0,
			"the file is not the one that its maker signed: bytes of it were changed");
}

static void compare(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	struct sf_diag diag = {""};
	verification->err = sf_claim_make(verification->crypto, verification->whole,
		&verification->head, &report->arena, &report->found);
	if (verification->err)
		return;
	if (sf_claim_same(&report->said, &report->found, &diag))
		sf_verification_find(verification, SF_SEVERITY_GOOD, SF_FINDING_RECOMPUTED, 0,
			"%zu ledger lines and %zu obligations follow from the events and the "
			"agreement",
			report->found.holder_count, report->found.duty_count);
	else
		sf_verification_find(
			verification, SF_SEVERITY_FAULT, SF_FINDING_CLAIM, 0, "%s", diag.text);
}

void sf_verify_claim(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	struct sf_diag diag = {""};
	enum sf_err err =
		sf_claim_decode(report->evidence.claim, &report->arena, &report->said, &diag);
	report->claim_read = !err;
	check_signature(verification);
	if (err) {
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_CLAIM, 0,
			"the claim cannot be read: %.300s", diag.text);
		return;
	}
	check_file(verification);
	if (!verification->err)
		compare(verification);
}
