#include "base/printable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"

static void test_names_of_all_scripts_are_printable(void **state)
{
	(void)state;
	static const char *const names[] = {"", "Anna Hansen", "S\xc3\xb8ren \xc3\x86r\xc3\xb8",
		"\xd8\xa7\xd9\x86\xd8\xa7", "\xe6\x9d\x8e", "\xf0\x9f\x8f\xa5",
		"\xe0\xa4\x95\xe2\x80\x8d\xe0\xa4\xb7", "a\xc2\xa0", "r\xc3\xb8ntgen 1 (kopi).pdf"};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		assert_true(sf_printable(names[i]));
}

static void test_what_hides_or_turns_is_not(void **state)
{
	(void)state;
	static const char *const names[] = {"a\n", "\x1b[2J", "a\x7f", "\xc2\x80",
		"\xc2\x9b"
		"31m",
		"\xc2\x9f",                                 /* C1 */
		"\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f", /* marks of direction */
		"annual_\xe2\x80\xae"
		"fdp.exe",
		"\xe2\x80\xaa",                 /* U+202E, U+202A */
		"\xe2\x81\xa6", "\xe2\x81\xa9", /* U+2066, U+2069 */
		"\xe2\x80\xa8", "\xe2\x80\xa9", /* lines */
		"\xef\xbb\xbf"
		"a",
		"\xef\xbf\xb9", "\xf3\xa0\x80\x81"};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		if (sf_printable(names[i]))
			fail_msg("%zu", i);
}

static void test_what_is_no_utf8_is_not(void **state)
{
	(void)state;
	static const char *const names[] = {"\x80", "\xc2", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf",
		"\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
		"a\xe2\x80", "\xe2"};
	for (size_t i = 0; i < SF_COUNT(names); i++) {
		bool good = true;
		assert_false(sf_printable(names[i]));
		assert_int_equal(sf_printable_step(names[i] + (names[i][0] == 'a'), &good), 1);
		assert_false(good);
	}
}

static void test_steps_are_whole_characters(void **state)
{
	(void)state;
	const char *text = "a\xc3\xb8\xe2\x80\xae\xf0\x9f\x8f\xa5";
	static const size_t sizes[] = {1, 2, 3, 4};
	static const bool goods[] = {true, true, false, true};
	for (size_t i = 0; i < SF_COUNT(sizes); i++) {
		bool good = !goods[i];
		assert_int_equal(sf_printable_step(text, &good), sizes[i]);
		assert_int_equal(good, goods[i]);
		text += sizes[i];
	}
	assert_int_equal(*text, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_all_scripts_are_printable),
		cmocka_unit_test(test_what_hides_or_turns_is_not),
		cmocka_unit_test(test_what_is_no_utf8_is_not),
		cmocka_unit_test(test_steps_are_whole_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
