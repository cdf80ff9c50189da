/*
 * A stay told in HL7 v2, event after event, sensible and not: every letter that is made of it is
 * read back as it was meant, and folded by the domain without a deviation. So nothing that a
 * hospital's system says in this way can put the municipality's picture out of order.
 */
#include "property/chance.h"

#include <stdlib.h>
#include <string.h>

#include "format/format.h"
#include "node/visit.h"

#define EVENTS_MAX 24
#define START_MS INT64_C(1795000000000)
#define MINUTE_MS INT64_C(60000)

static const struct sf_organization hospital = {"990011000016008", "5790999000017", "Nordby"};
static const struct sf_organization town = {"990031000016002", "5790999000031", "Nordby"};

static const struct {
	enum sf_adt_step step;
	enum sf_activity activity;
} events[] = {
	{SF_ADT_ADMIT, SF_ACTIVITY_NONE},
	{SF_ADT_ADMIT, SF_ACTIVITY_NONE},
	{SF_ADT_DISCHARGE, SF_ACTIVITY_DISCHARGE_HOME},
	{SF_ADT_LEAVE_START, SF_ACTIVITY_LEAVE_START},
	{SF_ADT_LEAVE_END, SF_ACTIVITY_LEAVE_END},
	{SF_ADT_UPDATE, SF_ACTIVITY_NONE},
	{SF_ADT_CANCEL, SF_ACTIVITY_ADMIT_INPATIENT},
	{SF_ADT_CANCEL, SF_ACTIVITY_DISCHARGE_HOME},
	{SF_ADT_CANCEL, SF_ACTIVITY_LEAVE_START},
	{SF_ADT_CANCEL, SF_ACTIVITY_LEAVE_END},
};

/* As adt.c gives them: leaves are of in-patients alone. */
static struct sf_adt random_event(struct chance *chance, int64_t now_ms)
{
	size_t which = chance_below(chance, SF_COUNT(events));
	bool leave =
		events[which].step == SF_ADT_LEAVE_START || events[which].step == SF_ADT_LEAVE_END;
	bool inpatient = leave || chance_percent(chance, 70);
	bool said = chance_percent(chance, 80);
	return (struct sf_adt){
		.step = events[which].step,
		.activity = events[which].activity,
		.stay_class = inpatient ? SF_STAY_CLASS_INPATIENT : SF_STAY_CLASS_EMERGENCY,
		.dead = !leave && chance_percent(chance, 15),
		.event_ms = now_ms - chance_below(chance, 3) * MINUTE_MS,
		.occurred_ms = now_ms,
		/* Clocks go back, too. */
		.recorded_ms = now_ms - chance_below(chance, 4) * MINUTE_MS,
		.admitted_ms = said ? START_MS - chance_below(chance, 3) * MINUTE_MS : 0,
		.discharged_ms = chance_percent(chance, 50) ? now_ms : 0,
		.cpr = "6109450018",
		.department = chance_percent(chance, 80) ? "B12" : "",
	};
}

static struct sf_notification_step step_of(const struct sf_node_row_hl7 *row)
{
	return (struct sf_notification_step){
		.letter = row->letter,
		.predecessor = row->predecessor,
		.stay = {.activity = (enum sf_activity)row->activity,
			.mode = (enum sf_mode)row->mode,
			.stay_class = (enum sf_stay_class)row->stay_class,
			.event_ms = row->event_ms},
		.current = (enum sf_activity)row->current,
		.occurred_ms = row->occurred_ms,
		.recorded_ms = row->recorded_ms,
	};
}

/* Written with its whole chain; what is read is what the domain gets. */
static struct sf_stay_entry read_back(const struct sf_visit *visit, struct sf_arena *arena)
{
	struct sf_format format;
	sf_format_port(&format);
	struct sf_notification_step steps[EVENTS_MAX];
	for (size_t i = 0; i < visit->letter_count; i++)
		steps[i] = step_of(&visit->letters[i]);
	const struct sf_node_row_hl7 *own = &visit->letters[visit->letter_count - 1];
	const struct sf_notification_request request = {.sender = &hospital,
		.receiver = &town,
		.cpr = "6109450018",
		.family = "Birkemose",
		.given = "",
		.department = "",
		.episode = {{9}},
		.admitted_ms = own->admitted_ms,
		.leave_start_ms = visit->leave_start_ms,
		.step_count = visit->letter_count,
		.steps = steps};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	CHECK(!format.write_notification(NULL, &request, &bytes, NULL));
	struct sf_document document;
	struct sf_issues issues;
	CHECK(!format.read(
		NULL, SF_CONTENT_FHIR_JSON, sf_buf_view(&bytes), arena, &document, &issues, NULL));
	sf_buf_fini(&bytes);
	struct sf_id letter, predecessor = {{0}};
	CHECK(!sf_id_parse(document.header_id, &letter) && sf_id_equal(letter, own->letter));
	if (document.predecessor_id[0])
		CHECK(!sf_id_parse(document.predecessor_id, &predecessor));
	CHECK(sf_id_equal(predecessor, own->predecessor));
	CHECK((int64_t)document.stay.activity == own->activity);
	CHECK((int64_t)document.stay.mode == own->mode);
	bool new = own->mode == SF_MODE_NEW;
	struct sf_id none = {{0}};
	return (struct sf_stay_entry){.message_id = letter,
		.in_reply_to = new ? predecessor : none,
		.supersedes = new ? none : predecessor,
		.created_ms = document.recorded_ms,
		.author_sequence = visit->letter_count,
		.fact = document.stay};
}

static void check_fold(
	const struct sf_visit *visit, const struct sf_stay_entry *entries, size_t count)
{
	struct sf_stay stay;
	enum sf_stay_mark marks[EVENTS_MAX];
	CHECK(!sf_stay_fold(entries, count, &stay, marks));
	for (size_t i = 0; i < count; i++)
		CHECK(marks[i] != SF_STAY_MARK_NOT_LATEST && marks[i] != SF_STAY_MARK_OUT_OF_ORDER);
	CHECK(stay.state == visit->stay.state);
	CHECK(stay.state == SF_STAY_NONE || stay.stay_class == visit->stay.stay_class);
}

static void what_is_told_is_always_in_order(struct chance *chance)
{
	struct sf_arena arena;
	sf_arena_init(&arena, (size_t)64 * 1024 * 1024);
	struct sf_visit visit;
	CHECK(!sf_visit_init(&arena, &visit));
	struct sf_stay_entry entries[EVENTS_MAX];
	size_t count = 1 + chance_below(chance, EVENTS_MAX);
	for (size_t i = 0; i < count; i++) {
		struct sf_adt adt = random_event(chance, START_MS + (int64_t)i * MINUTE_MS);
		struct sf_digest department = {{(uint8_t)chance_below(chance, 2)}};
		struct sf_node_row_hl7 row = {.department = department};
		struct sf_issue issue = {.text = NULL};
		enum sf_visit_answer answer =
			sf_visit_judge(&visit, &adt, &department, &row, &issue);
		CHECK((answer == SF_VISIT_WRONG) == (issue.text != NULL));
		if (answer != SF_VISIT_LETTER)
			continue;
		row.letter = (struct sf_id){{1, (uint8_t)i}};
		CHECK(!sf_visit_follow(&visit, &row));
		CHECK(!sf_visit_settle(&visit));
		entries[visit.letter_count - 1] = read_back(&visit, &arena);
		check_fold(&visit, entries, visit.letter_count);
	}
	sf_arena_fini(&arena);
}

int main(int argc, char **argv)
{
	return chance_main(argc, argv, "visit", what_is_told_is_always_in_order);
}
