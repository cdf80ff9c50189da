/*
 * MedCom Acknowledgement: read, and written in JSON or XML.
 */
#ifndef SF_FORMAT_ACKNOWLEDGEMENT_H
#define SF_FORMAT_ACKNOWLEDGEMENT_H

#include "format/letter.h"

/* After sf_letter_read. Keyed on ok, transient-error and fatal-error only: MedCom's texts disagree
 * about AA, AE and AR (MEDCOM, ids). */
void sf_acknowledgement_read(struct sf_reading *reading);

/*
 * Appends to buf; on an error the buffer is as it was. SF_ERR_USAGE: no issue although ack is not
 * ok (rule medcom-acknowledgement-1), an unknown ack, or ids that FHIR cannot carry.
 */
SF_MUST_USE enum sf_err sf_acknowledgement_write(const struct sf_acknowledgement_request *request,
	bool xml, struct sf_buf *buf, struct sf_diag *diag);

#endif
