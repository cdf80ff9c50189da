/*
 * MedCom's codes of what is wrong with a message (MEDCOM, ids: "Ack content"): HL7's MSG_* and
 * MedCom's own, as they stand in OperationOutcome.issue.details.
 */
#ifndef SF_CORE_ISSUE_CODE_H
#define SF_CORE_ISSUE_CODE_H

#include "base/check.h"

#define SF_MSG_BAD_FORMAT "MSG_BAD_FORMAT"
#define SF_MSG_BAD_SYNTAX "MSG_BAD_SYNTAX"
#define SF_MSG_DATE_FORMAT "MSG_DATE_FORMAT"
#define SF_MSG_DUPLICATE_ID "MSG_DUPLICATE_ID"
#define SF_MSG_NO_MATCH "MSG_NO_MATCH"
#define SF_MSG_RESOURCE_REQUIRED "MSG_RESOURCE_REQUIRED"
#define SF_MSG_UNKNOWN_TYPE "MSG_UNKNOWN_TYPE"
#define SF_MSG_RECEIVER_UNKNOWN "MSG_Receiver_Identifier_UNKNOWN"
#define SF_MSG_RECEIVER_MISSING "MSG_Receiver_Identifier_MISSING"
#define SF_MSG_UNABLE_TO_RECEIVE "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE"
#define SF_MSG_VALUE_UNKNOWN "MSG_VALUESET_VALUE_UNKNOWN"
#define SF_MSG_ELEMENT_TOO_LONG "MSG_Element_To_Long"
#define SF_MSG_DATATYPE_WRONG "MSG_Datatype_Wrong"

/* The system of issue.details.coding and FHIR's IssueType for a code of MedCom. Never NULL. */
const char *sf_issue_system(const char *code);
const char *sf_issue_type(const char *code);

#endif
