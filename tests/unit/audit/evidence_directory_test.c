/* Keys that were swapped, and revocations that were held back. */
#include "audit/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/audit/world_assert.h"

/* The coordinator puts a key of its own into an entry: no registrar has signed that. */
static void test_entry_with_a_swapped_key_is_named(void **state)
{
	(void)state;
	struct world *world = world_told();
	struct sf_evidence evidence = world_evidence(world, 'S');
	struct sf_view entries[16];
	memcpy(entries, evidence.entries, evidence.entry_count * sizeof(*entries));
	uint8_t changed[4096];
	assert_true(entries[1].size <= sizeof(changed));
	memcpy(changed, entries[1].data, entries[1].size);
	bool swapped = false;
	const uint8_t *key = world_party(world, 'H')->identity_key;
	for (size_t i = 0; i + SF_PUBLIC_KEY_SIZE <= entries[1].size && !swapped; i++) {
		swapped = memcmp(&changed[i], key, SF_PUBLIC_KEY_SIZE) == 0;
		if (swapped)
			memcpy(&changed[i], world_party(world, 'S')->identity_key,
				SF_PUBLIC_KEY_SIZE);
	}
	assert_true(swapped);
	entries[1].data = changed;
	evidence.entries = entries;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing,
		SF_FINDING_DIRECTORY_ENTRY, 0);
	world_end(world);
}

static void test_other_registrar_is_named_where_one_is_pinned(void **state)
{
	(void)state;
	struct world *world = world_told();
	char *other = sf_arena_text(&world->arena, sf_view_text(world_policy(world, 1)));
	assert_non_null(other);
	char *digits = strstr(other, "registrar ");
	assert_non_null(digits);
	char own[2 * SF_PUBLIC_KEY_SIZE + 1];
	sf_hex_encode(sf_view_of(world->log_key, SF_PUBLIC_KEY_SIZE), own);
	memcpy(digits + 10, own, sizeof(own) - 1);
	world_assert_named(
		world, world_file(world, 'S'), other, world_nothing, SF_FINDING_DIRECTORY_ENTRY, 0);
	world_end(world);
}

static void revoke_identity(struct sf_directory_entry *entry)
{
	entry->keys[0].revoked_ms = WORLD_START_MS + SF_HOUR_MS;
	entry->keys[0].compromised_since_ms = WORLD_START_MS + SF_HOUR_MS;
}

static void test_event_under_a_revoked_key_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world_entry(world, 'K', revoke_identity);
	world_checkpoint(world, "HK");
	struct sf_evidence_report *report =
		world_verify(world, world_file(world, 'S'), NULL, world_nothing);
	const struct sf_finding *fault = world_fault(report, SF_FINDING_KEY_INVALID, 0);
	assert_non_null(fault);
	/* The acceptance after three hours, not what K said before. */
	assert_int_equal(fault->sequence, world->event_count);
	sf_evidence_report_close(&report);
	world_end(world);
}

static void test_withheld_revocation_is_named(void **state)
{
	(void)state;
	struct world *world = world_begin();
	world_story(world);
	world_entry(world, 'K', revoke_identity);
	world_checkpoint(world, "HK");
	struct sf_evidence evidence = world_evidence(world, 'S');
	evidence.entry_count--;
	world_assert_named(world, world_seal(world, &evidence, NULL), NULL, world_nothing,
		SF_FINDING_DIRECTORY_BEHIND, 0);
	world_end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entry_with_a_swapped_key_is_named),
		cmocka_unit_test(test_other_registrar_is_named_where_one_is_pinned),
		cmocka_unit_test(test_event_under_a_revoked_key_is_named),
		cmocka_unit_test(test_withheld_revocation_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
