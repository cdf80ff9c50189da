#include "unit/core/check.h"

#include <stdio.h>

#include "base/time.h"
#include "core/contact.h"

/* Europe/Copenhagen in 2026: 29 March and 25 October at 01:00 UTC. */
#define SPRING_MS 1774746000000
#define AUTUMN_MS 1792890000000

static const struct sf_zone_change changes[] = {{SPRING_MS, 7200}, {AUTUMN_MS, 3600}};
static const struct sf_zone copenhagen = {
	.name = "Europe/Copenhagen", .first_offset_s = 3600, .change_count = 2, .changes = changes};

/* clang-format off */
static const struct sf_contact nursing[] = {
	{"11111111", "day",     SF_CONTACT_WEEKDAYS,  7 * 60, 15 * 60},
	{"22222222", "weekend", SF_CONTACT_WEEKENDS,  7 * 60, 15 * 60},
	{"33333333", "evening", SF_CONTACT_ALL,      15 * 60, 23 * 60},
	{"44444444", "night",   SF_CONTACT_ALL,      23 * 60,  7 * 60},
};
/* clang-format on */

static int64_t at(int32_t month, int32_t day, int32_t hour, int32_t minute)
{
	return sf_zone_instant(&copenhagen, sf_day_from_date(2026, month, day), hour * 60 + minute);
}

static void assert_now(const struct sf_contact *contacts, size_t count, int64_t now_ms,
	size_t expected, int64_t until_ms)
{
	struct sf_contact_now now = sf_contact_now(contacts, count, &copenhagen, now_ms);
	assert_int_equal(now.contact, expected);
	assert_int_equal(now.until_ms, until_ms);
}

static void assert_nursing(int64_t now_ms, size_t expected, int64_t until_ms)
{
	assert_now(nursing, SF_COUNT(nursing), now_ms, expected, until_ms);
}

static void test_day_evening_and_night_follow_each_other(void **state)
{
	(void)state;
	assert_nursing(at(11, 25, 7, 0), 0, at(11, 25, 15, 0));
	assert_nursing(at(11, 25, 15, 0) - 1, 0, at(11, 25, 15, 0));
	assert_nursing(at(11, 25, 15, 0), 2, at(11, 25, 23, 0));
	assert_nursing(at(11, 25, 23, 0), 3, at(11, 26, 7, 0));
	assert_nursing(at(11, 26, 6, 59), 3, at(11, 26, 7, 0));
}

static void test_weekends_and_public_holidays_have_their_own(void **state)
{
	(void)state;
	assert_nursing(at(11, 28, 8, 0), 1, at(11, 28, 15, 0)); /* Saturday */
	assert_nursing(at(5, 14, 8, 0), 1, at(5, 14, 15, 0));   /* Ascension, a Thursday */
	assert_nursing(at(5, 15, 8, 0), 0, at(5, 15, 15, 0));   /* the day after is a working day */
	assert_nursing(at(6, 5, 8, 0), 0, at(6, 5, 15, 0));     /* Constitution Day is no holiday */
}

/* A night belongs to the day on which it begins: Friday's ends on a Saturday. */
static void test_night_of_a_weekday_ends_on_a_weekend(void **state)
{
	(void)state;
	static const struct sf_contact nights[] = {
		{"1111", "night", SF_CONTACT_WEEKDAYS, 23 * 60, 7 * 60}};
	assert_now(nights, 1, at(11, 28, 2, 0), 0, at(11, 28, 7, 0));
	assert_now(nights, 1, at(11, 28, 23, 30), SF_CONTACT_NOBODY, at(11, 30, 23, 0));
	assert_now(nights, 1, at(11, 30, 2, 0), SF_CONTACT_NOBODY, at(11, 30, 23, 0));
	/* Maundy Thursday to Easter Monday: the longest that nobody is there. */
	assert_now(nights, 1, at(4, 2, 7, 0), SF_CONTACT_NOBODY, at(4, 7, 23, 0));
}

static void test_nights_of_7_and_9_hours_are_whole(void **state)
{
	(void)state;
	int64_t spring_ms = at(3, 28, 23, 0), autumn_ms = at(10, 24, 23, 0);
	assert_nursing(spring_ms, 3, spring_ms + 7 * SF_HOUR_MS);
	assert_nursing(SPRING_MS - 1, 3, spring_ms + 7 * SF_HOUR_MS);
	assert_nursing(SPRING_MS, 3, spring_ms + 7 * SF_HOUR_MS);
	assert_nursing(autumn_ms, 3, autumn_ms + 9 * SF_HOUR_MS);
	assert_nursing(AUTUMN_MS, 3, autumn_ms + 9 * SF_HOUR_MS);
	assert_nursing(at(3, 29, 7, 0), 1, at(3, 29, 15, 0));
}

static void test_first_of_several_is_called(void **state)
{
	(void)state;
	static const struct sf_contact both[] = {
		{"1111", "ward", SF_CONTACT_WEEKDAYS, 8 * 60, 16 * 60},
		{"2222", "switchboard", SF_CONTACT_ALL, 0, 1440},
	};
	assert_now(both, 2, at(11, 25, 9, 0), 0, at(11, 25, 16, 0));
	assert_now(both, 2, at(11, 25, 16, 0), 1, at(11, 26, 8, 0));
	assert_now(both, 2, at(11, 27, 20, 0), 1, at(11, 30, 8, 0));
}

static void test_what_never_changes_says_so(void **state)
{
	(void)state;
	static const struct sf_contact always[] = {
		{"2222", "switchboard", SF_CONTACT_ALL, 0, 1440}};
	static const struct sf_contact round[] = {
		{"2222", "switchboard", SF_CONTACT_ALL, 8 * 60, 8 * 60}};
	assert_now(always, 1, at(11, 25, 9, 0), 0, SF_NEVER_MS);
	assert_now(round, 1, at(11, 25, 7, 0), 0, SF_NEVER_MS);
	assert_now(always, 0, at(11, 25, 9, 0), SF_CONTACT_NOBODY, SF_NEVER_MS);
}

static struct sf_contact sample(void)
{
	return (struct sf_contact){"+4511111111", "døgnvagt", SF_CONTACT_ALL, 0, 1440};
}

static enum sf_err check(const struct sf_contact *contact)
{
	struct sf_diag diag = {.text = ""};
	enum sf_err err = sf_contact_check(contact, &diag);
	assert_true((err == SF_OK) == (diag.text[0] == '\0'));
	return err;
}

static void test_contact_in_range_is_taken_and_others_not(void **state)
{
	(void)state;
	struct sf_contact good = sample();
	assert_int_equal(check(&good), SF_OK);
	static const char *const telephones[] = {
		"", "+", "12", "+12", "1 2 3 4", "12-34", "1234567890123456", "+1+2345", "112a"};
	for (size_t i = 0; i < SF_COUNT(telephones); i++) {
		struct sf_contact bad = sample();
		snprintf(bad.telephone, sizeof(bad.telephone), "%s", telephones[i]);
		assert_int_equal(check(&bad), SF_ERR_FORMAT);
	}
	static const char *const labels[] = {
		"", "a\nb", "\x7f", "\xff", "a\xe2\x80\xae", "a\xc2\x9b"};
	for (size_t i = 0; i < SF_COUNT(labels); i++) {
		struct sf_contact bad = sample();
		snprintf(bad.what, sizeof(bad.what), "%s", labels[i]);
		assert_int_equal(check(&bad), SF_ERR_FORMAT);
	}
	static const struct {
		enum sf_contact_days days;
		int32_t from, until;
	} ranges[] = {{SF_CONTACT_DAYS_NONE, 0, 60}, {(enum sf_contact_days)4, 0, 60},
		{SF_CONTACT_ALL, -1, 60}, {SF_CONTACT_ALL, 1440, 60}, {SF_CONTACT_ALL, 0, 0},
		{SF_CONTACT_ALL, 0, 1441}};
	for (size_t i = 0; i < SF_COUNT(ranges); i++) {
		struct sf_contact bad = sample();
		bad.days = ranges[i].days;
		bad.from_minute = ranges[i].from;
		bad.until_minute = ranges[i].until;
		assert_int_equal(check(&bad), SF_ERR_FORMAT);
	}
}

static void test_days_have_words(void **state)
{
	(void)state;
	assert_int_equal(sf_contact_days_from_text("weekends"), SF_CONTACT_WEEKENDS);
	assert_string_equal(sf_contact_days_text(SF_CONTACT_WEEKDAYS), "weekdays");
	assert_int_equal(sf_contact_days_from_text("sometimes"), SF_CONTACT_DAYS_NONE);
	assert_string_equal(sf_contact_days_text((enum sf_contact_days)9), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_day_evening_and_night_follow_each_other),
		cmocka_unit_test(test_weekends_and_public_holidays_have_their_own),
		cmocka_unit_test(test_night_of_a_weekday_ends_on_a_weekend),
		cmocka_unit_test(test_nights_of_7_and_9_hours_are_whole),
		cmocka_unit_test(test_first_of_several_is_called),
		cmocka_unit_test(test_what_never_changes_says_so),
		cmocka_unit_test(test_contact_in_range_is_taken_and_others_not),
		cmocka_unit_test(test_days_have_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
