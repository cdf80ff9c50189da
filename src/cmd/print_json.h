/*
 * What programs read on standard output (--json): one JSON object on one line. Ids are hexadecimal
 * texts, times UTC ISO 8601, domains arrays of words, enumerations words; what there is none of is
 * null. Names of members are snake_case.
 */
#ifndef SF_CMD_PRINT_JSON_H
#define SF_CMD_PRINT_JSON_H

#include "text/json_write.h"
#include "wire/local.h"

struct sf_json_page {
	struct sf_buf buf;
	struct sf_json_writer writer;
};

/* Opens the object. The page must not move until its end. */
struct sf_json_writer *sf_json_page_begin(struct sf_json_page *page);
/* Closes the object, prints it with a line feed and frees it: an exit code. */
int sf_json_page_end(struct sf_json_page *page);

void sf_json_id(struct sf_json_writer *writer, const char *name, struct sf_id id);
void sf_json_digest(
	struct sf_json_writer *writer, const char *name, const struct sf_digest *digest);
void sf_json_time(struct sf_json_writer *writer, const char *name, int64_t time_ms);
void sf_json_domains(struct sf_json_writer *writer, const char *name, sf_domain_set domains);
/* null for a number without a word: 0, or of a later version. */
void sf_json_word(struct sf_json_writer *writer, const char *name, const char *word);
/* The id of a party as name, its directory name as <name>_name. */
void sf_json_party(
	struct sf_json_writer *writer, const char *name, struct sf_id party, const char *text);
/* Why, as a word: of an acknowledgement when ack says so, else of recording. */
void sf_json_code(struct sf_json_writer *writer, uint32_t code, enum sf_ack ack);

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

/* Words of numbers that the local protocol leaves open to later versions; "" for 0. */
const char *sf_outcome_word(enum sf_outcome outcome);
const char *sf_kind_class_word(enum sf_kind_class kind_class);
const char *sf_binding_word(enum sf_binding_state state);

#endif
