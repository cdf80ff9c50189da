#include "audit/evidence.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/evidence_parts.h"

const char *sf_finding_text(enum sf_finding_code code)
{
	static const char *const words[] = {
#define X(name, word) [name] = (word),
		SF_FINDING_LIST(X)
#undef X
	};
	return (size_t)code < SF_COUNT(words) ? words[code] : "unknown";
}

const char *sf_severity_text(enum sf_severity severity)
{
	return severity == SF_SEVERITY_GOOD     ? "good"
	       : severity == SF_SEVERITY_REMARK ? "remark"
						: "fault";
}

static void add(struct sf_verification *verification, enum sf_severity severity,
	enum sf_finding_code code, uint64_t sequence, const char *format, va_list list)
	SF_PRINTF(5, 0);

static void add(struct sf_verification *verification, enum sf_severity severity,
	enum sf_finding_code code, uint64_t sequence, const char *format, va_list list)
{
	struct sf_evidence_report *report = verification->report;
	report->fault_count += severity == SF_SEVERITY_FAULT;
	report->remark_count += severity == SF_SEVERITY_REMARK;
	if (verification->err || report->finding_count == SF_EVIDENCE_FINDINGS_MAX)
		return;
	char text[SF_DIAG_SIZE];
	vsnprintf(text, sizeof(text), format, list);
	const char *kept = sf_arena_text(&report->arena, sf_view_text(text));
	if (!kept) {
		verification->err = SF_ERR_MEMORY;
		return;
	}
	report->findings[report->finding_count++] =
		(struct sf_finding){severity, code, sequence, kept};
}

void sf_verification_find(struct sf_verification *verification, enum sf_severity severity,
	enum sf_finding_code code, uint64_t sequence, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	add(verification, severity, code, sequence, format, list);
	va_end(list);
}

void sf_verification_fault(struct sf_verification *verification, struct sf_verified_event *event,
	enum sf_finding_code code, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	if (event)
		event->holds = false;
	add(verification, SF_SEVERITY_FAULT, code, event ? event->sequence : 0, format, list);
	va_end(list);
}

static enum sf_err open_report(
	struct sf_view bytes, struct sf_evidence_report **ret_report, struct sf_diag *diag)
{
	struct sf_evidence_report *report = calloc(1, sizeof(*report));
	if (!report)
		return SF_ERR_MEMORY;
	/* The decoded file, its claim twice, and a sentence for each finding. */
	sf_arena_init(
		&report->arena, SF_EVIDENCE_ARENA_SIZE + SF_EVIDENCE_FINDINGS_MAX * SF_DIAG_SIZE);
	report->findings = calloc(SF_EVIDENCE_FINDINGS_MAX, sizeof(*report->findings));
	enum sf_err err = report->findings ? SF_OK : SF_ERR_MEMORY;
	if (!err)
		err = sf_evidence_decode(bytes, &report->arena, &report->evidence, diag);
	if (!err)
		err = sf_directory_open(&report->directory);
	if (!err)
		err = sf_book_open(&report->book);
	if (err)
		sf_evidence_report_close(&report);
	else
		*ret_report = report;
	return err;
}

static enum sf_err run(struct sf_verification *verification)
{
	void (*const stages[])(struct sf_verification *) = {sf_verify_directory,
		sf_verify_checkpoints, sf_verify_events, sf_verify_fold, sf_verify_claim,
		sf_verify_supplied};
	for (size_t i = 0; i < SF_COUNT(stages) && !verification->err; i++)
		stages[i](verification);
	if (verification->whole != verification->report->transition)
		sf_transition_close(&verification->whole);
	free(verification->heads);
	free(verification->parties);
	free(verification->keys);
	return verification->err;
}

enum sf_err sf_evidence_verify(struct sf_view bytes, const struct sf_evidence_options *options,
	struct sf_evidence_report **ret_report, struct sf_diag *diag)
{
	struct sf_evidence_report *report = NULL;
	enum sf_err err = open_report(bytes, &report, diag);
	if (err)
		return err;
	struct sf_verification verification = {
		.options = options, .crypto = options->crypto, .report = report};
	err = run(&verification);
	if (err) {
		sf_diag_set(diag, "evidence: %s", sf_err_text(err));
		sf_evidence_report_close(&report);
		return err;
	}
	report->verified = report->fault_count == 0;
	*ret_report = report;
	return SF_OK;
}

void sf_evidence_report_close(struct sf_evidence_report **report)
{
	struct sf_evidence_report *closing = *report;
	*report = NULL;
	if (!closing)
		return;
	sf_transition_close(&closing->transition);
	sf_book_close(&closing->book);
	sf_directory_close(&closing->directory);
	free(closing->statements);
	free(closing->events);
	free(closing->findings);
	sf_arena_fini(&closing->arena);
	free(closing);
}
