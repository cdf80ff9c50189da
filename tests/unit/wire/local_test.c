#include "wire/local.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/fact.h"

struct fixture {
	struct sf_arena arena;
	struct sf_buf buf;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	sf_arena_init(&fixture->arena, 4 * SF_LOCAL_SIZE_MAX);
	sf_buf_init(&fixture->buf, 2 * SF_LOCAL_SIZE_MAX);
	*state = fixture;
	return fixture ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sf_arena_fini(&fixture->arena);
	sf_buf_fini(&fixture->buf);
	free(fixture);
	return 0;
}

static struct sf_request ask(struct fixture *fixture, const struct sf_request *request)
{
	struct sf_request back;
	sf_buf_clear(&fixture->buf);
	assert_int_equal(sf_local_request_encode(request, &fixture->buf), SF_OK);
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, NULL),
		SF_OK);
	assert_int_equal(back.kind, request->kind);
	return back;
}

static struct sf_reply answer(struct fixture *fixture, const struct sf_reply *reply)
{
	struct sf_reply back;
	sf_buf_clear(&fixture->buf);
	assert_int_equal(sf_local_reply_encode(reply, &fixture->buf), SF_OK);
	assert_int_equal(
		sf_local_reply_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, NULL),
		SF_OK);
	assert_int_equal(back.kind, reply->kind);
	return back;
}

/* The asker says as what and what for; who it is the daemon knows by itself. */
static void test_asker_says_role_and_purpose_and_no_name(void **state)
{
	struct fixture *fixture = *state;
	const struct sf_request request = {.kind = SF_REQUEST_STATUS,
		.asker = {.account = "somebody else",
			.role = SF_READER_AUDITOR,
			.purpose = SF_PURPOSE_AUDIT}};
	struct sf_request back = ask(fixture, &request);
	assert_int_equal(back.asker.role, SF_READER_AUDITOR);
	assert_int_equal(back.asker.purpose, SF_PURPOSE_AUDIT);
	assert_string_equal(back.asker.account, "");
	struct sf_request wrong = request;
	wrong.asker.role = (enum sf_reader_role)(SF_READER_SYSTEM + 1);
	sf_buf_clear(&fixture->buf);
	assert_int_equal(sf_local_request_encode(&wrong, &fixture->buf), SF_OK);
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, NULL),
		SF_ERR_FORMAT);
}

static void test_requests_come_back_as_they_were(void **state)
{
	struct sf_request request = {.kind = SF_REQUEST_SEND};
	request.send = (struct sf_request_send){
		.content_type = "application/fhir+json", .content = sf_view_text("{}")};
	struct sf_request back = ask(*state, &request);
	assert_string_equal(back.send.content_type, "application/fhir+json");
	assert_true(sf_view_equal(back.send.content, request.send.content));
	assert_string_equal(back.send.gp, "");
	assert_string_equal(back.send.municipality, "");

	request = (struct sf_request){.kind = SF_REQUEST_INBOX};
	request.inbox = (struct sf_request_inbox){
		.after = 5, .count_max = 9, .only_unhandled = true, .wait_ms = 100};
	back = ask(*state, &request);
	assert_int_equal(back.inbox.after, 5);
	assert_int_equal(back.inbox.count_max, 9);
	assert_true(back.inbox.only_unhandled);
	assert_true(sf_id_is_none(back.inbox.transition));
	assert_int_equal(back.inbox.wait_ms, 100);

	request = (struct sf_request){.kind = SF_REQUEST_REFUSE};
	request.refuse = (struct sf_request_refuse){.id = raw_id(1),
		.refer_to_role = SF_ROLE_HOSPITAL,
		.refer_to_party = "123456",
		.not_ours = true};
	back = ask(*state, &request);
	assert_true(sf_id_equal(back.refuse.id, raw_id(1)));
	assert_int_equal(back.refuse.refer_to_role, SF_ROLE_HOSPITAL);
	assert_string_equal(back.refuse.refer_to_party, "123456");
	assert_true(back.refuse.not_ours);
}

static void test_every_request_kind_can_be_carried(void **state)
{
	for (unsigned kind = SF_REQUEST_SEND; kind <= SF_REQUEST_SIMULATE; kind++) {
		struct sf_request request = {.kind = (enum sf_request_kind)kind};
		if (kind == SF_REQUEST_OFFER)
			request.offer.to = SF_ROLE_GP;
		if (kind == SF_REQUEST_SAY)
			request.say.kind = SF_KIND_REOPEN;
		ask(*state, &request);
		assert_string_not_equal(sf_request_text(request.kind), "unknown");
	}
	struct fixture *fixture = *state;
	struct sf_request none = {.kind = SF_REQUEST_NONE};
	assert_int_equal(sf_local_request_encode(&none, &fixture->buf), SF_ERR_USAGE);
	assert_string_equal(sf_request_text(SF_REQUEST_NONE), "unknown");
}

static void test_requests_not_understood_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct sf_request back;
	raw_text(&fixture->buf, 199, "");
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, NULL),
		SF_ERR_UNSUPPORTED);
	sf_buf_clear(&fixture->buf);
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, NULL),
		SF_ERR_UNSUPPORTED);

	/* send with a field of a later version: it would not be sent as was asked. */
	struct sf_buf send;
	sf_buf_init(&send, 256);
	raw_text(&send, 1, "application/fhir+json");
	raw_text(&send, 9, "new");
	raw_bytes(&fixture->buf, 1, sf_buf_view(&send));
	struct sf_diag diag;
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, &diag),
		SF_ERR_UNSUPPORTED);
	assert_non_null(strstr(diag.text, "SendRequest"));
	sf_buf_clear(&fixture->buf);
	sf_buf_clear(&send);
	raw_text(&send, 1, "\xff");
	raw_bytes(&fixture->buf, 1, sf_buf_view(&send));
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, NULL),
		SF_ERR_FORMAT);
	sf_buf_clear(&fixture->buf);
	sf_buf_clear(&send);
	raw_fill(&send, 1, 1, 15);
	raw_bytes(&fixture->buf, 4, sf_buf_view(&send));
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, NULL),
		SF_ERR_FORMAT);
	sf_buf_fini(&send);
}

static void test_what_is_said_comes_back_as_it_was(void **state)
{
	struct sf_fact fact = {.kind = SF_KIND_LETTER};
	fact.letter = (struct sf_letter){SF_LETTER_CARE_PLAN, SF_MARK_NONE};
	struct sf_buf bytes;
	sf_buf_init(&bytes, 64);
	assert_int_equal(sf_fact_encode(&fact, &bytes), SF_OK);
	struct sf_request request = {.kind = SF_REQUEST_SAY};
	request.say = (struct sf_request_say){
		.transition = raw_id(1),
		.fact = sf_buf_view(&bytes),
		.kind = SF_KIND_LETTER,
		.in_reply_to = raw_id(2),
		.occurred_ms = 3,
		.to_roles = 1u << SF_ROLE_GP,
		.to_party = "5790000000000",
		.content_type = "application/edi+xml",
		.content = sf_view_text("<x/>"),
		.contact_name = "vagthavende",
		.contact_telephone = "12345678",
		.contact_until_ms = 4,
	};
	struct sf_request back = ask(*state, &request);
	assert_true(sf_view_equal(back.say.fact, request.say.fact));
	assert_int_equal(back.say.kind, SF_KIND_LETTER);
	assert_true(sf_id_equal(back.say.in_reply_to, raw_id(2)));
	assert_int_equal(back.say.to_roles, 1u << SF_ROLE_GP);
	assert_string_equal(back.say.to_party, "5790000000000");
	assert_true(sf_view_equal(back.say.content, request.say.content));
	assert_string_equal(back.say.contact_name, "vagthavende");
	assert_string_equal(back.say.contact_telephone, "12345678");
	assert_int_equal(back.say.contact_until_ms, 4);
	sf_buf_fini(&bytes);

	request = (struct sf_request){.kind = SF_REQUEST_BIND};
	request.bind = (struct sf_request_bind){
		raw_id(1), SF_ROLE_GP, "unknown", SF_PATHWAY_PSYCHIATRIC, SF_DOMAIN_ALL};
	back = ask(*state, &request);
	assert_int_equal(back.bind.role, SF_ROLE_GP);
	assert_string_equal(back.bind.party, "unknown");
	assert_int_equal(back.bind.pathway, SF_PATHWAY_PSYCHIATRIC);
	assert_int_equal(back.bind.active, SF_DOMAIN_ALL);
}

static void test_what_cannot_be_done_is_not_asked(void **state)
{
	struct fixture *fixture = *state;
	struct sf_request back;
	struct sf_request request = {.kind = SF_REQUEST_ACCEPT};
	request.accept.domains = SF_DOMAIN_ALL + 1;
	assert_int_equal(sf_local_request_encode(&request, &fixture->buf), SF_OK);
	struct sf_diag diag = {""};
	assert_int_equal(
		sf_local_request_decode(sf_buf_view(&fixture->buf), &fixture->arena, &back, &diag),
		SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "local request: domains"));
}

static void test_refusals_come_back_as_they_were(void **state)
{
	struct sf_reply reply = {.err = SF_ERR_REFUSED,
		.refusal = SF_REFUSAL_OFFER_CLOSED,
		.text = "the offer was answered before"};
	struct sf_reply back = answer(*state, &reply);
	assert_int_equal(back.err, SF_ERR_REFUSED);
	assert_int_equal(back.refusal, SF_REFUSAL_OFFER_CLOSED);
	assert_string_equal(back.text, reply.text);
	reply = (struct sf_reply){.err = SF_OK};
	back = answer(*state, &reply);
	assert_int_equal(back.err, SF_OK);
	assert_string_equal(back.text, "");
}

static void test_sent_comes_back_with_its_issues(void **state)
{
	const struct sf_issue_row issues[] = {
		{true, "MSG_RESOURCE_REQUIRED", "Encounter.class", "a class is needed"},
		{false, "", "", NULL},
	};
	struct sf_reply reply = {.kind = SF_REPLY_SENT};
	reply.sent = (struct sf_reply_sent){
		.answer = SF_SEND_FATAL,
		.message = raw_id(1),
		.issue_count = 2,
		.issues = issues,
		.acknowledgement = sf_view_text("<Bundle/>"),
		.acknowledgement_type = "application/fhir+xml",
	};
	struct sf_reply back = answer(*state, &reply);
	assert_int_equal(back.sent.answer, SF_SEND_FATAL);
	assert_int_equal(back.sent.issue_count, 2);
	assert_true(back.sent.issues[0].fatal);
	assert_string_equal(back.sent.issues[0].expression, "Encounter.class");
	assert_false(back.sent.issues[1].fatal);
	assert_string_equal(back.sent.issues[1].text, "");
	assert_true(sf_view_equal(back.sent.acknowledgement, reply.sent.acknowledgement));
	assert_string_equal(back.sent.acknowledgement_type, "application/fhir+xml");
}

static void test_transition_comes_back_with_all_its_rows(void **state)
{
	const struct sf_holder_row holders[] = {{SF_DOMAIN_CARE, raw_id(1), "Kommunen", 5}};
	const struct sf_member_row members[] = {
		{raw_id(1), "Kommunen", SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, 1}};
	const struct sf_line_row lines[] = {{SF_DOMAIN_CARE, raw_id(1), "Kommunen", 1,
		SF_LEDGER_OPEN, 2, SF_BASIS_ACCEPT, raw_id(9)}};
	const struct sf_offer_row offers[] = {{raw_id(2), raw_id(3), "Sygehuset",
		SF_ROLE_MUNICIPALITY, raw_id(1), "Kommunen", 6, 2, SF_OFFER_OPEN, 8, 3, {{0}}, 4}};
	const struct sf_event_row events[] = {{.sequence = 1,
		.kind = SF_KIND_STAY,
		.outcome = SF_OUTCOME_DEVIATION,
		.code = 105}};
	const struct sf_delivery_row deliveries[] = {{.recipient = raw_id(1),
		.state = SF_DELIVERY_WAITING,
		.late = true,
		.reason = "x"}};
	struct sf_reply reply = {.kind = SF_REPLY_TRANSITION};
	reply.transition = (struct sf_reply_transition){
		.row = {.transition = raw_id(7),
			.state = SF_TRANSITION_IN_TRANSIT,
			.stay = SF_STAY_HOME,
			.hospital_name = "Sygehuset",
			.holder_count = 1,
			.holders = holders},
		.active = SF_DOMAIN_ALL,
		.head = raw_digest(4),
		.member_count = 1,
		.members = members,
		.line_count = 1,
		.lines = lines,
		.offer_count = 1,
		.offers = offers,
		.event_count = 1,
		.events = events,
		.delivery_count = 1,
		.deliveries = deliveries,
	};
	const struct sf_reply back = answer(*state, &reply);
	const struct sf_reply_transition *shown = &back.transition;
	assert_true(sf_id_equal(shown->row.transition, raw_id(7)));
	assert_int_equal(shown->row.state, SF_TRANSITION_IN_TRANSIT);
	assert_string_equal(shown->row.holders[0].name, "Kommunen");
	assert_int_equal(shown->row.holders[0].domain, SF_DOMAIN_CARE);
	assert_true(sf_digest_equal(&shown->head, &reply.transition.head));
	assert_int_equal(shown->members[0].role, SF_ROLE_MUNICIPALITY);
	assert_int_equal(shown->lines[0].until_ms, SF_LEDGER_OPEN);
	assert_int_equal(shown->lines[0].basis, SF_BASIS_ACCEPT);
	assert_int_equal(shown->offers[0].remaining, 2);
	assert_string_equal(shown->offers[0].to_name, "Kommunen");
	assert_int_equal(shown->offers[0].promised_ms, 4);
	assert_int_equal(shown->events[0].code, 105);
	assert_string_equal(shown->events[0].author_name, "");
	assert_true(shown->deliveries[0].late);
	assert_int_equal(shown->deliveries[0].state, SF_DELIVERY_WAITING);
}

static void test_course_and_duties_of_a_transition_come_back(void **state)
{
	const struct sf_obligation_row obligations[] = {{.subject = raw_id(1),
		.clause = 2,
		.name = "care-plan",
		.citation = "2-4",
		.duty = SF_DUTY_EXPECTATION,
		.state = SF_TASK_EXPIRED,
		.kept = SF_TASK_REQUESTED,
		.due_ms = SF_NEVER_MS,
		.level = 3,
		.alarm_seen = true,
		.payer = SF_ROLE_MUNICIPALITY,
		.open = true}};
	const struct sf_window_row windows[] = {{.clause = 101,
		.domain = SF_DOMAIN_MEDICATION,
		.then = SF_ROLE_GP,
		.until_ms = 9,
		.state = SF_WINDOW_SUSPENDED}};
	const struct sf_deviation_row deviations[] = {{117, 8, raw_id(3), 7}};
	const struct sf_contact_row contacts[] = {{SF_DOMAIN_CARE, raw_id(4), "Kommunen", "",
		"99887766", 5, SF_CONTACT_OF_HOURS, "nat", "00000104"}};
	struct sf_reply reply = {.kind = SF_REPLY_TRANSITION};
	reply.transition = (struct sf_reply_transition){
		.course = {.plan_version = 4, .no_case = true, .link = SF_LINK_READMITTED},
		.obligation_count = 1,
		.obligations = obligations,
		.window_count = 1,
		.windows = windows,
		.deviation_count = 1,
		.deviations = deviations,
		.contact_count = 1,
		.contacts = contacts,
		.next = {.next = SF_NEXT_WINDOW, .before_ms = 9, .overdue = true},
		.agreement_name = "midt",
		.agreement_version = 4,
		.as_of_ms = 10,
		.known_sequence = 11,
	};
	const struct sf_reply back = answer(*state, &reply);
	const struct sf_reply_transition *shown = &back.transition;
	assert_int_equal(shown->course.plan_version, 4);
	assert_true(shown->course.no_case);
	assert_int_equal(shown->course.link, SF_LINK_READMITTED);
	assert_string_equal(shown->obligations[0].name, "care-plan");
	assert_int_equal(shown->obligations[0].state, SF_TASK_EXPIRED);
	assert_int_equal(shown->obligations[0].kept, SF_TASK_REQUESTED);
	assert_int_equal(shown->obligations[0].due_ms, SF_NEVER_MS);
	assert_int_equal(shown->obligations[0].payer, SF_ROLE_MUNICIPALITY);
	assert_true(shown->obligations[0].open);
	assert_int_equal(shown->windows[0].state, SF_WINDOW_SUSPENDED);
	assert_int_equal(shown->windows[0].then, SF_ROLE_GP);
	assert_int_equal(shown->deviations[0].code, 117);
	assert_int_equal(shown->deviations[0].recorded_ms, 7);
	assert_string_equal(shown->contacts[0].telephone, "99887766");
	assert_int_equal(shown->contacts[0].source, SF_CONTACT_OF_HOURS);
	assert_string_equal(shown->contacts[0].next_telephone, "00000104");
	assert_int_equal(shown->next.next, SF_NEXT_WINDOW);
	assert_true(shown->next.overdue);
	assert_string_equal(shown->agreement_name, "midt");
	assert_int_equal(shown->as_of_ms, 10);
	assert_int_equal(shown->known_sequence, 11);
}

static void test_measures_come_back_with_their_rows(void **state)
{
	const struct sf_measure_row measures[] = {{SF_INDICATOR_PLAN_LEAD, 1, -2, 3}};
	const struct sf_transition_measure_row rows[] = {{.transition = raw_id(1),
		.period_ms = 2,
		.municipality_name = "Kommunen",
		.pathway = SF_PATHWAY_SOMATIC,
		.measure_count = 1,
		.measures = measures}};
	struct sf_reply reply = {.kind = SF_REPLY_MEASURES};
	reply.measures = (struct sf_reply_measures){raw_id(1), 1, rows};
	const struct sf_reply back = answer(*state, &reply);
	assert_true(sf_id_equal(back.measures.last, raw_id(1)));
	assert_string_equal(back.measures.rows[0].municipality_name, "Kommunen");
	assert_int_equal(back.measures.rows[0].measures[0].indicator, SF_INDICATOR_PLAN_LEAD);
	assert_int_equal(back.measures.rows[0].measures[0].count, -2);
}

static void test_every_word_of_the_rows_has_a_text(void **state)
{
	(void)state;
	assert_string_equal(sf_board_text(SF_BOARD_NEXT), "next");
	assert_string_equal(sf_board_text(SF_BOARD_ALARM), "alarm");
	assert_string_equal(sf_board_text(SF_BOARD_NONE), "unknown");
	assert_string_equal(sf_feed_text(SF_FEED_AGREEMENT), "agreement");
}

static void test_every_reply_kind_can_be_carried(void **state)
{
	for (unsigned kind = SF_REPLY_SENT; kind <= SF_REPLY_SIMULATED; kind++) {
		struct sf_reply reply = {.kind = (enum sf_reply_kind)kind};
		answer(*state, &reply);
	}
	struct fixture *fixture = *state;
	struct sf_reply reply = {.kind = (enum sf_reply_kind)9};
	assert_int_equal(sf_local_reply_encode(&reply, &fixture->buf), SF_ERR_USAGE);
}

static void test_replies_are_bounded(void **state)
{
	struct fixture *fixture = *state;
	uint8_t *content = calloc(1, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply = {.kind = SF_REPLY_MESSAGE};
	reply.message.content = sf_view_of(content, SF_LOCAL_SIZE_MAX);
	assert_int_equal(sf_local_reply_encode(&reply, &fixture->buf), SF_ERR_LIMIT);
	assert_int_equal(fixture->buf.size, 0);
	struct sf_reply back;
	assert_int_equal(sf_local_reply_decode(sf_view_of(content, SF_LOCAL_SIZE_MAX + 1),
				 &fixture->arena, &back, NULL),
		SF_ERR_LIMIT);
	free(content);
}

static void test_only_empty_answers_are_waited_for(void **state)
{
	(void)state;
	struct sf_request request = {.kind = SF_REQUEST_FEED};
	struct sf_reply reply = {.kind = SF_REPLY_FEED};
	uint32_t wait_ms = 7;
	assert_false(sf_local_request_waits(&request, &reply, &wait_ms));
	assert_int_equal(wait_ms, 7);
	request.feed.wait_ms = UINT32_MAX;
	assert_true(sf_local_request_waits(&request, &reply, &wait_ms));
	assert_int_equal(wait_ms, SF_LOCAL_WAIT_MS_MAX);
	reply.feed.row_count = 1;
	assert_false(sf_local_request_waits(&request, &reply, &wait_ms));
	request = (struct sf_request){.kind = SF_REQUEST_INBOX};
	request.inbox.wait_ms = 50;
	reply = (struct sf_reply){.kind = SF_REPLY_INBOX};
	assert_true(sf_local_request_waits(&request, &reply, &wait_ms));
	assert_int_equal(wait_ms, 50);
	reply = (struct sf_reply){.err = SF_ERR_NOT_FOUND};
	assert_false(sf_local_request_waits(&request, &reply, &wait_ms));
	request =
		(struct sf_request){.kind = SF_REQUEST_ENDED, .ended = {.after = 3, .wait_ms = 60}};
	reply = (struct sf_reply){.kind = SF_REPLY_ENDED, .ended = {.newest = 3}};
	assert_true(sf_local_request_waits(&request, &reply, &wait_ms));
	assert_int_equal(wait_ms, 60);
	reply.ended.newest = 4;
	assert_false(sf_local_request_waits(&request, &reply, &wait_ms));
}

int main(void)
{
#define LOCAL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		LOCAL_TEST(test_asker_says_role_and_purpose_and_no_name),
		LOCAL_TEST(test_requests_come_back_as_they_were),
		LOCAL_TEST(test_every_request_kind_can_be_carried),
		LOCAL_TEST(test_requests_not_understood_are_refused),
		LOCAL_TEST(test_what_is_said_comes_back_as_it_was),
		LOCAL_TEST(test_what_cannot_be_done_is_not_asked),
		LOCAL_TEST(test_refusals_come_back_as_they_were),
		LOCAL_TEST(test_sent_comes_back_with_its_issues),
		LOCAL_TEST(test_transition_comes_back_with_all_its_rows),
		LOCAL_TEST(test_course_and_duties_of_a_transition_come_back),
		LOCAL_TEST(test_measures_come_back_with_their_rows),
		cmocka_unit_test(test_every_word_of_the_rows_has_a_text),
		LOCAL_TEST(test_every_reply_kind_can_be_carried),
		LOCAL_TEST(test_replies_are_bounded),
		cmocka_unit_test(test_only_empty_answers_are_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
