#include "text/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static struct sf_arena arena;
static const struct sf_element *root;
static struct sf_diag diag;

static enum sf_err read_view(struct sf_view json)
{
	sf_arena_clear(&arena);
	root = NULL;
	diag.text[0] = '\0';
	return sf_json_read(json, &arena, &root, &diag);
}

static enum sf_err read_text(const char *json)
{
	return read_view(sf_view_text(json));
}

static void test_values_keep_kind_order_and_text(void **state)
{
	(void)state;
	assert_int_equal(
		read_text("\xEF\xBB\xBF {\"b\":\"x\\ny\",\"a\":[1,-2.50e+3,true,null],\"\":{}}"),
		SF_OK);
	assert_int_equal(root->kind, SF_ELEMENT_OBJECT);
	assert_string_equal(root->first->name, "b");
	assert_string_equal(root->first->text, "x\ny");
	assert_int_equal(root->first->kind, SF_ELEMENT_TEXT);
	const struct sf_element *list = root->first->next;
	assert_int_equal(list->kind, SF_ELEMENT_ARRAY);
	const struct sf_element *item = list->first;
	assert_int_equal(item->kind, SF_ELEMENT_NUMBER);
	assert_string_equal(item->text, "1");
	item = item->next;
	assert_string_equal(item->text, "-2.50e+3");
	item = item->next;
	assert_int_equal(item->kind, SF_ELEMENT_BOOL);
	assert_string_equal(item->text, "true");
	item = item->next;
	assert_int_equal(item->kind, SF_ELEMENT_NULL);
	assert_null(item->text);
	assert_null(item->next);
	assert_int_equal(list->next->kind, SF_ELEMENT_OBJECT);
	assert_null(list->next->next);
}

static void test_decimals_keep_their_digits(void **state)
{
	(void)state;
	assert_int_equal(read_text("[1.10,1e400,123456789012345678901234567890]"), SF_OK);
	assert_string_equal(root->first->text, "1.10");
	assert_string_equal(root->first->next->text, "1e400");
	assert_string_equal(root->first->next->next->text, "123456789012345678901234567890");
}

static void test_what_is_no_json_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", " ", "{", "}", "[", "[1", "[1,]", "{\"a\"}",
		"{\"a\":}", "{\"a\":1,}", "{a:1}", "[01]", "[1.]", "[.5]", "[-]", "[1e]", "[+1]",
		"[NaN]", "[1 2]", "[\"a]", "[\"\\x\"]", "{}{}", "{} x", "\"a\"", "1", "true",
		"{1:2}", "[tru]", "[\"\\u0001\"]", "[\"\\u0000\"]", "{\"\\u0001\":1}",
		"[\"\\ud800\"]", "[\"a\nb\"]", "// c\n[]"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		if (read_text(wrong[i]) != SF_ERR_FORMAT || root || diag.text[0] == '\0')
			fail_msg("case %zu is not refused as it should", i);
}

static void test_duplicate_keys_are_refused(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"a\":1,\n\"a\":2}"), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "line 2"));
	assert_non_null(strstr(diag.text, "twice"));
	assert_int_equal(read_text("{\"a\":1,\"\\u0061\":2}"), SF_ERR_FORMAT);
	assert_int_equal(read_text("[{\"a\":1},{\"a\":2}]"), SF_OK);
}

static void test_bad_utf8_is_refused_without_quoting(void **state)
{
	(void)state;
	static const char *const wrong[] = {"[\"secret\xff\"]", "[\"secret\xc3\"]",
		"[\"secret\xed\xa0\x80\"]", "[\"secret\xc0\x80\"]", "[\"secret\xf5\x80\x80\x80\"]"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_int_equal(read_text(wrong[i]), SF_ERR_FORMAT);
		assert_null(strstr(diag.text, "secret"));
	}
	assert_int_equal(read_text("[\"secret\" oops]"), SF_ERR_FORMAT);
	assert_null(strstr(diag.text, "secret"));
	assert_null(strstr(diag.text, "oops"));
	assert_int_equal(read_view(sf_view_of("[\"a\0b\"]", 7)), SF_ERR_FORMAT);
}

static struct sf_view repeat(struct sf_buf *buf, const char *head, const char *unit, size_t count,
	const char *tail, size_t tail_count)
{
	sf_buf_clear(buf);
	assert_int_equal(sf_buf_append_text(buf, head), SF_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(sf_buf_append_text(buf, unit), SF_OK);
	for (size_t i = 0; i < tail_count; i++)
		assert_int_equal(sf_buf_append_text(buf, tail), SF_OK);
	return sf_buf_view(buf);
}

static void test_depth_nodes_and_size_are_bounded(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_CLINICAL_SIZE_MAX);
	size_t depth = SF_TEXT_DEPTH_MAX;
	assert_int_equal(read_view(repeat(&buf, "", "[", depth, "]", depth)), SF_OK);
	depth++;
	assert_int_equal(read_view(repeat(&buf, "", "[", depth, "]", depth)), SF_ERR_LIMIT);
	assert_int_equal(read_view(repeat(&buf, "", "[", 900000, "]", 0)), SF_ERR_LIMIT);
	size_t commas = SF_TEXT_NODES_MAX - 1;
	assert_int_equal(read_view(repeat(&buf, "[1", ",1", commas, "]", 1)), SF_OK);
	assert_int_equal(read_view(repeat(&buf, "[1", ",1", commas + 1, "]", 1)), SF_ERR_LIMIT);
	assert_int_equal(
		read_view(repeat(&buf, "[]", " ", SF_CLINICAL_SIZE_MAX - 2, "", 0)), SF_OK);
	assert_int_equal(
		read_view(repeat(&buf, "[]", " ", SF_CLINICAL_SIZE_MAX - 1, "", 0)), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

static void test_small_arena_is_a_limit(void **state)
{
	(void)state;
	for (size_t size = 0; size < 300; size += 16) {
		struct sf_arena small;
		sf_arena_init(&small, size);
		const struct sf_element *small_root = NULL;
		assert_int_equal(sf_json_read(sf_view_text("{\"a\":[\"1\",\"2\",\"3\"]}"), &small,
					 &small_root, NULL),
			SF_ERR_LIMIT);
		sf_arena_fini(&small);
	}
}

static int set_up(void **state)
{
	(void)state;
	sf_arena_init(&arena, (size_t)64 * 1024 * 1024);
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
		cmocka_unit_test(test_values_keep_kind_order_and_text),
		cmocka_unit_test(test_decimals_keep_their_digits),
		cmocka_unit_test(test_what_is_no_json_is_refused),
		cmocka_unit_test(test_duplicate_keys_are_refused),
		cmocka_unit_test(test_bad_utf8_is_refused_without_quoting),
		cmocka_unit_test(test_depth_nodes_and_size_are_bounded),
		cmocka_unit_test(test_small_arena_is_a_limit),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
