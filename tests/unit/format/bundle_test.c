#include "format/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static struct sf_bundle bundle;
static struct sf_issues issues;

/* A bundle of one Organization in the second entry, and a Reference to resolve. */
static const struct sf_bundle_entry *resolve(
	struct sample *sample, const char *full_url, const char *id, const char *reference)
{
	sample_set(sample, "Bundle.entry[3].fullUrl", full_url);
	sample_set(sample, "Bundle.entry[3].resource.id", id);
	struct sf_element *holder = sample_find(sample, "MessageHeader.sender");
	sample_set(sample, "MessageHeader.sender.reference", reference);
	issues.count = 0;
	assert_int_equal(sf_bundle_read(sample->root, &bundle, &issues), SF_OK);
	return sf_bundle_resolve(&bundle, holder);
}

static void test_reference_resolves_in_every_form(void **state)
{
	(void)state;
	static const struct {
		const char *full_url, *id, *reference;
		bool found;
	} cases[] = {
		{"Organization/a", "a", "Organization/a", true},
		{"https://x/y/Organization/a", "a", "Organization/a", true},
		{"https://x/y/Organization/a", "a", "https://x/y/Organization/a", true},
		{"https://x/y/Organization/a", "a", "Organization/a/_history/3", true},
		{"urn:uuid:1-2", "a", "urn:uuid:1-2", true},
		{"urn:uuid:1-2", "a", "Organization/a", true},
		{"Organization/a", "a", "urn:uuid:a", true},
		{"Organization/a", "a", "Organization/b", false},
		{"Organization/a", "a", "Patient/a", false},
		{"Organization/a", "a", "XOrganization/a", false},
		{"Organization/a", "a", "a", false},
		{"Organization/a", "", "Organization/", false},
		{"", "a", "", false},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sample sample;
		sample_open(&sample, SAMPLE_HN "STIN_A.json");
		const struct sf_bundle_entry *entry =
			resolve(&sample, cases[i].full_url, cases[i].id, cases[i].reference);
		if ((entry == &bundle.entries[3]) != cases[i].found)
			fail_msg("case %zu", i);
		if (!cases[i].found)
			assert_null(entry);
		sample_close(&sample);
	}
	assert_null(sf_bundle_resolve(&bundle, NULL));
}

static void test_reference_id_is_behind_the_type(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"MessageHeader/a-b", "a-b"},
		{"https://x/MessageHeader/a.b", "a.b"},
		{"MessageHeader/a/_history/2", "a"},
		{"urn:uuid:a-b", "a-b"},
		{"5790000000000#letter", "5790000000000#letter"},
		{"Basic/a", "Basic/a"},
		{"", ""},
		{"/", "/"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++)
		assert_true(sf_view_equal(
			sf_reference_id(cases[i][0], "MessageHeader"), sf_view_text(cases[i][1])));
}

static void test_document_that_is_no_bundle_is_refused(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	issues.count = 0;
	assert_int_equal(
		sf_bundle_read(sample_find(&sample, "Patient"), &bundle, &issues), SF_ERR_FORMAT);
	assert_string_equal(issues.items[0].code, "MSG_UNKNOWN_TYPE");
	sample_close(&sample);
}

static void test_too_many_entries_are_a_limit(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	for (size_t i = 6; i < SF_BUNDLE_ENTRIES_MAX; i++)
		sample_copy_entry(&sample, "Organization");
	issues.count = 0;
	assert_int_equal(sf_bundle_read(sample.root, &bundle, &issues), SF_OK);
	assert_int_equal(bundle.entry_count, SF_BUNDLE_ENTRIES_MAX);
	sample_copy_entry(&sample, "Organization");
	assert_int_equal(sf_bundle_read(sample.root, &bundle, &issues), SF_ERR_LIMIT);
	sample_close(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_resolves_in_every_form),
		cmocka_unit_test(test_reference_id_is_behind_the_type),
		cmocka_unit_test(test_document_that_is_no_bundle_is_refused),
		cmocka_unit_test(test_too_many_entries_are_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
