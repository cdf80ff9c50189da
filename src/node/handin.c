#include "node/handin.h"

#include "node/attachment.h"
#include "node/bodies.h"
#include "node/hl7.h"
#include "node/mail.h"
#include "node/naming.h"
#include "node/response.h"
#include "node/rest.h"
#include "node/service.h"

void sf_node_handin_issue(
	struct sf_node_handin *handin, const char *code, const char *expression, const char *text)
{
	if (handin->issues.count < SF_ISSUE_MAX)
		handin->issues.items[handin->issues.count++] =
			(struct sf_issue){true, code, expression, text};
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static enum sf_err list_issues(struct sf_node_handin *handin)
{
	const struct sf_issues *issues = &handin->issues;
	struct sf_issue_row *rows = sf_arena_take_many(handin->arena, issues->count, sizeof(*rows));
	if (!rows && issues->count > 0)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < issues->count; i++) {
		const struct sf_issue *issue = &issues->items[i];
		rows[i] = (struct sf_issue_row){
			.fatal = issue->fatal,
			.code = issue->code,
			.expression = sf_arena_text(
				handin->arena, sf_view_text(or_empty(issue->expression))),
			.text = sf_arena_text(handin->arena, sf_view_text(or_empty(issue->text))),
		};
		if (!rows[i].expression || !rows[i].text)
			return SF_ERR_LIMIT;
	}
	handin->sent->issue_count = issues->count;
	handin->sent->issues = rows;
	return SF_OK;
}

enum sf_err sf_node_handin_fatal(struct sf_node_handin *handin)
{
	const struct sf_document *document = &handin->document;
	handin->sent->answer = SF_SEND_FATAL;
	handin->sent->message = handin->message_id;
	handin->sent->acknowledgement_type = "";
	enum sf_err err = list_issues(handin);
	/* Nor is there an answer to what has no name (FHIR R4 MessageHeader.response.identifier).
	 */
	if (err || document->kind == SF_DOCUMENT_ACKNOWLEDGEMENT ||
		!or_empty(document->header_id)[0])
		return err;
	const struct sf_acknowledgement_request request = {
		.content_type = handin->request->content_type,
		.acknowledged_id = or_empty(document->header_id),
		.sender = document->receiver,
		.receiver = document->sender,
		.ack = SF_ACK_FATAL_ERROR,
		.issues = &handin->issues,
	};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	/* A document too broken to say who sent it cannot be answered; the issues still say why. */
	if (!sf_node_write_acknowledgement(handin->node, &request, &bytes, NULL)) {
		handin->sent->acknowledgement = sf_arena_copy(handin->arena, sf_buf_view(&bytes));
		handin->sent->acknowledgement_type =
			sf_arena_text(handin->arena, sf_view_text(handin->request->content_type));
	}
	sf_buf_fini(&bytes);
	return SF_OK;
}

static enum sf_err canonical_digest(struct sf_node_handin *handin)
{
	const struct sf_format *format = &handin->node->ports.format;
	struct sf_buf canonical;
	sf_buf_init(&canonical, 8 * SF_CLINICAL_SIZE_MAX);
	enum sf_err err = format->canonical(format->self, handin->request->content_type,
		handin->request->content, &canonical, handin->diag);
	const struct sf_view parts[] = {sf_buf_view(&canonical)};
	const struct sf_crypto *crypto = &handin->node->ports.crypto;
	if (!err)
		crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, 1, &handin->canonical);
	sf_buf_fini(&canonical);
	return err;
}

/*
 * DOMAIN section 8: the same MessageHeader.id again is answered as before when the letter is the
 * same, and fatal-error when it is another. The recipient's acknowledgement, once it is in hand,
 * comes in the content type of who asks.
 */
static enum sf_err answer_again(
	struct sf_node_handin *handin, const struct sf_node_row_letter *known)
{
	if (!sf_digest_equal(&known->canonical, &handin->canonical)) {
		sf_node_handin_issue(handin, "MSG_DUPLICATE_ID", "MessageHeader.id",
			"the id was used for another letter; send this one with a new id");
		return sf_node_handin_fatal(handin);
	}
	handin->sent->answer = SF_SEND_DUPLICATE;
	handin->sent->message = handin->message_id;
	handin->sent->transition = known->transition;
	handin->sent->acknowledgement_type =
		sf_arena_text(handin->arena, sf_view_text(handin->request->content_type));
	handin->node->counters.duplicates++;
	if (!handin->sent->acknowledgement_type)
		return SF_ERR_LIMIT;
	return sf_node_letter_acknowledgement(handin->node, handin->message_id,
		handin->request->content_type, handin->arena, &handin->sent->acknowledgement,
		handin->diag);
}

const struct sf_directory_entry *sf_node_handin_organization(
	const struct sf_node_handin *handin, const struct sf_organization *organization)
{
	const struct sf_directory *directory = handin->node->directory;
	const struct sf_directory_entry *entry = NULL;
	if (organization->sor && *organization->sor)
		entry = sf_directory_by_sor(directory, organization->sor);
	if (!entry && organization->gln && *organization->gln)
		entry = sf_directory_by_gln(directory, organization->gln);
	return entry;
}

void sf_node_handin_judge_receiver(struct sf_node_handin *handin)
{
	struct sf_node *node = handin->node;
	if (!handin->receiver)
		return;
	if (sf_id_equal(handin->receiver->party, node->options.party))
		sf_node_handin_issue(handin, "MSG_Receiver_Identifier_UNKNOWN",
			"MessageHeader.destination.receiver",
			"a letter cannot go to its own sender");
	if (!sf_directory_sealing_key(node->directory, handin->receiver->party, node->now_ms))
		sf_node_handin_issue(handin, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE",
			"MessageHeader.destination.receiver",
			"the receiver has no valid sealing key in the directory");
	else if (!sf_node_has_own_node(node, handin->receiver))
		sf_node_handin_issue(handin, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE",
			"MessageHeader.destination.receiver",
			"the receiver has no node of its own; reach it another way");
}

/* The letter that this one follows was handed in here, or came from the one it is for. */
static enum sf_err predecessor_transition(struct sf_node_handin *handin)
{
	const char *predecessor = or_empty(handin->document.predecessor_id);
	if (!predecessor[0])
		return SF_ERR_NOT_FOUND;
	struct sf_node *node = handin->node;
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_node_row_letter row = {.transition = {{0}}};
	enum sf_err err = crypto->message_id(
		crypto->self, node->options.party, sf_view_text(predecessor), &row.message_id);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->get(store->self, &sf_node_table_letter, 0, &row, handin->diag);
	if (!err)
		handin->transition = row.transition;
	const struct sf_directory_entry *other =
		sf_node_handin_organization(handin, &handin->document.receiver);
	struct sf_node_row_named named;
	if (err != SF_ERR_NOT_FOUND || !other)
		return err;
	err = sf_node_find_named(node, other->party, predecessor, &named, handin->diag);
	if (!err)
		handin->transition = named.transition;
	return err;
}

static enum sf_err episode_transition(
	struct sf_node_handin *handin, const struct sf_organization *of)
{
	for (size_t i = 0; i < handin->document.episode_count; i++) {
		enum sf_err err = sf_node_find_episode(handin->node, or_empty(of->sor),
			handin->document.episode_ids[i], &handin->transition, handin->diag);
		if (err != SF_ERR_NOT_FOUND)
			return err;
	}
	return SF_ERR_NOT_FOUND;
}

enum sf_err sf_node_handin_known_transition(struct sf_node_handin *handin)
{
	enum sf_err err = episode_transition(handin, &handin->document.sender);
	if (err == SF_ERR_NOT_FOUND)
		err = episode_transition(handin, &handin->document.receiver);
	return err == SF_ERR_NOT_FOUND ? predecessor_transition(handin) : err;
}

enum sf_err sf_node_handin_keep(struct sf_node_handin *handin)
{
	struct sf_node *node = handin->node;
	struct sf_node_row_letter row = {
		.message_id = handin->message_id,
		.transition = handin->transition,
		.canonical = handin->canonical,
		.created_ms = node->now_ms,
		.content_type = sf_view_text(handin->request->content_type),
	};
	const struct sf_node_rest rest = {
		handin->transition, SF_NODE_REST_LETTER, handin->message_id};
	enum sf_err err = sf_node_seal_content(
		node, &rest, handin->request->content, &row.content, handin->diag);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->insert(store->self, &sf_node_table_letter, &row, handin->diag);
	handin->sent->answer = SF_SEND_STORED;
	handin->sent->message = handin->message_id;
	handin->sent->transition = handin->transition;
	handin->sent->acknowledgement_type = "";
	return err;
}

/* A letter that was taken before has its attachments: they are not looked at again. */
static enum sf_err judge_attachments(struct sf_node_handin *handin)
{
	const char *fault;
	enum sf_err err = sf_node_uploads_judge(
		handin->node, handin->request->attachments, &fault, handin->diag);
	if (!err && fault)
		sf_reply_refuse(handin->reply, handin->arena, SF_ERR_STATE, fault);
	return err;
}

/* One letter id is one message, however often it is handed in (DOMAIN section 8). */
static enum sf_err name_and_take(struct sf_node_handin *handin)
{
	struct sf_node *node = handin->node;
	const struct sf_crypto *crypto = &node->ports.crypto;
	enum sf_err err = crypto->message_id(crypto->self, node->options.party,
		sf_view_text(handin->document.header_id), &handin->message_id);
	if (!err)
		err = canonical_digest(handin);
	if (err)
		return err;
	struct sf_node_row_letter known = {.message_id = handin->message_id};
	const struct sf_store *store = sf_node_store(node);
	err = store->get(store->self, &sf_node_table_letter, 0, &known, handin->diag);
	if (err != SF_ERR_NOT_FOUND)
		return err ? err : answer_again(handin, &known);
	err = judge_attachments(handin);
	if (err || handin->reply->err)
		return err;
	return handin->document.kind == SF_DOCUMENT_NOTIFICATION
		       ? sf_node_take_notification(handin)
		       : sf_node_take_correspondence(handin);
}

/* Bad content is an answer, not an error of the machinery. */
static enum sf_err read_and_judge(struct sf_node_handin *handin, struct sf_arena *scratch)
{
	const struct sf_format *format = &handin->node->ports.format;
	enum sf_err err =
		format->read(format->self, handin->request->content_type, handin->request->content,
			scratch, &handin->document, &handin->issues, handin->diag);
	if (!err)
		return handin->document.kind == SF_DOCUMENT_ACKNOWLEDGEMENT
			       ? sf_node_take_verdict(handin)
			       : name_and_take(handin);
	if (err == SF_ERR_MEMORY)
		return err;
	if (handin->issues.count == 0)
		sf_node_handin_issue(handin,
			err == SF_ERR_UNSUPPORTED ? "MSG_UNKNOWN_TYPE" : "MSG_BAD_SYNTAX", "Bundle",
			err == SF_ERR_LIMIT ? "the document is larger or deeper than is accepted"
					    : "the document cannot be read as a MedCom message");
	return sf_node_handin_fatal(handin);
}

/* Whom a letter that is no notification is for, where the sender says so. */
static const char *named_receiver(const struct sf_request_send *asked)
{
	const char *municipality = or_empty(asked->municipality);
	return municipality[0] ? municipality : or_empty(asked->gp);
}

/* An acknowledgement is never acknowledged, and what is in hand was just given. */
static enum sf_err want_response(
	const struct sf_node_handin *handin, const struct sf_node_channel *brings)
{
	const struct sf_reply_sent *sent = handin->sent;
	bool taken = sent->answer == SF_SEND_STORED || sent->answer == SF_SEND_DUPLICATE;
	if (handin->reply->err || !taken || sent->acknowledgement.size > 0 ||
		handin->document.kind == SF_DOCUMENT_ACKNOWLEDGEMENT)
		return SF_OK;
	const struct sf_node_row_response wanted = {
		.message_id = sent->message,
		.way = SF_NODE_RESPONSE_URL,
		.transition = sent->transition,
		.channel = sf_view_text(brings->name),
		.url = sf_view_text(handin->request->response_url),
		.content_type = sf_view_text(handin->request->content_type),
		.created_ms = handin->node->now_ms,
	};
	return sf_node_response_want(handin->node, &wanted, handin->diag);
}

enum sf_err sf_node_serve_send(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	if (!sf_body_type_fits(request->send.content_type)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_UNSUPPORTED,
			"the content type is too long, or has a character that no type has");
		return SF_OK;
	}
	if (sf_node_is_hl7(request->send.content_type) && request->send.attachments.size > 0) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_UNSUPPORTED,
			"an HL7 message has no attachments: send them with a letter");
		return SF_OK;
	}
	if (sf_node_is_hl7(request->send.content_type))
		return sf_node_send_hl7(node, request, arena, ret_reply, diag);
	if (!sf_node_is_fhir(request->send.content_type))
		return sf_node_send_letter(node, &request->send, named_receiver(&request->send),
			arena, ret_reply, diag);
	struct sf_node_handin handin = {
		.node = node,
		.request = &request->send,
		.arena = arena,
		.reply = ret_reply,
		.sent = &ret_reply->sent,
		.diag = diag,
	};
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_SENT, .text = ""};
	const char *response_url = or_empty(request->send.response_url);
	const struct sf_node_channel *brings = NULL;
	if (response_url[0] && !sf_node_response_allows(node, response_url, &brings)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE,
			"answers are not posted to this URL: an operator allows what it begins "
			"with (stafet hook add --responses)");
		return SF_OK;
	}
	struct sf_arena scratch;
	sf_arena_init(&scratch, SF_NODE_DOCUMENT_ROOM);
	enum sf_err err = read_and_judge(&handin, &scratch);
	sf_arena_fini(&scratch);
	return err || !brings ? err : want_response(&handin, brings);
}
