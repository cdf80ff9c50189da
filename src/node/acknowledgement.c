/*
 * The MedCom Acknowledgement that a clinical system is owed for its letter: made when the recipient
 * has answered, from the original letter and the answer, and kept so that it is the same bytes ever
 * after (MedCom KR6).
 */
#include "node/service.h"
#include "node/state.h"

#include <string.h>

#include "audit/listing.h"
#include "node/bodies.h"
#include "node/mail.h"
#include "node/rest.h"

#define DOCUMENT_SIZE_MAX ((size_t)64 * 1024 * 1024)

/* MEDCOM.md, one outcome, four tongues: what a code says when no sealed text came with it. */
static struct sf_issue issue_of(enum sf_ack_code code)
{
	switch (code) {
	case SF_ACK_CODE_CONTENT:
		return (struct sf_issue){true, "MSG_BAD_FORMAT", "Bundle",
			"the receiver could not read the message as a MedCom message"};
	case SF_ACK_CODE_UNSUPPORTED:
	case SF_ACK_CODE_CONTENT_TYPE:
		return (struct sf_issue){true, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE", "Bundle",
			"the receiver does not take messages of this type"};
	case SF_ACK_CODE_RECEIVER:
		return (struct sf_issue){true, "MSG_Receiver_Identifier_UNKNOWN",
			"MessageHeader.destination", "the message is not for this receiver"};
	case SF_ACK_CODE_DUPLICATE:
	case SF_ACK_CODE_CONFLICT:
		return (struct sf_issue){true, "MSG_DUPLICATE_ID", "MessageHeader.id",
			"the id was used for another message; send this one with a new id"};
	case SF_ACK_CODE_NONE:
	case SF_ACK_CODE_KEY_UNKNOWN:
	case SF_ACK_CODE_TROUBLE:
		return (struct sf_issue){true, "MSG_Mailbox_Out_Of_Operation", "Bundle",
			"the receiver could not take the message now; send it again later"};
	case SF_ACK_CODE_LAYOUT:
	case SF_ACK_CODE_SLOT:
	case SF_ACK_CODE_WRAP:
	case SF_ACK_CODE_COMMIT:
	case SF_ACK_CODE_AEAD:
	case SF_ACK_CODE_PADDING:
	case SF_ACK_CODE_COMMITMENT:
	case SF_ACK_CODE_BODY_NAMES:
	case SF_ACK_CODE_ATTACHMENT:
		break;
	}
	/* MedCom's own spelling. */
	return (struct sf_issue){true, "MSG_Damaged_durin_transport", "Bundle",
		"the message arrived damaged; send it again with a new id"};
}

struct answer {
	struct sf_node *node;
	struct sf_node_row_delivery delivery; /* errors copied, as they are kept */
	struct sf_view errors;                /* opened */
	enum sf_ack ack;
	struct sf_arena *scratch;
	struct sf_issues issues;
};

static enum sf_ack ack_of_state(int64_t state)
{
	switch ((enum sf_delivery_state)state) {
	case SF_DELIVERY_OK:
		return SF_ACK_OK;
	case SF_DELIVERY_FATAL_ERROR:
		return SF_ACK_FATAL_ERROR;
	case SF_DELIVERY_ASK_PERSON: /* attempts are used up: the sender is told */
		return SF_ACK_TRANSIENT_ERROR;
	case SF_DELIVERY_NONE:
	case SF_DELIVERY_QUEUED:
	case SF_DELIVERY_SENT:
	case SF_DELIVERY_STORED:
	case SF_DELIVERY_TAKEN:
	case SF_DELIVERY_TRANSIENT_ERROR:
	case SF_DELIVERY_WAITING:
	case SF_DELIVERY_UNDELIVERABLE:
	case SF_DELIVERY_REFUSED:
		break;
	}
	return SF_ACK_NONE;
}

struct answers {
	const struct sf_id *only; /* this recipient; NULL for the first that answered */
	struct sf_arena *arena;
	bool found, short_of_memory;
	struct sf_node_row_delivery best;
};

/* A final answer counts more than one that may still change, and that more than none. */
static int rank(const struct sf_node_row_delivery *row)
{
	if (ack_of_state(row->state) == SF_ACK_NONE)
		return 0;
	return row->open ? 1 : 2;
}

/* Of equals the earlier. */
static bool is_better(const struct answers *answers, const struct sf_node_row_delivery *row)
{
	if (!answers->found)
		return true;
	int difference = rank(row) - rank(&answers->best);
	return difference > 0 || (difference == 0 && row->since_ms < answers->best.since_ms);
}

static bool visit_answer(void *context, const void *row)
{
	struct answers *answers = context;
	const struct sf_node_row_delivery *delivery = row;
	if (answers->only && !sf_id_equal(*answers->only, delivery->recipient))
		return true;
	if (!is_better(answers, delivery))
		return true;
	answers->best = *delivery;
	answers->best.errors = sf_arena_copy(answers->arena, delivery->errors);
	answers->short_of_memory = !answers->best.errors.data;
	answers->found = true;
	return !answers->short_of_memory;
}

static enum sf_err find_answer(struct sf_node *node, struct sf_id message,
	const struct sf_id *recipient, struct sf_arena *arena,
	struct sf_node_row_delivery *ret_delivery, struct sf_diag *diag)
{
	struct answers answers = {.only = recipient, .arena = arena};
	const struct sf_node_row_delivery key = {.message_id = message};
	const struct sf_scan scan = {
		.table = &sf_node_table_delivery, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_answer, &answers, diag);
	if (!err && answers.short_of_memory)
		err = SF_ERR_LIMIT;
	if (!err && !answers.found)
		err = SF_ERR_NOT_FOUND;
	if (!err)
		*ret_delivery = answers.best;
	return err;
}

/* What the recipient sealed for us, else what its code says. */
static enum sf_err read_issues(struct answer *answer)
{
	struct sf_issues *issues = &answer->issues;
	struct sf_body body = {.error_count = 0};
	if (answer->ack == SF_ACK_OK)
		return SF_OK;
	if (answer->errors.size > 0 && sf_body_decode(answer->errors, answer->scratch, &body, NULL))
		body.error_count = 0; /* the code still says what happened */
	for (size_t i = 0; i < body.error_count && i < SF_ISSUE_MAX; i++)
		issues->items[issues->count++] = (struct sf_issue){
			true, body.errors[i].code, body.errors[i].expression, body.errors[i].text};
	if (issues->count == 0)
		issues->items[issues->count++] = issue_of((enum sf_ack_code)answer->delivery.code);
	return SF_OK;
}

/* Ids of one acknowledgement. */
struct names {
	char bundle[SF_UUID_TEXT_SIZE], header[SF_UUID_TEXT_SIZE], provenance[SF_UUID_TEXT_SIZE];
};

static void random_uuid(struct sf_node *node, char ret_text[SF_UUID_TEXT_SIZE])
{
	uint8_t chance[10];
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	sf_id_format_uuid(sf_id_timed(node->now_ms, chance), ret_text);
}

static enum sf_err write_named(struct sf_node *node,
	const struct sf_acknowledgement_request *request, const struct names *names, int64_t at_ms,
	struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_acknowledgement_request named = *request;
	named.bundle_id = names->bundle;
	named.header_id = names->header;
	named.provenance_id = names->provenance;
	named.now_ms = at_ms;
	const struct sf_format *format = &node->ports.format;
	return format->write_acknowledgement(format->self, &named, buf, diag);
}

enum sf_err sf_node_write_acknowledgement(struct sf_node *node,
	const struct sf_acknowledgement_request *request, struct sf_buf *buf, struct sf_diag *diag)
{
	struct names names;
	random_uuid(node, names.bundle);
	random_uuid(node, names.header);
	random_uuid(node, names.provenance);
	return write_named(node, request, &names, node->now_ms, buf, diag);
}

/* RFC 9562 section 5.8: version 8, of our own making. */
static enum sf_err derived_uuid(const struct answer *answer, struct sf_id message, const char *of,
	char ret_text[SF_UUID_TEXT_SIZE])
{
	static const char label[] = "stafet/v1/acknowledgement";
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)),
		sf_id_view(&message),
		sf_id_view(&answer->delivery.recipient),
		sf_id_view(&answer->delivery.acknowledged_by),
		sf_view_text(of),
	};
	struct sf_digest name;
	enum sf_err err = sf_node_local_name(answer->node, parts, SF_COUNT(parts), &name);
	if (err)
		return err;
	struct sf_id id;
	memcpy(id.bytes, name.bytes, sizeof(id.bytes));
	id.bytes[6] = (uint8_t)(0x80 | (id.bytes[6] & 0x0f));
	id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
	sf_id_format_uuid(id, ret_text);
	return SF_OK;
}

/*
 * The ids and the time come from the answer itself: whoever asks, and in whichever content type, is
 * shown one and the same acknowledgement.
 */
static enum sf_err write_answer(const struct answer *answer, struct sf_id message,
	const struct sf_acknowledgement_request *request, struct sf_buf *buf, struct sf_diag *diag)
{
	struct names names;
	enum sf_err err = derived_uuid(answer, message, "Bundle", names.bundle);
	if (!err)
		err = derived_uuid(answer, message, "MessageHeader", names.header);
	if (!err)
		err = derived_uuid(answer, message, "Provenance", names.provenance);
	return err ? err
		   : write_named(
			     answer->node, request, &names, answer->delivery.since_ms, buf, diag);
}

/* Who acknowledges: as the letter calls it when it is the one, else as the directory does. */
static struct sf_organization acknowledger(
	const struct answer *answer, const struct sf_document *document)
{
	const struct sf_directory *directory = answer->node->directory;
	const struct sf_directory_entry *named =
		sf_directory_by_sor(directory, document->receiver.sor);
	const struct sf_directory_entry *entry =
		sf_directory_party(directory, answer->delivery.recipient);
	if (!entry || named == entry)
		return document->receiver;
	return (struct sf_organization){entry->sor, entry->gln, entry->name};
}

/* In the content type that is asked for; the letter is read in its own. */
static enum sf_err write_document(struct answer *answer, const struct sf_node_row_letter *letter,
	const char *letter_type, const char *content_type, struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_node *node = answer->node;
	const struct sf_format *format = &node->ports.format;
	struct sf_document document;
	struct sf_issues found = {.count = 0};
	const struct sf_node_rest of_letter = {
		letter->transition, SF_NODE_REST_LETTER, letter->message_id};
	const struct sf_node_rest of_errors = {
		letter->transition, SF_NODE_REST_ERRORS, letter->message_id};
	struct sf_view content;
	enum sf_err err = sf_node_open_content(
		node, &of_letter, letter->content, answer->scratch, &content, diag);
	if (!err)
		err = sf_node_open_content(node, &of_errors, answer->delivery.errors,
			answer->scratch, &answer->errors, diag);
	if (!err)
		err = format->read(format->self, letter_type, content, answer->scratch, &document,
			&found, diag);
	if (!err)
		err = read_issues(answer);
	if (err)
		return err;
	const struct sf_acknowledgement_request request = {
		.content_type = content_type,
		.acknowledged_id = document.header_id,
		.acknowledged_provenance =
			document.provenance_count > 0
				? &document.provenances[document.provenance_count - 1]
				: NULL,
		.sender = acknowledger(answer, &document),
		.receiver = document.sender,
		.ack = answer->ack,
		.issues = &answer->issues,
	};
	return write_answer(answer, letter->message_id, &request, buf, diag);
}

/*
 * The letter keeps one acknowledgement, in its own content type, that of the first recipient that
 * answered finally; any other is made when it is asked for, and is the same each time.
 */
static enum sf_err make_content(struct answer *answer, struct sf_id message, const char *wanted,
	bool keep, struct sf_arena *arena, struct sf_reply_acknowledgement *reply,
	struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(answer->node);
	struct sf_node_row_letter letter = {.message_id = message};
	enum sf_err err = store->get(store->self, &sf_node_table_letter, 0, &letter, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err; /* authored here, not handed in */
	char *type = sf_arena_text(arena, letter.content_type);
	if (!type)
		return SF_ERR_LIMIT;
	letter.content_type = sf_view_text(type);
	letter.content = sf_arena_copy(answer->scratch, letter.content);
	letter.acknowledgement = sf_arena_copy(answer->scratch, letter.acknowledgement);
	if (!letter.content.data || !letter.acknowledgement.data)
		return SF_ERR_LIMIT;
	const struct sf_node_rest rest = {letter.transition, SF_NODE_REST_ACKNOWLEDGEMENT, message};
	/* MedCom's acknowledgement answers FHIR messages; what became of others the reply says. */
	if (!sf_node_is_fhir(type))
		return SF_OK;
	reply->content_type = type;
	if (wanted[0] && strcmp(wanted, type) != 0) {
		reply->content_type = sf_arena_text(arena, sf_view_text(wanted));
		keep = false;
	}
	if (!reply->content_type)
		return SF_ERR_LIMIT;
	if (keep && letter.acknowledgement.size > 0) {
		return sf_node_open_content(
			answer->node, &rest, letter.acknowledgement, arena, &reply->content, diag);
	}
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	err = write_document(answer, &letter, type, reply->content_type, &bytes, diag);
	if (!err && keep)
		err = sf_node_seal_content(
			answer->node, &rest, sf_buf_view(&bytes), &letter.acknowledgement, diag);
	if (!err && keep)
		err = store->replace(store->self, &sf_node_table_letter, &letter, diag);
	if (!err)
		reply->content = sf_arena_copy(arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return err ? err : reply->content.data ? SF_OK : SF_ERR_LIMIT;
}

static bool first_recorded(void *context, const void *row)
{
	*(int64_t *)context = ((const struct sf_node_row_event *)row)->recorded_ms;
	return false;
}

static enum sf_err recorded_time(
	struct sf_node *node, struct sf_id message, int64_t *ret_ms, struct sf_diag *diag)
{
	const struct sf_node_row_event key = {.message_id = message};
	const struct sf_scan scan = {.table = &sf_node_table_event,
		.index = SF_NODE_EVENT_BY_MESSAGE,
		.equal_count = 1,
		.from = &key,
		.count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	return sf_id_is_none(message)
		       ? SF_OK
		       : store->scan(store->self, &scan, first_recorded, ret_ms, diag);
}

static enum sf_err answer_with(struct answer *answer, struct sf_id message, const char *wanted,
	bool named, struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_node *node = answer->node;
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_id first_id = answer->delivery.recipient;
	struct sf_node_row_delivery first;
	enum sf_err err = SF_OK;
	if (named) {
		err = find_answer(node, message, NULL, answer->scratch, &first, diag);
		first_id = err ? first_id : first.recipient;
	}
	struct sf_reply_acknowledgement reply = {
		.recipient = answer->delivery.recipient,
		.recipient_name = sf_listing_name(&listing, answer->delivery.recipient),
		.ack = answer->ack,
		.code = (uint32_t)answer->delivery.code,
		.content_type = "",
	};
	bool keep = answer->delivery.open == 0 && sf_id_equal(first_id, answer->delivery.recipient);
	if (!err && answer->ack != SF_ACK_NONE)
		err = recorded_time(
			node, answer->delivery.acknowledged_by, &reply.recorded_ms, diag);
	if (!err && answer->ack != SF_ACK_NONE)
		err = make_content(answer, message, wanted, keep, arena, &reply, diag);
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){
		.kind = SF_REPLY_ACKNOWLEDGEMENT, .text = "", .acknowledgement = reply};
	return SF_OK;
}

enum sf_err sf_node_letter_acknowledgement(struct sf_node *node, struct sf_id message,
	const char *content_type, struct sf_arena *arena, struct sf_view *ret_content,
	struct sf_diag *diag)
{
	struct sf_arena scratch;
	sf_arena_init(&scratch, DOCUMENT_SIZE_MAX);
	struct answer answer = {.node = node, .scratch = &scratch};
	struct sf_reply reply = {.text = ""};
	enum sf_err err = find_answer(node, message, NULL, &scratch, &answer.delivery, diag);
	answer.ack = err ? SF_ACK_NONE : ack_of_state(answer.delivery.state);
	*ret_content = sf_view_of(NULL, 0);
	if (!err && answer.ack != SF_ACK_NONE) {
		err = answer_with(&answer, message, content_type, false, arena, &reply, diag);
		*ret_content = reply.acknowledgement.content;
	}
	sf_arena_fini(&scratch);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_node_letter_answer(struct sf_node *node, struct sf_id message,
	struct sf_id transition, struct sf_arena *arena, struct sf_node_answer *ret_answer,
	struct sf_diag *diag)
{
	struct answer answer = {.node = node, .scratch = arena};
	const struct sf_node_rest rest = {transition, SF_NODE_REST_ERRORS, message};
	enum sf_err err = find_answer(node, message, NULL, arena, &answer.delivery, diag);
	if (err)
		return err;
	answer.ack = ack_of_state(answer.delivery.state);
	if (answer.ack != SF_ACK_NONE)
		err = sf_node_open_content(
			node, &rest, answer.delivery.errors, arena, &answer.errors, diag);
	if (!err && answer.ack != SF_ACK_NONE)
		err = read_issues(&answer);
	if (!err)
		*ret_answer = (struct sf_node_answer){
			answer.ack, answer.delivery.since_ms, answer.issues};
	return err;
}

enum sf_err sf_node_serve_acknowledgement(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_acknowledgement *asked = &request->acknowledgement;
	const struct sf_directory_entry *recipient = NULL;
	bool named = asked->recipient && asked->recipient[0];
	if (named && sf_node_find_party(node, asked->recipient, &recipient)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"the recipient is not in the directory, or its name is not unique");
		return SF_OK;
	}
	const char *wanted = asked->content_type ? asked->content_type : "";
	if (wanted[0] && strcmp(wanted, SF_CONTENT_FHIR_JSON) != 0 &&
		strcmp(wanted, SF_CONTENT_FHIR_XML) != 0) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_UNSUPPORTED,
			"an acknowledgement is written as " SF_CONTENT_FHIR_JSON
			" or " SF_CONTENT_FHIR_XML);
		return SF_OK;
	}
	struct sf_arena scratch;
	sf_arena_init(&scratch, DOCUMENT_SIZE_MAX);
	struct answer answer = {.node = node, .scratch = &scratch};
	enum sf_err err = find_answer(node, asked->message, recipient ? &recipient->party : NULL,
		&scratch, &answer.delivery, diag);
	answer.ack = err ? SF_ACK_NONE : ack_of_state(answer.delivery.state);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no message of this id asks for an acknowledgement of this recipient");
		err = SF_OK;
	} else if (!err) {
		err = answer_with(&answer, asked->message, wanted, named, arena, ret_reply, diag);
	}
	sf_arena_fini(&scratch);
	return err;
}
