#include "audit/explain_page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PARAGRAPH_SIZE_MAX ((size_t)8192)
#define WIDTH 80

void sf_explain_page_init(struct sf_explain_page *page, struct sf_buf *out)
{
	*page = (struct sf_explain_page){.out = out};
	sf_buf_init(&page->paragraph, PARAGRAPH_SIZE_MAX);
}

enum sf_err sf_explain_page_fini(struct sf_explain_page *page)
{
	sf_buf_fini(&page->paragraph);
	return page->err;
}

void sf_explain_say(struct sf_explain_page *page, const char *format, ...)
{
	char text[512];
	va_list list;
	va_start(list, format);
	int size = vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (size < 0 || (size_t)size >= sizeof(text))
		page->err = page->err ? page->err : SF_ERR_LIMIT;
	if (!page->err)
		page->err = sf_buf_append_text(&page->paragraph, text);
}

void sf_explain_join(struct sf_explain_page *page, size_t index, size_t count, const char *last)
{
	if (index == 0)
		return;
	if (index + 1 == count)
		sf_explain_say(page, " %s ", last);
	else
		sf_explain_say(page, ", ");
}

void sf_explain_amount(struct sf_explain_page *page, uint32_t amount, char point)
{
	uint32_t millions = amount / 1000000, thousands = amount / 1000 % 1000,
		 ones = amount % 1000;
	if (millions > 0)
		sf_explain_say(page, "%" PRIu32 "%c%03" PRIu32 "%c%03" PRIu32, millions, point,
			thousands, point, ones);
	else if (thousands > 0)
		sf_explain_say(page, "%" PRIu32 "%c%03" PRIu32, thousands, point, ones);
	else
		sf_explain_say(page, "%" PRIu32, ones);
}

static void put(struct sf_explain_page *page, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; !page->err && i < size; i++)
		page->err = sf_buf_append_u8(
			page->out, bytes[i] == SF_EXPLAIN_GLUE[0] ? ' ' : bytes[i]);
}

static void put_sign(struct sf_explain_page *page, char sign, size_t count)
{
	for (size_t i = 0; !page->err && i < count; i++)
		page->err = sf_buf_append_u8(page->out, (uint8_t)sign);
}

/* In characters: UTF-8's later bytes of one take no column. */
static size_t width_of(const uint8_t *bytes, size_t size)
{
	size_t width = 0;
	for (size_t i = 0; i < size; i++)
		width += (bytes[i] & 0xc0) != 0x80;
	return width;
}

void sf_explain_end(struct sf_explain_page *page, size_t first, size_t rest)
{
	const uint8_t *at = page->paragraph.data;
	size_t left = page->paragraph.size, column = 0, indent = first;
	while (left > 0) {
		size_t size = 0;
		while (size < left && at[size] != ' ')
			size++;
		size_t width = width_of(at, size);
		if (column > 0 && column + 1 + width > WIDTH) {
			put_sign(page, '\n', 1);
			column = 0;
			indent = rest;
		}
		put_sign(page, ' ', column > 0 ? 1 : indent);
		column += (column > 0 ? 1 : indent) + width;
		put(page, at, size);
		size += size < left;
		at += size;
		left -= size;
	}
	put_sign(page, '\n', 1);
	sf_buf_clear(&page->paragraph);
}

void sf_explain_title(struct sf_explain_page *page, const char *kind, size_t number,
	const struct sf_clause *clause)
{
	sf_explain_say(page, "%s", kind);
	if (number > 0)
		sf_explain_say(page, " %zu", number);
	if (clause->name[0])
		sf_explain_say(page, ": %s", clause->name);
	if (clause->citation[0])
		sf_explain_say(page, " [%s]", clause->citation);
	sf_explain_end(page, 0, 0);
}

void sf_explain_heading(struct sf_explain_page *page, char sign)
{
	size_t width = width_of(page->paragraph.data, page->paragraph.size);
	put(page, page->paragraph.data, page->paragraph.size);
	put_sign(page, '\n', 1);
	put_sign(page, sign, width);
	put_sign(page, '\n', 1);
	sf_buf_clear(&page->paragraph);
}

void sf_explain_blank(struct sf_explain_page *page)
{
	put_sign(page, '\n', 1);
}

const char *sf_explain_word(const char *const *words, size_t count, size_t number)
{
	return number < count && words[number] ? words[number] : "?";
}

bool sf_explain_is_counted(enum sf_deadline_rule rule)
{
	return rule == SF_DEADLINE_MINUTES || rule == SF_DEADLINE_DAYS ||
	       rule == SF_DEADLINE_WORKING_DAYS || rule == SF_DEADLINE_READING_HOURS;
}

bool sf_explain_has_source(const struct sf_clause *clause)
{
	return clause->source[0] != '\0' && strcmp(clause->source, "source missing") != 0;
}
