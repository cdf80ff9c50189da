/*
 * MedCom's letters before FHIR (OIOXML, "XDIS"): which letter it is, whose, and what it says of
 * the process. The words are for people.
 *
 * What is sourced and what is not stands in the room's README.
 */
#ifndef SF_FORMAT_XDIS_H
#define SF_FORMAT_XDIS_H

#include "port/format.h"
#include "text/element.h"

/*
 * root as sf_xml_read_plain gives it. *document has empty texts and nothing else before, and stays
 * so when the XML is no letter known here. SF_ERR_UNSUPPORTED: a
 * notification, which is no letter. Others as read_letter of port/format.h.
 */
SF_MUST_USE enum sf_err sf_xdis_read(const struct sf_element *root, const struct sf_zone *zone,
	struct sf_arena *arena, struct sf_letter_document *document, struct sf_diag *diag);

#endif
