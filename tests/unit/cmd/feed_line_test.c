#include "cmd/feed_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

static const struct sf_id hospital = {{1}}, municipality = {{2}};

static void check_line(const struct sf_feed_row *row, const char *expected)
{
	char text[512];
	FILE *out = tmpfile();
	assert_non_null(out);
	sf_feed_line_print(out, row);
	rewind(out);
	text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
	fclose(out);
	assert_string_equal(text, expected);
}

static int use_utc(void **state)
{
	(void)state;
	int code = setenv("TZ", "UTC0", 1);
	tzset();
	return code;
}

static void test_acknowledged_line(void **state)
{
	(void)state;
	struct sf_feed_row row = {.at_ms = 1795352700000,
		.what = SF_FEED_ACKNOWLEDGED,
		.party = municipality,
		.party_name = "Nordby Kommune",
		.peer = hospital,
		.peer_name = "Nordby Sygehus",
		.activity = SF_ACTIVITY_DISCHARGE_HOME,
		.ack = SF_ACK_OK};
	check_line(&row, "13:05:00  Nordby Kommune -> Nordby Sygehus  discharge-home  "
			 "acknowledged ok\n");
	row.ack = SF_ACK_FATAL_ERROR;
	row.code = SF_ACK_CODE_COMMITMENT;
	row.attempts = 2;
	check_line(&row, "13:05:00  Nordby Kommune -> Nordby Sygehus  discharge-home  "
			 "acknowledged fatal-error: commitment, attempt 2\n");
}

static void test_moved_line_says_who_holds_and_who_did(void **state)
{
	(void)state;
	const struct sf_feed_row row = {.at_ms = 1795352700000,
		.what = SF_FEED_MOVED,
		.party = municipality,
		.party_name = "Nordby Kommune",
		.peer = hospital,
		.peer_name = "Nordby Sygehus",
		.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE)};
	check_line(&row, "13:05:00  Nordby Kommune  now holds care, before it Nordby Sygehus\n");
}

static void test_refused_line_says_why(void **state)
{
	(void)state;
	const struct sf_feed_row row = {.at_ms = 1795352700000,
		.what = SF_FEED_RECORDED,
		.party = hospital,
		.party_name = "",
		.kind = SF_KIND_ACCEPT,
		.outcome = SF_OUTCOME_REFUSED,
		.code = 5};
	check_line(&row, "13:05:00  01000000000000000000000000000000  accept  recorded, refused: "
			 "the offer was answered or taken back before\n");
}

static void test_names_cannot_drive_a_terminal(void **state)
{
	(void)state;
	const struct sf_feed_row row = {.at_ms = 1795352700000,
		.what = SF_FEED_CONNECTED,
		.party = hospital,
		.party_name = "\x1b[31mred"};
	check_line(&row, "13:05:00  ?[31mred  connected\n");
}

/* Transitions of one day begin alike (their ids are ordered by time) and end apart. */
static void test_transition_is_told_by_the_end_of_its_id(void **state)
{
	(void)state;
	const struct sf_feed_row row = {.at_ms = 1795352700000,
		.what = SF_FEED_RECORDED,
		.transition = {{1, 2, 3, [13] = 0x9f, 0x31, 0xc2}},
		.party = hospital,
		.party_name = "Nordby Sygehus",
		.kind = SF_KIND_OFFER};
	check_line(&row, "13:05:00  ..9f31c2  Nordby Sygehus  offer  recorded\n");
}

static void test_what_time_made_is_told_in_words(void **state)
{
	(void)state;
	struct sf_feed_row row = {.at_ms = 1795352700000,
		.what = SF_FEED_EXPIRED,
		.party = municipality,
		.party_name = "Nordby Kommune",
		.kind = SF_KIND_EXPIRED,
		.outcome = SF_OUTCOME_APPLIED};
	check_line(&row, "13:05:00  Nordby Kommune  a deadline has passed\n");
	row.what = SF_FEED_RECORDED;
	row.kind = SF_KIND_PASSED;
	row.domains = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL);
	check_line(&row, "13:05:00  Nordby Kommune  the agreement passes on medical\n");
	row.what = SF_FEED_AGREEMENT;
	row.kind = SF_KIND_AGREEMENT_ACCEPT;
	row.domains = 0;
	check_line(&row, "13:05:00  Nordby Kommune  agreement-accept\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acknowledged_line),
		cmocka_unit_test(test_transition_is_told_by_the_end_of_its_id),
		cmocka_unit_test(test_what_time_made_is_told_in_words),
		cmocka_unit_test(test_moved_line_says_who_holds_and_who_did),
		cmocka_unit_test(test_refused_line_says_why),
		cmocka_unit_test(test_names_cannot_drive_a_terminal),
	};
	return cmocka_run_group_tests(tests, use_utc, NULL);
}
