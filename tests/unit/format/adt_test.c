#include "format/adt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

#define HEAD "MSH|^~\\&|EPJ|AUH|STF|KOM|20261120130000+0100||ADT^%s^ADT_A01|M1|P|2.5\r"
#define EVENT "EVN||20261120125500+0100||||20261120125000+0100\r"
#define PATIENT                                                                                    \
	"PID|||77^^^LOK~6109450018^^^CPR&1.2.208.176.1.2&ISO^NNDNK||Birkemose^Asta||||||"          \
	"Vej 1^^Aarhus^^8000^^^^Nordby\r"
#define VISIT "PV1||%s|B12^1^2^AUH||||||||||||||||V-1^^^AUH\r"

static struct sf_arena arena;
static struct sf_issues issues;
static struct sf_adt adt;

static bool read_text(const char *text)
{
	struct sf_hl7 hl7;
	issues.count = 0;
	sf_arena_clear(&arena);
	assert_true(sf_hl7_split(sf_view_text(text), &hl7, &issues));
	return sf_adt_read(&hl7, NULL, &arena, &adt, &issues);
}

static bool read_event(const char *event, const char *class, const char *more)
{
	char text[2048];
	assert_true(snprintf(text, sizeof(text), HEAD EVENT PATIENT VISIT "%s", event, class,
			    more) < (int)sizeof(text));
	return read_text(text);
}

static void assert_issue(const char *code, const char *expression)
{
	bool found = false;
	for (size_t i = 0; i < issues.count; i++)
		found = found || (strcmp(issues.items[i].code, code) == 0 &&
					 strcmp(issues.items[i].expression, expression) == 0);
	assert_true(found);
}

static void assert_time(int64_t time_ms, const char *expected)
{
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(time_ms, text);
	assert_string_equal(text, expected);
}

/* README.md, "HL7 v2 ADT": every event by every class. */
static void test_every_event_is_what_the_table_says(void **state)
{
	(void)state;
	enum { NO = 0 };
	static const struct {
		const char *event;
		int step[3]; /* E, I, O; NO: refused */
		enum sf_activity activity;
	} rows[] = {
		{"A01", {SF_ADT_ADMIT, SF_ADT_ADMIT, NO}, SF_ACTIVITY_NONE},
		{"A02", {SF_ADT_NOTHING, SF_ADT_NOTHING, SF_ADT_NOTHING}, SF_ACTIVITY_NONE},
		{"A03", {SF_ADT_DISCHARGE, SF_ADT_DISCHARGE, SF_ADT_NOTHING},
			SF_ACTIVITY_DISCHARGE_HOME},
		{"A04", {SF_ADT_ADMIT, SF_ADT_ADMIT, SF_ADT_NOTHING}, SF_ACTIVITY_NONE},
		{"A06", {SF_ADT_ADMIT, SF_ADT_ADMIT, NO}, SF_ACTIVITY_NONE},
		{"A07", {SF_ADT_ADMIT, NO, SF_ADT_DISCHARGE}, SF_ACTIVITY_DISCHARGE_HOME},
		{"A08", {SF_ADT_UPDATE, SF_ADT_UPDATE, SF_ADT_NOTHING}, SF_ACTIVITY_NONE},
		{"A11", {SF_ADT_CANCEL, SF_ADT_CANCEL, SF_ADT_NOTHING},
			SF_ACTIVITY_ADMIT_INPATIENT},
		{"A12", {SF_ADT_NOTHING, SF_ADT_NOTHING, SF_ADT_NOTHING}, SF_ACTIVITY_NONE},
		{"A13", {SF_ADT_CANCEL, SF_ADT_CANCEL, SF_ADT_NOTHING}, SF_ACTIVITY_DISCHARGE_HOME},
		{"A21", {NO, SF_ADT_LEAVE_START, NO}, SF_ACTIVITY_LEAVE_START},
		{"A22", {NO, SF_ADT_LEAVE_END, NO}, SF_ACTIVITY_LEAVE_END},
		{"A25", {SF_ADT_EXPECT_NOTHING, SF_ADT_EXPECT_NOTHING, SF_ADT_NOTHING},
			SF_ACTIVITY_NONE},
		{"A52", {NO, SF_ADT_CANCEL, NO}, SF_ACTIVITY_LEAVE_START},
		{"A53", {NO, SF_ADT_CANCEL, NO}, SF_ACTIVITY_LEAVE_END},
	};
	static const char *const classes[] = {"E", "I", "O"};
	for (size_t i = 0; i < SF_COUNT(rows); i++)
		for (size_t class = 0; class < SF_COUNT(classes); class ++) {
			bool good = read_event(rows[i].event, classes[class], "");
			assert_int_equal(good, rows[i].step[class] != NO);
			assert_int_equal(adt.step, rows[i].step[class]);
			assert_int_equal(adt.activity, rows[i].activity);
			if (!good)
				assert_issue(SF_MSG_VALUE_UNKNOWN, "PV1-2");
		}
}

static void test_admission_is_read_whole(void **state)
{
	(void)state;
	assert_true(read_event("A01", "I", ""));
	assert_int_equal(adt.event, 1);
	assert_int_equal(adt.stay_class, SF_STAY_CLASS_INPATIENT);
	assert_string_equal(adt.cpr, "6109450018");
	assert_string_equal(adt.family, "Birkemose");
	assert_string_equal(adt.given, "Asta");
	assert_string_equal(adt.visit, "V-1|AUH");
	assert_string_equal(adt.department, "B12, AUH");
	assert_string_equal(adt.municipality, "Nordby");
	assert_time(adt.recorded_ms, "2026-11-20T12:00:00.000Z");
	assert_time(adt.occurred_ms, "2026-11-20T11:55:00.000Z");
	assert_time(adt.event_ms, "2026-11-20T11:50:00.000Z");
	assert_true(sf_view_equal(adt.name, sf_view_text("EPJ|AUH|M1|")));
	/* The header is no part of what is compared. */
	assert_null(strstr((const char *)adt.rest.data, "20261120130000"));
	assert_non_null(strstr((const char *)adt.rest.data, "Birkemose"));
}

static void test_expected_discharge_is_an_interval(void **state)
{
	(void)state;
	assert_true(read_event("A16", "I", "PV2|||||||||20261124+0100\r"));
	assert_int_equal(adt.step, SF_ADT_EXPECT);
	assert_time(adt.expected.from_ms, "2026-11-23T23:00:00.000Z");
	assert_time(adt.expected.until_ms, "2026-11-24T22:59:00.000Z");
	assert_false(read_event("A16", "I", ""));
	assert_issue(SF_MSG_RESOURCE_REQUIRED, "PV2-9");
	assert_false(read_event("A16", "I", "PV2|||||||||soon\r"));
	assert_issue(SF_MSG_DATE_FORMAT, "PV2-9");
	assert_int_equal(issues.count, 1);
}

static void test_death_has_its_own_time(void **state)
{
	(void)state;
	assert_true(
		read_text("MSH|^~\\&|EPJ|AUH|||20261120130000+0100||ADT^A03|M1|P|2.3.1\r"
			  "EVN||20261120125500+0100\r"
			  "PID|||6109450018^^^CPR||||||||||||||||||||||||||20261120114500+0100|Y\r"
			  "PV1||E|||||||||||||||||V-1"));
	assert_true(adt.dead);
	assert_int_equal(adt.step, SF_ADT_DISCHARGE);
	assert_time(adt.event_ms, "2026-11-20T10:45:00.000Z");
	assert_string_equal(adt.visit, "V-1|");
}

static void test_merge_needs_no_visit(void **state)
{
	(void)state;
	assert_true(read_text("MSH|^~\\&|EPJ|AUH|||20261120130000+0100||ADT^A40|M1|P|2.5\r"
			      "PID|||6109450018^^^CPR\rMRG|6109450026^^^CPR"));
	assert_int_equal(adt.step, SF_ADT_MERGE);
	assert_string_equal(adt.prior_cpr, "6109450026");
	assert_string_equal(adt.visit, "");
	assert_false(read_text("MSH|^~\\&|EPJ|AUH|||20261120130000+0100||ADT^A40|M1|P|2.5\r"
			       "PID|||6109450018^^^CPR\rMRG|77^^^LOK"));
	assert_issue(SF_MSG_RESOURCE_REQUIRED, "MRG-1");
}

static void test_header_is_judged_first(void **state)
{
	(void)state;
	static const struct {
		const char *header;
		const char *code;
		const char *expression;
	} rows[] = {
		{"MSH|^~\\&|E|A|||20261120130000+0100||ORU^R01|M1|P|2.5", SF_MSG_UNKNOWN_TYPE,
			"MSH-9.1"},
		{"MSH|^~\\&|E|A|||20261120130000+0100||ADT^A10|M1|P|2.5", SF_MSG_UNKNOWN_TYPE,
			"MSH-9.2"},
		{"MSH|^~\\&|E|A|||20261120130000+0100||ADT^A01||P|2.5", SF_MSG_RESOURCE_REQUIRED,
			"MSH-10"},
		{"MSH|^~\\&|E|A|||20261120130000+0100||ADT^A01|M1|T|2.5", SF_MSG_UNABLE_TO_RECEIVE,
			"MSH-11"},
		{"MSH|^~\\&|E|A|||20261120130000+0100||ADT^A01|M1|P|3.0", SF_MSG_UNABLE_TO_RECEIVE,
			"MSH-12"},
		{"MSH|^~\\&|E|A|||||ADT^A01|M1|P|2.5", SF_MSG_RESOURCE_REQUIRED, "MSH-7"},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		assert_false(read_text(rows[i].header));
		assert_issue(rows[i].code, rows[i].expression);
	}
}

static void test_what_is_missing_is_named(void **state)
{
	(void)state;
	assert_false(read_text("MSH|^~\\&|E|A|||20261120130000+0100||ADT^A01|M1|P|2.5\r"
			       "PID|||77^^^LOK\rPV1||I"));
	assert_issue(SF_MSG_RESOURCE_REQUIRED, "PID-3");
	assert_issue(SF_MSG_RESOURCE_REQUIRED, "PV1-19");
	assert_false(read_text("MSH|^~\\&|E|A|||20261120130000+0100||ADT^A01|M1|P|2.5\r"
			       "PID|||610945-0018^^^CPR\rPV1|||||||||||||||||||V"));
	assert_issue(SF_MSG_DATATYPE_WRONG, "PID-3");
	assert_issue(SF_MSG_RESOURCE_REQUIRED, "PV1-2");
}

/* Of a name that no reader takes no notification is written (found by fuzzing). */
static void test_name_that_no_reader_takes_is_refused(void **state)
{
	(void)state;
	char family[SF_PATIENT_NAME_SIZE_MAX + 1], message[2 * SF_PATIENT_NAME_SIZE_MAX];
	for (size_t size = sizeof(family) - 3; size < sizeof(family) - 1; size++) {
		memset(family, 'x', size);
		family[size] = '\0';
		snprintf(message, sizeof(message),
			"MSH|^~\\&|E|A|||20261120130000+0100||ADT^A01|M1|P|2.5\r"
			"PID|||6109450018^^^CPR||%s^A\r"
			"PV1||I|||||||||||||||||V|||||||||||||||||||||||||20261120080000+0100",
			family);
		/* With a space and one letter: the longest, and one more. */
		assert_int_equal(read_text(message), size + 2 <= SF_PATIENT_NAME_SIZE_MAX);
	}
	assert_issue(SF_MSG_ELEMENT_TOO_LONG, "PID-5");
}

/* HospitalNotification S.BR13: never of a booking to come. */
static void test_admission_to_come_is_refused(void **state)
{
	(void)state;
	assert_false(
		read_text("MSH|^~\\&|E|A|||20261120130000+0100||ADT^A01|M1|P|2.5\r"
			  "PID|||6109450018^^^CPR\r"
			  "PV1||I|||||||||||||||||V|||||||||||||||||||||||||20261122080000+0100"));
	assert_issue(SF_MSG_BAD_FORMAT, "PV1-44");
}

static int open_arena(void **state)
{
	(void)state;
	sf_arena_init(&arena, 1 << 20);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

/* Nothing is cut: half a character is no text, and half a number is another visit. */
static void test_long_parts_are_joined_whole(void **state)
{
	(void)state;
	char ward[7 * 200 + 1] = "", number[601] = "", text[8192], expected[2 * 200 + 6] = "";
	for (size_t i = 0; i < 200; i++) {
		memcpy(ward + 7 * i, "\\XC3B8\\", 7);
		memcpy(expected + 2 * i, "\xc3\xb8", 2);
	}
	ward[7 * 200] = '\0';
	memcpy(expected + 2 * 200, ", AUH", 6);
	memset(number, '1', sizeof(number) - 1);
	assert_true(snprintf(text, sizeof(text),
			    HEAD EVENT PATIENT "PV1||I|%s%s^1^2^AUH||||||||||||||||%s^^^AUH\r",
			    "A01", ward, ward, number) < (int)sizeof(text));
	assert_true(read_text(text));
	assert_true(sf_utf8_valid(sf_view_text(adt.department)));
	assert_int_equal(strlen(adt.department), 2 * 2 * 200 + 5);
	assert_string_equal(adt.department + 2 * 200, expected);
	assert_int_equal(strlen(adt.visit), 600 + 4);
	assert_string_equal(adt.visit + 600, "|AUH");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event_is_what_the_table_says),
		cmocka_unit_test(test_admission_is_read_whole),
		cmocka_unit_test(test_expected_discharge_is_an_interval),
		cmocka_unit_test(test_death_has_its_own_time),
		cmocka_unit_test(test_merge_needs_no_visit),
		cmocka_unit_test(test_header_is_judged_first),
		cmocka_unit_test(test_what_is_missing_is_named),
		cmocka_unit_test(test_name_that_no_reader_takes_is_refused),
		cmocka_unit_test(test_admission_to_come_is_refused),
		cmocka_unit_test(test_long_parts_are_joined_whole),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
