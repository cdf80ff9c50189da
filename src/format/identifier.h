/*
 * Danish identifiers and their checks (DOMAIN section 10).
 */
#ifndef SF_FORMAT_IDENTIFIER_H
#define SF_FORMAT_IDENTIFIER_H

#include <stdbool.h>

#define SF_SYSTEM_CPR "urn:oid:1.2.208.176.1.2"
#define SF_SYSTEM_SOR "urn:oid:1.2.208.176.1.1"
#define SF_SYSTEM_GLN "https://www.gs1.org/gln"
#define SF_SYSTEM_LPR3 "https://www.esundhed.dk/Registre/Landspatientregisteret"

/*
 * Ten digits with a plausible date; the seventh digit gives the century. No modulus 11: dropped in
 * 2007. Replacement numbers have 60 added to the day.
 */
bool sf_cpr_valid(const char *text);
/* Digits with a Verhoeff check digit, 6 to 18 of them (SNOMED CT identifier). */
bool sf_sor_valid(const char *text);
/* 13 digits, modulus 10 with weights 1 and 3 (GS1). */
bool sf_gln_valid(const char *text);

#endif
