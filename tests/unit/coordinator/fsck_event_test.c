/*
 * Each recorded event held against itself: what fsck_test.c does to a whole store is done here to
 * one row, word by word, and each finding is the one that names what was done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/state.h"
#include "unit/coordinator/epochs.h"
#include "unit/coordinator/fsck_row.h"
#include "unit/store/failing.h"

#define EVENT 2 /* the admission, which has a body */

static struct fsck_findings check_with(
	struct desk *desk, const struct sf_row_event *sound, fsck_row_damage *damage)
{
	const struct sf_store *store = fsck_store(desk);
	struct sf_row_event row = *sound;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	damage(desk, &row);
	fsck_put(desk, &sf_table_event, &row);
	struct fsck_findings findings = fsck_check(desk);
	store->rollback(store->self);
	return findings;
}

static void check_group(
	struct desk *desk, const struct sf_row_event *sound, const struct fsck_row_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct fsck_row_case *done = &group->cases[i];
		struct fsck_findings findings = check_with(desk, sound, done->damage);
		const char *detail = findings.details[done->kind];
		if (findings.counts[done->kind] == 0 || !strstr(detail, done->detail))
			fail_msg("case %zu: no %s '%s' but '%s'; first: %s", i,
				sf_fsck_word(done->kind), done->detail, detail, findings.first);
	}
	assert_string_equal(fsck_check(desk).first, "");
}

/* --- Leaf, numbers and time ------------------------------------------------------------------- */

static void test_leaf_commits_to_its_row(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_event_of(desk, EVENT);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_LEAF]);
}

/* Many are recorded in one millisecond. */
static void test_same_time_as_the_leaf_before_is_sound(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_event_of(desk, EVENT);
	assert_int_equal(check_with(desk, &sound, fsck_record_at_once).counts[SF_FSCK_TIME], 0);
}

/* --- Cover and author ------------------------------------------------------------------------- */

static void test_cover_is_of_its_row_and_its_author(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_event_of(desk, EVENT);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_COVER]);
}

/* A key that was revoked since has signed what it signed. */
static void test_key_of_a_former_entry_still_holds(void **state)
{
	struct desk *desk = *state;
	desk_revoke(desk, desk->hospital);
	desk_sign(desk);
	assert_string_equal(fsck_check(desk).first, "");
}

/* --- Receipt ---------------------------------------------------------------------------------- */

static void test_receipt_says_what_its_row_says(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_event_of(desk, EVENT);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_RECEIPT]);
}

static void test_receipt_is_signed_by_the_coordinator(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_event_of(desk, EVENT);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_SIGNATURE]);
}

/* --- What dedupe reads ------------------------------------------------------------------------ */

static void test_resends_find_what_was_recorded(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_event_of(desk, EVENT);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_LOOKUP]);
}

/* What was refused before its message was looked at left no row, and is sound without. */
static void test_refused_events_are_sound_without_rows(void **state)
{
	struct desk *desk = *state;
	struct desk_letter first = desk_admission(desk);
	desk_record(desk, &first);
	struct desk_letter reused = desk_admission(desk);
	reused.envelope_id = first.envelope_id;
	assert_int_equal(desk_record(desk, &reused).code, SF_REFUSAL_ENVELOPE_REUSED);
	struct desk_letter conflict = desk_again(desk, &first);
	conflict.message.fact.stay.event_ms++;
	assert_int_equal(desk_record(desk, &conflict).code, SF_REFUSAL_CONTENT_CONFLICT);
	struct desk_letter unknown = desk_admission(desk);
	unknown.message.recipients[0] = desk_id(desk);
	assert_int_equal(desk_record(desk, &unknown).code, SF_REFUSAL_RECIPIENT_UNKNOWN);
	struct desk_letter unread = desk_admission(desk);
	unread.header = sf_view_text("no header at all");
	assert_int_equal(desk_record(desk, &unread).code, SF_REFUSAL_HEADER);
	desk_sign(desk);
	assert_string_equal(fsck_check(desk).first, "");
}

/* --- Entries of the directory and epochs ------------------------------------------------------ */

static void test_entries_are_those_of_the_directory(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_leaf_of(desk, 1);
	assert_int_equal(sound.kind_class, SF_CLASS_DIRECTORY);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_ENTRY]);
	/* An entry that the log never had. */
	const struct sf_store *store = fsck_store(desk);
	struct sf_row_entry entry = {.version = 4};
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	fsck_get(desk, &sf_table_entry, &entry);
	entry.version = 5;
	fsck_put(desk, &sf_table_entry, &entry);
	struct fsck_findings findings = fsck_check(desk);
	store->rollback(store->self);
	assert_true(findings.counts[SF_FSCK_DIRECTORY] > 0);
	assert_int_equal(findings.counts[SF_FSCK_COVER], 0);
}

static int open_epoch(void **state)
{
	if (fsck_open_short_story(state))
		return -1;
	struct desk *desk = *state;
	epochs_show_more(desk, 0);
	epochs_begin(desk);
	desk_sign(desk);
	return 0;
}

static int64_t epoch_leaf(const struct desk *desk)
{
	return (int64_t)desk->coordinator->coordinator->log.base;
}

static void test_epoch_begins_with_its_record(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_leaf_of(desk, epoch_leaf(desk));
	assert_int_equal(sound.kind_class, SF_CLASS_EPOCH);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_EPOCH]);
}

/* --- Erased ----------------------------------------------------------------------------------- */

static void test_of_an_erased_event_its_leaf_is_left_and_nothing_else(void **state)
{
	struct desk *desk = *state;
	const struct sf_row_event sound = fsck_event_of(desk, EVENT);
	check_group(desk, &sound, &fsck_rows[FSCK_ROW_ERASED]);
	/* By itself it is sound; that no statement says it is judged with its transition. */
	struct fsck_findings findings = check_with(desk, &sound, fsck_erase_row);
	assert_int_equal(findings.counts[SF_FSCK_LEAF], 0);
	assert_null(strstr(findings.details[SF_FSCK_ERASED], "not the content"));
	assert_int_equal(findings.counts[SF_FSCK_COVER] + findings.counts[SF_FSCK_RECEIPT] +
				 findings.counts[SF_FSCK_SIGNATURE],
		0);
}

/* --- A store that cannot be read is no store with faults -------------------------------------- */

static void check_unread(struct desk *desk, const struct sf_table *table, size_t spared)
{
	struct failing_store failing;
	struct fsck_findings findings = {.first = ""};
	failing_store_init(&failing, fsck_store(desk));
	failing.table = table;
	failing.spared = spared;
	const struct sf_fsck_options options = {.crypto = desk_crypto(desk->coordinator),
		.env = desk->coordinator->turn.env,
		.store = &failing.port,
		.registrars = &desk->coordinator->coordinator->options.registrars,
		.found = fsck_keep_fault,
		.context = &findings};
	struct sf_fsck_report report;
	assert_int_equal(sf_fsck_run(&options, &report, NULL), SF_ERR_IO);
	assert_int_equal(failing.failed, 1);
	assert_string_equal(findings.first, "");
	sf_fsck_report_fini(&report);
}

static void test_store_that_cannot_be_read_is_an_error(void **state)
{
	struct desk *desk = *state;
	check_unread(desk, &sf_table_event, 0);
	check_unread(desk, &sf_table_envelope, 0);
	check_unread(desk, &sf_table_message, 0);
	/* The directory is read whole before its leaves are held against it. */
	check_unread(desk, &sf_table_entry, 1);
}

static void test_epoch_that_cannot_be_read_is_an_error(void **state)
{
	struct desk *desk = *state;
	check_unread(desk, &sf_table_epoch, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fsck_open_short_story, desk_close)
#define EPOCH(name) cmocka_unit_test_setup_teardown(name, open_epoch, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_leaf_commits_to_its_row),
		TEST(test_same_time_as_the_leaf_before_is_sound),
		TEST(test_cover_is_of_its_row_and_its_author),
		TEST(test_key_of_a_former_entry_still_holds),
		TEST(test_receipt_says_what_its_row_says),
		TEST(test_receipt_is_signed_by_the_coordinator),
		TEST(test_resends_find_what_was_recorded),
		TEST(test_refused_events_are_sound_without_rows),
		TEST(test_entries_are_those_of_the_directory),
		EPOCH(test_epoch_begins_with_its_record),
		TEST(test_of_an_erased_event_its_leaf_is_left_and_nothing_else),
		TEST(test_store_that_cannot_be_read_is_an_error),
		EPOCH(test_epoch_that_cannot_be_read_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
