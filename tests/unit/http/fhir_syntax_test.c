#include "http/fhir_syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exchange.h"

static void test_accept_and_format_choose_the_syntax(void **state)
{
	(void)state;
	static const struct {
		const char *accept, *query;
		bool json, xml;
	} cases[] = {
		{"", "", true, true},
		{"*/*", "", true, true},
		{"application/*", "", true, true},
		{"application/fhir+json", "", true, false},
		{"application/fhir+xml", "", false, true},
		{"application/xml; q=0.5, application/json;q=0.4", "", false, true},
		{"text/html, application/fhir+xml;q=0.9, */*;q=0.8", "", false, true},
		{"application/fhir+xml;q=0, */*", "", true, false},
		{"text/html", "", false, false},
		{"application/fhir+json;q=0", "", false, false},
		{"APPLICATION/FHIR+XML", "", false, true},
		{"text/html", "_format=json", true, false},
		{"application/json", "a=b&_format=xml", false, true},
		{"", "_format=application/fhir%2Bxml", false, true},
		{"", "_format=application%2Ffhir%2Bjson", true, false},
		{"", "_format=pdf", false, false},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		bool xml, both = cases[i].json && cases[i].xml;
		told_init(&told, "/fhir/Task");
		told.request.accept = cases[i].accept;
		told.request.query = cases[i].query;
		bool good = sf_fhir_choose(&told.request, true, &xml);
		assert_int_equal(good, cases[i].json || cases[i].xml);
		if (good)
			assert_int_equal(xml, both ? true : cases[i].xml);
		assert_true(sf_fhir_choose(&told.request, false, &xml) == good);
		if (good)
			assert_int_equal(xml, both ? false : cases[i].xml);
		told_fini(&told);
	}
}

static void test_content_is_fhir_in_utf8(void **state)
{
	(void)state;
	static const struct {
		const char *type, *charset;
		bool good, xml;
	} cases[] = {
		{"application/fhir+json", "", true, false},
		{"application/fhir+json", "utf-8", true, false},
		{"application/fhir+xml", "utf-8", true, true},
		{"application/json", "", true, false},
		{"text/xml", "", true, true},
		{"application/fhir+json", "iso-8859-1", false, false},
		{"application/fhir+xml", "utf-16", false, false},
		{"", "", false, false},
		{"json", "", false, false},
		{"text/plain", "", false, false},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		bool xml = false;
		told_init(&told, "/fhir/$process-message");
		told.request.content_type = cases[i].type;
		told.request.charset = cases[i].charset;
		assert_int_equal(sf_fhir_is_content(&told.request, &xml), cases[i].good);
		if (cases[i].good)
			assert_int_equal(xml, cases[i].xml);
		told_fini(&told);
	}
}

static void test_paths_below_fhir_are_fhirs(void **state)
{
	(void)state;
	assert_true(sf_fhir_is_path("/fhir"));
	assert_true(sf_fhir_is_path("/fhir/Task"));
	assert_false(sf_fhir_is_path("/fhirs"));
	assert_false(sf_fhir_is_path("/api/fhir"));
	assert_false(sf_fhir_is_path(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept_and_format_choose_the_syntax),
		cmocka_unit_test(test_content_is_fhir_in_utf8),
		cmocka_unit_test(test_paths_below_fhir_are_fhirs),
	};
	return cmocka_run_group_tests_name("http/fhir_syntax", tests, NULL, NULL);
}
