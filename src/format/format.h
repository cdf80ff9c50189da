/*
 * The clinical format port over MedCom FHIR R4 in JSON and XML. No state: any number of threads.
 */
#ifndef SF_FORMAT_FORMAT_H
#define SF_FORMAT_FORMAT_H

#include "port/format.h"

/* Fills every function of *ret_format; self is NULL. */
void sf_format_port(struct sf_format *ret_format);

#endif
