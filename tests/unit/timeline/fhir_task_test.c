#include "timeline/fhir_task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/deadline.h"
#include "text/json.h"
#include "text/xml.h"

#define RAISED_MS INT64_C(1795000000000)

static const struct sf_obligation_row sample = {
	.subject = {{1}},
	.clause = 7,
	.name = "care-accepted",
	.citation = "2-7 < 4 h",
	.duty = SF_DUTY_NURSING,
	.state = SF_TASK_EXPIRED,
	.kept = SF_TASK_REQUESTED,
	.owner_role = SF_ROLE_MUNICIPALITY,
	.owner = {{2}},
	.owner_name = "Viborg",
	.requester = {{3}},
	.requester_name = "Aarhus",
	.due_ms = RAISED_MS + 1000,
	.raised_ms = RAISED_MS,
	.open = true,
	.transition = {{4}},
	.changed_ms = RAISED_MS + 2000,
};

struct read_back {
	struct sf_arena arena;
	struct sf_buf bytes;
	const struct sf_element *root;
};

static void read_back(struct read_back *back, bool xml)
{
	struct sf_diag diag = {{0}};
	sf_arena_init(&back->arena, 1u << 20);
	enum sf_err err =
		xml ? sf_xml_read(sf_buf_view(&back->bytes), &back->arena, &back->root, &diag)
		    : sf_json_read(sf_buf_view(&back->bytes), &back->arena, &back->root, &diag);
	if (err)
		fail_msg("%s", diag.text);
}

static void forget(struct read_back *back)
{
	sf_arena_fini(&back->arena);
	sf_buf_fini(&back->bytes);
}

static const struct sf_element *deep(
	const struct sf_element *element, const char *first, const char *second)
{
	return sf_element_one(sf_element_one(element, first), second);
}

static void hold_task(const struct sf_element *task)
{
	assert_string_equal(sf_element_text(task, "id"), "01000000000000000000000000000000-7");
	/* FHIR R4 Task: status and intent are 1..1. */
	assert_string_equal(sf_element_text(task, "status"), "requested");
	assert_string_equal(sf_element_text(task, "intent"), "order");
	assert_string_equal(
		sf_element_text(deep(task, "businessStatus", "coding"), "code"), "expired");
	assert_string_equal(sf_element_text(deep(task, "code", "coding"), "code"), "nursing");
	assert_string_equal(sf_element_text(sf_element_one(task, "code"), "text"), "care-accepted");
	assert_string_equal(sf_element_text(deep(task, "owner", "identifier"), "value"),
		"02000000000000000000000000000000");
	assert_string_equal(sf_element_text(sf_element_one(task, "owner"), "display"), "Viborg");
	assert_string_equal(
		sf_element_text(deep(task, "performerType", "coding"), "code"), "municipality");
	assert_string_equal(
		sf_element_text(sf_element_one(task, "reasonCode"), "text"), "2-7 < 4 h");
	assert_string_equal(sf_element_text(deep(task, "restriction", "period"), "end"),
		"2026-11-18T11:06:41.000Z");
	assert_string_equal(sf_element_text(task, "lastModified"), "2026-11-18T11:06:42.000Z");
	assert_string_equal(sf_element_text(sf_element_one(task, "groupIdentifier"), "value"),
		"04000000000000000000000000000000");
}

static void test_task_says_the_same_in_either_syntax(void **state)
{
	(void)state;
	for (int xml = 0; xml <= 1; xml++) {
		struct read_back back;
		sf_buf_init(&back.bytes, 1u << 16);
		assert_int_equal(sf_fhir_task(&sample, xml, &back.bytes), SF_OK);
		read_back(&back, xml);
		hold_task(back.root);
		forget(&back);
	}
}

static void test_search_set_has_links_and_modes(void **state)
{
	(void)state;
	const struct sf_reply_obligations found = {.row_count = 1, .rows = &sample};
	const struct sf_fhir_page page = {
		.count = 1, .self = "/fhir/Task?a=1&b=2", .next = "/fhir/Task?_page=x"};
	for (int xml = 0; xml <= 1; xml++) {
		struct read_back back;
		sf_buf_init(&back.bytes, 1u << 16);
		assert_int_equal(sf_fhir_tasks(&found, &page, xml, &back.bytes), SF_OK);
		read_back(&back, xml);
		assert_string_equal(sf_element_text(back.root, "type"), "searchset");
		assert_int_equal(sf_element_count(back.root, "link"), 2);
		struct sf_element_items links = sf_element_items(back.root, "link");
		const struct sf_element *link = sf_element_next(&links);
		assert_string_equal(sf_element_text(link, "relation"), "self");
		assert_string_equal(sf_element_text(link, "url"), "/fhir/Task?a=1&b=2");
		link = sf_element_next(&links);
		assert_string_equal(sf_element_text(link, "relation"), "next");
		const struct sf_element *entry = sf_element_one(back.root, "entry");
		hold_task(sf_element_one(entry, "resource"));
		assert_string_equal(
			sf_element_text(sf_element_one(entry, "search"), "mode"), "match");
		forget(&back);
	}
}

/* An empty array is not FHIR (FHIR R4 2.6.2.1). */
static void test_nothing_found_has_no_entries(void **state)
{
	(void)state;
	const struct sf_reply_obligations found = {.row_count = 0};
	const struct sf_fhir_page page = {.count = 1, .self = "/fhir/Task", .next = ""};
	struct read_back back;
	sf_buf_init(&back.bytes, 1u << 16);
	assert_int_equal(sf_fhir_tasks(&found, &page, false, &back.bytes), SF_OK);
	read_back(&back, false);
	assert_null(sf_element_one(back.root, "entry"));
	assert_int_equal(sf_element_count(back.root, "link"), 1);
	forget(&back);
}

static void test_task_without_a_deadline_has_no_restriction(void **state)
{
	(void)state;
	struct sf_obligation_row row = sample;
	row.due_ms = SF_NEVER_MS;
	row.requester = (struct sf_id){{0}};
	struct read_back back;
	sf_buf_init(&back.bytes, 1u << 16);
	assert_int_equal(sf_fhir_task(&row, false, &back.bytes), SF_OK);
	read_back(&back, false);
	assert_null(sf_element_one(back.root, "restriction"));
	assert_null(sf_element_one(back.root, "requester"));
	forget(&back);
}

/* FHIR R4 value set task-status. */
static void test_statuses_are_fhirs(void **state)
{
	(void)state;
	static const char *const words[] = {"draft", "requested", "received", "accepted",
		"rejected", "ready", "cancelled", "in-progress", "on-hold", "failed", "completed",
		"entered-in-error"};
	uint32_t seen = 0;
	for (size_t i = 0; i < SF_COUNT(words); i++)
		seen |= sf_fhir_task_states(words[i]);
	/* Every state but the one that only stands over others. */
	assert_int_equal(seen, ((uint32_t)1 << SF_TASK_EXPIRED) - 2);
	assert_int_equal(sf_fhir_task_states("expired"), 0);
	assert_int_equal(sf_fhir_task_business_states("expired"), (uint32_t)1 << SF_TASK_EXPIRED);
	assert_int_equal(sf_fhir_task_business_states("done"), 0);
}

static void test_ids_are_read_back(void **state)
{
	(void)state;
	char id[SF_FHIR_TASK_ID_SIZE];
	struct sf_id subject;
	uint32_t clause;
	sf_fhir_task_id(&sample, id);
	assert_true(strlen(id) <= 64);
	assert_true(sf_fhir_task_id_parse(id, &subject, &clause));
	assert_true(sf_id_equal(subject, sample.subject));
	assert_int_equal(clause, 7);
	static const char *const bad[] = {"", "7", "01000000000000000000000000000000",
		"01000000000000000000000000000000-", "01000000000000000000000000000000-x",
		"01000000000000000000000000000000-4294967296", "0100000000000000000000000000000g-1",
		"01000000000000000000000000000000-1-1"};
	for (size_t i = 0; i < SF_COUNT(bad); i++)
		assert_false(sf_fhir_task_id_parse(bad[i], &subject, &clause));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_task_says_the_same_in_either_syntax),
		cmocka_unit_test(test_search_set_has_links_and_modes),
		cmocka_unit_test(test_nothing_found_has_no_entries),
		cmocka_unit_test(test_task_without_a_deadline_has_no_restriction),
		cmocka_unit_test(test_statuses_are_fhirs),
		cmocka_unit_test(test_ids_are_read_back),
	};
	return cmocka_run_group_tests_name("timeline/fhir_task", tests, NULL, NULL);
}
