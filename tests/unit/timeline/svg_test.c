#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/fact.h"
#include "timeline/svg.h"
#include "unit/timeline/drawn.h"

static const char *words(void *context, const struct sf_event_row *event)
{
	(void)context;
	return sf_kind_text(event->kind);
}

static void draw(struct drawn *drawn)
{
	const struct sf_timeline_svg_options options = {sf_time_civil, words, NULL};
	drawn_make(drawn);
	assert_int_equal(
		sf_timeline_svg(&drawn->timeline, &options, &drawn->arena, &drawn->bytes), SF_OK);
}

static void test_lanes_bands_flags_and_gaps_are_drawn(void **state)
{
	(void)state;
	struct drawn drawn;
	story_make(&drawn.story);
	draw(&drawn);
	assert_int_equal(drawn_count(&drawn, "<circle"), 4);
	assert_int_equal(drawn_count(&drawn, "<title>medical held"), 1);
	assert_int_equal(drawn_count(&drawn, "<title>care held"), 2);
	assert_int_equal(drawn_count(&drawn, "fill=\"url(#gap)\""), 2);
	assert_true(drawn_has(&drawn, "acceptance due"));
	assert_true(drawn_has(&drawn, "role=\"img\""));
	assert_true(drawn_has(&drawn, "</svg>\n"));
	drawn_fini(&drawn);
}

/* A name is a text, whatever it says: it can neither end an element nor drive a viewer. */
static void test_names_cannot_draw(void **state)
{
	(void)state;
	struct drawn drawn;
	story_make(&drawn.story);
	drawn.story.members[1].name = "<script>alert(1)</script>\x1b[2J & \"co\"";
	draw(&drawn);
	assert_false(drawn_has(&drawn, "<script"));
	assert_true(drawn_has(&drawn, "&lt;script&gt;alert(1)"));
	assert_false(drawn_has(&drawn, "\x1b"));
	assert_false(drawn_has(&drawn, "& "));
	drawn_fini(&drawn);
}

static void test_long_name_is_cut_between_characters(void **state)
{
	(void)state;
	struct drawn drawn;
	story_make(&drawn.story);
	drawn.story.members[0].name = "Ærø Øster Åby Sygehus, Afdeling for Ålebøf og Rødgrød";
	draw(&drawn);
	assert_true(drawn_has(&drawn, "…"));
	assert_true(sf_utf8_valid(sf_buf_view(&drawn.bytes)));
	drawn_fini(&drawn);
}

static void test_small_buffer_is_said(void **state)
{
	(void)state;
	struct drawn drawn;
	story_make(&drawn.story);
	drawn_make(&drawn);
	struct sf_buf small;
	sf_buf_init(&small, 500);
	const struct sf_timeline_svg_options options = {sf_time_civil, words, NULL};
	assert_int_equal(
		sf_timeline_svg(&drawn.timeline, &options, &drawn.arena, &small), SF_ERR_LIMIT);
	sf_buf_fini(&small);
	drawn_fini(&drawn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lanes_bands_flags_and_gaps_are_drawn),
		cmocka_unit_test(test_names_cannot_draw),
		cmocka_unit_test(test_long_name_is_cut_between_characters),
		cmocka_unit_test(test_small_buffer_is_said),
	};
	return cmocka_run_group_tests_name("timeline/svg", tests, NULL, NULL);
}
