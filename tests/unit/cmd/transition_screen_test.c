#include "cmd/transition_screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/width.h"

#define SCREEN_SIZE 8192
#define AT_MS ((int64_t)1795352700000)

static const struct sf_id hospital = {{1}}, municipality = {{2}};
static const sf_domain_set care = SF_DOMAIN_BIT(SF_DOMAIN_CARE);

/* At AT_MS, when the daemon does not say another time. */
static void print_wished(const struct sf_reply_transition *show,
	const struct sf_screen_wishes *wishes, char ret_text[SCREEN_SIZE])
{
	struct sf_reply_transition now = *show;
	now.as_of_ms = show->as_of_ms ? show->as_of_ms : AT_MS;
	FILE *out = tmpfile();
	assert_non_null(out);
	assert_int_equal(sf_transition_screen_print(out, &now, wishes), 0);
	rewind(out);
	ret_text[fread(ret_text, 1, SCREEN_SIZE - 1, out)] = '\0';
	fclose(out);
}

static void print_screen(const struct sf_reply_transition *show, char ret_text[SCREEN_SIZE])
{
	const struct sf_screen_wishes wishes = {.all = false};
	print_wished(show, &wishes, ret_text);
}

static void print_all(const struct sf_reply_transition *show, char ret_text[SCREEN_SIZE])
{
	const struct sf_screen_wishes wishes = {.all = true};
	print_wished(show, &wishes, ret_text);
}

static void check_last_line(const struct sf_reply_transition *show, const char *expected)
{
	char text[SCREEN_SIZE];
	print_screen(show, text);
	size_t size = strlen(text), expected_size = strlen(expected);
	assert_in_range(size, expected_size + 1, SCREEN_SIZE);
	assert_string_equal(text + size - expected_size, expected);
	assert_int_equal(text[size - expected_size - 1], '\n');
}

static int use_utc(void **state)
{
	(void)state;
	int code = setenv("TZ", "UTC0", 1);
	tzset();
	return code;
}

static struct sf_offer_row open_offer(void)
{
	return (struct sf_offer_row){.from = hospital,
		.from_name = "Nordby Sygehus",
		.to_role = SF_ROLE_MUNICIPALITY,
		.to = municipality,
		.to_name = "Nordby Kommune",
		.domains = care,
		.remaining = care,
		.state = SF_OFFER_OPEN,
		.since_ms = AT_MS};
}

static void test_last_line_says_what_is_next(void **state)
{
	(void)state;
	struct sf_offer_row offer = open_offer();
	struct sf_reply_transition show = {.offer_count = 1,
		.offers = &offer,
		.next = {.next = SF_NEXT_ANSWER_OFFER,
			.party = municipality,
			.party_name = "Nordby Kommune",
			.domains = care,
			.citation = "2-7",
			.before_ms = AT_MS}};
	check_last_line(&show, "Next: Nordby Kommune must answer the offer of care before "
			       "Sun 22 Nov 13:05 (clause 2-7).\n");
	show.next.next = SF_NEXT_NOTHING;
	check_last_line(&show, "Next: nothing is awaited.\n");
}

static void test_late_delivery_is_shown(void **state)
{
	(void)state;
	struct sf_offer_row offer = open_offer();
	struct sf_delivery_row delivery = {.recipient = municipality,
		.recipient_name = "Nordby Kommune",
		.activity = SF_ACTIVITY_DISCHARGE_HOME,
		.state = SF_DELIVERY_SENT,
		.since_ms = AT_MS,
		.late = true,
		.reason = ""};
	struct sf_reply_transition show = {
		.offer_count = 1, .offers = &offer, .delivery_count = 1, .deliveries = &delivery};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(strstr(text, "\nLATE DELIVERY   TO              SINCE             STATE\n"
				     "discharge-home  Nordby Kommune  Sun 22 Nov 13:05  sent\n"));
	delivery.late = false;
	show.offer_count = 0;
	print_screen(&show, text);
	assert_null(strstr(text, "DELIVERY"));
	print_all(&show, text);
	assert_non_null(strstr(text, "\nDELIVERY        TO "));
}

static void test_ledger_shows_who_has_it_and_when_ended_who_had_it_last(void **state)
{
	(void)state;
	const struct sf_holder_row holder = {
		.domain = SF_DOMAIN_CARE, .party = municipality, .name = "Nordby Kommune"};
	struct sf_line_row lines[] = {
		{SF_DOMAIN_CARE, hospital, "Nordby Sygehus", AT_MS, AT_MS + 1000, 2,
			SF_BASIS_OPENING, {{0}}},
		{SF_DOMAIN_CARE, municipality, "Nordby Kommune", AT_MS + 1000, SF_LEDGER_OPEN, 6,
			SF_BASIS_ACCEPT, {{0}}},
	};
	struct sf_reply_transition show = {.row = {.holder_count = 1, .holders = &holder},
		.line_count = SF_COUNT(lines),
		.lines = lines};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(strstr(text, "Nordby Kommune  Sun 22 Nov 13:05  accept  -"));
	assert_null(strstr(text, "Nordby Sygehus"));
	show.row.holder_count = 0;
	lines[1].until_ms = AT_MS + 60000;
	print_screen(&show, text);
	assert_non_null(strstr(text, "Nordby Kommune  Sun 22 Nov 13:05  accept  Sun 22 Nov 13:06"));
	assert_null(strstr(text, "Nordby Sygehus"));
	print_all(&show, text);
	assert_non_null(
		strstr(text, "Nordby Sygehus  Sun 22 Nov 13:05  opening, event 2  Sun 22 "));
	assert_non_null(
		strstr(text, "Nordby Kommune  Sun 22 Nov 13:05  accept, event 6   Sun 22 "));
}

static void test_ledger_says_until_when(void **state)
{
	(void)state;
	const struct sf_holder_row holders[] = {
		{SF_DOMAIN_MEDICAL, hospital, "Nordby Sygehus", AT_MS},
		{SF_DOMAIN_CARE, hospital, "Nordby Sygehus", AT_MS}};
	const struct sf_line_row lines[] = {
		{SF_DOMAIN_MEDICAL, hospital, "Nordby Sygehus", AT_MS, SF_LEDGER_OPEN, 1,
			SF_BASIS_OPENING, {{0}}},
		{SF_DOMAIN_CARE, hospital, "Nordby Sygehus", AT_MS, SF_LEDGER_OPEN, 1,
			SF_BASIS_OPENING, {{0}}},
	};
	struct sf_window_row window = {.domain = SF_DOMAIN_MEDICAL,
		.holder = hospital,
		.then = SF_ROLE_GP,
		.until_ms = AT_MS + 3600000,
		.state = SF_WINDOW_OPEN};
	struct sf_offer_row offer = open_offer();
	offer.message = (struct sf_id){{9}};
	const struct sf_obligation_row owed = {.subject = {{9}},
		.owner = municipality,
		.name = "care-accepted",
		.citation = "2-7",
		.duty = SF_DUTY_EXPECTATION,
		.state = SF_TASK_REQUESTED,
		.due_ms = AT_MS + 7200000,
		.open = true};
	struct sf_reply_transition show = {.row = {.holder_count = 2, .holders = holders},
		.line_count = SF_COUNT(lines),
		.lines = lines,
		.window_count = 1,
		.windows = &window,
		.offer_count = 1,
		.offers = &offer,
		.obligation_count = 1,
		.obligations = &owed};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(strstr(text, "opening  Sun 22 Nov 14:05, then gp\n"));
	assert_non_null(strstr(text, "opening  accepted, by Sun 22 Nov 15:05\n"));
	assert_non_null(strstr(text, "2-7     requested"));
	window.state = SF_WINDOW_SUSPENDED;
	show.obligation_count = 0;
	print_screen(&show, text);
	assert_non_null(strstr(text, "opening  suspended, then gp\n"));
	assert_non_null(strstr(text, "opening  accepted\n"));
	window.state = SF_WINDOW_ENDED;
	offer.state = SF_OFFER_REFUSED;
	print_screen(&show, text);
	assert_null(strstr(text, "then gp"));
	assert_null(strstr(text, "opening  accepted"));
}

static void test_clause_that_moved_a_domain_is_cited(void **state)
{
	(void)state;
	const struct sf_line_row line = {SF_DOMAIN_MEDICAL, municipality, "Nordby Kommune", AT_MS,
		SF_LEDGER_OPEN, 7, SF_BASIS_CLAUSE, {{0}}};
	const struct sf_holder_row holder = {SF_DOMAIN_MEDICAL, municipality, "", AT_MS};
	struct sf_event_row event = {.sequence = 7, .kind = SF_KIND_WINDOW_ENDED, .detail = 101};
	const struct sf_window_row window = {
		.clause = 101, .name = "extended", .citation = "72h", .state = SF_WINDOW_ENDED};
	const struct sf_reply_transition show = {
		.row = {.holder_count = 1, .holders = &holder},
		.line_count = 1,
		.lines = &line,
		.event_count = 1,
		.events = &event,
		.window_count = 1,
		.windows = &window,
	};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(strstr(text, "Nordby Kommune  Sun 22 Nov 13:05  clause 72h  -\n"));
	event.detail = 301;
	print_screen(&show, text);
	assert_non_null(strstr(text, "Nordby Kommune  Sun 22 Nov 13:05  clause  -\n"));
}

static void test_what_shares_its_name_is_shown_with_its_id(void **state)
{
	(void)state;
	struct sf_obligation_row owed[] = {
		{.subject = {{7}},
			.duty = SF_DUTY_ANSWER,
			.state = SF_TASK_REQUESTED,
			.open = true},
		{.subject = {{8}}, .duty = SF_DUTY_TRANSPORT, .state = SF_TASK_FAILED},
		{.subject = {{9}},
			.duty = SF_DUTY_NURSING,
			.state = SF_TASK_REQUESTED,
			.open = true},
		{.subject = {{10}}, .duty = SF_DUTY_NURSING, .state = SF_TASK_COMPLETED},
	};
	for (size_t i = 0; i < SF_COUNT(owed); i++)
		owed[i].name = owed[i].citation = "";
	struct sf_reply_transition show = {.obligation_count = SF_COUNT(owed), .obligations = owed};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(strstr(text, "answer 0700000000000000  "));
	assert_non_null(strstr(text, "\ntransport "));
	assert_non_null(strstr(text, "failed"));
	assert_null(strstr(text, "nursing 09"));
	assert_null(strstr(text, "completed"));
	print_all(&show, text);
	assert_non_null(strstr(text, "answer 07000000000000000000000000000000"));
	assert_non_null(strstr(text, "completed"));
	owed[3].open = true;
	print_screen(&show, text);
	assert_non_null(strstr(text, "nursing 0900000000000000  "));
	assert_non_null(strstr(text, "nursing 0a00000000000000  "));
}

static void test_course_contacts_and_deviations_are_shown(void **state)
{
	(void)state;
	const struct sf_contact_row contact = {SF_DOMAIN_CARE, municipality, "Nordby Kommune",
		"Visitationen", "87654321", AT_MS, SF_CONTACT_OF_HOURS, "Nattevagten", "00000104"};
	const struct sf_deviation_row deviation = {SF_DEVIATION_NO_PLAN, 7, {{0}}, AT_MS};
	struct sf_reply_transition show = {.contact_count = 1,
		.contacts = &contact,
		.deviation_count = 1,
		.deviations = &deviation,
		.course = {.plan_version = 2,
			.ready_from_ms = AT_MS,
			.ready_until_ms = AT_MS + 3600000,
			.ready_confidence = SF_CONFIDENCE_LOW,
			.answer = SF_PLAN_ANSWER_CANNOT,
			.reason = SF_CANNOT_CAPACITY,
			.refer_to_party = {{3}},
			.refer_to_name = "Sydby Kommune",
			.dispute_count = 1}};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(
		strstr(text, "\n  plan 2     ready Sun 22 Nov 13:05 to 14:05, low confidence\n"
			     "  answer     cannot, no-capacity, to Sydby Kommune\n"
			     "  CONTESTED  1 open dispute, the holder keeps what it has\n"));
	assert_non_null(strstr(text,
		"\nCALL NOW        WHOM          TELEPHONE  ABOUT\n"
		"Nordby Kommune  Visitationen  87654321   care; until Sun 22 Nov 13:05, then "
		"Nattevagten 00000104\n"));
	assert_non_null(strstr(text, "\n7  Sun 22 Nov 13:05  -   discharged without a plan"));
}

static void test_older_events_are_counted(void **state)
{
	(void)state;
	struct sf_event_row events[20];
	for (size_t i = 0; i < SF_COUNT(events); i++)
		events[i] = (struct sf_event_row){.sequence = i + 1,
			.author_name = "Nordby Sygehus",
			.kind = SF_KIND_PLAN,
			.outcome = SF_OUTCOME_APPLIED};
	struct sf_reply_transition show = {.event_count = SF_COUNT(events), .events = events};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(strstr(text, "  EVENT (6 of 20, the rest with --all)\n15  "));
	print_all(&show, text);
	assert_non_null(strstr(text, "  EVENT\n1   "));
	show.event_count = 6;
	print_screen(&show, text);
	assert_non_null(strstr(text, "  EVENT\n1  "));
	/* A receipt moves nothing: it takes no room from what does. */
	events[5].kind = SF_KIND_ACKNOWLEDGEMENT;
	events[5].ack = SF_ACK_OK;
	print_screen(&show, text);
	assert_non_null(strstr(text, "  EVENT (5 of 6, the rest with --all)\n1  "));
	events[5].ack = SF_ACK_FATAL_ERROR;
	print_screen(&show, text);
	assert_non_null(strstr(text, "\n6  "));
}

static void test_what_is_owed_stands_by_deadline_and_is_counted(void **state)
{
	(void)state;
	struct sf_obligation_row owed[12];
	for (size_t i = 0; i < SF_COUNT(owed); i++)
		owed[i] = (struct sf_obligation_row){.subject = {{1}},
			.name = "",
			.citation = "",
			.duty = SF_DUTY_NURSING,
			.state = SF_TASK_REQUESTED,
			.due_ms = AT_MS + (int64_t)(SF_COUNT(owed) - i) * 60000,
			.open = true};
	owed[11].duty = SF_DUTY_TRANSPORT;
	owed[11].due_ms = owed[10].due_ms;
	struct sf_reply_transition show = {.obligation_count = SF_COUNT(owed), .obligations = owed};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(strstr(text, "STATE\nnursing    -   Sun 22 Nov 13:07  -       requested\n"
				     "transport  -   Sun 22 Nov 13:07  -       requested\n"
				     "nursing    -   Sun 22 Nov 13:08 "));
	assert_non_null(strstr(text, "\n4 more, due later, with --all\n"));
	assert_null(strstr(text, "13:17"));
	print_all(&show, text);
	assert_non_null(strstr(text, "13:17"));
	assert_null(strstr(text, "more, due later"));
}

static void test_what_was_planned_gives_way_after_the_discharge(void **state)
{
	(void)state;
	struct sf_reply_transition show = {
		.row = {.stay = SF_STAY_IN_HOSPITAL},
		.course = {.plan_version = 1,
			.ready_from_ms = AT_MS,
			.ready_until_ms = AT_MS,
			.hospital_agrees_ms = AT_MS,
			.intent_ms = AT_MS,
			.ready_ms = AT_MS},
	};
	char text[SCREEN_SIZE];
	print_screen(&show, text);
	assert_non_null(
		strstr(text, "\n  answer     not answered yet\n"
			     "  discharge  ready since Sun 22 Nov 13:05, the hospital says "
			     "Sun 22 Nov 13:05,\n             letters by Sun 22 Nov 13:05\n"));
	show.row.stay = SF_STAY_HOME;
	print_screen(&show, text);
	assert_null(strstr(text, "plan 1"));
	assert_null(strstr(text, "ready since"));
	print_all(&show, text);
	assert_non_null(strstr(text, "plan 1"));
	assert_non_null(strstr(text, "ready since"));
}

#define HEAD "Bispebjerg og Frederiksberg Hospital, Geriatrisk og Palliativ Afdeling, "
#define TAIL "Sengeafsnit 21, Bispebjerg Bakke 23, 2400"

static void test_long_names_are_cut_where_they_stay_distinct(void **state)
{
	(void)state;
	struct sf_member_row members[] = {
		{hospital, HEAD TAIL " København", SF_ROLE_HOSPITAL, SF_BINDING_PARTY, 1},
		{municipality, "Københavns Kommune", SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, 1},
	};
	const struct sf_reply_transition show = {
		.member_count = SF_COUNT(members), .members = members};
	assert_string_equal(sf_screen_party(&show, members[0].name, hospital).text,
		"Bispebjerg og..400 København");
	assert_string_equal(
		sf_screen_party(&show, "Københavns Kommune", municipality).text, members[1].name);
	/* Nobody who is in no list is cut. */
	assert_string_equal(sf_screen_party(&show, HEAD, (struct sf_id){{3}}).text, HEAD);
	members[1].name = HEAD "Palliativt Team, 2400 København";
	assert_string_equal(
		sf_screen_party(&show, members[0].name, hospital).text, members[0].name);
}

/* Everything is as long as it can be, and names are not told apart by their ends. */
#define ONE HEAD "Syd " TAIL
#define TWO HEAD "Nord " TAIL
#define CITATION "bilag 4, afsnit 2.7, stk. 3, litra b, i aftalen af 2026-01-01"

static const struct sf_member_row wide_members[] = {
	{{{1}}, ONE, SF_ROLE_HOSPITAL, SF_BINDING_PARTY, 1},
	{{{2}}, TWO, SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, 1}};
static const struct sf_holder_row wide_holder = {SF_DOMAIN_CARE, {{1}}, ONE, AT_MS};
static const struct sf_line_row wide_line = {
	SF_DOMAIN_CARE, {{1}}, ONE, AT_MS, SF_LEDGER_OPEN, 123456, SF_BASIS_CLAUSE, {{0}}};
static const struct sf_offer_row wide_offer = {.message = {{9}},
	.from = {{1}},
	.from_name = ONE,
	.to = {{2}},
	.to_name = TWO,
	.domains = SF_DOMAIN_ALL,
	.remaining = SF_DOMAIN_ALL,
	.state = SF_OFFER_OPEN,
	.since_ms = AT_MS};
static const struct sf_event_row wide_event = {.sequence = 123456,
	.author_name = TWO,
	.kind = SF_KIND_ACCEPT,
	.detail = 101,
	.domains = SF_DOMAIN_ALL,
	.outcome = SF_OUTCOME_REFUSED,
	.code = SF_DEVIATION_FIND_RECEIVER,
	.recorded_ms = AT_MS};
static const struct sf_window_row wide_window = {.clause = 101,
	.name = CITATION,
	.citation = CITATION,
	.holder_name = ONE,
	.from_ms = AT_MS,
	.until_ms = AT_MS,
	.state = SF_WINDOW_ENDED};
static const struct sf_obligation_row wide_duty = {.subject = {{7}},
	.owner = {{1}},
	.owner_name = ONE,
	.name = CITATION,
	.citation = CITATION,
	.duty = SF_DUTY_EXPECTATION,
	.state = SF_TASK_REFERRED_ONWARD,
	.due_ms = AT_MS,
	.expired_ms = AT_MS,
	.level = 2,
	.alarm_seen = true,
	.open = true};
static const struct sf_deviation_row wide_deviation = {
	SF_DEVIATION_FIND_RECEIVER, 123456, {{0}}, AT_MS};
static const struct sf_contact_row wide_contact = {
	SF_DOMAIN_CARE, {{1}}, ONE, TWO, CITATION, AT_MS, SF_CONTACT_OF_HOURS, TWO, ONE};
static const struct sf_delivery_row wide_delivery = {.recipient_name = TWO,
	.kind = SF_KIND_ACKNOWLEDGEMENT,
	.state = SF_DELIVERY_TRANSIENT_ERROR,
	.late = true,
	.since_ms = AT_MS,
	.reason = CITATION};

static struct sf_course_row wide_course(void)
{
	return (struct sf_course_row){.plan_version = 12,
		.ready_from_ms = AT_MS,
		.ready_until_ms = 2 * AT_MS,
		.discharge_from_ms = AT_MS,
		.discharge_until_ms = 2 * AT_MS,
		.answer = SF_PLAN_ANSWER_CANNOT,
		.answer_ready_from_ms = AT_MS,
		.refer_to_party = {{2}},
		.refer_to_name = TWO,
		.hospital_agrees_ms = AT_MS,
		.link = SF_LINK_CONTINUED_IN,
		.linked = {{5}}};
}

#define WIDE(member, row) .member##_count = 1, .member##s = &(row)

static struct sf_reply_transition wide_transition(void)
{
	return (struct sf_reply_transition){
		.row = {.state = SF_TRANSITION_IN_TRANSIT,
			.stay = SF_STAY_IN_HOSPITAL,
			.frozen = true,
			.pathway = SF_PATHWAY_PSYCHIATRIC,
			WIDE(holder, wide_holder)},
		.stay_class = SF_STAY_CLASS_EMERGENCY,
		.agreement_name = ONE,
		.member_count = SF_COUNT(wide_members),
		.members = wide_members,
		WIDE(line, wide_line),
		WIDE(offer, wide_offer),
		WIDE(event, wide_event),
		WIDE(window, wide_window),
		WIDE(obligation, wide_duty),
		WIDE(deviation, wide_deviation),
		WIDE(contact, wide_contact),
		.delivery_count = 1,
		.deliveries = &wide_delivery,
		.course = wide_course(),
		.next = {.next = SF_NEXT_OFFER_AGAIN,
			.party = {{2}},
			.party_name = TWO,
			.domains = SF_DOMAIN_ALL,
			.citation = CITATION,
			.before_ms = AT_MS,
			.overdue = true},
	};
}

static void test_no_line_is_wider_than_the_screen(void **state)
{
	(void)state;
	const struct sf_reply_transition show = wide_transition();
	for (int all = 0; all < 2; all++) {
		char text[SCREEN_SIZE];
		const struct sf_screen_wishes wishes = {
			.all = all, .at = true, .known_by = TWO, .note = ONE};
		print_wished(&show, &wishes, text);
		assert_int_equal(strstr(text, "\nWINDOW") != NULL, all);
		char *end = NULL;
		for (char *line = text; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			assert_in_range(sf_width(line), 0, SF_SCREEN_WIDTH);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_line_says_what_is_next),
		cmocka_unit_test(test_late_delivery_is_shown),
		cmocka_unit_test(test_ledger_shows_who_has_it_and_when_ended_who_had_it_last),
		cmocka_unit_test(test_ledger_says_until_when),
		cmocka_unit_test(test_clause_that_moved_a_domain_is_cited),
		cmocka_unit_test(test_what_shares_its_name_is_shown_with_its_id),
		cmocka_unit_test(test_course_contacts_and_deviations_are_shown),
		cmocka_unit_test(test_older_events_are_counted),
		cmocka_unit_test(test_what_is_owed_stands_by_deadline_and_is_counted),
		cmocka_unit_test(test_what_was_planned_gives_way_after_the_discharge),
		cmocka_unit_test(test_long_names_are_cut_where_they_stay_distinct),
		cmocka_unit_test(test_no_line_is_wider_than_the_screen),
	};
	return cmocka_run_group_tests(tests, use_utc, NULL);
}
