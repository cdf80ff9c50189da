/* Messages, deliveries and the feed in JSON. */
#include "view/row.h"

#include "view/value.h"

void sf_json_inbox_members(struct sf_json_writer *writer, const struct sf_inbox_row *row)
{
	sf_json_int(writer, "cursor", (int64_t)row->cursor);
	sf_json_id(writer, "message", row->message);
	sf_json_id(writer, "transition", row->transition);
	sf_json_party(writer, "author", row->author, row->author_name);
	sf_json_word(writer, "author_role", sf_role_text(row->author_role));
	sf_json_word(writer, "kind", sf_kind_text(row->kind));
	sf_json_word(writer, "activity", sf_activity_text(row->activity));
	sf_json_word(writer, "mode", sf_mode_text(row->mode));
	sf_json_time(writer, "occurred", row->occurred_ms);
	sf_json_time(writer, "recorded", row->recorded_ms);
	sf_json_time(writer, "received", row->received_ms);
	sf_json_bool(writer, "handled", row->handled);
	sf_json_word(writer, "ack", sf_ack_text(row->ack));
	sf_json_code(writer, row->code, SF_ACK_FATAL_ERROR);
	sf_json_domains(writer, "offers", row->offers);
	sf_json_text(writer, "content_type", row->content_type);
	sf_json_int(writer, "content_size", (int64_t)row->content_size);
	sf_json_time(writer, "deleted", row->deleted_ms);
	if (row->letter) {
		sf_json_word(writer, "letter", sf_letter_text(row->letter));
		sf_json_word(writer, "mark", sf_mark_text(row->mark));
	}
	sf_json_int(writer, "attachments_count", row->attachments);
	sf_json_int(writer, "attachments_here", row->attachments_here);
}

void sf_json_attachment_members(struct sf_json_writer *writer, const struct sf_attachment_row *row)
{
	sf_json_int(writer, "number", row->number);
	sf_json_name(writer, "name", row->name);
	sf_json_text(writer, "content_type", row->content_type);
	sf_json_int(writer, "size", (int64_t)row->size);
	sf_json_int(writer, "moved", (int64_t)row->moved);
	sf_json_word(writer, "state", sf_attachment_text(row->state));
}

void sf_json_inbox_row(struct sf_json_writer *writer, const struct sf_inbox_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_inbox_members(writer, row);
	sf_json_close(writer);
}

void sf_json_delivery_row(struct sf_json_writer *writer, const struct sf_delivery_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_int(writer, "cursor", (int64_t)row->cursor);
	sf_json_id(writer, "message", row->message);
	sf_json_id(writer, "transition", row->transition);
	sf_json_word(writer, "kind", sf_kind_text(row->kind));
	sf_json_word(writer, "activity", sf_activity_text(row->activity));
	sf_json_party(writer, "recipient", row->recipient, row->recipient_name);
	sf_json_word(writer, "state", sf_delivery_text(row->state));
	sf_json_word(writer, "ack", sf_ack_text(row->ack));
	sf_json_code(writer, row->code, row->ack);
	sf_json_int(writer, "attempts", (int64_t)row->attempts);
	sf_json_time(writer, "queued", row->queued_ms);
	sf_json_time(writer, "since", row->since_ms);
	sf_json_bool(writer, "late", row->late);
	sf_json_word(writer, "reason", row->reason);
	sf_json_close(writer);
}

void sf_json_issue_rows(
	struct sf_json_writer *writer, const struct sf_issue_row *rows, size_t count)
{
	sf_json_array(writer, "issues");
	for (size_t i = 0; i < count; i++) {
		sf_json_object(writer, NULL);
		sf_json_bool(writer, "fatal", rows[i].fatal);
		sf_json_text(writer, "code", rows[i].code);
		sf_json_text(writer, "element", rows[i].expression);
		sf_json_text(writer, "text", rows[i].text);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_feed_members(struct sf_json_writer *writer, const struct sf_feed_row *row)
{
	sf_json_int(writer, "cursor", (int64_t)row->cursor);
	sf_json_time(writer, "at", row->at_ms);
	sf_json_word(writer, "what", sf_feed_text(row->what));
	sf_json_id(writer, "message", row->message);
	sf_json_id(writer, "transition", row->transition);
	sf_json_party(writer, "party", row->party, row->party_name);
	sf_json_party(writer, "peer", row->peer, row->peer_name);
	sf_json_word(writer, "kind", sf_kind_text(row->kind));
	sf_json_word(writer, "activity", sf_activity_text(row->activity));
	sf_json_word(writer, "mode", sf_mode_text(row->mode));
	sf_json_domains(writer, "domains", row->domains);
	sf_json_word(writer, "outcome", sf_outcome_word(row->outcome));
	sf_json_word(writer, "ack", sf_ack_text(row->ack));
	sf_json_code(writer, row->code, row->ack);
	sf_json_int(writer, "attempts", (int64_t)row->attempts);
}

void sf_json_quarantine_row(struct sf_json_writer *writer, const struct sf_quarantine_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_int(writer, "cursor", (int64_t)row->cursor);
	sf_json_id(writer, "message", row->message);
	sf_json_id(writer, "transition", row->transition);
	sf_json_party(writer, "author", row->author, row->author_name);
	sf_json_digest(writer, "digest", &row->digest);
	sf_json_code(writer, row->code, SF_ACK_FATAL_ERROR);
	sf_json_time(writer, "received", row->received_ms);
	sf_json_int(writer, "size", (int64_t)row->size);
	sf_json_close(writer);
}
