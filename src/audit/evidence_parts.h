/* Between the files of the verification: audit/evidence.h is what others see. */
#ifndef SF_AUDIT_EVIDENCE_PARTS_H
#define SF_AUDIT_EVIDENCE_PARTS_H

#include "audit/epoch.h"
#include "audit/evidence.h"

/* A key as some entry of the directory listed it: newer entries of a party may drop old keys. */
struct sf_past_key {
	struct sf_directory_key key;
	struct sf_id party;
	uint64_t version; /* of the directory, when it was listed */
};

struct sf_verification {
	const struct sf_evidence_options *options;
	const struct sf_crypto *crypto;
	struct sf_evidence_report *report;
	enum sf_err err; /* memory is out: nothing is said any more */

	/* The directory after each entry, and who was in it. */
	uint64_t version;         /* entries that follow */
	struct sf_digest *heads;  /* owned: version + 1 */
	struct sf_id *parties;    /* owned: of entry i + 1 */
	struct sf_past_key *keys; /* owned, oldest first */
	size_t key_count, key_capacity;

	/* The old tree that each epoch behind the first declares to stand. */
	size_t epoch_count;
	struct {
		uint64_t common_size; /* 0: its record does not hold */
		struct sf_digest root;
	} epochs[SF_EPOCH_COUNT_MAX];

	struct sf_transition *whole; /* owned: all events, for the claim */
	struct sf_digest head;       /* of the newest event */
	bool gap; /* an event was missing or unreadable: heads cannot be compared behind it */
	size_t shown_count; /* supplied receipts whose event is in the file, as they show it */
};

/* Adds a finding. format is printed into the report. */
void sf_verification_find(struct sf_verification *verification, enum sf_severity severity,
	enum sf_finding_code code, uint64_t sequence, const char *format, ...) SF_PRINTF(5, 6);
/* A fault of this event, which then does not hold. */
void sf_verification_fault(struct sf_verification *verification, struct sf_verified_event *event,
	enum sf_finding_code code, const char *format, ...) SF_PRINTF(4, 5);

/* The stages, in this order. Each leaves its findings, and its error in verification->err. */
void sf_verify_directory(struct sf_verification *verification);
void sf_verify_checkpoints(struct sf_verification *verification);
void sf_verify_events(struct sf_verification *verification);
void sf_verify_fold(struct sf_verification *verification);
void sf_verify_claim(struct sf_verification *verification);
void sf_verify_supplied(struct sf_verification *verification);

/* The newest listing of a key; NULL when no entry that follows had it. */
const struct sf_past_key *sf_verification_key(
	const struct sf_verification *verification, struct sf_id key_id, enum sf_key_use use);
/* What somebody saw of the directory: false, with a fault, when it is not what the file has. */
bool sf_verification_saw_directory(struct sf_verification *verification,
	struct sf_verified_event *event, const char *who, uint64_t version,
	const struct sf_digest *head);
/* Was the party in the directory of that version? */
bool sf_verification_had_party(
	const struct sf_verification *verification, struct sf_id party, uint64_t version);

/* The checkpoint of that epoch and size that holds; NULL. */
const struct sf_verified_checkpoint *sf_verification_checkpoint(
	const struct sf_verification *verification, uint32_t epoch, uint64_t size);
/* Leaves of the epoch that stand: all, unless a later epoch of the file says less. */
uint64_t sf_verification_stands(const struct sf_verification *verification, uint32_t epoch);
/* Opens a note that the log signed: which key, and what it says. False: ret_diag says why. */
bool sf_verification_open_note(struct sf_verification *verification, struct sf_view note,
	struct sf_checkpoint *ret_checkpoint, uint32_t *ret_epoch, enum sf_finding_code *ret_code,
	struct sf_diag *ret_diag);
/* Under an identity of the coordinator that was not revoked then. */
SF_MUST_USE enum sf_err sf_verification_receipt(struct sf_verification *verification,
	const struct sf_signed_receipt *signed_receipt, struct sf_receipt *ret_receipt,
	struct sf_diag *diag);
/* Leaf, its hash and the head behind it, of an event of the transition (none: a statement). */
void sf_verification_leaf(const struct sf_verification *verification,
	const struct sf_receipt *receipt, struct sf_id transition, struct sf_digest *ret_leaf_hash,
	struct sf_digest *ret_head);

#endif
