/* Receipts of keys that are no longer believed, statements out of their order, files that say they
 * were made before what is in them. */
#include "audit/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/audit/world_assert.h"

static void revoke_identity(struct sf_directory_entry *entry)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		struct sf_directory_key *key = &entry->keys[i];
		if (key->use != SF_KEY_USE_IDENTITY)
			continue;
		key->revoked_ms = WORLD_START_MS + SF_DAY_MS;
		key->compromised_since_ms = WORLD_START_MS - SF_DAY_MS;
	}
}

/* What an older entry said of the key is no longer so. */
static void test_receipt_under_a_revoked_key_of_the_coordinator_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world_entry(world, 'S', revoke_identity);
	world_checkpoint(world, "HK");
	world_assert_named(
		world, world_file(world, 'H'), NULL, world_nothing, SF_FINDING_RECEIPT, 1);
	world_assert_named(world, world_file(world, 'H'), world_policy(world, 2), world_nothing,
		SF_FINDING_RECEIPT, 1);
	world_end(world);
}

static void test_receipt_stands_after_new_entries_of_the_coordinator(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	for (size_t i = 0; i < 4; i++)
		world_entry(world, 'S', NULL);
	world_checkpoint(world, "HK");
	world_assert_verified(world, world_file(world, 'H'), NULL, world_nothing);
	world_end(world);
}

/* Nothing proves these events, and nothing would ever be overdue before they happened. */
static void test_file_made_before_its_unproven_events_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_checkpoint(world, "HK");
	world_story(world);
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_view file = world_seal(world, &evidence, NULL);
	evidence.made_ms = WORLD_START_MS - SF_DAY_MS;
	struct sf_evidence other = evidence;
	struct sf_view early = world_seal(world, &other, NULL);
	struct sf_evidence_report *report = world_verify(world, file, NULL, world_nothing);
	assert_null(world_fault(report, SF_FINDING_ORDER, 0));
	sf_evidence_report_close(&report);
	world_assert_named(world, early, NULL, world_nothing, SF_FINDING_UNPROVEN, 1);
	world_end(world);
}

static struct sf_evidence_event *statements_of(struct sf_evidence *evidence)
{
	return (struct sf_evidence_event *)evidence->statements;
}

/* An end before its acceptance would end nothing. */
static void test_statements_out_of_their_order_are_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_evidence_event *statements = statements_of(&evidence);
	assert_true(evidence.statement_count >= 2);
	const struct sf_evidence_event first = statements[0];
	statements[0] = statements[evidence.statement_count - 1];
	statements[evidence.statement_count - 1] = first;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing,
		SF_FINDING_ORDER, 0);
	world_end(world);
}

/* An acceptance that is said again behind its end would last for ever. */
static void test_statement_that_stands_twice_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_evidence_event *statements = statements_of(&evidence);
	assert_true(evidence.statement_count >= 2);
	statements[evidence.statement_count] = statements[evidence.statement_count - 1];
	evidence.statement_count++;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing,
		SF_FINDING_ORDER, 0);
	world_end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_receipt_under_a_revoked_key_of_the_coordinator_is_named),
		cmocka_unit_test(test_receipt_stands_after_new_entries_of_the_coordinator),
		cmocka_unit_test(test_file_made_before_its_unproven_events_is_named),
		cmocka_unit_test(test_statements_out_of_their_order_are_named),
		cmocka_unit_test(test_statement_that_stands_twice_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
