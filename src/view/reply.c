#include "view/reply.h"

#include "base/base64.h"
#include "core/indicator.h"
#include "view/members.h"
#include "view/row.h"
#include "view/value.h"

static void write_sent(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_sent *sent = &reply->sent;
	sf_json_text(writer, "answer", sf_send_answer_text(sent->answer));
	sf_json_id(writer, "message", sent->message);
	sf_json_id(writer, "transition", sent->transition);
	sf_json_issue_rows(writer, sent->issues, sent->issue_count);
	sf_json_word(writer, "acknowledgement_type", sent->acknowledgement_type);
	/* HL7 is answered in its own character set: what is not UTF-8 cannot stand here. */
	if (sent->acknowledgement.size > 0 && sf_utf8_valid(sent->acknowledgement))
		sf_json_text_view(writer, "acknowledgement", sent->acknowledgement);
	else
		sf_json_null(writer, "acknowledgement");
}

static void write_said(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_said *said = &reply->said;
	sf_json_id(writer, "message", said->message);
	sf_json_id(writer, "transition", said->transition);
	sf_json_domains(writer, "domains", said->domains);
}

static void write_message(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_message *message = &reply->message;
	sf_json_inbox_members(writer, &message->row);
	sf_json_text(writer, "patient_name", message->patient_name);
	sf_json_text(writer, "cpr", message->cpr);
	sf_json_name(writer, "contact_name", message->contact_name);
	sf_json_text(writer, "contact_telephone", message->contact_telephone);
	sf_json_time(writer, "contact_until", message->contact_until_ms);
	sf_json_array(writer, "attachments");
	for (size_t i = 0; i < message->attachment_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_attachment_members(writer, &message->attachments[i]);
		sf_json_close(writer);
	}
	sf_json_close(writer);
	if (sf_utf8_valid(message->content))
		sf_json_text_view(writer, "content", message->content);
	else
		sf_json_null(writer, "content");
}

static void write_acknowledgement(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_acknowledgement *answer = &reply->acknowledgement;
	sf_json_party(writer, "recipient", answer->recipient, answer->recipient_name);
	sf_json_word(writer, "ack", sf_ack_text(answer->ack));
	sf_json_code(writer, answer->code, answer->ack);
	sf_json_time(writer, "recorded", answer->recorded_ms);
	sf_json_text(writer, "content_type", answer->content_type);
	sf_json_text_view(writer, "content", answer->content);
}

static void write_approved(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_approved *approved = &reply->approved;
	sf_json_party(writer, "party", approved->party, approved->name);
	sf_json_int(writer, "directory_version", (int64_t)approved->version);
}

static void write_measure_row(
	struct sf_json_writer *writer, const struct sf_transition_measure_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_id(writer, "transition", row->transition);
	sf_json_time(writer, "period", row->period_ms);
	sf_json_party(writer, "hospital", row->hospital, row->hospital_name);
	sf_json_party(writer, "municipality", row->municipality, row->municipality_name);
	sf_json_word(writer, "pathway", sf_pathway_text(row->pathway));
	sf_json_array(writer, "measures");
	for (size_t i = 0; i < row->measure_count; i++) {
		const struct sf_measure_row *measure = &row->measures[i];
		sf_json_object(writer, NULL);
		sf_json_word(writer, "indicator",
			sf_indicator_text((enum sf_indicator)measure->indicator));
		sf_json_int(writer, "cases", measure->cases);
		sf_json_int(writer, "count", measure->count);
		sf_json_int(writer, "total", measure->total);
		sf_json_close(writer);
	}
	sf_json_close(writer);
	sf_json_close(writer);
}

/* Bytes that are no text, as RFC 4648 section 4 has them. */
static void write_evidence(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_evidence *evidence = &reply->evidence;
	struct sf_buf text;
	sf_buf_init(&text, sf_base64_size(evidence->evidence.size));
	enum sf_err err = sf_base64_append(&text, evidence->evidence);
	if (err && !writer->err)
		writer->err = err;
	sf_json_text_view(writer, "evidence", sf_buf_view(&text));
	sf_buf_fini(&text);
}

static void write_inbox(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_inbox *list = &reply->inbox;
	sf_json_array(writer, "messages");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_inbox_row(writer, &list->rows[i]);
	sf_json_close(writer);
}

static void write_transitions(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_transitions *list = &reply->transitions;
	sf_json_array(writer, "transitions");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_transition_row(writer, &list->rows[i]);
	sf_json_close(writer);
	if (list->total_count == 0)
		return;
	sf_json_object(writer, "totals");
	for (size_t i = 0; i < list->total_count; i++)
		sf_json_int(writer, sf_transition_state_text(list->totals[i].state),
			(int64_t)list->totals[i].count);
	sf_json_close(writer);
	sf_json_bool(writer, "totals_whole", list->totals_whole);
}

static void write_outbox(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_outbox *list = &reply->outbox;
	sf_json_array(writer, "deliveries");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_delivery_row(writer, &list->rows[i]);
	sf_json_close(writer);
}

static void write_quarantine(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_quarantine *list = &reply->quarantine;
	sf_json_array(writer, "quarantine");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_quarantine_row(writer, &list->rows[i]);
	sf_json_close(writer);
}

static void write_board(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_board *list = &reply->board;
	sf_json_array(writer, "board");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_board_row(writer, NULL, &list->rows[i]);
	sf_json_close(writer);
}

static void write_obligations(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_obligations *list = &reply->obligations;
	sf_json_id(writer, "last", list->last);
	sf_json_int(writer, "last_number", (int64_t)list->last_number);
	sf_json_array(writer, "obligations");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_obligation_row(writer, &list->rows[i]);
	sf_json_close(writer);
}

static void write_agreements(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_agreements *list = &reply->agreements;
	sf_json_array(writer, "agreements");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_agreement_row(writer, &list->rows[i]);
	sf_json_close(writer);
}

static void write_access_log(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_access_log *list = &reply->access_log;
	sf_json_array(writer, "accesses");
	for (size_t i = 0; i < list->row_count; i++)
		sf_json_access_row(writer, &list->rows[i]);
	sf_json_close(writer);
}

static void write_feed(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_feed *feed = &reply->feed;
	sf_json_int(writer, "cursor", (int64_t)feed->cursor);
	sf_json_array(writer, "events");
	for (size_t i = 0; i < feed->row_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_feed_members(writer, &feed->rows[i]);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_measures(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_measures *page = &reply->measures;
	sf_json_id(writer, "last", page->last);
	sf_json_array(writer, "transitions");
	for (size_t i = 0; i < page->row_count; i++)
		write_measure_row(writer, &page->rows[i]);
	sf_json_close(writer);
}

static void write_simulated(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_simulated *page = &reply->simulated;
	sf_json_id(writer, "last", page->last);
	sf_json_int(writer, "transition_count", (int64_t)page->transition_count);
	sf_json_array(writer, "deadlines");
	for (size_t i = 0; i < page->row_count; i++)
		sf_json_simulated_row(writer, &page->rows[i]);
	sf_json_close(writer);
}

static void write_transition(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_transition_members(writer, &reply->transition);
}

static void write_directory(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_directory_members(writer, &reply->directory);
}

static void write_status(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_status_members(writer, &reply->status);
}

static void write_agreement(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_agreement_members(writer, &reply->agreement);
}

static void write_log(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_log_members(writer, &reply->log);
}

static void write_proof(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_proof_members(writer, &reply->proof);
}

static void write_erased(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_erased_members(writer, &reply->erased);
}

static void write_epoch(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_epoch_members(writer, &reply->epoch);
}

static void write_roles(struct sf_json_writer *writer, sf_api_roles roles)
{
	sf_json_array(writer, "roles");
	for (size_t i = 0; i < SF_API_ROLE_COUNT; i++)
		if (roles & SF_API_ROLE_BIT(i))
			sf_json_text(writer, NULL, sf_api_role_text((enum sf_api_role)i));
	sf_json_close(writer);
}

static void write_tokens(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_tokens *list = &reply->tokens;
	sf_json_array(writer, "tokens");
	for (size_t i = 0; i < list->row_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_text(writer, "name", list->rows[i].name);
		write_roles(writer, list->rows[i].roles);
		sf_json_time(writer, "created", list->rows[i].created_ms);
		sf_json_time(writer, "revoked", list->rows[i].revoked_ms);
		sf_json_time(writer, "used", list->rows[i].used_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_token_created(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_token_created *created = &reply->token_created;
	sf_json_text(writer, "name", created->name);
	sf_json_text(writer, "token", created->secret);
	write_roles(writer, created->roles);
}

static void write_aside(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_aside_members(writer, &reply->aside);
}

static void write_channels(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_channels_members(writer, &reply->channels);
}

static void write_hook_added(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_text(writer, "name", reply->hook_added.name);
	sf_json_text(writer, "secret", reply->hook_added.secret);
}

/* What it is signed with stays inside the process. */
static void write_handout(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_bool(writer, "known", reply->handout.known);
	sf_json_bool(writer, "paused", reply->handout.paused);
}

static void write_trace(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_trace_members(writer, &reply->trace);
}

static void write_replayed(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_bool(writer, "resent", reply->replayed.resent);
}

static void write_patient(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_id(writer, "transition", reply->patient.transition);
	sf_json_name(writer, "name", reply->patient.name);
	sf_json_text(writer, "cpr", reply->patient.cpr);
}

/* What the newest step was: one object, because it is there whole or not at all. */
static void write_latest(struct sf_json_writer *writer, const struct sf_reply_stay *stay)
{
	if (sf_id_is_none(stay->latest)) {
		sf_json_null(writer, "latest");
		return;
	}
	sf_json_object(writer, "latest");
	sf_json_id(writer, "message", stay->latest);
	sf_json_text(writer, "activity", sf_activity_text(stay->latest_activity));
	sf_json_time(writer, "at", stay->latest_ms);
	sf_json_close(writer);
}

static void write_stay(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_stay *stay = &reply->stay;
	sf_json_id(writer, "transition", stay->transition);
	sf_json_text(writer, "state", sf_stay_state_text(stay->state));
	sf_json_text(writer, "class", sf_stay_class_text(stay->stay_class));
	sf_json_time(writer, "since", stay->since_ms);
	sf_json_time(writer, "admitted", stay->admitted_ms);
	sf_json_array(writer, "next");
	for (unsigned i = SF_ACTIVITY_ADMIT_EMERGENCY; i <= SF_ACTIVITY_DEATH; i++)
		if (stay->next & 1u << i)
			sf_json_text(writer, NULL, sf_activity_text((enum sf_activity)i));
	sf_json_close(writer);
	write_latest(writer, stay);
	sf_json_id(writer, "municipality", stay->municipality);
	sf_json_text(writer, "municipality_name", stay->municipality_name);
}

static void write_users(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_users *list = &reply->users;
	sf_json_array(writer, "users");
	for (size_t i = 0; i < list->row_count; i++) {
		const struct sf_user_row *row = &list->rows[i];
		sf_json_object(writer, NULL);
		sf_json_text(writer, "user", row->name);
		sf_json_text(writer, "name", row->full_name);
		write_roles(writer, row->roles);
		sf_json_bool(writer, "has_password", row->has_password);
		sf_json_time(writer, "created", row->created_ms);
		sf_json_time(writer, "revoked", row->revoked_ms);
		sf_json_time(writer, "signed_in", row->signed_in_ms);
		sf_json_int(writer, "sessions", row->sessions);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void write_user_linked(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_user_linked *linked = &reply->user_linked;
	sf_json_text(writer, "user", linked->name);
	sf_json_text(writer, "code", linked->code);
	sf_json_time(writer, "until", linked->until_ms);
}

/* The secret goes into a cookie and nowhere else. */
static void write_session(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	const struct sf_reply_session *session = &reply->session;
	char id[SF_ID_TEXT_SIZE];
	sf_json_text(writer, "daemon", session->program);
	sf_json_text(writer, "user", session->user);
	sf_json_text(writer, "name", session->full_name);
	write_roles(writer, session->roles);
	if (session->party_role) {
		sf_id_format(session->party, id);
		sf_json_object(writer, "party");
		sf_json_text(writer, "id", id);
		sf_json_text(writer, "name", session->party_name);
		sf_json_text(writer, "role", sf_role_text((enum sf_role)session->party_role));
		sf_json_close(writer);
	} else {
		sf_json_null(writer, "party");
	}
	sf_json_text(writer, "csrf", session->csrf);
	sf_json_int(writer, "idle_s", (int64_t)(session->idle_ms / 1000));
	sf_json_time(writer, "expires", session->until_ms);
}

/* This and what comes next are between the engine and its face, and nobody asks for their JSON. */
static void write_ended(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_int(writer, "newest", (int64_t)reply->ended.newest);
	sf_json_bool(writer, "all", reply->ended.all);
}

static void write_password(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_int(writer, "passes", (int64_t)reply->password.passes);
	sf_json_int(writer, "memory_kib", (int64_t)reply->password.memory_kib);
}

static void write_upload(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_id(writer, "upload", reply->upload.upload);
	sf_json_int(writer, "size", (int64_t)reply->upload.size);
	sf_json_int(writer, "offset", (int64_t)reply->upload.offset);
	sf_json_bool(writer, "whole", reply->upload.whole);
}

/* Its bytes are never JSON: whoever asks for them takes them as they are. */
static void write_attachment(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	sf_json_attachment_members(writer, &reply->attachment.row);
}

/* One a kind: without it a kind of the local protocol does not compile. */
#define X(symbol, number, member) [symbol] = write_##member,
static void (*const writers[])(struct sf_json_writer *, const struct sf_reply *) = {
	SF_REPLY_LIST(X)};
#undef X

void sf_view_reply(struct sf_json_writer *writer, const struct sf_reply *reply)
{
	if (!reply->err && reply->kind < SF_COUNT(writers) && writers[reply->kind])
		writers[reply->kind](writer, reply);
}
