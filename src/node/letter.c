/*
 * A clinical system hands in a notification (DESIGN.md section 5, steps 1 and 2): bound to its
 * transition, and made durable. The answer "stored" is this node's; `ok` is only ever the
 * recipient's.
 */
#include "node/handin.h"

#include <string.h>

#include "node/attachment.h"
#include "node/bodies.h"
#include "node/naming.h"
#include "node/service.h"

/* Medical always; care, medication and social unless the municipality has no case (DOMAIN 1). */
#define ACTIVE_AT_OPENING                                                                          \
	(SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL) | SF_DOMAIN_BIT(SF_DOMAIN_CARE) |                        \
		SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION) | SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL))

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/*
 * The citizen's municipality has no node, and the hospital has said so of this stay: its letters go
 * to nobody here, and are recorded all the same.
 */
static enum sf_err find_nobody(struct sf_node_handin *letter)
{
	const struct sf_transition *transition = NULL;
	enum sf_err err = sf_node_handin_known_transition(letter);
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

static enum sf_err find_receiver(struct sf_node_handin *letter)
{
	struct sf_node *node = letter->node;
	const char *asked = or_empty(letter->request->municipality);
	if (sf_node_names_nobody(asked, &letter->nobody))
		return SF_OK;
	if (asked[0]) {
		if (sf_node_find_party(node, asked, &letter->receiver))
			sf_node_handin_issue(letter, "MSG_Receiver_Identifier_UNKNOWN",
				"MessageHeader.destination",
				"the municipality asked for is not in the directory");
		return SF_OK;
	}
	letter->receiver = sf_node_handin_organization(letter, &letter->document.receiver);
	enum sf_err err = letter->receiver ? SF_OK : find_nobody(letter);
	if (!err && !letter->receiver && !letter->nobody)
		sf_node_handin_issue(letter, "MSG_Receiver_Identifier_UNKNOWN",
			"MessageHeader.destination.receiver",
			"no party of the directory has this SOR code or GLN");
	return err;
}

static void find_practice(struct sf_node_handin *letter)
{
	const char *asked = or_empty(letter->request->gp);
	if (asked[0] && strcmp(asked, "unknown") != 0 &&
		sf_node_find_party(letter->node, asked, &letter->gp))
		sf_node_handin_issue(letter, "MSG_Receiver_Identifier_UNKNOWN", "gp",
			"the practice named beside the letter is not in the directory: say "
			"\"unknown\", or leave it out");
}

/* As known; else a new one is minted. */
static enum sf_err find_transition(struct sf_node_handin *letter)
{
	enum sf_err err = sf_node_handin_known_transition(letter);
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

/* Version 1 when the transition is minted. */
static enum sf_err author_parties(struct sf_node_handin *letter)
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
static enum sf_err bind_parties(struct sf_node_handin *letter)
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

static enum sf_err author_stay(struct sf_node_handin *letter)
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
	/* What nobody gets has no attachments either. */
	const struct sf_view uploads =
		letter->receiver ? letter->request->attachments : sf_view_of(NULL, 0);
	if (!err)
		err = sf_node_enclose(node, uploads, &message, &body, letter->diag);
	if (!err)
		err = sf_node_author(
			node, &message, letter->receiver ? &body : NULL, NULL, letter->diag);
	return err ? err : sf_node_attach(node, uploads, &message, letter->diag);
}

static enum sf_err take_letter(struct sf_node_handin *letter)
{
	struct sf_node *node = letter->node;
	enum sf_err err = find_transition(letter);
	if (!err)
		err = bind_parties(letter);
	if (!err)
		err = author_stay(letter);
	if (!err)
		err = sf_node_keep_episodes(
			node, &letter->document, letter->transition, letter->diag);
	if (!err)
		err = sf_node_keep_patient(
			node, letter->document.cpr, letter->transition, letter->diag);
	return err ? err : sf_node_handin_keep(letter);
}

enum sf_err sf_node_take_notification(struct sf_node_handin *handin)
{
	enum sf_err err = find_receiver(handin);
	if (err)
		return err;
	sf_node_handin_judge_receiver(handin);
	find_practice(handin);
	return handin->issues.count > 0 ? sf_node_handin_fatal(handin) : take_letter(handin);
}
