/* Channels count what comes and goes, hold it up when told to, and forget nothing over a restart.
 */
#include "node/channel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"

#define KEPT_MAX ((size_t)100000) /* as in src/node/feed.c */
#define RECEIVED ((uint64_t)1 << SF_FEED_RECEIVED)

static void restart(struct sf_sim_machine *machine)
{
	sf_sim_power_off(machine);
	sf_sim_power_on(machine);
}

static struct sf_channel_row channel(
	struct region *region, struct sf_sim_machine *machine, const char *name)
{
	const struct sf_request request = {.kind = SF_REQUEST_CHANNELS, .channels = {name}};
	struct sf_reply_channels list =
		region_get(region, machine, request, SF_REPLY_CHANNELS).channels;
	assert_int_equal(list.row_count, 1);
	return list.rows[0];
}

static const char *add_hook(struct region *region, const char *url, uint64_t events)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_HOOK_ADD, .hook_add = {.url = url, .events = events}};
	return region_get(region, region->municipality, request, SF_REPLY_HOOK_ADDED)
		.hook_added.name;
}

static struct sf_reply_handout hand_out(
	struct region *region, const char *name, uint64_t done, uint32_t failed)
{
	const struct sf_request request = {.kind = SF_REQUEST_HANDOUT,
		.asker = {.account = "channel:hook"},
		.handout = {.channel = name,
			.done = done,
			.failed = failed,
			.fault = failed ? SF_CHANNEL_FAULT_REFUSED : SF_CHANNEL_FAULT_NONE}};
	return region_get(region, region->municipality, request, SF_REPLY_HANDOUT).handout;
}

static void pause(struct region *region, struct sf_sim_machine *machine, const char *name, bool on)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_CHANNEL_PAUSE, .channel_pause = {name, on}};
	region_get(region, machine, request, SF_REPLY_DONE);
}

static void test_hook_hands_out_in_order_and_moves_with_what_is_done(void **state)
{
	struct region *region = *state;
	const char *hook = add_hook(region, "https://example.org/in", RECEIVED);
	assert_string_equal(hook, "hook-1");
	assert_int_equal(hand_out(region, hook, 0, 0).row_count, 0);
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_reply_handout first = hand_out(region, hook, 0, 0);
	assert_true(first.known);
	assert_string_equal(first.url, "https://example.org/in");
	assert_int_equal(first.secret.size, SF_HOOK_SECRET_SIZE);
	assert_int_equal(first.row_count, 1);
	assert_int_equal(first.rows[0].what, SF_FEED_RECEIVED);
	/* Not done, not moved: also after a restart the same row comes. */
	restart(region->municipality);
	struct sf_reply_handout again = hand_out(region, hook, 0, 1);
	assert_true(again.rows[0].cursor == first.rows[0].cursor);
	struct sf_reply_handout second = hand_out(region, hook, first.rows[0].cursor, 0);
	assert_int_equal(second.row_count, 1);
	assert_true(second.rows[0].cursor > first.rows[0].cursor);
	assert_true(sf_id_equal(second.rows[0].message, sent.message));
	restart(region->municipality);
	assert_int_equal(hand_out(region, hook, second.rows[0].cursor, 0).row_count, 0);
	restart(region->municipality);
	struct sf_channel_row row = channel(region, region->municipality, hook);
	assert_int_equal(row.sent, 2);
	assert_int_equal(row.received, 2);
	assert_int_equal(row.queued, 0);
	assert_int_equal(row.errored, 1);
	assert_true(row.filtered > 0);
}

static void test_cursor_does_not_move_back_or_ahead_of_the_feed(void **state)
{
	struct region *region = *state;
	const char *hook = add_hook(region, "https://example.org/", RECEIVED);
	region_discharge(region);
	uint64_t first = hand_out(region, hook, 0, 0).rows[0].cursor;
	assert_true(hand_out(region, hook, UINT64_MAX, 0).rows[0].cursor == first);
	uint64_t second = hand_out(region, hook, first, 0).rows[0].cursor;
	assert_true(hand_out(region, hook, first, 0).rows[0].cursor == second);
	assert_int_equal(channel(region, region->municipality, hook).sent, 1);
}

static void test_nobody_else_sees_secrets_or_moves_cursors(void **state)
{
	struct region *region = *state;
	const char *hook = add_hook(region, "https://example.org/", RECEIVED);
	struct sf_request request = {.kind = SF_REQUEST_HANDOUT, .handout = {.channel = hook}};
	static const char *const others[] = {NULL, "", "root", "channe", "token:channel:x"};
	for (size_t i = 0; i < SF_COUNT(others); i++) {
		request.asker.account = others[i];
		assert_int_equal(
			region_ask(region, region->municipality, request).err, SF_ERR_AUTH);
	}
}

static void test_url_of_a_hook_is_safe_or_refused(void **state)
{
	struct region *region = *state;
	static const char *const good[] = {"http://127.0.0.1:8080/x?y=1", "http://[::1]/",
		"http://localhost:1/", "http://127.0.0.1", "https://a.example/b"};
	static const char *const bad[] = {"", "ftp://a/", "http://example.org/", "https://",
		"https:///x", "https://user@host/", "http://127.0.0.1.evil/", "http://localhost@x/",
		"https://a/ b", "https://a/#f", "file:///etc/passwd"};
	for (size_t i = 0; i < SF_COUNT(good); i++)
		add_hook(region, good[i], RECEIVED);
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		const struct sf_request request = {.kind = SF_REQUEST_HOOK_ADD,
			.hook_add = {.url = bad[i], .events = RECEIVED}};
		assert_int_equal(
			region_ask(region, region->municipality, request).err, SF_ERR_USAGE);
	}
}

static void test_paused_hook_queues_and_paused_door_refuses(void **state)
{
	struct region *region = *state;
	const char *hook = add_hook(region, "https://example.org/", RECEIVED);
	pause(region, region->municipality, hook, true);
	region_discharge(region);
	assert_true(hand_out(region, hook, 0, 0).paused);
	assert_int_equal(hand_out(region, hook, 0, 0).row_count, 0);
	assert_int_equal(channel(region, region->municipality, hook).queued, 2);
	pause(region, region->municipality, hook, false);
	assert_int_equal(hand_out(region, hook, 0, 0).row_count, 1);
	assert_int_equal(hand_out(region, hook, 0, 0).resumed, 1);
	/* The discharge was handed in locally; the door counts it and holds over a restart. */
	assert_int_equal(channel(region, region->hospital, "local").received, 2);
	pause(region, region->hospital, "local", true);
	restart(region->hospital);
	const struct sf_request letter = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON, .content = sf_view_text("{}")}};
	assert_int_equal(region_ask(region, region->hospital, letter).err, SF_ERR_AGAIN);
	pause(region, region->hospital, "local", false);
	assert_int_equal(region_ask(region, region->hospital, letter).err, SF_OK);
	assert_int_equal(channel(region, region->hospital, "local").errored, 2);
}

static void test_removed_hook_is_unknown(void **state)
{
	struct region *region = *state;
	const char *hook = add_hook(region, "https://example.org/", RECEIVED);
	const struct sf_request remove = {.kind = SF_REQUEST_HOOK_REMOVE, .hook_remove = {hook}};
	region_get(region, region->municipality, remove, SF_REPLY_DONE);
	restart(region->municipality);
	assert_false(hand_out(region, hook, 0, 0).known);
	assert_int_equal(region_ask(region, region->municipality, remove).err, SF_ERR_NOT_FOUND);
}

static bool has_step(const struct sf_reply_trace *trace, const char *step, const char *by)
{
	for (size_t i = 0; i < trace->row_count; i++)
		if (strcmp(trace->rows[i].step, step) == 0 &&
			strcmp(trace->rows[i].channel, by) == 0)
			return true;
	return false;
}

static void test_trace_and_replay_of_a_message(void **state)
{
	struct region *region = *state;
	const char *hook = add_hook(region, "https://example.org/", RECEIVED);
	struct sf_reply_sent sent = region_discharge(region);
	const struct sf_request ask = {.kind = SF_REQUEST_TRACE, .trace = {sent.message}};
	struct sf_reply_trace trace =
		region_get(region, region->hospital, ask, SF_REPLY_TRACE).trace;
	assert_true(sf_id_equal(trace.transition, sent.transition));
	assert_true(has_step(&trace, "handed-in", "local"));
	assert_true(has_step(&trace, "recorded", ""));
	assert_true(has_step(&trace, "ok", ""));
	uint64_t first = hand_out(region, hook, 0, 0).rows[0].cursor;
	uint64_t second = hand_out(region, hook, first, 0).rows[0].cursor;
	assert_int_equal(hand_out(region, hook, second, 0).row_count, 0);
	trace = region_get(region, region->municipality, ask, SF_REPLY_TRACE).trace;
	assert_true(has_step(&trace, "received", ""));
	assert_true(has_step(&trace, "handed-out", hook));
	const struct sf_request again = {.kind = SF_REQUEST_REPLAY, .replay = {sent.message}};
	assert_false(
		region_get(region, region->municipality, again, SF_REPLY_REPLAYED).replayed.resent);
	struct sf_reply_handout replayed = hand_out(region, hook, 0, 0);
	assert_int_equal(replayed.row_count, 1);
	assert_int_equal(replayed.rows[0].what, SF_FEED_REPLAYED);
	assert_true(sf_id_equal(replayed.rows[0].message, sent.message));
	/* What everybody has answered is not sent again, and what is not known is not there. */
	assert_int_equal(region_ask(region, region->hospital, again).err, SF_ERR_STATE);
	assert_int_equal(region_ask(region, region->gp, again).err, SF_ERR_NOT_FOUND);
}

/* As many rows as the table may hold, behind those that are there: the oldest go with the next. */
static void fill_feed(struct region *region)
{
	const struct sf_store *store = sf_memory_port(region->municipality->memory);
	int64_t first = (int64_t)sf_feed_cursor(region->municipality->node->feed) + 1;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	for (int64_t i = 0; i < (int64_t)KEPT_MAX + 255; i++) {
		const struct sf_node_row_feed row = {.cursor = first + i, .what = SF_FEED_TROUBLE};
		assert_int_equal(
			store->insert(store->self, &sf_node_table_feed, &row, NULL), SF_OK);
	}
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	restart(region->municipality);
	sf_node_alarm(region->municipality->node);
	region_run(region, SF_SECOND_MS);
}

/* A receiver was away for weeks: what went meanwhile is counted and said, and it goes on. */
static void test_rows_that_went_before_they_were_handed_out_are_told_as_forgotten(void **state)
{
	struct region *region = *state;
	const char *hook = add_hook(region, "https://example.org/", RECEIVED);
	const char *other = add_hook(region, "https://example.org/", (uint64_t)1 << SF_FEED_ERASED);
	region_send(region, "STIN_H");
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(channel(region, region->municipality, hook).queued, 1);
	fill_feed(region);
	struct sf_channel_row row = channel(region, region->municipality, hook);
	assert_int_equal(row.fault, SF_CHANNEL_FAULT_FORGOTTEN);
	assert_int_equal(row.errored, 1);
	assert_int_equal(row.received, 1);
	assert_int_equal(row.sent, 0);
	assert_int_equal(row.queued, 0);
	/* Who wanted none of them has lost nothing. */
	row = channel(region, region->municipality, other);
	assert_int_equal(row.fault, SF_CHANNEL_FAULT_NONE);
	assert_int_equal(row.errored, 0);
	/* It is said until something goes well, over a restart too. */
	restart(region->municipality);
	region_run(region, SF_SECOND_MS);
	assert_int_equal(
		channel(region, region->municipality, hook).fault, SF_CHANNEL_FAULT_FORGOTTEN);
	struct sf_reply_sent sent = region_send(region, "STAA_E");
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_handout next = {.row_count = 0};
	/* An answer looks at so many rows and no more; it is asked again. */
	for (size_t i = 0; i < 64 && next.row_count == 0; i++)
		next = hand_out(region, hook, 0, 0);
	assert_int_equal(next.row_count, 1);
	assert_true(sf_id_equal(next.rows[0].message, sent.message));
	assert_int_equal(hand_out(region, hook, next.rows[0].cursor, 0).row_count, 0);
	row = channel(region, region->municipality, hook);
	assert_int_equal(row.fault, SF_CHANNEL_FAULT_NONE);
	assert_int_equal(row.sent, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows_that_went_before_they_were_handed_out_are_told_as_forgotten),
		TEST(test_hook_hands_out_in_order_and_moves_with_what_is_done),
		TEST(test_cursor_does_not_move_back_or_ahead_of_the_feed),
		TEST(test_nobody_else_sees_secrets_or_moves_cursors),
		TEST(test_url_of_a_hook_is_safe_or_refused),
		TEST(test_paused_hook_queues_and_paused_door_refuses),
		TEST(test_removed_hook_is_unknown),
		TEST(test_trace_and_replay_of_a_message),
	};
	return cmocka_run_group_tests_name("node/channel", tests, NULL, NULL);
}
