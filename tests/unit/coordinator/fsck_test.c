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
#include "coordinator/fsck.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

#define LETTERS 262 /* more leaves than a tile has */

struct findings {
	size_t counts[SF_FSCK_KIND_COUNT];
	char first[512]; /* "where: detail" */
};

static void keep_fault(void *context, const struct sf_fsck_fault *fault)
{
	struct findings *findings = context;
	findings->counts[fault->kind]++;
	if (!findings->first[0])
		snprintf(findings->first, sizeof(findings->first), "%s: %s: %s",
			sf_fsck_word(fault->kind), fault->where, fault->detail);
}

static const struct sf_store *store_of(const struct desk *desk)
{
	return sf_memory_port(desk->coordinator->memory);
}

static struct sf_fsck_report check_against(
	struct desk *desk, struct sf_view note, struct findings *findings)
{
	const struct sf_fsck_options options = {.crypto = desk_crypto(desk->coordinator),
		.env = desk->coordinator->turn.env,
		.store = store_of(desk),
		.registrars = &desk->coordinator->coordinator->options.registrars,
		.against = note,
		.found = keep_fault,
		.context = findings};
	struct sf_fsck_report report;
	struct sf_diag diag = {""};
	*findings = (struct findings){.first = ""};
	enum sf_err err = sf_fsck_run(&options, &report, &diag);
	assert_string_equal(diag.text, "");
	assert_int_equal(err, SF_OK);
	return report;
}

static struct findings check(struct desk *desk)
{
	struct findings findings;
	struct sf_fsck_report report = check_against(desk, sf_view_of(NULL, 0), &findings);
	size_t count = 0;
	for (size_t i = 0; i < SF_FSCK_KIND_COUNT; i++)
		count += findings.counts[i];
	assert_int_equal(report.faults, count);
	sf_fsck_report_fini(&report);
	return findings;
}

/* Signed by signer under the key that the directory has for the log, or that it has not. */
static struct sf_view sign_note(
	struct desk *desk, const struct sf_checkpoint *checkpoint, bool by_the_log)
{
	const struct sf_sim_machine *signer = by_the_log ? desk->coordinator : desk->hospital;
	const struct sf_crypto crypto = desk_crypto(signer);
	struct sf_note_key key;
	struct sf_buf text, line, note;
	sf_buf_init(&text, SF_CHECKPOINT_TEXT_SIZE);
	sf_buf_init(&line, SF_NOTE_LINE_SIZE);
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	assert_int_equal(sf_checkpoint_format(checkpoint, &text), SF_OK);
	assert_int_equal(sf_note_key_make(&crypto, checkpoint->origin, SF_NOTE_KEY_ED25519,
				 by_the_log ? signer->log_key : signer->identity_key, &key),
		SF_OK);
	assert_int_equal(
		sf_note_sign(&crypto, by_the_log ? signer->log_key_id : signer->identity_key_id,
			&key, sf_buf_view(&text), 0, &line),
		SF_OK);
	assert_int_equal(sf_buf_append(&note, sf_buf_view(&text)), SF_OK);
	assert_int_equal(sf_buf_append_text(&note, "\n"), SF_OK);
	assert_int_equal(sf_buf_append(&note, sf_buf_view(&line)), SF_OK);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&note));
	sf_buf_fini(&text);
	sf_buf_fini(&line);
	sf_buf_fini(&note);
	return kept;
}

static void cosign(struct desk *desk, const struct sf_sim_machine *witness)
{
	const struct sf_crypto crypto = desk_crypto(witness);
	const struct sf_coordinator_log *log = &desk->coordinator->coordinator->log;
	struct sf_note *note = calloc(1, sizeof(*note));
	struct sf_note_key key;
	char name[SF_WITNESS_NAME_SIZE];
	struct sf_buf line;
	sf_buf_init(&line, SF_NOTE_LINE_SIZE);
	assert_non_null(note);
	assert_int_equal(sf_note_parse(sf_buf_view(&log->note), note, NULL), SF_OK);
	sf_witness_name(witness->party, name);
	assert_int_equal(sf_note_key_make(&crypto, name, SF_NOTE_KEY_COSIGNATURE,
				 witness->witness_key, &key),
		SF_OK);
	assert_int_equal(
		sf_note_sign(&crypto, witness->witness_key_id, &key, note->text, 1795000000, &line),
		SF_OK);
	const struct sf_frame frame = {.kind = SF_FRAME_COSIGN,
		.log = {.epoch = 1, .size = log->size, .line = sf_buf_view(&line)}};
	desk_say(desk, witness, &frame);
	desk_turn(desk);
	sf_buf_fini(&line);
	free(note);
}

/* A stay with a letter that is answered, a tile of other facts, and a witness. */
static int open_story(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	struct desk_letter parties = desk_parties(desk, false);
	desk_record(desk, &parties);
	struct desk_letter admission = desk_admission(desk);
	desk_record(desk, &admission);
	struct desk_letter answer = desk_answer(desk, desk->municipality, &admission, SF_ACK_OK);
	desk_record(desk, &answer);
	struct desk_letter request = desk_letter(desk, desk->hospital, SF_KIND_OBLIGATION);
	request.message.fact.obligation = (struct sf_obligation_fact){.action = SF_TASK_REQUEST,
		.duty = SF_DUTY_HOME_CARE,
		.owner = SF_ROLE_MUNICIPALITY,
		.due_ms = desk->world.now_ms + SF_DAY_MS};
	desk_record(desk, &request);
	struct desk_letter again = desk_again(desk, &admission);
	desk_record(desk, &again);
	desk_sign(desk);
	cosign(desk, desk->hospital);
	for (int i = 0; i < LETTERS; i++) {
		struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
		letter.message.transition = (struct sf_id){{0}};
		desk_record(desk, &letter);
	}
	desk_sign(desk);
	return 0;
}

static void test_sound_store_is_clean(void **state)
{
	struct desk *desk = *state;
	struct findings findings;
	struct sf_fsck_report report = check_against(desk, sf_view_of(NULL, 0), &findings);
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

/* --- Damage, one at a time -------------------------------------------------------------------- */

/* The leaf of event number sequence of the desk's transition. */
static struct sf_row_event event_of(struct desk *desk, int64_t sequence)
{
	const struct sf_store *store = store_of(desk);
	struct sf_row_event row = {.transition = desk->transition, .sequence = sequence};
	assert_int_equal(
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &row, NULL), SF_OK);
	assert_int_equal(sf_coordinator_keep_event(desk->coordinator->coordinator, &row), SF_OK);
	return row;
}

static void put(struct desk *desk, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = store_of(desk);
	assert_int_equal(store->replace(store->self, table, row, NULL), SF_OK);
}

static void drop(struct desk *desk, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = store_of(desk);
	assert_int_equal(store->remove(store->self, table, row, NULL), SF_OK);
}

static void get(struct desk *desk, const struct sf_table *table, void *row)
{
	const struct sf_store *store = store_of(desk);
	assert_int_equal(store->get(store->self, table, 0, row, NULL), SF_OK);
}

static struct sf_view flip_last(struct desk *desk, struct sf_view bytes)
{
	struct sf_view copy = sf_arena_copy(&desk->arena, bytes);
	assert_true(copy.size > 0);
	((uint8_t *)copy.data)[copy.size - 1] ^= 1;
	return copy;
}

static void lose_leaf(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	drop(desk, &sf_table_event, &row);
}

static void change_leaf(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.leaf = flip_last(desk, row.leaf);
	put(desk, &sf_table_event, &row);
}

static void change_code(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.code = 7;
	put(desk, &sf_table_event, &row);
}

static void change_time(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.recorded_ms = 1;
	put(desk, &sf_table_event, &row);
}

static void swap_cover(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2), other = event_of(desk, 1);
	row.cover = other.cover;
	put(desk, &sf_table_event, &row);
}

static void cut_cover(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.cover.size--;
	put(desk, &sf_table_event, &row);
}

static void change_cover(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.cover = flip_last(desk, row.cover);
	put(desk, &sf_table_event, &row);
}

static void swap_receipt(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2), other = event_of(desk, 1);
	row.receipt = other.receipt;
	row.receipt_index = other.receipt_index;
	row.receipt_count = other.receipt_count;
	row.receipt_path = other.receipt_path;
	row.receipt_signature = other.receipt_signature;
	put(desk, &sf_table_event, &row);
}

static void change_receipt_signature(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.receipt_signature = flip_last(desk, row.receipt_signature);
	put(desk, &sf_table_event, &row);
}

static void lose_envelope(struct desk *desk)
{
	const struct sf_row_event event = event_of(desk, 2);
	const struct sf_row_envelope row = {.envelope_id = event.envelope_id};
	drop(desk, &sf_table_envelope, &row);
}

static void lose_message(struct desk *desk)
{
	const struct sf_row_event event = event_of(desk, 2);
	const struct sf_row_message row = {.author = event.author, .message_id = event.message_id};
	drop(desk, &sf_table_message, &row);
}

static void change_head(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.head.bytes[0] ^= 1;
	put(desk, &sf_table_event, &row);
}

static void blind(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 2);
	row.r = (struct sf_digest){{0}};
	row.cover = row.receipt = sf_view_of("", 0);
	put(desk, &sf_table_event, &row);
}

static void lose_entry(struct desk *desk)
{
	const struct sf_row_entry row = {.version = 2};
	drop(desk, &sf_table_entry, &row);
}

static void change_entry(struct desk *desk)
{
	struct sf_row_entry row = {.version = 2};
	get(desk, &sf_table_entry, &row);
	row.record = flip_last(desk, row.record);
	put(desk, &sf_table_entry, &row);
}

static void lose_tile(struct desk *desk)
{
	const struct sf_row_tile row = {.epoch = 1};
	drop(desk, &sf_table_tile, &row);
}

static void change_tile(struct desk *desk)
{
	struct sf_row_tile row = {.epoch = 1, .level = 1};
	get(desk, &sf_table_tile, &row);
	row.hashes = flip_last(desk, row.hashes);
	put(desk, &sf_table_tile, &row);
}

static void add_tile(struct desk *desk)
{
	const struct sf_row_tile row = {.epoch = 1, .position = 9, .hashes = sf_view_of("", 0)};
	put(desk, &sf_table_tile, &row);
}

static struct sf_row_checkpoint newest(struct desk *desk)
{
	struct sf_row_checkpoint row = {
		.epoch = 1, .size = (int64_t)desk->coordinator->coordinator->log.size};
	get(desk, &sf_table_checkpoint, &row);
	row.note = sf_arena_copy(&desk->arena, row.note);
	return row;
}

static void change_root(struct desk *desk)
{
	struct sf_row_checkpoint row = newest(desk);
	row.root.bytes[0] ^= 1;
	put(desk, &sf_table_checkpoint, &row);
}

static void change_note(struct desk *desk)
{
	struct sf_row_checkpoint row = newest(desk);
	((uint8_t *)row.note.data)[row.note.size - 8] ^= 1;
	put(desk, &sf_table_checkpoint, &row);
}

/* Of a log that lied: both row and note say so. */
static void sign_another_root(struct desk *desk)
{
	struct sf_row_checkpoint row = newest(desk);
	struct sf_checkpoint checkpoint = desk_open_note(desk, row.note);
	checkpoint.root.bytes[0] ^= 1;
	row.root = checkpoint.root;
	row.note = sign_note(desk, &checkpoint, true);
	put(desk, &sf_table_checkpoint, &row);
}

static void sign_another_directory(struct desk *desk)
{
	struct sf_row_checkpoint row = newest(desk);
	struct sf_checkpoint checkpoint = desk_open_note(desk, row.note);
	checkpoint.directory_head.bytes[0] ^= 1;
	row.note = sign_note(desk, &checkpoint, true);
	put(desk, &sf_table_checkpoint, &row);
}

static bool first_cosignature(void *context, const void *row)
{
	struct sf_row_cosignature *kept = context;
	*kept = *(const struct sf_row_cosignature *)row;
	return false;
}

static void give_cosignature_away(struct desk *desk)
{
	const struct sf_store *store = store_of(desk);
	const struct sf_scan scan = {.table = &sf_table_cosignature};
	struct sf_row_cosignature row = {.epoch = 0};
	assert_int_equal(store->scan(store->self, &scan, first_cosignature, &row, NULL), SF_OK);
	get(desk, &sf_table_cosignature, &row);
	row.party = desk->municipality->party;
	put(desk, &sf_table_cosignature, &row);
}

static void change_counter(struct desk *desk)
{
	const struct sf_row_counter row = {SF_COUNTER_LEAF, desk_leaves(desk) - 1};
	put(desk, &sf_table_counter, &row);
}

static void change_role(struct desk *desk)
{
	struct sf_row_event row = event_of(desk, 1);
	row.author_role = SF_ROLE_GP;
	put(desk, &sf_table_event, &row);
}

static struct sf_row_transition transition_of(struct desk *desk)
{
	struct sf_row_transition row = {.id = desk->transition};
	get(desk, &sf_table_transition, &row);
	return row;
}

static void change_state(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.state++;
	put(desk, &sf_table_transition, &row);
}

static void change_stay(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.stay_state++;
	put(desk, &sf_table_transition, &row);
}

static void change_summary(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.summary.bytes[0] ^= 1;
	put(desk, &sf_table_transition, &row);
}

static void lose_transition(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	drop(desk, &sf_table_transition, &row);
}

static void invent_transition(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.id = desk_id(desk);
	put(desk, &sf_table_transition, &row);
}

static void stop_timer(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	assert_true(row.timed);
	row.due_ms++;
	put(desk, &sf_table_transition, &row);
}

static void lose_statement(struct desk *desk)
{
	const struct sf_row_statement row = {.leaf_index = 100000};
	put(desk, &sf_table_statement, &row);
}

static void cut_tail(struct desk *desk)
{
	const struct sf_row_event row = {.leaf_index = desk_leaves(desk) - 1};
	drop(desk, &sf_table_event, &row);
}

static void test_each_damage_is_named(void **state)
{
	static const struct {
		void (*damage)(struct desk *desk);
		enum sf_fsck_kind kind;
	} cases[] = {
		{lose_leaf, SF_FSCK_LEAF_MISSING},
		{lose_leaf, SF_FSCK_SEQUENCE},
		{lose_leaf, SF_FSCK_CHECKPOINT},
		{change_leaf, SF_FSCK_LEAF},
		{change_leaf, SF_FSCK_HEAD},
		{change_leaf, SF_FSCK_TILE},
		{change_code, SF_FSCK_LEAF},
		{change_code, SF_FSCK_OUTCOME},
		{change_time, SF_FSCK_TIME},
		{swap_cover, SF_FSCK_COVER},
		{cut_cover, SF_FSCK_COVER},
		{change_cover, SF_FSCK_AUTHOR},
		{swap_receipt, SF_FSCK_RECEIPT},
		{change_receipt_signature, SF_FSCK_SIGNATURE},
		{lose_envelope, SF_FSCK_ENVELOPE_ROW},
		{lose_message, SF_FSCK_MESSAGE_ROW},
		{change_head, SF_FSCK_HEAD},
		{blind, SF_FSCK_ERASED},
		{lose_entry, SF_FSCK_DIRECTORY},
		{change_entry, SF_FSCK_DIRECTORY},
		{lose_tile, SF_FSCK_TILE},
		{change_tile, SF_FSCK_TILE},
		{add_tile, SF_FSCK_TILE},
		{change_root, SF_FSCK_CHECKPOINT_NOTE},
		{change_note, SF_FSCK_CHECKPOINT_NOTE},
		{sign_another_root, SF_FSCK_CHECKPOINT},
		{sign_another_directory, SF_FSCK_DIRECTORY},
		{give_cosignature_away, SF_FSCK_COSIGNATURE},
		{change_counter, SF_FSCK_COUNTER},
		{change_role, SF_FSCK_OUTCOME},
		{change_state, SF_FSCK_TRANSITION_ROW},
		{change_stay, SF_FSCK_TRANSITION_ROW},
		{change_summary, SF_FSCK_TRANSITION_ROW},
		{lose_transition, SF_FSCK_TRANSITION_ROW},
		{invent_transition, SF_FSCK_TRANSITION_ROW},
		{stop_timer, SF_FSCK_TIMER},
		{lose_statement, SF_FSCK_AGREEMENTS},
		{cut_tail, SF_FSCK_CHECKPOINT},
		{cut_tail, SF_FSCK_COUNTER},
	};
	struct desk *desk = *state;
	const struct sf_store *store = store_of(desk);
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		cases[i].damage(desk);
		struct findings findings = check(desk);
		store->rollback(store->self);
		if (findings.counts[cases[i].kind] == 0)
			fail_msg("case %zu: no %s; first: %s", i, sf_fsck_word(cases[i].kind),
				findings.first);
	}
	assert_string_equal(check(desk).first, "");
}

/* What is damaged in one place is told of in that place, not all over the store. */
static void test_damage_is_told_once(void **state)
{
	struct desk *desk = *state;
	const struct sf_store *store = store_of(desk);
	static void (*const damages[])(struct desk * desk) = {change_receipt_signature,
		lose_envelope, lose_message, lose_tile, give_cosignature_away, change_counter,
		change_state, stop_timer, sign_another_directory};
	for (size_t i = 0; i < SF_COUNT(damages); i++) {
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		damages[i](desk);
		struct findings findings = check(desk);
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
	struct findings findings;
	struct sf_fsck_report report = check_against(desk, note, &findings);
	assert_int_equal(report.verdict, verdict);
	assert_int_equal(report.missing, missing);
	assert_int_equal(report.faults == 0, verdict == SF_FSCK_HOLDS);
	sf_fsck_report_fini(&report);
}

static void test_store_is_held_against_a_note(void **state)
{
	struct desk *desk = *state;
	struct sf_view note = newest(desk).note;
	struct sf_checkpoint checkpoint = desk_open_note(desk, note);
	expect_verdict(desk, note, SF_FSCK_HOLDS, 0);
	checkpoint.size += 3;
	expect_verdict(desk, sign_note(desk, &checkpoint, true), SF_FSCK_IS_BEHIND, 3);
	checkpoint.size -= 3;
	checkpoint.root.bytes[31] ^= 1;
	expect_verdict(desk, sign_note(desk, &checkpoint, true), SF_FSCK_HAS_FORKED, 0);
	checkpoint.size = 2;
	expect_verdict(desk, sign_note(desk, &checkpoint, true), SF_FSCK_HAS_FORKED, 0);
	expect_verdict(desk, sign_note(desk, &checkpoint, false), SF_FSCK_CANNOT_TELL, 0);
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

static struct sf_row_erasure erasure_of(struct desk *desk)
{
	struct sf_row_erasure row = {.transition = desk->transition};
	get(desk, &sf_table_erasure, &row);
	return row;
}

static void lose_erasure(struct desk *desk)
{
	const struct sf_row_erasure row = erasure_of(desk);
	drop(desk, &sf_table_erasure, &row);
}

static void change_ground(struct desk *desk)
{
	struct sf_row_erasure row = erasure_of(desk);
	row.ground = SF_GROUND_CITIZEN;
	put(desk, &sf_table_erasure, &row);
}

static void change_until(struct desk *desk)
{
	struct sf_row_erasure row = erasure_of(desk);
	row.until_sequence--;
	put(desk, &sf_table_erasure, &row);
}

static void invent_erasure(struct desk *desk)
{
	struct sf_row_erasure row = erasure_of(desk);
	row.transition = desk_id(desk);
	put(desk, &sf_table_erasure, &row);
}

static void test_erased_transition_is_clean_when_a_statement_says_so(void **state)
{
	struct desk *desk = *state;
	erase(desk);
	struct findings findings;
	struct sf_fsck_report report = check_against(desk, sf_view_of(NULL, 0), &findings);
	assert_string_equal(findings.first, "");
	assert_int_equal(report.erased, 5);
	sf_fsck_report_fini(&report);
	static void (*const damages[])(struct desk * desk) = {
		lose_erasure, change_ground, change_until, invent_erasure};
	const struct sf_store *store = store_of(desk);
	for (size_t i = 0; i < SF_COUNT(damages); i++) {
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		damages[i](desk);
		findings = check(desk);
		store->rollback(store->self);
		assert_int_equal(findings.counts[SF_FSCK_ERASED], 1);
	}
}

static void test_empty_store_is_clean(void **state)
{
	struct desk *desk = *state;
	struct sf_memory *memory = NULL;
	struct findings findings = {.first = ""};
	assert_int_equal(
		sf_memory_open(sf_coordinator_tables, sf_coordinator_table_count, &memory, NULL),
		SF_OK);
	const struct sf_fsck_options options = {.crypto = desk_crypto(desk->coordinator),
		.env = desk->coordinator->turn.env,
		.store = sf_memory_port(memory),
		.found = keep_fault,
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
		cmocka_unit_test_setup_teardown(test_sound_store_is_clean, open_story, desk_close),
		cmocka_unit_test_setup_teardown(test_each_damage_is_named, open_story, desk_close),
		cmocka_unit_test_setup_teardown(test_damage_is_told_once, open_story, desk_close),
		cmocka_unit_test_setup_teardown(
			test_store_is_held_against_a_note, open_story, desk_close),
		cmocka_unit_test_setup_teardown(
			test_erased_transition_is_clean_when_a_statement_says_so, open_story,
			desk_close),
		cmocka_unit_test_setup_teardown(test_empty_store_is_clean, desk_open, desk_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
