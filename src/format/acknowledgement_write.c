#include "format/acknowledgement.h"

#include <string.h>

#include "base/time.h"
#include "text/fhir_write.h"
#include "format/system.h"

#define TERMINOLOGY "http://medcomfhir.dk/ig/terminology/CodeSystem/"
#define MESSAGING "http://medcomfhir.dk/ig/messaging/StructureDefinition/"
#define ACKNOWLEDGEMENT "http://medcomfhir.dk/ig/acknowledgement/StructureDefinition/"
#define DEFINITION                                                                                 \
	"http://medcomfhir.dk/ig/acknowledgement/medcom-acknowledgement-message-definition|2.0.0"
#define FULL_URL_BASE "https://medcomfhir.dk/ig/acknowledgement/"
#define ENDPOINT_BASE "https://sor2.sum.dsdn.dk/#id="
#define URL_SIZE 192
#define NARRATIVE_SIZE 64

/* Resources that the caller has no id for are named after the MessageHeader. */
#define SENDER ".sender"
#define RECEIVER ".receiver"
#define OUTCOME ".outcome"
#define ORIGIN ".origin"
#define HEADER_ID_SIZE_MAX (SF_FHIR_ID_SIZE_MAX - sizeof(RECEIVER) + 1)

/* Callers keep organisations and Provenances that were never read as zeroed structs. */
static bool is_empty(const char *text)
{
	return !text || text[0] == '\0';
}

struct id_text {
	char text[SF_FHIR_ID_SIZE_MAX + 1];
};

static void join(char *ret_text, size_t size, const char *a, const char *b, const char *c)
{
	struct sf_diag joined;
	sf_diag_set(&joined, "%s%s%s", a, b, c);
	size_t used = strlen(joined.text);
	if (used >= size)
		used = size - 1;
	memcpy(ret_text, joined.text, used);
	ret_text[used] = '\0';
}

static struct id_text id_of(const struct sf_acknowledgement_request *request, const char *suffix)
{
	struct id_text id;
	join(id.text, sizeof(id.text), request->header_id, suffix, "");
	return id;
}

static void write_reference(
	struct sf_fhir_writer *writer, const char *name, const char *type, const char *id)
{
	char reference[URL_SIZE];
	join(reference, sizeof(reference), type, "/", id);
	sf_fhir_object(writer, name);
	sf_fhir_text(writer, "reference", reference);
	sf_fhir_close(writer);
}

static void write_coding(
	struct sf_fhir_writer *writer, const char *name, const char *system, const char *code)
{
	sf_fhir_object(writer, name);
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "code", code);
	sf_fhir_close(writer);
}

/* meta.profile, shared by the Bundle and every resource. */
static void write_profile(struct sf_fhir_writer *writer, const char *profile)
{
	sf_fhir_object(writer, "meta");
	sf_fhir_list(writer, "profile");
	sf_fhir_text(writer, NULL, profile);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

static void open_entry(struct sf_fhir_writer *writer, const char *type, const char *id,
	const char *profile, const char *narrative)
{
	char path[URL_SIZE];
	char full_url[URL_SIZE];
	join(path, sizeof(path), type, "/", id);
	join(full_url, sizeof(full_url), FULL_URL_BASE, path, "");
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "fullUrl", full_url);
	sf_fhir_resource(writer, "resource", type);
	sf_fhir_text(writer, "id", id);
	write_profile(writer, profile);
	sf_fhir_narrative(writer, narrative);
}

static void close_entry(struct sf_fhir_writer *writer)
{
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

static void write_endpoint(struct sf_fhir_writer *writer, const char *sor)
{
	char endpoint[URL_SIZE];
	join(endpoint, sizeof(endpoint), ENDPOINT_BASE, is_empty(sor) ? "" : sor, "");
	if (!is_empty(sor))
		sf_fhir_text(writer, "endpoint", endpoint);
}

static void write_destination(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	sf_fhir_list(writer, "destination");
	sf_fhir_object(writer, NULL);
	sf_fhir_list(writer, "extension");
	sf_fhir_extension(writer, MESSAGING "medcom-messaging-destinationUseExtension");
	write_coding(
		writer, "valueCoding", TERMINOLOGY "medcom-messaging-destinationUse", "primary");
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	write_endpoint(writer, request->receiver.sor);
	write_reference(writer, "receiver", "Organization", id_of(request, RECEIVER).text);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

static bool has_issues(const struct sf_acknowledgement_request *request)
{
	return request->issues && request->issues->count > 0;
}

static void write_header(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	const char *code = sf_ack_text(request->ack);
	char narrative[NARRATIVE_SIZE];
	join(narrative, sizeof(narrative), "Acknowledgement: ", code, "");
	open_entry(writer, "MessageHeader", request->header_id,
		ACKNOWLEDGEMENT "medcom-messaging-acknowledgementHeader", narrative);
	write_coding(writer, "eventCoding", TERMINOLOGY "medcom-messaging-eventCodes",
		"acknowledgement-message");
	write_destination(writer, request);
	write_reference(writer, "sender", "Organization", id_of(request, SENDER).text);
	if (!is_empty(request->sender.sor)) {
		sf_fhir_object(writer, "source");
		write_endpoint(writer, request->sender.sor);
		sf_fhir_close(writer);
	}
	sf_fhir_object(writer, "response");
	sf_fhir_text(writer, "identifier", request->acknowledged_id);
	sf_fhir_text(writer, "code", code);
	if (has_issues(request))
		write_reference(
			writer, "details", "OperationOutcome", id_of(request, OUTCOME).text);
	sf_fhir_close(writer);
	sf_fhir_text(writer, "definition", DEFINITION);
	close_entry(writer);
}

static void write_provenance(struct sf_fhir_writer *writer, const char *id,
	const struct sf_provenance *of, const char *agent_id)
{
	char occurred[SF_TIME_TEXT_SIZE];
	char recorded[SF_TIME_TEXT_SIZE];
	sf_time_format(of->occurred_ms, occurred);
	sf_time_format(of->recorded_ms, recorded);
	open_entry(writer, "Provenance", id, MESSAGING "medcom-messaging-provenance",
		"Who sent which message when");
	sf_fhir_list(writer, "target");
	write_reference(writer, NULL, "MessageHeader", of->target);
	sf_fhir_close(writer);
	sf_fhir_text(writer, "occurredDateTime", occurred);
	sf_fhir_text(writer, "recorded", recorded);
	sf_fhir_object(writer, "activity");
	sf_fhir_list(writer, "coding");
	write_coding(writer, NULL, TERMINOLOGY "medcom-messaging-activityCodes", of->activity);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	sf_fhir_list(writer, "agent");
	sf_fhir_object(writer, NULL);
	write_reference(writer, "who", "Organization", agent_id);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	if (!is_empty(of->predecessor)) {
		sf_fhir_list(writer, "entity");
		sf_fhir_object(writer, NULL);
		sf_fhir_text(writer, "role", is_empty(of->role) ? "revision" : of->role);
		write_reference(writer, "what", "MessageHeader", of->predecessor);
		sf_fhir_close(writer);
		sf_fhir_close(writer);
	}
	close_entry(writer);
}

/* MEDCOM: two Provenances, the one of what is acknowledged and the acknowledgement's own. */
static void write_provenances(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	const struct sf_provenance *origin = request->acknowledged_provenance;
	if (origin)
		write_provenance(
			writer, id_of(request, ORIGIN).text, origin, id_of(request, RECEIVER).text);
	const struct sf_provenance own = {
		.target = request->header_id,
		.predecessor = request->acknowledged_id,
		.role = "revision",
		.activity = "acknowledgement",
		.occurred_ms = request->now_ms,
		.recorded_ms = request->now_ms,
	};
	write_provenance(writer, request->provenance_id, &own, id_of(request, SENDER).text);
}

static void write_identifier(struct sf_fhir_writer *writer, const char *system, const char *value)
{
	if (is_empty(value))
		return;
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "value", value);
	sf_fhir_close(writer);
}

static void write_organization(
	struct sf_fhir_writer *writer, const char *id, const struct sf_organization *organization)
{
	const char *name = organization->name;
	open_entry(writer, "Organization", id, MESSAGING "medcom-messaging-organization",
		is_empty(name) ? "Organization" : name);
	if (!is_empty(organization->gln) || !is_empty(organization->sor)) {
		sf_fhir_list(writer, "identifier");
		write_identifier(writer, SF_SYSTEM_GLN, organization->gln);
		write_identifier(writer, SF_SYSTEM_SOR, organization->sor);
		sf_fhir_close(writer);
	}
	sf_fhir_text(writer, "name", name);
	close_entry(writer);
}

static void write_issue(struct sf_fhir_writer *writer, const struct sf_issue *issue)
{
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "severity", issue->fatal ? "error" : "information");
	sf_fhir_text(writer, "code", sf_issue_type(issue->code));
	sf_fhir_object(writer, "details");
	sf_fhir_list(writer, "coding");
	write_coding(writer, NULL, sf_issue_system(issue->code), issue->code);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	sf_fhir_text(writer, "diagnostics", issue->text);
	if (!is_empty(issue->expression)) {
		sf_fhir_list(writer, "expression");
		sf_fhir_text(writer, NULL, issue->expression);
		sf_fhir_close(writer);
	}
	sf_fhir_close(writer);
}

static void write_outcome(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	open_entry(writer, "OperationOutcome", id_of(request, OUTCOME).text,
		ACKNOWLEDGEMENT "medcom-acknowledgement-operationoutcome",
		"What the receiver says about the message");
	sf_fhir_list(writer, "issue");
	for (size_t i = 0; i < request->issues->count; i++)
		write_issue(writer, &request->issues->items[i]);
	sf_fhir_close(writer);
	close_entry(writer);
}

/* FHIR R4 2.24.0.1, id: letters, digits, hyphen and full stop. */
static bool id_fits(const char *id, size_t size_max)
{
	size_t size = strlen(id);
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-.";
	return size > 0 && size <= size_max && strspn(id, allowed) == size;
}

static enum sf_err check(const struct sf_acknowledgement_request *request, struct sf_diag *diag)
{
	bool known = request->ack == SF_ACK_OK || request->ack == SF_ACK_TRANSIENT_ERROR ||
		     request->ack == SF_ACK_FATAL_ERROR;
	if (!known || (request->ack != SF_ACK_OK && !has_issues(request))) {
		sf_diag_set(diag, "an acknowledgement that is not ok needs an issue");
		return SF_ERR_USAGE;
	}
	if (!id_fits(request->header_id, HEADER_ID_SIZE_MAX) ||
		!id_fits(request->bundle_id, SF_FHIR_ID_SIZE_MAX) ||
		!id_fits(request->provenance_id, SF_FHIR_ID_SIZE_MAX)) {
		sf_diag_set(diag, "an id of the acknowledgement is empty, too long or not FHIR's");
		return SF_ERR_USAGE;
	}
	return SF_OK;
}

static void write_bundle(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	char now[SF_TIME_TEXT_SIZE];
	sf_time_format(request->now_ms, now);
	sf_fhir_text(writer, "id", request->bundle_id);
	write_profile(writer, ACKNOWLEDGEMENT "medcom-messaging-acknowledgement");
	sf_fhir_text(writer, "type", "message");
	sf_fhir_text(writer, "timestamp", now);
	sf_fhir_list(writer, "entry");
	write_header(writer, request);
	write_provenances(writer, request);
	write_organization(writer, id_of(request, SENDER).text, &request->sender);
	write_organization(writer, id_of(request, RECEIVER).text, &request->receiver);
	if (has_issues(request))
		write_outcome(writer, request);
	sf_fhir_close(writer);
}

enum sf_err sf_acknowledgement_write(const struct sf_acknowledgement_request *request, bool xml,
	struct sf_buf *buf, struct sf_diag *diag)
{
	enum sf_err err = check(request, diag);
	if (err)
		return err;
	size_t mark = buf->size;
	struct sf_fhir_writer writer;
	sf_fhir_begin(&writer, xml, "Bundle", buf);
	write_bundle(&writer, request);
	err = sf_fhir_end(&writer);
	if (err) {
		buf->size = mark;
		sf_diag_set(diag, "the acknowledgement cannot be written: %s", sf_err_text(err));
	}
	return err;
}
