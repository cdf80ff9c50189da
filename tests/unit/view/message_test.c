#include "view/row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/view/page.h"

static void test_feed_names_what_happened(void **state)
{
	(void)state;
	const struct sf_feed_row row = {.cursor = 7,
		.at_ms = 1795352700000,
		.what = SF_FEED_ACKNOWLEDGED,
		.party_name = "",
		.peer_name = "",
		.kind = SF_KIND_ACKNOWLEDGEMENT,
		.outcome = SF_OUTCOME_APPLIED,
		.ack = SF_ACK_OK,
		.attempts = 1};
	struct page page;
	sf_json_feed_members(page_begin(&page), &row);
	assert_string_equal(text_of(&page),
		"{\"cursor\":7,\"at\":\"2026-11-22T13:05:00.000Z\",\"what\":\"acknowledged\","
		"\"message\":null,\"transition\":null,\"party\":null,\"party_name\":null,"
		"\"peer\":null,\"peer_name\":null,\"kind\":\"acknowledgement\",\"activity\":null,"
		"\"mode\":null,\"domains\":[],\"outcome\":\"applied\",\"ack\":\"ok\",\"code\":null,"
		"\"attempts\":1}");
	page_end(&page);
}

static void test_quarantine_says_why(void **state)
{
	(void)state;
	const struct sf_quarantine_row row = {.cursor = 3,
		.author_name = "",
		.code = 5,
		.received_ms = 1795352700000,
		.size = 12};
	struct page page;
	struct sf_json_writer *writer = page_begin(&page);
	sf_json_array(writer, "quarantine");
	sf_json_quarantine_row(writer, &row);
	sf_json_close(writer);
	assert_string_equal(text_of(&page),
		"{\"quarantine\":[{\"cursor\":3,\"message\":null,\"transition\":null,"
		"\"author\":null,\"author_name\":null,\"digest\":null,\"code\":\"slot\","
		"\"received\":\"2026-11-22T13:05:00.000Z\",\"size\":12}]}");
	page_end(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_feed_names_what_happened),
		cmocka_unit_test(test_quarantine_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
