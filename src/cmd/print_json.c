#include "cmd/print_json.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cmd/commands.h"

#define PAGE_SIZE_MAX ((size_t)64 * 1024 * 1024)

struct sf_json_writer *sf_json_page_begin(struct sf_json_page *page)
{
	sf_buf_init(&page->buf, PAGE_SIZE_MAX);
	sf_json_writer_begin(&page->writer, &page->buf);
	sf_json_object(&page->writer, NULL);
	return &page->writer;
}

int sf_json_page_end(struct sf_json_page *page)
{
	sf_json_close(&page->writer);
	enum sf_err err = sf_json_writer_end(&page->writer);
	if (!err) {
		fwrite(page->buf.data, 1, page->buf.size, stdout);
		fputc('\n', stdout);
		if (fflush(stdout) != 0)
			err = SF_ERR_IO;
	}
	sf_buf_fini(&page->buf);
	return err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
}

void sf_json_id(struct sf_json_writer *writer, const char *name, struct sf_id id)
{
	char text[SF_ID_TEXT_SIZE];
	if (sf_id_is_none(id)) {
		sf_json_null(writer, name);
		return;
	}
	sf_id_format(id, text);
	sf_json_text(writer, name, text);
}

void sf_json_digest(struct sf_json_writer *writer, const char *name, const struct sf_digest *digest)
{
	char text[SF_DIGEST_TEXT_SIZE];
	if (sf_digest_is_none(digest)) {
		sf_json_null(writer, name);
		return;
	}
	sf_digest_format(digest, text);
	sf_json_text(writer, name, text);
}

void sf_json_time(struct sf_json_writer *writer, const char *name, int64_t time_ms)
{
	char text[SF_TIME_TEXT_SIZE];
	if (time_ms == 0 || time_ms == SF_LEDGER_OPEN) {
		sf_json_null(writer, name);
		return;
	}
	sf_time_format(time_ms, text);
	sf_json_text(writer, name, text);
}

void sf_json_domains(struct sf_json_writer *writer, const char *name, sf_domain_set domains)
{
	sf_json_array(writer, name);
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++)
		if (domains & SF_DOMAIN_BIT(i))
			sf_json_text(writer, NULL, sf_domain_text((enum sf_domain)i));
	sf_json_close(writer);
}

void sf_json_word(struct sf_json_writer *writer, const char *name, const char *word)
{
	if (!word[0] || strcmp(word, "unknown") == 0)
		sf_json_null(writer, name);
	else
		sf_json_text(writer, name, word);
}

void sf_json_party(
	struct sf_json_writer *writer, const char *name, struct sf_id party, const char *text)
{
	char name_name[48];
	sf_json_id(writer, name, party);
	snprintf(name_name, sizeof(name_name), "%s_name", name);
	if (text && text[0])
		sf_json_text(writer, name_name, text);
	else
		sf_json_null(writer, name_name);
}

void sf_json_code(struct sf_json_writer *writer, uint32_t code, enum sf_ack ack)
{
	if (code == 0)
		sf_json_null(writer, "code");
	else
		sf_json_text(writer, "code",
			ack ? sf_ack_code_text(code) : sf_refusal_code((uint16_t)code));
}

const char *sf_outcome_word(enum sf_outcome outcome)
{
	switch (outcome) {
	case SF_OUTCOME_APPLIED:
		return "applied";
	case SF_OUTCOME_DEVIATION:
		return "deviation";
	case SF_OUTCOME_REFUSED:
		return "refused";
	}
	return "";
}

const char *sf_kind_class_word(enum sf_kind_class kind_class)
{
	switch (kind_class) {
	case SF_CLASS_FACT:
		return "fact";
	case SF_CLASS_ACKNOWLEDGEMENT:
		return "acknowledgement";
	case SF_CLASS_DERIVED:
		return "derived";
	case SF_CLASS_STATEMENT:
		return "statement";
	case SF_CLASS_DIRECTORY:
		return "directory";
	case SF_CLASS_EPOCH:
		return "epoch";
	case SF_CLASS_RESEND:
		return "resend";
	}
	return "";
}

const char *sf_binding_word(enum sf_binding_state state)
{
	switch (state) {
	case SF_BINDING_PARTY:
		return "bound";
	case SF_BINDING_UNKNOWN:
		return "not-known";
	case SF_BINDING_NOT_ENROLLED:
		return "not-enrolled";
	}
	return "";
}

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
	if (row->letter) {
		sf_json_word(writer, "letter", sf_letter_text(row->letter));
		sf_json_word(writer, "mark", sf_mark_text(row->mark));
	}
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
