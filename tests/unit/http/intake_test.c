#include "http/intake.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct sf_guard_field field(const char *name, const char *value)
{
	return (struct sf_guard_field){sf_view_text(name), sf_view_text(value)};
}

static void test_headers_become_texts(void **state)
{
	(void)state;
	const struct sf_guard_field fields[] = {
		field("CONTENT-TYPE", "Application/FHIR+json ; version=1; Charset=\"UTF-8\""),
		field("Authorization", "Bearer x"),
		field("If-Match", "\"7\" "),
		field("Stafet-Purpose", "care"),
	};
	const struct sf_guard_head head = {
		.method = sf_view_text("HEAD"), .field_count = SF_COUNT(fields), .fields = fields};
	const struct sf_guard_target target = {.path = "/a", .query = "b"};
	struct sf_arena arena;
	struct sf_http_request request = {.peer = "::1"};
	sf_arena_init(&arena, 65536);
	assert_true(sf_intake_read(&head, &target, &arena, &request));
	assert_int_equal(request.method, SF_HTTP_GET);
	assert_string_equal(request.path, "/a");
	assert_string_equal(request.query, "b");
	assert_string_equal(request.content_type, "application/fhir+json");
	assert_string_equal(request.charset, "utf-8");
	assert_string_equal(request.authorization, "Bearer x");
	assert_string_equal(request.if_match, "\"7\"");
	assert_string_equal(request.purpose, "care");
	assert_string_equal(request.accept, "");
	assert_string_equal(request.last_event_id, "");
	assert_string_equal(request.peer, "::1");
	sf_arena_fini(&arena);
	/* An arena that is full is said, not passed over. */
	sf_arena_init(&arena, 8);
	assert_false(sf_intake_read(&head, &target, &arena, &request));
	sf_arena_fini(&arena);
}

static void test_method_that_no_route_has_is_none(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned method;
	} cases[] = {{"GET", SF_HTTP_GET}, {"POST", SF_HTTP_POST}, {"PUT", SF_HTTP_PUT},
		{"DELETE", SF_HTTP_DELETE}, {"get", 0}, {"TRACE", 0}, {"CONNECT", 0}};
	const struct sf_guard_target target = {.path = "/", .query = ""};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		const struct sf_guard_head head = {.method = sf_view_text(cases[i].text)};
		struct sf_arena arena;
		struct sf_http_request request = {.peer = ""};
		sf_arena_init(&arena, 65536);
		assert_true(sf_intake_read(&head, &target, &arena, &request));
		assert_int_equal((unsigned)request.method, cases[i].method);
		assert_string_equal(request.content_type, "");
		sf_arena_fini(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers_become_texts),
		cmocka_unit_test(test_method_that_no_route_has_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
