/*
 * What people read on standard output: tables and times of this place; what stands in them is made
 * by view/shown.h. Texts that came from elsewhere are printed without control characters, so that
 * no name can drive a terminal.
 */
#ifndef SF_CMD_PRINT_H
#define SF_CMD_PRINT_H

#include <stdio.h>

#include "base/bytes.h"
#include "view/shown.h"

/* What every terminal, and a printed page, has room for. */
#define SF_SCREEN_WIDTH 100

/* "2026-11-22 13:05:00" in local time (when.h); "-" for 0 and for a time that never comes. */
struct sf_shown sf_show_time(int64_t time_ms);
/* "2026-11-22 13:05". */
struct sf_shown sf_show_minute(int64_t time_ms);
/*
 * "Sun 22 Nov 13:05", as wide as "2025-11-22 13:05", which stands for a time so far from now_ms
 * that a day without its year could be two.
 */
struct sf_shown sf_show_day(int64_t time_ms, int64_t now_ms);
/* "Sun 22 Nov 13:05 to 14:00", the second day only where it is another; one time where both are. */
struct sf_shown sf_show_span(int64_t from_ms, int64_t until_ms, int64_t now_ms);
/* "13:05:00" in local time. */
struct sf_shown sf_show_clock(int64_t time_ms);

/* Prints text, without control characters, whole. */
void sf_print_text(FILE *out, const char *text);
/*
 * As a cell of CSV (RFC 4180), in quotes. What a spreadsheet would take for a formula (it begins
 * with = + - @ or a tab) begins with an apostrophe, as in the console's files: names are others'.
 */
void sf_print_csv(FILE *out, const char *text);

/* Left-aligned columns as wide as what stands in them. */
struct sf_table {
	struct sf_buf cells; /* texts with their zeros, row by row */
	size_t column_count;
	size_t cell_count;
	/* 0, or SF_SCREEN_WIDTH: columns that are too wide give way, the widest first, and what
	 * stands in them is broken into lines, between words where they have room. Then there are
	 * at most SF_FIT_COLUMNS_MAX. */
	size_t width_max;
	bool bare; /* without headings */
	enum sf_err err;
};

#define SF_TABLE_COLUMNS_MAX 12
#define SF_FIT_COLUMNS_MAX 5

/* headings: column_count texts, borrowed only during the call; NULL: none. */
void sf_table_begin(struct sf_table *table, const char *const *headings, size_t column_count);
void sf_table_cell(struct sf_table *table, const char *format, ...) SF_PRINTF(2, 3);
/* Prints and frees; a table without rows prints `empty` alone. An exit code. */
int sf_table_end(struct sf_table *table, FILE *out, const char *empty);

#endif
