#include "view/shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void test_show_text_keeps_letters_and_drops_controls(void **state)
{
	(void)state;
	assert_string_equal(sf_show_text("Ærø Kommune").text, "Ærø Kommune");
	/* An escape sequence, a carriage return, C1's CSI, and bytes that are no UTF-8. */
	assert_string_equal(sf_show_text("a\x1b[2Jb").text, "a?[2Jb");
	assert_string_equal(sf_show_text("a\rb\n").text, "a?b?");
	assert_string_equal(sf_show_text("a\xc2\x9b"
					 "b")
				    .text,
		"a?b");
	assert_string_equal(sf_show_text("a\xc3").text, "a?");
	/* What turns the order around of what is read. */
	assert_string_equal(sf_show_text("annual_\xe2\x80\xae"
					 "fdp.exe")
				    .text,
		"annual_?fdp.exe");
	assert_string_equal(sf_show_text("\xff").text, "?");
	assert_string_equal(sf_show_text(NULL).text, "");
}

static void test_show_text_cuts_between_characters(void **state)
{
	(void)state;
	char text[400];
	for (size_t i = 0; i < sizeof(text) - 1; i += 2)
		memcpy(text + i, "ø", 2);
	text[sizeof(text) - 2] = '\0';
	struct sf_shown shown = sf_show_text(text);
	assert_int_equal(strlen(shown.text) % 2, 0);
	assert_in_range(strlen(shown.text), 1, sizeof(shown.text) - 1);
}

static void test_show_values(void **state)
{
	(void)state;
	const struct sf_id none = {{0}};
	const struct sf_id id = {{0xab}};
	assert_string_equal(sf_show_id(none).text, "-");
	assert_string_equal(sf_show_id(id).text, "ab000000000000000000000000000000");
	assert_string_equal(sf_show_domains(0).text, "-");
	assert_string_equal(sf_show_domains(SF_DOMAIN_ALL).text,
		"medical, care, medication, rehabilitation, social");
	assert_string_equal(sf_show_party("", none).text, "-");
	assert_string_equal(sf_show_party("", id).text, "ab000000000000000000000000000000");
	assert_string_equal(sf_show_party("Nordby", id).text, "Nordby");
}

static void test_words_end_where_they_have_no_room(void **state)
{
	(void)state;
	struct sf_words words = {""};
	for (size_t i = 0; i < sizeof(words.text); i++)
		sf_words_add(&words, "%s", "x");
	assert_int_equal(strlen(words.text), sizeof(words.text) - 1);
}

static void test_duty_is_named_by_the_clause_that_asks_for_it(void **state)
{
	(void)state;
	assert_string_equal(sf_duty_name(SF_DUTY_EXPECTATION, "care-plan").text, "care-plan");
	assert_string_equal(
		sf_duty_name(SF_DUTY_EXPECTATION, "").text, sf_duty_text(SF_DUTY_EXPECTATION));
	assert_string_equal(
		sf_duty_name(SF_DUTY_HOME_CARE, "care-plan").text, sf_duty_text(SF_DUTY_HOME_CARE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_show_text_keeps_letters_and_drops_controls),
		cmocka_unit_test(test_show_text_cuts_between_characters),
		cmocka_unit_test(test_show_values),
		cmocka_unit_test(test_words_end_where_they_have_no_room),
		cmocka_unit_test(test_duty_is_named_by_the_clause_that_asks_for_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
