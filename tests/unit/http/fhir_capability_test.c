#include "http/fhir_capability.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fhir_document.h"
#include "http/routes.h"

static const struct sf_element *tell(struct told *told, const char *accept)
{
	struct sf_request request;
	told_init(told, "/fhir/metadata");
	told->request.accept = accept;
	assert_false(
		fhir_ask(told, sf_routes_fhir, SF_ROUTES_FHIR_COUNT, "fhirMetadata", &request));
	return fhir_document(told, "CapabilityStatement");
}

/* FHIR R4: status, date, kind, fhirVersion and format are 1..*; cpb-15, cpb-3, cpb-16. */
static void hold(const struct sf_element *statement)
{
	static const char *const needed[] = {"status", "date", "kind", "fhirVersion", "format"};
	for (size_t i = 0; i < SF_COUNT(needed); i++)
		assert_true(strlen(sf_element_text(statement, needed[i])) > 0 ||
			    sf_element_count(statement, needed[i]) > 1);
	assert_string_equal(sf_element_text(statement, "fhirVersion"), "4.0.1");
	assert_true(strlen(fhir_text(statement, "implementation.description")) > 0);
	assert_string_equal(fhir_text(statement, "rest.mode"), "server");
	assert_string_equal(fhir_text(statement, "messaging.reliableCache"), "20160");
	assert_int_equal(
		sf_element_count(sf_element_one(statement, "messaging"), "supportedMessage"), 4);
	struct sf_element_items resources =
		sf_element_items(sf_element_one(statement, "rest"), "resource");
	size_t count = 0;
	for (const struct sf_element *each; (each = sf_element_next(&resources)); count++) {
		assert_true(strlen(sf_element_text(each, "type")) > 0);
		assert_true(sf_element_count(each, "interaction") > 0);
	}
	assert_int_equal(count, 3);
	assert_string_equal(fhir_text(statement, "rest.operation.name"), "process-message");
}

static void test_statement_is_whole_in_either_syntax(void **state)
{
	(void)state;
	struct told told;
	hold(tell(&told, "application/fhir+json"));
	assert_int_equal(told.response.status, 200);
	told_fini(&told);
	hold(tell(&told, "application/fhir+xml"));
	told_fini(&told);
}

/* What it says there is, there is: the routes of each resource. */
static void test_statement_names_the_resources_of_the_table(void **state)
{
	(void)state;
	struct told told;
	tell(&told, "");
	for (size_t i = 0; i < SF_ROUTES_FHIR_READ_COUNT; i++) {
		const char *path = sf_routes_fhir_read[i].path + strlen("/fhir/");
		char type[64] = "\"type\":\"";
		size_t used = strlen(type), size = strcspn(path, "/");
		memcpy(type + used, path, size);
		memcpy(type + used + size, "\"", 2);
		assert_true(told_has(&told, type));
	}
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statement_is_whole_in_either_syntax),
		cmocka_unit_test(test_statement_names_the_resources_of_the_table),
	};
	return cmocka_run_group_tests_name("http/fhir_capability", tests, NULL, NULL);
}
