#include "unit/coordinator/fsck_damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"

/* --- Damage, one at a time -------------------------------------------------------------------- */

static void lose_leaf(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	fsck_drop(desk, &sf_table_event, &row);
}

static void change_leaf(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.leaf = fsck_flip_last(desk, row.leaf);
	fsck_put(desk, &sf_table_event, &row);
}

static void change_code(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.code = 7;
	fsck_put(desk, &sf_table_event, &row);
}

static void change_time(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.recorded_ms = 1;
	fsck_put(desk, &sf_table_event, &row);
}

static void swap_cover(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2), other = fsck_event_of(desk, 1);
	row.cover = other.cover;
	fsck_put(desk, &sf_table_event, &row);
}

static void cut_cover(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.cover.size--;
	fsck_put(desk, &sf_table_event, &row);
}

static void change_cover(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.cover = fsck_flip_last(desk, row.cover);
	fsck_put(desk, &sf_table_event, &row);
}

static void swap_receipt(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2), other = fsck_event_of(desk, 1);
	row.receipt = other.receipt;
	row.receipt_index = other.receipt_index;
	row.receipt_count = other.receipt_count;
	row.receipt_path = other.receipt_path;
	row.receipt_signature = other.receipt_signature;
	fsck_put(desk, &sf_table_event, &row);
}

static void change_receipt_signature(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.receipt_signature = fsck_flip_last(desk, row.receipt_signature);
	fsck_put(desk, &sf_table_event, &row);
}

static void lose_envelope(struct desk *desk)
{
	const struct sf_row_event event = fsck_event_of(desk, 2);
	const struct sf_row_envelope row = {.envelope_id = event.envelope_id};
	fsck_drop(desk, &sf_table_envelope, &row);
}

static void lose_message(struct desk *desk)
{
	const struct sf_row_event event = fsck_event_of(desk, 2);
	const struct sf_row_message row = {.author = event.author, .message_id = event.message_id};
	fsck_drop(desk, &sf_table_message, &row);
}

static void change_head(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.head.bytes[0] ^= 1;
	fsck_put(desk, &sf_table_event, &row);
}

static void blind(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 2);
	row.r = (struct sf_digest){{0}};
	row.cover = row.receipt = sf_view_of("", 0);
	fsck_put(desk, &sf_table_event, &row);
}

static void lose_entry(struct desk *desk)
{
	const struct sf_row_entry row = {.version = 2};
	fsck_drop(desk, &sf_table_entry, &row);
}

static void change_entry(struct desk *desk)
{
	struct sf_row_entry row = {.version = 2};
	fsck_get(desk, &sf_table_entry, &row);
	row.record = fsck_flip_last(desk, row.record);
	fsck_put(desk, &sf_table_entry, &row);
}

static void lose_tile(struct desk *desk)
{
	const struct sf_row_tile row = {.epoch = 1};
	fsck_drop(desk, &sf_table_tile, &row);
}

static void change_tile(struct desk *desk)
{
	struct sf_row_tile row = {.epoch = 1, .level = 1};
	fsck_get(desk, &sf_table_tile, &row);
	row.hashes = fsck_flip_last(desk, row.hashes);
	fsck_put(desk, &sf_table_tile, &row);
}

static void add_tile(struct desk *desk)
{
	const struct sf_row_tile row = {.epoch = 1, .position = 9, .hashes = sf_view_of("", 0)};
	fsck_put(desk, &sf_table_tile, &row);
}

struct sf_row_checkpoint fsck_newest(struct desk *desk)
{
	struct sf_row_checkpoint row = {
		.epoch = 1, .size = (int64_t)desk->coordinator->coordinator->log.size};
	fsck_get(desk, &sf_table_checkpoint, &row);
	row.note = sf_arena_copy(&desk->arena, row.note);
	return row;
}

static void change_root(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	row.root.bytes[0] ^= 1;
	fsck_put(desk, &sf_table_checkpoint, &row);
}

static void change_note(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	((uint8_t *)row.note.data)[row.note.size - 8] ^= 1;
	fsck_put(desk, &sf_table_checkpoint, &row);
}

/* Of a log that lied: both row and note say so. */
static void sign_another_root(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	struct sf_checkpoint checkpoint = desk_open_note(desk, row.note);
	checkpoint.root.bytes[0] ^= 1;
	row.root = checkpoint.root;
	row.note = desk_sign_note(desk, &checkpoint, true);
	fsck_put(desk, &sf_table_checkpoint, &row);
}

static void sign_another_directory(struct desk *desk)
{
	struct sf_row_checkpoint row = fsck_newest(desk);
	struct sf_checkpoint checkpoint = desk_open_note(desk, row.note);
	checkpoint.directory_head.bytes[0] ^= 1;
	row.note = desk_sign_note(desk, &checkpoint, true);
	fsck_put(desk, &sf_table_checkpoint, &row);
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
	fsck_get(desk, &sf_table_cosignature, &row);
	row.party = desk->municipality->party;
	fsck_put(desk, &sf_table_cosignature, &row);
}

static void change_counter(struct desk *desk)
{
	const struct sf_row_counter row = {SF_COUNTER_LEAF, desk_leaves(desk) - 1};
	fsck_put(desk, &sf_table_counter, &row);
}

static void change_role(struct desk *desk)
{
	struct sf_row_event row = fsck_event_of(desk, 1);
	row.author_role = SF_ROLE_GP;
	fsck_put(desk, &sf_table_event, &row);
}

static struct sf_row_transition transition_of(struct desk *desk)
{
	struct sf_row_transition row = {.id = desk->transition};
	fsck_get(desk, &sf_table_transition, &row);
	return row;
}

static void change_state(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.state++;
	fsck_put(desk, &sf_table_transition, &row);
}

static void change_stay(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.stay_state++;
	fsck_put(desk, &sf_table_transition, &row);
}

static void change_summary(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.summary.bytes[0] ^= 1;
	fsck_put(desk, &sf_table_transition, &row);
}

static void lose_transition(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	fsck_drop(desk, &sf_table_transition, &row);
}

static void invent_transition(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	row.id = desk_id(desk);
	fsck_put(desk, &sf_table_transition, &row);
}

static void stop_timer(struct desk *desk)
{
	struct sf_row_transition row = transition_of(desk);
	assert_true(row.timed);
	row.due_ms++;
	fsck_put(desk, &sf_table_transition, &row);
}

static void lose_statement(struct desk *desk)
{
	const struct sf_row_statement row = {.leaf_index = 100000};
	fsck_put(desk, &sf_table_statement, &row);
}

static void cut_tail(struct desk *desk)
{
	const struct sf_row_event row = {.leaf_index = desk_leaves(desk) - 1};
	fsck_drop(desk, &sf_table_event, &row);
}

/* --- Of an erased transition ----------------------------------------------------------------- */

static struct sf_row_erasure erasure_of(struct desk *desk)
{
	struct sf_row_erasure row = {.transition = desk->transition};
	fsck_get(desk, &sf_table_erasure, &row);
	return row;
}

static void lose_erasure(struct desk *desk)
{
	const struct sf_row_erasure row = erasure_of(desk);
	fsck_drop(desk, &sf_table_erasure, &row);
}

static void change_ground(struct desk *desk)
{
	struct sf_row_erasure row = erasure_of(desk);
	row.ground = SF_GROUND_CITIZEN;
	fsck_put(desk, &sf_table_erasure, &row);
}

static void change_until(struct desk *desk)
{
	struct sf_row_erasure row = erasure_of(desk);
	row.until_sequence--;
	fsck_put(desk, &sf_table_erasure, &row);
}

static void invent_erasure(struct desk *desk)
{
	struct sf_row_erasure row = erasure_of(desk);
	row.transition = desk_id(desk);
	fsck_put(desk, &sf_table_erasure, &row);
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
