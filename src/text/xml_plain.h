/*
 * Reads XML that is not FHIR, such as MedCom's older letters (OIOXML), into the neutral tree: an
 * element with children is an object, one without has its text, trimmed of white space. Namespaces
 * and attributes are dropped, and so is text that stands beside elements: it is words for people.
 *
 * UTF-8, UTF-16, ISO 8859-1 and ASCII, as the XML declaration says.
 */
#ifndef SF_TEXT_XML_PLAIN_H
#define SF_TEXT_XML_PLAIN_H

#include "text/element.h"

/* The root has its own name. Errors as sf_json_read. Any thread. */
SF_MUST_USE enum sf_err sf_xml_read_plain(struct sf_view xml, struct sf_arena *arena,
	const struct sf_element **ret_root, struct sf_diag *diag);

#endif
