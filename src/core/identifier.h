/*
 * Identifiers of persons and organisations (DOMAIN.md section 10): is the text well formed? Nothing
 * here says that the person or organisation exists. Pure; any thread; the text is never kept.
 */
#ifndef SF_CORE_IDENTIFIER_H
#define SF_CORE_IDENTIFIER_H

#include "base/bytes.h"

#define SF_CPR_SIZE ((size_t)10)
#define SF_GLN_SIZE ((size_t)13)
#define SF_SOR_SIZE_MIN ((size_t)6) /* SCTID: at least 6 and at most 18 digits */
#define SF_SOR_SIZE_MAX ((size_t)18)

/*
 * Ten ASCII digits, DDMMYYSSSS, of a date that exists in the century that YY and the seventh digit
 * name (CPR-kontoret, "Personnummeret i CPR"); day + 60 is a replacement number. No modulus 11:
 * numbers that fail it are given since 2007.
 */
bool sf_cpr_is_valid(struct sf_view text);

/* A SOR code is a SNOMED CT identifier: 6 to 18 digits, no leading zero, Verhoeff check digit. */
bool sf_sor_is_valid(struct sf_view text);

/* 13 digits, the last of them the mod-10 check digit (GS1 General Specifications 7.9). */
bool sf_gln_is_valid(struct sf_view text);

#endif
