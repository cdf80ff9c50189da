/*
 * MEDCOM "HospitalNotification codes and rules", row by row, and the traps of DOMAIN section 3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "sample.h"

/*
 * SLHJ_H is the letter that is changed: it has a predecessor, start and end. Its own Provenance is
 * the second one.
 */
#define OWN "Provenance[1]"

struct row {
	const char *code; /* Provenance.activity */
	const char *stay_class;
	const char *status;
	const char *deceased; /* NULL: unsaid */
	const char *role;     /* entity.role */
	enum sf_activity activity;
	enum sf_mode mode;
	const char *event;
};

#define START "2023-03-01T11:00:00.000Z"
#define END "2023-03-07T08:45:30.000Z"
#define LEFT "2023-03-03T13:00:00.000Z"
#define BACK "2023-03-05T13:00:00.000Z"

/* clang-format off */
static const struct row rows[] = {
	{"admit-emergency", "EMER", "in-progress", NULL, "revision", SF_ACTIVITY_ADMIT_EMERGENCY, SF_MODE_NEW, START},
	{"revise-admit-emergency", "EMER", "in-progress", NULL, "revision", SF_ACTIVITY_ADMIT_EMERGENCY, SF_MODE_REVISE, START},
	{"cancel-admit-emergency", "EMER", "entered-in-error", NULL, "removal", SF_ACTIVITY_ADMIT_EMERGENCY, SF_MODE_CANCEL, START},
	{"admit-inpatient", "IMP", "in-progress", NULL, "revision", SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW, START},
	{"revise-admit-inpatient", "IMP", "in-progress", NULL, "revision", SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_REVISE, START},
	{"cancel-admit-inpatient", "IMP", "entered-in-error", NULL, "removal", SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_CANCEL, START},
	{"start-leave-inpatient", "IMP", "onleave", NULL, "revision", SF_ACTIVITY_LEAVE_START, SF_MODE_NEW, LEFT},
	{"revise-start-leave-inpatient", "IMP", "onleave", NULL, "revision", SF_ACTIVITY_LEAVE_START, SF_MODE_REVISE, LEFT},
	{"cancel-start-leave-inpatient", "IMP", "in-progress", NULL, "removal", SF_ACTIVITY_LEAVE_START, SF_MODE_CANCEL, LEFT},
	{"end-leave-inpatient", "IMP", "in-progress", NULL, "revision", SF_ACTIVITY_LEAVE_END, SF_MODE_NEW, BACK},
	{"revise-end-leave-inpatient", "IMP", "in-progress", NULL, "revision", SF_ACTIVITY_LEAVE_END, SF_MODE_REVISE, BACK},
	{"cancel-end-leave-inpatient", "IMP", "onleave", NULL, "removal", SF_ACTIVITY_LEAVE_END, SF_MODE_CANCEL, BACK},
	{"discharge-inpatient-home", "IMP", "finished", NULL, "revision", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_NEW, END},
	{"revise-discharge-inpatient-home", "IMP", "finished", NULL, "revision", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_REVISE, END},
	{"cancel-discharge-inpatient-home", "IMP", "in-progress", NULL, "removal", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_CANCEL, END},
	{"discharge-emergency-home", "EMER", "finished", NULL, "revision", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_NEW, END},
	{"revise-discharge-emergency-home", "EMER", "finished", NULL, "revision", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_REVISE, END},
	{"cancel-discharge-emergency-home", "EMER", "in-progress", NULL, "removal", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_CANCEL, END},
	/* Death keeps the current activity. */
	{"admit-inpatient", "IMP", "finished", "true", "revision", SF_ACTIVITY_DEATH, SF_MODE_NEW, END},
	{"admit-emergency", "EMER", "finished", "true", "revision", SF_ACTIVITY_DEATH, SF_MODE_NEW, END},
	{"admit-inpatient", "EMER", "finished", "true", "revision", SF_ACTIVITY_DEATH, SF_MODE_NEW, END},
	{"start-leave-inpatient", "IMP", "finished", "true", "revision", SF_ACTIVITY_DEATH, SF_MODE_NEW, END},
	{"revise-admit-inpatient", "IMP", "finished", "true", "revision", SF_ACTIVITY_DEATH, SF_MODE_REVISE, END},
	{"admit-inpatient", "IMP", "in-progress", "false", "removal", SF_ACTIVITY_DEATH, SF_MODE_CANCEL, END},
	{"start-leave-inpatient", "IMP", "onleave", "false", "removal", SF_ACTIVITY_DEATH, SF_MODE_CANCEL, END},
	{"admit-inpatient", "IMP", "in-progress", "false", "revision", SF_ACTIVITY_DEATH, SF_MODE_CANCEL, END},
	/* A vendor that always says false says nothing with it. */
	{"discharge-inpatient-home", "IMP", "finished", "false", "revision", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_NEW, END},
	{"cancel-discharge-inpatient-home", "IMP", "in-progress", "false", "removal", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_CANCEL, END},
	/* The discharge of a patient on leave may still say so: the activity decides. */
	{"discharge-inpatient-home", "IMP", "onleave", NULL, "revision", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_NEW, END},
	/* A dead patient's admission was a mistake. */
	{"cancel-admit-emergency", "EMER", "entered-in-error", "true", "removal", SF_ACTIVITY_ADMIT_EMERGENCY, SF_MODE_CANCEL, START},
};
/* clang-format on */

static void add_leave(struct sample *sample)
{
	struct sf_element *encounter = sample_find(sample, "Encounter");
	struct sf_element *list =
		sf_element_add(&sample->tree, encounter, SF_ELEMENT_ARRAY, "extension", NULL);
	struct sf_element *item = sf_element_add(&sample->tree, list, SF_ELEMENT_OBJECT, "", NULL);
	sf_element_add(&sample->tree, item, SF_ELEMENT_TEXT, "url",
		"http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/"
		"medcom-hospitalnotifiation-leave-period-extension");
	struct sf_element *period =
		sf_element_add(&sample->tree, item, SF_ELEMENT_OBJECT, "valuePeriod", NULL);
	sf_element_add(
		&sample->tree, period, SF_ELEMENT_TEXT, "start", "2023-03-03T14:00:00+01:00");
	sf_element_add(&sample->tree, period, SF_ELEMENT_TEXT, "end", "2023-03-05T13:00:00Z");
}

static void say_deceased(struct sample *sample, const char *deceased)
{
	struct sf_element *patient = sample_find(sample, "Patient");
	assert_non_null(sf_element_add(
		&sample->tree, patient, SF_ELEMENT_BOOL, "deceasedBoolean", deceased));
}

static void make_row(struct sample *sample, const struct row *row, bool xml)
{
	sample_open(sample, SAMPLE_HN "SLHJ_H.json");
	sample_set(sample, OWN ".activity.coding[0].code", row->code);
	sample_set(sample, OWN ".entity[0].role", row->role);
	sample_set(sample, "Encounter.class.code", row->stay_class);
	sample_set(sample, "Encounter.status", row->status);
	add_leave(sample);
	if (row->deceased)
		say_deceased(sample, row->deceased);
	sample_write(sample, xml);
}

static void test_every_row_of_the_code_table_is_mapped(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * SF_COUNT(rows); i++) {
		const struct row *row = &rows[i / 2];
		struct sample sample;
		make_row(&sample, row, i % 2 == 1);
		if (sample_read(&sample) != SF_OK)
			fail_msg("row %zu: %s", i / 2, sample.diag.text);
		const struct sf_stay_fact *stay = &sample.document.stay;
		if (stay->activity != row->activity || stay->mode != row->mode)
			fail_msg("row %zu: %s %s", i / 2, sf_activity_text(stay->activity),
				sf_mode_text(stay->mode));
		char event[SF_TIME_TEXT_SIZE];
		sf_time_format(stay->event_ms, event);
		assert_string_equal(event, row->event);
		assert_int_equal(stay->stay_class, strcmp(row->stay_class, "IMP") == 0
							   ? SF_STAY_CLASS_INPATIENT
							   : SF_STAY_CLASS_EMERGENCY);
		sample_close(&sample);
	}
}

struct broken {
	const char *path;
	const char *text; /* NULL: removed */
	const char *code;
	const char *expression;
};

#define REQUIRED "MSG_RESOURCE_REQUIRED"
#define VALUE "MSG_VALUESET_VALUE_UNKNOWN"

/* clang-format off */
static const struct broken breaks[] = {
	{"Encounter.resourceType", "Basic", REQUIRED, "Encounter"},
	{"Encounter.class", NULL, REQUIRED, "Encounter.class"},
	{"Encounter.class.code", NULL, REQUIRED, "Encounter.class"},
	{"Encounter.class.code", "AMB", VALUE, "Encounter.class"},
	{"Encounter.status", NULL, REQUIRED, "Encounter.status"},
	{"Encounter.status", "planned", VALUE, "Encounter.status"},
	{"Encounter.status", "entered-in-error", VALUE, "Encounter.status"},
	{"Encounter.subject", NULL, REQUIRED, "Encounter.subject"},
	{"Encounter.subject.reference", "Patient/another", "MSG_NO_MATCH", "Encounter.subject"},
	{"Encounter.episodeOfCare", NULL, REQUIRED, "Encounter.episodeOfCare"},
	{"Encounter.episodeOfCare[0].identifier", NULL, REQUIRED, "Encounter.episodeOfCare.identifier"},
	{"Encounter.episodeOfCare[0].identifier.system", NULL, REQUIRED, "Encounter.episodeOfCare.identifier"},
	{"Encounter.episodeOfCare[0].identifier.value", NULL, REQUIRED, "Encounter.episodeOfCare.identifier"},
	{"Encounter.period", NULL, REQUIRED, "Encounter.period.start"},
	{"Encounter.period.start", NULL, REQUIRED, "Encounter.period.start"},
	{"Encounter.period.start", "2023-03-01", "MSG_DATE_FORMAT", "Encounter.period.start"},
	{"Encounter.period.end", NULL, REQUIRED, "Encounter.period.end"},
	{"Encounter.period.end", "2023-02-30T00:00:00Z", "MSG_DATE_FORMAT", "Encounter.period.end"},
	{OWN ".activity", NULL, REQUIRED, "Provenance.activity"},
	{OWN ".activity.coding[0].code", "transfer-inpatient", VALUE, "Provenance.activity"},
	{OWN ".activity.coding[0].code", "revise-", VALUE, "Provenance.activity"},
	{OWN ".activity.coding[0].code", "admit-inpatient", VALUE, "Encounter.status"},
	{OWN ".activity.coding[0].code", "start-leave-inpatient", REQUIRED, "Encounter.extension.value.start"},
	{OWN ".activity.coding[0].code", "end-leave-inpatient", REQUIRED, "Encounter.extension.value.end"},
};
/* clang-format on */

static void test_each_broken_rule_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * SF_COUNT(breaks); i++) {
		const struct broken *broken = &breaks[i / 2];
		struct sample sample;
		sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
		if (broken->text)
			sample_set(&sample, broken->path, broken->text);
		else
			sample_remove(&sample, broken->path);
		sample_write(&sample, i % 2 == 1);
		assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
		if (!sample_has_issue(&sample, broken->code, broken->expression))
			fail_msg("%s: %s is not named", broken->path, broken->expression);
		sample_close(&sample);
	}
}

static void test_second_encounter_is_refused(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_copy_entry(&sample, "Encounter");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	assert_true(sample_has_issue(&sample, "MSG_BAD_FORMAT", "Encounter"));
	sample_close(&sample);
}

static void test_repeated_single_element_is_refused(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_add(&sample, "Encounter", "status", "finished");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	assert_true(sample_has_issue(&sample, REQUIRED, "Encounter.status"));
	sample_close(&sample);
}

static void test_correction_without_predecessor_is_refused(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "RE_STIN_O.json");
	sample_remove(&sample, "Provenance[0].entity");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	assert_true(sample_has_issue(&sample, REQUIRED, "Provenance.entity.what"));
	sample_close(&sample);
}

static void test_dead_on_arrival_is_a_new_death(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STAA_E.json");
	sample_set(&sample, "Encounter.status", "finished");
	say_deceased(&sample, "true");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.activity, SF_ACTIVITY_DEATH);
	assert_int_equal(sample.document.stay.mode, SF_MODE_NEW);
	assert_false(sample.document.stay.report_requested);
	assert_int_equal(sample.document.stay.event_ms, sample.document.occurred_ms);
	sample_close(&sample);
}

static void test_living_first_letter_that_says_so_is_an_admission(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STAA_E.json");
	say_deceased(&sample, "false");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.activity, SF_ACTIVITY_ADMIT_EMERGENCY);
	assert_true(sample.document.stay.report_requested);
	sample_close(&sample);
}

/* letters/re_mors.json: an admission, a death and its correction, all with one activity. */
static void test_death_after_a_death_is_its_correction(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, "unit/format/letters/re_mors.json");
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.activity, SF_ACTIVITY_DEATH);
	assert_int_equal(sample.document.stay.mode, SF_MODE_REVISE);
	assert_int_equal(sample.document.provenance_count, 3);
	/* The letter before took the death back: this one is a new death. */
	sample_set(&sample, "Provenance[1].entity[0].role", "removal");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.mode, SF_MODE_NEW);
	sample_close(&sample);
}

static void test_death_after_a_correction_keeps_its_activity_and_is_new(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, "unit/format/letters/re_mors.json");
	sample_set(&sample, "Provenance[0].activity.coding[0].code", "revise-admit-inpatient");
	sample_set(&sample, "Provenance[1].activity.coding[0].code", "revise-admit-inpatient");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.activity, SF_ACTIVITY_DEATH);
	assert_int_equal(sample.document.stay.mode, SF_MODE_NEW);
	sample_close(&sample);
}

static void test_cancelled_admission_asks_for_nothing(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_set(&sample, "Provenance.activity.coding[0].code", "cancel-admit-inpatient");
	sample_set(&sample, "Encounter.status", "entered-in-error");
	struct sf_element *entity = sf_element_add(&sample.tree, sample_find(&sample, "Provenance"),
		SF_ELEMENT_OBJECT, "entity", NULL);
	sf_element_add(&sample.tree, entity, SF_ELEMENT_TEXT, "role", "removal");
	struct sf_element *what =
		sf_element_add(&sample.tree, entity, SF_ELEMENT_OBJECT, "what", NULL);
	sf_element_add(&sample.tree, what, SF_ELEMENT_TEXT, "reference", "MessageHeader/x");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.mode, SF_MODE_CANCEL);
	assert_false(sample.document.stay.report_requested);
	sample_close(&sample);
}

static void test_both_spellings_of_the_leave_extension_are_read(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STOR_F.json");
	sample_set(&sample, "Encounter.extension[0].url",
		"http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/"
		"medcom-hospitalnotification-leave-period-extension");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	sample_set(&sample, "Encounter.extension[0].url", "http://example.org/other");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	sample_close(&sample);
}

static void test_admission_report_is_asked_for_by_the_flag_alone(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_set(&sample, "MessageHeader.extension[0].valueBoolean", "false");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_false(sample.document.stay.report_requested);
	sample_remove(&sample, "MessageHeader.extension[0].valueBoolean");
	struct sf_element *parts =
		sf_element_add(&sample.tree, sample_find(&sample, "MessageHeader.extension[0]"),
			SF_ELEMENT_ARRAY, "extension", NULL);
	struct sf_element *part = sf_element_add(&sample.tree, parts, SF_ELEMENT_OBJECT, "", NULL);
	sf_element_add(&sample.tree, part, SF_ELEMENT_TEXT, "url", "reportOfAdmissionFlag");
	sf_element_add(&sample.tree, part, SF_ELEMENT_BOOL, "valueBoolean", "true");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_true(sample.document.stay.report_requested);
	sample_set(&sample, "MessageHeader.extension[0].url", "http://example.org/x-extension");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_false(sample.document.stay.report_requested);
	sample_close(&sample);
}

static void test_time_of_death_in_the_patient_is_a_death(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "MORS_K.json");
	sample_remove(&sample, "Patient.deceasedBoolean");
	sample_add(&sample, "Patient", "deceasedDateTime", "2023-03-04");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.activity, SF_ACTIVITY_DEATH);
	sample_close(&sample);
}

static void test_cancelled_discharge_without_end_takes_the_human_time(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "SLHJ_H.json");
	sample_set(&sample, OWN ".activity.coding[0].code", "cancel-discharge-inpatient-home");
	sample_set(&sample, "Encounter.status", "in-progress");
	sample_remove(&sample, "Encounter.period.end");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.stay.mode, SF_MODE_CANCEL);
	assert_int_equal(sample.document.stay.event_ms, sample.document.occurred_ms);
	sample_close(&sample);
}

static void test_local_episode_id_is_preferred_to_lpr3(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, "unit/format/letters/re_mors.json");
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.document.episode_count, 2);
	assert_string_equal(
		sample.document.local_episode_id, "0d7a3f52-6f0e-4b55-9f6f-8f1d5a3c7e10");
	assert_string_equal(sample.document.episode_ids[0],
		"https://www.esundhed.dk/Registre/Landspatientregisteret|"
		"urn:uuid:7d3e8a90-2f1b-4c6d-9e5a-1b2c3d4e5f60");
	sample_close(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_of_the_code_table_is_mapped),
		cmocka_unit_test(test_each_broken_rule_is_named),
		cmocka_unit_test(test_second_encounter_is_refused),
		cmocka_unit_test(test_repeated_single_element_is_refused),
		cmocka_unit_test(test_correction_without_predecessor_is_refused),
		cmocka_unit_test(test_dead_on_arrival_is_a_new_death),
		cmocka_unit_test(test_living_first_letter_that_says_so_is_an_admission),
		cmocka_unit_test(test_death_after_a_death_is_its_correction),
		cmocka_unit_test(test_death_after_a_correction_keeps_its_activity_and_is_new),
		cmocka_unit_test(test_cancelled_admission_asks_for_nothing),
		cmocka_unit_test(test_both_spellings_of_the_leave_extension_are_read),
		cmocka_unit_test(test_admission_report_is_asked_for_by_the_flag_alone),
		cmocka_unit_test(test_time_of_death_in_the_patient_is_a_death),
		cmocka_unit_test(test_cancelled_discharge_without_end_takes_the_human_time),
		cmocka_unit_test(test_local_episode_id_is_preferred_to_lpr3),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
