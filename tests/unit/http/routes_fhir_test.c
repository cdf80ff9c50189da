#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fhir_document.h"
#include "http/fhir_syntax.h"
#include "http/routes.h"

#define ID "0100000000000000000000000000000f"

static bool ask(struct told *told, const char *operation, struct sf_request *ret_request)
{
	return fhir_ask(told, sf_routes_fhir, SF_ROUTES_FHIR_COUNT, operation, ret_request);
}

static void post(struct told *told, const char *type)
{
	told_init(told, "/fhir/$process-message");
	told->request.method = SF_HTTP_POST;
	told->request.content_type = type;
	told->request.body = sf_view_text("{}");
}

static void respond(struct told *told, const struct sf_request *request, struct sf_reply reply)
{
	told->exchange.route->respond(&told->exchange, request, &reply);
}

static void test_message_is_handed_in_as_what_it_is(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	post(&told, "text/xml");
	told.request.query = "municipality=Viborg&async=false";
	assert_true(ask(&told, "fhirProcessMessage", &request));
	assert_int_equal(request.kind, SF_REQUEST_SEND);
	assert_string_equal(request.send.content_type, SF_FHIR_XML);
	assert_string_equal(request.send.municipality, "Viborg");
	assert_string_equal(request.send.gp, "");
	assert_string_equal(request.send.response_url, "");
	assert_true(sf_view_equal(request.send.content, sf_view_text("{}")));
	told_fini(&told);
}

static void test_response_url_goes_with_async(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	post(&told, "application/fhir+json");
	told.request.query = "async=true&response-url=https%3A%2F%2Fa.example%2Fin%3Fx%3D1";
	assert_true(ask(&told, "fhirProcessMessage", &request));
	assert_string_equal(request.send.response_url, "https://a.example/in?x=1");
	told_fini(&told);
}

static void test_what_cannot_be_taken_is_said_before_it_is_asked(void **state)
{
	(void)state;
	static const struct {
		const char *type, *charset, *accept, *query;
		unsigned status;
	} cases[] = {
		{"", "", "", "", 415},
		{"text/plain", "", "", "", 415},
		{SF_FHIR_JSON, "iso-8859-1", "", "", 415},
		{SF_FHIR_JSON, "", SF_FHIR_XML, "", 406},
		{SF_FHIR_JSON, "", "text/html", "", 406},
		{SF_FHIR_JSON, "", "", "async=true", 400},
		{SF_FHIR_JSON, "", "", "async=yes", 400},
		{SF_FHIR_JSON, "", "", "response-url=https://a.example", 400},
		{SF_FHIR_JSON, "", "", "async=false&response-url=https://a.example", 400},
		{SF_FHIR_JSON, "", "", "to=me", 400},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		struct sf_request request;
		post(&told, cases[i].type);
		told.request.charset = cases[i].charset;
		told.request.accept = cases[i].accept;
		told.request.query = cases[i].query;
		assert_false(ask(&told, "fhirProcessMessage", &request));
		assert_int_equal(told.response.status, cases[i].status);
		const struct sf_element *outcome = fhir_document(&told, "OperationOutcome");
		assert_true(strlen(fhir_text(outcome, "issue.diagnostics")) > 0);
		told_fini(&told);
	}
}

static void sent(struct sf_reply reply, struct told *told)
{
	struct sf_request request;
	post(told, SF_FHIR_JSON);
	assert_true(ask(told, "fhirProcessMessage", &request));
	respond(told, &request, reply);
}

static void test_outcomes_have_their_status_and_place(void **state)
{
	(void)state;
	struct sf_id id;
	assert_int_equal(sf_id_parse(ID, &id), SF_OK);
	struct sf_view acknowledgement = sf_view_text("{\"resourceType\":\"Bundle\"}");
	const struct {
		enum sf_send_answer answer;
		struct sf_view acknowledgement;
		unsigned status;
		bool placed;
	} cases[] = {
		{SF_SEND_STORED, {0}, 202, true},
		{SF_SEND_DUPLICATE, {0}, 202, true},
		{SF_SEND_DUPLICATE, acknowledgement, 200, true},
		{SF_SEND_FATAL, acknowledgement, 422, false},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		sent((struct sf_reply){.kind = SF_REPLY_SENT,
			     .text = "",
			     .sent = {.answer = cases[i].answer,
				     .message = id,
				     .acknowledgement = cases[i].acknowledgement,
				     .acknowledgement_type = SF_FHIR_JSON}},
			&told);
		assert_int_equal(told.response.status, cases[i].status);
		if (cases[i].placed)
			assert_string_equal(told.response.location, "/fhir/Bundle/" ID);
		else
			assert_null(told.response.location);
		assert_int_equal(told.response.retry_after_s, 0);
		if (cases[i].acknowledgement.size)
			assert_true(told_is(&told, "{\"resourceType\":\"Bundle\"}"));
		else
			assert_string_equal(fhir_text(fhir_document(&told, "OperationOutcome"),
						    "issue.severity"),
				"information");
		told_fini(&told);
	}
}

/* An Acknowledgement is never acknowledged: what is wrong with it is an OperationOutcome. */
static void test_fatal_without_an_acknowledgement_lists_its_issues(void **state)
{
	(void)state;
	static const struct sf_issue_row row = {
		true, "MSG_NO_MATCH", "MessageHeader.response.identifier", "no such letter"};
	struct told told;
	sent((struct sf_reply){.kind = SF_REPLY_SENT,
		     .text = "",
		     .sent = {.answer = SF_SEND_FATAL,
			     .issue_count = 1,
			     .issues = &row,
			     .acknowledgement_type = ""}},
		&told);
	assert_int_equal(told.response.status, 422);
	const struct sf_element *outcome = fhir_document(&told, "OperationOutcome");
	assert_string_equal(fhir_text(outcome, "issue.details.coding.code"), "MSG_NO_MATCH");
	told_fini(&told);
}

static void test_our_trouble_is_transient_and_may_be_tried_again(void **state)
{
	(void)state;
	struct told told;
	sent((struct sf_reply){.err = SF_ERR_DISK_FULL, .text = "the disk is full"}, &told);
	assert_int_equal(told.response.status, 503);
	assert_true(told.response.retry_after_s > 0);
	assert_null(told.response.location);
	const struct sf_element *outcome = fhir_document(&told, "OperationOutcome");
	assert_string_equal(fhir_text(outcome, "issue.code"), "transient");
	assert_string_equal(
		fhir_text(outcome, "issue.details.coding.code"), "MSG_Mailbox_Out_Of_Operation");
	told_fini(&told);
}

static void read_one(struct told *told, const char *operation, struct sf_request *ret_request)
{
	told_init(told, "/fhir/Bundle/" ID);
	told->exchange.parameters[0] = ID;
	assert_true(ask(told, operation, ret_request));
}

static void test_message_is_given_as_it_was_written(void **state)
{
	(void)state;
	static const struct {
		const char *type, *content, *accept;
		unsigned status;
	} cases[] = {
		{SF_FHIR_JSON, "{ }", "", 200},
		{SF_FHIR_XML, "<a/>", "*/*", 200},
		{SF_FHIR_XML, "<a/>", SF_FHIR_JSON, 406},
		{"application/pdf", "%PDF", "", 406},
		{SF_FHIR_JSON, "", "", 410},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		struct sf_request request;
		read_one(&told, "fhirReadBundle", &request);
		assert_int_equal(request.kind, SF_REQUEST_MESSAGE);
		told.request.accept = cases[i].accept;
		respond(&told, &request,
			(struct sf_reply){.kind = SF_REPLY_MESSAGE,
				.text = "",
				.message = {.row = {.content_type = cases[i].type},
					.content = sf_view_text(cases[i].content)}});
		assert_int_equal(told.response.status, cases[i].status);
		if (cases[i].status == 200) {
			assert_true(told_is(&told, cases[i].content));
			assert_string_equal(told.response.content_type, cases[i].type);
		} else {
			fhir_document(&told, "OperationOutcome");
		}
		told_fini(&told);
	}
}

static void test_answer_is_waited_for_and_given(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	read_one(&told, "fhirReadAcknowledgement", &request);
	assert_string_equal(request.acknowledgement.content_type, SF_FHIR_JSON);
	respond(&told, &request, (struct sf_reply){.kind = SF_REPLY_ACKNOWLEDGEMENT, .text = ""});
	assert_int_equal(told.response.status, 202);
	assert_true(told.response.retry_after_s > 0);
	fhir_document(&told, "OperationOutcome");
	respond(&told, &request,
		(struct sf_reply){.kind = SF_REPLY_ACKNOWLEDGEMENT,
			.text = "",
			.acknowledgement = {.ack = SF_ACK_OK, .content = sf_view_text("{}")}});
	assert_int_equal(told.response.status, 200);
	assert_true(told_is(&told, "{}"));
	/* A letter that is no FHIR message has no such answer. */
	respond(&told, &request,
		(struct sf_reply){.kind = SF_REPLY_ACKNOWLEDGEMENT,
			.text = "",
			.acknowledgement = {.ack = SF_ACK_OK}});
	assert_int_equal(told.response.status, 406);
	respond(&told, &request, (struct sf_reply){.err = SF_ERR_NOT_FOUND, .text = "none"});
	assert_int_equal(told.response.status, 404);
	told_fini(&told);
}

static void test_what_is_no_id_is_not_found(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	told_init(&told, "/fhir/Bundle/x");
	told.exchange.parameters[0] = "x";
	assert_false(ask(&told, "fhirReadBundle", &request));
	assert_int_equal(told.response.status, 404);
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message_is_handed_in_as_what_it_is),
		cmocka_unit_test(test_response_url_goes_with_async),
		cmocka_unit_test(test_what_cannot_be_taken_is_said_before_it_is_asked),
		cmocka_unit_test(test_outcomes_have_their_status_and_place),
		cmocka_unit_test(test_fatal_without_an_acknowledgement_lists_its_issues),
		cmocka_unit_test(test_our_trouble_is_transient_and_may_be_tried_again),
		cmocka_unit_test(test_message_is_given_as_it_was_written),
		cmocka_unit_test(test_answer_is_waited_for_and_given),
		cmocka_unit_test(test_what_is_no_id_is_not_found),
	};
	return cmocka_run_group_tests_name("http/routes_fhir", tests, NULL, NULL);
}
