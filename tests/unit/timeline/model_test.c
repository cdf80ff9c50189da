#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/deadline.h"
#include "core/refusal.h"
#include "timeline/model.h"
#include "unit/timeline/show.h"

struct world {
	struct story story;
	struct sf_arena arena;
	struct sf_timeline timeline;
};

static int setup(void **state)
{
	static struct world world;
	story_make(&world.story);
	sf_arena_init(&world.arena, 1u << 20);
	*state = &world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	sf_arena_fini(&world->arena);
	return 0;
}

static void make(struct world *world)
{
	assert_int_equal(sf_timeline_make(&world->story.show, world->story.show.as_of_ms,
				 &world->arena, &world->timeline),
		SF_OK);
}

static void test_lanes_are_parties_in_the_order_of_the_way(void **state)
{
	struct world *world = *state;
	make(world);
	assert_int_equal(world->timeline.lane_count, 3);
	assert_string_equal(world->timeline.lanes[0].name, "Nordby Sygehus");
	assert_string_equal(world->timeline.lanes[1].name, "Nordby & Omegn");
	assert_true(sf_id_is_none(world->timeline.lanes[2].party)); /* time: it gave event 3 */
	assert_int_equal(world->timeline.marks[2].lane, 2);
}

static void test_bands_follow_each_other_without_a_break(void **state)
{
	struct world *world = *state;
	make(world);
	assert_int_equal(world->timeline.band_count, 3);
	assert_true(world->timeline.bands[0].stands);
	assert_int_equal(world->timeline.bands[0].until_ms, world->timeline.until_ms);
	assert_int_equal(world->timeline.bands[1].until_ms, world->timeline.bands[2].from_ms);
	assert_int_equal(world->timeline.bands[2].lane, 1);
	assert_false(world->timeline.bands[1].stands);
}

static void test_what_was_told_late_or_not_as_agreed_is_marked(void **state)
{
	struct world *world = *state;
	make(world);
	assert_false(world->timeline.marks[0].late);
	assert_true(world->timeline.marks[1].late); /* two hours after it happened */
	assert_false(world->timeline.marks[1].deviates);
	assert_false(world->timeline.marks[2].late); /* time is never late */
	assert_true(world->timeline.marks[3].late);
	assert_int_equal(world->timeline.marks[3].code, SF_DEVIATION_LATE);
}

static void test_hours_between_two_chairs_are_a_gap(void **state)
{
	struct world *world = *state;
	make(world);
	assert_int_equal(world->timeline.gap_count, 2);
	const struct sf_timeline_gap *gap = &world->timeline.gaps[0];
	assert_int_equal(gap->kind, SF_TIMELINE_UNACCEPTED);
	assert_int_equal(gap->lane, 1);
	assert_int_equal(gap->from_ms, MORNING + 7 * HOUR);
	assert_int_equal(gap->until_ms, MORNING + 9 * HOUR);
	assert_int_equal(world->timeline.gaps[1].kind, SF_TIMELINE_UNMET);
	assert_int_equal(world->timeline.gaps[1].until_ms, MORNING + 9 * HOUR);
}

static void test_deadline_that_was_met_in_time_leaves_no_gap(void **state)
{
	struct world *world = *state;
	world->story.obligations[0].expired_ms = 0;
	world->story.obligations[0].since_ms = MORNING + 7 * HOUR + 1;
	make(world);
	assert_int_equal(world->timeline.flag_count, 1);
	assert_false(world->timeline.flags[0].missed);
	assert_int_equal(world->timeline.gap_count, 1);
}

static void test_open_deadline_stretches_the_picture(void **state)
{
	struct world *world = *state;
	world->story.obligations[0].open = true;
	world->story.obligations[0].expired_ms = 0;
	world->story.obligations[0].due_ms = MORNING + 50 * HOUR;
	make(world);
	assert_int_equal(world->timeline.until_ms, MORNING + 50 * HOUR);
	assert_true(world->timeline.flags[0].open);
	assert_false(world->timeline.flags[0].missed);
	world->story.obligations[0].due_ms = SF_NEVER_MS;
	make(world);
	assert_int_equal(world->timeline.flag_count, 0);
}

static void test_event_that_is_not_here_is_a_gap(void **state)
{
	struct world *world = *state;
	world->story.events[3].sequence = 6;
	make(world);
	const struct sf_timeline_gap *last = &world->timeline.gaps[world->timeline.gap_count - 1];
	assert_int_equal(last->kind, SF_TIMELINE_MISSING);
	assert_int_equal(last->from_ms, MORNING + 8 * HOUR);
}

static void test_silence_ends_with_the_next_word_of_a_party(void **state)
{
	struct world *world = *state;
	world->story.events[2].kind = SF_KIND_SILENT;
	make(world);
	const struct sf_timeline_gap *found = NULL;
	for (size_t i = 0; i < world->timeline.gap_count; i++)
		if (world->timeline.gaps[i].kind == SF_TIMELINE_SILENCE)
			found = &world->timeline.gaps[i];
	assert_non_null(found);
	assert_int_equal(found->until_ms, MORNING + 9 * HOUR);
}

static void test_too_little_memory_is_said(void **state)
{
	struct world *world = *state;
	struct sf_arena small;
	sf_arena_init(&small, 16);
	assert_int_equal(sf_timeline_make(&world->story.show, MORNING, &small, &world->timeline),
		SF_ERR_LIMIT);
	sf_arena_fini(&small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lanes_are_parties_in_the_order_of_the_way),
		TEST(test_bands_follow_each_other_without_a_break),
		TEST(test_what_was_told_late_or_not_as_agreed_is_marked),
		TEST(test_hours_between_two_chairs_are_a_gap),
		TEST(test_deadline_that_was_met_in_time_leaves_no_gap),
		TEST(test_open_deadline_stretches_the_picture),
		TEST(test_event_that_is_not_here_is_a_gap),
		TEST(test_silence_ends_with_the_next_word_of_a_party),
		TEST(test_too_little_memory_is_said),
	};
	return cmocka_run_group_tests_name("timeline/model", tests, NULL, NULL);
}
