/* A coordinator's store held against itself: a sound one is clean, and each damage has its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/fsck_damage.h"
#include "unit/store/failing.h"

static void test_sound_store_is_clean(void **state)
{
	struct desk *desk = *state;
	struct fsck_findings findings;
	struct sf_fsck_report report = fsck_check_against(desk, sf_view_of(NULL, 0), &findings);
	assert_string_equal(findings.first, "");
	assert_int_equal(report.faults, 0);
	assert_int_equal(report.leaves, desk_leaves(desk));
	assert_int_equal(report.receipts, report.leaves);
	assert_int_equal(report.entries, 4);
	assert_int_equal(report.covers, report.leaves - report.entries);
	assert_int_equal(report.transitions, 1);
	assert_int_equal(report.tiles, 2);
	assert_true(report.checkpoints > 1);
	assert_int_equal(report.cosignatures, 1);
	assert_int_equal(report.verdict, SF_FSCK_NOT_ASKED);
	sf_fsck_report_fini(&report);
}

typedef void fold_damage(struct desk *desk, struct sf_row_fold *row);

static void change_folded(struct desk *desk, struct sf_row_fold *row)
{
	uint8_t *bytes = sf_arena_take(&desk->arena, row->events.size);
	assert_non_null(bytes);
	memcpy(bytes, row->events.data, row->events.size);
	bytes[row->events.size - 1] ^= 1;
	row->events.data = bytes;
}

static void shorten_folded(struct desk *desk, struct sf_row_fold *row)
{
	(void)desk;
	row->events.size--;
}

static void change_folded_head(struct desk *desk, struct sf_row_fold *row)
{
	(void)desk;
	row->head.bytes[0] ^= 1;
}

static void lead_events(struct desk *desk, struct sf_row_fold *row)
{
	(void)desk;
	row->sequence += 100;
}

static struct sf_row_fold fold_of(struct desk *desk)
{
	const struct sf_store *store = fsck_store(desk);
	struct sf_row_fold row = {.transition = desk->transition};
	assert_int_equal(store->get(store->self, &sf_table_fold, 0, &row, NULL), SF_OK);
	row.events = sf_arena_copy(&desk->arena, row.events);
	return row;
}

static void test_packed_events_are_held_against_the_events(void **state)
{
	struct desk *desk = *state;
	const struct sf_store *store = fsck_store(desk);
	for (size_t i = 0; i < 4; i++) {
		if (i == 3) {
			desk_restart(desk);
			desk_hello(desk, desk->hospital);
			desk_hello(desk, desk->municipality);
		}
		struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
		desk_record(desk, &letter);
	}
	struct fsck_findings findings = fsck_check(desk);
	assert_string_equal(findings.first, "");
	fold_damage *const damages[] = {
		change_folded, shorten_folded, change_folded_head, lead_events};
	for (size_t i = 0; i < SF_COUNT(damages); i++) {
		struct sf_row_fold row = fold_of(desk);
		damages[i](desk, &row);
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		assert_int_equal(store->replace(store->self, &sf_table_fold, &row, NULL), SF_OK);
		findings = fsck_check(desk);
		store->rollback(store->self);
		assert_int_equal(findings.counts[SF_FSCK_FOLD], 1);
	}
}

static void test_packed_events_of_no_transition_are_found(void **state)
{
	struct desk *desk = *state;
	const struct sf_store *store = fsck_store(desk);
	const struct sf_row_fold row = {.transition = desk_id(desk), .sequence = 8};
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->insert(store->self, &sf_table_fold, &row, NULL), SF_OK);
	struct fsck_findings findings = fsck_check(desk);
	store->rollback(store->self);
	assert_int_equal(findings.counts[SF_FSCK_FOLD], 1);
}

static void test_each_damage_is_named(void **state)
{
	struct desk *desk = *state;
	const struct sf_store *store = fsck_store(desk);
	for (size_t i = 0; i < fsck_case_count; i++) {
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		fsck_cases[i].damage(desk);
		struct fsck_findings findings = fsck_check(desk);
		store->rollback(store->self);
		if (findings.counts[fsck_cases[i].kind] == 0)
			fail_msg("case %zu: no %s; first: %s", i, sf_fsck_word(fsck_cases[i].kind),
				findings.first);
	}
	assert_string_equal(fsck_check(desk).first, "");
}

/* What is damaged in one place is told of in that place, not all over the store. */
static void test_damage_is_told_once(void **state)
{
	struct desk *desk = *state;
	const struct sf_store *store = fsck_store(desk);
	for (size_t i = 0; i < fsck_single_damage_count; i++) {
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		fsck_single_damages[i](desk);
		struct fsck_findings findings = fsck_check(desk);
		store->rollback(store->self);
		size_t count = 0;
		for (size_t k = 0; k < SF_FSCK_KIND_COUNT; k++)
			count += findings.counts[k];
		if (count != 1)
			fail_msg("case %zu: %zu faults; first: %s", i, count, findings.first);
	}
}

/* --- Against a note --------------------------------------------------------------------------- */

static void expect_verdict(
	struct desk *desk, struct sf_view note, enum sf_fsck_verdict verdict, uint64_t missing)
{
	struct fsck_findings findings;
	struct sf_fsck_report report = fsck_check_against(desk, note, &findings);
	assert_int_equal(report.verdict, verdict);
	assert_int_equal(report.missing, missing);
	assert_int_equal(report.faults == 0, verdict == SF_FSCK_HOLDS);
	sf_fsck_report_fini(&report);
}

static void test_store_is_held_against_a_note(void **state)
{
	struct desk *desk = *state;
	struct sf_view note = fsck_newest(desk).note;
	struct sf_checkpoint checkpoint = desk_open_note(desk, note);
	expect_verdict(desk, note, SF_FSCK_HOLDS, 0);
	checkpoint.size += 3;
	expect_verdict(desk, desk_sign_note(desk, &checkpoint, true), SF_FSCK_IS_BEHIND, 3);
	checkpoint.size -= 3;
	checkpoint.root.bytes[31] ^= 1;
	expect_verdict(desk, desk_sign_note(desk, &checkpoint, true), SF_FSCK_HAS_FORKED, 0);
	checkpoint.size = 2;
	expect_verdict(desk, desk_sign_note(desk, &checkpoint, true), SF_FSCK_HAS_FORKED, 0);
	expect_verdict(desk, desk_sign_note(desk, &checkpoint, false), SF_FSCK_CANNOT_TELL, 0);
	expect_verdict(desk, sf_view_text("no note\n"), SF_FSCK_CANNOT_TELL, 0);
}

/* --- Erasure ---------------------------------------------------------------------------------- */

static void erase(struct desk *desk)
{
	const struct sf_request request = {.kind = SF_REQUEST_ERASE,
		.erase = {.transition = desk->transition, .ground = SF_GROUND_MISTAKE}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	assert_true(reply.erased.done);
	desk_sign(desk);
}

static void test_erased_transition_is_clean_when_a_statement_says_so(void **state)
{
	struct desk *desk = *state;
	erase(desk);
	struct fsck_findings findings;
	struct sf_fsck_report report = fsck_check_against(desk, sf_view_of(NULL, 0), &findings);
	assert_string_equal(findings.first, "");
	assert_int_equal(report.erased, 5);
	sf_fsck_report_fini(&report);
	const struct sf_store *store = fsck_store(desk);
	for (size_t i = 0; i < fsck_erased_damage_count; i++) {
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		fsck_erased_damages[i](desk);
		findings = fsck_check(desk);
		store->rollback(store->self);
		assert_int_equal(findings.counts[SF_FSCK_ERASED], 1);
	}
}

/* --- A store that cannot be read -------------------------------------------------------------- */

/* Whichever call fails: it is an error, and nothing is found that is not so. */
static void check_every_call(struct desk *desk)
{
	struct failing_store failing;
	struct fsck_findings findings = {.first = ""};
	struct sf_fsck_options options = {.crypto = desk_crypto(desk->coordinator),
		.env = desk->coordinator->turn.env,
		.store = &failing.port,
		.registrars = &desk->coordinator->coordinator->options.registrars,
		.found = fsck_keep_fault,
		.context = &findings};
	enum sf_err err = SF_ERR_IO;
	for (size_t spared = 0; err; spared++) {
		struct sf_fsck_report report;
		failing_store_init(&failing, fsck_store(desk));
		failing.any = true;
		failing.spared = spared;
		err = sf_fsck_run(&options, &report, NULL);
		sf_fsck_report_fini(&report);
		assert_string_equal(findings.first, "");
		assert_int_equal(err, failing.failed > 0 ? SF_ERR_IO : SF_OK);
	}
}

static void test_call_on_the_store_that_fails_is_an_error_and_no_fault(void **state)
{
	struct desk *desk = *state;
	check_every_call(desk);
	erase(desk);
	check_every_call(desk);
}

static void test_empty_store_is_clean(void **state)
{
	struct desk *desk = *state;
	struct sf_memory *memory = NULL;
	struct fsck_findings findings = {.first = ""};
	assert_int_equal(
		sf_memory_open(sf_coordinator_tables, sf_coordinator_table_count, &memory, NULL),
		SF_OK);
	const struct sf_fsck_options options = {.crypto = desk_crypto(desk->coordinator),
		.env = desk->coordinator->turn.env,
		.store = sf_memory_port(memory),
		.found = fsck_keep_fault,
		.context = &findings};
	struct sf_fsck_report report;
	assert_int_equal(sf_fsck_run(&options, &report, NULL), SF_OK);
	assert_string_equal(findings.first, "");
	sf_fsck_report_fini(&report);
	sf_memory_close(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_sound_store_is_clean, fsck_open_story, desk_close),
		cmocka_unit_test_setup_teardown(test_packed_events_are_held_against_the_events,
			fsck_open_story, desk_close),
		cmocka_unit_test_setup_teardown(
			test_packed_events_of_no_transition_are_found, fsck_open_story, desk_close),
		cmocka_unit_test_setup_teardown(
			test_each_damage_is_named, fsck_open_story, desk_close),
		cmocka_unit_test_setup_teardown(
			test_damage_is_told_once, fsck_open_story, desk_close),
		cmocka_unit_test_setup_teardown(
			test_store_is_held_against_a_note, fsck_open_story, desk_close),
		cmocka_unit_test_setup_teardown(
			test_erased_transition_is_clean_when_a_statement_says_so, fsck_open_story,
			desk_close),
		cmocka_unit_test_setup_teardown(
			test_call_on_the_store_that_fails_is_an_error_and_no_fault,
			fsck_open_short_story, desk_close),
		cmocka_unit_test_setup_teardown(test_empty_store_is_clean, desk_open, desk_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
