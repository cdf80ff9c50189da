/*
 * Reads FHIR XML (FHIR R4 2.6.1) into the neutral tree that JSON gives:
 * value attributes become text, id and url attributes become members, repeated elements repeat, an
 * element that begins with a capital is the resource of its parent ("resourceType"). The narrative
 * (xhtml div) is read as an empty text: nothing of it is kept.
 *
 * Document type declarations are refused, and with them every entity of one's own. Elements and
 * attributes of other namespaces are kept under "{namespace}name", where no reader looks.
 */
#ifndef SF_TEXT_XML_H
#define SF_TEXT_XML_H

#include "text/element.h"

#define SF_XML_FHIR "http://hl7.org/fhir"
#define SF_XML_XHTML "http://www.w3.org/1999/xhtml"

/* Errors as sf_json_read. Any thread. */
SF_MUST_USE enum sf_err sf_xml_read(struct sf_view xml, struct sf_arena *arena,
	const struct sf_element **ret_root, struct sf_diag *diag);

#endif
