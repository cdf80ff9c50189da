/* HL7 v2 acknowledgements (HL7 v2.5 section 2.9: original and enhanced mode). */
#ifndef SF_FORMAT_HL7_ANSWER_H
#define SF_FORMAT_HL7_ANSWER_H

#include "format/hl7.h"
#include "port/hl7.h"

/*
 * Appends the acknowledgement, or nothing where MSH-15 (MSH-16, of a later one) wants none. Its
 * separators, character set and version are the message's; without a readable MSH the usual ones.
 */
SF_MUST_USE enum sf_err sf_hl7_answer_write(
	const struct sf_hl7_answer *answer, struct sf_buf *buf, struct sf_diag *diag);

/* Whether answer says CA or AA of the message with this MSH-10. */
bool sf_hl7_answer_takes(struct sf_view message, struct sf_view answer);

#endif
