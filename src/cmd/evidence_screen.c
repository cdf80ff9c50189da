#include "cmd/evidence_screen.h"

#include "cmd/print.h"
#include "view/event_words.h"
#include "view/evidence.h"

static struct sf_shown party_of(const struct sf_evidence_report *report, struct sf_id party)
{
	const struct sf_directory_entry *entry = sf_directory_party(report->directory, party);
	return sf_show_party(entry ? entry->name : "", party);
}

static void print_head(FILE *out, const struct sf_evidence_screen *screen)
{
	const struct sf_evidence_report *report = screen->report;
	const struct sf_evidence *evidence = &report->evidence;
	fprintf(out, "Transition %s\n", sf_show_id(evidence->transition).text);
	fprintf(out, "  made by     %s, %s\n", party_of(report, evidence->made_by).text,
		sf_show_time(evidence->made_ms).text);
	fprintf(out, "  log         %s\n", sf_show_text(evidence->log).text);
	for (size_t i = 0; i < report->registrars.count; i++) {
		char words[SF_VERIFIER_WORDS_SIZE];
		sf_verifier_words(screen->verifier, report->registrars.keys[i], words);
		fprintf(out, "  %-11s %s%s\n", i == 0 ? "registrar" : "", words,
			report->registrars_pinned ? "" : " (named by the file itself)");
	}
}

static void print_cosigners(FILE *out, const struct sf_evidence_report *report,
	const struct sf_verified_checkpoint *checkpoint)
{
	if (checkpoint->cosigner_count == 0)
		fputs(", cosigned by nobody", out);
	for (size_t i = 0; i < checkpoint->cosigner_count; i++)
		fprintf(out, "%s%s", i == 0 ? ", cosigned by " : ", ",
			party_of(report, checkpoint->cosigners[i].party).text);
}

static void print_faults(FILE *out, const struct sf_evidence_report *report, uint64_t sequence)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct sf_finding *finding = &report->findings[i];
		if (finding->sequence != sequence || finding->severity != SF_SEVERITY_FAULT)
			continue;
		fprintf(out, "     FAULT %s: ", sf_finding_text(finding->code));
		sf_print_text(out, finding->text);
		fputc('\n', out);
	}
}

static const struct sf_event_row *row_of(
	const struct sf_reply_transition *show, const struct sf_verified_event *event)
{
	for (size_t i = 0; i < show->event_count; i++)
		if (show->events[i].sequence == event->sequence && event->folded)
			return &show->events[i];
	return NULL;
}

static void print_event(
	FILE *out, const struct sf_evidence_screen *screen, const struct sf_verified_event *event)
{
	const struct sf_evidence_report *report = screen->report;
	const struct sf_header *header = &event->header;
	const struct sf_event_row *row = row_of(screen->show, event);
	if (!event->readable) {
		fprintf(out, "%4llu cannot be read\n", (unsigned long long)event->sequence);
		return;
	}
	const struct sf_shown words = row ? sf_event_words(screen->show, row)
					  : sf_show_text(sf_kind_text(header->message.fact.kind));
	const struct sf_receipt *receipt = &event->receipt;
	fprintf(out, "%4llu %s%s%s%s, signed by %s (%s)\n", (unsigned long long)event->sequence,
		words.text, receipt->code ? " [" : "",
		receipt->code ? sf_refusal_code(receipt->code) : "", receipt->code ? "]" : "",
		party_of(report, header->message.author).text, sf_role_text(event->author_role));
	fprintf(out, "     happened %s, signed %s, recorded %s\n",
		sf_show_time(header->message.occurred_ms).text, sf_show_time(header->sent_ms).text,
		sf_show_time(receipt->recorded_ms).text);
	fprintf(out, "     leaf %llu of the log, epoch %u", (unsigned long long)receipt->leaf_index,
		(unsigned)receipt->epoch);
	if (event->checkpoint) {
		fprintf(out, ", in the checkpoint of %llu",
			(unsigned long long)event->checkpoint->checkpoint.size);
		print_cosigners(out, report, event->checkpoint);
	} else {
		fputs(", pending", out);
	}
	fputs(event->folded ? "\n" : "; not in what follows\n", out);
}

static void print_ledger(FILE *out, const struct sf_reply_transition *show)
{
	fputs("\nWho held what, as the events give it\n", out);
	for (size_t i = 0; i < show->line_count; i++) {
		const struct sf_line_row *line = &show->lines[i];
		fprintf(out, "  %-14s %s, from %s", sf_domain_text(line->domain),
			sf_show_party(line->holder_name, line->holder).text,
			sf_show_time(line->from_ms).text);
		if (line->until_ms != 0 && line->until_ms != INT64_MAX)
			fprintf(out, " to %s", sf_show_time(line->until_ms).text);
		fputc('\n', out);
	}
	for (size_t i = 0; i < show->obligation_count; i++) {
		const struct sf_obligation_row *owed = &show->obligations[i];
		fprintf(out, "  %-14s %s: %s, due %s\n",
			owed->name && owed->name[0] ? sf_show_text(owed->name).text
						    : sf_duty_text(owed->duty),
			sf_show_party(owed->owner_name, owed->owner).text,
			sf_task_state_text(owed->state), sf_show_time(owed->due_ms).text);
	}
}

static void print_findings(FILE *out, const struct sf_evidence_report *report)
{
	fputs("\nWhat was found\n", out);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct sf_finding *finding = &report->findings[i];
		bool fault = finding->severity == SF_SEVERITY_FAULT;
		fprintf(out, "  %-6s %s", fault ? "FAULT" : sf_severity_text(finding->severity),
			sf_finding_text(finding->code));
		if (finding->sequence)
			fprintf(out, ", event %llu", (unsigned long long)finding->sequence);
		fputs(": ", out);
		sf_print_text(out, finding->text);
		fputc('\n', out);
	}
}

void sf_evidence_screen_print(FILE *out, const struct sf_evidence_screen *screen)
{
	const struct sf_evidence_report *report = screen->report;
	print_head(out, screen);
	fputc('\n', out);
	for (size_t i = 0; i < report->event_count; i++) {
		print_event(out, screen, &report->events[i]);
		print_faults(out, report, report->events[i].sequence);
	}
	print_ledger(out, screen->show);
	print_findings(out, report);
	if (report->verified)
		fputs("\nverified\n", out);
	else
		fprintf(out, "\nNOT verified: %zu faults\n", report->fault_count);
}

int sf_evidence_screen_json(const struct sf_evidence_screen *screen)
{
	const struct sf_registrars *registrars = &screen->report->registrars;
	char words[SF_REGISTRARS_MAX][SF_VERIFIER_WORDS_SIZE];
	const char *texts[SF_REGISTRARS_MAX];
	struct sf_json_page page;
	for (size_t i = 0; i < registrars->count; i++) {
		sf_verifier_words(screen->verifier, registrars->keys[i], words[i]);
		texts[i] = words[i];
	}
	sf_json_evidence_members(sf_json_page_begin(&page), screen->report, screen->show, texts);
	return sf_json_page_end(&page);
}
