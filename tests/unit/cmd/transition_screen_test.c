#include "cmd/transition_screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SCREEN_SIZE 8192
#define AT_MS ((int64_t)1795352700000)

static const struct sf_id hospital = {{1}}, municipality = {{2}};
static const sf_domain_set care = SF_DOMAIN_BIT(SF_DOMAIN_CARE);

static void print_screen(const struct sf_reply_transition *show, char ret_text[SCREEN_SIZE])
{
	FILE *out = tmpfile();
	assert_non_null(out);
	const struct sf_screen_wishes wishes = {.all_events = false};
	assert_int_equal(sf_transition_screen_print(out, show, &wishes), 0);
	rewind(out);
	ret_text[fread(ret_text, 1, SCREEN_SIZE - 1, out)] = '\0';
	fclose(out);
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
			       "2026-11-22 13:05 (clause 2-7).\n");
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
	assert_non_null(strstr(text,
		"Late deliveries\n  discharge-home to Nordby Kommune: sent since 2026-11-22"));
	delivery.late = false;
	show.offer_count = 0;
	print_screen(&show, text);
	assert_null(strstr(text, "Late deliveries"));
}

static void test_ledger_shows_lines_that_stand_and_all_when_ended(void **state)
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
	assert_non_null(strstr(text, "Nordby Kommune  2026-11-22 13:05  accept, event 6  -"));
	assert_null(strstr(text, "Nordby Sygehus"));
	show.row.holder_count = 0;
	lines[1].until_ms = AT_MS + 60000;
	print_screen(&show, text);
	assert_non_null(strstr(text, "Responsibility (ended)"));
	assert_non_null(strstr(text, "Nordby Sygehus"));
	assert_non_null(strstr(text, "2026-11-22 13:06"));
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
	assert_non_null(strstr(text, "opening, event 1  2026-11-22 14:05, then gp"));
	assert_non_null(strstr(text, "opening, event 1  it is accepted, by 2026-11-22 15:05"));
	assert_non_null(strstr(text, "2-7     requested"));
	window.state = SF_WINDOW_SUSPENDED;
	show.obligation_count = 0;
	print_screen(&show, text);
	assert_non_null(strstr(text, "opening, event 1  suspended, then gp"));
	assert_non_null(strstr(text, "opening, event 1  it is accepted"));
	window.state = SF_WINDOW_ENDED;
	offer.state = SF_OFFER_REFUSED;
	print_screen(&show, text);
	assert_null(strstr(text, "then gp"));
	assert_null(strstr(text, "it is accepted"));
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
	assert_non_null(strstr(text, "clause 72h, event 7"));
	event.detail = 301;
	print_screen(&show, text);
	assert_non_null(strstr(text, "clause, event 7"));
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
	assert_non_null(strstr(text, "answer 07000000000000000000000000000000"));
	assert_non_null(strstr(text, "\n  transport "));
	assert_non_null(strstr(text, "failed"));
	assert_null(strstr(text, "nursing 09"));
	assert_non_null(strstr(text, "\n  1 ended"));
	owed[3].open = true;
	print_screen(&show, text);
	assert_non_null(strstr(text, "nursing 09000000000000000000000000000000"));
	assert_non_null(strstr(text, "nursing 0a000000000000000000000000000000"));
	assert_null(strstr(text, "ended"));
}

static void test_course_contacts_and_deviations_are_shown(void **state)
{
	(void)state;
	const struct sf_contact_row contact = {
		SF_DOMAIN_CARE, municipality, "Nordby Kommune", "Visitationen", "87654321", AT_MS};
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
	assert_non_null(strstr(text, "Plan, version 2\n  ready     2026-11-22 13:05 to "
				     "2026-11-22 14:05, confidence low\n"));
	assert_non_null(strstr(text, "answered  cannot, no-capacity, to Sydby Kommune\n"));
	assert_non_null(strstr(text, "CONTESTED: 1 open dispute,"));
	assert_non_null(strstr(text, "  Nordby Kommune: Visitationen, 87654321, until "
				     "2026-11-22 13:05 (care)\n"));
	assert_non_null(strstr(text, "2026-11-22 13:05  event 7, discharged without a plan"));
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
	assert_non_null(strstr(text, "Events, the newest of 20 (--events shows all)"));
	assert_null(strstr(text, "\n  10 "));
	assert_non_null(strstr(text, "\n  11 "));
	show.event_count = 10;
	print_screen(&show, text);
	assert_null(strstr(text, "the newest of"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_line_says_what_is_next),
		cmocka_unit_test(test_late_delivery_is_shown),
		cmocka_unit_test(test_ledger_shows_lines_that_stand_and_all_when_ended),
		cmocka_unit_test(test_ledger_says_until_when),
		cmocka_unit_test(test_clause_that_moved_a_domain_is_cited),
		cmocka_unit_test(test_what_shares_its_name_is_shown_with_its_id),
		cmocka_unit_test(test_course_contacts_and_deviations_are_shown),
		cmocka_unit_test(test_older_events_are_counted),
	};
	return cmocka_run_group_tests(tests, use_utc, NULL);
}
