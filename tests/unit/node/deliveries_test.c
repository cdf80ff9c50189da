#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"

static struct sf_delivery_row delivery_of(struct region *region, struct sf_id message)
{
	struct sf_request request = {.kind = SF_REQUEST_OUTBOX, .outbox = {.message = message}};
	struct sf_reply reply = region_get(region, region->hospital, request, SF_REPLY_OUTBOX);
	assert_int_equal(reply.outbox.row_count, 1);
	return reply.outbox.rows[0];
}

static void test_letter_that_nobody_takes_expires_and_still_arrives(void **state)
{
	struct region *region = *state;
	sf_sim_power_off(region->municipality);
	sf_sim_part(region->hospital, true);
	region_run(region, SF_SECOND_MS);
	struct sf_id message = region_send(region, "STIN_H").message;
	struct sf_request again = {.kind = SF_REQUEST_RESEND, .resend = {.message = message}};
	assert_int_equal(region_ask(region, region->hospital, again).err, SF_ERR_STATE);
	sf_sim_part(region->hospital, false);
	region_run(region, 13 * SF_DAY_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_STORED);
	region_run(region, 2 * SF_DAY_MS);
	struct sf_delivery_row row = delivery_of(region, message);
	assert_int_equal(row.state, SF_DELIVERY_UNDELIVERABLE);
	assert_string_equal(row.reason, "expired");
	assert_true(row.late);
	struct sf_request open = {.kind = SF_REQUEST_OUTBOX, .outbox = {.only_open = true}};
	assert_int_equal(
		region_get(region, region->hospital, open, SF_REPLY_OUTBOX).outbox.row_count, 1);
	/* A person decides: once more. */
	region_get(region, region->hospital, again, SF_REPLY_DONE);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_STORED);
	region_run(region, 15 * SF_DAY_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_UNDELIVERABLE);
	sf_sim_power_on(region->municipality);
	region_run(region, SF_MINUTE_MS);
	assert_int_equal(delivery_of(region, message).state, SF_DELIVERY_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letter_that_nobody_takes_expires_and_still_arrives),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
