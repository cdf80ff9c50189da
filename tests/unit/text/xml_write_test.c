#include "text/xml_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "text/xml.h"

static void test_elements_values_and_escapes(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 1000);
	struct sf_xml_writer writer;
	sf_xml_writer_begin(&writer, &buf);
	sf_xml_open(&writer, "a", "x", "<&>\"'");
	sf_xml_value(&writer, "b", "l\nm\r\t æ");
	sf_xml_open(&writer, "c", NULL, NULL);
	sf_xml_text(&writer, "]]>&");
	sf_xml_close(&writer);
	sf_xml_close(&writer);
	assert_int_equal(sf_xml_writer_end(&writer), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf),
		sf_view_text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
			     "<a x=\"&lt;&amp;&gt;&quot;'\"><b value=\"l&#xA;m&#xD;&#x9; æ\"/>"
			     "<c>]]&gt;&amp;</c></a>")));
	sf_buf_fini(&buf);
}

static void test_what_is_written_is_read_back(void **state)
{
	(void)state;
	static const char value[] = "l1\nl2\r\n\t<a b=\"c\" d='e'>&amp; ]]> æøå  two";
	struct sf_buf buf;
	sf_buf_init(&buf, 1000);
	struct sf_xml_writer writer;
	sf_xml_writer_begin(&writer, &buf);
	sf_xml_open(&writer, "A", "xmlns", SF_XML_FHIR);
	sf_xml_value(&writer, "b", value);
	sf_xml_close(&writer);
	assert_int_equal(sf_xml_writer_end(&writer), SF_OK);
	struct sf_arena arena;
	sf_arena_init(&arena, 100000);
	const struct sf_element *root = NULL;
	assert_int_equal(sf_xml_read(sf_buf_view(&buf), &arena, &root, NULL), SF_OK);
	assert_string_equal(sf_element_text(root, "b"), value);
	sf_arena_fini(&arena);
	sf_buf_fini(&buf);
}

static void test_what_xml_cannot_carry_is_refused(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 1000);
	assert_int_equal(sf_xml_escape(&buf, sf_view_text("\x01")), SF_ERR_FORMAT);
	assert_int_equal(sf_xml_escape(&buf, sf_view_text("\x1f")), SF_ERR_FORMAT);
	assert_int_equal(sf_xml_escape(&buf, sf_view_text("\xff")), SF_ERR_FORMAT);
	assert_int_equal(sf_xml_escape(&buf, sf_view_text("a\xef\xbf\xbe")), SF_ERR_FORMAT);
	assert_int_equal(sf_xml_escape(&buf, sf_view_text("\xef\xbf\xbd")), SF_OK);
	sf_buf_fini(&buf);
	sf_buf_init(&buf, 60);
	struct sf_xml_writer writer;
	sf_xml_writer_begin(&writer, &buf);
	sf_xml_value(&writer, "b", "longer than what is left of the buffer");
	assert_int_equal(sf_xml_writer_end(&writer), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements_values_and_escapes),
		cmocka_unit_test(test_what_is_written_is_read_back),
		cmocka_unit_test(test_what_xml_cannot_carry_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
