/*
 * What is owed and what has happened, as FHIR Tasks and AuditEvents, read only: for systems that
 * keep a list of tasks or collect what was recorded.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "http/fhir_outcome.h"
#include "http/fhir_search.h"
#include "http/fhir_syntax.h"
#include "http/routes.h"
#include "timeline/fhir.h"
#include "timeline/fhir_task.h"

#define PAGE_SIZE 64
#define PARTY "urn:stafet:v1:party"
#define TRANSITION "urn:stafet:v1:transition"

#define READERS                                                                                    \
	(SF_API_ROLE_BIT(SF_API_SYSTEM_OUT) | SF_API_ROLE_BIT(SF_API_CLERK) |                      \
		SF_API_ROLE_BIT(SF_API_CLINICIAN) | SF_API_ROLE_BIT(SF_API_AUDITOR))

static bool choose(struct sf_exchange *exchange)
{
	bool xml;
	if (sf_fhir_choose(exchange->request, false, &xml))
		return true;
	sf_fhir_problem(exchange, 406, "answers are FHIR in JSON or XML");
	return false;
}

static bool is_xml(const struct sf_exchange *exchange)
{
	bool xml;
	(void)sf_fhir_choose(exchange->request, false, &xml);
	return xml;
}

static bool refuse(struct sf_exchange *exchange, const char *why)
{
	sf_fhir_problem(exchange, 400, why);
	return false;
}

/* A number, and where it ends; false for none. */
static bool read_number(const char **at, uint64_t max, uint64_t *ret_number)
{
	const char *begin = *at;
	uint64_t number = 0;
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		number = number * 10 + (uint64_t)(**at - '0');
		if (number > max)
			return false;
	}
	*ret_number = number;
	return *at != begin;
}

/* "<32 digits><separator><number>". */
static bool read_place(
	const char *text, char separator, uint64_t max, struct sf_id *ret_id, uint64_t *ret_number)
{
	char id[SF_ID_TEXT_SIZE];
	const size_t digits = SF_ID_TEXT_SIZE - 1;
	if (strlen(text) <= digits || text[digits] != separator)
		return false;
	memcpy(id, text, digits);
	id[digits] = '\0';
	const char *at = text + digits + 1;
	return read_number(&at, max, ret_number) && *at == '\0' && !sf_id_parse(id, ret_id);
}

/* Alternatives, separated by commas (FHIR R4 3.1.1.5.5). */
static bool read_states(
	const char *value, uint32_t (*states_of)(const char *word), uint32_t *ret_states)
{
	char word[32];
	while (*value) {
		size_t size = strcspn(value, ",");
		if (size >= sizeof(word))
			return false;
		memcpy(word, value, size);
		word[size] = '\0';
		uint32_t states = states_of(word);
		if (states == 0)
			return false;
		*ret_states |= states;
		value += value[size] == ',' ? size + 1 : size;
	}
	return true;
}

static bool read_since(struct sf_exchange *exchange, const struct sf_fhir_search *search,
	struct sf_request_obligations *asked)
{
	const char *since = sf_fhir_search_text(search, "_since");
	const char *updated = sf_fhir_search_text(search, "_lastUpdated");
	if (updated[0] && strncmp(updated, "ge", 2) != 0)
		return refuse(exchange, "_lastUpdated is searched with ge alone");
	const char *text = updated[0] ? updated + 2 : since;
	if (text[0] && sf_time_parse(sf_view_text(text), &asked->since_ms))
		return refuse(exchange, "_since and _lastUpdated need an instant with a time zone");
	return true;
}

static bool ask_tasks(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	static const char *const known[] = {"status", "business-status", "owner",
		"owner:identifier", "group-identifier", "_since", "_lastUpdated", "_count", "_page",
		NULL};
	struct sf_fhir_search search;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_OBLIGATIONS};
	struct sf_request_obligations *asked = &ret_request->obligations;
	if (!choose(exchange) || !sf_fhir_search_read(exchange, known, &search) ||
		!sf_fhir_search_count(exchange, &search, &asked->count_max) ||
		!read_since(exchange, &search, asked))
		return false;
	const char *status = sf_fhir_search_text(&search, "status");
	const char *business = sf_fhir_search_text(&search, "business-status");
	if (status[0] && business[0])
		return refuse(exchange, "search by status or by business-status, not by both");
	if (!read_states(status, sf_fhir_task_states, &asked->states) ||
		!read_states(business, sf_fhir_task_business_states, &asked->states))
		return refuse(exchange, "a status is none of Task.status, or none that is used");
	const char *named = sf_fhir_search_token(&search, "owner:identifier", PARTY);
	asked->owner = named[0] ? named : sf_fhir_search_text(&search, "owner");
	const char *group = sf_fhir_search_token(&search, "group-identifier", TRANSITION);
	if (sf_fhir_search_text(&search, "group-identifier")[0] &&
		sf_id_parse(group, &asked->transition))
		return refuse(exchange, "group-identifier must be the id of a transition");
	const char *page = sf_fhir_search_text(&search, "_page");
	uint64_t number = 0;
	if (page[0] && !read_place(page, '.', UINT32_MAX, &asked->after, &number))
		return refuse(exchange, "_page is what a link of a Bundle says");
	asked->after_number = (uint32_t)number;
	return true;
}

static void respond_tasks(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	(void)request;
	if (reply->err) {
		sf_fhir_reply_problem(exchange, reply);
		return;
	}
	const struct sf_reply_obligations *found = &reply->obligations;
	char last[SF_ID_TEXT_SIZE], next[PAGE_SIZE];
	sf_id_format(found->last, last);
	(void)snprintf(next, sizeof(next), "%s.%" PRIu32, last, found->last_number);
	bool more = !sf_id_is_none(found->last), xml = is_xml(exchange);
	const struct sf_fhir_page page = {
		.count = found->row_count,
		.self = sf_fhir_search_link(exchange, NULL),
		.next = more ? sf_fhir_search_link(exchange, next) : "",
	};
	sf_fhir_end_body(
		exchange, sf_fhir_tasks(found, &page, xml, sf_fhir_body(exchange)), 200, xml);
}

static bool ask_task(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	static const char *const known[] = {NULL};
	struct sf_fhir_search search;
	struct sf_id subject;
	uint32_t clause;
	if (!choose(exchange) || !sf_fhir_search_read(exchange, known, &search))
		return false;
	if (!sf_fhir_task_id_parse(exchange->parameters[0], &subject, &clause)) {
		sf_fhir_problem(exchange, 404, "no Task has this id");
		return false;
	}
	*ret_request = (struct sf_request){.kind = SF_REQUEST_OBLIGATIONS,
		.obligations = {.transition = subject, .subject = subject, .owner = ""}};
	return true;
}

static void respond_task(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_id subject;
	uint32_t clause = 0;
	(void)request;
	if (reply->err) {
		sf_fhir_reply_problem(exchange, reply);
		return;
	}
	bool xml = is_xml(exchange);
	bool named = sf_fhir_task_id_parse(exchange->parameters[0], &subject, &clause);
	for (size_t i = 0; named && i < reply->obligations.row_count; i++) {
		const struct sf_obligation_row *row = &reply->obligations.rows[i];
		if (row->clause != clause)
			continue;
		sf_fhir_end_body(
			exchange, sf_fhir_task(row, xml, sf_fhir_body(exchange)), 200, xml);
		return;
	}
	sf_fhir_problem(exchange, 404, "no Task has this id");
}

/* FHIR searches AuditEvents by entity; here that is a transition, and one must be named. */
static bool read_entity(
	struct sf_exchange *exchange, const struct sf_fhir_search *search, struct sf_id *ret_id)
{
	const char *entity = sf_fhir_search_token(search, "entity:identifier", TRANSITION);
	if (!entity[0])
		entity = sf_fhir_search_token(search, "entity", TRANSITION);
	if (!sf_id_parse(entity, ret_id))
		return true;
	return refuse(exchange, "name the transition whose events are asked for: "
				"entity:identifier=" TRANSITION "|{id}");
}

static bool read_page(
	struct sf_exchange *exchange, const struct sf_fhir_search *search, uint64_t *ret_first)
{
	const char *text = sf_fhir_search_text(search, "_page");
	*ret_first = 0;
	if (text[0] && (!read_number(&text, UINT32_MAX, ret_first) || *text != '\0'))
		return refuse(exchange, "_page is what a link of a Bundle says");
	return true;
}

static bool read_events(struct sf_exchange *exchange, struct sf_fhir_search *ret_search,
	uint32_t *ret_count, uint64_t *ret_first)
{
	static const char *const known[] = {"entity", "entity:identifier", "_count", "_page", NULL};
	return sf_fhir_search_read(exchange, known, ret_search) &&
	       sf_fhir_search_count(exchange, ret_search, ret_count) &&
	       read_page(exchange, ret_search, ret_first);
}

static bool ask_events(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_fhir_search search;
	uint32_t count;
	uint64_t first;
	*ret_request =
		(struct sf_request){.kind = SF_REQUEST_TRANSITION, .transition = {.known_by = ""}};
	return choose(exchange) && read_events(exchange, &search, &count, &first) &&
	       read_entity(exchange, &search, &ret_request->transition.transition);
}

/* Who recorded it: the author of what time gave, where there is something. */
static struct sf_timeline_fhir_options options_of(
	const struct sf_exchange *exchange, const struct sf_reply_transition *show)
{
	struct sf_timeline_fhir_options options = {
		.coordinator_name = "coordinator", .xml = is_xml(exchange)};
	for (size_t i = 0; i < show->event_count; i++)
		if (show->events[i].kind_class == SF_CLASS_DERIVED)
			options.coordinator = show->events[i].author;
	return options;
}

static void respond_events(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_fhir_search search;
	uint32_t count;
	uint64_t first;
	(void)request;
	if (reply->err) {
		sf_fhir_reply_problem(exchange, reply);
		return;
	}
	if (!read_events(exchange, &search, &count, &first))
		return;
	struct sf_timeline timeline;
	enum sf_err err = sf_timeline_make(
		&reply->transition, reply->transition.as_of_ms, exchange->arena, &timeline);
	if (err) {
		sf_fhir_problem(exchange, 503, "there are too many events to show");
		return;
	}
	char next[PAGE_SIZE];
	(void)snprintf(next, sizeof(next), "%" PRIu64, first + count);
	const struct sf_fhir_page page = {
		.first = (size_t)first,
		.count = count,
		.self = sf_fhir_search_link(exchange, NULL),
		.next = first + count < timeline.mark_count ? sf_fhir_search_link(exchange, next)
							    : "",
	};
	struct sf_timeline_fhir_options options = options_of(exchange, &reply->transition);
	options.page = &page;
	err = sf_timeline_fhir(&timeline, &options, sf_fhir_body(exchange));
	sf_fhir_end_body(exchange, err, 200, options.xml);
}

static bool ask_event(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	static const char *const known[] = {NULL};
	struct sf_fhir_search search;
	uint64_t sequence;
	*ret_request =
		(struct sf_request){.kind = SF_REQUEST_TRANSITION, .transition = {.known_by = ""}};
	if (!choose(exchange) || !sf_fhir_search_read(exchange, known, &search))
		return false;
	if (read_place(exchange->parameters[0], '-', INT64_MAX, &ret_request->transition.transition,
		    &sequence))
		return true;
	sf_fhir_problem(exchange, 404, "no AuditEvent has this id");
	return false;
}

static void respond_event(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_id id;
	uint64_t sequence = 0;
	struct sf_timeline timeline;
	(void)request;
	if (reply->err) {
		sf_fhir_reply_problem(exchange, reply);
		return;
	}
	if (sf_timeline_make(
		    &reply->transition, reply->transition.as_of_ms, exchange->arena, &timeline)) {
		sf_fhir_problem(exchange, 503, "there are too many events to show");
		return;
	}
	const struct sf_timeline_fhir_options options = options_of(exchange, &reply->transition);
	enum sf_err err = SF_ERR_NOT_FOUND;
	if (read_place(exchange->parameters[0], '-', INT64_MAX, &id, &sequence))
		err = sf_timeline_fhir_event(&timeline, &options, sequence, sf_fhir_body(exchange));
	if (err == SF_ERR_NOT_FOUND)
		sf_fhir_problem(exchange, 404, "no AuditEvent has this id");
	else
		sf_fhir_end_body(exchange, err, 200, options.xml);
}

/* clang-format off */
const struct sf_route sf_routes_fhir_read[SF_ROUTES_FHIR_READ_COUNT] = {
	{SF_HTTP_GET, "/fhir/Task", "fhirSearchTask", "What is owed, as FHIR Tasks.",
		READERS, ask_tasks, respond_tasks},
	{SF_HTTP_GET, "/fhir/Task/{id}", "fhirReadTask", "One Task.",
		READERS, ask_task, respond_task},
	{SF_HTTP_GET, "/fhir/AuditEvent", "fhirSearchAuditEvent", "What was recorded in a transition, as FHIR AuditEvents.",
		READERS, ask_events, respond_events},
	{SF_HTTP_GET, "/fhir/AuditEvent/{id}", "fhirReadAuditEvent", "One AuditEvent.",
		READERS, ask_event, respond_event},
};
/* clang-format on */
