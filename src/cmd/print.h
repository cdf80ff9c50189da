/*
 * What people read on standard output: tables, times of this place, ids, domains. Texts that came
 * from elsewhere are printed without control characters, so that no name can drive a terminal.
 */
#ifndef SF_CMD_PRINT_H
#define SF_CMD_PRINT_H

#include <stdio.h>

#include "base/bytes.h"
#include "base/id.h"
#include "core/fact.h"

/* What every terminal, and a printed page, has room for. */
#define SF_SCREEN_WIDTH 100

/* A short text by value, for arguments of printf. */
struct sf_shown {
	char text[192];
};

/* A longer one that is put together; what has no room is left out. Zero-initialised it is empty. */
struct sf_words {
	char text[512];
};
void sf_words_add(struct sf_words *words, const char *format, ...) SF_PRINTF(2, 3);

struct sf_shown sf_show_id(struct sf_id id);
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
/* "care, medication"; "-" for none. */
struct sf_shown sf_show_domains(sf_domain_set domains);
/* The name, cleaned; the id when there is none; "-" when there is no id either. */
struct sf_shown sf_show_party(const char *name, struct sf_id party);
/* Any text that came from elsewhere, cleaned and cut. */
struct sf_shown sf_show_text(const char *text);

/* Prints text, without control characters, whole. */
void sf_print_text(FILE *out, const char *text);

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
