/*
 * ADT messages of HL7 v2: what each event is to a stay (README.md has the table with its sources).
 */
#ifndef SF_FORMAT_ADT_H
#define SF_FORMAT_ADT_H

#include "core/zone.h"
#include "format/hl7.h"
#include "port/hl7.h"

/*
 * False with issues that name each HL7 field; what could be read stands in *ret_adt all the same,
 * texts "" where not. zone: of times without an offset. Everything read lives in arena.
 */
bool sf_adt_read(const struct sf_hl7 *hl7, const struct sf_zone *zone, struct sf_arena *arena,
	struct sf_adt *ret_adt, struct sf_issues *issues);

#endif
