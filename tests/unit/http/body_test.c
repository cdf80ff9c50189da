/* JSON bodies, member by member: what each reader takes, and what it says of the rest. */
#include "http/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exchange.h"

/* Operations whose bodies have the members that are read here. */
static const struct sf_route upload = {.operation = "createAttachment"}; /* name, size */
static const struct sf_route offer = {.operation = "offerDomains"};      /* domains, to */
static const struct sf_route bind = {.operation = "bindParty"};          /* role, party */
static const struct sf_route accepted = {.operation = "acceptOffer"};    /* by_person */
static const struct sf_route plan = {.operation = "sayPlan"};            /* to_roles */
static const struct sf_route hook = {.operation = "addHook"};            /* events */

static bool begin(struct told *told, const struct sf_route *route, const char *json,
	struct sf_body_reader *ret_body)
{
	told_init(told, "/x");
	told->exchange.route = route;
	told->request.content_type = "application/json";
	told->request.body = sf_view_text(json);
	return sf_body_read(&told->exchange, ret_body);
}

static void end_refused(struct told *told, unsigned status, const char *part)
{
	assert_int_equal(told->response.status, status);
	if (!told_has(told, part))
		fail_msg("not said: %s", part);
	told_fini(told);
}

static void test_no_body_is_an_empty_one_of_any_type(void **state)
{
	(void)state;
	struct told told;
	struct sf_body_reader body;
	told_init(&told, "/x");
	told.exchange.route = &upload;
	told.request.content_type = "text/plain";
	assert_true(sf_body_read(&told.exchange, &body));
	assert_null(sf_body_member(&body, "name"));
	told_fini(&told);
}

static void test_what_is_no_object_of_known_members_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		unsigned status;
		const char *part;
	} wrong[] = {
		{"{", 400, "no JSON object"},
		{"[]", 400, "no JSON object"},
		{"\"name\"", 400, "no JSON object"},
		{"{} {}", 400, "no JSON object"},
		{"{\"name\":\"a\",\"name\":\"b\"}", 400, ""},
		{"{\"name\":\"a\\u0000b\"}", 400, ""},
		{"{\"other\":1}", 422, "'other' is not known"},
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct told told;
		struct sf_body_reader body;
		assert_false(begin(&told, &upload, wrong[i].json, &body));
		end_refused(&told, wrong[i].status, wrong[i].part);
	}
}

static void test_text_may_be_absent_null_or_empty_where_it_need_not_be(void **state)
{
	(void)state;
	static const char *const empty[] = {"{}", "{\"name\":null}", "{\"name\":\"\"}"};
	static const char *const said[] = {"is missing", "is missing", "is empty"};
	for (size_t i = 0; i < SF_COUNT(empty); i++) {
		struct told told;
		struct sf_body_reader body;
		const char *text = NULL;
		assert_true(begin(&told, &upload, empty[i], &body));
		assert_true(sf_body_text(&body, "name", false, &text));
		assert_string_equal(text, "");
		assert_false(sf_body_text(&body, "name", true, &text));
		end_refused(&told, 422, said[i]);
	}
}

static void test_number_is_whole_and_in_its_range(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		bool good;
		uint32_t number;
	} numbers[] = {
		{"{}", true, 0},
		{"{\"size\":0}", true, 0},
		{"{\"size\":7}", true, 7},
		{"{\"size\":8}", false, 0},
		{"{\"size\":9}", false, 0},
		{"{\"size\":70}", false, 0},
		{"{\"size\":-1}", false, 0},
		{"{\"size\":1.0}", false, 0},
		{"{\"size\":1e0}", false, 0},
		{"{\"size\":18446744073709551617}", false, 0},
		{"{\"size\":\"7\"}", false, 0},
		{"{\"size\":true}", false, 0},
	};
	for (size_t i = 0; i < SF_COUNT(numbers); i++) {
		struct told told;
		struct sf_body_reader body;
		uint32_t number = 99;
		assert_true(begin(&told, &upload, numbers[i].json, &body));
		assert_int_equal(sf_body_number(&body, "size", false, 7, &number), numbers[i].good);
		assert_int_equal(number, numbers[i].good ? numbers[i].number : 99);
		told_fini(&told);
	}
}

static void test_number_may_be_the_largest_there_is(void **state)
{
	(void)state;
	struct told told;
	struct sf_body_reader body;
	uint32_t number = 0;
	assert_true(begin(&told, &upload, "{\"size\":4294967295}", &body));
	assert_true(sf_body_number(&body, "size", true, UINT32_MAX, &number));
	assert_int_equal(number, UINT32_MAX);
	told_fini(&told);
	assert_true(begin(&told, &upload, "{\"size\":4294967296}", &body));
	assert_false(sf_body_number(&body, "size", true, UINT32_MAX, &number));
	end_refused(&told, 422, "'size' is no whole number");
}

static void test_id_is_one_of_somebody(void **state)
{
	(void)state;
	static const char *const wrong[] = {"{\"party\":\"\"}", "{\"party\":\"12\"}",
		"{\"party\":\"00000000000000000000000000000000\"}",
		"{\"party\":\"ab00000000000000000000000000000g\"}"};
	struct told told;
	struct sf_body_reader body;
	struct sf_id id = {{9}};
	assert_true(begin(&told, &bind, "{}", &body));
	assert_true(sf_body_id(&body, "party", false, &id));
	assert_true(sf_id_is_none(id));
	told_fini(&told);
	assert_true(
		begin(&told, &bind, "{\"party\":\"ab000000-0000-0000-0000-000000000001\"}", &body));
	assert_true(sf_body_id(&body, "party", true, &id));
	assert_int_equal(id.bytes[0], 0xab);
	told_fini(&told);
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_true(begin(&told, &bind, wrong[i], &body));
		assert_false(sf_body_id(&body, "party", false, &id));
		end_refused(&told, 422, "'party' is no id");
	}
}

static void test_bool_is_what_it_says_or_what_its_absence_means(void **state)
{
	(void)state;
	struct told told;
	struct sf_body_reader body;
	bool value = false;
	assert_true(begin(&told, &accepted, "{}", &body));
	assert_true(sf_body_bool(&body, "by_person", true, &value));
	assert_true(value);
	told_fini(&told);
	assert_true(begin(&told, &accepted, "{\"by_person\":false}", &body));
	assert_true(sf_body_bool(&body, "by_person", true, &value));
	assert_false(value);
	told_fini(&told);
	assert_true(begin(&told, &accepted, "{\"by_person\":0}", &body));
	assert_false(sf_body_bool(&body, "by_person", true, &value));
	end_refused(&told, 422, "is neither true nor false");
}

static void test_domains_are_words_each_known(void **state)
{
	(void)state;
	struct told told;
	struct sf_body_reader body;
	sf_domain_set domains = 0;
	assert_true(
		begin(&told, &offer, "{\"domains\":[\"care\",\"medication\",\"care\"]}", &body));
	assert_true(sf_body_domains(&body, "domains", true, &domains));
	assert_int_equal(
		domains, SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION));
	told_fini(&told);
	static const struct {
		const char *json, *part;
	} wrong[] = {
		{"{\"domains\":[]}", "is empty"},
		{"{}", "is missing"},
		{"{\"domains\":\"care\"}", "is no array"},
		{"{\"domains\":[\"Care\"]}", "has a word"},
		{"{\"domains\":[1]}", "has a word"},
		{"{\"domains\":[[\"care\"]]}", "has a word"},
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_true(begin(&told, &offer, wrong[i].json, &body));
		assert_false(sf_body_domains(&body, "domains", true, &domains));
		end_refused(&told, 422, wrong[i].part);
	}
}

/* No coordinator and no auditor has a part in a transition: they are no word here, and not nobody.
 */
static void test_roles_are_those_of_a_transition(void **state)
{
	(void)state;
	struct told told;
	struct sf_body_reader body;
	uint32_t roles = 0;
	assert_true(begin(&told, &plan, "{\"to_roles\":[\"gp\",\"hospital\"]}", &body));
	assert_true(sf_body_roles(&body, "to_roles", &roles));
	assert_int_equal(roles, 1u << SF_ROLE_GP | 1u << SF_ROLE_HOSPITAL);
	told_fini(&told);
	static const char *const wrong[] = {"{\"to_roles\":[\"coordinator\"]}",
		"{\"to_roles\":[\"gp\",\"auditor\"]}", "{\"to_roles\":[\"\"]}"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_true(begin(&told, &plan, wrong[i], &body));
		assert_false(sf_body_roles(&body, "to_roles", &roles));
		end_refused(&told, 422, "'to_roles' has a word");
		enum sf_role role = SF_ROLE_NONE;
		assert_true(begin(&told, &bind, "{\"role\":\"coordinator\"}", &body));
		assert_false(sf_body_role(&body, "role", true, &role));
		end_refused(&told, 422, "'role' is a word");
	}
}

static void test_events_are_those_a_hook_may_tell_of(void **state)
{
	(void)state;
	struct told told;
	struct sf_body_reader body;
	uint64_t events = 0;
	assert_true(begin(&told, &hook, "{\"events\":[\"received\"]}", &body));
	assert_true(sf_body_events(&body, "events", &events));
	assert_true(events != 0);
	told_fini(&told);
	assert_true(begin(&told, &hook, "{\"events\":[]}", &body));
	assert_false(sf_body_events(&body, "events", &events));
	end_refused(&told, 422, "is empty");
	assert_true(begin(&told, &hook, "{\"events\":[\"weather\"]}", &body));
	assert_false(sf_body_events(&body, "events", &events));
	end_refused(&told, 422, "has a word");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_body_is_an_empty_one_of_any_type),
		cmocka_unit_test(test_what_is_no_object_of_known_members_is_refused),
		cmocka_unit_test(test_text_may_be_absent_null_or_empty_where_it_need_not_be),
		cmocka_unit_test(test_number_is_whole_and_in_its_range),
		cmocka_unit_test(test_number_may_be_the_largest_there_is),
		cmocka_unit_test(test_id_is_one_of_somebody),
		cmocka_unit_test(test_bool_is_what_it_says_or_what_its_absence_means),
		cmocka_unit_test(test_domains_are_words_each_known),
		cmocka_unit_test(test_roles_are_those_of_a_transition),
		cmocka_unit_test(test_events_are_those_a_hook_may_tell_of),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
