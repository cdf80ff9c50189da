/* What needs a person, for a party and for the region. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/listing.h"
#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static int open_admitted(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	desk_hello(desk, desk->gp);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	desk_take(desk, desk->municipality);
	letter = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	desk_record(desk, &letter);
	return 0;
}

static struct desk_letter ask_for(struct desk *desk, int64_t due_ms)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_OBLIGATION);
	letter.message.fact.obligation = (struct sf_obligation_fact){.action = SF_TASK_REQUEST,
		.duty = SF_DUTY_NURSING,
		.owner = SF_ROLE_MUNICIPALITY,
		.due_ms = due_ms};
	desk_record(desk, &letter);
	return letter;
}

/* The rows of one kind; index of the last. */
static size_t count_rows(struct desk *desk, const char *party, enum sf_board_what what,
	bool only_overdue, struct sf_board_row *ret_last)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_BOARD, .board = {.party = party, .only_overdue = only_overdue}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	size_t count = 0;
	for (size_t i = 0; i < reply.board.row_count; i++) {
		if (reply.board.rows[i].what != what)
			continue;
		count++;
		if (ret_last)
			*ret_last = reply.board.rows[i];
	}
	return count;
}

static void test_duty_is_on_its_owners_board_and_the_regions(void **state)
{
	struct desk *desk = *state;
	int64_t due_ms = desk->world.now_ms + SF_HOUR_MS;
	struct desk_letter letter = ask_for(desk, due_ms);
	const char *municipality = desk->municipality->name;
	struct sf_board_row row;
	assert_int_equal(count_rows(desk, municipality, SF_BOARD_NEXT, false, &row), 1);
	assert_int_equal(row.next, SF_NEXT_OBLIGATION);
	assert_int_equal(row.duty, SF_DUTY_NURSING);
	assert_int_equal(row.before_ms, due_ms);
	assert_false(row.overdue);
	assert_true(sf_id_equal(row.subject, letter.message.id));
	assert_string_equal(row.party_name, municipality);
	assert_int_equal(count_rows(desk, "", SF_BOARD_NEXT, false, NULL), 1);
	assert_int_equal(count_rows(desk, desk->hospital->name, SF_BOARD_NEXT, false, NULL), 0);
	assert_int_equal(count_rows(desk, municipality, SF_BOARD_NEXT, true, NULL), 0);
	desk->world.now_ms = due_ms;
	desk_turn(desk);
	assert_int_equal(count_rows(desk, municipality, SF_BOARD_NEXT, true, &row), 1);
	assert_true(row.overdue);
	/* Who asked for it sees that it did not come. */
	assert_int_equal(count_rows(desk, desk->hospital->name, SF_BOARD_ALARM, true, &row), 1);
	assert_true(sf_id_equal(row.peer, desk->municipality->party));
	assert_int_equal(count_rows(desk, municipality, SF_BOARD_ALARM, true, NULL), 0);
}

static void test_what_is_done_leaves_every_board(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = ask_for(desk, desk->world.now_ms + SF_HOUR_MS);
	desk->world.now_ms += 2 * SF_HOUR_MS;
	desk_turn(desk);
	assert_int_equal(count_rows(desk, "", SF_BOARD_NEXT, true, NULL), 1);
	struct desk_letter done = desk_letter(desk, desk->municipality, SF_KIND_OBLIGATION);
	done.message.fact.obligation = (struct sf_obligation_fact){
		.action = SF_TASK_COMPLETE, .subject = letter.message.id};
	assert_int_equal(desk_record(desk, &done).sequence, 6);
	assert_int_equal(count_rows(desk, "", SF_BOARD_NEXT, true, NULL), 0);
	assert_int_equal(count_rows(desk, desk->hospital->name, SF_BOARD_ALARM, false, NULL), 0);
}

static void test_message_that_nobody_answers_is_shown(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_admission(desk);
	desk_record(desk, &letter);
	struct sf_board_row row;
	assert_int_equal(count_rows(desk, "", SF_BOARD_UNDELIVERABLE, false, NULL), 0);
	desk->world.now_ms += SF_LATE_MS;
	desk_turn(desk);
	assert_int_equal(count_rows(desk, "", SF_BOARD_UNDELIVERABLE, false, &row), 1);
	assert_true(sf_id_equal(row.subject, letter.message.id));
	assert_true(sf_id_equal(row.party, desk->hospital->party));
	assert_true(sf_id_equal(row.peer, desk->municipality->party));
	assert_int_equal(row.code, SF_DELIVERY_QUEUED);
	desk->world.now_ms += 14 * SF_DAY_MS;
	desk_turn(desk);
	count_rows(desk, "", SF_BOARD_UNDELIVERABLE, false, &row);
	assert_int_equal(row.code, SF_DELIVERY_UNDELIVERABLE);
	/* Answered fatally it stands there for a week, at its author's. */
	letter = desk_answer(desk, desk->municipality, &letter, SF_ACK_FATAL_ERROR);
	desk_record(desk, &letter);
	assert_int_equal(
		count_rows(desk, desk->hospital->name, SF_BOARD_UNDELIVERABLE, false, &row), 1);
	assert_int_equal(row.code, SF_DELIVERY_FATAL_ERROR);
	assert_int_equal(
		count_rows(desk, desk->municipality->name, SF_BOARD_UNDELIVERABLE, false, NULL), 0);
	desk->world.now_ms += 8 * SF_DAY_MS;
	desk_turn(desk);
	assert_int_equal(count_rows(desk, "", SF_BOARD_UNDELIVERABLE, false, NULL), 0);
}

/* Connected nodes are seen; the others a day after they were last heard of. */
static void test_node_that_is_not_seen_is_shown(void **state)
{
	struct desk *desk = *state;
	struct sf_board_row row;
	desk->world.now_ms += 2 * SF_DAY_MS;
	desk_turn(desk);
	assert_int_equal(count_rows(desk, "", SF_BOARD_SILENT_NODE, false, NULL), 0);
	desk_restart(desk); /* nobody is connected, and each was heard of two days ago */
	desk_turn(desk);
	assert_int_equal(count_rows(desk, "", SF_BOARD_SILENT_NODE, false, NULL), 3);
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	assert_int_equal(count_rows(desk, "", SF_BOARD_SILENT_NODE, false, &row), 1);
	assert_true(sf_id_equal(row.party, desk->gp->party));
	desk_hello(desk, desk->gp);
	assert_int_equal(count_rows(desk, "", SF_BOARD_SILENT_NODE, false, NULL), 0);
	desk_restart(desk);
	desk->world.now_ms += SF_DAY_MS - SF_HOUR_MS;
	desk_turn(desk);
	assert_int_equal(count_rows(desk, "", SF_BOARD_SILENT_NODE, false, NULL), 0);
}

static void test_board_of_nobody_is_refused(void **state)
{
	struct desk *desk = *state;
	const struct sf_request request = {.kind = SF_REQUEST_BOARD, .board = {.party = "nobody"}};
	assert_int_equal(desk_ask(desk, &request).err, SF_ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_admitted, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_duty_is_on_its_owners_board_and_the_regions),
		TEST(test_what_is_done_leaves_every_board),
		TEST(test_message_that_nobody_answers_is_shown),
		TEST(test_node_that_is_not_seen_is_shown),
		TEST(test_board_of_nobody_is_refused),
	};
	return cmocka_run_group_tests_name("coordinator/board", tests, NULL, NULL);
}
