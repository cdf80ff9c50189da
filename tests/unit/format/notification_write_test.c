#include "format/notification_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "format/format.h"

#define START_MS INT64_C(1767225600000)
#define HOUR_MS INT64_C(3600000)

static const struct sf_organization hospital = {"990011000016008", "5790999000017", "Nord"};
static const struct sf_organization town = {"990031000016002", "5790999000031", "Nordby"};

static struct sf_id id_of(uint8_t number)
{
	struct sf_id id = {{0}};
	id.bytes[15] = number;
	return id;
}

/* Step number (from 1); what it follows is the one before. */
static struct sf_notification_step step_of(
	uint8_t number, enum sf_activity activity, enum sf_mode mode, enum sf_activity current)
{
	return (struct sf_notification_step){
		.letter = id_of(number),
		.predecessor = id_of((uint8_t)(number - 1)),
		.stay = {.activity = activity,
			.mode = mode,
			.stay_class = activity == SF_ACTIVITY_ADMIT_EMERGENCY
					      ? SF_STAY_CLASS_EMERGENCY
					      : SF_STAY_CLASS_INPATIENT,
			.event_ms = START_MS + number * HOUR_MS,
			.report_requested = number == 1},
		.current = current,
		.occurred_ms = START_MS + number * HOUR_MS + 1,
		.recorded_ms = START_MS + number * HOUR_MS + 2,
	};
}

static struct sf_buf buf;
static struct sf_arena arena;
static struct sf_document document;

static struct sf_notification_request request_of(
	const struct sf_notification_step *steps, size_t count)
{
	return (struct sf_notification_request){.sender = &hospital,
		.receiver = &town,
		.cpr = "6109450018",
		.family = "Birkemose",
		.given = "Asta",
		.department = "B12",
		.episode = id_of(200),
		.admitted_ms = START_MS + HOUR_MS,
		.leave_start_ms = START_MS + 2 * HOUR_MS,
		.step_count = count,
		.steps = steps};
}

static void write_request(const struct sf_notification_request *request)
{
	sf_buf_clear(&buf);
	assert_int_equal(sf_notification_write(request, &buf, NULL), SF_OK);
	struct sf_format format;
	sf_format_port(&format);
	struct sf_issues issues;
	struct sf_diag diag = {{0}};
	sf_arena_clear(&arena);
	enum sf_err err = format.read(
		NULL, SF_CONTENT_FHIR_JSON, sf_buf_view(&buf), &arena, &document, &issues, &diag);
	assert_string_equal(diag.text, "");
	assert_int_equal(err, SF_OK);
	struct sf_buf canonical;
	sf_buf_init(&canonical, 1 << 20);
	assert_int_equal(
		format.canonical(NULL, SF_CONTENT_FHIR_JSON, sf_buf_view(&buf), &canonical, NULL),
		SF_OK);
	sf_buf_fini(&canonical);
}

static void write_steps(const struct sf_notification_step *steps, size_t count)
{
	const struct sf_notification_request request = request_of(steps, count);
	write_request(&request);
}

static void assert_holds(const char *text)
{
	assert_int_equal(sf_buf_append_u8(&buf, 0), SF_OK);
	buf.size--;
	assert_non_null(strstr((const char *)buf.data, text));
}

/* MEDCOM, "HospitalNotification codes and rules": each row, in each mode. */
static void test_our_reader_reads_every_code_as_it_was_meant(void **state)
{
	(void)state;
	static const struct {
		enum sf_activity activity;
		enum sf_activity current;
		const char *status[3]; /* new, revise, cancel */
		const char *code;
	} rows[] = {
		{SF_ACTIVITY_ADMIT_EMERGENCY, SF_ACTIVITY_ADMIT_EMERGENCY,
			{"in-progress", "in-progress", "entered-in-error"}, "admit-emergency"},
		{SF_ACTIVITY_ADMIT_INPATIENT, SF_ACTIVITY_ADMIT_INPATIENT,
			{"in-progress", "in-progress", "entered-in-error"}, "admit-inpatient"},
		{SF_ACTIVITY_LEAVE_START, SF_ACTIVITY_LEAVE_START,
			{"onleave", "onleave", "in-progress"}, "start-leave-inpatient"},
		{SF_ACTIVITY_LEAVE_END, SF_ACTIVITY_LEAVE_END,
			{"in-progress", "in-progress", "onleave"}, "end-leave-inpatient"},
		{SF_ACTIVITY_DISCHARGE_HOME, SF_ACTIVITY_DISCHARGE_HOME,
			{"finished", "finished", "in-progress"}, "discharge-inpatient-home"},
	};
	static const enum sf_mode modes[] = {SF_MODE_NEW, SF_MODE_REVISE, SF_MODE_CANCEL};
	static const char *const prefixes[] = {"", "revise-", "cancel-"};
	for (size_t i = 0; i < SF_COUNT(rows); i++)
		for (size_t mode = 0; mode < SF_COUNT(modes); mode++) {
			const struct sf_notification_step steps[] = {
				step_of(1, SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW,
					SF_ACTIVITY_ADMIT_INPATIENT),
				step_of(2, rows[i].activity, modes[mode], rows[i].current),
			};
			write_steps(steps, 2);
			assert_int_equal(document.kind, SF_DOCUMENT_NOTIFICATION);
			assert_int_equal(document.stay.activity, rows[i].activity);
			assert_int_equal(document.stay.mode, modes[mode]);
			struct sf_diag expected;
			sf_diag_set(&expected, "\"status\":\"%s\"", rows[i].status[mode]);
			assert_holds(expected.text);
			sf_diag_set(&expected, "\"%s%s\"", prefixes[mode], rows[i].code);
			assert_holds(expected.text);
			assert_string_equal(
				document.predecessor_id, "00000000-0000-0000-0000-000000000001");
			assert_string_equal(document.provenances[1].role,
				modes[mode] == SF_MODE_CANCEL ? "removal" : "revision");
			if (modes[mode] != SF_MODE_CANCEL && i > 1)
				assert_int_equal(document.stay.event_ms, steps[1].stay.event_ms);
		}
}

static void test_first_letter_says_everything(void **state)
{
	(void)state;
	struct sf_notification_step step =
		step_of(1, SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW, SF_ACTIVITY_ADMIT_INPATIENT);
	write_steps(&step, 1);
	assert_string_equal(document.header_id, "00000000-0000-0000-0000-000000000001");
	assert_string_equal(document.predecessor_id, "");
	assert_string_equal(document.cpr, "6109450018");
	assert_string_equal(document.patient_name, "Asta Birkemose");
	assert_string_equal(document.department, "B12");
	assert_string_equal(document.sender.gln, hospital.gln);
	assert_string_equal(document.receiver.sor, town.sor);
	assert_string_equal(document.local_episode_id, "00000000-0000-0000-0000-0000000000c8");
	assert_true(document.stay.report_requested);
	assert_int_equal(document.stay.event_ms, START_MS + HOUR_MS);
	assert_int_equal(document.occurred_ms, step.occurred_ms);
	assert_int_equal(document.recorded_ms, step.recorded_ms);
}

/* A death and what follows it keep the activity (MORS). */
static void test_death_shows_in_the_patient_alone(void **state)
{
	(void)state;
	const struct sf_notification_step steps[] = {
		step_of(1, SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW, SF_ACTIVITY_ADMIT_INPATIENT),
		step_of(2, SF_ACTIVITY_LEAVE_START, SF_MODE_NEW, SF_ACTIVITY_LEAVE_START),
		step_of(3, SF_ACTIVITY_DEATH, SF_MODE_NEW, SF_ACTIVITY_LEAVE_START),
		step_of(4, SF_ACTIVITY_DEATH, SF_MODE_CANCEL, SF_ACTIVITY_LEAVE_START),
	};
	write_steps(steps, 3);
	assert_int_equal(document.stay.activity, SF_ACTIVITY_DEATH);
	assert_int_equal(document.stay.mode, SF_MODE_NEW);
	assert_int_equal(document.stay.event_ms, steps[2].stay.event_ms);
	assert_holds("\"deceasedBoolean\":true");
	assert_holds("\"status\":\"finished\"");
	assert_int_equal(document.provenance_count, 3);
	assert_string_equal(document.provenances[2].activity, "start-leave-inpatient");
	write_steps(steps, 4);
	assert_int_equal(document.stay.activity, SF_ACTIVITY_DEATH);
	assert_int_equal(document.stay.mode, SF_MODE_CANCEL);
	assert_holds("\"deceasedBoolean\":false");
	assert_holds("\"status\":\"onleave\"");
}

/* What stood before the death stood behind a cancellation: its correction is no other death. */
static void test_death_after_a_cancellation_can_be_corrected(void **state)
{
	(void)state;
	struct sf_notification_step steps[] = {
		step_of(1, SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW, SF_ACTIVITY_ADMIT_INPATIENT),
		step_of(2, SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_NEW, SF_ACTIVITY_DISCHARGE_HOME),
		step_of(3, SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_REVISE, SF_ACTIVITY_DISCHARGE_HOME),
		step_of(4, SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_CANCEL, SF_ACTIVITY_DISCHARGE_HOME),
		step_of(5, SF_ACTIVITY_DEATH, SF_MODE_NEW, SF_ACTIVITY_ADMIT_INPATIENT),
		step_of(6, SF_ACTIVITY_DEATH, SF_MODE_REVISE, SF_ACTIVITY_ADMIT_INPATIENT),
		step_of(7, SF_ACTIVITY_DEATH, SF_MODE_CANCEL, SF_ACTIVITY_ADMIT_INPATIENT),
		step_of(8, SF_ACTIVITY_DEATH, SF_MODE_NEW, SF_ACTIVITY_ADMIT_INPATIENT),
	};
	static const enum sf_mode modes[] = {
		SF_MODE_NEW, SF_MODE_REVISE, SF_MODE_CANCEL, SF_MODE_NEW};
	for (size_t i = 0; i < SF_COUNT(modes); i++) {
		write_steps(steps, 5 + i);
		assert_int_equal(document.stay.activity, SF_ACTIVITY_DEATH);
		assert_int_equal(document.stay.mode, modes[i]);
		assert_int_equal(document.current, SF_ACTIVITY_ADMIT_INPATIENT);
	}
}

/* Hospital, department and ward, the largest last. */
static void test_places_are_part_of_each_other(void **state)
{
	(void)state;
	const struct sf_notification_step step =
		step_of(1, SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW, SF_ACTIVITY_ADMIT_INPATIENT);
	struct sf_notification_request request = request_of(&step, 1);
	write_request(&request);
	assert_string_equal(document.department, "B12");
	assert_string_equal(document.ward_of, "");
	request.ward = "M2";
	write_request(&request);
	assert_string_equal(document.department, "M2");
	assert_string_equal(document.ward_of, "B12");
	request.ward = request.department = "";
	write_request(&request);
	assert_string_equal(document.department, hospital.name);
	assert_string_equal(document.ward_of, "");
	assert_string_equal(document.family, "Birkemose");
	assert_string_equal(document.given, "Asta");
	assert_int_equal(document.admitted_ms, START_MS + HOUR_MS);
}

/* The letters of another system keep their names, whatever these look like. */
static void test_stay_of_another_system_keeps_its_names(void **state)
{
	(void)state;
	static const struct sf_provenance before[] = {
		{"first.letter", "", "", "admit-inpatient", START_MS, START_MS + 1},
		{"second-1", "first.letter", "revision", "start-leave-inpatient",
			START_MS + HOUR_MS, START_MS + HOUR_MS + 1},
	};
	static const char *const episodes[] = {"https://example.org/a|E1", "urn:oid:1.2.3|L3"};
	const struct sf_notification_step step =
		step_of(9, SF_ACTIVITY_LEAVE_END, SF_MODE_NEW, SF_ACTIVITY_LEAVE_END);
	struct sf_notification_request request = request_of(&step, 1);
	request.before = before;
	request.before_count = SF_COUNT(before);
	request.predecessor = "second-1";
	request.episodes = episodes;
	request.episode_count = SF_COUNT(episodes);
	write_request(&request);
	assert_string_equal(document.predecessor_id, "second-1");
	assert_int_equal(document.provenance_count, 3);
	assert_string_equal(document.provenances[0].target, "first.letter");
	assert_string_equal(document.provenances[1].predecessor, "first.letter");
	assert_int_equal(document.provenances[1].recorded_ms, START_MS + HOUR_MS + 1);
	assert_int_equal(document.episode_count, 2);
	assert_string_equal(document.episode_ids[0], episodes[0]);
	assert_string_equal(document.episode_ids[1], episodes[1]);
	/* A correction names what it corrects, and the whole chain comes along. */
	struct sf_notification_step correction = step;
	correction.stay.mode = SF_MODE_CANCEL;
	request.steps = &correction;
	write_request(&request);
	assert_int_equal(document.stay.mode, SF_MODE_CANCEL);
	assert_string_equal(document.provenances[2].role, "removal");
}

static void test_dead_on_arrival_is_one_letter(void **state)
{
	(void)state;
	struct sf_notification_step step =
		step_of(1, SF_ACTIVITY_DEATH, SF_MODE_NEW, SF_ACTIVITY_ADMIT_EMERGENCY);
	step.stay.report_requested = false;
	write_steps(&step, 1);
	assert_int_equal(document.stay.activity, SF_ACTIVITY_DEATH);
	assert_int_equal(document.stay.mode, SF_MODE_NEW);
}

static void test_same_stay_gives_the_same_bytes(void **state)
{
	(void)state;
	const struct sf_notification_step step =
		step_of(1, SF_ACTIVITY_ADMIT_EMERGENCY, SF_MODE_NEW, SF_ACTIVITY_ADMIT_EMERGENCY);
	write_steps(&step, 1);
	uint8_t first[16384];
	size_t size = buf.size;
	assert_true(size < sizeof(first));
	memcpy(first, buf.data, size);
	write_steps(&step, 1);
	assert_int_equal(buf.size, size);
	assert_memory_equal(buf.data, first, size);
}

static void test_half_a_step_is_refused(void **state)
{
	(void)state;
	struct sf_notification_step step =
		step_of(1, SF_ACTIVITY_DEATH, SF_MODE_NEW, SF_ACTIVITY_NONE);
	const struct sf_notification_request request = {.sender = &hospital,
		.receiver = &town,
		.cpr = "",
		.family = "",
		.given = "",
		.department = "",
		.step_count = 1,
		.steps = &step};
	sf_buf_clear(&buf);
	assert_int_equal(sf_notification_write(&request, &buf, NULL), SF_ERR_USAGE);
	assert_int_equal(buf.size, 0);
}

static int open_all(void **state)
{
	(void)state;
	sf_buf_init(&buf, 1 << 20);
	sf_arena_init(&arena, 16 << 20);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_our_reader_reads_every_code_as_it_was_meant),
		cmocka_unit_test(test_first_letter_says_everything),
		cmocka_unit_test(test_death_shows_in_the_patient_alone),
		cmocka_unit_test(test_death_after_a_cancellation_can_be_corrected),
		cmocka_unit_test(test_places_are_part_of_each_other),
		cmocka_unit_test(test_stay_of_another_system_keeps_its_names),
		cmocka_unit_test(test_dead_on_arrival_is_one_letter),
		cmocka_unit_test(test_same_stay_gives_the_same_bytes),
		cmocka_unit_test(test_half_a_step_is_refused),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
