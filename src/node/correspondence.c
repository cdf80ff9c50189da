/*
 * A clinical system hands in a CareCommunication. It says whom it is about and whom it is for, and
 * seldom which stay: the transition is that of its episode of care, else of the letter that it
 * follows, else the one of this citizen that is open here.
 */
#include "node/handin.h"

#include <string.h>

#include "node/bodies.h"
#include "node/say.h"
#include "node/service.h"
#include "wire/fact.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* As the sender says beside the letter, else as the letter's own header does. */
static void find_receiver(struct sf_node_handin *letter)
{
	const char *asked = or_empty(letter->request->municipality);
	if (!asked[0])
		asked = or_empty(letter->request->gp);
	if (!asked[0])
		letter->receiver = sf_node_handin_organization(letter, &letter->document.receiver);
	else if (sf_node_find_party(letter->node, asked, &letter->receiver))
		letter->receiver = NULL;
	if (!letter->receiver)
		sf_node_handin_issue(letter, "MSG_Receiver_Identifier_UNKNOWN",
			"MessageHeader.destination.receiver",
			asked[0] ? "who it shall go to is not in the directory"
				 : "no party of the directory has this SOR code or GLN");
	sf_node_handin_judge_receiver(letter);
}

static enum sf_err find_transition(struct sf_node_handin *letter)
{
	enum sf_err err = sf_node_handin_known_transition(letter);
	if (err != SF_ERR_NOT_FOUND)
		return err;
	const char *cpr = or_empty(letter->document.cpr);
	err = cpr[0] ? sf_node_patient_transition(
			       letter->node, cpr, &letter->transition, letter->diag)
		     : SF_ERR_NOT_FOUND;
	if (err == SF_ERR_NOT_FOUND)
		sf_node_handin_issue(letter, "MSG_NO_MATCH", "Patient",
			"no transition of this citizen is open here: give the episode of care of "
			"the stay (Encounter.episodeOfCare.identifier), or send it in a transition "
			"that you name");
	else if (err == SF_ERR_CONFLICT)
		sf_node_handin_issue(letter, "MSG_NO_MATCH", "Patient",
			"more than one transition of this citizen is open here: give the episode "
			"of care of the stay (Encounter.episodeOfCare.identifier), or send it in a "
			"transition that you name");
	return err == SF_ERR_NOT_FOUND || err == SF_ERR_CONFLICT ? SF_OK : err;
}

static enum sf_err say_letter(struct sf_node_handin *letter)
{
	struct sf_buf fact;
	sf_buf_init(&fact, SF_HEADER_SIZE_MAX);
	const struct sf_fact correspondence = {
		.kind = SF_KIND_LETTER, .letter = {SF_LETTER_CORRESPONDENCE, SF_MARK_NONE}};
	enum sf_err err = sf_fact_encode(&correspondence, &fact);
	char to[SF_ID_TEXT_SIZE];
	sf_id_format(letter->receiver->party, to);
	const struct sf_request_say asked = {
		.transition = letter->transition,
		.fact = sf_buf_view(&fact),
		.kind = SF_KIND_LETTER,
		.occurred_ms = letter->document.bundle_time_ms,
		.to_party = to,
		.content_type = letter->request->content_type,
		.content = letter->request->content,
		.attachments = letter->request->attachments,
	};
	struct sf_reply said;
	if (!err)
		err = sf_node_say_fact(letter->node, &asked, letter->message_id, letter->arena,
			&said, letter->diag);
	sf_buf_fini(&fact);
	if (err)
		return err;
	*letter->reply = (struct sf_reply){.kind = SF_REPLY_SENT, .text = ""};
	if (!said.err)
		return sf_node_handin_keep(letter);
	sf_node_handin_issue(letter, "MSG_BAD_FORMAT", "Bundle", said.text);
	return sf_node_handin_fatal(letter);
}

enum sf_err sf_node_take_correspondence(struct sf_node_handin *handin)
{
	find_receiver(handin);
	enum sf_err err = find_transition(handin);
	if (err)
		return err;
	return handin->issues.count > 0 ? sf_node_handin_fatal(handin) : say_letter(handin);
}
