/*
 * MedCom CareCommunication: recognised and addressed. What it says is for people.
 */
#ifndef SF_FORMAT_CARECOMMUNICATION_H
#define SF_FORMAT_CARECOMMUNICATION_H

#include "format/letter.h"

/* After sf_letter_read: one Patient, and one Communication that says something about that one. */
void sf_carecommunication_read(struct sf_reading *reading);

#endif
