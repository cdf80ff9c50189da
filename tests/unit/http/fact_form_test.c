#include "http/fact_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "exchange.h"
#include "http/routes.h"
#include "http/vocabulary.h"
#include "wire/fact.h"

static bool ask(
	struct told *told, const char *operation, const char *json, struct sf_request *ret_request)
{
	static struct sf_route route;
	route = (struct sf_route){.operation = operation};
	told_init(told, "/x");
	told->exchange.route = &route;
	told->exchange.parameters[0] = "abcd0000000000000000000000000000";
	told->request.content_type = "application/json";
	told->request.body = sf_view_text(json);
	return sf_fact_ask(&told->exchange, ret_request);
}

static void test_a_plan_is_read_whole(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	struct sf_fact fact;
	assert_true(ask(&told, "sayPlan",
		"{\"version\":3,\"ready_from\":\"2026-11-22T13:05:00Z\",\"ready_until\":\"2026-11-"
		"22T14:05:00Z\","
		"\"ready_confidence\":\"high\",\"discharge_from\":\"2026-11-23T13:05:00Z\","
		"\"discharge_until\":\"2026-11-23T14:05:00Z\",\"discharge_confidence\":\"low\","
		"\"to_roles\":[\"gp\",\"municipality\"],\"contact_name\":\"Vagten\","
		"\"text\":\"as agreed\"}",
		&request));
	assert_int_equal(request.kind, SF_REQUEST_SAY);
	assert_int_equal(request.say.kind, SF_KIND_PLAN);
	assert_int_equal(request.say.to_roles, 1 << SF_ROLE_GP | 1 << SF_ROLE_MUNICIPALITY);
	assert_string_equal(request.say.contact_name, "Vagten");
	assert_string_equal(request.say.content_type, "text/plain");
	assert_int_equal(request.say.content.size, 9);
	assert_int_equal(sf_fact_decode(SF_KIND_PLAN, request.say.fact, &fact, NULL), SF_OK);
	assert_int_equal(fact.plan.version, 3);
	assert_int_equal(fact.plan.ready.from_ms, 1795352700000);
	assert_int_equal(fact.plan.ready.confidence, SF_CONFIDENCE_HIGH);
	assert_int_equal(fact.plan.discharge.confidence, SF_CONFIDENCE_LOW);
	told_fini(&told);
}

static void test_an_answer_is_in_reply_to_its_question(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	assert_true(ask(&told, "answerQuestion",
		"{\"by_person\":true,\"content\":\"Zm9v\","
		"\"content_type\":\"application/pdf\"}",
		&request));
	assert_int_equal(request.say.in_reply_to.bytes[0], 0xab);
	assert_true(sf_view_equal(request.say.content, sf_view_text("foo")));
	told_fini(&told);
}

static void test_what_is_wrong_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *operation, *json, *named;
		unsigned status;
	} wrong[] = {
		{"sayIntent", "{}", "'expected' is missing", 422},
		{"sayIntent", "{\"expected\":null}", "'expected' is missing", 422},
		{"sayIntent", "{\"expected\":1}", "'expected' is no text", 422},
		{"sayIntent", "{\"expected\":\"soon\"}", "'expected' is no time", 422},
		{"sayIntent", "{\"Expected\":\"x\"}", "'Expected' is not known", 422},
		{"sayIntent", "{", "no JSON object", 400},
		{"sayIntent", "[]", "no JSON object", 400},
		{"dispute", "{\"dispute\":\"weather\"}", "'dispute' is a word", 422},
		{"answerQuestion", "{\"by_person\":\"yes\"}", "'by_person' is neither", 422},
		{"reopenTransition", "{\"content\":\"!\"}", "'content' is no base64", 422},
		{"reopenTransition", "{\"to_roles\":[\"cat\"]}", "'to_roles' has a word", 422},
		{"actOnObligation", "{\"action\":\"start\",\"clause\":-1}", "'clause' is no whole",
			422},
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct told told;
		struct sf_request request;
		assert_false(ask(&told, wrong[i].operation, wrong[i].json, &request));
		assert_int_equal(told.response.status, wrong[i].status);
		assert_true(told_has(&told, wrong[i].named));
		told_fini(&told);
	}
}

static void test_another_content_type_is_415(void **state)
{
	(void)state;
	static const struct sf_route route = {.operation = "sayIntent"};
	struct told told;
	struct sf_body_reader body;
	told_init(&told, "/x");
	told.exchange.route = &route;
	told.request.content_type = "text/plain";
	told.request.body = sf_view_text("{}");
	assert_false(sf_body_read(&told.exchange, &body));
	assert_int_equal(told.response.status, 415);
	told_fini(&told);
}

/* Every member that a form reads is one that its operation knows. */
static void test_forms_and_vocabulary_agree(void **state)
{
	(void)state;
	size_t forms = 0;
	for (size_t i = 0; i < sf_route_group_count; i++) {
		for (size_t j = 0; j < sf_route_groups[i].count; j++) {
			const struct sf_route *route = &sf_route_groups[i].routes[j];
			const struct sf_fact_form *form = sf_fact_form(route->operation);
			const char *words = strcmp(route->operation, "sayLetter") == 0
						    ? sf_query_words(route)
						    : sf_body_words(route);
			for (size_t k = 0; form && k < form->field_count; k++)
				assert_true(
					sf_words_have(words, sf_view_text(form->fields[k].name)));
			forms += form != NULL;
		}
	}
	assert_int_equal(forms, 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_plan_is_read_whole),
		cmocka_unit_test(test_an_answer_is_in_reply_to_its_question),
		cmocka_unit_test(test_what_is_wrong_is_named),
		cmocka_unit_test(test_another_content_type_is_415),
		cmocka_unit_test(test_forms_and_vocabulary_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
