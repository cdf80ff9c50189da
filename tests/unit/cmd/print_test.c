#include "cmd/print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/commands.h"

static void test_show_time_is_local(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "Test-2", 1), 0);
	tzset();
	/* 2026-11-22T13:05:00Z */
	assert_string_equal(sf_show_time(1795352700000).text, "2026-11-22 15:05:00");
	assert_string_equal(sf_show_clock(1795352700999).text, "15:05:00");
	assert_string_equal(sf_show_time(0).text, "-");
}

#define AT_MS ((int64_t)1795352700000) /* 2026-11-22T13:05:00Z */
#define DAY_MS ((int64_t)86400000)

static void test_day_without_a_year_is_near(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "UTC0", 1), 0);
	tzset();
	assert_string_equal(sf_show_day(AT_MS, AT_MS - DAY_MS).text, "Sun 22 Nov 13:05");
	assert_string_equal(sf_show_day(AT_MS, AT_MS + 179 * DAY_MS).text, "Sun 22 Nov 13:05");
	assert_string_equal(sf_show_day(AT_MS, AT_MS + 181 * DAY_MS).text, "2026-11-22 13:05");
	assert_string_equal(sf_show_day(AT_MS, AT_MS - 181 * DAY_MS).text, "2026-11-22 13:05");
	assert_string_equal(sf_show_day(0, 0).text, "-");
}

static void test_span_says_a_day_once(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "UTC0", 1), 0);
	tzset();
	assert_string_equal(
		sf_show_span(AT_MS, AT_MS + 3600000, AT_MS).text, "Sun 22 Nov 13:05 to 14:05");
	assert_string_equal(sf_show_span(AT_MS, AT_MS + DAY_MS, AT_MS).text,
		"Sun 22 Nov 13:05 to Mon 23 Nov 13:05");
	assert_string_equal(sf_show_span(AT_MS, AT_MS, AT_MS).text, "Sun 22 Nov 13:05");
	assert_string_equal(sf_show_span(0, AT_MS, AT_MS).text, "- to Sun 22 Nov 13:05");
}

static void test_table_breaks_what_is_too_wide(void **state)
{
	(void)state;
	static const char *const headings[] = {"WHO", "WHAT", "WHEN"};
	char text[1024];
	FILE *out = tmpfile();
	assert_non_null(out);
	struct sf_table table;
	sf_table_begin(&table, headings, 3);
	table.width_max = SF_SCREEN_WIDTH;
	sf_table_cell(
		&table, "Københavns Kommune, Sundheds- og Omsorgsforvaltningen, Visitationen");
	sf_table_cell(&table, "answer the offer of care, medication, rehabilitation, social");
	sf_table_cell(&table, "Fri 27 Nov 18:00");
	assert_int_equal(sf_table_end(&table, out, "nothing"), SF_EXIT_OK);
	rewind(out);
	text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
	fclose(out);
	assert_string_equal(text,
		"WHO                                       WHAT                                    "
		"  WHEN\n"
		"Københavns Kommune, Sundheds- og          answer the offer of care, medication,   "
		"  Fri 27 Nov 18:00\n"
		"Omsorgsforvaltningen, Visitationen        rehabilitation, social\n");
}

static void print_table(char *ret_text, size_t size, size_t row_count)
{
	static const char *const headings[] = {"A", "B"};
	FILE *out = tmpfile();
	assert_non_null(out);
	struct sf_table table;
	sf_table_begin(&table, headings, 2);
	for (size_t i = 0; i < row_count; i++) {
		sf_table_cell(&table, "%s", i ? "x" : "øøø");
		sf_table_cell(&table, "%zu", i);
	}
	assert_int_equal(sf_table_end(&table, out, "nothing"), SF_EXIT_OK);
	rewind(out);
	ret_text[fread(ret_text, 1, size - 1, out)] = '\0';
	fclose(out);
}

static void test_table_aligns_characters_not_bytes(void **state)
{
	(void)state;
	char text[256];
	print_table(text, sizeof(text), 2);
	assert_string_equal(text, "A    B\nøøø  0\nx    1\n");
	print_table(text, sizeof(text), 0);
	assert_string_equal(text, "nothing\n");
}

/* A party's name is its own choice, and a spreadsheet computes what looks like a formula. */
static void test_no_cell_of_csv_is_a_formula(void **state)
{
	(void)state;
	static const struct {
		const char *text, *cell;
	} rows[] = {
		{"=HYPERLINK(1)", "\"'=HYPERLINK(1)\""},
		{"+1", "\"'+1\""},
		{"-2+3", "\"'-2+3\""},
		{"@SUM(A1)", "\"'@SUM(A1)\""},
		{"\t=1", "\"'\t=1\""},
		{"Nordby \"K\", a=b", "\"Nordby \"\"K\"\", a=b\""},
		{"", "\"\""},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		char text[64];
		FILE *out = tmpfile();
		assert_non_null(out);
		sf_print_csv(out, rows[i].text);
		rewind(out);
		text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
		fclose(out);
		assert_string_equal(text, rows[i].cell);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_show_time_is_local),
		cmocka_unit_test(test_day_without_a_year_is_near),
		cmocka_unit_test(test_span_says_a_day_once),
		cmocka_unit_test(test_table_breaks_what_is_too_wide),
		cmocka_unit_test(test_table_aligns_characters_not_bytes),
		cmocka_unit_test(test_no_cell_of_csv_is_a_formula),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
