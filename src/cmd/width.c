#include "cmd/width.h"

#include <string.h>

static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t sf_width(const char *text)
{
	size_t width = 0;
	for (; *text; text++)
		width += begins_character(*text);
	return width;
}

/* Bytes of the first characters; of all of them when text is narrower. */
static size_t size_of(const char *text, size_t width)
{
	size_t size = 0;
	for (; text[size]; size++) {
		if (!begins_character(text[size]))
			continue;
		if (width == 0)
			break;
		width--;
	}
	return size;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* "Fri 27 Nov 18:00", "clause 2-7" and "answer 01a2.." are one word each. */
static bool is_break(const char *text, size_t at)
{
	char before = text[at - 1], after = text[at + 1];
	bool glued = is_digit(after) || (is_digit(before) && is_letter(after));
	return text[at] == ' ' && (!glued || before == ',' || before == ';');
}

size_t sf_width_word(const char *text)
{
	size_t widest = 0, width = 0;
	for (size_t i = 0; text[i]; i++) {
		bool ends = i > 0 && is_break(text, i);
		width = ends ? 0 : width + begins_character(text[i]);
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* Up to the last break in the first `fits` bytes; with commas, up to one in their second half. */
static size_t line_size(const char *text, size_t fits, bool commas)
{
	size_t last = 0, comma = 0;
	if (text[fits] == '\0')
		return fits;
	for (size_t i = 1; i <= fits; i++) {
		if (!is_break(text, i))
			continue;
		last = i;
		if (commas && (text[i - 1] == ',' || text[i - 1] == ';'))
			comma = i;
	}
	/* A line that is half empty says less than one whose end is less natural. */
	if (comma > fits / 2)
		return comma;
	return last ? last : fits;
}

size_t sf_width_line(const char *text, size_t width)
{
	return line_size(text, size_of(text, width), true);
}

struct sf_shown sf_width_cut(const char *text, size_t width)
{
	struct sf_shown shown;
	size_t whole = sf_width(text);
	if (whole <= width) {
		snprintf(shown.text, sizeof(shown.text), "%s", text);
		return shown;
	}
	/* Names differ at either end: "Afdeling A, ...", "..., Afdeling B". */
	size_t tail = (width - 2) / 2;
	size_t head = width - 2 - tail;
	snprintf(shown.text, sizeof(shown.text), "%.*s..%s", (int)size_of(text, head), text,
		text + size_of(text, whole - tail));
	return shown;
}

void sf_width_print(FILE *out, const char *text, size_t indent)
{
	size_t before = 0;
	while (*text) {
		size_t fits = size_of(text, SF_SCREEN_WIDTH - before);
		size_t size = line_size(text, fits, false);
		fprintf(out, "%*s%.*s\n", (int)before, "", (int)size, text);
		text += size;
		text += strspn(text, " ");
		before = indent;
	}
}
