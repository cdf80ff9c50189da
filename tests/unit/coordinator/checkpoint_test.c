/* What the coordinator signs of its log, and sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_sign(desk);
	return 0;
}

static struct sf_coordinator_log *log_of(const struct desk *desk)
{
	return &desk->coordinator->coordinator->log;
}

/* As a node checks it: the path of the frame leads from one checkpoint to the other. */
static void check_growth(
	const struct desk *desk, const struct sf_checkpoint *from, const struct sf_frame_log *frame)
{
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	struct sf_checkpoint to = desk_open_note(desk, frame->note);
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = frame->path.size / SF_DIGEST_SIZE;
	for (size_t i = 0; i < count; i++)
		memcpy(hashes[i].bytes, frame->path.data + i * SF_DIGEST_SIZE, SF_DIGEST_SIZE);
	assert_int_equal(frame->from_size, from->size);
	assert_int_equal(sf_tree_check_consistency(&crypto, from->size, &from->root, to.size,
				 &to.root, hashes, count),
		SF_OK);
}

static void record_one(struct desk *desk)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
	desk->transition = desk_id(desk);
	desk_record(desk, &letter);
}

static void test_what_was_recorded_is_signed_and_sent(void **state)
{
	struct desk *desk = *state;
	record_one(desk);
	assert_null(desk_checkpoint(desk, desk->hospital));
	desk_sign(desk);
	const struct sf_frame_log *frame = desk_checkpoint(desk, desk->hospital);
	assert_non_null(frame);
	struct sf_checkpoint checkpoint = desk_open_note(desk, frame->note);
	const struct sf_directory *directory =
		sf_coordinator_directory(desk->coordinator->coordinator);
	assert_int_equal(checkpoint.size, desk_leaves(desk));
	assert_int_equal(checkpoint.directory_version, sf_directory_version(directory));
	assert_true(sf_digest_equal(&checkpoint.directory_head, sf_directory_head(directory)));
	assert_int_equal(frame->witnessed.size, 0);
}

static void test_each_checkpoint_leads_to_the_next(void **state)
{
	struct desk *desk = *state;
	struct sf_checkpoint last = desk_open_note(desk, sf_buf_view(&log_of(desk)->note));
	for (size_t i = 0; i < 7; i++) {
		for (size_t j = 0; j <= i; j++)
			record_one(desk);
		desk_sign(desk);
		const struct sf_frame_log *frame = desk_checkpoint(desk, desk->hospital);
		assert_non_null(frame);
		check_growth(desk, &last, frame);
		last = desk_open_note(desk, frame->note);
	}
}

/* At most one a second, and none when nothing was recorded. */
static void test_log_that_does_not_grow_is_not_signed_again(void **state)
{
	struct desk *desk = *state;
	uint64_t before = sf_coordinator_counters(desk->coordinator->coordinator).signed_notes;
	for (size_t i = 0; i < 5; i++)
		desk_sign(desk);
	assert_int_equal(
		sf_coordinator_checkpoint_due_ms(desk->coordinator->coordinator), INT64_MAX);
	for (size_t i = 0; i < 5; i++)
		record_one(desk);
	assert_true(sf_coordinator_checkpoint_due_ms(desk->coordinator->coordinator) <=
		    desk->world.now_ms + SF_SECOND_MS);
	for (size_t i = 0; i < 5; i++)
		desk_turn(desk);
	assert_int_equal(
		sf_coordinator_counters(desk->coordinator->coordinator).signed_notes, before + 1);
	desk_sign(desk);
	assert_int_equal(log_of(desk)->size, desk_leaves(desk));
}

/* A line that stays up may lose a frame, and a log that rests brings no other. */
static void test_witness_that_says_nothing_is_sent_it_again(void **state)
{
	struct desk *desk = *state;
	record_one(desk);
	desk_sign(desk);
	assert_non_null(desk_checkpoint(desk, desk->hospital));
	desk_turn(desk);
	assert_null(desk_checkpoint(desk, desk->hospital));
	struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	for (int i = 0; i < 2; i++) {
		int64_t due_ms = desk->coordinator->turn.engine.next_due_ms(coordinator);
		assert_true(due_ms <= desk->world.now_ms + coordinator->options.redeliver_ms);
		desk->world.now_ms = due_ms;
		desk_turn(desk);
		const struct sf_frame_log *frame = desk_checkpoint(desk, desk->hospital);
		assert_non_null(frame);
		assert_int_equal(desk_open_note(desk, frame->note).size, log_of(desk)->size);
	}
	/* Of one that has cosigned nothing more is awaited. */
	sf_parties_find(&coordinator->parties, desk->hospital->party)->log_again_ms = 0;
	desk->world.now_ms += 2 * coordinator->options.redeliver_ms;
	desk_turn(desk);
	assert_null(desk_checkpoint(desk, desk->hospital));
}

/* It says where it is; the newest checkpoint comes with the greeting. */
static void test_who_says_hello_gets_the_newest_checkpoint(void **state)
{
	struct desk *desk = *state;
	struct sf_checkpoint first = desk_open_note(desk, sf_buf_view(&log_of(desk)->note));
	record_one(desk);
	desk_sign(desk);
	desk_hello(desk, desk->municipality);
	const struct sf_frame *hello = desk_heard(desk, desk->municipality, SF_FRAME_HELLO, 0);
	assert_int_equal(hello->hello.log_size, log_of(desk)->size);
	assert_true(sf_digest_equal(&hello->hello.log_root, &log_of(desk)->root));
	assert_int_equal(desk_checkpoint(desk, desk->municipality)->from_size, 0);
	desk->routes[desk->municipality->index] = ++desk->last_route;
	const struct sf_frame again = {.kind = SF_FRAME_HELLO,
		.hello = {.version = 1,
			.software = "desk",
			.log_size = first.size,
			.log_root = first.root}};
	desk_say(desk, desk->municipality, &again);
	desk_turn(desk);
	check_growth(desk, &first, desk_checkpoint(desk, desk->municipality));
}

static void test_checkpoint_is_the_same_after_a_restart(void **state)
{
	struct desk *desk = *state;
	record_one(desk);
	desk_sign(desk);
	struct sf_checkpoint last = desk_open_note(desk, sf_buf_view(&log_of(desk)->note));
	desk_restart(desk);
	assert_int_equal(log_of(desk)->size, last.size);
	assert_true(sf_digest_equal(&log_of(desk)->root, &last.root));
	desk_hello(desk, desk->hospital);
	assert_int_equal(
		desk_open_note(desk, desk_checkpoint(desk, desk->hospital)->note).size, last.size);
	record_one(desk);
	desk_sign(desk);
	check_growth(desk, &last, desk_checkpoint(desk, desk->hospital));
}

/* Nobody has seen it, and it was never there. */
static void test_checkpoint_of_a_lost_turn_is_not_sent(void **state)
{
	struct desk *desk = *state;
	record_one(desk);
	uint64_t size = log_of(desk)->size;
	desk->world.now_ms += SF_SECOND_MS;
	sf_memory_next_commit(desk->coordinator->memory, SF_MEMORY_FULL);
	assert_int_equal(desk_try_turn(desk), SF_ERR_DISK_FULL);
	assert_null(desk_checkpoint(desk, desk->hospital));
	assert_int_equal(log_of(desk)->size, size);
	desk_sign(desk);
	assert_int_equal(log_of(desk)->size, desk_leaves(desk));
	assert_non_null(desk_checkpoint(desk, desk->hospital));
}

/* Only the log key that the directory shows signs anything. */
static void test_log_key_that_is_not_published_signs_nothing(void **state)
{
	struct desk *desk = *state;
	struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	coordinator->options.log_key_id = desk->hospital->identity_key_id;
	record_one(desk);
	assert_int_equal(sf_coordinator_checkpoint_due_ms(coordinator), INT64_MAX);
	desk_sign(desk);
	assert_true(log_of(desk)->size < (uint64_t)desk_leaves(desk));
}

/* The signer does not take its store's word for what it signed before. */
static void test_tree_that_does_not_follow_is_never_signed(void **state)
{
	struct desk *desk = *state;
	record_one(desk);
	desk_sign(desk);
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_event row = {.leaf_index = 1};
	assert_int_equal(store->get(store->self, &sf_table_event, 0, &row, NULL), SF_OK);
	uint8_t leaf[SF_LEAF_SIZE];
	memcpy(leaf, row.leaf.data, sizeof(leaf));
	leaf[20] ^= 1;
	row.leaf = sf_view_of(leaf, sizeof(leaf));
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_table_event, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	uint64_t size = log_of(desk)->size;
	record_one(desk);
	desk_sign(desk);
	assert_true(log_of(desk)->inconsistent);
	assert_int_equal(log_of(desk)->size, size);
	assert_null(desk_checkpoint(desk, desk->hospital));
	struct sf_feed_row rows[64];
	size_t count = sf_feed_read(
		sf_coordinator_feed(desk->coordinator->coordinator), 0, SF_COUNT(rows), rows);
	size_t told = 0;
	for (size_t i = 0; i < count; i++)
		told += rows[i].what == SF_FEED_TROUBLE && rows[i].code == SF_CONTRADICTION_FORK;
	assert_int_equal(told, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_was_recorded_is_signed_and_sent),
		TEST(test_each_checkpoint_leads_to_the_next),
		TEST(test_log_that_does_not_grow_is_not_signed_again),
		TEST(test_witness_that_says_nothing_is_sent_it_again),
		TEST(test_who_says_hello_gets_the_newest_checkpoint),
		TEST(test_checkpoint_is_the_same_after_a_restart),
		TEST(test_checkpoint_of_a_lost_turn_is_not_sent),
		TEST(test_log_key_that_is_not_published_signs_nothing),
		TEST(test_tree_that_does_not_follow_is_never_signed),
	};
	return cmocka_run_group_tests_name("coordinator/checkpoint", tests, NULL, NULL);
}
