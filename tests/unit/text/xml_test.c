#include "text/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

#define OPEN "<A xmlns=\"http://hl7.org/fhir\">"
#define IN_A(content) OPEN content "</A>"

static struct sf_arena arena;
static const struct sf_element *root;
static struct sf_diag diag;

static enum sf_err read_view(struct sf_view xml)
{
	sf_arena_clear(&arena);
	root = NULL;
	diag.text[0] = '\0';
	return sf_xml_read(xml, &arena, &root, &diag);
}

static enum sf_err read_text(const char *xml)
{
	return read_view(sf_view_text(xml));
}

static void test_values_repeats_and_attributes_become_members(void **state)
{
	(void)state;
	assert_int_equal(read_text("<?xml version=\"1.0\"?><!-- c -->" IN_A(
				 "<a value=\"1\"/>\n<b id=\"i\"><c value=\"&#xA;&amp;\"/></b>"
				 "<a value=\"2\"/><extension url=\"u\"/>")),
		SF_OK);
	assert_string_equal(sf_element_text(root, "resourceType"), "A");
	assert_int_equal(sf_element_count(root, "a"), 2);
	const struct sf_element *b = sf_element_one(root, "b");
	assert_string_equal(sf_element_text(b, "id"), "i");
	assert_string_equal(sf_element_text(b, "c"), "\n&");
	assert_string_equal(sf_element_text(sf_element_one(root, "extension"), "url"), "u");
}

static void test_primitive_keeps_its_extension(void **state)
{
	(void)state;
	assert_int_equal(read_text(IN_A("<a value=\"1\"><extension url=\"u\"/></a>")), SF_OK);
	const struct sf_element *a = sf_element_one(root, "a");
	assert_string_equal(a->text, "1");
	assert_string_equal(sf_element_text(sf_element_one(a, "extension"), "url"), "u");
}

static void test_resource_is_its_parent(void **state)
{
	(void)state;
	assert_int_equal(read_text(IN_A("<resource><B><id value=\"1\"/></B></resource>"
					"<contained><C/></contained><contained><D/></contained>")),
		SF_OK);
	const struct sf_element *resource = sf_element_one(root, "resource");
	assert_string_equal(sf_element_text(resource, "resourceType"), "B");
	assert_string_equal(sf_element_text(resource, "id"), "1");
	assert_int_equal(sf_element_count(root, "contained"), 2);
	assert_int_equal(read_text(IN_A("<resource><B/><C/></resource>")), SF_ERR_FORMAT);
	assert_int_equal(read_text(IN_A("<resource value=\"1\"><B/></resource>")), SF_ERR_FORMAT);
}

static void test_narrative_is_dropped_whatever_it_holds(void **state)
{
	(void)state;
	assert_int_equal(read_text(IN_A("<text><status value=\"generated\"/>"
					"<div xmlns=\"http://www.w3.org/1999/xhtml\">secret<p>"
					"<A xmlns=\"http://hl7.org/fhir\"/></p></div></text>"
					"<a value=\"1\"/>")),
		SF_OK);
	const struct sf_element *narrative = sf_element_one(root, "text");
	assert_string_equal(sf_element_one(narrative, "div")->text, "");
	assert_null(sf_element_one(narrative, "div")->first);
	assert_string_equal(sf_element_text(root, "a"), "1");
}

static void test_foreign_content_is_kept_aside(void **state)
{
	(void)state;
	assert_int_equal(read_text("<A xmlns=\"http://hl7.org/fhir\" xmlns:o=\"urn:o\" "
				   "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
				   "xsi:schemaLocation=\"x y\"><o:a value=\"1\"/>"
				   "<b value=\"2\" o:c=\"3\" d=\"4\"/></A>"),
		SF_OK);
	assert_string_equal(sf_element_text(root, "{urn:o}a"), "1");
	assert_string_equal(sf_element_text(root, "a"), "");
	const struct sf_element *b = sf_element_one(root, "b");
	assert_string_equal(b->text, "2");
	assert_string_equal(sf_element_text(b, "@{urn:o}c"), "3");
	assert_string_equal(sf_element_text(b, "@d"), "4");
	for (const struct sf_element *at = root->first; at; at = at->next)
		assert_true(at->name[0] != '@');
}

static void test_declared_encodings_become_utf8(void **state)
{
	(void)state;
	assert_int_equal(read_text("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" IN_A(
				 "<a value=\"\xe6\"/>")),
		SF_OK);
	assert_string_equal(sf_element_text(root, "a"), "\xc3\xa6");
	assert_int_equal(read_text("<?xml version=\"1.0\" encoding=\"EBCDIC-CP-DK\"?>" IN_A("")),
		SF_ERR_FORMAT);
	assert_int_equal(read_text("\xEF\xBB\xBF" IN_A("<a value=\"\xc3\xa6\"/>")), SF_OK);
	assert_string_equal(sf_element_text(root, "a"), "\xc3\xa6");
}

static void test_what_is_no_fhir_xml_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", " ", "<", "<A/>", "<A xmlns=\"urn:o\"/>",
		"<a xmlns=\"http://hl7.org/fhir\"/>", OPEN, IN_A("text"), IN_A("<a>1</a>"),
		IN_A("<a value=\"1\" value=\"2\"/>"), IN_A("<a value=1/>"), IN_A("") "x",
		IN_A("") OPEN "</A>", IN_A("&unknown;"), IN_A("<a value=\"&unknown;\"/>"),
		IN_A("<a value=\"<\"/>"), IN_A("<a value=\"&#0;\"/>"), IN_A("<o:a/>"),
		IN_A("<a value=\"\xff\"/>"), "<div xmlns=\"http://www.w3.org/1999/xhtml\"/>"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		if (read_text(wrong[i]) != SF_ERR_FORMAT || root || diag.text[0] == '\0')
			fail_msg("case %zu is not refused as it should", i);
}

static void test_document_types_and_entities_are_refused(void **state)
{
	(void)state;
	static const char *const bombs[] = {
		"<!DOCTYPE A>" IN_A(""),
		"<!DOCTYPE A [<!ENTITY a \"secret\">]>" IN_A("<a value=\"&a;\"/>"),
		"<!DOCTYPE A [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
		"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>" IN_A("<a value=\"&c;\"/>"),
		"<!DOCTYPE A SYSTEM \"file:///etc/passwd\">" IN_A(""),
		"<!DOCTYPE A [<!ENTITY % p SYSTEM \"http://x/\"> %p;]>" IN_A(""),
	};
	for (size_t i = 0; i < SF_COUNT(bombs); i++) {
		assert_int_equal(read_text(bombs[i]), SF_ERR_FORMAT);
		assert_non_null(strstr(diag.text, "document type"));
		assert_null(strstr(diag.text, "secret"));
	}
}

static struct sf_view repeat(struct sf_buf *buf, const char *unit, size_t count, const char *middle,
	const char *end, size_t end_count)
{
	sf_buf_clear(buf);
	assert_int_equal(sf_buf_append_text(buf, OPEN), SF_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(sf_buf_append_text(buf, unit), SF_OK);
	assert_int_equal(sf_buf_append_text(buf, middle), SF_OK);
	for (size_t i = 0; i < end_count; i++)
		assert_int_equal(sf_buf_append_text(buf, end), SF_OK);
	assert_int_equal(sf_buf_append_text(buf, "</A>"), SF_OK);
	return sf_buf_view(buf);
}

static void test_depth_nodes_and_size_are_bounded(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 3 * SF_CLINICAL_SIZE_MAX);
	size_t below = SF_TEXT_DEPTH_MAX - 1;
	assert_int_equal(read_view(repeat(&buf, "<a>", below, "", "</a>", below)), SF_OK);
	below++;
	assert_int_equal(read_view(repeat(&buf, "<a>", below, "", "</a>", below)), SF_ERR_LIMIT);
	const char *div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
	assert_int_equal(read_view(repeat(&buf, div, 2000, "", "</div>", 2000)), SF_ERR_LIMIT);
	/* The root and its type are two nodes. */
	size_t nodes = SF_TEXT_NODES_MAX - 2;
	assert_int_equal(read_view(repeat(&buf, "<a/>", nodes, "", "", 0)), SF_OK);
	assert_int_equal(read_view(repeat(&buf, "<a/>", nodes + 1, "", "", 0)), SF_ERR_LIMIT);
	size_t spaces = SF_CLINICAL_SIZE_MAX - strlen(IN_A(""));
	assert_int_equal(read_view(repeat(&buf, " ", spaces, "", "", 0)), SF_OK);
	assert_int_equal(read_view(repeat(&buf, " ", spaces + 1, "", "", 0)), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

static void test_small_arena_is_a_limit(void **state)
{
	(void)state;
	for (size_t size = 0; size < 400; size += 16) {
		struct sf_arena small;
		sf_arena_init(&small, size);
		const struct sf_element *small_root = NULL;
		assert_int_equal(sf_xml_read(sf_view_text(IN_A("<a value=\"1\" x=\"2\"/>"
							       "<o xmlns=\"urn:o\"/>")),
					 &small, &small_root, NULL),
			SF_ERR_LIMIT);
		sf_arena_fini(&small);
	}
}

static int set_up(void **state)
{
	(void)state;
	sf_arena_init(&arena, (size_t)64 * 1024 * 1024);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_repeats_and_attributes_become_members),
		cmocka_unit_test(test_primitive_keeps_its_extension),
		cmocka_unit_test(test_resource_is_its_parent),
		cmocka_unit_test(test_narrative_is_dropped_whatever_it_holds),
		cmocka_unit_test(test_foreign_content_is_kept_aside),
		cmocka_unit_test(test_declared_encodings_become_utf8),
		cmocka_unit_test(test_what_is_no_fhir_xml_is_refused),
		cmocka_unit_test(test_document_types_and_entities_are_refused),
		cmocka_unit_test(test_depth_nodes_and_size_are_bounded),
		cmocka_unit_test(test_small_arena_is_a_limit),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
