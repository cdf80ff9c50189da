/*
 * One transition on one screen of SF_SCREEN_WIDTH columns, and of 40 lines when its course is an
 * ordinary one: who takes part, where the patient is, what is planned, who holds what since when on
 * what basis until when, whom to call, what is owed by whom before when and by which clause, what
 * was not as agreed, what happened, and what comes next.
 *
 * What is settled gives way: the plan after the discharge, who held a domain before, what is done,
 * older events. All of it stands there with `all`.
 */
#ifndef SF_CMD_TRANSITION_SCREEN_H
#define SF_CMD_TRANSITION_SCREEN_H

#include <stdio.h>

#include "cmd/print.h"
#include "wire/local.h"

struct sf_screen_wishes {
	bool all;
	bool at;              /* it was asked for another time than now */
	const char *known_by; /* "" or NULL: what is known here */
	const char *note;     /* what the daemon says about its answer; "" or NULL */
};

/* An exit code. */
int sf_transition_screen_print(
	FILE *out, const struct sf_reply_transition *show, const struct sf_screen_wishes *wishes);

/* Its parts. Members and stay, plan and readiness: rows of two cells, a label and its text. */
void sf_member_rows_add(struct sf_table *table, const struct sf_reply_transition *show);
void sf_course_rows_add(struct sf_table *table, const struct sf_reply_transition *show, bool all);
/* Who holds what. An exit code, as of each below; what they print begins with an empty line. */
int sf_ledger_screen_print(FILE *out, const struct sf_reply_transition *show, bool all);
int sf_duty_screen_print(FILE *out, const struct sf_reply_transition *show, bool all);
/* What was not as agreed; what is late, or every delivery; the newest so many events that are no
 * receipts, and with SIZE_MAX every event. */
int sf_deviation_screen_print(FILE *out, const struct sf_reply_transition *show, bool all);
int sf_delivery_screen_print(FILE *out, const struct sf_reply_transition *show, bool all);
int sf_event_screen_print(FILE *out, const struct sf_reply_transition *show, size_t count_max);

/*
 * A party as the tables of the screen have room for it: the name whole, or cut in its middle when
 * the list of members has it whole and no other party would read the same.
 */
struct sf_shown sf_screen_party(
	const struct sf_reply_transition *show, const char *name, struct sf_id party);
/* The digits of an id that commands ask for; with all, the whole id. */
struct sf_shown sf_screen_id(struct sf_id id, bool all);
/* A table of the screen, after an empty line. */
void sf_screen_table_begin(
	struct sf_table *table, FILE *out, const char *const *headings, size_t column_count);

#endif
