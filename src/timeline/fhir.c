#include "timeline/fhir.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "core/refusal.h"
#include "text/fhir_write.h"

#define LIFECYCLE "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
#define ENTITY_TYPE "http://terminology.hl7.org/CodeSystem/audit-entity-type"
#define OBJECT_ROLE "http://terminology.hl7.org/CodeSystem/object-role"
#define CPR_SYSTEM "urn:oid:1.2.208.176.1.2"

struct writing {
	struct sf_fhir_writer *writer;
	const struct sf_timeline *timeline;
	const struct sf_timeline_fhir_options *options;
};

static void put_instant(struct sf_fhir_writer *writer, const char *name, int64_t time_ms)
{
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(time_ms, text);
	sf_fhir_text(writer, name, text);
}

static void put_coding(struct sf_fhir_writer *writer, const char *name, const char *system,
	const char *code, const char *display)
{
	sf_fhir_object(writer, name);
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "code", code);
	if (display)
		sf_fhir_text(writer, "display", display);
	sf_fhir_close(writer);
}

/* { "identifier": { "system", "value" } } : nothing here has a server to point into. */
static void put_reference(struct sf_fhir_writer *writer, const char *name, const char *system,
	const char *value, const char *display)
{
	sf_fhir_object(writer, name);
	sf_fhir_object(writer, "identifier");
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "value", value);
	sf_fhir_close(writer);
	if (display && display[0])
		sf_fhir_text(writer, "display", display);
	sf_fhir_close(writer);
}

static void put_reference_of(struct sf_fhir_writer *writer, const char *name, const char *system,
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

static void put_type(struct sf_fhir_writer *writer, const struct sf_event_row *event)
{
	const char *display;
	const char *code = lifecycle_of(event->kind_class, &display);
	put_coding(writer, "type", LIFECYCLE, code, display);
	sf_fhir_list(writer, "subtype");
	put_coding(writer, NULL, "urn:stafet:v1:kind", sf_kind_text(event->kind), NULL);
	if (event->activity != SF_ACTIVITY_NONE)
		put_coding(writer, NULL, "urn:stafet:v1:activity",
			sf_activity_text(event->activity), NULL);
	if (event->ack != SF_ACK_NONE)
		put_coding(writer, NULL, "http://hl7.org/fhir/response-code",
			sf_ack_text(event->ack), NULL);
	sf_fhir_close(writer);
}

static void put_outcome(struct sf_fhir_writer *writer, const struct sf_timeline_mark *mark)
{
	sf_fhir_text(writer, "outcome", mark->refused ? "8" : mark->deviates ? "4" : "0");
	if (mark->code)
		sf_fhir_text(writer, "outcomeDesc", sf_refusal_text((uint16_t)mark->code));
	else if (mark->late)
		sf_fhir_text(writer, "outcomeDesc", "told late");
}

static void put_agent(const struct writing *writing, const struct sf_timeline_mark *mark)
{
	struct sf_fhir_writer *writer = writing->writer;
	const struct sf_event_row *event = mark->event;
	const struct sf_timeline_lane *lane =
		mark->lane == SF_TIMELINE_NO_LANE ? NULL : &writing->timeline->lanes[mark->lane];
	sf_fhir_list(writer, "agent");
	sf_fhir_object(writer, NULL);
	if (lane && lane->role != SF_ROLE_NONE) {
		sf_fhir_list(writer, "role");
		sf_fhir_object(writer, NULL);
		sf_fhir_list(writer, "coding");
		put_coding(writer, NULL, "urn:stafet:v1:role", sf_role_text(lane->role), NULL);
		sf_fhir_close(writer);
		sf_fhir_close(writer);
		sf_fhir_close(writer);
	}
	put_reference_of(writer, "who", "urn:stafet:v1:party", event->author, event->author_name);
	sf_fhir_bool(writer, "requestor", true);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
}

static void put_source(const struct writing *writing)
{
	struct sf_fhir_writer *writer = writing->writer;
	const struct sf_timeline_fhir_options *options = writing->options;
	sf_fhir_object(writer, "source");
	if (sf_id_is_none(options->coordinator))
		put_reference(writer, "observer", "urn:stafet:v1:program", "stafet-coordinator",
			options->coordinator_name);
	else
		put_reference_of(writer, "observer", "urn:stafet:v1:party", options->coordinator,
			options->coordinator_name);
	sf_fhir_close(writer);
}

static void put_entity(const struct writing *writing, const char *system, struct sf_id id)
{
	struct sf_fhir_writer *writer = writing->writer;
	sf_fhir_object(writer, NULL);
	put_reference_of(writer, "what", system, id, NULL);
	put_coding(writer, "type", ENTITY_TYPE, "2", "System Object");
	sf_fhir_close(writer);
}

static void put_entities(const struct writing *writing, const struct sf_event_row *event)
{
	struct sf_fhir_writer *writer = writing->writer;
	sf_fhir_list(writer, "entity");
	put_entity(writing, "urn:stafet:v1:transition", writing->timeline->show->row.transition);
	put_entity(writing, "urn:stafet:v1:message", event->message);
	if (!sf_id_is_none(event->in_reply_to))
		put_entity(writing, "urn:stafet:v1:in-reply-to", event->in_reply_to);
	if (writing->options->cpr) {
		sf_fhir_object(writer, NULL);
		put_reference(writer, "what", CPR_SYSTEM, writing->options->cpr, NULL);
		put_coding(writer, "type", ENTITY_TYPE, "1", "Person");
		put_coding(writer, "role", OBJECT_ROLE, "1", "Patient");
		sf_fhir_close(writer);
	}
	sf_fhir_close(writer);
}

/* "<transition>-<sequence>": within the 64 characters of FHIR's ids (FHIR R4 2.24.0.1.14). */
static void put_id(const struct writing *writing, uint64_t sequence)
{
	char text[SF_ID_TEXT_SIZE + 24], transition[SF_ID_TEXT_SIZE];
	sf_id_format(writing->timeline->show->row.transition, transition);
	(void)snprintf(text, sizeof(text), "%s-%" PRIu64, transition, sequence);
	sf_fhir_text(writing->writer, "id", text);
}

/* Elements in the order of the schema, as XML needs them. */
static void put_event(const struct writing *writing, const struct sf_timeline_mark *mark)
{
	struct sf_fhir_writer *writer = writing->writer;
	const struct sf_event_row *event = mark->event;
	put_id(writing, event->sequence);
	put_type(writer, event);
	sf_fhir_text(writer, "action", event->kind_class == SF_CLASS_FACT ? "C" : "E");
	if (event->occurred_ms > 0) {
		sf_fhir_object(writer, "period");
		put_instant(writer, "start", event->occurred_ms);
		sf_fhir_close(writer);
	}
	put_instant(writer, "recorded", event->recorded_ms);
	put_outcome(writer, mark);
	put_agent(writing, mark);
	put_source(writing);
	put_entities(writing, event);
}

static void put_entry(const struct writing *writing, const struct sf_timeline_mark *mark)
{
	struct sf_fhir_writer *writer = writing->writer;
	sf_fhir_object(writer, NULL);
	sf_fhir_resource(writer, "resource", "AuditEvent");
	put_event(writing, mark);
	sf_fhir_close(writer);
	if (writing->options->page)
		sf_fhir_page_match(writer);
	sf_fhir_close(writer);
}

enum sf_err sf_timeline_fhir(const struct sf_timeline *timeline,
	const struct sf_timeline_fhir_options *options, struct sf_buf *buf)
{
	struct sf_fhir_writer writer;
	const struct writing writing = {&writer, timeline, options};
	const struct sf_fhir_page *page = options->page;
	size_t first = page ? page->first : 0, count = timeline->mark_count;
	first = first < count ? first : count;
	if (page && page->count < count - first)
		count = first + page->count;
	sf_fhir_begin(&writer, options->xml, "Bundle", buf);
	sf_fhir_text(&writer, "type", page ? "searchset" : "collection");
	put_instant(&writer, "timestamp", timeline->show->as_of_ms);
	if (page)
		sf_fhir_page_links(&writer, page, timeline->mark_count);
	if (first < count)
		sf_fhir_list(&writer, "entry");
	for (size_t i = first; i < count; i++)
		put_entry(&writing, &timeline->marks[i]);
	if (first < count)
		sf_fhir_close(&writer);
	return sf_fhir_end(&writer);
}

enum sf_err sf_timeline_fhir_event(const struct sf_timeline *timeline,
	const struct sf_timeline_fhir_options *options, uint64_t sequence, struct sf_buf *buf)
{
	struct sf_fhir_writer writer;
	const struct writing writing = {&writer, timeline, options};
	for (size_t i = 0; i < timeline->mark_count; i++) {
		if (timeline->marks[i].event->sequence != sequence)
			continue;
		sf_fhir_begin(&writer, options->xml, "AuditEvent", buf);
		put_event(&writing, &timeline->marks[i]);
		return sf_fhir_end(&writer);
	}
	return SF_ERR_NOT_FOUND;
}
