/* Stays that a hospital tells in HL7 v2: what the municipality gets of them. */
#include "node/hl7.h"

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
#define OTHER_CPR "6109450026"
#define TEXT_SIZE 2048

/* One message; what is NULL is left out. Times are in the morning of the simulation's first day. */
struct message {
	const char *event, *id, *class;
	const char *cpr, *visit, *ward, *town;
	const char *death; /* PID-29 and PID-30, "|Y" */
	const char *admitted, *discharged;
	const char *expected; /* PV2-9 */
	const char *prior;    /* MRG-1 */
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static struct sf_view text_of(struct region *region, const struct message *message)
{
	char *text = sf_arena_take(&region->arena, TEXT_SIZE);
	assert_non_null(text);
	/* In the order of their ids. */
	int minute = message->id[0] <= '9' ? message->id[0] - '0' : message->id[0] - 'a' + 10;
	const char *cpr = message->cpr ? message->cpr : CPR;
	int size = snprintf(text, TEXT_SIZE,
		"MSH|^~\\&|EPJ|AUH|STAFET||2026111809%02d+0100||ADT^%s|%s|P|2.5\r"
		"EVN||2026111809%02d+0100\r"
		"PID|||%s^^^CPR||Birkemose^Asta||||||^^^^^^^^%s||||||||||||||||||%s\r"
		"PV1||%s|%s||||||||||||||||%s|||||||||||||||||||||||||%s|%s\r",
		minute, message->event, message->id, minute, cpr,
		message->town ? message->town : "990021000016004", or_empty(message->death),
		message->class ? message->class : "I", message->ward ? message->ward : "B12",
		message->visit ? message->visit : "V1",
		message->admitted ? message->admitted : "202611180800+0100",
		or_empty(message->discharged));
	assert_true(size > 0 && size < TEXT_SIZE);
	size_t used = (size_t)size;
	if (message->expected)
		used += (size_t)snprintf(
			text + used, TEXT_SIZE - used, "PV2|||||||||%s\r", message->expected);
	if (message->prior)
		used += (size_t)snprintf(
			text + used, TEXT_SIZE - used, "MRG|%s^^^CPR\r", message->prior);
	return sf_view_of(text, used);
}

static struct sf_reply_sent hand_in_text(struct region *region, struct sf_view text)
{
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_HL7,
			.content = text,
			.gp = "",
			.municipality = "",
			.response_url = ""}};
	struct sf_reply_sent sent =
		region_get(region, region->hospital, request, SF_REPLY_SENT).sent;
	region_run(region, 5 * SF_SECOND_MS);
	return sent;
}

static struct sf_reply_sent hand_in(struct region *region, struct message message)
{
	return hand_in_text(region, text_of(region, &message));
}

static bool says(const struct sf_reply_sent *sent, const char *text)
{
	return strstr((const char *)sent->acknowledgement.data, text) != NULL;
}

/* Taken, and a letter was made of it. */
static struct sf_reply_sent told(struct region *region, struct message message)
{
	struct sf_reply_sent sent = hand_in(region, message);
	if (sent.issue_count > 0)
		print_error("%s: %s\n", message.event, sent.issues[0].text);
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(says(&sent, "MSA|AA|"));
	assert_false(sf_id_is_none(sent.message));
	return sent;
}

/* Taken, and nobody else gets anything of it. */
static void kept(struct region *region, struct message message)
{
	struct sf_reply_sent sent = hand_in(region, message);
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_true(says(&sent, "MSA|AA|"));
	assert_true(sf_id_is_none(sent.message));
}

/* As the MLLP face hands it in, with MSH-15 and MSH-16. */
static struct sf_reply_sent hand_in_asking(
	struct region *region, struct message message, const char *asking)
{
	struct sf_view text = text_of(region, &message);
	char *asked = sf_arena_take(&region->arena, TEXT_SIZE);
	assert_non_null(asked);
	const char *rest = strchr((const char *)text.data, '\r');
	size_t head = (size_t)(rest - (const char *)text.data);
	int size = snprintf(asked, TEXT_SIZE, "%.*s%s%.*s", (int)head, (const char *)text.data,
		asking, (int)(text.size - head), rest);
	assert_true(size > 0 && size < TEXT_SIZE);
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.asker = {.account = "channel:mllp"},
		.send = {.content_type = SF_CONTENT_HL7,
			.content = sf_view_of(asked, (size_t)size)}};
	struct sf_reply_sent sent =
		region_get(region, region->hospital, request, SF_REPLY_SENT).sent;
	region_run(region, 5 * SF_SECOND_MS);
	return sent;
}

static struct sf_reply_handout hand_out(struct region *region, uint64_t done)
{
	const struct sf_request request = {.kind = SF_REQUEST_HANDOUT,
		.asker = {.account = "channel:mllp-out"},
		.handout = {.channel = "mllp-out", .done = done}};
	return region_get(region, region->hospital, request, SF_REPLY_HANDOUT).handout;
}

static bool hands(const struct sf_reply_handout *handout, const char *text)
{
	char shown[1024];
	assert_true(handout->content.size < sizeof(shown));
	memcpy(shown, handout->content.data, handout->content.size);
	shown[handout->content.size] = '\0';
	return strstr(shown, text) != NULL;
}

/* HL7 v2.5 section 2.9.3: what the receiver says comes later, once, and survives a restart. */
static void test_application_acknowledgement_follows_the_receivers_answer(void **state)
{
	struct region *region = *state;
	uint64_t none = 0;
	assert_int_equal(hand_out(region, none).row_count, 0);
	hand_in_asking(region, (struct message){.event = "A01", .id = "1"}, "|||AL|AL");
	sf_sim_power_off(region->hospital);
	sf_sim_power_on(region->hospital);
	struct sf_reply_handout first = hand_out(region, none);
	assert_int_equal(first.row_count, 1);
	assert_string_equal(first.content_type, SF_CONTENT_HL7);
	assert_true(hands(&first, "|AL|NE\rMSA|AA|1\r"));
	struct sf_reply_handout again = hand_out(region, none);
	assert_true(sf_view_equal(first.content, again.content));
	assert_int_equal(hand_out(region, first.rows[0].cursor).row_count, 0);
	/* ER: all went well, so nothing is said. */
	hand_in_asking(region, (struct message){.event = "A21", .id = "2"}, "|||AL|ER");
	assert_int_equal(hand_out(region, none).row_count, 0);
	/* Nobody answers what is told to nobody, and what has no letter. */
	hand_in_asking(region, (struct message){.event = "A02", .id = "3"}, "|||AL|AL");
	struct sf_reply_handout kept = hand_out(region, none);
	assert_int_equal(kept.row_count, 1);
	assert_true(hands(&kept, "MSA|AA|3\r"));
	assert_int_equal(hand_out(region, kept.rows[0].cursor).row_count, 0);
	/* Not asked for. */
	hand_in_asking(region, (struct message){.event = "A22", .id = "4"}, "|||AL|NE");
	assert_int_equal(hand_out(region, none).row_count, 0);
}

static void test_without_a_way_out_nothing_waits_for_one(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent =
		hand_in_asking(region, (struct message){.event = "A01", .id = "1"}, "|||AL|AL");
	assert_true(says(&sent, "MSA|CA|"));
	assert_int_equal(hand_out(region, 0).row_count, 0);
}

static void refused(struct region *region, struct message message, const char *error)
{
	struct sf_reply_sent sent = hand_in(region, message);
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_true(sent.issue_count > 0);
	assert_true(says(&sent, "MSA|A"));
	assert_true(says(&sent, error));
}

static size_t inbox_count(struct region *region)
{
	const struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	return region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count;
}

static struct sf_reply_transition shown(struct region *region, struct sf_id transition)
{
	const struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.transition = transition, .known_by = ""}};
	return region_get(region, region->municipality, request, SF_REPLY_TRANSITION).transition;
}

static void assert_stay(struct region *region, struct sf_id transition, enum sf_stay_state stay)
{
	struct sf_reply_transition show = shown(region, transition);
	assert_int_equal(show.row.stay, stay);
	assert_int_equal(show.deviation_count, 0);
}

static void test_whole_stay_reaches_the_municipality(void **state)
{
	struct region *region = *state;
	struct sf_id id = told(region, (struct message){.event = "A01", .id = "1"}).transition;
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	kept(region, (struct message){.event = "A02", .id = "2", .ward = "C3"});
	told(region, (struct message){.event = "A21", .id = "3"});
	assert_stay(region, id, SF_STAY_ON_LEAVE);
	told(region, (struct message){.event = "A22", .id = "4"});
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	struct sf_reply_sent plan =
		told(region, (struct message){.event = "A16", .id = "5", .expected = "20261120"});
	assert_true(sf_id_equal(plan.transition, id));
	const struct sf_course *course =
		sf_transition_course(terms_replica(region->municipality, id));
	assert_int_equal(course->plan.version, 1);
	assert_true(course->plan.discharge.until_ms > course->plan.discharge.from_ms);
	told(region, (struct message){.event = "A25", .id = "6"});
	course = sf_transition_course(terms_replica(region->municipality, id));
	assert_int_equal(course->plan.version, 2);
	assert_int_equal(course->plan.discharge.from_ms, 0);
	told(region,
		(struct message){.event = "A03", .id = "7", .discharged = "202611180915+0100"});
	struct sf_reply_transition show = shown(region, id);
	assert_int_equal(show.row.stay, SF_STAY_HOME);
	told(region, (struct message){.event = "A13", .id = "8"});
	assert_int_equal(shown(region, id).row.stay, SF_STAY_IN_HOSPITAL);
	/* The leave stands before the admission: it goes first. */
	refused(region, (struct message){.event = "A11", .id = "9"}, "|204^");
	told(region, (struct message){.event = "A53", .id = "a"});
	told(region, (struct message){.event = "A52", .id = "b"});
	told(region, (struct message){.event = "A11", .id = "c"});
	assert_int_equal(shown(region, id).row.stay, SF_STAY_ANNULLED);
	assert_int_equal(inbox_count(region), 8);
}

static void test_letter_is_what_was_told(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = told(region, (struct message){.event = "A01", .id = "1"});
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {sent.message}};
	struct sf_reply_message message =
		region_get(region, region->municipality, request, SF_REPLY_MESSAGE).message;
	assert_string_equal(message.cpr, CPR);
	assert_string_equal(message.patient_name, "Asta Birkemose");
	assert_string_equal(message.row.content_type, SF_CONTENT_FHIR_JSON);
	/* The limited data set: nothing but the notification leaves the hospital. */
	assert_null(strstr((const char *)message.content.data, "MSH|"));
	assert_int_equal(shown(region, sent.transition).report_requested, true);
}

static void test_same_message_gets_the_same_bytes(void **state)
{
	struct region *region = *state;
	struct sf_view text = text_of(region, &(struct message){.event = "A01", .id = "1"});
	struct sf_reply_sent first = hand_in_text(region, text);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_sent again = hand_in_text(region, text);
	assert_int_equal(again.answer, SF_SEND_DUPLICATE);
	assert_true(sf_view_equal(first.acknowledgement, again.acknowledgement));
	assert_true(sf_id_equal(first.message, again.message));
	assert_int_equal(inbox_count(region), 1);
	refused(region, (struct message){.event = "A01", .id = "1", .ward = "C3"}, "|205^");
	assert_int_equal(inbox_count(region), 1);
}

static void test_what_is_told_already_is_not_told_again(void **state)
{
	struct region *region = *state;
	told(region, (struct message){.event = "A04", .id = "1", .class = "E"});
	kept(region, (struct message){.event = "A01", .id = "2", .class = "E"});
	kept(region, (struct message){.event = "A08", .id = "3", .class = "E"});
	told(region, (struct message){.event = "A06", .id = "4", .class = "I"});
	kept(region, (struct message){.event = "A01", .id = "5"});
	told(region, (struct message){.event = "A03", .id = "6"});
	kept(region, (struct message){.event = "A03", .id = "7"});
	kept(region, (struct message){.event = "A04", .id = "8", .class = "O", .visit = "V2"});
	assert_int_equal(inbox_count(region), 3);
}

static void test_update_corrects_what_differs(void **state)
{
	struct region *region = *state;
	struct sf_id id = told(region, (struct message){.event = "A01", .id = "1"}).transition;
	struct sf_reply_sent sent =
		told(region, (struct message){.event = "A08", .id = "2", .ward = "C3"});
	assert_true(sf_id_equal(sent.transition, id));
	kept(region, (struct message){.event = "A08", .id = "3", .ward = "C3"});
	told(region,
		(struct message){
			.event = "A08", .id = "4", .ward = "C3", .admitted = "202611180730+0100"});
	assert_stay(region, id, SF_STAY_IN_HOSPITAL);
	struct sf_reply_transition show = shown(region, id);
	assert_int_equal(show.admitted_ms % SF_HOUR_MS, 30 * SF_MINUTE_MS);
	/* Another number is another citizen: nothing of the visit is known of him. */
	kept(region, (struct message){.event = "A08", .id = "5", .cpr = OTHER_CPR, .ward = "D4"});
	refused(region, (struct message){.event = "A11", .id = "6", .cpr = OTHER_CPR}, "|204^");
}

static void test_death_and_what_takes_it_back(void **state)
{
	struct region *region = *state;
	struct sf_id id = told(region, (struct message){.event = "A01", .id = "1"}).transition;
	told(region, (struct message){.event = "A21", .id = "2"});
	told(region, (struct message){.event = "A03", .id = "3", .death = "202611180900+0100|Y"});
	assert_stay(region, id, SF_STAY_DEAD);
	kept(region, (struct message){.event = "A08", .id = "4", .death = "|Y"});
	told(region, (struct message){.event = "A13", .id = "5"});
	assert_int_equal(shown(region, id).row.stay, SF_STAY_ON_LEAVE);
	told(region, (struct message){.event = "A08", .id = "6", .death = "|Y"});
	assert_int_equal(shown(region, id).row.stay, SF_STAY_DEAD);
}

static void test_merge_gives_the_hospital_a_task_and_moves_nothing(void **state)
{
	struct region *region = *state;
	struct sf_id id = told(region, (struct message){.event = "A01", .id = "1"}).transition;
	size_t before = inbox_count(region);
	struct sf_reply_sent merge = told(region,
		(struct message){.event = "A40", .id = "2", .cpr = OTHER_CPR, .prior = CPR});
	assert_true(sf_id_equal(merge.transition, id));
	struct sf_reply_transition show = shown(region, id);
	size_t found = 0;
	for (size_t i = 0; i < show.obligation_count; i++)
		found += show.obligations[i].duty == SF_DUTY_DOCUMENTATION &&
			 show.obligations[i].owner_role == SF_ROLE_HOSPITAL;
	assert_int_equal(found, 1);
	assert_int_equal(inbox_count(region), before);
	/* Nobody here is known by the number that goes away. */
	kept(region, (struct message){.event = "A40", .id = "3", .prior = "6209450013"});
	kept(region, (struct message){.event = "A40", .id = "4", .prior = CPR});
}

static void test_receiver_must_be_known(void **state)
{
	struct region *region = *state;
	refused(region, (struct message){.event = "A01", .id = "1", .town = "0751"},
		"ERR||PID^1^11^1^9|204^");
	refused(region, (struct message){.event = "A01", .id = "2", .town = ""},
		"ERR||PID^1^11^1^9|101^");
	/* The channel says it where the message does not; what it says there is not overruled. */
	struct sf_view text =
		text_of(region, &(struct message){.event = "A01", .id = "3", .town = ""});
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = "Application/HL7-v2; charset=x",
			.content = text,
			.gp = "",
			.municipality = "990021000016004",
			.response_url = ""}};
	struct sf_reply_sent sent =
		region_get(region, region->hospital, request, SF_REPLY_SENT).sent;
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, 5 * SF_SECOND_MS);
	/* And later events go where the first one went. */
	told(region, (struct message){.event = "A03", .id = "4", .town = ""});
	assert_int_equal(inbox_count(region), 2);
}

static void test_events_before_an_admission_are_judged(void **state)
{
	struct region *region = *state;
	refused(region, (struct message){.event = "A16", .id = "1", .expected = "20261120"},
		"|204^");
	refused(region, (struct message){.event = "A13", .id = "2"}, "|204^");
	refused(region, (struct message){.event = "A03", .id = "3", .admitted = "\"\""},
		"ERR||PV1^1^44|101^");
	refused(region, (struct message){.event = "A21", .id = "4", .class = "E"},
		"ERR||PV1^1^2|103^");
	refused(region, (struct message){.event = "A05", .id = "5"}, "MSA|AR|");
	told(region, (struct message){.event = "A03", .id = "6"});
	refused(region, (struct message){.event = "A22", .id = "7"}, "|204^");
}

static bool count_content(void *context, const void *found)
{
	const struct sf_node_row_hl7 *row = found;
	size_t *count = context;
	*count += row->content.size > 0;
	return true;
}

static void test_bytes_are_sealed_and_go_with_the_transition(void **state)
{
	struct region *region = *state;
	struct sf_id id = told(region, (struct message){.event = "A01", .id = "1"}).transition;
	kept(region, (struct message){.event = "A02", .id = "2", .visit = "V9"});
	kept(region, (struct message){.event = "A02", .id = "3", .ward = "C3"});
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	const struct sf_scan all = {.table = &sf_node_table_hl7};
	size_t count = 0;
	assert_int_equal(store->scan(store->self, &all, count_content, &count, NULL), SF_OK);
	assert_int_equal(sf_memory_count(region->hospital->memory, &sf_node_table_hl7), 3);
	assert_int_equal(count, 2);
	const struct sf_request erase = {
		.kind = SF_REQUEST_ERASE, .erase = {id, SF_GROUND_MISTAKE, false}};
	region_get(region, region->hospital, erase, SF_REPLY_ERASED);
	assert_int_equal(sf_memory_count(region->hospital->memory, &sf_node_table_hl7), 1);
}

static void test_what_nothing_is_kept_of_is_forgotten_in_time(void **state)
{
	struct region *region = *state;
	kept(region, (struct message){.event = "A02", .id = "1"});
	region_run(region, 34 * SF_DAY_MS);
	kept(region, (struct message){.event = "A02", .id = "2"});
	assert_int_equal(sf_memory_count(region->hospital->memory, &sf_node_table_hl7), 2);
	region_run(region, 2 * SF_DAY_MS);
	kept(region, (struct message){.event = "A02", .id = "3"});
	assert_int_equal(sf_memory_count(region->hospital->memory, &sf_node_table_hl7), 2);
}

static void test_only_a_municipality_gets_notifications(void **state)
{
	struct region *region = *state;
	/* The practice, by its SOR code. */
	refused(region, (struct message){.event = "A01", .id = "1", .town = "990031000016002"},
		"ERR||PID^1^11^1^9|204^");
}

static void test_what_is_no_hl7_is_answered(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = hand_in_text(region, sf_view_text("garbage"));
	assert_int_equal(sent.answer, SF_SEND_FATAL);
	assert_true(says(&sent, "ERR||MSH^1|100^"));
	assert_string_equal(sent.acknowledgement_type, SF_CONTENT_HL7);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)
	const struct CMUnitTest tests[] = {
		TEST(test_whole_stay_reaches_the_municipality),
		TEST(test_letter_is_what_was_told),
		TEST(test_application_acknowledgement_follows_the_receivers_answer),
		TEST(test_without_a_way_out_nothing_waits_for_one),
		TEST(test_same_message_gets_the_same_bytes),
		TEST(test_what_is_told_already_is_not_told_again),
		TEST(test_update_corrects_what_differs),
		TEST(test_death_and_what_takes_it_back),
		TEST(test_merge_gives_the_hospital_a_task_and_moves_nothing),
		TEST(test_receiver_must_be_known),
		TEST(test_events_before_an_admission_are_judged),
		TEST(test_bytes_are_sealed_and_go_with_the_transition),
		TEST(test_what_nothing_is_kept_of_is_forgotten_in_time),
		TEST(test_only_a_municipality_gets_notifications),
		TEST(test_what_is_no_hl7_is_answered),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
