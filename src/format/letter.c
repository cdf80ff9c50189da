#include "format/letter.h"

#include <string.h>

#include "base/time.h"
#include "core/identifier.h"
#include "format/system.h"

#define MEDCOM_BASE "http://medcomfhir.dk/ig/"
#define EXTENSION_NAME_SIZE 96

const char *sf_reading_keep_view(struct sf_reading *reading, struct sf_view text)
{
	if (text.size == 0)
		return "";
	const char *copy = sf_arena_text(reading->arena, text);
	if (!copy)
		reading->full = true;
	return copy ? copy : "";
}

const char *sf_reading_keep(struct sf_reading *reading, const char *text)
{
	return sf_reading_keep_view(reading, sf_view_text(text));
}

int64_t sf_reading_time(struct sf_reading *reading, const struct sf_element *parent,
	const char *name, const char *expression, bool required)
{
	const char *text = sf_element_text(parent, name);
	int64_t time_ms = 0;
	if (text[0] == '\0') {
		if (required)
			sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, expression,
				"the time is missing; give one date and time with zone");
		return 0;
	}
	if (sf_time_parse(sf_view_text(text), &time_ms) != SF_OK) {
		sf_issue_add(reading->issues, SF_MSG_DATE_FORMAT, expression,
			"not a date and time with zone; write YYYY-MM-DDThh:mm:ss+hh:mm");
		return 0;
	}
	return time_ms;
}

/* The value of the only identifier of a system; "" when there is none or more than one. */
static const char *identifier_value(const struct sf_element *resource, const char *system)
{
	const char *value = "";
	size_t count = 0;
	struct sf_element_items items = sf_element_items(resource, "identifier");
	for (const struct sf_element *item; (item = sf_element_next(&items));) {
		if (strcmp(sf_element_text(item, "system"), system) != 0)
			continue;
		value = sf_element_text(item, "value");
		count++;
	}
	return count == 1 ? value : "";
}

struct sf_organization sf_reading_organization(
	struct sf_reading *reading, const struct sf_bundle_entry *entry)
{
	const struct sf_element *resource = entry ? entry->resource : NULL;
	return (struct sf_organization){
		.sor = sf_reading_keep(reading, identifier_value(resource, SF_SYSTEM_SOR)),
		.gln = sf_reading_keep(reading, identifier_value(resource, SF_SYSTEM_GLN)),
		.name = sf_reading_keep(reading, sf_element_text(resource, "name")),
	};
}

static enum sf_err join_given(const struct sf_element *name, struct sf_buf *buf)
{
	enum sf_err err = SF_OK;
	struct sf_element_items given = sf_element_items(name, "given");
	for (const struct sf_element *part; (part = sf_element_next(&given)) && !err;)
		if (part->text)
			err = sf_buf_printf(buf, "%s%s", buf->size > 0 ? " " : "", part->text);
	return err;
}

/* The official name, else the first: its text, or given names and family name. */
static void read_name(struct sf_reading *reading, const struct sf_element *patient)
{
	const struct sf_element *chosen = NULL;
	struct sf_element_items names = sf_element_items(patient, "name");
	for (const struct sf_element *name; (name = sf_element_next(&names));) {
		bool official = strcmp(sf_element_text(name, "use"), "official") == 0;
		if (!chosen || official)
			chosen = name;
		if (official)
			break;
	}
	const char *whole = sf_element_text(chosen, "text");
	const char *family = sf_element_text(chosen, "family");
	struct sf_document *document = reading->document;
	struct sf_buf buf;
	sf_buf_init(&buf, SF_PATIENT_NAME_SIZE_MAX + 1);
	enum sf_err err = join_given(chosen, &buf);
	document->family = sf_reading_keep(reading, family);
	document->given = sf_reading_keep_view(reading, sf_buf_view(&buf));
	if (whole[0] != '\0') {
		sf_buf_clear(&buf);
		err = sf_buf_append_text(&buf, whole);
	} else if (!err && family[0] != '\0') {
		err = sf_buf_printf(&buf, "%s%s", buf.size > 0 ? " " : "", family);
	}
	if (err)
		sf_issue_add(reading->issues, SF_MSG_ELEMENT_TOO_LONG, "Patient.name",
			"the name is too long; shorten it");
	else
		document->patient_name = sf_reading_keep_view(reading, sf_buf_view(&buf));
	sf_buf_fini(&buf);
}

/* MEDCOM structure: exactly one Patient with the CPR system. */
const struct sf_bundle_entry *sf_reading_patient(struct sf_reading *reading)
{
	const struct sf_bundle_entry *patient = NULL;
	size_t count = sf_bundle_count(reading->bundle, "Patient", &patient);
	if (count != 1) {
		sf_issue_add(reading->issues,
			count == 0 ? SF_MSG_RESOURCE_REQUIRED : SF_MSG_BAD_FORMAT, "Patient",
			"the message needs exactly one Patient; send one message a patient");
		return NULL;
	}
	read_name(reading, patient->resource);
	const char *cpr = identifier_value(patient->resource, SF_SYSTEM_CPR);
	if (cpr[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Patient.identifier",
			"one identifier with system urn:oid:1.2.208.176.1.2 and a value is needed");
	else if (!sf_cpr_is_valid(sf_view_text(cpr)))
		sf_issue_add(reading->issues, SF_MSG_DATATYPE_WRONG, "Patient.identifier.value",
			"not a plausible CPR number; write ten digits that begin with a date");
	else
		reading->document->cpr = sf_reading_keep(reading, cpr);
	return patient;
}

bool sf_extension_is(const struct sf_element *extension, const char *part)
{
	const char *url = sf_element_text(extension, "url");
	if (strncmp(url, MEDCOM_BASE, strlen(MEDCOM_BASE)) != 0)
		return false;
	char name[EXTENSION_NAME_SIZE] = "";
	size_t size = 0;
	for (const char *at = strrchr(url, '/') + 1; *at && size < sizeof(name) - 1; at++)
		if (*at != '-')
			name[size++] = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
	return strstr(name, part) != NULL;
}

static bool is_primary(const struct sf_element *destination)
{
	struct sf_element_items items = sf_element_items(destination, "extension");
	for (const struct sf_element *item; (item = sf_element_next(&items));) {
		const struct sf_element *coding = sf_element_one(item, "valueCoding");
		if (sf_extension_is(item, "destinationuse") &&
			strcmp(sf_element_text(coding, "code"), "primary") == 0)
			return true;
	}
	return false;
}

/* MEDCOM, addressing: destination primary 1..1, SOR and GLN both. */
static void read_receiver(struct sf_reading *reading)
{
	const struct sf_element *primary = NULL;
	size_t count = 0;
	struct sf_element_items items = sf_element_items(reading->bundle->header, "destination");
	for (const struct sf_element *item; (item = sf_element_next(&items));) {
		if (!is_primary(item))
			continue;
		primary = item;
		count++;
	}
	if (count != 1) {
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "MessageHeader.destination",
			"exactly one destination with the use primary is needed");
		return;
	}
	const struct sf_bundle_entry *entry =
		sf_bundle_resolve(reading->bundle, sf_element_one(primary, "receiver"));
	if (!entry || strcmp(entry->type, "Organization") != 0) {
		sf_issue_add(reading->issues, SF_MSG_NO_MATCH, "MessageHeader.destination.receiver",
			"the receiver is no Organization of the bundle; put it in and refer to it");
		return;
	}
	struct sf_organization receiver = sf_reading_organization(reading, entry);
	reading->document->receiver = receiver;
	if (receiver.sor[0] == '\0' || receiver.gln[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RECEIVER_MISSING,
			"MessageHeader.destination.receiver.resolve().identifier",
			"the receiver needs one SOR and one GLN identifier");
	else if (!sf_sor_is_valid(sf_view_text(receiver.sor)) ||
		 !sf_gln_is_valid(sf_view_text(receiver.gln)))
		sf_issue_add(reading->issues, SF_MSG_RECEIVER_UNKNOWN,
			"MessageHeader.destination.receiver.resolve().identifier.value",
			"a check digit of the receiver's SOR or GLN is wrong; look it up again");
}

static void read_sender(struct sf_reading *reading)
{
	const struct sf_element *header = reading->bundle->header;
	const struct sf_element *reference = sf_element_one(header, "sender");
	if (!reference) {
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "MessageHeader.sender",
			"the sender is missing; refer to its Organization");
		return;
	}
	const struct sf_bundle_entry *entry = sf_bundle_resolve(reading->bundle, reference);
	if (!entry || strcmp(entry->type, "Organization") != 0) {
		sf_issue_add(reading->issues, SF_MSG_NO_MATCH, "MessageHeader.sender",
			"the sender is no Organization of the bundle; put it in and refer to it");
		return;
	}
	struct sf_organization sender = sf_reading_organization(reading, entry);
	reading->document->sender = sender;
	if (sender.sor[0] == '\0' || sender.gln[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED,
			"MessageHeader.sender.resolve().identifier",
			"the sender needs one SOR and one GLN identifier");
	else if (!sf_sor_is_valid(sf_view_text(sender.sor)) ||
		 !sf_gln_is_valid(sf_view_text(sender.gln)))
		sf_issue_add(reading->issues, SF_MSG_DATATYPE_WRONG,
			"MessageHeader.sender.resolve().identifier.value",
			"a check digit of the sender's SOR or GLN is wrong; look it up again");
}

static const char *read_id(
	struct sf_reading *reading, const struct sf_element *resource, const char *expression)
{
	const char *id = sf_element_text(resource, "id");
	if (id[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, expression,
			"the id is missing; give one, new for each letter or sending");
	else if (strlen(id) > SF_FHIR_ID_SIZE_MAX)
		sf_issue_add(reading->issues, SF_MSG_ELEMENT_TOO_LONG, expression,
			"the id is longer than 64 characters; shorten it");
	else
		return sf_reading_keep(reading, id);
	return "";
}

const char *sf_letter_event(const struct sf_bundle *bundle)
{
	return sf_element_text(sf_element_one(bundle->header, "eventCoding"), "code");
}

void sf_reading_episodes(struct sf_reading *reading, const struct sf_element *encounter)
{
	struct sf_document *document = reading->document;
	size_t count = sf_element_count(encounter, "episodeOfCare");
	const char **ids = sf_arena_take_many(reading->arena, count, sizeof(*ids));
	if (!ids) {
		reading->full = true;
		return;
	}
	const char *lpr3_id = "";
	struct sf_element_items items = sf_element_items(encounter, "episodeOfCare");
	for (const struct sf_element *item; (item = sf_element_next(&items));) {
		const struct sf_element *identifier = sf_element_one(item, "identifier");
		const char *system = sf_element_text(identifier, "system");
		const char *value = sf_element_text(identifier, "value");
		if (system[0] == '\0' || value[0] == '\0') {
			sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED,
				"Encounter.episodeOfCare.identifier",
				"an episode needs an identifier with system and value");
			continue;
		}
		struct sf_buf joined;
		sf_buf_init(&joined, SF_CLINICAL_SIZE_MAX);
		if (sf_buf_printf(&joined, "%s|%s", system, value) != SF_OK)
			reading->full = true;
		ids[document->episode_count++] =
			sf_reading_keep_view(reading, sf_buf_view(&joined));
		sf_buf_fini(&joined);
		if (strcmp(system, SF_SYSTEM_LPR3) == 0)
			lpr3_id = value;
		else if (document->local_episode_id[0] == '\0')
			document->local_episode_id = sf_reading_keep(reading, value);
	}
	document->episode_ids = ids;
	if (document->local_episode_id[0] == '\0')
		document->local_episode_id = sf_reading_keep(reading, lpr3_id);
}

void sf_document_clear(struct sf_document *document)
{
	struct sf_organization nobody = {.sor = "", .gln = "", .name = ""};
	*document = (struct sf_document){.bundle_id = "",
		.header_id = "",
		.sender = nobody,
		.receiver = nobody,
		.cpr = "",
		.patient_name = "",
		.family = "",
		.given = "",
		.local_episode_id = "",
		.predecessor_id = "",
		.department = "",
		.ward_of = "",
		.acknowledged_id = "",
		.verdict_code = ""};
}

void sf_letter_read(struct sf_reading *reading)
{
	const struct sf_bundle *bundle = reading->bundle;
	struct sf_document *document = reading->document;
	document->bundle_id = read_id(reading, bundle->root, "Bundle.id");
	document->bundle_time_ms =
		sf_reading_time(reading, bundle->root, "timestamp", "Bundle.timestamp", true);
	if (!bundle->header)
		return; /* sf_bundle_read has said so */
	document->header_id = read_id(reading, bundle->header, "MessageHeader.id");
	if (sf_letter_event(bundle)[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "MessageHeader.event",
			"the event code is missing; say which message this is");
	read_receiver(reading);
	read_sender(reading);
	sf_provenance_read(reading);
}
