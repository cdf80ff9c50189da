#include "format/hl7.h"

#include <string.h>

static const struct sf_view nothing = {NULL, 0};

static bool is_segment_end(uint8_t byte)
{
	return byte == '\r' || byte == '\n';
}

static struct sf_view cut(struct sf_view text, size_t from, size_t until)
{
	return from < until ? sf_view_of(text.data + from, until - from) : nothing;
}

/* The number-th part, counted from 1, between separators; 0 is none that separates. */
static struct sf_view part_of(struct sf_view text, uint8_t separator, size_t number)
{
	size_t start = 0;
	for (size_t at = 0; at <= text.size; at++) {
		bool ends = at == text.size || (separator != 0 && text.data[at] == separator);
		if (!ends)
			continue;
		if (--number == 0)
			return cut(text, start, at);
		start = at + 1;
	}
	return nothing;
}

/* HL7 v2.5 section 2.5.4: printable, none of them twice; letters and digits would be content. */
static bool is_separator(const struct sf_hl7 *hl7, uint8_t byte)
{
	bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
	bool digit = byte >= '0' && byte <= '9';
	bool taken = byte == hl7->field || byte == hl7->component || byte == hl7->repetition ||
		     byte == hl7->escape || byte == hl7->subcomponent;
	return byte > ' ' && byte < 0x7f && !letter && !digit && !taken;
}

static bool read_separators(struct sf_view first, struct sf_hl7 *hl7)
{
	static const size_t name_size = 3;
	if (first.size < name_size + 2 || memcmp(first.data, "MSH", name_size) != 0 ||
		!is_separator(hl7, first.data[name_size]))
		return false;
	hl7->field = first.data[name_size];
	struct sf_view rest = sf_view_of(first.data + name_size + 1, first.size - name_size - 1);
	struct sf_view encoding = part_of(rest, hl7->field, 1);
	uint8_t *places[] = {&hl7->component, &hl7->repetition, &hl7->escape, &hl7->subcomponent};
	/* A fifth one cuts texts short since version 2.7; it separates nothing. */
	if (encoding.size < 1 || encoding.size > SF_COUNT(places) + 1)
		return false;
	for (size_t i = 0; i < encoding.size && i < SF_COUNT(places); i++) {
		if (!is_separator(hl7, encoding.data[i]))
			return false;
		*places[i] = encoding.data[i];
	}
	return true;
}

static bool is_blank(struct sf_view line)
{
	for (size_t i = 0; i < line.size; i++)
		if (line.data[i] != ' ' && line.data[i] != '\t')
			return false;
	return true;
}

/* False when there are more than are accepted. */
static bool split_segments(struct sf_view message, struct sf_hl7 *hl7)
{
	size_t start = 0;
	for (size_t at = 0; at <= message.size; at++) {
		if (at < message.size && !is_segment_end(message.data[at]))
			continue;
		struct sf_view line = cut(message, start, at);
		start = at + 1;
		if (is_blank(line))
			continue;
		if (hl7->segment_count == SF_HL7_SEGMENTS_MAX)
			return false;
		hl7->segments[hl7->segment_count++] = line;
	}
	return true;
}

/* Table 0211. Without a word in MSH-18 a message is in ASCII. */
static bool read_charset(struct sf_hl7 *hl7, struct sf_view name)
{
	static const struct {
		const char *name;
		enum sf_hl7_charset charset;
	} charsets[] = {
		{"", SF_HL7_ASCII},
		{"ASCII", SF_HL7_ASCII},
		{"8859/1", SF_HL7_LATIN1},
		{"UNICODE UTF-8", SF_HL7_UTF8},
	};
	for (size_t i = 0; i < SF_COUNT(charsets); i++) {
		if (!sf_hl7_is(name, charsets[i].name))
			continue;
		hl7->charset = charsets[i].charset;
		return true;
	}
	return false;
}

static bool is_in_charset(const struct sf_hl7 *hl7, struct sf_view message)
{
	if (hl7->charset == SF_HL7_UTF8)
		return sf_utf8_valid(message);
	for (size_t i = 0; i < message.size; i++)
		if (message.data[i] == 0 ||
			(message.data[i] >= 0x80 && hl7->charset == SF_HL7_ASCII))
			return false;
	return true;
}

static bool fail(
	struct sf_issues *issues, const char *code, const char *expression, const char *text)
{
	sf_issue_add(issues, code, expression, text);
	return false;
}

bool sf_hl7_split(struct sf_view message, struct sf_hl7 *ret_hl7, struct sf_issues *issues)
{
	*ret_hl7 = (struct sf_hl7){.charset = SF_HL7_ASCII};
	bool few = split_segments(message, ret_hl7);
	if (ret_hl7->segment_count == 0 || !read_separators(ret_hl7->segments[0], ret_hl7)) {
		ret_hl7->segment_count = 0;
		return fail(issues, SF_MSG_BAD_SYNTAX, "MSH",
			"the message does not begin with MSH and its separators");
	}
	if (!few)
		return fail(issues, SF_MSG_ELEMENT_TOO_LONG, "MSH",
			"the message has more segments than are accepted");
	if (!read_charset(ret_hl7, sf_hl7_field(ret_hl7, ret_hl7->segments[0], 18)))
		return fail(issues, SF_MSG_VALUE_UNKNOWN, "MSH-18",
			"this character set is not read; send UNICODE UTF-8, 8859/1 or ASCII");
	if (!is_in_charset(ret_hl7, message))
		return fail(issues, SF_MSG_BAD_SYNTAX, "MSH-18",
			"bytes are not in the character set; name the one that is sent");
	return true;
}

struct sf_view sf_hl7_segment(const struct sf_hl7 *hl7, const char *name)
{
	size_t size = strlen(name);
	for (size_t i = 0; i < hl7->segment_count; i++) {
		struct sf_view segment = hl7->segments[i];
		if (segment.size >= size && memcmp(segment.data, name, size) == 0 &&
			(segment.size == size || segment.data[size] == hl7->field))
			return segment;
	}
	return nothing;
}

struct sf_view sf_hl7_field(const struct sf_hl7 *hl7, struct sf_view segment, size_t number)
{
	if (number == 0)
		return nothing;
	bool header = segment.size >= 3 && memcmp(segment.data, "MSH", 3) == 0;
	if (header && number == 1)
		return cut(segment, 3, segment.size < 4 ? segment.size : 4);
	return part_of(segment, hl7->field, header ? number : number + 1);
}

struct sf_view sf_hl7_repetition(const struct sf_hl7 *hl7, struct sf_view field, size_t number)
{
	return part_of(field, hl7->repetition, number);
}

struct sf_view sf_hl7_component(const struct sf_hl7 *hl7, struct sf_view field, size_t number)
{
	return part_of(field, hl7->component, number);
}

struct sf_view sf_hl7_subcomponent(
	const struct sf_hl7 *hl7, struct sf_view component, size_t number)
{
	return part_of(component, hl7->subcomponent, number);
}

bool sf_hl7_is(struct sf_view part, const char *text)
{
	return sf_view_equal(part, sf_view_text(text));
}

/* One decoded text while it grows; too long is remembered and gives nothing. */
struct decoding {
	const struct sf_hl7 *hl7;
	uint8_t bytes[SF_HL7_TEXT_SIZE_MAX];
	size_t size;
	bool too_long;
};

static void put(struct decoding *decoding, uint8_t byte)
{
	/* Control characters have no place in a name or a number; a line break becomes a space. */
	if (byte == '\t' || byte == '\n' || byte == '\r')
		byte = ' ';
	if (byte < ' ' || byte == 0x7f)
		return;
	bool two = byte >= 0x80 && decoding->hl7->charset == SF_HL7_LATIN1;
	if (decoding->size + 2 > sizeof(decoding->bytes)) {
		decoding->too_long = true;
		return;
	}
	if (two)
		decoding->bytes[decoding->size++] = (uint8_t)(0xc0 | byte >> 6);
	decoding->bytes[decoding->size++] = two ? (uint8_t)(0x80 | (byte & 0x3f)) : byte;
}

/* \X41F8\: the very bytes, in the message's character set. */
static void put_hexadecimal(struct decoding *decoding, struct sf_view digits)
{
	for (size_t i = 0; i + 1 < digits.size; i += 2) {
		const char pair[] = {(char)digits.data[i], (char)digits.data[i + 1], '\0'};
		uint8_t byte;
		if (sf_hex_decode(pair, &byte, 1) == SF_OK)
			put(decoding, byte);
	}
}

/* HL7 v2.5 section 2.7. Highlighting and unknown escapes say nothing; .br is a new line. */
static void put_escape(struct decoding *decoding, struct sf_view escape)
{
	const struct sf_hl7 *hl7 = decoding->hl7;
	const struct {
		char name;
		uint8_t meaning;
	} escapes[] = {
		{'F', hl7->field},
		{'S', hl7->component},
		{'T', hl7->subcomponent},
		{'R', hl7->repetition},
		{'E', hl7->escape},
	};
	for (size_t i = 0; i < SF_COUNT(escapes) && escape.size == 1; i++)
		if (escape.data[0] == (uint8_t)escapes[i].name)
			put(decoding, escapes[i].meaning);
	if (escape.size > 1 && escape.data[0] == 'X')
		put_hexadecimal(decoding, sf_view_of(escape.data + 1, escape.size - 1));
	else if (sf_hl7_is(escape, ".br"))
		put(decoding, ' ');
}

const char *sf_hl7_text(const struct sf_hl7 *hl7, struct sf_view part, struct sf_arena *arena)
{
	struct decoding decoding = {.hl7 = hl7};
	if (sf_hl7_is(part, "\"\""))
		part = nothing;
	for (size_t at = 0; at < part.size; at++) {
		if (hl7->escape == 0 || part.data[at] != hl7->escape) {
			put(&decoding, part.data[at]);
			continue;
		}
		struct sf_view rest = cut(part, at + 1, part.size);
		struct sf_view escape = part_of(rest, hl7->escape, 1);
		/* One that is never closed is no escape: the sender forgot to write \E\. */
		if (escape.size == rest.size) {
			put(&decoding, part.data[at]);
			continue;
		}
		put_escape(&decoding, escape);
		at += escape.size + 1;
	}
	struct sf_view text = {decoding.bytes, decoding.too_long ? 0 : decoding.size};
	/* Bytes of \X..\ may be no UTF-8 together. */
	return sf_utf8_valid(text) ? sf_arena_text(arena, text) : "";
}

bool sf_hl7_asks(struct sf_view condition, bool good)
{
	return sf_hl7_is(condition, "AL") || sf_hl7_is(condition, good ? "SU" : "ER");
}
