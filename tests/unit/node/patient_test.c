/* Whose transition it is: the birthday unless more is asked for, and every reading written down. */
#include "node/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/node/region.h"

static struct sf_request question(struct sf_id transition, bool reveal)
{
	return (struct sf_request){.kind = SF_REQUEST_PATIENT,
		.asker = {.account = "mette",
			.role = SF_READER_CLINICAL,
			.purpose = SF_PURPOSE_CARE},
		.patient = {transition, reveal}};
}

/* As the letter has it: read by the same node, so that nothing is taken from the sample by hand. */
static void check_patient(
	struct region *region, struct sf_sim_machine *machine, const struct sf_reply_sent *sent)
{
	const struct sf_request read = {.kind = SF_REQUEST_MESSAGE, .message = {sent->message}};
	struct sf_reply_message letter =
		region_get(region, machine, read, SF_REPLY_MESSAGE).message;
	char cpr[11] = "", name[256] = "";
	assert_int_equal(strlen(letter.cpr), 10);
	memcpy(cpr, letter.cpr, 10);
	assert_in_range(strlen(letter.patient_name), 1, sizeof(name) - 1);
	memcpy(name, letter.patient_name, strlen(letter.patient_name));
	struct sf_reply_patient patient =
		region_get(region, machine, question(sent->transition, false), SF_REPLY_PATIENT)
			.patient;
	assert_string_equal(patient.name, name);
	assert_int_equal(strlen(patient.cpr), 6);
	assert_memory_equal(patient.cpr, cpr, 6);
	patient = region_get(region, machine, question(sent->transition, true), SF_REPLY_PATIENT)
			  .patient;
	assert_string_equal(patient.cpr, cpr);
}

static void test_both_sides_are_told_and_the_number_only_when_asked_for(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	check_patient(region, region->hospital, &sent);
	check_patient(region, region->municipality, &sent);
}

static void test_each_reading_is_written_down(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	region_get(
		region, region->municipality, question(sent.transition, false), SF_REPLY_PATIENT);
	region_get(region, region->municipality, question(sent.transition, true), SF_REPLY_PATIENT);
	const struct sf_request ask = {.kind = SF_REQUEST_ACCESS_LOG,
		.access_log = {.count_max = 100, .transition = sent.transition}};
	struct sf_reply_access_log list =
		region_get(region, region->municipality, ask, SF_REPLY_ACCESS_LOG).access_log;
	size_t count = 0;
	for (size_t i = 0; i < list.row_count; i++)
		if (strcmp(list.rows[i].what, "patient") == 0) {
			assert_string_equal(list.rows[i].account, "mette");
			assert_int_equal(list.rows[i].purpose, SF_PURPOSE_CARE);
			count++;
		}
	assert_int_equal(count, 2);
}

static void test_who_has_no_letter_is_told_of_nobody(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_reply_patient patient =
		region_get(region, region->gp, question(sent.transition, true), SF_REPLY_PATIENT)
			.patient;
	assert_string_equal(patient.name, "");
	assert_string_equal(patient.cpr, "");
}

static void test_nobody_is_told_of_what_is_not_known(void **state)
{
	struct region *region = *state;
	const struct sf_id strange = {.bytes = {7}};
	struct sf_reply reply = region_ask(region, region->municipality, question(strange, true));
	assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_both_sides_are_told_and_the_number_only_when_asked_for, region_open,
			region_close),
		cmocka_unit_test_setup_teardown(
			test_each_reading_is_written_down, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_who_has_no_letter_is_told_of_nobody, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_nobody_is_told_of_what_is_not_known, region_open, region_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
