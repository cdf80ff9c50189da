/* Every row of the table is held to the one that people read in src/audit/README.md. */
#include "audit/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define README SF_TESTS_DIR "/../src/audit/README.md"
#define COLUMNS 7
#define CELL_SIZE 64

/* The cells of one line of the table; false for another line. */
static bool split(const char *line, char ret_cells[COLUMNS][CELL_SIZE])
{
	size_t column = 0, used = 0;
	if (line[0] != '|' || line[1] != ' ')
		return false;
	for (const char *at = line + 2; *at && column < COLUMNS; at++) {
		if (*at == '|') {
			ret_cells[column][used > 0 ? used - 1 : 0] = '\0';
			column++;
			used = 0;
			at += at[1] == ' ';
		} else if (used < CELL_SIZE - 1) {
			ret_cells[column][used++] = *at;
		}
	}
	return column == COLUMNS;
}

static const char *dashed(const char *text)
{
	return text[0] ? text : "-";
}

static void hold_row(enum sf_handin_outcome outcome, char cells[COLUMNS][CELL_SIZE])
{
	const struct sf_outcome_tongue *tongue = sf_outcome_tongue(outcome);
	char status[8];
	(void)snprintf(status, sizeof(status), "%u", tongue->http_status);
	assert_int_equal(tongue->outcome, outcome);
	assert_string_equal(cells[1], tongue->hl7_original);
	assert_string_equal(cells[2], tongue->hl7_enhanced);
	assert_string_equal(cells[3], status);
	assert_string_equal(
		cells[4], tongue->medcom == SF_ACK_NONE ? "-" : sf_ack_text(tongue->medcom));
	assert_string_equal(cells[5], dashed(tongue->issue_code));
	assert_string_equal(cells[6], tongue->retry ? "yes" : "no");
}

static void test_table_in_code_is_the_one_in_the_readme(void **state)
{
	(void)state;
	static const enum sf_handin_outcome all[] = {
#define X(symbol, number, text) symbol,
		SF_HANDIN_LIST(X)
#undef X
	};
	FILE *file = fopen(README, "r");
	assert_non_null(file);
	char line[512], cells[COLUMNS][CELL_SIZE];
	size_t found = 0;
	while (fgets(line, sizeof(line), file)) {
		if (!split(line, cells))
			continue;
		for (size_t i = 0; i < SF_COUNT(all); i++)
			if (strcmp(cells[0], sf_handin_text(all[i])) == 0) {
				assert_int_equal(i, found++);
				hold_row(all[i], cells);
			}
	}
	(void)fclose(file);
	assert_int_equal(found, SF_COUNT(all));
}

static void test_what_is_no_outcome_is_our_trouble(void **state)
{
	(void)state;
	assert_string_equal(sf_handin_text((enum sf_handin_outcome)0), "unknown");
	assert_int_equal(
		sf_outcome_tongue((enum sf_handin_outcome)0)->outcome, SF_HANDIN_TEMPORARY);
}

static enum sf_handin_outcome of_sent(enum sf_send_answer answer, struct sf_view acknowledgement)
{
	const struct sf_reply reply = {.kind = SF_REPLY_SENT,
		.sent = {.answer = answer, .acknowledgement = acknowledgement}};
	return sf_handin_outcome_of(&reply);
}

static void test_answers_are_outcomes(void **state)
{
	(void)state;
	struct sf_view none = sf_view_of(NULL, 0), some = sf_view_text("{}");
	assert_int_equal(of_sent(SF_SEND_STORED, none), SF_HANDIN_STORED);
	assert_int_equal(of_sent(SF_SEND_DUPLICATE, none), SF_HANDIN_DUPLICATE);
	assert_int_equal(of_sent(SF_SEND_DUPLICATE, some), SF_HANDIN_ACKNOWLEDGED);
	/* Fatal without an issue cannot be the receiver's fault. */
	assert_int_equal(of_sent(SF_SEND_FATAL, none), SF_HANDIN_BAD_CONTENT);
	assert_int_equal(of_sent(SF_SEND_NONE, none), SF_HANDIN_TEMPORARY);
}

static enum sf_handin_outcome of_issues(const char *first, const char *second)
{
	const struct sf_issue_row rows[] = {
		{.fatal = false, .code = "MSG_BAD_SYNTAX"},
		{.fatal = true, .code = first},
		{.fatal = true, .code = second},
	};
	const struct sf_reply reply = {.kind = SF_REPLY_SENT,
		.sent = {.answer = SF_SEND_FATAL, .issue_count = second ? 3 : 2, .issues = rows}};
	return sf_handin_outcome_of(&reply);
}

static void test_fatal_issues_say_which_outcome(void **state)
{
	(void)state;
	assert_int_equal(of_issues("MSG_BAD_SYNTAX", NULL), SF_HANDIN_UNREADABLE);
	assert_int_equal(of_issues("MSG_RESOURCE_REQUIRED", NULL), SF_HANDIN_BAD_CONTENT);
	assert_int_equal(of_issues("MSG_DUPLICATE_ID", NULL), SF_HANDIN_BAD_CONTENT);
	assert_int_equal(of_issues("MSG_UNKNOWN_TYPE", NULL), SF_HANDIN_UNSUPPORTED);
	assert_int_equal(
		of_issues("MSG_Receiver_Identifier_UNKNOWN", NULL), SF_HANDIN_UNKNOWN_RECEIVER);
	assert_int_equal(of_issues("MSG_Receiver_Identifier_MISSING", NULL), SF_HANDIN_BAD_CONTENT);
	assert_int_equal(of_issues("MSG_Mailbox_Out_Of_Operation", NULL), SF_HANDIN_TEMPORARY);
}

static void test_broken_content_comes_before_the_receiver(void **state)
{
	(void)state;
	assert_int_equal(of_issues("MSG_Receiver_Identifier_UNKNOWN", "MSG_DATE_FORMAT"),
		SF_HANDIN_BAD_CONTENT);
	assert_int_equal(of_issues("MSG_Receiver_Identifier_UNKNOWN", "MSG_UNKNOWN_TYPE"),
		SF_HANDIN_UNSUPPORTED);
}

static void test_errors_are_outcomes(void **state)
{
	(void)state;
	static const struct {
		enum sf_err err;
		enum sf_handin_outcome outcome;
	} expected[] = {
		{SF_ERR_MEMORY, SF_HANDIN_TEMPORARY},
		{SF_ERR_DISK_FULL, SF_HANDIN_TEMPORARY},
		{SF_ERR_AGAIN, SF_HANDIN_TEMPORARY},
		{SF_ERR_FORMAT, SF_HANDIN_UNREADABLE},
		{SF_ERR_UNSUPPORTED, SF_HANDIN_UNSUPPORTED_TYPE},
		{SF_ERR_LIMIT, SF_HANDIN_BAD_CONTENT},
		{SF_ERR_USAGE, SF_HANDIN_BAD_CONTENT},
	};
	for (size_t i = 0; i < SF_COUNT(expected); i++) {
		const struct sf_reply reply = {.err = expected[i].err};
		assert_int_equal(sf_handin_outcome_of(&reply), expected[i].outcome);
	}
	/* Done without an error is no answer to a hand-in. */
	const struct sf_reply done = {.kind = SF_REPLY_DONE};
	assert_int_equal(sf_handin_outcome_of(&done), SF_HANDIN_TEMPORARY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_in_code_is_the_one_in_the_readme),
		cmocka_unit_test(test_what_is_no_outcome_is_our_trouble),
		cmocka_unit_test(test_answers_are_outcomes),
		cmocka_unit_test(test_fatal_issues_say_which_outcome),
		cmocka_unit_test(test_broken_content_comes_before_the_receiver),
		cmocka_unit_test(test_errors_are_outcomes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
