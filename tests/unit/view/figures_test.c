#include "view/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "unit/view/page.h"

/* A page of `count` transitions of one municipality, each one stay. */
static void add_stays(
	struct sf_figures *figures, uint8_t municipality, const char *name, size_t count)
{
	static const struct sf_measure_row stay = {SF_INDICATOR_STAYS, 1, 1, 0};
	struct sf_transition_measure_row rows[16];
	assert_true(count <= SF_COUNT(rows));
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct sf_transition_measure_row){.municipality = {{municipality}},
			.municipality_name = name,
			.hospital_name = "Nordby Sygehus",
			.measure_count = 1,
			.measures = &stay};
	assert_int_equal(sf_figures_add(figures,
				 &(struct sf_reply_measures){.row_count = count, .rows = rows}),
		SF_OK);
}

static void test_groups_are_summed_over_pages_and_sorted(void **state)
{
	(void)state;
	struct sf_figures *figures = NULL;
	assert_int_equal(sf_figures_open(SF_FIGURES_MUNICIPALITY, 1, 2, &figures), SF_OK);
	add_stays(figures, 2, "Sydby", 6);
	add_stays(figures, 1, "Nordby", 4);
	add_stays(figures, 2, "Sydby", 1);
	add_stays(figures, 1, "Nordby", 1);
	sf_figures_sort(figures);
	assert_int_equal(figures->count, 2);
	assert_string_equal(figures->groups[0].name, "Nordby");
	assert_string_equal(sf_figure_show(&figures->groups[0], SF_INDICATOR_STAYS).text, "5");
	assert_string_equal(sf_figure_show(&figures->groups[1], SF_INDICATOR_STAYS).text, "7");
	sf_figures_close(&figures);
	assert_null(figures);
}

static void test_small_cell_is_not_shown(void **state)
{
	(void)state;
	struct sf_figures *figures = NULL;
	struct page page;
	assert_int_equal(sf_figures_open(SF_FIGURES_ALL, 1, 2, &figures), SF_OK);
	add_stays(figures, 1, "Nordby", SF_CELL_MIN - 1);
	assert_string_equal(sf_figure_show(&figures->groups[0], SF_INDICATOR_STAYS).text, "<5");
	assert_string_equal(sf_figure_cases(&figures->groups[0], SF_INDICATOR_STAYS).text, "<5");
	sf_json_figures_members(page_begin(&page), figures);
	assert_non_null(strstr(text_of(&page),
		"\"indicator\":\"stays\",\"value\":\"<5\",\"unit\":\"stays\","
		"\"cases\":null,\"small\":true"));
	page_end(&page);
	sf_figures_close(&figures);
}

/* All are known from the question without groups: what is shown must not leave one small cell. */
static void test_small_cell_is_not_what_the_others_leave_of_the_sum(void **state)
{
	(void)state;
	struct sf_figures *figures = NULL;
	struct page page;
	assert_int_equal(sf_figures_open(SF_FIGURES_MUNICIPALITY, 1, 2, &figures), SF_OK);
	add_stays(figures, 1, "Nordby", 2);
	add_stays(figures, 2, "Sydby", 7);
	add_stays(figures, 3, "Vestby", 9);
	sf_figures_sort(figures);
	static const char *const shown[] = {"*", "*", "9"};
	for (size_t i = 0; i < SF_COUNT(shown); i++) {
		const struct sf_figures_group *group = &figures->groups[i];
		assert_string_equal(sf_figure_show(group, SF_INDICATOR_STAYS).text, shown[i]);
		assert_string_equal(sf_figure_cases(group, SF_INDICATOR_STAYS).text, shown[i]);
	}
	sf_json_figures_members(page_begin(&page), figures);
	assert_non_null(strstr(text_of(&page),
		"\"value\":\"*\",\"unit\":\"stays\",\"cases\":null,\"small\":true"));
	page_end(&page);
	sf_figures_close(&figures);
}

/*
 * Of two that are known to be small the sum tells too much: 8 is four and four, 6 beside a hidden
 * one is one and five. So one that is not small is hidden, too, and no mark says which.
 */
static void test_small_cells_are_hidden_beside_one_that_is_not_and_alike(void **state)
{
	(void)state;
	static const struct {
		size_t cells[4];
		const char *shown[4];
	} rows[] = {
		{{4, 4, 8, 9}, {"*", "*", "*", "9"}},
		{{2, 2, 8, 9}, {"*", "*", "*", "9"}},
		{{4, 1, 8, 9}, {"*", "*", "*", "9"}},
		{{1, 5, 6, 7}, {"*", "*", "6", "7"}},
		{{3, 5, 5, 12}, {"*", "*", "5", "12"}},
		{{5, 6, 7, 8}, {"5", "6", "7", "8"}},
		{{4, 4, 0, 0}, {"*", "*", "0", "0"}},
		{{4, 0, 0, 0}, {"<5", "0", "0", "0"}},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		struct sf_figures *figures = NULL;
		assert_int_equal(sf_figures_open(SF_FIGURES_MUNICIPALITY, 1, 2, &figures), SF_OK);
		static const char *const names[] = {"Nordby", "Sydby", "Vestby", "Østby"};
		for (size_t k = 0; k < SF_COUNT(names); k++)
			add_stays(figures, (uint8_t)(k + 1), names[k], rows[i].cells[k]);
		sf_figures_sort(figures);
		for (size_t k = 0; k < figures->count; k++)
			assert_string_equal(
				sf_figure_cases(&figures->groups[k], SF_INDICATOR_STAYS).text,
				rows[i].shown[k]);
		sf_figures_close(&figures);
	}
}

/* A municipality's whole sum of one indicator. */
static void add_cell(struct sf_figures *figures, uint8_t municipality, const char *name,
	enum sf_indicator indicator, int64_t cases, int64_t count)
{
	const struct sf_measure_row cell = {indicator, cases, count, 0};
	const struct sf_transition_measure_row row = {.municipality = {{municipality}},
		.municipality_name = name,
		.hospital_name = "Nordby Sygehus",
		.measure_count = 1,
		.measures = &cell};
	assert_int_equal(
		sf_figures_add(figures, &(struct sf_reply_measures){.row_count = 1, .rows = &row}),
		SF_OK);
}

static void assert_cell(const struct sf_figures *figures, size_t group, enum sf_indicator indicator,
	const char *value, const char *cases)
{
	assert_string_equal(sf_figure_show(&figures->groups[group], indicator).text, value);
	assert_string_equal(sf_figure_cases(&figures->groups[group], indicator).text, cases);
}

/* 10 % of 10 is one person, and "1" is as well. */
static void test_few_with_it_or_without_are_small_in_a_large_cell(void **state)
{
	(void)state;
	struct sf_figures *figures = NULL;
	struct page page;
	assert_int_equal(sf_figures_open(SF_FIGURES_ALL, 1, 2, &figures), SF_OK);
	add_cell(figures, 1, "Nordby", SF_INDICATOR_READMISSION_30, 10, 1);
	add_cell(figures, 1, "Nordby", SF_INDICATOR_LETTER_IN_TIME, 10, 9);
	add_cell(figures, 1, "Nordby", SF_INDICATOR_CLOSED_BY_HAND, 10, 1);
	add_cell(figures, 1, "Nordby", SF_INDICATOR_REPORT_IN_TIME, 10, 5);
	sf_figures_sort(figures);
	assert_cell(figures, 0, SF_INDICATOR_READMISSION_30, "*", "*");
	assert_cell(figures, 0, SF_INDICATOR_LETTER_IN_TIME, "*", "*");
	assert_cell(figures, 0, SF_INDICATOR_CLOSED_BY_HAND, "<5", "*");
	assert_cell(figures, 0, SF_INDICATOR_REPORT_IN_TIME, "50.0", "10");
	sf_json_figures_members(page_begin(&page), figures);
	assert_non_null(strstr(text_of(&page),
		"\"indicator\":\"readmission-30-days\",\"value\":\"*\",\"unit\":\"percent\","
		"\"cases\":null,\"small\":true"));
	page_end(&page);
	sf_figures_close(&figures);
}

/* Of all 17 of 60 are shown; what Sydby and Vestby have of them would leave the one of Nordby. */
static void test_few_with_it_are_not_what_the_others_leave_of_the_sum(void **state)
{
	(void)state;
	const enum sf_indicator indicator = SF_INDICATOR_READMISSION_30;
	struct sf_figures *figures = NULL;
	assert_int_equal(sf_figures_open(SF_FIGURES_MUNICIPALITY, 1, 2, &figures), SF_OK);
	add_cell(figures, 1, "Nordby", indicator, 10, 1);
	add_cell(figures, 2, "Sydby", indicator, 20, 7);
	add_cell(figures, 3, "Vestby", indicator, 30, 9);
	sf_figures_sort(figures);
	assert_cell(figures, 0, indicator, "*", "*");
	assert_cell(figures, 1, indicator, "*", "*");
	assert_cell(figures, 2, indicator, "30.0", "30");
	sf_figures_close(&figures);
	/* Beside two that are small there is one that is not. */
	assert_int_equal(sf_figures_open(SF_FIGURES_MUNICIPALITY, 1, 2, &figures), SF_OK);
	add_cell(figures, 1, "Nordby", indicator, 10, 1);
	add_cell(figures, 2, "Sydby", indicator, 10, 2);
	add_cell(figures, 3, "Vestby", indicator, 30, 9);
	sf_figures_sort(figures);
	assert_cell(figures, 2, indicator, "*", "*");
	sf_figures_close(&figures);
}

static void test_how_many_had_a_lead_is_how_many_had_a_plan(void **state)
{
	(void)state;
	struct sf_figures *figures = NULL;
	assert_int_equal(sf_figures_open(SF_FIGURES_ALL, 1, 2, &figures), SF_OK);
	add_cell(figures, 1, "Nordby", SF_INDICATOR_PLANNED, 10, 8);
	add_cell(figures, 1, "Nordby", SF_INDICATOR_PLAN_LEAD, 8, 8);
	sf_figures_sort(figures);
	assert_cell(figures, 0, SF_INDICATOR_PLANNED, "*", "*");
	assert_cell(figures, 0, SF_INDICATOR_PLAN_LEAD, "*", "*");
	sf_figures_close(&figures);
}

static void test_words_of_grouping(void **state)
{
	(void)state;
	enum sf_figures_by by = SF_FIGURES_ALL;
	assert_int_equal(sf_figures_by_text("planning-area", &by), SF_OK);
	assert_int_equal(by, SF_FIGURES_PLANNING_AREA);
	assert_int_equal(sf_figures_by_text("ward", &by), SF_ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups_are_summed_over_pages_and_sorted),
		cmocka_unit_test(test_small_cell_is_not_shown),
		cmocka_unit_test(test_small_cell_is_not_what_the_others_leave_of_the_sum),
		cmocka_unit_test(test_small_cells_are_hidden_beside_one_that_is_not_and_alike),
		cmocka_unit_test(test_few_with_it_or_without_are_small_in_a_large_cell),
		cmocka_unit_test(test_few_with_it_are_not_what_the_others_leave_of_the_sum),
		cmocka_unit_test(test_how_many_had_a_lead_is_how_many_had_a_plan),
		cmocka_unit_test(test_words_of_grouping),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
