#include "text/fhir_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void write_sample(bool xml, struct sf_buf *buf)
{
	struct sf_fhir_writer writer;
	sf_fhir_begin(&writer, xml, "Bundle", buf);
	sf_fhir_text(&writer, "id", "i");
	sf_fhir_text(&writer, "gone", "");
	sf_fhir_bool(&writer, "active", true);
	sf_fhir_int(&writer, "total", -12);
	sf_fhir_list(&writer, "entry");
	sf_fhir_object(&writer, NULL);
	sf_fhir_resource(&writer, "resource", "Patient");
	sf_fhir_narrative(&writer, "a < b");
	sf_fhir_list(&writer, "extension");
	sf_fhir_extension(&writer, "u");
	sf_fhir_text(&writer, "valueCode", "\"c\"");
	sf_fhir_close(&writer);
	sf_fhir_close(&writer);
	sf_fhir_list(&writer, "given");
	sf_fhir_text(&writer, NULL, "x");
	sf_fhir_text(&writer, NULL, "y");
	sf_fhir_close(&writer);
	sf_fhir_close(&writer);
	sf_fhir_close(&writer);
	sf_fhir_close(&writer);
	assert_int_equal(sf_fhir_end(&writer), SF_OK);
}

static void assert_written(bool xml, const char *expected)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 4096);
	write_sample(xml, &buf);
	assert_int_equal(sf_buf_append(&buf, sf_view_of("", 1)), SF_OK);
	assert_string_equal((const char *)buf.data, expected);
	sf_buf_fini(&buf);
}

static void test_json_has_types_lists_and_escapes(void **state)
{
	(void)state;
	assert_written(false,
		"{\"resourceType\":\"Bundle\",\"id\":\"i\",\"active\":true,\"total\":-12,\"entry\":"
		"[{\"resource\":{"
		"\"resourceType\":\"Patient\",\"text\":{\"status\":\"generated\",\"div\":"
		"\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>a &lt; b</p></div>\"},"
		"\"extension\":[{\"url\":\"u\",\"valueCode\":\"\\\"c\\\"\"}],"
		"\"given\":[\"x\",\"y\"]}}]}");
}

static void test_xml_has_attributes_and_repeated_elements(void **state)
{
	(void)state;
	assert_written(true,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Bundle xmlns=\"http://hl7.org/fhir\">"
		"<id value=\"i\"/><active value=\"true\"/><total "
		"value=\"-12\"/><entry><resource><Patient><text><status value=\"generated\"/>"
		"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a &lt; b</p></div></text>"
		"<extension url=\"u\"><valueCode value=\"&quot;c&quot;\"/></extension>"
		"<given value=\"x\"/><given value=\"y\"/></Patient></resource></entry></Bundle>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_has_types_lists_and_escapes),
		cmocka_unit_test(test_xml_has_attributes_and_repeated_elements),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
