/* Hello and what follows it (WIRE.md sections 2, 3 and 7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/tables.h"
#include "unit/coordinator/desk.h"

static void test_nothing_is_taken_before_hello(void **state)
{
	struct desk *desk = *state;
	int64_t leaves = desk_leaves(desk);
	desk->routes[desk->hospital->index] = 99;
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_ERROR, 0);
	assert_non_null(frame);
	assert_int_equal(frame->error, SF_FRAME_ERROR_HELLO);
	assert_int_equal(desk_leaves(desk), leaves);
}

static void test_hello_is_answered_with_names_directory_and_agreements(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_HELLO, 0);
	assert_non_null(frame);
	assert_true(sf_id_equal(frame->hello.coordinator, desk->coordinator->party));
	assert_string_equal(frame->hello.origin, "coordinator.example/log/sim/1");
	assert_int_equal(frame->hello.epoch, 1);
	assert_int_equal(frame->hello.author_sequence, 0);
	assert_int_equal(frame->hello.now_ms, desk->world.now_ms);
	const struct sf_directory *directory =
		sf_coordinator_directory(desk->coordinator->coordinator);
	assert_int_equal(frame->hello.directory_version, sf_directory_version(directory));
	assert_true(sf_digest_equal(&frame->hello.directory_head, sf_directory_head(directory)));
	frame = desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 0);
	assert_non_null(frame);
	assert_int_equal(frame->directory_from, 1);
	assert_int_equal(frame->count, sf_directory_version(directory));
	frame = desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0);
	assert_non_null(frame);
	assert_true(sf_view_equal(frame->records[0], sf_buf_view(&desk->world.agreement)));
}

static void test_directory_goes_on_from_what_the_node_has(void **state)
{
	struct desk *desk = *state;
	desk->routes[desk->hospital->index] = ++desk->last_route;
	uint64_t newest =
		sf_directory_version(sf_coordinator_directory(desk->coordinator->coordinator));
	struct sf_frame hello = {.kind = SF_FRAME_HELLO,
		.hello = {.version = 1, .software = "desk", .directory_version = newest - 1}};
	desk_say(desk, desk->hospital, &hello);
	desk_turn(desk);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 0);
	assert_int_equal(frame->directory_from, newest);
	assert_int_equal(frame->count, 1);
	hello.hello.directory_version = newest;
	desk_say(desk, desk->hospital, &hello);
	desk_turn(desk);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 0));
	assert_non_null(desk_heard(desk, desk->hospital, SF_FRAME_HELLO, 0));
}

/* What a node says of itself is shown to people: only short plain words are kept. */
static void test_hello_is_kept_with_what_the_node_runs(void **state)
{
	struct desk *desk = *state;
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	char longest[SF_SOFTWARE_SIZE_MAX + 2] = {0};
	memset(longest, 'x', SF_SOFTWARE_SIZE_MAX);
	const char *const said[] = {
		"stafet-node 0.1.0", longest, "", "a\x1b[31mred", "n\xc3\xa6ste"};
	const size_t kept[] = {17, SF_SOFTWARE_SIZE_MAX, 0, 0, 0};
	for (size_t i = 0; i < SF_COUNT(said); i++) {
		desk->routes[desk->hospital->index] = ++desk->last_route;
		const struct sf_frame hello = {
			.kind = SF_FRAME_HELLO, .hello = {.version = 1, .software = said[i]}};
		desk_say(desk, desk->hospital, &hello);
		desk_turn(desk);
		struct sf_row_node row = {.party = desk->hospital->party};
		assert_int_equal(store->get(store->self, &sf_table_node, 0, &row, NULL), SF_OK);
		assert_int_equal(row.software.size, kept[i]);
		assert_int_equal(row.hello_ms, desk->world.now_ms);
	}
	longest[SF_SOFTWARE_SIZE_MAX] = 'x';
	desk->routes[desk->hospital->index] = ++desk->last_route;
	const struct sf_frame hello = {
		.kind = SF_FRAME_HELLO, .hello = {.version = 1, .software = longest}};
	desk_say(desk, desk->hospital, &hello);
	desk_turn(desk);
	struct sf_row_node row = {.party = desk->hospital->party};
	assert_int_equal(store->get(store->self, &sf_table_node, 0, &row, NULL), SF_OK);
	assert_int_equal(row.software.size, 0);
}

static void test_query_brings_what_was_asked_for(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct sf_frame query = {.kind = SF_FRAME_QUERY, .directory_from = 2};
	desk_say(desk, desk->hospital, &query);
	desk_turn(desk);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 0);
	assert_non_null(frame);
	assert_int_equal(frame->directory_from, 2);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0));
	query = (struct sf_frame){.kind = SF_FRAME_QUERY, .want_agreements = true};
	desk_say(desk, desk->hospital, &query);
	desk_turn(desk);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 0));
	assert_non_null(desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0));
	/* Past the newest there is nothing to say. */
	query = (struct sf_frame){.kind = SF_FRAME_QUERY, .directory_from = 1000};
	desk_say(desk, desk->hospital, &query);
	desk_turn(desk);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 0));
}

/* WIRE section 1: a restored node first asks for its last number. */
static void test_hello_tells_the_last_author_number(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	letter.message.author_sequence = 41;
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	letter.message.author_sequence = 17;
	desk_record(desk, &letter);
	desk_hello(desk, desk->hospital);
	assert_int_equal(
		desk_heard(desk, desk->hospital, SF_FRAME_HELLO, 0)->hello.author_sequence, 41);
	desk_hello(desk, desk->municipality);
	assert_int_equal(
		desk_heard(desk, desk->municipality, SF_FRAME_HELLO, 0)->hello.author_sequence, 0);
}

static void test_new_connection_ends_the_old_one(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	uint64_t old = desk->routes[desk->hospital->index];
	desk_hello(desk, desk->hospital);
	uint64_t new = desk->routes[desk->hospital->index];
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk->routes[desk->hospital->index] = old;
	desk_submit(desk, desk->hospital, &envelope, 1);
	const struct sf_frame *frame = desk_heard_on(desk, old, SF_FRAME_ERROR, 0);
	assert_non_null(frame);
	assert_int_equal(frame->error, SF_FRAME_ERROR_HELLO);
	assert_null(desk_heard_on(desk, old, SF_FRAME_STORED, 0));
	desk->routes[desk->hospital->index] = new;
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 1);
}

/* Two quick reconnects: what the first connection still had in its pipe comes last. */
static void test_late_hello_of_an_earlier_connection_takes_nothing_over(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	uint64_t earlier = desk->routes[desk->hospital->index];
	desk_hello(desk, desk->hospital);
	uint64_t present = desk->routes[desk->hospital->index];
	assert_true(present > earlier);
	desk->routes[desk->hospital->index] = earlier;
	struct sf_frame hello = {
		.kind = SF_FRAME_HELLO, .hello = {.version = 1, .software = "desk"}};
	desk_say(desk, desk->hospital, &hello);
	desk_turn(desk);
	assert_null(desk_heard_on(desk, earlier, SF_FRAME_HELLO, 0));
	desk->routes[desk->hospital->index] = present;
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_ERROR, 0));
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 1);
}

/* The route of one party is no route for another, whatever number it has. */
static void test_route_belongs_to_the_party_that_said_hello(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk->routes[desk->municipality->index] = desk->routes[desk->hospital->index];
	const struct sf_frame query = {.kind = SF_FRAME_QUERY, .want_agreements = true};
	desk_say(desk, desk->municipality, &query);
	desk_turn(desk);
	const struct sf_frame *frame = desk_heard(desk, desk->municipality, SF_FRAME_ERROR, 0);
	assert_non_null(frame);
	assert_int_equal(frame->error, SF_FRAME_ERROR_HELLO);
}

static void test_unreadable_frame_is_answered_and_costs_nothing_else(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_say_bytes(desk, desk->hospital, sf_view_text("no frame"));
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(
		desk_heard(desk, desk->hospital, SF_FRAME_ERROR, 0)->error, SF_FRAME_ERROR_FRAME);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 1);
}

static void test_frames_that_are_not_for_a_coordinator_are_counted(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	uint64_t dropped = sf_coordinator_counters(desk->coordinator->coordinator).dropped;
	const struct sf_frame stored = {.kind = SF_FRAME_STORED};
	desk_say(desk, desk->hospital, &stored);
	desk_turn(desk);
	assert_int_equal(desk->heard_count, 0);
	assert_int_equal(
		sf_coordinator_counters(desk->coordinator->coordinator).dropped, dropped + 1);
}

static void test_ping_is_answered_once(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct sf_frame ping = {.kind = SF_FRAME_PING, .ping_number = 7};
	desk_say(desk, desk->hospital, &ping);
	desk_turn(desk);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_PING, 0);
	assert_non_null(frame);
	assert_true(frame->ping_reply);
	assert_int_equal(frame->ping_number, 7);
	ping.ping_reply = true;
	desk_say(desk, desk->hospital, &ping);
	desk_turn(desk);
	assert_int_equal(desk->heard_count, 0);
}

/* What was taken while the author was away is told when it comes back, until it is answered. */
static void test_author_hears_on_return_what_was_taken(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	/* Nobody has taken it yet. */
	desk_hello(desk, desk->hospital);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_TAKEN, 0));
	desk->deaf_route = desk->routes[desk->hospital->index];
	desk->deaf_err = SF_ERR_UNREACHABLE;
	desk_hello(desk, desk->municipality);
	const uint64_t positions[] = {1, 2};
	const struct sf_frame taken = {.kind = SF_FRAME_TAKEN, .count = 2, .positions = positions};
	desk_say(desk, desk->municipality, &taken);
	desk_turn(desk);
	desk_hello(desk, desk->hospital);
	const struct sf_frame *frame = desk_heard(desk, desk->hospital, SF_FRAME_TAKEN, 0);
	assert_non_null(frame);
	assert_int_equal(frame->notice_count, 1);
	assert_true(sf_id_equal(frame->notices[0].message_id, letter.message.id));
	struct desk_letter answer = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	desk_record(desk, &answer);
	desk_hello(desk, desk->hospital);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_TAKEN, 0));
	assert_int_equal(desk_item_count(desk, desk->hospital), 1);
}

static void test_directory_entry_goes_to_everyone_who_is_connected(void **state)
{
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->gp);
	uint64_t newest =
		sf_directory_version(sf_coordinator_directory(desk->coordinator->coordinator));
	desk_revoke(desk, desk->municipality);
	const struct sf_sim_machine *machines[] = {desk->hospital, desk->gp};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		const struct sf_frame *frame = desk_heard(desk, machines[i], SF_FRAME_DIRECTORY, 0);
		assert_non_null(frame);
		assert_int_equal(frame->directory_from, newest + 1);
		assert_int_equal(frame->count, 1);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_is_taken_before_hello),
		TEST(test_hello_is_answered_with_names_directory_and_agreements),
		TEST(test_directory_goes_on_from_what_the_node_has),
		TEST(test_hello_is_kept_with_what_the_node_runs),
		TEST(test_query_brings_what_was_asked_for),
		TEST(test_hello_tells_the_last_author_number),
		TEST(test_new_connection_ends_the_old_one),
		TEST(test_late_hello_of_an_earlier_connection_takes_nothing_over),
		TEST(test_route_belongs_to_the_party_that_said_hello),
		TEST(test_unreadable_frame_is_answered_and_costs_nothing_else),
		TEST(test_frames_that_are_not_for_a_coordinator_are_counted),
		TEST(test_ping_is_answered_once),
		TEST(test_author_hears_on_return_what_was_taken),
		TEST(test_directory_entry_goes_to_everyone_who_is_connected),
	};
	return cmocka_run_group_tests_name("coordinator/session", tests, NULL, NULL);
}
