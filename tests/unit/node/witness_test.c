/* What a node believes of the log, and what it signs (WIRE.md sections 2 and 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/logbook.h"

static uint64_t alarms(const struct logbook *book)
{
	return sf_node_counters(book->counter->node).alarms;
}

static const struct sf_node_seen *newest(const struct logbook *book)
{
	return &book->counter->node->log.newest;
}

/* One contradiction, of this kind, and one alarm; the node signs nothing. */
static struct sf_node_row_contradiction expect_contradiction(
	struct logbook *book, enum sf_contradiction kind)
{
	assert_int_equal(logbook_rows(book, &sf_node_table_contradiction), 1);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_string_equal(sf_contradiction_text((uint32_t)row.kind), sf_contradiction_text(kind));
	assert_int_equal(alarms(book), 1);
	assert_null(logbook_cosign(book));
	assert_int_equal(book->counter->node->log.halted,
		kind == SF_CONTRADICTION_FORK || kind == SF_CONTRADICTION_ROLLBACK);
	return row;
}

static void test_checkpoint_is_checked_kept_and_cosigned(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	logbook_say(book, 0, 5);
	const struct sf_frame *frame = logbook_cosign(book);
	assert_non_null(frame);
	assert_int_equal(frame->log.epoch, 1);
	assert_int_equal(frame->log.size, 5);
	struct sf_node_row_checkpoint row = {.epoch = 1, .size = 5};
	const struct sf_store *store = sf_memory_port(book->counter->side->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_checkpoint, 0, &row, NULL), SF_OK);
	assert_int_equal(row.cosigned, 1);
	assert_true(sf_view_equal(row.note, logbook_note(book, 5)));
	logbook_grow(book, 90);
	logbook_say(book, 5, 95);
	assert_non_null(logbook_cosign(book));
	assert_int_equal(newest(book)->size, 95);
	assert_int_equal(alarms(book), 0);
}

static void test_without_a_witness_key_checkpoints_are_checked_all_the_same(void **state)
{
	struct logbook *book = *state;
	book->counter->node->options.witness_key_id = (struct sf_id){{0}};
	logbook_grow(book, 5);
	logbook_say(book, 0, 5);
	assert_null(logbook_cosign(book));
	assert_int_equal(newest(book)->size, 5);
	logbook_forge(book, 2);
	logbook_say(book, 5, 5);
	expect_contradiction(book, SF_CONTRADICTION_FORK);
}

static void test_checkpoint_that_comes_twice_is_cosigned_once(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	logbook_say(book, 0, 5);
	logbook_say(book, 5, 5);
	assert_null(logbook_cosign(book));
	/* On a new connection the coordinator may have lost what was said. */
	logbook_greet(book, 5);
	logbook_say(book, 5, 5);
	assert_non_null(logbook_cosign(book));
	assert_int_equal(alarms(book), 0);
}

static void test_checkpoint_before_the_answer_to_hello_is_ignored(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	counter_say_up(book->counter);
	logbook_say(book, 0, 5);
	assert_int_equal(newest(book)->size, 0);
	assert_null(logbook_cosign(book));
	assert_int_equal(alarms(book), 0);
}

/* Both notes are kept: each is the log's own word. */
static void test_two_roots_of_one_size_are_a_fork(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	logbook_say(book, 0, 5);
	struct sf_view seen = logbook_note(book, 5);
	logbook_forge(book, 1);
	logbook_say(book, 0, 5);
	struct sf_node_row_contradiction row = expect_contradiction(book, SF_CONTRADICTION_FORK);
	assert_true(sf_view_equal(row.other, seen));
	assert_true(sf_view_equal(row.note, logbook_note(book, 5)));
}

static void test_larger_tree_that_does_not_go_on_is_a_fork(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	logbook_say(book, 0, 5);
	struct sf_view seen = logbook_note(book, 5);
	logbook_grow(book, 2);
	logbook_forge(book, 3);
	logbook_say(book, 5, 7);
	struct sf_node_row_contradiction row = expect_contradiction(book, SF_CONTRADICTION_FORK);
	assert_true(sf_view_equal(row.other, seen));
	assert_true(sf_view_equal(row.note, logbook_note(book, 7)));
	assert_int_equal(newest(book)->size, 5);
	/* The same again is no news. */
	logbook_say(book, 5, 7);
	expect_contradiction(book, SF_CONTRADICTION_FORK);
}

/* Nothing leaves a node that has seen a fork, and nothing is taken. */
static void test_node_that_saw_a_fork_submits_and_takes_nothing(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	logbook_grow(book, 5);
	logbook_say(book, 0, 5);
	logbook_forge(book, 1);
	logbook_say(book, 0, 5);
	const struct desk_letter letter = desk_admission(counter->desk);
	const struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 0);
	assert_int_equal(logbook_rows(book, &sf_node_table_inbox), 0);
	logbook_restart(book);
	assert_true(counter->node->log.halted);
	assert_null(counter_heard(counter, SF_FRAME_SUBMIT, 0));
}

static void test_coordinator_that_answers_with_less_is_a_rollback(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	logbook_say(book, 9, 6);
	struct sf_node_row_contradiction row =
		expect_contradiction(book, SF_CONTRADICTION_ROLLBACK);
	assert_true(sf_view_equal(row.note, logbook_note(book, 6)));
	assert_true(sf_view_equal(row.other, logbook_note(book, 9)));
}

/* A network brings old frames late; they are no fault as long as they fit. */
static void test_old_checkpoint_that_fits_is_no_fault(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 4);
	logbook_say(book, 4, 9);
	logbook_say(book, 0, 4); /* kept here */
	logbook_say(book, 0, 6); /* not seen before: asked about */
	const struct sf_frame *asked = counter_heard(book->counter, SF_FRAME_CONSISTENCY, 0);
	assert_non_null(asked);
	assert_int_equal(asked->log.from_size, 6);
	assert_int_equal(asked->log.size, 9);
	const struct sf_frame answer = logbook_consistency(book, 6, 9);
	counter_say(book->counter, &answer);
	counter_turn(book->counter);
	assert_int_equal(alarms(book), 0);
	assert_int_equal(newest(book)->size, 9);
	assert_false(book->counter->node->log.waits);
}

static void test_old_checkpoint_that_does_not_fit_is_a_fork(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	struct logbook other = *book;
	logbook_forge(&other, 2);
	logbook_say_note(book, 0, 6, logbook_note(&other, 6));
	const struct sf_frame answer = logbook_consistency(book, 6, 9);
	counter_say(book->counter, &answer);
	counter_turn(book->counter);
	expect_contradiction(book, SF_CONTRADICTION_FORK);
}

static void test_hello_behind_what_was_seen_is_a_rollback_when_it_is_said_twice(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	logbook_greet(book, 4);
	assert_false(book->counter->node->greeted);
	assert_int_equal(alarms(book), 0); /* perhaps an old answer that came late */
	logbook_greet(book, 4);
	assert_false(book->counter->node->greeted);
	expect_contradiction(book, SF_CONTRADICTION_ROLLBACK);
	logbook_greet(book, 4);
	assert_int_equal(alarms(book), 1);
}

static void test_late_answer_to_an_old_hello_is_no_rollback(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	logbook_greet(book, 4);
	logbook_greet(book, 9);
	assert_true(book->counter->node->greeted);
	logbook_greet(book, 4);
	assert_int_equal(alarms(book), 0);
}

static void test_hello_with_another_root_of_the_same_size_is_a_fork(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	logbook_forge(book, 2);
	logbook_greet(book, 9);
	logbook_greet(book, 9);
	expect_contradiction(book, SF_CONTRADICTION_FORK);
}

static void test_note_that_the_log_did_not_sign_is_shown(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	const struct sf_checkpoint checkpoint = logbook_checkpoint(book, 5);
	logbook_say_note(book, 0, 5,
		logbook_sign(book, &checkpoint, book->counter->desk->coordinator->identity_key_id));
	expect_contradiction(book, SF_CONTRADICTION_SIGNATURE);
	assert_int_equal(newest(book)->size, 0);
	logbook_say(book, 0, 5);
	assert_int_equal(newest(book)->size, 5);
}

static void test_note_of_another_log_is_shown(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	struct sf_checkpoint checkpoint = logbook_checkpoint(book, 5);
	checkpoint.origin[0] = 'k';
	logbook_say_note(book, 0, 5, logbook_sign(book, &checkpoint, book->log_key_id));
	expect_contradiction(book, SF_CONTRADICTION_SIGNATURE);
}

/* Key and line are in entries that are still on the way: asked for, not alarmed. */
static void test_key_that_is_on_the_way_is_waited_for(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	logbook_say(book, 0, 5);
	assert_int_equal(newest(book)->size, 0);
	assert_int_equal(alarms(book), 0);
	assert_non_null(counter_heard(book->counter, SF_FRAME_QUERY, 0));
	logbook_say_directory(book);
	assert_int_equal(newest(book)->size, 5);
	assert_non_null(logbook_cosign(book));
	assert_int_equal(alarms(book), 0);
}

static void test_directory_that_never_comes_is_a_contradiction(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	logbook_grow(book, 5);
	struct sf_checkpoint checkpoint = logbook_checkpoint(book, 5);
	checkpoint.directory_version += 3;
	logbook_say_note(book, 0, 5, logbook_sign(book, &checkpoint, book->log_key_id));
	for (int64_t passed = 0; passed < counter->node->options.log_patience_ms;
		passed += counter->node->options.log_timeout_ms) {
		assert_int_equal(alarms(book), 0);
		assert_non_null(counter_heard(counter, SF_FRAME_QUERY, 0));
		counter->desk->world.now_ms += counter->node->options.log_timeout_ms;
		counter_turn(counter);
	}
	expect_contradiction(book, SF_CONTRADICTION_DIRECTORY);
}

static void test_directory_line_with_another_head_is_a_contradiction(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 5);
	struct sf_checkpoint checkpoint = logbook_checkpoint(book, 5);
	checkpoint.directory_version--;
	logbook_say_note(book, 0, 5, logbook_sign(book, &checkpoint, book->log_key_id));
	expect_contradiction(book, SF_CONTRADICTION_DIRECTORY);
}

static void test_directory_line_that_goes_back_is_a_contradiction(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 5);
	struct sf_checkpoint checkpoint = logbook_checkpoint(book, 9);
	checkpoint.directory_version--;
	checkpoint.directory_head = book->counter->node->log.heads[checkpoint.directory_version];
	logbook_say_note(book, 5, 9, logbook_sign(book, &checkpoint, book->log_key_id));
	struct sf_node_row_contradiction row =
		expect_contradiction(book, SF_CONTRADICTION_DIRECTORY);
	assert_true(sf_view_equal(row.other, logbook_note(book, 5)));
}

/* Frames were lost: what joins the note to ours is asked for. */
static void test_checkpoint_that_begins_elsewhere_is_asked_about(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 20);
	logbook_say(book, 0, 5);
	logbook_say(book, 12, 20);
	const struct sf_frame *asked = counter_heard(book->counter, SF_FRAME_CONSISTENCY, 0);
	assert_non_null(asked);
	assert_int_equal(asked->log.from_size, 5);
	assert_int_equal(asked->log.size, 20);
	assert_int_equal(newest(book)->size, 5);
	const struct sf_frame answer = logbook_consistency(book, 5, 20);
	counter_say(book->counter, &answer);
	counter_say(book->counter, &answer); /* twice is no news */
	counter_turn(book->counter);
	assert_int_equal(newest(book)->size, 20);
	assert_non_null(logbook_cosign(book));
	assert_int_equal(alarms(book), 0);
}

static void test_hashes_that_are_never_shown_are_a_fork(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	logbook_grow(book, 20);
	logbook_say(book, 0, 5);
	logbook_say(book, 12, 20);
	for (int64_t passed = 0; passed < counter->node->options.log_patience_ms;
		passed += counter->node->options.log_timeout_ms) {
		assert_int_equal(alarms(book), 0);
		assert_non_null(counter_heard(counter, SF_FRAME_CONSISTENCY, 0));
		counter->desk->world.now_ms += counter->node->options.log_timeout_ms;
		counter_turn(counter);
	}
	expect_contradiction(book, SF_CONTRADICTION_FORK);
}

/* A machine that was suspended has not waited, and must not stop for what it has not heard. */
static void test_pause_of_the_node_itself_is_no_fork(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	logbook_grow(book, 20);
	logbook_say(book, 0, 5);
	logbook_say(book, 12, 20);
	assert_non_null(counter_heard(counter, SF_FRAME_CONSISTENCY, 0));
	counter->desk->world.now_ms += 3 * counter->node->options.log_patience_ms;
	counter_turn(counter);
	assert_int_equal(alarms(book), 0);
	assert_false(counter->node->log.halted);
	assert_non_null(counter_heard(counter, SF_FRAME_CONSISTENCY, 0));
	const struct sf_frame answer = logbook_consistency(book, 5, 20);
	counter_say(counter, &answer);
	counter_turn(counter);
	assert_int_equal(newest(book)->size, 20);
}

/* Persist, then sign: a turn that was lost has signed nothing. */
static void test_turn_that_is_lost_signs_nothing(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	logbook_grow(book, 5);
	const struct sf_frame frame = logbook_frame(book, 0, 5, logbook_note(book, 5));
	counter_say(counter, &frame);
	sf_memory_next_commit(counter->side->memory, SF_MEMORY_FULL);
	counter->heard_count = 0;
	bool busy;
	struct sf_diag diag = {{0}};
	assert_int_not_equal(sf_turn_run(&counter->side->turn, NULL, 0, &busy, &diag), SF_OK);
	assert_int_equal(counter->heard_count, 0);
	assert_int_equal(newest(book)->size, 0);
	assert_int_equal(logbook_rows(book, &sf_node_table_checkpoint), 0);
	counter_turn(counter);
	assert_null(logbook_cosign(book));
	logbook_greet(book, 5);
	logbook_say(book, 0, 5);
	assert_non_null(logbook_cosign(book));
}

static void test_hello_shows_the_newest_checkpoint_after_a_restart(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 5);
	logbook_say(book, 5, 9);
	logbook_restart(book);
	const struct sf_frame *frame = counter_heard(book->counter, SF_FRAME_HELLO, 0);
	assert_non_null(frame);
	assert_int_equal(frame->hello.epoch, 1);
	assert_int_equal(frame->hello.log_size, 9);
	assert_true(sf_view_equal(frame->hello.log_note, logbook_note(book, 9)));
	logbook_grow(book, 3);
	logbook_say(book, 9, 12);
	assert_int_equal(newest(book)->size, 12);
	assert_int_equal(alarms(book), 0);
}

static struct sf_reply ask(struct logbook *book, struct sf_request request)
{
	struct sf_reply reply = {.err = SF_OK};
	assert_int_equal(
		sf_sim_call(book->counter->side, &request, &book->counter->desk->arena, &reply),
		SF_OK);
	assert_int_equal(reply.err, SF_OK);
	return reply;
}

/* Status, board and feed say so; the reply has both notes for whoever must judge. */
static void test_contradiction_is_shown_with_both_notes(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	struct sf_view seen = logbook_note(book, 9);
	logbook_forge(book, 1);
	logbook_say(book, 0, 9);
	const struct sf_reply_log log = ask(book, (struct sf_request){.kind = SF_REQUEST_LOG}).log;
	assert_int_equal(log.contradiction_count, 1);
	assert_int_equal(log.contradictions[0].kind, SF_CONTRADICTION_FORK);
	assert_int_equal(log.contradictions[0].cursor, 1);
	assert_true(sf_view_equal(log.contradictions[0].note, logbook_note(book, 9)));
	assert_true(sf_view_equal(log.contradictions[0].other, seen));
	assert_true(log.fault[0] != '\0');
	assert_string_equal(
		ask(book, (struct sf_request){.kind = SF_REQUEST_STATUS}).status.link, "stopped");
	const struct sf_reply_board board = ask(book,
		(struct sf_request){.kind = SF_REQUEST_BOARD,
			.board = {.party = ""}}).board;
	assert_int_equal(board.row_count, 1);
	assert_int_equal(board.rows[0].what, SF_BOARD_CONTRADICTION);
	assert_int_equal(board.rows[0].code, SF_CONTRADICTION_FORK);
	const struct sf_reply_feed feed =
		ask(book, (struct sf_request){.kind = SF_REQUEST_FEED}).feed;
	assert_int_equal(feed.rows[feed.row_count - 1].what, SF_FEED_CONTRADICTION);
	book->counter->node->options.contradictions_seen = 1;
	assert_int_equal(
		ask(book, (struct sf_request){.kind = SF_REQUEST_BOARD, .board = {.party = ""}})
			.board.row_count,
		0);
}

/* A person has looked: what is said now is the beginning of what counts. */
static void test_contradiction_that_a_person_has_seen_stops_no_longer(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	logbook_forge(book, 1);
	logbook_say(book, 0, 9);
	expect_contradiction(book, SF_CONTRADICTION_FORK);
	struct sf_node *node = book->counter->node;
	node->options.contradictions_seen = 1;
	assert_int_equal(sf_node_load(node, NULL), SF_OK);
	assert_false(node->log.halted);
	assert_int_equal(newest(book)->size, 0);
	book->counter->desk->world.now_ms += SF_SECOND_MS;
	node->greeted = false;
	logbook_greet(book, 9);
	logbook_say(book, 0, 9);
	assert_int_equal(newest(book)->size, 9);
	assert_non_null(logbook_cosign(book));
}

/* Only the newest, those with a quorum and those that proofs lead to are kept. */
static void test_old_checkpoints_go(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 100);
	for (uint64_t size = 1; size <= 40; size++)
		logbook_say(book, size - 1, size);
	assert_int_equal(logbook_rows(book, &sf_node_table_checkpoint), SF_NODE_RECENT_MAX);
	assert_int_equal(newest(book)->size, 40);
}

static void test_witnessed_note_is_kept_when_its_signatures_hold(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 5);
	const struct sf_frame *cosign = logbook_cosign(book);
	assert_non_null(cosign);
	struct sf_buf witnessed;
	sf_buf_init(&witnessed, SF_NOTE_SIZE_MAX);
	assert_int_equal(sf_buf_append(&witnessed, logbook_note(book, 5)), SF_OK);
	assert_int_equal(sf_buf_append(&witnessed, cosign->log.line), SF_OK);
	struct sf_frame frame = logbook_frame(book, 5, 9, logbook_note(book, 9));
	frame.log.witnessed = sf_buf_view(&witnessed);
	counter_say(book->counter, &frame);
	counter_turn(book->counter);
	struct sf_node_row_checkpoint row;
	assert_int_equal(sf_node_checkpoint_row(book->counter->node, 1, 5, &row, NULL), SF_OK);
	assert_true(sf_view_equal(row.witnessed, sf_buf_view(&witnessed)));
	assert_int_equal(alarms(book), 0);
	/* One with a cosignature that its witness did not make is not believed. */
	witnessed.data[witnessed.size - 4] ^= 1;
	frame = logbook_frame(book, 9, 9, logbook_note(book, 9));
	frame.log.witnessed = sf_buf_view(&witnessed);
	counter_say(book->counter, &frame);
	counter_turn(book->counter);
	assert_int_equal(alarms(book), 1);
	sf_buf_fini(&witnessed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, logbook_open, logbook_close)
#define LATE(name) cmocka_unit_test_setup_teardown(name, logbook_open_late, logbook_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_checkpoint_is_checked_kept_and_cosigned),
		TEST(test_without_a_witness_key_checkpoints_are_checked_all_the_same),
		TEST(test_checkpoint_that_comes_twice_is_cosigned_once),
		TEST(test_checkpoint_before_the_answer_to_hello_is_ignored),
		TEST(test_two_roots_of_one_size_are_a_fork),
		TEST(test_larger_tree_that_does_not_go_on_is_a_fork),
		TEST(test_node_that_saw_a_fork_submits_and_takes_nothing),
		TEST(test_coordinator_that_answers_with_less_is_a_rollback),
		TEST(test_old_checkpoint_that_fits_is_no_fault),
		TEST(test_old_checkpoint_that_does_not_fit_is_a_fork),
		TEST(test_hello_behind_what_was_seen_is_a_rollback_when_it_is_said_twice),
		TEST(test_late_answer_to_an_old_hello_is_no_rollback),
		TEST(test_hello_with_another_root_of_the_same_size_is_a_fork),
		TEST(test_note_that_the_log_did_not_sign_is_shown),
		TEST(test_note_of_another_log_is_shown),
		LATE(test_key_that_is_on_the_way_is_waited_for),
		TEST(test_directory_that_never_comes_is_a_contradiction),
		TEST(test_directory_line_with_another_head_is_a_contradiction),
		TEST(test_directory_line_that_goes_back_is_a_contradiction),
		TEST(test_checkpoint_that_begins_elsewhere_is_asked_about),
		TEST(test_hashes_that_are_never_shown_are_a_fork),
		TEST(test_pause_of_the_node_itself_is_no_fork),
		TEST(test_turn_that_is_lost_signs_nothing),
		TEST(test_hello_shows_the_newest_checkpoint_after_a_restart),
		TEST(test_contradiction_is_shown_with_both_notes),
		TEST(test_contradiction_that_a_person_has_seen_stops_no_longer),
		TEST(test_old_checkpoints_go),
		TEST(test_witnessed_note_is_kept_when_its_signatures_hold),
	};
	return cmocka_run_group_tests_name("node/witness", tests, NULL, NULL);
}
