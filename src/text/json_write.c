#include "text/json_write.h"

#include <inttypes.h>

static const char *short_escape(uint8_t byte)
{
	switch (byte) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static enum sf_err quote_byte(struct sf_buf *buf, uint8_t byte)
{
	const char *escape = short_escape(byte);
	if (escape)
		return sf_buf_append_text(buf, escape);
	if (byte < 0x20 || byte == 0x7f)
		return sf_buf_printf(buf, "\\u%04x", byte);
	return sf_buf_append_u8(buf, byte);
}

/* With its quotes and escapes. SF_ERR_FORMAT when it is not UTF-8. */
static enum sf_err append_quoted(struct sf_buf *buf, struct sf_view text)
{
	if (!sf_utf8_valid(text))
		return SF_ERR_FORMAT;
	enum sf_err err = sf_buf_append_u8(buf, '"');
	for (size_t i = 0; !err && i < text.size; i++)
		err = quote_byte(buf, text.data[i]);
	return err ? err : sf_buf_append_u8(buf, '"');
}

void sf_json_writer_begin(struct sf_json_writer *writer, struct sf_buf *buf)
{
	*writer = (struct sf_json_writer){.buf = buf};
}

enum sf_err sf_json_writer_end(struct sf_json_writer *writer)
{
	SF_ASSERT(writer->depth == 0);
	return writer->err;
}

static void put(struct sf_json_writer *writer, const char *text)
{
	if (!writer->err)
		writer->err = sf_buf_append_text(writer->buf, text);
}

static void quote(struct sf_json_writer *writer, struct sf_view text)
{
	if (!writer->err)
		writer->err = append_quoted(writer->buf, text);
}

/* The comma before a value and its key. */
static void lead(struct sf_json_writer *writer, const char *name)
{
	if (writer->depth > 0) {
		size_t level = writer->depth - 1;
		SF_ASSERT((writer->closing[level] == '}') == (name != NULL));
		if (writer->filled[level])
			put(writer, ",");
		writer->filled[level] = true;
	}
	if (name) {
		quote(writer, sf_view_text(name));
		put(writer, ":");
	}
}

static void enter(
	struct sf_json_writer *writer, const char *name, const char *opening, char closing)
{
	lead(writer, name);
	put(writer, opening);
	SF_ASSERT(writer->depth < SF_JSON_WRITE_DEPTH_MAX);
	writer->closing[writer->depth] = closing;
	writer->filled[writer->depth] = false;
	writer->depth++;
}

void sf_json_object(struct sf_json_writer *writer, const char *name)
{
	enter(writer, name, "{", '}');
}

void sf_json_array(struct sf_json_writer *writer, const char *name)
{
	enter(writer, name, "[", ']');
}

void sf_json_close(struct sf_json_writer *writer)
{
	SF_ASSERT(writer->depth > 0);
	writer->depth--;
	put(writer, writer->closing[writer->depth] == '}' ? "}" : "]");
}

void sf_json_text(struct sf_json_writer *writer, const char *name, const char *value)
{
	sf_json_text_view(writer, name, sf_view_text(value ? value : ""));
}

void sf_json_text_view(struct sf_json_writer *writer, const char *name, struct sf_view value)
{
	lead(writer, name);
	quote(writer, value);
}

void sf_json_int(struct sf_json_writer *writer, const char *name, int64_t value)
{
	lead(writer, name);
	if (!writer->err)
		writer->err = sf_buf_printf(writer->buf, "%" PRId64, value);
}

void sf_json_bool(struct sf_json_writer *writer, const char *name, bool value)
{
	lead(writer, name);
	put(writer, value ? "true" : "false");
}

void sf_json_null(struct sf_json_writer *writer, const char *name)
{
	lead(writer, name);
	put(writer, "null");
}

void sf_json_id(struct sf_json_writer *writer, const char *name, struct sf_id id)
{
	char text[SF_ID_TEXT_SIZE];
	if (sf_id_is_none(id)) {
		sf_json_null(writer, name);
		return;
	}
	sf_id_format(id, text);
	sf_json_text(writer, name, text);
}
