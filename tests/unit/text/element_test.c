#include "text/element.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct sf_arena arena;

static struct sf_element *text(struct sf_element *parent, const char *name, const char *value)
{
	return sf_element_add(&arena, parent, SF_ELEMENT_TEXT, name, value);
}

static void test_items_of_lists_and_repeated_members_look_the_same(void **state)
{
	(void)state;
	struct sf_element *root = sf_element_add(&arena, NULL, SF_ELEMENT_OBJECT, "", NULL);
	text(root, "a", "1");
	struct sf_element *list = sf_element_add(&arena, root, SF_ELEMENT_ARRAY, "a", NULL);
	text(list, "", "2");
	text(list, "", "3");
	text(root, "b", "x");
	text(root, "a", "4");
	struct sf_element_items items = sf_element_items(root, "a");
	static const char *const expected[] = {"1", "2", "3", "4"};
	for (size_t i = 0; i < SF_COUNT(expected); i++)
		assert_string_equal(sf_element_next(&items)->text, expected[i]);
	assert_null(sf_element_next(&items));
	assert_null(sf_element_next(&items));
	assert_int_equal(sf_element_count(root, "a"), 4);
	assert_null(sf_element_one(root, "a"));
	assert_string_equal(sf_element_text(root, "a"), "");
	assert_string_equal(sf_element_first(root, "a")->text, "1");
}

static void test_one_is_the_only_item(void **state)
{
	(void)state;
	struct sf_element *root = sf_element_add(&arena, NULL, SF_ELEMENT_OBJECT, "", NULL);
	struct sf_element *list = sf_element_add(&arena, root, SF_ELEMENT_ARRAY, "a", NULL);
	assert_null(sf_element_one(root, "a"));
	text(list, "", "1");
	assert_string_equal(sf_element_text(root, "a"), "1");
	sf_element_add(&arena, root, SF_ELEMENT_OBJECT, "o", NULL);
	assert_non_null(sf_element_one(root, "o"));
	assert_string_equal(sf_element_text(root, "o"), "");
}

static void test_nothing_has_no_items(void **state)
{
	(void)state;
	assert_int_equal(sf_element_count(NULL, "a"), 0);
	assert_null(sf_element_one(NULL, "a"));
	assert_string_equal(sf_element_text(NULL, "a"), "");
	struct sf_element *list = sf_element_add(&arena, NULL, SF_ELEMENT_ARRAY, "", NULL);
	text(list, "", "1");
	assert_int_equal(sf_element_count(list, ""), 0);
}

static void test_full_arena_adds_nothing(void **state)
{
	(void)state;
	struct sf_arena small;
	sf_arena_init(&small, 1);
	assert_null(sf_element_add(&small, NULL, SF_ELEMENT_OBJECT, "", NULL));
	sf_arena_fini(&small);
}

static int set_up(void **state)
{
	(void)state;
	sf_arena_init(&arena, 100000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_of_lists_and_repeated_members_look_the_same),
		cmocka_unit_test(test_one_is_the_only_item),
		cmocka_unit_test(test_nothing_has_no_items),
		cmocka_unit_test(test_full_arena_adds_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
