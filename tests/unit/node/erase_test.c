/* Erasing a party's own copy: everything of it goes, what must be told apart stays told. */
#include "node/erase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/node/terms.h"

static struct sf_request erase_request(struct sf_id id, enum sf_ground ground, bool preview)
{
	return (struct sf_request){.kind = SF_REQUEST_ERASE, .erase = {id, ground, preview}};
}

static struct sf_reply_erased erased(
	struct region *region, struct sf_sim_machine *machine, struct sf_id id, bool preview)
{
	return region_get(
		region, machine, erase_request(id, SF_GROUND_MISTAKE, preview), SF_REPLY_ERASED)
		.erased;
}

static uint64_t gone(const struct sf_reply_erased *reply, const char *what)
{
	for (size_t i = 0; i < reply->row_count; i++)
		if (strcmp(reply->rows[i].what, what) == 0)
			return reply->rows[i].count;
	fail_msg("nothing is called %s", what);
	return 0;
}

static size_t count(struct sf_sim_machine *machine, const struct sf_table *table)
{
	return sf_memory_count(machine->memory, table);
}

static bool stands_on_board(struct region *region, struct sf_sim_machine *machine)
{
	const struct sf_request request = {.kind = SF_REQUEST_BOARD, .board = {.party = ""}};
	struct sf_reply_board board = region_get(region, machine, request, SF_REPLY_BOARD).board;
	for (size_t i = 0; i < board.row_count; i++)
		if (board.rows[i].what == SF_BOARD_ERASE)
			return true;
	return false;
}

struct names {
	struct sf_id transition;
	size_t found;
};

static bool find_proof(void *context, const void *row)
{
	struct names *names = context;
	names->found +=
		sf_id_equal(((const struct sf_node_row_proof *)row)->transition, names->transition);
	return true;
}

static bool find_letter(void *context, const void *row)
{
	struct names *names = context;
	const struct sf_node_row_inbox *inbox = row;
	names->found += sf_id_equal(inbox->transition, names->transition) || inbox->body.size > 0 ||
			inbox->state != SF_NODE_INBOX_ERASED ||
			!sf_digest_is_none(&inbox->content_id);
	return true;
}

static size_t named(struct sf_sim_machine *machine, const struct sf_table *table,
	sf_row_visitor *visitor, struct sf_id transition)
{
	struct names names = {.transition = transition};
	const struct sf_store *store = sf_memory_port(machine->memory);
	const struct sf_scan all = {.table = table};
	assert_int_equal(store->scan(store->self, &all, visitor, &names, NULL), SF_OK);
	return names.found;
}

static void assert_nothing_left(struct sf_sim_machine *machine, struct sf_id transition)
{
	static const struct sf_table *const emptied[] = {&sf_node_table_event,
		&sf_node_table_outbox, &sf_node_table_sending, &sf_node_table_delivery,
		&sf_node_table_letter, &sf_node_table_transition, &sf_node_table_episode,
		&sf_node_table_patient, &sf_node_table_quarantine, &sf_node_table_told,
		&sf_node_table_content_key};
	for (size_t i = 0; i < SF_COUNT(emptied); i++)
		if (count(machine, emptied[i]) != 0)
			fail_msg("something is left in %s", emptied[i]->name);
	assert_int_equal(named(machine, &sf_node_table_proof, find_proof, transition), 0);
	assert_int_equal(named(machine, &sf_node_table_inbox, find_letter, transition), 0);
}

static void test_a_preview_counts_and_takes_nothing(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	size_t events = count(region->hospital, &sf_node_table_event);
	struct sf_reply_erased reply = erased(region, region->hospital, id, true);
	assert_false(reply.done);
	assert_int_equal(gone(&reply, "events"), events);
	assert_int_equal(
		gone(&reply, "messages sent"), count(region->hospital, &sf_node_table_outbox));
	assert_true(gone(&reply, "sealed envelopes") > 0);
	assert_true(gone(&reply, "letters handed in") >= 2);
	assert_int_equal(count(region->hospital, &sf_node_table_event), events);
	assert_int_equal(count(region->hospital, &sf_node_table_erasure), 0);
}

static void test_everything_of_it_goes_at_sender_and_recipient(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	struct sf_sim_machine *machines[] = {region->hospital, region->municipality, region->gp};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		size_t proofs = count(machines[i], &sf_node_table_proof);
		assert_true(erased(region, machines[i], id, false).done);
		assert_nothing_left(machines[i], id);
		/* That the log has these leaves stays proven. */
		assert_int_equal(count(machines[i], &sf_node_table_proof), proofs);
	}
}

/* What is not recorded yet is found by no event; it must not go out when the link is back. */
static void test_what_waits_for_the_coordinator_goes_too(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, SF_MINUTE_MS);
	sf_sim_part(region->hospital, true);
	size_t before = count(region->hospital, &sf_node_table_outbox);
	region_send(region, "SLHJ_H");
	region_run(region, SF_MINUTE_MS);
	uint64_t recorded = sf_coordinator_counters(region->coordinator->coordinator).recorded;
	size_t waiting = count(region->hospital, &sf_node_table_outbox);
	assert_true(waiting > before);
	struct sf_reply_erased reply = erased(region, region->hospital, id, false);
	assert_int_equal(gone(&reply, "messages sent"), waiting);
	assert_nothing_left(region->hospital, id);
	sf_sim_part(region->hospital, false);
	region_run(region, SF_HOUR_MS);
	assert_int_equal(
		sf_coordinator_counters(region->coordinator->coordinator).recorded, recorded);
	assert_nothing_left(region->hospital, id);
}

static void test_an_open_course_is_kept_and_wrong_ids_are_told(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	assert_int_equal(
		region_ask(region, region->hospital, erase_request(id, SF_GROUND_RETENTION, false))
			.err,
		SF_ERR_STATE);
	assert_int_equal(region_ask(region, region->hospital,
				 erase_request((struct sf_id){{9}}, SF_GROUND_MISTAKE, false))
				 .err,
		SF_ERR_NOT_FOUND);
	assert_true(count(region->hospital, &sf_node_table_event) > 0);
}

static void test_who_asks_after_it_hears_when_and_why(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	erased(region, region->hospital, id, false);
	const struct sf_request asked[] = {
		{.kind = SF_REQUEST_TRANSITION, .transition = {id, 0, ""}},
		{.kind = SF_REQUEST_EVIDENCE, .evidence = {id}},
		erase_request(id, SF_GROUND_MISTAKE, false),
	};
	for (size_t i = 0; i < SF_COUNT(asked); i++) {
		struct sf_reply reply = region_ask(region, region->hospital, asked[i]);
		assert_int_equal(reply.err, i < 2 ? SF_ERR_NOT_FOUND : SF_ERR_EXISTS);
		assert_non_null(strstr(reply.text, "erased"));
		assert_non_null(strstr(reply.text, "ground: mistake"));
	}
	const struct sf_request never = {
		.kind = SF_REQUEST_TRANSITION, .transition = {{{7}}, 0, ""}};
	assert_null(strstr(region_ask(region, region->hospital, never).text, "erased"));
}

/* The coordinator's erasure is a question; while it is open the two are not compared. */
static void test_the_coordinators_erasure_stands_on_the_board_without_alarm(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	sf_sim_part(region->gp, true);
	erased(region, region->coordinator, id, false);
	region_run(region, SF_MINUTE_MS);
	assert_true(stands_on_board(region, region->hospital));
	assert_true(count(region->hospital, &sf_node_table_event) > 0);
	/* Away while it happened, and told when it is back. */
	sf_sim_part(region->gp, false);
	region_run(region, 3 * SF_DAY_MS);
	struct sf_sim_machine *machines[] = {region->hospital, region->municipality, region->gp};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		assert_true(stands_on_board(region, machines[i]));
		assert_int_equal(sf_node_counters(machines[i]->node).alarms, 0);
		/* On its own ground too, for the coordinator has none any more. */
		assert_int_equal(region_ask(region, machines[i],
					 erase_request(id, SF_GROUND_RETENTION, false))
					 .err,
			SF_OK);
		assert_false(stands_on_board(region, machines[i]));
		assert_nothing_left(machines[i], id);
	}
}

/* The letter is lost for its recipient, and its author sees that it failed. */
static void test_what_is_said_after_it_fails_at_its_author(void **state)
{
	struct region *region = *state;
	region_send(region, "STIN_H");
	region_run(region, SF_MINUTE_MS);
	sf_sim_part(region->hospital, true);
	struct sf_id id = region_send(region, "SLHJ_H").transition;
	region_run(region, SF_MINUTE_MS);
	erased(region, region->coordinator, id, false);
	sf_sim_part(region->hospital, false);
	region_run(region, SF_HOUR_MS);
	const struct sf_request outbox = {.kind = SF_REQUEST_OUTBOX, .outbox = {.only_open = true}};
	assert_int_equal(
		region_get(region, region->hospital, outbox, SF_REPLY_OUTBOX).outbox.row_count, 0);
	uint64_t dropped = sf_coordinator_counters(region->coordinator->coordinator).dropped;
	region_run(region, SF_DAY_MS);
	assert_int_equal(
		sf_coordinator_counters(region->coordinator->coordinator).dropped, dropped);
}

/* One party has erased, the others go on: who writes to it must not believe that it was read. */
static void test_a_letter_to_who_erased_is_answered_with_an_error(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, SF_MINUTE_MS);
	erased(region, region->municipality, id, false);
	size_t inbox = count(region->municipality, &sf_node_table_inbox);
	struct sf_reply_sent sent = region_send(region, "SLHJ_H");
	assert_true(sf_id_equal(sent.transition, id));
	region_run(region, SF_MINUTE_MS);
	struct sf_node_row_delivery row = {
		.message_id = sent.message, .recipient = region->municipality->party};
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_delivery, 0, &row, NULL), SF_OK);
	assert_int_equal(row.state, SF_DELIVERY_FATAL_ERROR);
	assert_int_equal(row.code, SF_ACK_CODE_RECEIVER);
	assert_int_equal(count(region->municipality, &sf_node_table_event), 0);
	assert_int_equal(count(region->municipality, &sf_node_table_transition), 0);
	assert_int_equal(count(region->municipality, &sf_node_table_inbox), inbox + 1);
	const struct sf_request all = {.kind = SF_REQUEST_INBOX};
	assert_int_equal(
		region_get(region, region->municipality, all, SF_REPLY_INBOX).inbox.row_count, 0);
}

static struct sf_id closed(struct region *region)
{
	struct sf_reply_sent sent = region_discharge(region);
	const struct sf_request accept = {
		.kind = SF_REQUEST_ACCEPT, .accept = {.id = sent.transition}};
	region_get(region, region->municipality, accept, SF_REPLY_SAID);
	region_run(region, SF_MINUTE_MS);
	const struct sf_fact fact = {.kind = SF_KIND_CLOSE, .close = {.code = SF_CLOSE_NO_END}};
	terms_said(region, region->municipality, sent.transition, &fact);
	assert_int_equal(sf_transition_state(terms_replica(region->hospital, sent.transition)),
		SF_TRANSITION_CLOSED);
	return sent.transition;
}

static void test_a_closed_course_goes_by_itself_after_its_time(void **state)
{
	struct region *region = *state;
	struct sf_id id = closed(region);
	region->hospital->node->options.retention_ms = 40 * SF_DAY_MS;
	region->hospital->node->retention_ms = 0;
	region_run(region, 39 * SF_DAY_MS);
	assert_true(count(region->hospital, &sf_node_table_event) > 0);
	region_run(region, 2 * SF_DAY_MS);
	assert_nothing_left(region->hospital, id);
	assert_true(
		count(region->municipality, &sf_node_table_event) > 0); /* nobody said so there */
	const struct sf_request shown = {.kind = SF_REQUEST_TRANSITION, .transition = {id, 0, ""}};
	assert_non_null(
		strstr(region_ask(region, region->hospital, shown).text, "ground: retention"));
}

/* There it is a statement in the log, and every party is asked. */
static void test_the_coordinator_lets_go_of_it_too(void **state)
{
	struct region *region = *state;
	struct sf_id id = closed(region);
	struct sf_coordinator *coordinator = region->coordinator->coordinator;
	coordinator->options.retention_ms = 40 * SF_DAY_MS;
	coordinator->retention_ms = 0;
	const struct sf_request shown = {.kind = SF_REQUEST_TRANSITION, .transition = {id, 0, ""}};
	region_run(region, 39 * SF_DAY_MS);
	assert_int_equal(region_ask(region, region->coordinator, shown).err, SF_OK);
	region_run(region, 2 * SF_DAY_MS);
	struct sf_reply reply = region_ask(region, region->coordinator, shown);
	assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
	assert_non_null(strstr(reply.text, "ground: retention"));
	assert_true(stands_on_board(region, region->hospital));
	assert_true(count(region->hospital, &sf_node_table_event) > 0);
}

static void test_an_open_course_never_goes_by_itself(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	region->hospital->node->options.retention_ms = SF_DAY_MS;
	region->hospital->node->retention_ms = 0;
	region_run(region, 5 * SF_DAY_MS);
	assert_true(count(region->hospital, &sf_node_table_event) > 0);
}

/* A machine that wakes up ten years ahead has not kept anything for ten years. */
static void test_a_clock_far_ahead_takes_nothing(void **state)
{
	struct region *region = *state;
	closed(region);
	sf_sim_part(region->hospital, true);
	region->hospital->skew_ms = 3650 * SF_DAY_MS;
	region->hospital->node->options.retention_ms = 40 * SF_DAY_MS;
	region->hospital->node->retention_ms = 0;
	region_run(region, SF_DAY_MS);
	assert_true(count(region->hospital, &sf_node_table_event) > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_preview_counts_and_takes_nothing),
		TEST(test_everything_of_it_goes_at_sender_and_recipient),
		TEST(test_what_waits_for_the_coordinator_goes_too),
		TEST(test_an_open_course_is_kept_and_wrong_ids_are_told),
		TEST(test_who_asks_after_it_hears_when_and_why),
		TEST(test_the_coordinators_erasure_stands_on_the_board_without_alarm),
		TEST(test_what_is_said_after_it_fails_at_its_author),
		TEST(test_a_letter_to_who_erased_is_answered_with_an_error),
		TEST(test_a_closed_course_goes_by_itself_after_its_time),
		TEST(test_the_coordinator_lets_go_of_it_too),
		TEST(test_an_open_course_never_goes_by_itself),
		TEST(test_a_clock_far_ahead_takes_nothing),
	};
	return cmocka_run_group_tests_name("node/erase", tests, NULL, NULL);
}
