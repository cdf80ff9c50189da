#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "timeline/scale.h"
#include "unit/timeline/show.h"

static void make(struct story *story, struct sf_arena *arena, struct sf_timeline_scale *scale)
{
	struct sf_timeline timeline;
	assert_int_equal(
		sf_timeline_make(&story->show, story->show.as_of_ms, arena, &timeline), SF_OK);
	assert_int_equal(sf_timeline_scale_make(&timeline, 1000.0, arena, scale), SF_OK);
}

static void test_later_never_stands_further_left(void **state)
{
	(void)state;
	struct story story;
	struct sf_arena arena;
	struct sf_timeline_scale scale;
	story_make(&story);
	sf_arena_init(&arena, 1u << 20);
	make(&story, &arena, &scale);
	double last = 0.0;
	for (int64_t at = MORNING - HOUR; at < MORNING + 60 * HOUR; at += HOUR / 7) {
		double here = sf_timeline_place(&scale, at);
		assert_true(here >= last && here <= 1000.0);
		last = here;
	}
	assert_true(sf_timeline_place(&scale, MORNING) == 0.0);
	assert_true(sf_timeline_place(&scale, INT64_MAX) == 1000.0);
	sf_arena_fini(&arena);
}

static void test_waiting_is_drawn_shorter_than_it_lasts(void **state)
{
	(void)state;
	struct story story;
	struct sf_arena arena;
	struct sf_timeline_scale scale;
	story_make(&story);
	story.events[3].recorded_ms = MORNING + 1000 * HOUR;
	sf_arena_init(&arena, 1u << 20);
	make(&story, &arena, &scale);
	double doing = sf_timeline_place(&scale, MORNING + 10 * HOUR);
	double waiting = sf_timeline_place(&scale, MORNING + 1000 * HOUR) - doing;
	assert_true(doing > 300.0 && waiting > doing / 4 && waiting < 700.0);
	sf_arena_fini(&arena);
}

static void test_one_moment_has_a_width(void **state)
{
	(void)state;
	struct sf_arena arena;
	struct sf_timeline_scale scale;
	const struct sf_timeline timeline = {.from_ms = MORNING, .until_ms = MORNING};
	sf_arena_init(&arena, 1u << 20);
	assert_int_equal(sf_timeline_scale_make(&timeline, 10.0, &arena, &scale), SF_OK);
	assert_int_equal(scale.count, 2);
	assert_true(sf_timeline_place(&scale, MORNING) == 0.0);
	sf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_later_never_stands_further_left),
		cmocka_unit_test(test_waiting_is_drawn_shorter_than_it_lasts),
		cmocka_unit_test(test_one_moment_has_a_width),
	};
	return cmocka_run_group_tests_name("timeline/scale", tests, NULL, NULL);
}
