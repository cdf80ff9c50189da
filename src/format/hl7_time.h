/*
 * Times of HL7 v2 (TS and DTM, HL7 v2.5 section 2.A.77): YYYY[MM[DD[HH[MM[SS[.S...]]]]]][+/-ZZZZ].
 * Without an offset they are local.
 */
#ifndef SF_FORMAT_HL7_TIME_H
#define SF_FORMAT_HL7_TIME_H

#include "core/fact.h"
#include "core/zone.h"

/*
 * An instant when the hour at least is said, else the whole local day, first to last minute.
 * Nothing (also HL7's null) is SF_OK and both 0. SF_ERR_FORMAT: no such date or time, or less than
 * a day. SF_ERR_CONFIG: local, and zone is NULL.
 */
SF_MUST_USE enum sf_err sf_hl7_time_read(
	struct sf_view text, const struct sf_zone *zone, struct sf_interval *ret_time);

/* YYYYMMDDHHMMSS+0000, UTC. */
#define SF_HL7_TIME_SIZE 24
void sf_hl7_time_format(int64_t time_ms, char ret_text[SF_HL7_TIME_SIZE]);

#endif
