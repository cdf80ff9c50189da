/*
 * What a party has received, listed and shown: what service_test.c asks of it in a region, and here
 * what may be in a store besides: rows in quarantine, erased, deleted, twice, damaged, not there.
 */
#include "node/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/region.h"
#include "unit/store/failing.h"

/* The municipality's node, asked between turns, so that errors can be seen. */
static struct sf_node *node_of(const struct region *region)
{
	return region->municipality->node;
}

static const struct sf_store *store_of(const struct region *region)
{
	return sf_memory_port(region->municipality->memory);
}

static enum sf_err try_inbox(
	struct region *region, struct sf_request_inbox asked, struct sf_reply *ret_reply)
{
	const struct sf_request request = {.kind = SF_REQUEST_INBOX, .inbox = asked};
	struct sf_diag diag = {""};
	*ret_reply = (struct sf_reply){.text = ""};
	return sf_node_serve_inbox(node_of(region), &request, &region->arena, ret_reply, &diag);
}

static struct sf_reply_inbox inbox(struct region *region, struct sf_request_inbox asked)
{
	struct sf_reply reply;
	assert_int_equal(try_inbox(region, asked, &reply), SF_OK);
	assert_int_equal(reply.err, SF_OK);
	return reply.inbox;
}

static enum sf_err try_message(
	struct region *region, struct sf_id message, struct sf_reply *ret_reply)
{
	const struct sf_request request = {.kind = SF_REQUEST_MESSAGE, .message = {message}};
	struct sf_diag diag = {""};
	*ret_reply = (struct sf_reply){.text = ""};
	return sf_node_serve_message(node_of(region), &request, &region->arena, ret_reply, &diag);
}

static struct sf_reply message(struct region *region, struct sf_id id)
{
	struct sf_reply reply;
	assert_int_equal(try_message(region, id, &reply), SF_OK);
	return reply;
}

static void put(struct region *region, const struct sf_table *table, const void *row)
{
	const struct sf_store *store = store_of(region);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, table, row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static struct sf_node_row_inbox row_of(struct region *region, struct sf_id id)
{
	struct sf_node_row_inbox row = {.author = region->hospital->party, .message_id = id};
	const struct sf_store *store = store_of(region);
	assert_int_equal(store->get(store->self, &sf_node_table_inbox, 0, &row, NULL), SF_OK);
	row.body = sf_arena_copy(&region->arena, row.body);
	return row;
}

static struct sf_node_row_event event_of(struct region *region, struct sf_id id)
{
	struct sf_node_row_event row;
	assert_int_equal(
		sf_node_event_of(node_of(region), region->hospital->party, id, &row, NULL), SF_OK);
	row.cover = sf_arena_copy(&region->arena, row.cover);
	row.receipt = sf_arena_copy(&region->arena, row.receipt);
	row.receipt_path = sf_arena_copy(&region->arena, row.receipt_path);
	row.receipt_signature = sf_arena_copy(&region->arena, row.receipt_signature);
	return row;
}

/* Admission and discharge of one stay, received; the rows as they are listed. */
static struct sf_reply_inbox two_letters(struct region *region)
{
	region_discharge(region);
	struct sf_reply_inbox listed = inbox(region, (struct sf_request_inbox){.after = 0});
	assert_int_equal(listed.row_count, 2);
	return listed;
}

static void test_cursor_that_no_row_can_have_is_refused(void **state)
{
	struct region *region = *state;
	struct sf_reply reply;
	assert_int_equal(
		try_inbox(region, (struct sf_request_inbox){.after = (uint64_t)INT64_MAX + 1},
			&reply),
		SF_OK);
	assert_int_equal(reply.err, SF_ERR_USAGE);
	assert_int_equal(inbox(region, (struct sf_request_inbox){.after = INT64_MAX}).row_count, 0);
}

/* A page of one transition is its oldest rows, whatever order they were recorded in. */
static void test_page_of_a_transition_is_in_order_of_arrival(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox first = row_of(region, listed.rows[0].message);
	first.position = first.unhandled = (int64_t)listed.rows[1].cursor + 1;
	put(region, &sf_node_table_inbox, &first);
	struct sf_request_inbox asked = {.transition = listed.rows[0].transition, .count_max = 1};
	struct sf_reply_inbox page = inbox(region, asked);
	assert_int_equal(page.row_count, 1);
	assert_true(sf_id_equal(page.rows[0].message, listed.rows[1].message));
	asked.after = page.rows[0].cursor;
	page = inbox(region, asked);
	assert_int_equal(page.row_count, 1);
	assert_true(sf_id_equal(page.rows[0].message, listed.rows[0].message));
	asked.after = page.rows[0].cursor;
	assert_int_equal(inbox(region, asked).row_count, 0);
}

static void test_handled_letters_are_left_out_of_a_transition_too(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox first = row_of(region, listed.rows[0].message);
	first.unhandled = 0;
	put(region, &sf_node_table_inbox, &first);
	struct sf_reply_inbox open =
		inbox(region, (struct sf_request_inbox){.transition = listed.rows[0].transition,
				      .only_unhandled = true});
	assert_int_equal(open.row_count, 1);
	assert_true(sf_id_equal(open.rows[0].message, listed.rows[1].message));
}

/* What was recorded in a lost tail comes again in another place: two events, one letter. */
static void test_letter_with_two_events_is_listed_once(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_event again = event_of(region, listed.rows[0].message);
	again.sequence += 100;
	put(region, &sf_node_table_event, &again);
	struct sf_request_inbox asked = {.transition = listed.rows[0].transition};
	struct sf_reply_inbox own = inbox(region, asked);
	assert_int_equal(own.row_count, 2);
	assert_true(own.rows[0].cursor < own.rows[1].cursor);
	asked.count_max = 1;
	own = inbox(region, asked);
	assert_int_equal(own.row_count, 1);
	asked.after = own.rows[0].cursor;
	own = inbox(region, asked);
	assert_int_equal(own.row_count, 1);
	assert_true(sf_id_equal(own.rows[0].message, listed.rows[1].message));
}

/* Only what was taken is listed: the rest is in quarantine, or comes again. */
static void test_only_letters_that_were_taken_are_listed(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	const struct sf_view body = row.body;
	row.unhandled = 0;
	static const int64_t states[] = {
		SF_NODE_INBOX_TRANSIENT, SF_NODE_INBOX_FATAL, SF_NODE_INBOX_ERASED};
	for (size_t i = 0; i < SF_COUNT(states); i++) {
		row.state = states[i];
		row.body = states[i] == SF_NODE_INBOX_ERASED ? body : sf_view_of("", 0);
		put(region, &sf_node_table_inbox, &row);
		assert_int_equal(inbox(region, (struct sf_request_inbox){.after = 0}).row_count, 1);
		assert_int_equal(
			inbox(region, (struct sf_request_inbox){.transition = row.transition})
				.row_count,
			1);
	}
}

/* Opened and read before an attachment of it could not come: its text is where it was. */
static void test_letter_that_comes_again_is_listed_while_it_is_read(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	row.state = SF_NODE_INBOX_TRANSIENT;
	put(region, &sf_node_table_inbox, &row);
	assert_int_equal(inbox(region, (struct sf_request_inbox){.after = 0}).row_count, 2);
	assert_true(message(region, row.message_id).message.content.size > 0);
}

/* No work of the inbox any more; who reads its transition finds what was read there. */
static void test_letter_refused_after_it_was_shown_is_listed_in_its_transition(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	row.state = SF_NODE_INBOX_FATAL;
	row.unhandled = 0;
	put(region, &sf_node_table_inbox, &row);
	struct sf_request_inbox asked = {.after = 0};
	assert_int_equal(inbox(region, asked).row_count, 1);
	asked.transition = row.transition;
	struct sf_reply_inbox own = inbox(region, asked);
	assert_int_equal(own.row_count, 2);
	assert_true(sf_id_equal(own.rows[0].message, row.message_id));
	assert_int_equal(own.rows[0].ack, SF_ACK_FATAL_ERROR);
	asked.only_unhandled = true;
	assert_int_equal(inbox(region, asked).row_count, 1);
	assert_true(message(region, row.message_id).message.content.size > 0);
}

static void test_erased_letter_is_not_shown_and_said_to_be_erased(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	row.state = SF_NODE_INBOX_ERASED;
	put(region, &sf_node_table_inbox, &row);
	struct sf_reply reply = message(region, row.message_id);
	assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
	assert_non_null(strstr(reply.text, "erased"));
	reply = message(region, (struct sf_id){{1}});
	assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
	assert_null(strstr(reply.text, "erased"));
}

static void test_deleted_content_is_gone_and_its_time_is_told(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	const struct sf_node_row_deletion deletion = {
		.message_id = row.message_id, .author = row.author, .at_ms = 1234};
	/* While its body is there nothing was deleted. */
	put(region, &sf_node_table_deletion, &deletion);
	assert_int_equal(message(region, row.message_id).message.row.deleted_ms, 0);
	row.body = sf_view_of("", 0);
	put(region, &sf_node_table_inbox, &row);
	struct sf_reply_message shown = message(region, row.message_id).message;
	assert_int_equal(shown.row.deleted_ms, 1234);
	assert_int_equal(shown.content.size, 0);
	assert_string_equal(shown.cpr, "");
	assert_string_equal(shown.patient_name, "");
	assert_string_equal(shown.contact_name, "");
	assert_string_equal(shown.contact_telephone, "");
	assert_string_equal(shown.row.content_type, "");
	assert_int_equal(shown.row.activity, SF_ACTIVITY_ADMIT_INPATIENT);
	struct sf_reply_inbox after = inbox(region, (struct sf_request_inbox){.after = 0});
	assert_int_equal(after.rows[0].deleted_ms, 1234);
	assert_int_equal(after.rows[0].content_size, 0);
	assert_int_equal(after.rows[1].deleted_ms, 0);
}

/* It arrived before its event did: what its header says is not known yet, and that is no error. */
static void test_letter_without_its_event_is_listed_as_far_as_it_is_known(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	row.message_id = (struct sf_id){{9}};
	row.position = row.unhandled = (int64_t)listed.rows[1].cursor + 1;
	row.body = sf_view_of("", 0);
	put(region, &sf_node_table_inbox, &row);
	struct sf_reply_inbox after =
		inbox(region, (struct sf_request_inbox){.after = listed.rows[1].cursor});
	assert_int_equal(after.row_count, 1);
	assert_int_equal(after.rows[0].kind, SF_KIND_STAY);
	assert_int_equal(after.rows[0].activity, SF_ACTIVITY_NONE);
	assert_string_equal(after.rows[0].author_name, "hospital 0");
	assert_int_equal(after.rows[0].ack, SF_ACK_OK);
}

static void test_handled_letter_is_told_once(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node *node = node_of(region);
	const struct sf_store *store = store_of(region);
	const struct sf_request handled = {
		.kind = SF_REQUEST_HANDLED, .handled = {.message = listed.rows[1].message}};
	uint64_t before = sf_feed_cursor(node->feed);
	for (int i = 0; i < 2; i++) {
		struct sf_reply reply = {.text = ""};
		assert_int_equal(store->begin(store->self, NULL), SF_OK);
		assert_int_equal(
			sf_node_serve_handled(node, &handled, &region->arena, &reply, NULL), SF_OK);
		assert_int_equal(reply.kind, SF_REPLY_DONE);
		assert_int_equal(store->commit(store->self, NULL), SF_OK);
		sf_feed_settle(node->feed);
	}
	assert_int_equal(sf_feed_cursor(node->feed), before + 1);
	assert_int_equal(row_of(region, listed.rows[1].message).unhandled, 0);
	assert_int_not_equal(row_of(region, listed.rows[0].message).unhandled, 0);
}

static void test_message_nobody_received_is_not_handled(void **state)
{
	struct region *region = *state;
	const struct sf_request handled = {
		.kind = SF_REQUEST_HANDLED, .handled = {.message = {{1}}}};
	struct sf_reply reply = {.text = ""};
	assert_int_equal(
		sf_node_serve_handled(node_of(region), &handled, &region->arena, &reply, NULL),
		SF_OK);
	assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
}

/* --- What fails ------------------------------------------------------------------------------- */

static void test_damaged_rows_are_said_to_be_damaged(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_event event = event_of(region, listed.rows[0].message);
	const struct sf_node_row_event sound = event;
	struct sf_reply reply;
	event.cover.size /= 2;
	put(region, &sf_node_table_event, &event);
	const struct sf_request_inbox all = {.after = 0};
	assert_int_equal(try_inbox(region, all, &reply), SF_ERR_CORRUPT);
	assert_int_equal(try_message(region, listed.rows[0].message, &reply), SF_ERR_CORRUPT);
	put(region, &sf_node_table_event, &sound);
	assert_int_equal(try_inbox(region, all, &reply), SF_OK);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	row.body.size /= 2;
	put(region, &sf_node_table_inbox, &row);
	assert_int_equal(try_inbox(region, all, &reply), SF_ERR_FORMAT);
	assert_int_equal(try_message(region, listed.rows[0].message, &reply), SF_ERR_FORMAT);
	/* The other letter is as it was. */
	assert_int_equal(message(region, listed.rows[1].message).err, SF_OK);
}

static void test_reply_that_finds_no_room_is_a_limit(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	const struct sf_request all = {.kind = SF_REQUEST_INBOX};
	const struct sf_request one = {
		.kind = SF_REQUEST_MESSAGE, .message = {listed.rows[0].message}};
	struct sf_arena small;
	struct sf_reply reply = {.err = SF_ERR_AGAIN, .text = ""};
	for (size_t room = 1; room < 2000; room += 300) {
		sf_arena_init(&small, room);
		assert_int_equal(sf_node_serve_inbox(node_of(region), &all, &small, &reply, NULL),
			SF_ERR_LIMIT);
		assert_int_equal(sf_node_serve_message(node_of(region), &one, &small, &reply, NULL),
			SF_ERR_LIMIT);
		assert_int_equal(reply.err, SF_ERR_AGAIN);
		sf_arena_fini(&small);
	}
}

static void test_table_that_cannot_be_read_is_an_error_and_no_empty_answer(void **state)
{
	struct region *region = *state;
	struct sf_reply_inbox listed = two_letters(region);
	struct sf_node_row_inbox row = row_of(region, listed.rows[0].message);
	row.body = sf_view_of("", 0); /* so that its deletion is looked for, too */
	put(region, &sf_node_table_inbox, &row);
	struct sf_node *node = node_of(region);
	struct failing_store failing;
	failing_store_init(&failing, &node->ports.store);
	const struct sf_store real = node->ports.store;
	node->ports.store = failing.port;
	const struct sf_table *const tables[] = {&sf_node_table_inbox, &sf_node_table_event,
		&sf_node_table_deletion, &sf_node_table_attachment};
	struct sf_reply reply;
	for (size_t i = 0; i < SF_COUNT(tables); i++) {
		failing.table = tables[i];
		assert_int_equal(try_inbox(region, (struct sf_request_inbox){.after = 0}, &reply),
			SF_ERR_IO);
		assert_int_equal(
			try_inbox(region,
				(struct sf_request_inbox){.transition = listed.rows[0].transition},
				&reply),
			SF_ERR_IO);
		assert_int_equal(try_message(region, listed.rows[0].message, &reply), SF_ERR_IO);
	}
	/* A message that is not received may be sent: also where that cannot be read. */
	failing.table = &sf_node_table_outbox;
	assert_int_equal(try_message(region, (struct sf_id){{1}}, &reply), SF_ERR_IO);
	failing.table = &sf_node_table_inbox;
	const struct sf_request handled = {
		.kind = SF_REQUEST_HANDLED, .handled = {.message = listed.rows[1].message}};
	assert_int_equal(
		sf_node_serve_handled(node, &handled, &region->arena, &reply, NULL), SF_ERR_IO);
	node->ports.store = real;
	assert_true(failing.failed > SF_COUNT(tables));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cursor_that_no_row_can_have_is_refused),
		TEST(test_page_of_a_transition_is_in_order_of_arrival),
		TEST(test_handled_letters_are_left_out_of_a_transition_too),
		TEST(test_letter_with_two_events_is_listed_once),
		TEST(test_only_letters_that_were_taken_are_listed),
		TEST(test_letter_that_comes_again_is_listed_while_it_is_read),
		TEST(test_letter_refused_after_it_was_shown_is_listed_in_its_transition),
		TEST(test_erased_letter_is_not_shown_and_said_to_be_erased),
		TEST(test_deleted_content_is_gone_and_its_time_is_told),
		TEST(test_letter_without_its_event_is_listed_as_far_as_it_is_known),
		TEST(test_handled_letter_is_told_once),
		TEST(test_message_nobody_received_is_not_handled),
		TEST(test_damaged_rows_are_said_to_be_damaged),
		TEST(test_reply_that_finds_no_room_is_a_limit),
		TEST(test_table_that_cannot_be_read_is_an_error_and_no_empty_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
