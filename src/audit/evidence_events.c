/*
 * Each event by itself and in its place: who signed it, that the coordinator recorded it, and that
 * it follows the one before. What it does to the transition is evidence_fold.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/evidence_parts.h"
#include "base/time.h"

#define FUTURE_MS_MAX (5 * SF_MINUTE_MS) /* WIRE section 1 */

/* Identity keys of the coordinator that a receipt is tried with: a file must not ask for hours. */
#define COORDINATOR_KEYS_MAX 64

/* True when the key was tried before; else it has been now. */
static bool was_tried(
	struct sf_id tried[COORDINATOR_KEYS_MAX], size_t *tried_count, struct sf_id key_id)
{
	for (size_t i = *tried_count; i > 0; i--)
		if (sf_id_equal(tried[i - 1], key_id))
			return true;
	tried[(*tried_count)++] = key_id;
	return false;
}

/* The newest listing of a key decides: older ones do not know that it was revoked. */
enum sf_err sf_verification_receipt(struct sf_verification *verification,
	const struct sf_signed_receipt *signed_receipt, struct sf_receipt *ret_receipt,
	struct sf_diag *diag)
{
	const struct sf_crypto *crypto = verification->crypto;
	struct sf_id tried[COORDINATOR_KEYS_MAX];
	size_t tried_count = 0;
	struct sf_receipt receipt;
	enum sf_err err = signed_receipt->signature.size == SF_SIGNATURE_SIZE ? SF_OK : SF_ERR_AUTH;
	if (!err)
		err = sf_receipt_decode(signed_receipt->receipt, &receipt, diag);
	if (err)
		return err;
	err = SF_ERR_AUTH;
	sf_diag_set(diag, "not signed by the coordinator");
	for (size_t i = verification->key_count; i > 0 && err && tried_count < COORDINATOR_KEYS_MAX;
		i--) {
		const struct sf_past_key *past = &verification->keys[i - 1];
		if (past->key.use == SF_KEY_USE_IDENTITY &&
			sf_id_equal(past->party, verification->report->evidence.coordinator) &&
			!was_tried(tried, &tried_count, past->key.id) &&
			!sf_directory_key_revoked(&past->key, receipt.recorded_ms))
			err = crypto->check_receipt(crypto->self, past->key.public_key,
				signed_receipt->receipt, signed_receipt->index,
				signed_receipt->count, signed_receipt->path,
				signed_receipt->signature.data);
	}
	if (!err)
		*ret_receipt = receipt;
	return err;
}

/* Derived facts and statements only under the coordinator, and nothing else under it. */
static bool author_is_right(const struct sf_verification *verification,
	const struct sf_message *message, const struct sf_past_key *past)
{
	uint32_t kind = message->fact.kind;
	bool coordinator = sf_id_equal(past->party, verification->report->evidence.coordinator);
	bool own = sf_kind_is_derived(kind) || sf_kind_is_statement(kind);
	bool foreign = sf_kind_is_read(kind) && !own;
	return sf_id_equal(past->party, message->author) &&
	       (coordinator ? !foreign && message->recipient_count == 0 : !own);
}

static void verify_author(struct sf_verification *verification, struct sf_verified_event *event,
	const struct sf_cover *cover)
{
	const struct sf_crypto *crypto = verification->crypto;
	const struct sf_message *message = &event->header.message;
	const struct sf_past_key *past =
		sf_verification_key(verification, cover->author_key_id, SF_KEY_USE_IDENTITY);
	struct sf_envelope_names names = {0};
	event->key_id = cover->author_key_id;
	if (!past) {
		sf_verification_fault(verification, event, SF_FINDING_KEY_UNKNOWN,
			"signed with a key that no entry of the directory lists");
		return;
	}
	if (crypto->verify_cover(crypto->self, cover, past->key.public_key, &names)) {
		sf_verification_fault(verification, event, SF_FINDING_SIGNATURE,
			"the signature of its author does not hold");
		return;
	}
	event->digest = names.digest;
	const struct sf_directory_entry *entry =
		sf_directory_party(verification->report->directory, past->party);
	event->author_role = entry ? entry->role : SF_ROLE_NONE;
	if (!author_is_right(verification, message, past))
		sf_verification_fault(verification, event, SF_FINDING_FORGED_AUTHOR,
			"signed with a key of another party than may say this");
	if (!sf_directory_key_valid(&past->key, event->header.sent_ms, event->receipt.recorded_ms))
		sf_verification_fault(verification, event, SF_FINDING_KEY_INVALID,
			"signed with a key that was expired or revoked when it was recorded");
}

static bool class_fits(uint32_t kind, enum sf_kind_class kind_class)
{
	if (sf_kind_is_derived(kind))
		return kind_class == SF_CLASS_DERIVED;
	if (sf_kind_is_statement(kind))
		return kind_class == SF_CLASS_STATEMENT;
	if (kind_class == SF_CLASS_RESEND)
		return true;
	if (kind == SF_KIND_ACKNOWLEDGEMENT)
		return kind_class == SF_CLASS_ACKNOWLEDGEMENT;
	return kind_class == SF_CLASS_FACT ||
	       (!sf_kind_is_read(kind) && kind_class == SF_CLASS_DERIVED);
}

/* The receipt is about this event, and about no other. */
static void compare_receipt(struct sf_verification *verification, struct sf_verified_event *event,
	struct sf_id transition)
{
	const struct sf_receipt *receipt = &event->receipt;
	const struct sf_message *message = &event->header.message;
	if (!sf_id_is_none(receipt->message_id) && !sf_id_equal(receipt->message_id, message->id))
		sf_verification_fault(verification, event, SF_FINDING_RECEIPT_OTHER,
			"its receipt names another message");
	else if (!sf_digest_is_none(&event->digest) &&
		 !sf_digest_equal(&receipt->digest, &event->digest))
		sf_verification_fault(verification, event, SF_FINDING_RECEIPT_OTHER,
			"its receipt names another envelope");
	if (!sf_id_equal(message->transition, transition))
		sf_verification_fault(verification, event, SF_FINDING_TRANSITION,
			"it belongs to another transition");
	if (!class_fits(message->fact.kind, receipt->kind_class))
		sf_verification_fault(verification, event, SF_FINDING_CLASS,
			"recorded as class %u, which its kind is not",
			(unsigned)receipt->kind_class);
	if (receipt->epoch < 1 || receipt->epoch > verification->report->evidence.epoch_count + 1)
		sf_verification_fault(verification, event, SF_FINDING_EPOCH,
			"recorded in epoch %u, of which the file has no record",
			(unsigned)receipt->epoch);
	else if (receipt->leaf_index >= sf_verification_stands(verification, receipt->epoch))
		sf_verification_fault(verification, event, SF_FINDING_EPOCH,
			"recorded in a tail of epoch %u that was lost: its receipt is void",
			(unsigned)receipt->epoch);
}

/* What a header says of directory and log (gossip) must be what this file says of them. */
static void compare_seen(struct sf_verification *verification, struct sf_verified_event *event)
{
	const struct sf_header *header = &event->header;
	(void)sf_verification_saw_directory(verification, event, "its author",
		header->directory_version, &header->directory_head);
	const struct sf_verified_checkpoint *checkpoint =
		sf_verification_checkpoint(verification, header->seen_epoch, header->log_size);
	if (header->log_size > 0 && checkpoint &&
		!sf_digest_equal(&header->log_root, &checkpoint->checkpoint.root))
		sf_verification_fault(verification, event, SF_FINDING_FORK,
			"its author saw another log of %llu leaves than checkpoint shows",
			(unsigned long long)header->log_size);
}

static void verify_inclusion(struct sf_verification *verification, struct sf_verified_event *event)
{
	const struct sf_evidence_event *evidence = event->evidence;
	if (evidence->proof_size == 0)
		return;
	const struct sf_verified_checkpoint *checkpoint = sf_verification_checkpoint(
		verification, event->receipt.epoch, evidence->proof_size);
	if (!checkpoint) {
		sf_verification_fault(verification, event, SF_FINDING_INCLUSION,
			"its proof leads to a tree of %llu leaves, of which no checkpoint holds",
			(unsigned long long)evidence->proof_size);
		return;
	}
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = evidence->path.size / SF_DIGEST_SIZE;
	SF_ASSERT(count <= SF_COUNT(hashes));
	if (count > 0)
		memcpy(hashes, evidence->path.data, evidence->path.size);
	if (sf_tree_check_inclusion(verification->crypto, event->receipt.leaf_index,
		    evidence->proof_size, &event->leaf_hash, hashes, count,
		    &checkpoint->checkpoint.root))
		sf_verification_fault(verification, event, SF_FINDING_INCLUSION,
			"it is not leaf %llu of the log at %llu leaves, as its receipt says",
			(unsigned long long)event->receipt.leaf_index,
			(unsigned long long)evidence->proof_size);
	else
		event->checkpoint = checkpoint;
}

static bool is_proven(const struct sf_verified_event *event)
{
	return event->checkpoint && event->checkpoint->counts;
}

static void judge_pending(struct sf_verification *verification, struct sf_verified_event *event)
{
	int64_t age_ms = verification->report->evidence.made_ms - event->receipt.recorded_ms;
	if (is_proven(event))
		return;
	/* One that says it was made before what is in it could call anything young. */
	if (verification->options->require_proof || age_ms > SF_EVIDENCE_PENDING_MS_MAX ||
		age_ms < -FUTURE_MS_MAX)
		sf_verification_fault(verification, event, SF_FINDING_UNPROVEN,
			"no checkpoint that counts is shown to contain it; the file was made %lld "
			"s after it was recorded",
			(long long)(age_ms / SF_SECOND_MS));
	else
		sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_PENDING,
			event->sequence, "recorded, and not in a checkpoint that counts yet");
}

static void verify_event(struct sf_verification *verification, struct sf_verified_event *event,
	struct sf_id transition)
{
	struct sf_cover cover;
	struct sf_diag diag = {""};
	event->holds = true;
	enum sf_err err = sf_cover_parse(event->evidence->cover, &cover, &diag);
	if (!err)
		err = sf_header_decode(cover.header, &event->header, &diag);
	if (err) {
		sf_verification_fault(verification, event, SF_FINDING_COVER,
			"its cover cannot be read: %.200s", diag.text);
		return;
	}
	err = sf_verification_receipt(
		verification, &event->evidence->receipt, &event->receipt, &diag);
	if (err) {
		sf_verification_fault(verification, event, SF_FINDING_RECEIPT,
			"its receipt does not hold: %.200s", diag.text);
		return;
	}
	event->readable = true;
	if (event->receipt.sequence > 0)
		event->sequence = event->receipt.sequence;
	verify_author(verification, event, &cover);
	compare_receipt(verification, event, transition);
	compare_seen(verification, event);
	sf_verification_leaf(
		verification, &event->receipt, transition, &event->leaf_hash, &event->head);
	verify_inclusion(verification, event);
	judge_pending(verification, event);
	if (event->header.sent_ms > event->receipt.recorded_ms + FUTURE_MS_MAX)
		sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_UNCHECKED,
			event->sequence,
			"the clocks of its author and the coordinator were %lld s apart",
			(long long)((event->header.sent_ms - event->receipt.recorded_ms) /
				    SF_SECOND_MS));
}

/* In its place behind the ones before it. False: a number is missing, or comes again. */
static void verify_place(struct sf_verification *verification, struct sf_verified_event *event,
	const struct sf_verified_event *before)
{
	const struct sf_digest none = {{0}};
	const struct sf_receipt *receipt = &event->receipt;
	uint64_t expected = before ? before->sequence + 1 : 1;
	if (receipt->sequence < expected) {
		sf_verification_fault(verification, event, SF_FINDING_ORDER,
			"number %llu stands behind number %llu",
			(unsigned long long)receipt->sequence, (unsigned long long)(expected - 1));
		verification->gap = true;
		return;
	}
	if (receipt->sequence > expected) {
		sf_verification_fault(verification, event, SF_FINDING_GAP,
			"events %llu to %llu are missing before it", (unsigned long long)expected,
			(unsigned long long)(receipt->sequence - 1));
		verification->gap = true;
		return;
	}
	if (!sf_digest_equal(&receipt->previous_head, before ? &before->head : &none))
		sf_verification_fault(verification, event, SF_FINDING_HEAD,
			"it does not follow event %llu: another one stood there when it was "
			"recorded",
			(unsigned long long)(expected - 1));
	if (!before)
		return;
	const struct sf_receipt *last = &before->receipt;
	if (receipt->recorded_ms < last->recorded_ms)
		sf_verification_fault(verification, event, SF_FINDING_ORDER,
			"recorded before the event in front of it");
	if (receipt->epoch < last->epoch ||
		(receipt->epoch == last->epoch && receipt->leaf_index <= last->leaf_index))
		sf_verification_fault(verification, event, SF_FINDING_ORDER,
			"it stands in the log before the event in front of it");
}

/* Events that stand of the epochs up to this one. */
static uint64_t count_of_epochs(const struct sf_evidence_report *report, uint32_t epoch)
{
	uint64_t count = 0;
	for (size_t i = 0; i < report->event_count; i++)
		count += report->events[i].readable && report->events[i].receipt.epoch <= epoch;
	return count;
}

/*
 * What its author says of the transition that it answers. Who wrote before it knew of a new epoch
 * may have seen events that were lost with the tail, of which nothing can be said.
 */
static void verify_seen(struct sf_verification *verification, struct sf_verified_event *event)
{
	const struct sf_message *message = &event->header.message;
	const struct sf_evidence_report *report = verification->report;
	uint64_t seen = message->seen_sequence;
	uint32_t epoch = event->header.seen_epoch ? event->header.seen_epoch : 1;
	if (seen == 0 || verification->gap || sf_digest_is_none(&message->seen_head))
		return;
	if (epoch < event->receipt.epoch && seen > count_of_epochs(report, epoch))
		return;
	if (seen >= event->sequence) {
		sf_verification_fault(verification, event, SF_FINDING_OTHER_HISTORY,
			"its author had seen event %llu before it was recorded as number %llu",
			(unsigned long long)seen, (unsigned long long)event->sequence);
		return;
	}
	const struct sf_verified_event *last = &report->events[seen - 1];
	if (!sf_digest_equal(&last->head, &message->seen_head))
		sf_verification_fault(verification, event, SF_FINDING_OTHER_HISTORY,
			"its author saw other events up to number %llu than this file shows",
			(unsigned long long)seen);
}

static struct sf_verified_event *take_events(const struct sf_evidence_event *evidence, size_t count)
{
	struct sf_verified_event *events = calloc(count ? count : 1, sizeof(*events));
	for (size_t i = 0; events && i < count; i++) {
		events[i].evidence = &evidence[i];
		events[i].sequence = i + 1;
	}
	return events;
}

static void conclude(struct sf_verification *verification)
{
	const struct sf_evidence_report *report = verification->report;
	size_t holding = 0, proven = 0;
	for (size_t i = 0; i < report->event_count; i++) {
		holding += report->events[i].holds;
		proven += is_proven(&report->events[i]);
	}
	if (report->event_count == 0)
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_GAP, 0,
			"the file has no event of the transition");
	else if (holding == report->event_count)
		sf_verification_find(verification, SF_SEVERITY_GOOD, SF_FINDING_EVENTS, 0,
			"%zu events are signed and recorded in one chain, %zu are proven to be in "
			"the log",
			holding, proven);
}

/*
 * What parties said of agreements has no chain. It must stand as it was recorded, each once: an end
 * in front of its acceptance, or an acceptance again behind it, would end nothing.
 */
static void verify_statement_place(struct sf_verification *verification, size_t index)
{
	struct sf_verified_event *statements = verification->report->statements;
	struct sf_verified_event *statement = &statements[index];
	const struct sf_receipt *receipt = &statement->receipt;
	for (size_t i = index; i > 0; i--) {
		const struct sf_verified_event *before = &statements[i - 1];
		if (!before->readable)
			continue;
		if (receipt->recorded_ms < before->receipt.recorded_ms ||
			(receipt->epoch == before->receipt.epoch &&
				receipt->leaf_index == before->receipt.leaf_index)) {
			sf_verification_fault(verification, statement, SF_FINDING_ORDER,
				"statement %zu about an agreement stands twice, or behind a later "
				"one",
				index + 1);
			return;
		}
	}
}

static void verify_statement(struct sf_verification *verification, size_t index)
{
	struct sf_verified_event *statement = &verification->report->statements[index];
	statement->sequence = 0;
	verify_event(verification, statement, (struct sf_id){{0}});
	if (!statement->readable)
		return;
	if (!sf_kind_is_of_agreement(statement->header.message.fact.kind) ||
		statement->receipt.sequence != 0)
		sf_verification_fault(verification, statement, SF_FINDING_TRANSITION,
			"statement %zu is not about an agreement", index + 1);
	verify_statement_place(verification, index);
}

void sf_verify_events(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	const struct sf_evidence *evidence = &report->evidence;
	report->statements = take_events(evidence->statements, evidence->statement_count);
	report->events = take_events(evidence->events, evidence->event_count);
	if (!report->statements || !report->events) {
		verification->err = SF_ERR_MEMORY;
		return;
	}
	report->statement_count = evidence->statement_count;
	report->event_count = evidence->event_count;
	for (size_t i = 0; i < report->statement_count; i++)
		verify_statement(verification, i);
	const struct sf_verified_event *before = NULL;
	for (size_t i = 0; i < report->event_count && !verification->err; i++) {
		struct sf_verified_event *event = &report->events[i];
		verify_event(verification, event, evidence->transition);
		if (!event->readable) {
			verification->gap = true;
			continue;
		}
		verify_place(verification, event, before);
		verify_seen(verification, event);
		before = event;
	}
	conclude(verification);
}
