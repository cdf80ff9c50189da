/* Stays that a person tells: what the municipality gets of them, and what may come next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/tables.h"
#include "port/format.h"
#include "unit/node/terms.h"

#define CPR "6109450018"
#define BIT(name) (1u << SF_ACTIVITY_##name)

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static struct sf_request asking(struct sf_request_notify notify)
{
	const char **texts[] = {&notify.cpr, &notify.given, &notify.family, &notify.department,
		&notify.ward, &notify.municipality, &notify.gp};
	for (size_t i = 0; i < SF_COUNT(texts); i++)
		*texts[i] = or_empty(*texts[i]);
	if (notify.mode == SF_MODE_NONE)
		notify.mode = SF_MODE_NEW;
	return (struct sf_request){.kind = SF_REQUEST_NOTIFY, .notify = notify};
}

static struct sf_request_notify admission(enum sf_activity activity)
{
	return (struct sf_request_notify){.activity = activity,
		.cpr = CPR,
		.given = "Asta",
		.family = "Birkemose",
		.department = "Medicinsk afdeling",
		.ward = "M2",
		.report_requested = true,
		.municipality = "municipality 0",
		.gp = "gp 0"};
}

static struct sf_reply_said told(struct region *region, struct sf_request_notify notify)
{
	struct sf_reply_said said =
		region_get(region, region->hospital, asking(notify), SF_REPLY_SAID).said;
	region_run(region, SF_MINUTE_MS);
	return said;
}

static struct sf_reply_said next(
	struct region *region, struct sf_id transition, enum sf_activity activity)
{
	return told(
		region, (struct sf_request_notify){.transition = transition, .activity = activity});
}

static void refused(
	struct region *region, struct sf_request_notify notify, enum sf_err err, const char *begins)
{
	struct sf_reply reply = region_ask(region, region->hospital, asking(notify));
	assert_int_equal(reply.err, err);
	if (strncmp(reply.text, begins, strlen(begins)) != 0)
		print_error("%s\n", reply.text);
	assert_int_equal(strncmp(reply.text, begins, strlen(begins)), 0);
	assert_null(strstr(reply.text, "61094"));
}

static struct sf_reply_stay stay_of(struct region *region, struct sf_id transition)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_STAY, .stay = {.transition = transition}};
	return region_get(region, region->hospital, request, SF_REPLY_STAY).stay;
}

static void assert_stay(struct region *region, struct sf_id transition, enum sf_stay_state stay)
{
	const struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.transition = transition, .known_by = ""}};
	struct sf_reply_transition show =
		region_get(region, region->municipality, request, SF_REPLY_TRANSITION).transition;
	assert_int_equal(show.row.stay, stay);
	assert_int_equal(show.deviation_count, 0);
	assert_int_equal(stay_of(region, transition).state, stay);
}

static struct sf_reply_message received(struct region *region, struct sf_id message)
{
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {message}};
	return region_get(region, region->municipality, request, SF_REPLY_MESSAGE).message;
}

/* The content of letters is JSON, which ends in a brace. */
static bool holds(struct region *region, const struct sf_reply_message *message, const char *text)
{
	const char *content = sf_arena_text(&region->arena, message->content);
	assert_non_null(content);
	return strstr(content, text) != NULL;
}

static void test_whole_stay_reaches_the_municipality(void **state)
{
	struct region *region = *state;
	struct sf_id id = told(region, admission(SF_ACTIVITY_ADMIT_EMERGENCY)).transition;
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	assert_int_equal(
		stay_of(region, id).next, BIT(ADMIT_INPATIENT) | BIT(DISCHARGE_HOME) | BIT(DEATH));
	next(region, id, SF_ACTIVITY_ADMIT_INPATIENT);
	assert_int_equal(stay_of(region, id).next,
		BIT(ADMIT_EMERGENCY) | BIT(LEAVE_START) | BIT(DISCHARGE_HOME) | BIT(DEATH));
	next(region, id, SF_ACTIVITY_LEAVE_START);
	assert_stay(region, id, SF_STAY_ON_LEAVE);
	next(region, id, SF_ACTIVITY_LEAVE_END);
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	struct sf_reply_said home = next(region, id, SF_ACTIVITY_DISCHARGE_HOME);
	assert_true(sf_id_equal(home.transition, id));
	assert_stay(region, id, SF_STAY_HOME);
	struct sf_reply_stay stay = stay_of(region, id);
	assert_int_equal(stay.next, BIT(DEATH));
	assert_int_equal(stay.latest_activity, SF_ACTIVITY_DISCHARGE_HOME);
	assert_true(sf_id_equal(stay.latest, home.message));
	assert_string_equal(stay.municipality_name, "municipality 0");
	/* Corrected, and it is the correction that may be corrected next. */
	struct sf_reply_said revised =
		told(region, (struct sf_request_notify){.transition = id,
				     .mode = SF_MODE_REVISE,
				     .at_ms = stay.latest_ms + 30 * SF_SECOND_MS});
	assert_stay(region, id, SF_STAY_HOME);
	stay = stay_of(region, id);
	assert_true(sf_id_equal(stay.latest, revised.message));
	told(region, (struct sf_request_notify){.transition = id, .mode = SF_MODE_CANCEL});
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	next(region, id, SF_ACTIVITY_DEATH);
	assert_stay(region, id, SF_STAY_DEAD);
	assert_int_equal(stay_of(region, id).next, 0);
	told(region, (struct sf_request_notify){.transition = id,
			     .mode = SF_MODE_REVISE,
			     .ward = "M3",
			     .department = "Medicinsk afdeling"});
	assert_stay(region, id, SF_STAY_DEAD);
	told(region, (struct sf_request_notify){.transition = id, .mode = SF_MODE_CANCEL});
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count,
		10);
}

static void test_letter_says_what_was_told(void **state)
{
	struct region *region = *state;
	struct sf_reply_said said = told(region, admission(SF_ACTIVITY_ADMIT_INPATIENT));
	struct sf_reply_message message = received(region, said.message);
	assert_string_equal(message.cpr, CPR);
	assert_string_equal(message.patient_name, "Asta Birkemose");
	assert_true(holds(region, &message, "\"Medicinsk afdeling\""));
	assert_true(holds(region, &message, "\"M2\""));
	assert_true(holds(region, &message, "partOf"));
	const struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.transition = said.transition, .known_by = ""}};
	assert_true(region_get(region, region->municipality, request, SF_REPLY_TRANSITION)
			    .transition.report_requested);
	/* Who it is, and where, goes on without being said again; the request does not. */
	struct sf_reply_said home = next(region, said.transition, SF_ACTIVITY_DISCHARGE_HOME);
	message = received(region, home.message);
	assert_string_equal(message.cpr, CPR);
	assert_string_equal(message.patient_name, "Asta Birkemose");
	assert_true(holds(region, &message, "\"M2\""));
	assert_true(holds(region, &message, "discharge-inpatient-home"));
	assert_true(holds(region, &message, "\"removal\"") == false);
	assert_true(holds(region, &message, "reportOfAdmission") == false);
}

/* What the clinical system began, in letters of its own, a person goes on with. */
static void test_stay_of_another_system_goes_on(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(stay_of(region, sent.transition).next,
		BIT(ADMIT_EMERGENCY) | BIT(LEAVE_START) | BIT(DISCHARGE_HOME) | BIT(DEATH));
	struct sf_reply_said home = next(region, sent.transition, SF_ACTIVITY_DISCHARGE_HOME);
	assert_true(sf_id_equal(home.transition, sent.transition));
	assert_stay(region, sent.transition, SF_STAY_HOME);
	struct sf_reply_message message = received(region, home.message);
	assert_string_equal(message.cpr, "2509479989");
	/* MessageHeader.id and episode of MedCom's sample. */
	assert_true(holds(region, &message, "b9b4818e-02de-4cc4-b418-d20cbc399006"));
	assert_true(holds(region, &message, "d3d03544-f116-4070-a823-d5c64e6a7c46"));
	told(region,
		(struct sf_request_notify){.transition = sent.transition, .mode = SF_MODE_CANCEL});
	assert_stay(region, sent.transition, SF_STAY_IN_HOSPITAL);
}

static struct sf_id adt(struct region *region, const char *event, const char *id)
{
	char text[1024];
	int size = snprintf(text, sizeof(text),
		"MSH|^~\\&|EPJ|AUH|STAFET||20261118090%s+0100||ADT^%s|%s|P|2.5\r"
		"EVN||20261118090%s+0100\rPID|||" CPR "^^^CPR||Birkemose^Asta||||||"
		"^^^^^^^^municipality 0\rPV1||I|B12||||||||||||||||V1|||||||||||||||||||||||||"
		"202611180800+0100|\r",
		id, event, id, id);
	assert_true(size > 0 && size < (int)sizeof(text));
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_HL7,
			.content = sf_view_of(text, (size_t)size),
			.gp = "",
			.municipality = "",
			.response_url = ""}};
	struct sf_reply_sent sent =
		region_get(region, region->hospital, request, SF_REPLY_SENT).sent;
	if (sent.issue_count > 0)
		print_error("%s\n", sent.issues[0].text);
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, SF_MINUTE_MS);
	return sent.transition;
}

/* A stay that is told in HL7 and by hand is one stay on both ways. */
static void test_system_finds_what_a_person_told(void **state)
{
	struct region *region = *state;
	struct sf_id id = adt(region, "A01", "1");
	next(region, id, SF_ACTIVITY_DISCHARGE_HOME);
	assert_stay(region, id, SF_STAY_HOME);
	assert_true(sf_id_equal(adt(region, "A13", "2"), id));
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	next(region, id, SF_ACTIVITY_LEAVE_START);
	assert_true(sf_id_equal(adt(region, "A22", "3"), id));
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
}

static size_t received_count(struct region *region)
{
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	return region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count;
}

/* A08 comes with everything a system knows: what the letters say already is no correction. */
static void test_update_after_a_step_by_hand_corrects_only_what_differs(void **state)
{
	struct region *region = *state;
	struct sf_id id = adt(region, "A01", "1");
	next(region, id, SF_ACTIVITY_LEAVE_START);
	assert_int_equal(received_count(region), 2);
	adt(region, "A08", "2");
	assert_int_equal(received_count(region), 2);
	/* Nor when a ward was told with the department, or the step was corrected by hand. */
	told(region, (struct sf_request_notify){.transition = id,
			     .activity = SF_ACTIVITY_LEAVE_END,
			     .department = "B12",
			     .ward = "M2"});
	adt(region, "A08", "3");
	assert_int_equal(received_count(region), 3);
	told(region, (struct sf_request_notify){
			     .transition = id, .mode = SF_MODE_REVISE, .department = "Kirurgisk"});
	assert_int_equal(received_count(region), 4);
	/* Another department than was told is one. */
	adt(region, "A08", "4");
	assert_int_equal(received_count(region), 5);
	adt(region, "A08", "5");
	assert_int_equal(received_count(region), 5);
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
}

static void test_what_cannot_be_is_refused_in_clear_words(void **state)
{
	struct region *region = *state;
	struct sf_request_notify begins = admission(SF_ACTIVITY_ADMIT_EMERGENCY);
	begins.cpr = "6199450018";
	refused(region, begins, SF_ERR_USAGE, "cpr: ");
	begins = admission(SF_ACTIVITY_DISCHARGE_HOME);
	refused(region, begins, SF_ERR_USAGE, "activity: ");
	begins = admission(SF_ACTIVITY_ADMIT_EMERGENCY);
	begins.municipality = "gp 0";
	refused(region, begins, SF_ERR_USAGE, "municipality: ");
	begins = admission(SF_ACTIVITY_ADMIT_EMERGENCY);
	begins.department = "";
	refused(region, begins, SF_ERR_USAGE, "department: ");
	begins = admission(SF_ACTIVITY_ADMIT_EMERGENCY);
	begins.at_ms = region->world.now_ms + SF_HOUR_MS;
	refused(region, begins, SF_ERR_USAGE, "at: in the future");
	struct sf_id id = told(region, admission(SF_ACTIVITY_ADMIT_EMERGENCY)).transition;
	refused(region, admission(SF_ACTIVITY_ADMIT_INPATIENT), SF_ERR_CONFLICT, "cpr: ");
	struct sf_request_notify step = {.transition = id, .activity = SF_ACTIVITY_LEAVE_START};
	refused(region, step, SF_ERR_STATE, "the patient");
	step.activity = SF_ACTIVITY_NONE;
	refused(region, step, SF_ERR_USAGE, "activity: say what");
	step.activity = SF_ACTIVITY_DISCHARGE_HOME;
	step.at_ms = region->world.now_ms - SF_DAY_MS;
	refused(region, step, SF_ERR_USAGE, "at: earlier");
	step.at_ms = 0;
	step.report_requested = true;
	refused(region, step, SF_ERR_USAGE, "report_requested: ");
	step.report_requested = false;
	step.cpr = CPR;
	refused(region, step, SF_ERR_USAGE, "cpr: ");
	step = (struct sf_request_notify){.transition = id, .mode = SF_MODE_REVISE};
	refused(region, step, SF_ERR_USAGE, "at: say what");
	told(region, (struct sf_request_notify){.transition = id, .mode = SF_MODE_CANCEL});
	step = (struct sf_request_notify){.transition = id, .mode = SF_MODE_CANCEL};
	refused(region, step, SF_ERR_STATE, "nothing of this stay");
	step = (struct sf_request_notify){.transition = id, .activity = SF_ACTIVITY_DISCHARGE_HOME};
	refused(region, step, SF_ERR_STATE, "the admission of this stay was cancelled");
	/* The wrong citizen is taken back and told anew, as a stay of its own. */
	struct sf_id other = told(region, admission(SF_ACTIVITY_ADMIT_INPATIENT)).transition;
	assert_false(sf_id_equal(other, id));
	next(region, other, SF_ACTIVITY_DISCHARGE_HOME);
	step = (struct sf_request_notify){
		.transition = other, .activity = SF_ACTIVITY_DISCHARGE_HOME};
	refused(region, step, SF_ERR_STATE, "activity: ");
	step.activity = SF_ACTIVITY_ADMIT_INPATIENT;
	refused(region, step, SF_ERR_STATE, "activity: the patient went home");
	assert_false(sf_id_equal(
		told(region, admission(SF_ACTIVITY_ADMIT_INPATIENT)).transition, other));
}

/* What a page showed as the newest may be older than the newest when its request arrives. */
static void test_what_was_told_since_is_not_taken_back_unseen(void **state)
{
	struct region *region = *state;
	struct sf_reply_said began = told(region, admission(SF_ACTIVITY_ADMIT_INPATIENT));
	struct sf_id id = began.transition;
	struct sf_request_notify step = {
		.transition = id, .mode = SF_MODE_CANCEL, .latest = began.message};
	struct sf_id home = next(region, id, SF_ACTIVITY_DISCHARGE_HOME).message;
	struct sf_reply reply = region_ask(region, region->hospital, asking(step));
	assert_int_equal(reply.err, SF_ERR_STATE);
	char newer[SF_ID_TEXT_SIZE];
	sf_id_format(home, newer);
	assert_non_null(strstr(reply.text, "latest: something else was told since"));
	assert_non_null(strstr(reply.text, "discharge-home"));
	assert_non_null(strstr(reply.text, newer));
	step.mode = SF_MODE_REVISE;
	step.ward = "M3";
	step.department = "Medicinsk afdeling";
	refused(region, step, SF_ERR_STATE, "latest: ");
	step = (struct sf_request_notify){
		.transition = id, .activity = SF_ACTIVITY_DEATH, .latest = began.message};
	refused(region, step, SF_ERR_STATE, "latest: ");
	assert_stay(region, id, SF_STAY_HOME);
	/* Who names what stands is believed, also behind a correction and a cancellation. */
	struct sf_id revised = told(region, (struct sf_request_notify){.transition = id,
						    .mode = SF_MODE_REVISE,
						    .latest = home,
						    .ward = "M3",
						    .department = "Medicinsk afdeling"})
				       .message;
	step = (struct sf_request_notify){.transition = id, .mode = SF_MODE_CANCEL, .latest = home};
	refused(region, step, SF_ERR_STATE, "latest: ");
	step.latest = revised;
	told(region, step);
	step.latest = began.message;
	told(region, step);
	refused(region, step, SF_ERR_STATE, "latest: nothing of this stay stands");
	struct sf_request_notify begins = admission(SF_ACTIVITY_ADMIT_EMERGENCY);
	begins.latest = home;
	refused(region, begins, SF_ERR_USAGE, "latest: ");
}

static void test_who_comes_often_still_has_one_stay_at_a_time(void **state)
{
	struct region *region = *state;
	for (int i = 0; i < 17; i++) {
		struct sf_id id = told(region, admission(SF_ACTIVITY_ADMIT_EMERGENCY)).transition;
		next(region, id, SF_ACTIVITY_DISCHARGE_HOME);
	}
	told(region, admission(SF_ACTIVITY_ADMIT_EMERGENCY));
	refused(region, admission(SF_ACTIVITY_ADMIT_EMERGENCY), SF_ERR_CONFLICT, "cpr: ");
}

static void test_only_a_hospital_tells_of_its_own_stays(void **state)
{
	struct region *region = *state;
	struct sf_reply reply = region_ask(
		region, region->municipality, asking(admission(SF_ACTIVITY_ADMIT_EMERGENCY)));
	assert_int_equal(reply.err, SF_ERR_STATE);
	struct sf_id nowhere = {{7}};
	const struct sf_request_notify step = {
		.transition = nowhere, .activity = SF_ACTIVITY_DISCHARGE_HOME};
	refused(region, step, SF_ERR_NOT_FOUND, "this hospital has told of no stay");
}

/* A correction goes to who got what it corrects; what comes next, to who is bound by now. */
static void test_nobody_gets_the_letters_of_who_has_no_node(void **state)
{
	struct region *region = *state;
	struct sf_id id = told(region, admission(SF_ACTIVITY_ADMIT_INPATIENT)).transition;
	const struct sf_request bind = {.kind = SF_REQUEST_BIND,
		.bind = {.transition = id, .role = SF_ROLE_MUNICIPALITY, .party = "not-enrolled"}};
	region_get(region, region->hospital, bind, SF_REPLY_SAID);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_stay stay = stay_of(region, id);
	assert_true(sf_id_is_none(stay.municipality));
	struct sf_reply_said home = next(region, id, SF_ACTIVITY_DISCHARGE_HOME);
	const struct sf_request outbox = {
		.kind = SF_REQUEST_OUTBOX, .outbox = {.message = home.message}};
	struct sf_reply_outbox sent =
		region_get(region, region->hospital, outbox, SF_REPLY_OUTBOX).outbox;
	assert_int_equal(sent.row_count, 1);
	assert_true(sf_id_is_none(sent.rows[0].recipient));
	assert_int_equal(stay_of(region, id).state, SF_STAY_HOME);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)
	const struct CMUnitTest tests[] = {
		TEST(test_whole_stay_reaches_the_municipality),
		TEST(test_letter_says_what_was_told),
		TEST(test_stay_of_another_system_goes_on),
		TEST(test_system_finds_what_a_person_told),
		TEST(test_update_after_a_step_by_hand_corrects_only_what_differs),
		TEST(test_what_cannot_be_is_refused_in_clear_words),
		TEST(test_what_was_told_since_is_not_taken_back_unseen),
		TEST(test_who_comes_often_still_has_one_stay_at_a_time),
		TEST(test_only_a_hospital_tells_of_its_own_stays),
		TEST(test_nobody_gets_the_letters_of_who_has_no_node),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
