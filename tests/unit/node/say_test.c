/* People say what happens in a discharge; mistakes are told at once (DOMAIN.md sections 2 to 6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/terms.h"
#include "wire/body.h"

static struct sf_fact plan_of(const struct region *region)
{
	int64_t ready_ms = region->world.now_ms + SF_DAY_MS;
	return (struct sf_fact){.kind = SF_KIND_PLAN,
		.plan = {.version = 1,
			.ready = {ready_ms, ready_ms + SF_HOUR_MS, SF_CONFIDENCE_MEDIUM},
			.discharge = {ready_ms, ready_ms + SF_DAY_MS, SF_CONFIDENCE_LOW}}};
}

static struct sf_id admit(struct region *region)
{
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	return sent.transition;
}

static const struct sf_inbox_row *last_letter(
	struct region *region, struct sf_sim_machine *machine, uint32_t kind)
{
	const struct sf_request request = {.kind = SF_REQUEST_INBOX};
	struct sf_reply_inbox inbox = region_get(region, machine, request, SF_REPLY_INBOX).inbox;
	for (size_t i = inbox.row_count; i > 0; i--)
		if (inbox.rows[i - 1].kind == kind)
			return &inbox.rows[i - 1];
	return NULL;
}

static void test_plan_is_answered_and_both_sides_see_it(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = plan_of(region);
	struct sf_id plan = terms_said(region, region->hospital, id, &fact);
	fact = (struct sf_fact){.kind = SF_KIND_PLAN_ANSWER,
		.plan_answer = {
			.code = SF_PLAN_ANSWER_ACCEPT, .ready_from_ms = fact.plan.ready.from_ms}};
	terms_said(region, region->municipality, id, &fact);
	struct sf_sim_machine *sides[] = {region->hospital, region->municipality};
	for (size_t i = 0; i < SF_COUNT(sides); i++) {
		const struct sf_course *course = sf_transition_course(terms_replica(sides[i], id));
		assert_true(sf_id_equal(course->plan_message, plan));
		assert_int_equal(course->answer.code, SF_PLAN_ANSWER_ACCEPT);
	}
	assert_int_equal(sf_transition_state(terms_replica(region->municipality, id)),
		SF_TRANSITION_PREPARING);
}

static void test_what_the_domain_refuses_is_refused_here(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = plan_of(region);
	terms_refused(
		region, region->municipality, terms_say(region, id, &fact), SF_REFUSAL_AUTHOR_ROLE);
	terms_said(region, region->hospital, id, &fact);
	fact = (struct sf_fact){.kind = SF_KIND_PLAN_ANSWER,
		.plan_answer = {.code = SF_PLAN_ANSWER_CANNOT, .reason = SF_CANNOT_CAPACITY}};
	terms_refused(region, region->municipality, terms_say(region, id, &fact),
		SF_REFUSAL_NO_DIRECTION);
	fact = (struct sf_fact){.kind = SF_KIND_WINDOW, .window = {.action = SF_WINDOW_END}};
	terms_refused(region, region->hospital, terms_say(region, id, &fact), SF_REFUSAL_NO_WINDOW);
	fact = (struct sf_fact){.kind = SF_KIND_READY_WITHDRAWN};
	terms_refused(region, region->hospital, terms_say(region, id, &fact), SF_REFUSAL_NOT_READY);
	fact = (struct sf_fact){.kind = SF_KIND_REOPEN};
	terms_refused(
		region, region->hospital, terms_say(region, id, &fact), SF_REFUSAL_NOT_CLOSED);
}

static void test_request_that_makes_no_sense_is_told(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = plan_of(region);
	struct sf_request request = terms_say(region, (struct sf_id){{0xee}}, &fact);
	terms_not_done(region, region->hospital, request, SF_ERR_NOT_FOUND);
	request = terms_say(region, id, &fact);
	request.say.kind = SF_KIND_STAY;
	terms_not_done(region, region->hospital, request, SF_ERR_USAGE);
	request.say.kind = SF_KIND_PARTIES;
	terms_not_done(region, region->hospital, request, SF_ERR_USAGE);
	request.say.kind = SF_KIND_EXPIRED;
	terms_not_done(region, region->hospital, request, SF_ERR_USAGE);
	request.say.kind = SF_KIND_PLAN;
	request.say.fact = sf_view_text("no fact");
	terms_not_done(region, region->hospital, request, SF_ERR_FORMAT);
	request = terms_say(region, id, &fact);
	request.say.content = sf_view_text("words");
	terms_not_done(region, region->hospital, request, SF_ERR_USAGE); /* of what type? */
	request.say.content_type = "text/plain\r\n";                     /* nobody would read it */
	terms_not_done(region, region->hospital, request, SF_ERR_USAGE);
	request.say.content_type = "text/plain";
	static char name[SF_BODY_NAME_SIZE_MAX + 2];
	memset(name, 'x', sizeof(name) - 1);
	request.say.contact_name = name;
	terms_not_done(region, region->hospital, request, SF_ERR_USAGE);
	request.say.contact_name = "";
	request.say.to_party = "nobody";
	terms_not_done(region, region->hospital, request, SF_ERR_NOT_FOUND);
	request.say.to_party = "";
	request.say.to_roles = 1u << SF_ROLE_CARE_HOME;
	terms_not_done(region, region->hospital, request, SF_ERR_NOT_FOUND);
	fact = (struct sf_fact){
		.kind = SF_KIND_LETTER, .letter = {SF_LETTER_CORRESPONDENCE, SF_MARK_NONE}};
	request = terms_say(region, id, &fact);
	terms_not_done(region, region->hospital, request, SF_ERR_USAGE); /* without content */
}

static void test_question_reaches_who_shall_answer_and_comes_back(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = {.kind = SF_KIND_QUESTION, .question = {.to = SF_ROLE_HOSPITAL}};
	struct sf_request request = terms_say(region, id, &fact);
	request.say.content_type = "text/plain";
	request.say.content = sf_view_text("Hvornaar skal medicinen gives?");
	request.say.contact_name = "Nurse on duty";
	request.say.contact_telephone = "11223344";
	struct sf_id question =
		region_get(region, region->municipality, request, SF_REPLY_SAID).said.message;
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_inbox_row *row = last_letter(region, region->hospital, SF_KIND_QUESTION);
	assert_non_null(row);
	assert_true(sf_id_equal(row->message, question));
	assert_string_equal(row->content_type, "text/plain");
	assert_int_equal(row->ack, SF_ACK_OK);
	assert_null(last_letter(region, region->gp, SF_KIND_QUESTION));
	const struct sf_request read = {.kind = SF_REQUEST_MESSAGE, .message = {question}};
	struct sf_reply_message message =
		region_get(region, region->hospital, read, SF_REPLY_MESSAGE).message;
	assert_string_equal(message.contact_telephone, "11223344");
	assert_int_equal(strlen(message.cpr), 10); /* whose transition it is */
	/* Which question is meant goes without saying while one is open. */
	fact = (struct sf_fact){.kind = SF_KIND_ANSWER, .answer = {.by_person = true}};
	terms_refused(
		region, region->gp, terms_say(region, id, &fact), SF_REFUSAL_QUESTION_UNKNOWN);
	request = terms_say(region, id, &fact);
	request.say.content_type = "text/plain";
	request.say.content = sf_view_text("Klokken otte.");
	region_get(region, region->hospital, request, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	assert_non_null(last_letter(region, region->municipality, SF_KIND_ANSWER));
	terms_refused(region, region->hospital, request, SF_REFUSAL_QUESTION_UNKNOWN);
}

static void test_two_open_questions_must_be_told_apart(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = {.kind = SF_KIND_QUESTION, .question = {.to = SF_ROLE_HOSPITAL}};
	struct sf_id first = terms_said(region, region->municipality, id, &fact);
	terms_said(region, region->municipality, id, &fact);
	fact = (struct sf_fact){.kind = SF_KIND_ANSWER, .answer = {.by_person = true}};
	struct sf_request request = terms_say(region, id, &fact);
	terms_not_done(region, region->hospital, request, SF_ERR_CONFLICT);
	request.say.in_reply_to = first;
	region_get(region, region->hospital, request, SF_REPLY_SAID);
}

static void test_letter_of_any_type_arrives_and_is_acknowledged(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = {
		.kind = SF_KIND_LETTER, .letter = {SF_LETTER_DISCHARGE_LETTER, SF_MARK_YELLOW}};
	struct sf_request request = terms_say(region, id, &fact);
	request.say.content_type = SF_CONTENT_PDF;
	request.say.content = sf_view_text("%PDF-1.4 nothing");
	struct sf_id letter =
		region_get(region, region->hospital, request, SF_REPLY_SAID).said.message;
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_inbox_row *row = last_letter(region, region->gp, SF_KIND_LETTER);
	assert_non_null(row);
	assert_true(sf_id_equal(row->message, letter));
	assert_string_equal(row->content_type, SF_CONTENT_PDF);
	assert_int_equal(row->letter, SF_LETTER_DISCHARGE_LETTER);
	assert_int_equal(row->mark, SF_MARK_YELLOW);
	assert_null(last_letter(region, region->municipality, SF_KIND_LETTER));
	const struct sf_request outbox = {.kind = SF_REQUEST_OUTBOX, .outbox = {.message = letter}};
	struct sf_reply_outbox rows =
		region_get(region, region->hospital, outbox, SF_REPLY_OUTBOX).outbox;
	assert_int_equal(rows.row_count, 1);
	assert_int_equal(rows.rows[0].state, SF_DELIVERY_OK);
	/* To whom the sender says, instead. */
	request.say.to_roles = 1u << SF_ROLE_MUNICIPALITY;
	region_get(region, region->hospital, request, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	assert_non_null(last_letter(region, region->municipality, SF_KIND_LETTER));
}

static void test_task_goes_to_its_owner_and_back(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = {.kind = SF_KIND_OBLIGATION,
		.obligation = {.action = SF_TASK_REQUEST,
			.duty = SF_DUTY_NURSING,
			.owner = SF_ROLE_MUNICIPALITY,
			.due_ms = region->world.now_ms + SF_DAY_MS}};
	struct sf_id task = terms_said(region, region->hospital, id, &fact);
	fact = (struct sf_fact){.kind = SF_KIND_OBLIGATION,
		.obligation = {.action = SF_TASK_COMPLETE, .subject = task}};
	terms_refused(region, region->gp, terms_say(region, id, &fact), SF_REFUSAL_NOT_OWNER);
	terms_said(region, region->municipality, id, &fact);
	size_t count;
	const struct sf_obligation *duties =
		sf_transition_obligations(terms_replica(region->hospital, id), &count);
	bool found = false;
	for (size_t i = 0; i < count; i++)
		found = found || (sf_id_equal(duties[i].subject, task) &&
					 duties[i].state == SF_TASK_COMPLETED);
	assert_true(found);
	fact.obligation.subject = (struct sf_id){{0xaa}};
	terms_refused(region, region->municipality, terms_say(region, id, &fact),
		SF_REFUSAL_OBLIGATION_UNKNOWN);
}

/* What is said without a link is judged by what this node has said before, and goes out later. */
static void test_hospital_without_a_link_can_go_on(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->hospital, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_id id = region_send(region, "STIN_H").transition;
	struct sf_fact fact = plan_of(region);
	region_get(region, region->hospital, terms_say(region, id, &fact), SF_REPLY_SAID);
	fact = (struct sf_fact){.kind = SF_KIND_READY, .ready = {region->world.now_ms, true}};
	region_get(region, region->hospital, terms_say(region, id, &fact), SF_REPLY_SAID);
	fact = (struct sf_fact){.kind = SF_KIND_REOPEN};
	terms_refused(
		region, region->hospital, terms_say(region, id, &fact), SF_REFUSAL_NOT_CLOSED);
	sf_sim_part(region->hospital, false);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_int_equal(
		sf_transition_state(terms_replica(region->municipality, id)), SF_TRANSITION_READY);
}

static void test_transition_can_be_named_by_a_message(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_fact fact = plan_of(region);
	struct sf_request request = terms_say(region, sent.message, &fact);
	struct sf_reply reply = region_get(region, region->hospital, request, SF_REPLY_SAID);
	assert_true(sf_id_equal(reply.said.transition, sent.transition));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plan_is_answered_and_both_sides_see_it),
		TEST(test_what_the_domain_refuses_is_refused_here),
		TEST(test_request_that_makes_no_sense_is_told),
		TEST(test_question_reaches_who_shall_answer_and_comes_back),
		TEST(test_two_open_questions_must_be_told_apart),
		TEST(test_letter_of_any_type_arrives_and_is_acknowledged),
		TEST(test_task_goes_to_its_owner_and_back),
		TEST(test_hospital_without_a_link_can_go_on),
		TEST(test_transition_can_be_named_by_a_message),
	};
	return cmocka_run_group_tests_name("node/say", tests, NULL, NULL);
}
