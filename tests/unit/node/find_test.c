/* The transitions of one citizen: found by the number, newest first, and every look written down.
 */
#include "node/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"

/* Nobody's: day 61. */
#define STRANGER "6101900001"

static struct sf_request look(const char *cpr)
{
	return (struct sf_request){.kind = SF_REQUEST_FIND,
		.asker = {.account = "mette",
			.role = SF_READER_CLINICAL,
			.purpose = SF_PURPOSE_CARE},
		.find = {cpr}};
}

/* Read out of the letter by the same node, so that nothing is taken from the sample by hand. */
static void number_of(struct region *region, struct sf_id message, char cpr[11])
{
	const struct sf_request read = {.kind = SF_REQUEST_MESSAGE, .message = {message}};
	struct sf_reply_message letter =
		region_get(region, region->hospital, read, SF_REPLY_MESSAGE).message;
	assert_int_equal(strlen(letter.cpr), 10);
	memcpy(cpr, letter.cpr, 11);
}

static void test_who_has_a_letter_finds_the_course(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	char cpr[11];
	number_of(region, sent.message, cpr);
	struct sf_sim_machine *machines[] = {region->hospital, region->municipality};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		struct sf_reply_transitions found =
			region_get(region, machines[i], look(cpr), SF_REPLY_TRANSITIONS)
				.transitions;
		assert_int_equal(found.row_count, 1);
		assert_true(sf_id_equal(found.rows[0].transition, sent.transition));
		assert_int_equal(found.rows[0].stay, SF_STAY_HOME);
	}
	/* A practice has no letter, and knows of no number. */
	assert_int_equal(region_get(region, region->gp, look(cpr), SF_REPLY_TRANSITIONS)
				 .transitions.row_count,
		0);
	assert_int_equal(region_get(region, region->hospital, look(STRANGER), SF_REPLY_TRANSITIONS)
				 .transitions.row_count,
		0);
}

static struct sf_id tell(struct region *region, struct sf_request_notify notify)
{
	notify.municipality = notify.cpr[0] ? "municipality 0" : "";
	notify.department = notify.ward = notify.gp = "";
	const struct sf_request request = {.kind = SF_REQUEST_NOTIFY, .notify = notify};
	struct sf_reply_said said =
		region_get(region, region->hospital, request, SF_REPLY_SAID).said;
	region_run(region, SF_MINUTE_MS);
	return said.transition;
}

static void test_more_than_one_come_newest_first(void **state)
{
	struct region *region = *state;
	const struct sf_request_notify admission = {.mode = SF_MODE_NEW,
		.activity = SF_ACTIVITY_ADMIT_INPATIENT,
		.cpr = STRANGER,
		.given = "Asta",
		.family = "Birkemose"};
	/* What was told of another citizen by mistake is taken back, and told anew. */
	struct sf_id first = tell(region, admission);
	tell(region, (struct sf_request_notify){.transition = first,
			     .mode = SF_MODE_CANCEL,
			     .cpr = "",
			     .given = "",
			     .family = ""});
	struct sf_id second = tell(region, admission);
	struct sf_reply_transitions found =
		region_get(region, region->municipality, look(STRANGER), SF_REPLY_TRANSITIONS)
			.transitions;
	assert_int_equal(found.row_count, 2);
	assert_true(sf_id_equal(found.rows[0].transition, second));
	assert_int_equal(found.rows[0].stay, SF_STAY_IN_HOSPITAL);
	assert_true(sf_id_equal(found.rows[1].transition, first));
	assert_int_equal(found.rows[1].stay, SF_STAY_ANNULLED);
	assert_true(found.rows[0].changed_ms > found.rows[1].changed_ms);
	/* Each of them has it in its list of readers. */
	for (size_t i = 0; i < found.row_count; i++) {
		const struct sf_request ask = {.kind = SF_REQUEST_ACCESS_LOG,
			.access_log = {.count_max = 100, .transition = found.rows[i].transition}};
		struct sf_reply_access_log list =
			region_get(region, region->municipality, ask, SF_REPLY_ACCESS_LOG)
				.access_log;
		assert_int_equal(list.row_count, 1);
		assert_string_equal(list.rows[0].what, "find");
	}
}

static size_t count_looks(struct region *region, struct sf_id *ret_transition)
{
	const struct sf_request ask = {
		.kind = SF_REQUEST_ACCESS_LOG, .access_log = {.count_max = 100}};
	struct sf_reply_access_log list =
		region_get(region, region->hospital, ask, SF_REPLY_ACCESS_LOG).access_log;
	size_t count = 0;
	for (size_t i = 0; i < list.row_count; i++)
		if (strcmp(list.rows[i].what, "find") == 0) {
			assert_string_equal(list.rows[i].account, "mette");
			assert_int_equal(list.rows[i].purpose, SF_PURPOSE_CARE);
			*ret_transition = list.rows[i].transition;
			count++;
		}
	return count;
}

static void test_each_look_is_written_down_found_or_not(void **state)
{
	struct region *region = *state;
	struct sf_id of = {{0}};
	struct sf_reply_sent sent = region_discharge(region);
	char cpr[11];
	number_of(region, sent.message, cpr);
	region_get(region, region->hospital, look(STRANGER), SF_REPLY_TRANSITIONS);
	assert_int_equal(count_looks(region, &of), 1);
	assert_true(sf_id_is_none(of));
	region_get(region, region->hospital, look(cpr), SF_REPLY_TRANSITIONS);
	assert_int_equal(count_looks(region, &of), 2);
	assert_true(sf_id_equal(of, sent.transition));
}

static void test_what_is_no_number_is_refused(void **state)
{
	struct region *region = *state;
	static const char *const wrong[] = {
		"", "610190", "61019000011", "610190-0001", "abcdefghij"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_reply reply = region_ask(region, region->hospital, look(wrong[i]));
		assert_int_equal(reply.err, SF_ERR_USAGE);
		/* What was asked for is in no text. */
		assert_true(strlen(wrong[i]) == 0 || !strstr(reply.text, wrong[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_who_has_a_letter_finds_the_course, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_more_than_one_come_newest_first, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_each_look_is_written_down_found_or_not, region_open, region_close),
		cmocka_unit_test_setup_teardown(
			test_what_is_no_number_is_refused, region_open, region_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
