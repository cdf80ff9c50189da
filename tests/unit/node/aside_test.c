/* What a receiver refuses for good holds up nothing for ever, and is not lost. */
#include "node/aside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/handing.h"

#define PREFIX "https://ris.example/answers"

static struct sf_reply_handout say(
	struct region *region, const char *name, struct sf_request_handout said)
{
	said.channel = name;
	const struct sf_request request = {
		.kind = SF_REQUEST_HANDOUT, .asker = {.account = "channel:hook"}, .handout = said};
	return region_get(region, region->hospital, request, SF_REPLY_HANDOUT).handout;
}

static struct sf_reply_handout ask(struct region *region, const char *name)
{
	return say(region, name, (struct sf_request_handout){.done = 0});
}

/* One attempt at the row of this cursor: refused for good, or only failed. */
static struct sf_reply_handout fail_at(
	struct region *region, const char *name, uint64_t cursor, bool refused)
{
	return say(region, name,
		(struct sf_request_handout){.failed = 1,
			.fault = refused ? SF_CHANNEL_FAULT_REFUSED : SF_CHANNEL_FAULT_UNREACHABLE,
			.tried = cursor,
			.refused = refused});
}

static uint64_t refuse_for_good(struct region *region, const char *name, uint64_t cursor)
{
	for (size_t i = 1; i < SF_NODE_ASIDE_REFUSALS; i++)
		assert_true(fail_at(region, name, cursor, true).rows[0].cursor == cursor);
	struct sf_reply_handout next = fail_at(region, name, cursor, true);
	return next.row_count > 0 ? next.rows[0].cursor : 0;
}

static struct sf_channel_row channel(struct region *region, const char *name)
{
	const struct sf_request request = {.kind = SF_REQUEST_CHANNELS, .channels = {name}};
	struct sf_reply reply = region_get(region, region->hospital, request, SF_REPLY_CHANNELS);
	assert_int_equal(reply.channels.row_count, 1);
	return reply.channels.rows[0];
}

static struct sf_reply_aside list(struct region *region, const char *name, uint64_t after)
{
	const struct sf_request request = {.kind = SF_REQUEST_ASIDE,
		.aside = {.channel = name, .after = after, .count_max = 1}};
	return region_get(region, region->hospital, request, SF_REPLY_ASIDE).aside;
}

static enum sf_err again(struct region *region, const char *name, struct sf_id message)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_ASIDE_AGAIN, .aside_again = {name, message}};
	return region_ask(region, region->hospital, request).err;
}

/* What the board says of this channel; NULL: nothing. */
static const struct sf_board_row *on_board(struct region *region, const char *name)
{
	const struct sf_request request = {.kind = SF_REQUEST_BOARD, .board = {.party = ""}};
	struct sf_reply_board board =
		region_get(region, region->hospital, request, SF_REPLY_BOARD).board;
	for (size_t i = 0; i < board.row_count; i++)
		if (board.rows[i].what == SF_BOARD_ASIDE && strcmp(board.rows[i].name, name) == 0)
			return &board.rows[i];
	return NULL;
}

/* How often people were told that something is amiss. */
static size_t count_trouble(struct region *region)
{
	const struct sf_request request = {.kind = SF_REQUEST_FEED};
	struct sf_reply_feed feed =
		region_get(region, region->hospital, request, SF_REPLY_FEED).feed;
	size_t count = 0;
	for (size_t i = 0; i < feed.row_count; i++)
		count += feed.rows[i].what == SF_FEED_TROUBLE;
	return count;
}

static void restart(struct region *region)
{
	sf_sim_power_off(region->hospital);
	sf_sim_power_on(region->hospital);
}

static const char *open_hook(struct region *region)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_HOOK_ADD, .hook_add = {.url = PREFIX, .responses = true}};
	return region_get(region, region->hospital, request, SF_REPLY_HOOK_ADDED).hook_added.name;
}

/* Two answers wait: the message of the first, and *ret_name, the hook that brings them. */
static struct sf_id open_two(struct region *region, const char **ret_name)
{
	*ret_name = open_hook(region);
	struct sf_id first = region_send_for(region, "STIN_H", PREFIX "/1").message;
	region_run(region, 5 * SF_SECOND_MS);
	region_send_for(region, "SLHJ_H", PREFIX "/2");
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(channel(region, *ret_name).queued, 2);
	return first;
}

static void test_what_is_refused_too_often_lets_the_next_go_first(void **state)
{
	struct region *region = *state;
	const char *name;
	struct sf_id message = open_two(region, &name);
	uint64_t first = ask(region, name).rows[0].cursor;
	/* Refusals count over a restart; one more than half of them were before it. */
	for (size_t i = 0; i < 6; i++)
		assert_true(fail_at(region, name, first, true).rows[0].cursor == first);
	assert_int_equal(list(region, "", 0).row_count, 0);
	restart(region);
	for (size_t i = 7; i < SF_NODE_ASIDE_REFUSALS; i++)
		assert_true(fail_at(region, name, first, true).rows[0].cursor == first);
	struct sf_reply_handout next = fail_at(region, name, first, true);
	assert_int_equal(next.row_count, 1);
	assert_true(next.rows[0].cursor > first);
	assert_string_equal(next.url, PREFIX "/2");
	/* It is on the list, and stays there. */
	restart(region);
	struct sf_reply_aside aside = list(region, name, 0);
	assert_int_equal(aside.row_count, 1);
	assert_true(aside.rows[0].cursor == first);
	assert_string_equal(aside.rows[0].channel, name);
	assert_true(sf_id_equal(aside.rows[0].message, message));
	assert_int_equal(aside.rows[0].refusals, SF_NODE_ASIDE_REFUSALS);
	struct sf_channel_row row = channel(region, name);
	assert_int_equal(row.aside, 1);
	assert_int_equal(row.queued, 1);
	assert_int_equal(row.sent, 0);
	assert_int_equal(row.errored, SF_NODE_ASIDE_REFUSALS);
	assert_int_equal(list(region, "other", 0).row_count, 0);
	assert_int_equal(list(region, name, first).row_count, 0);
}

static void test_who_is_away_or_takes_it_after_all_is_waited_for(void **state)
{
	struct region *region = *state;
	const char *name;
	open_two(region, &name);
	uint64_t first = ask(region, name).rows[0].cursor;
	for (size_t i = 0; i < 3 * SF_NODE_ASIDE_REFUSALS; i++)
		assert_true(fail_at(region, name, first, false).rows[0].cursor == first);
	for (size_t i = 1; i < SF_NODE_ASIDE_REFUSALS; i++)
		assert_true(fail_at(region, name, first, true).rows[0].cursor == first);
	uint64_t second =
		say(region, name, (struct sf_request_handout){.done = first}).rows[0].cursor;
	/* Its refusals were its own, and what is said of it too late moves nothing. */
	assert_true(fail_at(region, name, second, true).rows[0].cursor == second);
	assert_true(fail_at(region, name, first, true).rows[0].cursor == second);
	assert_true(fail_at(region, name, second + 1000, true).rows[0].cursor == second);
	/* Taken at last, and said together with the refusals before it. */
	say(region, name,
		(struct sf_request_handout){.done = second,
			.failed = SF_NODE_ASIDE_REFUSALS,
			.fault = SF_CHANNEL_FAULT_REFUSED,
			.tried = second,
			.refused = SF_NODE_ASIDE_REFUSALS});
	assert_int_equal(channel(region, name).aside, 0);
	assert_int_equal(channel(region, name).sent, 2);
	assert_int_equal(list(region, "", 0).row_count, 0);
}

static void test_a_person_has_it_brought_again(void **state)
{
	struct region *region = *state;
	const char *name;
	struct sf_id message = open_two(region, &name);
	uint64_t first = ask(region, name).rows[0].cursor;
	uint64_t second = refuse_for_good(region, name, first);
	assert_int_equal(again(region, name, (struct sf_id){{7}}), SF_ERR_NOT_FOUND);
	assert_int_equal(again(region, "other", message), SF_ERR_NOT_FOUND);
	assert_int_equal(again(region, name, message), SF_OK);
	assert_int_equal(again(region, name, message), SF_ERR_NOT_FOUND);
	/* Behind what waits already, and the same as it was. */
	struct sf_reply_handout last =
		say(region, name, (struct sf_request_handout){.done = second});
	assert_int_equal(last.row_count, 1);
	assert_true(last.rows[0].cursor > second);
	assert_string_equal(last.url, PREFIX "/1");
	assert_true(last.content.size > 0);
	/* It may be put aside once more, and all of a channel be brought again. */
	assert_int_equal(refuse_for_good(region, name, last.rows[0].cursor), 0);
	assert_int_equal(again(region, name, (struct sf_id){{0}}), SF_OK);
	last = ask(region, name);
	assert_string_equal(last.url, PREFIX "/1");
	say(region, name, (struct sf_request_handout){.done = last.rows[0].cursor});
	assert_int_equal(channel(region, name).aside, 0);
	assert_int_equal(channel(region, name).queued, 0);
}

/* One row for a channel, however much it has there: the desk keeps sight of what is owed. */
static void test_what_was_put_aside_stands_on_the_board(void **state)
{
	struct region *region = *state;
	const char *name;
	struct sf_id message = open_two(region, &name);
	size_t before = count_trouble(region);
	assert_null(on_board(region, name));
	int64_t since_ms = region->world.now_ms;
	uint64_t second = refuse_for_good(region, name, ask(region, name).rows[0].cursor);
	const struct sf_board_row *row = on_board(region, name);
	assert_non_null(row);
	assert_int_equal(row->count, 1);
	assert_true(row->overdue);
	assert_true(sf_id_equal(row->party, region->hospital->party));
	assert_true(row->before_ms >= since_ms && row->before_ms <= region->world.now_ms);
	assert_int_equal(count_trouble(region), before + 1);
	since_ms = row->before_ms;
	region_run(region, SF_MINUTE_MS);
	refuse_for_good(region, name, second);
	row = on_board(region, name);
	assert_int_equal(row->count, 2);
	assert_int_equal(row->before_ms, since_ms);
	assert_int_equal(again(region, name, message), SF_OK);
	assert_int_equal(on_board(region, name)->count, 1);
	assert_int_equal(again(region, name, (struct sf_id){{0}}), SF_OK);
	assert_null(on_board(region, name));
}

static void test_what_was_put_aside_goes_with_its_hook(void **state)
{
	struct region *region = *state;
	const char *name;
	open_two(region, &name);
	refuse_for_good(region, name, ask(region, name).rows[0].cursor);
	const struct sf_request removal = {
		.kind = SF_REQUEST_HOOK_REMOVE, .hook_remove = {.name = name}};
	region_get(region, region->hospital, removal, SF_REPLY_DONE);
	assert_int_equal(list(region, "", 0).row_count, 0);
	assert_string_equal(open_hook(region), name);
	assert_int_equal(channel(region, name).aside, 0);
}

static void test_what_is_erased_is_not_brought_again(void **state)
{
	struct region *region = *state;
	const char *name = open_hook(region);
	struct sf_id course = region_send_for(region, "STIN_H", PREFIX "/1").transition;
	region_run(region, 5 * SF_SECOND_MS);
	refuse_for_good(region, name, ask(region, name).rows[0].cursor);
	assert_int_equal(channel(region, name).aside, 1);
	const struct sf_request request = {.kind = SF_REQUEST_ERASE,
		.erase = {.transition = course, .ground = SF_GROUND_MISTAKE}};
	region_get(region, region->hospital, request, SF_REPLY_ERASED);
	assert_int_equal(list(region, "", 0).row_count, 0);
}

static void test_events_keep_their_order(void **state)
{
	struct region *region = *state;
	const struct sf_request request = {.kind = SF_REQUEST_HOOK_ADD,
		.hook_add = {.url = PREFIX, .events = (uint64_t)1 << SF_FEED_ACKNOWLEDGED}};
	const char *name =
		region_get(region, region->hospital, request, SF_REPLY_HOOK_ADDED).hook_added.name;
	region_send_for(region, "STIN_H", "");
	region_run(region, 5 * SF_SECOND_MS);
	uint64_t first = ask(region, name).rows[0].cursor;
	for (size_t i = 0; i < 2 * SF_NODE_ASIDE_REFUSALS; i++)
		assert_true(fail_at(region, name, first, true).rows[0].cursor == first);
	assert_int_equal(list(region, "", 0).row_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_refused_too_often_lets_the_next_go_first),
		TEST(test_who_is_away_or_takes_it_after_all_is_waited_for),
		TEST(test_a_person_has_it_brought_again),
		TEST(test_what_was_put_aside_stands_on_the_board),
		TEST(test_what_was_put_aside_goes_with_its_hook),
		TEST(test_what_is_erased_is_not_brought_again),
		TEST(test_events_keep_their_order),
	};
	return cmocka_run_group_tests_name("node/aside", tests, NULL, NULL);
}
