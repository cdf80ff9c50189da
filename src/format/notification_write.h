/*
 * MedCom HospitalNotification, written for stays that a hospital tells in HL7 v2 or by hand
 * (MEDCOM, "HospitalNotification codes and rules"). JSON; what is written, notification.c reads.
 */
#ifndef SF_FORMAT_NOTIFICATION_WRITE_H
#define SF_FORMAT_NOTIFICATION_WRITE_H

#include "port/format.h"

/* SF_ERR_USAGE: no step, or one without an activity or a class. On error nothing is appended. */
SF_MUST_USE enum sf_err sf_notification_write(
	const struct sf_notification_request *request, struct sf_buf *buf, struct sf_diag *diag);

#endif
