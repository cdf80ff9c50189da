#include "view/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/view/page.h"

static void test_nothing_is_null(void **state)
{
	(void)state;
	const struct sf_id none = {{0}};
	const struct sf_digest no_digest = {{0}};
	struct page page;
	struct sf_json_writer *writer = page_begin(&page);
	sf_json_id(writer, "id", none);
	sf_json_digest(writer, "digest", &no_digest);
	sf_json_time(writer, "time", 0);
	sf_json_time(writer, "until", SF_LEDGER_OPEN);
	sf_json_word(writer, "word", sf_ack_text(SF_ACK_NONE));
	sf_json_party(writer, "party", none, NULL);
	sf_json_domains(writer, "domains", 0);
	sf_json_code(writer, 0, SF_ACK_NONE);
	assert_string_equal(text_of(&page),
		"{\"id\":null,\"digest\":null,\"time\":null,\"until\":null,\"word\":null,"
		"\"party\":null,\"party_name\":null,\"domains\":[],\"code\":null}");
	page_end(&page);
}

static void test_values_have_one_form(void **state)
{
	(void)state;
	const struct sf_id id = {{0xab, 0xcd}};
	struct page page;
	struct sf_json_writer *writer = page_begin(&page);
	sf_json_party(writer, "party", id, "Ærø \"Kommune\"");
	sf_json_time(writer, "time", 1795352700042);
	sf_json_domains(
		writer, "domains", SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL));
	assert_string_equal(text_of(&page),
		"{\"party\":\"abcd0000000000000000000000000000\","
		"\"party_name\":\"Ærø \\\"Kommune\\\"\",\"time\":\"2026-11-22T13:05:00.042Z\","
		"\"domains\":[\"care\",\"social\"]}");
	page_end(&page);
}

/* What a peer is called may turn what stands beside it around, or move a cursor. */
static void test_names_hide_nothing(void **state)
{
	(void)state;
	const struct sf_id id = {{0xab}};
	struct page page;
	struct sf_json_writer *writer = page_begin(&page);
	sf_json_name(writer, "good", "r\xc3\xb8ntgen.pdf");
	sf_json_name(writer, "turned",
		"annual_\xe2\x80\xae"
		"fdp.exe");
	sf_json_name(writer, "none", "");
	sf_json_party(writer, "party", id,
		"a\xc2\x9b"
		"b");
	assert_string_equal(text_of(&page),
		"{\"good\":\"r\xc3\xb8ntgen.pdf\",\"turned\":\"annual_?fdp.exe\",\"none\":\"\","
		"\"party\":\"ab000000000000000000000000000000\",\"party_name\":\"a?b\"}");
	page_end(&page);
}

static void test_code_is_of_acknowledgement_or_of_recording(void **state)
{
	(void)state;
	struct page page;
	struct sf_json_writer *writer = page_begin(&page);
	sf_json_array(writer, "codes");
	sf_json_object(writer, NULL);
	sf_json_code(writer, 5, SF_ACK_NONE);
	sf_json_close(writer);
	sf_json_object(writer, NULL);
	sf_json_code(writer, 5, SF_ACK_FATAL_ERROR);
	sf_json_close(writer);
	sf_json_close(writer);
	assert_string_equal(
		text_of(&page), "{\"codes\":[{\"code\":\"offer-closed\"},{\"code\":\"slot\"}]}");
	page_end(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_null),
		cmocka_unit_test(test_values_have_one_form),
		cmocka_unit_test(test_names_hide_nothing),
		cmocka_unit_test(test_code_is_of_acknowledgement_or_of_recording),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
