/* Rows of replies as JSON. */
#ifndef SF_VIEW_ROW_H
#define SF_VIEW_ROW_H

#include "text/json_write.h"
#include "wire/local.h"

/* One object each, as item of an array (name NULL) or as a member. */
void sf_json_inbox_row(struct sf_json_writer *writer, const struct sf_inbox_row *row);
/* The members alone, without the object around them. */
void sf_json_inbox_members(struct sf_json_writer *writer, const struct sf_inbox_row *row);
void sf_json_attachment_members(struct sf_json_writer *writer, const struct sf_attachment_row *row);
void sf_json_delivery_row(struct sf_json_writer *writer, const struct sf_delivery_row *row);
void sf_json_transition_row(struct sf_json_writer *writer, const struct sf_transition_row *row);
/* Everything of the screen, as members of the object that is open. */
void sf_json_transition_members(
	struct sf_json_writer *writer, const struct sf_reply_transition *show);
/* Course, obligations, windows, deviations, contacts, next. */
void sf_json_course_members(struct sf_json_writer *writer, const struct sf_reply_transition *show);
/* A line of a board; name NULL as item of an array. */
void sf_json_board_row(
	struct sf_json_writer *writer, const char *name, const struct sf_board_row *row);
void sf_json_access_row(struct sf_json_writer *writer, const struct sf_access_row *row);
void sf_json_obligation_row(struct sf_json_writer *writer, const struct sf_obligation_row *row);
void sf_json_quarantine_row(struct sf_json_writer *writer, const struct sf_quarantine_row *row);
void sf_json_agreement_row(struct sf_json_writer *writer, const struct sf_agreement_row *row);
void sf_json_simulated_row(struct sf_json_writer *writer, const struct sf_simulated_row *row);
/* An array "issues". */
void sf_json_issue_rows(
	struct sf_json_writer *writer, const struct sf_issue_row *rows, size_t count);
/* Members of the object that is open: a line of the feed. */
void sf_json_feed_members(struct sf_json_writer *writer, const struct sf_feed_row *row);

#endif
