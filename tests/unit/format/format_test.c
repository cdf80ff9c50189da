/*
 * The port as a whole on every published sample, in JSON and in XML.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/time.h"
#include "sample.h"

struct expected {
	const char *file;
	enum sf_activity activity;
	enum sf_mode mode;
	enum sf_stay_class stay_class;
	const char *event;
	const char *recorded;
	bool report_requested;
	const char *header_id;
	const char *predecessor_id;
	size_t provenance_count;
	const char *episode;
};

#define STIN SF_ACTIVITY_ADMIT_INPATIENT
#define STAA SF_ACTIVITY_ADMIT_EMERGENCY
#define IMP SF_STAY_CLASS_INPATIENT
#define EMER SF_STAY_CLASS_EMERGENCY
#define NEW SF_MODE_NEW
#define SHARED_ID "b9b4818e-02de-4cc4-b418-d20cbc399006"

/* clang-format off */
static const struct expected notifications[] = {
	{"AN_STIN_N", STIN, SF_MODE_CANCEL, IMP, "2023-03-01T12:00:00.000Z", "2023-03-01T13:00:02.000Z", false,
		"cd78c1e2-78e6-4291-b071-f423a4399006", SHARED_ID, 2, "5a6c371c-cc13-417e-a5c5-f65ee8bad8e1"},
	{"MORS_K", SF_ACTIVITY_DEATH, NEW, EMER, "2023-03-04T06:00:00.000Z", "2023-03-04T06:00:02.000Z", false,
		"nabb68aa-c97b-4905-a60c-71ff32399006", "i50fc5fe-2d11-4ef3-acac-2e2e5c399006", 2, "26260217-2aab-4388-8c78-657a5deb9ce7"},
	{"RE_STIN_O", STIN, SF_MODE_REVISE, IMP, "2023-03-01T07:00:00.000Z", "2023-03-01T14:00:02.000Z", false,
		"bd146532-0884-407d-85e2-da9a0c399006", SHARED_ID, 2, "01a37861-3f08-4c3f-b70d-ddec2527f858"},
	{"SLHJ_H", SF_ACTIVITY_DISCHARGE_HOME, NEW, IMP, "2023-03-07T08:45:30.000Z", "2023-03-07T08:45:32.000Z", false,
		"g1affa53-c157-4080-abb0-8e6815399006", SHARED_ID, 2, "d3d03544-f116-4070-a823-d5c64e6a7c46"},
	{"STAA_E", STAA, NEW, EMER, "2023-02-28T09:00:04.000Z", "2023-02-28T09:00:06.000Z", true,
		"i50fc5fe-2d11-4ef3-acac-2e2e5c399006", "", 1, "6ef2055a-fea5-4d9d-826c-40b0e57b4bdf"},
	{"STIN_A", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:00.000Z", true,
		"b9b4818e-02de-4cc4-b418-d20cbc7b5404", "", 1, "82873e50-325e-4016-8a68-2934bdb2f66d"},
	{"STIN_E", STIN, NEW, IMP, "2023-03-01T14:00:00.000Z", "2023-03-01T14:00:00.000Z", false,
		"a9b73218-820c-4db4-9fb7-59e498399006", "i50fc5fe-2d11-4ef3-acac-2e2e5c399006", 2, "6ef2055a-fea5-4d9d-826c-40b0e57b4bdf"},
	{"STIN_F", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:02.000Z", true, SHARED_ID, "", 1, "49a2b22b-f628-4468-9ba9-b6c0db4a6871"},
	{"STIN_H", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:02.000Z", true, SHARED_ID, "", 1, "d3d03544-f116-4070-a823-d5c64e6a7c46"},
	{"STIN_K", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:02.000Z", true, SHARED_ID, "", 1, "26260217-2aab-4388-8c78-657a5deb9ce7"},
	{"STIN_N", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:02.000Z", true, SHARED_ID, "", 1, "5a6c371c-cc13-417e-a5c5-f65ee8bad8e1"},
	{"STIN_O", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:02.000Z", true, SHARED_ID, "", 1, "01a37861-3f08-4c3f-b70d-ddec2527f858"},
	{"STOR_F", SF_ACTIVITY_LEAVE_START, NEW, IMP, "2023-03-03T13:00:10.000Z", "2023-03-03T13:00:12.000Z", false,
		"e563a2b2-bf92-4b13-bbd2-0a021a399006", SHARED_ID, 2, "49a2b22b-f628-4468-9ba9-b6c0db4a6871"},
	{"TEK_DUB", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:00.000Z", true,
		"b9b4818e-02de-4cc4-b418-d20cbc7b5404", "", 1, "9840fa2e-3cfc-4a5b-ba2d-bb62d9b080d4"},
	{"TEK_ID_LPR3", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:00.000Z", true,
		"64237a19-d0f9-499d-b342-f0e1cde032ca", "", 1, "urn:uuid:15d54a58-507e-40ec-b5ce-9c4df248d842"},
	{"TEK_STIN_A", STIN, NEW, IMP, "2023-03-01T11:00:00.000Z", "2023-03-01T11:00:00.000Z", true,
		"b9b4818e-02de-4cc4-b418-d20cbc7b5404", "", 1, "51738ad5-dafc-48a2-9233-4736a8be137b"},
};

static const char *const all_files[] = {
	SAMPLE_HN "AN_STIN_N.json", SAMPLE_HN "MORS_K.json", SAMPLE_HN "RE_STIN_O.json", SAMPLE_HN "SLHJ_H.json",
	SAMPLE_HN "STAA_E.json", SAMPLE_HN "STIN_A.json", SAMPLE_HN "STIN_E.json", SAMPLE_HN "STIN_F.json",
	SAMPLE_HN "STIN_H.json", SAMPLE_HN "STIN_K.json", SAMPLE_HN "STIN_N.json", SAMPLE_HN "STIN_O.json",
	SAMPLE_HN "STOR_F.json", SAMPLE_HN "TEK_DUB.json", SAMPLE_HN "TEK_FCC.json", SAMPLE_HN "TEK_ID_LPR3.json",
	SAMPLE_HN "TEK_STIN_A.json",
	"samples/medcom-acknowledgement/Ack_3.3.1.1_A-AA.xml", "samples/medcom-acknowledgement/Ack_3.3.2.1_A_AE.xml",
	"samples/medcom-carecommunication/Bundle-R-C-forward-8352b67a-23b2-44c5-b43a-725270a90722.json",
	"samples/medcom-carecommunication/Bundle-R-Tek-O-invalid-3d1149cd-d3e3-421a-ae31-4860decb4272.json",
};
/* clang-format on */

static void open_notification(struct sample *sample, const char *name)
{
	char path[128] = SAMPLE_HN;
	size_t size = strlen(path);
	memcpy(path + size, name, strlen(name));
	memcpy(path + size + strlen(name), ".json", 6);
	sample_open(sample, path);
}

static void assert_time(int64_t time_ms, const char *expected)
{
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(time_ms, text);
	assert_string_equal(text, expected);
}

static void assert_notification(const struct sf_document *document, const struct expected *expected)
{
	assert_int_equal(document->kind, SF_DOCUMENT_NOTIFICATION);
	assert_int_equal(document->stay.activity, expected->activity);
	assert_int_equal(document->stay.mode, expected->mode);
	assert_int_equal(document->stay.stay_class, expected->stay_class);
	assert_time(document->stay.event_ms, expected->event);
	assert_time(document->recorded_ms, expected->recorded);
	assert_time(document->occurred_ms, expected->recorded);
	assert_int_equal(document->stay.report_requested, expected->report_requested);
	assert_string_equal(document->header_id, expected->header_id);
	assert_string_equal(document->predecessor_id, expected->predecessor_id);
	assert_int_equal(document->provenance_count, expected->provenance_count);
	assert_string_equal(document->local_episode_id, expected->episode);
	assert_int_equal(document->episode_count, 1);
	assert_non_null(strstr(document->episode_ids[0], expected->episode));
	assert_string_equal(document->cpr, "2509479989");
	assert_string_equal(document->patient_name, "Elmer");
	assert_string_equal(document->sender.sor, "265161000016000");
	assert_string_equal(document->sender.gln, "5790000209354");
	assert_string_equal(document->receiver.sor, "953741000016009");
	assert_string_equal(document->receiver.gln, "5790001348120");
	assert_string_equal(document->receiver.name, "Plejecenter Herlev");
	assert_string_equal(document->department, document->sender.name);
}

static void test_every_notification_sample_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_COUNT(notifications); i++) {
		struct sample sample;
		open_notification(&sample, notifications[i].file);
		assert_int_equal(sample_read(&sample), SF_OK);
		assert_int_equal(sample.issues.count, 0);
		assert_notification(&sample.document, &notifications[i]);
		sample_close(&sample);
	}
}

static void test_every_notification_sample_is_the_same_letter_in_xml(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_COUNT(notifications); i++) {
		struct sample json;
		struct sample xml;
		open_notification(&json, notifications[i].file);
		open_notification(&xml, notifications[i].file);
		sample_write(&xml, true);
		assert_int_equal(sample_read(&xml), SF_OK);
		assert_notification(&xml.document, &notifications[i]);
		assert_true(sf_view_equal(sample_canonical(&json), sample_canonical(&xml)));
		sample_close(&json);
		sample_close(&xml);
	}
}

static void test_committed_xml_is_the_json_original(void **state)
{
	(void)state;
	static const char *const names[] = {"STAA_E", "STIN_E", "STIN_A", "STIN_F", "STOR_F",
		"STIN_H", "SLHJ_H", "STIN_K", "MORS_K", "STIN_N", "AN_STIN_N", "STIN_O",
		"RE_STIN_O", "TEK_FCC", "TEK_ID_LPR3"};
	for (size_t i = 0; i < SF_COUNT(names); i++) {
		char path[128];
		struct sample json;
		struct sample xml;
		open_notification(&json, names[i]);
		snprintf(path, sizeof(path), "samples/stafet-hospitalnotification-xml/%s.xml",
			names[i]);
		sample_open(&xml, path);
		assert_true(sf_view_equal(sample_canonical(&json), sample_canonical(&xml)));
		assert_int_equal(sample_read(&json), sample_read(&xml));
		assert_string_equal(json.document.header_id, xml.document.header_id);
		sample_close(&json);
		sample_close(&xml);
	}
}

struct filled {
	const char *file;
	enum sf_activity activity;
	enum sf_mode mode;
};

/* tests/samples/templates/README.md gives these marks. */
static const char *const marks[][2] = {
	{"@BUNDLE_ID@", "envelope"},
	{"@HEADER_ID@", "letter"},
	{"@SENT@", "2026-11-20T13:05:01+01:00"},
	{"@OCCURRED@", "2026-11-20T13:05:00+01:00"},
	{"@START@", "2026-11-18T09:00:00+01:00"},
	{"@END@", "2026-11-20T13:00:00+01:00"},
	{"@LEAVE_START@", "2026-11-19T13:00:00+01:00"},
	{"@LEAVE_END@", "2026-11-19T20:00:00+01:00"},
	{"@EPISODE_ID@", "episode"},
	{"@CPR@", "7105529990"},
	{"@GIVEN@", "Prøve"},
	{"@FAMILY@", "Opdigtet"},
	{"@SENDER_SOR@", "990011000016008"},
	{"@SENDER_GLN@", "5790999000017"},
	{"@SENDER_NAME@", "Nordby Sygehus"},
	{"@RECEIVER_SOR@", "953741000016009"},
	{"@RECEIVER_GLN@", "5790001348120"},
	{"@RECEIVER_NAME@", "Nordby Kommune"},
	{"@PREDECESSOR_ID@", "before"},
	{"@PREDECESSOR_ACTIVITY@", "admit-inpatient"},
	{"@PREDECESSOR_SENT@", "2026-11-18T09:00:01+01:00"},
	{"@CLASS@", "IMP"},
	{"@DISCHARGE_ACTIVITY@", "discharge-inpatient-home"},
	{"@STATUS@", "onleave"},
	{"@ACTIVITY@", "revise-start-leave-inpatient"},
	{"@ENTITY_ROLE@", "revision"},
};

static void fill(struct sample *sample)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 100000);
	for (size_t i = 0; i < SF_COUNT(marks); i++) {
		assert_int_equal(sf_buf_append(&sample->bytes, sf_view_of("", 1)), SF_OK);
		const char *at = (const char *)sample->bytes.data;
		sf_buf_clear(&buf);
		for (const char *hit; (hit = strstr(at, marks[i][0]));) {
			assert_int_equal(
				sf_buf_append(&buf, sf_view_of(at, (size_t)(hit - at))), SF_OK);
			assert_int_equal(sf_buf_append_text(&buf, marks[i][1]), SF_OK);
			at = hit + strlen(marks[i][0]);
		}
		assert_int_equal(sf_buf_append_text(&buf, at), SF_OK);
		sf_buf_clear(&sample->bytes);
		assert_int_equal(sf_buf_append(&sample->bytes, sf_buf_view(&buf)), SF_OK);
	}
	sf_buf_fini(&buf);
}

static void test_every_template_is_a_letter_when_filled(void **state)
{
	(void)state;
	static const struct filled all[] = {
		{"STAA", STAA, NEW},
		{"STIN", STIN, NEW},
		{"STIN_after_STAA", STIN, NEW},
		{"STOR", SF_ACTIVITY_LEAVE_START, NEW},
		{"SLOR", SF_ACTIVITY_LEAVE_END, NEW},
		{"SLHJ", SF_ACTIVITY_DISCHARGE_HOME, NEW},
		{"MORS", SF_ACTIVITY_DEATH, NEW},
		{"RE_STIN", STIN, SF_MODE_REVISE},
		{"AN_STIN", STIN, SF_MODE_CANCEL},
		{"AN_SLHJ", SF_ACTIVITY_DISCHARGE_HOME, SF_MODE_CANCEL},
		{"AN_MORS", SF_ACTIVITY_DEATH, SF_MODE_CANCEL},
		{"GENERIC", SF_ACTIVITY_LEAVE_START, SF_MODE_REVISE},
	};
	for (size_t i = 0; i < SF_COUNT(all); i++) {
		char path[128];
		struct sample sample;
		snprintf(path, sizeof(path), "samples/templates/%s.json", all[i].file);
		sample_open(&sample, path);
		fill(&sample);
		if (sample_read(&sample) != SF_OK)
			fail_msg("%s: %s", all[i].file, sample.diag.text);
		assert_int_equal(sample.document.stay.activity, all[i].activity);
		assert_int_equal(sample.document.stay.mode, all[i].mode);
		assert_string_equal(sample.document.patient_name, "Prøve Opdigtet");
		assert_null(memchr(sample.bytes.data, '@', sample.bytes.size));
		sample_close(&sample);
	}
}

static void test_missing_class_is_named_with_the_missing_event(void **state)
{
	(void)state;
	for (int xml = 0; xml < 2; xml++) {
		struct sample sample;
		sample_open(&sample, SAMPLE_HN "TEK_FCC.json");
		sample_write(&sample, xml == 1);
		assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
		assert_true(
			sample_has_issue(&sample, "MSG_RESOURCE_REQUIRED", "MessageHeader.event"));
		assert_true(sample_has_issue(&sample, "MSG_RESOURCE_REQUIRED", "Encounter.class"));
		assert_int_equal(sample.issues.count, 2);
		/* What the acknowledgement needs is there all the same. */
		assert_string_equal(
			sample.document.header_id, "c4888e5e-ec5c-4b16-a875-7b287e63e214");
		assert_string_equal(sample.document.sender.sor, "265161000016000");
		assert_int_equal(sample.document.provenance_count, 1);
		sample_close(&sample);
	}
}

static void test_truncated_samples_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_COUNT(all_files); i++) {
		struct sample sample;
		sample_open(&sample, all_files[i]);
		size_t whole = sample.bytes.size;
		for (size_t size = 97; size < whole - 8; size += 97) {
			sample.bytes.size = size;
			assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
			assert_true(sample_has_issue(&sample, "MSG_BAD_SYNTAX", "Bundle"));
			assert_string_equal(sample.document.header_id, "");
		}
		sample_close(&sample);
	}
}

static void test_other_content_types_are_not_supported(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	static const char *const types[] = {"text/plain", "", "application/fhir+jsonx", "x"};
	for (size_t i = 0; i < SF_COUNT(types); i++) {
		assert_int_equal(
			sample.format.read(NULL, types[i], sf_buf_view(&sample.bytes),
				&sample.arena, &sample.document, &sample.issues, &sample.diag),
			SF_ERR_UNSUPPORTED);
		assert_int_equal(sample.issues.count, 1);
	}
	assert_int_equal(sample.format.read(NULL, "Application/FHIR+JSON; charset=utf-8",
				 sf_buf_view(&sample.bytes), &sample.arena, &sample.document,
				 &sample.issues, &sample.diag),
		SF_OK);
	sample_close(&sample);
}

static void test_unknown_message_is_not_supported_and_names_the_sender(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_set(&sample, "MessageHeader.eventCoding.code", "homecareobservation-message");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_ERR_UNSUPPORTED);
	assert_true(sample_has_issue(
		&sample, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE", "MessageHeader.event"));
	assert_string_equal(sample.document.sender.sor, "265161000016000");
	sample_close(&sample);
}

static void test_document_past_the_size_limit_is_refused(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	struct sf_buf large;
	sf_buf_init(&large, SF_CLINICAL_SIZE_MAX + 1);
	uint8_t *place = NULL;
	assert_int_equal(sf_buf_extend(&large, SF_CLINICAL_SIZE_MAX + 1, &place), SF_OK);
	memset(place, ' ', large.size);
	memcpy(place, sample.bytes.data, sample.bytes.size);
	assert_int_equal(sample.format.read(NULL, SF_CONTENT_FHIR_JSON, sf_buf_view(&large),
				 &sample.arena, &sample.document, &sample.issues, &sample.diag),
		SF_ERR_LIMIT);
	assert_true(sample_has_issue(&sample, "MSG_Element_To_Long", "Bundle"));
	large.size--;
	assert_int_equal(sample.format.read(NULL, SF_CONTENT_FHIR_JSON, sf_buf_view(&large),
				 &sample.arena, &sample.document, &sample.issues, &sample.diag),
		SF_OK);
	sf_buf_fini(&large);
	sample_close(&sample);
}

static void test_small_arena_is_a_limit(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	struct sf_arena small;
	sf_arena_init(&small, 256);
	assert_int_equal(sample.format.read(NULL, SF_CONTENT_FHIR_JSON, sf_buf_view(&sample.bytes),
				 &small, &sample.document, &sample.issues, &sample.diag),
		SF_ERR_LIMIT);
	sf_arena_fini(&small);
	sample_close(&sample);
}

static void test_diagnosis_never_quotes_the_letter(void **state)
{
	(void)state;
	struct sample sample;
	sample_open(&sample, SAMPLE_HN "STIN_A.json");
	sample_set(&sample, "Patient.identifier[0].value", "9909479989");
	sample_set(&sample, "Encounter.class.code", "SECRETCODE");
	sample_write(&sample, false);
	assert_int_equal(sample_read(&sample), SF_ERR_FORMAT);
	assert_null(strstr(sample.diag.text, "9909479989"));
	for (size_t i = 0; i < sample.issues.count; i++) {
		assert_null(strstr(sample.issues.items[i].text, "9909479989"));
		assert_null(strstr(sample.issues.items[i].text, "SECRETCODE"));
	}
	assert_string_equal(sample.document.cpr, "");
	sample_close(&sample);
}

static void test_content_type_is_guessed_from_the_first_bytes(void **state)
{
	(void)state;
	assert_string_equal(sf_content_type_guess(sf_view_text("{}")), SF_CONTENT_FHIR_JSON);
	assert_string_equal(
		sf_content_type_guess(sf_view_text(" \r\n\t<?xml version=\"1.0\"?>"
						   "<Bundle xmlns=\"http://hl7.org/fhir\"/>")),
		SF_CONTENT_FHIR_XML);
	assert_string_equal(sf_content_type_guess(sf_view_text(" \r\n\t<a/>")), SF_CONTENT_XML);
	assert_string_equal(sf_content_type_guess(sf_view_text("%PDF-1.7")), SF_CONTENT_PDF);
	assert_null(sf_content_type_guess(sf_view_text("%PDF")));
	assert_string_equal(
		sf_content_type_guess(sf_view_text("\xEF\xBB\xBF{")), SF_CONTENT_FHIR_JSON);
	assert_null(sf_content_type_guess(sf_view_text("")));
	assert_null(sf_content_type_guess(sf_view_text("   ")));
	assert_string_equal(sf_content_type_guess(sf_view_text("MSH|^~")), SF_CONTENT_HL7);
	assert_null(sf_content_type_guess(sf_view_text("MSA|^~")));
	assert_null(sf_content_type_guess(sf_view_of("\0{", 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_notification_sample_is_read),
		cmocka_unit_test(test_every_notification_sample_is_the_same_letter_in_xml),
		cmocka_unit_test(test_committed_xml_is_the_json_original),
		cmocka_unit_test(test_every_template_is_a_letter_when_filled),
		cmocka_unit_test(test_missing_class_is_named_with_the_missing_event),
		cmocka_unit_test(test_truncated_samples_are_refused),
		cmocka_unit_test(test_other_content_types_are_not_supported),
		cmocka_unit_test(test_unknown_message_is_not_supported_and_names_the_sender),
		cmocka_unit_test(test_document_past_the_size_limit_is_refused),
		cmocka_unit_test(test_small_arena_is_a_limit),
		cmocka_unit_test(test_diagnosis_never_quotes_the_letter),
		cmocka_unit_test(test_content_type_is_guessed_from_the_first_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
