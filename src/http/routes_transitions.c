/* /api/v1: what is owed in transitions, and what people say in one. */
#include <string.h>

#include "http/answer.h"
#include "http/body.h"
#include "http/fact_form.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"

#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define CLERK SF_API_ROLE_BIT(SF_API_CLERK)
#define CLINICIAN SF_API_ROLE_BIT(SF_API_CLINICIAN)
#define AUDITOR SF_API_ROLE_BIT(SF_API_AUDITOR)
#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)
#define READERS (OUT | CLERK | CLINICIAN | AUDITOR)
#define SPEAKERS (CLERK | CLINICIAN)

/* What is owed, page by page; after and after_number are last and last_number of the page before.
 */
static bool ask_obligations(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_OBLIGATIONS};
	struct sf_request_obligations *asked = &request.obligations;
	struct sf_query query;
	uint64_t number = 0;
	if (!sf_query_read(exchange, &query) || !sf_query_count(&query, &asked->count_max) ||
		!sf_query_id(&query, "after", &asked->after) ||
		!sf_query_number(&query, "after_number", 0, UINT32_MAX, &number) ||
		!sf_query_id(&query, "transition", &asked->transition) ||
		!sf_query_time(&query, "_since", &asked->since_ms))
		return false;
	const char *word = sf_query_text(&query, "state");
	enum sf_task_state state = sf_task_state_from_text(word);
	if (word[0] && state == SF_TASK_STATE_NONE) {
		sf_problem(exchange, 400, "query parameter 'state' is no state of a task");
		return false;
	}
	asked->states = word[0] ? (uint32_t)1 << (unsigned)state : 0;
	asked->owner = sf_query_text(&query, "owner");
	asked->after_number = (uint32_t)number;
	*ret_request = request;
	return true;
}

/* A name is read for somebody's care, and each reading is written down. */
static bool ask_patient(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_PATIENT};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.patient.transition) ||
		!sf_query_bool(&query, "reveal", &request.patient.reveal))
		return false;
	*ret_request = request;
	return true;
}

/* In the body, because addresses stand in logs and in the memory of browsers. */
static bool ask_find(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_FIND};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_body_text(&body, "cpr", true, &request.find.cpr))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_offer(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_OFFER};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.offer.transition) ||
		!sf_body_read(exchange, &body) ||
		!sf_body_domains(&body, "domains", true, &request.offer.domains) ||
		!sf_body_role(&body, "to", true, &request.offer.to))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_bind(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_BIND};
	struct sf_request_bind *bind = &request.bind;
	struct sf_body_reader body;
	struct sf_query query;
	unsigned pathway = 0;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &bind->transition) ||
		!sf_body_read(exchange, &body) ||
		!sf_body_role(&body, "role", false, &bind->role) ||
		!sf_body_text(&body, "party", bind->role != SF_ROLE_NONE, &bind->party) ||
		!sf_body_word(&body, "pathway", false, &sf_words_pathway, &pathway) ||
		!sf_body_domains(&body, "active", false, &bind->active))
		return false;
	bind->pathway = (enum sf_pathway)pathway;
	*ret_request = request;
	return true;
}

/* Content of any type that is kept as it is: PDF, XDIS, plain text. */
static bool ask_letter(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	const struct sf_http_request *asked = exchange->request;
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	struct sf_element *root =
		sf_element_add(exchange->arena, NULL, SF_ELEMENT_OBJECT, "", NULL);
	static const char *const words[] = {"letter", "mark"};
	for (size_t i = 0; root && i < SF_COUNT(words); i++) {
		const char *word = sf_query_text(&query, words[i]);
		if (word[0] &&
			!sf_element_add(exchange->arena, root, SF_ELEMENT_TEXT, words[i], word))
			root = NULL;
	}
	const struct sf_body_reader body = {exchange, root};
	struct sf_request request = {.kind = SF_REQUEST_SAY,
		.say = {.content_type = asked->content_type,
			.content = asked->body,
			.to_party = sf_query_text(&query, "to_party"),
			.contact_name = asked->contact_name,
			.contact_telephone = asked->contact_telephone}};
	enum sf_role to = SF_ROLE_NONE;
	if (!root) {
		sf_problem(exchange, 500, NULL);
		return false;
	}
	if (!sf_query_role(&query, "to_role", &to) ||
		!sf_query_time(&query, "occurred", &request.say.occurred_ms) ||
		!sf_query_ids(
			&query, "attachments", SF_ATTACHMENT_COUNT_MAX, &request.say.attachments) ||
		!sf_path_id(exchange, 0, &request.say.transition) ||
		!sf_fact_fill(&body, &request.say))
		return false;
	if (to != SF_ROLE_NONE)
		request.say.to_roles = (uint32_t)1 << (unsigned)to;
	*ret_request = request;
	return true;
}

static bool ask_erase(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_ERASE};
	struct sf_body_reader body;
	struct sf_query query;
	unsigned ground = 0;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.erase.transition) ||
		!sf_body_read(exchange, &body) ||
		!sf_body_word(&body, "ground", true, &sf_words_ground, &ground) ||
		!sf_body_bool(&body, "preview", true, &request.erase.preview))
		return false;
	request.erase.ground = (enum sf_ground)ground;
	*ret_request = request;
	return true;
}

/* clang-format off */
#define FACT(path, operation, summary) \
	{SF_HTTP_POST, "/api/v1/transitions/{id}/" path, operation, summary, SPEAKERS, sf_fact_ask, \
		sf_answer_said}

const struct sf_route sf_routes_transitions[SF_ROUTES_TRANSITIONS_COUNT] = {
	{SF_HTTP_GET, "/api/v1/transitions/{id}/patient", "readPatient",
		"Whose transition it is: name and birthday, or the whole number; written down like a letter.",
		SPEAKERS, ask_patient, sf_answer_reply},
	{SF_HTTP_POST, "/api/v1/transitions/find", "findTransitions",
		"The transitions of one citizen, newest event first; written down, found or not.",
		SPEAKERS, ask_find, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/obligations", "listObligations",
		"What is owed, in the order of transitions.",
		READERS, ask_obligations, sf_answer_reply},
	{SF_HTTP_POST, "/api/v1/transitions/{id}/offers", "offerDomains",
		"Offer domains that this party holds.",
		SPEAKERS, ask_offer, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/transitions/{id}/parties", "bindParty",
		"Say who takes part in a role, or what the transition is about.",
		SPEAKERS, ask_bind, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/transitions/{id}/letters", "sayLetter",
		"Send a letter of any content type to whom it concerns.",
		IN | CLINICIAN, ask_letter, sf_answer_said},
	FACT("plans", "sayPlan", "Say when the patient will be ready and will leave."),
	FACT("plan-answers", "answerPlan", "Answer the plan in force."),
	FACT("intents", "sayIntent", "A discharge is decided: its letters come by then."),
	FACT("assessments", "sayAssessment", "Whether a discharge agreement is needed."),
	FACT("ready", "sayReady", "Declare treatment done."),
	FACT("ready-withdrawals", "withdrawReady", "The patient is not ready after all."),
	FACT("discharge-times", "agreeDischarge", "Confirm the time of discharge."),
	FACT("arrivals", "sayArrived", "The citizen is home, or in the bed."),
	FACT("obligations", "actOnObligation", "Request, accept, start, complete ... what is owed."),
	FACT("questions", "askQuestion", "Ask a question that must be answered."),
	FACT("windows", "actOnWindow", "Extend, suspend, resume or end the period after discharge."),
	FACT("disputes", "dispute", "Contest content, competence or residence."),
	FACT("resolutions", "resolveDispute", "A dispute is settled."),
	FACT("calls", "recordCall", "It was handled by telephone, and with whom."),
	FACT("closings", "closeTransition", "Close by hand what never ends."),
	FACT("reopenings", "reopenTransition", "Open again what is closed."),
	{SF_HTTP_POST, "/api/v1/messages/{id}/answers", "answerQuestion", "Answer a question.",
		SPEAKERS, sf_fact_ask, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/transitions/{id}/erase", "eraseTransition",
		"Erase a transition here, or only say what would go; proofs over the log stay valid.",
		OPERATOR, ask_erase, sf_answer_reply},
};
/* clang-format on */
