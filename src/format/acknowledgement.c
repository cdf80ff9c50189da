#include "format/acknowledgement.h"

#include <string.h>

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
	if (reading->document->ack != SF_ACK_OK && reading->document->ack != SF_ACK_NONE &&
		!explained)
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED,
			"MessageHeader.response.details",
			"an acknowledgement that is not ok needs an OperationOutcome");
}
