#include "cmd/width.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void check_line(const char *text, size_t width, const char *expected)
{
	size_t size = sf_width_line(text, width);
	assert_int_equal(size, strlen(expected));
	assert_memory_equal(text, expected, size);
}

static void test_width_counts_characters(void **state)
{
	(void)state;
	assert_int_equal(sf_width(""), 0);
	assert_int_equal(sf_width("Lægerne på Ærø"), 14);
}

static void test_line_ends_after_a_word(void **state)
{
	(void)state;
	check_line("see to transport", 16, "see to transport");
	check_line("see to transport", 15, "see to");
	check_line("see to transport", 2, "se");
	check_line("æøå æøå", 6, "æøå");
}

static void test_line_ends_after_a_comma_unless_it_is_half_empty(void **state)
{
	(void)state;
	check_line("Aarhus Kommune, Omsorg og Sundhed", 26, "Aarhus Kommune,");
	check_line("A, Sundhed og Omsorg", 14, "A, Sundhed og");
}

static void test_time_and_number_are_not_broken(void **state)
{
	(void)state;
	check_line("accepted, by Fri 27 Nov 18:00", 25, "accepted, by");
	check_line("before Fri 27 Nov 18:00 (clause 2-7)", 35, "before Fri 27 Nov 18:00");
	check_line("Bispebjerg Bakke 23, 2400 København", 24, "Bispebjerg Bakke 23,");
	check_line("Fri 27 Nov 18:00", 10, "Fri 27 Nov");
	assert_int_equal(sf_width_word("by Fri 27 Nov 18:00 (late)"), 16);
	assert_int_equal(sf_width_word("Sundheds- og Omsorgsforvaltningen"), 20);
	assert_int_equal(sf_width_word(""), 0);
}

static void test_cut_keeps_both_ends(void **state)
{
	(void)state;
	assert_string_equal(sf_width_cut("Nordby Sygehus", 14).text, "Nordby Sygehus");
	assert_string_equal(sf_width_cut("Nordby Sygehus", 13).text, "Nordby..gehus");
	assert_string_equal(sf_width_cut("ææææøøøøåååå", 8).text, "æææ..ååå");
}

static void test_sentence_goes_on_below_indented(void **state)
{
	(void)state;
	char text[512];
	FILE *out = tmpfile();
	assert_non_null(out);
	sf_width_print(out,
		"Next: Nordby Kommune must answer the offer of care, medication before Fri 27 Nov "
		"18:00 (clause 2-7). Overdue.",
		6);
	sf_width_print(out, "Next: nothing.", 6);
	rewind(out);
	text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
	fclose(out);
	assert_string_equal(text,
		"Next: Nordby Kommune must answer the offer of care, medication before Fri 27 Nov "
		"18:00 (clause 2-7).\n      Overdue.\nNext: nothing.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width_counts_characters),
		cmocka_unit_test(test_line_ends_after_a_word),
		cmocka_unit_test(test_line_ends_after_a_comma_unless_it_is_half_empty),
		cmocka_unit_test(test_time_and_number_are_not_broken),
		cmocka_unit_test(test_cut_keeps_both_ends),
		cmocka_unit_test(test_sentence_goes_on_below_indented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
