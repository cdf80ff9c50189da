/*
 * The turn against an engine, a store and a link that write down the order in which they are
 * called, one letter each, and that fail where the test says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "turn/turn.h"

#define NOW INT64_C(1795000000000)

struct bench {
	struct sf_turn turn;
	char calls[600]; /* t take, k check, B begin, s step, v serve, f finish, C commit,
			    ! committed, R rollback, r rolled_back */
	size_t waiting;  /* frames in the link */
	size_t taken;
	size_t take_max; /* the engine is full then; 0: never */
	int64_t due_ms;
	int64_t due_after_ms; /* of next_due_ms once the turn has committed */
	int64_t stepped_ms;
	enum sf_err begin, step, serve, finish, commit, rolled_back, receive;
	size_t serve_fails_at; /* counted from 1; 0: all of them */
	size_t served;
	size_t sent;           /* frames that left */
	size_t answered_early; /* calls that were answered before the commit */
	struct sf_call *watched;
	size_t watched_count;
	int64_t wall_ms, monotonic_ms;
};

static void note(struct bench *bench, char letter)
{
	size_t length = strlen(bench->calls);
	assert_true(length + 1 < sizeof(bench->calls));
	bench->calls[length] = letter;
	for (size_t i = 0; i < bench->watched_count; i++)
		bench->answered_early += bench->watched[i].answered;
}

static bool engine_take(void *self, struct sf_arrival *arrival)
{
	struct bench *bench = self;
	note(bench, 't');
	sf_buf_fini(&arrival->frame);
	bench->taken++;
	return bench->take_max == 0 || bench->taken < bench->take_max;
}

static void engine_check(void *self)
{
	note(self, 'k');
}

static enum sf_err engine_step(void *self, int64_t now_ms, struct sf_diag *diag)
{
	struct bench *bench = self;
	(void)diag;
	note(bench, 's');
	bench->stepped_ms = now_ms;
	return bench->step;
}

static enum sf_err engine_serve(void *self, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct bench *bench = self;
	(void)request, (void)arena, (void)ret_reply, (void)diag;
	note(bench, 'v');
	bench->served++;
	bool fails = bench->serve_fails_at == 0 || bench->serve_fails_at == bench->served;
	return fails ? bench->serve : SF_OK;
}

static enum sf_err engine_finish(void *self, struct sf_diag *diag)
{
	struct bench *bench = self;
	(void)diag;
	note(bench, 'f');
	return bench->finish;
}

static void engine_committed(void *self, const struct sf_link *link)
{
	struct bench *bench = self;
	note(bench, '!');
	bench->due_ms = bench->due_after_ms;
	assert_int_equal(link->send(link->self, 1, sf_view_of("frame", 5)), SF_OK);
}

static enum sf_err engine_rolled_back(void *self, struct sf_diag *diag)
{
	struct bench *bench = self;
	(void)diag;
	note(bench, 'r');
	return bench->rolled_back;
}

static int64_t engine_due(void *self)
{
	return ((struct bench *)self)->due_ms;
}

static enum sf_err store_begin(void *self, struct sf_diag *diag)
{
	struct bench *bench = self;
	(void)diag;
	note(bench, 'B');
	return bench->begin;
}

static enum sf_err store_commit(void *self, struct sf_diag *diag)
{
	struct bench *bench = self;
	(void)diag;
	note(bench, 'C');
	assert_int_equal(bench->sent, 0);
	return bench->commit;
}

static void store_rollback(void *self)
{
	note(self, 'R');
}

static enum sf_err link_receive(
	void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	struct bench *bench = self;
	bool more = true;
	for (size_t i = 0; i < count_max && more && bench->waiting > 0; i++) {
		struct sf_arrival arrival = {.kind = SF_ARRIVAL_FRAME, .route = 1};
		sf_buf_init(&arrival.frame, 16);
		bench->waiting--;
		more = visitor(context, &arrival);
	}
	return bench->receive;
}

static enum sf_err link_send(void *self, uint64_t route, struct sf_view frame)
{
	struct bench *bench = self;
	(void)route, (void)frame;
	bench->sent++;
	return SF_OK;
}

static int64_t env_now(void *self)
{
	return ((struct bench *)self)->wall_ms;
}

static int64_t env_monotonic(void *self)
{
	return ((struct bench *)self)->monotonic_ms;
}

static int open_bench(void **state)
{
	static struct bench bench;
	bench = (struct bench){.due_ms = INT64_MAX, .due_after_ms = INT64_MAX, .wall_ms = NOW};
	struct sf_turn *turn = &bench.turn;
	turn->engine = (struct sf_engine){&bench, engine_take, engine_check, engine_step,
		engine_serve, engine_finish, engine_committed, engine_rolled_back, engine_due};
	turn->store = (struct sf_store){.self = &bench,
		.begin = store_begin,
		.commit = store_commit,
		.rollback = store_rollback};
	turn->link = (struct sf_link){&bench, link_receive, link_send};
	turn->env =
		(struct sf_env){.self = &bench, .now_ms = env_now, .monotonic_ms = env_monotonic};
	*state = &bench;
	return 0;
}

static enum sf_err run(struct bench *bench, struct sf_call *calls, size_t count, bool *ret_busy)
{
	struct sf_diag diag = {{0}};
	memset(bench->calls, 0, sizeof(bench->calls));
	bench->taken = bench->served = bench->sent = bench->answered_early = 0;
	bench->watched = calls;
	bench->watched_count = count;
	return sf_turn_run(&bench->turn, calls, count, ret_busy, &diag);
}

static void test_nothing_to_do_touches_no_store(void **state)
{
	struct bench *bench = *state;
	bool busy = true;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_string_equal(bench->calls, "");
	assert_false(busy);
	assert_int_equal(bench->turn.turns, 0);
}

static void test_whole_turn_runs_in_order_and_sends_last(void **state)
{
	struct bench *bench = *state;
	bool busy;
	struct sf_call calls[2] = {{.answered = false}};
	bench->waiting = 3;
	assert_int_equal(run(bench, calls, 2, &busy), SF_OK);
	assert_string_equal(bench->calls, "tttkBsvvfC!");
	assert_int_equal(bench->sent, 1);
	assert_int_equal(bench->answered_early, 0);
	assert_true(calls[0].answered && calls[1].answered);
	assert_int_equal(bench->stepped_ms, NOW);
	assert_true(bench->turn.moved);
	assert_false(busy);
	assert_int_equal(bench->turn.turns, 1);
	assert_int_equal(bench->turn.lost_turns, 0);
}

static void test_timer_alone_runs_a_turn_and_early_one_does_not(void **state)
{
	struct bench *bench = *state;
	bool busy;
	bench->due_ms = NOW + 1;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_string_equal(bench->calls, "");
	bench->due_ms = NOW;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_string_equal(bench->calls, "kBsfC!");
	assert_true(bench->turn.moved);
}

static void test_call_alone_is_a_turn_that_moved_nothing(void **state)
{
	struct bench *bench = *state;
	bool busy;
	struct sf_call call = {.answered = false};
	assert_int_equal(run(bench, &call, 1, &busy), SF_OK);
	assert_string_equal(bench->calls, "kBsvfC!");
	assert_false(bench->turn.moved);
	assert_true(call.answered);
}

static void test_busy_when_a_full_measure_was_taken(void **state)
{
	struct bench *bench = *state;
	bool busy;
	bench->waiting = SF_TURN_FRAMES_MAX + 1;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_true(busy);
	assert_int_equal(bench->taken, SF_TURN_FRAMES_MAX);
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_int_equal(bench->taken, 1);
	assert_false(busy);
}

static void test_busy_when_the_engine_was_full_or_more_is_due(void **state)
{
	struct bench *bench = *state;
	bool busy;
	bench->waiting = 5;
	bench->take_max = 2;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_int_equal(bench->taken, 2);
	assert_int_equal(bench->waiting, 3);
	assert_true(busy);
	bench->take_max = bench->waiting = 0;
	bench->due_ms = bench->due_after_ms = NOW;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_true(busy);
}

/* Whatever fails inside the transaction: rolled back, nothing sent, nobody answered. */
static void expect_lost(struct bench *bench, enum sf_err err, const char *order)
{
	bool busy = true;
	struct sf_call calls[2] = {{.answered = false}};
	uint64_t lost = bench->turn.lost_turns;
	bench->waiting = 1;
	bench->turn.careful = 0;
	assert_int_equal(run(bench, calls, 2, &busy), err);
	assert_string_equal(bench->calls, order);
	assert_int_equal(bench->sent, 0);
	assert_false(calls[0].answered || calls[1].answered);
	assert_false(busy);
	assert_int_equal(bench->turn.lost_turns, lost + 1);
	assert_int_equal(bench->turn.turns, 0);
}

static void test_every_kind_of_error_rolls_back_and_sends_nothing(void **state)
{
	struct bench *bench = *state;
	static const enum sf_err errors[] = {SF_ERR_DISK_FULL, SF_ERR_AGAIN, SF_ERR_LIMIT,
		SF_ERR_MEMORY, SF_ERR_IO, SF_ERR_CORRUPT, SF_ERR_STATE, SF_ERR_INTEGRITY,
		SF_ERR_FORMAT};
	for (size_t i = 0; i < SF_COUNT(errors); i++) {
		bench->begin = errors[i];
		expect_lost(bench, errors[i], "tkBRr");
		bench->begin = SF_OK;
		bench->step = errors[i];
		expect_lost(bench, errors[i], "tkBsRr");
		bench->step = SF_OK;
		bench->serve = errors[i];
		expect_lost(bench, errors[i], "tkBsvRr");
		bench->serve = SF_OK;
		bench->finish = errors[i];
		expect_lost(bench, errors[i], "tkBsvvfRr");
		bench->finish = SF_OK;
		bench->commit = errors[i];
		expect_lost(bench, errors[i], "tkBsvvfCRr");
		bench->commit = SF_OK;
	}
}

static void test_worse_error_of_going_back_is_the_one_returned(void **state)
{
	struct bench *bench = *state;
	bench->commit = SF_ERR_DISK_FULL;
	bench->rolled_back = SF_ERR_CORRUPT;
	expect_lost(bench, SF_ERR_CORRUPT, "tkBsvvfCRr");
}

static void test_full_disk_loses_the_turn_and_the_next_goes_on(void **state)
{
	struct bench *bench = *state;
	bool busy;
	struct sf_call call = {.answered = false};
	bench->commit = SF_ERR_DISK_FULL;
	assert_int_equal(run(bench, &call, 1, &busy), SF_ERR_DISK_FULL);
	assert_false(call.answered);
	bench->commit = SF_OK;
	assert_int_equal(run(bench, &call, 1, &busy), SF_OK);
	assert_true(call.answered);
	assert_int_equal(call.failed, SF_OK);
	assert_int_equal(bench->sent, 1);
	assert_int_equal(bench->turn.turns, 1);
	assert_int_equal(bench->turn.lost_turns, 1);
}

static void test_call_that_ends_the_turn_is_named(void **state)
{
	struct bench *bench = *state;
	bool busy;
	struct sf_call calls[3] = {{.answered = false}};
	bench->serve = SF_ERR_USAGE;
	bench->serve_fails_at = 2;
	assert_int_equal(run(bench, calls, 3, &busy), SF_ERR_USAGE);
	assert_string_equal(bench->calls, "kBsvvRr");
	assert_int_equal(calls[0].failed, SF_OK);
	assert_int_equal(calls[1].failed, SF_ERR_USAGE);
	assert_int_equal(calls[2].failed, SF_OK);
	assert_false(calls[0].answered || calls[1].answered || calls[2].answered);
}

static void test_turn_too_large_is_followed_by_small_ones(void **state)
{
	struct bench *bench = *state;
	bool busy;
	bench->waiting = 2;
	bench->step = SF_ERR_LIMIT;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_ERR_LIMIT);
	bench->step = SF_OK;
	bench->waiting = SF_TURN_CAREFUL + 10;
	for (size_t i = 0; i < SF_TURN_CAREFUL; i++) {
		assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
		assert_int_equal(bench->taken, 1);
		assert_true(busy);
	}
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_int_equal(bench->taken, 10);
	assert_false(busy);
}

static void test_broken_link_ends_before_the_store_is_touched(void **state)
{
	struct bench *bench = *state;
	bool busy = true;
	bench->receive = SF_ERR_IO;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_ERR_IO);
	assert_string_equal(bench->calls, "");
	assert_false(busy);
}

/* DESIGN section 4: a clock jump must never move a window. */
static void test_clock_jump_makes_nothing_due(void **state)
{
	struct bench *bench = *state;
	bool busy;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	bench->due_ms = NOW + 3600000;
	bench->wall_ms = NOW + 7200000;
	bench->monotonic_ms = 1000;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_string_equal(bench->calls, "");
	assert_true(bench->turn.clock.jumped);
	bench->waiting = 1;
	assert_int_equal(run(bench, NULL, 0, &busy), SF_OK);
	assert_string_equal(bench->calls, "tkBsfC!");
	assert_int_equal(bench->stepped_ms, NOW + 1000);
}

#define TEST(name) cmocka_unit_test_setup(name, open_bench)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_to_do_touches_no_store),
		TEST(test_whole_turn_runs_in_order_and_sends_last),
		TEST(test_timer_alone_runs_a_turn_and_early_one_does_not),
		TEST(test_call_alone_is_a_turn_that_moved_nothing),
		TEST(test_busy_when_a_full_measure_was_taken),
		TEST(test_busy_when_the_engine_was_full_or_more_is_due),
		TEST(test_every_kind_of_error_rolls_back_and_sends_nothing),
		TEST(test_worse_error_of_going_back_is_the_one_returned),
		TEST(test_full_disk_loses_the_turn_and_the_next_goes_on),
		TEST(test_call_that_ends_the_turn_is_named),
		TEST(test_turn_too_large_is_followed_by_small_ones),
		TEST(test_broken_link_ends_before_the_store_is_touched),
		TEST(test_clock_jump_makes_nothing_due),
	};
	return cmocka_run_group_tests_name("turn/turn", tests, NULL, NULL);
}
