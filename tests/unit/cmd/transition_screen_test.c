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
	assert_int_equal(sf_transition_screen_print(out, show), 0);
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

static void test_open_offer_awaits_its_receiver(void **state)
{
	(void)state;
	struct sf_offer_row offer = open_offer();
	struct sf_reply_transition show = {.offer_count = 1, .offers = &offer};
	check_last_line(&show,
		"Awaited: an answer from Nordby Kommune on care, offered 2026-11-22 13:05:00\n");
	offer.to = (struct sf_id){{0}};
	check_last_line(&show, "Awaited: Nordby Sygehus must find a municipality for care\n");
	offer.state = SF_OFFER_ACCEPTED;
	check_last_line(&show, "Awaited: nothing that is known here\n");
}

static void test_late_delivery_awaits_an_acknowledgement(void **state)
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
	check_last_line(&show, "Awaited: an answer from Nordby Kommune on care, offered "
			       "2026-11-22 13:05:00; an acknowledgement from Nordby Kommune\n");
	delivery.late = false;
	show.offer_count = 0;
	print_screen(&show, text);
	assert_null(strstr(text, "Late deliveries"));
	check_last_line(&show, "Awaited: nothing that is known here\n");
}

static void test_frozen_ledger_awaits_people(void **state)
{
	(void)state;
	struct sf_offer_row offer = open_offer();
	const struct sf_reply_transition show = {
		.row = {.frozen = true}, .offer_count = 1, .offers = &offer};
	check_last_line(&show, "Awaited: people must decide, the ledger is frozen\n");
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
	assert_non_null(
		strstr(text, "Nordby Kommune  2026-11-22 13:05:01  -      accept, event 6"));
	assert_null(strstr(text, "Nordby Sygehus"));
	show.row.holder_count = 0;
	lines[1].until_ms = AT_MS + 2000;
	print_screen(&show, text);
	assert_non_null(strstr(text, "Responsibility (ended)"));
	assert_non_null(strstr(text, "Nordby Sygehus"));
	assert_non_null(strstr(text, "2026-11-22 13:05:02"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_offer_awaits_its_receiver),
		cmocka_unit_test(test_late_delivery_awaits_an_acknowledgement),
		cmocka_unit_test(test_frozen_ledger_awaits_people),
		cmocka_unit_test(test_ledger_shows_lines_that_stand_and_all_when_ended),
	};
	return cmocka_run_group_tests(tests, use_utc, NULL);
}
