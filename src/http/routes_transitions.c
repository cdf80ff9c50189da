/*
 * /api/v1: transitions: who has the baton, the picture and the proof of it, and what people say in
 * one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "http/answer.h"
#include "http/body.h"
#include "http/fact_form.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "timeline/fhir.h"
#include "timeline/json.h"
#include "timeline/svg.h"
#include "view/event_words.h"
#include "view/reply.h"

#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define CLERK SF_API_ROLE_BIT(SF_API_CLERK)
#define CLINICIAN SF_API_ROLE_BIT(SF_API_CLINICIAN)
#define AUDITOR SF_API_ROLE_BIT(SF_API_AUDITOR)
#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)
#define READERS (OUT | CLERK | CLINICIAN | AUDITOR)
#define SPEAKERS (CLERK | CLINICIAN)

#define PICTURE_SIZE_MAX ((size_t)16 * 1024 * 1024)
#define MODEL_SIZE_MAX ((size_t)16 * 1024 * 1024)

static bool ask_transitions(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_TRANSITIONS};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_query_count(&query, &request.transitions.count_max) ||
		!sf_query_id(&query, "after", &request.transitions.after) ||
		!sf_query_bool(&query, "open", &request.transitions.only_open))
		return false;
	*ret_request = request;
	return true;
}

static void respond_transitions(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_json_writer writer;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	const struct sf_reply_transitions *page = &reply->transitions;
	bool full = page->row_count > 0 && page->row_count == request->transitions.count_max;
	char next[SF_ID_TEXT_SIZE];
	sf_answer_begin(exchange, &writer);
	sf_view_reply(&writer, reply);
	if (full) {
		sf_id_format(page->rows[page->row_count - 1].transition, next);
		sf_json_text(&writer, "next", next);
	} else {
		sf_json_null(&writer, "next");
	}
	sf_answer_end(exchange, &writer, 200);
}

static bool ask_transition(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_TRANSITION};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.transition.transition) ||
		!sf_query_time(&query, "at", &request.transition.at_ms))
		return false;
	request.transition.known_by = sf_query_text(&query, "known_by");
	*ret_request = request;
	return true;
}

/*
 * Sequence and head are what If-Match of an answer names. The representation changes with the clock
 * as well (what is overdue), so that a tag is of what is recorded, not of every byte: 304 says that
 * nothing has happened.
 */
static void respond_transition(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	const struct sf_reply_transition *show = &reply->transition;
	char head[SF_DIGEST_TEXT_SIZE], etag[SF_DIGEST_TEXT_SIZE + 32];
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	sf_digest_format(&show->head, head);
	snprintf(etag, sizeof(etag), "\"%" PRIu64 "-%s\"", show->row.sequence, head);
	bool now = request->transition.at_ms == 0 && !request->transition.known_by[0];
	if (!now || !sf_answer_unchanged(exchange, etag))
		sf_answer_reply(exchange, request, reply);
}

/* What an answer is asked as: ?format=, else Accept, else JSON. NULL: none that there is. */
static const char *choose_format(const struct sf_http_request *request, const char *format)
{
	static const struct {
		const char *format, *type;
	} formats[] = {{"json", "application/json"}, {"fhir", "application/fhir+json"},
		{"svg", "image/svg+xml"}};
	for (size_t i = 0; i < SF_COUNT(formats); i++)
		if (strcmp(format, formats[i].format) == 0)
			return formats[i].type;
	if (format[0])
		return NULL;
	/* A browser lists what it likes; JSON is wherever anything is. */
	for (size_t i = SF_COUNT(formats) - 1; i > 0; i--)
		if (strstr(request->accept, formats[i].type))
			return formats[i].type;
	return formats[0].type;
}

static bool ask_timeline(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	if (!choose_format(exchange->request, sf_query_text(&query, "format"))) {
		sf_problem(exchange, 406, NULL, "a timeline is json, fhir or svg");
		return false;
	}
	return ask_transition(exchange, ret_request);
}

/* Of one picture: words live until the next event is told. */
struct told {
	const struct sf_reply_transition *show;
	struct sf_shown words;
};

static const char *words_of(void *context, const struct sf_event_row *event)
{
	struct told *told = context;
	told->words = sf_event_words(told->show, event);
	return told->words.text;
}

/* Who recorded it: the author of what time gave, where there is something. */
static struct sf_timeline_fhir_options fhir_options(const struct sf_reply_transition *show)
{
	struct sf_timeline_fhir_options options = {.coordinator_name = "coordinator"};
	for (size_t i = 0; i < show->event_count; i++)
		if (show->events[i].kind_class == SF_CLASS_DERIVED)
			options.coordinator = show->events[i].author;
	return options;
}

static enum sf_err draw(const struct sf_reply_transition *show, const char *type,
	struct sf_arena *arena, struct sf_buf *buf)
{
	struct sf_timeline timeline;
	enum sf_err err = sf_timeline_make(show, show->as_of_ms, arena, &timeline);
	if (err)
		return err;
	if (strcmp(type, "application/json") == 0)
		return sf_timeline_json(&timeline, buf);
	if (strcmp(type, "application/fhir+json") == 0) {
		const struct sf_timeline_fhir_options options = fhir_options(show);
		return sf_timeline_fhir(&timeline, &options, buf);
	}
	struct told told = {.show = show};
	const struct sf_timeline_svg_options options = {sf_time_civil, words_of, &told};
	return sf_timeline_svg(&timeline, &options, arena, buf);
}

static void respond_timeline(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_query query;
	struct sf_arena arena;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	if (!sf_query_read(exchange, &query))
		return;
	const char *type = choose_format(exchange->request, sf_query_text(&query, "format"));
	struct sf_http_response *response = exchange->response;
	sf_arena_init(&arena, MODEL_SIZE_MAX);
	sf_buf_init(&response->body, PICTURE_SIZE_MAX);
	if (!type || draw(&reply->transition, type, &arena, &response->body)) {
		sf_problem(exchange, 500, NULL, "the timeline could not be drawn");
	} else {
		response->status = 200;
		response->content_type = type;
	}
	sf_arena_fini(&arena);
}

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
		sf_problem(exchange, 400, NULL, "query parameter 'state' is no state of a task");
		return false;
	}
	asked->states = word[0] ? (uint32_t)1 << (unsigned)state : 0;
	asked->owner = sf_query_text(&query, "owner");
	asked->after_number = (uint32_t)number;
	*ret_request = request;
	return true;
}

static bool ask_evidence(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_EVIDENCE};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_path_id(exchange, 0, &request.evidence.transition))
		return false;
	*ret_request = request;
	return true;
}

static void respond_evidence(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	if (reply->err)
		sf_problem_reply(exchange, request, reply);
	else
		sf_answer_bytes(exchange, "application/octet-stream", reply->evidence.evidence);
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
			.contact_name = sf_query_text(&query, "contact_name"),
			.contact_telephone = sf_query_text(&query, "contact_telephone")}};
	enum sf_role to = SF_ROLE_NONE;
	if (!root) {
		sf_problem(exchange, 500, NULL, NULL);
		return false;
	}
	if (!sf_query_role(&query, "to_role", &to) ||
		!sf_query_time(&query, "occurred", &request.say.occurred_ms) ||
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
	{SF_HTTP_GET, "/api/v1/transitions", "listTransitions",
		"Transitions that this party takes part in, newest event first.",
		READERS, ask_transitions, respond_transitions},
	{SF_HTTP_GET, "/api/v1/transitions/{id}", "readTransition",
		"Who has the baton, since when, and what is awaited; as it was then, or as a party knew it.",
		READERS, ask_transition, respond_transition},
	{SF_HTTP_GET, "/api/v1/transitions/{id}/timeline", "readTimeline",
		"The picture of a transition: JSON, FHIR AuditEvents or SVG.",
		READERS, ask_timeline, respond_timeline},
	{SF_HTTP_GET, "/api/v1/transitions/{id}/evidence", "readEvidence",
		"All that proves a transition, as one file for anybody to verify.",
		CLINICIAN | AUDITOR, ask_evidence, respond_evidence},
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
