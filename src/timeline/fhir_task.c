#include "timeline/fhir_task.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "core/deadline.h"

/* FHIR R4 Task.status; the two of ours over it stand in businessStatus. */
static const struct {
	enum sf_task_state state;
	const char *status;
} statuses[] = {
	{SF_TASK_REQUESTED, "requested"},
	{SF_TASK_RECEIVED, "received"},
	{SF_TASK_ACCEPTED, "accepted"},
	{SF_TASK_IN_PROGRESS, "in-progress"},
	{SF_TASK_COMPLETED, "completed"},
	{SF_TASK_REJECTED, "rejected"},
	{SF_TASK_REFERRED_ONWARD, "rejected"},
	{SF_TASK_ON_HOLD, "on-hold"},
	{SF_TASK_CANCELLED, "cancelled"},
	{SF_TASK_FAILED, "failed"},
};

static const char *status_of(enum sf_task_state kept)
{
	for (size_t i = 0; i < SF_COUNT(statuses); i++)
		if (statuses[i].state == kept)
			return statuses[i].status;
	return "requested";
}

uint32_t sf_fhir_task_states(const char *status)
{
	uint32_t states = 0;
	for (size_t i = 0; i < SF_COUNT(statuses); i++)
		if (strcmp(statuses[i].status, status) == 0)
			states |= (uint32_t)1 << statuses[i].state;
	return states;
}

uint32_t sf_fhir_task_business_states(const char *business_status)
{
	for (enum sf_task_state state = SF_TASK_REQUESTED; state <= SF_TASK_EXPIRED; state++)
		if (strcmp(sf_task_state_text(state), business_status) == 0)
			return (uint32_t)1 << state;
	return 0;
}

void sf_fhir_task_id(const struct sf_obligation_row *row, char ret_id[SF_FHIR_TASK_ID_SIZE])
{
	char subject[SF_ID_TEXT_SIZE];
	sf_id_format(row->subject, subject);
	(void)snprintf(ret_id, SF_FHIR_TASK_ID_SIZE, "%s-%" PRIu32, subject, row->clause);
}

bool sf_fhir_task_id_parse(const char *id, struct sf_id *ret_subject, uint32_t *ret_clause)
{
	char subject[SF_ID_TEXT_SIZE];
	const size_t digits = SF_ID_TEXT_SIZE - 1;
	if (strlen(id) <= digits || id[digits] != '-')
		return false;
	memcpy(subject, id, digits);
	subject[digits] = '\0';
	uint64_t clause = 0;
	const char *at = id + digits + 1;
	for (; *at >= '0' && *at <= '9' && clause <= UINT32_MAX; at++)
		clause = clause * 10 + (uint64_t)(*at - '0');
	if (*at != '\0' || at == id + digits + 1 || clause > UINT32_MAX ||
		sf_id_parse(subject, ret_subject))
		return false;
	*ret_clause = (uint32_t)clause;
	return true;
}

static void put_instant(struct sf_fhir_writer *writer, const char *name, int64_t time_ms)
{
	char text[SF_TIME_TEXT_SIZE];
	if (time_ms <= 0 || time_ms >= SF_NEVER_MS)
		return;
	sf_time_format(time_ms, text);
	sf_fhir_text(writer, name, text);
}

static void put_identifier(
	struct sf_fhir_writer *writer, const char *name, const char *system, struct sf_id id)
{
	char text[SF_ID_TEXT_SIZE];
	sf_id_format(id, text);
	sf_fhir_object(writer, name);
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "value", text);
	sf_fhir_close(writer);
}

static void put_party(
	struct sf_fhir_writer *writer, const char *name, struct sf_id party, const char *display)
{
	if (sf_id_is_none(party))
		return;
	sf_fhir_object(writer, name);
	put_identifier(writer, "identifier", "urn:stafet:v1:party", party);
	sf_fhir_text(writer, "display", display);
	sf_fhir_close(writer);
}

static void put_concept(struct sf_fhir_writer *writer, const char *name, const char *system,
	const char *code, const char *text)
{
	sf_fhir_object(writer, name);
	sf_fhir_list(writer, "coding");
	sf_fhir_object(writer, NULL);
	sf_fhir_text(writer, "system", system);
	sf_fhir_text(writer, "code", code);
	sf_fhir_close(writer);
	sf_fhir_close(writer);
	sf_fhir_text(writer, "text", text);
	sf_fhir_close(writer);
}

static void put_period(
	struct sf_fhir_writer *writer, const char *name, int64_t start_ms, int64_t end_ms)
{
	sf_fhir_object(writer, name);
	put_instant(writer, "start", start_ms);
	put_instant(writer, "end", end_ms);
	sf_fhir_close(writer);
}

static void put_people(struct sf_fhir_writer *writer, const struct sf_obligation_row *row)
{
	put_party(writer, "requester", row->requester, row->requester_name);
	if (row->owner_role != SF_ROLE_NONE) {
		sf_fhir_list(writer, "performerType");
		put_concept(
			writer, NULL, "urn:stafet:v1:role", sf_role_text(row->owner_role), NULL);
		sf_fhir_close(writer);
	}
	put_party(writer, "owner", row->owner, row->owner_name);
}

/* Elements in the order of the schema, as XML needs them. */
static void put_task(struct sf_fhir_writer *writer, const struct sf_obligation_row *row)
{
	char id[SF_FHIR_TASK_ID_SIZE];
	sf_fhir_task_id(row, id);
	sf_fhir_text(writer, "id", id);
	sf_fhir_object(writer, "meta");
	put_instant(writer, "lastUpdated", row->changed_ms);
	sf_fhir_close(writer);
	put_identifier(writer, "groupIdentifier", "urn:stafet:v1:transition", row->transition);
	sf_fhir_text(writer, "status", status_of(row->kept));
	put_concept(writer, "businessStatus", "urn:stafet:v1:task-state",
		sf_task_state_text(row->state), NULL);
	sf_fhir_text(writer, "intent", "order");
	put_concept(writer, "code", "urn:stafet:v1:duty", sf_duty_text(row->duty), row->name);
	put_period(writer, "executionPeriod", row->raised_ms, row->ended_ms);
	put_instant(writer, "authoredOn", row->raised_ms);
	put_instant(writer, "lastModified", row->changed_ms);
	put_people(writer, row);
	if (row->citation && row->citation[0]) {
		sf_fhir_object(writer, "reasonCode");
		sf_fhir_text(writer, "text", row->citation);
		sf_fhir_close(writer);
	}
	if (row->due_ms != SF_NEVER_MS) {
		sf_fhir_object(writer, "restriction");
		put_period(writer, "period", 0, row->due_ms);
		sf_fhir_close(writer);
	}
}

enum sf_err sf_fhir_task(const struct sf_obligation_row *row, bool xml, struct sf_buf *buf)
{
	struct sf_fhir_writer writer;
	sf_fhir_begin(&writer, xml, "Task", buf);
	put_task(&writer, row);
	return sf_fhir_end(&writer);
}

enum sf_err sf_fhir_tasks(const struct sf_reply_obligations *found, const struct sf_fhir_page *page,
	bool xml, struct sf_buf *buf)
{
	struct sf_fhir_writer writer;
	sf_fhir_begin(&writer, xml, "Bundle", buf);
	sf_fhir_text(&writer, "type", "searchset");
	sf_fhir_page_links(&writer, page, SF_FHIR_TOTAL_UNKNOWN);
	if (found->row_count > 0)
		sf_fhir_list(&writer, "entry");
	for (size_t i = 0; i < found->row_count; i++) {
		sf_fhir_object(&writer, NULL);
		sf_fhir_resource(&writer, "resource", "Task");
		put_task(&writer, &found->rows[i]);
		sf_fhir_close(&writer);
		sf_fhir_page_match(&writer);
		sf_fhir_close(&writer);
	}
	if (found->row_count > 0)
		sf_fhir_close(&writer);
	return sf_fhir_end(&writer);
}
