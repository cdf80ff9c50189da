/*
 * What programs read on standard output (--json): one JSON object on one line. Its members
 * are those of every face (view/reply.h).
 */
#ifndef SF_CMD_PRINT_JSON_H
#define SF_CMD_PRINT_JSON_H

#include "view/reply.h"
#include "view/row.h"
#include "view/value.h"

struct sf_json_page {
	struct sf_buf buf;
	struct sf_json_writer writer;
};

/* Opens the object. The page must not move until its end. */
struct sf_json_writer *sf_json_page_begin(struct sf_json_page *page);
/* Closes the object, prints it with a line feed and frees it: an exit code. */
int sf_json_page_end(struct sf_json_page *page);
/* One page of a whole reply: an exit code. */
int sf_json_page_print(const struct sf_reply *reply);

/* One object each, as item of an array (name NULL) or as a member. */
void sf_json_inbox_row(struct sf_json_writer *writer, const struct sf_inbox_row *row);
/* The members alone, without the object around them. */
void sf_json_inbox_members(struct sf_json_writer *writer, const struct sf_inbox_row *row);
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
void sf_json_issue_rows(
	struct sf_json_writer *writer, const struct sf_issue_row *rows, size_t count);
/* Members of the object that is open: a line of the feed. */
void sf_json_feed_members(struct sf_json_writer *writer, const struct sf_feed_row *row);

#endif
