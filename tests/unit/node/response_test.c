/* What a sender wants brought to it is brought, once it is there, only to where that is allowed. */
#include "node/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/handing.h"

#define PREFIX "https://ris.example/answers"

static const char *allow(struct region *region, const char *url)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_HOOK_ADD, .hook_add = {.url = url, .responses = true}};
	return region_get(region, region->hospital, request, SF_REPLY_HOOK_ADDED).hook_added.name;
}

static struct sf_reply_handout hand_out(struct region *region, const char *name, uint64_t done)
{
	const struct sf_request request = {.kind = SF_REQUEST_HANDOUT,
		.asker = {.account = "channel:hook"},
		.handout = {.channel = name, .done = done}};
	return region_get(region, region->hospital, request, SF_REPLY_HANDOUT).handout;
}

static struct sf_reply ask_send(struct region *region, const char *response_url)
{
	const struct sf_request request = {.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = handing_sample(region,
				"medcom-hospitalnotification/HospitalNotification_Ex_STIN_H.json"),
			.gp = "gp 0",
			.municipality = "municipality 0",
			.response_url = response_url}};
	return region_ask(region, region->hospital, request);
}

static bool holds(struct sf_view bytes, const char *text)
{
	size_t size = strlen(text);
	for (size_t i = 0; i + size <= bytes.size; i++)
		if (memcmp(bytes.data + i, text, size) == 0)
			return true;
	return false;
}

static bool count_row(void *context, const void *row)
{
	(void)row;
	++*(size_t *)context;
	return true;
}

static size_t wanted_count(struct region *region)
{
	const struct sf_store *store = sf_memory_port(region->hospital->memory);
	const struct sf_scan all = {.table = &sf_node_table_response};
	size_t count = 0;
	assert_int_equal(store->scan(store->self, &all, count_row, &count, NULL), SF_OK);
	return count;
}

static void test_acknowledgement_is_handed_out_once_it_is_there(void **state)
{
	struct region *region = *state;
	const char *name = allow(region, PREFIX);
	assert_string_equal(name, "response-1");
	struct sf_reply_sent sent = region_send_for(region, "STIN_H", PREFIX "/7?of=H");
	assert_int_equal(sent.answer, SF_SEND_STORED);
	assert_int_equal(hand_out(region, name, 0).row_count, 0);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply_handout handout = hand_out(region, name, 0);
	assert_int_equal(handout.row_count, 1);
	assert_int_equal(handout.rows[0].what, SF_FEED_RESPONSE);
	assert_int_equal(handout.rows[0].ack, SF_ACK_OK);
	assert_true(sf_id_equal(handout.rows[0].message, sent.message));
	assert_string_equal(handout.url, PREFIX "/7?of=H");
	assert_string_equal(handout.content_type, SF_CONTENT_FHIR_JSON);
	assert_int_equal(handout.secret.size, SF_HOOK_SECRET_SIZE);
	assert_true(holds(handout.content, HANDING_ADMISSION));
	/* Not brought, not done: the same after a restart. Two recipients answered: one response.
	 */
	sf_sim_power_off(region->hospital);
	sf_sim_power_on(region->hospital);
	assert_int_equal(wanted_count(region), 1);
	struct sf_reply_handout again = hand_out(region, name, 0);
	assert_true(again.rows[0].cursor == handout.rows[0].cursor);
	assert_true(sf_view_equal(again.content, handout.content));
	assert_int_equal(hand_out(region, name, again.rows[0].cursor).row_count, 0);
	assert_int_equal(wanted_count(region), 0);
}

static void test_only_what_begins_with_an_allowed_url_is_taken(void **state)
{
	struct region *region = *state;
	static const char *const bad[] = {PREFIX "x", "https://ris.example/",
		"https://other.example/", PREFIX "/../secret", PREFIX "/%2e%2E/secret",
		PREFIX "/x%2f..%2F../secret", PREFIX "/..%5c..%5Csecret", PREFIX "/a/.%2e",
		PREFIX "/#x", "http://ris.example/answers", "https://ris.example:444/answers"};
	assert_int_equal(ask_send(region, PREFIX).err, SF_ERR_USAGE);
	allow(region, PREFIX);
	for (size_t i = 0; i < SF_COUNT(bad); i++)
		assert_int_equal(ask_send(region, bad[i]).err, SF_ERR_USAGE);
	assert_int_equal(wanted_count(region), 0);
	assert_int_equal(ask_send(region, PREFIX).err, SF_OK);
	assert_int_equal(wanted_count(region), 1);
}

static void test_the_hook_that_says_most_of_the_url_brings_it(void **state)
{
	struct region *region = *state;
	const char *wide = allow(region, "https://ris.example/");
	const char *narrow = allow(region, PREFIX "/");
	region_send_for(region, "STIN_H", PREFIX "/1");
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(hand_out(region, wide, 0).row_count, 0);
	assert_int_equal(hand_out(region, narrow, 0).row_count, 1);
}

static void test_what_is_allowed_no_more_is_passed_over(void **state)
{
	struct region *region = *state;
	const char *name = allow(region, PREFIX);
	region_send_for(region, "STIN_H", PREFIX "/1");
	region_run(region, 5 * SF_SECOND_MS);
	const struct sf_request request = {
		.kind = SF_REQUEST_HOOK_REMOVE, .hook_remove = {.name = name}};
	region_get(region, region->hospital, request, SF_REPLY_DONE);
	assert_false(hand_out(region, name, 0).known);
	/* Another of the same name is another hook. */
	assert_string_equal(allow(region, "https://other.example/"), name);
	assert_int_equal(hand_out(region, name, 0).row_count, 0);
}

static void test_hook_is_for_events_or_for_responses(void **state)
{
	struct region *region = *state;
	const struct sf_request_hook_add bad[] = {
		{.url = "https://a.example/"},
		{.url = "https://a.example/", .events = 1 << SF_FEED_RECEIVED, .responses = true},
		{.url = "https://a.example/?x=1", .responses = true},
	};
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		const struct sf_request request = {.kind = SF_REQUEST_HOOK_ADD, .hook_add = bad[i]};
		assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_USAGE);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_acknowledgement_is_handed_out_once_it_is_there),
		TEST(test_only_what_begins_with_an_allowed_url_is_taken),
		TEST(test_the_hook_that_says_most_of_the_url_brings_it),
		TEST(test_what_is_allowed_no_more_is_passed_over),
		TEST(test_hook_is_for_events_or_for_responses),
	};
	return cmocka_run_group_tests_name("node/response", tests, NULL, NULL);
}
