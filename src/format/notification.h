/*
 * MedCom HospitalNotification: which step of the stay it tells (MEDCOM, "HospitalNotification codes
 * and rules"). The Provenance's activity decides; a death and its cancellation show only in
 * Patient.deceased and the status.
 */
#ifndef SF_FORMAT_NOTIFICATION_H
#define SF_FORMAT_NOTIFICATION_H

#include "format/letter.h"

/* After sf_letter_read. Collects issues; the document's stay is whole when none is fatal. */
void sf_notification_read(struct sf_reading *reading);

#endif
