/* A store that went back behind what a node has seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

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

static struct sf_coordinator *coordinator_of(const struct desk *desk)
{
	return desk->coordinator->coordinator;
}

/* A note of the desk's log about a tree that this store need not have. */
static struct sf_view sign_note(
	struct desk *desk, const char *origin, uint64_t size, uint8_t root, bool by_log)
{
	struct sf_checkpoint checkpoint = {.size = size};
	memset(checkpoint.root.bytes, root, SF_DIGEST_SIZE);
	memcpy(checkpoint.origin, origin, strlen(origin) + 1);
	return desk_sign_note(desk, &checkpoint, by_log);
}

static void say_hello(struct desk *desk, const struct sf_sim_machine *from, uint64_t size,
	uint8_t root, struct sf_view note)
{
	struct sf_hello hello = {
		.version = 1, .software = "desk", .log_size = size, .log_note = note};
	memset(hello.log_root.bytes, root, SF_DIGEST_SIZE);
	desk_hello_as(desk, from, &hello);
}

#define ORIGIN "coordinator.example/log/sim/1"

/* Nothing is recorded, delivered, signed or derived; the node sees why. */
static void check_stopped(struct desk *desk, const struct sf_sim_machine *witness)
{
	struct sf_coordinator *coordinator = coordinator_of(desk);
	assert_true(sf_coordinator_is_behind(coordinator));
	const struct sf_frame *hello = desk_heard(desk, witness, SF_FRAME_HELLO, 0);
	assert_non_null(hello);
	assert_int_equal(hello->hello.log_size, coordinator->log.size);
	assert_null(desk_heard(desk, witness, SF_FRAME_DIRECTORY, 0));
	assert_null(desk_checkpoint(desk, witness));
	assert_int_equal(desk_item_count(desk, witness), 0);
	int64_t leaves = desk_leaves(desk);
	struct desk_letter letter = desk_admission(desk);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 0);
	assert_int_equal(desk_leaves(desk), leaves);
	assert_int_equal(sf_coordinator_checkpoint_due_ms(coordinator), INT64_MAX);
	const struct sf_request approve = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = sf_view_text("an entry")}};
	assert_int_equal(desk_ask(desk, &approve).err, SF_ERR_STATE);
	const struct sf_request status = {.kind = SF_REQUEST_STATUS};
	assert_string_equal(desk_ask(desk, &status).status.link, "behind");
}

static void test_larger_checkpoint_of_a_node_stops_everything(void **state)
{
	struct desk *desk = *state;
	uint64_t size = coordinator_of(desk)->log.size + 5;
	struct sf_view note = sign_note(desk, ORIGIN, size, 7, true);
	say_hello(desk, desk->municipality, size, 7, note);
	check_stopped(desk, desk->municipality);
	const struct sf_request request = {.kind = SF_REQUEST_LOG};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_true(reply.log.behind);
	assert_int_equal(reply.log.contradiction_count, 1);
	const struct sf_contradiction_row *row = reply.log.contradictions;
	assert_int_equal(row->kind, SF_CONTRADICTION_ROLLBACK);
	assert_int_equal(row->size, size);
	assert_true(sf_id_equal(row->party, desk->municipality->party));
	assert_true(sf_view_equal(row->note, note));
	assert_true(sf_view_equal(row->other, sf_buf_view(&coordinator_of(desk)->log.note)));
}

/* A thief of a key that nobody believes any more. */
static void test_revoked_key_of_the_log_stops_nothing(void **state)
{
	struct desk *desk = *state;
	struct sf_coordinator *coordinator = coordinator_of(desk);
	uint64_t size = coordinator->log.size + 5;
	struct sf_view note = sign_note(desk, ORIGIN, size, 7, true);
	struct sf_directory_entry *own = (struct sf_directory_entry *)sf_directory_party(
		coordinator->directory, coordinator->options.party);
	for (size_t i = 0; i < own->key_count; i++)
		if (own->keys[i].use == SF_KEY_USE_LOG)
			own->keys[i].revoked_ms = 1;
	say_hello(desk, desk->municipality, size, 7, note);
	assert_false(sf_coordinator_is_behind(coordinator));
}

/* Who still holds what is missing is listed, who holds most first; each once, with its newest. */
static void test_every_node_that_has_more_is_listed(void **state)
{
	struct desk *desk = *state;
	uint64_t size = coordinator_of(desk)->log.size;
	struct sf_view few = sign_note(desk, ORIGIN, size + 3, 7, true);
	struct sf_view more = sign_note(desk, ORIGIN, size + 5, 8, true);
	struct sf_view most = sign_note(desk, ORIGIN, size + 9, 9, true);
	say_hello(desk, desk->municipality, size + 5, 8, more);
	say_hello(desk, desk->hospital, size + 3, 7, few);
	say_hello(desk, desk->gp, size + 9, 9, most);
	say_hello(desk, desk->hospital, size + 3, 7, few);
	const struct sf_request request = {.kind = SF_REQUEST_LOG};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.log.contradiction_count, 3);
	const struct sf_contradiction_row *rows = reply.log.contradictions;
	assert_true(sf_id_equal(rows[0].party, desk->gp->party));
	assert_true(sf_view_equal(rows[0].note, most));
	assert_true(rows[0].other.size > 0);
	assert_true(sf_id_equal(rows[1].party, desk->municipality->party));
	assert_int_equal(rows[1].size, size + 5);
	assert_true(sf_id_equal(rows[2].party, desk->hospital->party));
	assert_true(sf_view_equal(rows[2].note, few));
	assert_int_equal(rows[2].other.size, 0);
	say_hello(desk, desk->hospital, size + 9, 9, most);
	reply = desk_ask(desk, &request);
	assert_int_equal(reply.log.contradiction_count, 3);
	assert_true(sf_id_equal(reply.log.contradictions[1].party, desk->hospital->party));
	assert_int_equal(reply.log.contradictions[2].size, size + 5);
}

static void test_another_tree_of_the_same_size_stops_everything(void **state)
{
	struct desk *desk = *state;
	uint64_t size = coordinator_of(desk)->log.size;
	say_hello(desk, desk->municipality, size, 7, sign_note(desk, ORIGIN, size, 7, true));
	check_stopped(desk, desk->municipality);
	assert_int_equal(coordinator_of(desk)->log.ahead[0].kind, SF_CONTRADICTION_FORK);
}

static void test_another_smaller_tree_stops_everything(void **state)
{
	struct desk *desk = *state;
	uint64_t size = coordinator_of(desk)->log.size - 1;
	say_hello(desk, desk->municipality, size, 7, sign_note(desk, ORIGIN, size, 7, true));
	check_stopped(desk, desk->municipality);
}

static void test_later_epoch_stops_everything(void **state)
{
	struct desk *desk = *state;
	struct sf_view note = sign_note(desk, "coordinator.example/log/sim/2", 1, 7, true);
	say_hello(desk, desk->municipality, 1, 7, note);
	check_stopped(desk, desk->municipality);
	assert_int_equal(coordinator_of(desk)->log.ahead[0].epoch, 2);
}

/* Nobody stops a region by saying so. */
static void test_word_that_this_log_has_not_signed_stops_nothing(void **state)
{
	struct desk *desk = *state;
	uint64_t size = coordinator_of(desk)->log.size + 5;
	const struct sf_view notes[] = {sf_view_of(NULL, 0), sf_view_text("a note\n"),
		sign_note(desk, ORIGIN, size, 7, false),
		sign_note(desk, "other.example/log/sim/1", size, 7, true)};
	for (size_t i = 0; i < SF_COUNT(notes); i++) {
		desk->world.now_ms += SF_MINUTE_MS;
		say_hello(desk, desk->municipality, size, 7, notes[i]);
		assert_false(sf_coordinator_is_behind(coordinator_of(desk)));
		assert_non_null(desk_checkpoint(desk, desk->municipality));
		assert_int_equal(desk_checkpoint(desk, desk->municipality)->from_size, 0);
	}
	struct desk_letter letter = desk_admission(desk);
	desk_record(desk, &letter);
}

/* What it claims beyond its note is not believed; what the note says is. */
static void test_note_rules_over_what_the_hello_claims(void **state)
{
	struct desk *desk = *state;
	struct sf_coordinator_log *log = &coordinator_of(desk)->log;
	struct sf_view note = sf_arena_copy(&desk->arena, sf_buf_view(&log->note));
	say_hello(desk, desk->municipality, log->size + 99, 7, note);
	assert_false(sf_coordinator_is_behind(coordinator_of(desk)));
	assert_int_equal(desk_checkpoint(desk, desk->municipality)->from_size, log->size);
}

/* After a start: a minute, or until somebody is heard who does not know more. */
static void test_timers_wait_after_a_start_for_who_may_know_more(void **state)
{
	struct desk *desk = *state;
	desk_restart(desk);
	struct sf_coordinator *coordinator = coordinator_of(desk);
	int64_t until_ms = coordinator->started_ms + SF_MINUTE_MS;
	assert_int_equal(sf_coordinator_waits_until_ms(coordinator), until_ms);
	coordinator->timer_ms = 1;
	assert_int_equal(desk->coordinator->turn.engine.next_due_ms(coordinator), until_ms);
	desk_turn(desk);
	assert_int_equal(coordinator->timer_ms, 1); /* no turn was worth it */
	desk_hello(desk, desk->hospital);
	assert_int_equal(sf_coordinator_waits_until_ms(coordinator), 0);
}

/* It was opened by a clock that was a day ahead: the minute is one of the clock that is right. */
static void test_clock_that_is_put_right_makes_no_wait_longer(void **state)
{
	struct desk *desk = *state;
	desk->world.now_ms += SF_DAY_MS;
	desk_restart(desk);
	desk->world.now_ms -= SF_DAY_MS;
	struct sf_coordinator *coordinator = coordinator_of(desk);
	coordinator->log.awaited = 2;
	desk_hello(desk, desk->hospital);
	assert_int_equal(coordinator->log.awaited, 1);
	assert_int_equal(
		sf_coordinator_waits_until_ms(coordinator), desk->world.now_ms + SF_MINUTE_MS);
}

static void test_nobody_is_waited_for_before_the_first_checkpoint(void **state)
{
	struct desk *desk = *state;
	coordinator_of(desk)->log.size = 0;
	assert_int_equal(coordinator_of(desk)->log.awaited, 0);
	assert_int_equal(sf_coordinator_waits_until_ms(coordinator_of(desk)), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_recorded, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_larger_checkpoint_of_a_node_stops_everything),
		TEST(test_revoked_key_of_the_log_stops_nothing),
		TEST(test_every_node_that_has_more_is_listed),
		TEST(test_another_tree_of_the_same_size_stops_everything),
		TEST(test_another_smaller_tree_stops_everything),
		TEST(test_later_epoch_stops_everything),
		TEST(test_word_that_this_log_has_not_signed_stops_nothing),
		TEST(test_note_rules_over_what_the_hello_claims),
		TEST(test_timers_wait_after_a_start_for_who_may_know_more),
		TEST(test_clock_that_is_put_right_makes_no_wait_longer),
		cmocka_unit_test_setup_teardown(
			test_nobody_is_waited_for_before_the_first_checkpoint, desk_open,
			desk_close),
	};
	return cmocka_run_group_tests_name("coordinator/behind", tests, NULL, NULL);
}
