#include "format/acknowledgement.h"

#include "base/time.h"
#include "format/message_write.h"

#define ACKNOWLEDGEMENT "http://medcomfhir.dk/ig/acknowledgement/StructureDefinition/"
#define DEFINITION                                                                                 \
	"http://medcomfhir.dk/ig/acknowledgement/medcom-acknowledgement-message-definition|2.0.0"
#define FULL_URL_BASE "https://medcomfhir.dk/ig/acknowledgement/"

/* Resources that the caller has no id for are named after the MessageHeader. */
#define SENDER ".sender"
#define RECEIVER ".receiver"
#define OUTCOME ".outcome"
#define ORIGIN ".origin"
#define HEADER_ID_SIZE_MAX (SF_FHIR_ID_SIZE_MAX - sizeof(RECEIVER) + 1)

static struct sf_message_url id_of(
	const struct sf_acknowledgement_request *request, const char *suffix)
{
	return sf_message_join(request->header_id, suffix, "");
}

static bool has_issues(const struct sf_acknowledgement_request *request)
{
	return request->issues && request->issues->count > 0;
}

static void write_header(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	const char *code = sf_ack_text(request->ack);
	struct sf_message_url narrative = sf_message_join("Acknowledgement: ", code, "");
	const struct sf_message_entry entry = {FULL_URL_BASE, "MessageHeader", request->header_id,
		ACKNOWLEDGEMENT "medcom-messaging-acknowledgementHeader", narrative.text};
	sf_message_entry_open(writer, &entry);
	sf_message_coding(writer, "eventCoding",
		SF_MEDCOM_TERMINOLOGY "medcom-messaging-eventCodes", "acknowledgement-message");
	sf_message_destination(writer, request->receiver.sor, id_of(request, RECEIVER).text);
	sf_message_reference(writer, "sender", "Organization", id_of(request, SENDER).text);
	sf_message_source(writer, request->sender.sor);
	sf_fhir_object(writer, "response");
	sf_fhir_text(writer, "identifier", request->acknowledged_id);
	sf_fhir_text(writer, "code", code);
	if (has_issues(request))
		sf_message_reference(
			writer, "details", "OperationOutcome", id_of(request, OUTCOME).text);
	sf_fhir_close(writer);
	sf_fhir_text(writer, "definition", DEFINITION);
	sf_message_entry_close(writer);
}

/* MEDCOM: two Provenances, the one of what is acknowledged and the acknowledgement's own. */
static void write_provenances(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	const struct sf_provenance *origin = request->acknowledged_provenance;
	if (origin)
		sf_message_provenance(writer, FULL_URL_BASE, id_of(request, ORIGIN).text, origin,
			id_of(request, RECEIVER).text);
	const struct sf_provenance own = {
		.target = request->header_id,
		.predecessor = request->acknowledged_id,
		.role = "revision",
		.activity = "acknowledgement",
		.occurred_ms = request->now_ms,
		.recorded_ms = request->now_ms,
	};
	sf_message_provenance(
		writer, FULL_URL_BASE, request->provenance_id, &own, id_of(request, SENDER).text);
}

static void write_issue(struct sf_fhir_writer *writer, const struct sf_issue *issue)
{
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "severity", issue->fatal ? "error" : "information");
	sf_fhir_text(writer, "code", sf_issue_type(issue->code));
	sf_fhir_object(writer, "details");
	sf_fhir_list(writer, "coding");
	sf_message_coding(writer, NULL, sf_issue_system(issue->code), issue->code);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	sf_fhir_text(writer, "diagnostics", issue->text);
	if (issue->expression && issue->expression[0] != '\0') {
		sf_fhir_list(writer, "expression");
		sf_fhir_text(writer, NULL, issue->expression);
		sf_fhir_close(writer);
	}
	sf_fhir_close(writer);
}

static void write_outcome(
	struct sf_fhir_writer *writer, const struct sf_acknowledgement_request *request)
{
	struct sf_message_url id = id_of(request, OUTCOME);
	const struct sf_message_entry entry = {FULL_URL_BASE, "OperationOutcome", id.text,
		ACKNOWLEDGEMENT "medcom-acknowledgement-operationoutcome",
		"What the receiver says about the message"};
	sf_message_entry_open(writer, &entry);
	sf_fhir_list(writer, "issue");
	for (size_t i = 0; i < request->issues->count; i++)
		write_issue(writer, &request->issues->items[i]);
	sf_fhir_close(writer);
	sf_message_entry_close(writer);
}

static enum sf_err check(const struct sf_acknowledgement_request *request, struct sf_diag *diag)
{
	bool known = request->ack == SF_ACK_OK || request->ack == SF_ACK_TRANSIENT_ERROR ||
		     request->ack == SF_ACK_FATAL_ERROR;
	if (!known || (request->ack != SF_ACK_OK && !has_issues(request))) {
		sf_diag_set(diag, "an acknowledgement that is not ok needs an issue");
		return SF_ERR_USAGE;
	}
	if (!sf_message_id_fits(request->header_id, HEADER_ID_SIZE_MAX) ||
		!sf_message_id_fits(request->bundle_id, SF_FHIR_ID_SIZE_MAX) ||
		!sf_message_id_fits(request->provenance_id, SF_FHIR_ID_SIZE_MAX)) {
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
	sf_message_profile(writer, ACKNOWLEDGEMENT "medcom-messaging-acknowledgement");
	sf_fhir_text(writer, "type", "message");
	sf_fhir_text(writer, "timestamp", now);
	sf_fhir_list(writer, "entry");
	write_header(writer, request);
	write_provenances(writer, request);
	sf_message_organization(
		writer, FULL_URL_BASE, id_of(request, SENDER).text, &request->sender, "");
	sf_message_organization(
		writer, FULL_URL_BASE, id_of(request, RECEIVER).text, &request->receiver, "");
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
