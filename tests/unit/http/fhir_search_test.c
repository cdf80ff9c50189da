#include "http/fhir_search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fhir_document.h"

static const char *const known[] = {"status", "owner", "owner:identifier", "_count", "_page", NULL};

static bool read(struct told *told, const char *query, struct sf_fhir_search *ret_search)
{
	told_init(told, "/fhir/Task");
	told->request.query = query;
	return sf_fhir_search_read(&told->exchange, known, ret_search);
}

static void test_values_are_decoded_and_tokens_cut(void **state)
{
	(void)state;
	struct told told;
	struct sf_fhir_search search;
	assert_true(read(&told,
		"status=requested%2Caccepted&&owner:identifier=urn%3Ax%7Cid+1&_format=xml",
		&search));
	assert_string_equal(sf_fhir_search_text(&search, "status"), "requested,accepted");
	assert_string_equal(sf_fhir_search_text(&search, "owner"), "");
	assert_string_equal(sf_fhir_search_token(&search, "owner:identifier", "urn:x"), "id 1");
	assert_string_equal(sf_fhir_search_token(&search, "owner:identifier", "urn:y"), "");
	assert_string_equal(sf_fhir_search_token(&search, "status", "urn:x"), "requested,accepted");
	told_fini(&told);
}

static void test_what_cannot_be_meant_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"patient=1", "status=a&status=b", "owner=%0A", "owner=%FF", "_count=a&x=1"};
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		struct told told;
		struct sf_fhir_search search;
		assert_false(read(&told, bad[i], &search));
		assert_int_equal(told.response.status, 400);
		fhir_document(&told, "OperationOutcome");
		told_fini(&told);
	}
}

static void test_count_is_bounded(void **state)
{
	(void)state;
	static const struct {
		const char *query;
		bool good;
		uint32_t count;
	} cases[] = {{"", true, SF_FHIR_COUNT}, {"_count=7", true, 7},
		{"_count=5000", true, SF_FHIR_COUNT_MAX}, {"_count=0", false, 0},
		{"_count=x", false, 0}, {"_count=99999999999999", false, 0}};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		struct sf_fhir_search search;
		uint32_t count = 0;
		assert_true(read(&told, cases[i].query, &search));
		assert_int_equal(
			sf_fhir_search_count(&told.exchange, &search, &count), cases[i].good);
		if (cases[i].good)
			assert_int_equal(count, cases[i].count);
		else
			assert_int_equal(told.response.status, 400);
		told_fini(&told);
	}
}

static void test_links_keep_what_was_asked(void **state)
{
	(void)state;
	struct told told;
	struct sf_fhir_search search;
	assert_true(read(&told, "status=a%2Cb&_page=x&_count=2", &search));
	assert_string_equal(sf_fhir_search_link(&told.exchange, NULL),
		"/fhir/Task?status=a%2Cb&_page=x&_count=2");
	assert_string_equal(sf_fhir_search_link(&told.exchange, "y.1"),
		"/fhir/Task?status=a%2Cb&_count=2&_page=y.1");
	told_fini(&told);
	assert_true(read(&told, "", &search));
	assert_string_equal(sf_fhir_search_link(&told.exchange, "1"), "/fhir/Task?_page=1");
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_decoded_and_tokens_cut),
		cmocka_unit_test(test_what_cannot_be_meant_is_refused),
		cmocka_unit_test(test_count_is_bounded),
		cmocka_unit_test(test_links_keep_what_was_asked),
	};
	return cmocka_run_group_tests_name("http/fhir_search", tests, NULL, NULL);
}
