#include "format/carecommunication.h"

#include <string.h>

/* A payload without content is a letter that says nothing (FHIR R4: payload.content[x] 1..1). */
static bool every_payload_has_content(const struct sf_element *communication)
{
	struct sf_element_items items = sf_element_items(communication, "payload");
	size_t count = 0;
	for (const struct sf_element *payload; (payload = sf_element_next(&items)); count++) {
		if (sf_element_text(payload, "contentString")[0] == '\0' &&
			!sf_element_one(payload, "contentAttachment") &&
			!sf_element_one(payload, "contentReference"))
			return false;
	}
	return count > 0;
}

/* A letter of one stay may say which (Communication.encounter); many say only of whom. */
static void read_encounter(struct sf_reading *reading)
{
	const struct sf_bundle_entry *encounter = NULL;
	if (sf_bundle_count(reading->bundle, "Encounter", &encounter) == 1)
		sf_reading_episodes(reading, encounter->resource);
}

void sf_carecommunication_read(struct sf_reading *reading)
{
	read_encounter(reading);
	const struct sf_bundle_entry *patient = sf_reading_patient(reading);
	const struct sf_bundle_entry *communication = NULL;
	size_t count = sf_bundle_count(reading->bundle, "Communication", &communication);
	if (count != 1) {
		sf_issue_add(reading->issues,
			count == 0 ? SF_MSG_RESOURCE_REQUIRED : SF_MSG_BAD_FORMAT, "Communication",
			"the message needs exactly one Communication");
		return;
	}
	const struct sf_element *subject = sf_element_one(communication->resource, "subject");
	if (patient && sf_bundle_resolve(reading->bundle, subject) != patient)
		sf_issue_add(reading->issues, SF_MSG_NO_MATCH, "Communication.subject",
			"the subject is not the Patient of the message; refer to that one");
	if (!every_payload_has_content(communication->resource))
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED,
			"Communication.payload.content",
			"a payload without content, or no payload; write the letter's text");
}
