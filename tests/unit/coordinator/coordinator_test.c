#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"

static size_t letters_received(struct region *region)
{
	struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	return region_get(region, region->municipality, inbox, SF_REPLY_INBOX).inbox.row_count;
}

/* WIRE section 3: again after 30 connected minutes, also when later items come and are taken. */
static void test_item_that_was_lost_comes_again_while_others_flow(void **state)
{
	struct region *region = *state;
	static const char *const later[] = {"STIN_A", "STIN_E", "STIN_F", "STIN_K"};
	struct sf_reply_sent lost = region_send(region, "STIN_H");
	region->world.faults.drop = 1000000;
	region_run(region, 5);
	region->world.faults.drop = 0;
	for (size_t i = 0; i < SF_COUNT(later); i++) {
		region_run(region, 9 * SF_MINUTE_MS);
		region_send(region, later[i]);
	}
	region_run(region, SF_MINUTE_MS);
	assert_true(region->world.dropped > 0);
	struct sf_request message = {.kind = SF_REQUEST_MESSAGE, .message = {lost.message}};
	region_get(region, region->municipality, message, SF_REPLY_MESSAGE);
	/* The samples share MessageHeader.ids, so that not every one is a letter of its own. */
	assert_true(letters_received(region) > 2);
}

/* The coordinator's link, with one route whose queue is full. */
struct full_link {
	struct sf_link real;
	uint64_t full_route;
	size_t refused;
};

static enum sf_err receive(void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	const struct full_link *link = self;
	return link->real.receive(link->real.self, count_max, visitor, context);
}

static enum sf_err send_or_refuse(void *self, uint64_t route, struct sf_view frame)
{
	struct full_link *link = self;
	if (route != link->full_route)
		return link->real.send(link->real.self, route, frame);
	link->refused++;
	return SF_ERR_AGAIN;
}

static void test_peer_that_does_not_read_is_tried_now_and_then(void **state)
{
	struct region *region = *state;
	struct full_link link = {
		.real = region->coordinator->turn.link, .full_route = region->municipality->route};
	region->coordinator->turn.link =
		(struct sf_link){.self = &link, .receive = receive, .send = send_or_refuse};
	region_send(region, "STIN_H");
	region_run(region, 10 * SF_SECOND_MS);
	assert_in_range(link.refused, 2, 40); /* a checkpoint and the letter, each second */
	assert_int_equal(letters_received(region), 0);
	link.full_route = 0;
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(letters_received(region), 1);
	region->coordinator->turn.link = link.real;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_item_that_was_lost_comes_again_while_others_flow),
		TEST(test_peer_that_does_not_read_is_tried_now_and_then),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
