/*
 * People and systems of this party say something in a transition: a plan, an answer to it, ready, a
 * letter, a task, a question. It is stepped on a trial of the replica first; what would be refused
 * is told at once and not sent.
 */
#include "node/say.h"

#include <string.h>

#include "audit/listing.h"
#include "node/attachment.h"
#include "node/bodies.h"
#include "node/carried.h"
#include "node/concern.h"
#include "node/no_case.h"
#include "node/service.h"
#include "node/trial.h"
#include "wire/fact.h"

#define DOCUMENT_SIZE_MAX ((size_t)64 * 1024 * 1024)

struct saying {
	struct sf_node *node;
	const struct sf_request_say *asked;
	struct sf_arena *arena;   /* of the reply */
	struct sf_arena *scratch; /* of the letter */
	struct sf_reply *reply;
	struct sf_diag *diag;
	struct sf_transition *trial; /* owned */
	struct sf_message message;
	bool letter; /* the content was read */
	struct sf_letter_document document;
	struct sf_node_patient patient;
};

static void refuse(struct saying *saying, enum sf_err err, const char *text)
{
	sf_reply_refuse(saying->reply, saying->arena, err, text);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Stay facts come with notifications; offers and their answers, and parties, have own requests. */
static bool can_be_said(uint32_t kind)
{
	static const uint32_t kinds[] = {SF_KIND_INTENT, SF_KIND_ASSESSMENT, SF_KIND_PLAN,
		SF_KIND_PLAN_ANSWER, SF_KIND_READY, SF_KIND_READY_WITHDRAWN, SF_KIND_AGREE,
		SF_KIND_ARRIVED, SF_KIND_LETTER, SF_KIND_OBLIGATION, SF_KIND_QUESTION,
		SF_KIND_ANSWER, SF_KIND_WINDOW, SF_KIND_DISPUTE, SF_KIND_RESOLVE, SF_KIND_FALLBACK,
		SF_KIND_CLOSE, SF_KIND_REOPEN};
	for (size_t i = 0; i < SF_COUNT(kinds); i++)
		if (kinds[i] == kind)
			return true;
	return false;
}

static bool has_body(const struct saying *saying)
{
	const struct sf_request_say *asked = saying->asked;
	return asked->content.size > 0 || or_empty(asked->contact_name)[0] ||
	       or_empty(asked->contact_telephone)[0];
}

/* What is wrong with the request itself, whatever the transition is; NULL when nothing. */
static const char *request_fault(const struct saying *saying, enum sf_err *ret_err)
{
	const struct sf_request_say *asked = saying->asked;
	const char *type = or_empty(asked->content_type);
	*ret_err = SF_ERR_USAGE;
	if (!can_be_said(asked->kind))
		return "this is not said in this way: see send, accept, refuse, offer, withdraw "
		       "and bind";
	if (asked->content.size > 0 && type[0] == '\0')
		return "name the content type of the letter";
	if (!sf_body_type_fits(type))
		return "the content type is too long, or has a character that no type has";
	if (strlen(or_empty(asked->contact_name)) > SF_BODY_NAME_SIZE_MAX ||
		strlen(or_empty(asked->contact_telephone)) > SF_BODY_NAME_SIZE_MAX)
		return "the name or the telephone of the contact is too long";
	if (asked->kind == SF_KIND_LETTER && asked->content.size == 0)
		return "a letter needs its content";
	*ret_err = SF_ERR_LIMIT;
	return asked->content.size > SF_CLINICAL_SIZE_MAX
		       ? "the content is larger than one message carries"
		       : NULL;
}

static enum sf_err open_trial(struct saying *saying)
{
	struct sf_node *node = saying->node;
	struct sf_message *message = &saying->message;
	enum sf_err err = sf_node_any_transition(
		node, saying->asked->transition, &message->transition, saying->diag);
	/* Not recorded yet: its own id is all there is. */
	if (err == SF_ERR_NOT_FOUND) {
		message->transition = saying->asked->transition;
		err = SF_OK;
	}
	if (!err)
		err = sf_node_trial_open(node, message->transition, &saying->trial, saying->diag);
	if (err != SF_ERR_NOT_FOUND)
		return err;
	refuse(saying, err, "no transition and no message of this id is known here");
	return SF_OK;
}

/*
 * A letter says itself what it is; a sender who calls it otherwise is told. A correspondence may
 * carry any other: most have no message of their own in FHIR.
 */
static void judge_letter(struct saying *saying)
{
	enum sf_letter_code *code = &saying->message.fact.letter.code;
	enum sf_mark *mark = &saying->message.fact.letter.mark;
	const struct sf_letter_document *document = &saying->document;
	if (*code == SF_LETTER_NONE)
		*code = document->code;
	if (*mark == SF_MARK_NONE)
		*mark = document->mark;
	if (*code == SF_LETTER_NONE)
		refuse(saying, SF_ERR_USAGE, "the content does not say what letter it is: name it");
	else if (document->code != SF_LETTER_NONE && document->code != *code &&
		 document->code != SF_LETTER_CORRESPONDENCE)
		refuse(saying, SF_ERR_CONFLICT, "the content is another letter than it is called");
}

static enum sf_err read_content(struct saying *saying)
{
	struct sf_node *node = saying->node;
	enum sf_err err = sf_node_find_patient(
		node, saying->message.transition, saying->arena, &saying->patient, saying->diag);
	if (err || saying->message.fact.kind != SF_KIND_LETTER)
		return err;
	err = sf_carried_read(node, saying->asked->content_type, saying->asked->content,
		saying->scratch, &saying->document, saying->reply, &saying->letter);
	if (err || !saying->letter) {
		/* The sentence stands in the scratch, which goes away. */
		if (!err)
			refuse(saying, saying->reply->err, saying->reply->text);
		return err;
	}
	const char *cpr = or_empty(saying->document.cpr);
	if (cpr[0] && saying->patient.cpr[0] && strcmp(cpr, saying->patient.cpr) != 0)
		refuse(saying, SF_ERR_CONFLICT, "the letter is about another citizen");
	else
		judge_letter(saying);
	return SF_OK;
}

static void name_roles(struct saying *saying)
{
	for (enum sf_role role = SF_ROLE_HOSPITAL; role < SF_ROLE_COORDINATOR; role++) {
		if (!(saying->asked->to_roles & ((uint32_t)1 << (unsigned)role)))
			continue;
		struct sf_id party = sf_concern_party(saying->trial, role);
		if (sf_id_is_none(party))
			refuse(saying, SF_ERR_NOT_FOUND,
				"nobody is bound to a role that it shall go to");
		sf_concern_add(&saying->message, party);
	}
}

static void name_recipients(struct saying *saying)
{
	const char *reference = or_empty(saying->asked->to_party);
	const struct sf_directory_entry *entry = NULL;
	name_roles(saying);
	if (reference[0] && sf_node_find_party(saying->node, reference, &entry))
		refuse(saying, SF_ERR_NOT_FOUND, "who it shall go to is not in the directory");
	else if (entry)
		sf_concern_add(&saying->message, entry->party);
	if (saying->asked->to_roles == 0 && !reference[0])
		sf_concern_recipients(saying->trial, &saying->message);
}

/* A letter is sealed to each of them now, so each must be able to open it. */
static void judge_recipients(struct saying *saying)
{
	struct sf_node *node = saying->node;
	const struct sf_message *message = &saying->message;
	if (!has_body(saying))
		return;
	if (message->recipient_count == 0)
		refuse(saying, SF_ERR_USAGE,
			"nobody is bound whom this concerns: name who it shall go to");
	for (size_t i = 0; i < message->recipient_count; i++) {
		const struct sf_directory_entry *entry =
			sf_directory_party(node->directory, message->recipients[i]);
		if (!entry || !sf_node_can_receive(node, entry)) {
			refuse(saying, SF_ERR_NOT_FOUND,
				"a recipient has no node or no valid key; reach it another way");
			return;
		}
	}
}

/* Versions are numbered here where the sender leaves it to us. */
static void number_plan(struct saying *saying)
{
	struct sf_fact *fact = &saying->message.fact;
	const struct sf_course *course = sf_transition_course(saying->trial);
	if (fact->kind == SF_KIND_PLAN && fact->plan.version == 0)
		fact->plan.version = course->plan.version + 1;
}

static enum sf_err step_trial(struct saying *saying)
{
	struct sf_transition_result result;
	enum sf_err err =
		sf_node_trial_step(saying->node, saying->trial, &saying->message, &result);
	if (!err && result.outcome == SF_OUTCOME_REFUSED)
		sf_reply_refused(saying->reply, result.code);
	return err;
}

static enum sf_err author(struct saying *saying)
{
	struct sf_node *node = saying->node;
	const struct sf_request_say *asked = saying->asked;
	bool own_contact =
		or_empty(asked->contact_name)[0] || or_empty(asked->contact_telephone)[0];
	struct sf_body body = {
		.cpr = saying->patient.cpr[0] ? saying->patient.cpr
					      : or_empty(saying->document.cpr),
		.patient_name = saying->patient.name,
		.contact_name =
			own_contact ? or_empty(asked->contact_name) : node->options.contact_name,
		.contact_telephone = own_contact ? or_empty(asked->contact_telephone)
						 : node->options.contact_telephone,
		.contact_until_ms = own_contact ? asked->contact_until_ms : 0,
		.content_type = or_empty(asked->content_type),
		.content = asked->content,
	};
	struct sf_message *message = &saying->message;
	enum sf_err err = sf_node_enclose(node, asked->attachments, message, &body, saying->diag);
	if (!err)
		err = sf_node_speak(node, message, has_body(saying) ? &body : NULL, 0,
			saying->reply, saying->diag);
	if (!err)
		err = sf_node_attach(node, asked->attachments, message, saying->diag);
	if (!err && has_body(saying))
		err = sf_node_keep_patient(
			node, body.cpr, saying->message.transition, saying->diag);
	if (!err && saying->letter)
		err = sf_carried_author(
			node, saying->trial, &saying->message, &saying->document, saying->diag);
	const struct sf_fact *fact = &saying->message.fact;
	if (!err && fact->kind == SF_KIND_PLAN_ANSWER &&
		fact->plan_answer.code == SF_PLAN_ANSWER_NO_CASE)
		err = sf_node_drop_notifications(node, saying->message.transition, 0, saying->diag);
	return err;
}

/* Decodes what is asked and finds the transition that it is about. */
static enum sf_err prepare(struct saying *saying)
{
	const struct sf_request_say *asked = saying->asked;
	enum sf_err fault_err;
	const char *fault = request_fault(saying, &fault_err);
	if (fault) {
		refuse(saying, fault_err, fault);
		return SF_OK;
	}
	if (sf_fact_decode(asked->kind, asked->fact, &saying->message.fact, NULL)) {
		refuse(saying, SF_ERR_FORMAT, "the fact cannot be read");
		return SF_OK;
	}
	saying->message.in_reply_to = asked->in_reply_to;
	saying->message.occurred_ms = asked->occurred_ms;
	sf_node_name_message(saying->node, &saying->message);
	enum sf_err err = open_trial(saying);
	if (err || saying->reply->err)
		return err;
	number_plan(saying);
	if (!sf_concern_in_reply_to(saying->trial, &saying->message))
		refuse(saying, SF_ERR_CONFLICT, "more than one is open: name the one you mean");
	return SF_OK;
}

/* Nobody can keep a deadline that has passed when it is set. */
static void judge_deadline(struct saying *saying)
{
	const struct sf_fact *fact = &saying->message.fact;
	int64_t due_ms = fact->kind == SF_KIND_OBLIGATION ? fact->obligation.due_ms
			 : fact->kind == SF_KIND_QUESTION ? fact->question.answer_by_ms
			 : fact->kind == SF_KIND_INTENT   ? fact->intent.expected_ms
							  : 0;
	if (due_ms != 0 && due_ms < saying->node->now_ms)
		refuse(saying, SF_ERR_USAGE, "the deadline has passed already: set one to come");
}

static enum sf_err judge_attachments(struct saying *saying)
{
	const struct sf_view uploads = saying->asked->attachments;
	const char *fault = NULL;
	enum sf_err err = sf_node_uploads_judge(saying->node, uploads, &fault, saying->diag);
	if (!fault && uploads.size > 0 && saying->asked->content.size == 0)
		fault = "an attachment goes with a letter: it needs one";
	if (!err && fault)
		refuse(saying, SF_ERR_STATE, fault);
	return err;
}

static enum sf_err say(struct saying *saying)
{
	const struct sf_reply *reply = saying->reply;
	enum sf_err err = prepare(saying);
	if (!err && !reply->err)
		err = judge_attachments(saying);
	if (!err && !reply->err && has_body(saying))
		err = read_content(saying);
	if (!err && !reply->err)
		judge_deadline(saying);
	if (!err && !reply->err)
		name_recipients(saying);
	if (!err && !reply->err)
		judge_recipients(saying);
	if (!err && !reply->err)
		err = step_trial(saying);
	return err || reply->err ? err : author(saying);
}

enum sf_err sf_node_say_fact(struct sf_node *node, const struct sf_request_say *asked,
	struct sf_id message, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_arena scratch;
	sf_arena_init(&scratch, DOCUMENT_SIZE_MAX);
	struct saying saying = {
		.node = node,
		.asked = asked,
		.arena = arena,
		.scratch = &scratch,
		.reply = ret_reply,
		.diag = diag,
		.message = {.id = message},
		.patient = {"", ""},
	};
	*ret_reply = (struct sf_reply){.text = ""};
	enum sf_err err = say(&saying);
	sf_transition_close(&saying.trial);
	sf_arena_fini(&scratch);
	return err;
}

enum sf_err sf_node_serve_say(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	return sf_node_say_fact(node, &request->say, (struct sf_id){{0}}, arena, ret_reply, diag);
}
