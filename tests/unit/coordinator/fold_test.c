/* What was folded once is kept in one row: read instead of events, and never instead of the truth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coordinator/pack.h"
#include "coordinator/state.h"
#include "core/refusal.h"
#include "unit/coordinator/desk.h"

#define EVENTS 9 /* one more than are worth a row */

static const struct sf_store *store_of(const struct desk *desk)
{
	return sf_memory_port(desk->coordinator->memory);
}

static void record_plain(struct desk *desk)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
	desk_record(desk, &letter);
}

/* Forgotten from memory, as by a restart, and then stepped by another event. */
static void fold_and_record(struct desk *desk)
{
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	record_plain(desk);
}

/* Parties, admission, a conflict, a resend, and letters of a kind that is not read yet. */
static int open_course(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	struct desk_letter other = desk_again(desk, &letter);
	other.message.occurred_ms++;
	if (desk_record(desk, &other).code != SF_REFUSAL_CONTENT_CONFLICT)
		return -1;
	other = desk_again(desk, &letter);
	desk_record(desk, &other);
	for (size_t i = 4; i < EVENTS; i++)
		record_plain(desk);
	return 0;
}

static int open_packed(void **state)
{
	if (open_course(state))
		return -1;
	fold_and_record(*state);
	return 0;
}

static bool read_fold(const struct desk *desk, struct sf_row_fold *ret_row)
{
	*ret_row = (struct sf_row_fold){.transition = desk->transition};
	const struct sf_store *store = store_of(desk);
	return !store->get(store->self, &sf_table_fold, 0, ret_row, NULL);
}

static void put(struct desk *desk, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = store_of(desk);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, table, row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

/* An event that nobody can fold: who still can did not read it. */
static void damage_event(struct desk *desk, int64_t sequence)
{
	struct sf_row_event row = {.transition = desk->transition, .sequence = sequence};
	const struct sf_store *store = store_of(desk);
	assert_int_equal(
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &row, NULL), SF_OK);
	assert_int_equal(sf_coordinator_keep_event(desk->coordinator->coordinator, &row), SF_OK);
	row.cover = sf_view_text("damaged");
	put(desk, &sf_table_event, &row);
}

static enum sf_err load(struct desk *desk, struct sf_cached_transition **ret_cached)
{
	return sf_coordinator_transition(
		desk->coordinator->coordinator, desk->transition, ret_cached, NULL);
}

static struct sf_digest summarise(
	const struct desk *desk, const struct sf_cached_transition *folded)
{
	struct sf_digest summary;
	sf_coordinator_summarise(desk->coordinator->coordinator, folded->transition, &summary);
	return summary;
}

/* A fold to the newest event that the events alone gave: a limit of the last number says so. */
static struct sf_cached_transition fold_events(struct desk *desk, uint64_t until_sequence)
{
	struct sf_cached_transition folded;
	assert_int_equal(sf_coordinator_fold(desk->coordinator->coordinator, desk->transition,
				 INT64_MAX, until_sequence, &folded, NULL),
		SF_OK);
	return folded;
}

static void assert_same(struct desk *desk, const struct sf_cached_transition *cached)
{
	struct sf_cached_transition events =
		fold_events(desk, sf_transition_sequence(cached->transition));
	assert_int_equal(sf_transition_sequence(events.transition),
		sf_transition_sequence(cached->transition));
	assert_true(sf_digest_equal(&events.head, &cached->head));
	assert_int_equal(events.opened_ms, cached->opened_ms);
	assert_int_equal(events.updated_ms, cached->updated_ms);
	struct sf_digest a = summarise(desk, cached), b = summarise(desk, &events);
	assert_true(sf_digest_equal(&a, &b));
	sf_transition_close(&events.transition);
}

static void test_fold_is_kept_when_the_transition_is_recorded_in(void **state)
{
	struct desk *desk = *state;
	struct sf_row_fold row;
	assert_false(read_fold(desk, &row)); /* it was in memory all the time */
	fold_and_record(desk);
	assert_true(read_fold(desk, &row));
	assert_int_equal(row.sequence, EVENTS);
	struct sf_row_event last = {.transition = desk->transition, .sequence = EVENTS};
	struct sf_digest head = row.head;
	const struct sf_store *store = store_of(desk);
	assert_int_equal(
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &last, NULL), SF_OK);
	assert_true(sf_digest_equal(&last.head, &head));
}

static void test_few_events_are_not_worth_a_row(void **state)
{
	struct desk *desk = *state;
	desk->transition = desk_id(desk);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	struct sf_row_fold row;
	for (size_t i = 1; i < 8; i++) {
		fold_and_record(desk);
		assert_false(read_fold(desk, &row));
	}
	fold_and_record(desk);
	assert_true(read_fold(desk, &row));
	assert_int_equal(row.sequence, 8);
}

static void test_who_only_looks_writes_nothing(void **state)
{
	struct desk *desk = *state;
	desk_restart(desk);
	const struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {desk->transition, 0, ""}};
	assert_int_equal(desk_ask(desk, &request).err, SF_OK);
	struct sf_row_fold row;
	assert_false(read_fold(desk, &row));
}

static void test_row_is_read_instead_of_its_events(void **state)
{
	struct desk *desk = *state;
	desk_restart(desk);
	struct sf_cached_transition *cached = NULL;
	assert_int_equal(load(desk, &cached), SF_OK);
	assert_same(desk, cached);
	damage_event(desk, 1);
	desk_restart(desk);
	assert_int_equal(load(desk, &cached), SF_OK);
	assert_int_equal(sf_transition_sequence(cached->transition), EVENTS + 1);
	damage_event(desk, EVENTS + 1);
	desk_restart(desk);
	assert_int_equal(load(desk, &cached), SF_ERR_CORRUPT);
}

static void test_as_it_was_then_is_told_from_the_events(void **state)
{
	struct desk *desk = *state;
	damage_event(desk, 1);
	struct sf_cached_transition folded;
	assert_int_equal(sf_coordinator_fold(desk->coordinator->coordinator, desk->transition,
				 INT64_MAX, 3, &folded, NULL),
		SF_ERR_CORRUPT);
}

static void test_row_grows_when_as_many_events_again_are_behind_it(void **state)
{
	struct desk *desk = *state;
	struct sf_row_fold row;
	for (size_t i = EVENTS + 1; i < EVENTS + 8; i++) {
		fold_and_record(desk);
		assert_true(read_fold(desk, &row));
		assert_int_equal(row.sequence, EVENTS);
	}
	fold_and_record(desk);
	assert_true(read_fold(desk, &row));
	assert_int_equal(row.sequence, EVENTS + 8);
	desk_restart(desk);
	struct sf_cached_transition *cached = NULL;
	assert_int_equal(load(desk, &cached), SF_OK);
	assert_same(desk, cached);
}

typedef void damage_fold(struct sf_arena *arena, struct sf_row_fold *row);

static void change_head(struct sf_arena *arena, struct sf_row_fold *row)
{
	(void)arena;
	row->head.bytes[0] ^= 1;
}

static void change_sequence(struct sf_arena *arena, struct sf_row_fold *row)
{
	(void)arena;
	row->sequence--;
}

static void cut(struct sf_arena *arena, struct sf_row_fold *row)
{
	(void)arena;
	row->events.size--;
}

static void empty(struct sf_arena *arena, struct sf_row_fold *row)
{
	(void)arena;
	row->events.size = 0;
}

/* The first message: another field than there is. */
static void change_message(struct sf_arena *arena, struct sf_row_fold *row)
{
	uint8_t *bytes = sf_arena_take(arena, row->events.size);
	assert_non_null(bytes);
	for (size_t i = 0; i < row->events.size; i++)
		bytes[i] = row->events.data[i];
	bytes[15] = 0xff;
	row->events.data = bytes;
}

static void make_huge(struct sf_arena *arena, struct sf_row_fold *row)
{
	uint8_t *bytes = sf_arena_take(arena, SF_PACK_SIZE_MAX + 1);
	assert_non_null(bytes);
	row->events = sf_view_of(bytes, SF_PACK_SIZE_MAX + 1);
}

static void test_row_that_does_not_fit_is_left_aside_and_made_anew(void **state)
{
	struct desk *desk = *state;
	damage_fold *const damages[] = {
		change_head, change_sequence, cut, empty, change_message, make_huge};
	for (size_t i = 0; i < SF_COUNT(damages); i++) {
		struct sf_row_fold row;
		assert_true(read_fold(desk, &row));
		row.events = sf_arena_copy(&desk->arena, row.events);
		int64_t sequence = row.sequence;
		damages[i](&desk->arena, &row);
		put(desk, &sf_table_fold, &row);
		desk_restart(desk);
		struct sf_cached_transition *cached = NULL;
		assert_int_equal(load(desk, &cached), SF_OK);
		assert_same(desk, cached);
		fold_and_record(desk);
		assert_true(read_fold(desk, &row));
		assert_int_equal(row.sequence, sequence + 1);
		desk_restart(desk);
		assert_int_equal(load(desk, &cached), SF_OK);
		assert_same(desk, cached);
	}
}

/* A row of more than there is: what is not recorded was never said. */
static void test_row_ahead_of_its_events_is_left_aside(void **state)
{
	struct desk *desk = *state;
	struct sf_row_fold row;
	assert_true(read_fold(desk, &row));
	struct sf_buf pack;
	sf_buf_init(&pack, SF_PACK_SIZE_MAX);
	assert_int_equal(sf_buf_append(&pack, row.events), SF_OK);
	for (int i = 0; i < 2; i++) {
		const struct sf_recorded resend = {SF_CLASS_RESEND, SF_OUTCOME_APPLIED, 0,
			(uint64_t)++row.sequence, desk->world.now_ms, SF_ROLE_HOSPITAL};
		assert_int_equal(sf_pack_event(&resend, sf_view_of(NULL, 0), &pack), SF_OK);
	}
	row.events = sf_buf_view(&pack);
	put(desk, &sf_table_fold, &row);
	sf_buf_fini(&pack);
	desk_restart(desk);
	struct sf_cached_transition *cached = NULL;
	assert_int_equal(load(desk, &cached), SF_OK);
	assert_int_equal(sf_transition_sequence(cached->transition), EVENTS + 1);
	assert_same(desk, cached);
}

static void test_row_is_not_written_in_a_turn_that_is_lost(void **state)
{
	struct desk *desk = *state;
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
	struct sf_view envelope = desk_seal(desk, &letter);
	const struct sf_frame frame = {.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &envelope};
	desk_say(desk, desk->hospital, &frame);
	sf_memory_next_commit(desk->coordinator->memory, SF_MEMORY_FULL);
	assert_int_not_equal(desk_try_turn(desk), SF_OK);
	struct sf_row_fold row;
	assert_false(read_fold(desk, &row));
	desk_hello(desk, desk->hospital);
	record_plain(desk);
	assert_true(read_fold(desk, &row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_fold_is_kept_when_the_transition_is_recorded_in, open_course,
			desk_close),
		cmocka_unit_test_setup_teardown(
			test_few_events_are_not_worth_a_row, open_course, desk_close),
		cmocka_unit_test_setup_teardown(
			test_who_only_looks_writes_nothing, open_course, desk_close),
		cmocka_unit_test_setup_teardown(
			test_row_is_read_instead_of_its_events, open_packed, desk_close),
		cmocka_unit_test_setup_teardown(
			test_as_it_was_then_is_told_from_the_events, open_packed, desk_close),
		cmocka_unit_test_setup_teardown(
			test_row_grows_when_as_many_events_again_are_behind_it, open_packed,
			desk_close),
		cmocka_unit_test_setup_teardown(
			test_row_that_does_not_fit_is_left_aside_and_made_anew, open_packed,
			desk_close),
		cmocka_unit_test_setup_teardown(
			test_row_ahead_of_its_events_is_left_aside, open_packed, desk_close),
		cmocka_unit_test_setup_teardown(
			test_row_is_not_written_in_a_turn_that_is_lost, open_course, desk_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
