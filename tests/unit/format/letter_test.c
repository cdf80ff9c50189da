/*
 * The rules that every letter keeps: each is broken alone, in both syntaxes, and must be named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

enum change { REMOVE, SET, COPY, ROTATE };

struct broken {
	enum change change;
	const char *path; /* COPY: the type */
	const char *text; /* SET */
	const char *code;
	const char *expression;
};

#define REQUIRED "MSG_RESOURCE_REQUIRED"

/* clang-format off */
static const struct broken breaks[] = {
	{REMOVE, "Bundle.id", NULL, REQUIRED, "Bundle.id"},
	{SET, "Bundle.id", "12345678901234567890123456789012345678901234567890123456789012345", "MSG_Element_To_Long", "Bundle.id"},
	{REMOVE, "Bundle.type", NULL, "MSG_VALUESET_VALUE_UNKNOWN", "Bundle.type"},
	{SET, "Bundle.type", "transaction", "MSG_VALUESET_VALUE_UNKNOWN", "Bundle.type"},
	{REMOVE, "Bundle.timestamp", NULL, REQUIRED, "Bundle.timestamp"},
	{SET, "Bundle.timestamp", "2023-03-01", "MSG_DATE_FORMAT", "Bundle.timestamp"},
	{SET, "Bundle.resourceType", "Patient", "MSG_UNKNOWN_TYPE", "Bundle"},
	{ROTATE, "", NULL, "MSG_BAD_FORMAT", "Bundle.entry[0].resource"},
	{COPY, "MessageHeader", NULL, "MSG_BAD_FORMAT", "Bundle.entry"},
	{SET, "MessageHeader.resourceType", "Basic", REQUIRED, "Bundle.entry[0].resource"},
	{REMOVE, "MessageHeader.id", NULL, REQUIRED, "MessageHeader.id"},
	{REMOVE, "MessageHeader.eventCoding", NULL, REQUIRED, "MessageHeader.event"},
	{REMOVE, "MessageHeader.destination", NULL, REQUIRED, "MessageHeader.destination"},
	{REMOVE, "MessageHeader.destination[0].extension", NULL, REQUIRED, "MessageHeader.destination"},
	{SET, "MessageHeader.destination[0].extension[0].valueCoding.code", "cc", REQUIRED, "MessageHeader.destination"},
	{REMOVE, "MessageHeader.destination[0].receiver", NULL, "MSG_NO_MATCH", "MessageHeader.destination.receiver"},
	{SET, "MessageHeader.destination[0].receiver.reference", "Organization/gone", "MSG_NO_MATCH", "MessageHeader.destination.receiver"},
	{SET, "MessageHeader.destination[0].receiver.reference", "Patient/t33cef33-3626-422b-955d-d506aaa65fe1", "MSG_NO_MATCH", "MessageHeader.destination.receiver"},
	{REMOVE, "MessageHeader.sender", NULL, REQUIRED, "MessageHeader.sender"},
	{SET, "MessageHeader.sender.reference", "Organization/gone", "MSG_NO_MATCH", "MessageHeader.sender"},
	{REMOVE, "Organization[0].identifier[0]", NULL, "MSG_Receiver_Identifier_MISSING", "MessageHeader.destination.receiver.resolve().identifier"},
	{REMOVE, "Organization[0].identifier[1]", NULL, "MSG_Receiver_Identifier_MISSING", "MessageHeader.destination.receiver.resolve().identifier"},
	{SET, "Organization[0].identifier[1].value", "953741000016008", "MSG_Receiver_Identifier_UNKNOWN", "MessageHeader.destination.receiver.resolve().identifier.value"},
	{SET, "Organization[0].identifier[0].value", "5790001348121", "MSG_Receiver_Identifier_UNKNOWN", "MessageHeader.destination.receiver.resolve().identifier.value"},
	{REMOVE, "Organization[1].identifier[1]", NULL, REQUIRED, "MessageHeader.sender.resolve().identifier"},
	{SET, "Organization[1].identifier[1].value", "265161000016001", "MSG_Datatype_Wrong", "MessageHeader.sender.resolve().identifier.value"},
	{SET, "Patient.resourceType", "Basic", REQUIRED, "Patient"},
	{COPY, "Patient", NULL, "MSG_BAD_FORMAT", "Patient"},
	{REMOVE, "Patient.identifier", NULL, REQUIRED, "Patient.identifier"},
	{SET, "Patient.identifier[0].system", "urn:oid:1.2.3", REQUIRED, "Patient.identifier"},
	{SET, "Patient.identifier[0].value", "3109479989", "MSG_Datatype_Wrong", "Patient.identifier.value"},
	{SET, "Patient.identifier[0].value", "250947-9989", "MSG_Datatype_Wrong", "Patient.identifier.value"},
	{REMOVE, "Provenance.target", NULL, REQUIRED, "Provenance.target"},
	{SET, "Provenance.target[0].reference", "MessageHeader/another", REQUIRED, "Provenance.target"},
	{REMOVE, "Provenance.occurredDateTime", NULL, REQUIRED, "Provenance.occurred"},
	{SET, "Provenance.occurredDateTime", "yesterday", "MSG_DATE_FORMAT", "Provenance.occurred"},
	{REMOVE, "Provenance.recorded", NULL, REQUIRED, "Provenance.recorded"},
	{SET, "Provenance.recorded", "2023-03-01T12:00:00", "MSG_DATE_FORMAT", "Provenance.recorded"},
};
/* clang-format on */

static void change(struct sample *sample, const struct broken *broken)
{
	switch (broken->change) {
	case REMOVE:
		sample_remove(sample, broken->path);
		break;
	case SET:
		sample_set(sample, broken->path, broken->text);
		break;
	case COPY:
		sample_copy_entry(sample, broken->path);
		break;
	case ROTATE:
		sample_rotate(sample);
		break;
	}
}

static void test_each_broken_rule_is_named_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * SF_COUNT(breaks); i++) {
		const struct broken *broken = &breaks[i / 2];
		struct sample sample;
		sample_open(&sample, SAMPLE_HN "STIN_A.json");
		change(&sample, broken);
		sample_write(&sample, i % 2 == 1);
		assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
		if (!sample_has_issue(&sample, broken->code, broken->expression))
			fail_msg("%s: %s is not named", broken->path, broken->expression);
		sample_close(&sample);
	}
}

static void test_several_broken_rules_are_all_named(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_remove(&sample, "Patient.identifier");
	sample_remove(&sample, "MessageHeader.sender");
	sample_remove(&sample, "Encounter.status");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	assert_int_equal(sample.issues.count, 3);
	assert_true(sample_has_issue(&sample, REQUIRED, "Patient.identifier"));
	assert_true(sample_has_issue(&sample, REQUIRED, "MessageHeader.sender"));
	assert_true(sample_has_issue(&sample, REQUIRED, "Encounter.status"));
	sample_close(&sample);
}

static void test_unknown_extra_content_is_ignored(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_add(&sample, "Encounter", "somethingNew", "x");
	sample_copy_entry(&sample, "Organization");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_int_equal(sample.issues.count, 0);
	sample_close(&sample);
}

static void test_name_is_the_official_one_with_all_given_names(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, "samples/medcom-carecommunication/"
			     "Bundle-R-C-forward-8352b67a-23b2-44c5-b43a-725270a90722.json");
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_string_equal(sample.document.patient_name, "Bruno Test Elmer");
	sample_set(&sample, "Patient.name[0].use", "nickname");
	struct sf_element *name = sf_element_add(
		&sample.tree, sample_find(&sample, "Patient"), SF_ELEMENT_OBJECT, "name", NULL);
	sf_element_add(&sample.tree, name, SF_ELEMENT_TEXT, "use", "official");
	sf_element_add(&sample.tree, name, SF_ELEMENT_TEXT, "family", "Officiel");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_string_equal(sample.document.patient_name, "Officiel");
	sf_element_add(&sample.tree, name, SF_ELEMENT_TEXT, "text", "Som Skrevet");
	sample_write(&sample, true);
	assert_int_equal(sample_read(&sample), SF_OK);
	assert_string_equal(sample.document.patient_name, "Som Skrevet");
	sample_close(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_broken_rule_is_named_alone),
		cmocka_unit_test(test_several_broken_rules_are_all_named),
		cmocka_unit_test(test_unknown_extra_content_is_ignored),
		cmocka_unit_test(test_name_is_the_official_one_with_all_given_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
