#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/counter.h"
#include "unit/node/region.h"

/* Hello, directory and letters of a new party arrive together when a node comes back. */
static void test_letter_of_party_enrolled_meanwhile_is_received_at_once(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	region->hospital =
		sf_sim_add(&region->world, SF_ROLE_HOSPITAL, "hospital 1", NULL, NULL, true);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply_sent sent = region_send(region, "STIN_H");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	region_run(region, SF_MINUTE_MS);
	sf_sim_part(region->municipality, false);
	region_run(region, SF_MINUTE_MS);
	struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	struct sf_reply reply = region_get(region, region->municipality, inbox, SF_REPLY_INBOX);
	assert_int_equal(reply.inbox.row_count, 1);
	assert_true(sf_id_equal(reply.inbox.rows[0].message, sent.message));
	assert_int_equal(sf_node_counters(region->municipality->node).dropped, 0);
}

/* WIRE section 1: dedupe on author and message id; a duplicate gets the very same answer. */
static void test_letter_again_gets_the_same_answer_bytes(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	struct sf_view first, second;
	assert_int_equal(counter_answer(counter, &first).ack, SF_ACK_OK);
	/* As it is while the first answer is still on its way: it goes out once. */
	struct desk_letter again = desk_again(counter->desk, &letter);
	struct counter_item resent = counter_item(counter, &again, 2);
	resent.receipt.kind_class = SF_CLASS_RESEND;
	counter_deliver(counter, &resent);
	assert_int_equal(counter_taken(counter), 1);
	/* And when the first has its receipt: the same bytes come again. */
	struct sf_node_row_sending row = {.envelope_id = {{0}}};
	struct sf_node_row_inbox inbox;
	assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &inbox));
	row.envelope_id = inbox.acknowledgement;
	const struct sf_store *store = sf_memory_port(counter->side->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_sending, 0, &row, NULL), SF_OK);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	row.open = 0;
	assert_int_equal(store->replace(store->self, &sf_node_table_sending, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	counter_deliver(counter, &resent);
	assert_int_equal(counter_answer(counter, &second).ack, SF_ACK_OK);
	assert_true(sf_view_equal(first, second));
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_inbox), 1);
	assert_int_equal(sf_node_counters(counter->node).duplicates, 2);
	assert_int_equal(sf_node_counters(counter->node).received, 1);
}

/* DOMAIN section 8: same message id with another content id. */
static void test_message_id_with_another_content_is_fatal_and_quarantined(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	struct sf_digest content = counter_answer(counter, NULL).content_id;
	struct desk_letter other = desk_again(counter->desk, &letter);
	other.message.occurred_ms++;
	struct counter_item conflict = counter_item(counter, &other, 2);
	counter_deliver(counter, &conflict);
	struct sf_acknowledgement answer = counter_answer(counter, NULL);
	assert_int_equal(answer.ack, SF_ACK_FATAL_ERROR);
	assert_int_equal(answer.code, SF_ACK_CODE_CONFLICT);
	assert_false(sf_digest_equal(&answer.content_id, &content));
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_quarantine), 1);
	struct sf_node_row_inbox row;
	assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &row));
	assert_int_equal(row.state, SF_NODE_INBOX_OK);
	assert_true(sf_digest_equal(&row.content_id, &content));
}

/* A letter that was shown, and answered transient-error since: its attachment could not come. */
static struct sf_node_row_inbox shown_letter(
	struct counter *counter, const struct desk_letter *letter, bool handled)
{
	struct counter_item item = counter_item(counter, letter, 1);
	counter_deliver(counter, &item);
	struct sf_node_row_inbox row;
	assert_true(counter_inbox(counter, letter->message.author, letter->message.id, &row));
	row.body = sf_arena_copy(&counter->desk->arena, row.body);
	assert_true(row.body.size > 0);
	assert_int_equal(row.unhandled, row.position);
	row.state = SF_NODE_INBOX_TRANSIENT;
	row.unhandled = handled ? 0 : row.unhandled;
	const struct sf_store *store = sf_memory_port(counter->side->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->replace(store->self, &sf_node_table_inbox, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	return row;
}

/* The row after another sending of it. */
static struct sf_node_row_inbox sent_again(
	struct counter *counter, const struct desk_letter *again, uint64_t sequence)
{
	struct counter_item resent = counter_item(counter, again, sequence);
	resent.receipt.kind_class = SF_CLASS_RESEND;
	counter_deliver(counter, &resent);
	struct sf_node_row_inbox row;
	assert_true(counter_inbox(counter, again->message.author, again->message.id, &row));
	return row;
}

static size_t told_received(const struct counter *counter)
{
	struct sf_feed_row rows[64];
	size_t count = sf_feed_read(counter->node->feed, 0, SF_COUNT(rows), rows);
	size_t received = 0;
	for (size_t i = 0; i < count; i++)
		received += rows[i].what == SF_FEED_RECEIVED;
	return received;
}

static void test_letter_that_could_not_be_opened_is_opened_again(void **state)
{
	struct counter *counter = *state;
	sf_sim_lose_key(counter->side, true);
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_TRANSIENT_ERROR);
	assert_int_equal(counter_answer(counter, NULL).code, SF_ACK_CODE_KEY_UNKNOWN);
	struct sf_node_row_inbox row;
	assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &row));
	assert_int_equal(row.state, SF_NODE_INBOX_TRANSIENT);
	sf_sim_lose_key(counter->side, false);
	struct desk_letter again = desk_again(counter->desk, &letter);
	struct counter_item resent = counter_item(counter, &again, 2);
	resent.receipt.kind_class = SF_CLASS_RESEND;
	counter_deliver(counter, &resent);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_OK);
	assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &row));
	assert_int_equal(row.state, SF_NODE_INBOX_OK);
	assert_true(row.unhandled > 0);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_inbox), 1);
	assert_int_equal(sf_node_counters(counter->node).received, 1);
	assert_int_equal(told_received(counter), 1);
}

/* This time its key is not here. */
static void test_letter_that_was_shown_stays_when_it_comes_again_unopened(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	const struct sf_node_row_inbox shown = shown_letter(counter, &letter, false);
	sf_sim_lose_key(counter->side, true);
	struct desk_letter again = desk_again(counter->desk, &letter);
	const struct sf_node_row_inbox row = sent_again(counter, &again, 2);
	assert_int_equal(counter_answer(counter, NULL).code, SF_ACK_CODE_KEY_UNKNOWN);
	assert_int_equal(row.state, SF_NODE_INBOX_TRANSIENT);
	assert_true(sf_view_equal(row.body, shown.body));
	assert_int_equal(row.position, shown.position);
	assert_int_equal(row.unhandled, shown.position);
	sf_sim_lose_key(counter->side, false);
}

/* What a header says that commits to another body than its own. */
static void commit_to_another(struct desk *desk, struct desk_letter *letter)
{
	struct sf_message message = letter->message;
	message.body_commitment = (struct sf_digest){{9}};
	struct sf_buf said, bytes;
	sf_buf_init(&said, SF_HEADER_SIZE_MAX);
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	assert_int_equal(sf_message_encode(&message, &said), SF_OK);
	const struct sf_header header = {.message_bytes = sf_buf_view(&said),
		.envelope_id = letter->envelope_id,
		.sent_ms = letter->sent_ms,
		.directory_version = 1};
	assert_int_equal(sf_header_encode(&header, &bytes), SF_OK);
	letter->header = sf_arena_copy(&desk->arena, sf_buf_view(&bytes));
	sf_buf_fini(&said);
	sf_buf_fini(&bytes);
}

/* No inbox lists what was refused: counted as waiting there, nobody could ever take it over. */
static void test_letter_that_was_shown_is_no_work_when_it_comes_again_and_is_refused(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	const struct sf_node_row_inbox shown = shown_letter(counter, &letter, false);
	struct desk_letter again = desk_again(counter->desk, &letter);
	commit_to_another(counter->desk, &again);
	const struct sf_node_row_inbox row = sent_again(counter, &again, 2);
	assert_int_equal(counter_answer(counter, NULL).code, SF_ACK_CODE_COMMITMENT);
	assert_int_equal(row.state, SF_NODE_INBOX_FATAL);
	assert_int_equal(row.unhandled, 0);
	assert_true(sf_view_equal(row.body, shown.body));
	assert_int_equal(row.position, shown.position);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_quarantine), 1);
}

/* It came when it was shown, and who took it over need not do so with each sending. */
static void test_letter_that_was_shown_is_received_once(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	const struct sf_node_row_inbox shown = shown_letter(counter, &letter, true);
	assert_int_equal(told_received(counter), 1);
	struct desk_letter again = desk_again(counter->desk, &letter);
	const struct sf_node_row_inbox row = sent_again(counter, &again, 2);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_OK);
	assert_int_equal(row.state, SF_NODE_INBOX_OK);
	assert_int_equal(row.position, shown.position);
	assert_int_equal(row.received_ms, shown.received_ms);
	assert_int_equal(row.unhandled, 0);
	assert_true(row.body.size > 0);
	assert_int_equal(sf_node_counters(counter->node).received, 1);
	assert_int_equal(told_received(counter), 1);
}

/* What was taken over was another text, also when a sending of this one could not be opened. */
static void test_another_text_under_the_id_of_a_shown_letter_is_received(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	const struct sf_node_row_inbox shown = shown_letter(counter, &letter, true);
	struct desk_letter other = desk_again(counter->desk, &letter);
	other.message.occurred_ms++;
	sf_sim_lose_key(counter->side, true);
	struct sf_node_row_inbox row = sent_again(counter, &other, 2);
	assert_int_equal(row.unhandled, 0);
	assert_true(sf_digest_equal(&row.content_id, &shown.content_id));
	sf_sim_lose_key(counter->side, false);
	other = desk_again(counter->desk, &other);
	row = sent_again(counter, &other, 3);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_OK);
	assert_false(sf_digest_equal(&row.content_id, &shown.content_id));
	assert_true(row.position > shown.position);
	assert_int_equal(row.unhandled, row.position);
	assert_int_equal(sf_node_counters(counter->node).received, 2);
	assert_int_equal(told_received(counter), 2);
}

/* An acknowledgement is never acknowledged. */
static void test_acknowledgement_is_followed_and_not_answered(void **state)
{
	struct counter *counter = *state;
	struct desk_letter letter = desk_admission(counter->desk);
	struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	struct desk_letter answer =
		desk_answer(counter->desk, counter->desk->gp, &letter, SF_ACK_OK);
	item = counter_item(counter, &answer, 2);
	item.cover = true;
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 1);
	assert_null(counter_heard(counter, SF_FRAME_SUBMIT, 0));
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_event), 2);
}

/* WIRE section 7.2: not taken, the directory is asked for, and the queue starts over. */
static void test_author_unknown_here_but_not_to_the_coordinator_is_asked_for(void **state)
{
	struct counter *counter = *state;
	struct desk *desk = counter->desk;
	struct sf_sim_machine *other =
		sf_sim_add(&desk->world, SF_ROLE_HOSPITAL, "hospital 1", NULL, NULL, true);
	struct desk_letter letter = desk_admission(desk);
	letter.signer = other;
	letter.signing_key_id = other->identity_key_id;
	letter.message.author = other->party;
	struct counter_item item = counter_item(counter, &letter, 1);
	struct sf_frame hello = counter_hello(counter);
	counter_say(counter, &hello);
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 0);
	const struct sf_frame *query = counter_heard(counter, SF_FRAME_QUERY, 0);
	assert_non_null(query);
	assert_int_equal(query->directory_from, hello.hello.directory_version);
	assert_int_equal(sf_node_counters(counter->node).dropped, 0);
	struct sf_frame entry = counter_directory(
		counter, hello.hello.directory_version, hello.hello.directory_version);
	counter_say(counter, &entry);
	counter_turn(counter);
	assert_non_null(counter_heard(counter, SF_FRAME_HELLO, 0));
	counter_say(counter, &hello);
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 1);
	assert_int_equal(counter_answer(counter, NULL).ack, SF_ACK_OK);
}

/* Unknown to the newest directory too: dropped, and taken, or it would come for ever. */
static void test_author_nobody_knows_is_dropped(void **state)
{
	struct counter *counter = *state;
	uint8_t secret[SF_KEY_SECRET_SIZE] = {9};
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(SF_KEY_IDENTITY, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(counter->desk->hospital->keyring, &key), SF_OK);
	struct desk_letter letter = desk_admission(counter->desk);
	letter.signing_key_id = key.id;
	struct counter_item item = counter_item(counter, &letter, 1);
	sf_key_fini(&key);
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 1);
	assert_null(counter_heard(counter, SF_FRAME_QUERY, 0));
	assert_int_equal(sf_node_counters(counter->node).dropped, 1);
	assert_int_equal(sf_node_counters(counter->node).alarms, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)
#define COUNTER(name) cmocka_unit_test_setup_teardown(name, counter_open, counter_close)

/* As if this party had sent a message of the id that another had before: nothing keeps it from it.
 */
static void copy_as(struct region *region, const struct sf_node_row_inbox *from, struct sf_id party)
{
	struct sf_node_row_inbox row = *from;
	row.author = party;
	row.position += 1000 + party.bytes[0];
	row.unhandled = row.position;
	row.body = sf_arena_copy(&region->arena, from->body);
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->insert(store->self, &sf_node_table_inbox, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static struct sf_node_row_inbox inbox_row(
	struct region *region, struct sf_id author, struct sf_id message)
{
	struct sf_node_row_inbox row = {.author = author, .message_id = message};
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_inbox, 0, &row, NULL), SF_OK);
	return row;
}

/* Ids are chance: who says something under the id of another's letter has copied it. */
static void test_a_message_id_means_the_letter_that_came_first(void **state)
{
	struct region *region = *state;
	struct sf_id message = region_send(region, "STIN_H").message;
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_node_row_inbox first = inbox_row(region, region->hospital->party, message);
	first.body = sf_arena_copy(&region->arena, first.body);
	const struct sf_id others[] = {{{1}}, {{0xff, 0xff, 0xff}}};
	for (size_t i = 0; i < SF_COUNT(others); i++)
		copy_as(region, &first, others[i]);
	const struct sf_request show = {.kind = SF_REQUEST_MESSAGE, .message = {message}};
	const struct sf_reply_message shown =
		region_get(region, region->municipality, show, SF_REPLY_MESSAGE).message;
	assert_true(sf_id_equal(shown.row.author, region->hospital->party));
	const struct sf_request trace = {.kind = SF_REQUEST_TRACE, .trace = {message}};
	const struct sf_reply_trace steps =
		region_get(region, region->municipality, trace, SF_REPLY_TRACE).trace;
	for (size_t i = 0; i < steps.row_count; i++)
		if (strcmp(steps.rows[i].step, "received") == 0)
			assert_true(sf_id_equal(steps.rows[i].party, region->hospital->party));
	const struct sf_request handled = {.kind = SF_REQUEST_HANDLED, .handled = {message}};
	region_get(region, region->municipality, handled, SF_REPLY_DONE);
	assert_int_equal(inbox_row(region, region->hospital->party, message).unhandled, 0);
	for (size_t i = 0; i < SF_COUNT(others); i++)
		assert_int_not_equal(inbox_row(region, others[i], message).unhandled, 0);
}

/* An answer that names it must not go to another patient's, where somebody copied the id. */
static void test_a_message_id_means_the_transition_that_had_it_first(void **state)
{
	struct region *region = *state;
	const struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	struct sf_node_row_event event;
	assert_int_equal(sf_node_event_of(region->municipality->node, region->hospital->party,
				 sent.message, &event, NULL),
		SF_OK);
	assert_true(event.sequence > 1);
	event.transition = (struct sf_id){{0xff}};
	event.sequence = 1;
	event.recorded_ms += SF_HOUR_MS;
	event.cover = event.receipt = event.receipt_path = event.receipt_signature =
		sf_view_text("");
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(store->insert(store->self, &sf_node_table_event, &event, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	struct sf_id found;
	assert_int_equal(
		sf_node_any_transition(region->municipality->node, sent.message, &found, NULL),
		SF_OK);
	assert_true(sf_id_equal(found, sent.transition));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letter_of_party_enrolled_meanwhile_is_received_at_once),
		COUNTER(test_letter_again_gets_the_same_answer_bytes),
		COUNTER(test_letter_that_was_shown_stays_when_it_comes_again_unopened),
		COUNTER(test_letter_that_was_shown_is_no_work_when_it_comes_again_and_is_refused),
		COUNTER(test_letter_that_was_shown_is_received_once),
		COUNTER(test_another_text_under_the_id_of_a_shown_letter_is_received),
		COUNTER(test_message_id_with_another_content_is_fatal_and_quarantined),
		COUNTER(test_letter_that_could_not_be_opened_is_opened_again),
		COUNTER(test_acknowledgement_is_followed_and_not_answered),
		COUNTER(test_author_unknown_here_but_not_to_the_coordinator_is_asked_for),
		COUNTER(test_author_nobody_knows_is_dropped),
		TEST(test_a_message_id_means_the_letter_that_came_first),
		TEST(test_a_message_id_means_the_transition_that_had_it_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
