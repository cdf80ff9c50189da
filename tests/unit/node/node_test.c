#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/region.h"
#include "wire/frame.h"

/* What a coordinator says that another connection of this party has greeted since. */
static void say_hello_first(struct region *region, size_t times)
{
	const struct sf_frame frame = {.kind = SF_FRAME_ERROR, .error = SF_FRAME_ERROR_HELLO};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	assert_int_equal(sf_frame_encode(&frame, &bytes), SF_OK);
	const struct sf_link *link = &region->coordinator->turn.link;
	for (size_t i = 0; i < times; i++)
		assert_int_equal(
			link->send(link->self, region->hospital->route, sf_buf_view(&bytes)),
			SF_OK);
	sf_buf_fini(&bytes);
}

static void test_two_programs_with_one_key_do_not_greet_without_end(void **state)
{
	struct region *region = *state;
	uint64_t before = region->world.frames;
	for (int i = 0; i < 50; i++) {
		say_hello_first(region, 1);
		region_run(region, 2);
	}
	/* One hello and what it is answered with. */
	assert_in_range(region->world.frames - before, 51, 60);
	region_run(region, 10 * SF_SECOND_MS);
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(sf_node_counters(region->hospital->node).acknowledged, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_two_programs_with_one_key_do_not_greet_without_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
