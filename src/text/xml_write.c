#include "text/xml_write.h"

/* Line breaks are references, or a parser would make spaces of them (MedCom: &#xA;). */
static enum sf_err escape_byte(struct sf_buf *buf, uint8_t byte)
{
	switch (byte) {
	case '&':
		return sf_buf_append_text(buf, "&amp;");
	case '<':
		return sf_buf_append_text(buf, "&lt;");
	case '>':
		return sf_buf_append_text(buf, "&gt;");
	case '"':
		return sf_buf_append_text(buf, "&quot;");
	case '\n':
		return sf_buf_append_text(buf, "&#xA;");
	case '\r':
		return sf_buf_append_text(buf, "&#xD;");
	case '\t':
		return sf_buf_append_text(buf, "&#x9;");
	default:
		/* XML 1.0 section 2.2: no other control characters, in no form. */
		return byte < 0x20 ? SF_ERR_FORMAT : sf_buf_append_u8(buf, byte);
	}
}

/* U+FFFE and U+FFFF are UTF-8 and no characters of XML 1.0 (section 2.2). */
static bool has_noncharacter(struct sf_view text)
{
	for (size_t i = 0; i + 2 < text.size; i++)
		if (text.data[i] == 0xef && text.data[i + 1] == 0xbf && text.data[i + 2] >= 0xbe)
			return true;
	return false;
}

enum sf_err sf_xml_escape(struct sf_buf *buf, struct sf_view text)
{
	if (!sf_utf8_valid(text) || has_noncharacter(text))
		return SF_ERR_FORMAT;
	enum sf_err err = SF_OK;
	for (size_t i = 0; !err && i < text.size; i++)
		err = escape_byte(buf, text.data[i]);
	return err;
}

static void put(struct sf_xml_writer *writer, const char *text)
{
	if (!writer->err)
		writer->err = sf_buf_append_text(writer->buf, text);
}

void sf_xml_text(struct sf_xml_writer *writer, const char *text)
{
	if (!writer->err)
		writer->err = sf_xml_escape(writer->buf, sf_view_text(text));
}

void sf_xml_writer_begin(struct sf_xml_writer *writer, struct sf_buf *buf)
{
	*writer = (struct sf_xml_writer){.buf = buf};
	put(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

enum sf_err sf_xml_writer_end(struct sf_xml_writer *writer)
{
	SF_ASSERT(writer->depth == 0);
	return writer->err;
}

static void put_attribute(struct sf_xml_writer *writer, const char *attribute, const char *value)
{
	put(writer, " ");
	put(writer, attribute);
	put(writer, "=\"");
	sf_xml_text(writer, value);
	put(writer, "\"");
}

void sf_xml_open(
	struct sf_xml_writer *writer, const char *name, const char *attribute, const char *value)
{
	SF_ASSERT(writer->depth < SF_XML_WRITE_DEPTH_MAX);
	writer->names[writer->depth++] = name;
	put(writer, "<");
	put(writer, name);
	if (attribute)
		put_attribute(writer, attribute, value);
	put(writer, ">");
}

void sf_xml_close(struct sf_xml_writer *writer)
{
	SF_ASSERT(writer->depth > 0);
	put(writer, "</");
	put(writer, writer->names[--writer->depth]);
	put(writer, ">");
}

void sf_xml_value(struct sf_xml_writer *writer, const char *name, const char *value)
{
	put(writer, "<");
	put(writer, name);
	put_attribute(writer, "value", value);
	put(writer, "/>");
}
