/* Letters that are no notification: they find their transition and say what they carry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/tables.h"
#include "unit/node/terms.h"

#define CPR "2509479989" /* MedCom's published test person of the sample STIN_H */

/* The sample with the citizen of the transition in place of its own. */
static struct sf_view read_letter(struct region *region, const char *name, const char *cpr)
{
	static const char invented[] = "7105620019";
	char path[512];
	snprintf(path, sizeof(path), "%s/samples/stafet-xdis/%s.xml", SF_TESTS_DIR, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	char *text = sf_arena_take(&region->arena, 65536);
	assert_non_null(text);
	size_t size = fread(text, 1, 65535, file);
	fclose(file);
	char *place = strstr(text, invented);
	assert_non_null(place);
	memcpy(place, cpr, strlen(cpr));
	return sf_view_of(text, size);
}

static struct sf_reply_sent hand_in(
	struct region *region, struct sf_sim_machine *machine, struct sf_view letter)
{
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_XML,
			.content = letter,
			.gp = "",
			.municipality = "",
			.response_url = ""}};
	struct sf_reply_sent sent = region_get(region, machine, request, SF_REPLY_SENT).sent;
	region_run(region, 5 * SF_SECOND_MS);
	return sent;
}

static struct sf_id admit(struct region *region)
{
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, 5 * SF_SECOND_MS);
	return id;
}

static const struct sf_course *course_of(struct sf_sim_machine *machine, struct sf_id id)
{
	return sf_transition_course(terms_replica(machine, id));
}

static void test_care_plan_carries_its_plan(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_reply_sent sent =
		hand_in(region, region->hospital, read_letter(region, "care_plan", CPR));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(sent.transition, id));
	const struct sf_course *course = course_of(region->municipality, id);
	assert_false(sf_id_is_none(course->plan_message));
	assert_int_equal(course->plan.version, 1);
	assert_true(course->hospital_agrees_ms > 0);
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	struct sf_reply_inbox rows =
		region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox;
	const struct sf_inbox_row *row = &rows.rows[rows.row_count - 1];
	assert_true(sf_id_equal(row->message, sent.message));
	assert_int_equal(row->kind, SF_KIND_LETTER);
	assert_string_equal(row->content_type, SF_CONTENT_XML);
	/* The readiness message closes what the plan announced. */
	sent = hand_in(region, region->hospital, read_letter(region, "readiness", CPR));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	course = course_of(region->municipality, id);
	assert_false(sf_id_is_none(course->ready_message));
	assert_int_equal(course->plan.version, 1);
}

static void test_same_letter_again_is_the_same_message(void **state)
{
	struct region *region = *state;
	admit(region);
	struct sf_view letter = read_letter(region, "care_plan", CPR);
	struct sf_reply_sent first = hand_in(region, region->hospital, letter);
	uint64_t sent = sf_node_counters(region->hospital->node).sent;
	struct sf_reply_sent again = hand_in(region, region->hospital, letter);
	assert_int_equal(again.answer, SF_SEND_DUPLICATE);
	assert_true(sf_id_equal(again.message, first.message));
	assert_int_equal(sf_node_counters(region->hospital->node).sent, sent);
	/* Another letter under the same id is refused. */
	char *other = sf_arena_text(&region->arena, letter);
	char *word = strstr(other, "Faldet");
	assert_non_null(word);
	word[0] = 'V';
	again = hand_in(region, region->hospital, sf_view_of(other, letter.size));
	assert_int_equal(again.answer, SF_SEND_FATAL);
	assert_string_equal(again.issues[0].code, "MSG_DUPLICATE_ID");
	assert_int_equal(sf_node_counters(region->hospital->node).sent, sent);
}

/* No acknowledgement of MedCom's answers it; what became of it is told all the same. */
static void test_answer_to_it_is_told_without_a_document(void **state)
{
	struct region *region = *state;
	admit(region);
	struct sf_reply_sent sent =
		hand_in(region, region->hospital, read_letter(region, "care_plan", CPR));
	const struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = sent.message, .recipient = ""}};
	struct sf_reply_acknowledgement answer =
		region_get(region, region->hospital, request, SF_REPLY_ACKNOWLEDGEMENT)
			.acknowledgement;
	assert_int_equal(answer.ack, SF_ACK_OK);
	assert_int_equal(answer.content.size, 0);
}

static void test_municipality_answers_with_its_own_letter(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_reply_sent sent =
		hand_in(region, region->municipality, read_letter(region, "admission_report", CPR));
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(sf_id_equal(sent.transition, id));
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->hospital, inbox, SF_REPLY_INBOX).inbox.row_count, 1);
}

static void test_letter_without_a_place_is_fatal_and_says_why(void **state)
{
	struct region *region = *state;
	admit(region);
	struct sf_view letters[] = {read_letter(region, "care_plan", "7105620019"),
		sf_view_text("<nothing/>"), sf_view_text("<broken"), sf_view_text("words")};
	uint64_t before = sf_node_counters(region->hospital->node).sent;
	for (size_t i = 0; i < SF_COUNT(letters); i++) {
		struct sf_reply_sent sent = hand_in(region, region->hospital, letters[i]);
		assert_int_equal(sent.answer, SF_SEND_FATAL);
		assert_int_equal(sent.issue_count, 1);
		assert_true(strlen(sent.issues[0].text) > 0);
		/* Never content. */
		assert_null(strstr(sent.issues[0].text, "7105620019"));
	}
	assert_int_equal(sf_node_counters(region->hospital->node).sent, before);
}

/* By hand, with a transition named: the wrong citizen and the wrong name are told. */
static void test_letter_by_hand_is_checked_against_its_transition(void **state)
{
	struct region *region = *state;
	struct sf_id id = admit(region);
	struct sf_fact fact = {
		.kind = SF_KIND_LETTER, .letter = {SF_LETTER_CARE_PLAN, SF_MARK_NONE}};
	struct sf_request request = terms_say(region, id, &fact);
	request.say.content_type = SF_CONTENT_XML;
	request.say.content = read_letter(region, "care_plan", "7105620019");
	terms_not_done(region, region->hospital, request, SF_ERR_CONFLICT);
	fact.letter.code = SF_LETTER_READINESS;
	request = terms_say(region, id, &fact);
	request.say.content_type = SF_CONTENT_XML;
	request.say.content = read_letter(region, "care_plan", CPR);
	terms_not_done(region, region->hospital, request, SF_ERR_CONFLICT);
	assert_true(sf_id_is_none(course_of(region->hospital, id)->plan_message));
}

/* Its recipients take no such type (wire/body.h): it is told at once, and not by them. */
static void test_type_that_nobody_takes_is_not_sent(void **state)
{
	struct region *region = *state;
	static char type[SF_BODY_TYPE_SIZE_MAX + 2];
	admit(region);
	memset(type, 'x', sizeof(type) - 1);
	memcpy(type, SF_CONTENT_XML ";", sizeof(SF_CONTENT_XML));
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = type, .content = read_letter(region, "care_plan", CPR)}};
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_UNSUPPORTED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_care_plan_carries_its_plan),
		TEST(test_same_letter_again_is_the_same_message),
		TEST(test_answer_to_it_is_told_without_a_document),
		TEST(test_municipality_answers_with_its_own_letter),
		TEST(test_letter_without_a_place_is_fatal_and_says_why),
		TEST(test_letter_by_hand_is_checked_against_its_transition),
		TEST(test_type_that_nobody_takes_is_not_sent),
	};
	return cmocka_run_group_tests_name("node/mail", tests, NULL, NULL);
}
