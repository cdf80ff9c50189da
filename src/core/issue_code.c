#include "core/issue_code.h"

#include <string.h>

#define SYSTEM_MEDCOM                                                                              \
	"http://medcomfhir.dk/ig/terminology/CodeSystem/medcom-acknowledgement-error-codes"
#define SYSTEM_HL7 "http://terminology.hl7.org/CodeSystem/operation-outcome"

/* HL7's own codes (FHIR R4 operation-outcome) are in capitals throughout; MedCom added the rest. */
const char *sf_issue_system(const char *code)
{
	static const char *const hl7[] = {SF_MSG_BAD_FORMAT, SF_MSG_BAD_SYNTAX, SF_MSG_DATE_FORMAT,
		SF_MSG_DUPLICATE_ID, SF_MSG_NO_MATCH, SF_MSG_RESOURCE_REQUIRED,
		SF_MSG_UNKNOWN_TYPE};
	for (size_t i = 0; i < SF_COUNT(hl7); i++)
		if (strcmp(code, hl7[i]) == 0)
			return SYSTEM_HL7;
	return SYSTEM_MEDCOM;
}

const char *sf_issue_type(const char *code)
{
	static const struct {
		const char *code;
		const char *type;
	} types[] = {
		{SF_MSG_RESOURCE_REQUIRED, "required"},
		{SF_MSG_RECEIVER_MISSING, "required"},
		{SF_MSG_DUPLICATE_ID, "duplicate"},
		{SF_MSG_NO_MATCH, "not-found"},
		{SF_MSG_RECEIVER_UNKNOWN, "not-found"},
		{SF_MSG_UNABLE_TO_RECEIVE, "not-supported"},
		{"MSG_Mailbox_Out_Of_Operation", "transient"},
	};
	for (size_t i = 0; i < SF_COUNT(types); i++)
		if (strcmp(code, types[i].code) == 0)
			return types[i].type;
	return "structure"; /* as in MedCom's own sample for an unknown value */
}
