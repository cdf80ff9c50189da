/*
 * Same letter, same bytes (DOMAIN section 8): what a new sending changes is left out, and nothing
 * else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static struct sf_buf kept;

static void keep(struct sample *sample)
{
	struct sf_view bytes = sample_canonical(sample);
	sf_buf_clear(&kept);
	assert_int_equal(sf_buf_append(&kept, bytes), SF_OK);
}

static bool same_as_kept(struct sample *sample)
{
	return sf_view_equal(sample_canonical(sample), sf_buf_view(&kept));
}

static void test_new_sending_has_the_same_bytes(void **state)
{
	(void)state;
	for (int xml = 0; xml < 2; xml++) {
		struct sample sample;
		sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
		keep(&sample);
		sample_set(&sample, "Bundle.id", "another-envelope");
		sample_set(&sample, "Bundle.timestamp", "2030-01-01T00:00:00Z");
		sample_set(&sample, "Provenance[1].recorded", "2030-01-01T00:00:00Z");
		sample_add(&sample, "Bundle.meta", "lastUpdated", "2030-01-01T00:00:00Z");
		sample_set(&sample, "Patient.text.div",
			"<div xmlns=\"http://www.w3.org/1999/xhtml\">other</div>");
		sample_remove(&sample, "Encounter.text");
		sample_write(&sample, xml == 1);
		assert_true(same_as_kept(&sample));
		sample_close(&sample);
	}
}

static void test_any_other_change_has_other_bytes(void **state)
{
	(void)state;
	static const char *const paths[] = {"Bundle.type", "Bundle.entry[1].fullUrl",
		"MessageHeader.id", "Patient.identifier[0].value", "Patient.name[0].family",
		"Encounter.status", "Encounter.class.code", "Encounter.period.start",
		"Encounter.period.end", "Encounter.episodeOfCare[0].identifier.value",
		"Organization[0].name", "Provenance[1].occurredDateTime",
		"Provenance[1].activity.coding[0].code", "Provenance[1].entity[0].role",
		"MessageHeader.destination[0].extension[0].url", "Patient.meta.profile[0]"};
	struct sample original;
	sample_open(&original, SAMPLE_HN "SLHJ_H.json");
	keep(&original);
	for (size_t i = 0; i < 2 * SF_COUNT(paths); i++) {
		struct sample sample;
		sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
		sample_set(&sample, paths[i / 2], "changed");
		sample_write(&sample, i % 2 == 1);
		if (same_as_kept(&sample))
			fail_msg("%s changes nothing", paths[i / 2]);
		sample_close(&sample);
	}
	sample_add(&original, "Encounter", "extra", "x");
	sample_write(&original, false);
	assert_false(same_as_kept(&original));
	sample_close(&original);
}

static void test_order_of_entries_counts(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	keep(&sample);
	sample_rotate(&sample);
	sample_write(&sample, false);
	assert_false(same_as_kept(&sample));
	sample_close(&sample);
}

#define XML(content)                                                                               \
	"<Bundle xmlns=\"http://hl7.org/fhir\"><entry><resource>" content                          \
	"</resource></entry></Bundle>"
#define JSON(content) "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":" content "}]}"

static void canonical_of(const char *text, struct sf_buf *buf)
{
	struct sf_format format;
	struct sf_diag diag = {{0}};
	sf_format_port(&format);
	sf_buf_clear(buf);
	assert_int_equal(format.canonical(NULL, sf_content_type_guess(sf_view_text(text)),
				 sf_view_text(text), buf, &diag),
		SF_OK);
}

static bool are_same(const char *left, const char *right)
{
	struct sf_buf a;
	struct sf_buf b;
	sf_buf_init(&a, 100000);
	sf_buf_init(&b, 100000);
	canonical_of(left, &a);
	canonical_of(right, &b);
	bool same = sf_view_equal(sf_buf_view(&a), sf_buf_view(&b));
	sf_buf_fini(&a);
	sf_buf_fini(&b);
	return same;
}

static void test_both_syntaxes_of_one_thing_are_the_same(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{JSON("{\"resourceType\":\"A\",\"b\":1.10}"), XML("<A><b value=\"1.10\"/></A>")},
		{JSON("{\"resourceType\":\"A\",\"b\":true,\"a\":[\"x\",\"y\"]}"),
			XML("<A><a value=\"x\"/><a value=\"y\"/><b value=\"true\"/></A>")},
		{JSON("{\"resourceType\":\"A\",\"b\":\"1\",\"_b\":{\"extension\":[{\"url\":\"u\"}]}"
		      "}"),
			XML("<A><b value=\"1\"><extension url=\"u\"/></b></A>")},
		{JSON("{\"resourceType\":\"A\",\"b\":[\"1\",null],\"_b\":[null,{\"id\":\"i\"}]}"),
			XML("<A><b value=\"1\"/><b id=\"i\"/></A>")},
		{JSON("{\"resourceType\":\"A\",\"_b\":{\"id\":\"i\"}}"),
			XML("<A><b id=\"i\"/></A>")},
		{JSON("{\"resourceType\":\"A\",\"contained\":[{\"resourceType\":\"C\",\"id\":\"i\"}"
		      "]}"),
			XML("<A><contained><C><id value=\"i\"/></C></contained></A>")},
		{JSON("{\"resourceType\":\"A\",\"b\":\"l\\nm\"}"),
			XML("<A><b value=\"l&#xA;m\"/></A>")},
		{JSON("{\"resourceType\":\"A\",\"b\":[{\"c\":\"1\"}]}"),
			JSON("{\"b\":{\"c\":\"1\"},\"resourceType\":\"A\"}")},
		{JSON("{\"resourceType\":\"A\",\"meta\":{\"lastUpdated\":\"t\"},\"e\":[]}"),
			XML("<A/>")},
	};
	for (size_t i = 0; i < SF_COUNT(pairs); i++)
		if (!are_same(pairs[i][0], pairs[i][1]))
			fail_msg("pair %zu differs", i);
}

static void test_what_differs_is_different(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{JSON("{\"resourceType\":\"A\",\"b\":1.10}"),
			JSON("{\"resourceType\":\"A\",\"b\":1.1}")},
		{JSON("{\"resourceType\":\"A\",\"a\":[\"x\",\"y\"]}"),
			JSON("{\"resourceType\":\"A\",\"a\":[\"y\",\"x\"]}")},
		{JSON("{\"resourceType\":\"A\",\"a\":[\"x\",\"y\"]}"),
			JSON("{\"resourceType\":\"A\",\"a\":[\"xy\"]}")},
		{JSON("{\"resourceType\":\"A\",\"b\":{\"text\":\"x\"}}"),
			JSON("{\"resourceType\":\"A\",\"b\":{\"text\":\"y\"}}")},
		{XML("<A><b value=\"1\"/><b id=\"i\"/></A>"),
			XML("<A><b id=\"i\"/><b value=\"1\"/></A>")},
		{XML("<A><b value=\"1\" x=\"1\"/></A>"), XML("<A><b value=\"1\" x=\"2\"/></A>")},
		{XML("<A><b xmlns=\"urn:o\" value=\"1\"/></A>"), XML("<A><b value=\"1\"/></A>")},
		{JSON("{\"resourceType\":\"A\",\"b\":[[\"x\"]]}"),
			JSON("{\"resourceType\":\"A\",\"b\":[\"x\"]}")},
		{JSON("{\"resourceType\":\"A\",\"b\":\"\"}"), JSON("{\"resourceType\":\"A\"}")},
	};
	for (size_t i = 0; i < SF_COUNT(pairs); i++)
		if (are_same(pairs[i][0], pairs[i][1]))
			fail_msg("pair %zu is the same", i);
}

static void test_small_buffer_is_a_limit_and_keeps_what_was_there(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	struct sf_buf small;
	sf_buf_init(&small, 100);
	assert_int_equal(sf_buf_append_text(&small, "kept"), SF_OK);
	assert_int_equal(sample.format.canonical(NULL, SF_CONTENT_FHIR_JSON,
				 sf_buf_view(&sample.bytes), &small, &sample.diag),
		SF_ERR_LIMIT);
	assert_true(sf_view_equal(sf_buf_view(&small), sf_view_text("kept")));
	sf_buf_fini(&small);
	sample_close(&sample);
}

static int set_up(void **state)
{
	(void)state;
	sf_buf_init(&kept, 100000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sf_buf_fini(&kept);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_sending_has_the_same_bytes),
		cmocka_unit_test(test_any_other_change_has_other_bytes),
		cmocka_unit_test(test_order_of_entries_counts),
		cmocka_unit_test(test_both_syntaxes_of_one_thing_are_the_same),
		cmocka_unit_test(test_what_differs_is_different),
		cmocka_unit_test(test_small_buffer_is_a_limit_and_keeps_what_was_there),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
