/* What needs a person of this party now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/tables.h"
#include "unit/node/terms.h"

static struct sf_reply_board ask(
	struct region *region, struct sf_sim_machine *machine, const char *party, bool only_overdue)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_BOARD, .board = {.party = party, .only_overdue = only_overdue}};
	return region_get(region, machine, request, SF_REPLY_BOARD).board;
}

static const struct sf_board_row *find(
	const struct sf_reply_board *board, enum sf_board_what what, enum sf_next_what next)
{
	for (size_t i = 0; i < board->row_count; i++)
		if (board->rows[i].what == what && board->rows[i].next == next)
			return &board->rows[i];
	return NULL;
}

static void test_offer_stands_on_the_board_of_who_must_answer(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_reply_board board = ask(region, region->municipality, "municipality 0", false);
	const struct sf_board_row *row = find(&board, SF_BOARD_NEXT, SF_NEXT_ANSWER_OFFER);
	assert_non_null(row);
	assert_true(sf_id_equal(row->transition, sent.transition));
	assert_true(sf_id_equal(row->party, region->municipality->party));
	assert_string_equal(row->party_name, "municipality 0");
	board = ask(region, region->municipality, "gp 0", false);
	assert_null(find(&board, SF_BOARD_NEXT, SF_NEXT_ANSWER_OFFER));
	const struct sf_request nobody = {.kind = SF_REQUEST_BOARD, .board = {.party = "nobody"}};
	terms_not_done(region, region->gp, nobody, SF_ERR_NOT_FOUND);
}

/* A discharge that is decided and whose letter never comes. */
static void test_announced_discharge_that_is_never_sent_becomes_overdue(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_fact fact = {
		.kind = SF_KIND_INTENT, .intent = {region->world.now_ms + 2 * SF_HOUR_MS}};
	terms_said(region, region->hospital, id, &fact);
	struct sf_reply_board board = ask(region, region->hospital, "", true);
	assert_null(find(&board, SF_BOARD_NEXT, SF_NEXT_OBLIGATION));
	region_run(region, 3 * SF_HOUR_MS);
	board = ask(region, region->hospital, "hospital 0", true);
	const struct sf_board_row *row = find(&board, SF_BOARD_NEXT, SF_NEXT_OBLIGATION);
	assert_non_null(row);
	assert_int_equal(row->duty, SF_DUTY_SEND_DOCUMENTS);
	assert_true(row->overdue);
}

static void test_letter_that_nobody_takes_and_silence_stand_on_the_board(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, SF_HOUR_MS);
	struct sf_reply_board board = ask(region, region->hospital, "", false);
	assert_null(find(&board, SF_BOARD_UNDELIVERABLE, SF_NEXT_NOTHING));
	assert_null(find(&board, SF_BOARD_SILENT_NODE, SF_NEXT_NOTHING));
	board = ask(region, region->municipality, "", false);
	const struct sf_board_row *row = find(&board, SF_BOARD_SILENT_NODE, SF_NEXT_NOTHING);
	assert_non_null(row);
	assert_true(sf_id_equal(row->peer, region->coordinator->party));
	region_run(region, 15 * SF_DAY_MS);
	board = ask(region, region->hospital, "", true);
	row = find(&board, SF_BOARD_UNDELIVERABLE, SF_NEXT_NOTHING);
	assert_non_null(row);
	assert_true(sf_id_equal(row->subject, sent.message));
	assert_true(sf_id_equal(row->peer, region->municipality->party));
	sf_sim_part(region->municipality, false);
	region_run(region, SF_HOUR_MS);
	board = ask(region, region->hospital, "", false);
	assert_null(find(&board, SF_BOARD_UNDELIVERABLE, SF_NEXT_NOTHING));
	board = ask(region, region->municipality, "", false);
	assert_null(find(&board, SF_BOARD_SILENT_NODE, SF_NEXT_NOTHING));
}

/* The recipient's final answer is no: the sender's people must know, and for a while they do. */
static void test_fatal_answer_stands_on_the_board_of_the_sender(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	region_run(region, SF_MINUTE_MS);
	struct sf_node_row_delivery row = {
		.message_id = sent.message, .recipient = region->municipality->party};
	assert_int_equal(store->get(store->self, &sf_node_table_delivery, 0, &row, NULL), SF_OK);
	assert_int_equal(row.failed, 0);
	struct sf_reply_board board = ask(region, region->hospital, "", false);
	assert_null(find(&board, SF_BOARD_UNDELIVERABLE, SF_NEXT_NOTHING));
	row.state = SF_DELIVERY_FATAL_ERROR;
	row.code = SF_ACK_CODE_CONTENT;
	row.failed = 1;
	row.errors = sf_view_of(NULL, 0);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_delivery, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	board = ask(region, region->hospital, "", false);
	const struct sf_board_row *shown = find(&board, SF_BOARD_UNDELIVERABLE, SF_NEXT_NOTHING);
	assert_non_null(shown);
	assert_int_equal(shown->code, SF_ACK_CODE_CONTENT);
	region_run(region, 15 * SF_DAY_MS);
	board = ask(region, region->hospital, "", false);
	assert_null(find(&board, SF_BOARD_UNDELIVERABLE, SF_NEXT_NOTHING));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_offer_stands_on_the_board_of_who_must_answer),
		TEST(test_announced_discharge_that_is_never_sent_becomes_overdue),
		TEST(test_letter_that_nobody_takes_and_silence_stand_on_the_board),
		TEST(test_fatal_answer_stands_on_the_board_of_the_sender),
	};
	return cmocka_run_group_tests_name("node/board", tests, NULL, NULL);
}
