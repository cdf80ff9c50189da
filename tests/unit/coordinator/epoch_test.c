/* A store that lacks what nodes have seen goes on when the registrar says what stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/service.h"
#include "unit/coordinator/epochs.h"

static struct sf_coordinator *coordinator_of(const struct desk *desk)
{
	return desk->coordinator->coordinator;
}

static int open_recorded(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	desk_sign(desk);
	return 0;
}

static int open_behind(void **state)
{
	if (open_recorded(state))
		return -1;
	epochs_show_more(*state, 0);
	return 0;
}

static void test_store_that_lacks_nothing_declares_nothing(void **state)
{
	struct desk *desk = *state;
	assert_int_equal(epochs_ask(desk, sf_view_of(NULL, 0)).err, SF_ERR_STATE);
}

/* All that is there stands; what is asked for is only said. */
static void test_what_would_be_signed_is_what_this_store_has(void **state)
{
	struct desk *desk = *state;
	const struct sf_coordinator_log *log = &coordinator_of(desk)->log;
	int64_t leaves = desk_leaves(desk);
	struct sf_reply reply = epochs_ask_for_record(desk);
	assert_false(reply.epoch.begun);
	assert_int_equal(reply.epoch.epoch, 2);
	assert_int_equal(reply.epoch.common_size, leaves);
	assert_int_equal(reply.epoch.largest_size, leaves + EPOCHS_LOST);
	struct sf_epoch epoch;
	assert_int_equal(sf_epoch_decode(reply.epoch.record, &epoch, NULL), SF_OK);
	assert_true(sf_view_equal(epoch.old_origin, sf_view_text(EPOCHS_OLD)));
	assert_true(sf_view_equal(epoch.origin, sf_view_text(EPOCHS_NEW)));
	assert_int_equal(epoch.common_size, leaves);
	assert_memory_equal(epoch.log_key, desk->coordinator->log_key, SF_PUBLIC_KEY_SIZE);
	struct sf_checkpoint stands = desk_open_note(desk, epoch.old_note);
	assert_int_equal(stands.size, leaves);
	assert_true(sf_digest_equal(&stands.root, &log->root));
	assert_int_equal(desk_leaves(desk), leaves);
	assert_true(sf_coordinator_is_behind(coordinator_of(desk)));
	assert_int_equal(log->epoch, 1);
}

/* Another history of the same length is not a lost tail: this one must not be signed. */
static void test_store_that_went_on_declares_nothing(void **state)
{
	struct desk *desk = *state;
	uint64_t size = coordinator_of(desk)->log.size;
	epochs_say_hello(desk, desk->municipality, 1, size, epochs_sign_note(desk, size, 0));
	assert_true(sf_coordinator_is_behind(coordinator_of(desk)));
	assert_int_equal(epochs_ask(desk, sf_view_of(NULL, 0)).err, SF_ERR_STATE);
	epochs_show_more(desk, 0);
	assert_int_equal(epochs_ask(desk, sf_view_of(NULL, 0)).err, SF_OK);
}

static void test_declared_epoch_begins_with_its_record(void **state)
{
	struct desk *desk = *state;
	const struct sf_coordinator_log *log = &coordinator_of(desk)->log;
	int64_t leaves = desk_leaves(desk);
	epochs_begin(desk);
	assert_false(sf_coordinator_is_behind(coordinator_of(desk)));
	assert_string_equal(log->origin, EPOCHS_NEW);
	assert_int_equal(log->epoch, 2);
	assert_int_equal(log->base, leaves);
	assert_int_equal(desk_leaves(desk), leaves + 1);
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_event row = {.leaf_index = leaves};
	assert_int_equal(store->get(store->self, &sf_table_event, 0, &row, NULL), SF_OK);
	assert_int_equal(row.kind_class, SF_CLASS_EPOCH);
	assert_true(sf_id_is_none(row.transition));
	/* Nobody hears of anything before it has heard of the epoch. */
	const struct sf_frame *error = desk_heard(desk, desk->municipality, SF_FRAME_ERROR, 0);
	assert_non_null(error);
	assert_int_equal(error->error, SF_FRAME_ERROR_HELLO);
	assert_int_equal(epochs_ask(desk, sf_view_of(NULL, 0)).err, SF_ERR_STATE);
}

static void test_hello_is_answered_with_the_epochs_a_node_lacks(void **state)
{
	struct desk *desk = *state;
	uint64_t size = coordinator_of(desk)->log.size;
	struct sf_view record = epochs_sign(desk, NULL);
	assert_int_equal(epochs_ask(desk, record).err, SF_OK);
	epochs_say_hello(desk, desk->municipality, 1, size + EPOCHS_LOST,
		epochs_sign_note(desk, size + EPOCHS_LOST, 0));
	const struct sf_frame *hello = desk_heard(desk, desk->municipality, SF_FRAME_HELLO, 0);
	assert_non_null(hello);
	assert_int_equal(hello->hello.epoch_count, 1);
	assert_true(sf_view_equal(hello->hello.epochs[0], record));
	assert_false(sf_coordinator_is_behind(coordinator_of(desk)));
	/* And who follows it is told of none. */
	desk_sign(desk);
	const struct sf_coordinator_log *log = &coordinator_of(desk)->log;
	struct sf_view note = sf_arena_copy(&desk->arena, sf_buf_view(&log->note));
	epochs_say_hello(desk, desk->gp, 2, log->size, note);
	hello = desk_heard(desk, desk->gp, SF_FRAME_HELLO, 0);
	assert_non_null(hello);
	assert_int_equal(hello->hello.epoch_count, 0);
}

static void other_origin(struct sf_epoch *epoch)
{
	epoch->origin = sf_view_text("coordinator.example/log/sim/3");
}

static void other_key(struct sf_epoch *epoch)
{
	epoch->log_key[0] ^= 1;
}

static void other_log(struct sf_epoch *epoch)
{
	epoch->old_origin = sf_view_text("coordinator.example/log/other/1");
	epoch->origin = sf_view_text("coordinator.example/log/other/2");
}

static void test_record_about_something_else_begins_nothing(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	struct sf_view unsigned_record = epochs_ask_for_record(desk).epoch.record;
	assert_int_equal(epochs_ask(desk, unsigned_record).err, SF_ERR_FORMAT);
	assert_int_equal(epochs_ask(desk, epochs_sign(desk, other_origin)).err, SF_ERR_FORMAT);
	assert_int_equal(epochs_ask(desk, epochs_sign(desk, other_log)).err, SF_ERR_FORMAT);
	assert_int_equal(epochs_ask(desk, epochs_sign(desk, other_key)).err, SF_ERR_CONFLICT);
	struct sf_view good = epochs_sign(desk, NULL);
	uint8_t *changed = (uint8_t *)sf_arena_copy(&desk->arena, good).data;
	assert_non_null(changed);
	changed[good.size - 1] ^= 1;
	assert_int_equal(epochs_ask(desk, sf_view_of(changed, good.size)).err, SF_ERR_AUTH);
	assert_int_equal(desk_leaves(desk), leaves);
	assert_true(sf_coordinator_is_behind(coordinator_of(desk)));
	assert_int_equal(epochs_ask(desk, good).err, SF_OK);
	/* It is used up. */
	assert_int_equal(epochs_ask(desk, good).err, SF_ERR_CONFLICT);
	assert_int_equal(desk_leaves(desk), leaves + 1);
}

/* Sequences and heads go on; places in the log start anew. */
static void test_transition_goes_on_over_a_restart_in_the_new_epoch(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	epochs_begin(desk);
	desk_sign(desk);
	desk_restart(desk);
	const struct sf_coordinator_log *log = &coordinator_of(desk)->log;
	assert_string_equal(log->origin, EPOCHS_NEW);
	assert_int_equal(log->past_count, 1);
	assert_int_equal(log->size, 1);
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	struct desk_letter letter = desk_admission(desk);
	struct sf_receipt receipt = desk_record(desk, &letter);
	assert_int_equal(receipt.epoch, 2);
	assert_int_equal(receipt.leaf_index, 1);
	assert_int_equal(receipt.sequence, 2);
	assert_int_equal(desk_leaves(desk), leaves + 2);
}

static void test_leaf_of_the_store_has_its_place_in_its_epoch(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	epochs_begin(desk);
	struct sf_coordinator *coordinator = coordinator_of(desk);
	struct sf_log_place place = sf_coordinator_log_place(coordinator, leaves - 1);
	assert_int_equal(place.epoch, 1);
	assert_int_equal(place.index, leaves - 1);
	place = sf_coordinator_log_place(coordinator, leaves);
	assert_int_equal(place.epoch, 2);
	assert_int_equal(place.index, 0);
	struct sf_tree_source source;
	uint64_t size;
	assert_int_equal(sf_coordinator_log_tree(coordinator, 1, &source, &size, NULL), SF_OK);
	assert_int_equal(size, leaves);
	struct sf_digest root;
	const struct sf_crypto crypto = desk_crypto(desk->coordinator);
	assert_int_equal(sf_tree_root(&crypto, &source, size, &root, NULL), SF_OK);
	struct sf_epoch epoch;
	struct sf_signed_record record;
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_epoch row = {.epoch = 2};
	assert_int_equal(store->get(store->self, &sf_table_epoch, 0, &row, NULL), SF_OK);
	assert_int_equal(sf_signed_record_decode(row.record, &record, NULL), SF_OK);
	assert_int_equal(sf_epoch_decode(record.record, &epoch, NULL), SF_OK);
	struct sf_checkpoint stands = desk_open_note(desk, epoch.old_note);
	assert_true(sf_digest_equal(&stands.root, &root));
	assert_int_equal(
		sf_coordinator_log_tree(coordinator, 3, &source, &size, NULL), SF_ERR_NOT_FOUND);
}

/* The directory comes back first: a party that was revoked in the tail is so still. */
static void test_nothing_is_recorded_before_the_directory_is_whole(void **state)
{
	struct desk *desk = *state;
	uint64_t version = sf_directory_version(coordinator_of(desk)->directory);
	epochs_show_more(desk, version + 1);
	epochs_begin(desk);
	assert_true(sf_coordinator_wants_entries(coordinator_of(desk)));
	desk_hello(desk, desk->hospital);
	int64_t leaves = desk_leaves(desk);
	struct desk_letter letter = desk_admission(desk);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 0);
	assert_non_null(desk_heard(desk, desk->hospital, SF_FRAME_RETRY_LATER, 0));
	assert_int_equal(desk_leaves(desk), leaves);
	assert_int_equal(sf_coordinator_checkpoint_due_ms(coordinator_of(desk)), INT64_MAX);
	/* What no registrar signed is no entry. */
	const struct sf_view forged = sf_view_text("an entry");
	const struct sf_frame entries = {.kind = SF_FRAME_DIRECTORY,
		.directory_version = version + 1,
		.directory_from = version + 1,
		.count = 1,
		.records = &forged};
	desk_say(desk, desk->hospital, &entries);
	desk_turn(desk);
	assert_int_equal(desk_leaves(desk), leaves);
	assert_true(sf_coordinator_wants_entries(coordinator_of(desk)));
}

static void give_entry(struct desk *desk, struct sf_view record)
{
	uint64_t next = sf_directory_version(coordinator_of(desk)->directory) + 1;
	const struct sf_frame entries = {.kind = SF_FRAME_DIRECTORY,
		.directory_version = next,
		.directory_from = next,
		.count = 1,
		.records = &record};
	desk_say(desk, desk->hospital, &entries);
	desk_turn(desk);
}

/*
 * Behind what the record of the epoch says was there, a node may know more; but that it was
 * recorded is its word alone, and an identity key that nobody has waited for is not taken on it.
 */
static void test_entry_that_nobody_declared_is_judged_anew(void **state)
{
	struct desk *desk = *state;
	epochs_begin(desk);
	desk_hello(desk, desk->hospital);
	assert_false(sf_coordinator_wants_entries(coordinator_of(desk)));
	uint64_t version = sf_directory_version(coordinator_of(desk)->directory);
	struct sf_directory_entry *entry = desk_next_entry(desk, desk->municipality);
	memcpy(entry->keys[0].public_key, desk->world.registrar_key, SF_PUBLIC_KEY_SIZE);
	give_entry(desk, desk_sign_entry(desk, entry));
	assert_int_equal(sf_directory_version(coordinator_of(desk)->directory), version);
	entry = desk_next_entry(desk, desk->municipality);
	entry->keys[0].revoked_ms = desk->world.now_ms;
	give_entry(desk, desk_sign_entry(desk, entry));
	assert_int_equal(sf_directory_version(coordinator_of(desk)->directory), version + 1);
}

/* What was written in the new epoch waits for what was lost with the old one. */
static void test_deadlines_wait_a_minute_for_what_comes_again(void **state)
{
	struct desk *desk = *state;
	epochs_begin(desk);
	struct sf_coordinator *coordinator = coordinator_of(desk);
	assert_int_equal(sf_coordinator_waits_until_ms(coordinator),
		coordinator->log.begun_ms + SF_MINUTE_MS);
	desk->world.now_ms += SF_MINUTE_MS;
	desk_turn(desk);
	assert_true(sf_coordinator_waits_until_ms(coordinator) <= coordinator->now_ms);
}

/*
 * A clock that was a day ahead and was put right: recorded time stands still until the clock has
 * caught up, and so do deadlines; messages do not, and nothing wakes for what must wait
 * (simulation, seed 1105).
 */
static void test_recorded_time_ahead_of_the_clock_holds_up_no_message(void **state)
{
	struct desk *desk = *state;
	epochs_begin(desk);
	desk->world.now_ms -= SF_DAY_MS;
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	struct sf_coordinator *coordinator = coordinator_of(desk);
	assert_true(coordinator->stands_still);
	assert_int_equal(
		sf_coordinator_waits_until_ms(coordinator), coordinator->now_ms + SF_MINUTE_MS);
	desk->world.now_ms += 2 * SF_MINUTE_MS;
	desk_hello(desk, desk->municipality);
	assert_true(coordinator->stands_still);
	assert_true(sf_coordinator_waits_until_ms(coordinator) <= coordinator->now_ms);
	/* As when the nodes' clocks agree with this one, which those of the desk do not say. */
	coordinator->clock_apart = false;
	coordinator->timer_ms = sf_coordinator_waits_until_ms(coordinator) - 1;
	struct sf_engine engine;
	sf_coordinator_engine(coordinator, &engine);
	assert_true(engine.next_due_ms(engine.self) > coordinator->now_ms);
	struct desk_letter letter = desk_admission(desk);
	assert_int_equal(desk_record(desk, &letter).epoch, 2);
}

int main(void)
{
#define BEHIND(test) cmocka_unit_test_setup_teardown(test, open_behind, desk_close)
#define RECORDED(test) cmocka_unit_test_setup_teardown(test, open_recorded, desk_close)
	const struct CMUnitTest tests[] = {
		RECORDED(test_store_that_lacks_nothing_declares_nothing),
		BEHIND(test_what_would_be_signed_is_what_this_store_has),
		RECORDED(test_store_that_went_on_declares_nothing),
		BEHIND(test_declared_epoch_begins_with_its_record),
		BEHIND(test_hello_is_answered_with_the_epochs_a_node_lacks),
		BEHIND(test_record_about_something_else_begins_nothing),
		BEHIND(test_transition_goes_on_over_a_restart_in_the_new_epoch),
		BEHIND(test_leaf_of_the_store_has_its_place_in_its_epoch),
		RECORDED(test_nothing_is_recorded_before_the_directory_is_whole),
		BEHIND(test_entry_that_nobody_declared_is_judged_anew),
		BEHIND(test_deadlines_wait_a_minute_for_what_comes_again),
		BEHIND(test_recorded_time_ahead_of_the_clock_holds_up_no_message),
	};
	return cmocka_run_group_tests_name("coordinator/epoch", tests, NULL, NULL);
}
