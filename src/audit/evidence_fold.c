/*
 * What follows from the events (R6): the agreements and who signed them, the transition folded as
 * every node folds it, and what time gives at each recorded time.
 */
#include <string.h>

#include "audit/evidence_parts.h"
#include "audit/replay.h"
#include "base/time.h"
#include "core/derived.h"

static void add_agreements(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	const struct sf_evidence *evidence = &report->evidence;
	for (size_t i = 0; i < evidence->agreement_count && !verification->err; i++) {
		struct sf_digest digest;
		struct sf_diag diag = {""};
		enum sf_err err = sf_book_add(report->book, verification->crypto,
			verification->options->env, evidence->agreements[i], &digest, &diag);
		if (err == SF_ERR_MEMORY)
			verification->err = err;
		else if (err)
			sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_AGREEMENT,
				0, "agreement %zu: %.300s", i + 1,
				diag.text[0] ? diag.text : sf_err_text(err));
	}
}

static void follow_statements(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	for (size_t i = 0; i < report->statement_count && !verification->err; i++) {
		const struct sf_verified_event *statement = &report->statements[i];
		if (!statement->holds || statement->receipt.outcome == SF_OUTCOME_REFUSED)
			continue;
		verification->err = sf_book_follow(
			report->book, &statement->header.message, statement->receipt.recorded_ms);
	}
}

/* Without the text, nothing can be recomputed of what it asks. */
static void check_named(struct sf_verification *verification, struct sf_verified_event *event)
{
	const struct sf_fact *fact = &event->header.message.fact;
	char digest[SF_DIGEST_TEXT_SIZE];
	if (fact->kind != SF_KIND_PARTIES || sf_digest_is_none(&fact->parties.agreement) ||
		sf_agreement_find(
			sf_book_view(verification->report->book), &fact->parties.agreement))
		return;
	sf_digest_format(&fact->parties.agreement, digest);
	sf_verification_fault(verification, event, SF_FINDING_AGREEMENT_MISSING,
		"the agreement %s that it names is not in the file, or is another text", digest);
}

static bool names(const struct sf_verified_event *event, const struct sf_digest *agreement)
{
	const struct sf_fact *fact = &event->header.message.fact;
	if (!event->readable)
		return false;
	if (fact->kind == SF_KIND_PARTIES)
		return sf_digest_equal(&fact->parties.agreement, agreement);
	return sf_kind_is_of_agreement(fact->kind) &&
	       sf_digest_equal(&fact->agreement.agreement, agreement);
}

static void find_unnamed(struct sf_verification *verification)
{
	const struct sf_evidence_report *report = verification->report;
	const struct sf_agreement_book *book = sf_book_view(report->book);
	for (size_t i = 0; i < book->count; i++) {
		const struct sf_digest *digest = &book->agreements[i]->digest;
		bool named = false;
		for (size_t j = 0; j < report->statement_count && !named; j++)
			named = names(&report->statements[j], digest);
		for (size_t j = 0; j < report->event_count && !named; j++)
			named = names(&report->events[j], digest);
		char text[SF_DIGEST_TEXT_SIZE];
		sf_digest_format(digest, text);
		if (!named)
			sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_UNNAMED,
				0, "agreement %s is in the file, and no event names it", text);
	}
}

/* WIRE section 1: a resend repeats a message that was recorded and not refused. */
static bool was_recorded(
	const struct sf_evidence_report *report, const struct sf_verified_event *resend)
{
	const struct sf_header *header = &resend->header;
	for (const struct sf_verified_event *event = report->events; event != resend; event++)
		if (event->readable && event->receipt.outcome != SF_OUTCOME_REFUSED &&
			sf_id_equal(event->header.message.author, header->message.author) &&
			sf_view_equal(event->header.message_bytes, header->message_bytes))
			return true;
	return false;
}

/* Outcomes that were decided before the transition was asked: as far as the file can show them. */
static void check_number_only(struct sf_verification *verification, struct sf_verified_event *event)
{
	const struct sf_message *message = &event->header.message;
	const struct sf_receipt *receipt = &event->receipt;
	if (receipt->kind_class == SF_CLASS_RESEND) {
		if (!was_recorded(verification->report, event))
			sf_verification_fault(verification, event, SF_FINDING_RESEND,
				"recorded as a resend of a message that was not recorded before");
		return;
	}
	if (receipt->code == SF_REFUSAL_RECIPIENT_UNKNOWN) {
		bool known = true;
		for (size_t i = 0; i < message->recipient_count && known; i++)
			known = sf_verification_had_party(verification, message->recipients[i],
				event->header.directory_version);
		if (known)
			sf_verification_fault(verification, event, SF_FINDING_REFUSAL,
				"refused because a recipient was not known, and all of them were "
				"in the directory");
		return;
	}
	sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_REFUSED_OUTSIDE,
		event->sequence, "refused (%s) for a reason that this file cannot show",
		sf_refusal_code(receipt->code));
}

static bool same_derived(const struct sf_fact *a, const struct sf_fact *b)
{
	return a->kind == b->kind && sf_id_equal(a->derived.subject, b->derived.subject) &&
	       a->derived.clause == b->derived.clause && a->derived.due_ms == b->derived.due_ms &&
	       a->derived.level == b->derived.level && a->derived.domains == b->derived.domains &&
	       sf_id_equal(a->derived.to, b->derived.to);
}

static void describe(const struct sf_fact *fact, struct sf_diag *ret_text)
{
	char subject[SF_ID_TEXT_SIZE], due[SF_TIME_TEXT_SIZE];
	sf_id_format(fact->derived.subject, subject);
	sf_time_format(fact->derived.due_ms, due);
	sf_diag_set(ret_text, "%s (clause %u, of message %s) due %s", sf_kind_text(fact->kind),
		(unsigned)fact->derived.clause, subject, due);
}

/* A derived fact must be what time gives then, and at once. */
static void check_derived(struct sf_verification *verification, struct sf_verified_event *event,
	const struct sf_transition *transition)
{
	const struct sf_fact *said = &event->header.message.fact;
	struct sf_fact due;
	struct sf_diag says, gives;
	if (said->kind == SF_KIND_LINKED) {
		sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_LINKED,
			event->sequence,
			"taken as told: that two transitions are of one person takes both");
		return;
	}
	if (!sf_kind_is_read(said->kind))
		return;
	describe(said, &says);
	bool any = sf_transition_derive(transition, event->receipt.recorded_ms, &due);
	if (any && same_derived(said, &due))
		return;
	if (any)
		describe(&due, &gives);
	else
		sf_diag_set(&gives, "nothing at that time");
	sf_verification_fault(verification, event, SF_FINDING_DEADLINE_WRONG,
		"it says %.160s; the events before it give %.160s", says.text, gives.text);
}

/*
 * What was due must be recorded before anything else is, but for what comes again after the tail of
 * the log was lost: it was said before (WIRE section 7.1). Each is named once.
 */
static void check_withheld(struct sf_verification *verification, struct sf_verified_event *event,
	const struct sf_transition *transition, struct sf_fact *last)
{
	struct sf_fact due;
	struct sf_diag text;
	if (event->receipt.epoch > 1 && event->header.seen_epoch < event->receipt.epoch)
		return;
	if (!sf_transition_derive(transition, event->receipt.recorded_ms, &due))
		return;
	if (last->kind != SF_KIND_NONE && same_derived(last, &due))
		return;
	*last = due;
	describe(&due, &text);
	sf_verification_fault(verification, event, SF_FINDING_DEADLINE_WITHHELD,
		"before it, the coordinator should have recorded %.300s", text.text);
}

static enum sf_err step(struct sf_transition *transition, const struct sf_verified_event *event,
	struct sf_transition_result *ret_result)
{
	const struct sf_receipt *receipt = &event->receipt;
	const struct sf_recorded recorded = {receipt->kind_class, receipt->outcome, receipt->code,
		receipt->sequence, receipt->recorded_ms, event->author_role};
	return sf_replay_step(transition, &event->header.message, &recorded, ret_result);
}

/* False: nothing behind it can be folded either. */
static bool fold_event(
	struct sf_verification *verification, struct sf_verified_event *event, struct sf_fact *last)
{
	struct sf_transition *whole = verification->whole;
	const struct sf_receipt *receipt = &event->receipt;
	const struct sf_recorded recorded = {receipt->kind_class, receipt->outcome, receipt->code,
		receipt->sequence, receipt->recorded_ms, event->author_role};
	struct sf_transition_result result = {.outcome = receipt->outcome};
	if (receipt->kind_class == SF_CLASS_DERIVED)
		check_derived(verification, event, whole);
	else
		check_withheld(verification, event, whole, last);
	if (sf_recorded_is_number_only(&recorded))
		check_number_only(verification, event);
	check_named(verification, event);
	enum sf_err err = step(whole, event, &result);
	if (err == SF_ERR_INTEGRITY) {
		sf_verification_fault(verification, event, SF_FINDING_OUTCOME,
			"recorded as %u (%s); the events before it and the agreement give %u (%s)",
			(unsigned)receipt->outcome, sf_refusal_code(receipt->code),
			(unsigned)result.outcome, sf_refusal_code(result.code));
		err = SF_OK;
	}
	if (!err && verification->report->transition &&
		receipt->recorded_ms <= verification->options->at_ms) {
		err = step(verification->report->transition, event, &result);
		event->folded = err == SF_OK || err == SF_ERR_INTEGRITY;
		err = err == SF_ERR_INTEGRITY ? SF_OK : err;
	}
	/* More than a transition can follow: no coordinator records that. */
	if (err && err != SF_ERR_MEMORY) {
		sf_verification_fault(verification, event, SF_FINDING_OUTCOME,
			"it cannot be folded: %s", sf_err_text(err));
		return false;
	}
	verification->err = err;
	verification->head = event->head;
	return true;
}

/* In its place, and of this transition: what is not ends the fold, and was named before. */
static bool is_foldable(const struct sf_verification *verification,
	const struct sf_verified_event *event, size_t index)
{
	return event->readable && event->receipt.sequence == index + 1 &&
	       sf_id_equal(
		       event->header.message.transition, verification->report->evidence.transition);
}

/* The end of the file: what the maker should have recorded, or heard of, by then. */
static void check_overdue(struct sf_verification *verification)
{
	const struct sf_evidence *evidence = &verification->report->evidence;
	struct sf_fact due;
	struct sf_diag text;
	int64_t by_ms = evidence->made_ms - SF_EVIDENCE_PENDING_MS_MAX;
	if (sf_transition_sequence(verification->whole) == 0 ||
		!sf_transition_derive(verification->whole, by_ms, &due))
		return;
	describe(&due, &text);
	if (sf_id_equal(evidence->made_by, evidence->coordinator))
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_DEADLINE_WITHHELD,
			0, "before it made the file, the coordinator should have recorded %.300s",
			text.text);
	else
		sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_OVERDUE, 0,
			"by the time the file was made, this was due and is not in it: %.300s",
			text.text);
}

void sf_verify_fold(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	const struct sf_agreement_book *book = sf_book_view(report->book);
	struct sf_id id = report->evidence.transition;
	struct sf_fact last = {.kind = SF_KIND_NONE};
	add_agreements(verification);
	if (!verification->err)
		follow_statements(verification);
	if (!verification->err)
		verification->err = sf_transition_open(id, book, &verification->whole);
	if (!verification->err && verification->options->at_ms > 0)
		verification->err = sf_transition_open(id, book, &report->transition);
	size_t count = report->event_count, i = 0;
	for (; i < count && !verification->err; i++) {
		struct sf_verified_event *event = &report->events[i];
		if (!is_foldable(verification, event, i) || !fold_event(verification, event, &last))
			break;
	}
	if (verification->err)
		return;
	if (i == count && count > 0)
		check_overdue(verification);
	find_unnamed(verification);
	if (!report->transition) {
		for (size_t j = 0; j < i; j++)
			report->events[j].folded = true;
		report->transition = verification->whole;
	}
}
