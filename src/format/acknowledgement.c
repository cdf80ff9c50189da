#include "format/acknowledgement.h"

#include <string.h>

#define CODE_SIZE_MAX ((size_t)64)

static enum sf_ack ack_from_text(const char *text)
{
	static const enum sf_ack acks[] = {SF_ACK_OK, SF_ACK_TRANSIENT_ERROR, SF_ACK_FATAL_ERROR};
	for (size_t i = 0; i < SF_COUNT(acks); i++)
		if (strcmp(text, sf_ack_text(acks[i])) == 0)
			return acks[i];
	return SF_ACK_NONE;
}

static void read_code(struct sf_reading *reading, const struct sf_element *response)
{
	const char *code = sf_element_text(response, "code");
	reading->document->ack = ack_from_text(code);
	if (code[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED,
			"MessageHeader.response.code",
			"the code is missing; give ok, transient-error or fatal-error");
	else if (reading->document->ack == SF_ACK_NONE)
		sf_issue_add(reading->issues, SF_MSG_VALUE_UNKNOWN, "MessageHeader.response.code",
			"the code is none of ok, transient-error and fatal-error");
}

/*
 * MedCom's and HL7's codes alone: a system might write anything else there, and the code is shown
 * to people and kept in clear.
 */
static bool is_code_word(const char *code)
{
	size_t size = strlen(code);
	if (strncmp(code, "MSG_", 4) != 0 || size > CODE_SIZE_MAX)
		return false;
	for (size_t i = 0; i < size; i++)
		if (!(code[i] == '_' || (code[i] >= 'A' && code[i] <= 'Z') ||
			    (code[i] >= 'a' && code[i] <= 'z')))
			return false;
	return true;
}

static void read_verdict(struct sf_reading *reading, const struct sf_element *outcome)
{
	struct sf_element_items issues = sf_element_items(outcome, "issue");
	const struct sf_element *issue = sf_element_next(&issues);
	const struct sf_element *details = sf_element_one(issue, "details");
	const char *code = sf_element_text(sf_element_one(details, "coding"), "code");
	if (is_code_word(code))
		reading->document->verdict_code = sf_reading_keep(reading, code);
}

void sf_acknowledgement_read(struct sf_reading *reading)
{
	const struct sf_element *response = sf_element_one(reading->bundle->header, "response");
	if (!response) {
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "MessageHeader.response",
			"the response is missing; say what is acknowledged and how");
		return;
	}
	const char *identifier = sf_element_text(response, "identifier");
	reading->document->acknowledged_id = sf_reading_keep(reading, identifier);
	if (identifier[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED,
			"MessageHeader.response.identifier",
			"the identifier is missing; give the MessageHeader.id acknowledged");
	read_code(reading, response);
	const struct sf_bundle_entry *outcome =
		sf_bundle_resolve(reading->bundle, sf_element_one(response, "details"));
	bool explained = outcome && strcmp(outcome->type, "OperationOutcome") == 0;
	if (explained)
		read_verdict(reading, outcome->resource);
	if (reading->document->ack != SF_ACK_OK && reading->document->ack != SF_ACK_NONE &&
		!explained)
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED,
			"MessageHeader.response.details",
			"an acknowledgement that is not ok needs an OperationOutcome");
}
