#include "audit/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define OPENED_MS INT64_C(1795000000000)

static struct sf_feed_row read_rows[SF_FEED_ROWS_MAX];

static int open_feed(void **state)
{
	struct sf_feed *feed;
	if (sf_feed_open(OPENED_MS, 0, (struct sf_id){{7}}, &feed))
		return -1;
	*state = feed;
	return 0;
}

static int close_feed(void **state)
{
	struct sf_feed *feed = *state;
	sf_feed_close(&feed);
	assert_null(feed);
	return 0;
}

static void add(struct sf_feed *feed, uint32_t code)
{
	const struct sf_feed_row row = {.what = SF_FEED_SENT, .code = code, .party_name = "lost"};
	sf_feed_add(feed, &row);
}

static size_t count_after(const struct sf_feed *feed, uint64_t after)
{
	return sf_feed_read(feed, after, SF_FEED_ROWS_MAX, read_rows);
}

static void test_first_row_says_started(void **state)
{
	const struct sf_feed *feed = *state;
	assert_int_equal(count_after(feed, 0), 1);
	assert_int_equal(read_rows[0].what, SF_FEED_STARTED);
	assert_int_equal(read_rows[0].party.bytes[0], 7);
	assert_true(read_rows[0].cursor == ((uint64_t)OPENED_MS << 10) + 1);
	assert_true(sf_feed_cursor(feed) == read_rows[0].cursor);
}

static void test_first_cursor_is_behind_what_was_given(void **state)
{
	(void)state;
	struct sf_feed *feed;
	uint64_t given = ((uint64_t)OPENED_MS << 10) + 5000;
	assert_int_equal(sf_feed_open(OPENED_MS, given, (struct sf_id){{7}}, &feed), SF_OK);
	assert_true(sf_feed_cursor(feed) == given + 1);
	assert_true(sf_feed_oldest(feed) == given + 1);
	add(feed, 1);
	assert_int_equal(count_after(feed, given + 1), 0);
	assert_int_equal(sf_feed_read_all(feed, given + 1, 2, read_rows), 1);
	assert_int_equal(read_rows[0].code, 1);
	sf_feed_close(&feed);
}

static void test_rows_are_seen_when_their_turn_is_durable(void **state)
{
	struct sf_feed *feed = *state;
	uint64_t start = sf_feed_cursor(feed);
	add(feed, 1);
	assert_int_equal(count_after(feed, start), 0);
	assert_true(sf_feed_cursor(feed) == start);
	sf_feed_settle(feed);
	assert_int_equal(count_after(feed, start), 1);
	assert_int_equal(read_rows[0].code, 1);
	assert_null(read_rows[0].party_name);
}

static void test_rows_of_a_lost_turn_are_never_seen(void **state)
{
	struct sf_feed *feed = *state;
	uint64_t start = sf_feed_cursor(feed);
	add(feed, 1);
	sf_feed_drop(feed);
	add(feed, 2);
	sf_feed_settle(feed);
	assert_int_equal(count_after(feed, start), 1);
	assert_int_equal(read_rows[0].code, 2);
	assert_true(read_rows[0].cursor == start + 1);
}

static void test_full_ring_forgets_the_oldest(void **state)
{
	struct sf_feed *feed = *state;
	uint64_t start = sf_feed_cursor(feed);
	for (uint32_t i = 1; i <= SF_FEED_ROWS_MAX + 10; i++)
		add(feed, i);
	sf_feed_settle(feed);
	assert_int_equal(count_after(feed, start), SF_FEED_ROWS_MAX);
	assert_int_equal(read_rows[0].code, 11);
	assert_int_equal(read_rows[SF_FEED_ROWS_MAX - 1].code, SF_FEED_ROWS_MAX + 10);
}

/* A lost turn has written over old rows: they are gone, not shown with wrong content. */
static void test_lost_turn_takes_the_rows_it_wrote_over(void **state)
{
	struct sf_feed *feed = *state;
	for (uint32_t i = 2; i <= SF_FEED_ROWS_MAX; i++) /* the start is the first */
		add(feed, i);
	sf_feed_settle(feed);
	assert_int_equal(count_after(feed, 0), SF_FEED_ROWS_MAX);
	for (uint32_t i = 0; i < 5; i++)
		add(feed, 9999);
	sf_feed_drop(feed);
	assert_int_equal(count_after(feed, 0), SF_FEED_ROWS_MAX - 5);
	for (size_t i = 0; i < SF_FEED_ROWS_MAX - 5; i++)
		assert_int_equal(read_rows[i].code, i + 6);
	/* A lost turn longer than the ring leaves nothing. */
	for (uint32_t i = 0; i < SF_FEED_ROWS_MAX + 1; i++)
		add(feed, 9999);
	sf_feed_drop(feed);
	assert_int_equal(count_after(feed, 0), 0);
	add(feed, 1);
	sf_feed_settle(feed);
	assert_int_equal(count_after(feed, 0), 1);
	assert_int_equal(read_rows[0].code, 1);
}

static void test_pages_follow_each_other(void **state)
{
	struct sf_feed *feed = *state;
	for (uint32_t i = 2; i <= 10; i++)
		add(feed, i);
	sf_feed_settle(feed);
	assert_int_equal(sf_feed_read(feed, 0, 4, read_rows), 4);
	assert_int_equal(sf_feed_read(feed, read_rows[3].cursor, 4, read_rows), 4);
	assert_int_equal(read_rows[0].code, 5);
	assert_int_equal(sf_feed_read(feed, read_rows[3].cursor, 4, read_rows), 2);
	assert_int_equal(sf_feed_read(feed, read_rows[1].cursor, 4, read_rows), 0);
}

static void test_cursor_of_another_life_starts_from_the_oldest(void **state)
{
	const struct sf_feed *feed = *state;
	assert_int_equal(count_after(feed, sf_feed_cursor(feed) + 100), 1);
}

static void test_message_row_names_what_was_acknowledged(void **state)
{
	(void)state;
	const struct sf_message message = {.id = {{1}},
		.author = {{2}},
		.recipient_count = 1,
		.recipients = {{{3}}},
		.fact = {.kind = SF_KIND_ACKNOWLEDGEMENT,
			.acknowledgement = {.message_id = {{4}},
				.ack = SF_ACK_FATAL_ERROR,
				.code = SF_ACK_CODE_CONTENT}}};
	struct sf_feed_row row = sf_feed_message(SF_FEED_ACKNOWLEDGED, 5, &message);
	assert_int_equal(row.message.bytes[0], 4);
	assert_int_equal(row.party.bytes[0], 2);
	assert_int_equal(row.peer.bytes[0], 3);
	assert_int_equal(row.ack, SF_ACK_FATAL_ERROR);
	assert_int_equal(row.code, SF_ACK_CODE_CONTENT);
	assert_int_equal(row.at_ms, 5);
}

static void test_what_time_makes_is_told_by_what_it_asks_for(void **state)
{
	(void)state;
	static const struct {
		uint32_t kind;
		enum sf_feed_what what;
	} told[] = {
		{SF_KIND_EXPIRED, SF_FEED_EXPIRED},
		{SF_KIND_ESCALATED, SF_FEED_ALARM},
		{SF_KIND_SILENT, SF_FEED_ALARM},
		{SF_KIND_WINDOW_ENDED, SF_FEED_WINDOW},
		{SF_KIND_CLOSED, SF_FEED_CLOSED},
		{SF_KIND_PASSED, SF_FEED_RECORDED},
		{SF_KIND_LINKED, SF_FEED_RECORDED},
	};
	struct sf_transition *transition;
	assert_int_equal(sf_transition_open((struct sf_id){{3}}, NULL, &transition), SF_OK);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		const struct sf_message message = {.id = {{1}},
			.transition = {{3}},
			.author = {{2}},
			.fact = {.kind = told[i].kind}};
		struct sf_feed_row row = sf_feed_derived(transition, OPENED_MS, &message);
		assert_int_equal(row.what, told[i].what);
		assert_int_equal(row.kind, told[i].kind);
		assert_true(row.at_ms == OPENED_MS);
		assert_true(sf_id_equal(row.message, message.id));
		assert_true(sf_id_equal(row.transition, message.transition));
		/* Nobody owes it: it stays its author's. */
		assert_true(sf_id_equal(row.party, message.author));
	}
	sf_transition_close(&transition);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_feed, close_feed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_time_makes_is_told_by_what_it_asks_for),
		TEST(test_first_row_says_started),
		cmocka_unit_test(test_first_cursor_is_behind_what_was_given),
		TEST(test_rows_are_seen_when_their_turn_is_durable),
		TEST(test_rows_of_a_lost_turn_are_never_seen),
		TEST(test_full_ring_forgets_the_oldest),
		TEST(test_lost_turn_takes_the_rows_it_wrote_over),
		TEST(test_pages_follow_each_other),
		TEST(test_cursor_of_another_life_starts_from_the_oldest),
		TEST(test_message_row_names_what_was_acknowledged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
