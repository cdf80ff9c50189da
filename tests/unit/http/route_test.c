#include "http/route.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "exchange.h"

static const struct sf_route letters[] = {
	{SF_HTTP_GET, "/letters", "list", "", SF_API_ANYBODY, NULL, NULL},
	{SF_HTTP_POST, "/letters", "send", "", SF_API_ANYBODY, NULL, NULL},
	{SF_HTTP_GET, "/letters/{id}", "read", "", SF_API_ANYBODY, NULL, NULL},
	{SF_HTTP_GET, "/letters/newest", "newest", "", SF_API_ANYBODY, NULL, NULL},
	{SF_HTTP_DELETE, "/letters/{id}/marks/{mark}", "unmark", "", SF_API_ANYBODY, NULL, NULL},
};
static const struct sf_route forms[] = {
	{SF_HTTP_POST, "/fhir/$process-message", "process", "", SF_API_ANYBODY, NULL, NULL},
	{SF_HTTP_PUT, "/letters/{id}", "replace", "", SF_API_ANYBODY, NULL, NULL},
};
static const struct sf_route_group groups[] = {
	{SF_COUNT(letters), letters, SF_AT_NODE},
	{SF_COUNT(forms), forms, SF_AT_COORDINATOR},
};

static enum sf_route_found find(
	struct told *told, enum sf_http_method method, const char *path, const char **ret_allow)
{
	told_init(told, path);
	told->request.method = method;
	*ret_allow = NULL;
	return sf_route_find(groups, SF_COUNT(groups), &told->exchange, ret_allow);
}

static void test_path_and_method_name_a_route(void **state)
{
	(void)state;
	struct told told;
	const char *allow;
	assert_int_equal(find(&told, SF_HTTP_POST, "/letters", &allow), SF_ROUTE_FOUND);
	assert_string_equal(told.exchange.route->operation, "send");
	told_fini(&told);
	assert_int_equal(
		find(&told, SF_HTTP_POST, "/fhir/$process-message", &allow), SF_ROUTE_FOUND);
	assert_string_equal(told.exchange.route->operation, "process");
	told_fini(&told);
}

static void test_parameters_are_taken_in_order(void **state)
{
	(void)state;
	struct told told;
	const char *allow;
	assert_int_equal(
		find(&told, SF_HTTP_DELETE, "/letters/a b/marks/c", &allow), SF_ROUTE_FOUND);
	assert_string_equal(told.exchange.parameters[0], "a b");
	assert_string_equal(told.exchange.parameters[1], "c");
	assert_null(told.exchange.parameters[2]);
	told_fini(&told);
}

static void test_words_come_before_parameters(void **state)
{
	(void)state;
	struct told told;
	const char *allow;
	assert_int_equal(find(&told, SF_HTTP_GET, "/letters/newest", &allow), SF_ROUTE_FOUND);
	assert_string_equal(told.exchange.route->operation, "newest");
	told_fini(&told);
	/* But only for the method that they have. */
	assert_int_equal(find(&told, SF_HTTP_PUT, "/letters/newest", &allow), SF_ROUTE_FOUND);
	assert_string_equal(told.exchange.route->operation, "replace");
	told_fini(&told);
}

static void test_other_method_is_told_which_there_are(void **state)
{
	(void)state;
	struct told told;
	const char *allow;
	assert_int_equal(find(&told, SF_HTTP_DELETE, "/letters", &allow), SF_ROUTE_NO_METHOD);
	assert_string_equal(allow, "GET, HEAD, POST");
	told_fini(&told);
	assert_int_equal(find(&told, SF_HTTP_POST, "/letters/7", &allow), SF_ROUTE_NO_METHOD);
	assert_string_equal(allow, "GET, HEAD, PUT");
	told_fini(&told);
	/* A method that is none of ours. */
	assert_int_equal(
		find(&told, (enum sf_http_method)0, "/letters/7", &allow), SF_ROUTE_NO_METHOD);
	told_fini(&told);
}

static void test_other_path_is_no_route(void **state)
{
	(void)state;
	static const char *const paths[] = {"/", "/letter", "/letters/", "/letters/1/", "/lettersx",
		"/letters//marks/c", "/letters/1/marks", "/letters/1/marks/2/3", "/LETTERS"};
	for (size_t i = 0; i < SF_COUNT(paths); i++) {
		struct told told;
		const char *allow;
		assert_int_equal(find(&told, SF_HTTP_GET, paths[i], &allow), SF_ROUTE_NO_PATH);
		assert_null(allow);
		told_fini(&told);
	}
}

/* The table itself: an operation has one name, a path and method one route. */
static void test_table_names_everything_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sf_route_group_count; i++) {
		for (size_t j = 0; j < sf_route_groups[i].count; j++) {
			const struct sf_route *route = &sf_route_groups[i].routes[j];
			struct told told;
			const char *allow = NULL;
			told_init(&told, route->path);
			told.request.method = route->method;
			assert_int_equal(sf_route_find(sf_route_groups, sf_route_group_count,
						 &told.exchange, &allow),
				SF_ROUTE_FOUND);
			assert_ptr_equal(told.exchange.route, route);
			assert_true(route->operation[0] && route->summary[0]);
			assert_true(route->roles != 0);
			assert_non_null(route->ask);
			told_fini(&told);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_and_method_name_a_route),
		cmocka_unit_test(test_parameters_are_taken_in_order),
		cmocka_unit_test(test_words_come_before_parameters),
		cmocka_unit_test(test_other_method_is_told_which_there_are),
		cmocka_unit_test(test_other_path_is_no_route),
		cmocka_unit_test(test_table_names_everything_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
