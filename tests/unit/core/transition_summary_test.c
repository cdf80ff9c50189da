#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene scene;
static struct sf_buf last, next;

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&scene, terms_book());
	terms_admit(&scene, true);
	sf_buf_init(&last, 1 << 20);
	sf_buf_init(&next, 1 << 20);
	assert_int_equal(sf_transition_summary(scene.transition, &last), SF_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sf_buf_fini(&last);
	sf_buf_fini(&next);
	scene_close(&scene);
	return 0;
}

/* Without its sequence, which counts every event: only what the event made is compared. */
static bool has_changed(void)
{
	sf_buf_clear(&next);
	assert_int_equal(sf_transition_summary(scene.transition, &next), SF_OK);
	bool changed =
		next.size != last.size || memcmp(next.data + 8, last.data + 8, last.size - 8) != 0;
	struct sf_buf swap = last;
	last = next;
	next = swap;
	return changed;
}

static void test_whatever_is_derived_changes_it(void **state)
{
	(void)state;
	assert_false(has_changed());
	terms_plan(&scene, 1, scene.now_ms + 4 * SF_DAY_MS);
	assert_true(has_changed());
	assert_true(scene_turn(&scene, scene.now_ms + 2 * SF_DAY_MS) > 0); /* the report is late */
	assert_true(has_changed());
	struct sf_id discharge = terms_discharge(&scene);
	assert_true(has_changed());
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_true(has_changed());
	terms_window(&scene, 'H', SF_WINDOW_EXTEND, scene.now_ms + 9 * SF_DAY_MS);
	assert_true(has_changed());
	/* What is only said changes nothing that anybody derives. */
	terms_letter(&scene, 'K', SF_LETTER_CORRESPONDENCE, SF_MARK_NONE);
	assert_false(has_changed());
}

static void test_it_grows_no_further_than_it_may(void **state)
{
	(void)state;
	struct sf_buf small;
	sf_buf_init(&small, 16);
	assert_int_equal(sf_transition_summary(scene.transition, &small), SF_ERR_LIMIT);
	sf_buf_fini(&small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whatever_is_derived_changes_it),
		TEST(test_it_grows_no_further_than_it_may),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
