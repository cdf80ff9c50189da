/*
 * MedCom's messages as FHIR: $process-message takes one, Bundle gives one, and what a recipient
 * answered. Nothing is answered before it is on disk; the recipient's `ok` is only ever the
 * recipient's (DOMAIN.md section 8). Which status is which outcome stands in audit/outcome.h.
 */
#include <stdio.h>
#include <string.h>

#include "audit/outcome.h"
#include "base/id.h"
#include "http/fhir_capability.h"
#include "http/fhir_outcome.h"
#include "http/fhir_search.h"
#include "http/fhir_syntax.h"
#include "http/routes.h"

#define RETRY_S 30   /* our trouble: MedCom resends at most three times, so not at once */
#define NOT_YET_S 60 /* until somebody may have answered */
#define LOCATION_SIZE 64

#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define CLERK SF_API_ROLE_BIT(SF_API_CLERK)
#define CLINICIAN SF_API_ROLE_BIT(SF_API_CLINICIAN)

static bool ask_metadata(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	bool xml;
	(void)ret_request;
	if (sf_fhir_choose(exchange->request, false, &xml))
		sf_fhir_end_body(
			exchange, sf_fhir_capability(xml, sf_fhir_body(exchange)), 200, xml);
	else
		sf_fhir_problem(exchange, 406, "answers are FHIR in JSON or XML");
	return false;
}

/*
 * FHIR R4 2.4.4 ($process-message): a response goes to response-url when async is true. The
 * sender's MessageHeader.source.endpoint is no address that anybody here has allowed.
 */
static bool read_response_url(
	struct sf_exchange *exchange, const struct sf_fhir_search *search, const char **ret_url)
{
	const char *async = sf_fhir_search_text(search, "async");
	bool wanted = strcmp(async, "true") == 0;
	*ret_url = sf_fhir_search_text(search, "response-url");
	if (async[0] && !wanted && strcmp(async, "false") != 0)
		sf_fhir_problem(exchange, 400, "async is true or false");
	else if (wanted != ((*ret_url)[0] != '\0'))
		sf_fhir_problem(exchange, 400,
			"async=true and response-url belong together: without them the recipient's "
			"acknowledgement is fetched (Bundle/{id}/$acknowledgement), or told by "
			"events and webhooks");
	else
		return true;
	return false;
}

static bool ask_process_message(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	static const char *const known[] = {"async", "response-url", "gp", "municipality", NULL};
	const struct sf_http_request *request = exchange->request;
	struct sf_fhir_search search;
	const char *response_url;
	bool xml;
	if (!sf_fhir_search_read(exchange, known, &search) ||
		!read_response_url(exchange, &search, &response_url))
		return false;
	if (!sf_fhir_is_content(request, &xml)) {
		sf_fhir_problem(exchange, 415,
			"a message is sent as " SF_FHIR_JSON " or " SF_FHIR_XML ", in UTF-8");
		return false;
	}
	if (!sf_fhir_accepts(request, xml)) {
		sf_fhir_problem(exchange, 406, "a message is answered in the syntax it is sent in");
		return false;
	}
	*ret_request = (struct sf_request){.kind = SF_REQUEST_SEND,
		.send = {.content_type = sf_fhir_type(xml),
			.content = request->body,
			.gp = sf_fhir_search_text(&search, "gp"),
			.municipality = sf_fhir_search_text(&search, "municipality"),
			.response_url = response_url}};
	return true;
}

static void set_location(struct sf_exchange *exchange, struct sf_id message)
{
	char id[SF_ID_TEXT_SIZE], text[LOCATION_SIZE];
	sf_id_format(message, id);
	int size = snprintf(text, sizeof(text), "/fhir/Bundle/%s", id);
	if (!sf_id_is_none(message))
		exchange->response->location =
			sf_arena_text(exchange->arena, sf_view_of(text, (size_t)size));
}

static void give_bytes(
	struct sf_exchange *exchange, unsigned status, struct sf_view bytes, bool xml)
{
	enum sf_err err = sf_buf_append(sf_fhir_body(exchange), bytes);
	sf_fhir_end_body(exchange, err, status, xml);
}

/* The reply says why, else the table of outcomes does. */
static void give_fault(struct sf_exchange *exchange, const struct sf_outcome_tongue *tongue,
	const struct sf_reply *reply)
{
	const struct sf_issue_row generic = {.fatal = true,
		.code = tongue->issue_code,
		.expression = "",
		.text = reply->text && reply->text[0] ? reply->text
						      : "the message could not be taken"};
	bool listed = !reply->err && reply->kind == SF_REPLY_SENT && reply->sent.issue_count > 0;
	if (listed)
		sf_fhir_issues(
			exchange, tongue->http_status, reply->sent.issues, reply->sent.issue_count);
	else
		sf_fhir_issues(exchange, tongue->http_status, &generic, 1);
}

/* MedCom's transient-error, so that its rules for sending again hold; false: nobody can write it.
 */
static bool give_transient(struct sf_exchange *exchange, const struct sf_outcome_tongue *tongue,
	const struct sf_request *request, const struct sf_reply *reply)
{
	const struct sf_http_refusal *refusal = exchange->refusal;
	const struct sf_issue_row issue = {.fatal = true,
		.code = tongue->issue_code,
		.expression = "Bundle",
		.text = reply->text && reply->text[0] ? reply->text
						      : "nothing was taken; send it again later"};
	if (tongue->medcom != SF_ACK_TRANSIENT_ERROR || !refusal)
		return false;
	struct sf_buf *body = sf_fhir_body(exchange);
	enum sf_err err = refusal->write(
		refusal->self, request->send.content_type, request->send.content, &issue, body);
	if (err)
		return false;
	sf_fhir_end_body(exchange, SF_OK, tongue->http_status,
		strcmp(request->send.content_type, SF_FHIR_XML) == 0);
	return true;
}

static void respond_process_message(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	enum sf_handin_outcome outcome = sf_handin_outcome_of(reply);
	const struct sf_outcome_tongue *tongue = sf_outcome_tongue(outcome);
	bool taken = outcome == SF_HANDIN_STORED || outcome == SF_HANDIN_ACKNOWLEDGED ||
		     outcome == SF_HANDIN_DUPLICATE;
	bool sent = !reply->err && reply->kind == SF_REPLY_SENT;
	bool xml = strcmp(request->send.content_type, SF_FHIR_XML) == 0;
	if (taken)
		set_location(exchange, reply->sent.message);
	if (tongue->retry)
		exchange->response->retry_after_s = RETRY_S;
	if (sent && reply->sent.acknowledgement.size > 0)
		give_bytes(exchange, tongue->http_status, reply->sent.acknowledgement, xml);
	else if (taken)
		sf_fhir_information(exchange, tongue->http_status,
			"taken: it is on disk here. Location is the message, or the one that an "
			"acknowledgement is about");
	else if (!give_transient(exchange, tongue, request, reply))
		give_fault(exchange, tongue, reply);
}

/* What is no id is nobody's. */
static bool read_id(struct sf_exchange *exchange, struct sf_id *ret_id)
{
	if (!sf_id_parse(exchange->parameters[0], ret_id))
		return true;
	sf_fhir_problem(exchange, 404, "no message has this id");
	return false;
}

static bool ask_bundle(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	static const char *const known[] = {NULL};
	struct sf_fhir_search search;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_MESSAGE};
	return sf_fhir_search_read(exchange, known, &search) &&
	       read_id(exchange, &ret_request->message.message);
}

static void respond_bundle(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	(void)request;
	if (reply->err) {
		sf_fhir_reply_problem(exchange, reply);
		return;
	}
	const struct sf_reply_message *message = &reply->message;
	bool xml = strncmp(message->row.content_type, SF_FHIR_XML, sizeof(SF_FHIR_XML) - 1) == 0;
	bool json = strncmp(message->row.content_type, SF_FHIR_JSON, sizeof(SF_FHIR_JSON) - 1) == 0;
	if (message->content.size == 0)
		sf_fhir_problem(exchange, 410, "the message has no content, or none any more");
	else if (!xml && !json)
		sf_fhir_problem(
			exchange, 406, "the letter is no FHIR: see /api/v1/messages/{id}/content");
	else if (!sf_fhir_accepts(exchange->request, xml))
		sf_fhir_problem(
			exchange, 406, "the message is given as it was written, in its syntax");
	else
		give_bytes(exchange, 200, message->content, xml);
}

static bool ask_acknowledgement(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	static const char *const known[] = {"recipient", NULL};
	struct sf_fhir_search search;
	bool xml;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_ACKNOWLEDGEMENT};
	if (!sf_fhir_search_read(exchange, known, &search) ||
		!read_id(exchange, &ret_request->acknowledgement.message))
		return false;
	if (!sf_fhir_choose(exchange->request, false, &xml)) {
		sf_fhir_problem(exchange, 406, "answers are FHIR in JSON or XML");
		return false;
	}
	ret_request->acknowledgement.recipient = sf_fhir_search_text(&search, "recipient");
	ret_request->acknowledgement.content_type = sf_fhir_type(xml);
	return true;
}

static void respond_acknowledgement(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	bool xml = strcmp(request->acknowledgement.content_type, SF_FHIR_XML) == 0;
	if (reply->err) {
		sf_fhir_reply_problem(exchange, reply);
	} else if (reply->acknowledgement.ack == SF_ACK_NONE) {
		exchange->response->retry_after_s = NOT_YET_S;
		sf_fhir_information(exchange, 202, "the recipient has not answered yet");
	} else if (reply->acknowledgement.content.size == 0) {
		sf_fhir_problem(exchange, 406,
			"the letter is no FHIR message, and its answer none either: see "
			"/api/v1/messages/{id}");
	} else {
		give_bytes(exchange, 200, reply->acknowledgement.content, xml);
	}
}

/* clang-format off */
const struct sf_route sf_routes_fhir[SF_ROUTES_FHIR_COUNT] = {
	{SF_HTTP_GET, "/fhir/metadata", "fhirMetadata", "What can be done with FHIR here (CapabilityStatement).",
		SF_API_ANYBODY, ask_metadata, NULL},
	{SF_HTTP_POST, "/fhir/$process-message", "fhirProcessMessage",
		"Hands in a MedCom HospitalNotification, CareCommunication or Acknowledgement.",
		IN, ask_process_message, respond_process_message},
	{SF_HTTP_GET, "/fhir/Bundle/{id}", "fhirReadBundle", "A FHIR message, received or sent, as it was written.",
		OUT | CLINICIAN, ask_bundle, respond_bundle},
	{SF_HTTP_GET, "/fhir/Bundle/{id}/$acknowledgement", "fhirReadAcknowledgement",
		"The MedCom Acknowledgement with which a recipient answered a message that was sent.",
		IN | OUT | CLERK | CLINICIAN, ask_acknowledgement, respond_acknowledgement},
};
/* clang-format on */
