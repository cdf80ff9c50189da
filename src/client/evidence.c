#include "stafet/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "client/verifier.h"

_Static_assert((int)STAFET_SEVERITY_FAULT == (int)SF_SEVERITY_FAULT, "severities");

struct stafet_evidence {
	struct sf_verifier *verifier;      /* owned: its zones are the report's */
	struct sf_evidence_report *report; /* owned */
	char words[SF_REGISTRARS_MAX][SF_VERIFIER_WORDS_SIZE];
};

static struct stafet_id outer(struct sf_id id)
{
	struct stafet_id theirs;
	memcpy(theirs.bytes, id.bytes, sizeof(theirs.bytes));
	return theirs;
}

static struct sf_view view(struct stafet_bytes bytes)
{
	return sf_view_of(bytes.data, bytes.size);
}

static enum sf_err check(struct stafet_evidence *evidence, struct sf_view bytes,
	const struct stafet_evidence_options *options)
{
	struct sf_view *receipts = calloc(options->receipt_count + 1, sizeof(*receipts));
	if (!receipts)
		return SF_ERR_MEMORY;
	for (size_t i = 0; i < options->receipt_count; i++)
		receipts[i] = view(options->receipts[i]);
	const struct sf_verifier_question question = {.evidence = bytes,
		.receipt_count = options->receipt_count,
		.receipts = receipts,
		.at_ms = options->at_ms,
		.require_proof = options->require_proof != 0};
	enum sf_err err = sf_verifier_check(evidence->verifier, &question, &evidence->report, NULL);
	free(receipts);
	if (err)
		return err;
	const struct sf_registrars *registrars = &evidence->report->registrars;
	for (size_t i = 0; i < registrars->count; i++)
		sf_verifier_words(evidence->verifier, registrars->keys[i], evidence->words[i]);
	return SF_OK;
}

int stafet_evidence_verify(const void *data, size_t size,
	const struct stafet_evidence_options *options, struct stafet_evidence **ret_evidence)
{
	static const struct stafet_evidence_options none;
	if (!ret_evidence || (!data && size > 0))
		return STAFET_ERR_USAGE;
	if (!options)
		options = &none;
	*ret_evidence = NULL;
	struct stafet_evidence *evidence = calloc(1, sizeof(*evidence));
	if (!evidence)
		return STAFET_ERR_MEMORY;
	enum sf_err err = sf_verifier_open(NULL, view(options->policy), &evidence->verifier, NULL);
	if (!err)
		err = check(evidence, sf_view_of(data, size), options);
	if (err) {
		stafet_evidence_close(&evidence);
		return err;
	}
	*ret_evidence = evidence;
	return evidence->report->verified ? STAFET_OK : STAFET_ERR_INTEGRITY;
}

void stafet_evidence_close(struct stafet_evidence **evidence)
{
	if (!evidence || !*evidence)
		return;
	sf_evidence_report_close(&(*evidence)->report);
	sf_verifier_close(&(*evidence)->verifier);
	free(*evidence);
	*evidence = NULL;
}

size_t stafet_evidence_finding_count(const struct stafet_evidence *evidence)
{
	return evidence->report->finding_count;
}

int stafet_evidence_finding(
	const struct stafet_evidence *evidence, size_t index, struct stafet_finding *ret_finding)
{
	if (index >= evidence->report->finding_count)
		return STAFET_ERR_NOT_FOUND;
	const struct sf_finding *finding = &evidence->report->findings[index];
	*ret_finding = (struct stafet_finding){
		.severity = (enum stafet_severity)finding->severity,
		.code = sf_finding_text(finding->code),
		.sequence = finding->sequence,
		.text = finding->text,
	};
	return STAFET_OK;
}

static bool is_proven(const struct sf_verified_event *event)
{
	return event->checkpoint && event->checkpoint->counts;
}

void stafet_evidence_summary(
	const struct stafet_evidence *evidence, struct stafet_evidence_summary *ret_summary)
{
	const struct sf_evidence_report *report = evidence->report;
	const struct sf_evidence *file = &report->evidence;
	*ret_summary = (struct stafet_evidence_summary){
		.verified = report->verified,
		.transition = outer(file->transition),
		.made_by = outer(file->made_by),
		.made_by_name = sf_directory_name(report->directory, file->made_by),
		.made_ms = file->made_ms,
		.log = file->log,
		.registrars_pinned = report->registrars_pinned,
		.registrar_count = report->registrars.count,
		.state = sf_transition_state_text(sf_transition_state(report->transition)),
		.event_count = report->event_count,
		.fault_count = report->fault_count,
		.remark_count = report->remark_count,
	};
	for (size_t i = 0; i < report->event_count; i++)
		ret_summary->proven_count += is_proven(&report->events[i]);
}

const char *stafet_evidence_registrar(const struct stafet_evidence *evidence, size_t index)
{
	return index < evidence->report->registrars.count ? evidence->words[index] : "";
}

int stafet_evidence_event(const struct stafet_evidence *evidence, size_t index,
	struct stafet_evidence_event *ret_event)
{
	const struct sf_evidence_report *report = evidence->report;
	if (index >= report->event_count)
		return STAFET_ERR_NOT_FOUND;
	const struct sf_verified_event *event = &report->events[index];
	const struct sf_message *message = &event->header.message;
	const struct sf_receipt *receipt = &event->receipt;
	*ret_event = (struct stafet_evidence_event){
		.sequence = event->sequence,
		.message = outer(message->id),
		.author = outer(message->author),
		.author_name = sf_directory_name(report->directory, message->author),
		.author_role = sf_role_text(event->author_role),
		.kind = sf_kind_text(message->fact.kind),
		.occurred_ms = message->occurred_ms,
		.sent_ms = event->header.sent_ms,
		.recorded_ms = receipt->recorded_ms,
		.outcome = receipt->code ? sf_refusal_code(receipt->code) : "applied",
		.epoch = receipt->epoch,
		.leaf_index = receipt->leaf_index,
		.proof_size = event->checkpoint ? event->checkpoint->checkpoint.size : 0,
		.cosigner_count = event->checkpoint ? event->checkpoint->cosigner_count : 0,
		.holds = event->holds,
		.folded = event->folded,
	};
	return STAFET_OK;
}

int stafet_evidence_cosigner(const struct stafet_evidence *evidence, size_t event, size_t index,
	struct stafet_cosigner *ret_cosigner)
{
	const struct sf_evidence_report *report = evidence->report;
	const struct sf_verified_checkpoint *checkpoint =
		event < report->event_count ? report->events[event].checkpoint : NULL;
	if (!checkpoint || index >= checkpoint->cosigner_count)
		return STAFET_ERR_NOT_FOUND;
	const struct sf_verified_cosigner *cosigner = &checkpoint->cosigners[index];
	*ret_cosigner = (struct stafet_cosigner){
		.party = outer(cosigner->party),
		.name = sf_directory_name(report->directory, cosigner->party),
		.role = sf_role_text(cosigner->role),
		.at_ms = (int64_t)(cosigner->time_s * 1000),
	};
	return STAFET_OK;
}

int stafet_evidence_ledger(
	const struct stafet_evidence *evidence, size_t index, struct stafet_ledger_line *ret_line)
{
	size_t count = evidence->report->found.holder_count;
	if (index >= count)
		return STAFET_ERR_NOT_FOUND;
	const struct sf_claim_holder *holder = &evidence->report->found.holders[index];
	*ret_line = (struct stafet_ledger_line){
		.domain = sf_domain_text(holder->domain),
		.party = outer(holder->party),
		.name = sf_directory_name(evidence->report->directory, holder->party),
		.since_ms = holder->since_ms,
	};
	return STAFET_OK;
}
