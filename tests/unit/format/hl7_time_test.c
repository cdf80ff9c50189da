#include "format/hl7_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

/* Europe/Copenhagen in 2026: 29 March and 25 October at 01:00 UTC. */
static const struct sf_zone_change changes[] = {{1774746000000, 7200}, {1792890000000, 3600}};
static const struct sf_zone copenhagen = {
	.first_offset_s = 3600, .change_count = 2, .changes = changes};

static void assert_time(const char *text, const char *from, const char *until)
{
	struct sf_interval time;
	char iso[SF_TIME_TEXT_SIZE];
	assert_int_equal(sf_hl7_time_read(sf_view_text(text), &copenhagen, &time), SF_OK);
	sf_time_format(time.from_ms, iso);
	assert_string_equal(iso, from);
	sf_time_format(time.until_ms, iso);
	assert_string_equal(iso, until ? until : from);
}

static void assert_bad(const char *text)
{
	struct sf_interval time;
	assert_int_equal(sf_hl7_time_read(sf_view_text(text), &copenhagen, &time), SF_ERR_FORMAT);
	assert_int_equal(time.from_ms, 0);
}

static void test_local_times_are_danish(void **state)
{
	(void)state;
	assert_time("2026112013", "2026-11-20T12:00:00.000Z", NULL);
	assert_time("202611201305", "2026-11-20T12:05:00.000Z", NULL);
	assert_time("20260701130507", "2026-07-01T11:05:07.000Z", NULL);
	assert_time("20260701130507.1234", "2026-07-01T11:05:07.123Z", NULL);
}

static void test_offsets_are_followed(void **state)
{
	(void)state;
	assert_time("202611201305+0000", "2026-11-20T13:05:00.000Z", NULL);
	assert_time("20261120130500.5-0130", "2026-11-20T14:35:00.500Z", NULL);
	struct sf_interval time;
	assert_int_equal(sf_hl7_time_read(sf_view_text("202611201305+0100"), NULL, &time), SF_OK);
	assert_int_equal(
		sf_hl7_time_read(sf_view_text("202611201305"), NULL, &time), SF_ERR_CONFIG);
}

static void test_a_day_is_whole(void **state)
{
	(void)state;
	assert_time("20261120", "2026-11-19T23:00:00.000Z", "2026-11-20T22:59:00.000Z");
	assert_time("20261120+0000", "2026-11-20T00:00:00.000Z", "2026-11-20T23:59:00.000Z");
}

static void test_nothing_is_nothing(void **state)
{
	(void)state;
	struct sf_interval time = {1, 1, 0};
	assert_int_equal(sf_hl7_time_read(sf_view_text(""), &copenhagen, &time), SF_OK);
	assert_int_equal(time.from_ms, 0);
	assert_int_equal(sf_hl7_time_read(sf_view_text("\"\""), &copenhagen, &time), SF_OK);
	assert_int_equal(time.until_ms, 0);
}

static void test_what_does_not_exist_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"2026", "202611", "20261131", "20260229", "20261320",
		"00001120", "2026112024", "202611201360", "20261120130560", "2026112013050",
		"202611201305+1", "202611201305+1500", "202611201305+0160", "202611201305Z",
		"2026-11-20", "today", " 20261120", "202611201305.5"};
	for (size_t i = 0; i < SF_COUNT(texts); i++)
		assert_bad(texts[i]);
}

static void test_times_are_written_in_utc(void **state)
{
	(void)state;
	char text[SF_HL7_TIME_SIZE];
	sf_hl7_time_format(1792890000123, text);
	assert_string_equal(text, "20261025010000+0000");
	struct sf_interval time;
	assert_int_equal(sf_hl7_time_read(sf_view_text(text), NULL, &time), SF_OK);
	assert_int_equal(time.from_ms, 1792890000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_times_are_danish),
		cmocka_unit_test(test_offsets_are_followed),
		cmocka_unit_test(test_a_day_is_whole),
		cmocka_unit_test(test_nothing_is_nothing),
		cmocka_unit_test(test_what_does_not_exist_is_refused),
		cmocka_unit_test(test_times_are_written_in_utc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
