/*
 * Writes XML elements in the way of FHIR: content in value attributes, everything escaped. The
 * first error sticks and sf_xml_writer_end answers it. Nesting errors are bugs and are asserted.
 */
#ifndef SF_TEXT_XML_WRITE_H
#define SF_TEXT_XML_WRITE_H

#include "base/bytes.h"

#define SF_XML_WRITE_DEPTH_MAX 32

struct sf_xml_writer {
	struct sf_buf *buf; /* borrowed */
	size_t depth;
	const char *names[SF_XML_WRITE_DEPTH_MAX]; /* borrowed, of the open elements */
	enum sf_err err;
};

/* Writes the XML declaration. */
void sf_xml_writer_begin(struct sf_xml_writer *writer, struct sf_buf *buf);
/* SF_ERR_LIMIT, SF_ERR_MEMORY, or SF_ERR_FORMAT for a text that XML cannot carry. */
SF_MUST_USE enum sf_err sf_xml_writer_end(struct sf_xml_writer *writer);

/* name must outlive the element; attribute may be NULL, else it is written with its value. */
void sf_xml_open(
	struct sf_xml_writer *writer, const char *name, const char *attribute, const char *value);
void sf_xml_close(struct sf_xml_writer *writer);
/* <name value="..."/> */
void sf_xml_value(struct sf_xml_writer *writer, const char *name, const char *value);
/* Character data, escaped; for narratives only. */
void sf_xml_text(struct sf_xml_writer *writer, const char *text);

/* Appends text escaped for attributes and character data. SF_ERR_FORMAT as above. */
SF_MUST_USE enum sf_err sf_xml_escape(struct sf_buf *buf, struct sf_view text);

#endif
