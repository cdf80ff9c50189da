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
	sf_figures_sort(figures);
	assert_int_equal(figures->count, 2);
	assert_string_equal(figures->groups[0].name, "Nordby");
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
		cmocka_unit_test(test_words_of_grouping),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
