#include "view/evidence.h"

#include "view/row.h"
#include "view/value.h"

static void write_cosigners(struct sf_json_writer *writer, const struct sf_evidence_report *report,
	const struct sf_verified_checkpoint *checkpoint)
{
	sf_json_array(writer, "cosigners");
	for (size_t i = 0; checkpoint && i < checkpoint->cosigner_count; i++) {
		const struct sf_verified_cosigner *cosigner = &checkpoint->cosigners[i];
		sf_json_object(writer, NULL);
		sf_json_party(writer, "party", cosigner->party,
			sf_directory_name(report->directory, cosigner->party));
		sf_json_word(writer, "role", sf_role_text(cosigner->role));
		sf_json_time(writer, "at", (int64_t)(cosigner->time_s * 1000));
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_event(struct sf_json_writer *writer, const struct sf_evidence_report *report,
	const struct sf_verified_event *event)
{
	const struct sf_message *message = &event->header.message;
	const struct sf_receipt *receipt = &event->receipt;
	sf_json_object(writer, NULL);
	sf_json_int(writer, "sequence", (int64_t)event->sequence);
	sf_json_bool(writer, "holds", event->holds);
	sf_json_bool(writer, "folded", event->folded);
	if (event->readable) {
		sf_json_id(writer, "message", message->id);
		sf_json_party(writer, "author", message->author,
			sf_directory_name(report->directory, message->author));
		sf_json_word(writer, "role", sf_role_text(event->author_role));
		sf_json_word(writer, "kind", sf_kind_text(message->fact.kind));
		sf_json_id(writer, "key", event->key_id);
		sf_json_time(writer, "occurred", message->occurred_ms);
		sf_json_time(writer, "sent", event->header.sent_ms);
		sf_json_time(writer, "recorded", receipt->recorded_ms);
		sf_json_word(writer, "outcome", sf_outcome_word(receipt->outcome));
		sf_json_word(writer, "code", receipt->code ? sf_refusal_code(receipt->code) : "");
		sf_json_int(writer, "epoch", receipt->epoch);
		sf_json_int(writer, "leaf", (int64_t)receipt->leaf_index);
		sf_json_int(writer, "proof_size",
			event->checkpoint ? (int64_t)event->checkpoint->checkpoint.size : 0);
		write_cosigners(writer, report, event->checkpoint);
	}
	sf_json_close(writer);
}

static void write_findings(struct sf_json_writer *writer, const struct sf_evidence_report *report)
{
	sf_json_array(writer, "findings");
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct sf_finding *finding = &report->findings[i];
		sf_json_object(writer, NULL);
		sf_json_text(writer, "severity", sf_severity_text(finding->severity));
		sf_json_text(writer, "code", sf_finding_text(finding->code));
		if (finding->sequence)
			sf_json_int(writer, "event", (int64_t)finding->sequence);
		else
			sf_json_null(writer, "event");
		sf_json_text(writer, "text", finding->text);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_evidence_members(struct sf_json_writer *writer,
	const struct sf_evidence_report *report, const struct sf_reply_transition *show,
	const char *const *registrars)
{
	sf_json_bool(writer, "verified", report->verified);
	sf_json_int(writer, "faults", (int64_t)report->fault_count);
	sf_json_party(writer, "made_by", report->evidence.made_by,
		sf_directory_name(report->directory, report->evidence.made_by));
	sf_json_time(writer, "made", report->evidence.made_ms);
	sf_json_text(writer, "log", report->evidence.log);
	sf_json_bool(writer, "registrars_pinned", report->registrars_pinned);
	sf_json_array(writer, "registrars");
	for (size_t i = 0; i < report->registrars.count; i++)
		sf_json_text(writer, NULL, registrars[i]);
	sf_json_close(writer);
	sf_json_object(writer, "transition");
	sf_json_transition_members(writer, show);
	sf_json_close(writer);
	sf_json_array(writer, "events");
	for (size_t i = 0; i < report->event_count; i++)
		write_event(writer, report, &report->events[i]);
	sf_json_close(writer);
	write_findings(writer, report);
}
