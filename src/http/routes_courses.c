/*
 * /api/v1: transitions as they are read, at a node and at the coordinator: who has the baton, the
 * picture and the proof of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "http/answer.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "timeline/fhir.h"
#include "timeline/json.h"
#include "timeline/svg.h"
#include "view/event_words.h"
#include "view/reply.h"

#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define CLERK SF_API_ROLE_BIT(SF_API_CLERK)
#define CLINICIAN SF_API_ROLE_BIT(SF_API_CLINICIAN)
#define AUDITOR SF_API_ROLE_BIT(SF_API_AUDITOR)
#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)
#define READERS (OUT | CLERK | CLINICIAN | AUDITOR)

#define PICTURE_SIZE_MAX ((size_t)16 * 1024 * 1024)
#define MODEL_SIZE_MAX ((size_t)16 * 1024 * 1024)

/* Which transitions: their state, their pathway, when something happened in them last. */
static bool choose_transitions(
	const struct sf_query *query, struct sf_request_transitions *ret_asked)
{
	unsigned state = 0, pathway = 0;
	if (!sf_query_bool(query, "open", &ret_asked->only_open) ||
		!sf_query_time(query, "_since", &ret_asked->since_ms) ||
		!sf_query_bool(query, "totals", &ret_asked->totals) ||
		!sf_query_word(query, "state", &sf_words_state, &state) ||
		!sf_query_word(query, "pathway", &sf_words_pathway, &pathway))
		return false;
	ret_asked->state = (enum sf_transition_state)state;
	ret_asked->pathway = (enum sf_pathway)pathway;
	ret_asked->hospital = sf_query_text(query, "hospital");
	ret_asked->municipality = sf_query_text(query, "municipality");
	return true;
}

static bool ask_transitions(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_TRANSITIONS};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_query_count(&query, &request.transitions.count_max) ||
		!sf_query_id(&query, "after", &request.transitions.after) ||
		!choose_transitions(&query, &request.transitions))
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
	sf_answer_begin(exchange, &writer);
	sf_view_reply(&writer, reply);
	sf_json_id(&writer, "next", reply->transitions.next);
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
		sf_problem(exchange, 406, "a timeline is json, fhir or svg");
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
		sf_problem(exchange, 500, "the timeline could not be drawn");
	} else {
		response->status = 200;
		response->content_type = type;
	}
	sf_arena_fini(&arena);
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

static bool ask_proof(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_PROOF};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &request.proof.message))
		return false;
	*ret_request = request;
	return true;
}

/* clang-format off */
const struct sf_route sf_routes_courses[SF_ROUTES_COURSES_COUNT] = {
	{SF_HTTP_GET, "/api/v1/transitions", "listTransitions",
		"Transitions that this party takes part in, newest event first.",
		READERS | OPERATOR, ask_transitions, respond_transitions},
	{SF_HTTP_GET, "/api/v1/transitions/{id}", "readTransition",
		"Who has the baton, since when, and what is awaited; as it was then, or as a party knew it.",
		READERS, ask_transition, respond_transition},
	{SF_HTTP_GET, "/api/v1/transitions/{id}/timeline", "readTimeline",
		"The picture of a transition: JSON, FHIR AuditEvents or SVG.",
		READERS, ask_timeline, respond_timeline},
	{SF_HTTP_GET, "/api/v1/transitions/{id}/evidence", "readEvidence",
		"All that proves a transition, as one file for anybody to verify.",
		CLINICIAN | AUDITOR, ask_evidence, respond_evidence},
	{SF_HTTP_GET, "/api/v1/messages/{id}/proof", "readProof",
		"The proof that a message is in the region's log.",
		IN | OUT | AUDITOR | OPERATOR, ask_proof, sf_answer_reply},
};
/* clang-format on */
