/*
 * One pass of expat over a document, with the bounds that every XML reader of this room keeps:
 * bytes, nesting, elements and the arena. Document type declarations are refused, and with them
 * every entity of one's own.
 */
#ifndef SF_TEXT_XML_SCAN_H
#define SF_TEXT_XML_SCAN_H

#include <expat.h>

#include "text/element.h"

/* Between namespace and local name; a character that XML cannot contain. */
#define SF_XML_SEPARATOR '\x1f'

/* The first member of a reader's own state, which is what the handlers get. */
struct sf_xml_scan {
	XML_Parser parser;      /* owned while it runs */
	struct sf_arena *arena; /* borrowed */
	struct sf_diag *diag;   /* borrowed, may be NULL */
	size_t node_count;
	enum sf_err err; /* once set, handlers do nothing */
};

struct sf_xml_handlers {
	XML_StartElementHandler start;
	XML_EndElementHandler end;
	XML_CharacterDataHandler text;
};

struct sf_xml_name {
	struct sf_view namespace; /* empty when there is none */
	const char *local;
};

struct sf_xml_name sf_xml_scan_name(const XML_Char *name);
/* The first fault ends the pass; text says what, without a piece of the document. */
void sf_xml_scan_stop(struct sf_xml_scan *scan, enum sf_err err, const char *text);
/* A new last child of parent with copies of name and text; NULL after a stop. */
struct sf_element *sf_xml_scan_add(struct sf_xml_scan *scan, struct sf_element *parent,
	enum sf_element_kind kind, const char *name, const char *text);
/* Errors as sf_json_read. */
SF_MUST_USE enum sf_err sf_xml_scan_run(
	struct sf_xml_scan *scan, struct sf_view xml, const struct sf_xml_handlers *handlers);

#endif
