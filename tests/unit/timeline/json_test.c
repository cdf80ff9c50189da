#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "timeline/json.h"
#include "unit/timeline/drawn.h"

static void test_everything_of_the_model_is_there(void **state)
{
	(void)state;
	struct drawn drawn;
	story_make(&drawn.story);
	drawn_make(&drawn);
	assert_int_equal(sf_timeline_json(&drawn.timeline, &drawn.bytes), SF_OK);
	const struct sf_element *root = drawn_json(&drawn);
	assert_int_equal(sf_element_count(root, "lanes"), 3);
	assert_int_equal(sf_element_count(root, "responsibility"), 3);
	assert_int_equal(sf_element_count(root, "events"), 4);
	assert_int_equal(sf_element_count(root, "deadlines"), 1);
	assert_int_equal(sf_element_count(root, "gaps"), 2);
	assert_string_equal(sf_element_text(root, "state"), "shared");
	const struct sf_element *flag = sf_element_first(root, "deadlines");
	assert_string_equal(sf_element_text(flag, "clause"), "§ 7");
	assert_string_equal(sf_element_text(flag, "missed"), "true");
	const struct sf_element *gap = sf_element_first(root, "gaps");
	assert_string_equal(sf_element_text(gap, "kind"), "unaccepted");
	drawn_fini(&drawn);
}

static void test_band_that_stands_has_no_end(void **state)
{
	(void)state;
	struct drawn drawn;
	story_make(&drawn.story);
	drawn_make(&drawn);
	assert_int_equal(sf_timeline_json(&drawn.timeline, &drawn.bytes), SF_OK);
	const struct sf_element *band = sf_element_first(drawn_json(&drawn), "responsibility");
	const struct sf_element *until = sf_element_first(band, "until");
	assert_non_null(until);
	assert_int_equal(until->kind, SF_ELEMENT_NULL);
	drawn_fini(&drawn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_of_the_model_is_there),
		cmocka_unit_test(test_band_that_stands_has_no_end),
	};
	return cmocka_run_group_tests_name("timeline/json", tests, NULL, NULL);
}
