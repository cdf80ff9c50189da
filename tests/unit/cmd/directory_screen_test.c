#include "cmd/directory_screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/time.h"
#include "cmd/width.h"
#include "core/deadline.h"

#define SCREEN_SIZE 8192
#define AT_MS ((int64_t)1795352700000) /* Sun 22 Nov 13:05 */
#define LONG_NAME                                                                                  \
	"Nordby Kommune, Sundheds- og Omsorgsforvaltningen, Visitationen for Hjemmesygepleje og "  \
	"Genoptræning, Borgercenter Nordby"

static const struct sf_desk_row desks[] = {
	{.telephone = "00000101",
		.what = "Hjemmesygeplejen, dag",
		.days = SF_CONTACT_WEEKDAYS,
		.from_minute = 420,
		.until_minute = 900},
	{.telephone = "00000102",
		.what = "Hjemmesygeplejen, weekend",
		.days = SF_CONTACT_WEEKENDS,
		.from_minute = 420,
		.until_minute = 1380,
		.now = true},
};

static struct sf_directory_row party(void)
{
	return (struct sf_directory_row){.party = {{1, 2}},
		.name = "Nordby Kommune",
		.role = SF_ROLE_MUNICIPALITY,
		.sor = "1234567890123456",
		.gln = "5790000000001",
		.support = "Visitationen 00000100",
		.version = 3,
		.key_count = 4,
		.has_node = true,
		.heard_ms = AT_MS - 2 * SF_HOUR_MS,
		.desk_count = SF_COUNT(desks),
		.desks = desks,
		.desks_until_ms = AT_MS + 10 * SF_HOUR_MS};
}

static void print_rows(
	const struct sf_directory_row *rows, size_t count, bool one, char ret_text[SCREEN_SIZE])
{
	const struct sf_reply_directory directory = {
		.as_of_ms = AT_MS, .row_count = count, .rows = rows};
	FILE *out = tmpfile();
	assert_non_null(out);
	assert_int_equal(one ? sf_party_screen_print(out, &directory)
			     : sf_directory_screen_print(out, &directory),
		0);
	rewind(out);
	ret_text[fread(ret_text, 1, SCREEN_SIZE - 1, out)] = '\0';
	fclose(out);
}

/* No line is wider than a screen. */
static void assert_fits(const char *text)
{
	char line[SCREEN_SIZE];
	for (const char *at = text; *at;) {
		size_t size = strcspn(at, "\n");
		memcpy(line, at, size);
		line[size] = '\0';
		if (sf_width(line) > SF_SCREEN_WIDTH)
			fail_msg("%zu columns: %s", sf_width(line), line);
		at += size + (at[size] == '\n');
	}
}

static int use_utc(void **state)
{
	(void)state;
	int code = setenv("TZ", "UTC0", 1);
	tzset();
	return code;
}

static void test_a_line_says_whom_to_call_and_who_was_heard_of(void **state)
{
	(void)state;
	char text[SCREEN_SIZE];
	struct sf_directory_row rows[] = {party(), party(), party(), party()};
	/* Nobody is there by the hours: the support contact, until somebody is. */
	static const struct sf_desk_row away[] = {
		{.telephone = "00000101", .what = "Lægerne", .days = SF_CONTACT_WEEKDAYS}};
	rows[1].name = "Laegerne Nordby";
	rows[1].role = SF_ROLE_GP;
	rows[1].desks = away;
	rows[1].desk_count = 1;
	rows[1].heard_ms = 0;
	rows[1].connected = true;
	rows[2].name = "Sydby Sygehus";
	rows[2].desk_count = 0;
	rows[2].desks_until_ms = SF_NEVER_MS;
	rows[2].support = "";
	rows[2].has_node = false;
	/* One desk, day and night. */
	rows[3].name = "Nordby Sygehus";
	rows[3].desks_until_ms = SF_NEVER_MS;
	print_rows(rows, 4, false, text);
	assert_fits(text);
	assert_non_null(strstr(text, "NAME "));
	assert_non_null(strstr(text, "HEARD "));
	assert_non_null(strstr(text, "CALL NOW\n"));
	assert_non_null(strstr(text, "Nordby Kommune   municipality  yes        Sun 22 Nov 11:05  "
				     "Hjemmesygeplejen, weekend 00000102,"));
	assert_non_null(strstr(text, "until Sun 22 Nov 23:05\n"));
	assert_non_null(strstr(text, "Laegerne Nordby  gp            connected  -                 "
				     "Visitationen 00000100,"));
	assert_non_null(strstr(text, "no         Sun 22 Nov 11:05  -\n"));
	assert_non_null(strstr(text, "Hjemmesygeplejen, weekend 00000102\n"));
	print_rows(NULL, 0, false, text);
	assert_string_equal(text, "nobody is in the directory\n");
}

static void test_one_party_says_all_that_its_entry_says(void **state)
{
	(void)state;
	char text[SCREEN_SIZE];
	struct sf_directory_row row = party();
	print_rows(&row, 1, true, text);
	assert_fits(text);
	static const char *const lines[] = {"Name      Nordby Kommune\n",
		"Role      municipality\n",
		"Call now  Hjemmesygeplejen, weekend 00000102, until Sun 22 Nov 23:05\n",
		"Contact   Visitationen 00000100\n",
		"Node      yes, last heard of Sun 22 Nov 11:05\n", "SOR       1234567890123456\n",
		"GLN       5790000000001\n", "Entry     version 3, 4 keys\n",
		"Party     01020000000000000000000000000000\n\nTELEPHONE", "weekdays  07:00-15:00",
		"call here until Sun 22 Nov 23:05\n"};
	for (size_t i = 0; i < SF_COUNT(lines); i++)
		if (!strstr(text, lines[i]))
			fail_msg("%s is not in:\n%s", lines[i], text);
	row.desk_count = 0;
	row.desks_until_ms = SF_NEVER_MS;
	print_rows(&row, 1, true, text);
	assert_non_null(strstr(text, "Call now  Visitationen 00000100\n"));
	assert_null(strstr(text, "TELEPHONE"));
}

static void test_the_longest_names_have_room(void **state)
{
	(void)state;
	char text[SCREEN_SIZE];
	struct sf_desk_row desk = desks[1];
	struct sf_directory_row row = party();
	desk.what = "Sygeplejen i Nordby og Skovby, aften/nat";
	row.name = LONG_NAME;
	row.role = SF_ROLE_OTHER_MUNICIPALITY;
	row.connected = true;
	row.support = LONG_NAME " 00000100";
	row.desks = &desk;
	row.desk_count = 1;
	print_rows(&row, 1, false, text);
	assert_fits(text);
	assert_non_null(strstr(text, "Sun 22 Nov 11:05"));
	assert_non_null(strstr(text, "00000102"));
	print_rows(&row, 1, true, text);
	assert_fits(text);
	/* What drives a terminal does not get there. */
	row.name = "Nordby\x1b[2J";
	print_rows(&row, 1, false, text);
	assert_null(strchr(text, '\x1b'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_line_says_whom_to_call_and_who_was_heard_of, use_utc),
		cmocka_unit_test_setup(test_one_party_says_all_that_its_entry_says, use_utc),
		cmocka_unit_test_setup(test_the_longest_names_have_room, use_utc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
