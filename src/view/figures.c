#include "view/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/measures.h"
#include "view/value.h"

enum sf_err sf_figures_by_text(const char *word, enum sf_figures_by *ret_by)
{
	static const struct {
		const char *word;
		enum sf_figures_by by;
	} words[] = {{"", SF_FIGURES_ALL}, {"municipality", SF_FIGURES_MUNICIPALITY},
		{"planning-area", SF_FIGURES_PLANNING_AREA}, {"pathway", SF_FIGURES_PATHWAY}};
	for (size_t i = 0; i < SF_COUNT(words); i++) {
		if (strcmp(word, words[i].word) != 0)
			continue;
		*ret_by = words[i].by;
		return SF_OK;
	}
	return SF_ERR_USAGE;
}

enum sf_err sf_figures_open(
	enum sf_figures_by by, int64_t from_ms, int64_t to_ms, struct sf_figures **ret_figures)
{
	struct sf_figures *figures = calloc(1, sizeof(*figures));
	if (!figures)
		return SF_ERR_MEMORY;
	*figures = (struct sf_figures){.by = by, .from_ms = from_ms, .to_ms = to_ms};
	figures->groups = calloc(SF_FIGURES_GROUPS_MAX, sizeof(*figures->groups));
	if (!figures->groups) {
		free(figures);
		return SF_ERR_MEMORY;
	}
	*ret_figures = figures;
	return SF_OK;
}

void sf_figures_close(struct sf_figures **figures)
{
	if (!*figures)
		return;
	free((*figures)->groups);
	free(*figures);
	*figures = NULL;
}

/* A group as a row names it, still without a sum. */
static struct sf_figures_group group_of(
	enum sf_figures_by by, const struct sf_transition_measure_row *row)
{
	struct sf_figures_group group = {.party = {{0}}};
	const char *name = "all";
	switch (by) {
	case SF_FIGURES_ALL:
		break;
	case SF_FIGURES_MUNICIPALITY:
		group.party = row->municipality;
		name = sf_id_is_none(row->municipality) ? "no municipality"
							: row->municipality_name;
		break;
	case SF_FIGURES_PLANNING_AREA:
		group.party = row->hospital;
		name = row->hospital_name;
		break;
	case SF_FIGURES_PATHWAY:
		group.pathway = row->pathway;
		name = sf_pathway_text(row->pathway);
		break;
	}
	snprintf(group.name, sizeof(group.name), "%.127s", sf_show_text(name).text);
	return group;
}

static struct sf_figures_group *find_group(
	struct sf_figures *figures, const struct sf_figures_group *wanted)
{
	for (size_t i = 0; i < figures->count; i++)
		if (sf_id_equal(figures->groups[i].party, wanted->party) &&
			figures->groups[i].pathway == wanted->pathway)
			return &figures->groups[i];
	if (figures->count == SF_FIGURES_GROUPS_MAX)
		return NULL;
	figures->groups[figures->count] = *wanted;
	return &figures->groups[figures->count++];
}

enum sf_err sf_figures_add(struct sf_figures *figures, const struct sf_reply_measures *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		const struct sf_figures_group wanted = group_of(figures->by, &page->rows[i]);
		struct sf_figures_group *group = find_group(figures, &wanted);
		struct sf_measures measures;
		if (!group)
			return SF_ERR_LIMIT;
		sf_measures_read(&page->rows[i], &measures);
		sf_measures_add(&group->sum, &measures);
	}
	return SF_OK;
}

static int compare_groups(const void *left, const void *right)
{
	const struct sf_figures_group *a = left, *b = right;
	return strcmp(a->name, b->name);
}

static bool is_small(const struct sf_figures_group *group, enum sf_indicator indicator)
{
	return sf_measure_is_small(indicator, &group->sum.items[indicator]);
}

static void add_cell(struct sf_measure *sum, const struct sf_measure *cell)
{
	sum->cases += cell->cases;
	sum->count += cell->count;
	sum->total += cell->total;
}

/* The one with the fewest cases of those that are shown; NULL when there is none. */
static struct sf_figures_group *fewest_shown(
	struct sf_figures *figures, enum sf_indicator indicator)
{
	struct sf_figures_group *fewest = NULL;
	for (size_t i = 0; i < figures->count; i++) {
		struct sf_figures_group *group = &figures->groups[i];
		int64_t cases = group->sum.items[indicator].cases;
		if (cases == 0 || is_small(group, indicator) || group->hidden[indicator])
			continue;
		if (!fewest || cases < fewest->sum.items[indicator].cases)
			fewest = group;
	}
	return fewest;
}

/* "<5" beside a "*" would say which is small. */
static void mark_alike(struct sf_figures *figures, enum sf_indicator indicator)
{
	for (size_t i = 0; i < figures->count; i++)
		figures->groups[i].hidden[indicator] |= is_small(&figures->groups[i], indicator);
}

/*
 * Whoever takes what is shown from the sum of all learns of some together, which are not small.
 * One of them is not small by itself: of small ones alone the sum can leave one answer (8 is four
 * and four).
 */
static void hide_beside_small(struct sf_figures *figures, enum sf_indicator indicator)
{
	size_t count = 0;
	bool beside_one = false;
	struct sf_measure rest = {0};
	for (size_t i = 0; i < figures->count; i++) {
		if (!is_small(&figures->groups[i], indicator))
			continue;
		add_cell(&rest, &figures->groups[i].sum.items[indicator]);
		count++;
	}
	while (count > 0 && (!beside_one || sf_measure_is_small(indicator, &rest))) {
		struct sf_figures_group *beside = fewest_shown(figures, indicator);
		if (!beside)
			break;
		beside->hidden[indicator] = beside_one = true;
		add_cell(&rest, &beside->sum.items[indicator]);
	}
	if (beside_one || count > 1)
		mark_alike(figures, indicator);
}

/* Whoever had a plan in time has a lead: the cases of the one are the count of the other. */
static void hide_lead_without_planned(struct sf_figures_group *group)
{
	if (is_small(group, SF_INDICATOR_PLANNED) || group->hidden[SF_INDICATOR_PLANNED])
		group->hidden[SF_INDICATOR_PLAN_LEAD] |=
			group->sum.items[SF_INDICATOR_PLAN_LEAD].cases >= SF_CELL_MIN;
}

void sf_figures_sort(struct sf_figures *figures)
{
	for (int k = 1; k < SF_INDICATOR_COUNT; k++)
		hide_beside_small(figures, (enum sf_indicator)k);
	for (size_t i = 0; i < figures->count; i++)
		hide_lead_without_planned(&figures->groups[i]);
	qsort(figures->groups, figures->count, sizeof(*figures->groups), compare_groups);
}

/* What is divided has one decimal, what is counted none. */
static int decimals(enum sf_indicator indicator)
{
	enum sf_indicator_form form = sf_indicator_form(indicator);
	return form == SF_FORM_MEAN || form == SF_FORM_SHARE ? 1 : 0;
}

/* "<5" is true of the cases, or of what is counted; of a share or a sum it would be another. */
static bool says_few(enum sf_indicator indicator, const struct sf_measure *measure)
{
	return (measure->cases > 0 && measure->cases < SF_CELL_MIN) ||
	       (sf_indicator_form(indicator) == SF_FORM_COUNT && measure->count > 0 &&
		       measure->count < SF_CELL_MIN);
}

struct sf_shown sf_figure_show(const struct sf_figures_group *group, enum sf_indicator indicator)
{
	struct sf_shown shown = {"-"};
	const struct sf_measure *measure = &group->sum.items[indicator];
	double figure = 0;
	if (group->hidden[indicator])
		return (struct sf_shown){"*"};
	if (sf_measure_figure(indicator, measure, &figure))
		snprintf(shown.text, sizeof(shown.text), "%.*f", decimals(indicator), figure);
	else if (says_few(indicator, measure))
		snprintf(shown.text, sizeof(shown.text), "<%d", SF_CELL_MIN);
	else if (measure->cases > 0)
		snprintf(shown.text, sizeof(shown.text), "*");
	return shown;
}

struct sf_shown sf_figure_cases(const struct sf_figures_group *group, enum sf_indicator indicator)
{
	struct sf_shown shown;
	int64_t cases = group->sum.items[indicator].cases;
	if (!group->hidden[indicator] && cases > 0 && cases < SF_CELL_MIN)
		snprintf(shown.text, sizeof(shown.text), "<%d", SF_CELL_MIN);
	else if (group->hidden[indicator] || is_small(group, indicator))
		snprintf(shown.text, sizeof(shown.text), "*");
	else
		snprintf(shown.text, sizeof(shown.text), "%" PRId64, cases);
	return shown;
}

static void write_figure(struct sf_json_writer *writer, const struct sf_figures_group *group,
	enum sf_indicator indicator)
{
	bool small = is_small(group, indicator) || group->hidden[indicator];
	sf_json_object(writer, NULL);
	sf_json_text(writer, "indicator", sf_indicator_text(indicator));
	sf_json_text(writer, "value", sf_figure_show(group, indicator).text);
	sf_json_text(writer, "unit", sf_indicator_unit(indicator));
	if (small)
		sf_json_null(writer, "cases");
	else
		sf_json_int(writer, "cases", group->sum.items[indicator].cases);
	sf_json_bool(writer, "small", small);
	sf_json_text(writer, "definition", sf_indicator_definition(indicator));
	sf_json_close(writer);
}

void sf_json_figures_members(struct sf_json_writer *writer, const struct sf_figures *figures)
{
	sf_json_time(writer, "from", figures->from_ms);
	sf_json_time(writer, "to", figures->to_ms);
	sf_json_array(writer, "groups");
	for (size_t i = 0; i < figures->count; i++) {
		const struct sf_figures_group *group = &figures->groups[i];
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
}
