/* Hello, the directory and agreements as a node hears them (WIRE.md sections 2, 3 and 7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/counter.h"

static uint64_t alarms(const struct counter *counter)
{
	return sf_node_counters(counter->node).alarms;
}

static uint64_t version(const struct counter *counter)
{
	return sf_directory_version(sf_node_directory(counter->node));
}

static void test_connection_is_greeted_first(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	counter_turn(counter);
	const struct sf_frame *frame = counter_heard(counter, SF_FRAME_HELLO, 0);
	assert_non_null(frame);
	assert_int_equal(frame->hello.version, 1);
	assert_int_equal(frame->hello.directory_version, 0);
	const struct sf_frame *credit = counter_heard(counter, SF_FRAME_CREDIT, 0);
	assert_non_null(credit);
	assert_int_equal(credit->credit, counter->node->options.credit);
	assert_int_equal(counter->heard_count, 2);
	assert_false(counter->node->greeted);
}

static void test_hello_without_an_answer_is_said_again(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	counter_turn(counter);
	counter_turn(counter);
	assert_int_equal(counter->heard_count, 0);
	counter->desk->world.now_ms += counter->node->options.hello_timeout_ms;
	counter_turn(counter);
	assert_non_null(counter_heard(counter, SF_FRAME_HELLO, 0));
}

static void test_another_coordinator_than_the_pinned_one_is_not_greeted(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	struct sf_frame hello = counter_hello(counter);
	hello.hello.coordinator = counter->desk->gp->party;
	counter_say(counter, &hello);
	counter_turn(counter);
	assert_false(counter->node->greeted);
	assert_int_equal(alarms(counter), 1);
}

static void test_directory_is_followed_entry_by_entry(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	struct sf_frame hello = counter_hello(counter);
	uint64_t newest = hello.hello.directory_version;
	counter_say(counter, &hello);
	struct sf_frame frame = counter_directory(counter, 1, 2);
	counter_say(counter, &frame);
	frame = counter_directory(counter, 2, newest); /* overlaps what is known */
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(version(counter), newest);
	assert_true(sf_digest_equal(
		sf_directory_head(sf_node_directory(counter->node)), &frame.directory_head));
	assert_int_equal(alarms(counter), 0);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_entry), newest);
}

static void test_gap_in_the_directory_is_asked_for(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	struct sf_frame hello = counter_hello(counter);
	counter_say(counter, &hello);
	struct sf_frame frame = counter_directory(counter, 1, 1);
	counter_say(counter, &frame);
	frame = counter_directory(counter, 3, 3);
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(version(counter), 1);
	const struct sf_frame *query = counter_heard(counter, SF_FRAME_QUERY, 0);
	assert_non_null(query);
	assert_int_equal(query->directory_from, 2);
}

/* What does not follow is refused; the directory here stays the last good one. */
static void test_entry_without_the_registrars_signature_is_refused(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	struct sf_frame hello = counter_hello(counter);
	counter_say(counter, &hello);
	struct sf_frame frame = counter_directory(counter, 1, 3);
	struct sf_view *records = sf_arena_take_many(&counter->desk->arena, 3, sizeof(*records));
	memcpy(records, frame.records, 3 * sizeof(*records));
	uint8_t *forged = sf_arena_take(&counter->desk->arena, records[1].size);
	memcpy(forged, records[1].data, records[1].size);
	forged[records[1].size - 1] ^= 1;
	records[1].data = forged;
	frame.records = records;
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(version(counter), 1);
	assert_int_equal(alarms(counter), 1);
	frame = counter_directory(counter, 2, 3);
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(version(counter), 3);
}

static void test_head_that_does_not_come_out_is_an_alarm(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	struct sf_frame hello = counter_hello(counter);
	counter_say(counter, &hello);
	struct sf_frame frame = counter_directory(counter, 1, hello.hello.directory_version);
	frame.directory_head.bytes[0] ^= 1;
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(alarms(counter), 1);
}

/* WIRE section 7.1: a node refuses a coordinator whose directory is behind what it has seen. */
static void test_coordinator_that_went_back_in_time_gets_nothing(void **state)
{
	struct counter *counter = *state;
	counter_say_up(counter);
	struct sf_frame hello = counter_hello(counter);
	hello.hello.directory_version--;
	uint64_t before = alarms(counter);
	counter_say(counter, &hello);
	counter_turn(counter);
	assert_false(counter->node->greeted);
	assert_int_equal(alarms(counter), before + 1);
}

/* WIRE section 1, author sequence: a restored node goes on behind its last number. */
static void test_restored_node_takes_its_author_sequence_over(void **state)
{
	struct counter *counter = *state;
	int64_t *sequence = &counter->node->counter_values[SF_NODE_COUNTER_AUTHOR_SEQUENCE];
	struct sf_frame hello = counter_hello(counter);
	hello.hello.author_sequence = 41;
	uint64_t before = alarms(counter);
	counter_say(counter, &hello);
	counter_turn(counter);
	assert_int_equal(*sequence, 41);
	assert_int_equal(alarms(counter), before + 1);
	assert_int_equal(sf_node_next(counter->node, SF_NODE_COUNTER_AUTHOR_SEQUENCE), 42);
	/* One that is behind is no news: what is not recorded yet is here. */
	hello.hello.author_sequence = 40;
	counter_say(counter, &hello);
	counter_turn(counter);
	assert_int_equal(*sequence, 42);
	assert_int_equal(alarms(counter), before + 1);
}

static void test_hello_first_is_answered_with_hello(void **state)
{
	struct counter *counter = *state;
	counter->desk->world.now_ms += SF_MINUTE_MS;
	const struct sf_frame error = {.kind = SF_FRAME_ERROR, .error = SF_FRAME_ERROR_HELLO};
	counter_say(counter, &error);
	counter_turn(counter);
	assert_non_null(counter_heard(counter, SF_FRAME_HELLO, 0));
	assert_false(counter->node->greeted);
}

static void test_agreements_are_learnt_once_and_bad_ones_are_told(void **state)
{
	struct counter *counter = *state;
	const struct sf_view records[] = {sf_buf_view(&counter->desk->world.agreement),
		sf_buf_view(&counter->desk->world.agreement), sf_view_text("no agreement")};
	const struct sf_frame frame = {.kind = SF_FRAME_AGREEMENTS, .count = 3, .records = records};
	uint64_t before = alarms(counter);
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_int_equal(sf_book_view(counter->node->book)->count, 1);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_agreement), 1);
	assert_int_equal(alarms(counter), before + 1);
}

static void test_frames_that_are_not_for_a_node_are_counted(void **state)
{
	struct counter *counter = *state;
	uint64_t before = sf_node_counters(counter->node).dropped;
	const struct sf_frame credit = {.kind = SF_FRAME_CREDIT, .credit = 3};
	counter_say(counter, &credit);
	counter_turn(counter);
	assert_int_equal(sf_node_counters(counter->node).dropped, before + 1);
	assert_int_equal(counter->heard_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, counter_open, counter_close)
#define SILENT(name) cmocka_unit_test_setup_teardown(name, counter_open_silent, counter_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SILENT(test_connection_is_greeted_first),
		SILENT(test_hello_without_an_answer_is_said_again),
		SILENT(test_another_coordinator_than_the_pinned_one_is_not_greeted),
		SILENT(test_directory_is_followed_entry_by_entry),
		SILENT(test_gap_in_the_directory_is_asked_for),
		SILENT(test_entry_without_the_registrars_signature_is_refused),
		SILENT(test_head_that_does_not_come_out_is_an_alarm),
		TEST(test_coordinator_that_went_back_in_time_gets_nothing),
		TEST(test_restored_node_takes_its_author_sequence_over),
		TEST(test_hello_first_is_answered_with_hello),
		TEST(test_agreements_are_learnt_once_and_bad_ones_are_told),
		TEST(test_frames_that_are_not_for_a_node_are_counted),
	};
	return cmocka_run_group_tests_name("node/session", tests, NULL, NULL);
}
