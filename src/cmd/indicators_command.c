/*
 * `stafet indicators`: what each transition of a period adds, summed by municipality, planning area
 * [planområde: a hospital and its municipalities] or pathway. Cells of fewer than SF_CELL_MIN
 * transitions are not shown, so that no figure tells of a person.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/measures.h"
#include "cmd/when.h"
#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

/* Parties of one region; more groups than this are no region. */
#define GROUPS_MAX 1024

enum by { BY_ALL, BY_MUNICIPALITY, BY_PLANNING_AREA, BY_PATHWAY };

struct group {
	struct sf_id party;
	enum sf_pathway pathway;
	char name[128];
	struct sf_measures sum;
};

struct counting {
	enum by by;
	struct group *groups; /* owned */
	size_t count;
	int64_t from_ms, to_ms;
};

static int choose_by(const char *word, enum by *ret_by)
{
	static const struct {
		const char *word;
		enum by by;
	} words[] = {{"", BY_ALL}, {"municipality", BY_MUNICIPALITY},
		{"planning-area", BY_PLANNING_AREA}, {"pathway", BY_PATHWAY}};
	for (size_t i = 0; i < SF_COUNT(words); i++) {
		if (strcmp(word, words[i].word) != 0)
			continue;
		*ret_by = words[i].by;
		return SF_EXIT_OK;
	}
	return sf_exit_usage("indicators: --by is municipality, planning-area or pathway");
}

/* A group as a row names it, still without a sum. */
static struct group group_of(enum by by, const struct sf_transition_measure_row *row)
{
	struct group group = {.party = {{0}}};
	const char *name = "all";
	switch (by) {
	case BY_ALL:
		break;
	case BY_MUNICIPALITY:
		group.party = row->municipality;
		name = sf_id_is_none(row->municipality) ? "no municipality"
							: row->municipality_name;
		break;
	case BY_PLANNING_AREA:
		group.party = row->hospital;
		name = row->hospital_name;
		break;
	case BY_PATHWAY:
		group.pathway = row->pathway;
		name = sf_pathway_text(row->pathway);
		break;
	}
	snprintf(group.name, sizeof(group.name), "%.127s", sf_show_text(name).text);
	return group;
}

static struct group *find_group(struct counting *counting, const struct group *wanted)
{
	for (size_t i = 0; i < counting->count; i++)
		if (sf_id_equal(counting->groups[i].party, wanted->party) &&
			counting->groups[i].pathway == wanted->pathway)
			return &counting->groups[i];
	if (counting->count == GROUPS_MAX)
		return NULL;
	counting->groups[counting->count] = *wanted;
	return &counting->groups[counting->count++];
}

static enum sf_err count_page(struct counting *counting, const struct sf_reply_measures *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		const struct group wanted = group_of(counting->by, &page->rows[i]);
		struct group *group = find_group(counting, &wanted);
		struct sf_measures measures;
		if (!group)
			return SF_ERR_LIMIT;
		sf_measures_read(&page->rows[i], &measures);
		sf_measures_add(&group->sum, &measures);
	}
	return SF_OK;
}

static int count_all(struct sf_session *session, struct counting *counting)
{
	struct sf_request request = {.kind = SF_REQUEST_MEASURES,
		.measures = {.from_ms = counting->from_ms, .to_ms = counting->to_ms}};
	for (;;) {
		int code = sf_session_ask(session, &request);
		if (code)
			return code;
		const struct sf_reply_measures *page = &session->reply.measures;
		enum sf_err err = count_page(counting, page);
		if (err)
			return sf_exit_failed(err, NULL);
		if (sf_id_is_none(page->last))
			return SF_EXIT_OK;
		request.measures.after = page->last;
	}
}

static int compare_groups(const void *left, const void *right)
{
	const struct group *a = left, *b = right;
	return strcmp(a->name, b->name);
}

/* What is divided has one decimal, what is counted none. */
static int decimals(enum sf_indicator indicator)
{
	enum sf_indicator_form form = sf_indicator_form(indicator);
	return form == SF_FORM_MEAN || form == SF_FORM_SHARE ? 1 : 0;
}

/* "12", "3.5", "<5" for a small cell, "-" where nothing was counted. */
static struct sf_shown show_figure(const struct group *group, enum sf_indicator indicator)
{
	struct sf_shown shown = {"-"};
	const struct sf_measure *measure = &group->sum.items[indicator];
	double figure = 0;
	if (sf_measure_figure(indicator, measure, &figure))
		snprintf(shown.text, sizeof(shown.text), "%.*f", decimals(indicator), figure);
	else if (measure->cases > 0)
		snprintf(shown.text, sizeof(shown.text), "<%d", SF_CELL_MIN);
	return shown;
}

static struct sf_shown show_cases(const struct group *group, enum sf_indicator indicator)
{
	struct sf_shown shown;
	int64_t cases = group->sum.items[indicator].cases;
	if (cases > 0 && cases < SF_CELL_MIN)
		snprintf(shown.text, sizeof(shown.text), "<%d", SF_CELL_MIN);
	else
		snprintf(shown.text, sizeof(shown.text), "%" PRId64, cases);
	return shown;
}

static int print_screen(const struct counting *counting)
{
	static const char *const headings[] = {"INDICATOR", "VALUE", "UNIT", "CASES"};
	int code = SF_EXIT_OK;
	for (size_t i = 0; !code && i < counting->count; i++) {
		const struct group *group = &counting->groups[i];
		struct sf_table table;
		printf("%s%s\n", i ? "\n" : "", group->name);
		sf_table_begin(&table, headings, SF_COUNT(headings));
		for (int k = 1; k < SF_INDICATOR_COUNT; k++) {
			enum sf_indicator indicator = (enum sf_indicator)k;
			sf_table_cell(&table, "%s", sf_indicator_text(indicator));
			sf_table_cell(&table, "%s", show_figure(group, indicator).text);
			sf_table_cell(&table, "%s", sf_indicator_unit(indicator));
			sf_table_cell(&table, "%s", show_cases(group, indicator).text);
		}
		code = sf_table_end(&table, stdout, "");
	}
	if (counting->count == 0)
		printf("no discharges in this period\n");
	printf("\nDefinitions\n");
	for (int k = 1; k < SF_INDICATOR_COUNT; k++)
		printf("  %s: %s\n", sf_indicator_text((enum sf_indicator)k),
			sf_indicator_definition((enum sf_indicator)k));
	return code;
}

/* RFC 4180: quoted where a text could hold a comma or a quote. */
static void print_csv_text(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static int print_csv(const struct counting *counting)
{
	printf("group,indicator,value,unit,cases,definition\r\n");
	for (size_t i = 0; i < counting->count; i++) {
		const struct group *group = &counting->groups[i];
		for (int k = 1; k < SF_INDICATOR_COUNT; k++) {
			enum sf_indicator indicator = (enum sf_indicator)k;
			print_csv_text(group->name);
			printf(",%s,%s,%s,%s,", sf_indicator_text(indicator),
				show_figure(group, indicator).text, sf_indicator_unit(indicator),
				show_cases(group, indicator).text);
			print_csv_text(sf_indicator_definition(indicator));
			printf("\r\n");
		}
	}
	return SF_EXIT_OK;
}

static void write_figure(
	struct sf_json_writer *writer, const struct group *group, enum sf_indicator indicator)
{
	int64_t cases = group->sum.items[indicator].cases;
	sf_json_object(writer, NULL);
	sf_json_text(writer, "indicator", sf_indicator_text(indicator));
	sf_json_text(writer, "value", show_figure(group, indicator).text);
	sf_json_text(writer, "unit", sf_indicator_unit(indicator));
	if (cases > 0 && cases < SF_CELL_MIN)
		sf_json_null(writer, "cases");
	else
		sf_json_int(writer, "cases", cases);
	sf_json_bool(writer, "small", cases > 0 && cases < SF_CELL_MIN);
	sf_json_text(writer, "definition", sf_indicator_definition(indicator));
	sf_json_close(writer);
}

static int print_json(const struct counting *counting)
{
	struct sf_json_page page;
	struct sf_json_writer *writer = sf_json_page_begin(&page);
	sf_json_time(writer, "from", counting->from_ms);
	sf_json_time(writer, "to", counting->to_ms);
	sf_json_array(writer, "groups");
	for (size_t i = 0; i < counting->count; i++) {
		const struct group *group = &counting->groups[i];
		sf_json_object(writer, NULL);
		sf_json_text(writer, "name", group->name);
		sf_json_id(writer, "party", group->party);
		sf_json_array(writer, "figures");
		for (int k = 1; k < SF_INDICATOR_COUNT; k++)
			write_figure(writer, group, (enum sf_indicator)k);
		sf_json_close(writer);
		sf_json_close(writer);
	}
	sf_json_close(writer);
	return sf_json_page_end(&page);
}

static int read_period(const struct sf_arguments *arguments, struct counting *counting)
{
	int32_t from = 0, to = 0;
	if (sf_when_read_day(sf_arguments_text(arguments, "from"), &from) ||
		sf_when_read_day(sf_arguments_text(arguments, "to"), &to) || to < from)
		return sf_exit_usage("indicators: --from and --to are days, like 2026-11-01, the "
				     "earlier one first");
	if (sf_when_instant(from, 0, &counting->from_ms) ||
		sf_when_instant(to + 1, 0, &counting->to_ms))
		return sf_exit_usage("indicators: a day of the period has no midnight here");
	return SF_EXIT_OK;
}

static int count_and_print(const struct sf_arguments *arguments, struct counting *counting)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = count_all(&session, counting);
	sf_session_close(&session);
	if (code)
		return code;
	qsort(counting->groups, counting->count, sizeof(*counting->groups), compare_groups);
	if (arguments->json)
		return print_json(counting);
	return sf_arguments_flag(arguments, "csv") ? print_csv(counting) : print_screen(counting);
}

int sf_command_indicators(const struct sf_arguments *arguments)
{
	struct counting counting = {.by = BY_ALL};
	int code = choose_by(sf_arguments_text(arguments, "by"), &counting.by);
	if (!code)
		code = read_period(arguments, &counting);
	if (!code && arguments->json && sf_arguments_flag(arguments, "csv"))
		code = sf_exit_usage("indicators: --csv or --json, not both");
	if (code)
		return code;
	counting.groups = calloc(GROUPS_MAX, sizeof(*counting.groups));
	code = counting.groups ? count_and_print(arguments, &counting)
			       : sf_exit_failed(SF_ERR_MEMORY, NULL);
	free(counting.groups);
	return code;
}
