/*
 * The CapabilityStatement of a node (FHIR R4 2.36): what can be done below /fhir. Made of constants
 * alone; a test holds it to the table of routes.
 */
#ifndef SF_HTTP_FHIR_CAPABILITY_H
#define SF_HTTP_FHIR_CAPABILITY_H

#include "base/bytes.h"

SF_MUST_USE enum sf_err sf_fhir_capability(bool xml, struct sf_buf *buf);

#endif
