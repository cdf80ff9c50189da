#include "cmd/print.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/printable.h"
#include "base/time.h"
#include "cmd/commands.h"
#include "cmd/when.h"
#include "cmd/width.h"
#include "core/deadline.h"

#define TABLE_SIZE_MAX ((size_t)16 * 1024 * 1024)
#define COLUMN_GAP 2
/* Five columns of it, and what is between them, have room on a screen. */
#define COLUMN_MIN 18
#define YEARLESS_MS (180 * SF_DAY_MS)
#define CLOCK_SIZE 5 /* "13:05" */

/* False for a time that is not said or never comes. */
static bool is_local(int64_t time_ms, struct tm *ret_at)
{
	if (time_ms == 0 || time_ms == SF_NEVER_MS)
		return false;
	sf_when_local(time_ms, ret_at);
	return true;
}

struct sf_shown sf_show_minute(int64_t time_ms)
{
	struct sf_shown shown = {"-"};
	struct tm at;
	if (is_local(time_ms, &at) &&
		strftime(shown.text, sizeof(shown.text), "%Y-%m-%d %H:%M", &at) == 0)
		shown.text[0] = '\0';
	return shown;
}

struct sf_shown sf_show_day(int64_t time_ms, int64_t now_ms)
{
	struct sf_shown shown = {"-"};
	struct tm at;
	if (time_ms < now_ms - YEARLESS_MS || time_ms > now_ms + YEARLESS_MS)
		return sf_show_minute(time_ms);
	if (is_local(time_ms, &at) &&
		strftime(shown.text, sizeof(shown.text), "%a %d %b %H:%M", &at) == 0)
		shown.text[0] = '\0';
	return shown;
}

struct sf_shown sf_show_span(int64_t from_ms, int64_t until_ms, int64_t now_ms)
{
	struct sf_shown from = sf_show_day(from_ms, now_ms), until = sf_show_day(until_ms, now_ms);
	size_t used = strlen(from.text);
	const char *end = until.text;
	/* Of a second time on the same day the clock says enough. */
	if (used > CLOCK_SIZE && strncmp(from.text, end, used - CLOCK_SIZE) == 0)
		end += used - CLOCK_SIZE;
	if (from_ms != until_ms)
		snprintf(from.text + used, sizeof(from.text) - used, " to %.32s", end);
	return from;
}

struct sf_shown sf_show_clock(int64_t time_ms)
{
	struct sf_shown shown = {"-"};
	struct tm at;
	if (is_local(time_ms, &at) &&
		strftime(shown.text, sizeof(shown.text), "%H:%M:%S", &at) == 0)
		shown.text[0] = '\0';
	return shown;
}

struct sf_shown sf_show_time(int64_t time_ms)
{
	struct sf_shown shown = sf_show_minute(time_ms);
	size_t size = strlen(shown.text);
	if (size > 1) /* of the clock its seconds: ":05" */
		snprintf(shown.text + size, sizeof(shown.text) - size, "%s",
			sf_show_clock(time_ms).text + 5);
	return shown;
}

void sf_print_text(FILE *out, const char *text)
{
	/* In pieces, each ending where a character does. */
	while (*text) {
		bool good = false;
		size_t size = sf_printable_step(text, &good);
		if (good)
			fwrite(text, 1, size, out);
		else
			fputc('?', out);
		text += size;
	}
}

void sf_print_csv(FILE *out, const char *text)
{
	putc('"', out);
	if (text[0] && strchr("=+-@\t", text[0]))
		putc('\'', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

void sf_table_begin(struct sf_table *table, const char *const *headings, size_t column_count)
{
	SF_ASSERT(column_count > 0 && column_count <= SF_TABLE_COLUMNS_MAX);
	*table = (struct sf_table){.column_count = column_count, .bare = headings == NULL};
	sf_buf_init(&table->cells, TABLE_SIZE_MAX);
	for (size_t i = 0; headings && i < column_count; i++)
		sf_table_cell(table, "%s", headings[i]);
}

void sf_table_cell(struct sf_table *table, const char *format, ...)
{
	char text[512];
	va_list list;
	va_start(list, format);
	int size = vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (size < 0)
		text[0] = '\0';
	table->cell_count++;
	if (!table->err)
		table->err = sf_buf_append(&table->cells, sf_view_of(text, strlen(text) + 1));
}

/* What a table is printed with. */
struct columns {
	size_t count;
	size_t widths[SF_TABLE_COLUMNS_MAX];
	size_t words[SF_TABLE_COLUMNS_MAX]; /* the widest word of each */
	size_t starts[SF_TABLE_COLUMNS_MAX];
};

static size_t max_of(size_t a, size_t b)
{
	return a > b ? a : b;
}

static struct columns measure(const struct sf_table *table)
{
	struct columns columns = {.count = table->column_count};
	const char *cell = (const char *)table->cells.data;
	for (size_t i = 0; i < table->cell_count; i++) {
		size_t column = i % columns.count;
		columns.widths[column] = max_of(columns.widths[column], sf_width(cell));
		columns.words[column] = max_of(columns.words[column], sf_width_word(cell));
		cell += strlen(cell) + 1;
	}
	return columns;
}

/* Takes from the widest that may, a character at a time. Times, codes and digits of ids stay whole.
 */
static size_t take(struct columns *columns, size_t excess, bool whole_words)
{
	for (; excess > 0; excess--) {
		size_t *widest = NULL;
		for (size_t i = 0; i < columns->count; i++) {
			size_t floor = max_of(COLUMN_MIN, whole_words ? columns->words[i] : 0);
			if (columns->widths[i] > floor && (!widest || columns->widths[i] > *widest))
				widest = &columns->widths[i];
		}
		if (!widest)
			break;
		--*widest;
	}
	return excess;
}

static void fit(struct columns *columns, size_t width_max)
{
	size_t sum = COLUMN_GAP * (columns->count - 1);
	for (size_t i = 0; i < columns->count; i++)
		sum += columns->widths[i];
	if (width_max && sum > width_max)
		take(columns, take(columns, sum - width_max, true), false);
}

/* One line of the row; moves each rest behind what it printed. False: nothing was left. */
static bool print_line(const struct columns *columns, const char **rests, FILE *out)
{
	size_t at = 0;
	bool some = false;
	for (size_t i = 0; i < columns->count; i++) {
		const char *rest = rests[i];
		if (*rest == '\0')
			continue;
		size_t size = sf_width_line(rest, columns->widths[i]);
		fprintf(out, "%*s%.*s", (int)(columns->starts[i] - at), "", (int)size, rest);
		struct sf_words printed;
		snprintf(printed.text, sizeof(printed.text), "%.*s", (int)size, rest);
		at = columns->starts[i] + sf_width(printed.text);
		rests[i] = rest + size + strspn(rest + size, " ");
		some = true;
	}
	if (some)
		fputc('\n', out);
	return some;
}

static void print_cells(const struct sf_table *table, struct columns *columns, FILE *out)
{
	const char *cell = (const char *)table->cells.data;
	for (size_t i = 1; i < columns->count; i++)
		columns->starts[i] = columns->starts[i - 1] + columns->widths[i - 1] + COLUMN_GAP;
	for (size_t i = 0; i < table->cell_count; i += columns->count) {
		const char *rests[SF_TABLE_COLUMNS_MAX];
		for (size_t k = 0; k < columns->count; k++) {
			rests[k] = cell;
			cell += strlen(cell) + 1;
		}
		while (print_line(columns, rests, out))
			;
	}
}

int sf_table_end(struct sf_table *table, FILE *out, const char *empty)
{
	enum sf_err err = table->err;
	SF_ASSERT(err || table->cell_count % table->column_count == 0);
	if (!err && table->cell_count == (table->bare ? 0 : table->column_count)) {
		fputs(empty, out);
		fputs(empty[0] ? "\n" : "", out);
	} else if (!err) {
		SF_ASSERT(!table->width_max || table->column_count <= SF_FIT_COLUMNS_MAX);
		struct columns columns = measure(table);
		fit(&columns, table->width_max);
		print_cells(table, &columns, out);
	}
	sf_buf_fini(&table->cells);
	return err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
}
