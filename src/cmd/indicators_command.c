/* `stafet indicators` (view/figures.h). */
#include <stdio.h>
#include <string.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "cmd/when.h"
#include "view/figures.h"
#include "view/month.h"

static int count_all(struct sf_session *session, struct sf_figures *figures)
{
	struct sf_request request = {.kind = SF_REQUEST_MEASURES,
		.measures = {.from_ms = figures->from_ms, .to_ms = figures->to_ms}};
	for (;;) {
		int code = sf_session_ask(session, &request);
		if (code)
			return code;
		const struct sf_reply_measures *page = &session->reply.measures;
		enum sf_err err = sf_figures_add(figures, page);
		if (err)
			return sf_exit_failed(err, NULL);
		if (sf_id_is_none(page->last))
			return SF_EXIT_OK;
		request.measures.after = page->last;
	}
}

static int print_screen(const struct sf_figures *figures)
{
	static const char *const headings[] = {"INDICATOR", "VALUE", "UNIT", "CASES"};
	int code = SF_EXIT_OK;
	for (size_t i = 0; !code && i < figures->count; i++) {
		const struct sf_figures_group *group = &figures->groups[i];
		struct sf_table table;
		printf("%s%s\n", i ? "\n" : "", group->name);
		sf_table_begin(&table, headings, SF_COUNT(headings));
		for (int k = 1; k < SF_INDICATOR_COUNT; k++) {
			enum sf_indicator indicator = (enum sf_indicator)k;
			sf_table_cell(&table, "%s", sf_indicator_text(indicator));
			sf_table_cell(&table, "%s", sf_figure_show(group, indicator).text);
			sf_table_cell(&table, "%s", sf_indicator_unit(indicator));
			sf_table_cell(&table, "%s", sf_figure_cases(group, indicator).text);
		}
		code = sf_table_end(&table, stdout, "");
	}
	if (figures->count == 0)
		printf("no discharges in this period\n");
	printf("\nDefinitions\n");
	for (int k = 1; k < SF_INDICATOR_COUNT; k++)
		printf("  %s: %s\n", sf_indicator_text((enum sf_indicator)k),
			sf_indicator_definition((enum sf_indicator)k));
	return code;
}

static int print_csv(const struct sf_figures *figures)
{
	printf("group,indicator,value,unit,cases,definition\r\n");
	for (size_t i = 0; i < figures->count; i++) {
		const struct sf_figures_group *group = &figures->groups[i];
		for (int k = 1; k < SF_INDICATOR_COUNT; k++) {
			enum sf_indicator indicator = (enum sf_indicator)k;
			struct sf_shown value = sf_figure_show(group, indicator);
			sf_print_csv(stdout, group->name);
			printf(",%s,%s,%s,%s,", sf_indicator_text(indicator),
				strcmp(value.text, "-") == 0 ? "" : value.text,
				sf_indicator_unit(indicator),
				sf_figure_cases(group, indicator).text);
			sf_print_csv(stdout, sf_indicator_definition(indicator));
			printf("\r\n");
		}
	}
	return SF_EXIT_OK;
}

static int read_period(
	const struct sf_arguments *arguments, int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	int32_t from = 0, to = 0;
	if (sf_when_read_day(sf_arguments_text(arguments, "from"), &from) ||
		sf_when_read_day(sf_arguments_text(arguments, "to"), &to) ||
		!sf_month_of_days(from, to, ret_from_ms, ret_to_ms))
		return sf_exit_usage("indicators: --from and --to are the first and the last day "
				     "of one calendar month, like 2026-11-01 and 2026-11-30");
	return SF_EXIT_OK;
}

static int print_json(const struct sf_figures *figures)
{
	struct sf_json_page page;
	sf_json_figures_members(sf_json_page_begin(&page), figures);
	return sf_json_page_end(&page);
}

static int count_and_print(const struct sf_arguments *arguments, struct sf_figures *figures)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = count_all(&session, figures);
	sf_session_close(&session);
	if (code)
		return code;
	sf_figures_sort(figures);
	if (arguments->json)
		return print_json(figures);
	return sf_arguments_flag(arguments, "csv") ? print_csv(figures) : print_screen(figures);
}

int sf_command_indicators(const struct sf_arguments *arguments)
{
	enum sf_figures_by by = SF_FIGURES_ALL;
	int64_t from_ms = 0, to_ms = 0;
	if (sf_figures_by_text(sf_arguments_text(arguments, "by"), &by))
		return sf_exit_usage("indicators: --by is municipality, planning-area or pathway");
	int code = read_period(arguments, &from_ms, &to_ms);
	if (!code && arguments->json && sf_arguments_flag(arguments, "csv"))
		code = sf_exit_usage("indicators: --csv or --json, not both");
	if (code)
		return code;
	struct sf_figures *figures = NULL;
	enum sf_err err = sf_figures_open(by, from_ms, to_ms, &figures);
	code = err ? sf_exit_failed(err, NULL) : count_and_print(arguments, figures);
	sf_figures_close(&figures);
	return code;
}
