/* What other parties say they saw of the log (WIRE.md section 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/logbook.h"

static uint64_t told(const struct logbook *book)
{
	return sf_node_counters(book->counter->node).contradictions;
}

/* A letter of the hospital, whose header says what it saw. */
static struct desk_letter gossip_letter(struct logbook *book, const struct sf_header *seen)
{
	struct desk *desk = book->counter->desk;
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_OFFER);
	letter.message.fact.offer =
		(struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_CARE), SF_ROLE_MUNICIPALITY};
	struct sf_buf message, bytes;
	sf_buf_init(&message, SF_HEADER_SIZE_MAX);
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	assert_int_equal(sf_message_encode(&letter.message, &message), SF_OK);
	struct sf_header header = *seen;
	header.message_bytes = sf_buf_view(&message);
	header.envelope_id = letter.envelope_id;
	header.sent_ms = letter.sent_ms;
	assert_int_equal(sf_header_encode(&header, &bytes), SF_OK);
	letter.header = sf_arena_copy(&desk->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	sf_buf_fini(&message);
	return letter;
}

static void deliver(struct logbook *book, const struct sf_header *seen)
{
	struct counter *counter = book->counter;
	const struct desk_letter letter = gossip_letter(book, seen);
	struct counter_item item = counter_item(counter, &letter, counter->leaf + 1);
	item.cover = true;
	counter_deliver(counter, &item);
	assert_int_equal(counter_taken(counter), 1);
}

/* What an honest party of this log says. */
static struct sf_header seen(const struct logbook *book, uint64_t size)
{
	struct sf_header header = {.seen_epoch = 1, .log_size = size};
	logbook_root(book, size, &header.log_root);
	return header;
}

static const struct sf_frame *asked(const struct logbook *book)
{
	return counter_heard(book->counter, SF_FRAME_CONSISTENCY, 0);
}

static struct sf_node_row_contradiction expect_gossip(struct logbook *book)
{
	assert_int_equal(told(book), 1);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_string_equal(sf_contradiction_text((uint32_t)row.kind), "gossip");
	assert_true(sf_id_equal(row.party, book->counter->desk->hospital->party));
	/* A suspicion stops nothing: it is the other party's word. */
	assert_false(book->counter->node->log.halted);
	return row;
}

static void test_own_headers_say_what_was_seen(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	const struct desk_letter letter = desk_admission(counter->desk);
	const struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	struct sf_view envelope = sf_view_of(NULL, 0);
	assert_int_equal(counter_answer(counter, &envelope).ack, SF_ACK_OK);
	struct sf_envelope parsed;
	struct sf_header header;
	assert_int_equal(sf_envelope_parse(envelope, &parsed, NULL), SF_OK);
	assert_int_equal(sf_header_decode(parsed.header, &header, NULL), SF_OK);
	const struct sf_header expected = seen(book, 9);
	assert_int_equal(header.seen_epoch, 1);
	assert_int_equal(header.log_size, 9);
	assert_true(sf_digest_equal(&header.log_root, &expected.log_root));
}

static void test_root_that_is_kept_here_is_compared(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 5);
	logbook_say(book, 5, 9);
	struct sf_header header = seen(book, 5);
	deliver(book, &header);
	assert_int_equal(told(book), 0);
	assert_null(asked(book));
	header.log_root.bytes[3] ^= 1;
	deliver(book, &header);
	const struct sf_node_row_contradiction row = expect_gossip(book);
	assert_int_equal(row.size, 5);
	assert_true(sf_view_equal(row.note, logbook_note(book, 5)));
	/* What the other party signed is kept with it. */
	struct sf_cover cover;
	assert_int_equal(sf_cover_parse(row.other, &cover, NULL), SF_OK);
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 0);
}

static void test_other_size_is_asked_about_and_forgotten_when_it_fits(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	const struct sf_header header = seen(book, 4);
	deliver(book, &header);
	assert_non_null(asked(book));
	assert_int_equal(asked(book)->log.from_size, 4);
	assert_int_equal(asked(book)->log.size, 9);
	assert_false(asked(book)->log.reply);
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 1);
	const struct sf_frame answer = logbook_consistency(book, 4, 9);
	counter_say(book->counter, &answer);
	counter_turn(book->counter);
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 0);
	assert_int_equal(told(book), 0);
}

static void test_other_history_is_a_suspicion_that_names_the_party(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	struct sf_header header = seen(book, 4);
	header.log_root.bytes[3] ^= 1;
	deliver(book, &header);
	const struct sf_frame answer = logbook_consistency(book, 4, 9);
	counter_say(book->counter, &answer);
	counter_turn(book->counter);
	const struct sf_node_row_contradiction row = expect_gossip(book);
	assert_int_equal(row.size, 4);
	assert_true(sf_view_equal(row.note, logbook_note(book, 9)));
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 0);
}

/* Who is ahead is compared when this node has come so far. */
static void test_larger_size_waits_for_the_checkpoint(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 20);
	logbook_say(book, 0, 9);
	struct sf_header header = seen(book, 12);
	deliver(book, &header);
	header = seen(book, 20);
	header.log_root.bytes[3] ^= 1;
	deliver(book, &header);
	assert_null(asked(book));
	logbook_say(book, 9, 20);
	assert_non_null(asked(book));
	assert_int_equal(asked(book)->log.from_size, 12);
	const struct sf_frame answer = logbook_consistency(book, 12, 20);
	counter_say(book->counter, &answer);
	counter_turn(book->counter);
	/* Of the size that is the newest here nothing need be asked. */
	const struct sf_node_row_contradiction row = expect_gossip(book);
	assert_int_equal(row.size, 20);
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 0);
}

static void test_size_that_nobody_can_explain_is_a_suspicion(void **state)
{
	struct logbook *book = *state;
	struct counter *counter = book->counter;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	const struct sf_header header = seen(book, 4);
	deliver(book, &header);
	counter->node->log.proofs_open = false; /* the silence about its receipt is another story */
	for (int64_t passed = 0; passed < counter->node->options.log_patience_ms;
		passed += counter->node->options.log_timeout_ms) {
		assert_int_equal(told(book), 0);
		assert_non_null(asked(book));
		counter->desk->world.now_ms += counter->node->options.log_timeout_ms;
		counter_turn(counter);
	}
	expect_gossip(book);
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 0);
}

static void test_directory_of_another_history_is_a_suspicion(void **state)
{
	struct logbook *book = *state;
	struct sf_header header = {.directory_version = 2};
	header.directory_head = book->counter->node->log.heads[2];
	deliver(book, &header);
	assert_int_equal(told(book), 0);
	header.directory_head.bytes[0] ^= 1;
	deliver(book, &header);
	expect_gossip(book);
}

/* The coordinator answers so many questions and no more; a hello is one of them. */
static void test_directories_that_a_party_invents_are_asked_about_once(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	struct sf_header header = {.directory_version = 90, .directory_head = {{1}}};
	deliver(book, &header);
	assert_non_null(counter_heard(book->counter, SF_FRAME_QUERY, 0));
	for (int i = 0; i < 3; i++) {
		header.directory_version--;
		deliver(book, &header);
		assert_null(counter_heard(book->counter, SF_FRAME_QUERY, 0));
	}
	assert_int_equal(book->counter->node->log.ahead.to, 87);
}

/* A party that invents sizes cannot fill the table for the others. */
static void test_table_is_bounded_and_the_largest_sizes_go(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	for (uint64_t i = 0; i < 70; i++) {
		const struct sf_header header = {
			.seen_epoch = 1, .log_size = 1000000 + i, .log_root = {{1}}};
		deliver(book, &header);
	}
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 64);
	struct sf_header header = seen(book, 4);
	deliver(book, &header);
	assert_non_null(asked(book));
	assert_int_equal(asked(book)->log.from_size, 4);
	assert_int_equal(logbook_rows(book, &sf_node_table_gossip), 64);
	logbook_restart(book);
	assert_int_equal(book->counter->node->log.gossip_count, 64);
	assert_int_equal(told(book), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, logbook_open, logbook_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_own_headers_say_what_was_seen),
		TEST(test_root_that_is_kept_here_is_compared),
		TEST(test_other_size_is_asked_about_and_forgotten_when_it_fits),
		TEST(test_other_history_is_a_suspicion_that_names_the_party),
		TEST(test_larger_size_waits_for_the_checkpoint),
		TEST(test_size_that_nobody_can_explain_is_a_suspicion),
		TEST(test_directory_of_another_history_is_a_suspicion),
		TEST(test_directories_that_a_party_invents_are_asked_about_once),
		TEST(test_table_is_bounded_and_the_largest_sizes_go),
	};
	return cmocka_run_group_tests_name("node/gossip", tests, NULL, NULL);
}
