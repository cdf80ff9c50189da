/*
 * What the reader has from elsewhere and the file must contain: receipts, proofs, checkpoints, and
 * the evidence that somebody else was given. Two of them that the coordinator signed and that
 * cannot both be true are a fork.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/evidence_parts.h"
#include "log/proof.h"

static void find(struct sf_verification *verification, enum sf_finding_code code, size_t number,
	uint64_t sequence, const char *text)
{
	sf_verification_find(
		verification, SF_SEVERITY_FAULT, code, sequence, "supplied %zu: %s", number, text);
}

static const struct sf_verified_event *event_of(
	const struct sf_evidence_report *report, uint64_t sequence)
{
	for (size_t i = 0; i < report->event_count; i++)
		if (report->events[i].readable && report->events[i].sequence == sequence)
			return &report->events[i];
	return NULL;
}

/* The receipt holds: what it shows stands in the file, or something is missing or forked. */
static void compare_receipt(
	struct sf_verification *verification, size_t number, const struct sf_receipt *receipt)
{
	const struct sf_evidence_report *report = verification->report;
	const struct sf_verified_event *event = event_of(report, receipt->sequence);
	struct sf_digest leaf_hash, head;
	sf_verification_leaf(verification, receipt, report->evidence.transition, &leaf_hash, &head);
	if (!event) {
		find(verification, SF_FINDING_INCOMPLETE, number, receipt->sequence,
			"its event is not in the file, which ends before it or leaves it out");
		return;
	}
	if (sf_digest_equal(&event->head, &head)) {
		verification->shown_count++;
		return;
	}
	if (event->receipt.epoch != receipt->epoch) {
		sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_UNCHECKED,
			receipt->sequence,
			"supplied %zu: its event was recorded in another epoch of the log", number);
		return;
	}
	find(verification, SF_FINDING_FORK, number, receipt->sequence,
		"the coordinator signed another event under this number: two histories were "
		"shown, or the receipt is of another transition");
}

/* What is of something else shows nothing that this file could have left out. */
static void set_aside(struct sf_verification *verification, size_t number, const char *why)
{
	sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_UNCHECKED, 0,
		"supplied %zu: %s", number, why);
}

static void use_signed(struct sf_verification *verification, size_t number,
	const struct sf_signed_receipt *signed_receipt)
{
	struct sf_receipt receipt;
	struct sf_diag diag = {""};
	enum sf_err err = sf_verification_receipt(verification, signed_receipt, &receipt, &diag);
	if (err) {
		find(verification, SF_FINDING_SUPPLIED, number, 0,
			"its receipt is not signed by the coordinator");
		return;
	}
	if (receipt.sequence > 0)
		compare_receipt(verification, number, &receipt);
	else
		set_aside(verification, number, "its receipt is of no transition");
}

/* A checkpoint from elsewhere: the log signed it, so it must be one history with those here. */
static void use_note(struct sf_verification *verification, size_t number, struct sf_view note)
{
	struct sf_checkpoint checkpoint;
	uint32_t epoch;
	enum sf_finding_code code;
	struct sf_diag diag = {""};
	if (!sf_verification_open_note(verification, note, &checkpoint, &epoch, &code, &diag)) {
		find(verification, SF_FINDING_SUPPLIED, number, 0, diag.text);
		return;
	}
	const struct sf_evidence_report *report = verification->report;
	for (size_t i = 0; i < report->checkpoint_count; i++) {
		const struct sf_verified_checkpoint *own = &report->checkpoints[i];
		bool same_size = own->holds && own->epoch == epoch &&
				 own->checkpoint.size == checkpoint.size;
		if (same_size && !sf_digest_equal(&own->checkpoint.root, &checkpoint.root))
			find(verification, SF_FINDING_FORK, number, 0,
				"the log signed two trees of one size: two histories were shown");
	}
	if (checkpoint.directory_version <= verification->version)
		(void)sf_verification_saw_directory(verification, NULL,
			"a checkpoint that was supplied", checkpoint.directory_version,
			&checkpoint.directory_head);
}

static void use_proof(
	struct sf_verification *verification, size_t number, const struct sf_proof *proof)
{
	struct sf_signed_receipt signed_receipt;
	struct sf_diag diag = {""};
	use_note(verification, number, proof->checkpoint);
	if (sf_signed_receipt_decode(
		    sf_view_of(proof->extra, proof->extra_size), &signed_receipt, &diag))
		find(verification, SF_FINDING_SUPPLIED, number, 0,
			"the proof carries no receipt that can be read");
	else
		use_signed(verification, number, &signed_receipt);
}

static bool use_evidence(struct sf_verification *verification, size_t number, struct sf_view bytes)
{
	struct sf_arena arena;
	struct sf_evidence other;
	sf_arena_init(&arena, SF_EVIDENCE_ARENA_SIZE);
	bool is_evidence = !sf_evidence_decode(bytes, &arena, &other, NULL);
	if (is_evidence) {
		for (size_t i = 0; i < other.checkpoint_count; i++)
			use_note(verification, number, other.checkpoints[i]);
		bool same =
			sf_id_equal(other.transition, verification->report->evidence.transition);
		for (size_t i = 0; same && i < other.event_count; i++)
			use_signed(verification, number, &other.events[i].receipt);
		if (!same)
			set_aside(verification, number,
				"it is evidence of another transition; only its checkpoints say "
				"something here");
	}
	sf_arena_fini(&arena);
	return is_evidence;
}

static void use(struct sf_verification *verification, size_t number, struct sf_view bytes)
{
	struct sf_signed_receipt signed_receipt;
	struct sf_note *note = malloc(sizeof(*note));
	struct sf_proof *proof = malloc(sizeof(*proof));
	if (!note || !proof)
		verification->err = SF_ERR_MEMORY;
	else if (!sf_proof_parse(bytes, proof, NULL))
		use_proof(verification, number, proof);
	else if (!sf_signed_receipt_decode(bytes, &signed_receipt, NULL))
		use_signed(verification, number, &signed_receipt);
	else if (!sf_note_parse(bytes, note, NULL))
		use_note(verification, number, bytes);
	else if (!use_evidence(verification, number, bytes))
		find(verification, SF_FINDING_SUPPLIED, number, 0,
			"neither a proof, a receipt, a checkpoint nor evidence");
	free(note);
	free(proof);
}

void sf_verify_supplied(struct sf_verification *verification)
{
	const struct sf_evidence_options *options = verification->options;
	size_t faults = verification->report->fault_count;
	/* Files are counted, not receipts: one can be evidence, with a receipt of every event. */
	size_t count = 0;
	for (size_t i = 0; i < options->receipt_count && !verification->err; i++) {
		size_t shown = verification->shown_count;
		use(verification, i + 1, options->receipts[i]);
		count += verification->shown_count > shown;
	}
	if (verification->report->fault_count != faults)
		return;
	if (count > 0)
		sf_verification_find(verification, SF_SEVERITY_GOOD, SF_FINDING_COMPLETE, 0,
			"the file contains what the %zu supplied show", count);
	else
		sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_UNCHECKED, 0,
			"whether events were left out at the end shows only against receipts of "
			"this transition that a party holds: none was supplied that could be "
			"compared");
}
