/* A transition in JSON: the row of the listing, and everything of the screen. */
#include "view/event_words.h"
#include "view/row.h"
#include "view/value.h"

static void write_row_members(struct sf_json_writer *writer, const struct sf_transition_row *row)
{
	sf_json_id(writer, "transition", row->transition);
	sf_json_text(writer, "state", sf_transition_state_text(row->state));
	sf_json_text(writer, "stay", sf_stay_state_text(row->stay));
	sf_json_word(writer, "pathway", sf_pathway_text(row->pathway));
	sf_json_party(writer, "hospital", row->hospital, row->hospital_name);
	sf_json_party(writer, "municipality", row->municipality, row->municipality_name);
	sf_json_time(writer, "opened", row->opened_ms);
	sf_json_time(writer, "changed", row->changed_ms);
	sf_json_int(writer, "sequence", (int64_t)row->sequence);
	sf_json_int(writer, "open_offers", (int64_t)row->open_offer_count);
	sf_json_int(writer, "late_deliveries", (int64_t)row->late_count);
	sf_json_bool(writer, "frozen", row->frozen);
	sf_json_int(writer, "overdue_duties", (int64_t)row->overdue_count);
	sf_json_time(writer, "next_due", row->next_due_ms);
	sf_json_array(writer, "holders");
	for (size_t i = 0; i < row->holder_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_text(writer, "domain", sf_domain_text(row->holders[i].domain));
		sf_json_party(writer, "party", row->holders[i].party, row->holders[i].name);
		sf_json_time(writer, "since", row->holders[i].since_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_transition_row(struct sf_json_writer *writer, const struct sf_transition_row *row)
{
	sf_json_object(writer, NULL);
	write_row_members(writer, row);
	sf_json_close(writer);
}

static void write_stay(struct sf_json_writer *writer, const struct sf_reply_transition *show)
{
	sf_json_word(writer, "stay_class", sf_stay_class_text(show->stay_class));
	sf_json_time(writer, "stay_since", show->stay_since_ms);
	sf_json_time(writer, "admitted", show->admitted_ms);
	sf_json_time(writer, "discharged", show->discharged_ms);
	sf_json_bool(writer, "report_requested", show->report_requested);
	sf_json_int(writer, "parties_version", (int64_t)show->parties_version);
	sf_json_domains(writer, "active", show->active);
	sf_json_digest(writer, "agreement", &show->agreement);
	sf_json_digest(writer, "head", &show->head);
}

static void write_members(struct sf_json_writer *writer, const struct sf_reply_transition *show)
{
	sf_json_array(writer, "parties");
	for (size_t i = 0; i < show->member_count; i++) {
		const struct sf_member_row *row = &show->members[i];
		sf_json_object(writer, NULL);
		sf_json_party(writer, "party", row->party, row->name);
		sf_json_word(writer, "role", sf_role_text(row->role));
		sf_json_word(writer, "binding", sf_binding_word(row->state));
		sf_json_int(writer, "since_sequence", (int64_t)row->since_sequence);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_lines(struct sf_json_writer *writer, const struct sf_reply_transition *show)
{
	sf_json_array(writer, "ledger");
	for (size_t i = 0; i < show->line_count; i++) {
		const struct sf_line_row *row = &show->lines[i];
		sf_json_object(writer, NULL);
		sf_json_text(writer, "domain", sf_domain_text(row->domain));
		sf_json_party(writer, "holder", row->holder, row->holder_name);
		sf_json_time(writer, "from", row->from_ms);
		sf_json_time(writer, "until", row->until_ms);
		sf_json_int(writer, "sequence", (int64_t)row->sequence);
		sf_json_text(writer, "basis", sf_basis_text(row->basis));
		sf_json_id(writer, "basis_message", row->basis_message);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_offers(struct sf_json_writer *writer, const struct sf_reply_transition *show)
{
	sf_json_array(writer, "offers");
	for (size_t i = 0; i < show->offer_count; i++) {
		const struct sf_offer_row *row = &show->offers[i];
		sf_json_object(writer, NULL);
		sf_json_id(writer, "message", row->message);
		sf_json_party(writer, "from", row->from, row->from_name);
		sf_json_word(writer, "to_role", sf_role_text(row->to_role));
		sf_json_party(writer, "to", row->to, row->to_name);
		sf_json_domains(writer, "domains", row->domains);
		sf_json_domains(writer, "remaining", row->remaining);
		sf_json_text(writer, "state", sf_offer_state_text(row->state));
		sf_json_time(writer, "since", row->since_ms);
		sf_json_int(writer, "sequence", (int64_t)row->sequence);
		sf_json_id(writer, "answered_by", row->answered_by);
		sf_json_time(writer, "promised", row->promised_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_events(struct sf_json_writer *writer, const struct sf_reply_transition *show)
{
	sf_json_array(writer, "events");
	for (size_t i = 0; i < show->event_count; i++) {
		const struct sf_event_row *row = &show->events[i];
		sf_json_object(writer, NULL);
		sf_json_int(writer, "sequence", (int64_t)row->sequence);
		sf_json_id(writer, "message", row->message);
		sf_json_party(writer, "author", row->author, row->author_name);
		sf_json_word(writer, "kind", sf_kind_text(row->kind));
		sf_json_word(writer, "class", sf_kind_class_word(row->kind_class));
		sf_json_word(writer, "activity", sf_activity_text(row->activity));
		sf_json_word(writer, "mode", sf_mode_text(row->mode));
		sf_json_domains(writer, "domains", row->domains);
		sf_json_word(writer, "detail", row->detail ? sf_event_detail(show, row) : "");
		sf_json_word(writer, "duty", row->duty ? sf_duty_text(row->duty) : "");
		sf_json_id(writer, "in_reply_to", row->in_reply_to);
		sf_json_word(writer, "ack", sf_ack_text(row->ack));
		sf_json_word(writer, "outcome", sf_outcome_word(row->outcome));
		sf_json_code(writer, row->code,
			row->outcome == SF_OUTCOME_APPLIED ? row->ack : SF_ACK_NONE);
		sf_json_time(writer, "occurred", row->occurred_ms);
		sf_json_time(writer, "recorded", row->recorded_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_transition_members(
	struct sf_json_writer *writer, const struct sf_reply_transition *show)
{
	write_row_members(writer, &show->row);
	write_stay(writer, show);
	write_members(writer, show);
	write_lines(writer, show);
	write_offers(writer, show);
	sf_json_course_members(writer, show);
	write_events(writer, show);
	sf_json_array(writer, "deliveries");
	for (size_t i = 0; i < show->delivery_count; i++)
		sf_json_delivery_row(writer, &show->deliveries[i]);
	sf_json_close(writer);
}
