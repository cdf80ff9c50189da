/* Lies to an auditor: evidence files that the coordinator makes, signs and hands out itself. */
#include <stdlib.h>
#include <string.h>

#include "audit/claim.h"
#include "sim/lies.h"

#define ARENA_SIZE (2 * SF_EVIDENCE_ARENA_SIZE)

/* A file in the hands of its maker. */
struct forging {
	struct lies *lies;
	struct sf_id transition;
	struct sf_view honest; /* as the engine made it */
	struct sf_arena arena; /* owned */
	struct sf_evidence evidence;
	struct sf_claim claim;
	struct sf_buf bytes; /* owned: of the forged file */
};

static void open_file(struct forging *forging, struct lies *lies, struct sf_id transition)
{
	*forging = (struct forging){.lies = lies, .transition = transition};
	sf_arena_init(&forging->arena, ARENA_SIZE);
	sf_buf_init(&forging->bytes, SF_EVIDENCE_SIZE_MAX);
	forging->honest = lies_export(lies, lies->region->coordinator, transition);
	lies_expect_verified(lies, forging->honest);
	assert_int_equal(
		sf_evidence_decode(forging->honest, &forging->arena, &forging->evidence, NULL),
		SF_OK);
	assert_int_equal(
		sf_claim_decode(forging->evidence.claim, &forging->arena, &forging->claim, NULL),
		SF_OK);
}

/* Signed by the coordinator, as every file of its is. */
static struct sf_view seal_file(struct forging *forging)
{
	assert_int_equal(sf_claim_seal(&forging->lies->liar.crypto,
				 forging->lies->region->coordinator->identity_key_id,
				 &forging->claim, &forging->evidence, &forging->arena),
		SF_OK);
	sf_buf_clear(&forging->bytes);
	assert_int_equal(sf_evidence_encode(&forging->evidence, &forging->bytes), SF_OK);
	return sf_buf_view(&forging->bytes);
}

static void close_file(struct forging *forging)
{
	sf_buf_fini(&forging->bytes);
	sf_arena_fini(&forging->arena);
}

static void begin(void **state, struct forging *forging)
{
	struct lies *lies = *state;
	struct sf_reply_sent sent = region_discharge(lies->region);
	region_run(lies->region, SF_MINUTE_MS);
	open_file(forging, lies, sent.transition);
	assert_true(forging->evidence.event_count > 3);
}

static void end(struct forging *forging, enum sf_finding_code code)
{
	lies_expect_fault(forging->lies, seal_file(forging), NULL, 0, code);
	close_file(forging);
}

static struct sf_evidence_event *own_events(struct forging *forging)
{
	size_t count = forging->evidence.event_count;
	struct sf_evidence_event *events =
		sf_arena_take_many(&forging->arena, count, sizeof(*events));
	assert_non_null(events);
	memcpy(events, forging->evidence.events, count * sizeof(*events));
	forging->evidence.events = events;
	return events;
}

static void test_wrong_holder_is_named_claim(void **state)
{
	struct forging forging;
	begin(state, &forging);
	struct sf_claim_holder *holders =
		sf_arena_take_many(&forging.arena, forging.claim.holder_count, sizeof(*holders));
	assert_non_null(holders);
	memcpy(holders, forging.claim.holders, forging.claim.holder_count * sizeof(*holders));
	holders[0].party = forging.lies->region->gp->party;
	forging.claim.holders = holders;
	end(&forging, SF_FINDING_CLAIM);
}

static void test_wrong_deadline_is_named_claim(void **state)
{
	struct forging forging;
	begin(state, &forging);
	assert_true(forging.claim.duty_count > 0);
	struct sf_claim_duty *duties =
		sf_arena_take_many(&forging.arena, forging.claim.duty_count, sizeof(*duties));
	assert_non_null(duties);
	memcpy(duties, forging.claim.duties, forging.claim.duty_count * sizeof(*duties));
	duties[0].due_ms += SF_HOUR_MS;
	forging.claim.duties = duties;
	end(&forging, SF_FINDING_CLAIM);
}

static void test_event_left_out_is_named_gap(void **state)
{
	struct forging forging;
	begin(state, &forging);
	struct sf_evidence_event *events = own_events(&forging);
	size_t count = --forging.evidence.event_count;
	memmove(&events[1], &events[2], (count - 1) * sizeof(*events));
	end(&forging, SF_FINDING_GAP);
}

static void test_events_swapped_are_named_order(void **state)
{
	struct forging forging;
	begin(state, &forging);
	struct sf_evidence_event *events = own_events(&forging);
	const struct sf_evidence_event first = events[0];
	events[0] = events[1];
	events[1] = first;
	end(&forging, SF_FINDING_ORDER);
}

/* A file that ends early and claims what then follows: it holds until somebody shows more. */
static void test_tail_left_out_is_incomplete_against_what_a_party_holds(void **state)
{
	struct forging forging;
	begin(state, &forging);
	struct lies *lies = forging.lies;
	const struct sf_view supplied =
		lies_export(lies, lies->region->municipality, forging.transition);
	forging.evidence.event_count--;
	struct sf_evidence_report *report = lies_verify(lies, seal_file(&forging), NULL, 0);
	assert_false(report->verified);
	forging.claim = report->found;
	struct sf_view file = seal_file(&forging);
	sf_evidence_report_close(&report);
	lies_expect_verified(lies, file);
	lies_expect_fault(lies, file, &supplied, 1, SF_FINDING_INCOMPLETE);
	close_file(&forging);
}

/* Another outcome for the last event, signed anew. */
static void change_last(struct forging *forging)
{
	struct sf_evidence_event *events = own_events(forging);
	struct sf_evidence_event *last = &events[forging->evidence.event_count - 1];
	struct sf_receipt receipt;
	assert_int_equal(sf_receipt_decode(last->receipt.receipt, &receipt, NULL), SF_OK);
	receipt.recorded_ms++;
	last->receipt = sf_sim_liar_receipt(&forging->lies->liar, &receipt);
}

static void test_changed_event_is_not_included(void **state)
{
	struct forging forging;
	begin(state, &forging);
	change_last(&forging);
	end(&forging, SF_FINDING_INCLUSION);
}

static void test_two_auditors_together_find_the_fork(void **state)
{
	struct forging forging;
	begin(state, &forging);
	change_last(&forging);
	struct sf_view file = seal_file(&forging);
	lies_expect_fault(forging.lies, file, &forging.honest, 1, SF_FINDING_FORK);
	close_file(&forging);
}

/* A log of its own for this file: a checkpoint that the log signed, and nobody else has seen. */
static void test_own_checkpoint_is_a_fork_against_any_other(void **state)
{
	struct forging forging;
	begin(state, &forging);
	struct sf_sim_liar *liar = &forging.lies->liar;
	struct sf_view *notes = sf_arena_take_many(
		&forging.arena, forging.evidence.checkpoint_count, sizeof(*notes));
	assert_non_null(notes);
	size_t last = forging.evidence.checkpoint_count - 1;
	memcpy(notes, forging.evidence.checkpoints, (last + 1) * sizeof(*notes));
	struct sf_checkpoint checkpoint = sf_sim_liar_read(notes[last]);
	checkpoint.root.bytes[0] ^= 1;
	notes[last] =
		sf_sim_liar_sign(liar, &checkpoint, forging.lies->region->coordinator->log_key_id);
	forging.evidence.checkpoints = notes;
	struct sf_view file = seal_file(&forging);
	lies_expect_fault(forging.lies, file, NULL, 0, SF_FINDING_INCLUSION);
	lies_expect_fault(forging.lies, file, &forging.honest, 1, SF_FINDING_FORK);
	close_file(&forging);
}

static void test_entries_held_back_are_named_directory_behind(void **state)
{
	struct forging forging;
	begin(state, &forging);
	forging.evidence.entry_count--;
	end(&forging, SF_FINDING_DIRECTORY_BEHIND);
}

static void test_entry_of_no_registrar_is_named_directory_entry(void **state)
{
	struct forging forging;
	begin(state, &forging);
	size_t count = forging.evidence.entry_count;
	struct sf_view *entries = sf_arena_take_many(&forging.arena, count, sizeof(*entries));
	assert_non_null(entries);
	memcpy(entries, forging.evidence.entries, count * sizeof(*entries));
	struct sf_view changed = sf_arena_copy(&forging.arena, entries[count - 1]);
	uint8_t *bytes = (uint8_t *)(uintptr_t)changed.data;
	bytes[changed.size - 1] ^= 1; /* of a registrar's signature */
	entries[count - 1] = changed;
	forging.evidence.entries = entries;
	end(&forging, SF_FINDING_DIRECTORY_ENTRY);
}

static void test_agreement_left_out_is_named_agreement_missing(void **state)
{
	struct forging forging;
	begin(state, &forging);
	assert_true(forging.evidence.agreement_count > 0);
	forging.evidence.agreement_count = 0;
	end(&forging, SF_FINDING_AGREEMENT_MISSING);
}

int lies_about_evidence(void)
{
	const struct CMUnitTest tests[] = {
		LIE(test_wrong_holder_is_named_claim),
		LIE_SIGNED(test_wrong_deadline_is_named_claim),
		LIE(test_event_left_out_is_named_gap),
		LIE(test_events_swapped_are_named_order),
		LIE(test_tail_left_out_is_incomplete_against_what_a_party_holds),
		LIE(test_changed_event_is_not_included),
		LIE(test_two_auditors_together_find_the_fork),
		LIE(test_own_checkpoint_is_a_fork_against_any_other),
		LIE(test_entries_held_back_are_named_directory_behind),
		LIE(test_entry_of_no_registrar_is_named_directory_entry),
		LIE_SIGNED(test_agreement_left_out_is_named_agreement_missing),
	};
	return cmocka_run_group_tests_name("sim/lies: in evidence", tests, NULL, NULL);
}
