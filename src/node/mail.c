/*
 * A care plan or a readiness message names its citizen and no transition: it belongs to the one of
 * this citizen that is open here. What it says of the process is said with it.
 */
#include "node/mail.h"

#include <string.h>

#include "node/bodies.h"
#include "node/carried.h"
#include "node/say.h"
#include "node/service.h"
#include "node/rest.h"
#include "wire/fact.h"

#define DOCUMENT_SIZE_MAX ((size_t)64 * 1024 * 1024)
#define FHIR "application/fhir+"
/* A letter that finds no transition by itself is put into one by whoever knows it. */
#define NAME_IT ": name it in its transition, with `stafet letter`, or at .../letters over HTTP"

struct mail {
	struct sf_node *node;
	const struct sf_request_send *asked;
	const char *to;
	struct sf_arena *arena; /* of the reply */
	struct sf_reply *reply;
	struct sf_diag *diag;
	struct sf_letter_document document;
	struct sf_id message;
	struct sf_id transition;
	struct sf_digest digest; /* of the bytes: is this the same again? */
};

/* RFC 9110 section 8.3.1: in any case. */
static bool begins_with(const char *content_type, const char *wanted)
{
	for (size_t i = 0; wanted[i]; i++) {
		char each = content_type[i];
		if (each >= 'A' && each <= 'Z')
			each = (char)(each + 'a' - 'A');
		if (each != wanted[i])
			return false;
	}
	return true;
}

bool sf_node_is_fhir(const char *content_type)
{
	return begins_with(content_type, FHIR);
}

bool sf_node_is_type(const char *content_type, const char *wanted)
{
	if (!begins_with(content_type, wanted))
		return false;
	char after = content_type[strlen(wanted)];
	return after == '\0' || after == ';' || after == ' ';
}

static enum sf_err answer_fatal(
	struct mail *mail, const char *code, const char *expression, const char *text)
{
	struct sf_issue_row *row = sf_arena_take(mail->arena, sizeof(*row));
	char *kept = sf_arena_text(mail->arena, sf_view_text(text));
	if (!row || !kept)
		return SF_ERR_LIMIT;
	*row = (struct sf_issue_row){true, code, expression, kept};
	*mail->reply = (struct sf_reply){.kind = SF_REPLY_SENT,
		.text = "",
		.sent = {.answer = SF_SEND_FATAL,
			.message = mail->message,
			.issue_count = 1,
			.issues = row,
			.acknowledgement_type = ""}};
	return SF_OK;
}

static enum sf_err answer_known(struct mail *mail, const struct sf_node_row_letter *known)
{
	if (!sf_digest_equal(&known->canonical, &mail->digest))
		return answer_fatal(mail, "MSG_DUPLICATE_ID", "Letter.Identifier",
			"the id was used for another letter; send this one with a new id");
	mail->node->counters.duplicates++;
	*mail->reply = (struct sf_reply){.kind = SF_REPLY_SENT,
		.text = "",
		.sent = {.answer = SF_SEND_DUPLICATE,
			.message = mail->message,
			.transition = known->transition,
			.acknowledgement_type = ""}};
	return SF_OK;
}

/* DOMAIN section 8: one letter id is one message, however often it is handed in. */
static enum sf_err name_letter(struct mail *mail)
{
	struct sf_node *node = mail->node;
	const struct sf_crypto *crypto = &node->ports.crypto;
	const struct sf_view parts[] = {mail->asked->content};
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), &mail->digest);
	const char *id = mail->document.letter_id;
	return id && id[0] ? crypto->message_id(crypto->self, node->options.party, sf_view_text(id),
				     &mail->message)
			   : SF_OK;
}

static enum sf_err find_transition(struct mail *mail)
{
	const char *cpr = mail->document.cpr;
	enum sf_err err = cpr && cpr[0] ? sf_node_patient_transition(
						  mail->node, cpr, &mail->transition, mail->diag)
					: SF_ERR_NOT_FOUND;
	if (err == SF_ERR_NOT_FOUND)
		return answer_fatal(mail, "MSG_BAD_FORMAT", "Patient",
			"no transition of this citizen is open here" NAME_IT);
	if (err == SF_ERR_CONFLICT)
		return answer_fatal(mail, "MSG_BAD_FORMAT", "Patient",
			"more than one transition of this citizen is open here" NAME_IT);
	return err;
}

static enum sf_err keep_letter(struct mail *mail)
{
	struct sf_node_row_letter row = {
		.message_id = mail->message,
		.transition = mail->transition,
		.canonical = mail->digest,
		.created_ms = mail->node->now_ms,
		.content_type = sf_view_text(mail->asked->content_type),
	};
	const struct sf_node_rest rest = {mail->transition, SF_NODE_REST_LETTER, mail->message};
	enum sf_err err = sf_node_seal_content(
		mail->node, &rest, mail->asked->content, &row.content, mail->diag);
	if (err)
		return err;
	const struct sf_store *store = sf_node_store(mail->node);
	return store->insert(store->self, &sf_node_table_letter, &row, mail->diag);
}

static enum sf_err say_letter(struct mail *mail)
{
	struct sf_buf fact;
	sf_buf_init(&fact, SF_HEADER_SIZE_MAX);
	const struct sf_fact letter = {
		.kind = SF_KIND_LETTER, .letter = {mail->document.code, mail->document.mark}};
	enum sf_err err = sf_fact_encode(&letter, &fact);
	const struct sf_request_say asked = {
		.transition = mail->transition,
		.fact = sf_buf_view(&fact),
		.kind = SF_KIND_LETTER,
		.occurred_ms = mail->document.written_ms,
		.to_party = mail->to,
		.content_type = mail->asked->content_type,
		.content = mail->asked->content,
		.attachments = mail->asked->attachments,
	};
	struct sf_reply said;
	if (!err)
		err = sf_node_say_fact(
			mail->node, &asked, mail->message, mail->arena, &said, mail->diag);
	sf_buf_fini(&fact);
	if (err)
		return err;
	if (said.err)
		return answer_fatal(mail, "MSG_BAD_FORMAT", "Letter", said.text);
	mail->message = said.said.message;
	*mail->reply = (struct sf_reply){.kind = SF_REPLY_SENT,
		.text = "",
		.sent = {.answer = SF_SEND_STORED,
			.message = mail->message,
			.transition = mail->transition,
			.acknowledgement_type = ""}};
	return keep_letter(mail);
}

static enum sf_err send_read(struct mail *mail)
{
	struct sf_node *node = mail->node;
	if (mail->document.code == SF_LETTER_NONE)
		return answer_fatal(mail, "MSG_UNKNOWN_TYPE", "Letter",
			"the content does not say what letter it is" NAME_IT);
	enum sf_err err = name_letter(mail);
	if (err)
		return err;
	struct sf_node_row_letter known = {.message_id = mail->message};
	const struct sf_store *store = sf_node_store(node);
	err = sf_id_is_none(mail->message)
		      ? SF_ERR_NOT_FOUND
		      : store->get(store->self, &sf_node_table_letter, 0, &known, mail->diag);
	if (err != SF_ERR_NOT_FOUND)
		return err ? err : answer_known(mail, &known);
	err = find_transition(mail);
	return err || mail->reply->sent.answer == SF_SEND_FATAL ? err : say_letter(mail);
}

enum sf_err sf_node_send_letter(struct sf_node *node, const struct sf_request_send *asked,
	const char *to, struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_arena scratch;
	sf_arena_init(&scratch, DOCUMENT_SIZE_MAX);
	struct mail mail = {.node = node,
		.asked = asked,
		.to = to,
		.arena = arena,
		.reply = ret_reply,
		.diag = diag};
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_SENT, .text = ""};
	bool good;
	struct sf_reply fault = {.text = ""};
	enum sf_err err = sf_carried_read(
		node, asked->content_type, asked->content, &scratch, &mail.document, &fault, &good);
	if (!err)
		err = good ? send_read(&mail)
			   : answer_fatal(&mail, "MSG_BAD_SYNTAX", "Letter", fault.text);
	sf_arena_fini(&scratch);
	return err;
}
