/* Checkpoints, witnesses, forks and proofs. */
#include "audit/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/audit/world_assert.h"

static void test_fork_shown_to_two_auditors_is_named(void **state)
{
	(void)state;
	/* Up to the discharge both were told the same; then one is told of an acceptance. */
	struct world *first = world_begin(), *second = world_begin();
	world_story(first);
	world_story(second);
	world_stay(first, "leave-start");
	struct sf_message message = world_message(second, 'K', SF_KIND_ARRIVED);
	message.fact.arrived.arrived_ms = second->now_ms;
	world_record(second, &message);
	world_checkpoint(first, "H");
	world_checkpoint(second, "K");
	struct sf_view one = world_file(first, 'H'), other = world_file(second, 'K');
	world_assert_verified(first, one, NULL, world_nothing);
	world_assert_verified(second, other, NULL, world_nothing);
	world_assert_named(first, one, NULL, other, SF_FINDING_FORK, first->event_count);
	/* A checkpoint alone tells it, too. */
	world_assert_named(first, one, NULL, second->checkpoints[0], SF_FINDING_FORK, 0);
	world_end(second);
	world_end(first);
}

static void test_two_trees_of_one_size_in_one_file_are_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	world->checkpoints[world->checkpoint_count++] = world_fork(world);
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing, SF_FINDING_FORK, 0);
	world_end(world);
}

static void test_event_that_is_not_where_its_receipt_says_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	/* The coordinator gave H a receipt, and put something else into the log. */
	world->leaves[world->events[2].receipt.leaf_index].bytes[0]++;
	world_checkpoint(world, "HK");
	world_assert_named(
		world, world_file(world, 'S'), NULL, world_nothing, SF_FINDING_INCLUSION, 3);
	world_end(world);
}

static void test_events_that_are_not_proven_are_pending_and_then_faults(void **state)
{
	(void)state;
	struct world *world = world_told();
	world_stay(world, "leave-start");
	struct sf_evidence_report *report =
		world_verify(world, world_file(world, 'S'), NULL, world_nothing);
	assert_true(report->verified);
	assert_true(report->remark_count > 0);
	assert_null(report->events[report->event_count - 1].checkpoint);
	sf_evidence_report_close(&report);
	world->now_ms += SF_EVIDENCE_PENDING_MS_MAX;
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing, SF_FINDING_UNPROVEN,
		world->event_count);
	world_end(world);
}

static void test_policy_asks_for_its_quorum(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world_checkpoint(world, "H");
	struct sf_view file = world_file(world, 'S');
	world_assert_verified(world, file, world_policy(world, 1), world_nothing);
	world_assert_named(
		world, file, world_policy(world, 2), world_nothing, SF_FINDING_QUORUM, 0);
	world_end(world);
}

static void test_checkpoint_that_the_log_did_not_sign_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_view note = world->checkpoints[0];
	uint8_t *bytes = (uint8_t *)note.data;
	/* The size in its second line. */
	uint8_t *line = memchr(bytes, '\n', note.size);
	assert_non_null(line);
	line[1] = line[1] == '9' ? '8' : (uint8_t)(line[1] + 1);
	world_assert_named(world, world_file(world, 'S'), NULL, world_nothing,
		SF_FINDING_CHECKPOINT_SIGNATURE, 0);
	world->checkpoint_count = 0;
	world_assert_named(
		world, world_file(world, 'S'), NULL, world_nothing, SF_FINDING_NO_CHECKPOINT, 0);
	world_end(world);
}

/* The file with these records of epochs is not verified, for that reason. */
static void assert_epochs(
	struct world *world, const struct sf_view *records, size_t count, enum sf_finding_code code)
{
	struct sf_evidence evidence = world_evidence(world, 'S');
	evidence.epochs = records;
	evidence.epoch_count = count;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing, code, 0);
}

static void test_epoch_that_no_registrar_declared_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_epoch epoch = world_lost_tail(world, 0);
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_view record = world_epoch(world, &epoch, world->registrar);
	evidence.epochs = &record;
	evidence.epoch_count = 1;
	world_assert_verified(world, world_seal(world, &evidence, NULL), NULL, world_nothing);
	record = world_epoch(world, &epoch, world_party(world, 'S')->identity);
	assert_epochs(world, &record, 1, SF_FINDING_EPOCH);
	world_end(world);
}

/* One record allows for one epoch: the next. */
static void test_epoch_record_that_stands_twice_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_epoch epoch = world_lost_tail(world, 0);
	struct sf_view records[2];
	records[0] = records[1] = world_epoch(world, &epoch, world->registrar);
	assert_epochs(world, records, 2, SF_FINDING_EPOCH);
	epoch.old_origin = sf_view_text(WORLD_LOG "/2");
	epoch.origin = sf_view_text(WORLD_LOG "/3");
	records[0] = world_epoch(world, &epoch, world->registrar);
	assert_epochs(world, records, 1, SF_FINDING_EPOCH);
	world_end(world);
}

/* The registrar was told of another tree than the log has signed, or of another log. */
static void test_epoch_that_stands_on_another_tree_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_epoch epoch = world_lost_tail(world, 0);
	epoch.old_note = world_fork(world);
	struct sf_view record = world_epoch(world, &epoch, world->registrar);
	assert_epochs(world, &record, 1, SF_FINDING_FORK);
	world_end(world);
}

/* A signature of the log that somebody changed. */
static void test_epoch_with_a_note_that_the_log_did_not_sign_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_epoch epoch = world_lost_tail(world, 0);
	struct sf_view note = sf_arena_copy(&world->arena, epoch.old_note);
	uint8_t *root = (uint8_t *)strchr((const char *)note.data, '\n');
	assert_non_null(root);
	root = (uint8_t *)strchr((const char *)root + 1, '\n') + 1;
	*root = *root == 'A' ? 'B' : 'A';
	epoch.old_note = note;
	struct sf_view record = world_epoch(world, &epoch, world->registrar);
	assert_epochs(world, &record, 1, SF_FINDING_EPOCH);
	world_end(world);
}

/* What was lost is void: who shows it as if it stood is told so, event by event. */
static void test_event_of_a_lost_tail_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	world_stay(world, "leave-start");
	world_checkpoint(world, "HK");
	struct sf_epoch epoch = world_lost_tail(world, 0);
	struct sf_view record = world_epoch(world, &epoch, world->registrar);
	struct sf_evidence evidence = world_evidence(world, 'S');
	evidence.epochs = &record;
	evidence.epoch_count = 1;
	struct sf_view file = world_seal(world, &evidence, NULL);
	world_assert_named(world, file, NULL, world_nothing, SF_FINDING_EPOCH, world->event_count);
	struct sf_evidence_report *report = world_verify(world, file, NULL, world_nothing);
	assert_null(world_fault(report, SF_FINDING_EPOCH, world->event_count - 1));
	sf_evidence_report_close(&report);
	world_end(world);
}

static int64_t compromised_ms;

static void revoke_log(struct sf_directory_entry *entry)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		if (entry->keys[i].use != SF_KEY_USE_LOG)
			continue;
		entry->keys[i].revoked_ms = WORLD_START_MS + 300 * SF_DAY_MS;
		entry->keys[i].compromised_since_ms = compromised_ms;
	}
}

/* What a thief signs, nobody has seen in time. */
static void test_checkpoint_under_a_revoked_key_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	compromised_ms = WORLD_START_MS - SF_DAY_MS;
	world_entry(world, 'S', revoke_log);
	world_checkpoint(world, "HK");
	world_assert_named(world, world_file(world, 'H'), NULL, world_nothing,
		SF_FINDING_CHECKPOINT_SIGNATURE, 0);
	world_assert_named(world, world_file(world, 'H'), world_policy(world, 2), world_nothing,
		SF_FINDING_CHECKPOINT_SIGNATURE, 0);
	world_end(world);
}

static void test_checkpoint_stands_that_was_seen_before_its_key_was_stolen(void **state)
{
	(void)state;
	struct world *world = world_told();
	compromised_ms = world->now_ms + SF_DAY_MS;
	world_entry(world, 'S', revoke_log);
	world_assert_verified(world, world_file(world, 'H'), NULL, world_nothing);
	world_end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_epoch_that_no_registrar_declared_is_named),
		cmocka_unit_test(test_epoch_record_that_stands_twice_is_named),
		cmocka_unit_test(test_epoch_that_stands_on_another_tree_is_named),
		cmocka_unit_test(test_epoch_with_a_note_that_the_log_did_not_sign_is_named),
		cmocka_unit_test(test_event_of_a_lost_tail_is_named),
		cmocka_unit_test(test_checkpoint_under_a_revoked_key_is_named),
		cmocka_unit_test(test_checkpoint_stands_that_was_seen_before_its_key_was_stolen),
		cmocka_unit_test(test_fork_shown_to_two_auditors_is_named),
		cmocka_unit_test(test_two_trees_of_one_size_in_one_file_are_named),
		cmocka_unit_test(test_event_that_is_not_where_its_receipt_says_is_named),
		cmocka_unit_test(test_events_that_are_not_proven_are_pending_and_then_faults),
		cmocka_unit_test(test_policy_asks_for_its_quorum),
		cmocka_unit_test(test_checkpoint_that_the_log_did_not_sign_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
