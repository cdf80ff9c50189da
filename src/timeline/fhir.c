#include "timeline/fhir.h"

#include "base/time.h"
#include "core/refusal.h"
#include "text/json_write.h"

#define LIFECYCLE "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
#define ENTITY_TYPE "http://terminology.hl7.org/CodeSystem/audit-entity-type"
#define OBJECT_ROLE "http://terminology.hl7.org/CodeSystem/object-role"
#define CPR_SYSTEM "urn:oid:1.2.208.176.1.2"

struct writing {
	struct sf_json_writer *writer;
	const struct sf_timeline *timeline;
	const struct sf_timeline_fhir_options *options;
};

static void put_instant(struct sf_json_writer *writer, const char *name, int64_t time_ms)
{
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(time_ms, text);
	sf_json_text(writer, name, text);
}

static void put_coding(struct sf_json_writer *writer, const char *name, const char *system,
	const char *code, const char *display)
{
	sf_json_object(writer, name);
	sf_json_text(writer, "system", system);
	sf_json_text(writer, "code", code);
	if (display)
		sf_json_text(writer, "display", display);
	sf_json_close(writer);
}

/* { "identifier": { "system", "value" } } : nothing here has a server to point into. */
static void put_reference(struct sf_json_writer *writer, const char *name, const char *system,
	const char *value, const char *display)
{
	sf_json_object(writer, name);
	sf_json_object(writer, "identifier");
	sf_json_text(writer, "system", system);
	sf_json_text(writer, "value", value);
	sf_json_close(writer);
	if (display && display[0])
		sf_json_text(writer, "display", display);
	sf_json_close(writer);
}

static void put_reference_of(struct sf_json_writer *writer, const char *name, const char *system,
	struct sf_id id, const char *display)
{
	char text[SF_ID_TEXT_SIZE];
	sf_id_format(id, text);
	put_reference(writer, name, system, text, display);
}

static const char *lifecycle_of(enum sf_kind_class kind_class, const char **ret_display)
{
	switch (kind_class) {
	case SF_CLASS_ACKNOWLEDGEMENT:
		*ret_display = "Receive/Retain Record Lifecycle Event";
		return "receive";
	case SF_CLASS_DERIVED:
	case SF_CLASS_STATEMENT:
		*ret_display = "Report (Output) Record Lifecycle Event";
		return "report";
	case SF_CLASS_RESEND:
		*ret_display = "Transmit Record Lifecycle Event";
		return "transmit";
	case SF_CLASS_FACT:
	case SF_CLASS_DIRECTORY:
	case SF_CLASS_EPOCH:
		break;
	}
	*ret_display = "Originate/Retain Record Lifecycle Event";
	return "originate";
}

static void put_type(struct sf_json_writer *writer, const struct sf_event_row *event)
{
	const char *display;
	const char *code = lifecycle_of(event->kind_class, &display);
	put_coding(writer, "type", LIFECYCLE, code, display);
	sf_json_array(writer, "subtype");
	put_coding(writer, NULL, "urn:stafet:v1:kind", sf_kind_text(event->kind), NULL);
	if (event->activity != SF_ACTIVITY_NONE)
		put_coding(writer, NULL, "urn:stafet:v1:activity",
			sf_activity_text(event->activity), NULL);
	if (event->ack != SF_ACK_NONE)
		put_coding(writer, NULL, "http://hl7.org/fhir/response-code",
			sf_ack_text(event->ack), NULL);
	sf_json_close(writer);
}

static void put_outcome(struct sf_json_writer *writer, const struct sf_timeline_mark *mark)
{
	sf_json_text(writer, "outcome", mark->refused ? "8" : mark->deviates ? "4" : "0");
	if (mark->code)
		sf_json_text(writer, "outcomeDesc", sf_refusal_text((uint16_t)mark->code));
	else if (mark->late)
		sf_json_text(writer, "outcomeDesc", "told late");
}

static void put_agent(const struct writing *writing, const struct sf_timeline_mark *mark)
{
	struct sf_json_writer *writer = writing->writer;
	const struct sf_event_row *event = mark->event;
	const struct sf_timeline_lane *lane =
		mark->lane == SF_TIMELINE_NO_LANE ? NULL : &writing->timeline->lanes[mark->lane];
	sf_json_array(writer, "agent");
	sf_json_object(writer, NULL);
	if (lane && lane->role != SF_ROLE_NONE) {
		sf_json_array(writer, "role");
		sf_json_object(writer, NULL);
		sf_json_array(writer, "coding");
		put_coding(writer, NULL, "urn:stafet:v1:role", sf_role_text(lane->role), NULL);
		sf_json_close(writer);
		sf_json_close(writer);
		sf_json_close(writer);
	}
	put_reference_of(writer, "who", "urn:stafet:v1:party", event->author, event->author_name);
	sf_json_bool(writer, "requestor", true);
	sf_json_close(writer);
	sf_json_close(writer);
}

static void put_source(const struct writing *writing)
{
	struct sf_json_writer *writer = writing->writer;
	const struct sf_timeline_fhir_options *options = writing->options;
	sf_json_object(writer, "source");
	if (sf_id_is_none(options->coordinator))
		put_reference(writer, "observer", "urn:stafet:v1:program", "stafet-coordinator",
			options->coordinator_name);
	else
		put_reference_of(writer, "observer", "urn:stafet:v1:party", options->coordinator,
			options->coordinator_name);
	sf_json_close(writer);
}

static void put_entity(const struct writing *writing, const char *system, struct sf_id id)
{
	struct sf_json_writer *writer = writing->writer;
	sf_json_object(writer, NULL);
	put_reference_of(writer, "what", system, id, NULL);
	put_coding(writer, "type", ENTITY_TYPE, "2", "System Object");
	sf_json_close(writer);
}

static void put_entities(const struct writing *writing, const struct sf_event_row *event)
{
	struct sf_json_writer *writer = writing->writer;
	sf_json_array(writer, "entity");
	put_entity(writing, "urn:stafet:v1:transition", writing->timeline->show->row.transition);
	put_entity(writing, "urn:stafet:v1:message", event->message);
	if (!sf_id_is_none(event->in_reply_to))
		put_entity(writing, "urn:stafet:v1:in-reply-to", event->in_reply_to);
	if (writing->options->cpr) {
		sf_json_object(writer, NULL);
		put_reference(writer, "what", CPR_SYSTEM, writing->options->cpr, NULL);
		put_coding(writer, "type", ENTITY_TYPE, "1", "Person");
		put_coding(writer, "role", OBJECT_ROLE, "1", "Patient");
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void put_event(const struct writing *writing, const struct sf_timeline_mark *mark)
{
	struct sf_json_writer *writer = writing->writer;
	const struct sf_event_row *event = mark->event;
	sf_json_object(writer, NULL);
	sf_json_object(writer, "resource");
	sf_json_text(writer, "resourceType", "AuditEvent");
	put_type(writer, event);
	sf_json_text(writer, "action", event->kind_class == SF_CLASS_FACT ? "C" : "E");
	if (event->occurred_ms > 0) {
		sf_json_object(writer, "period");
		put_instant(writer, "start", event->occurred_ms);
		sf_json_close(writer);
	}
	put_instant(writer, "recorded", event->recorded_ms);
	put_outcome(writer, mark);
	put_agent(writing, mark);
	put_source(writing);
	put_entities(writing, event);
	sf_json_close(writer);
	sf_json_close(writer);
}

enum sf_err sf_timeline_fhir(const struct sf_timeline *timeline,
	const struct sf_timeline_fhir_options *options, struct sf_buf *buf)
{
	struct sf_json_writer writer;
	const struct writing writing = {&writer, timeline, options};
	sf_json_writer_begin(&writer, buf);
	sf_json_object(&writer, NULL);
	sf_json_text(&writer, "resourceType", "Bundle");
	sf_json_text(&writer, "type", "collection");
	put_instant(&writer, "timestamp", timeline->show->as_of_ms);
	sf_json_array(&writer, "entry");
	for (size_t i = 0; i < timeline->mark_count; i++)
		put_event(&writing, &timeline->marks[i]);
	sf_json_close(&writer);
	sf_json_close(&writer);
	return sf_json_writer_end(&writer);
}
