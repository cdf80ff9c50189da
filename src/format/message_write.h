/*
 * What every MedCom message that is written here has: entries with profile and narrative,
 * references, destination and source, Provenances and Organizations (MEDCOM, "Ids, order,
 * reliability"). The writer's error sticks until sf_fhir_end.
 */
#ifndef SF_FORMAT_MESSAGE_WRITE_H
#define SF_FORMAT_MESSAGE_WRITE_H

#include "text/fhir_write.h"
#include "port/format.h"

#define SF_MEDCOM_TERMINOLOGY "http://medcomfhir.dk/ig/terminology/CodeSystem/"
#define SF_MEDCOM_MESSAGING "http://medcomfhir.dk/ig/messaging/StructureDefinition/"
#define SF_SOR_ENDPOINT "https://sor2.sum.dsdn.dk/#id="

#define SF_MESSAGE_URL_SIZE ((size_t)192) /* longer ones are cut: what is joined is bounded */

struct sf_message_url {
	char text[SF_MESSAGE_URL_SIZE];
};
struct sf_message_url sf_message_join(const char *a, const char *b, const char *c);
/* The first size bytes. */
struct sf_message_url sf_message_cut(const char *text, size_t size);

/* FHIR R4 2.24.0.1, id: letters, digits, hyphen and full stop, 1 to size_max of them. */
bool sf_message_id_fits(const char *id, size_t size_max);

void sf_message_reference(
	struct sf_fhir_writer *writer, const char *name, const char *type, const char *id);
void sf_message_coding(
	struct sf_fhir_writer *writer, const char *name, const char *system, const char *code);
/* meta.profile, shared by the Bundle and every resource. */
void sf_message_profile(struct sf_fhir_writer *writer, const char *profile);
/* base: what the fullUrl begins with. */
struct sf_message_entry {
	const char *base;
	const char *type;
	const char *id;
	const char *profile;
	const char *narrative;
};
void sf_message_entry_open(struct sf_fhir_writer *writer, const struct sf_message_entry *entry);
void sf_message_entry_close(struct sf_fhir_writer *writer);
/* MessageHeader.destination with the use primary. */
void sf_message_destination(
	struct sf_fhir_writer *writer, const char *sor, const char *organization_id);
/* MessageHeader.source; nothing without a SOR code, which its endpoint is made of. */
void sf_message_source(struct sf_fhir_writer *writer, const char *sor);
void sf_message_identifier(struct sf_fhir_writer *writer, const char *system, const char *value);
/* The entry of one step of the chain; agent_id is an Organization. */
void sf_message_provenance(struct sf_fhir_writer *writer, const char *base, const char *id,
	const struct sf_provenance *of, const char *agent_id);
/* part_of: id of the Organization that it is a part of, "" of none. */
void sf_message_organization(struct sf_fhir_writer *writer, const char *base, const char *id,
	const struct sf_organization *organization, const char *part_of);

#endif
