#include "format/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "text/xml_plain.h"

/* Europe/Copenhagen in 2026: 29 March and 25 October at 01:00 UTC. */
static const struct sf_zone_change changes[] = {{1774746000000, 7200}, {1792890000000, 3600}};
static const struct sf_zone copenhagen = {
	.first_offset_s = 3600, .change_count = 2, .changes = changes};

static struct sf_arena arena;
static struct sf_moment moment;

static enum sf_err read_in(const char *xml, const struct sf_zone *zone)
{
	const struct sf_element *root = NULL;
	sf_arena_clear(&arena);
	assert_int_equal(sf_xml_read_plain(sf_view_text(xml), &arena, &root, NULL), SF_OK);
	return sf_moment_read(root, zone, &moment);
}

static void assert_moment(const char *xml, const char *from, const char *until)
{
	char text[SF_TIME_TEXT_SIZE];
	assert_int_equal(read_in(xml, &copenhagen), SF_OK);
	assert_true(moment.said);
	assert_int_equal(moment.has_time, until == NULL);
	sf_time_format(moment.from_ms, text);
	assert_string_equal(text, from);
	sf_time_format(moment.until_ms, text);
	assert_string_equal(text, until ? until : from);
}

static void test_date_and_time_are_local(void **state)
{
	(void)state;
	assert_moment("<a><Date>2026-11-25</Date><Time>13:30</Time></a>",
		"2026-11-25T12:30:00.000Z", NULL);
	assert_moment("<a><Date>2026-07-01</Date><Time>13:30:59</Time><Comment>x</Comment></a>",
		"2026-07-01T11:30:59.000Z", NULL);
	assert_moment("<a>2026-11-25T13:30</a>", "2026-11-25T12:30:00.000Z", NULL);
	assert_moment("<a>2026-11-25T13:30:01</a>", "2026-11-25T12:30:01.000Z", NULL);
}

static void test_skipped_and_repeated_times_are_read(void **state)
{
	(void)state;
	assert_moment("<a>2026-03-29T02:30</a>", "2026-03-29T01:00:00.000Z", NULL);
	assert_moment("<a>2026-10-25T02:30</a>", "2026-10-25T00:30:00.000Z", NULL);
}

static void test_date_alone_is_the_whole_day(void **state)
{
	(void)state;
	assert_moment("<a><Date>2026-11-25</Date></a>", "2026-11-24T23:00:00.000Z",
		"2026-11-25T22:59:00.000Z");
	assert_moment("<a><Date>2026-10-25</Date><Time/></a>", "2026-10-24T22:00:00.000Z",
		"2026-10-25T22:59:00.000Z");
	assert_moment("<a>2028-02-29</a>", "2028-02-28T23:00:00.000Z", "2028-02-29T22:59:00.000Z");
}

static void test_time_with_zone_needs_no_other(void **state)
{
	(void)state;
	assert_moment("<a>2026-11-25T13:30:00+05:00</a>", "2026-11-25T08:30:00.000Z", NULL);
	assert_int_equal(read_in("<a>2026-11-25T13:30:00Z</a>", NULL), SF_OK);
	assert_true(moment.said);
}

static void test_words_and_unknown_shapes_are_not_said(void **state)
{
	(void)state;
	static const char *const unsaid[] = {"<a/>", "<a>uvis</a>", "<a><Comment>x</Comment></a>",
		"<a><Date/><Time>13:30</Time></a>", "<a><When>2026-11-25</When></a>",
		"<a><Date>2026-11-25</Date><Date>2026-11-26</Date></a>"};
	for (size_t i = 0; i < SF_COUNT(unsaid); i++) {
		assert_int_equal(read_in(unsaid[i], NULL), SF_OK);
		assert_false(moment.said);
		assert_int_equal(moment.from_ms, 0);
		assert_int_equal(moment.until_ms, 0);
	}
	assert_int_equal(sf_moment_read(NULL, NULL, &moment), SF_OK);
	assert_false(moment.said);
}

static void test_what_does_not_exist_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"<a>2026-02-29</a>", "<a>2026-13-01</a>",
		"<a>2026-00-10</a>", "<a>2026-04-31</a>", "<a>2026-01-00</a>", "<a>1970-01-01</a>",
		"<a>2200-01-01</a>", "<a>2026-1-1</a>", "<a>20261125</a>", "<a>2026/11/25</a>",
		"<a>2026-11-25 13:30</a>", "<a>2026-11-25T</a>", "<a>2026-11-25T24:00</a>",
		"<a>2026-11-25T13:60</a>", "<a>2026-11-25T13:30:60</a>", "<a>2026-11-25T1330</a>",
		"<a>2026-11-25T13:30:00.5</a>", "<a>1969-11-25T13:30:00Z</a>",
		"<a>2026-11-25T13:30:00+</a>", "<a>25. november</a>", "<a><Date>snart</Date></a>",
		"<a><Date>2026-11-25</Date><Time>kl. 13</Time></a>",
		"<a><Date>2026-11-25T13:30</Date></a>"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_int_equal(read_in(wrong[i], &copenhagen), SF_ERR_FORMAT);
		assert_false(moment.said);
	}
}

static void test_local_time_without_a_zone_is_not_taken_for_utc(void **state)
{
	(void)state;
	assert_int_equal(read_in("<a>2026-11-25T13:30</a>", NULL), SF_ERR_CONFIG);
	assert_int_equal(read_in("<a><Date>2026-11-25</Date></a>", NULL), SF_ERR_CONFIG);
}

static void test_interval_has_both_ends(void **state)
{
	(void)state;
	assert_int_equal(read_in("<a>2026-11-25</a>", &copenhagen), SF_OK);
	struct sf_interval interval = sf_moment_interval(&moment);
	assert_int_equal(interval.until_ms - interval.from_ms, SF_DAY_MS - SF_MINUTE_MS);
	assert_int_equal(interval.confidence, SF_CONFIDENCE_NONE);
	struct sf_moment day = moment;
	assert_true(sf_moment_equal(&day, &moment));
	assert_int_equal(read_in("<a>2026-11-25T00:00</a>", &copenhagen), SF_OK);
	assert_false(sf_moment_equal(&day, &moment));
}

static int setup(void **state)
{
	(void)state;
	sf_arena_init(&arena, 65536);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_date_and_time_are_local),
		cmocka_unit_test(test_skipped_and_repeated_times_are_read),
		cmocka_unit_test(test_date_alone_is_the_whole_day),
		cmocka_unit_test(test_time_with_zone_needs_no_other),
		cmocka_unit_test(test_words_and_unknown_shapes_are_not_said),
		cmocka_unit_test(test_what_does_not_exist_is_refused),
		cmocka_unit_test(test_local_time_without_a_zone_is_not_taken_for_utc),
		cmocka_unit_test(test_interval_has_both_ends),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
