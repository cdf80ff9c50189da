#include "format/hl7.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct sf_arena arena;
static struct sf_issues issues;
static struct sf_hl7 hl7;

static bool split(const char *text)
{
	issues.count = 0;
	sf_arena_clear(&arena);
	return sf_hl7_split(sf_view_text(text), &hl7, &issues);
}

static void assert_field(const char *segment, size_t number, const char *expected)
{
	struct sf_view field = sf_hl7_field(&hl7, sf_hl7_segment(&hl7, segment), number);
	assert_true(sf_hl7_is(field, expected));
}

static void assert_text(const char *field, const char *expected)
{
	assert_string_equal(sf_hl7_text(&hl7, sf_view_text(field), &arena), expected);
}

static void assert_refused(const char *text, const char *expression)
{
	assert_false(split(text));
	assert_int_equal(issues.count, 1);
	assert_string_equal(issues.items[0].expression, expression);
}

static void test_fields_are_counted_as_hl7_does(void **state)
{
	(void)state;
	assert_true(split("MSH|^~\\&|EPJ|AUH\rPID|1||610190-x^^^CPR~77^^^LOK"));
	assert_int_equal(hl7.segment_count, 2);
	assert_field("MSH", 1, "|");
	assert_field("MSH", 2, "^~\\&");
	assert_field("MSH", 3, "EPJ");
	assert_field("MSH", 4, "AUH");
	assert_field("MSH", 5, "");
	assert_field("PID", 1, "1");
	assert_field("PID", 2, "");
	assert_field("PID", 0, "");
	assert_field("PV1", 1, "");
	struct sf_view field = sf_hl7_field(&hl7, sf_hl7_segment(&hl7, "PID"), 3);
	struct sf_view second = sf_hl7_repetition(&hl7, field, 2);
	assert_true(sf_hl7_is(sf_hl7_component(&hl7, second, 1), "77"));
	assert_true(sf_hl7_is(sf_hl7_component(&hl7, second, 4), "LOK"));
	assert_int_equal(sf_hl7_component(&hl7, second, 5).size, 0);
	assert_int_equal(sf_hl7_repetition(&hl7, field, 3).size, 0);
	assert_true(sf_hl7_is(
		sf_hl7_subcomponent(&hl7, sf_view_text("CPR&1.2.208&ISO"), 2), "1.2.208"));
}

static void test_every_end_of_a_segment_is_read(void **state)
{
	(void)state;
	assert_true(split("MSH|^~\\&|A\r\nEVN|A01\n\n  \rPV1||I\r\r\n"));
	assert_int_equal(hl7.segment_count, 3);
	assert_field("MSH", 3, "A");
	assert_field("EVN", 1, "A01");
	assert_field("PV1", 2, "I");
}

static void test_separators_are_the_senders(void **state)
{
	(void)state;
	assert_true(split("MSH#*+!:#EPJ\rPID#1##x*y+z"));
	assert_field("MSH", 3, "EPJ");
	struct sf_view field = sf_hl7_field(&hl7, sf_hl7_segment(&hl7, "PID"), 3);
	assert_true(sf_hl7_is(sf_hl7_component(&hl7, sf_hl7_repetition(&hl7, field, 1), 2), "y"));
	assert_text("a!F!b!S!c!R!d!E!e!T!", "a#b*c+d!e:");
	/* Version 2.7 has a fifth; a lone component separator is enough. */
	assert_true(split("MSH|^~\\&#|EPJ"));
	assert_true(split("MSH|^|EPJ"));
	assert_int_equal(hl7.escape, 0);
	assert_text("a\\b", "a\\b");
}

static void test_what_is_no_header_is_refused(void **state)
{
	(void)state;
	assert_refused("", "MSH");
	assert_refused("\r\n\r\n", "MSH");
	assert_refused("PID|1", "MSH");
	assert_refused("MSH", "MSH");
	assert_refused("MSH|", "MSH");
	assert_refused("MSH||EPJ", "MSH");
	assert_refused("MSH|^^\\&|EPJ", "MSH");
	assert_refused("MSHA^~\\&AEPJ", "MSH");
	assert_refused("MSH|^~\\&#+|EPJ", "MSH");
	assert_int_equal(hl7.segment_count, 0);
}

static void test_charsets_are_those_of_table_0211_that_are_read(void **state)
{
	(void)state;
	assert_true(split("MSH|^~\\&|A|||||||||||||||8859/1\rPID|\xc5se"));
	assert_text("\xc5se \xf8", "Åse ø");
	assert_true(split("MSH|^~\\&|A|||||||||||||||UNICODE UTF-8\rPID|Åse"));
	assert_text("Åse", "Åse");
	assert_true(split("MSH|^~\\&|A|||||||||||||||ASCII\rPID|Ase"));
	assert_refused("MSH|^~\\&|A|||||||||||||||UNICODE UTF-16", "MSH-18");
	assert_refused("MSH|^~\\&|A|||||||||||||||8859/1~ISO IR87", "MSH-18");
	assert_refused("MSH|^~\\&|A\rPID|\xc5se", "MSH-18");
	assert_refused("MSH|^~\\&|A|||||||||||||||UNICODE UTF-8\rPID|\xc5se", "MSH-18");
	assert_int_equal(hl7.segment_count, 2);
}

static void test_escapes_and_control_characters(void **state)
{
	(void)state;
	assert_true(split("MSH|^~\\&|A|||||||||||||||8859/1"));
	assert_text("a\\.br\\b\\H\\c\\N\\d", "a bcd");
	assert_text("\\X41C5\\", "AÅ");
	assert_text("\\X4\\x", "x");
	assert_text("\\Xzz\\x", "x");
	assert_text("50\\50", "50\\50");
	assert_text("a\tb\x01"
		    "c",
		"a bc");
	assert_text("\"\"", "");
	assert_text("", "");
	char many[SF_HL7_TEXT_SIZE_MAX + 8];
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	assert_text(many, "");
	/* Hexadecimal may spell what is no UTF-8. */
	assert_true(split("MSH|^~\\&|A|||||||||||||||UNICODE UTF-8"));
	assert_text("\\XC5\\", "");
}

static void test_too_many_segments_are_refused(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_buf_append_text(&buf, "MSH|^~\\&|A"), SF_OK);
	for (size_t i = 0; i < SF_HL7_SEGMENTS_MAX; i++)
		assert_int_equal(sf_buf_append_text(&buf, "\rNTE|x"), SF_OK);
	issues.count = 0;
	assert_false(sf_hl7_split(sf_buf_view(&buf), &hl7, &issues));
	assert_string_equal(issues.items[0].code, SF_MSG_ELEMENT_TOO_LONG);
	sf_buf_fini(&buf);
}

static int open_arena(void **state)
{
	(void)state;
	sf_arena_init(&arena, 1 << 20);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_are_counted_as_hl7_does),
		cmocka_unit_test(test_every_end_of_a_segment_is_read),
		cmocka_unit_test(test_separators_are_the_senders),
		cmocka_unit_test(test_what_is_no_header_is_refused),
		cmocka_unit_test(test_charsets_are_those_of_table_0211_that_are_read),
		cmocka_unit_test(test_escapes_and_control_characters),
		cmocka_unit_test(test_too_many_segments_are_refused),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
