/*
 * Indicators of a period: what each transition adds, page by page, summed by municipality, planning
 * area [planområde: a hospital and its municipalities] or pathway. Cells out of which fewer than
 * SF_CELL_MIN transitions can be read are not shown, so that no figure tells of a person; nor are
 * others that would give them away, taken from the sum of all.
 *
 *   sf_figures_open(SF_FIGURES_MUNICIPALITY, from_ms, to_ms, &figures);
 *   for each page of SF_REPLY_MEASURES: sf_figures_add(figures, &page);
 *   sf_figures_sort(figures);
 */
#ifndef SF_VIEW_FIGURES_H
#define SF_VIEW_FIGURES_H

#include "core/indicator.h"
#include "text/json_write.h"
#include "view/shown.h"
#include "wire/local.h"

/* Parties of one region; more groups than this are no region. */
#define SF_FIGURES_GROUPS_MAX 1024

enum sf_figures_by {
	SF_FIGURES_ALL,
	SF_FIGURES_MUNICIPALITY,
	SF_FIGURES_PLANNING_AREA,
	SF_FIGURES_PATHWAY,
};
/* "", "municipality", "planning-area", "pathway"; SF_ERR_USAGE for another word. */
SF_MUST_USE enum sf_err sf_figures_by_text(const char *word, enum sf_figures_by *ret_by);

struct sf_figures_group {
	struct sf_id party; /* none: of all, or of a pathway */
	enum sf_pathway pathway;
	char name[128];
	struct sf_measures sum;
	bool hidden[SF_INDICATOR_COUNT]; /* small or not: shown as the others of its column are */
};

struct sf_figures {
	enum sf_figures_by by;
	struct sf_figures_group *groups; /* owned */
	size_t count;
	int64_t from_ms, to_ms;
};

SF_MUST_USE enum sf_err sf_figures_open(
	enum sf_figures_by by, int64_t from_ms, int64_t to_ms, struct sf_figures **ret_figures);
void sf_figures_close(struct sf_figures **figures);
/* SF_ERR_LIMIT: more groups than SF_FIGURES_GROUPS_MAX. */
SF_MUST_USE enum sf_err sf_figures_add(
	struct sf_figures *figures, const struct sf_reply_measures *page);
/* By name, hiding what must be hidden; when every page is in. */
void sf_figures_sort(struct sf_figures *figures);

/*
 * "12", "3.5", "<5" for fewer than SF_CELL_MIN; "*" for a share or sum with or without so few, and
 * for all that is hidden where a column hides more than one; "-" where nothing was counted.
 */
struct sf_shown sf_figure_show(const struct sf_figures_group *group, enum sf_indicator indicator);
/* How many transitions have the figure; "<5"; "*". */
struct sf_shown sf_figure_cases(const struct sf_figures_group *group, enum sf_indicator indicator);
/* As members of the object that is open. */
void sf_json_figures_members(struct sf_json_writer *writer, const struct sf_figures *figures);

#endif
