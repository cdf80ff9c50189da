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
	static const char *const shown[] = {"<5", "*", "9"};
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

/* Two small ones of four hide each other; of two they would still be fewer than five together. */
static void test_small_cells_hide_each_other_when_they_are_enough(void **state)
{
	(void)state;
	static const struct {
		size_t first, second;
		const char *third;
	} rows[] = {{4, 4, "8"}, {2, 2, "*"}, {4, 1, "8"}};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		struct sf_figures *figures = NULL;
		assert_int_equal(sf_figures_open(SF_FIGURES_MUNICIPALITY, 1, 2, &figures), SF_OK);
		add_stays(figures, 1, "Nordby", rows[i].first);
		add_stays(figures, 2, "Sydby", rows[i].second);
		add_stays(figures, 3, "Vestby", 8);
		sf_figures_sort(figures);
		assert_string_equal(sf_figure_show(&figures->groups[2], SF_INDICATOR_STAYS).text,
			rows[i].third);
		sf_figures_close(&figures);
	}
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
		cmocka_unit_test(test_small_cells_hide_each_other_when_they_are_enough),
		cmocka_unit_test(test_words_of_grouping),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
