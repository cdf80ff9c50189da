/* No published XDIS letter was at hand: everything here and in samples/stafet-xdis is invented. */
#include "format/xdis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/time.h"
#include "format/format.h"

#define PLAN(content) "<ProgressOfCarePlan>" content "</ProgressOfCarePlan>"

/* Winter all year is enough here. */
static const struct sf_zone winter = {.first_offset_s = 3600};

static struct sf_format format;
static struct sf_arena arena;
static struct sf_letter_document letter;
static struct sf_diag diag;
static uint8_t file[65536];

static enum sf_err read_as(const char *type, struct sf_view bytes, const struct sf_zone *zone)
{
	sf_arena_clear(&arena);
	memset(&letter, 0, sizeof(letter));
	diag.text[0] = '\0';
	return format.read_letter(NULL, type, bytes, zone, &arena, &letter, &diag);
}

static enum sf_err read_text(const char *xml)
{
	return read_as("application/xml", sf_view_text(xml), &winter);
}

static enum sf_err read_sample(const char *name)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/samples/%s", SF_TESTS_DIR, name);
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	size_t size = fread(file, 1, sizeof(file), in);
	fclose(in);
	struct sf_view bytes = sf_view_of(file, size);
	return read_as(sf_content_type_guess(bytes), bytes, &winter);
}

static void assert_time(int64_t time_ms, const char *wanted)
{
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(time_ms, text);
	assert_string_equal(text, wanted);
}

static void test_care_plan_carries_plan_and_agreed_time(void **state)
{
	(void)state;
	assert_int_equal(read_sample("stafet-xdis/care_plan.xml"), SF_OK);
	assert_int_equal(letter.code, SF_LETTER_CARE_PLAN);
	assert_string_equal(letter.cpr, "7105620019");
	assert_string_equal(letter.letter_id, "INVENTED-21-1");
	assert_string_equal(letter.episode_id, "0f8fad5bd9cb469fa16570867728950e");
	assert_time(letter.written_ms, "2026-11-20T09:15:00.000Z");
	assert_true(letter.has_plan);
	assert_int_equal(letter.plan.version, 0);
	assert_time(letter.plan.ready.from_ms, "2026-11-23T23:00:00.000Z");
	assert_time(letter.plan.ready.until_ms, "2026-11-24T22:59:00.000Z");
	assert_time(letter.plan.discharge.from_ms, "2026-11-25T12:30:00.000Z");
	assert_int_equal(letter.plan.discharge.from_ms, letter.plan.discharge.until_ms);
	assert_true(letter.has_agree);
	assert_int_equal(letter.agree.discharge_ms, letter.plan.discharge.from_ms);
	assert_false(letter.has_ready);
}

static void test_readiness_is_known_by_its_codes_and_carries_ready(void **state)
{
	(void)state;
	assert_int_equal(read_sample("stafet-xdis/readiness.xml"), SF_OK);
	assert_int_equal(letter.code, SF_LETTER_READINESS);
	assert_true(letter.has_ready);
	assert_time(letter.ready.ready_ms, "2026-11-24T10:05:00.000Z");
	assert_true(letter.ready.duties_done);
	assert_true(letter.has_agree);
	assert_time(letter.agree.discharge_ms, "2026-11-25T12:30:00.000Z");
	assert_false(letter.has_plan);
}

static void test_other_letters_carry_their_code_alone(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum sf_letter_code code;
	} letters[] = {
		{"stafet-xdis/admission_report.xml", SF_LETTER_ADMISSION_REPORT},
		{"stafet-xdis/discharge_report.xml", SF_LETTER_DISCHARGE_REPORT},
		{"stafet-xdis/discharge_letter.xml", SF_LETTER_DISCHARGE_LETTER},
		{"stafet-xdis/correspondence.xml", SF_LETTER_CORRESPONDENCE},
	};
	for (size_t i = 0; i < SF_COUNT(letters); i++) {
		assert_int_equal(read_sample(letters[i].name), SF_OK);
		assert_int_equal(letter.code, letters[i].code);
		assert_string_equal(letter.cpr, "7105620019");
		assert_false(letter.has_plan || letter.has_ready || letter.has_agree);
		assert_int_equal(letter.mark, SF_MARK_NONE);
	}
}

static void test_letter_is_known_by_element_or_number(void **state)
{
	(void)state;
	static const struct {
		const char *xml;
		enum sf_letter_code code;
	} letters[] = {
		{"<ReportOfAdmission/>", SF_LETTER_ADMISSION_REPORT},
		{"<x:ProgressOfCarePlan xmlns:x='urn:x'/>", SF_LETTER_CARE_PLAN},
		{"<XDIS19/>", SF_LETTER_READINESS},
		{"<DIS19/>", SF_LETTER_READINESS},
		{"<Emessage><Envelope/><XD1934C/></Emessage>", SF_LETTER_READINESS},
		{"<a><Letter><VersionCode>D1930C</VersionCode></Letter></a>", SF_LETTER_READINESS},
		{"<a><Letter><TypeCode>XDIS01</TypeCode></Letter></a>", SF_LETTER_DISCHARGE_LETTER},
		{"<DischargeLetter/>", SF_LETTER_DISCHARGE_LETTER},
		{"<GGOP2/>", SF_LETTER_REHABILITATION_PLAN},
		{"<DIS91/>", SF_LETTER_CORRESPONDENCE},
		{"<ClinicalEmails/>", SF_LETTER_NONE},
		{"<XDIS99/>", SF_LETTER_NONE},
		{"<note>2026</note>", SF_LETTER_NONE},
		{"<a19/>", SF_LETTER_NONE},
	};
	for (size_t i = 0; i < SF_COUNT(letters); i++) {
		assert_int_equal(read_text(letters[i].xml), SF_OK);
		assert_int_equal(letter.code, letters[i].code);
		assert_string_equal(letter.cpr, "");
		assert_string_equal(letter.letter_id, "");
		assert_string_equal(letter.episode_id, "");
	}
}

static void test_letter_that_names_two_kinds_is_refused(void **state)
{
	(void)state;
	assert_int_equal(read_text(PLAN("<Letter><VersionCode>XD1834C</VersionCode></Letter>")),
		SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "VersionCode"));
	assert_int_equal(read_text("<a><Letter><VersionCode>XD1834C</VersionCode>"
				   "<TypeCode>XDIS21</TypeCode></Letter></a>"),
		SF_ERR_FORMAT);
	/* A version code of no known letter says nothing. */
	assert_int_equal(read_text(PLAN("<Letter><VersionCode>XY1</VersionCode></Letter>")), SF_OK);
}

static void test_notifications_are_no_letters(void **state)
{
	(void)state;
	assert_int_equal(read_text("<NotificationOfAdmission/>"), SF_ERR_UNSUPPORTED);
	assert_int_equal(read_text("<NotificationOfDischarge/>"), SF_ERR_UNSUPPORTED);
	assert_int_equal(
		read_sample("medcom-hospitalnotification/HospitalNotification_Ex_SLHJ_H.json"),
		SF_ERR_UNSUPPORTED);
}

static void test_wrapper_holds_one_letter(void **state)
{
	(void)state;
	assert_int_equal(read_text("<Emessage><Envelope/></Emessage>"), SF_ERR_FORMAT);
	assert_int_equal(
		read_text("<Emessage><Envelope/><ClinicalEmail/><ClinicalEmail/></Emessage>"),
		SF_ERR_FORMAT);
}

static void test_plan_without_times_is_no_plan(void **state)
{
	(void)state;
	assert_int_equal(read_text(PLAN("<ExpectedEndOfTreatment/>"
					"<AgreedDischarge>aftales</AgreedDischarge>")),
		SF_OK);
	assert_int_equal(letter.code, SF_LETTER_CARE_PLAN);
	assert_false(letter.has_plan || letter.has_agree);
}

static void test_plan_with_one_time_says_that_one(void **state)
{
	(void)state;
	assert_int_equal(
		read_text(PLAN("<AgreedDischarge><Date>2026-11-25</Date></AgreedDischarge>")),
		SF_OK);
	assert_true(letter.has_plan);
	assert_int_equal(letter.plan.ready.from_ms, 0);
	assert_int_equal(letter.plan.ready.until_ms, 0);
	assert_time(letter.plan.discharge.from_ms, "2026-11-24T23:00:00.000Z");
	/* The day alone is nothing that both can confirm. */
	assert_false(letter.has_agree);
}

static void test_readiness_without_a_time_of_day_declares_nothing(void **state)
{
	(void)state;
	assert_int_equal(read_text("<XDIS19><EndOfTreatment><Date>2026-11-24</Date></"
				   "EndOfTreatment></XDIS19>"),
		SF_OK);
	assert_int_equal(letter.code, SF_LETTER_READINESS);
	assert_false(letter.has_ready);
	assert_int_equal(read_text("<XDIS19><ExpectedEndOfTreatment>2026-11-24T10:00"
				   "</ExpectedEndOfTreatment></XDIS19>"),
		SF_OK);
	assert_false(letter.has_ready);
}

static void test_time_said_twice_must_be_the_same(void **state)
{
	(void)state;
	assert_int_equal(
		read_text(PLAN(
			"<AgreedDischarge>2026-11-25T10:00</AgreedDischarge>"
			"<Sub><AgreedDischarge>2026-11-25T10:00:00+01:00</AgreedDischarge></Sub>")),
		SF_OK);
	assert_true(letter.has_agree);
	assert_int_equal(
		read_text(PLAN("<AgreedDischarge>2026-11-25T10:00</AgreedDischarge>"
			       "<Sub><AgreedDischarge>2026-11-25T11:00</AgreedDischarge></Sub>")),
		SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "AgreedDischarge"));
}

static void test_time_that_does_not_exist_is_refused_without_quoting_it(void **state)
{
	(void)state;
	assert_int_equal(read_text(PLAN("<ExpectedEndOfTreatment><Date>2026-02-31</Date>"
					"</ExpectedEndOfTreatment>")),
		SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "ExpectedEndOfTreatment"));
	assert_null(strstr(diag.text, "2026-02-31"));
}

static void test_local_time_without_the_zone_is_a_fault_of_the_machine(void **state)
{
	(void)state;
	struct sf_view plan =
		sf_view_text(PLAN("<AgreedDischarge>2026-11-25T10:00</AgreedDischarge>"));
	assert_int_equal(read_as("text/xml; charset=utf-8", plan, NULL), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "tzdata"));
	struct sf_view report = sf_view_text("<ReportOfAdmission/>");
	assert_int_equal(read_as("text/xml", report, NULL), SF_OK);
}

static void test_cpr_is_plausible_or_refused_and_never_quoted(void **state)
{
	(void)state;
	assert_int_equal(read_text(PLAN("<Patient><CivilRegistrationNumber>710562-0019"
					"</CivilRegistrationNumber></Patient>")),
		SF_OK);
	assert_string_equal(letter.cpr, "7105620019");
	static const char *const wrong[] = {"7113620019", "710562001", "71056200199", "7105-620019",
		"71056200-19", "710562 0019"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		char xml[256];
		snprintf(xml, sizeof(xml),
			PLAN("<Patient><CivilRegistrationNumber>%s</CivilRegistrationNumber>"
			     "</Patient>"),
			wrong[i]);
		assert_int_equal(read_text(xml), SF_ERR_FORMAT);
		assert_null(strstr(diag.text, wrong[i]));
	}
	/* Another's number is not the patient's. */
	assert_int_equal(read_text(PLAN("<Relative><CivilRegistrationNumber>7105620019"
					"</CivilRegistrationNumber></Relative>")),
		SF_OK);
	assert_string_equal(letter.cpr, "");
}

static void test_long_identifier_and_small_arena_are_limits(void **state)
{
	(void)state;
	char xml[512];
	snprintf(xml, sizeof(xml), PLAN("<Letter><Identifier>%0130d</Identifier></Letter>"), 0);
	assert_int_equal(read_text(xml), SF_ERR_LIMIT);
	struct sf_arena none;
	sf_arena_init(&none, 1);
	struct sf_view plan = sf_view_text(PLAN("<Letter><Identifier>i</Identifier></Letter>"));
	assert_int_equal(format.read_letter(NULL, "text/xml", plan, &winter, &none, &letter, &diag),
		SF_ERR_LIMIT);
	sf_arena_fini(&none);
}

static void test_care_communication_is_a_correspondence(void **state)
{
	(void)state;
	assert_int_equal(
		read_sample("medcom-carecommunication/"
			    "Bundle-R-C-forward-8352b67a-23b2-44c5-b43a-725270a90722.json"),
		SF_OK);
	assert_int_equal(letter.code, SF_LETTER_CORRESPONDENCE);
	assert_string_equal(letter.cpr, "2509479989");
	assert_true(letter.letter_id[0] != '\0');
	assert_true(letter.written_ms > 0);
	assert_string_equal(letter.episode_id, "");
	assert_false(letter.has_plan || letter.has_ready || letter.has_agree);
}

static void test_other_content_types_tell_nothing(void **state)
{
	(void)state;
	static const char *const types[] = {
		"application/pdf", "text/plain", "image/png", "application/xmlx", ""};
	for (size_t i = 0; i < SF_COUNT(types); i++) {
		assert_int_equal(read_as(types[i], sf_view_text("<ClinicalEmail/>"), NULL), SF_OK);
		assert_int_equal(letter.code, SF_LETTER_NONE);
		assert_string_equal(letter.cpr, "");
	}
}

static void test_broken_xml_is_refused(void **state)
{
	(void)state;
	assert_int_equal(read_text("<ProgressOfCarePlan>"), SF_ERR_FORMAT);
	assert_int_equal(read_text("<!DOCTYPE a><ProgressOfCarePlan/>"), SF_ERR_FORMAT);
	assert_int_equal(letter.code, SF_LETTER_NONE);
	assert_int_equal(read_as("application/fhir+json", sf_view_text("{}"), NULL), SF_ERR_FORMAT);
}

static int setup(void **state)
{
	(void)state;
	sf_format_port(&format);
	sf_arena_init(&arena, SF_CLINICAL_SIZE_MAX);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_care_plan_carries_plan_and_agreed_time),
		cmocka_unit_test(test_readiness_is_known_by_its_codes_and_carries_ready),
		cmocka_unit_test(test_other_letters_carry_their_code_alone),
		cmocka_unit_test(test_letter_is_known_by_element_or_number),
		cmocka_unit_test(test_letter_that_names_two_kinds_is_refused),
		cmocka_unit_test(test_notifications_are_no_letters),
		cmocka_unit_test(test_wrapper_holds_one_letter),
		cmocka_unit_test(test_plan_without_times_is_no_plan),
		cmocka_unit_test(test_plan_with_one_time_says_that_one),
		cmocka_unit_test(test_readiness_without_a_time_of_day_declares_nothing),
		cmocka_unit_test(test_time_said_twice_must_be_the_same),
		cmocka_unit_test(test_time_that_does_not_exist_is_refused_without_quoting_it),
		cmocka_unit_test(test_local_time_without_the_zone_is_a_fault_of_the_machine),
		cmocka_unit_test(test_cpr_is_plausible_or_refused_and_never_quoted),
		cmocka_unit_test(test_long_identifier_and_small_arena_are_limits),
		cmocka_unit_test(test_care_communication_is_a_correspondence),
		cmocka_unit_test(test_other_content_types_tell_nothing),
		cmocka_unit_test(test_broken_xml_is_refused),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
