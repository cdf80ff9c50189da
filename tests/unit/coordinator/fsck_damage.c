#include "unit/coordinator/fsck_damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"

const struct sf_store *fsck_store(const struct desk *desk)
{
	return sf_memory_port(desk->coordinator->memory);
}

struct sf_view fsck_sign_note(
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

/* --- Damage, one at a time -------------------------------------------------------------------- */

/* The leaf of event number sequence of the desk's transition. */
static struct sf_row_event event_of(struct desk *desk, int64_t sequence)
{
	const struct sf_store *store = fsck_store(desk);
	struct sf_row_event row = {.transition = desk->transition, .sequence = sequence};
	assert_int_equal(
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &row, NULL), SF_OK);
	assert_int_equal(sf_coordinator_keep_event(desk->coordinator->coordinator, &row), SF_OK);
	return row;
}

static void put(struct desk *desk, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = fsck_store(desk);
	assert_int_equal(store->replace(store->self, table, row, NULL), SF_OK);
}

static void drop(struct desk *desk, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = fsck_store(desk);
	assert_int_equal(store->remove(store->self, table, row, NULL), SF_OK);
}

static void get(struct desk *desk, const struct sf_table *table, void *row)
{
	const struct sf_store *store = fsck_store(desk);
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

struct sf_row_checkpoint fsck_newest(struct desk *desk)
{
	struct sf_row_checkpoint row = {
		.epoch = 1, .size = (int64_t)desk->coordinator->coordinator->log.size};
	get(desk, &sf_table_checkpoint, &row);
	row.note = sf_arena_copy(&desk->arena, row.note);
	return row;
}

static void change_root(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	row.root.bytes[0] ^= 1;
	put(desk, &sf_table_checkpoint, &row);
}

static void change_note(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	((uint8_t *)row.note.data)[row.note.size - 8] ^= 1;
	put(desk, &sf_table_checkpoint, &row);
}

/* Of a log that lied: both row and note say so. */
static void sign_another_root(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	struct sf_checkpoint checkpoint = desk_open_note(desk, row.note);
	checkpoint.root.bytes[0] ^= 1;
	row.root = checkpoint.root;
	row.note = fsck_sign_note(desk, &checkpoint, true);
	put(desk, &sf_table_checkpoint, &row);
}

static void sign_another_directory(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	struct sf_checkpoint checkpoint = desk_open_note(desk, row.note);
	checkpoint.directory_head.bytes[0] ^= 1;
	row.note = fsck_sign_note(desk, &checkpoint, true);
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
	const struct sf_store *store = fsck_store(desk);
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

/* --- Of an erased transition ----------------------------------------------------------------- */

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

/* --- All of them -------------------------------------------------------------------------------
 */

const struct fsck_case fsck_cases[] = {
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
const size_t fsck_case_count = SF_COUNT(fsck_cases);

fsck_damage *const fsck_single_damages[] = {change_receipt_signature, lose_envelope, lose_message,
	lose_tile, give_cosignature_away, change_counter, change_state, stop_timer,
	sign_another_directory};
const size_t fsck_single_damage_count = SF_COUNT(fsck_single_damages);

fsck_damage *const fsck_erased_damages[] = {
	lose_erasure, change_ground, change_until, invent_erasure};
const size_t fsck_erased_damage_count = SF_COUNT(fsck_erased_damages);
