/*
 * FHIR in JSON or XML: which of them a request is in, and which its answer shall be in (FHIR R4
 * 3.1.0.1.10 and .11, RFC 9110 section 12.5.1).
 */
#ifndef SF_HTTP_FHIR_SYNTAX_H
#define SF_HTTP_FHIR_SYNTAX_H

#include "http/route.h"

#define SF_FHIR_JSON "application/fhir+json"
#define SF_FHIR_XML "application/fhir+xml"

/* /fhir and everything below it; false for NULL. */
bool sf_fhir_is_path(const char *path);

/*
 * By _format, else by Accept; xml is what it is when both will do. False: neither will, and
 * *ret_xml is xml.
 */
bool sf_fhir_choose(const struct sf_http_request *request, bool xml, bool *ret_xml);
/* May it be this one? */
bool sf_fhir_accepts(const struct sf_http_request *request, bool xml);

/*
 * Of the body. False: another content type, or another charset than UTF-8, which is the only one of
 * FHIR (FHIR R4 3.1.0.1.11).
 */
bool sf_fhir_is_content(const struct sf_http_request *request, bool *ret_xml);

/* SF_FHIR_JSON or SF_FHIR_XML. */
const char *sf_fhir_type(bool xml);

#endif
