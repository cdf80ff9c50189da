#include "stafet/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/client/daemon.h"

/* An invented person: day + 60. */
#define CPR "7105800000"

struct fixture {
	struct daemon daemon;
	struct stafet_client *client;
};

static struct sf_id id_of(uint8_t value)
{
	struct sf_id id;
	memset(id.bytes, value, sizeof(id.bytes));
	return id;
}

static struct stafet_id public_id(uint8_t value)
{
	struct stafet_id id;
	memset(id.bytes, value, sizeof(id.bytes));
	return id;
}

static bool same_id(const struct stafet_id *id, uint8_t value)
{
	struct sf_id expected = id_of(value);
	return memcmp(id->bytes, expected.bytes, sizeof(id->bytes)) == 0;
}

/* "stored" content is stored, everything else is judged. */
static void send_letter(
	const struct sf_request_send *send, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	ret_reply->kind = SF_REPLY_SENT;
	struct sf_reply_sent *sent = &ret_reply->sent;
	if (sf_view_equal(send->content, sf_view_text("stored")) &&
		strcmp(send->content_type, "application/fhir+json") == 0) {
		sent->answer = strcmp(send->gp, "123456") == 0 ? SF_SEND_STORED : SF_SEND_DUPLICATE;
		sent->message = id_of(1);
		sent->transition = id_of(2);
		return;
	}
	struct sf_issue_row *issue = sf_arena_take(arena, sizeof(*issue));
	*issue = (struct sf_issue_row){true, "MSG_PARAM", "Encounter.class", "unknown class"};
	sent->answer = SF_SEND_FATAL;
	sent->issue_count = 1;
	sent->issues = issue;
	sent->acknowledgement = sf_view_text("{ack}");
	sent->acknowledgement_type = "application/fhir+json";
}

static void inbox(
	const struct sf_request_inbox *asked, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	SF_ASSERT(asked->only_unhandled && asked->count_max == 1);
	ret_reply->kind = SF_REPLY_INBOX;
	if (asked->after >= 7)
		return;
	struct sf_inbox_row *row = sf_arena_take(arena, sizeof(*row));
	*row = (struct sf_inbox_row){
		.cursor = 7,
		.message = id_of(3),
		.transition = id_of(4),
		.author = id_of(5),
		.author_name = "Sygehuset",
		.kind = SF_KIND_STAY,
		.activity = SF_ACTIVITY_DISCHARGE_HOME,
		.occurred_ms = 10,
		.received_ms = 20,
		.offers = SF_DOMAIN_BIT(SF_DOMAIN_CARE),
		.content_type = "application/fhir+xml",
	};
	ret_reply->inbox.row_count = 1;
	ret_reply->inbox.rows = row;
}

static void transition(struct sf_reply *ret_reply)
{
	static const struct sf_holder_row holder = {
		.domain = SF_DOMAIN_CARE, .name = "Sygehuset", .since_ms = 9};
	static const struct sf_offer_row offers[] = {
		{.state = SF_OFFER_REFUSED},
		{.state = SF_OFFER_OPEN,
			.to_role = SF_ROLE_MUNICIPALITY,
			.remaining = 2,
			.from_name = "Sygehuset",
			.to_name = "Kommunen",
			.since_ms = 8},
	};
	ret_reply->kind = SF_REPLY_TRANSITION;
	ret_reply->transition.row = (struct sf_transition_row){
		.transition = id_of(4),
		.state = SF_TRANSITION_IN_TRANSIT,
		.stay = SF_STAY_HOME,
		.hospital_name = "Sygehuset",
		.changed_ms = 30,
		.holder_count = 1,
		.holders = &holder,
	};
	ret_reply->transition.offer_count = 2;
	ret_reply->transition.offers = offers;
}

static void refused(struct sf_reply *ret_reply)
{
	ret_reply->err = SF_ERR_REFUSED;
	ret_reply->refusal = SF_REFUSAL_OFFER_CLOSED;
	ret_reply->text = "the offer was answered before";
}

static void script(
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	if (request->kind == SF_REQUEST_SEND) {
		send_letter(&request->send, arena, ret_reply);
	} else if (request->kind == SF_REQUEST_INBOX) {
		inbox(&request->inbox, arena, ret_reply);
	} else if (request->kind == SF_REQUEST_MESSAGE) {
		ret_reply->kind = SF_REPLY_MESSAGE;
		ret_reply->message.content = sf_view_text("<Bundle/>");
		ret_reply->message.cpr = CPR;
		ret_reply->message.patient_name = "Åse Opdigtet";
	} else if (request->kind == SF_REQUEST_HANDLED) {
		ret_reply->err =
			sf_id_equal(request->handled.message, id_of(3)) ? SF_OK : SF_ERR_NOT_FOUND;
	} else if (request->kind == SF_REQUEST_ACCEPT && request->accept.by_person) {
		ret_reply->kind = SF_REPLY_SAID;
		ret_reply->said.message = id_of((uint8_t)request->accept.domains);
	} else if (request->kind == SF_REQUEST_REFUSE && request->refuse.not_ours &&
		   request->refuse.refer_to_role == SF_ROLE_OTHER_MUNICIPALITY &&
		   strcmp(request->refuse.refer_to_party, "222222") == 0) {
		ret_reply->kind = SF_REPLY_SAID;
		ret_reply->said.message = id_of(77);
	} else if (request->kind == SF_REQUEST_TRANSITION) {
		transition(ret_reply);
	} else if (request->kind == SF_REQUEST_STATUS) {
		ret_reply->kind = SF_REPLY_STATUS;
		ret_reply->status = (struct sf_reply_status){
			.program = "node", .name = "Kommunen", .connected = true, .now_ms = 5};
	} else {
		refused(ret_reply);
	}
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	daemon_start(&fixture->daemon, script);
	*state = fixture;
	return stafet_client_open(fixture->daemon.path, 10000, &fixture->client);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	stafet_client_close(&fixture->client);
	assert_null(fixture->client);
	stafet_client_close(&fixture->client);
	daemon_end(&fixture->daemon);
	free(fixture);
	return 0;
}

static void test_letter_is_sent_with_its_bytes(void **state)
{
	struct fixture *fixture = *state;
	struct stafet_letter letter = {.content_type = "application/fhir+json",
		.content = "stored",
		.content_size = 6,
		.gp = "123456"};
	struct stafet_sent sent;
	assert_int_equal(stafet_send(fixture->client, &letter, &sent), STAFET_OK);
	assert_int_equal(sent.answer, STAFET_ANSWER_STORED);
	assert_true(same_id(&sent.message, 1));
	assert_true(same_id(&sent.transition, 2));
	assert_int_equal(sent.issue_count, 0);
	assert_string_equal(sent.acknowledgement_type, "");
	letter.gp = NULL;
	assert_int_equal(stafet_send(fixture->client, &letter, &sent), STAFET_OK);
	assert_int_equal(sent.answer, STAFET_ANSWER_DUPLICATE);
}

static void test_letter_found_wrong_comes_back_with_issues(void **state)
{
	struct fixture *fixture = *state;
	struct stafet_letter letter = {.content_type = "x", .content = "y", .content_size = 1};
	struct stafet_sent sent;
	assert_int_equal(stafet_send(fixture->client, &letter, &sent), STAFET_OK);
	assert_int_equal(sent.answer, STAFET_ANSWER_FATAL);
	assert_int_equal(sent.issue_count, 1);
	assert_true(sent.issues[0].fatal);
	assert_string_equal(sent.issues[0].expression, "Encounter.class");
	assert_int_equal(sent.acknowledgement_size, 5);
	assert_memory_equal(sent.acknowledgement, "{ack}", 5);
	letter.content_type = NULL;
	assert_int_equal(stafet_send(fixture->client, &letter, &sent), STAFET_ERR_USAGE);
	assert_string_not_equal(stafet_client_text(fixture->client), "");
}

static void test_message_is_received_and_acknowledged(void **state)
{
	struct fixture *fixture = *state;
	struct stafet_message message;
	assert_int_equal(stafet_receive(fixture->client, 0, 0, &message), STAFET_OK);
	assert_int_equal(message.cursor, 7);
	assert_true(same_id(&message.message, 3));
	assert_true(same_id(&message.transition, 4));
	assert_true(same_id(&message.author, 5));
	assert_string_equal(message.author_name, "Sygehuset");
	assert_string_equal(message.kind, "stay");
	assert_string_equal(message.activity, "discharge-home");
	assert_int_equal(message.offers, STAFET_DOMAIN_CARE);
	assert_string_equal(message.content_type, "application/fhir+xml");
	assert_int_equal(message.content_size, 9);
	assert_memory_equal(message.content, "<Bundle/>", 9);
	assert_string_equal(message.cpr, CPR);
	assert_string_equal(message.patient_name, "Åse Opdigtet");
	struct stafet_id id = message.message;
	assert_int_equal(stafet_acknowledge(fixture->client, &id), STAFET_OK);
	id = public_id(9);
	assert_int_equal(stafet_acknowledge(fixture->client, &id), STAFET_ERR_NOT_FOUND);
	assert_string_equal(stafet_client_text(fixture->client), "not found");
	assert_int_equal(stafet_receive(fixture->client, 7, 0, &message), STAFET_ERR_NOT_FOUND);
}

static void test_offers_are_answered(void **state)
{
	struct fixture *fixture = *state;
	struct stafet_id offer = public_id(3);
	struct stafet_id answer;
	assert_int_equal(
		stafet_accept(fixture->client, &offer, STAFET_DOMAIN_CARE, 1, &answer), STAFET_OK);
	assert_true(same_id(&answer, STAFET_DOMAIN_CARE));
	assert_string_equal(stafet_client_refusal(fixture->client), "");
	/* Not by a person: the script refuses. */
	assert_int_equal(stafet_accept(fixture->client, &offer, 0, 0, NULL), STAFET_ERR_REFUSED);
	assert_string_equal(stafet_client_refusal(fixture->client), "offer-closed");
	assert_string_equal(stafet_client_text(fixture->client), "the offer was answered before");
	assert_int_equal(stafet_accept(fixture->client, &offer, 32, 1, NULL), STAFET_ERR_USAGE);
	assert_string_equal(stafet_client_refusal(fixture->client), "");
	assert_int_equal(
		stafet_refuse(fixture->client, &offer, "other-municipality", "222222", 1, &answer),
		STAFET_OK);
	assert_true(same_id(&answer, 77));
	assert_int_equal(
		stafet_refuse(fixture->client, &offer, NULL, NULL, 0, NULL), STAFET_ERR_USAGE);
}

static void test_who_has_the_baton_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct stafet_id id = public_id(4);
	struct stafet_transition shown;
	assert_int_equal(stafet_transition_query(fixture->client, &id, &shown), STAFET_OK);
	assert_true(same_id(&shown.transition, 4));
	assert_string_equal(shown.state, "in-transit");
	assert_string_equal(shown.stay, "home");
	assert_string_equal(shown.hospital_name, "Sygehuset");
	assert_string_equal(shown.municipality_name, "");
	assert_int_equal(shown.holder_count, 1);
	assert_string_equal(shown.holders[0].domain, "care");
	assert_string_equal(shown.holders[0].name, "Sygehuset");
	assert_int_equal(shown.offer_count, 1);
	assert_string_equal(shown.offers[0].to_role, "municipality");
	assert_int_equal(shown.offers[0].domains, STAFET_DOMAIN_CARE);
	struct stafet_status status;
	assert_int_equal(stafet_status_query(fixture->client, &status), STAFET_OK);
	assert_string_equal(status.program, "node");
	assert_string_equal(status.software, "");
	assert_true(status.connected);
}

static void test_nobody_there_is_unreachable(void **state)
{
	struct fixture *fixture = *state;
	struct stafet_client *other = NULL;
	assert_int_equal(stafet_client_open("/tmp/stafet-nobody-listens-here", 50, &other),
		STAFET_ERR_UNREACHABLE);
	assert_null(other);
	assert_int_equal(stafet_client_open(NULL, 50, &other), STAFET_ERR_USAGE);
	daemon_stop(&fixture->daemon);
	struct stafet_status status;
	assert_int_equal(stafet_status_query(fixture->client, &status), STAFET_ERR_UNREACHABLE);
	assert_string_not_equal(stafet_client_text(fixture->client), "");
}

int main(void)
{
#define CLIENT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CLIENT_TEST(test_letter_is_sent_with_its_bytes),
		CLIENT_TEST(test_letter_found_wrong_comes_back_with_issues),
		CLIENT_TEST(test_message_is_received_and_acknowledged),
		CLIENT_TEST(test_offers_are_answered),
		CLIENT_TEST(test_who_has_the_baton_is_told),
		CLIENT_TEST(test_nobody_there_is_unreachable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
