#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letter_of_party_enrolled_meanwhile_is_received_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
