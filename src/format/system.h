/*
 * Identifier systems as MedCom messages name them. What makes an identifier plausible is
 * core/identifier.h's.
 */
#ifndef SF_FORMAT_SYSTEM_H
#define SF_FORMAT_SYSTEM_H

#define SF_SYSTEM_CPR "urn:oid:1.2.208.176.1.2"
#define SF_SYSTEM_SOR "urn:oid:1.2.208.176.1.1"
#define SF_SYSTEM_GLN "https://www.gs1.org/gln"
#define SF_SYSTEM_LPR3 "https://www.esundhed.dk/Registre/Landspatientregisteret"

#endif
