#include "text/xml_plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static struct sf_arena arena;
static const struct sf_element *root;
static struct sf_diag diag;

static enum sf_err read_view(struct sf_view xml)
{
	sf_arena_clear(&arena);
	root = NULL;
	diag.text[0] = '\0';
	return sf_xml_read_plain(xml, &arena, &root, &diag);
}

static enum sf_err read_text(const char *xml)
{
	return read_view(sf_view_text(xml));
}

static void test_leaves_have_their_text_and_others_their_members(void **state)
{
	(void)state;
	assert_int_equal(
		read_text("<?xml version=\"1.0\"?><!-- c --><x:A xmlns:x=\"urn:x\" k=\"v\">"
			  "\n <x:b> one\n </x:b><c><d>2</d><d/></c> <b>a&amp;<![CDATA[<]]></b>"
			  "</x:A>"),
		SF_OK);
	assert_string_equal(root->name, "A");
	assert_int_equal(root->kind, SF_ELEMENT_OBJECT);
	assert_null(root->text);
	assert_int_equal(sf_element_count(root, "b"), 2);
	assert_string_equal(sf_element_first(root, "b")->text, "one");
	assert_string_equal(sf_element_first(root, "b")->next->next->text, "a&<");
	const struct sf_element *inner = sf_element_one(root, "c");
	assert_int_equal(sf_element_count(inner, "d"), 2);
	assert_string_equal(sf_element_first(inner, "d")->text, "2");
	assert_string_equal(sf_element_first(inner, "d")->next->text, "");
	assert_null(sf_element_first(root, "k"));
	assert_null(sf_element_first(root, "@k"));
}

static void test_text_beside_elements_is_dropped(void **state)
{
	(void)state;
	assert_int_equal(read_text("<a>before<b>in</b>after</a>"), SF_OK);
	assert_null(root->text);
	assert_string_equal(sf_element_text(root, "b"), "in");
}

static void test_root_alone_is_a_text(void **state)
{
	(void)state;
	assert_int_equal(read_text("<a>\t1 2\r\n</a>"), SF_OK);
	assert_string_equal(root->text, "1 2");
	assert_int_equal(read_text("<a/>"), SF_OK);
	assert_string_equal(root->text, "");
}

static void test_latin_1_becomes_utf_8(void **state)
{
	(void)state;
	assert_int_equal(
		read_text("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe6\xf8\xe5</a>"),
		SF_OK);
	assert_string_equal(root->text, "\xc3\xa6\xc3\xb8\xc3\xa5");
	assert_int_equal(read_text("<a>\xe6\xf8\xe5</a>"), SF_ERR_FORMAT);
}

static void test_what_is_not_well_formed_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", " ", "text", "<a>", "<a></b>", "<a/><b/>",
		"<a>&unknown;</a>", "<!DOCTYPE a><a/>",
		"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_int_equal(read_text(wrong[i]), SF_ERR_FORMAT);
		assert_null(root);
		assert_non_null(strstr(diag.text, "line "));
	}
}

static void test_bounds_are_limits(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 3 * SF_CLINICAL_SIZE_MAX);
	for (size_t i = 0; i <= SF_TEXT_DEPTH_MAX; i++)
		assert_int_equal(sf_buf_append_text(&buf, "<a>"), SF_OK);
	assert_int_equal(read_view(sf_buf_view(&buf)), SF_ERR_LIMIT);
	sf_buf_clear(&buf);
	assert_int_equal(sf_buf_append_text(&buf, "<a>"), SF_OK);
	for (size_t i = 0; i < SF_TEXT_NODES_MAX; i++)
		assert_int_equal(sf_buf_append_text(&buf, "<b/>"), SF_OK);
	assert_int_equal(sf_buf_append_text(&buf, "</a>"), SF_OK);
	assert_int_equal(read_view(sf_buf_view(&buf)), SF_ERR_LIMIT);
	uint8_t *place = NULL;
	assert_int_equal(sf_buf_extend(&buf, SF_CLINICAL_SIZE_MAX, &place), SF_OK);
	assert_int_equal(read_view(sf_buf_view(&buf)), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

static void test_small_arena_is_a_limit(void **state)
{
	(void)state;
	for (size_t size = 0; size < 600; size += 24) {
		struct sf_arena small;
		sf_arena_init(&small, size);
		enum sf_err err = sf_xml_read_plain(
			sf_view_text("<a><b>text</b><c/></a>"), &small, &root, &diag);
		assert_true(err == SF_OK || err == SF_ERR_LIMIT);
		sf_arena_fini(&small);
	}
}

static int setup(void **state)
{
	(void)state;
	sf_arena_init(&arena, 64 * 1024 * 1024);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaves_have_their_text_and_others_their_members),
		cmocka_unit_test(test_text_beside_elements_is_dropped),
		cmocka_unit_test(test_root_alone_is_a_text),
		cmocka_unit_test(test_latin_1_becomes_utf_8),
		cmocka_unit_test(test_what_is_not_well_formed_is_refused),
		cmocka_unit_test(test_bounds_are_limits),
		cmocka_unit_test(test_small_arena_is_a_limit),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
