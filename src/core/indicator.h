/*
 * Indicators (DOMAIN.md section 9): what one transition adds to each, and their sums with small
 * cells suppressed. Every figure has its definition beside it.
 */
#ifndef SF_CORE_INDICATOR_H
#define SF_CORE_INDICATOR_H

#include "core/next.h"

/* Cells in which fewer than this many transitions could be counted are not shown (small cells). */
#define SF_CELL_MIN 5

/*
 * name, key, unit. A SHARE is value of count in percent of cases; a MEAN is total / count; a COUNT
 * is count alone; a SUM is total.
 */
/* clang-format off */
#define SF_INDICATOR_LIST(X) \
	X(SF_INDICATOR_STAYS,              1, "stays",                   COUNT, "stays") \
	X(SF_INDICATOR_READY_DAYS,         2, "ready-days",              SUM,   "days") \
	X(SF_INDICATOR_PAYMENT_REGION,     3, "payment-region",          SUM,   "currency") \
	X(SF_INDICATOR_PAYMENT_STATE,      4, "payment-state",           SUM,   "currency") \
	X(SF_INDICATOR_READMISSION_30,     5, "readmission-30-days",     SHARE, "percent") \
	X(SF_INDICATOR_LETTER_IN_TIME,     6, "discharge-letter-in-time", SHARE, "percent") \
	X(SF_INDICATOR_REHABILITATION,     7, "rehabilitation-waiting",  MEAN,  "days") \
	X(SF_INDICATOR_REPORT_IN_TIME,     8, "admission-report-in-time", SHARE, "percent") \
	X(SF_INDICATOR_PLANNED,            9, "plan-before-discharge",   SHARE, "percent") \
	X(SF_INDICATOR_PLAN_LEAD,         10, "plan-lead",               MEAN,  "hours") \
	X(SF_INDICATOR_LATE_CHANGES,      11, "late-plan-changes",       COUNT, "changes") \
	X(SF_INDICATOR_UNACCEPTED,        12, "unaccepted-minutes",      MEAN,  "minutes") \
	X(SF_INDICATOR_WINDOW_QUESTIONS,  13, "window-questions",        COUNT, "questions") \
	X(SF_INDICATOR_ACK_TIME,          14, "acknowledgement-time",    MEAN,  "minutes") \
	X(SF_INDICATOR_RESENDS,           15, "resends",                 COUNT, "messages") \
	X(SF_INDICATOR_FATAL_ERRORS,      16, "fatal-errors",            COUNT, "messages") \
	X(SF_INDICATOR_CANCELLATIONS,     17, "cancellations",           COUNT, "messages") \
	X(SF_INDICATOR_CLOSED_BY_HAND,    18, "closed-by-hand",          COUNT, "transitions")
/* clang-format on */
enum sf_indicator_form { SF_FORM_COUNT = 1, SF_FORM_SUM, SF_FORM_MEAN, SF_FORM_SHARE };
#define X(name, value, text, form, unit) name = (value),
enum sf_indicator { SF_INDICATOR_NONE = 0, SF_INDICATOR_LIST(X) };
#undef X
#define SF_INDICATOR_COUNT 19 /* indexes 1..18 */

const char *sf_indicator_text(enum sf_indicator indicator);
const char *sf_indicator_unit(enum sf_indicator indicator);
enum sf_indicator_form sf_indicator_form(enum sf_indicator indicator);
/* One sentence in plain English, with the rule or source it follows. */
const char *sf_indicator_definition(enum sf_indicator indicator);

/* What one transition adds, or a sum of them. */
struct sf_measure {
	int64_t cases; /* transitions that have the figure: what small cells are judged by */
	int64_t count; /* of them with it (of a SUM: with more than 0); or of what is counted */
	int64_t total; /* minutes, days, currency */
};
struct sf_measures {
	struct sf_measure items[SF_INDICATOR_COUNT];
};

/* What the transition does not know: counted by the engine from its deliveries. */
struct sf_delivery_measures {
	int64_t acknowledged_count, acknowledged_total_ms;
	int64_t resend_count, fatal_count, message_count;
};

/*
 * Adds the transition to measures. A transition belongs to the period of its discharge; one that
 * is not discharged yet adds nothing. deliveries may be NULL.
 */
void sf_indicator_add(const struct sf_transition *transition,
	const struct sf_delivery_measures *deliveries, struct sf_measures *measures);
/* When it belongs to a period: actual discharge, or death; SF_NEVER_MS else. */
int64_t sf_indicator_period_ms(const struct sf_transition *transition);
void sf_measures_add(struct sf_measures *sum, const struct sf_measures *other);
/*
 * Whether fewer than SF_CELL_MIN transitions can be read out of the cell, but not none: all that
 * it counts, those of them with it, or those without. 1 of 10 is 10 %, and so is a person.
 */
bool sf_measure_is_small(enum sf_indicator indicator, const struct sf_measure *measure);
/* The figure of a sum in its unit; false when the cell is empty or small. */
bool sf_measure_figure(
	enum sf_indicator indicator, const struct sf_measure *measure, double *ret_figure);

#endif
