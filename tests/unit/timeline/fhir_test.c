#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/xml.h"
#include "timeline/fhir.h"
#include "unit/timeline/drawn.h"

#define TEST_PERSON "2509479989" /* MedCom's */

static const struct sf_element *render(struct drawn *drawn, const char *cpr)
{
	const struct sf_timeline_fhir_options options = {
		.coordinator = {{9}}, .coordinator_name = "Region", .cpr = cpr};
	story_make(&drawn->story);
	drawn_make(drawn);
	assert_int_equal(sf_timeline_fhir(&drawn->timeline, &options, &drawn->bytes), SF_OK);
	return drawn_json(drawn);
}

static const struct sf_element *event_at(const struct sf_element *bundle, size_t index)
{
	struct sf_element_items items = sf_element_items(bundle, "entry");
	const struct sf_element *entry = sf_element_next(&items);
	while (index-- > 0)
		entry = sf_element_next(&items);
	return sf_element_one(entry, "resource");
}

static void test_each_event_is_an_audit_event(void **state)
{
	(void)state;
	struct drawn drawn;
	const struct sf_element *bundle = render(&drawn, NULL);
	assert_string_equal(sf_element_text(bundle, "resourceType"), "Bundle");
	assert_string_equal(sf_element_text(bundle, "type"), "collection");
	assert_int_equal(sf_element_count(bundle, "entry"), 4);
	const struct sf_element *event = event_at(bundle, 1);
	assert_string_equal(sf_element_text(event, "resourceType"), "AuditEvent");
	assert_string_equal(sf_element_text(event, "outcome"), "0");
	assert_string_equal(sf_element_text(event, "outcomeDesc"), "told late");
	/* FHIR R4: type, recorded, agent with requestor, and source with observer are 1..1. */
	assert_non_null(sf_element_one(event, "type"));
	assert_int_equal(strlen(sf_element_text(event, "recorded")), 24);
	assert_string_equal(sf_element_text(sf_element_one(event, "agent"), "requestor"), "true");
	assert_non_null(sf_element_one(sf_element_one(event, "source"), "observer"));
	assert_int_equal(sf_element_count(event, "entity"), 2);
	drawn_fini(&drawn);
}

static void test_deviation_and_refusal_have_their_outcome(void **state)
{
	(void)state;
	struct drawn drawn;
	const struct sf_element *bundle = render(&drawn, NULL);
	assert_string_equal(sf_element_text(event_at(bundle, 3), "outcome"), "4");
	drawn.story.events[3].outcome = SF_OUTCOME_REFUSED;
	sf_buf_clear(&drawn.bytes);
	struct sf_timeline again;
	assert_int_equal(sf_timeline_make(&drawn.story.show, MORNING, &drawn.arena, &again), SF_OK);
	const struct sf_timeline_fhir_options options = {.coordinator_name = ""};
	assert_int_equal(sf_timeline_fhir(&again, &options, &drawn.bytes), SF_OK);
	assert_string_equal(sf_element_text(event_at(drawn_json(&drawn), 3), "outcome"), "8");
	drawn_fini(&drawn);
}

static void test_patient_is_named_only_when_asked(void **state)
{
	(void)state;
	struct drawn drawn;
	(void)render(&drawn, NULL);
	assert_false(drawn_has(&drawn, TEST_PERSON));
	assert_false(drawn_has(&drawn, "urn:oid:1.2.208.176.1.2"));
	drawn_fini(&drawn);
	const struct sf_element *bundle = render(&drawn, TEST_PERSON);
	assert_int_equal(drawn_count(&drawn, TEST_PERSON), 4);
	assert_int_equal(sf_element_count(event_at(bundle, 0), "entity"), 3);
	drawn_fini(&drawn);
}

static const struct sf_element *read_xml(struct drawn *drawn)
{
	const struct sf_element *root;
	assert_int_equal(
		sf_xml_read(sf_buf_view(&drawn->bytes), &drawn->arena, &root, NULL), SF_OK);
	return root;
}

static void test_xml_says_what_json_says(void **state)
{
	(void)state;
	struct drawn drawn;
	const struct sf_element *json = render(&drawn, TEST_PERSON);
	struct sf_timeline_fhir_options options = {.coordinator = {{9}},
		.coordinator_name = "Region",
		.cpr = TEST_PERSON,
		.xml = true};
	sf_buf_clear(&drawn.bytes);
	assert_int_equal(sf_timeline_fhir(&drawn.timeline, &options, &drawn.bytes), SF_OK);
	const struct sf_element *xml = read_xml(&drawn);
	assert_int_equal(sf_element_count(xml, "entry"), sf_element_count(json, "entry"));
	for (size_t i = 0; i < 4; i++) {
		static const char *const names[] = {
			"id", "action", "recorded", "outcome", "outcomeDesc"};
		const struct sf_element *a = event_at(json, i), *b = event_at(xml, i);
		for (size_t j = 0; j < SF_COUNT(names); j++)
			assert_string_equal(
				sf_element_text(a, names[j]), sf_element_text(b, names[j]));
		assert_int_equal(sf_element_count(a, "entity"), sf_element_count(b, "entity"));
		assert_string_equal(
			sf_element_text(sf_element_one(b, "agent"), "requestor"), "true");
	}
	drawn_fini(&drawn);
}

static void test_search_gives_pages_and_one_event_alone(void **state)
{
	(void)state;
	struct drawn drawn;
	(void)render(&drawn, NULL);
	const struct sf_fhir_page page = {
		.first = 1, .count = 2, .self = "/fhir/AuditEvent", .next = "/fhir/AuditEvent?b"};
	struct sf_timeline_fhir_options options = {.coordinator_name = "Region", .page = &page};
	sf_buf_clear(&drawn.bytes);
	assert_int_equal(sf_timeline_fhir(&drawn.timeline, &options, &drawn.bytes), SF_OK);
	const struct sf_element *bundle = drawn_json(&drawn);
	assert_string_equal(sf_element_text(bundle, "type"), "searchset");
	assert_string_equal(sf_element_text(bundle, "total"), "4");
	assert_int_equal(sf_element_count(bundle, "entry"), 2);
	uint64_t sequence = drawn.timeline.marks[1].event->sequence;
	char *id = sf_arena_text(
		&drawn.arena, sf_view_text(sf_element_text(event_at(bundle, 0), "id")));
	options.page = NULL;
	sf_buf_clear(&drawn.bytes);
	assert_int_equal(
		sf_timeline_fhir_event(&drawn.timeline, &options, sequence, &drawn.bytes), SF_OK);
	bundle = drawn_json(&drawn);
	assert_string_equal(sf_element_text(bundle, "resourceType"), "AuditEvent");
	assert_string_equal(sf_element_text(bundle, "id"), id);
	assert_int_equal(sf_timeline_fhir_event(&drawn.timeline, &options, 999, &drawn.bytes),
		SF_ERR_NOT_FOUND);
	drawn_fini(&drawn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_event_is_an_audit_event),
		cmocka_unit_test(test_deviation_and_refusal_have_their_outcome),
		cmocka_unit_test(test_patient_is_named_only_when_asked),
		cmocka_unit_test(test_xml_says_what_json_says),
		cmocka_unit_test(test_search_gives_pages_and_one_event_alone),
	};
	return cmocka_run_group_tests_name("timeline/fhir", tests, NULL, NULL);
}
