/*
 * A clinical system hands in a letter (DESIGN.md section 5, steps 1 and 2): checked, named, bound
 * to its transition, and made durable. The answer "stored" is this node's; `ok` is only ever the
 * recipient's.
 */
#include "node/service.h"
#include "node/state.h"

#include <string.h>

#include "node/bodies.h"
#include "node/hl7.h"
#include "node/mail.h"
#include "node/rest.h"

/* Medical always; care, medication and social unless the municipality has no case (DOMAIN 1). */
#define ACTIVE_AT_OPENING                                                                          \
	(SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL) | SF_DOMAIN_BIT(SF_DOMAIN_CARE) |                        \
		SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION) | SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL))

struct letter {
	struct sf_node *node;
	const struct sf_request_send *request;
	struct sf_arena *arena; /* of the reply */
	struct sf_reply *reply;
	struct sf_reply_sent *sent; /* of reply */
	struct sf_diag *diag;
	struct sf_document document;
	struct sf_issues issues;
	struct sf_id message_id;
	struct sf_id transition;
	bool minted;
	const struct sf_directory_entry *receiver; /* NULL: nobody gets it through Stafet */
	enum sf_binding_state nobody;              /* then why not: unknown or not-enrolled */
	const struct sf_directory_entry *gp;       /* NULL when not given */
};

static void add_issue(
	struct letter *letter, const char *code, const char *expression, const char *text)
{
	if (letter->issues.count < SF_ISSUE_MAX)
		letter->issues.items[letter->issues.count++] =
			(struct sf_issue){true, code, expression, text};
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static enum sf_err list_issues(struct letter *letter)
{
	const struct sf_issues *issues = &letter->issues;
	struct sf_issue_row *rows = sf_arena_take_many(letter->arena, issues->count, sizeof(*rows));
	if (!rows && issues->count > 0)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < issues->count; i++) {
		const struct sf_issue *issue = &issues->items[i];
		rows[i] = (struct sf_issue_row){
			.fatal = issue->fatal,
			.code = issue->code,
			.expression = sf_arena_text(
				letter->arena, sf_view_text(or_empty(issue->expression))),
			.text = sf_arena_text(letter->arena, sf_view_text(or_empty(issue->text))),
		};
		if (!rows[i].expression || !rows[i].text)
			return SF_ERR_LIMIT;
	}
	letter->sent->issue_count = issues->count;
	letter->sent->issues = rows;
	return SF_OK;
}

/* Judged and not taken: the sender gets a MedCom Acknowledgement that says why. */
static enum sf_err answer_fatal(struct letter *letter)
{
	struct sf_node *node = letter->node;
	const struct sf_document *document = &letter->document;
	letter->sent->answer = SF_SEND_FATAL;
	letter->sent->message = letter->message_id;
	enum sf_err err = list_issues(letter);
	if (err)
		return err;
	const struct sf_acknowledgement_request request = {
		.content_type = letter->request->content_type,
		.acknowledged_id = or_empty(document->header_id),
		.sender = document->receiver,
		.receiver = document->sender,
		.ack = SF_ACK_FATAL_ERROR,
		.issues = &letter->issues,
	};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	/* A document too broken to say who sent it cannot be answered; the issues still say why. */
	if (!sf_node_write_acknowledgement(node, &request, &bytes, NULL)) {
		letter->sent->acknowledgement = sf_arena_copy(letter->arena, sf_buf_view(&bytes));
		letter->sent->acknowledgement_type =
			sf_arena_text(letter->arena, sf_view_text(letter->request->content_type));
	}
	sf_buf_fini(&bytes);
	return SF_OK;
}

static enum sf_err canonical_digest(struct letter *letter, struct sf_digest *ret_digest)
{
	const struct sf_format *format = &letter->node->ports.format;
	struct sf_buf canonical;
	sf_buf_init(&canonical, 8 * SF_CLINICAL_SIZE_MAX);
	enum sf_err err = format->canonical(format->self, letter->request->content_type,
		letter->request->content, &canonical, letter->diag);
	const struct sf_view parts[] = {sf_buf_view(&canonical)};
	const struct sf_crypto *crypto = &letter->node->ports.crypto;
	if (!err)
		crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, 1, ret_digest);
	sf_buf_fini(&canonical);
	return err;
}

/*
 * DOMAIN section 8: the same MessageHeader.id again is answered as before when the letter is the
 * same, and fatal-error when it is another.
 */
static enum sf_err answer_again(struct letter *letter, const struct sf_digest *canonical,
	const struct sf_node_row_letter *known)
{
	if (!sf_digest_equal(&known->canonical, canonical)) {
		add_issue(letter, "MSG_DUPLICATE_ID", "MessageHeader.id",
			"the id was used for another letter; send this one with a new id");
		return answer_fatal(letter);
	}
	letter->sent->answer = SF_SEND_DUPLICATE;
	letter->sent->message = letter->message_id;
	letter->sent->transition = known->transition;
	letter->sent->acknowledgement_type = sf_arena_text(letter->arena, known->content_type);
	letter->node->counters.duplicates++;
	if (!letter->sent->acknowledgement_type)
		return SF_ERR_LIMIT;
	const struct sf_node_rest rest = {
		known->transition, SF_NODE_REST_ACKNOWLEDGEMENT, known->message_id};
	return sf_node_open_content(letter->node, &rest, known->acknowledgement, letter->arena,
		&letter->sent->acknowledgement, letter->diag);
}

static const struct sf_directory_entry *find_organization(
	const struct sf_directory *directory, const struct sf_organization *organization)
{
	const struct sf_directory_entry *entry = NULL;
	if (organization->sor && *organization->sor)
		entry = sf_directory_by_sor(directory, organization->sor);
	if (!entry && organization->gln && *organization->gln)
		entry = sf_directory_by_gln(directory, organization->gln);
	return entry;
}

/* The id may carry anything, so only a keyed hash of it is kept. */
static enum sf_err episode_digest(
	const struct letter *letter, const char *episode, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/episode";
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)),
		sf_view_text(or_empty(letter->document.sender.sor)),
		sf_view_of("", 1),
		sf_view_text(episode),
	};
	return sf_node_local_name(letter->node, parts, SF_COUNT(parts), ret_digest);
}

static enum sf_err predecessor_transition(struct letter *letter)
{
	if (!letter->document.predecessor_id || !*letter->document.predecessor_id)
		return SF_ERR_NOT_FOUND;
	struct sf_node *node = letter->node;
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_node_row_letter row = {.transition = {{0}}};
	enum sf_err err = crypto->message_id(crypto->self, node->options.party,
		sf_view_text(letter->document.predecessor_id), &row.message_id);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->get(store->self, &sf_node_table_letter, 0, &row, letter->diag);
	if (!err)
		letter->transition = row.transition;
	return err;
}

static enum sf_err episode_transition(struct letter *letter)
{
	const struct sf_store *store = sf_node_store(letter->node);
	for (size_t i = 0; i < letter->document.episode_count; i++) {
		struct sf_node_row_episode row;
		enum sf_err err =
			episode_digest(letter, letter->document.episode_ids[i], &row.episode);
		if (!err)
			err = store->get(
				store->self, &sf_node_table_episode, 0, &row, letter->diag);
		if (!err)
			letter->transition = row.transition;
		if (err != SF_ERR_NOT_FOUND)
			return err;
	}
	return SF_ERR_NOT_FOUND;
}

/* By episode of care, else by the letter this one follows. SF_ERR_NOT_FOUND. */
static enum sf_err known_transition(struct letter *letter)
{
	enum sf_err err = episode_transition(letter);
	return err == SF_ERR_NOT_FOUND ? predecessor_transition(letter) : err;
}

/*
 * The citizen's municipality has no node, and the hospital has said so of this stay: its letters go
 * to nobody here, and are recorded all the same.
 */
static enum sf_err find_nobody(struct letter *letter)
{
	const struct sf_transition *transition = NULL;
	enum sf_err err = known_transition(letter);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	err = sf_node_replica(letter->node, letter->transition, &transition, letter->diag);
	const struct sf_parties *parties = transition ? sf_transition_parties(transition) : NULL;
	for (size_t i = 0; parties && i < parties->binding_count; i++)
		if (parties->bindings[i].role == SF_ROLE_MUNICIPALITY &&
			parties->bindings[i].state != SF_BINDING_PARTY)
			letter->nobody = parties->bindings[i].state;
	return err;
}

static enum sf_err find_receiver(struct letter *letter)
{
	struct sf_node *node = letter->node;
	const char *asked = or_empty(letter->request->municipality);
	if (sf_node_names_nobody(asked, &letter->nobody))
		return SF_OK;
	if (asked[0]) {
		if (sf_node_find_party(node, asked, &letter->receiver))
			add_issue(letter, "MSG_Receiver_Identifier_UNKNOWN",
				"MessageHeader.destination",
				"the municipality asked for is not in the directory");
		return SF_OK;
	}
	letter->receiver = find_organization(node->directory, &letter->document.receiver);
	enum sf_err err = letter->receiver ? SF_OK : find_nobody(letter);
	if (!err && !letter->receiver && !letter->nobody)
		add_issue(letter, "MSG_Receiver_Identifier_UNKNOWN",
			"MessageHeader.destination.receiver",
			"no party of the directory has this SOR code or GLN");
	return err;
}

static void judge_receiver(struct letter *letter)
{
	struct sf_node *node = letter->node;
	if (!letter->receiver)
		return;
	if (sf_id_equal(letter->receiver->party, node->options.party))
		add_issue(letter, "MSG_Receiver_Identifier_UNKNOWN",
			"MessageHeader.destination.receiver",
			"a letter cannot go to its own sender");
	if (!sf_directory_sealing_key(node->directory, letter->receiver->party, node->now_ms))
		add_issue(letter, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE",
			"MessageHeader.destination.receiver",
			"the receiver has no valid sealing key in the directory");
	else if (!sf_node_has_own_node(node, letter->receiver))
		add_issue(letter, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE",
			"MessageHeader.destination.receiver",
			"the receiver has no node of its own; reach it another way");
}

static void find_practice(struct letter *letter)
{
	const char *asked = or_empty(letter->request->gp);
	if (asked[0] && strcmp(asked, "unknown") != 0 &&
		sf_node_find_party(letter->node, asked, &letter->gp))
		add_issue(letter, "MSG_Receiver_Identifier_UNKNOWN", "gp",
			"the practice named beside the letter is not in the directory: say "
			"\"unknown\", or leave it out");
}

/* As known; else a new one is minted. */
static enum sf_err find_transition(struct letter *letter)
{
	enum sf_err err = known_transition(letter);
	if (err != SF_ERR_NOT_FOUND)
		return err;
	/* In order of time, so that the stores of all parties keep what is open close together. */
	const struct sf_env *env = &letter->node->ports.env;
	uint8_t chance[10];
	env->random(env->self, chance, sizeof(chance));
	letter->transition = sf_id_timed(letter->node->now_ms, chance);
	letter->minted = true;
	return SF_OK;
}

static enum sf_err keep_episodes(struct letter *letter)
{
	const struct sf_store *store = sf_node_store(letter->node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < letter->document.episode_count && !err; i++) {
		struct sf_node_row_episode row = {.transition = letter->transition};
		err = episode_digest(letter, letter->document.episode_ids[i], &row.episode);
		if (!err)
			err = store->replace(
				store->self, &sf_node_table_episode, &row, letter->diag);
	}
	return err;
}

/* Version 1 when the transition is minted. */
static enum sf_err author_parties(struct letter *letter)
{
	struct sf_node *node = letter->node;
	const struct sf_directory_entry *own =
		sf_directory_party(node->directory, node->options.party);
	struct sf_message message = {
		.transition = letter->transition,
		.fact = {.kind = SF_KIND_PARTIES},
	};
	struct sf_parties *parties = &message.fact.parties;
	parties->version = 1;
	parties->pathway = own && own->role == SF_ROLE_PSYCHIATRY ? SF_PATHWAY_PSYCHIATRIC
								  : SF_PATHWAY_SOMATIC;
	parties->active = ACTIVE_AT_OPENING;
	sf_node_bind_role(node, parties, SF_ROLE_HOSPITAL, own);
	if (letter->receiver)
		sf_node_bind_role(node, parties, SF_ROLE_MUNICIPALITY, letter->receiver);
	else
		sf_node_bind_nobody(parties, SF_ROLE_MUNICIPALITY, letter->nobody);
	sf_node_bind_role(node, parties, SF_ROLE_GP, letter->gp);
	const struct sf_crypto *crypto = &node->ports.crypto;
	enum sf_err err = crypto->person_id(
		crypto->self, sf_view_text(letter->document.cpr), &parties->person);
	if (err && err != SF_ERR_NOT_FOUND && err != SF_ERR_KEY_UNKNOWN)
		return err;
	err = sf_node_ruling_agreement(node, &parties->agreement, letter->diag);
	sf_node_name_message(node, &message);
	return err ? err : sf_node_author(node, &message, NULL, NULL, letter->diag);
}

/* A practice that is named later joins by a new version; what people bound stays as it is. */
static enum sf_err bind_parties(struct letter *letter)
{
	if (letter->minted)
		return author_parties(letter);
	if (!letter->gp)
		return SF_OK;
	const struct sf_transition *transition = NULL;
	enum sf_err err =
		sf_node_replica(letter->node, letter->transition, &transition, letter->diag);
	const struct sf_parties *parties = transition ? sf_transition_parties(transition) : NULL;
	if (err || !parties ||
		sf_id_equal(sf_transition_bound(transition, SF_ROLE_GP), letter->gp->party))
		return err;
	struct sf_message message = {
		.transition = letter->transition,
		.fact = {.kind = SF_KIND_PARTIES, .parties = *parties},
	};
	message.fact.parties.version++;
	sf_node_bind_role(letter->node, &message.fact.parties, SF_ROLE_GP, letter->gp);
	sf_node_name_message(letter->node, &message);
	return sf_node_author(letter->node, &message, NULL, NULL, letter->diag);
}

struct sf_body sf_node_notification_body(const struct sf_node *node,
	const struct sf_document *document, const char *content_type, struct sf_view content)
{
	return (struct sf_body){
		.cpr = document->cpr,
		.patient_name = document->patient_name,
		.contact_name = node->options.contact_name,
		.contact_telephone = node->options.contact_telephone,
		.content_type = content_type,
		.content = content,
	};
}

static enum sf_err author_stay(struct letter *letter)
{
	struct sf_node *node = letter->node;
	const struct sf_document *document = &letter->document;
	struct sf_message message = {
		.id = letter->message_id,
		.transition = letter->transition,
		.fact = {.kind = SF_KIND_STAY, .stay = document->stay},
		.occurred_ms = document->occurred_ms,
		.created_ms = document->recorded_ms,
	};
	if (letter->receiver)
		message.recipients[message.recipient_count++] = letter->receiver->party;
	struct sf_id predecessor = {{0}};
	const struct sf_crypto *crypto = &node->ports.crypto;
	enum sf_err err = SF_OK;
	if (document->predecessor_id && *document->predecessor_id)
		err = crypto->message_id(crypto->self, node->options.party,
			sf_view_text(document->predecessor_id), &predecessor);
	if (document->stay.mode == SF_MODE_NEW)
		message.in_reply_to = predecessor;
	else
		message.supersedes = predecessor;
	struct sf_body body = sf_node_notification_body(
		node, document, letter->request->content_type, letter->request->content);
	return err ? err
		   : sf_node_author(
			     node, &message, letter->receiver ? &body : NULL, NULL, letter->diag);
}

static enum sf_err take_letter(struct letter *letter, const struct sf_digest *canonical)
{
	struct sf_node *node = letter->node;
	enum sf_err err = find_transition(letter);
	if (!err)
		err = bind_parties(letter);
	if (!err)
		err = author_stay(letter);
	if (!err)
		err = keep_episodes(letter);
	if (!err)
		err = sf_node_keep_patient(
			node, letter->document.cpr, letter->transition, letter->diag);
	struct sf_node_row_letter row = {
		.message_id = letter->message_id,
		.transition = letter->transition,
		.canonical = *canonical,
		.created_ms = node->now_ms,
		.content_type = sf_view_text(letter->request->content_type),
	};
	const struct sf_node_rest rest = {
		letter->transition, SF_NODE_REST_LETTER, letter->message_id};
	if (!err)
		err = sf_node_seal_content(
			node, &rest, letter->request->content, &row.content, letter->diag);
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->insert(store->self, &sf_node_table_letter, &row, letter->diag);
	letter->sent->answer = SF_SEND_STORED;
	letter->sent->message = letter->message_id;
	letter->sent->transition = letter->transition;
	return err;
}

static enum sf_err judge_and_take(struct letter *letter)
{
	struct sf_node *node = letter->node;
	const struct sf_crypto *crypto = &node->ports.crypto;
	enum sf_err err = crypto->message_id(crypto->self, node->options.party,
		sf_view_text(letter->document.header_id), &letter->message_id);
	struct sf_digest canonical;
	if (!err)
		err = canonical_digest(letter, &canonical);
	if (err)
		return err;
	struct sf_node_row_letter known = {.message_id = letter->message_id};
	const struct sf_store *store = sf_node_store(node);
	err = store->get(store->self, &sf_node_table_letter, 0, &known, letter->diag);
	if (!err)
		return answer_again(letter, &canonical, &known);
	if (err != SF_ERR_NOT_FOUND)
		return err;
	if (letter->document.kind != SF_DOCUMENT_NOTIFICATION)
		add_issue(letter, "MSG_UNKNOWN_TYPE", "MessageHeader.event",
			"an acknowledgement is not handed in: nodes acknowledge by themselves");
	err = find_receiver(letter);
	if (err)
		return err;
	judge_receiver(letter);
	find_practice(letter);
	return letter->issues.count > 0 ? answer_fatal(letter) : take_letter(letter, &canonical);
}

/* Whom a letter that is no notification is for, where the sender says so. */
static const char *named_receiver(const struct sf_request_send *asked)
{
	const char *municipality = or_empty(asked->municipality);
	return municipality[0] ? municipality : or_empty(asked->gp);
}

/* To whom its own header says, unless the sender names another. */
static enum sf_err send_care_communication(struct letter *letter)
{
	const char *to = named_receiver(letter->request);
	const struct sf_directory_entry *receiver =
		find_organization(letter->node->directory, &letter->document.receiver);
	char id[SF_ID_TEXT_SIZE];
	if (!to[0] && receiver) {
		sf_id_format(receiver->party, id);
		to = id;
	}
	return sf_node_send_letter(
		letter->node, letter->request, to, letter->arena, letter->reply, letter->diag);
}

/* Bad content is an answer, not an error of the machinery. */
static enum sf_err read_and_judge(struct letter *letter, struct sf_arena *scratch)
{
	const struct sf_format *format = &letter->node->ports.format;
	enum sf_err err =
		format->read(format->self, letter->request->content_type, letter->request->content,
			scratch, &letter->document, &letter->issues, letter->diag);
	if (!err && letter->document.kind == SF_DOCUMENT_CARE_COMMUNICATION)
		return send_care_communication(letter);
	if (!err)
		return judge_and_take(letter);
	if (err == SF_ERR_MEMORY)
		return err;
	if (letter->issues.count == 0)
		add_issue(letter, err == SF_ERR_UNSUPPORTED ? "MSG_UNKNOWN_TYPE" : "MSG_BAD_SYNTAX",
			"Bundle",
			err == SF_ERR_LIMIT ? "the document is larger or deeper than is accepted"
					    : "the document cannot be read as a MedCom message");
	return answer_fatal(letter);
}

enum sf_err sf_node_serve_send(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	if (sf_node_is_hl7(request->send.content_type))
		return sf_node_send_hl7(node, request, arena, ret_reply, diag);
	if (!sf_node_is_fhir(request->send.content_type))
		return sf_node_send_letter(node, &request->send, named_receiver(&request->send),
			arena, ret_reply, diag);
	struct letter letter = {
		.node = node,
		.request = &request->send,
		.arena = arena,
		.reply = ret_reply,
		.sent = &ret_reply->sent,
		.diag = diag,
	};
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_SENT, .text = ""};
	struct sf_arena scratch;
	sf_arena_init(&scratch, SF_NODE_DOCUMENT_ROOM);
	enum sf_err err = read_and_judge(&letter, &scratch);
	sf_arena_fini(&scratch);
	return err;
}
