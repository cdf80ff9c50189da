/* An honest file is verified, and every lie has a name. */
#include "audit/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/audit/world_assert.h"

static void test_honest_file_is_verified_by_anybody(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world_checkpoint(world, "HK");
	world_assert_verified(world, world_file(world, 'S'), NULL, world_nothing);
	world_assert_verified(world, world_file(world, 'H'), world_policy(world, 2), world_nothing);
	world_assert_verified(
		world, world_file(world, 'K'), NULL, world_receipt(world, world->event_count - 1));
	world_end(world);
}

static void test_event_left_out_in_the_middle_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_evidence_event *events = world_events_of(&evidence);
	memmove(&events[2], &events[3], (evidence.event_count - 3) * sizeof(*events));
	evidence.event_count--;
	world_assert_named(
		world, world_seal(world, &evidence, NULL), NULL, world_nothing, SF_FINDING_GAP, 4);
	world_end(world);
}

static void test_tail_left_out_is_named_by_a_receipt(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_view receipt = world_receipt(world, world->event_count - 1);
	uint64_t last = world->event_count;
	struct sf_evidence evidence = world_evidence(world, 'S');
	evidence.event_count--;
	/* The claim is honest about what is left, as a coordinator would make it. */
	struct sf_evidence_report *report =
		world_verify(world, world_seal(world, &evidence, NULL), NULL, world_nothing);
	struct sf_claim claim = report->found;
	struct sf_view file = world_seal(world, &evidence, &claim);
	sf_evidence_report_close(&report);
	world_assert_named(world, file, NULL, receipt, SF_FINDING_INCOMPLETE, last);
	report = world_verify(world, file, NULL, world_nothing);
	assert_true(report->verified);
	sf_evidence_report_close(&report);
	world_end(world);
}

static bool says(const struct sf_evidence_report *report, enum sf_finding_code code)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].code == code)
			return true;
	return false;
}

static void test_evidence_of_another_transition_shows_nothing_complete(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_view file = world_file(world, 'S');
	struct sf_evidence_report *report = world_verify(world, file, NULL, world_file(world, 'K'));
	assert_true(report->verified && says(report, SF_FINDING_COMPLETE));
	sf_evidence_report_close(&report);
	struct sf_evidence other = world_evidence(world, 'K');
	other.transition.bytes[0]++;
	report = world_verify(world, file, NULL, world_seal(world, &other, NULL));
	assert_true(report->verified);
	assert_false(says(report, SF_FINDING_COMPLETE));
	sf_evidence_report_close(&report);
	/* Nor does a checkpoint: it tells nothing of how many events a transition has. */
	assert_true(other.checkpoint_count > 0);
	report = world_verify(world, file, NULL, other.checkpoints[0]);
	assert_true(report->verified);
	assert_false(says(report, SF_FINDING_COMPLETE));
	sf_evidence_report_close(&report);
	world_end(world);
}

static void test_reordered_events_are_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_evidence_event *events = world_events_of(&evidence), third = events[2];
	events[2] = events[3];
	events[3] = third;
	struct sf_view file = world_seal(world, &evidence, NULL);
	world_assert_named(world, file, NULL, world_nothing, SF_FINDING_GAP, 4);
	world_assert_named(world, file, NULL, world_nothing, SF_FINDING_ORDER, 3);
	world_end(world);
}

static void test_event_that_stands_behind_another_head_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world->lie.other_head = true;
	struct sf_message message = world_message(world, 'K', SF_KIND_ARRIVED);
	message.fact.arrived.arrived_ms = world->now_ms;
	world_record(world, &message);
	world_checkpoint(world, "HK");
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing, SF_FINDING_HEAD,
		world->event_count);
	world_end(world);
}

static void test_author_that_saw_another_history_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	struct sf_message message = world_message(world, 'K', SF_KIND_ARRIVED);
	message.fact.arrived.arrived_ms = world->now_ms;
	message.seen_head.bytes[0]++;
	world_record(world, &message);
	world_checkpoint(world, "HK");
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing,
		SF_FINDING_OTHER_HISTORY, world->event_count);
	world_end(world);
}

static void test_forged_ledger_line_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_claim claim = world_claim(world);
	struct sf_claim_holder *holders = (struct sf_claim_holder *)claim.holders;
	holders[claim.holder_count - 1].party = world_id('G');
	struct sf_view file = world_seal(world, &evidence, &claim);
	struct sf_evidence_report *report = world_verify(world, file, NULL, world_nothing);
	const struct sf_finding *fault = world_fault(report, SF_FINDING_CLAIM, 0);
	assert_non_null(fault);
	assert_non_null(strstr(fault->text, "ledger line"));
	sf_evidence_report_close(&report);
	world_end(world);
}

static void test_forged_deadline_in_the_claim_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'H');
	struct sf_claim claim = world_claim(world);
	assert_true(claim.duty_count > 0);
	((struct sf_claim_duty *)claim.duties)[0].due_ms += SF_HOUR_MS;
	struct sf_view file = world_seal(world, &evidence, &claim);
	struct sf_evidence_report *report = world_verify(world, file, NULL, world_nothing);
	const struct sf_finding *fault = world_fault(report, SF_FINDING_CLAIM, 0);
	assert_non_null(fault);
	assert_non_null(strstr(fault->text, "obligation 1"));
	sf_evidence_report_close(&report);
	world_end(world);
}

static void test_wrong_deadline_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	/* The window of the hospital is said to end an hour later than it does. */
	world->lie.due_by_ms = SF_HOUR_MS;
	world_turn(world, world->now_ms + 4 * SF_DAY_MS);
	world_checkpoint(world, "HK");
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing,
		SF_FINDING_DEADLINE_WRONG, world->event_count);
	world_end(world);
}

static void test_withheld_deadline_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	struct sf_message message = world_message(world, 'K', SF_KIND_LETTER);
	world_story(world);
	world->now_ms += 4 * SF_DAY_MS;
	message.fact.letter.code = SF_LETTER_ADMISSION_REPORT;
	message.created_ms = message.occurred_ms = world->now_ms;
	world->lie.withhold = true;
	world_record(world, &message);
	world_checkpoint(world, "HK");
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing,
		SF_FINDING_DEADLINE_WITHHELD, world->event_count);
	world_end(world);
}

static void test_deadline_withheld_at_the_end_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	world->now_ms += 4 * SF_DAY_MS;
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing,
		SF_FINDING_DEADLINE_WITHHELD, 0);
	/* A party cannot know what the coordinator has recorded since. */
	world_assert_verified(world, world_file(world, 'H'), NULL, world_nothing);
	world_end(world);
}

static void test_event_under_a_swapped_key_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world->lie.signed_by_other = true;
	world_stay(world, "leave-start");
	world_checkpoint(world, "HK");
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing,
		SF_FINDING_FORGED_AUTHOR, world->event_count);
	world_end(world);
}

static void test_replaced_agreement_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	uint8_t changed[SF_ENVELOPE_SIZE_MAX / 64];
	assert_true(world->agreement.size <= sizeof(changed));
	memcpy(changed, world->agreement.data, world->agreement.size);
	struct sf_view other = sf_view_of(changed, world->agreement.size);
	/* "world" becomes "World": a text that nobody signed. */
	bool found = false;
	for (size_t i = 0; i + 5 <= other.size && !found; i++) {
		found = memcmp(&changed[i], "world", 5) == 0;
		if (found)
			changed[i] = 'W';
	}
	assert_true(found);
	evidence.agreements = &other;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing,
		SF_FINDING_AGREEMENT_MISSING, 1);
	world_end(world);
}

/* Without K's signature under the agreement it would not be bound: the claim does not follow. */
static void test_acceptance_left_out_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	evidence.statement_count = 1;
	struct sf_evidence_report *report =
		world_verify(world, world_seal(world, &evidence, NULL), NULL, world_nothing);
	assert_false(report->verified);
	sf_evidence_report_close(&report);
	world_end(world);
}

static void test_outcome_that_the_rules_do_not_give_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world->lie.outcome = true;
	struct sf_message message = world_message(world, 'K', SF_KIND_ARRIVED);
	message.fact.arrived.arrived_ms = world->now_ms;
	world_record(world, &message);
	world_checkpoint(world, "HK");
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing, SF_FINDING_OUTCOME,
		world->event_count);
	world_end(world);
}

static void test_refusals_and_resends_that_are_not_so_are_named(void **state)
{
	(void)state;
	static const enum sf_finding_code codes[] = {
		SF_FINDING_RESEND, SF_FINDING_REFUSAL, SF_FINDING_CLASS};
	for (size_t i = 0; i < SF_COUNT(codes); i++) {
		struct world *world = world_begin();
		world_story(world);
		world->lie.resend = i == 0;
		world->lie.recipient = i == 1;
		world->lie.other_class = i == 2;
		world_stay(world, "leave-start");
		world_checkpoint(world, "HK");
		world_assert_named(world, world_file(world, 'S'), NULL, world_nothing, codes[i],
			world->event_count);
		world_end(world);
	}
}

static void test_receipt_of_another_event_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_evidence_event *events = world_events_of(&evidence);
	events[1].cover = events[2].cover;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing,
		SF_FINDING_RECEIPT_OTHER, 2);
	world_end(world);
}

static void test_claim_signed_by_another_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	evidence.claim_key_id = world_party(world, 'K')->identity;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing,
		SF_FINDING_CLAIM_SIGNATURE, 0);
	world_end(world);
}

static void test_time_asked_for_ends_the_fold(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence_options options = {.crypto = &world->crypto, .env = &world->env};
	struct sf_evidence_report *report = NULL;
	options.at_ms = world->events[1].receipt.recorded_ms;
	assert_int_equal(
		sf_evidence_verify(world_file(world, 'S'), &options, &report, NULL), SF_OK);
	assert_true(report->verified);
	assert_int_equal(sf_transition_sequence(report->transition), 2);
	assert_true(report->events[1].folded);
	assert_false(report->events[2].folded);
	assert_int_equal(report->found.sequence, world->event_count);
	sf_evidence_report_close(&report);
	world_end(world);
}

/* Every byte stands under some signature. */
static void test_every_changed_byte_is_caught(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_view file = world_file(world, 'S');
	uint8_t *changed = malloc(file.size);
	assert_non_null(changed);
	memcpy(changed, file.data, file.size);
	for (size_t i = 0; i < file.size; i++) {
		changed[i] ^= (uint8_t)(1u << (i % 8));
		struct sf_evidence_report *report =
			world_verify(world, sf_view_of(changed, file.size), NULL, world_nothing);
		if (report && report->verified)
			fail_msg("byte %zu of %zu is free", i, file.size);
		sf_evidence_report_close(&report);
		changed[i] = file.data[i];
	}
	free(changed);
	world_assert_verified(world, file, NULL, world_nothing);
	world_end(world);
}

static void test_every_cut_file_is_refused(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_view file = world_file(world, 'S');
	for (size_t size = 0; size < file.size; size += 7) {
		struct sf_evidence_report *report =
			world_verify(world, sf_view_of(file.data, size), NULL, world_nothing);
		assert_null(report);
	}
	world_end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest_file_is_verified_by_anybody),
		cmocka_unit_test(test_event_left_out_in_the_middle_is_named),
		cmocka_unit_test(test_tail_left_out_is_named_by_a_receipt),
		cmocka_unit_test(test_evidence_of_another_transition_shows_nothing_complete),
		cmocka_unit_test(test_reordered_events_are_named),
		cmocka_unit_test(test_event_that_stands_behind_another_head_is_named),
		cmocka_unit_test(test_author_that_saw_another_history_is_named),
		cmocka_unit_test(test_forged_ledger_line_is_named),
		cmocka_unit_test(test_forged_deadline_in_the_claim_is_named),
		cmocka_unit_test(test_wrong_deadline_is_named),
		cmocka_unit_test(test_withheld_deadline_is_named),
		cmocka_unit_test(test_deadline_withheld_at_the_end_is_named),
		cmocka_unit_test(test_event_under_a_swapped_key_is_named),
		cmocka_unit_test(test_replaced_agreement_is_named),
		cmocka_unit_test(test_acceptance_left_out_is_named),
		cmocka_unit_test(test_outcome_that_the_rules_do_not_give_is_named),
		cmocka_unit_test(test_refusals_and_resends_that_are_not_so_are_named),
		cmocka_unit_test(test_receipt_of_another_event_is_named),
		cmocka_unit_test(test_claim_signed_by_another_is_named),
		cmocka_unit_test(test_time_asked_for_ends_the_fold),
		cmocka_unit_test(test_every_changed_byte_is_caught),
		cmocka_unit_test(test_every_cut_file_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
