#include "format/message_write.h"

#include <string.h>

#include "base/time.h"
#include "format/system.h"

/* Callers keep organisations and Provenances that were never read as zeroed structs. */
static bool is_empty(const char *text)
{
	return !text || text[0] == '\0';
}

struct sf_message_url sf_message_join(const char *a, const char *b, const char *c)
{
	struct sf_diag joined;
	sf_diag_set(&joined, "%s%s%s", a, b, c);
	struct sf_message_url url;
	size_t used = strlen(joined.text);
	if (used >= sizeof(url.text))
		used = sizeof(url.text) - 1;
	memcpy(url.text, joined.text, used);
	url.text[used] = '\0';
	return url;
}

struct sf_message_url sf_message_cut(const char *text, size_t size)
{
	struct sf_message_url url = {""};
	memcpy(url.text, text, size < sizeof(url.text) ? size : sizeof(url.text) - 1);
	return url;
}

bool sf_message_id_fits(const char *id, size_t size_max)
{
	size_t size = strlen(id);
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-.";
	return size > 0 && size <= size_max && strspn(id, allowed) == size;
}

void sf_message_reference(
	struct sf_fhir_writer *writer, const char *name, const char *type, const char *id)
{
	sf_fhir_object(writer, name);
	sf_fhir_text(writer, "reference", sf_message_join(type, "/", id).text);
	sf_fhir_close(writer);
}

void sf_message_coding(
	struct sf_fhir_writer *writer, const char *name, const char *system, const char *code)
{
	sf_fhir_object(writer, name);
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "code", code);
	sf_fhir_close(writer);
}

void sf_message_profile(struct sf_fhir_writer *writer, const char *profile)
{
	sf_fhir_object(writer, "meta");
	sf_fhir_list(writer, "profile");
	sf_fhir_text(writer, NULL, profile);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

void sf_message_entry_open(struct sf_fhir_writer *writer, const struct sf_message_entry *entry)
{
	struct sf_message_url path = sf_message_join(entry->type, "/", entry->id);
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "fullUrl", sf_message_join(entry->base, path.text, "").text);
	sf_fhir_resource(writer, "resource", entry->type);
	sf_fhir_text(writer, "id", entry->id);
	sf_message_profile(writer, entry->profile);
	sf_fhir_narrative(writer, entry->narrative);
}

void sf_message_entry_close(struct sf_fhir_writer *writer)
{
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

static void write_endpoint(struct sf_fhir_writer *writer, const char *sor)
{
	if (!is_empty(sor))
		sf_fhir_text(writer, "endpoint", sf_message_join(SF_SOR_ENDPOINT, sor, "").text);
}

void sf_message_destination(
	struct sf_fhir_writer *writer, const char *sor, const char *organization_id)
{
	sf_fhir_list(writer, "destination");
	sf_fhir_object(writer, NULL);
	sf_fhir_list(writer, "extension");
	sf_fhir_extension(writer, SF_MEDCOM_MESSAGING "medcom-messaging-destinationUseExtension");
	sf_message_coding(writer, "valueCoding",
		SF_MEDCOM_TERMINOLOGY "medcom-messaging-destinationUse", "primary");
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	write_endpoint(writer, sor);
	sf_message_reference(writer, "receiver", "Organization", organization_id);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

void sf_message_source(struct sf_fhir_writer *writer, const char *sor)
{
	if (is_empty(sor))
		return;
	sf_fhir_object(writer, "source");
	write_endpoint(writer, sor);
	sf_fhir_close(writer);
}

void sf_message_identifier(struct sf_fhir_writer *writer, const char *system, const char *value)
{
	if (is_empty(value))
		return;
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "value", value);
	sf_fhir_close(writer);
}

void sf_message_provenance(struct sf_fhir_writer *writer, const char *base, const char *id,
	const struct sf_provenance *of, const char *agent_id)
{
	char occurred[SF_TIME_TEXT_SIZE];
	char recorded[SF_TIME_TEXT_SIZE];
	sf_time_format(of->occurred_ms, occurred);
	sf_time_format(of->recorded_ms, recorded);
	const struct sf_message_entry entry = {base, "Provenance", id,
		SF_MEDCOM_MESSAGING "medcom-messaging-provenance", "Who sent which message when"};
	sf_message_entry_open(writer, &entry);
	sf_fhir_list(writer, "target");
	sf_message_reference(writer, NULL, "MessageHeader", of->target);
	sf_fhir_close(writer);
	sf_fhir_text(writer, "occurredDateTime", occurred);
	sf_fhir_text(writer, "recorded", recorded);
	sf_fhir_object(writer, "activity");
	sf_fhir_list(writer, "coding");
	sf_message_coding(
		writer, NULL, SF_MEDCOM_TERMINOLOGY "medcom-messaging-activityCodes", of->activity);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	sf_fhir_list(writer, "agent");
	sf_fhir_object(writer, NULL);
	sf_message_reference(writer, "who", "Organization", agent_id);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	if (!is_empty(of->predecessor)) {
		sf_fhir_list(writer, "entity");
		sf_fhir_object(writer, NULL);
		sf_fhir_text(writer, "role", is_empty(of->role) ? "revision" : of->role);
		sf_message_reference(writer, "what", "MessageHeader", of->predecessor);
		sf_fhir_close(writer);
		sf_fhir_close(writer);
	}
	sf_message_entry_close(writer);
}

void sf_message_organization(struct sf_fhir_writer *writer, const char *base, const char *id,
	const struct sf_organization *organization, const char *part_of)
{
	const char *name = organization->name;
	const struct sf_message_entry entry = {base, "Organization", id,
		SF_MEDCOM_MESSAGING "medcom-messaging-organization",
		is_empty(name) ? "Organization" : name};
	sf_message_entry_open(writer, &entry);
	if (!is_empty(organization->gln) || !is_empty(organization->sor)) {
		sf_fhir_list(writer, "identifier");
		sf_message_identifier(writer, SF_SYSTEM_GLN, organization->gln);
		sf_message_identifier(writer, SF_SYSTEM_SOR, organization->sor);
		sf_fhir_close(writer);
	}
	sf_fhir_text(writer, "name", name);
	if (!is_empty(part_of))
		sf_message_reference(writer, "partOf", "Organization", part_of);
	sf_message_entry_close(writer);
}
