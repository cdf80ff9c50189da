/*
 * A first pass over JSON text, before the parser allocates anything: bounds the nesting and the
 * number of nodes, and dresses every number as a string that begins with SF_JSON_NUMBER_MARK.
 *
 * FACTS (jansson): the parser turns 1.10 into 1.1000000000000001, and FHIR decimals must keep their
 * digits (FHIR R4 2.24.0.1). So it never sees a number. A document whose own strings contain U+0001
 * is refused (FHIR strings may not), so that the mark cannot be forged.
 */
#ifndef SF_TEXT_JSON_SCAN_H
#define SF_TEXT_JSON_SCAN_H

#include "base/bytes.h"

#define SF_JSON_NUMBER_MARK '\001'

/*
 * Appends the dressed text to buf. SF_ERR_LIMIT past SF_TEXT_DEPTH_MAX or SF_TEXT_NODES_MAX or the
 * ceiling of buf; SF_ERR_FORMAT for a number JSON does not know or a forged mark. Other faults are
 * left to the parser.
 */
SF_MUST_USE enum sf_err sf_json_scan(struct sf_view json, struct sf_buf *buf, struct sf_diag *diag);

#endif
