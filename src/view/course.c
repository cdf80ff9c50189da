/* The course of a transition in JSON: plan, obligations, windows, deviations, contacts, and lines
 * of a board. */
#include "view/row.h"
#include "view/value.h"
#include "core/deadline.h"

static void write_interval(struct sf_json_writer *writer, const char *name, int64_t from_ms,
	int64_t until_ms, enum sf_confidence confidence)
{
	sf_json_object(writer, name);
	sf_json_time(writer, "from", from_ms);
	sf_json_time(writer, "until", until_ms);
	sf_json_word(writer, "confidence", sf_confidence_text(confidence));
	sf_json_close(writer);
}

static void write_plan(struct sf_json_writer *writer, const struct sf_course_row *course)
{
	sf_json_id(writer, "plan", course->plan);
	sf_json_int(writer, "plan_version", (int64_t)course->plan_version);
	write_interval(writer, "plan_ready", course->ready_from_ms, course->ready_until_ms,
		course->ready_confidence);
	write_interval(writer, "plan_discharge", course->discharge_from_ms,
		course->discharge_until_ms, course->discharge_confidence);
	sf_json_word(writer, "answer", sf_plan_answer_text(course->answer));
	sf_json_time(writer, "answer_ready_from", course->answer_ready_from_ms);
	sf_json_word(writer, "answer_reason", sf_cannot_text(course->reason));
	sf_json_word(writer, "refer_to_role", sf_role_text(course->refer_to_role));
	sf_json_party(writer, "refer_to", course->refer_to_party, course->refer_to_name);
}

static void write_course(struct sf_json_writer *writer, const struct sf_course_row *course)
{
	sf_json_object(writer, "course");
	write_plan(writer, course);
	sf_json_bool(writer, "no_case", course->no_case);
	sf_json_time(writer, "ready", course->ready_ms);
	sf_json_time(writer, "hospital_agrees", course->hospital_agrees_ms);
	sf_json_time(writer, "municipality_agrees", course->municipality_agrees_ms);
	sf_json_time(writer, "intent", course->intent_ms);
	sf_json_word(writer, "assessment", sf_assessment_text(course->assessment));
	sf_json_time(writer, "arrived", course->arrived_ms);
	sf_json_int(writer, "disputes", (int64_t)course->dispute_count);
	sf_json_bool(writer, "silent", course->silent);
	sf_json_word(writer, "closed_by_hand", sf_close_text(course->close_code));
	sf_json_word(writer, "link", sf_link_text(course->link));
	sf_json_id(writer, "linked", course->linked);
	sf_json_close(writer);
}

/* A clause as the agreement calls and cites it. */
static void write_clause(
	struct sf_json_writer *writer, uint32_t clause, const char *name, const char *citation)
{
	sf_json_int(writer, "clause", (int64_t)clause);
	sf_json_word(writer, "name", name);
	sf_json_word(writer, "citation", citation);
}

void sf_json_obligation_row(struct sf_json_writer *writer, const struct sf_obligation_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_id(writer, "transition", row->transition);
	sf_json_id(writer, "subject", row->subject);
	write_clause(writer, row->clause, row->name, row->citation);
	sf_json_word(writer, "duty", sf_duty_text(row->duty));
	sf_json_word(writer, "state", sf_task_state_text(row->state));
	sf_json_word(writer, "kept", sf_task_state_text(row->kept));
	sf_json_bool(writer, "open", row->open);
	sf_json_word(writer, "owner_role", sf_role_text(row->owner_role));
	sf_json_party(writer, "owner", row->owner, row->owner_name);
	sf_json_party(writer, "requester", row->requester, row->requester_name);
	sf_json_time(writer, "due", row->due_ms);
	sf_json_bool(writer, "undecided", row->undecided);
	sf_json_time(writer, "raised", row->raised_ms);
	sf_json_time(writer, "since", row->since_ms);
	sf_json_time(writer, "expired", row->expired_ms);
	sf_json_time(writer, "ended", row->ended_ms);
	sf_json_time(writer, "changed", row->changed_ms);
	sf_json_int(writer, "level", (int64_t)row->level);
	sf_json_bool(writer, "alarm_seen", row->alarm_seen);
	sf_json_word(writer, "treatment", sf_role_text(row->treatment));
	sf_json_word(writer, "payer", sf_role_text(row->payer));
	sf_json_word(writer, "refer_to_role", sf_role_text(row->refer_to_role));
	sf_json_id(writer, "refer_to", row->refer_to_party);
	sf_json_close(writer);
}

static void write_window(struct sf_json_writer *writer, const struct sf_window_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_id(writer, "subject", row->subject);
	write_clause(writer, row->clause, row->name, row->citation);
	sf_json_text(
		writer, "domain", row->domain < SF_DOMAIN_COUNT ? sf_domain_text(row->domain) : "");
	sf_json_party(writer, "holder", row->holder, row->holder_name);
	sf_json_word(writer, "then", sf_role_text(row->then));
	sf_json_time(writer, "from", row->from_ms);
	sf_json_time(writer, "until", row->until_ms);
	sf_json_word(writer, "state", sf_window_state_text(row->state));
	sf_json_close(writer);
}

static void write_deviation(struct sf_json_writer *writer, const struct sf_deviation_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_code(writer, row->code, SF_ACK_NONE);
	sf_json_int(writer, "sequence", (int64_t)row->sequence);
	sf_json_id(writer, "message", row->message);
	sf_json_time(writer, "recorded", row->recorded_ms);
	sf_json_close(writer);
}

static const char *source_word(uint32_t source)
{
	switch (source) {
	case SF_CONTACT_OF_SUPPORT:
		return "support";
	case SF_CONTACT_OF_HOURS:
		return "hours";
	case SF_CONTACT_OF_LETTER:
		return "letter";
	default:
		return "";
	}
}

static void write_contact(struct sf_json_writer *writer, const struct sf_contact_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_text(writer, "domain", sf_domain_text(row->domain));
	sf_json_party(writer, "party", row->party, row->party_name);
	sf_json_word(writer, "contact", row->name);
	sf_json_word(writer, "telephone", row->telephone);
	sf_json_time(writer, "until", row->until_ms);
	sf_json_word(writer, "source", source_word(row->source));
	sf_json_word(writer, "next_contact", row->next_name);
	sf_json_word(writer, "next_telephone", row->next_telephone);
	sf_json_close(writer);
}

void sf_json_board_row(
	struct sf_json_writer *writer, const char *name, const struct sf_board_row *row)
{
	sf_json_object(writer, name);
	sf_json_word(writer, "what", sf_board_text(row->what));
	sf_json_id(writer, "transition", row->transition);
	sf_json_text(writer, "state", sf_transition_state_text(row->state));
	sf_json_word(writer, "next", sf_next_text(row->next));
	sf_json_word(writer, "role", sf_role_text(row->role));
	sf_json_party(writer, "party", row->party, row->party_name);
	sf_json_party(writer, "peer", row->peer, row->peer_name);
	sf_json_word(writer, "duty", sf_duty_text(row->duty));
	write_clause(writer, row->clause, row->name, row->citation);
	sf_json_id(writer, "subject", row->subject);
	sf_json_domains(writer, "domains", row->domains);
	sf_json_time(writer, "before", row->before_ms);
	sf_json_time(writer, "promised", row->promised_ms);
	sf_json_bool(writer, "overdue", row->overdue);
	sf_json_int(writer, "level", (int64_t)row->level);
	sf_json_int(writer, "code", (int64_t)row->code);
	sf_json_int(writer, "count", (int64_t)row->count);
	sf_json_close(writer);
}

void sf_json_course_members(struct sf_json_writer *writer, const struct sf_reply_transition *show)
{
	write_course(writer, &show->course);
	sf_json_array(writer, "obligations");
	for (size_t i = 0; i < show->obligation_count; i++)
		sf_json_obligation_row(writer, &show->obligations[i]);
	sf_json_close(writer);
	sf_json_array(writer, "windows");
	for (size_t i = 0; i < show->window_count; i++)
		write_window(writer, &show->windows[i]);
	sf_json_close(writer);
	sf_json_array(writer, "deviations");
	for (size_t i = 0; i < show->deviation_count; i++)
		write_deviation(writer, &show->deviations[i]);
	sf_json_close(writer);
	sf_json_array(writer, "contacts");
	for (size_t i = 0; i < show->contact_count; i++)
		write_contact(writer, &show->contacts[i]);
	sf_json_close(writer);
	sf_json_board_row(writer, "next", &show->next);
	sf_json_word(writer, "agreement_name", show->agreement_name);
	sf_json_int(writer, "agreement_version", (int64_t)show->agreement_version);
	sf_json_time(writer, "as_of", show->as_of_ms);
	sf_json_int(writer, "known_sequence", (int64_t)show->known_sequence);
}
