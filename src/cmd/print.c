#include "cmd/print.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "cmd/commands.h"
#include "cmd/when.h"
#include "core/deadline.h"

#define TABLE_SIZE_MAX ((size_t)16 * 1024 * 1024)

/* Size of the first character of well-formed UTF-8; 0 for a byte that begins none. */
static size_t character_size(const unsigned char *text)
{
	size_t size = text[0] < 0x80                      ? 1
		      : text[0] >= 0xc2 && text[0] < 0xe0 ? 2
		      : text[0] >= 0xe0 && text[0] < 0xf0 ? 3
		      : text[0] >= 0xf0 && text[0] < 0xf5 ? 4
							  : 0;
	for (size_t i = 1; i < size; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return size;
}

/* C0 and C1 controls and DEL (ISO/IEC 6429) move cursors and colours. */
static bool is_control(const unsigned char *text)
{
	return text[0] < 0x20 || text[0] == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
}

/* Copies whole characters as far as they fit; what cannot be shown becomes '?'. */
static void clean(const char *text, char *ret_text, size_t size)
{
	const unsigned char *from = (const unsigned char *)text;
	size_t used = 0;
	while (*from) {
		size_t step = character_size(from);
		bool good = step > 0 && !is_control(from);
		size_t needed = good ? step : 1;
		if (used + needed >= size)
			break;
		memcpy(ret_text + used, good ? (const char *)from : "?", needed);
		used += needed;
		from += step > 0 ? step : 1;
	}
	ret_text[used] = '\0';
}

struct sf_shown sf_show_text(const char *text)
{
	struct sf_shown shown;
	clean(text ? text : "", shown.text, sizeof(shown.text));
	return shown;
}

struct sf_shown sf_show_id(struct sf_id id)
{
	struct sf_shown shown = {"-"};
	if (!sf_id_is_none(id))
		sf_id_format(id, shown.text);
	return shown;
}

struct sf_shown sf_show_minute(int64_t time_ms)
{
	struct sf_shown shown = {"-"};
	struct tm at;
	if (time_ms == 0 || time_ms == SF_NEVER_MS)
		return shown;
	sf_when_local(time_ms, &at);
	if (strftime(shown.text, sizeof(shown.text), "%Y-%m-%d %H:%M", &at) == 0)
		shown.text[0] = '\0';
	return shown;
}

struct sf_shown sf_show_clock(int64_t time_ms)
{
	struct sf_shown shown = {"-"};
	struct tm at;
	if (time_ms == 0 || time_ms == SF_NEVER_MS)
		return shown;
	sf_when_local(time_ms, &at);
	if (strftime(shown.text, sizeof(shown.text), "%H:%M:%S", &at) == 0)
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

struct sf_shown sf_show_domains(sf_domain_set domains)
{
	struct sf_shown shown = {"-"};
	size_t used = 0;
	for (size_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		if (!(domains & SF_DOMAIN_BIT(i)))
			continue;
		int size = snprintf(shown.text + used, sizeof(shown.text) - used, "%s%s",
			used ? ", " : "", sf_domain_text((enum sf_domain)i));
		used += (size_t)size;
	}
	return shown;
}

struct sf_shown sf_show_party(const char *name, struct sf_id party)
{
	return name && name[0] ? sf_show_text(name) : sf_show_id(party);
}

void sf_print_text(FILE *out, const char *text)
{
	/* In pieces, each ending where a character does. */
	while (*text) {
		const unsigned char *from = (const unsigned char *)text;
		size_t size = character_size(from);
		if (size == 0 || is_control(from))
			fputc('?', out);
		else
			fwrite(text, 1, size, out);
		text += size > 0 ? size : 1;
	}
}

void sf_table_begin(struct sf_table *table, const char *const *headings, size_t column_count)
{
	SF_ASSERT(column_count > 0 && column_count <= SF_TABLE_COLUMNS_MAX);
	*table = (struct sf_table){.column_count = column_count};
	sf_buf_init(&table->cells, TABLE_SIZE_MAX);
	for (size_t i = 0; i < column_count; i++)
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

/* In characters, which is in columns of a terminal for the scripts of the north. */
static size_t width_of(const char *text)
{
	size_t width = 0;
	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void print_cells(const struct sf_table *table, const size_t *widths, FILE *out)
{
	const char *cell = (const char *)table->cells.data;
	for (size_t i = 0; i < table->cell_count; i++) {
		size_t column = i % table->column_count;
		bool last = column + 1 == table->column_count;
		fputs(cell, out);
		for (size_t width = width_of(cell); !last && width < widths[column] + 2; width++)
			fputc(' ', out);
		if (last)
			fputc('\n', out);
		cell += strlen(cell) + 1;
	}
}

int sf_table_end(struct sf_table *table, FILE *out, const char *empty)
{
	size_t widths[SF_TABLE_COLUMNS_MAX] = {0};
	enum sf_err err = table->err;
	SF_ASSERT(err || table->cell_count % table->column_count == 0);
	const char *cell = (const char *)table->cells.data;
	for (size_t i = 0; !err && i < table->cell_count; i++) {
		size_t width = width_of(cell);
		size_t *widest = &widths[i % table->column_count];
		*widest = width > *widest ? width : *widest;
		cell += strlen(cell) + 1;
	}
	if (!err && table->cell_count == table->column_count)
		fprintf(out, "%s\n", empty);
	else if (!err)
		print_cells(table, widths, out);
	sf_buf_fini(&table->cells);
	return err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
}
