/* Asked again with the same key: done once. About what has gone on since: not done. */
#include "node/repeat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"

static struct sf_repeatable under(uint8_t key, uint8_t body)
{
	return (struct sf_repeatable){{{key}}, {{body}}};
}

static struct sf_request accept(struct sf_id id, struct sf_repeatable repeatable)
{
	return (struct sf_request){
		.kind = SF_REQUEST_ACCEPT, .repeatable = repeatable, .accept = {.id = id}};
}

static void test_the_same_key_says_it_once(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	struct sf_reply first =
		region_get(region, region->municipality, accept(id, under(1, 1)), SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	uint64_t sent = sf_node_counters(region->municipality->node).sent;
	struct sf_reply again =
		region_get(region, region->municipality, accept(id, under(1, 1)), SF_REPLY_SAID);
	assert_true(sf_id_equal(first.said.message, again.said.message));
	assert_true(sf_id_equal(first.said.transition, again.said.transition));
	assert_int_equal(first.said.domains, again.said.domains);
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(sf_node_counters(region->municipality->node).sent, sent);
}

static void test_a_key_is_not_for_something_else(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	region_get(region, region->municipality, accept(id, under(1, 1)), SF_REPLY_SAID);
	assert_int_equal(region_ask(region, region->municipality, accept(id, under(1, 2))).err,
		SF_ERR_USAGE);
}

static void test_what_was_refused_may_be_asked_again(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	const struct sf_id nobody = {{9}};
	assert_int_equal(region_ask(region, region->municipality, accept(nobody, under(1, 1))).err,
		SF_ERR_NOT_FOUND);
	region_get(region, region->municipality, accept(id, under(1, 2)), SF_REPLY_SAID);
}

static void test_a_key_is_forgotten_after_its_time(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	region_get(region, region->municipality, accept(id, under(1, 1)), SF_REPLY_SAID);
	region_run(region, SF_REPEAT_MS + SF_HOUR_MS);
	/* Done anew, and by now refused: the offer is closed. */
	assert_int_equal(region_ask(region, region->municipality, accept(id, under(1, 1))).err,
		SF_ERR_REFUSED);
}

static size_t count_hooks(struct region *region)
{
	const struct sf_request request = {.kind = SF_REQUEST_CHANNELS, .channels = {""}};
	const struct sf_reply_channels channels =
		region_get(region, region->municipality, request, SF_REPLY_CHANNELS).channels;
	size_t count = 0;
	for (size_t i = 0; i < channels.row_count; i++)
		count += channels.rows[i].kind == SF_CHANNEL_HOOK;
	return count;
}

/* Its secret is told once: a second hook would post everything twice. */
static void test_a_hook_is_added_once(void **state)
{
	struct region *region = *state;
	const struct sf_request request = {.kind = SF_REQUEST_HOOK_ADD,
		.repeatable = under(1, 1),
		.hook_add = {.url = "https://mottager.example/stafet",
			.events = (uint64_t)1 << SF_FEED_RECEIVED}};
	region_get(region, region->municipality, request, SF_REPLY_HOOK_ADDED);
	assert_int_equal(region_ask(region, region->municipality, request).err, SF_ERR_STATE);
	assert_int_equal(count_hooks(region), 1);
}

static size_t count_replayed(struct region *region)
{
	const struct sf_request request = {.kind = SF_REQUEST_FEED};
	const struct sf_reply_feed feed =
		region_get(region, region->municipality, request, SF_REPLY_FEED).feed;
	size_t count = 0;
	for (size_t i = 0; i < feed.row_count; i++)
		count += feed.rows[i].what == SF_FEED_REPLAYED;
	return count;
}

static void test_a_message_is_replayed_once(void **state)
{
	struct region *region = *state;
	struct sf_id message = region_discharge(region).message;
	const struct sf_request request = {.kind = SF_REQUEST_REPLAY,
		.repeatable = under(1, 1),
		.replay = {.message = message}};
	for (size_t i = 0; i < 2; i++)
		assert_false(region_get(region, region->municipality, request, SF_REPLY_REPLAYED)
				     .replayed.resent);
	assert_int_equal(count_replayed(region), 1);
}

static void test_what_is_only_looked_at_may_be_done_then(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	struct sf_request request = {.kind = SF_REQUEST_ERASE,
		.repeatable = under(1, 1),
		.erase = {.transition = id, .ground = SF_GROUND_MISTAKE, .preview = true}};
	for (size_t i = 0; i < 2; i++)
		assert_false(region_get(region, region->municipality, request, SF_REPLY_ERASED)
				     .erased.done);
	request.erase.preview = false;
	request.repeatable = under(2, 2);
	assert_true(region_get(region, region->municipality, request, SF_REPLY_ERASED).erased.done);
	assert_int_equal(region_ask(region, region->municipality, request).err, SF_ERR_STATE);
}

/* The key is free for another request: of a look at a citizen no hash of the number is kept. */
static void test_a_look_at_a_citizen_leaves_nothing(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	const struct sf_request look = {
		.kind = SF_REQUEST_FIND, .repeatable = under(1, 1), .find = {.cpr = "6101900001"}};
	region_get(region, region->municipality, look, SF_REPLY_TRANSITIONS);
	const struct sf_request handled = {.kind = SF_REQUEST_HANDLED,
		.repeatable = under(1, 2),
		.handled = {.message = sent.message}};
	region_get(region, region->municipality, handled, SF_REPLY_DONE);
}

/* A second one would be left over, and count among those that may be handed in. */
static void test_an_attachment_is_announced_once(void **state)
{
	struct region *region = *state;
	static const uint8_t content[100] = {1};
	struct sf_request request = {.kind = SF_REQUEST_UPLOAD,
		.repeatable = under(1, 1),
		.upload = {"a.png", "image/png", sizeof(content)}};
	struct sf_reply_upload first =
		region_get(region, region->hospital, request, SF_REPLY_UPLOAD).upload;
	const struct sf_request part = {.kind = SF_REQUEST_UPLOAD_PART,
		.repeatable = under(2, 2),
		.upload_part = {first.upload, 0, sf_view_of(content, sizeof(content))}};
	/* The same part, whose answer was lost, is no conflict either. */
	for (size_t i = 0; i < 2; i++)
		assert_true(
			region_get(region, region->hospital, part, SF_REPLY_UPLOAD).upload.whole);
	struct sf_reply_upload again =
		region_get(region, region->hospital, request, SF_REPLY_UPLOAD).upload;
	assert_true(sf_id_equal(again.upload, first.upload));
	assert_int_equal(again.size, sizeof(content));
	assert_true(again.whole);
	request.repeatable = under(3, 1);
	assert_false(sf_id_equal(
		region_get(region, region->hospital, request, SF_REPLY_UPLOAD).upload.upload,
		first.upload));
	/* Nor after it has gone: what was asked for once was there. */
	const struct sf_request drop = {
		.kind = SF_REQUEST_UPLOAD_DROP, .upload_drop = {first.upload}};
	region_get(region, region->hospital, drop, SF_REPLY_DONE);
	request.repeatable = under(1, 1);
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_STATE);
}

static struct sf_reply_transition show(struct region *region, struct sf_id id)
{
	return region_get(region, region->municipality,
		(struct sf_request){.kind = SF_REQUEST_TRANSITION, .transition = {id, 0, ""}},
		SF_REPLY_TRANSITION)
		.transition;
}

static void test_an_answer_to_what_has_gone_on_is_not_given(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	struct sf_reply_transition seen = show(region, id);
	struct sf_request request = accept(id, (struct sf_repeatable){{{0}}, {{0}}});
	request.expected = (struct sf_expected){true, seen.row.sequence - 1, seen.head};
	assert_int_equal(region_ask(region, region->municipality, request).err, SF_ERR_CONFLICT);
	request.expected = (struct sf_expected){true, seen.row.sequence, {{1}}};
	assert_int_equal(region_ask(region, region->municipality, request).err, SF_ERR_CONFLICT);
	request.expected = (struct sf_expected){true, seen.row.sequence, seen.head};
	region_get(region, region->municipality, request, SF_REPLY_SAID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)
		TEST(test_the_same_key_says_it_once),
		TEST(test_a_key_is_not_for_something_else),
		TEST(test_what_was_refused_may_be_asked_again),
		TEST(test_a_key_is_forgotten_after_its_time),
		TEST(test_a_hook_is_added_once),
		TEST(test_a_message_is_replayed_once),
		TEST(test_what_is_only_looked_at_may_be_done_then),
		TEST(test_a_look_at_a_citizen_leaves_nothing),
		TEST(test_an_attachment_is_announced_once),
		TEST(test_an_answer_to_what_has_gone_on_is_not_given),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
