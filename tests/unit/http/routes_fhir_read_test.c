#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/deadline.h"
#include "fhir_document.h"
#include "http/routes.h"

#define ID "01000000000000000000000000000000"

static bool ask(struct told *told, const char *operation, const char *path, const char *query,
	struct sf_request *ret_request)
{
	told_init(told, path);
	told->request.query = query;
	told->exchange.parameters[0] = strrchr(path, '/') + 1;
	return fhir_ask(
		told, sf_routes_fhir_read, SF_ROUTES_FHIR_READ_COUNT, operation, ret_request);
}

static void respond(struct told *told, const struct sf_request *request, struct sf_reply reply)
{
	told->exchange.route->respond(&told->exchange, request, &reply);
}

static const struct sf_obligation_row owed[] = {
	{.subject = {{1}},
		.clause = 2,
		.duty = SF_DUTY_NURSING,
		.state = SF_TASK_REQUESTED,
		.kept = SF_TASK_REQUESTED,
		.name = "",
		.citation = "",
		.owner_name = "",
		.requester_name = "",
		.due_ms = SF_NEVER_MS,
		.transition = {{9}},
		.changed_ms = 1795000000000},
};

static void test_search_becomes_a_request(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	assert_true(ask(&told, "fhirSearchTask", "/fhir/Task",
		"status=requested,rejected&owner:identifier=urn:stafet:v1:party%7CViborg"
		"&group-identifier=urn:stafet:v1:transition%7C" ID
		"&_since=2026-01-01T00:00:00Z&_count=3&_page=" ID ".7",
		&request));
	const struct sf_request_obligations *asked = &request.obligations;
	assert_int_equal(request.kind, SF_REQUEST_OBLIGATIONS);
	assert_int_equal(asked->states, (uint32_t)1 << SF_TASK_REQUESTED |
						(uint32_t)1 << SF_TASK_REJECTED |
						(uint32_t)1 << SF_TASK_REFERRED_ONWARD);
	assert_string_equal(asked->owner, "Viborg");
	assert_int_equal(asked->transition.bytes[0], 1);
	assert_int_equal(asked->after.bytes[0], 1);
	assert_int_equal(asked->after_number, 7);
	assert_int_equal(asked->count_max, 3);
	assert_true(asked->since_ms == INT64_C(1767225600000));
	told_fini(&told);
	assert_true(ask(&told, "fhirSearchTask", "/fhir/Task",
		"business-status=expired&_lastUpdated=ge2026-01-01T00:00:00Z", &request));
	assert_int_equal(request.obligations.states, (uint32_t)1 << SF_TASK_EXPIRED);
	assert_true(request.obligations.since_ms == INT64_C(1767225600000));
	told_fini(&told);
}

static void test_searches_that_cannot_be_meant_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"status=done", "status=requested,",
		"status=requested&business-status=expired", "_since=yesterday",
		"_lastUpdated=2026-01-01T00:00:00Z", "group-identifier=x", "_page=x", "_page=" ID,
		"_page=" ID ".x", "_page=" ID ".99999999999", "patient=1"};
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		struct told told;
		struct sf_request request;
		bool good = ask(&told, "fhirSearchTask", "/fhir/Task", bad[i], &request);
		/* A comma at the end is an alternative that is empty, and so nothing more. */
		assert_int_equal(good, strcmp(bad[i], "status=requested,") == 0);
		if (!good) {
			assert_int_equal(told.response.status, 400);
			fhir_document(&told, "OperationOutcome");
		}
		told_fini(&told);
	}
}

static void test_page_has_its_next_link(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	assert_true(ask(&told, "fhirSearchTask", "/fhir/Task", "_count=1", &request));
	respond(&told, &request,
		(struct sf_reply){.kind = SF_REPLY_OBLIGATIONS,
			.text = "",
			.obligations = {{{1}}, 4, 1, owed}});
	assert_int_equal(told.response.status, 200);
	const struct sf_element *bundle = fhir_document(&told, "Bundle");
	assert_int_equal(sf_element_count(bundle, "link"), 2);
	assert_true(told_has(&told, "/fhir/Task?_count=1&_page=" ID ".4"));
	told_fini(&told);
}

static void test_one_task_is_read_by_its_id(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		unsigned status;
	} cases[] = {{"/fhir/Task/" ID "-2", 200}, {"/fhir/Task/" ID "-3", 404}};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		struct sf_request request;
		assert_true(ask(&told, "fhirReadTask", cases[i].path, "", &request));
		assert_int_equal(request.obligations.subject.bytes[0], 1);
		respond(&told, &request,
			(struct sf_reply){.kind = SF_REPLY_OBLIGATIONS,
				.text = "",
				.obligations = {.row_count = 1, .rows = owed}});
		assert_int_equal(told.response.status, cases[i].status);
		fhir_document(&told, cases[i].status == 200 ? "Task" : "OperationOutcome");
		told_fini(&told);
	}
	struct told told;
	struct sf_request request;
	assert_false(ask(&told, "fhirReadTask", "/fhir/Task/x", "", &request));
	assert_int_equal(told.response.status, 404);
	told_fini(&told);
}

static const struct sf_event_row events[] = {
	{.sequence = 1,
		.message = {{3}},
		.author = {{4}},
		.author_name = "A",
		.kind = SF_KIND_STAY,
		.kind_class = SF_CLASS_FACT,
		.occurred_ms = 1795000000000,
		.recorded_ms = 1795000001000},
	{.sequence = 2,
		.message = {{5}},
		.author = {{4}},
		.author_name = "A",
		.kind = SF_KIND_QUESTION,
		.kind_class = SF_CLASS_FACT,
		.occurred_ms = 1795000002000,
		.recorded_ms = 1795000003000},
};

static struct sf_reply shown(void)
{
	return (struct sf_reply){.kind = SF_REPLY_TRANSITION,
		.text = "",
		.transition = {.row = {.transition = {{1}}},
			.event_count = SF_COUNT(events),
			.events = events,
			.agreement_name = "",
			.as_of_ms = 1795000004000}};
}

static void test_events_are_of_one_transition_in_pages(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	assert_true(ask(&told, "fhirSearchAuditEvent", "/fhir/AuditEvent",
		"entity:identifier=urn:stafet:v1:transition%7C" ID "&_count=1", &request));
	assert_int_equal(request.kind, SF_REQUEST_TRANSITION);
	respond(&told, &request, shown());
	const struct sf_element *bundle = fhir_document(&told, "Bundle");
	assert_string_equal(fhir_text(bundle, "total"), "2");
	assert_int_equal(sf_element_count(bundle, "entry"), 1);
	assert_true(told_has(&told, "&_page=1"));
	told_fini(&told);
	assert_true(ask(&told, "fhirSearchAuditEvent", "/fhir/AuditEvent",
		"entity=" ID "&_count=1&_page=1", &request));
	respond(&told, &request, shown());
	bundle = fhir_document(&told, "Bundle");
	assert_int_equal(sf_element_count(bundle, "link"), 1);
	assert_string_equal(fhir_text(bundle, "entry.resource.id"), ID "-2");
	told_fini(&told);
	assert_false(ask(&told, "fhirSearchAuditEvent", "/fhir/AuditEvent", "", &request));
	assert_int_equal(told.response.status, 400);
	told_fini(&told);
}

static void test_one_event_is_read_by_its_id(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	assert_true(ask(&told, "fhirReadAuditEvent", "/fhir/AuditEvent/" ID "-2", "", &request));
	respond(&told, &request, shown());
	assert_string_equal(fhir_text(fhir_document(&told, "AuditEvent"), "id"), ID "-2");
	told_fini(&told);
	assert_true(ask(&told, "fhirReadAuditEvent", "/fhir/AuditEvent/" ID "-9", "", &request));
	respond(&told, &request, shown());
	assert_int_equal(told.response.status, 404);
	told_fini(&told);
	assert_false(ask(&told, "fhirReadAuditEvent", "/fhir/AuditEvent/9", "", &request));
	assert_int_equal(told.response.status, 404);
	told_fini(&told);
}

static void test_only_fhir_is_answered(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	told_init(&told, "/fhir/Task");
	told.request.accept = "text/html";
	assert_false(fhir_ask(
		&told, sf_routes_fhir_read, SF_ROUTES_FHIR_READ_COUNT, "fhirSearchTask", &request));
	assert_int_equal(told.response.status, 406);
	fhir_document(&told, "OperationOutcome");
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search_becomes_a_request),
		cmocka_unit_test(test_searches_that_cannot_be_meant_are_refused),
		cmocka_unit_test(test_page_has_its_next_link),
		cmocka_unit_test(test_one_task_is_read_by_its_id),
		cmocka_unit_test(test_events_are_of_one_transition_in_pages),
		cmocka_unit_test(test_one_event_is_read_by_its_id),
		cmocka_unit_test(test_only_fhir_is_answered),
	};
	return cmocka_run_group_tests_name("http/routes_fhir_read", tests, NULL, NULL);
}
