#include "http/fhir_capability.h"

#include "http/fhir_syntax.h"
#include "text/fhir_write.h"

/* When what stands here last changed. */
#define CHANGED "2026-11-22"
/*
 * MessageHeader.ids are remembered until their transition is erased; at least for as long as a
 * letter may wait for its recipient: 14 days (DOMAIN.md section 8).
 */
#define RELIABLE_CACHE_MIN (14 * 24 * 60)

struct parameter {
	const char *name;
	const char *type;
	const char *text;
};

struct operation {
	const char *name;
	const char *definition;
	const char *text;
};

struct resource {
	const char *type;
	bool searched;
	struct parameter parameters[8];
	struct operation operation;
};

static const struct resource resources[] = {
	{"AuditEvent", true,
		{
			{"entity", "reference",
				"The transition whose events are asked for; needed."},
			{"_count", "number", "So many on a page."},
		},
		{NULL, NULL, NULL}},
	{"Bundle", false, {{NULL, NULL, NULL}},
		{"acknowledgement", "urn:stafet:v1:operation:acknowledgement",
			"GET: the recipient's MedCom Acknowledgement of a message that was sent; "
			"202 "
			"while there is none. `recipient` names one of several."}},
	{"Task", true,
		{
			{"status", "token", "One or more of Task.status."},
			{"business-status", "token",
				"expired: past its deadline and still owed; referred-onward."},
			{"owner", "reference", "Who owes it: party id, SOR code, GLN or name."},
			{"group-identifier", "token", "Only of this transition."},
			{"_lastUpdated", "date", "ge and an instant: what has changed since."},
			{"_since", "date", "As _lastUpdated with ge."},
			{"_count", "number", "So many on a page."},
		},
		{NULL, NULL, NULL}},
};

/*
 * MedCom's messages (TERM MedComMessagingMessageTypes). Definitions of CareCommunication and
 * Acknowledgement as in MedCom's own samples; of the notification the source is missing: it is
 * named as the CareCommunication's is.
 */
static const char *const received[] = {
	"http://medcomfhir.dk/ig/messagedefinitions/MessageDefinition/"
	"MedComHospitalNotificationMessageDefinition",
	"http://medcomfhir.dk/ig/messagedefinitions/MessageDefinition/"
	"MedComCareCommunicationMessageDefinition",
	"http://medcomfhir.dk/ig/acknowledgement/medcom-acknowledgement-message-definition",
};

static void put_list_of(
	struct sf_fhir_writer *writer, const char *name, const char *const *texts, size_t count)
{
	sf_fhir_list(writer, name);
	for (size_t i = 0; i < count; i++)
		sf_fhir_text(writer, NULL, texts[i]);
	sf_fhir_close(writer);
}

static void put_interactions(struct sf_fhir_writer *writer, bool searched)
{
	static const char *const codes[] = {"read", "search-type"};
	sf_fhir_list(writer, "interaction");
	for (size_t i = 0; i < (searched ? 2 : 1); i++) {
		sf_fhir_object(writer, NULL);
		sf_fhir_text(writer, "code", codes[i]);
		sf_fhir_close(writer);
	}
	sf_fhir_close(writer);
}

static void put_operation(struct sf_fhir_writer *writer, const struct operation *operation)
{
	sf_fhir_list(writer, "operation");
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "name", operation->name);
	sf_fhir_text(writer, "definition", operation->definition);
	sf_fhir_text(writer, "documentation", operation->text);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

static void put_resource(struct sf_fhir_writer *writer, const struct resource *resource)
{
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "type", resource->type);
	put_interactions(writer, resource->searched);
	if (resource->searched)
		sf_fhir_list(writer, "searchParam");
	for (size_t i = 0; i < SF_COUNT(resource->parameters); i++) {
		const struct parameter *parameter = &resource->parameters[i];
		if (!parameter->name)
			break;
		sf_fhir_object(writer, NULL);
		sf_fhir_text(writer, "name", parameter->name);
		sf_fhir_text(writer, "type", parameter->type);
		sf_fhir_text(writer, "documentation", parameter->text);
		sf_fhir_close(writer);
	}
	if (resource->searched)
		sf_fhir_close(writer);
	if (resource->operation.name)
		put_operation(writer, &resource->operation);
	sf_fhir_close(writer);
}

static void put_rest(struct sf_fhir_writer *writer)
{
	static const struct operation process = {"process-message",
		"http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
		"200: the recipient's Acknowledgement. 202: stored, and on its way; Location says "
		"where the message can be read, and /$acknowledgement behind it what its recipient "
		"answers. 4xx: a fatal-error Acknowledgement, or an OperationOutcome. The message "
		"is sent in JSON or XML and answered in the same. Neither async nor response-url "
		"is "
		"taken: answers are fetched, or told by events and webhooks. An Acknowledgement is "
		"what the local system says of a letter that it fetched; it is never "
		"acknowledged."};
	sf_fhir_list(writer, "rest");
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "mode", "server");
	sf_fhir_object(writer, "security");
	sf_fhir_text(writer, "description",
		"Bearer tokens with roles (stafet token); TLS 1.3 beyond this machine.");
	sf_fhir_close(writer);
	sf_fhir_list(writer, "resource");
	for (size_t i = 0; i < SF_COUNT(resources); i++)
		put_resource(writer, &resources[i]);
	sf_fhir_close(writer);
	put_operation(writer, &process);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

static void put_messaging(struct sf_fhir_writer *writer)
{
	sf_fhir_list(writer, "messaging");
	sf_fhir_object(writer, NULL);
	sf_fhir_int(writer, "reliableCache", RELIABLE_CACHE_MIN);
	sf_fhir_text(writer, "documentation",
		"The same MessageHeader.id again is answered as before, and sent to nobody twice; "
		"with other content it is a fatal-error.");
	sf_fhir_list(writer, "supportedMessage");
	for (size_t i = 0; i < SF_COUNT(received); i++) {
		sf_fhir_object(writer, NULL);
		sf_fhir_text(writer, "mode", "receiver");
		sf_fhir_text(writer, "definition", received[i]);
		sf_fhir_close(writer);
	}
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "mode", "sender");
	sf_fhir_text(writer, "definition", received[2]);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

/* Elements in the order of the schema, as XML needs them. */
enum sf_err sf_fhir_capability(bool xml, struct sf_buf *buf)
{
	static const char *const formats[] = {SF_FHIR_JSON, SF_FHIR_XML, "json", "xml"};
	struct sf_fhir_writer writer;
	sf_fhir_begin(&writer, xml, "CapabilityStatement", buf);
	sf_fhir_text(&writer, "status", "active");
	sf_fhir_text(&writer, "date", CHANGED);
	sf_fhir_text(&writer, "kind", "instance");
	sf_fhir_object(&writer, "software");
	sf_fhir_text(&writer, "name", "Stafet");
	sf_fhir_text(&writer, "version", SF_VERSION);
	sf_fhir_close(&writer);
	/* Invariant cpb-15: an instance says what it is. */
	sf_fhir_object(&writer, "implementation");
	sf_fhir_text(&writer, "description",
		"The node of one organisation: MedCom messages in and out, and what is owed.");
	sf_fhir_close(&writer);
	sf_fhir_text(&writer, "fhirVersion", "4.0.1");
	put_list_of(&writer, "format", formats, SF_COUNT(formats));
	put_rest(&writer);
	put_messaging(&writer);
	return sf_fhir_end(&writer);
}
