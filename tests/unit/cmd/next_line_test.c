#include "cmd/next_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#define FOUR_MS ((int64_t)1795186800000) /* 2026-11-20T15:00:00Z */

static int use_denmark(void **state)
{
	(void)state;
	int code = setenv("TZ", "Europe/Copenhagen", 1);
	tzset();
	return code;
}

static struct sf_reply_transition waiting(enum sf_next_what what)
{
	return (struct sf_reply_transition){.as_of_ms = FOUR_MS,
		.row = {.state = SF_TRANSITION_IN_TRANSIT},
		.next = {.what = SF_BOARD_NEXT,
			.next = what,
			.party = {{2}},
			.party_name = "Aarhus Kommune",
			.name = "",
			.citation = "2-7",
			.before_ms = FOUR_MS}};
}

static void check(const struct sf_reply_transition *show, const char *expected)
{
	char text[512];
	FILE *out = tmpfile();
	assert_non_null(out);
	sf_next_line_print(out, show);
	rewind(out);
	text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
	fclose(out);
	assert_string_equal(text, expected);
}

static void test_line_says_who_what_when_and_by_which_clause(void **state)
{
	(void)state;
	struct sf_reply_transition show = waiting(SF_NEXT_ANSWER_OFFER);
	show.next.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION);
	check(&show, "Next: Aarhus Kommune must answer the offer of care, medication before "
		     "Fri 20 Nov 16:00 (clause 2-7).\n");
	show.next.overdue = true;
	check(&show, "Next: Aarhus Kommune must answer the offer of care, medication before "
		     "Fri 20 Nov 16:00 (clause 2-7).\n      Overdue.\n");
	show.next.overdue = false;
	show.next.before_ms = SF_NEVER_MS;
	show.next.citation = "";
	check(&show, "Next: Aarhus Kommune must answer the offer of care, medication as soon as "
		     "possible.\n");
	show.next.party_name = "Aarhus Kommune, Sundhed og Omsorg, Visitationen Nord og Vest";
	check(&show,
		"Next: Aarhus Kommune, Sundhed og Omsorg, Visitationen Nord og Vest must answer "
		"the offer of care,\n      medication as soon as possible.\n");
}

static void test_duty_is_called_as_its_clause_or_its_kind(void **state)
{
	(void)state;
	struct sf_reply_transition show = waiting(SF_NEXT_OBLIGATION);
	show.next.duty = SF_DUTY_EXPECTATION;
	show.next.name = "admission-report";
	check(&show, "Next: Aarhus Kommune must see to admission-report before Fri 20 Nov 16:00 "
		     "(clause 2-7).\n");
	show.next.name = "";
	show.next.duty = SF_DUTY_HOME_CARE;
	show.next.citation = "";
	check(&show, "Next: Aarhus Kommune must see to home-care before Fri 20 Nov 16:00.\n");
	show.next.duty = SF_DUTY_ANSWER;
	check(&show, "Next: Aarhus Kommune must answer the question before Fri 20 Nov 16:00.\n");
}

static void test_what_is_offered_again_is_named(void **state)
{
	(void)state;
	struct sf_reply_transition show = waiting(SF_NEXT_OFFER_AGAIN);
	show.next.before_ms = SF_NEVER_MS;
	show.next.citation = "";
	check(&show, "Next: Aarhus Kommune must bind another party to receive the citizen as soon "
		     "as possible.\n");
	show.next.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE);
	check(&show,
		"Next: Aarhus Kommune must offer care to another party as soon as possible.\n");
	show.next.domains = 0;
	show.next.duty = SF_DUTY_TRANSPORT;
	check(&show, "Next: Aarhus Kommune must offer transport to another party as soon as "
		     "possible.\n");
}

static void test_nobody_bound_and_nothing_awaited_are_said(void **state)
{
	(void)state;
	struct sf_reply_transition show = waiting(SF_NEXT_ANSWER_PLAN);
	show.next.party = (struct sf_id){{0}};
	show.next.party_name = "";
	show.next.role = SF_ROLE_MUNICIPALITY;
	check(&show, "Next: the municipality, who is not bound, must answer the plan before "
		     "Fri 20 Nov 16:00 (clause 2-7).\n");
	show = waiting(SF_NEXT_DECIDE);
	show.next.party = (struct sf_id){{0}};
	show.next.party_name = NULL;
	show.next.before_ms = SF_NEVER_MS;
	show.next.citation = NULL;
	check(&show, "Next: people must decide what is contested or frozen as soon as possible.\n");
	show = waiting(SF_NEXT_NOTHING);
	check(&show, "Next: nothing is awaited.\n");
	show.row.state = SF_TRANSITION_CLOSED;
	check(&show, "Next: nothing, it is closed.\n");
}

static void test_window_is_kept_until_and_discharge_is_at(void **state)
{
	(void)state;
	struct sf_reply_transition show = waiting(SF_NEXT_WINDOW);
	show.next.domains = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL);
	check(&show,
		"Next: Aarhus Kommune must keep medical until Fri 20 Nov 16:00 (clause 2-7).\n");
	show = waiting(SF_NEXT_DISCHARGE);
	check(&show, "Next: Aarhus Kommune must discharge the patient at Fri 20 Nov 16:00 (clause "
		     "2-7).\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_says_who_what_when_and_by_which_clause),
		cmocka_unit_test(test_duty_is_called_as_its_clause_or_its_kind),
		cmocka_unit_test(test_what_is_offered_again_is_named),
		cmocka_unit_test(test_nobody_bound_and_nothing_awaited_are_said),
		cmocka_unit_test(test_window_is_kept_until_and_discharge_is_at),
	};
	return cmocka_run_group_tests(tests, use_denmark, NULL);
}
