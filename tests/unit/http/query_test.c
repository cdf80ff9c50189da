#include "http/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "exchange.h"

static const struct sf_route inbox = {.operation = "listInbox"};

static bool read(struct told *told, const char *text, struct sf_query *ret_query)
{
	told_init(told, "/api/v1/inbox");
	told->exchange.route = &inbox;
	told->request.query = text;
	return sf_query_read(&told->exchange, ret_query);
}

static void test_values_are_decoded(void **state)
{
	(void)state;
	struct told told;
	struct sf_query query;
	struct sf_id id;
	int64_t ms = 0;
	bool unhandled = false;
	uint64_t after = 0;
	assert_true(read(&told,
		"after=7&unhandled=true&_since=2026-11-22T13%3A05%3A00Z&"
		"transition=abcd0000000000000000000000000000",
		&query));
	assert_true(sf_query_number(&query, "after", 0, 10, &after));
	assert_int_equal(after, 7);
	assert_true(sf_query_bool(&query, "unhandled", &unhandled));
	assert_true(unhandled);
	assert_true(sf_query_time(&query, "_since", &ms));
	assert_int_equal(ms, 1795352700000);
	assert_true(sf_query_id(&query, "transition", &id));
	assert_int_equal(id.bytes[0], 0xab);
	assert_true(sf_query_number(&query, "_count", 5, 10, &after));
	assert_int_equal(after, 5);
	told_fini(&told);
	assert_true(read(&told, "", &query));
	told_fini(&told);
	assert_true(read(&told, "_since=a+b%C3%A6", &query));
	assert_string_equal(sf_query_text(&query, "_since"), "a bæ");
	told_fini(&told);
}

static void test_what_is_wrong_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *query, *named;
	} wrong[] = {{"since=1", "'since' is not known"}, {"After=1", "'After' is not known"},
		{"after=1&after=2", "'after' stands twice"}, {"after=%", "not well-formed"},
		{"after=%4", "not well-formed"}, {"after=%zz", "not well-formed"},
		{"after=%00", "not well-formed"}, {"after=%ff", "not well-formed"},
		{"=1", "'' is not known"}};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct told told;
		struct sf_query query;
		assert_false(read(&told, wrong[i].query, &query));
		assert_int_equal(told.response.status, 400);
		assert_true(told_has(&told, wrong[i].named));
		told_fini(&told);
	}
}

/* A name that is cut in the middle of a character would be no text, and the answer no JSON. */
static void test_a_long_name_is_not_named(void **state)
{
	(void)state;
	struct told told;
	struct sf_query query;
	assert_false(read(&told,
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx%C3%A6=1", &query));
	assert_int_equal(told.response.status, 400);
	assert_true(told_has(&told, "'...' is not known"));
	told_fini(&told);
}

static void test_values_out_of_range_are_refused(void **state)
{
	(void)state;
	static const char *const numbers[] = {
		"after=", "after=-1", "after=11", "after=1x", "after=99999999999999999999999"};
	struct told told;
	struct sf_query query;
	uint64_t number = 0;
	bool value = false;
	for (size_t i = 0; i < SF_COUNT(numbers); i++) {
		assert_true(read(&told, numbers[i], &query));
		assert_false(sf_query_number(&query, "after", 0, 10, &number));
		assert_int_equal(told.response.status, 400);
		told_fini(&told);
	}
	assert_true(read(&told, "unhandled=1", &query));
	assert_false(sf_query_bool(&query, "unhandled", &value));
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_decoded),
		cmocka_unit_test(test_what_is_wrong_is_named),
		cmocka_unit_test(test_a_long_name_is_not_named),
		cmocka_unit_test(test_values_out_of_range_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
